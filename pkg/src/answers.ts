// Answers about calls as an application sees them, made of the numbers that cross the edge. The other
// side is `src/wasm/questions.rs`; the order of the numbers is the agreement between the two.
import type { FinishStatus } from "./models.js";

/** How interested a customer is, A most; the letter that the vendor's vocabularies share. */
export type IntentLevel = "A" | "B" | "C" | "D" | "E" | "F";

/**
 * Statistics of a set of calls. Every rate is a fraction from 0 to 1, `null` when its denominator is 0.
 * Calls whose field is absent or unreadable count neither in its numerator nor in its denominator.
 * `explain` says what each number means.
 */
export interface CallStatistics {
  /** 外呼量: calls, one for each called number. */
  calls: number;
  /** 接通量: calls with `finishStatus` 0. */
  answered: number;
  /** 接通率: answered by calls; `null`: no calls. */
  answerRate: number | null;
  /** 有效接通率: answered by calls but those of unusable numbers (空号, 关机, 停机, 天盾拦截). */
  effectiveAnswerRate: number | null;
  /** 状态分布: every status that occurs, by code; `null`, for none, last. */
  byFinishStatus: {
    /** The vendor's code; `null`: none was sent, or none that can be read. */
    code: FinishStatus | null;
    /** Calls that have it. */
    calls: number;
  }[];
  /** 通话总时长: Σ duration over answered calls, seconds. */
  talkSeconds: number;
  /** 计费分钟: Σ ⌈duration / 60⌉ over answered calls. */
  billableMinutes: number;
  /** 平均通话时长: seconds, over answered calls that have a duration. */
  meanDuration: number | null;
  /** 时长分位数: over the same, exact, interpolated between order statistics. Empty where there are none. */
  durationQuantiles: {
    /** From 0 to 1, as asked for. */
    q: number;
    /** So long, or shorter, was that share of the calls. */
    seconds: number;
  }[];
  /** 短通话占比: below 10 seconds, of the same. */
  shortCallRate: number | null;
  /** 长通话占比: 60 seconds and more, of the same. */
  longCallRate: number | null;
  /** 平均轮次: over answered calls that have `chatRound`. */
  meanRounds: number | null;
  /** 有效对话率: more than `engagedRounds`, of the same. */
  engagedRate: number | null;
  /** 意向分布: answered calls of every level that occurs; `null`, for none, last. */
  intent: {
    /** The letter; `null`: the call has no level. */
    level: IntentLevel | null;
    /** Answered calls that have it. */
    calls: number;
  }[];
  /** AB意向率: levels A and B by answered calls. */
  intentRate: number | null;
  /** Least `startTimeMs`, epoch milliseconds; `null`: no call has one. */
  firstStartMs: number | null;
  /** Greatest `startTimeMs`, epoch milliseconds; `null`: no call has one. */
  lastStartMs: number | null;
  /** Calls whose field was sent but could not be read. */
  unreadable: {
    /** Calls whose `duration` could not be read. */
    duration: number;
    /** Calls whose `startTime` could not be read. */
    startTime: number;
    /** Calls whose `finishStatus` could not be read. */
    finishStatus: number;
  };
}

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

const levels: (IntentLevel | null)[] = [null, "A", "B", "C", "D", "E", "F"];

const orNull = (number: number): number | null => (Number.isNaN(number) ? null : number);

/** @internal */
export function statisticsOf(numbers: Float64Array): CallStatistics {
  let at = 0;
  const next = (): number => numbers[at++] ?? NaN;
  const pairs = <T>(make: (one: number, other: number) => T): T[] =>
    Array.from({ length: next() }, () => make(next(), next()));
  const calls = next();
  const answered = next();
  const answerRate = orNull(next());
  const effectiveAnswerRate = orNull(next());
  const talkSeconds = next();
  const billableMinutes = next();
  const meanDuration = orNull(next());
  const shortCallRate = orNull(next());
  const longCallRate = orNull(next());
  const meanRounds = orNull(next());
  const engagedRate = orNull(next());
  const intentRate = orNull(next());
  const firstStartMs = orNull(next());
  const lastStartMs = orNull(next());
  const unreadable = { duration: next(), startTime: next(), finishStatus: next() };
  const byFinishStatus = pairs((code, calls) => ({ code: orNull(code), calls }));
  const durationQuantiles = pairs((q, seconds) => ({ q, seconds }));
  const intent = pairs((level, calls) => ({ level: levels[level] ?? null, calls }));
  return {
    calls,
    answered,
    answerRate,
    effectiveAnswerRate,
    byFinishStatus,
    talkSeconds,
    billableMinutes,
    meanDuration,
    durationQuantiles,
    shortCallRate,
    longCallRate,
    meanRounds,
    engagedRate,
    intent,
    intentRate,
    firstStartMs,
    lastStartMs,
    unreadable,
  };
}

/** @internal */
export function groupsOf<Key>([keys, numbers]: [Key[], Float64Array]): Group<Key>[] {
  return keys.map((key, index) => {
    const number = (field: number): number => numbers[index * 7 + field] ?? NaN;
    const low = orNull(number(3));
    return {
      key,
      calls: number(0),
      answered: number(1),
      answerRate: orNull(number(2)),
      interval: low === null ? null : [low, number(4)],
      talkSeconds: number(5),
      meanDuration: orNull(number(6)),
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
