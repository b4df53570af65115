// What the adapters for Vue and React share: the life of a table and of its charts, questions to it, frames. It imports
// types only, so that an adapter brings no second WebAssembly module.
import type { Follow } from "../client/follow.js";
import type { CallSet, CallView, LinkedCharts } from "../table/call-set.js";
import type { ChartSpec } from "../table/charts.js";
import type { CallFilter } from "../table/filter.js";
import type { CallTable } from "../table/table.js";
import type { ByrobotError } from "../wasm/errors.js";

/**
 * Fills a table. What it returns may be a promise, what `follow` returns, or a promise of that. A follow is stopped before
 * the table is freed.
 */
export type Fill = (table: CallTable, signal: AbortSignal) => unknown;

/** A table and how its filling goes. @internal */
export interface TableLife {
  table: CallTable | null;
  error: unknown;
  syncing: boolean;
}

/** Before a table is created, and after it was freed. @internal */
export const lifeBefore = (fill: Fill | undefined): TableLife => ({
  table: null,
  error: null,
  syncing: !!fill,
});

/**
 * Creates a table and fills it. `tell` gets the table, and how its filling goes.
 *
 * @returns A function that ends the filling and frees the table.
 * @internal
 */
export function own(
  create: () => CallTable,
  fill: Fill | undefined,
  tell: (life: TableLife) => void,
): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  let table: CallTable | null = null;
  const say = (error: unknown, syncing: boolean) => {
    if (!signal.aborted) tell({ table, error, syncing });
  };
  const failed = (error: unknown) => say(error, false);
  const filled = (made: unknown) => {
    const follow = made as Partial<Follow> | null | undefined;
    const stop = () => follow?.stop?.();
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    if (!follow?.subscribe) return say(null, false);
    const update = () => say(follow.error, follow.state === "syncing");
    follow.subscribe(update);
    // A follow that was just made has yet to begin.
    if (follow.state !== "paused") update();
  };
  try {
    table = create();
    say(null, !!fill);
    const made = fill?.(table, signal) as Partial<PromiseLike<unknown>> | null | undefined;
    if (made?.then) made.then(filled, failed);
    else filled(made);
  } catch (error) {
    failed(error);
  }
  return () => {
    leaving.abort();
    tell(lifeBefore(fill));
    table?.free();
  };
}

/** The revision of a table; `null` without one, and when it has been freed. @internal */
export function revisionOf(table: CallTable | null): number | null {
  try {
    return table && table.revision;
  } catch (error) {
    return refused(error);
  }
}

/** `null` for a refusal of the package; throws every other error. */
function refused(error: unknown): null {
  if ((error as ByrobotError | null)?.code !== "invalid_argument") throw error;
  return null;
}

/** The answer of a table, `null` when it has been freed. Views that the question makes are freed after it. @internal */
export function answerOf<T>(table: CallTable | null, ask: (calls: CallTable) => T): T | null {
  if (table === null || revisionOf(table) === null) return null;
  const views: CallView[] = [];
  const lending = <Calls extends CallSet>(calls: Calls): Calls =>
    Object.create(calls, {
      where: {
        value(filter: CallFilter) {
          const view = calls.where(filter);
          views.push(view);
          return lending(view);
        },
      },
    }) as Calls;
  try {
    return ask(lending(table));
  } finally {
    for (const view of views) view.free();
  }
}

/** The brushes and filters of charts by their names; they stay when the charts are made anew. @internal */
export interface Choices {
  brush: Record<string, unknown>;
  filter: Record<string, unknown>;
}

/** Sets one, and nothing if the charts refuse it. @internal */
export function choose(
  choices: Choices,
  charts: LinkedCharts | null,
  kind: keyof Choices,
  name: string,
  value: unknown,
): void {
  charts?.[kind](name, value as null);
  delete choices.brush[name];
  delete choices.filter[name];
  if (value != null) choices[kind][name] = value;
}

/** Charts of a table with these choices, without those that no longer fit; `null` without a table. @internal */
export function chartsOf<T extends Record<string, ChartSpec>>(
  table: CallTable | null,
  specs: T,
  choices: Choices,
): LinkedCharts<T> | null {
  if (table === null || revisionOf(table) === null) return null;
  const charts = table.linked(specs);
  for (const kind of ["brush", "filter"] as const) {
    for (const name of Object.keys(choices[kind])) {
      try {
        charts[kind](name, choices[kind][name] as null);
      } catch (error) {
        refused(error);
        delete choices[kind][name];
      }
    }
  }
  return charts;
}

const due = new Set<() => void>();

/** Runs an action before the next frame, once, together with all others that wait for it. */
function beforeFrame(action: () => void): void {
  if (due.size === 0) {
    const run = () => {
      const actions = [...due];
      due.clear();
      for (const each of actions) each();
    };
    if (typeof requestAnimationFrame === "function") requestAnimationFrame(run);
    else setTimeout(run, 16);
  }
  due.add(action);
}

/**
 * Subscribes to a table, and to what else has `subscribe`. The action runs at most once per frame.
 *
 * @returns A function that ends the subscription.
 * @internal
 */
export function subscribeFrames(
  table: CallTable | null,
  action: () => void,
  ...others: ((listener: () => void) => () => void)[]
): () => void {
  const later = () => beforeFrame(action);
  const ends = others.map((subscribe) => subscribe(later));
  if (revisionOf(table) !== null) ends.push((table as CallTable).subscribe(later));
  return () => {
    due.delete(action);
    for (const end of ends) end();
  };
}
