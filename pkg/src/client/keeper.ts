// Keeps a table in a store: loads, merges and saves its snapshots. Not here: when (sync.ts); the stores (store.ts, file-store.ts).
import type * as glue from "#glue";
import { isByrobotError, timeoutError } from "../wasm/errors.js";
import type { Handle } from "../wasm/handle.js";
import { type CallStore, isConflict, storeError } from "./call-store.js";
import { bytesIn } from "../table/bytes.js";
import type { CallTable } from "../table/table.js";

/** What a table knows about the stored snapshot of a list. */
interface Known {
  /** The version of the store: an equal version is not loaded again. */
  version: unknown;
  /** The revision of the table in the store. */
  revision: number;
}
const known = new WeakMap<CallTable, Map<string, Known>>();

/** A run saves after so many changes, or after a quarter of the table has changed. */
const worthwhile = 2000;

/** How often a table is merged with snapshots of others before the save fails. */
const mostConflicts = 5;

/** Milliseconds of a wait before it is reported. */
const noticeable = 100;

/** Keeps a table in a store. After the first error it does not use the store any more. @internal */
export class Keeper {
  error: Error | null = null;
  /** The last save; saves run one after the other. */
  private saving: Promise<void> = Promise.resolve();
  private savesAhead = 0;
  /** Whether the table has the stored calls. Before that nothing is saved. */
  private loaded = false;
  /** Whether notes or checkpoints of the table have changed, which do not count as a change of it. */
  private hasMore = false;
  /** The revision of the table in the store. */
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
    // A table that was filled elsewhere is not in the store.
    const unknown = table().revision - (table().length > 0 ? 1 : 0);
    this.saved = this.lists.get(key)?.revision ?? unknown;
  }

  /** Adds the stored calls to the table, unless it has them. */
  async load(): Promise<void> {
    await this.guarded(async () => {
      const before = this.lists.get(this.key);
      // The version comes first: a save meanwhile is loaded twice rather than missed.
      const asked = this.version();
      if (before === undefined) {
        await Promise.all([asked, this.absorb(false)]);
        this.know(await asked);
      } else {
        const version = await asked;
        // A store without versions is read once.
        if (version !== null && version !== before.version) {
          await this.absorb(true);
          this.know(version);
        } else if (version === null && before.version !== null) {
          // The snapshot was removed: the whole table is saved again.
          this.saved = this.table().revision - 1;
          this.know(null);
        }
      }
      this.loaded = true;
    });
  }

  /** Waits until no other tab or call synchronises this list, and then keeps others out until `signal` is aborted. */
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

  /** The number of calls in the table. */
  get length(): number {
    return this.table().length;
  }

  hasChanges(): boolean {
    return this.loaded && this.error === null && (this.hasMore || this.changes() > 0);
  }

  /** Says that a note or a checkpoint of the table has changed: the next save has it. */
  changed(): void {
    this.hasMore = true;
  }

  /** Says that a list has been read with so many requests. With one, the checkpoint is as before. */
  read(requests: number): void {
    if (requests > 1) this.changed();
  }

  saveIfWorthwhile(): void {
    const due = Math.max(worthwhile, this.length / 4);
    if (this.savesAhead === 0 && this.changes() >= due) void this.save();
  }

  /** Saves the table if it has changed. Never rejects. */
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
      this.hasMore = false;
      try {
        await this.answer("save", this.store.save(this.key, this.table().snapshot()));
        this.saved = revision;
        break;
      } catch (error) {
        if (!isConflict(error) || conflicts === mostConflicts) throw error;
        // Another tab has saved: each side may have calls that the other has not.
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

  /** Adds the stored calls to the table. A damaged snapshot is ignored and overwritten later. */
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
      this.table().absorb(snapshot, newer);
    } catch (error) {
      if (isByrobotError(error) && error.code === "snapshot") return;
      throw error;
    }
    this.saved = this.table().revision - changed;
  }

  /** The answer of the store, or an error after `storeTimeout`. */
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
        : storeError("the store rejected with a value that is not an Error, see cause", error);
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

/** Settles like `work`, or rejects after so many milliseconds. */
function within<T>(limit: number, work: Promise<T>, late: () => Error): Promise<T> {
  if (limit === Infinity) return work;
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), limit);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
