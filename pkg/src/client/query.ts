// Types of queries for query libraries, TanStack Query and SWR. Not here: how they are made (queries.ts).
import type { Page } from "../generated/models.js";

/**
 * Identifies a query: this package, the server, the vendor's endpoint, and the query without fields that are
 * `undefined`. It is plain JSON, without headers, signatures and keys of the vendor.
 */
export type QueryKey<Q> = readonly ["byrobot-calls", string, string, Q];

/** The argument of a query's function: TanStack Query passes its context, SWR the key. */
export type QueryContext =
  | {
      /** Aborts the call. */
      readonly signal?: AbortSignal | undefined;
    }
  | readonly unknown[];

/** A query: `useQuery(query)` of TanStack Query, `useSWR(query.queryKey, query.queryFn)` of SWR. */
export interface CallQuery<Q, T> {
  /** Identifies the query. */
  readonly queryKey: QueryKey<Q>;
  /** Sends the request. The context's signal aborts it; TanStack Query does so when no component waits for it. */
  readonly queryFn: (context?: QueryContext) => Promise<T>;
  /** The client retries by itself, and knows which errors pass; the library must not. */
  readonly retry: false;
}

/** A query of a list, page by page: `useInfiniteQuery(query)` of TanStack Query. */
export interface PagesQuery<Q, T> {
  /** Identifies the query. */
  readonly queryKey: readonly [...QueryKey<Q>, "pages"];
  /** Requests a page; the first is 1. */
  readonly queryFn: (context: {
    readonly pageParam: number;
    readonly signal?: AbortSignal | undefined;
  }) => Promise<Page<T>>;
  /** The first page. */
  readonly initialPageParam: 1;
  /** The number of the next page; `undefined` after the last. */
  readonly getNextPageParam: (
    last: Page<T>,
    all: readonly Page<T>[],
    page: number,
  ) => number | undefined;
  /** The client retries by itself. */
  readonly retry: false;
}

/** A query without `pageNum`. */
export type Unpaged<Q> = Omit<Q, "pageNum">;
