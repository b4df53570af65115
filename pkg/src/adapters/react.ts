// The adapter for React. Not here: what it shares with the one for Vue (life.ts).
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import {
  answerOf,
  chartsOf,
  type Choices,
  choose,
  type Fill,
  lifeBefore,
  own,
  revisionOf,
  subscribeFrames,
} from "./life.js";
import type { LinkedCharts } from "../table/call-set.js";
import type { BrushOf, ChartResult, ChartSpec } from "../table/charts.js";
import type { CallFilter } from "../table/filter.js";
import type { RowsOptions } from "../table/options.js";
import type { CallTable } from "../table/table.js";
import type { DoneCall } from "../generated/models.js";

/** A table as state. */
export interface TableState {
  /** The table; `null` on a server and before the first effect. */
  readonly table: CallTable | null;
  /**
   * What `create` or `fill` threw or rejected with, or the `error` of what `follow` returned to `fill`; `null` without an
   * error.
   */
  readonly error: unknown;
  /**
   * Whether `fill` is under way or will be: its promise is pending, or what `follow` returned synchronises. `false` without
   * `fill`.
   */
  readonly syncing: boolean;
}

/** Linked charts as state; a new object after each change. */
export interface LinkedState<T extends Record<string, ChartSpec>> {
  /** The charts, for a view or an export; `null` without a table. The component frees them. */
  readonly charts: LinkedCharts<T> | null;
  /** The results by the names of the charts, as `read` of the charts; `null` without a table. */
  readonly results: { [Name in keyof T]: ChartResult<T[Name]> } | null;
  /** The number of calls that pass all filters; 0 without a table. */
  readonly length: number;
  /** The brushes that are set. */
  readonly brushes: { readonly [Name in keyof T]?: BrushOf<T[Name]> };
  /**
   * Sets the brush of a chart, or removes it, as `brush` of the charts. Without a table it is kept for the charts to come.
   * The same function in every render.
   *
   * @throws {ByrobotError} `invalid_argument` for an unknown chart or an invalid brush; nothing has changed then.
   */
  readonly brush: <Name extends keyof T & string>(
    chart: Name,
    brush: BrushOf<T[Name]> | null,
  ) => void;
  /** Sets the filter of a chart instead of a brush, as `filter` of the charts; as `brush` otherwise. */
  readonly filter: (chart: keyof T & string, filter: CallFilter | null) => void;
}

/**
 * A table for the life of the component: created in an effect, freed in its cleanup. If one of `deps` changes, the table
 * is freed, and a new one is created and filled.
 *
 * ```tsx
 * import { useTable } from "byrobot-calls/react";
 *
 * function useTask(callJobId: number) {
 *   return useTable(
 *     () => new CallTable(),
 *     (table, signal) => client.follow(table, { callJobId }, { signal }),
 *     [callJobId],
 *   );
 * }
 * ```
 * @param create For example `() => new CallTable()`. The table belongs to the component.
 * @param fill Fills the table, once. `signal` ends it. It may return a promise, or what `follow` returns.
 * @param deps What `create` and `fill` depend on.
 */
export function useTable(
  create: () => CallTable,
  fill?: Fill,
  deps: readonly unknown[] = [],
): TableState {
  // A new object when the dependencies change: a table of older ones is not rendered.
  const life = useMemo(() => ({}), deps);
  const [state, setState] = useState({ life, ...lifeBefore(fill) });
  useEffect(() => own(create, fill, (next) => setState({ life, ...next })), [life]);
  return state.life === life ? state : lifeBefore(fill);
}

/**
 * The answer to a question. It is taken again when the content of the table changes, at most once per frame, and when
 * one of `deps` changes. `null` without a table.
 *
 * ```tsx
 * import { useAnswer } from "byrobot-calls/react";
 *
 * function Rate({ table, filter }: { table: CallTable | null; filter: CallFilter }) {
 *   const statistics = useAnswer(table, (calls) => calls.where(filter).statistics(), [filter]);
 *   return <p>{statistics?.answerRate}</p>;
 * }
 * ```
 * @param ask Gets the table. Views that it makes by `where` are freed after it: return answers, not views.
 * @param deps What `ask` depends on. Without them it is asked in every render, unless `ask` is the same function.
 */
