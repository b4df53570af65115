// Bringing a table up to date, and keeping it between visits: the store round what `src/paging` does.
import type * as glue from "#glue";
import { invalidArgument, isByrobotError, timeoutError } from "../wasm/errors.js";
import { type Handle, handleOf } from "../wasm/handle.js";
import { instance, settled } from "../wasm/instance.js";
import type { DoneCallsQuery } from "../generated/models.js";
import { type CallStore, isConflict, storeError } from "./store.js";
import { bytesIn, CallTable } from "../table/table.js";
import type { Progress, WalkOptions } from "./paginator.js";

/**
 * Options of a synchronisation. `timeout` and `totalTimeout` hold for each of its requests, and for the
 * time that it waits for another one of the same list.
 */
export interface SyncOptions extends Omit<WalkOptions, "prefetch"> {
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

/** What a store holds of a list, as far as a table knows. */
interface Known {
  /** Spares loading it again. */
  version: unknown;
  /** The table's revision that is saved. */
  revision: number;
}
const known = new WeakMap<CallTable, Map<string, Known>>();

/** Changes after which a table is saved although there are more to come; and so is a quarter of it. */
const worthwhile = 2000;

/** Times that a table is put together with what others have saved, before the store is left alone. */
const mostConflicts = 5;

/** Milliseconds that a turn may take before the wait is told of. */
const noticeable = 100;

/** Keeps a table in a store. What goes wrong there is noted, and the store is left alone from then on. */
class Keeper {
  error: Error | null = null;
  /** Saves, one after the other. */
  private saving: Promise<void> = Promise.resolve();
  private savesAhead = 0;
  /** Whether the table has what the store had: before, nothing may take the place of that. */
  private loaded = false;
  /** The table's revision that the store has. */
  private saved: number;
  private readonly lists: Map<string, Known>;

  constructor(
    private readonly store: CallStore,
    private readonly key: string,
    private readonly timeout: number,
    owner: CallTable,
    private readonly table: Handle<glue.Table>,
  ) {
    this.lists = known.get(owner) ?? new Map<string, Known>();
    known.set(owner, this.lists);
    // Of a table that was filled elsewhere the store has nothing.
    const unknown = table().revision - (table().length > 0 ? 1 : 0);
    this.saved = this.lists.get(key)?.revision ?? unknown;
  }

  /** Puts into the table what the store has, unless the table has it already. */
  async load(): Promise<void> {
    await this.guarded(async () => {
      const before = this.lists.get(this.key);
      // Asked first: what is saved meanwhile is loaded once more rather than missed.
      const asked = this.version();
      if (before === undefined) {
        await Promise.all([asked, this.absorb(false)]);
        this.know(await asked);
      } else {
        const version = await asked;
        // A store that tells no versions is read once.
        if (version !== null && version !== before.version) {
          await this.absorb(true);
          this.know(version);
        } else if (version === null && before.version !== null) {
          // It has been removed: all of the table is to be saved again.
          this.saved = this.table().revision - 1;
          this.know(null);
        }
      }
      this.loaded = true;
    });
  }

  /** Waits until no other tab or call synchronises this list; from then on none does, until `signal` is aborted. */
  async turn(signal: AbortSignal, limit: number, waiting: () => void): Promise<void> {
    const { store, key } = this;
    if (store.exclusive === undefined || this.error !== null) return;
    const granted = new Promise<void>((resolve, reject) => {
      const hold = () => {
        resolve();
        return aborted(signal);
      };
      const over = () => reject(storeError("the store's exclusive() has not run its work"));
      Promise.resolve(store.exclusive?.(key, hold, signal)).then(over, reject);
    });
    const patience = setTimeout(waiting, noticeable);
    try {
      const late = `another tab or call has been synchronising this list for ${limit} ms (timeout or totalTimeout)`;
      await within(limit, Promise.race([granted, aborted(signal)]), () => timeoutError(late));
    } catch (error) {
      if (isByrobotError(error)) throw error;
      if (!signal.aborted) this.fail(error);
    } finally {
      clearTimeout(patience);
    }
  }

  /** Calls in the table. */
  get length(): number {
    return this.table().length;
  }

  hasChanges(): boolean {
    return this.loaded && this.error === null && this.changes() > 0;
  }

  saveIfWorthwhile(): void {
    const due = Math.max(worthwhile, this.length / 4);
    if (this.savesAhead === 0 && this.changes() >= due) void this.save();
  }

  /** Saves the table, if there is anything new. Never rejects. */
  save(): Promise<void> {
    this.savesAhead += 1;
    this.saving = this.saving.then(async () => {
      await this.guarded(async () => {
        if (this.hasChanges()) await this.write();
      });
      this.savesAhead -= 1;
    });
    return this.saving;
  }

  private async write(): Promise<void> {
    for (let conflicts = 0; ; conflicts += 1) {
      const { revision } = this.table();
      try {
        await this.answer("save", this.store.save(this.key, this.table().snapshot()));
        this.saved = revision;
        break;
      } catch (error) {
        if (!isConflict(error) || conflicts === mostConflicts) throw error;
        // Someone else has saved: both have calls that the other has not.
        await this.absorb(false);
      }
    }
    this.know(await this.version());
  }

  private changes(): number {
    return (this.table().revision - this.saved) >>> 0;
  }

  private know(version: unknown): void {
    this.lists.set(this.key, { version, revision: this.saved });
  }

  private async version(): Promise<unknown> {
    return (await this.answer("version", this.store.version?.(this.key))) ?? null;
  }

  /** Puts what the store has into the table. What is damaged there will be overwritten. */
  private async absorb(newer: boolean): Promise<void> {
    let given: unknown = await this.answer("load", this.store.load(this.key));
    if (given === null || given === undefined) return;
    if (isBlob(given)) given = await this.answer("load", given.arrayBuffer());
    const snapshot = bytesIn(given);
    if (snapshot === undefined) {
      const kind = Object.prototype.toString.call(given).slice(8, -1);
      throw storeError(`the store's load() gave ${kind}, not a Uint8Array or null`);
    }
    const changed = this.changes();
    try {
      const stored = instance().Table.restore(snapshot);
      this.table().absorb(stored, newer);
      stored.free();
    } catch (error) {
      if (isByrobotError(error) && error.code === "snapshot") return;
      throw error;
    }
    this.saved = this.table().revision - changed;
  }

  /** What the store answers, unless it takes too long. */
  private answer<T>(method: string, asked: T): Promise<Awaited<T>> {
    const late = () =>
      storeError(
        `the store's ${method}() has not answered within ${this.timeout} ms (storeTimeout)`,
      );
    return within(this.timeout, Promise.resolve(asked), late);
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    if (this.error !== null) return;
    try {
      await work();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.error ??=
      error instanceof Error
        ? error
        : storeError("the store rejected with something that is no Error, see cause", error);
  }
}

const isBlob = (given: unknown): given is Blob =>
  typeof given === "object" &&
  given !== null &&
  "arrayBuffer" in given &&
  typeof given.arrayBuffer === "function";

/** Resolves when a signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** `work`, or after so many milliseconds a rejection. */
function within<T>(limit: number, work: Promise<T>, late: () => Error): Promise<T> {
  if (limit === Infinity) return work;
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), limit);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
