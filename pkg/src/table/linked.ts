/// <reference lib="esnext.disposable" preserve="true" />
// Linked charts: each shows the calls that pass the filters of the others. The work is done in Rust,
// src/compute/linked.rs.
import type * as glue from "#glue";
import type { CallView } from "./call-set.js";
import {
  type BrushOf,
  type ChartResult,
  type ChartSpec,
  filterOfBrush,
  resultOf,
} from "./charts.js";
import type { CallFilter } from "./filter.js";
import type { RowsOptions } from "./options.js";
import type { DoneCall } from "../generated/models.js";
import { invalidArgument } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";

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

/** @internal */
export class Linked<T extends Record<string, ChartSpec>> implements LinkedCharts<T> {
  declare private readonly inside: Handle<glue.Linked>;
  declare private readonly charts: T;
  declare private readonly names: string[];
  declare private readonly viewOf: (view: glue.View) => CallView;

  constructor(
    calls: glue.Table | glue.View,
    charts: T,
    viewOf: (view: glue.View) => CallView,
  ) {
    if (typeof charts !== "object" || charts === null || Array.isArray(charts)) {
      throw invalidArgument("charts", "expected an object of charts by name");
    }
    const names = Object.keys(charts);
    const inside = handleOf("charts", calls.linked(names, charts));
    // A copy: Rust has checked these charts, and the caller may change theirs.
    hide(this, { inside, names, charts: structuredClone(charts), viewOf });
  }

  get length(): number {
    return this.inside().count();
  }

  filter(chart: keyof T & string, filter: CallFilter | null): void {
    this.inside().filter(this.position(chart), filter);
  }

  brush<Name extends keyof T & string>(chart: Name, brush: BrushOf<T[Name]> | null): void {
    const position = this.position(chart);
    this.inside().filter(position, brush && filterOfBrush(this.charts[chart]!, brush));
  }

  read(): { [Name in keyof T]: ChartResult<T[Name]> } {
    const results: unknown[] = this.inside().read();
    const entries = this.names.map((name, index) => [
      name,
      resultOf(this.charts[name]!, results[index]),
    ]);
    return Object.fromEntries(entries) as { [Name in keyof T]: ChartResult<T[Name]> };
  }

  view(): CallView {
    return this.viewOf(this.inside().view());
  }

  rows(options?: RowsOptions): DoneCall[] {
    return this.inside().rows(options);
  }

  free(): void {
    this.inside.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  private position(chart: string): number {
    const position = this.names.indexOf(chart);
    if (position >= 0) return position;
    throw invalidArgument("chart", `no such chart; there are ${this.names.join(", ")}`);
  }
}
