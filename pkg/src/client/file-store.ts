// `fileStore`: keeps snapshots as files, in Node, Bun and Deno. Not here: the contract of stores (call-store.ts); locks
// between processes (file-lock.ts).
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type CallStore, conflict, isOurs, removalsBy, removalsOf, removed, removedBy, storeError } from "./call-store.js"; // prettier-ignore
import { locked } from "./file-lock.js";
import { invalidArgument } from "../wasm/errors.js";

/** The store in a folder. */
export interface FileStore extends CallStore {
  /**
   * Removes all snapshots, or those of one task: of every server, also those of filtered lists, and those of `syncTasks`,
   * which may have its calls. A synchronisation that began before, in any process, saves nothing afterwards.
   *
   * ```ts
   * import { fileStore } from "byrobot-calls/node";
   *
   * const store = fileStore("calls");
   * await store.clear({ callJobId: 21752 });
   * await store.clear();
   * ```
   * @throws {ByrobotError} `invalid_argument` if `callJobId` is not a task's id. `StoreError` if the folder refuses.
   */
  clear(of?: {
    /** The task's id. */
    callJobId: number;
  }): Promise<void>;
}

/** One store for each folder, so that calls for the same list can share a synchronisation. */
const stores = new Map<string, FileStore>();

/**
 * A store in a folder, for Node, Bun and Deno. It keeps calls as they are, with customers' numbers: only the user of the
 * process may read the files.
 *
 * A save replaces the file of a list as a whole: a crash or a full disk leaves the former one. Processes that synchronise
 * the same list take turns; one that dies holds the others up for five seconds. The first line of a file says which list it
 * has.
 *
 * ```ts
 * import { fileStore } from "byrobot-calls/node";
 *
 * const store = fileStore("calls");
 * await client.syncDoneCalls(table, { callJobId: 21752 }, { store });
 * await store.clear();
 * ```
 * @param folder The path of the folder, or a `file:` URL. The first synchronisation makes it. It has nothing but snapshots.
 * The same folder gives the same store.
 */
export function fileStore(folder: string | URL): FileStore {
  const given =
    folder instanceof URL && folder.protocol === "file:" ? fileURLToPath(folder) : folder;
  if (typeof given !== "string" || given === "") {
    throw invalidArgument("folder", "expected the path of a folder, or a file: URL");
  }
  const path = resolve(given);
  const store = stores.get(path) ?? new FolderStore(path);
  stores.set(path, store);
  return store;
}

/** The beginning of a file: its version. The key follows as JSON, and the snapshot on the next line. */
const head = /^byrobot-calls ([0-9a-f-]{36}) /;
const headLength = 51;

class FolderStore implements FileStore {
  /** The versions that this store has loaded or saved, by key. */
  private readonly held = new Map<string, string | null>();
  /** The removals before the synchronisation of a list began, by key. */
  private readonly begun = new Map<string, Promise<string | undefined>>();

  constructor(private readonly folder: string) {}

  async load(key: string): Promise<Uint8Array | null> {
    const file = await unlessMissing(readFile(this.pathOf(key, "calls")), null);
    const version = file === null ? null : versionIn(file);
    this.held.set(key, version);
    // Without a version the file is damaged: it counts as missing and is replaced.
    return file === null || version === null ? null : file.subarray(file.indexOf("\n") + 1);
  }

  async save(key: string, snapshot: Uint8Array): Promise<void> {
    const version = randomUUID();
    const begun = await this.begun.get(key);
    await this.alone(async () => {
      if (begun !== undefined && begun !== (await this.removals(key))) throw removed();
      if ((this.held.get(key) ?? null) !== (await this.version(key))) throw conflict();
      const first = `byrobot-calls ${version} ${JSON.stringify(key)}\n`;
      await this.replace(this.pathOf(key, "calls"), [first, snapshot]);
    });
    this.held.set(key, version);
  }

  async remove(key: string): Promise<void> {
    await this.removeThose((other) => other === key, removalsOf(key).slice(0, 1));
  }

  async clear(of?: { callJobId: number }): Promise<void> {
    const removals = removalsBy(of);
    await this.removeThose(removedBy(removals), removals);
  }

