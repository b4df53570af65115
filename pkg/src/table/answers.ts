// Answers about sets of calls, decoded from the numbers that cross the edge in the order of src/schema/metrics.rs.
// src/wasm/questions.rs writes them.
import { groupNumbers, groupWidth, orNull } from "../generated/statistics.js";

/** The calls with one key of a dimension. */
export interface Group<Key = number | string | null> {
  /** `null`: calls without a value. The key is a filter value for these calls, see `CallFilter`. */
  key: Key;
  /** Calls with this key. */
  calls: number;
  /** Calls with `finishStatus` 0. */
  answered: number;
  /** `answered` ÷ `calls`, 0 to 1; `null` without calls. */
  answerRate: number | null;
  /** 95 % Wilson score interval of `answerRate`; `null` without calls. */
  interval: [number, number] | null;
  /** Σ duration over answered calls, seconds. */
  talkSeconds: number;
  /** Mean duration of the answered calls that have one, seconds; `null` without such calls. */
  meanDuration: number | null;
}

/** The distribution of calls over the values of a column. */
export interface Histogram {
  /** The edges of the bins. Bin i has edges[i] ≤ x < edges[i + 1]; the last bin includes its upper edge. */
  edges: Float64Array;
  /** Calls in each bin. */
  counts: Uint32Array;
  /** Calls whose value is in no bin. Calls without a value are not counted. */
  outside: number;
}

/** Calls by weekday and hour in Shanghai: 7 × 24 counts, day by day from Monday, each from hour 0. */
export interface Heatmap {
  /** All calls, by `startTime`. */
  calls: Uint32Array;
  /** Answered calls; their `startTime` is the time of the answer. */
  answered: Uint32Array;
}

/** The groups from their keys and numbers. @internal */
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

/** The histogram from its numbers. @internal */
export function histogramOf(
  [edges, counts, outside]: [Float64Array, Uint32Array, number], //
): Histogram {
  return { edges, counts, outside };
}

/** The heatmap from its numbers. @internal */
export function heatmapOf([calls, answered]: [Uint32Array, Uint32Array]): Heatmap {
  return { calls, answered };
}
