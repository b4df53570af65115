// A run of a synchronisation: shared among callers, with a store. Not here: its requests (sync.ts, tasks-sync.ts), the
// store (keeper.ts).
import type * as glue from "#glue";
import { Keeper } from "./keeper.js";
import type { Progress } from "./paginator.js";
import type { CallStore } from "./call-store.js";
import type { SyncOptions } from "./sync-options.js";
import { sharedOf } from "../table/shared.js";
import type { CallTable } from "../table/table.js";
import { invalidArgument, reading } from "../wasm/errors.js";
import type { Handle } from "../wasm/handle.js";
import { hooked } from "../wasm/hook.js";
import { generation, settled } from "../wasm/instance.js";

/** A list that is synchronised. @internal */
export interface List {
  /** Server and query. */
  key: string;
  /** Milliseconds that a run waits for its turn. */
  turnTimeout: number;
  /** Milliseconds for an answer of the store. */
  storeTimeout: number;
  store: CallStore | undefined;
}

/** Options that every kind of run has. @internal */
export type RunOptions<P> = Omit<SyncOptions, "onProgress"> & { onProgress?(progress: P): void };

/** What is special of a kind of run. `P` is its progress, `R` its report. @internal */
export interface Kind<P, R> {
  client: glue.Client;
  table: CallTable;
  list: List;
  options: RunOptions<P> | undefined;
  /** What must be equal in two calls that share a run, beside the options of all kinds. */
  same: readonly unknown[];
  /** The progress before the first request, and after the last one. */
  progress(phase: Progress["phase"], calls: number, report?: R): P;
  work(
    table: Handle<glue.Table>,
    tell: (progress: P) => void,
    signal: AbortSignal,
    keeper: Keeper | undefined,
  ): Promise<R>;
}

/**
 * Checks the arguments of a synchronisation.
 *
 * @throws {ByrobotError} `invalid_argument`; the reason of a signal that is aborted.
 * @internal
 */
export function listOf(
  client: glue.Client,
  table: CallTable,
  endpoint: string,
  query: object,
  options: RunOptions<never> | undefined,
): List {
  sharedOf(table);
  const [key, turnTimeout, storeTimeout] = client.listKey(endpoint, query, options);
  return { key, turnTimeout, storeTimeout, store: checked(options?.store) };
}

/**
 * The promise of `call`, which gets a handle of the table for the client's module. The module frees it at the end, but
 * not if it fails: then a handle of another module is freed here. @internal
 */
export async function lending<T>(
  inside: Handle<glue.Table>,
  call: (table: glue.Table) => Promise<T>,
): Promise<T> {
  const born = generation();
  const table = inside().share();
  let isFreed = false;
  const free = table.free.bind(table);
  table.free = () => {
    if (!isFreed) free();
    isFreed = true;
  };
  try {
    return await settled(() => call(table));
  } finally {
    // A handle of the module that has failed ignores this.
    if (born !== generation()) table.free();
  }
}

/** Runs a synchronisation, or joins an equal one that is under way. @internal */
export async function run<P, R>(kind: Kind<P, R>): Promise<R & { storeError: Error | null }> {
  const { client, table, list, options } = kind;
  // A second handle: with a store, the synchronisation continues if the caller frees the table.
  const inside = sharedOf(table).second();
  const { headers, timeout, totalTimeout, retry, prefetch, mode, full } = options ?? {};
  const asked = [headers, timeout, totalTimeout, retry, prefetch, mode ?? "walk", full ?? false];
  const same = [client, list.key, list.store, list.storeTimeout, ...asked, ...kind.same];
  const runs = underWay.get(table) ?? new Set();
  underWay.set(table, runs);
  // A cast: the key of a list is of one kind.
  let found = [...runs].find((other) => other.same.every((part, at) => part === same[at])) as
    Run<P, R & { storeError: Error | null }> | undefined;
  if (found !== undefined) {
    inside.free();
  } else {
    found = new Run(runs, same, async (tell, signal, stop) => {
      const { store, storeTimeout } = list;
      const keeper =
        store && new Keeper(store, `byrobot-calls/1 ${list.key}`, storeTimeout, table, inside);
      try {
        return await performed(kind, inside, keeper, tell, signal, stop);
      } finally {
        // An abort does not wait for the store.
        void Promise.resolve(keeper?.save()).then(() => inside.free());
      }
    });
  }
  return found.join(
    (progress) => options?.onProgress?.(progress),
    (report) => settled(() => client.unlessAborted(report, options)),
  );
}

