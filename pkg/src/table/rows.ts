// Calls as objects on their way into the module, and `filterCalls` and `callStatistics`, which answer questions
// about an array of calls without a table.
import type * as glue from "#glue";
import type { CallFilter } from "./filter.js";
import type { StatisticsOptions } from "./options.js";
import type { DoneCall } from "../generated/models.js";
import { type CallStatistics, statisticsOf } from "../generated/statistics.js";
import { invalidArgument } from "../wasm/errors.js";
import { handleOf } from "../wasm/handle.js";
import { instance } from "../wasm/instance.js";

/** Calls that are written as JSON at a time. */
const piece = 250;

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
 *
 * @internal
 */
export function withRows<T>(calls: readonly DoneCall[], use: (rows: glue.CallRows) => T): T {
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

function textOf(calls: readonly DoneCall[]): string {
  try {
    return JSON.stringify(calls);
  } catch (cause) {
    throw invalidArgument("calls", "expected plain data, which JSON can hold", cause);
  }
}
