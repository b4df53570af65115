// Programs that must not compile. A line that does compile makes its `@ts-expect-error` an error.
import {
  ByrobotClient,
  CallTable,
  FinishStatus,
  JobStatus,
  indexedDbStore,
  init,
  isByrobotError,
  label,
} from "byrobot-calls";
import type {
  ByrobotError,
  CallDetail,
  CallOptions,
  ClientOptions,
  CodeTable,
  DoneCall,
  ErrorCode,
  HeadersSource,
  Page,
  Task,
  TranscriptLine,
} from "byrobot-calls";
import type { SandboxOptions, SandboxRule } from "byrobot-calls/sandbox";

declare const client: ByrobotClient;
declare const call: DoneCall;
declare const task: Task;
declare const detail: CallDetail;
declare const line: TranscriptLine;
declare const error: ByrobotError;

// ── no secret, no misspelt option ──
// @ts-expect-error a secret does not belong into a page
new ByrobotClient({ appSecret: "secret" });
// @ts-expect-error nor does the key that goes with it
new ByrobotClient({ appKey: "key" });
// @ts-expect-error baseUrl
new ByrobotClient({ baseURL: "https://proxy.test" });
// @ts-expect-error a URL is written as text
new ByrobotClient({ baseUrl: new URL("https://proxy.test") });
// @ts-expect-error options are an object
new ByrobotClient("https://proxy.test");
// @ts-expect-error milliseconds
new ByrobotClient({ timeout: "10s" });
// @ts-expect-error false, or how
new ByrobotClient({ retry: true });
// @ts-expect-error false, or how
new ByrobotClient({ retry: 3 });
// @ts-expect-error attempts
new ByrobotClient({ retry: { retries: 3 } });
// @ts-expect-error a function of the shape of fetch
new ByrobotClient({ fetch: (url: number) => url });
// @ts-expect-error as for fetch
new ByrobotClient({ credentials: "always" });
// @ts-expect-error an AbortSignal, not its controller
({ signal: new AbortController() }) satisfies CallOptions;
// @ts-expect-error the client's alone
({ baseUrl: "/" }) satisfies CallOptions;
// @ts-expect-error headers are text
({ headers: () => ({ sign: 1 }) }) satisfies CallOptions;
// @ts-expect-error headers are text
(() => 1) satisfies HeadersSource;
// @ts-expect-error an event has no such field
({ onRequest: (event) => event.body }) satisfies ClientOptions;
// @ts-expect-error a request has no status yet
({ onRequest: (event) => event.status }) satisfies ClientOptions;

// ── faults ──
// @ts-expect-error no such fault
({ faults: { timout: 0.1 } }) satisfies SandboxOptions;
// @ts-expect-error a probability is a number
({ faults: { timeout: "0.1" } }) satisfies SandboxOptions;
// @ts-expect-error a rule says what happens
({ endpoint: "getTasks" }) satisfies SandboxRule;
// @ts-expect-error no such endpoint
({ fault: "empty", endpoint: "getNothing" }) satisfies SandboxRule;
// @ts-expect-error rules are objects
({ script: ["timeout"] }) satisfies SandboxOptions;

// ── loading ──
// @ts-expect-error nothing of which a module could be made
init(42);
// @ts-expect-error left out, or something
init(null);
// @ts-expect-error one source
init("/byrobot_calls.wasm", "/other.wasm");

