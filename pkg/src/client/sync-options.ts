// The options and the report of a synchronisation. Not here: the synchronisation (sync.ts, tasks-sync.ts).
import type { PaginatorOptions, Progress } from "./paginator.js";
import type { CallStore } from "./call-store.js";

/**
 * Options of a synchronisation. `timeout` and `totalTimeout` apply to each request, and to the wait for another
 * synchronisation of the same list.
 */
export interface SyncOptions extends Omit<PaginatorOptions, "prefetch"> {
  /**
   * Parallel requests while the whole list is read, 0–100 and at most the client's `maxConcurrency`. Default 1. With
   * more, a list that moves may be read a second time, page by page.
   */
  prefetch?: number | undefined;
  /**
   * Keeps the table between visits. Its calls are added to the table first; then `onProgress` is called with
   * `requests: 0`, so that a page can show them.
   */
  store?: CallStore | undefined;
  /**
   * Milliseconds for each answer of the store; `Infinity`: no limit. Default 10 000. A slower store is not used any
   * more: `storeError` says so, and the synchronisation continues.
   */
  storeTimeout?: number | undefined;
  /**
   * `"walk"` (default): reads page by page; rows may move while a task runs. `"cursor"`: requests the calls after the
   * greatest known `callIndex`, and falls back to `"walk"` if the server ignores that.
   */
  mode?: "walk" | "cursor" | undefined;
  /**
   * Called after each page, before the table is saved, and before a wait for another tab or call. If it throws, the
   * console shows the error.
   */
  onProgress?(progress: Progress): void;
  /** Reads the whole list again, also the pages that an earlier synchronisation has read. It finds all edits. */
  full?: boolean | undefined;
}

/** The report of a synchronisation. */
export interface SyncReport {
  /** Calls that were new to the table. */
  added: number;
  /** Calls whose row was replaced. */
  updated: number;
  /**
   * Calls that were read and whose row was equal. A link to a recording that differs only in its query, such as in a signature, counts as equal; the row gets the
   * newer link.
   */
  unchanged: number;
  /** Requests, without retries. */
  requests: number;
  /** How often the list moved so that it had to be read again. */
  restarts: number;
  /** Whether every call of the list is in the table. `false`: the list moves too fast; try again. */
  complete: boolean;
  /** Why the store could not be used; `null` if it could. The table is up to date in both cases. */
  storeError: Error | null;
}
