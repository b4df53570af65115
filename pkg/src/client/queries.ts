// `queries`: makes queries for TanStack Query and SWR, and imports neither. Not here: the types of queries
// (query.ts), the requests (client.ts).
import type { ByrobotClient } from "./client.js";
import type { Page } from "../generated/models.js";
import { type CallQueries, queried } from "./generated/queries.js";
import type { CallOptions } from "./options.js";
import type { CallQuery, PagesQuery, QueryContext } from "./query.js";
import { invalidArgument, reading } from "../wasm/errors.js";

/**
 * Queries for TanStack Query and SWR. The function of a query sends the request; making a query sends nothing.
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
 * The rows of a running task move between pages, so a list that is read page by page may show a row twice or not at
 * all. `client.doneCalls` and `client.syncDoneCalls` return each row once.
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
        queryFn: async (context) => ask(asked, signalOf(context)),
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
        queryFn: async (context) => {
          const pageNum = reading("context", "a pageParam", () => context.pageParam);
          return ask({ ...asked, pageNum }, signalOf(context));
        },
        initialPageParam: 1,
        getNextPageParam: (last, _, page) => (isLast(last, page) ? undefined : page + 1),
        retry: false,
      };
    };
  };
  const made: Record<string, unknown> = {};
  for (const [name, [endpoint, isList]] of Object.entries(queried)) {
    const ask = reading("client", "a ByrobotClient", () => client[endpoint].bind(client)) as (
      query: object,
      options: CallOptions,
    ) => never;
    made[name] = one(endpoint, ask);
    if (isList) made[`${name}Pages`] = pages(endpoint, ask);
  }
  return made as unknown as CallQueries;
}

/** A copy of the query without fields that are `undefined`. Later changes of the query have no effect on it. */
const plain = <Q extends object>(query: Q): Q =>
  reading("query", "an object that can be read", () => {
    const fields = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
    return Object.fromEntries(fields) as Q;
  });

/** The signal of a context, as an option. TanStack Query aborts only queries that have read it. */
const signalOf = (context?: QueryContext): CallOptions =>
  reading("context", "what TanStack Query gives", () => {
    const given = context ?? {};
    return "signal" in given ? { signal: given.signal } : {};
  });

/** If the server does not send the number of pages, the first page that is not full is the last. */
const isLast = (last: Page<unknown>, page: number) =>
  reading("last", "a page of the list", () => {
    if (typeof page !== "number") throw invalidArgument("page", "expected the number of a page");
    const { list, pages, pageSize } = last;
    return list.length === 0 || (pages === null ? list.length < pageSize : page >= pages);
  });
