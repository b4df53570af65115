// The adapter for Vue. Not here: what it shares with the one for React (life.ts).
import {
  computed,
  type ComputedRef,
  getCurrentInstance,
  getCurrentScope,
  type MaybeRefOrGetter,
  onMounted,
  shallowReactive,
  shallowRef,
  type ShallowRef,
  toValue,
  watch,
  watchEffect,
} from "vue";
import {
  answerOf,
  chartsOf,
  choose,
  type Fill,
  own,
  subscribeFrames,
  type TableLife,
} from "./life.js";
import type { LinkedCharts } from "../table/call-set.js";
import type { BrushOf, ChartResult, ChartSpec } from "../table/charts.js";
import type { CallFilter } from "../table/filter.js";
import type { RowsOptions } from "../table/options.js";
import type { CallTable } from "../table/table.js";
import type { DoneCall } from "../generated/models.js";

/** A table as refs. */
export interface TableRefs {
  /** The table; `null` on a server, before the component is mounted, and after its end. */
  readonly table: Readonly<ShallowRef<CallTable | null>>;
  /**
   * What `create` or `fill` threw or rejected with, or the `error` of what `follow` returned to `fill`; `null` without an
   * error.
   */
  readonly error: Readonly<ShallowRef<unknown>>;
  /**
   * Whether `fill` is under way or will be: its promise is pending, or what `follow` returned synchronises. `false` without
   * `fill`.
   */
  readonly syncing: Readonly<ShallowRef<boolean>>;
}

/** Linked charts as refs. */
export interface LinkedRefs<T extends Record<string, ChartSpec>> {
  /** The charts, for a view or an export; `null` without a table. The component frees them. */
  readonly charts: Readonly<ShallowRef<LinkedCharts<T> | null>>;
  /** The results by the names of the charts, as `read` of the charts; `null` without a table. */
  readonly results: ComputedRef<{ [Name in keyof T]: ChartResult<T[Name]> } | null>;
  /** The number of calls that pass all filters; 0 without a table. */
  readonly length: ComputedRef<number>;
  /** The brushes that are set, reactive. */
  readonly brushes: { readonly [Name in keyof T]?: BrushOf<T[Name]> };
  /**
   * Sets the brush of a chart, or removes it, as `brush` of the charts. Without a table it is kept for the charts to come.
   *
   * @throws {ByrobotError} `invalid_argument` for an unknown chart or an invalid brush; nothing has changed then.
   */
  brush<Name extends keyof T & string>(chart: Name, brush: BrushOf<T[Name]> | null): void;
  /** Sets the filter of a chart instead of a brush, as `filter` of the charts; as `brush` otherwise. */
  filter(chart: keyof T & string, filter: CallFilter | null): void;
  /** A window of the calls that pass all filters; empty without a table. */
  rows(options?: MaybeRefOrGetter<RowsOptions>): ComputedRef<DoneCall[]>;
}

/**
 * A table for the life of the component, or of the effect scope. It is created when the component has been mounted, and
 * freed when it is unmounted; on a server there is none.
 *
 * If a ref changes that `create` or `fill` reads before its first `await`, the table is freed, and a new one is created
 * and filled.
 *
 * ```tsx
 * import { useTable } from "byrobot-calls/vue";
 *
 * const { table, error, syncing } = useTable(
 *   () => new CallTable(),
 *   (table, signal) => client.follow(table, { callJobId: 21752 }, { signal }),
 * );
 * ```
 * @param create For example `() => new CallTable()`. The table belongs to the component.
 * @param fill Fills the table, once. `signal` ends it. It may return a promise, or what `follow` returns.
 */
export function useTable(create: () => CallTable, fill?: Fill): TableRefs {
  const table = shallowRef<CallTable | null>(null);
  const error = shallowRef<unknown>(null);
  const syncing = shallowRef(!!fill);
  const scope = getCurrentScope();
  const start = () =>
    watchEffect((onCleanup) => {
      const tell = (life: TableLife) =>
        untracked(() => {
          table.value = life.table;
          error.value = life.error;
          syncing.value = life.syncing;
        });
      onCleanup(own(create, fill, tell));
    });
  // A page that a server rendered has no table either until it is mounted.
  if (getCurrentInstance()) onMounted(() => scope?.active && scope.run(start));
  else if (typeof document === "object") start();
  return { table, error, syncing };
}

