// A program of a user's: a report on one company, from its tasks down to single conversations, with
// every name and every field that the package's design has. It compiles, and it runs.
import {
  ByrobotClient,
  CallTable,
  JobStatus,
  indexedDbStore,
  init,
  label,
  version,
} from "byrobot-calls";
import type {
  ByrobotError,
  CallOptions,
  CallFilter,
  CallStore,
  ClientOptions,
  CodeTable,
  DoneCall,
  DoneCallsQuery,
  FetchFunction,
  GetTaskDetailQuery,
  GetTasksQuery,
  HeadersSource,
  NamedValue,
  PhoneLogQuery,
  Progress,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  RetryOptions,
  SyncOptions,
  SyncReport,
  Task,
  UndialedCustomer,
  UndialedQuery,
  Paginator,
  PaginatorOptions,
} from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";
import type {
  SandboxEndpoint,
  SandboxFault,
  SandboxOptions,
  SandboxRule,
} from "byrobot-calls/sandbox";
import {
  severities,
  first,
  describeTask,
  describeDetail,
  end,
  describeCall,
  describeWaiting,
  describeDetailOfCall,
  describeError,
} from "./describe.js";

type Answer<Method extends keyof ByrobotClient> = Awaited<ReturnType<ByrobotClient[Method]>>;
type DonePage = Answer<"queryDoneTaskPhones">;
type Row = DonePage["list"][number];

const tables: readonly CodeTable[] = [
  "jobStatus",
  "jobType",
  "callStatus",
  "finishStatus",
  "hangUp",
  "readStatus",
  "speaker",
];

// ── a client with everything a client can have ──

const events: (RequestEvent | ResponseEvent | RetryEvent)[] = [];
const retry: RetryOptions = { attempts: 4, minDelay: 0, maxDelay: 10, maxRetryAfter: 1000 };
const asyncHeaders: HeadersSource = async () => new Headers({ appkey: "key" });
const pairs: HeadersSource = [["datetime", "20240315103000"]];

function clientOf(fetch: FetchFunction, more: CallOptions = {}): ByrobotClient {
  const options: ClientOptions = {
    baseUrl: "https://proxy.test/",
    credentials: "same-origin",
    fetch,
    maxConcurrency: 4,
    headers: asyncHeaders,
    timeout: 10_000,
    totalTimeout: 60_000,
    retry,
    onRequest: (event) => void events.push(event),
    onResponse(event) {
      events.push(event);
    },
    onRetry: ({ error, delayMs, ...event }) => {
      const { code }: ByrobotError = error;
      events.push({ ...event, error, delayMs });
      console.assert(severities[code] === "again" && delayMs >= 0);
    },
    ...more,
  };
  return new ByrobotClient(options);
}

// ── the program ──

const check = (holds: boolean, what: string) => {
  if (!holds) throw new Error(what);
};

await init();
check(/^\d+\.\d+\.\d+$/.test(version), "a version");
check(
  tables.every((table) => label(table, 99, "en") !== label(table, null, "en")),
  "labels",
);

const companyId = 1;
const sandbox = await createSandbox({ companyId, tasks: 12, callsPerTask: 300 });
const client = clientOf(sandbox.fetch);
const signal = AbortSignal.timeout(60_000);
const once: CallOptions = { signal, retry: false, timeout: Infinity, headers: pairs };

const running = JobStatus.Running satisfies JobStatus;
const asked: GetTasksQuery = { companyId, status: running, pageNum: 1, pageSize: 100 };
const task = first(await client.getTasks({ ...asked, needAll: false, taskName: "" }, once));
check(describeTask(task).running, "a running task");

const born: GetTasksQuery = { companyId, createDate: "2024-02-29" };
check(
  (await client.getTasks(born)).list.every(({ status }) => status !== running),
  "old tasks",
);

const one: GetTaskDetailQuery = { companyId, taskId: task.callJobId };
const detail = describeDetail(await client.getTaskDetail(one, { signal }));
check(detail.counts.length === 6 && detail.lines.length > 0, "counts and lines");

const bounds = { durationLeft: 1, durationRight: 600, chatRoundLeft: 1, chatRoundRight: 99 };
const done: DoneCallsQuery = { callJobId: detail.id, finishStatus: 0, index: -1, ...bounds };
const calls: DonePage = await client.queryDoneTaskPhones({ ...done, pageNum: 1, pageSize: 50 });
const row: Row = first(calls);
const call = describeCall(row);
check(call.end === "answered" && call.seconds > 0, "an answered call");

