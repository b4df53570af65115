// A program of a user's: a report on one company, from its tasks down to single conversations, with
// every name and every field that the package's design has. It compiles, and it runs.
import {
  ByrobotClient,
  CallTable,
  FinishStatus,
  JobStatus,
  indexedDbStore,
  init,
  isByrobotError,
  label,
  version,
} from "byrobot-calls";
import type {
  ByrobotError,
  CallDetail,
  CallInstance,
  CallOptions,
  CallStatus,
  CallFilter,
  CallStore,
  CallerPhone,
  ClientOptions,
  CodeTable,
  DoneCall,
  DoneCallsQuery,
  ErrorCode,
  FetchFunction,
  Extensible,
  GetTaskDetailQuery,
  GetTasksQuery,
  HeadersSource,
  JobType,
  NamedCount,
  NamedValue,
  Page,
  PhoneLogQuery,
  Progress,
  RequestEvent,
  ResponseEvent,
  ResultDefinition,
  RetryEvent,
  RetryOptions,
  SyncOptions,
  SyncReport,
  Task,
  TaskDetail,
  TaskResult,
  TranscriptLine,
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

// ── what a user derives from the package's types ──

type Answer<Method extends keyof ByrobotClient> = Awaited<ReturnType<ByrobotClient[Method]>>;
type DonePage = Answer<"queryDoneTaskPhones">;
type Row = DonePage["list"][number];
type Severity = "again" | "sign in" | "mend" | "report";

/** What to do about an error; forgets no code. */
const severities = {
  network: "again",
  timeout: "again",
  unauthorized: "sign in",
  forbidden: "sign in",
  not_found: "mend",
  rate_limited: "again",
  clock_skew: "again",
  rejected_parameters: "mend",
  server: "again",
  vendor: "report",
  http: "report",
  not_json: "report",
  unexpected_shape: "report",
  headers: "mend",
  fetch: "mend",
  invalid_argument: "mend",
  paging_unstable: "again",
  snapshot: "report",
  out_of_memory: "mend",
  internal: "report",
} satisfies Record<ErrorCode, Severity>;

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

// ── reading every field ──

/** The rows of a page that must be there; a list may be shorter than its index. */
function first<Item>({ pageNum, pageSize, total, pages, list }: Page<Item>): Item {
  const known = total ?? list.length;
  const [item] = list;
  if (item === undefined) throw new Error(`nothing on page ${pageNum} of ${pages ?? "?"}`);
  return pageSize > 0 && known > 0 ? item : list[list.length - 1]!;
}

const unread = ({ extra }: Extensible): string[] => Object.keys(extra ?? {});

function describePhone(line: CallerPhone): string {
  const ids: (number | null)[] = [line.jobPhoneId, line.userPhoneId, line.callJobId];
  const dates: (string | null)[] = [line.gmtCreate, line.gmtModified];
  return [line.phone, line.phoneName ?? "", ...ids, ...dates].join(" ");
}

function describeTask(task: Task) {
  const status: JobStatus | null = task.status;
  const type: JobType | null = task.jobType;
  const counts: (number | null)[] = [
    task.totalCount,
    task.doneCount,
    task.calledCount,
    task.rejectedCount,
    task.unavailableCount,
    task.fromUnavailableCount,
  ];
  return {
    id: task.callJobId,
    name: task.jobName.trim(),
    state: label("jobStatus", status, "en"),
    type: label("jobType", type),
    running: status === JobStatus.Running,
    hours: `${task.workingStartTime ?? ""}–${task.workingEndTime ?? ""}`,
    pause: `${task.breakStartTime ?? ""}–${task.breakEndTime ?? ""}`,
    since: task.startDate?.slice(0, 10) ?? null,
    scene: task.sceneDefName ?? String(task.sceneDefId),
    remark: task.remark?.length ?? 0,
    counts: counts.filter((count) => count !== null),
    lines: (task.callPhones ?? []).map(describePhone),
    unread: unread(task),
  };
}

function describeDetail(task: TaskDetail) {
  const sum = (bars: NamedCount[]) => bars.reduce((total, { value }) => total + value, 0);
  const results: ResultDefinition[] = task.resultDefs;
  const more: [string, number][] = Object.entries(task.extraStat).map(([name, bars]) => [
    name,
    sum(bars),
  ]);
  return {
    ...describeTask(task),
    robot: task.robotDefName?.toUpperCase(),
    script: task.sceneRecordName?.toUpperCase(),
    durations: sum(task.durationStat),
    rounds: sum(task.chatRoundStat),
    results: results.flatMap(({ name, values }) => values.map((value) => `${name}: ${value}`)),
    more,
  };
}

/** The end of a call in a word; an unknown code is a number like another. */
function end(status: FinishStatus | null): string {
  switch (status) {
    case null:
      return "unknown";
    case FinishStatus.Answered:
      return "answered";
    case FinishStatus.Rejected:
    case FinishStatus.Busy:
    case FinishStatus.NoAnswer:
    case FinishStatus.PoweredOff:
    case FinishStatus.Suspended:
    case FinishStatus.Unreachable:
      return "try later";
    case FinishStatus.InvalidNumber:
    case FinishStatus.Blacklisted:
    case FinishStatus.ComplianceBlocked:
    case FinishStatus.LineBlindZone:
    case FinishStatus.OutboundIntercepted:
      return "do not try";
    case FinishStatus.CallerUnavailable:
    case FinishStatus.CallerInArrears:
    case FinishStatus.CallLoss:
    case FinishStatus.NoLineAvailable:
      return "our line";
    default:
      return `code ${status.toFixed()}`;
  }
}

function describeCall(call: DoneCall) {
  const status: CallStatus | null = call.status;
  const results: NamedValue[] = call.resultList;
  const talked = (call.endTimeMs ?? 0) - (call.startTimeMs ?? 0);
  return {
    id: call.callInstanceId,
    task: `${call.jobName ?? ""} ${call.callJobId ?? ""} ${call.sceneDefId ?? ""}`,
    customer: `${call.customerName ?? "?"} ${call.customerTelephone}`,
    line: call.callerPhone?.trim() ?? null,
    state: label("callStatus", status),
    end: end(call.finishStatus),
    seconds: call.duration ?? NaN,
    rounds: call.chatRound?.toFixed() ?? "–",
    when: [call.startTime, call.endTime, call.gmtCreate, call.gmtModified].map((at) => at?.length),
    talked,
    order: call.callIndex ?? -1,
    recording: call.luyinOssUrl === null ? null : new URL(call.luyinOssUrl).pathname,
    redials: `${call.secondaryCallTimes ?? 0} ${call.secondaryCallTime?.slice(11) ?? ""}`,
    results: Object.fromEntries(results.map(({ name, value }) => [name, value])),
    unread: unread(call),
  };
}

function describeWaiting(customer: UndialedCustomer) {
  return {
    id: customer.callInstanceId,
    customer: `${customer.customerName ?? "?"} ${customer.customerTelephone}`,
    state: label("callStatus", customer.status, "en"),
    next: customer.startTimeMs === null ? customer.startTime : new Date(customer.startTimeMs),
    line: customer.callerPhone?.trim() ?? null,
    company: customer.corpName?.length ?? 0,
    tried: customer.calledTimes ?? 0,
    unread: unread(customer),
  };
}

function describeLine(line: TranscriptLine) {
  const robot = line.speaker === "AI";
  const speaker = robot || line.speaker === "ME" ? label("speaker", line.speaker) : line.speaker;
  return {
    id: line.sceneInstanceLogId ?? line.sceneInstanceId,
    said: `${speaker}: ${line.content}`,
    meant: line.userMean ?? line.userMeanDetail ?? "",
    lost: line.aiUnknown === true,
    ms: (line.endTime ?? 0) - (line.startTime ?? 0),
    when: [line.gmtCreate, line.gmtModified].map((at) => at?.length),
    unread: unread(line),
  };
}

function describeInstance(call: CallInstance) {
  const numbers: (number | null)[] = [
    call.companyId,
    call.callJobId,
    call.customerId,
    call.duration,
    call.chatRound,
    call.startTimeMs,
    call.endTimeMs,
    call.callType,
    call.robotDefId,
    call.sceneDefId,
    call.sceneRecordId,
    call.secondaryCallTimes,
  ];
  const words: (string | null)[] = [
    call.customerName,
    call.startTime,
    call.endTime,
    call.callerPhone,
    call.luyinOssUrl,
    call.userLuyinOssUrl,
    call.properties,
    call.handlePerson,
    call.jobName,
    call.trackResult,
    call.secondaryCallTime,
    call.gmtCreate,
    call.gmtModified,
  ];
  return {
    id: call.callInstanceId,
    number: call.customerTelephone,
    state: label("callStatus", call.status),
    end: end(call.finishStatus),
    ended: label("hangUp", call.hangUp, "en"),
    read: label("readStatus", call.readStatus, "en"),
    numbers,
    words,
    unread: unread(call),
  };
}

function describeResult(result: TaskResult) {
  const ids: (number | null)[] = [
    result.sceneInstanceResultId,
    result.companyId,
    result.sceneInstanceId,
  ];
  const how = [result.resultDesc, result.analyzeType, result.gmtCreate, result.gmtModified];
  return { [result.resultName]: result.resultValue, ids, how, unread: unread(result) };
}

function describeDetailOfCall(detail: CallDetail) {
  const { phoneLogs, luyinOssUrl } = detail.phoneLog;
  return {
    call: describeInstance(detail.sceneInstance),
    recording: luyinOssUrl ?? detail.sceneInstance.luyinOssUrl,
    lines: phoneLogs.map(describeLine),
    results: detail.taskResult.map(describeResult),
    unread: unread(detail),
  };
}

/** All that an error can say. */
function describeError(error: unknown): string {
  if (!isByrobotError(error)) return String(error);
  const place = error.path ?? error.endpoint ?? error.url ?? error.requestId ?? "";
  const http = `${error.status ?? "–"} ${error.vendorCode ?? "–"} ${error.vendorMessage ?? ""}`;
  const again = error.retryable ? `again in ${error.retryAfterMs ?? 0} ms` : "";
  const cause: unknown = error.cause;
  const name: "ByrobotError" = error.name;
  return [name, error.code, severities[error.code], place, http, again, error.attempts, cause]
    .map(String)
    .join(" | ");
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
