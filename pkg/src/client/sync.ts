// Bringing a table up to date, and keeping it between visits: the store round what `src/paging` does.
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
 * Options of a synchronisation. `timeout` and `totalTimeout` hold for each of its requests, and for the
 * time that it waits for another one of the same list.
 */
export interface SyncOptions extends Omit<PaginatorOptions, "prefetch"> {
  /**
   * Requests at a time while the whole list is read, 0–100 and within the client's `maxConcurrency`.
   * Default 1. With more a list that moves may have to be read a second time, one page after the other.
   */
  prefetch?: number | undefined;
  /**
   * Where to keep the table between visits. What is there already is put into the table first, and
   * `onProgress` told of it with `requests: 0`: time to show it.
   */
  store?: CallStore | undefined;
  /**
   * Milliseconds for each answer of the store; `Infinity` for no limit. Default 10 000. A store that takes
   * longer is given up: `storeError` says so, and the synchronisation goes on.
   */
  storeTimeout?: number | undefined;
  /**
   * `"walk"` (default) reads page by page, safe against rows that move while a task runs. `"cursor"`
   * asks for what comes after the greatest `callIndex` that is known, and falls back to `"walk"` where
   * the server ignores that.
   */
  mode?: "walk" | "cursor" | undefined;
  /**
   * Told after each page, before the table is saved, and when another tab or call has to be waited for. A
   * hook that throws is reported on the console.
   */
  onProgress?(progress: Progress): void;
  /** Read everything again, also what an earlier one has settled: finds late edits wherever they are. */
  full?: boolean | undefined;
}

/** What a synchronisation came to. */
export interface SyncReport {
  /** Calls that were not in the table. */
  added: number;
  /** Calls whose row was replaced. */
  updated: number;
  /** Calls that were read and said the same already. */
  unchanged: number;
  /** Requests, retries not counted. */
  requests: number;
  /** Times that the list moved so that it had to be read anew. */
  restarts: number;
  /** Whether every call that was listed is in the table. `false`: the list moves too fast; try again. */
  complete: boolean;
  /** Why the store could not be used, if it could not; the table is up to date all the same. */
  storeError: Error | null;
}

/** Brings a table up to date, or joins the synchronisation that does so already. @internal */
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
  // A second handle: freeing the table meanwhile stops nothing.
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

/** The synchronisations under way, by the table that they fill. */
const underWay = new WeakMap<CallTable, Set<Run>>();

/** A synchronisation under way. It ends early when everyone who asked for it has left. */
class Run {
  private readonly hooks = new Set<Hook>();
  private readonly ended = new AbortController();
  private last: Progress | undefined;
  private readonly report: Promise<SyncReport>;

  /** `same` tells whether another call asks for the same. */
  constructor(
    private readonly runs: Set<Run>,
    readonly same: readonly unknown[],
    work: (tell: Hook, signal: AbortSignal) => Promise<SyncReport>,
  ) {
    runs.add(this);
    this.report = work((progress) => this.tell(progress), this.ended.signal).finally(() =>
      this.end(),
    );
    // There may be nobody left to hear of it.
    this.report.catch(() => {});
  }

  /** One more call that asks for it; `wait` ends when that call is aborted. */
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

/** Calls a hook. One that throws, or whose promise rejects, is reported and stops nothing. */
function hooked(tell: () => unknown): void {
  (async () => tell())().catch((error: unknown) => console.error(error));
}

/** Runs with what the store has, and keeps what comes. */
async function kept(
  keeper: Keeper,
  ask: Ask,
  tell: Hook,
  signal: AbortSignal,
  turnTimeout: number,
): Promise<SyncReport> {
  const now = (phase: Progress["phase"]) =>
    tell({ phase, done: keeper.length, total: null, requests: 0 });
  // What there is comes first, so that a page has something to show while it waits for its turn.
  await keeper.load();
  if (keeper.length > 0) now("listing");
  await keeper.turn(signal, turnTimeout, () => now("waiting"));
  await keeper.load();
  // Nobody hears the reason: everyone has left.
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