const [level] = row.resultList;
const resultQueryList: NamedValue[] = level ? [level] : [];
const alike = await client.queryDoneTaskPhones({ callJobId: detail.id, resultQueryList });
check(alike.list.map(describeCall).length > 0, "calls with the same result");

const waiting: UndialedQuery = { taskId: detail.id, pageNum: 1, pageSize: 50 };
const customers = await client.notDialedCustomerList(waiting);
check(
  customers.list.map(describeWaiting).every(({ tried }) => tried >= 0),
  "customers who wait",
);

const log: PhoneLogQuery = { callInstanceId: row.callInstanceId };
const conversation = describeDetailOfCall(await client.phoneLogInfo(log));
check(conversation.lines.length > 0 && conversation.call.id === row.callInstanceId, "a transcript");

// ── whole lists ──

const told: Progress[] = [];
const step: PaginatorOptions = {
  signal,
  prefetch: 2,
  onProgress: (progress) => void told.push(progress),
};
const walk: Paginator<DoneCall> = client.doneCalls({ callJobId: detail.id }, step);
let seconds = 0;
for await (const { duration } of walk) seconds += duration ?? 0;
for await (const { list, total } of walk.pages()) check(list.length <= (total ?? NaN), "a page");
const some: UndialedCustomer[] = await client.undialedCustomers(waiting).toArray({ limit: 7 });
const tasks: Task[] = await client.tasks({ companyId }).toArray();
check(some.length <= 7 && tasks.length >= 12 && told.length > 0, "walks");

const files = new Map<string, Uint8Array>();
const store: CallStore = {
  load: async (key) => files.get(key) ?? null,
  save: async (key, snapshot) => void files.set(key, snapshot),
  remove: async (key) => void files.delete(key),
};
const kept: SyncOptions = { ...step, store, storeTimeout: 5_000, mode: "walk", full: false };
const table = new CallTable();
const report: SyncReport = await client.syncDoneCalls(table, { callJobId: detail.id }, kept);
check(report.complete && report.added === table.length && report.restarts === 0, "everything");
check(report.updated + report.unchanged >= 0 && report.requests > 0, "what became of them");
check(table.statistics().talkSeconds === seconds && files.size === 1, "the same, and kept");
for (const { key, calls } of table.groupBy("finishStatus"))
  check(table.where({ finishStatus: key }).length === calls, "a status");
for (const { key, calls } of table.groupBy("intentLevel"))
  check(table.where({ intentLevel: [key] }).length === calls, "a level");
for (const { key, calls } of table.groupBy({ result: "客户关注点" }))
  check(
    table.where({ results: [{ name: "客户关注点", values: [key] }] }).length === calls,
    "a result",
  );
const anyDay: CallFilter = { date: table.groupBy("date").map(({ key }) => key), text: undefined };
check(table.where(anyDay).length === table.length, "every day");
const unkept = await client.syncDoneCalls(
  table,
  { callJobId: detail.id },
  { store: indexedDbStore() },
);
const why: Error | null = unkept.storeError;
check(unkept.complete && why !== null, "no IndexedDB here");
table.free();

const requests = events.filter((event) => !("status" in event) && !("error" in event));
const answers = events.filter((event): event is ResponseEvent => "status" in event);
check(requests.length === answers.length, "events");
check(
  answers.every(({ id, endpoint, method, url, attempt, status, durationMs }) =>
    [id, endpoint, method, url, attempt === 1, status === 200, durationMs >= 0].every(Boolean),
  ),
  "answers",
);

const offline = clientOf(() => Promise.reject(new TypeError("Failed to fetch")), { retry: false });
const failed = await offline.getTasks({ companyId }).catch((error: unknown) => error);
check(describeError(failed).startsWith("ByrobotError | network | again | getTasks"), "an error");

const endpoint: SandboxEndpoint = "queryDoneTaskPhones";
const rule: SandboxRule = { fault: "timeout", endpoint, pageNum: 2, nth: 3 };
const faults: Partial<Record<SandboxFault, number>> = { oddFields: 1, http500: 0.1 };
const faulty = { companyId, faults, script: [rule] as const } satisfies SandboxOptions;
const stormy = await createSandbox(faulty);
stormy.inject({ fault: "network", nth: 1 });
const lost = await clientOf(stormy.fetch, { retry: false })
  .getTasks({ companyId })
  .catch((error: unknown) => error);
check(describeError(lost).startsWith("ByrobotError | network | again | getTasks"), "a fault");
stormy.free();

sandbox.free();
console.log("done");
