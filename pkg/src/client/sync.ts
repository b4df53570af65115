// `syncDoneCalls`: runs a synchronisation and shares it among callers. Not here: which page is next (src/paging),
// the store (keeper.ts).
import type * as glue from "#glue";
import { Keeper } from "./keeper.js";
import type { PaginatorOptions, Progress } from "./paginator.js";
import type { CallStore } from "./store.js";
import type { DoneCallsQuery } from "../generated/models.js";
import { CallTable } from "../table/table.js";
import { invalidArgument } from "../wasm/errors.js";
import { handleOf } from "../wasm/handle.js";
import { settled } from "../wasm/instance.js";

/**
 * Options of a synchronisation. `timeout` and `totalTimeout` apply to each request, and to the wait for another
 * synchronisation of the same list.
 */
export interface SyncOptions extends Omit<PaginatorOptions, "prefetch"> {
  /**
   * Parallel requests while the whole list is read, 0–100 and at most the client's `maxConcurrency`. Default 1. With
   * more, a list that moves may be read a second time, page by page.
   */
  prefetch?: number | undefined;
  /**
   * Keeps the table between visits. Its calls are added to the table first; then `onProgress` is called with
   * `requests: 0`, so that a page can show them.
   */
  store?: CallStore | undefined;
  /**
   * Milliseconds for each answer of the store; `Infinity`: no limit. Default 10 000. A slower store is not used any
   * more: `storeError` says so, and the synchronisation continues.
   */
  storeTimeout?: number | undefined;
  /**
   * `"walk"` (default): reads page by page; rows may move while a task runs. `"cursor"`: requests the calls after the
   * greatest known `callIndex`, and falls back to `"walk"` if the server ignores that.
   */
  mode?: "walk" | "cursor" | undefined;
  /**
   * Called after each page, before the table is saved, and before a wait for another tab or call. If it throws, the
   * console shows the error.
   */
  onProgress?(progress: Progress): void;
  /** Reads the whole list again, also the pages that an earlier synchronisation has read. It finds all edits. */
  full?: boolean | undefined;
}

/** The report of a synchronisation. */
export interface SyncReport {
  /** Calls that were new to the table. */
  added: number;
  /** Calls whose row was replaced. */
  updated: number;
  /**
   * Calls that were read and whose row was equal. A link to a recording that differs only in its query, such as in a signature, counts as equal; the row gets the
   * newer link.
   */
  unchanged: number;
  /** Requests, without retries. */
  requests: number;
  /** How often the list moved so that it had to be read again. */
  restarts: number;
  /** Whether every call of the list is in the table. `false`: the list moves too fast; try again. */
  complete: boolean;
  /** Why the store could not be used; `null` if it could. The table is up to date in both cases. */
  storeError: Error | null;
}

/** Brings a table up to date, or joins an equal synchronisation that is under way. @internal */
export async function sync(
  client: glue.Client,
  table: CallTable,
  query: DoneCallsQuery,
  options?: SyncOptions,
): Promise<SyncReport> {
  if (!(table instanceof CallTable)) throw invalidArgument("table", "expected a CallTable");
  const [list, turnTimeout, storeTimeout] = await settled(async () =>
    client.listKey(query, options),
  );
  const store = checked(options?.store);
  // A second handle: the synchronisation continues if the caller frees the table.
  const inside = handleOf("table", table["table"]().share());
  const { headers, timeout, totalTimeout, retry, prefetch } = options ?? {};
  const asked = [headers, timeout, totalTimeout, retry, prefetch, storeTimeout];
  const same = [client, list, store, options?.mode ?? "walk", options?.full ?? false, ...asked];
  const runs = underWay.get(table) ?? new Set();
  underWay.set(table, runs);
  let run = [...runs].find((other) => other.same.every((part, at) => part === same[at]));
  if (run !== undefined) {
    inside.free();
  } else {
    run = new Run(runs, same, async (tell, signal) => {
      const ask = (onProgress: Hook) =>
        settled(() => client.syncDoneCalls(inside(), query, options, onProgress, signal));
      const keeper =
        store && new Keeper(store, `byrobot-calls/1 ${list}`, storeTimeout, table, inside);
      try {
        if (keeper === undefined) return { ...(await ask(tell)), storeError: null };
        return await kept(keeper, ask, tell, signal, turnTimeout);
      } finally {
        // An abort does not wait for the store.
        void Promise.resolve(keeper?.save()).then(() => inside.free());
      }
    });
  }
  return run.join(
    (progress) => options?.onProgress?.(progress),
    (report) => settled(() => client.unlessAborted(report, options)),
  );
}

