// Where a table is kept between visits. Not here: when it is loaded and saved (sync.ts).
import { invalidArgument } from "./errors.js";

/**
 * Keeps tables as bytes. {@link indexedDbStore} is one; a few lines round a file or a cache make another.
 * A promise of it that rejects does not stop a synchronisation: `storeError` of its report says why the
 * calls could not be kept.
 */
export interface CallStore {
  /** What was saved last, or `null`. */
  load(key: string): Promise<Uint8Array | null>;
  /**
   * Puts a snapshot in the place of the last one, as a whole or not at all. A store that others write to
   * rejects with an error named `StoreConflict` when the last one is not the one that it loaded or saved:
   * then a synchronisation loads that, puts both together and saves again.
   */
  save(key: string, snapshot: Uint8Array): Promise<void>;
  /** Forgets it. */
  remove(key: string): Promise<void>;
  /** A value that differs after every `save`, `null` for nothing saved; spares loading what is known. */
  version?(key: string): Promise<string | null>;
  /** Runs `work` when nobody else, in no tab, does so for this key; rejects when `signal` is aborted first. */
  exclusive?<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

const SNAPSHOTS = "snapshots";
const VERSIONS = "versions";

/**
 * A store in the browser's IndexedDB, in pages and in workers. Calls are written as they come, with
 * customers' numbers: where several people share a browser, `remove` them, or keep none.
 *
 * A write happens as a whole or not at all, also when the tab is closed meanwhile. Tabs that synchronise
 * the same list do so one after the other, each going on from what the other has saved; where the page
 * is not served securely (`navigator.locks` is missing) they merge what they save.
 *
 * ```ts
 * const store = indexedDbStore();
 * await client.syncDoneCalls(table, { callJobId: 21752 }, { store });
 * ```
 * @param name Of the database. Default `"byrobot-calls"`.
 */
export function indexedDbStore(name = "byrobot-calls"): CallStore {
  if (typeof name !== "string" || name === "") {
    throw invalidArgument("name", "expected the name of a database");
  }
  return new IndexedDbStore(name);
}

class IndexedDbStore implements CallStore {
  private readonly name: string;
  private opened: Promise<IDBDatabase> | undefined;
  /** The versions that this store has loaded or saved. */
  private readonly held = new Map<string, string | null>();

  constructor(name: string) {
    this.name = name;
  }

  async load(key: string): Promise<Uint8Array | null> {
    return this.within("readonly", async (snapshots, versions) => {
      const [snapshot, version] = await Promise.all([
        result<Uint8Array | undefined>(snapshots.get(key)),
        result<string | undefined>(versions.get(key)),
      ]);
      this.held.set(key, version ?? null);
      return snapshot ?? null;
    });
  }

  async save(key: string, snapshot: Uint8Array): Promise<void> {
    const version = crypto.getRandomValues(new Uint32Array(4)).join("-");
    await this.within("readwrite", async (snapshots, versions) => {
      const there = (await result<string | undefined>(versions.get(key))) ?? null;
      if ((this.held.get(key) ?? null) !== there) throw conflict();
      snapshots.put(snapshot, key);
      versions.put(version, key);
    });
    this.held.set(key, version);
  }

  async remove(key: string): Promise<void> {
    await this.within("readwrite", async (snapshots, versions) => {
      snapshots.delete(key);
      versions.delete(key);
    });
    this.held.delete(key);
  }

  async version(key: string): Promise<string | null> {
    return this.within(
      "readonly",
      async (_, versions) => (await result<string | undefined>(versions.get(key))) ?? null,
    );
  }

  async exclusive<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    if (locks === undefined) return work();
    let begun = false;
    const options = signal === undefined ? {} : { signal };
    try {
      // Typed by hand: the library's type loses what the work gives.
      return (await locks.request(`${this.name} ${key}`, options, () => {
        begun = true;
        return work();
      })) as T;
    } catch (error) {
      // A page may not be allowed locks at all, in a sandboxed frame for instance.
      if (begun || signal?.aborted === true) throw error;
      return work();
    }
  }

  /** Runs `work` in a transaction: what it writes is there as a whole when this resolves. */
  private async within<T>(
    mode: IDBTransactionMode,
    work: (snapshots: IDBObjectStore, versions: IDBObjectStore) => Promise<T>,
  ): Promise<T> {
    let transaction: IDBTransaction | undefined;
    try {
      const database = await this.open();
      transaction = database.transaction([SNAPSHOTS, VERSIONS], mode);
      const done = finished(transaction);
      const stores = [SNAPSHOTS, VERSIONS].map((store) => transaction!.objectStore(store));
      const [given] = await Promise.all([work(stores[0]!, stores[1]!), done]);
      return given;
    } catch (error) {
      if (isConflict(error)) {
        transaction?.abort();
        throw error;
      }
      throw storeError(error);
    }
  }

  private open(): Promise<IDBDatabase> {
    this.opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(SNAPSHOTS);
        request.result.createObjectStore(VERSIONS);
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const database = request.result;
        // Another tab deletes the database, or has a newer one; and a browser may close it.
        database.onversionchange = () => database.close();
        const forget = () => (this.opened = undefined);
        database.addEventListener("versionchange", forget);
        database.onclose = forget;
        resolve(database);
      };
    }).catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }
}

function result<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Whether a store refused to save because another one has saved meanwhile. @internal */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && error.name === "StoreConflict";
}

function conflict(): Error {
  const error = new Error("this list has been saved elsewhere meanwhile: load it before saving");
  error.name = "StoreConflict";
  return error;
}

/** Why the browser keeps nothing, in words. */
function storeError(cause: unknown): Error {
  const name = cause instanceof Error ? cause.name : "";
  const why =
    typeof indexedDB === "undefined"
      ? "there is no IndexedDB here"
      : name === "QuotaExceededError"
        ? "the browser's storage for this site is full: remove what is not needed, or ask for more with navigator.storage.persist()"
        : name === "SecurityError" || name === "InvalidStateError" || name === "UnknownError"
          ? "the browser does not let this page store anything: private browsing, blocked cookies, or a full disk"
          : "IndexedDB failed";
  const error = new Error(`the calls are not kept: ${why} (${name || String(cause)})`, { cause });
  error.name = "StoreError";
  return error;
}
