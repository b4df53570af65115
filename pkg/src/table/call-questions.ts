/// <reference lib="esnext.disposable" preserve="true" />
// The questions that tables and views have in common. The work is done in Rust, src/compute. Not here: their types
// (call-set.ts), the results (charts.ts).
import type * as glue from "#glue";
import { allocating } from "./bytes.js";
import type { CallSet, CallView, ExpectedRate, LinkedCharts, Repeats } from "./call-set.js";
import {
  type ChartSpec,
  type Group,
  type GroupsChart,
  type Heatmap,
  type Histogram,
  resultOf,
  type Round,
} from "./charts.js";
import { expectedRates } from "./expected-rates.js";
import type { CallFilter } from "./filter.js";
import { Linked } from "./linked.js";
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
import { invalidArgument, optionsOf, reading } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";

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
    return viewOf(this.view().filter(filter));
  }

  statistics(options?: StatisticsOptions): CallStatistics {
    return resultOf({ statistics: true }, this.view().evaluate("statistics", options, null));
  }

  groupBy<const D extends Dimensions>(dimension: D, options?: GroupOptions): Group<KeysOf<D>>[] {
    const parts = this.view().evaluate("groupBy", dimension, options);
    return resultOf({ groupBy: dimension, ...options } as GroupsChart<D>, parts) as Group<
      KeysOf<D>
    >[];
  }

  histogram(column: "duration" | "chatRound", options?: HistogramOptions): Histogram {
    const parts = this.view().evaluate("histogram", column, options);
    return resultOf({ histogram: column, edges: [] }, parts);
  }

  heatmap(): Heatmap {
    return resultOf({ heatmap: true }, this.view().evaluate("heatmap", true, null));
  }

  roundSurvival(): Round[] {
    return resultOf({ roundSurvival: true }, this.view().evaluate("roundSurvival", true, null));
  }

  repeats(options?: RepeatsOptions): Repeats {
    const { within = 86_400_000 } = optionsOf(options, ["within"]);
    if (!Number.isSafeInteger(within) || within < 1) {
      throw invalidArgument("within", "expected milliseconds, a whole number from 1");
    }
    const [leftOut = 0, ...counts] = this.view().repeats(within);
    const numbers = counts.map((numbers, index) => ({ calls: index + 1, numbers }));
    return { numbers: numbers.filter(({ numbers }) => numbers > 0), leftOut };
  }

  expectedRates<const D extends Dimension>(
    dimension: D,
    strata: Dimension | readonly [Dimension] | readonly [Dimension, Dimension],
  ): ExpectedRate<KeyOf<D>>[] {
    const dimensions = reading("strata", "one or two dimensions", () => {
      const list: readonly unknown[] = Array.isArray(strata) ? strata : [strata];
      if (list.length > 2) throw invalidArgument("strata", "expected one or two dimensions");
      return [dimension, ...list];
    });
    return expectedRates(this.groupBy(dimensions as unknown as [D, Dimension]));
  }

  linked<const T extends Record<string, ChartSpec>>(charts: T): LinkedCharts<T> {
    return new Linked(this.view, charts, viewOf);
  }

  rows(options?: RowsOptions): DoneCall[] {
    return this.view().rows(options);
  }

  toCSV(options?: CsvOptions): string {
    const pieces: string[] = [];
    let length = 0;
    for (let at = 0; at === 0 || at < this.length; at += piece) {
      const text = this.view().csv(at, piece, options);
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

/** A view for the caller. @internal */
export const viewOf = (view: glue.View): CallView => new View(handleOf("view", view));

class View extends CallQuestions implements CallView {
  free(): void {
    this.view.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
