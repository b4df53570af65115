// The filter of calls, as data. Not here: how it is evaluated (src/query/filter.rs).
import type { FinishStatus } from "../generated/codes.js";
import type { IntentLevel } from "../generated/statistics.js";

/** Both ends inclusive; one that is absent or `null` is no limit. */
export interface Bounds {
  /** The least that passes. */
  min?: number | null | undefined;
  /** The greatest that passes. */
  max?: number | null | undefined;
}

/**
 * From `from` up to but without `to`: epoch ms, a Date, Shanghai time as "2024-02-29" or "2024-02-29 09:30:00",
 * or a time with its offset, "2024-02-29T01:30:00Z".
 */
export interface TimeBounds {
  /** The first instant that passes; absent or `null` is no limit. */
  from?: string | number | Date | null | undefined;
  /** The first one after those that pass; absent or `null` is no limit. */
  to?: string | number | Date | null | undefined;
}

/** One of these, or any of several; `null` for the calls that have none. */
export type OneOrMore<T> = T | null | readonly (T | null)[];

/**
 * Which calls. Every key given must hold; an absent key, or one that is `undefined`, always holds, an empty
 * list never. `null`, alone or in a list, stands for the calls that have no value, or none that could be
 * read; without it those fail. So the `key` of a group that `groupBy` gives is a filter for its calls:
 * `{ finishStatus: key }`, `{ date: key }`, `{ results: [{ name, values: [key] }] }`.
 */
export interface CallFilter {
  /** The task. */
  callJobId?: OneOrMore<number> | undefined;
  /** The outcome. */
  finishStatus?: OneOrMore<FinishStatus> | undefined;
  /** The caller's line; the whole text. */
  callerPhone?: OneOrMore<string> | undefined;
  /** Seconds, from and to or exactly. */
  duration?: OneOrMore<number | Bounds> | undefined;
  /** Rounds, from and to or exactly. */
  chatRound?: OneOrMore<number | Bounds> | undefined;
  /** When it started. */
  startTime?: OneOrMore<TimeBounds> | undefined;
  /** Hours of `startTime` in Shanghai, 0–23. */
  hourOfDay?: OneOrMore<number> | undefined;
  /** Weekdays of `startTime` in Shanghai, 1 = Monday … 7 = Sunday. */
  weekday?: OneOrMore<number> | undefined;
  /** Days of `startTime` in Shanghai, "2024-02-29". */
  date?: OneOrMore<string> | undefined;
  /** Of any call, answered or not. */
  intentLevel?: OneOrMore<IntentLevel> | undefined;
  /** All of these names, any of each name's values; whole texts. `null`: calls without any result. */
  results?:
    | readonly {
        /** Of the result, 客户意向等级 for instance. */
        name: string;
        /** Any of these; `null` for calls without a result of that name. */
        values: readonly (string | null)[];
      }[]
    | null
    | undefined;
  /** Part of the customer's name or number, or one of these; A–Z in either case. `null`: calls with neither. */
  text?: OneOrMore<string> | undefined;
  /** Calls that do not pass this filter, also those that fail it for want of a value. */
  not?: CallFilter | undefined;
  /** Calls that pass at least one of these. */
  anyOf?: readonly CallFilter[] | undefined;
}
