// Answers about calls as an application sees them, made of the numbers that cross the edge in the order of
// src/schema/metrics.rs. The other side is src/wasm/questions.rs.
import {
  type CallStatistics,
  groupOrder,
  levels,
  statisticsOrder,
  unreadableOrder,
} from "./generated/statistics.js";

export type { CallStatistics, IntentLevel } from "./generated/statistics.js";

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

const orNull = (number: number): number | null => (Number.isNaN(number) ? null : number);

/** @internal */
export function statisticsOf(numbers: Float64Array): CallStatistics {
  let at = 0;
  const next = (): number => numbers[at++] ?? NaN;
  const pairs = <T>(make: (one: number, other: number) => T): T[] =>
    Array.from({ length: next() }, () => make(next(), next()));
  const read: Record<(typeof statisticsOrder)[number][1], () => unknown> = {
    number: next,
    numberOrNull: () => orNull(next()),
    byCode: () => pairs((code, calls) => ({ code: orNull(code), calls })),
    quantiles: () => pairs((q, seconds) => ({ q, seconds })),
    byLevel: () => pairs((level, calls) => ({ level: levels[level] ?? null, calls })),
    byField: () => Object.fromEntries(unreadableOrder.map((field) => [field, next()])),
  };
  const statistics = statisticsOrder.map(([name, measure]) => [name, read[measure]()]);
  return Object.fromEntries(statistics) as CallStatistics;
}

/** @internal */
export function groupsOf<Key>([keys, numbers]: [Key[], Float64Array]): Group<Key>[] {
  let at = 0;
  return keys.map((key) => {
    const named = Object.fromEntries(groupOrder.map((name) => [name, numbers[at++] ?? NaN]));
    const { calls, answered, answerRate, intervalLow, intervalHigh, talkSeconds, meanDuration } =
      named as Record<(typeof groupOrder)[number], number>;
    const low = orNull(intervalLow);
    return {
      key,
      calls,
      answered,
      answerRate: orNull(answerRate),
      interval: low === null ? null : [low, intervalHigh],
      talkSeconds,
      meanDuration: orNull(meanDuration),
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