/**
 * The answer to a question. It is taken again when the content of the table changes, at most once per frame, and when a
 * ref changes that `ask` reads. `null` without a table.
 *
 * ```tsx
 * import { useAnswer } from "byrobot-calls/vue";
 * import { ref } from "vue";
 *
 * const filter = ref<CallFilter>({ hourOfDay: [9, 10] });
 * const statistics = useAnswer(table, (calls) => calls.where(filter.value).statistics());
 * ```
 * @param ask Gets the table. Views that it makes by `where` are freed after it: return answers, not views.
 */
export function useAnswer<T>(
  table: MaybeRefOrGetter<CallTable | null>,
  ask: (calls: CallTable) => T,
): ComputedRef<T | null> {
  const version = shallowRef(0);
  const subscribe = (current: CallTable | null, _: unknown, onCleanup: Cleanup) =>
    onCleanup(subscribeFrames(current, () => (version.value += 1)));
  watch(() => toValue(table), subscribe, { immediate: true, flush: "sync" });
  return computed(() => {
    void version.value;
    return answerOf(toValue(table), ask);
  });
}

type Cleanup = (cleanup: () => void) => void;

/**
 * Runs an action whose reads no effect round it tracks, also in the watchers that it triggers: before Vue 3.5 these are
 * reads of the effect that triggers them.
 */
const untracked = (action: () => void) => watchEffect(action, { flush: "sync" })();

/**
 * Linked charts of a table for the life of the component. Results are taken again after a brush and when the content of
 * the table changes, at most once per frame. If the table or the charts change, new charts are made with the same
 * brushes and filters, without those that no longer fit.
 *
 * ```tsx
 * import { useLinked } from "byrobot-calls/vue";
 * import { ref } from "vue";
 *
 * const { results, length, brush, rows } = useLinked(table, {
 *   lengths: { histogram: "duration", edges: [0, 10, 30, 60, 120, 600] },
 *   hours: { groupBy: "hourOfDay" },
 * });
 * const offset = ref(0);
 * const page = rows(() => ({ limit: 50, offset: offset.value }));
 * const morning = () => brush("hours", [9, 10]); // for an event
 * ```
 */
export function useLinked<const T extends Record<string, ChartSpec>>(
  table: MaybeRefOrGetter<CallTable | null>,
  charts: MaybeRefOrGetter<T>,
): LinkedRefs<T> {
  const current = shallowRef<LinkedCharts<T> | null>(null);
  const version = shallowRef(0);
  const choices = { brush: shallowReactive<Record<string, unknown>>({}), filter: {} };
  const listeners = new Set<() => void>();
  const make = (onCleanup: Cleanup) => {
    const calls = toValue(table);
    const made = chartsOf(calls, toValue(charts), choices);
    const unsubscribe = subscribeFrames(
      calls,
      () => (version.value += 1),
      (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    );
    onCleanup(() => {
      unsubscribe();
      current.value = null;
      made?.free();
    });
    current.value = made;
  };
  const sources = [() => toValue(table), () => JSON.stringify(toValue(charts))];
  const remake = (_: unknown, __: unknown, onCleanup: Cleanup) => untracked(() => make(onCleanup));
  watch(sources, remake, { immediate: true, flush: "sync" });

  const set = (kind: "brush" | "filter") => (name: string, value: unknown) => {
    choose(choices, current.value, kind, name, value);
    for (const listener of listeners) listener();
  };
  const reading = <Result>(read: (made: LinkedCharts<T> | null) => Result) =>
    computed(() => {
      void version.value;
      return read(current.value);
    });
  return {
    charts: current,
    results: reading((made) => made && made.read()),
    length: reading((made) => made?.length ?? 0),
    brushes: choices.brush as LinkedRefs<T>["brushes"],
    brush: set("brush"),
    filter: set("filter"),
    rows: (options = {}) => reading((made) => made?.rows(toValue(options)) ?? []),
  };
}
