// The changes of a table, for its subscribers. Not here: which rows differ (src/table/changes.rs).
import type * as glue from "#glue";
import type { DoneCall } from "../generated/models.js";
import { invalidArgument } from "../wasm/errors.js";
import { type Handle, handleOf } from "../wasm/handle.js";
import { hooked } from "../wasm/hook.js";

/** A call whose row changed. */
export interface CallUpdate {
  /** The id of the call. */
  callInstanceId: number;
  /**
   * The old and the new value of each field that differs; `null` for an absent value. A redial that was seen is an attempt
   * known: `finishStatus: [8, 0]`.
   */
  changed: { [Field in keyof DoneCall]?: [before: DoneCall[Field], after: DoneCall[Field]] };
}

/** The changes of a table since the last event. */
export interface TableChange {
  /** The table's `revision` after the changes. */
  readonly revision: number;
  /** The number of calls that came. */
  readonly added: number;
  /** The number of calls whose row changed. */
  readonly updated: number;
  /** The number of calls that `clear` removed. */
  readonly removed: number;
  /** The ids of the calls that came. */
  addedIds(): number[];
  /** The calls whose row changed, with the values before and after. Ask while the listener runs. */
  updates(): CallUpdate[];
}

/** The subscribers of a table. @internal */
export interface ChangeFeed {
  subscribe(listener: (change: TableChange) => void): () => void;
  /** Tells the subscribers what has changed since they were last told. */
  tell(): void;
  free(): void;
}

/** A feed without subscribers, which costs nothing. Its state is in a closure, like that of a handle. @internal */
export function feedOf(table: Handle<glue.Table>): ChangeFeed {
  const listeners = new Set<(change: TableChange) => void>();
  let watch: Handle<glue.Watch> | undefined;
  let revision = 0;
  let isTelling = false;

  const free = () => {
    listeners.clear();
    watch?.free();
    watch = undefined;
  };
  /** Whether there was anything to tell. */
  const tellOnce = (numbers: Float64Array): boolean => {
    const ids = [...numbers];
    const removed = ids.pop() as number;
    const updated = ids.pop() as number;
    const { length: added } = ids;
    if (added + updated + removed === 0) return false;
    let isOver = false;
    const change: TableChange = {
      revision,
      added,
      updated,
      removed,
      addedIds: () => ids,
      updates() {
        if (isOver || watch === undefined) throw invalidArgument("change", "it is over: ask while the listener runs"); // prettier-ignore
        return updatesOf(watch().rows());
      },
    };
    for (const listener of [...listeners]) {
      if (listeners.has(listener)) hooked(() => listener(change));
    }
    isOver = true;
    return true;
  };

  return {
    subscribe(listener) {
      if (typeof listener !== "function") throw invalidArgument("listener", "expected a function");
      watch ??= handleOf("watch", table().watch());
      ({ revision } = table());
      // One function may subscribe twice.
      const own = (change: TableChange) => listener(change);
      listeners.add(own);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) free();
      };
    },
    tell() {
      if (isTelling || watch === undefined || table().revision === revision) return;
      isTelling = true;
      try {
        // A listener may change the table: then it is told after all others.
        do ({ revision } = table());
        while (tellOnce(watch().look()) && watch !== undefined);
      } finally {
        isTelling = false;
      }
    },
    free,
  };
}

/** The updates from rows: each call before its change and then after it. */
function updatesOf(rows: DoneCall[]): CallUpdate[] {
  const updates: CallUpdate[] = [];
  for (let at = 0; at < rows.length; at += 2) {
    const [before, after] = rows.slice(at) as unknown as Record<string, unknown>[];
    const changed: Record<string, unknown> = {};
    for (const name in { ...before, ...after }) {
      const pair = [before?.[name] ?? null, after?.[name] ?? null];
      if (JSON.stringify(pair[0]) !== JSON.stringify(pair[1])) changed[name] = pair;
    }
    updates.push({ callInstanceId: rows[at]?.callInstanceId as number, changed });
  }
  return updates;
}
