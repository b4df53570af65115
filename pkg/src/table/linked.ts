/// <reference lib="esnext.disposable" preserve="true" />
// Linked charts: each shows the calls that pass the filters of the others. The work is done in Rust,
// src/compute/linked.rs.
import { type Linked as Part, type Table, View } from "#glue";
import type { CallView, LinkedCharts } from "./call-set.js";
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
import { invalidArgument, reading } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";

/** @internal */
export class Linked<T extends Record<string, ChartSpec>> implements LinkedCharts<T> {
  declare private readonly inside: Handle<Part>;
  declare private readonly charts: T;
  declare private readonly names: string[];
  declare private readonly viewOf: (view: View) => CallView;

  constructor(calls: () => Table | View, charts: T, viewOf: (view: View) => CallView) {
    const expected = "an object of charts by name";
    const names = reading("charts", expected, () => {
      if (typeof charts !== "object" || charts === null || Array.isArray(charts)) {
        throw invalidArgument("charts", `expected ${expected}`);
      }
      return Object.keys(charts);
    });
    const inside = handleOf("charts", calls().linked(names, charts));
    // A copy of the plain data that Rust has checked: the caller may change theirs.
    const copy = reading("charts", expected, () => JSON.parse(JSON.stringify(charts)) as T);
    hide(this, { inside, names, charts: copy, viewOf });
  }

  get length(): number {
    return this.inside().count();
  }

  filter(chart: keyof T & string, filter: CallFilter | null): void {
    this.inside().filter(this.position(chart), filter);
  }

  brush<Name extends keyof T & string>(chart: Name, brush: BrushOf<T[Name]> | null): void {
    const position = this.position(chart);
    const filter = reading("brush", "an array that can be read", () =>
      brush == null ? null : filterOfBrush(this.charts[chart]!, brush),
    );
    this.inside().filter(position, filter);
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
    return this.viewOf(View.ofLinked(this.inside()));
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
