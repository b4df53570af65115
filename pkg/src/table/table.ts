/// <reference lib="esnext.disposable" preserve="true" />
// Tables of calls as an application sees them. The work is done in Rust, `src/table` and `src/query`.
import {
  type CallStatistics,
  type Group,
  groupsOf,
  type Heatmap,
  heatmapOf,
  type Histogram,
  histogramOf,
  type IntentLevel,
} from "./answers.js";
import { statisticsOf } from "./generated/statistics.js";
import type * as glue from "#glue";
import { invalidArgument, outOfMemory } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";
import { instance } from "../wasm/instance.js";
import type { FinishStatus, Language } from "../generated/codes.js";
import type { DoneCall } from "../generated/models.js";

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

/** A set of calls: a whole table, or what a filter left of it. Rows are shared, never copied. */
export interface CallSet {
  /** Calls in it. */
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
   * The statistics of its calls. `explain` says what each number means.
   *
   * ```ts
   * const { calls, answerRate, durationQuantiles } = table.statistics({ quantiles: [0.5, 0.95] });
   * ```
   * @throws {ByrobotError} `invalid_argument`; `path` names the option.
   */
  statistics(options?: StatisticsOptions): CallStatistics;
  /**
   * Its calls by a dimension, ordered by key, `null` last; `callerPhone` and results by calls, most first.
   *
   * ```ts
   * const [first] = table.groupBy("date");
   * const calls = first && table.where({ date: first.key }); // `first.calls` of them
   * ```
   * @throws {ByrobotError} `invalid_argument` for a dimension there is not.
   */
  groupBy<D extends Dimension>(dimension: D): Group<KeyOf<D>>[];
  /**
   * Its calls by duration in seconds, or by rounds.
   *
   * ```ts
   * const { edges, counts } = table.histogram("duration", { edges: [0, 10, 30, 60, 120, 600] });
   * ```
   * @throws {ByrobotError} `invalid_argument`, for edges that do not rise for instance.
   */
  histogram(column: "duration" | "chatRound", options?: HistogramOptions): Histogram;
  /**
   * Its calls by weekday and hour in Shanghai.
   *
   * ```ts
   * const { calls, answered } = table.heatmap();
   * const mondayAt9 = 0 * 24 + 9;
   * console.log(`${answered[mondayAt9]} of ${calls[mondayAt9]}`);
   * ```
   */
  heatmap(): Heatmap;
  /**
   * A window of its calls, in an order. Sorting is stable; calls without a value come last either way.
   * The order is kept, so that the next window of it costs little.
   *
   * ```ts
   * const longest = table.rows({ limit: 50, sortBy: "duration", descending: true });
   * ```
   * @throws {ByrobotError} `invalid_argument`; `path` names the option.
   */
  rows(options?: RowsOptions): DoneCall[];
  /**
   * Its calls as CSV, with codes in words. Cells that a spreadsheet would take for formulas begin with
   * an apostrophe. For a large table use `toCSVStream`.
   */
  toCSV(options?: CsvOptions): string;
  /**
   * The same as a stream of UTF-8, made as it is read.
   *
   * ```ts
   * const file = await new Response(table.toCSVStream({ bom: true })).blob();
   * ```
   */
  toCSVStream(options?: CsvOptions): ReadableStream<Uint8Array>;
  /**
   * Its calls as an Arrow IPC stream with every column typed, for DuckDB and other engines:
   * times as timestamps of Shanghai, repeating texts as dictionaries, results as a list.
   */
  toArrowIPC(): Uint8Array;
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

/** Calls that are made into CSV, or taken in as rows, at a time. */
const piece = 250;

/** Characters of a string, less than V8's limit. */
const longest = 2 ** 29 - 100;

/** What both kinds of sets share. */
abstract class Asked implements CallSet {
  /** @internal */
  declare protected readonly view: Handle<glue.View>;

  /** @internal */
  constructor(view: Handle<glue.View>) {
    hide(this, { view });
  }

  get length(): number {
    return this.view().length;
  }

  where(filter: CallFilter): CallView {
    return new View(handleOf("view", this.view().filter(filter)));
  }

  statistics(options?: StatisticsOptions): CallStatistics {
    return statisticsOf(this.view().statistics(options));
  }

  groupBy<D extends Dimension>(dimension: D): Group<KeyOf<D>>[] {
    return groupsOf(this.view().groupBy(dimension));
  }

  histogram(column: "duration" | "chatRound", options?: HistogramOptions): Histogram {
    return histogramOf(this.view().histogram(column, options));
  }

  heatmap(): Heatmap {
    return heatmapOf(this.view().heatmap());
  }

