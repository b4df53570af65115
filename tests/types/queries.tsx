// The queries in the hooks of the libraries they are for, as their types have them: what is known of
// the data, the error, the page and the key.
import {
  QueryClient,
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { ByrobotClient, queries } from "byrobot-calls";
import type { CallDetail, DoneCall, Page, TaskDetail, UndialedCustomer } from "byrobot-calls";
import useSWR, { preload } from "swr";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <A, B>(_: Same<A, B>) => {};

const ask = queries(new ByrobotClient({ baseUrl: "/byrobot" }));

export function Hooks() {
  const task = useQuery(ask.taskDetail({ companyId: 1, taskId: 19 }));
  is<typeof task.data, TaskDetail | undefined>(true);
  const name = useQuery({
    ...ask.taskDetail({ companyId: 1, taskId: 19 }),
    select: (detail) => detail.jobName,
    retry: 2,
  });
  is<typeof name.data, string | undefined>(true);
  const sure = useSuspenseQuery(ask.callDetail({ callInstanceId: 540 }));
  is<typeof sure.data, CallDetail>(true);

  const calls = useInfiniteQuery(ask.doneCallsPages({ callJobId: 62 }));
  const rows = calls.data?.pages.flatMap((page) => page.list);
  is<typeof rows, DoneCall[] | undefined>(true);

  const waiting = ask.undialedCustomers({ taskId: 62 });
  const swr = useSWR(waiting.queryKey, waiting.queryFn);
  is<typeof swr.data, Page<UndialedCustomer> | undefined>(true);
  void preload(waiting.queryKey, waiting.queryFn);
  const off = useSWR(rows ? waiting.queryKey : null, waiting.queryFn);
  is<typeof off.data, Page<UndialedCustomer> | undefined>(true);
}

const cache = new QueryClient();
const task = queryOptions(ask.taskDetail({ companyId: 1, taskId: 19 }));
const known = cache.getQueryData(task.queryKey);
is<typeof known, TaskDetail | undefined>(true);
const pages = infiniteQueryOptions(ask.tasksPages({ companyId: 1 }));
void cache.prefetchInfiniteQuery(pages);

// @ts-expect-error: a task has a company.
ask.taskDetail({ taskId: 19 });
// @ts-expect-error: which page it is, the library says.
ask.doneCallsPages({ callJobId: 62, pageNum: 2 });
