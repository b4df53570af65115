/// <reference lib="esnext.disposable" preserve="true" />
// A set of calls and the questions it answers, as types. Not here: the options of the questions (options.ts,
// filter.ts), the results (charts.ts), the code (call-questions.ts).
import type {
  BrushOf,
  ChartResult,
  ChartSpec,
  Group,
  Heatmap,
  Histogram,
  Round,
} from "./charts.js";
import type { CallFilter } from "./filter.js";
import type {
  CsvOptions,
  Dimension,
  Dimensions,
  GroupOptions,
  HistogramOptions,
  KeyOf,
  KeysOf,
  RepeatsOptions,
  RowsOptions,
  StatisticsOptions,
} from "./options.js";
import type { DoneCall } from "../generated/models.js";
import type { CallStatistics } from "../generated/statistics.js";

/** How often numbers were called within a time. */
export interface Repeats {
  /** How many numbers had this many calls within the time, by number of calls. */
  numbers: {
    /** The most calls of a number within the time. */
    calls: number;
    /** How many numbers had them. */
    numbers: number;
  }[];
  /** Calls without a readable start, without a number, or with a masked one. */
  leftOut: number;
}

/** A group beside its peers. */
export interface ExpectedRate<Key = number | string | null> {
  /** The key of the group, as `groupBy` has it. */
  key: Key;
  /** Calls of the group. */
  calls: number;
  /** Answered calls of the group. */
  answered: number;
  /** `answered` ÷ `calls`, 0 to 1. */
  answerRate: number;
  /**
   * The answer rate of the peers, weighted as the group's calls lie in the strata; only strata with peers count.
   * `null`: no stratum of the group has peers.
   */
  expectedRate: number | null;
  /** The share of the group's calls that lie in strata with peers, 0 to 1. */
  coverage: number;
}

/** A set of calls: a whole table, or the calls of it that pass a filter. Sets share rows and copy none. */
export interface CallSet {
  /** The number of calls. */
  readonly length: number;
  /**
   * The calls of this set that pass a filter, as a view.
   *
   * ```ts
   * using long = table.where({ finishStatus: FinishStatus.Answered, duration: { min: 60 } });
   * ```
   * @throws {ByrobotError} `invalid_argument`; `path` names the key.
   */
  where(filter: CallFilter): CallView;
  /**
   * The statistics of the calls. `explain` says what each number means.
   *
   * ```ts
   * const { calls, answerRate, durationQuantiles } = table.statistics({ quantiles: [0.5, 0.95] });
   * ```
   * @throws {ByrobotError} `invalid_argument`; `path` names the option.
   */
  statistics(options?: StatisticsOptions): CallStatistics;
  /**
   * The calls grouped by a dimension, or by two or three. Groups are ordered by key, `null` last; those of
   * `callerPhone`, `jobName`, results and properties by their calls, most first; `order` and `top` change this.
   *
   * ```ts
   * const [first] = table.groupBy("date");
   * const calls = first && table.where({ date: first.key }); // `first.calls` of them
   * for (const { key: [line, hour], answerRate } of table.groupBy(["callerPhone", "hourOfDay"])) {
   *   console.log(line, hour, answerRate);
   * }
   * ```
   * @throws {ByrobotError} `invalid_argument` for an unknown dimension or option.
   */
  groupBy<const D extends Dimensions>(dimension: D, options?: GroupOptions): Group<KeysOf<D>>[];
  /**
   * The distribution of the calls over duration in seconds, or over chat rounds.
   *
   * ```ts
   * const { edges, counts } = table.histogram("duration", { edges: [0, 10, 30, 60, 120, 600] });
   * ```
   * @throws {ByrobotError} `invalid_argument`, for example for edges that do not ascend.
   */
  histogram(column: "duration" | "chatRound", options?: HistogramOptions): Histogram;
  /**
   * The calls by weekday and hour in Shanghai.
   *
   * ```ts
   * const { calls, answered } = table.heatmap();
   * const mondayAt9 = 0 * 24 + 9;
   * console.log(`${answered[mondayAt9]} of ${calls[mondayAt9]}`);
   * ```
   */
  heatmap(): Heatmap;
  /**
   * The rounds at which answered calls end, from the first one to the last one with an end. Calls without a readable
   * `chatRound` are left out. Rounds beyond 1000 are not listed; their calls count as calls that go on.
   *
   * ```ts
   * const rounds = table.roundSurvival();
   * const worst = rounds.reduce((one, other) => (other.hazard > one.hazard ? other : one));
   * ```
   */
  roundSurvival(): Round[];
  /**
   * For each number of a customer the most calls that start within 24 hours, or within another time. `numbers` lists
   * how many numbers had 1, 2, … calls. A row is a called number of a task in its last state, so attempts of the same
   * task are not seen. Calls without a start, without a number or with a masked one are left out.
   *
   * ```ts
   * const { numbers, leftOut } = table.repeats({ within: 7 * 86_400_000 });
   * const more = numbers.filter(({ calls }) => calls > 3);
   * ```
   * @throws {ByrobotError} `invalid_argument`; `path` names the option.
   */
  repeats(options?: RepeatsOptions): Repeats;
  /**
   * The answer rate of each group beside the rate that its peers, the other groups, have in the same strata: a line
   * beside the other lines on the same tasks and days. A line is not blamed for a bad list.
   *
   * ```ts
   * for (const line of table.expectedRates("callerPhone", ["callJobId", "date"])) {
   *   console.log(line.key, line.answerRate, line.expectedRate, line.coverage);
   * }
   * ```
   * @param dimension The groups.
   * @param strata One or two dimensions.
   * @throws {ByrobotError} `invalid_argument` for an unknown dimension.
   */
  expectedRates<const D extends Dimension>(
    dimension: D,
    strata: Dimension | readonly [Dimension] | readonly [Dimension, Dimension],
  ): ExpectedRate<KeyOf<D>>[];
  /**
   * Charts that filter each other: each shows the calls that pass every filter but its own. Those of a table include
   * calls that the table gets later.
   *
   * ```ts
   * const charts = table.linked({
   *   length: { histogram: "duration", edges: [0, 10, 30, 60, 120, 600] },
   *   hours: { groupBy: "hourOfDay" },
   *   all: { statistics: true },
   * });
   * charts.brush("length", [30, 60]); // on every move of the mouse
   * const { hours, all } = charts.read();
   * const page = charts.rows({ limit: 50, sortBy: "startTime", descending: true });
   * ```
   * @throws {ByrobotError} `invalid_argument` for an invalid chart; `path` names it.
   */
  linked<const T extends Record<string, ChartSpec>>(charts: T): LinkedCharts<T>;
  /**
   * A window of the calls, sorted. The sort is stable; calls without a value come last in both directions. The set
   * keeps the order, so that the next window costs little.
   *
   * ```ts
   * const longest = table.rows({ limit: 50, sortBy: "duration", descending: true });
   * ```
   * @throws {ByrobotError} `invalid_argument`; `path` names the option.
   */
  rows(options?: RowsOptions): DoneCall[];
  /**
   * The calls as CSV, with codes in words. A cell that a spreadsheet would read as a formula gets an apostrophe in
   * front. For a large table use `toCSVStream`.
   */
  toCSV(options?: CsvOptions): string;
  /**
   * The calls as CSV in a stream of UTF-8, written while it is read.
   *
   * ```ts
   * const file = await new Response(table.toCSVStream({ bom: true })).blob();
   * ```
   */
  toCSVStream(options?: CsvOptions): ReadableStream<Uint8Array>;
  /**
   * The calls as an Arrow IPC stream with typed columns, for DuckDB and other engines: times are timestamps in
   * Shanghai, repeated texts are dictionaries, results are a list.
   */
  toArrowIPC(): Uint8Array;
}

