// Types of queries for query libraries, TanStack Query and SWR. Not here: how they are made (queries.ts).
import type { Page } from "../generated/models.js";

/**
 * What tells a query from all others: this package, the server, the vendor's endpoint, and the query
 * without what is `undefined`. Plain JSON; no header, no signature and no key of the vendor's is in it.
 */
export type QueryKey<Q> = readonly ["byrobot-calls", string, string, Q];

/** What a query library hands to a query's function: TanStack Query its context, SWR the key. */
export type QueryContext =
  | {
      /** Aborts the call. */
      readonly signal?: AbortSignal | undefined;
    }
  | readonly unknown[];

/** A query: `useQuery(query)` of TanStack Query, `useSWR(query.queryKey, query.queryFn)` of SWR. */
export interface CallQuery<Q, T> {
  /** Tells it from all others. */
  readonly queryKey: QueryKey<Q>;
  /** Asks; aborted by the context's signal, which TanStack Query aborts when nobody waits any longer. */
  readonly queryFn: (context?: QueryContext) => Promise<T>;
  /** The client tries again by itself, and knows when that helps: the library need not. */
  readonly retry: false;
}

/** A list, page by page: `useInfiniteQuery(query)` of TanStack Query. */
export interface PagesQuery<Q, T> {
  /** Tells it from all others. */
  readonly queryKey: readonly [...QueryKey<Q>, "pages"];
  /** Asks for a page, the first is 1. */
  readonly queryFn: (context: {
    readonly pageParam: number;
    readonly signal?: AbortSignal | undefined;
  }) => Promise<Page<T>>;
  /** The first page. */
  readonly initialPageParam: 1;
  /** The page after one; `undefined` after the last. */
  readonly getNextPageParam: (
    last: Page<T>,
    all: readonly Page<T>[],
    page: number,
  ) => number | undefined;
  /** The client tries again by itself. */
  readonly retry: false;
}

/** A query without the number of its page. */
export type Unpaged<Q> = Omit<Q, "pageNum">;
