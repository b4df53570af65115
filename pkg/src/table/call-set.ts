/// <reference lib="esnext.disposable" preserve="true" />
// A set of calls and the questions it answers: the base of tables and views. The work is done in Rust,
// src/compute. Not here: the options of the questions (options.ts, filter.ts), the answers (answers.ts).
import type * as glue from "#glue";
import {
  type Group,
  groupsOf,
  type Heatmap,
  heatmapOf,
  type Histogram,
  histogramOf,
} from "./answers.js";
import { allocating } from "./bytes.js";
import type { CallFilter } from "./filter.js";
import type {
  CsvOptions,
  Dimension,
  HistogramOptions,
  KeyOf,
  RowsOptions,
  StatisticsOptions,
} from "./options.js";
import type { DoneCall } from "../generated/models.js";
import { type CallStatistics, statisticsOf } from "../generated/statistics.js";
import { invalidArgument } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";

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
   * The calls grouped by a dimension. Groups are ordered by key, `null` last; those of `callerPhone` and of results
   * by their calls, most first.
   *
   * ```ts
   * const [first] = table.groupBy("date");
   * const calls = first && table.where({ date: first.key }); // `first.calls` of them
   * ```
   * @throws {ByrobotError} `invalid_argument` for an unknown dimension.
   */
  groupBy<D extends Dimension>(dimension: D): Group<KeyOf<D>>[];
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

/** Calls that become CSV at a time. */
const piece = 250;

/** Characters of a string, a little below V8's limit. */
const longest = 2 ** 29 - 100;

/** The questions that tables and views have in common. */
export abstract class CallQuestions implements CallSet {
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
    // A view of its own: the stream ends with the calls that it began with.
    const view = handleOf("view", this.view().filter({}));
    const encoder = new TextEncoder();
    let at = 0;
    // Checks the options now, not at the first read.
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

class View extends CallQuestions implements CallView {
  free(): void {
    this.view.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