/**
 * The calls that a set had when the view was made, as they were then. Later changes of the table have no effect on it;
 * make a new view to see them. It holds memory until it is freed.
 */
export interface CallView extends CallSet {
  /** Frees the memory; the view cannot be used any more. The garbage collector frees forgotten views. */
  free(): void;
  /** `free()` for `using`. */
  [Symbol.dispose](): void;
}

/** Charts of one table or view; the filter of each applies to all others. */
export interface LinkedCharts<T extends Record<string, ChartSpec> = Record<string, ChartSpec>> {
  /** The number of calls that pass all filters. */
  readonly length: number;
  /**
   * Sets the filter of a chart; `null` removes it.
   *
   * @throws {ByrobotError} `invalid_argument` for an unknown chart or an invalid filter.
   */
  filter(chart: keyof T & string, filter: CallFilter | null): void;
  /**
   * Sets the filter of a chart to the calls of some of its bars; `null` removes it. A histogram's brush has the meaning of
   * its bins: `from` is included, `to` only if it is the last edge. So the calls that pass are those that the bars count.
   *
   * ```ts
   * const charts = table.linked({
   *   length: { histogram: "duration", edges: [0, 10, 30, 60, 120, 600] },
   *   hours: { groupBy: "hourOfDay" },
   * });
   * charts.brush("length", [30, 120]); // the bars from 30 to 60 and from 60 to 120
   * charts.brush("hours", [9, 10, 14]);
   * charts.brush("hours", null);
   * ```
   * @throws {ByrobotError} `invalid_argument` for an unknown chart, for statistics, and for an invalid brush.
   */
  brush<Name extends keyof T & string>(chart: Name, brush: BrushOf<T[Name]> | null): void;
  /**
   * The results of all charts, with the calls that the table has now. Groups stay when no call of theirs passes: they
   * then have 0 calls. So an axis of categories does not jump.
   */
  read(): { [Name in keyof T]: ChartResult<T[Name]> };
  /** The calls that pass all filters now, as a view, for an export or further questions. */
  view(): CallView;
  /**
   * A window of the calls that pass all filters, as `rows` of a table. The charts keep the order, so that a moved
   * brush costs no sort.
   *
   * @throws {ByrobotError} `invalid_argument`; `path` names the option.
   */
  rows(options?: RowsOptions): DoneCall[];
  /** Frees the memory. */
  free(): void;
  /** `free()` for `using`. */
  [Symbol.dispose](): void;
}