  rows(options?: RowsOptions): DoneCall[] {
    return this.view().rows(options);
  }

  toCSV(options?: CsvOptions): string {
    const view = this.view();
    const pieces: string[] = [];
    let length = 0;
    for (let at = 0; at === 0 || at < view.length; at += piece) {
      const text = view.csv(at, piece, options);
      length += text.length;
      if (length > longest) {
        throw invalidArgument("toCSV", "the text is longer than a string can be; use toCSVStream");
      }
      pieces.push(text);
    }
    return allocating(() => pieces.join(""));
  }

  toCSVStream(options?: CsvOptions): ReadableStream<Uint8Array> {
    // A view of its own: the stream goes on with the calls it began with.
    const view = handleOf("view", this.view().filter({}));
    const encoder = new TextEncoder();
    let at = 0;
    // Checks the options now rather than when someone reads.
    view().csv(0, 0, options);
    return new ReadableStream({
      pull(controller) {
        controller.enqueue(encoder.encode(view().csv(at, piece, options)));
        at += piece;
        if (at < view().length) return;
        controller.close();
        view.free();
      },
      cancel() {
        view.free();
      },
    });
  }

  toArrowIPC(): Uint8Array {
    const pieces: Uint8Array[] = this.view().arrow();
    const length = pieces.reduce((sum, { length }) => sum + length, 0);
    const all = allocating(() => new Uint8Array(length));
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }
}

/**
 * The calls that a set had when the view was taken. It goes on answering for those, as they were,
 * whatever the table takes in later; take a new one to see more. It holds memory until it is freed.
 */
export interface CallView extends CallSet {
  /** Gives its memory back; it cannot be asked any more. What is forgotten is freed in time, too. */
  free(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

class View extends Asked implements CallView {
  free(): void {
    this.view.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

/** The calls of a table as they are now: a view that is made anew when the table has changed. */
function latest(table: Handle<glue.Table>): Handle<glue.View> {
  let view: Handle<glue.View> | undefined;
  let seen = 0;
  const handle = () => {
    const { revision } = table();
    if (revision !== seen) handle.free();
    seen = revision;
    view ??= handleOf("view", table().view());
    return view();
  };
  handle.free = () => {
    view?.free();
    view = undefined;
  };
  return handle;
}

/** What came of an ingest. */
export interface IngestReport {
  /** Calls that were not in the table. */
  added: number;
  /** Calls whose row was replaced. */
  updated: number;
  /** Calls whose row said the same already. */
  unchanged: number;
  /** `total` of the page; `null` for rows, and where the server leaves it out. */
  total: number | null;
  /** Fields that departed from the vendor's document, by name. */
  oddities: Oddity[];
}

/** How often a field departed from the vendor's document in one way. */
export interface Oddity {
  /** The vendor's name; empty for `not_utf8`. */
  field: string;
  /**
   * - `missing`: documented, and not sent
   * - `text_for_number`, `number_for_text`: sent as the other
   * - `other_form`: in a form of no document, and read all the same
   * - `unreadable`: not read, or in part; the raw value is under `extra`, a time's in the field itself
   * - `unknown_field`: in no document; under `extra`
   * - `too_deep`: nested more than 96 deep; that value is lost, the rest of the row is there
   * - `not_utf8`: the body has bytes that are not UTF-8, as of a server that sends GBK; each is U+FFFD
   */
  kind:
    | "missing"
    | "text_for_number"
    | "number_for_text"
    | "other_form"
    | "unreadable"
    | "unknown_field"
    | "too_deep"
    | "not_utf8";
  /** Rows; 1 for `not_utf8`. */
  count: number;
  /** The first of them, "data.list[3].duration"; for `not_utf8` the first byte, "byte 57". */
  example: string;
}

/**
 * Finished calls in columns: a million of them, filtered and counted between two frames.
 *
 * ```ts
 * using table = new CallTable();
 * await client.syncDoneCalls(table, { callJobId: 21752 });
 * const { answerRate } = table.where({ hourOfDay: [9, 10, 11] }).statistics();
 * ```
 */
export class CallTable extends Asked {
  /** @internal */
  declare private readonly table: Handle<glue.Table>;

  constructor();
  /** @internal */
  constructor(table: glue.Table);
  constructor(inside: glue.Table = new (instance().Table)()) {
    const table = handleOf("table", inside);
    super(latest(table));
    hide(this, { table });
  }

  /**
   * The table that `snapshot` made bytes of.
   *
   * @throws {ByrobotError} `snapshot`, for bytes that are none, damaged, or of a newer version.
   */
  static restore(snapshot: Uint8Array): CallTable {
    return new CallTable(instance().Table.restore(bytesOf(snapshot)));
  }

  /** Calls in it. */
  override get length(): number {
    return this.table().length;
  }

  /**
   * Takes in the body of an answer of `queryDoneTaskPhones` as it came, or rows. A row whose
   * `callInstanceId` is known takes the place of the old one. Nothing of a row is lost. If anything is
   * wrong, nothing is taken in.
   *
   * ```ts
   * const response = await fetch("/byrobot/openapi/v1/task/queryDoneTaskPhones", {
   *   method: "POST",
   *   headers: { "content-type": "application/json" },
   *   body: JSON.stringify({ callJobId: 21752, pageSize: 50 }),
   * });
   * const { added, oddities } = table.ingest(await response.arrayBuffer());
   * ```
   * @throws {ByrobotError} `not_json`, `unexpected_shape` or the vendor's refusal, as the client would;
   * `invalid_argument` for rows that are none.
   */
  ingest(source: Uint8Array | ArrayBuffer | string | readonly DoneCall[]): IngestReport {
    const table = this.table();
    if (!Array.isArray(source)) return reportOf(table.ingestBody(bytesOf(source)));
    return reportOf(withRows(source, (rows) => table.ingestRows(rows)));
  }

  /**
   * The calls as bytes to keep: versioned, checksummed, about a quarter of the bodies they came from.
   * How far lists have been synchronised is kept with them.
   *
   * ```ts
   * const kept = CallTable.restore(table.snapshot());
   * ```
   */
  snapshot(): Uint8Array {
    return allocating(() => this.table().snapshot());
  }

  /** The call of that id, or `null`. */
  get(callInstanceId: number): DoneCall | null {
    return this.table().get(callInstanceId);
  }

  /**
   * Charts that filter each other: each shows the calls that pass every filter but its own. New calls
   * appear in them by themselves.
   *
   * ```ts
   * const charts = table.linked({
   *   length: { histogram: "duration", edges: [0, 10, 30, 60, 120, 600] },
   *   hours: { groupBy: "hourOfDay" },
   *   all: { statistics: true },
   * });
   * charts.filter("length", { duration: { min: 30, max: 60 } }); // on every move of the mouse
   * const { hours, all } = charts.read();
   * ```
   */
  linked<T extends Record<string, LinkedChart>>(charts: T): LinkedCharts<T> {
    return new Linked(this.table(), charts);
  }

  /** Forgets all calls. Views keep theirs. */
  clear(): void {
    this.table().clear();
  }

  /** The bytes its columns take up: numbers and codes, texts, and the index of ids. */
  memory(): {
    /** Of numbers, codes and times. */
    numbers: number;
    /** Of names, telephone numbers, links, results, and of what no column can show. */
    texts: number;
    /** By which an id finds its row. */
    index: number;
  } {
    const [numbers = 0, texts = 0, index = 0] = this.table().memory();
    return { numbers, texts, index };
  }

  /** Gives its memory back; it cannot be used any more. Views keep theirs. */
  free(): void {
    this.view.free();
    this.table.free();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.free();
  }
}

/** A chart among others. */
export type LinkedChart =
  | {
      /** Its calls by a dimension, as `groupBy` has them. */
      groupBy: Dimension;
    }
  | {
      /** Its calls by duration in seconds, or by rounds. */
      histogram: "duration" | "chatRound";
      /** Where bins begin and end, rising. */
      edges: number[];
    }
  | {
      /** Its calls by weekday and hour. */
      heatmap: true;
    }
  | {
      /** The statistics of its calls. */
      statistics: true;
    };

/** What a chart says. */
export type LinkedAnswer<T extends LinkedChart> = T extends { groupBy: infer D extends Dimension }
  ? Group<KeyOf<D>>[]
  : T extends { edges: number[] }
    ? Histogram
    : T extends { heatmap: true }
      ? Heatmap
      : CallStatistics;

/** Charts of one table, each filtering the others. */
export interface LinkedCharts<T extends Record<string, LinkedChart> = Record<string, LinkedChart>> {
  /** Sets, moves or (`null`) clears the filter that belongs to a chart. */
  filter(chart: keyof T & string, filter: CallFilter | null): void;
  /** All charts, over the calls as they are now. */
  read(): { [Name in keyof T]: LinkedAnswer<T[Name]> };
  /** Gives their memory back. */
  free(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

class Linked<T extends Record<string, LinkedChart>> implements LinkedCharts<T> {
  declare private readonly inside: Handle<glue.Linked>;
  declare private readonly names: string[];
  declare private readonly readers: ((answer: never) => unknown)[];

  constructor(table: glue.Table, charts: T) {
    if (typeof charts !== "object" || charts === null || Array.isArray(charts)) {
      throw invalidArgument("charts", "expected an object of charts by name");
    }
    const names = Object.keys(charts);
    hide(this, {
      inside: handleOf("charts", table.linked(names, charts)),
      names,
      readers: names.map((name) => readerOf(charts[name])),
    });
  }

  filter(chart: keyof T & string, filter: CallFilter | null): void {
    const position = this.names.indexOf(chart);
    if (position < 0) {
      throw invalidArgument("chart", `no such chart; there are ${this.names.join(", ")}`);
    }
    this.inside().filter(position, filter);
  }

  read(): { [Name in keyof T]: LinkedAnswer<T[Name]> } {
    const answers: unknown[] = this.inside().read();
    const entries = this.names.map((name, index) => [
      name,
      this.readers[index]?.(answers[index] as never),
    ]);
    return Object.fromEntries(entries) as { [Name in keyof T]: LinkedAnswer<T[Name]> };
  }

  free(): void {
    this.inside.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

function readerOf(chart: LinkedChart | undefined): (answer: never) => unknown {
  if (chart === undefined || "statistics" in chart) return statisticsOf;
  if ("groupBy" in chart) return groupsOf;
  return "histogram" in chart ? histogramOf : heatmapOf;
}

/**
 * Those of the calls in hand that pass a filter: the same objects, in their order. For more than a
 * page or two, use a `CallTable`.
 *
 * ```ts
 * const { list } = await client.queryDoneTaskPhones({ callJobId: 21752 });
 * filterCalls(list, { intentLevel: ["A", "B"] });
 * ```
 */
export function filterCalls(calls: readonly DoneCall[], filter: CallFilter): DoneCall[] {
  const positions = withViewOf(calls, (view) => {
    const passing = view.filter(filter);
    try {
      return passing.positions();
    } finally {
      passing.free();
    }
  });
  return Array.from(positions, (position) => calls[position]).filter((call) => call !== undefined);
}

/**
 * The statistics of calls in hand; every one counts, also several of one id. For more than a page or
 * two, use a `CallTable`.
 */
export function callStatistics(
  calls: readonly DoneCall[],
  options?: StatisticsOptions,
): CallStatistics {
  return withViewOf(calls, (view) => statisticsOf(view.statistics(options)));
}

function withViewOf<T>(calls: readonly DoneCall[], ask: (view: glue.View) => T): T {
  return withRows(calls, (rows) => {
    const view = handleOf("view", rows.view());
    try {
      return ask(view());
    } finally {
      view.free();
    }
  });
}

/**
 * Hands calls to the module, some at a time: one text of all of them would keep the garbage collector
 * busy for longer than all the rest.
 */
function withRows<T>(calls: readonly DoneCall[], use: (rows: glue.CallRows) => T): T {
  if (!Array.isArray(calls)) throw invalidArgument("calls", "expected an array of calls");
  const encoder = new TextEncoder();
  const rows = handleOf("calls", new (instance().CallRows)());
  try {
    for (let at = 0; at < calls.length; at += piece) {
      rows().add(encoder.encode(textOf(calls.slice(at, at + piece))));
    }
    return use(rows());
  } finally {
    rows.free();
  }
}

/** The numbers of a report, whose order `src/wasm/table.rs` has, too; and its oddities, if there are any. */
function reportOf([numbers, oddities = []]: [Float64Array, Oddity[]?]): IngestReport {
  const [added = 0, updated = 0, unchanged = 0, total = NaN] = numbers;
  return { added, updated, unchanged, total: Number.isNaN(total) ? null : total, oddities };
}

function textOf(calls: readonly DoneCall[]): string {
  try {
    return JSON.stringify(calls);
  } catch (cause) {
    throw invalidArgument("calls", "expected plain data, which JSON can hold", cause);
  }
}

/** What `make` makes of memory that JavaScript may not have. */
function allocating<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw cause instanceof RangeError ? outOfMemory(cause) : cause;
  }
}

/** The bytes of a buffer or a view of one, also of another realm; `undefined` for anything else. @internal */
export function bytesIn(source: unknown): Uint8Array | undefined {
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  // The buffer of another realm is no instance of ours.
  if (Object.prototype.toString.call(source) !== "[object ArrayBuffer]") return undefined;
  return new Uint8Array(source as ArrayBuffer);
}

function bytesOf(source: unknown): Uint8Array {
  if (typeof source === "string") return allocating(() => new TextEncoder().encode(source));
  const bytes = bytesIn(source);
  if (bytes !== undefined) return bytes;
  throw invalidArgument("source", "expected a response body (bytes or text) or an array of calls");
}