  async version(key: string): Promise<string | null> {
    const file = await unlessMissing(open(this.pathOf(key, "calls")), null);
    if (file === null) return null;
    try {
      const { buffer } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
      return versionIn(buffer);
    } catch (error) {
      throw failure(error);
    } finally {
      await file.close();
    }
  }

  async exclusive<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.begun.set(
      key,
      // A failure here fails the save, too.
      this.removals(key).catch(() => undefined),
    );
    let begun = false;
    const start = () => {
      begun = true;
      return work();
    };
    try {
      await this.make();
      return await locked(this.pathOf(key, "lock"), start, signal);
    } catch (error) {
      // A folder that cannot be written may have calls to load; the save says what is wrong.
      if (begun || signal?.aborted === true) throw error;
      return work();
    }
  }

  private pathOf(name: string, kind: "calls" | "lock" | "removed"): string {
    const hash = createHash("sha256").update(name).digest("hex").slice(0, 32);
    return join(this.folder, `${hash}.${kind}`);
  }

  private async make(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Runs `work` while no other process writes to the folder. */
  private async alone(work: () => Promise<void>): Promise<void> {
    try {
      await this.make();
      await locked(join(this.folder, "save.lock"), work);
    } catch (error) {
      throw failure(error);
    }
  }

  /** Writes a file under another name, and then renames it: there is no moment with half of it. */
  private async replace(path: string, parts: (string | Uint8Array)[]): Promise<void> {
    // Those of processes that ended while they wrote: nobody else writes now.
    for (const name of await this.files("tmp")) await rm(name, { force: true });
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      const file = await open(temporary, "wx", 0o600);
      try {
        for (const part of parts) await file.writeFile(part);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
    await synced(this.folder);
  }

  private async removeThose(those: (key: string) => boolean, removals: string[]): Promise<void> {
    await this.alone(async () => {
      for (const removal of removals) {
        await writeFile(this.pathOf(removal, "removed"), randomUUID(), { mode: 0o600 });
      }
      for (const path of await this.files("calls")) {
        const key = keyIn(await readFile(path));
        // A damaged file may be of any list.
        if (key === undefined || those(key)) await rm(path, { force: true });
      }
      for (const path of await this.files("tmp")) await rm(path, { force: true });
      await synced(this.folder);
    });
  }

  private async files(kind: string): Promise<string[]> {
    const names = await readdir(this.folder);
    return names.filter((name) => name.endsWith(`.${kind}`)).map((name) => join(this.folder, name));
  }

  /** A value that changes when a list is removed. */
  private async removals(key: string): Promise<string> {
    const marks = removalsOf(key).map((removal) =>
      unlessMissing(readFile(this.pathOf(removal, "removed"), "utf8"), ""),
    );
    return (await Promise.all(marks)).join(" ");
  }
}

const versionIn = (file: Buffer): string | null =>
  head.exec(file.toString("latin1", 0, headLength))?.[1] ?? null;

/** The key in a file; `undefined` if it is damaged. */
function keyIn(file: Buffer): string | undefined {
  if (versionIn(file) === null) return undefined;
  try {
    return JSON.parse(file.toString("utf8", headLength, file.indexOf("\n"))) as string;
  } catch {
    return undefined;
  }
}

/** Makes a rename last through a loss of power; Windows has no such call. */
async function synced(folder: string): Promise<void> {
  const opened = await open(folder).catch(() => null);
  await opened?.sync().catch(() => {});
  await opened?.close();
}

async function unlessMissing<T, O>(work: Promise<T>, otherwise: O): Promise<T | O> {
  return work.catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return otherwise;
    throw failure(error);
  });
}

const codeOf = (error: unknown): string | undefined =>
  (error as NodeJS.ErrnoException | null | undefined)?.code;

/** The error for a failure of the file system. */
function failure(cause: unknown): unknown {
  if (isOurs(cause)) return cause;
  const code = codeOf(cause) ?? "";
  const why = ["ENOSPC", "EDQUOT"].includes(code)
    ? "the disk is full"
    : ["EACCES", "EPERM", "EROFS"].includes(code)
      ? "this process may not use the folder, or the disk is read-only"
      : ["ENOTDIR", "EEXIST", "EISDIR"].includes(code)
        ? "something else has the name of the folder or of a file in it"
        : "the file system failed";
  return storeError(`${why} (${code || String(cause)})`, cause);
}
