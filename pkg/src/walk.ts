// Walks through lists: the iterator over what `src/paging` decides.
import type * as glue from "#glue";
import type { CallOptions } from "./client.js";
import { invalidArgument } from "./errors.js";
import { settled } from "./instance.js";
import type { Page } from "./models.js";

/** How far a walk or a synchronisation has come. */
export interface Progress {
  /** `listing` reads, `verifying` makes sure that nothing was missed, `saving` writes to the store. */
  phase: "listing" | "verifying" | "saving";
  /** Rows so far; of a synchronisation, calls of the list that are in the table. */
  done: number;
  /** Rows in all; `null` where the server does not say. */
  total: number | null;
  /** Requests so far, retries not counted. */
  requests: number;
}

/** Options of a walk. Those of a call, time limits too, hold for each of its requests. */
export interface WalkOptions extends CallOptions {
  /**
   * Pages requested before they are asked for, 0–100. Default 1: the next page comes while you work on
   * this one. More are requested at a time, which is quicker, and safe for a list that stands still;
   * of one that moves, rows may be missed.
   */
  prefetch?: number | undefined;
  /** Told after each page. A hook that throws is reported on the console. */
  onProgress?(progress: Progress): void;
}

/**
 * All rows of a list, read page by page when they are asked for. Every `for await` begins anew.
 *
 * A row that was listed when the walk began, and all the while since, comes exactly once, however the
 * list moves meanwhile. Rows that enter it later may or may not come.
 *
 * ```ts
 * for await (const call of client.doneCalls({ callJobId: 21752 })) {
 *   if (call.duration !== null && call.duration > 600) break; // cancels what is on its way
 * }
 * ```
 */
export interface Walk<T> extends AsyncIterable<T> {
  /**
   * The pages, less the rows that an earlier page had. Their `pageNum` may repeat: a page is read again
   * when rows have moved up.
   */
  pages(): AsyncIterable<Page<T>>;
  /**
   * All rows, or the first `limit` of them.
   *
   * @throws {ByrobotError} `invalid_argument` for a limit that is no whole number from 0.
   */
  toArray(options?: { limit?: number | undefined }): Promise<T[]>;
}

/** @internal */
export class ListWalk<T> implements Walk<T> {
  private readonly walk: glue.Walk;

  constructor(walk: glue.Walk) {
    this.walk = walk;
  }

  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    const pages = await settled(async () => this.walk.pages());
    try {
      for (;;) {
        const page: Page<T> | null = await settled(() => pages.next());
        if (page === null) return;
        yield page;
      }
    } finally {
      try {
        pages.cancel();
        pages.free();
      } catch {
        // After a panic there is nothing left to cancel.
      }
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.list;
  }

  async toArray({ limit = Infinity }: { limit?: number | undefined } = {}): Promise<T[]> {
    if (limit !== Infinity && !(Number.isSafeInteger(limit) && limit >= 0)) {
      throw invalidArgument("limit", "expected a whole number from 0");
    }
    const rows: T[] = [];
    if (limit === 0) return rows;
    for await (const page of this.pages()) {
      rows.push(...page.list.slice(0, limit - rows.length));
      if (rows.length === limit) break;
    }
    return rows;
  }
}
