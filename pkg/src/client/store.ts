// Where a table is kept between visits. Not here: when it is loaded and saved (sync.ts).
import { invalidArgument, plain } from "../wasm/errors.js";

/**
 * Keeps tables as bytes. {@link indexedDbStore} is one; a few lines round a file or a cache make another.
 * A promise of it that rejects, or takes longer than `storeTimeout`, does not stop a synchronisation:
 * `storeError` of its report says why the calls could not be kept.
 */
export interface CallStore {
  /** What was saved last, or `null`. An `ArrayBuffer`, a `Blob` or a Node `Buffer` will do, too. */
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
  /**
   * Runs `work` when nobody else, in no tab, does so for this key; rejects when `signal` is aborted first.
   * A synchronisation waits for its turn within `timeout` and `totalTimeout`.
   */
  exclusive?<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** The store of a browser. */
export interface BrowserStore extends CallStore {
  /**
   * Forgets everything, or what there is of one task, also what was filtered, of every server. A
   * synchronisation that has begun before, in whichever tab, saves nothing afterwards.
   *
   * ```ts
   * const store = indexedDbStore();
   * await store.clear({ callJobId: 21752 });
   * await store.clear(); // at sign-out
   * ```
   * @throws {ByrobotError} `invalid_argument` for a task that is none. `StoreError` where the browser refuses.
   */
  clear(of?: {
    /** The task. */
    callJobId: number;
  }): Promise<void>;
}

const SNAPSHOTS = "snapshots";
/** Of each list the version that is saved; of what has been removed the last removal. */
const VERSIONS = "versions";

/** One for each database: so calls that ask for the same list may share a synchronisation. */
const stores = new Map<string, BrowserStore>();

/**
 * A store in the browser's IndexedDB, in pages and in workers. Calls are written as they come, with
 * customers' numbers: where several people share a browser, `clear` it at sign-out, or keep none.
 *
 * A write happens as a whole or not at all, also when the tab is closed meanwhile. Tabs that synchronise
 * the same list do so one after the other, each going on from what the other has saved; where the page
 * is not served securely (`navigator.locks` is missing) they merge what they save.
 *
 * ```ts
 * const store = indexedDbStore();
 * await client.syncDoneCalls(table, { callJobId: 21752 }, { store });
 * ```
 * @param name Of the database. Default `"byrobot-calls"`. The same name gives the same store.
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
  /** The versions that this store has loaded or saved. */
  private readonly held = new Map<string, string | null>();
  /** The removals there had been when a list's synchronisation began. */
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
        throw storeError("they have been removed since this synchronisation began");
      }
      const there = (await result<string | undefined>(versions.get(key))) ?? null;
      if ((this.held.get(key) ?? null) !== there) throw conflict();
      snapshots.put(snapshot, key);
      versions.put(version, key);
    });
    this.held.set(key, version);
  }

  async remove(key: string): Promise<void> {
    await this.removeThose((other) => other === key, removal(key));
  }

  async clear(of?: { callJobId: number }): Promise<void> {
    if (of === undefined) return this.removeThose(() => true, EVERYTHING);
    if (!Number.isSafeInteger(of?.callJobId)) {
      throw invalidArgument("callJobId", "expected a task's id");
    }
    const task = `"callJobId":${of.callJobId}`;
    return this.removeThose((key) => removal(key) === task, task);
  }

  private async removeThose(those: (key: string) => boolean, removal: string): Promise<void> {
    await this.within("readwrite", async (snapshots, versions) => {
      const keys = await result<IDBValidKey[]>(snapshots.getAllKeys());
      for (const key of keys.map(String).filter(those)) {
        snapshots.delete(key);
        versions.delete(key);
      }
      versions.put(random(), `removed ${removal}`);
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
      // What fails here fails when it is saved, too.
      removed.catch(() => undefined),
    );
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
      // Safari loses connections without an event: a new one tells whether it was that.
      if (isFirst && isLost(error)) return this.within(mode, work, false);
      throw isOurs(error) ? error : failure(error);
    }
  }

  /** Opens anew the next time, unless that has happened. */
  private forget(opened: Promise<IDBDatabase>): void {
    if (this.opened === opened) this.opened = undefined;
    opened.then(
      (database) => database.close(),
      () => {},
    );
  }
}

/** Opens a database; `lost` is called when it is closed from outside. */
async function open(name: string, lost: () => void): Promise<IDBDatabase> {
  const factory = globalThis.indexedDB as IDBFactory | null | undefined;
  if (factory === undefined || factory === null) throw storeError("there is no IndexedDB here");
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(SNAPSHOTS);
    request.result.createObjectStore(VERSIONS);
  };
  const database = await result<IDBDatabase>(request);
  // Another tab deletes the database, or has a newer one; and a browser may close it.
  database.onversionchange = database.onclose = lost;
  return database;
}

/** Names the removal of everything. */
const EVERYTHING = "everything";

/** Names the removals that a list's key falls under, besides that of everything: its task's, if it has one. */
const removal = (key: string): string => /"callJobId":-?\d+/.exec(key)?.[0] ?? key;

/** What tells whether a list has been removed since. */
async function removals(versions: IDBObjectStore, key: string): Promise<string> {
  const marks = [EVERYTHING, removal(key)].map((name) => result(versions.get(`removed ${name}`)));
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

/** Whether a store refused to save because another one has saved meanwhile. @internal */
export function isConflict(error: unknown): boolean {
  return (error as Partial<Error> | null | undefined)?.name === "StoreConflict";
}

const isOurs = (error: unknown): boolean =>
  isConflict(error) || (error instanceof Error && error.name === "StoreError");

function conflict(): Error {
  const error = new Error("this list has been saved elsewhere meanwhile: load it before saving");
  error.name = "StoreConflict";
  return error;
}

/** Why the calls are not kept. @internal */
export function storeError(why: string, cause?: unknown): Error {
  const error = plain(new Error(`the calls are not kept: ${why}`, { cause }));
  error.name = "StoreError";
  return error;
}

const isLost = (error: unknown): boolean =>
  ["InvalidStateError", "UnknownError", "AbortError"].includes(nameOf(error));

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

/** Why the browser keeps nothing, in words. */
function failure(cause: unknown): Error {
  const name = nameOf(cause);
  const why =
    name === "QuotaExceededError"
      ? "the browser's storage for this site is full: remove what is not needed, or ask for more with navigator.storage.persist()"
      : ["SecurityError", "InvalidStateError", "UnknownError"].includes(name)
        ? "the browser does not let this page store anything: private browsing, blocked cookies, or a full disk"
        : ["VersionError", "NotFoundError", "DataError"].includes(name)
          ? "a database of this name belongs to something else: give indexedDbStore() another name"
          : "IndexedDB failed";
  return storeError(`${why} (${name || String(cause)})`, cause);
}
