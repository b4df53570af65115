// ── adapters/life.d.ts ──
import type { CallTable } from "../table/table.js";
export type Fill = (table: CallTable, signal: AbortSignal) => unknown;

// ── adapters/react.d.ts ──
import { type Fill } from "./life.js";
import type { LinkedCharts } from "../table/call-set.js";
import type { BrushOf, ChartResult, ChartSpec } from "../table/charts.js";
import type { CallFilter } from "../table/filter.js";
import type { RowsOptions } from "../table/options.js";
import type { CallTable } from "../table/table.js";
import type { DoneCall } from "../generated/models.js";
export interface TableState {
  readonly table: CallTable | null;
  readonly error: unknown;
  readonly syncing: boolean;
}
export interface LinkedState<T extends Record<string, ChartSpec>> {
  readonly charts: LinkedCharts<T> | null;
  readonly results:
    | {
        [Name in keyof T]: ChartResult<T[Name]>;
      }
    | null;
  readonly length: number;
  readonly brushes: {
    readonly [Name in keyof T]?: BrushOf<T[Name]>;
  };
  readonly brush: <Name extends keyof T & string>(
    chart: Name,
    brush: BrushOf<T[Name]> | null,
  ) => void;
  readonly filter: (chart: keyof T & string, filter: CallFilter | null) => void;
}
export declare function useTable(
  create: () => CallTable,
  fill?: Fill,
  deps?: readonly unknown[],
): TableState;
export declare function useAnswer<T>(
  table: CallTable | null,
  ask: (calls: CallTable) => T,
  deps?: readonly unknown[],
): T | null;
export declare function useLinked<const T extends Record<string, ChartSpec>>(
  table: CallTable | null,
  charts: T,
): LinkedState<T>;
export declare function useRows<T extends Record<string, ChartSpec>>(
  linked: LinkedState<T>,
  options?: RowsOptions,
): DoneCall[];