export function useAnswer<T>(
  table: CallTable | null,
  ask: (calls: CallTable) => T,
  deps: readonly unknown[] = [ask],
): T | null {
  const subscribe = useCallback((notify: () => void) => subscribeFrames(table, notify), [table]);
  const revision = useSyncExternalStore(subscribe, () => revisionOf(table), noRevision);
  return useMemo(() => answerOf(table, ask), [table, revision, ...deps]);
}

const noRevision = () => null;

/**
 * Linked charts of a table for the life of the component. Results are taken again after a brush and when the content of
 * the table changes, at most once per frame. If the table or the charts change, new charts are made with the same
 * brushes and filters, without those that no longer fit.
 *
 * ```tsx
 * import { useLinked } from "byrobot-calls/react";
 *
 * function Hours({ table }: { table: CallTable | null }) {
 *   const { results, length, brush } = useLinked(table, {
 *     lengths: { histogram: "duration", edges: [0, 10, 30, 60, 120, 600] },
 *     hours: { groupBy: "hourOfDay" },
 *   });
 *   const morning = results?.hours.find(({ key }) => key === 9)?.calls;
 *   return <button onClick={() => brush("hours", [9])}>{`${morning} of ${length}`}</button>;
 * }
 * ```
 * @param charts Plain data; it may be a new object in each render.
 */
export function useLinked<const T extends Record<string, ChartSpec>>(
  table: CallTable | null,
  charts: T,
): LinkedState<T> {
  const [store] = useState(storeOf<T>);
  const life = useMemo(() => ({}), [table, JSON.stringify(charts)]);
  const [state, setState] = useState<{ life: object; made: LinkedCharts<T> | null }>();
  useEffect(() => {
    const made = chartsOf(table, charts, store.choices);
    const use = (next: LinkedCharts<T> | null) => {
      store.charts = next;
      setState({ life, made: next });
    };
    use(made);
    return () => {
      use(null);
      made?.free();
    };
  }, [life]);
  const made = state?.life === life ? state.made : null;

  const subscribe = useCallback(
    (notify: () => void) => subscribeFrames(table, notify, store.subscribe),
    [table],
  );
  // Both numbers only grow, so the sum changes with each.
  const version = () => store.changes() + (revisionOf(table) ?? 0);
  const current = useSyncExternalStore(subscribe, version, () => 0);
  return useMemo(
    () => ({
      charts: made,
      results: made && made.read(),
      length: made?.length ?? 0,
      brushes: { ...store.choices.brush } as LinkedState<T>["brushes"],
      brush: store.brush,
      filter: store.filter,
    }),
    [made, current],
  );
}

/**
 * A window of the calls that pass all filters of linked charts; empty without a table.
 *
 * ```tsx
 * import { useLinked, useRows } from "byrobot-calls/react";
 *
 * function Page({ table, offset }: { table: CallTable | null; offset: number }) {
 *   const linked = useLinked(table, { hours: { groupBy: "hourOfDay" } });
 *   const page = useRows(linked, { limit: 50, offset, sortBy: "startTime", descending: true });
 *   return page.map((call) => <p key={call.callInstanceId}>{call.duration}</p>);
 * }
 * ```
 * @param linked What `useLinked` returned.
 */
export function useRows<T extends Record<string, ChartSpec>>(
  linked: LinkedState<T>,
  options: RowsOptions = {},
): DoneCall[] {
  const window = JSON.stringify(options);
  return useMemo(() => linked.charts?.rows(options) ?? [], [linked, window]);
}

/** The choices of linked charts, and the charts while there are some. */
function storeOf<T extends Record<string, ChartSpec>>() {
  const choices: Choices = { brush: {}, filter: {} };
  const listeners = new Set<() => void>();
  let changes = 0;
  const set = (kind: keyof Choices) => (name: string, value: unknown) => {
    choose(choices, store.charts, kind, name, value);
    changes += 1;
    for (const listener of listeners) listener();
  };
  const store = {
    choices,
    charts: null as LinkedCharts<T> | null,
    changes: () => changes,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    brush: set("brush"),
    filter: set("filter"),
  };
  return store;
}
