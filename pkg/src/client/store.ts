// The store in IndexedDB, which keeps snapshots between visits. Not here: the contract of stores (call-store.ts); files
// (file-store.ts).
import {
  type CallStore,
  conflict,
  isOurs,
  removalsBy,
  removalsOf,
  removed,
  removedBy,
  storeError,
} from "./call-store.js";
import { invalidArgument } from "../wasm/errors.js";

/** The store of a browser. */
export interface BrowserStore extends CallStore {
  /**
   * Removes all snapshots, or those of one task: of every server, also those of filtered lists, and those of `syncTasks`,
   * which may have its calls. A synchronisation that began before, in any tab, saves nothing afterwards.
   *
   * ```ts
   * const store = indexedDbStore();
   * await store.clear({ callJobId: 21752 });
   * await store.clear(); // at sign-out
   * ```
   * @throws {ByrobotError} `invalid_argument` if `callJobId` is not a task's id. `StoreError` if the browser refuses.
   */
  clear(of?: {
    /** The task's id. */
    callJobId: number;
  }): Promise<void>;
}

const SNAPSHOTS = "snapshots";
/** The version of each saved list, and the last removals. */
const VERSIONS = "versions";

/** One store for each database, so that calls for the same list can share a synchronisation. */
const stores = new Map<string, BrowserStore>();

/**
 * A store in the browser's IndexedDB, for pages and workers. It keeps calls as they are, with customers' numbers: if
 * several people share a browser, `clear` it at sign-out, or use no store.
 *
 * A write is complete or does not happen, also if the tab is closed. Tabs that synchronise the same list take turns, and
 * each continues from the snapshot of the other. On a page without a secure context (`navigator.locks` is missing) they
 * merge their snapshots.
 *
 * ```ts
 * const store = indexedDbStore();
 * await client.syncDoneCalls(table, { callJobId: 21752 }, { store });
 * ```
 * @param name The name of the database. Default `"byrobot-calls"`. The same name gives the same store.
 */
export function indexedDbStore(name = "byrobot-calls"): BrowserStore {
  if (typeof name !== "string" || name === "") {
    throw invalidArgument("name", "expected the name of a database");
  }
  const store = stores.get(name) ?? new IndexedDbStore(name);
  stores.set(name, store);
  return store;
}

class IndexedDbStore implements BrowserStore {
  private readonly name: string;
  private opened: Promise<IDBDatabase> | undefined;
  /** The versions that this store has loaded or saved, by key. */
  private readonly held = new Map<string, string | null>();
  /** The removals before the synchronisation of a list began, by key. */
  private readonly begun = new Map<string, Promise<string | undefined>>();

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
    const version = random();
    const begun = await this.begun.get(key);
    await this.within("readwrite", async (snapshots, versions) => {
      if (begun !== undefined && begun !== (await removals(versions, key))) {
        throw removed();
      }
      const there = (await result<string | undefined>(versions.get(key))) ?? null;
      if ((this.held.get(key) ?? null) !== there) throw conflict();
      snapshots.put(snapshot, key);
      versions.put(version, key);
    });
    this.held.set(key, version);
  }

  async remove(key: string): Promise<void> {
    await this.removeThose((other) => other === key, removalsOf(key).slice(0, 1));
  }

  async clear(of?: { callJobId: number }): Promise<void> {
    const removals = removalsBy(of);
    return this.removeThose(removedBy(removals), removals);
  }

  private async removeThose(those: (key: string) => boolean, removals: string[]): Promise<void> {
    await this.within("readwrite", async (snapshots, versions) => {
      const keys = await result<IDBValidKey[]>(snapshots.getAllKeys());
      for (const key of keys.map(String).filter(those)) {
        snapshots.delete(key);
        versions.delete(key);
      }
      for (const removal of removals) versions.put(random(), `removed ${removal}`);
    });
  }

  async version(key: string): Promise<string | null> {
    return this.within(
      "readonly",
      async (_, versions) => (await result<string | undefined>(versions.get(key))) ?? null,
    );
  }

  async exclusive<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const removed = this.within("readonly", (_, versions) => removals(versions, key));
    this.begun.set(
      key,
      // A failure here fails the save, too.
      removed.catch(() => undefined),
    );
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    if (locks === undefined) return work();
    let begun = false;
    const options = signal === undefined ? {} : { signal };
    try {
      // A cast: the library's type loses the type of the result.
      return (await locks.request(`${this.name} ${key}`, options, () => {
        begun = true;
        return work();
      })) as T;
    } catch (error) {
      // A page may not be allowed to use locks, for example in a sandboxed frame.
      if (begun || signal?.aborted === true) throw error;
      return work();
    }
  }

  /** Runs `work` in a transaction, which is complete when this resolves. */
  private async within<T>(
    mode: IDBTransactionMode,
    work: (snapshots: IDBObjectStore, versions: IDBObjectStore) => Promise<T>,
    isFirst = true,
  ): Promise<T> {
    const opened = (this.opened ??= open(this.name, () => this.forget(opened)));
    let transaction: IDBTransaction | undefined;
    try {
      transaction = (await opened).transaction([SNAPSHOTS, VERSIONS], mode);
      const done = finished(transaction);
      const stores = [SNAPSHOTS, VERSIONS].map((store) => transaction!.objectStore(store));
      const [given] = await Promise.all([work(stores[0]!, stores[1]!), done]);
      return given;
    } catch (error) {
      if (isOurs(error) && transaction !== undefined) {
        transaction.abort();
        throw error;
      }
      this.forget(opened);
      // Safari loses connections without an event; a second try opens a new one.
      if (isFirst && isLost(error)) return this.within(mode, work, false);
      throw isOurs(error) ? error : failure(error);
    }
  }

  /** Closes a connection; the next transaction opens a new one. */
  private forget(opened: Promise<IDBDatabase>): void {
    if (this.opened === opened) this.opened = undefined;
    opened.then(
      (database) => database.close(),
      () => {},
    );
  }
}

/** Opens a database; `lost` is called when the browser closes it. */
async function open(name: string, lost: () => void): Promise<IDBDatabase> {
  const factory = globalThis.indexedDB as IDBFactory | null | undefined;
  if (factory === undefined || factory === null) throw storeError("there is no IndexedDB here");
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(SNAPSHOTS);
    request.result.createObjectStore(VERSIONS);
  };
  const database = await result<IDBDatabase>(request);
  // Another tab deletes or upgrades the database, or the browser closes it.
  database.onversionchange = database.onclose = lost;
  return database;
}

/** A value that changes when a list is removed. */
async function removals(versions: IDBObjectStore, key: string): Promise<string> {
  const marks = removalsOf(key).map((name) => result(versions.get(`removed ${name}`)));
  return (await Promise.all(marks)).join(" ");
}

const random = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");

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

const isLost = (error: unknown): boolean =>
  ["InvalidStateError", "UnknownError", "AbortError"].includes(nameOf(error));

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

/** The error for a failure of IndexedDB. */
function failure(cause: unknown): Error {
  const name = nameOf(cause);
  const why =
    name === "QuotaExceededError"
      ? "the browser's storage for this site is full: remove data, or request more with navigator.storage.persist()"
      : ["SecurityError", "InvalidStateError", "UnknownError"].includes(name)
        ? "the browser does not let this page store anything: private browsing, blocked cookies, or a full disk"
        : ["VersionError", "NotFoundError", "DataError"].includes(name)
          ? "a database of this name belongs to something else: give indexedDbStore() another name"
          : "IndexedDB failed";
  return storeError(`${why} (${name || String(cause)})`, cause);
}
