// Keeps a table in a store: loads, merges and saves its snapshots. Not here: when (sync.ts); the stores (store.ts).
import type * as glue from "#glue";
import { isByrobotError, timeoutError } from "../wasm/errors.js";
import type { Handle } from "../wasm/handle.js";
import { instance } from "../wasm/instance.js";
import { type CallStore, isConflict, storeError } from "./store.js";
import { bytesIn } from "../table/bytes.js";
import type { CallTable } from "../table/table.js";

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

/** Keeps a table in a store. What goes wrong there is noted, and the store is left alone from then on. @internal */
export class Keeper {
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
