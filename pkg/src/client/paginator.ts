// Walks through lists: the iterator over what `src/paging` decides.
import type * as glue from "#glue";
import type { CallOptions } from "./options.js";
import { at, invalidArgument } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";
import { settled } from "../wasm/instance.js";
import type { Page } from "../generated/models.js";

/** How far a walk or a synchronisation has come. */
export interface Progress {
  /**
   * `waiting`: another tab or call synchronises this list, and this one waits until that has ended.
   * `listing` reads, `verifying` makes sure that nothing was missed, `saving` writes to the store.
   */
  phase: "waiting" | "listing" | "verifying" | "saving";
  /** Rows so far; of a synchronisation, calls of the list that are in the table. */
  done: number;
  /** Rows in all; `null` where the server does not say. */
  total: number | null;
  /** Requests so far, retries not counted. */
  requests: number;
}

/** Options of a walk. Those of a call, time limits too, hold for each of its requests. */
export interface PaginatorOptions extends CallOptions {
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
 * All rows of a list, read page by page when they are asked for. Every `for await` begins anew, and
 * leaving it cancels what is on its way; so do `return()` of its iterator, `destroy()` of a stream
 * that Node makes of it, and unsubscribing from what RxJS does.
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
export interface Paginator<T> extends AsyncIterable<T> {
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

/** By which RxJS and other libraries know what can be observed. @internal */
const observable = ((Symbol as { readonly observable?: symbol }).observable ??
  "@@observable") as "@@observable";

/** What is told of each row. */
interface Observer<T> {
  next(row: T): void;
  error(reason: unknown): void;
  complete(): void;
}

/** @internal */
export class ListPaginator<T> implements Paginator<T> {
  declare private readonly walk: Handle<glue.Walk>;

  constructor(walk: glue.Walk) {
    hide(this, { walk: handleOf("walk", walk) });
  }

  pages(): CancellableIterator<Page<T>> {
    let pages: Handle<glue.Pages> | undefined;
    const next = async (): Promise<IteratorResult<Page<T>, undefined>> => {
      const page: Page<T> | null = await settled(() =>
        (pages ??= handleOf("walk", this.walk().pages()))().next(),
      );
      return page === null ? end : { done: false, value: page };
    };
    return new CancellableIterator(next, () => {
      try {
        pages?.().cancel();
      } catch {
        // After a failure of the module there is nothing left to cancel.
      }
      pages?.free();
    });
  }

  [Symbol.asyncIterator](): CancellableIterator<T> {
    const pages = this.pages();
    let rows: Iterator<T, unknown> = [].values();
    const next = async (): Promise<IteratorResult<T, undefined>> => {
      for (;;) {
        const row = rows.next();
        if (!row.done) return row;
        const page = await pages.next();
        if (page.done) return end;
        rows = page.value.list.values();
      }
    };
    return new CancellableIterator(next, () => void pages.return());
  }

  async toArray(options?: { limit?: number | undefined }): Promise<T[]> {
    const { limit = Infinity } = options ?? {};
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

  /** RxJS leaves an iterator only when its next row comes; what can be observed it cancels at once. */
  [observable]() {
    const subscribe = (observer: Observer<T>) => {
      const rows = this[Symbol.asyncIterator]();
      const observe = async () => {
        for await (const row of rows) observer.next(row);
      };
      observe().then(
        () => observer.complete(),
        (reason: unknown) => observer.error(reason),
      );
      return { unsubscribe: () => void rows.return() };
    };
    return { subscribe };
  }
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * An iterator whose `return` cancels what `next` waits for: that of a generator would wait for it, too.
 * Several calls of `next` are answered in their order, as a generator does.
 */
class CancellableIterator<T> implements AsyncIterableIterator<T, undefined> {
  private over = false;
  private readonly made = new Error();
  /** Settled when all calls of `next` so far are. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ask: () => Promise<IteratorResult<T, undefined>>,
    private readonly cancel: () => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const next = this.last.then(async () => {
      if (this.over) return end;
      try {
        const result = await this.ask();
        if (result.done) this.stop();
        return this.over ? end : result;
      } catch (error) {
        this.stop();
        throw at(this.made, error);
      }
    });
    this.last = next.catch(() => {});
    return next;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.stop();
    await this.last;
    return end;
  }

  async throw(reason: unknown): Promise<IteratorResult<T, undefined>> {
    await this.return();
    throw reason;
  }

  private stop(): void {
    if (this.over) return;
    this.over = true;
    this.cancel();
  }
}