async function performed<P, R>(
  { table, list, progress, work }: Kind<P, R>,
  inside: Handle<glue.Table>,
  keeper: Keeper | undefined,
  tell: (progress: P) => void,
  signal: AbortSignal,
  stop: () => void,
): Promise<R & { storeError: Error | null }> {
  const { tell: changed, second } = sharedOf(table);
  const told = (progress: P) => {
    keeper?.saveIfWorthwhile();
    changed();
    tell(progress);
  };
  if (keeper === undefined) {
    let gone: { error: unknown } | undefined;
    /** Ends the run if the table has been freed: nothing else gets its calls. */
    const look = () => {
      try {
        second().free();
      } catch (error) {
        gone = { error };
        stop();
      }
    };
    const lookAndTell = (progress: P) => {
      told(progress);
      look();
    };
    try {
      const report = await work(inside, lookAndTell, signal, keeper);
      look();
      if (gone === undefined) return { ...report, storeError: null };
    } catch (error) {
      if (gone === undefined) throw error;
    }
    throw gone.error;
  }
  const now = (phase: Progress["phase"], report?: R) =>
    tell(progress(phase, keeper.length, report));
  // The stored calls come first, so that a page can show them while it waits for its turn.
  await keeper.load();
  changed();
  if (keeper.length > 0) now("listing");
  await keeper.turn(signal, list.turnTimeout, () => now("waiting"));
  await keeper.load();
  changed();
  // Every caller has left, so nothing receives the reason.
  if (signal.aborted) throw new Error("aborted");
  const report = await work(inside, told, signal, keeper);
  if (keeper.hasChanges()) now("saving", report);
  await keeper.save();
  changed();
  return { ...report, storeError: keeper.error };
}

/** The synchronisations under way, by their table. */
const underWay = new WeakMap<CallTable, Set<{ same: readonly unknown[] }>>();

/** A synchronisation under way. It ends early when its last caller has left. */
class Run<P, R> {
  private readonly hooks = new Set<(progress: P) => void>();
  private readonly ended = new AbortController();
  private last: { progress: P } | undefined;
  private readonly report: Promise<R>;

  /** Another call with an equal `same` joins the run. */
  constructor(
    private readonly runs: Set<{ same: readonly unknown[] }>,
    readonly same: readonly unknown[],
    work: (tell: (progress: P) => void, signal: AbortSignal, stop: () => void) => Promise<R>,
  ) {
    runs.add(this);
    const tell = (progress: P) => this.tell(progress);
    const end = () => this.end();
    this.report = work(tell, this.ended.signal, end).finally(end);
    // All callers may have left.
    this.report.catch(() => {});
  }

  /** Adds a caller; `wait` ends when the caller's signal is aborted. */
  async join(hook: (progress: P) => void, wait: (report: Promise<R>) => Promise<R>): Promise<R> {
    this.hooks.add(hook);
    const { last } = this;
    if (last !== undefined) hooked(() => hook(last.progress));
    try {
      return await wait(this.report);
    } finally {
      this.hooks.delete(hook);
      if (this.hooks.size === 0) this.end();
    }
  }

  private tell(progress: P): void {
    this.last = { progress };
    for (const hook of this.hooks) hooked(() => hook(progress));
  }

  private end(): void {
    this.runs.delete(this);
    this.ended.abort();
  }
}

function checked(store: CallStore | null | undefined): CallStore | undefined {
  if (store === undefined || store === null) return undefined;
  const lacks = reading("store", "a CallStore", () =>
    (["load", "save", "remove"] as const).find((name) => typeof store[name] !== "function"),
  );
  if (lacks !== undefined)
    throw invalidArgument("store", `expected a CallStore; it has no ${lacks}`);
  return store;
}