// ── queries ──
// @ts-expect-error companyId is missing
client.getTasks({});
// @ts-expect-error the query is missing
client.getTasks();
// @ts-expect-error a number
client.getTasks({ companyId: "1" });
// @ts-expect-error a number, not nothing
client.getTasks({ companyId: null });
// @ts-expect-error companyId
client.getTasks({ companyid: 1 });
// @ts-expect-error no such field
client.getTasks({ companyId: 1, name: "回访" });
// @ts-expect-error a day as text
client.getTasks({ companyId: 1, createDate: new Date() });
// @ts-expect-error a code, not its name
client.getTasks({ companyId: 1, status: "Running" });
// @ts-expect-error taskId is missing
client.getTaskDetail({ companyId: 1 });
// @ts-expect-error companyId is missing
client.getTaskDetail({ taskId: 1 });
// @ts-expect-error callJobId here
client.queryDoneTaskPhones({ taskId: 1 });
// @ts-expect-error a list
client.queryDoneTaskPhones({ callJobId: 1, resultQueryList: { name: "a", value: "b" } });
// @ts-expect-error name and value
client.queryDoneTaskPhones({ callJobId: 1, resultQueryList: [{ name: "a" }] });
// @ts-expect-error taskId here
client.notDialedCustomerList({ callJobId: 1 });
// @ts-expect-error callInstanceId is missing
client.phoneLogInfo({});
// @ts-expect-error an id is not a bigint
client.phoneLogInfo({ callInstanceId: 1n });
// @ts-expect-error there is no such call
client.getCalls({ companyId: 1 });

// ── whole lists ──
declare const table: CallTable;
// @ts-expect-error a walk is no promise
(await client.doneCalls({ callJobId: 1 })).list;
// @ts-expect-error rows come one after the other
for (const row of client.doneCalls({ callJobId: 1 })) row;
// @ts-expect-error pages ahead are counted
client.tasks({ companyId: 1 }, { prefetch: true });
// @ts-expect-error the query comes after the table
client.syncDoneCalls({ callJobId: 1 });
// @ts-expect-error no such mode
client.syncDoneCalls(table, { callJobId: 1 }, { mode: "index" });
// @ts-expect-error a store can load, save and remove
client.syncDoneCalls(table, { callJobId: 1 }, { store: new Map() });
// @ts-expect-error milliseconds are a number
client.syncDoneCalls(table, { callJobId: 1 }, { storeTimeout: "10s" });
// @ts-expect-error what is removed is a task's
indexedDbStore().clear(21752);
// @ts-expect-error a filter is an object
table.where(null);
// @ts-expect-error null is no filter among others
table.where({ anyOf: [null] });
// @ts-expect-error nor one that is turned round
table.where({ not: null });
// @ts-expect-error a store is no part of a walk
client.doneCalls({ callJobId: 1 }, { store: undefined });

// ── answers ──
// @ts-expect-error a promise
client.getTasks({ companyId: 1 }).list;
// @ts-expect-error every call has its id
call.callInstanceId = null;
// @ts-expect-error a number of seconds, or nothing
call.duration.toFixed();
// @ts-expect-error a number, not the vendor's words
call.duration = "27秒";
// @ts-expect-error null, never undefined
call.customerName = undefined;
// @ts-expect-error no such field
call.phone;
// @ts-expect-error only in a list of tasks may there be no lines
task.callPhones.length;
// @ts-expect-error no such field: in an answer it is callJobId
task.taskId;
// @ts-expect-error the lines are below phoneLog
detail.phoneLogs;
// @ts-expect-error milliseconds, not a date
line.startTime?.slice(0, 10);
// @ts-expect-error a page is not a list
(page: Page<Task>) => page.map((row) => row);
// @ts-expect-error nobody knows how many there are
(page: Page<Task>) => page.total + 1;
// @ts-expect-error what is not known has no type
(row: Task) => row.extra?.["priority"] + 1;

// ── codes and errors ──
// @ts-expect-error no such status
JobStatus.Paused;
// @ts-expect-error constants stay
FinishStatus.Answered = 1;
// @ts-expect-error no such table
label("taskStatus", 0);
// @ts-expect-error no such table
"status" satisfies CodeTable;
// @ts-expect-error Chinese or English
label("finishStatus", 0, "fr");
// @ts-expect-error no such code
"offline" satisfies ErrorCode;
// @ts-expect-error no such code
error.code === "abort";
// @ts-expect-error errors do not change
error.code = "network";
// @ts-expect-error a cause may be anything
error.cause.message;
(value: unknown) => {
  // @ts-expect-error only isByrobotError knows
  value.code;
  // @ts-expect-error what is no ByrobotError has no code
  if (!isByrobotError(value)) value.code;
};
