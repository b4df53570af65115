// Options of the questions about a set of calls: dimensions, bins, order of rows, CSV.
import type { FinishStatus, Language } from "../generated/codes.js";
import type { DoneCall } from "../generated/models.js";
import type { IntentLevel } from "../generated/statistics.js";

/** What the statistics may be told. */
export interface StatisticsOptions {
  /** Each from 0 to 1. Default 0.5, 0.9, 0.95, 0.99. */
  quantiles?: number[] | undefined;
  /** A call is engaged with more rounds than this. Default 3. */
  engagedRounds?: number | undefined;
  /** Statuses left out of the effective answer rate. Default 4, 5, 7, 12: 空号, 关机, 停机, 天盾拦截. */
  unusable?: FinishStatus[] | undefined;
}

/**
 * By what calls are grouped. Hours, weekdays and dates are those of `startTime` in Shanghai; a result
 * is taken by its name.
 */
export type Dimension =
  | "callJobId"
  | "finishStatus"
  | "callerPhone"
  | "hourOfDay"
  | "weekday"
  | "date"
  | "intentLevel"
  | "chatRound"
  | {
      /** Name of a result, 客户意向等级 for instance. */
      result: string;
    };

/** What tells the groups of a dimension apart; `null` for the calls that have none. */
export type KeyOf<D extends Dimension> = D extends "intentLevel"
  ? IntentLevel | null
  : D extends "callerPhone" | "date" | object
    ? string | null
    : number | null;

/** How a histogram is cut; 20 bins without either. */
export interface HistogramOptions {
  /** Where bins begin and end, rising. */
  edges?: number[] | undefined;
  /** So many bins of equal width over the values there are. */
  bins?: number | undefined;
  /** Answered calls only. Default all. */
  answeredOnly?: boolean | undefined;
}

/** Which rows, in which order. */
export interface RowsOptions {
  /** Default 0. */
  offset?: number | undefined;
  /** Default all. */
  limit?: number | undefined;
  /** Any field but `extra`; default: as first seen. Texts are sorted by code point, times by their instant. */
  sortBy?: keyof DoneCall | undefined;
  /** Greatest first. Default not. */
  descending?: boolean | undefined;
}

/** How calls are written as CSV. */
export interface CsvOptions {
  /** Of the header and of codes. Default "zh". */
  language?: Language | undefined;
  /** Takes the middle out of customers' numbers, wherever they stand: "138****1234". Default not. */
  maskPhones?: boolean | undefined;
  /** Begins with a byte order mark, without which Excel does not read Chinese. Default not. */
  bom?: boolean | undefined;
}