type Hook = (progress: Progress) => void;
type Ask = (onProgress: Hook) => Promise<Omit<SyncReport, "storeError">>;

/** The synchronisations under way, by their table. */
const underWay = new WeakMap<CallTable, Set<Run>>();

/** A synchronisation under way. It ends early when its last caller has left. */
class Run {
  private readonly hooks = new Set<Hook>();
  private readonly ended = new AbortController();
  private last: Progress | undefined;
  private readonly report: Promise<SyncReport>;

  /** Another call with an equal `same` joins the run. */
  constructor(
    private readonly runs: Set<Run>,
    readonly same: readonly unknown[],
    work: (tell: Hook, signal: AbortSignal) => Promise<SyncReport>,
  ) {
    runs.add(this);
    this.report = work((progress) => this.tell(progress), this.ended.signal).finally(() =>
      this.end(),
    );
    // All callers may have left.
    this.report.catch(() => {});
  }

  /** Adds a caller; `wait` ends when the caller's signal is aborted. */
  async join(
    hook: Hook,
    wait: (report: Promise<SyncReport>) => Promise<SyncReport>,
  ): Promise<SyncReport> {
    this.hooks.add(hook);
    const { last } = this;
    if (last !== undefined) hooked(() => hook(last));
    try {
      return await wait(this.report);
    } finally {
      this.hooks.delete(hook);
      if (this.hooks.size === 0) this.end();
    }
  }

  private tell(progress: Progress): void {
    this.last = progress;
    for (const hook of this.hooks) hooked(() => hook(progress));
  }

  private end(): void {
    this.runs.delete(this);
    this.ended.abort();
  }
}

/** Calls a hook. If it throws or rejects, the console shows the error, and the run continues. */
function hooked(tell: () => unknown): void {
  (async () => tell())().catch((error: unknown) => console.error(error));
}

/** A synchronisation with a store. */
async function kept(
  keeper: Keeper,
  ask: Ask,
  tell: Hook,
  signal: AbortSignal,
  turnTimeout: number,
): Promise<SyncReport> {
  const now = (phase: Progress["phase"]) =>
    tell({ phase, done: keeper.length, total: null, requests: 0 });
  // The stored calls come first, so that a page can show them while it waits for its turn.
  await keeper.load();
  if (keeper.length > 0) now("listing");
  await keeper.turn(signal, turnTimeout, () => now("waiting"));
  await keeper.load();
  // Every caller has left, so nothing receives the reason.
  if (signal.aborted) throw new Error("aborted");
  const report = await ask((progress) => {
    keeper.saveIfWorthwhile();
    tell(progress);
  });
  if (keeper.hasChanges()) {
    const { length: done } = keeper;
    tell({ phase: "saving", done, total: done, requests: report.requests });
  }
  await keeper.save();
  return { ...report, storeError: keeper.error };
}

function checked(store: CallStore | null | undefined): CallStore | undefined {
  if (store === undefined || store === null) return undefined;
  const lacks = (["load", "save", "remove"] as const).find(
    (name) => typeof store[name] !== "function",
  );
  if (lacks !== undefined)
    throw invalidArgument("store", `expected a CallStore; it has no ${lacks}`);
  return store;
}
