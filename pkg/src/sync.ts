// Bringing a table up to date, and keeping it between visits: the store round what `src/paging` does.
import type * as glue from "#glue";
import { throwIfAborted } from "./aborted.js";
import { invalidArgument, isByrobotError } from "./errors.js";
import { type Handle, handleOf } from "./handle.js";
import { instance, settled } from "./instance.js";
import type { DoneCallsQuery } from "./models.js";
import { type CallStore, isConflict } from "./store.js";
import { CallTable } from "./table.js";
import type { Progress, WalkOptions } from "./walk.js";

/** Options of a synchronisation. */
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
   * `"walk"` (default) reads page by page, safe against rows that move while a task runs. `"cursor"`
   * asks for what comes after the greatest `callIndex` that is known, and falls back to `"walk"` where
   * the server ignores that.
   */
  mode?: "walk" | "cursor" | undefined;
  /** Told after each page, and before the table is saved. A hook that throws is reported on the console. */
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

/** Brings a table up to date. @internal */
export async function sync(
  client: glue.Client,
  table: CallTable,
  query: DoneCallsQuery,
  options?: SyncOptions,
): Promise<SyncReport> {
  if (!(table instanceof CallTable)) throw invalidArgument("table", "expected a CallTable");
  const list = await settled(async () => client.listKey(query, options));
  const { store } = options ?? {};
  // Whoever frees the table meanwhile stops nothing.
  const inside = handleOf("table", table["table"]().share());
  const tell = (progress: Progress) => options?.onProgress?.(progress);
  const run: Run = (onProgress) =>
    settled(() => client.syncDoneCalls(inside(), query, options, onProgress));
  if (store === undefined || store === null) {
    try {
      return { ...(await run(tell)), storeError: null };
    } finally {
      inside.free();
    }
  }
  const keeper = new Keeper(checked(store), `byrobot-calls/1 ${list}`, table, inside);
  try {
    return await kept(keeper, run, tell, options?.signal ?? undefined);
  } finally {
    // Whoever stopped it does not wait for the store.
    void keeper.save().then(() => inside.free());
  }
}

type Run = (onProgress: (progress: Progress) => void) => Promise<Omit<SyncReport, "storeError">>;

/** Runs with what the store has, and keeps what comes. */
async function kept(
  keeper: Keeper,
  run: Run,
  tell: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<SyncReport> {
  // What there is comes first, so that a page has something to show while it waits for its turn.
  await keeper.load();
  throwIfAborted(signal);
  const { length: there } = keeper;
  if (there > 0) hooked(() => tell({ phase: "listing", done: there, total: null, requests: 0 }));
  return keeper.exclusively(signal, async () => {
    await keeper.load();
    const report = await run((progress) => {
      keeper.saveIfWorthwhile();
      tell(progress);
    });
    if (keeper.hasChanges()) {
      const { length: done } = keeper;
      const { requests } = report;
      hooked(() => tell({ phase: "saving", done, total: done, requests }));
    }
    await keeper.save();
    return { ...report, storeError: keeper.error };
  });
}

function checked(store: CallStore): CallStore {
  const lacks = (["load", "save", "remove"] as const).find(
    (name) => typeof store[name] !== "function",
  );
  if (lacks !== undefined)
    throw invalidArgument("store", `expected a CallStore; it has no ${lacks}`);
  return store;
}

function hooked(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    console.error(error);
  }
}

/** What a store holds of each list, as far as a table knows: spares loading it again. */
const known = new WeakMap<CallTable, Map<string, unknown>>();

/** Changes after which a table is saved although there are more to come; and so is a quarter of it. */
const worthwhile = 2000;

/** Times that a table is put together with what others have saved, before the store is left alone. */
const mostConflicts = 5;

/** Keeps a table in a store. What goes wrong there is noted, and the store is left alone from then on. */
class Keeper {
  error: Error | null = null;
  /** Saves, one after the other. */
  private saving: Promise<void> = Promise.resolve();
  private savesAhead = 0;
  /** The table's revision that the store has. */
  private saved: number;

  constructor(
    private readonly store: CallStore,
    private readonly key: string,
    private readonly owner: CallTable,
    private readonly table: Handle<glue.Table>,
  ) {
    this.saved = table().revision;
  }

  /** Puts into the table what the store has, unless the table has it already. */
  async load(): Promise<void> {
    await this.guarded(async () => {
      const versions = this.versions();
      const before = versions.get(this.key);
      // Asked first: what is saved meanwhile is loaded once more rather than missed.
      const asked = this.store.version?.(this.key);
      if (before === undefined) {
        await Promise.all([asked, this.absorb(false)]);
        versions.set(this.key, (await asked) ?? null);
        return;
      }
      const version = (await asked) ?? null;
      // A store that tells no versions is read once.
      if (version === null || version === before) return;
      await this.absorb(true);
      versions.set(this.key, version);
    });
  }

  /** Runs `work` while no other tab does the same for this list. */
  async exclusively<T>(signal: AbortSignal | null | undefined, work: () => Promise<T>): Promise<T> {
    if (this.store.exclusive === undefined) return work();
    return this.store.exclusive(this.key, work, signal ?? undefined);
  }

  /** Calls in the table. */
  get length(): number {
    return this.table().length;
  }

  hasChanges(): boolean {
    return this.error === null && this.changes() > 0;
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
        await this.store.save(this.key, this.table().snapshot());
        this.saved = revision;
        break;
      } catch (error) {
        if (!isConflict(error) || conflicts === mostConflicts) throw error;
        // Someone else has saved: both have calls that the other has not.
        await this.absorb(false);
      }
    }
    this.versions().set(this.key, (await this.store.version?.(this.key)) ?? null);
  }

  private changes(): number {
    return (this.table().revision - this.saved) >>> 0;
  }

  private versions(): Map<string, unknown> {
    const versions = known.get(this.owner) ?? new Map<string, unknown>();
    known.set(this.owner, versions);
    return versions;
  }

  /** Puts what the store has into the table. What is damaged there will be overwritten. */
  private async absorb(newer: boolean): Promise<void> {
    const snapshot = await this.store.load(this.key);
    if (snapshot === null || snapshot === undefined) return;
    const changed = this.changes();
    try {
      const stored = instance().Table.restore(snapshot);
      this.table().absorb(stored, newer);
      stored.free();
    } catch (error) {
      if (!isByrobotError(error)) throw error;
      return;
    }
    this.saved = this.table().revision - changed;
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    if (this.error !== null) return;
    try {
      await work();
    } catch (error) {
      this.error = error instanceof Error ? error : new Error(String(error));
    }
  }
}
