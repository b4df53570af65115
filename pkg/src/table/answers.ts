// Answers about calls as an application sees them, made of the numbers that cross the edge in the order of
// src/schema/metrics.rs. The other side is src/wasm/questions.rs.
<<<<<<< HEAD:pkg/src/answers.ts
import { groupNumbers, groupWidth, orNull } from "./generated/statistics.js";
=======
import {
  type CallStatistics,
  groupOrder,
  levels,
  statisticsOrder,
  unreadableOrder,
} from "../generated/statistics.js";
>>>>>>> 3ea7537 (pkg: rooms for entry points, client, table, module, words, sandbox and command line; moves only):pkg/src/table/answers.ts

/** The calls of one key. */
export interface Group<Key = number | string | null> {
  /** `null` for calls without one. In a `CallFilter` it stands for these calls. */
  key: Key;
  /** Calls of this key. */
  calls: number;
  /** Those with `finishStatus` 0. */
  answered: number;
  /** Answered by calls, 0 to 1. */
  answerRate: number | null;
  /** 95 % Wilson score interval of `answerRate`. */
  interval: [number, number] | null;
  /** Σ duration over answered calls, seconds. */
  talkSeconds: number;
  /** Seconds, over answered calls that have a duration. */
  meanDuration: number | null;
}

/** Calls by a value. */
export interface Histogram {
  /** One more than bins. Bin i holds edges[i] ≤ x < edges[i + 1]; the last holds its upper edge, too. */
  edges: Float64Array;
  /** Calls in each bin. */
  counts: Uint32Array;
  /** Calls whose value lies in no bin. Calls without a value are in neither. */
  outside: number;
}

/** Calls by weekday and hour in Shanghai: 7 × 24 counts, Monday first, one day after the other. */
export interface Heatmap {
  /** All calls, by `startTime`. */
  calls: Uint32Array;
  /** Answered calls; their `startTime` is the moment of answer. */
  answered: Uint32Array;
}

/** @internal */
export function groupsOf<Key>([keys, numbers]: [Key[], Float64Array]): Group<Key>[] {
  return keys.map((key, index) => {
    const number = (at: number): number => numbers[index * groupWidth + at] ?? NaN;
    const low = orNull(number(groupNumbers.intervalLow));
    return {
      key,
      calls: number(groupNumbers.calls),
      answered: number(groupNumbers.answered),
      answerRate: orNull(number(groupNumbers.answerRate)),
      interval: low === null ? null : [low, number(groupNumbers.intervalHigh)],
      talkSeconds: number(groupNumbers.talkSeconds),
      meanDuration: orNull(number(groupNumbers.meanDuration)),
    };
  });
}

/** @internal */
export function histogramOf(
  [edges, counts, outside]: [Float64Array, Uint32Array, number], //
): Histogram {
  return { edges, counts, outside };
}

/** @internal */
export function heatmapOf([calls, answered]: [Uint32Array, Uint32Array]): Heatmap {
  return { calls, answered };
}
