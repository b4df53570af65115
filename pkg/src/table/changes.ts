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

/** The changes of a table since the last event. Its methods work while the listener runs. */
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
  /** The calls whose row changed, with the values before and after. */
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
  let told: Handle<glue.Moment> | undefined;
  let revision = 0;
  let isTelling = false;

  const free = () => {
    listeners.clear();
    told?.free();
    told = undefined;
  };
  const tellOnce = (before: Handle<glue.Moment>) => {
    ({ revision } = table());
    const now = (told = handleOf("change", table().changesSince(before())));
    before.free();
    const [added = 0, updated = 0, removed = 0] = now().counts();
    // The signature of a link is no change.
    if (added + updated + removed === 0) return;
    let isOver = false;
    const inside = () => {
      if (isOver) throw invalidArgument("change", "its methods work only while the listener runs");
      return now();
    };
    const change: TableChange = {
      revision,
      added,
      updated,
      removed,
      addedIds: () => [...inside().added()],
      updates: () => inside().updates(),
    };
    for (const listener of [...listeners]) if (listeners.has(listener)) hooked(() => listener(change));
    isOver = true;
    if (told === now) now().forget();
  };

  return {
    subscribe(listener) {
      if (typeof listener !== "function") throw invalidArgument("listener", "expected a function");
      if (told === undefined) {
        told = handleOf("change", table().moment());
        ({ revision } = table());
      }
      // One function may subscribe twice.
      const own = (change: TableChange) => listener(change);
      listeners.add(own);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) free();
      };
    },
    tell() {
      // A listener may change the table: then it is told after all others.
      if (isTelling) return;
      isTelling = true;
      try {
        while (told !== undefined && table().revision !== revision) tellOnce(told);
      } finally {
        isTelling = false;
      }
    },
    free,
  };
}
