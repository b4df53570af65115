// `Paginator`: iterates over the rows of a list. Not here: which page is next (src/paging).
import type * as glue from "#glue";
import type { CallOptions } from "./options.js";
import { at, invalidArgument, optionsOf } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";
import { hooked } from "../wasm/hook.js";
import { settled } from "../wasm/instance.js";
import type { Page } from "../generated/models.js";

/** The progress of a pagination or a synchronisation. */
export interface Progress {
  /**
   * `waiting`: another tab or call synchronises this list, and this one waits for its end. `listing`: reads pages.
   * `verifying`: checks that no row is missing. `saving`: writes to the store.
   */
  phase: "waiting" | "listing" | "verifying" | "saving";
  /** Rows so far; in a synchronisation, calls of the list that are in the table. */
  done: number;
  /** Rows of the whole list; `null` if the server does not send it. */
  total: number | null;
  /** Requests so far, without retries. */
  requests: number;
}

/** Options of a pagination. Options of a call, also its time limits, apply to each request. */
export interface PaginatorOptions extends CallOptions {
  /**
   * Pages that are requested ahead, 0–100. Default 1: the next page arrives while you process this one. A greater number
   * sends requests in parallel, which is faster. It is safe for a list that does not change; rows of a list that moves
   * may be missed.
   */
  prefetch?: number | undefined;
  /** Called after each page. If it throws, the console shows the error. */
  onProgress?(progress: Progress): void;
}

/**
 * All rows of a list, read page by page on demand. Every `for await` begins at the first row. Leaving the loop cancels
 * pending requests; so do `return()` of the iterator, `destroy()` of a Node stream of it, and unsubscribing from an
 * RxJS observable of it.
 *
 * A row that is in the list during the whole pagination is returned exactly once, also if the list moves. A row that is
 * added meanwhile may be returned or not.
 *
 * ```ts
 * for await (const call of client.doneCalls({ callJobId: 21752 })) {
 *   if (call.duration !== null && call.duration > 600) break; // cancels the request of the next page
 * }
 * ```
 */
export interface Paginator<T> extends AsyncIterable<T> {
  /**
   * The pages, without the rows of earlier pages. A `pageNum` may repeat: a page is read again after rows have moved to
   * it.
   */
  pages(): AsyncIterable<Page<T>>;
  /**
   * All rows, or the first `limit` rows.
   *
   * @throws {ByrobotError} `invalid_argument` if `limit` is not a whole number from 0.
   */
  toArray(options?: { limit?: number | undefined }): Promise<T[]>;
}

/** The key by which RxJS and other libraries recognise observables. @internal */
const observable = ((Symbol as { readonly observable?: symbol }).observable ??
  "@@observable") as "@@observable";

/** The observer of RxJS and others. */
interface Observer<T> {
  next(row: T): void;
  error(reason: unknown): void;
  complete(): void;
}

/** A paginator over the module's. @internal */
export class ListPaginator<T> implements Paginator<T> {
  declare private readonly walk: Handle<glue.Pagination>;

  constructor(walk: glue.Pagination) {
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
        // After a failure of the module there is nothing to cancel.
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
    const { limit = Infinity } = optionsOf(options);
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

  /** RxJS leaves an iterator only at its next row; it cancels an observable at once. */
  [observable]() {
    const subscribe = (observer: Observer<T>) => {
      const rows = this[Symbol.asyncIterator]();
      const observe = async () => {
        for await (const row of rows) observer.next(row);
      };
      // What the observer throws is an error of the caller: the console shows it.
      observe().then(
        () => hooked(() => observer.complete()),
        (reason: unknown) => hooked(() => observer.error(reason)),
      );
      return { unsubscribe: () => void rows.return() };
    };
    return { subscribe };
  }
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * An iterator whose `return()` cancels the pending `next()`; `return()` of a generator would wait for it. Like a
 * generator it settles calls of `next()` in their order.
 */
class CancellableIterator<T> implements AsyncIterableIterator<T, undefined> {
  private over = false;
  private readonly made = new Error();
  /** Settles after all earlier calls of `next()`. */
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
