/// <reference lib="esnext.disposable" preserve="true" />
// Linked charts: each shows the calls that pass the filters of the others. The work is done in Rust,
// src/compute/linked.rs.
import type * as glue from "#glue";
import {
  type Group,
  groupsOf,
  type Heatmap,
  heatmapOf,
  type Histogram,
  histogramOf,
} from "./answers.js";
import type { CallFilter } from "./filter.js";
import type { Dimension, KeyOf } from "./options.js";
import { type CallStatistics, statisticsOf } from "../generated/statistics.js";
import { invalidArgument } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";

/** A chart of a set of linked charts. */
export type ChartSpec =
  | {
      /** The calls grouped by a dimension, as `groupBy` returns them. */
      groupBy: Dimension;
    }
  | {
      /** The calls by duration in seconds, or by chat rounds. */
      histogram: "duration" | "chatRound";
      /** The edges of the bins, ascending. */
      edges: number[];
    }
  | {
      /** The calls by weekday and hour. */
      heatmap: true;
    }
  | {
      /** The statistics of the calls. */
      statistics: true;
    };

/** The result of a chart. */
export type ChartResult<T extends ChartSpec> = T extends { groupBy: infer D extends Dimension }
  ? Group<KeyOf<D>>[]
  : T extends { edges: number[] }
    ? Histogram
    : T extends { heatmap: true }
      ? Heatmap
      : T extends { statistics: true }
        ? CallStatistics
        : never;

/** Charts of one table; the filter of each applies to all others. */
export interface LinkedCharts<T extends Record<string, ChartSpec> = Record<string, ChartSpec>> {
  /** Sets the filter of a chart; `null` removes it. */
  filter(chart: keyof T & string, filter: CallFilter | null): void;
  /** The results of all charts, with the calls that the table has now. */
  read(): { [Name in keyof T]: ChartResult<T[Name]> };
  /** Frees the memory. */
  free(): void;
  /** `free()` for `using`. */
  [Symbol.dispose](): void;
}

/** @internal */
export class Linked<T extends Record<string, ChartSpec>> implements LinkedCharts<T> {
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
      readers: Object.values(charts).map(readerOf),
    });
  }

  filter(chart: keyof T & string, filter: CallFilter | null): void {
    const position = this.names.indexOf(chart);
    if (position < 0) {
      throw invalidArgument("chart", `no such chart; there are ${this.names.join(", ")}`);
    }
    this.inside().filter(position, filter);
  }

  read(): { [Name in keyof T]: ChartResult<T[Name]> } {
    const answers: unknown[] = this.inside().read();
    const entries = this.names.map((name, index) => [
      name,
      this.readers[index]?.(answers[index] as never),
    ]);
    return Object.fromEntries(entries) as { [Name in keyof T]: ChartResult<T[Name]> };
  }

  free(): void {
    this.inside.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

type KeysOf<T> = T extends unknown ? keyof T : never;
/** The key that names the kind of a chart. */
type ChartKind = Exclude<KeysOf<ChartSpec>, "edges">;

/** Decodes the result of each kind of chart. */
const readers: {
  [Kind in ChartKind]: (
    answer: never,
  ) => ChartResult<Extract<ChartSpec, { [Key in Kind]: unknown }>>;
} = {
  groupBy: groupsOf,
  histogram: histogramOf,
  heatmap: heatmapOf,
  statistics: statisticsOf,
};

/** Rust has checked the spec: it has the key of one kind. */
function readerOf(chart: ChartSpec): (answer: never) => unknown {
  const kinds = Object.keys(readers) as ChartKind[];
  return readers[kinds.find((kind) => kind in chart) as ChartKind];
}
