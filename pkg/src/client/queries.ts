// Keys and functions for query libraries, TanStack Query and SWR, without either of them. Not here:
// the calls themselves (client.ts).
import type { ByrobotClient, CallOptions } from "./client.js";
import type { Page } from "../generated/models.js";
import { type CallQueries, queried } from "../generated/queries.js";

export type { CallQueries };

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

/**
 * Queries for TanStack Query and SWR. Nothing is asked, and no library is needed, before a query's
 * function is called.
 *
 * ```tsx
 * import { useQuery } from "@tanstack/react-query";
 * import useSWR from "swr";
 *
 * const ask = queries(client);
 * const { data } = useQuery(ask.taskDetail({ companyId: 1, taskId: 21752 }));
 * const { queryKey, queryFn } = ask.callDetail({ callInstanceId: 5402053814 });
 * const { data: call } = useSWR(queryKey, queryFn);
 * ```
 *
 * A list that is read page by page shows rows twice or not at all when they move meanwhile, as those
 * of a running task do: `client.doneCalls` and `client.syncDoneCalls` see each one once.
 */
export function queries(client: ByrobotClient): CallQueries {
  const one = <Q extends object, T>(
    endpoint: string,
    ask: (query: Q, options: CallOptions) => Promise<T>,
  ) => {
    return (query: Q): CallQuery<Q, T> => {
      const asked = plain(query);
      return {
        queryKey: ["byrobot-calls", client.baseUrl, endpoint, asked],
        queryFn: (context) => ask(asked, signalOf(context)),
        retry: false,
      };
    };
  };
  const pages = <Q extends object, T>(
    endpoint: string,
    ask: (query: Q & { pageNum: number }, options: CallOptions) => Promise<Page<T>>,
  ) => {
    return (query: Q): PagesQuery<Q, T> => {
      const asked = plain(query);
      return {
        queryKey: ["byrobot-calls", client.baseUrl, endpoint, asked, "pages"],
        queryFn: (context) => ask({ ...asked, pageNum: context.pageParam }, signalOf(context)),
        initialPageParam: 1,
        getNextPageParam: (last, _, page) => (isLast(last, page) ? undefined : page + 1),
        retry: false,
      };
    };
  };
  const made: Record<string, unknown> = {};
  for (const [name, [endpoint, isList]] of Object.entries(queried)) {
    const ask = client[endpoint].bind(client) as (query: object, options: CallOptions) => never;
    made[name] = one(endpoint, ask);
    if (isList) made[`${name}Pages`] = pages(endpoint, ask);
  }
  return made as unknown as CallQueries;
}

/** A copy that later changes of the query do not reach, without what is `undefined`. */
const plain = <Q extends object>(query: Q): Q =>
  Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== undefined)) as Q;

/** The signal of a context, as an option. A getter of TanStack Query's: reading it asks to be aborted. */
const signalOf = (context: QueryContext = {}): CallOptions =>
  "signal" in context ? { signal: context.signal } : {};

/** Where the server does not say how many pages there are, one that is not full is the last. */
const isLast = ({ list, pages, pageSize }: Page<unknown>, page: number) =>
  list.length === 0 || (pages === null ? list.length < pageSize : page >= pages);