// ── adapters/vue.d.ts ──
import { type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from "vue";
import { type Fill } from "./life.js";
import type { LinkedCharts } from "../table/call-set.js";
import type { BrushOf, ChartResult, ChartSpec } from "../table/charts.js";
import type { CallFilter } from "../table/filter.js";
import type { RowsOptions } from "../table/options.js";
import type { CallTable } from "../table/table.js";
import type { DoneCall } from "../generated/models.js";
export interface TableRefs {
  readonly table: Readonly<ShallowRef<CallTable | null>>;
  readonly error: Readonly<ShallowRef<unknown>>;
  readonly syncing: Readonly<ShallowRef<boolean>>;
}
export interface LinkedRefs<T extends Record<string, ChartSpec>> {
  readonly charts: Readonly<ShallowRef<LinkedCharts<T> | null>>;
  readonly results: ComputedRef<
    | {
        [Name in keyof T]: ChartResult<T[Name]>;
      }
    | null
  >;
  readonly length: ComputedRef<number>;
  readonly brushes: {
    readonly [Name in keyof T]?: BrushOf<T[Name]>;
  };
  brush<Name extends keyof T & string>(chart: Name, brush: BrushOf<T[Name]> | null): void;
  filter(chart: keyof T & string, filter: CallFilter | null): void;
  rows(options?: MaybeRefOrGetter<RowsOptions>): ComputedRef<DoneCall[]>;
}
export declare function useTable(create: () => CallTable, fill?: Fill): TableRefs;
export declare function useAnswer<T>(
  table: MaybeRefOrGetter<CallTable | null>,
  ask: (calls: CallTable) => T,
): ComputedRef<T | null>;
export declare function useLinked<const T extends Record<string, ChartSpec>>(
  table: MaybeRefOrGetter<CallTable | null>,
  charts: MaybeRefOrGetter<T>,
): LinkedRefs<T>;

// ── alerts.d.ts ──
export { compareLines } from "./alerts/compare-lines.js";
export type { LineComparison } from "./alerts/compare-lines.js";
export { describeAlert, ruleTitle } from "./alerts/describe.js";
export type { AlertWords } from "./alerts/describe.js";
export { evaluateAlerts } from "./alerts/evaluate.js";
export type { AlertOptions } from "./alerts/evaluate.js";
export { acknowledge, snooze, updateIncidents } from "./alerts/incidents.js";
export type { Incident } from "./alerts/incidents.js";
export { checkThresholds, defaultThresholds } from "./alerts/thresholds.js";
export type { AlertThresholds } from "./alerts/thresholds.js";
export type {
  Alert,
  AlertLevel,
  AlertObstacle,
  AlertReport,
  AlertRule,
  AlertSubject,
} from "./alerts/types.js";

// ── alerts/compare-lines.d.ts ──
import { type AlertThresholds } from "./thresholds.js";
import type { CallSet } from "../table/call-set.js";
export interface LineComparison {
  readonly callerPhone: string;
  readonly part: number;
  readonly whole: number;
  readonly rate: number;
  readonly expected: number;
  readonly peers: number;
  readonly high: number;
  readonly level: "warning" | "critical" | null;
}
export declare function compareLines(
  calls: CallSet,
  thresholds?: Partial<AlertThresholds>,
): LineComparison[];

// ── alerts/describe.d.ts ──
import type { Alert, AlertRule } from "./types.js";
import { type Language } from "../generated/codes.js";
export interface AlertWords {
  title: string;
  text: string;
}
export declare function describeAlert(alert: Alert, language: Language): AlertWords;
export declare const ruleTitle: (rule: AlertRule, language: Language) => string;

// ── alerts/evaluate.d.ts ──
import { type AlertThresholds } from "./thresholds.js";
import type { AlertReport } from "./types.js";
import type { Task } from "../generated/models.js";
import type { CallSet } from "../table/call-set.js";
export interface AlertOptions {
  now: Date | number;
  tasks: readonly Task[];
  syncedAt?: number | null | undefined;
  interval?: number | undefined;
  thresholds?:
    | {
        [Name in keyof AlertThresholds]?: number | undefined;
      }
    | undefined;
}
export declare function evaluateAlerts(calls: CallSet, options: AlertOptions): AlertReport;

// ── alerts/incidents.d.ts ──
import type { Alert, AlertReport } from "./types.js";
export interface Incident {
  readonly id: string;
  readonly alert: Alert;
  readonly state: "pending" | "open" | "closed";
  readonly seenAt: number;
  readonly openedAt: number | null;
  readonly cleanAt: number | null;
  readonly closedAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly snoozedUntil: number | null;
}
export declare function updateIncidents(
  incidents: readonly Incident[],
  report: AlertReport,
  now: Date | number,
): readonly Incident[];
export declare function acknowledge(
  incidents: readonly Incident[],
  id: string,
  now: Date | number,
): readonly Incident[];
export declare function snooze(
  incidents: readonly Incident[],
  id: string,
  until: Date | number | null,
): readonly Incident[];

// ── alerts/thresholds.d.ts ──
export interface AlertThresholds {
  fewestCalls: number;
  level: number;
  usualDays: number;
  flaggedRate: number;
  flaggedRateCritical: number;
  rejectionTimes: number;
  interceptionTimes: number;
  shortSeconds: number;
  shortShare: number;
  shortTimes: number;
  firstRoundPoints: number;
  invalidShare: number;
  invalidCalls: number;
  lossShare: number;
  lossMinutes: number;
  silentMinutes: number;
  freshMinutes: number;
  hoursFrom: number;
  hoursTo: number;
  hoursCriticalFrom: number;
  hoursCriticalTo: number;
  repeatCalls: number;
  repeatCallsCritical: number;
  blockedShare: number;
  recordingDays: number;
  recordingKeptDays: number;
  ageIntervals: number;
  unreadableShare: number;
}
export declare const defaultThresholds: Readonly<AlertThresholds>;
export declare function checkThresholds(given?: object): AlertThresholds;

// ── alerts/types.d.ts ──
import type { CallFilter } from "../table/filter.js";
export type AlertRule =
  | "flaggedLine"
  | "rejections"
  | "interceptions"
  | "shortCalls"
  | "firstRound"
  | "invalidNumbers"
  | "lineLoss"
  | "standstill"
  | "taskStatus"
  | "outsideHours"
  | "repeats"
  | "blockedNumbers"
  | "lateTask"
  | "recordingExpiry"
  | "dataAge";
export type AlertLevel = "info" | "warning" | "critical";
export type AlertSubject =
  | {
      readonly kind: "line";
      readonly callerPhone: string;
    }
  | {
      readonly kind: "task";
      readonly callJobId: number;
      readonly jobName: string;
    }
  | {
      readonly kind: "script";
      readonly sceneDefId: number;
    }
  | {
      readonly kind: "company";
    };
export interface Alert {
  readonly id: string;
  readonly rule: AlertRule;
  readonly level: AlertLevel;
  readonly subject: AlertSubject;
  readonly since: number;
  readonly numbers: Readonly<Record<string, number | null>>;
  readonly filter: CallFilter | null;
}
export type AlertObstacle =
  | "noPeers"
  | "tooFewDays"
  | "maskedNumbers"
  | "noTasks"
  | "noHours"
  | "noCounters"
  | "noSyncedAt"
  | "oldData";
export interface AlertReport {
  readonly alerts: readonly Alert[];
  readonly unavailable: readonly {
    readonly rule: AlertRule;
    readonly reason: AlertObstacle;
  }[];
  readonly undecided: readonly string[];
}

// ── byrobot_calls.wasm.d.ts ──
import type { CompiledModule } from "./wasm/loading.js";
declare const module: CompiledModule;
export default module;

// ── byrobot_client.wasm.d.ts ──
import type { CompiledModule } from "./wasm/loading.js";
declare const module: CompiledModule;
export default module;

// ── byrobot_table.wasm.d.ts ──
import type { CompiledModule } from "./wasm/loading.js";
declare const module: CompiledModule;
export default module;

// ── client.d.ts ──
export * from "./common.js";
export { ByrobotClient } from "./client/client.js";
export type { CallStore } from "./client/call-store.js";
export type { DiagnoseOptions, Diagnosis } from "./client/diagnose.js";
export type { FetchFunction, FetchInit, FetchResponse } from "./client/fetch.js";
export type { Follow, FollowOptions, FollowState } from "./client/follow.js";
export type { CallQueries } from "./client/generated/queries.js";
export type { DiagnosisCheck } from "./client/messages.js";
export type {
  CallOptions,
  ClientOptions,
  HeadersInput,
  HeadersSource,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  RetryOptions,
} from "./client/options.js";
export type { Paginator, PaginatorOptions, Progress } from "./client/paginator.js";
export { queries } from "./client/queries.js";
export type { CallQuery, PagesQuery, QueryContext, QueryKey, Unpaged } from "./client/query.js";
export { indexedDbStore } from "./client/store.js";
export type { BrowserStore } from "./client/store.js";
export type { SyncOptions, SyncReport } from "./client/sync-options.js";
export type { TaskCountsOptions } from "./client/task-counts.js";
export type { SyncTasksOptions, TasksProgress, TasksSyncReport } from "./client/tasks-sync.js";

// ── client/call-store.d.ts ──
export interface CallStore {
  load(key: string): Promise<Uint8Array | null>;
  save(key: string, snapshot: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
  version?(key: string): Promise<string | null>;
  exclusive?<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

// ── client/client.d.ts ──
import type { DiagnoseOptions, Diagnosis } from "./diagnose.js";
import { Endpoints } from "./generated/methods.js";
import type { DoneCallsQuery, GetTasksQuery, Task } from "../generated/models.js";
import type { ClientOptions } from "./options.js";
import { type Follow, type FollowOptions } from "./follow.js";
import type { SyncOptions, SyncReport } from "./sync-options.js";
import { type TaskCountsOptions } from "./task-counts.js";
import { type SyncTasksOptions, type TasksSyncReport } from "./tasks-sync.js";
import type { CallTable } from "../table/table.js";
export declare class ByrobotClient extends Endpoints {
  constructor(options?: ClientOptions);
  static diagnose(options?: ClientOptions, ask?: DiagnoseOptions): Promise<Diagnosis[]>;
  diagnose(ask?: DiagnoseOptions): Promise<Diagnosis[]>;
  syncDoneCalls(
    table: CallTable,
    query: DoneCallsQuery,
    options?: SyncOptions,
  ): Promise<SyncReport>;
  syncTasks(
    table: CallTable,
    query: GetTasksQuery,
    options?: SyncTasksOptions,
  ): Promise<TasksSyncReport>;
  follow(
    table: CallTable,
    query: DoneCallsQuery,
    options?: SyncOptions & FollowOptions<SyncReport>,
  ): Follow;
  follow(
    table: CallTable,
    query: GetTasksQuery,
    options?: SyncTasksOptions & FollowOptions<TasksSyncReport>,
  ): Follow;
  taskCounts(companyId: number, task: Task, options?: TaskCountsOptions): Promise<Task>;
}

// ── client/diagnose.d.ts ──
import { type DiagnosisCheck } from "./messages.js";
import type { Language } from "../generated/codes.js";
export interface Diagnosis {
  check: DiagnosisCheck;
  ok: boolean;
  detail: string;
  fix: string | null;
}
export interface DiagnoseOptions {
  companyId?: number | undefined;
  language?: Language | undefined;
  signal?: AbortSignal | undefined;
}

// ── client/fetch.d.ts ──
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  credentials?: "include" | "omit" | "same-origin";
  cache?: "no-store";
}
export interface FetchResponse {
  readonly status: number;
  readonly headers: {
    get(name: string): string | null;
  };
  arrayBuffer(): Promise<ArrayBuffer>;
}
export type FetchFunction = (url: string, init: FetchInit) => Promise<FetchResponse>;

// ── client/file-store.d.ts ──
import { type CallStore } from "./call-store.js";
export interface FileStore extends CallStore {
  clear(of?: { callJobId: number }): Promise<void>;
}
export declare function fileStore(folder: string | URL): FileStore;

// ── client/follow.d.ts ──
import type { SyncReport } from "./sync-options.js";
import type { TableChange } from "../table/changes.js";
export interface FollowOptions<Report extends SyncReport = SyncReport> {
  interval?: number | undefined;
  jitter?: number | undefined;
  onReport?(report: Report): void;
  onChange?(change: TableChange): void;
  onError?(error: Error): void;
  onState?(state: FollowState): void;
}
export type FollowState = "syncing" | "waiting" | "paused" | "stopped";
export interface Follow {
  readonly state: FollowState;
  readonly syncedAt: number | null;
  readonly error: Error | null;
  subscribe(listener: () => void): () => void;
  refresh(): void;
  stop(): void;
  [Symbol.dispose](): void;
}

// ── client/generated/methods.d.ts ──
import type {
  CallDetail,
  DoneCall,
  DoneCallsQuery,
  GetTaskDetailQuery,
  GetTasksQuery,
  Page,
  PhoneLogQuery,
  Task,
  TaskDetail,
  UndialedCustomer,
  UndialedQuery,
} from "../../generated/models.js";
import type { CallOptions } from "../options.js";
import type { Paginator, PaginatorOptions } from "../paginator.js";
export declare abstract class Endpoints {
  getTasks(query: GetTasksQuery, options?: CallOptions): Promise<Page<Task>>;
  getTaskDetail(query: GetTaskDetailQuery, options?: CallOptions): Promise<TaskDetail>;
  queryDoneTaskPhones(query: DoneCallsQuery, options?: CallOptions): Promise<Page<DoneCall>>;
  notDialedCustomerList(
    query: UndialedQuery,
    options?: CallOptions,
  ): Promise<Page<UndialedCustomer>>;
  phoneLogInfo(query: PhoneLogQuery, options?: CallOptions): Promise<CallDetail>;
  tasks(query: GetTasksQuery, options?: PaginatorOptions): Paginator<Task>;
  doneCalls(query: DoneCallsQuery, options?: PaginatorOptions): Paginator<DoneCall>;
  undialedCustomers(query: UndialedQuery, options?: PaginatorOptions): Paginator<UndialedCustomer>;
}

// ── client/generated/queries.d.ts ──
import type {
  CallDetail,
  DoneCall,
  DoneCallsQuery,
  GetTaskDetailQuery,
  GetTasksQuery,
  Page,
  PhoneLogQuery,
  Task,
  TaskDetail,
  UndialedCustomer,
  UndialedQuery,
} from "../../generated/models.js";
import type { CallQuery, PagesQuery, Unpaged } from "../query.js";
export interface CallQueries {
  tasks(query: GetTasksQuery): CallQuery<GetTasksQuery, Page<Task>>;
  taskDetail(query: GetTaskDetailQuery): CallQuery<GetTaskDetailQuery, TaskDetail>;
  doneCalls(query: DoneCallsQuery): CallQuery<DoneCallsQuery, Page<DoneCall>>;
  undialedCustomers(query: UndialedQuery): CallQuery<UndialedQuery, Page<UndialedCustomer>>;
  callDetail(query: PhoneLogQuery): CallQuery<PhoneLogQuery, CallDetail>;
  tasksPages(query: Unpaged<GetTasksQuery>): PagesQuery<Unpaged<GetTasksQuery>, Task>;
  doneCallsPages(query: Unpaged<DoneCallsQuery>): PagesQuery<Unpaged<DoneCallsQuery>, DoneCall>;
  undialedCustomersPages(
    query: Unpaged<UndialedQuery>,
  ): PagesQuery<Unpaged<UndialedQuery>, UndialedCustomer>;
}

// ── client/messages.d.ts ──
export type DiagnosisCheck =
  | "wasm"
  | "csp"
  | "mixed-content"
  | "connection"
  | "cors"
  | "base-url"
  | "sign-in"
  | "clock"
  | "signature"
  | "answer";

// ── client/options.d.ts ──
import type { FetchFunction } from "./fetch.js";
import type { ByrobotError } from "../wasm/errors.js";
export type HeadersInput = Headers | [string, string][] | Record<string, string>;
export type HeadersSource = HeadersInput | (() => HeadersInput | Promise<HeadersInput>);
export interface RetryOptions {
  attempts?: number | undefined;
  minDelay?: number | undefined;
  maxDelay?: number | undefined;
  maxRetryAfter?: number | undefined;
}
export interface CallOptions {
  signal?: AbortSignal | undefined;
  timeout?: number | undefined;
  totalTimeout?: number | undefined;
  retry?: RetryOptions | false | undefined;
  headers?: HeadersSource | undefined;
}
export interface ClientOptions extends CallOptions {
  baseUrl?: string | undefined;
  credentials?: "include" | "omit" | "same-origin" | undefined;
  fetch?: FetchFunction | undefined;
  maxConcurrency?: number | undefined;
  onRequest?(event: RequestEvent): void;
  onResponse?(event: ResponseEvent): void;
  onRetry?(event: RetryEvent): void;
}
export interface RequestEvent {
  id: string;
  endpoint: string;
  method: string;
  url: string;
  attempt: number;
}
export interface ResponseEvent extends RequestEvent {
  status: number;
  durationMs: number;
}
export interface RetryEvent extends RequestEvent {
  error: ByrobotError;
  delayMs: number;
}

// ── client/paginator.d.ts ──
import type { CallOptions } from "./options.js";
import type { Page } from "../generated/models.js";
export interface Progress {
  phase: "waiting" | "listing" | "verifying" | "saving";
  done: number;
  total: number | null;
  requests: number;
}
export interface PaginatorOptions extends CallOptions {
  prefetch?: number | undefined;
  onProgress?(progress: Progress): void;
}
export interface Paginator<T> extends AsyncIterable<T> {
  pages(): AsyncIterable<Page<T>>;
  toArray(options?: { limit?: number | undefined }): Promise<T[]>;
}

// ── client/queries.d.ts ──
import type { ByrobotClient } from "./client.js";
import { type CallQueries } from "./generated/queries.js";
export declare function queries(client: ByrobotClient): CallQueries;

// ── client/query.d.ts ──
import type { Page } from "../generated/models.js";
export type QueryKey<Q> = readonly ["byrobot-calls", string, string, Q];
export type QueryContext =
  | {
      readonly signal?: AbortSignal | undefined;
    }
  | readonly unknown[];
export interface CallQuery<Q, T> {
  readonly queryKey: QueryKey<Q>;
  readonly queryFn: (context?: QueryContext) => Promise<T>;
  readonly retry: false;
}
export interface PagesQuery<Q, T> {
  readonly queryKey: readonly [...QueryKey<Q>, "pages"];
  readonly queryFn: (context: {
    readonly pageParam: number;
    readonly signal?: AbortSignal | undefined;
  }) => Promise<Page<T>>;
  readonly initialPageParam: 1;
  readonly getNextPageParam: (
    last: Page<T>,
    all: readonly Page<T>[],
    page: number,
  ) => number | undefined;
  readonly retry: false;
}
export type Unpaged<Q> = Omit<Q, "pageNum">;

// ── client/store.d.ts ──
import { type CallStore } from "./call-store.js";
export interface BrowserStore extends CallStore {
  clear(of?: { callJobId: number }): Promise<void>;
}
export declare function indexedDbStore(name?: string): BrowserStore;

// ── client/sync-options.d.ts ──
import type { PaginatorOptions, Progress } from "./paginator.js";
import type { CallStore } from "./call-store.js";
export interface SyncOptions extends Omit<PaginatorOptions, "prefetch"> {
  prefetch?: number | undefined;
  store?: CallStore | undefined;
  storeTimeout?: number | undefined;
  mode?: "walk" | "cursor" | undefined;
  onProgress?(progress: Progress): void;
  full?: boolean | undefined;
}
export interface SyncReport {
  added: number;
  updated: number;
  unchanged: number;
  requests: number;
  restarts: number;
  complete: boolean;
  storeError: Error | null;
}

// ── client/task-counts.d.ts ──
import type { CallOptions } from "./options.js";
export interface TaskCountsOptions extends CallOptions {
  maxAge?: number | undefined;
}

// ── client/tasks-sync.d.ts ──
import { type Progress } from "./paginator.js";
import type { SyncOptions, SyncReport } from "./sync-options.js";
import type { Task } from "../generated/models.js";
export interface SyncTasksOptions extends Omit<SyncOptions, "onProgress"> {
  where?: ((task: Task) => boolean) | undefined;
  concurrency?: number | undefined;
  onProgress?(progress: TasksProgress): void;
}
export interface TasksProgress {
  phase: Exclude<Progress["phase"], "verifying">;
  done: number;
  total: number | null;
  found: readonly Task[] | null;
  calls: number;
  requests: number;
}
export interface TasksSyncReport extends SyncReport {
  tasks: number;
  found: readonly Task[];
  skipped: number;
  failed: {
    callJobId: number;
    error: Error;
  }[];
}

// ── common.d.ts ──
import type { WasmSource } from "./wasm/loading.js";
export declare function init(source?: WasmSource): Promise<void>;
export { version } from "./wasm/version.js";
export { FinishStatus, JobStatus } from "./generated/codes.js";
export type { CallStatus, CodeTable, JobType } from "./generated/codes.js";
export type * from "./generated/models.js";
export { isByrobotError } from "./wasm/errors.js";
export type { ByrobotError, ErrorCode } from "./wasm/errors.js";
export type { CompiledModule, WasmSource } from "./wasm/loading.js";
export { maskPhone } from "./words/phone.js";
export { label } from "./words/label.js";
export { transcript } from "./words/transcript.js";
export type { TranscriptTools } from "./words/transcript.js";
export interface Extensible {
  extra?: Record<string, unknown>;
}

// ── generated/codes.d.ts ──
export type JobStatus = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | (number & {});
export declare const JobStatus: {
  readonly NotStarted: 0;
  readonly Running: 1;
  readonly Completed: 2;
  readonly Scheduling: 3;
  readonly PausedByUser: 4;
  readonly PausedBySystem: 5;
  readonly Terminated: 6;
  readonly Queued: 7;
  readonly AiExpired: 8;
  readonly LineInArrears: 9;
  readonly SmsInArrears: 10;
};
export type JobType = 1 | 2 | (number & {});
export type CallStatus = 0 | 1 | 2 | 3 | (number & {});
export type FinishStatus =
  0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 22 | 23 | 25 | (number & {});
export declare const FinishStatus: {
  readonly Answered: 0;
  readonly Rejected: 1;
  readonly Unreachable: 2;
  readonly CallerUnavailable: 3;
  readonly InvalidNumber: 4;
  readonly PoweredOff: 5;
  readonly Busy: 6;
  readonly Suspended: 7;
  readonly NoAnswer: 8;
  readonly CallerInArrears: 9;
  readonly CallLoss: 10;
  readonly Blacklisted: 11;
  readonly ComplianceBlocked: 12;
  readonly LineBlindZone: 22;
  readonly OutboundIntercepted: 23;
  readonly NoLineAvailable: 25;
};
export type CodeTable =
  "jobStatus" | "jobType" | "callStatus" | "finishStatus" | "hangUp" | "readStatus" | "speaker";
export type Language = "zh" | "en";

// ── generated/explanations.d.ts ──
import type { Language } from "./codes.js";
import type { CallStatistics } from "./statistics.js";
export type ExplainedNumber =
  | keyof CallStatistics
  | "interval"
  | "survival"
  | "hazard"
  | "difference"
  | "expectedRate"
  | "repeats";
export declare const explanations: Record<
  ExplainedNumber,
  Record<Language, readonly [title: string, formula: string, note: string]>
>;

// ── generated/models.d.ts ──
import type { JobStatus, JobType, CallStatus, FinishStatus } from "./codes.js";
export interface Task {
  callJobId: number;
  jobName: string;
  jobType: JobType | null;
  startDate: string | null;
  workingStartTime: string | null;
  workingEndTime: string | null;
  breakStartTime: string | null;
  breakEndTime: string | null;
  status: JobStatus | null;
  sceneDefId: number | null;
  sceneDefName: string | null;
  remark: string | null;
  totalCount: number | null;
  doneCount: number | null;
  calledCount: number | null;
  rejectedCount: number | null;
  unavailableCount: number | null;
  fromUnavailableCount: number | null;
  callPhones: CallerPhone[] | null;
  callJobStatusDesc?: string;
  extra?: Record<string, unknown>;
}
export interface CallerPhone {
  jobPhoneId: number | null;
  userPhoneId: number | null;
  callJobId: number | null;
  phone: string;
  phoneName: string | null;
  gmtCreate: string | null;
  gmtModified: string | null;
  extra?: Record<string, unknown>;
}
export interface TaskDetail extends Task {
  robotDefName: string | null;
  sceneRecordName: string | null;
  durationStat: NamedCount[];
  chatRoundStat: NamedCount[];
  resultDefs: ResultDefinition[];
  extraStat: Record<string, NamedCount[]>;
  busyCount?: number;
  missCount?: number;
  blankCount?: number;
  closedCount?: number;
  downCount?: number;
  overdueCount?: number;
  lostCount?: number;
  blacklistCount?: number;
  tiandunBlockCount?: number;
  blindCount?: number;
  noAvailableLineCount?: number;
  userHangUpCount?: number;
  aiHangUpCount?: number;
  transferSuccess?: number;
  transferTotal?: number;
  customerCount?: number;
  callCount?: number;
  totalTime?: number;
  linePeriodCount?: number;
  aiSeatBillPeriodCount?: number;
  overTwoChatRoundCount?: number;
  dialogueRoundsJson?: string;
  callDurationJson?: string;
  phoneNum?: number;
  repeatCall?: boolean;
  callType?: number;
  seatNum?: number;
  seatLowerLimit?: number;
  seatUpperLimit?: number;
  concurrencyUpperLimit?: number;
  isConcurrent?: boolean;
  companyId?: number;
  userId?: number;
  userName?: string;
  robotDefId?: number;
  sceneRecordId?: number;
  smsType?: string;
  intentionRule?: unknown;
  intentionRuleStr?: string;
  intentionRuleVO?: unknown;
  secondaryStartTime?: string;
  analyzeType?: string;
  version?: number;
  jobIsDelete?: boolean;
  gmtCreate?: string;
  gmtModified?: string;
  extra?: Record<string, unknown>;
}
export interface DoneCall {
  callInstanceId: number;
  callJobId: number | null;
  sceneDefId: number | null;
  jobName: string | null;
  customerTelephone: string;
  customerName: string | null;
  status: CallStatus | null;
  finishStatus: FinishStatus | null;
  duration: number | null;
  chatRound: number | null;
  startTime: string | null;
  endTime: string | null;
  startTimeMs: number | null;
  endTimeMs: number | null;
  callerPhone: string | null;
  callIndex: number | null;
  luyinOssUrl: string | null;
  secondaryCallTime: string | null;
  secondaryCallTimes: number | null;
  gmtCreate: string | null;
  gmtModified: string | null;
  resultList: NamedValue[];
  callInstanceStatus?: CallStatus;
  calledTimes?: number;
  userLuyinOssUrl?: string;
  properties?: string;
  userProperties?: string;
  extra?: Record<string, unknown>;
}
export interface UndialedCustomer {
  callInstanceId: number;
  customerName: string | null;
  customerTelephone: string;
  status: CallStatus | null;
  startTime: string | null;
  startTimeMs: number | null;
  callerPhone: string | null;
  corpName: string | null;
  calledTimes: number | null;
  extra?: Record<string, unknown>;
}
export interface CallDetail {
  sceneInstance: CallInstance;
  phoneLog: PhoneLog;
  taskResult: TaskResult[];
  jobFinished?: boolean;
  dateTime?: string;
  sign?: string;
  voipCallerAccount?: unknown;
  extra?: Record<string, unknown>;
}
export interface CallInstance {
  callInstanceId: number;
  companyId: number | null;
  callJobId: number | null;
  customerId: number | null;
  customerTelephone: string;
  customerName: string | null;
  status: CallStatus | null;
  finishStatus: FinishStatus | null;
  duration: number | null;
  chatRound: number | null;
  startTime: string | null;
  endTime: string | null;
  startTimeMs: number | null;
  endTimeMs: number | null;
  callerPhone: string | null;
  luyinOssUrl: string | null;
  userLuyinOssUrl: string | null;
  properties: string | null;
  handlePerson: string | null;
  callType: number | null;
  readStatus: number | null;
  jobName: string | null;
  robotDefId: number | null;
  sceneDefId: number | null;
  sceneRecordId: number | null;
  trackResult: string | null;
  hangUp: number | null;
  secondaryCallTime: string | null;
  secondaryCallTimes: number | null;
  gmtCreate: string | null;
  gmtModified: string | null;
  callUserId?: number;
  callIndex?: number;
  industry?: string;
  corpName?: string;
  bugType?: string;
  cost?: number;
  callbacked?: number;
  csStaffId?: number;
  customerStatus?: number;
  userProperties?: string;
  propertiesMap?: unknown;
  perceptionResult?: unknown;
  collectProperties?: unknown;
  calledTimes?: number;
  transferred?: unknown;
  lineIn?: unknown;
  takeover?: unknown;
  callRepeat?: unknown;
  jobPhoneInfos?: unknown;
  extra?: Record<string, unknown>;
}
export interface PhoneLog {
  phoneLogs: TranscriptLine[];
  luyinOssUrl: string | null;
  extra?: Record<string, unknown>;
}
export interface TranscriptLine {
  sceneInstanceLogId: number | null;
  sceneInstanceId: number | null;
  speaker: "AI" | "ME" | (string & {});
  content: string;
  userMean: string | null;
  userMeanDetail: string | null;
  aiUnknown: boolean | null;
  startTime: number | null;
  endTime: number | null;
  gmtCreate: string | null;
  gmtModified: string | null;
  companyId?: number;
  robotDefId?: number;
  decisionId?: number;
  answerStatus?: number;
  studyStatus?: number;
  knowledgeBaseId?: number;
  correctionContent?: string;
  extra?: Record<string, unknown>;
}
export interface TaskResult {
  sceneInstanceResultId: number | null;
  companyId: number | null;
  sceneInstanceId: number | null;
  resultName: string;
  resultValue: string | null;
  resultDesc: string | null;
  analyzeType: string | null;
  gmtCreate: string | null;
  gmtModified: string | null;
  callJobId?: number;
  artificialResultValue?: string;
  artificialChanged?: boolean;
  resultValueAlias?: string;
  resultValueNew?: string;
  resultLabels?: unknown;
  extra?: Record<string, unknown>;
}
export interface Page<T> {
  pageNum: number;
  pageSize: number;
  total: number | null;
  pages: number | null;
  list: T[];
  extra?: Record<string, unknown>;
}
export interface NamedValue {
  name: string;
  value: string;
}
export interface NamedCount {
  name: string;
  value: number;
}
export interface ResultDefinition {
  name: string;
  values: string[];
}
export interface GetTasksQuery {
  companyId: number;
  taskName?: string | undefined;
  createDate?: string | undefined;
  status?: JobStatus | undefined;
  needAll?: boolean | undefined;
  pageNum?: number | undefined;
  pageSize?: number | undefined;
}
export interface GetTaskDetailQuery {
  companyId: number;
  taskId: number;
}
export interface DoneCallsQuery {
  callJobId: number;
  durationLeft?: number | undefined;
  durationRight?: number | undefined;
  chatRoundLeft?: number | undefined;
  chatRoundRight?: number | undefined;
  finishStatus?: FinishStatus | undefined;
  index?: number | undefined;
  pageNum?: number | undefined;
  pageSize?: number | undefined;
  resultQueryList?: NamedValue[] | undefined;
}
export interface UndialedQuery {
  taskId: number;
  pageNum?: number | undefined;
  pageSize?: number | undefined;
}
export interface PhoneLogQuery {
  callInstanceId: number;
}

// ── generated/parameters.d.ts ──
import type {
  GetTasksQuery,
  GetTaskDetailQuery,
  DoneCallsQuery,
  UndialedQuery,
  PhoneLogQuery,
} from "./models.js";
export interface Queries {
  getTasks: GetTasksQuery;
  getTaskDetail: GetTaskDetailQuery;
  queryDoneTaskPhones: DoneCallsQuery;
  notDialedCustomerList: UndialedQuery;
  phoneLogInfo: PhoneLogQuery;
}
export declare const path = "/openapi/v1/task/";
export type Parameter =
  readonly [least: number, most: number] | "text" | "day" | "flag" | "namedValues";
export declare const endpoints: Record<
  string,
  {
    method: "GET" | "POST";
    required: string[];
    ids: {
      company?: string;
      task?: string;
      call?: string;
    };
    fields: Record<string, Parameter>;
  }
>;
export declare const taskList: {
  readonly endpoint: "getTasks";
  readonly company: "companyId";
  readonly deleted: "needAll";
  readonly page: "pageNum";
  readonly size: "pageSize";
  readonly most: 100;
  readonly id: "callJobId";
};
export declare const callDetail: {
  readonly call: "sceneInstance";
  readonly company: "companyId";
  readonly task: "callJobId";
};

// ── generated/statistics.d.ts ──
import type { FinishStatus } from "./codes.js";
export type IntentLevel = "A" | "B" | "C" | "D" | "E" | "F";
export interface CallStatistics {
  calls: number;
  answered: number;
  answerRate: number | null;
  effectiveAnswerRate: number | null;
  byFinishStatus: {
    code: FinishStatus | null;
    calls: number;
  }[];
  talkSeconds: number;
  billableMinutes: number;
  meanDuration: number | null;
  durationQuantiles: {
    q: number;
    seconds: number;
  }[];
  shortCallRate: number | null;
  longCallRate: number | null;
  meanRounds: number | null;
  engagedRate: number | null;
  intent: {
    level: IntentLevel | null;
    calls: number;
  }[];
  intentRate: number | null;
  invalidRate: number | null;
  deadNumberRate: number | null;
  lineLossRate: number | null;
  firstRoundRate: number | null;
  intentPerHundredMinutes: number | null;
  firstStartMs: number | null;
  lastStartMs: number | null;
  unreadable: {
    duration: number;
    startTime: number;
    finishStatus: number;
  };
}

// ── index.d.ts ──
export * from "./client.js";
export * from "./table.js";

// ── node.d.ts ──
export type { CallStore } from "./client/call-store.js";
export { fileStore, type FileStore } from "./client/file-store.js";

// ── react.d.ts ──
export * from "./adapters/react.js";
export type { Fill } from "./adapters/life.js";

// ── sandbox.d.ts ──
export * from "./sandbox/sandbox.js";

// ── sandbox/control.d.ts ──
import { type SandboxFault } from "./faults.js";
import type { SandboxOptions } from "./options.js";
export interface SandboxState {
  seed: number;
  scenario: SandboxOptions["scenario"] | null;
  callsPerTask: number | null;
  now: number;
  live: boolean;
  faults: Readonly<Record<SandboxFault, boolean>>;
}

// ── sandbox/faults.d.ts ──
import { type SandboxEndpoint, type SandboxFault } from "./generated/faults.js";
export type { SandboxEndpoint, SandboxFault } from "./generated/faults.js";
export interface SandboxRule {
  fault: SandboxFault;
  endpoint?: SandboxEndpoint | undefined;
  pageNum?: number | undefined;
  nth?: number | undefined;
}
export declare function checkFault(path: string, value: unknown): SandboxFault;
export declare function checkFaults(
  path: string,
  value: unknown,
): Partial<Record<SandboxFault, number>>;
export declare function checkScript(path: string, value: unknown): SandboxRule[];
export declare function checkRule(path: string, value: unknown): SandboxRule;

// ── sandbox/generated/faults.d.ts ──
export type SandboxFault =
  | "network"
  | "timeout"
  | "http500"
  | "http429"
  | "html200"
  | "truncated"
  | "empty"
  | "vendor500"
  | "clockSkew"
  | "shiftRows"
  | "duplicateRows"
  | "oddFields"
  | "ignoreIndex";
export type SandboxEndpoint =
  "getTasks" | "getTaskDetail" | "queryDoneTaskPhones" | "notDialedCustomerList" | "phoneLogInfo";

// ── sandbox/options.d.ts ──
import { type SandboxFault, type SandboxRule } from "./faults.js";
import { type SandboxScenario } from "./scenario.js";
export interface SandboxOptions {
  seed?: number;
  companyId?: number;
  companies?: readonly number[];
  tasks?: number;
  callsPerTask?: number;
  scenario?: "quiet" | "campaign" | SandboxScenario;
  now?: Date;
  live?: boolean;
  latency?: number | [number, number];
  requireSignature?: boolean;
  appKey?: string;
  appSecret?: string;
  cors?: boolean;
  recordingBase?: string;
  faults?: Partial<Record<SandboxFault, number>>;
  script?: readonly SandboxRule[];
  control?: boolean;
}

// ── sandbox/sandbox.d.ts ──
import { type SandboxRule } from "./faults.js";
import { type SandboxOptions } from "./options.js";
import type { SandboxTruth } from "./scenario.js";
export type { SandboxState } from "./control.js";
export type { SandboxEndpoint, SandboxFault, SandboxRule } from "./faults.js";
export type { SandboxOptions } from "./options.js";
export type { SandboxScenario, SandboxTruth } from "./scenario.js";
export interface Sandbox {
  fetch: typeof globalThis.fetch;
  handle(request: Request): Promise<Response>;
  inject(rule: SandboxRule): void;
  advance(seconds: number): void;
  reset(): void;
  bodies(callJobId: number): Iterable<Uint8Array>;
  readonly truth: readonly SandboxTruth[];
  free(): void;
}
export declare function createSandbox(options?: SandboxOptions): Promise<Sandbox>;

// ── sandbox/scenario.d.ts ──
export interface SandboxScenario {
  base?: "quiet" | "campaign" | undefined;
  days?: number | undefined;
  callsPerDay?: number | undefined;
  unfinished?: boolean | undefined;
  flaggedLine?:
    | boolean
    | {
        daysAgo?: number | undefined;
        answers?: number | undefined;
      }
    | undefined;
  badList?:
    | boolean
    | {
        invalid?: number | undefined;
      }
    | undefined;
  blockedList?: boolean | undefined;
  callLoss?: boolean | undefined;
  losesAtRound?:
    | boolean
    | {
        round?: number | undefined;
        hazard?: number | undefined;
      }
    | undefined;
  earlyHangUps?: boolean | undefined;
  unanswered?: boolean | undefined;
  stopped?: boolean | undefined;
  silent?: boolean | undefined;
  afterHours?: boolean | undefined;
  repeats?: boolean | undefined;
}
export interface SandboxTruth {
  companyId: number;
  from: string;
  bestHour: number;
  flaggedLine: {
    callerPhone: string;
    since: string;
  } | null;
  badList: {
    callJobId: number;
  } | null;
  blockedList: {
    callJobId: number;
  } | null;
  callLoss: {
    since: string;
    until: string;
  } | null;
  losesAtRound: {
    sceneDefId: number;
    round: number;
  } | null;
  earlyHangUps: {
    sceneDefId: number;
    since: string;
  } | null;
  unanswered: {
    sceneDefId: number;
    question: string;
  } | null;
  stopped: {
    callJobId: number;
    status: number;
    since: string;
  } | null;
  silent: {
    callJobId: number;
    since: string;
  } | null;
  afterHours: {
    callJobId: number;
  } | null;
  repeats: {
    telephones: string[];
  } | null;
}
export declare function checkScenario(path: string, value: unknown): object;

// ── server.d.ts ──
export {
  createProxy,
  type Access,
  type AnswerContext,
  type AuthorizeContext,
  type AuthorizeResult,
  type ProxyEvent,
  type ProxyOptions,
  type RecordingContext,
  type Tenant,
} from "./server/proxy.js";
export { sign, type Signature } from "./server/sign.js";
export { toNodeHandler } from "./server/node.js";
export { byrobotProxy, type ByrobotProxyOptions, type VitePlugin } from "./server/vite.js";

// ── server/node.d.ts ──
export declare function toNodeHandler(
  handler: (request: Request) => Promise<Response>,
): (request: unknown, response: unknown) => void;

// ── server/options.d.ts ──
import type { Queries } from "../generated/parameters.js";
export interface Tenant {
  companyIds: readonly number[];
}
export interface Access {
  allow: true;
  tenant?: Tenant;
  limitKey?: string | undefined;
}
export type AuthorizeResult = boolean | Access | Response | null | undefined;
export interface RecordingContext {
  url: string;
  companyId: number | null;
  expires: Date | null;
}
export type AuthorizeContext =
  | {
      [Name in keyof Queries]: {
        operation: Name;
        parameters: Readonly<Queries[Name]>;
        recording: null;
      };
    }[keyof Queries]
  | {
      operation: "recording";
      parameters: Readonly<Record<string, never>>;
      recording: RecordingContext;
    };
export type AnswerContext = AuthorizeContext & {
  tenant: Tenant | null;
};
export interface ProxyEvent {
  requestId: string;
  endpoint: string | null;
  status: number;
  durationMs: number;
  error: unknown;
}
export interface ProxyOptions {
  upstream?: string | undefined;
  appKey: string;
  appSecret: string;
  authorize: (
    request: Request,
    context: AuthorizeContext,
  ) => AuthorizeResult | Promise<AuthorizeResult>;
  allowAnswer?:
    | ((
        answer: unknown,
        context: AnswerContext,
      ) => boolean | Response | Promise<boolean | Response>)
    | undefined;
  maskPhones?: boolean | undefined;
  recordingHosts?: readonly string[] | undefined;
  recordingDays?: number | undefined;
  publicPath?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  timeout?: number | undefined;
  maxConcurrency?: number | undefined;
  maxRecordings?: number | undefined;
  onResponse?: ((event: ProxyEvent) => void) | undefined;
}

// ── server/proxy.d.ts ──
import type { ProxyOptions } from "./options.js";
export type {
  Access,
  AnswerContext,
  AuthorizeContext,
  AuthorizeResult,
  ProxyEvent,
  ProxyOptions,
  RecordingContext,
  Tenant,
} from "./options.js";
export declare function createProxy(options: ProxyOptions): (request: Request) => Promise<Response>;

// ── server/sign.d.ts ──
export interface Signature {
  appkey: string;
  datetime: string;
  sign: string;
}
export declare function sign(appKey: string, appSecret: string, date?: Date): Promise<Signature>;

// ── server/vite.d.ts ──
import { type ProxyOptions } from "./options.js";
export interface ByrobotProxyOptions extends Partial<ProxyOptions> {
  path?: string | undefined;
}
export interface VitePlugin {
  name: string;
  configureServer(server: ViteServer): void;
  configurePreviewServer(server: ViteServer): void;
}
interface ViteServer {
  middlewares: {
    use(path: string, handler: (request: unknown, response: unknown) => void): unknown;
  };
}
export declare function byrobotProxy(options?: ByrobotProxyOptions): VitePlugin;
export {};

// ── table.d.ts ──
export * from "./common.js";
export type { ExplainedNumber } from "./generated/explanations.js";
export type { CallStatistics, IntentLevel } from "./generated/statistics.js";
export type { CallSet, CallView, ExpectedRate, LinkedCharts, Repeats } from "./table/call-set.js";
export type { CallUpdate, TableChange } from "./table/changes.js";
export type {
  BrushOf,
  ChartResult,
  ChartSpec,
  Group,
  GroupsChart,
  Heatmap,
  HeatmapChart,
  Histogram,
  HistogramChart,
  Round,
  RoundSurvivalChart,
  StatisticsChart,
} from "./table/charts.js";
export type { Bounds, CallFilter, OneOrMore, TimeBounds } from "./table/filter.js";
export type { IngestOptions, IngestReport, Oddity, OwnColumns } from "./table/ingest.js";
export { rateDifference, rateInterval } from "./table/intervals.js";
export type { Rate, RateDifference } from "./table/intervals.js";
export type {
  CsvColumn,
  CsvField,
  CsvOptions,
  Dimension,
  Dimensions,
  GroupOptions,
  HistogramOptions,
  KeyOf,
  KeysOf,
  RepeatsOptions,
  RowsOptions,
  StatisticsOptions,
} from "./table/options.js";
export { callStatistics, filterCalls } from "./table/rows.js";
export { CallTable } from "./table/table.js";
export { explain } from "./words/explain.js";
export type { Explanation } from "./words/explain.js";

// ── table/call-questions.d.ts ──
/// <reference lib="esnext.disposable" preserve="true" />
import type { CallSet, CallView, ExpectedRate, LinkedCharts, Repeats } from "./call-set.js";
import { type ChartSpec, type Group, type Heatmap, type Histogram, type Round } from "./charts.js";
import type { CallFilter } from "./filter.js";
import type {
  CsvOptions,
  Dimension,
  Dimensions,
  GroupOptions,
  HistogramOptions,
  KeyOf,
  KeysOf,
  RepeatsOptions,
  RowsOptions,
  StatisticsOptions,
} from "./options.js";
import type { DoneCall } from "../generated/models.js";
import type { CallStatistics } from "../generated/statistics.js";
export declare abstract class CallQuestions implements CallSet {
  get length(): number;
  where(filter: CallFilter): CallView;
  statistics(options?: StatisticsOptions): CallStatistics;
  groupBy<const D extends Dimensions>(dimension: D, options?: GroupOptions): Group<KeysOf<D>>[];
  histogram(column: "duration" | "chatRound", options?: HistogramOptions): Histogram;
  heatmap(): Heatmap;
  roundSurvival(): Round[];
  repeats(options?: RepeatsOptions): Repeats;
  expectedRates<const D extends Dimension>(
    dimension: D,
    strata: Dimension | readonly [Dimension] | readonly [Dimension, Dimension],
  ): ExpectedRate<KeyOf<D>>[];
  linked<const T extends Record<string, ChartSpec>>(charts: T): LinkedCharts<T>;
  rows(options?: RowsOptions): DoneCall[];
  toCSV(options?: CsvOptions): string;
  toCSVStream(options?: CsvOptions): ReadableStream<Uint8Array>;
  toArrowIPC(): Uint8Array;
}

// ── table/call-set.d.ts ──
/// <reference lib="esnext.disposable" preserve="true" />
import type {
  BrushOf,
  ChartResult,
  ChartSpec,
  Group,
  Heatmap,
  Histogram,
  Round,
} from "./charts.js";
import type { CallFilter } from "./filter.js";
import type {
  CsvOptions,
  Dimension,
  Dimensions,
  GroupOptions,
  HistogramOptions,
  KeyOf,
  KeysOf,
  RepeatsOptions,
  RowsOptions,
  StatisticsOptions,
} from "./options.js";
import type { DoneCall } from "../generated/models.js";
import type { CallStatistics } from "../generated/statistics.js";
export interface Repeats {
  numbers: {
    calls: number;
    numbers: number;
  }[];
  leftOut: number;
}
export interface ExpectedRate<Key = number | string | null> {
  key: Key;
  calls: number;
  answered: number;
  answerRate: number;
  expectedRate: number | null;
  coverage: number;
}
export interface CallSet {
  readonly length: number;
  where(filter: CallFilter): CallView;
  statistics(options?: StatisticsOptions): CallStatistics;
  groupBy<const D extends Dimensions>(dimension: D, options?: GroupOptions): Group<KeysOf<D>>[];
  histogram(column: "duration" | "chatRound", options?: HistogramOptions): Histogram;
  heatmap(): Heatmap;
  roundSurvival(): Round[];
  repeats(options?: RepeatsOptions): Repeats;
  expectedRates<const D extends Dimension>(
    dimension: D,
    strata: Dimension | readonly [Dimension] | readonly [Dimension, Dimension],
  ): ExpectedRate<KeyOf<D>>[];
  linked<const T extends Record<string, ChartSpec>>(charts: T): LinkedCharts<T>;
  rows(options?: RowsOptions): DoneCall[];
  toCSV(options?: CsvOptions): string;
  toCSVStream(options?: CsvOptions): ReadableStream<Uint8Array>;
  toArrowIPC(): Uint8Array;
}
export interface CallView extends CallSet {
  free(): void;
  [Symbol.dispose](): void;
}
export interface LinkedCharts<T extends Record<string, ChartSpec> = Record<string, ChartSpec>> {
  readonly length: number;
  filter(chart: keyof T & string, filter: CallFilter | null): void;
  brush<Name extends keyof T & string>(chart: Name, brush: BrushOf<T[Name]> | null): void;
  read(): {
    [Name in keyof T]: ChartResult<T[Name]>;
  };
  view(): CallView;
  rows(options?: RowsOptions): DoneCall[];
  free(): void;
  [Symbol.dispose](): void;
}

// ── table/changes.d.ts ──
import type { DoneCall } from "../generated/models.js";
export interface CallUpdate {
  callInstanceId: number;
  changed: {
    [Field in keyof DoneCall]?: [before: DoneCall[Field], after: DoneCall[Field]];
  };
}
export interface TableChange {
  readonly revision: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  addedIds(): number[];
  updates(): CallUpdate[];
}

// ── table/charts.d.ts ──
import type {
  Dimensions,
  GroupOptions,
  HistogramOptions,
  KeysOf,
  StatisticsOptions,
} from "./options.js";
import { type CallStatistics } from "../generated/statistics.js";
export interface GroupsChart<D extends Dimensions = Dimensions> extends GroupOptions {
  groupBy: D;
}
export interface HistogramChart extends Pick<HistogramOptions, "answeredOnly"> {
  histogram: "duration" | "chatRound";
  edges: readonly number[];
}
export interface HeatmapChart {
  heatmap: true;
}
export interface StatisticsChart {
  statistics: true | StatisticsOptions;
}
export interface RoundSurvivalChart {
  roundSurvival: true;
}
export type ChartSpec =
  GroupsChart | HistogramChart | HeatmapChart | StatisticsChart | RoundSurvivalChart;
export type ChartResult<T extends ChartSpec> =
  T extends GroupsChart<infer D>
    ? Group<KeysOf<D>>[]
    : T extends HistogramChart
      ? Histogram
      : T extends HeatmapChart
        ? Heatmap
        : T extends StatisticsChart
          ? CallStatistics
          : T extends RoundSurvivalChart
            ? Round[]
            : never;
export type BrushOf<T extends ChartSpec> =
  T extends GroupsChart<infer D>
    ? readonly KeysOf<D>[]
    : T extends HistogramChart
      ? readonly [from: number, to: number]
      : T extends HeatmapChart | RoundSurvivalChart
        ? readonly number[]
        : never;
export interface Group<Key = number | string | null> {
  key: Key;
  calls: number;
  answered: number;
  answerRate: number | null;
  interval: [number, number] | null;
  talkSeconds: number;
  meanDuration: number | null;
}
export interface Histogram {
  edges: Float64Array;
  counts: Uint32Array;
  outside: number;
}
export interface Heatmap {
  calls: Uint32Array;
  answered: Uint32Array;
}
export interface Round {
  round: number;
  atRisk: number;
  ended: number;
  survival: number;
  hazard: number;
}

// ── table/filter.d.ts ──
import type { FinishStatus } from "../generated/codes.js";
import type { IntentLevel } from "../generated/statistics.js";
export interface Bounds {
  min?: number | null | undefined;
  max?: number | null | undefined;
  below?: number | null | undefined;
}
export interface TimeBounds {
  from?: string | number | Date | null | undefined;
  to?: string | number | Date | null | undefined;
}
export type OneOrMore<T> = T | null | readonly (T | null)[];
export interface CallFilter {
  callJobId?: OneOrMore<number> | undefined;
  jobName?: OneOrMore<string> | undefined;
  sceneDefId?: OneOrMore<number> | undefined;
  finishStatus?: OneOrMore<FinishStatus> | undefined;
  callerPhone?: OneOrMore<string> | undefined;
  duration?: OneOrMore<number | Bounds> | undefined;
  chatRound?: OneOrMore<number | Bounds> | undefined;
  startTime?: OneOrMore<TimeBounds> | undefined;
  hourOfDay?: OneOrMore<number> | undefined;
  weekday?: OneOrMore<number> | undefined;
  date?: OneOrMore<string> | undefined;
  intentLevel?: OneOrMore<IntentLevel> | undefined;
  results?:
    | readonly {
        name: string;
        values: readonly (string | null)[];
      }[]
    | null
    | undefined;
  properties?:
    | readonly {
        name: string;
        values: readonly (string | null)[];
      }[]
    | undefined;
  text?: OneOrMore<string> | undefined;
  not?: CallFilter | undefined;
  anyOf?: readonly CallFilter[] | undefined;
}

// ── table/ingest.d.ts ──
import type { DoneCall } from "../generated/models.js";
export type OwnColumns = {
  readonly [F in Exclude<keyof DoneCall, "extra">]?: string | undefined;
};
export interface IngestOptions {
  columns?: OwnColumns | undefined;
  format?: "csv" | undefined;
}
export interface IngestReport {
  added: number;
  updated: number;
  unchanged: number;
  total: number | null;
  oddities: Oddity[];
}
export interface Oddity {
  field: string;
  kind:
    | "missing"
    | "text_for_number"
    | "number_for_text"
    | "other_form"
    | "unreadable"
    | "unknown_field"
    | "too_deep"
    | "not_utf8";
  count: number;
  example: string;
}

// ── table/intervals.d.ts ──
export interface Rate {
  part: number;
  whole: number;
}
export interface RateDifference {
  difference: number;
  interval: [number, number];
}
export declare function rateInterval(rate: Rate, level?: number): [number, number] | null;
export declare function rateDifference(
  first: Rate,
  second: Rate,
  level?: number,
): RateDifference | null;

// ── table/options.d.ts ──
import type { FinishStatus, Language } from "../generated/codes.js";
import type { DoneCall } from "../generated/models.js";
import type { IntentLevel } from "../generated/statistics.js";
export interface StatisticsOptions {
  quantiles?: readonly number[] | undefined;
  engagedRounds?: number | undefined;
  unusable?: readonly FinishStatus[] | undefined;
}
export type Dimension =
  | "callJobId"
  | "jobName"
  | "sceneDefId"
  | "finishStatus"
  | "callerPhone"
  | "hourOfDay"
  | "weekday"
  | "date"
  | "intentLevel"
  | "chatRound"
  | {
      time: "quarterHour" | "hour" | "day" | "week";
    }
  | {
      result: string;
    }
  | {
      property: string;
    };
export type Dimensions =
  Dimension | readonly [Dimension, Dimension] | readonly [Dimension, Dimension, Dimension];
export type KeyOf<D extends Dimension> = D extends "intentLevel"
  ? IntentLevel | null
  : D extends TimeDimension
    ? number | null
    : D extends "callerPhone" | "jobName" | "date" | object
      ? string | null
      : number | null;
type TimeDimension = Extract<Dimension, Record<"time", unknown>>;
export type KeysOf<D extends Dimensions> = D extends readonly Dimension[]
  ? {
      -readonly [Index in keyof D]: KeyOf<Extract<D[Index], Dimension>>;
    }
  : D extends Dimension
    ? KeyOf<D>
    : never;
export interface GroupOptions {
  order?: "key" | "calls" | undefined;
  top?: number | undefined;
  level?: number | undefined;
}
export interface HistogramOptions {
  edges?: readonly number[] | undefined;
  bins?: number | undefined;
  answeredOnly?: boolean | undefined;
}
export interface RowsOptions {
  offset?: number | undefined;
  limit?: number | undefined;
  sortBy?: keyof DoneCall | undefined;
  descending?: boolean | undefined;
}
export interface RepeatsOptions {
  within?: number | undefined;
}
export interface CsvOptions {
  language?: Language | undefined;
  maskPhones?: boolean | undefined;
  bom?: boolean | undefined;
  columns?: readonly CsvColumn[] | undefined;
  forSpreadsheet?: boolean | undefined;
}
export type CsvField = Exclude<keyof DoneCall, `${string}Ms`> | "intentLevel";
export type CsvColumn =
  | CsvField
  | {
      field: CsvField;
      title?: string | undefined;
    }
  | {
      result: string;
      title?: string | undefined;
    };
export {};

// ── table/rows.d.ts ──
import type { CallFilter } from "./filter.js";
import type { StatisticsOptions } from "./options.js";
import type { DoneCall } from "../generated/models.js";
import type { CallStatistics } from "../generated/statistics.js";
export declare function filterCalls(calls: readonly DoneCall[], filter: CallFilter): DoneCall[];
export declare function callStatistics(
  calls: readonly DoneCall[],
  options?: StatisticsOptions,
): CallStatistics;

// ── table/table.d.ts ──
/// <reference lib="esnext.disposable" preserve="true" />
import { CallQuestions } from "./call-questions.js";
import type { LinkedCharts } from "./call-set.js";
import { type TableChange } from "./changes.js";
import type { ChartSpec } from "./charts.js";
import { type IngestOptions, type IngestReport } from "./ingest.js";
import type { DoneCall } from "../generated/models.js";
export declare class CallTable extends CallQuestions {
  constructor();
  static restore(snapshot: Uint8Array): CallTable;
  get length(): number;
  ingest(
    source: Uint8Array | ArrayBuffer | string | readonly object[],
    options?: IngestOptions,
  ): IngestReport;
  get revision(): number;
  subscribe(listener: (change: TableChange) => void): () => void;
  snapshot(): Uint8Array;
  get(callInstanceId: number): DoneCall | null;
  linked<const T extends Record<string, ChartSpec>>(charts: T): LinkedCharts<T>;
  clear(): void;
  memory(): {
    numbers: number;
    texts: number;
    index: number;
  };
  free(): void;
  [Symbol.dispose](): void;
}

// ── vue.d.ts ──
export * from "./adapters/vue.js";
export type { Fill } from "./adapters/life.js";

// ── wasm/errors.d.ts ──
export type ErrorCode =
  | "network"
  | "timeout"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "rate_limited"
  | "clock_skew"
  | "rejected_parameters"
  | "server"
  | "vendor"
  | "http"
  | "not_json"
  | "unexpected_shape"
  | "headers"
  | "fetch"
  | "invalid_argument"
  | "paging_unstable"
  | "snapshot"
  | "out_of_memory"
  | "internal";
export interface ByrobotError extends Error {
  readonly name: "ByrobotError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly endpoint: string | null;
  readonly url: string | null;
  readonly status: number | null;
  readonly vendorCode: number | null;
  readonly vendorMessage: string | null;
  readonly requestId: string | null;
  readonly path: string | null;
  readonly attempts: number;
  readonly retryAfterMs: number | null;
  readonly cause: unknown;
}
export declare function isByrobotError(value: unknown): value is ByrobotError;

// ── wasm/loading.d.ts ──
export type CompiledModule = typeof globalThis extends {
  WebAssembly: {
    Module: {
      prototype: infer Module;
    };
  };
}
  ? Module & object
  : never;
export type WasmSource =
  | string
  | URL
  | Request
  | Response
  | Promise<Response>
  | ArrayBuffer
  | ArrayBufferView
  | CompiledModule;

// ── wasm/version.d.ts ──
export declare const version = "0.1.0";

// ── words/explain.d.ts ──
import type { Language } from "../generated/codes.js";
import { type ExplainedNumber } from "../generated/explanations.js";
export interface Explanation {
  title: string;
  formula: string;
  note: string;
}
export declare function explain(metric: ExplainedNumber, language?: Language): Explanation;

// ── words/label.d.ts ──
import type { CodeTable, Language } from "../generated/codes.js";
export declare function label(
  table: CodeTable,
  code: number | string | null,
  language?: Language,
): string;

// ── words/phone.d.ts ──
export declare function maskPhone(phone: string): string;

// ── words/transcript.d.ts ──
import { type Language } from "../generated/codes.js";
import type { CallDetail, TranscriptLine } from "../generated/models.js";
export interface TranscriptTools {
  at(ms: number): TranscriptLine | null;
  talkRatio(): {
    robot: number;
    customer: number;
    silence: number;
  } | null;
  unknownQuestions(): TranscriptLine[];
  search(text: string): TranscriptLine[];
  untimed(): TranscriptLine[];
  toText(language?: Language): string;
  toWebVTT(language?: Language): string;
}
export declare function transcript(detail: CallDetail): TranscriptTools;
