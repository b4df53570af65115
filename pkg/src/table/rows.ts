// Arrays of calls: `filterCalls` and `callStatistics`, and the copy of rows into the module. Not here: tables
// (table.ts).
import { CallRows, type View } from "#glue";
import { resultOf } from "./charts.js";
import type { CallFilter } from "./filter.js";
import type { StatisticsOptions } from "./options.js";
import type { DoneCall } from "../generated/models.js";
import type { CallStatistics } from "../generated/statistics.js";
import { invalidArgument, isList, reading } from "../wasm/errors.js";
import { handleOf } from "../wasm/handle.js";
import { ready } from "../wasm/instance.js";

/** Calls that are written as JSON at a time. */
const piece = 250;

/**
 * The calls of an array that pass a filter: the same objects in the same order. For more than a page or two use a
 * `CallTable`.
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
  return reading("calls", "an array of calls", () =>
    Array.from(positions, (position) => calls[position]).filter((call) => call !== undefined),
  );
}

/**
 * The statistics of the calls of an array. Every call counts, also several with one id. For more than a page or two
 * use a `CallTable`.
 */
export function callStatistics(
  calls: readonly DoneCall[],
  options?: StatisticsOptions,
): CallStatistics {
  return withViewOf(calls, (view) =>
    resultOf({ statistics: true }, view.evaluate("statistics", options, null)),
  );
}

function withViewOf<T>(calls: readonly DoneCall[], ask: (view: View) => T): T {
  if (!isList(calls)) throw invalidArgument("calls", "expected an array of calls");
  ready();
  return withRows(new CallRows(), calls, false, (rows) => {
    const view = handleOf("view", rows.view());
    try {
      return ask(view());
    } finally {
      view.free();
    }
  });
}

/**
 * Copies calls, or lines of a CSV, into the module in pieces, and frees them after their use. One text of all calls
 * would cost the garbage collector more than all the rest.
 *
 * @internal
 */
export function withRows<T>(
  empty: CallRows,
  calls: Iterable<object>,
  areCsv: boolean,
  use: (rows: CallRows) => T,
): T {
  const encoder = new TextEncoder();
  const rows = handleOf("calls", empty);
  let part: object[] = [];
  const add = () => {
    rows().add(encoder.encode(textOf(part)), areCsv);
    part = [];
  };
  try {
    reading("calls", "rows that can be read", () => {
      for (const call of calls) if (part.push(call) === piece) add();
      if (part.length > 0) add();
    });
    return use(rows());
  } finally {
    rows.free();
  }
}

function textOf(calls: readonly object[]): string {
  try {
    return JSON.stringify(calls);
  } catch {
    // Perhaps because of the big integers of a database; a function for each value is slow.
    try {
      return JSON.stringify(calls, plain);
    } catch (cause) {
      throw invalidArgument("calls", "expected plain data that JSON can hold", cause);
    }
  }
}

function plain(_: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
