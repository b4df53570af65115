// Options of the questions about a set of calls: dimensions, bins, order of rows, CSV.
import type { FinishStatus, Language } from "../generated/codes.js";
import type { DoneCall } from "../generated/models.js";
import type { IntentLevel } from "../generated/statistics.js";

/** Options of the statistics. */
export interface StatisticsOptions {
  /** The quantiles of the duration, each from 0 to 1. Default 0.5, 0.9, 0.95, 0.99. */
  quantiles?: readonly number[] | undefined;
  /** A call with more rounds than this is engaged. Default 3. */
  engagedRounds?: number | undefined;
  /** Statuses that the effective answer rate leaves out. Default 4, 5, 7, 12: 空号, 关机, 停机, 天盾拦截. */
  unusable?: readonly FinishStatus[] | undefined;
}

/**
 * A property by which calls are grouped. Hours, weekdays, dates and spans of time are those of `startTime` in Shanghai.
 */
export type Dimension =
  | "callJobId"
  | "jobName"
  | "sceneDefId"
  | "finishStatus"
  | "callerPhone"
  | "hourOfDay"
  | "weekday"
  | "date"
  | "intentLevel"
  | "chatRound"
  | {
      /** The length of the spans of time. The key is the first instant, epoch milliseconds; weeks begin on Monday. */
      time: "quarterHour" | "hour" | "day" | "week";
    }
  | {
      /** The name of a result, for example 客户意向等级. */
      result: string;
    }
  | {
      /** A key of the variables in `properties`. A value that is not a text is its JSON text. */
      property: string;
    };

/** One dimension, or an array of two or three: the groups then have an array of keys. */
export type Dimensions =
  Dimension | readonly [Dimension, Dimension] | readonly [Dimension, Dimension, Dimension];

/** The type of the keys of a dimension. `null`: the calls without a value. */
export type KeyOf<D extends Dimension> = D extends "intentLevel"
  ? IntentLevel | null
  : D extends TimeDimension
    ? number | null
    : D extends "callerPhone" | "jobName" | "date" | object
      ? string | null
      : number | null;

type TimeDimension = Extract<Dimension, Record<"time", unknown>>;

/** The type of the key of a group: of one dimension, or an array. */
export type KeysOf<D extends Dimensions> = D extends readonly Dimension[]
  ? { -readonly [Index in keyof D]: KeyOf<Extract<D[Index], Dimension>> }
  : D extends Dimension
    ? KeyOf<D>
    : never;

/** Options of groups. */
export interface GroupOptions {
  /**
   * `"key"`: by key, calls without a value last. `"calls"`: by the counted calls, most first. Default: by key; by the
   * calls of the whole set for `callerPhone`, `jobName`, results and properties, so that linked charts keep the order.
   */
  order?: "key" | "calls" | undefined;
  /** Only this many groups: those with the most calls of the whole set. Default all. */
  top?: number | undefined;
  /** The confidence level of `interval`, between 0 and 1. Default 0.95. */
  level?: number | undefined;
}

/** Options of a histogram. Without `edges` and `bins` it has 20 bins. */
export interface HistogramOptions {
  /** The edges of the bins, ascending. */
  edges?: readonly number[] | undefined;
  /** The number of bins of equal width from the least to the greatest value. */
  bins?: number | undefined;
  /** Counts only answered calls. Default `false`. */
  answeredOnly?: boolean | undefined;
}

/** A window of rows, and their order. */
export interface RowsOptions {
  /** The position of the first row. Default 0. */
  offset?: number | undefined;
  /** The greatest number of rows. Default all. */
  limit?: number | undefined;
  /** Any field but `extra`. Default: the order of arrival. Texts are sorted by code point, times by instant. */
  sortBy?: keyof DoneCall | undefined;
  /** The greatest first. Default `false`. */
  descending?: boolean | undefined;
}

/** Options of repeats. */
export interface RepeatsOptions {
  /** Milliseconds within which calls of one number are counted together. Default 86,400,000: 24 hours. */
  within?: number | undefined;
}

/** Options of CSV. */
export interface CsvOptions {
  /** The language of the header and of the codes. Default "zh". */
  language?: Language | undefined;
  /** Masks the middle of customers' numbers in every column: "138****1234". Default `false`. */
  maskPhones?: boolean | undefined;
  /** Begins with a byte order mark; Excel needs it to read Chinese. Default `false`. */
  bom?: boolean | undefined;
  /**
   * The columns in their order. Default: every field, the intent level after the results, `extra` last.
   *
   * ```ts
   * table.toCSV({ columns: ["customerTelephone", { field: "duration", title: "秒" }, { result: "客户关注点" }] });
   * ```
   */
  columns?: readonly CsvColumn[] | undefined;
  /**
   * Keeps digits that a spreadsheet would change, as `="057188880000"`: with a leading 0 or +, or more than 11 of them.
   * For people with a spreadsheet; a program reads the formula as it is. Default `false`.
   */
  forSpreadsheet?: boolean | undefined;
}

/** A field of a call in CSV. The times as epoch milliseconds are not among them. */
export type CsvField = Exclude<keyof DoneCall, `${string}Ms`> | "intentLevel";

/** A column of CSV: a field, or the value of the first result of a name. */
export type CsvColumn =
  | CsvField
  | {
      /** The field. */
      field: CsvField;
      /** The title. Default: the title of the field in the language of the file. */
      title?: string | undefined;
    }
  | {
      /** The name of a result, for example 客户意向等级. */
      result: string;
      /** The title. Default: the name of the result. */
      title?: string | undefined;
    };
