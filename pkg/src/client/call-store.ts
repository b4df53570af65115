// `CallStore`, the contract of stores: their errors, and which lists a removal removes. Not here: when a snapshot is
// loaded and saved (keeper.ts).
import { invalidArgument, plain } from "../wasm/errors.js";

/**
 * Keeps snapshots of tables. `indexedDbStore` and `fileStore` are two; a few lines make another of a cache. If one of its
 * promises rejects or takes longer than `storeTimeout`, the synchronisation continues, and `storeError` of its report
 * says why the calls are not kept.
 */
export interface CallStore {
  /** The last snapshot, or `null`. It may also be an `ArrayBuffer`, a `Blob` or a Node `Buffer`. */
  load(key: string): Promise<Uint8Array | null>;
  /**
   * Replaces the last snapshot, as a whole or not at all. If others write to the store and the last snapshot is not the
   * one that this store has loaded or saved, it rejects with an error named `StoreConflict`. Then the synchronisation
   * loads the last snapshot, merges both and saves again.
   */
  save(key: string, snapshot: Uint8Array): Promise<void>;
  /** Removes the snapshot. */
  remove(key: string): Promise<void>;
  /** A value that changes with every `save`; `null` without a snapshot. An equal version is not loaded again. */
  version?(key: string): Promise<string | null>;
  /**
   * Runs `work` while no other tab or call runs work for this key; rejects if `signal` is aborted before. A
   * synchronisation waits for its turn within `timeout` and `totalTimeout`.
   */
  exclusive?<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Names the removal of everything. */
const EVERYTHING = "everything";

/** Names the removal of the snapshots of companies, which may have the calls of any task. */
const COMPANIES = "companies";

/** The names of the removals that a list belongs to, its own first: of its task, if it has one. @internal */
export const removalsOf = (key: string): string[] => [
  /"callJobId":-?\d+/.exec(key)?.[0] ?? key,
  EVERYTHING,
  ...(key.includes(" getTasks?") ? [COMPANIES] : []),
];

/**
 * The names of the removals that `clear(of)` makes.
 * @throws {ByrobotError} `invalid_argument` if `callJobId` is not a task's id. @internal
 */
export function removalsBy(of: { callJobId: number } | undefined): string[] {
  if (of === undefined) return [EVERYTHING];
  if (!Number.isSafeInteger(of?.callJobId)) {
    throw invalidArgument("callJobId", "expected a task's id");
  }
  return [`"callJobId":${of.callJobId}`, COMPANIES];
}

/** Whether a list, by its key, belongs to one of these removals. @internal */
export const removedBy = (removals: readonly string[]) => (key: string) =>
  removalsOf(key).some((removal) => removals.includes(removal));

/** Whether a save failed because another store has saved meanwhile. @internal */
export function isConflict(error: unknown): boolean {
  return (error as Partial<Error> | null | undefined)?.name === "StoreConflict";
}

/** Whether an error is one of a store. @internal */
export const isOurs = (error: unknown): boolean =>
  isConflict(error) || (error instanceof Error && error.name === "StoreError");

/** A `StoreConflict`. @internal */
export function conflict(): Error {
  const error = new Error("this list has been saved elsewhere meanwhile: load it before saving");
  error.name = "StoreConflict";
  return error;
}

/** A `StoreError`. @internal */
export function storeError(why: string, cause?: unknown): Error {
  const error = plain(new Error(`the calls are not kept: ${why}`, { cause }));
  error.name = "StoreError";
  return error;
}

/** The error of a save after a removal. @internal */
export const removed = (): Error =>
  storeError("they have been removed since this synchronisation began");
