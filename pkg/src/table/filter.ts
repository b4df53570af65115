// The filter of calls, as data. Not here: how it is evaluated (src/compute/filter.rs).
import type { FinishStatus } from "../generated/codes.js";
import type { IntentLevel } from "../generated/statistics.js";

/** A range with its ends, except `below`. An end that is absent or `null` is no limit. */
export interface Bounds {
  /** The least value that passes. */
  min?: number | null | undefined;
  /** The greatest value that passes. */
  max?: number | null | undefined;
  /** The least value that no longer passes, as the upper edge of a bin. */
  below?: number | null | undefined;
}

/**
 * A range of time: `from` is included, `to` is not. An end is epoch milliseconds, a Date, Shanghai time as
 * "2024-02-29" or "2024-02-29 09:30:00", or a time with its offset, "2024-02-29T01:30:00Z".
 */
export interface TimeBounds {
  /** The first instant that passes. Absent or `null`: no limit. */
  from?: string | number | Date | null | undefined;
  /** The first instant that no longer passes. Absent or `null`: no limit. */
  to?: string | number | Date | null | undefined;
}

/** One value, or a list of values of which any passes. `null`: the calls without a value. */
export type OneOrMore<T> = T | null | readonly (T | null)[];

/**
 * A filter of calls. A call passes if all keys hold. A key that is absent or `undefined` always holds; an empty list
 * never does. `null`, alone or in a list, means the calls without a value, or with an unreadable one; without `null`
 * these calls fail. So the `key` of a group of `groupBy` is the filter for its calls: `{ finishStatus: key }`,
 * `{ date: key }`, `{ results: [{ name, values: [key] }] }`.
 */
export interface CallFilter {
  /** The task's id. */
  callJobId?: OneOrMore<number> | undefined;
  /** The task's name, as the whole text. */
  jobName?: OneOrMore<string> | undefined;
  /** The scene's id. */
  sceneDefId?: OneOrMore<number> | undefined;
  /** How the call ended. */
  finishStatus?: OneOrMore<FinishStatus> | undefined;
  /** The caller's line, as the whole text. */
  callerPhone?: OneOrMore<string> | undefined;
  /** Seconds, exact or a range. */
  duration?: OneOrMore<number | Bounds> | undefined;
  /** Chat rounds, exact or a range. */
  chatRound?: OneOrMore<number | Bounds> | undefined;
  /** The start of the call. */
  startTime?: OneOrMore<TimeBounds> | undefined;
  /** Hours of `startTime` in Shanghai, 0–23. */
  hourOfDay?: OneOrMore<number> | undefined;
  /** Weekdays of `startTime` in Shanghai, 1 = Monday … 7 = Sunday. */
  weekday?: OneOrMore<number> | undefined;
  /** Days of `startTime` in Shanghai, "2024-02-29". */
  date?: OneOrMore<string> | undefined;
  /** The intent level; calls that were not answered may have one, too. */
  intentLevel?: OneOrMore<IntentLevel> | undefined;
  /** Results: every name must hold, with any of its values, as whole texts. `null`: calls without any result. */
  results?:
    | readonly {
        /** The name of the result, for example 客户意向等级. */
        name: string;
        /** Values of which any passes. `null`: calls without a result of that name. */
        values: readonly (string | null)[];
      }[]
    | null
    | undefined;
  /** Variables of the script in `properties`: every name must hold, with any of its values, as whole texts. */
  properties?:
    | readonly {
        /** The key of the variable. */
        name: string;
        /** Values of which any passes; a value that is not a text as its JSON text. `null`: calls without the key. */
        values: readonly (string | null)[];
      }[]
    | undefined;
  /** A part of the customer's name or number; A–Z and a–z are equal. `null`: calls with neither. */
  text?: OneOrMore<string> | undefined;
  /** The calls that fail this filter, also those that fail it because they have no value. */
  not?: CallFilter | undefined;
  /** The calls that pass at least one of these filters. */
  anyOf?: readonly CallFilter[] | undefined;
}
