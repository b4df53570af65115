/// <reference lib="esnext.disposable" />
// What the package has to offer, by name and shape: the public surface as it was designed, from
// loading to transcripts. The package may offer more. Not here: words; they stand in the package's own
// declarations.

export function init(
  source?: string | URL | Request | Response | BufferSource | WebAssembly.Module,
): Promise<void>;
export const version: string;

export type JobStatus = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | (number & {});
export type JobType = 1 | 2 | (number & {});
export type CallStatus = 0 | 1 | 2 | 3 | (number & {});
export type FinishStatus =
  0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 22 | 23 | 25 | (number & {});
export const JobStatus: {
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
export const FinishStatus: {
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
export function label(
  table: CodeTable,
  code: number | string | null,
  language?: "zh" | "en",
): string;

export interface Page<T> {
  pageNum: number;
  pageSize: number;
  total: number | null;
  pages: number | null;
  list: T[];
}
export interface NamedCount {
  name: string;
  value: number;
}
export interface NamedValue {
  name: string;
  value: string;
}
export interface ResultDefinition {
  name: string;
  values: string[];
}
export interface CallerPhone {
  jobPhoneId: number | null;
  userPhoneId: number | null;
  callJobId: number | null;
  phone: string;
  phoneName: string | null;
  gmtCreate: string | null;
  gmtModified: string | null;
}
export interface Extensible {
  extra?: Record<string, unknown>;
}
export interface Task extends Extensible {
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
}
export interface TaskDetail extends Task {
  robotDefName: string | null;
  sceneRecordName: string | null;
  durationStat: NamedCount[];
  chatRoundStat: NamedCount[];
  resultDefs: ResultDefinition[];
  extraStat: Record<string, NamedCount[]>;
}
export interface DoneCall extends Extensible {
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
}
export interface UndialedCustomer extends Extensible {
  callInstanceId: number;
  customerName: string | null;
  customerTelephone: string;
  status: CallStatus | null;
  startTime: string | null;
  startTimeMs: number | null;
  callerPhone: string | null;
  corpName: string | null;
  calledTimes: number | null;
}
export interface TranscriptLine extends Extensible {
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
}
export interface CallInstance extends Extensible {
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
}
export interface TaskResult extends Extensible {
  sceneInstanceResultId: number | null;
  companyId: number | null;
  sceneInstanceId: number | null;
  resultName: string;
  resultValue: string | null;
  resultDesc: string | null;
  analyzeType: string | null;
  gmtCreate: string | null;
  gmtModified: string | null;
}
export interface CallDetail extends Extensible {
  phoneLog: { phoneLogs: TranscriptLine[]; luyinOssUrl: string | null };
  sceneInstance: CallInstance;
  taskResult: TaskResult[];
}

export interface GetTasksQuery {
  companyId: number;
  taskName?: string;
  createDate?: string;
  status?: JobStatus;
  needAll?: boolean;
  pageNum?: number;
  pageSize?: number;
}
export interface GetTaskDetailQuery {
  companyId: number;
  taskId: number;
}
export interface DoneCallsQuery {
  callJobId: number;
  durationLeft?: number;
  durationRight?: number;
  chatRoundLeft?: number;
  chatRoundRight?: number;
  finishStatus?: FinishStatus;
  index?: number;
  pageNum?: number;
  pageSize?: number;
  resultQueryList?: NamedValue[];
}
export interface UndialedQuery {
  taskId: number;
  pageNum?: number;
  pageSize?: number;
}
export interface PhoneLogQuery {
  callInstanceId: number;
}

export type HeadersSource = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
export interface RetryOptions {
  attempts?: number;
  minDelay?: number;
  maxDelay?: number;
  maxRetryAfter?: number;
}
export interface CallOptions {
  signal?: AbortSignal;
  timeout?: number;
  totalTimeout?: number;
  retry?: RetryOptions | false;
  headers?: HeadersSource;
}
export interface ClientOptions extends CallOptions {
  baseUrl?: string;
  credentials?: RequestCredentials;
  fetch?: typeof globalThis.fetch;
  maxConcurrency?: number;
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
export class ByrobotClient {
  constructor(options?: ClientOptions);
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
  syncDoneCalls(
    table: CallTable,
    query: DoneCallsQuery,
    options?: SyncOptions,
  ): Promise<SyncReport>;
}
export interface PaginatorOptions extends CallOptions {
  prefetch?: number;
  onProgress?(progress: Progress): void;
}
export interface Paginator<T> extends AsyncIterable<T> {
  pages(): AsyncIterable<Page<T>>;
  toArray(options?: { limit?: number }): Promise<T[]>;
}
export interface Progress {
  phase: "listing" | "verifying" | "saving";
  done: number;
  total: number | null;
  requests: number;
}
export interface SyncOptions extends PaginatorOptions {
  store?: CallStore;
  mode?: "walk" | "cursor";
  full?: boolean;
}
export interface SyncReport {
  added: number;
  updated: number;
  unchanged: number;
  requests: number;
  restarts: number;
  complete: boolean;
}
export interface CallStore {
  load(key: string): Promise<Uint8Array | null>;
  save(key: string, snapshot: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
}
export function indexedDbStore(name?: string): CallStore;

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
export function isByrobotError(value: unknown): value is ByrobotError;

export interface Bounds {
  min?: number;
  max?: number;
}
export interface CallFilter {
  callJobId?: number | number[];
  finishStatus?: FinishStatus | FinishStatus[];
  callerPhone?: string | string[];
  duration?: Bounds;
  chatRound?: Bounds;
  startTime?: { from?: string | number | Date; to?: string | number | Date };
  hourOfDay?: number[];
  weekday?: number[];
  intentLevel?: IntentLevel[];
  results?: { name: string; values: string[] }[];
  text?: string;
  not?: CallFilter;
  anyOf?: CallFilter[];
}
export type IntentLevel = "A" | "B" | "C" | "D" | "E" | "F";
export function filterCalls(calls: readonly DoneCall[], filter: CallFilter): DoneCall[];
export function callStatistics(
  calls: readonly DoneCall[],
  options?: StatisticsOptions,
): CallStatistics;

export interface StatisticsOptions {
  quantiles?: number[];
  engagedRounds?: number;
  unusable?: FinishStatus[];
}
export interface CallStatistics {
  calls: number;
  answered: number;
  answerRate: number | null;
  effectiveAnswerRate: number | null;
  byFinishStatus: { code: FinishStatus | null; calls: number }[];
  talkSeconds: number;
  billableMinutes: number;
  meanDuration: number | null;
  durationQuantiles: { q: number; seconds: number }[];
  shortCallRate: number | null;
  longCallRate: number | null;
  meanRounds: number | null;
  engagedRate: number | null;
  intent: { level: IntentLevel | null; calls: number }[];
  intentRate: number | null;
  firstStartMs: number | null;
  lastStartMs: number | null;
  unreadable: { duration: number; startTime: number; finishStatus: number };
}
export function explain(
  metric: keyof CallStatistics,
  language?: "zh" | "en",
): { title: string; formula: string; note: string };

export type Dimension =
  | "callJobId"
  | "finishStatus"
  | "callerPhone"
  | "hourOfDay"
  | "weekday"
  | "date"
  | "intentLevel"
  | "chatRound"
  | { result: string };
export interface Histogram {
  edges: Float64Array;
  counts: Uint32Array;
  outside: number;
}
export interface Heatmap {
  calls: Uint32Array;
  answered: Uint32Array;
}
export interface Group {
  key: number | string | null;
  calls: number;
  answered: number;
  answerRate: number | null;
  interval: [number, number] | null;
  talkSeconds: number;
  meanDuration: number | null;
}

export interface CallSet {
  readonly length: number;
  where(filter: CallFilter): CallView;
  statistics(options?: StatisticsOptions): CallStatistics;
  groupBy(dimension: Dimension): Group[];
  histogram(
    column: "duration" | "chatRound",
    options?: { edges?: number[]; bins?: number; answeredOnly?: boolean },
  ): Histogram;
  heatmap(): Heatmap;
  rows(options?: {
    offset?: number;
    limit?: number;
    sortBy?: keyof DoneCall;
    descending?: boolean;
  }): DoneCall[];
  toCSV(options?: { language?: "zh" | "en"; maskPhones?: boolean; bom?: boolean }): string;
  toArrowIPC(): Uint8Array;
}
export class CallTable implements CallSet {
  constructor();
  static restore(snapshot: Uint8Array): CallTable;
  ingest(source: Uint8Array | ArrayBuffer | string | readonly DoneCall[]): IngestReport;
  snapshot(): Uint8Array;
  get(callInstanceId: number): DoneCall | null;
  linked(charts: Record<string, ChartSpec>): LinkedCharts;
  clear(): void;
  free(): void;
  [Symbol.dispose](): void;
  readonly length: number;
  where(filter: CallFilter): CallView;
  statistics(options?: StatisticsOptions): CallStatistics;
  groupBy(dimension: Dimension): Group[];
  histogram(
    column: "duration" | "chatRound",
    options?: { edges?: number[]; bins?: number; answeredOnly?: boolean },
  ): Histogram;
  heatmap(): Heatmap;
  rows(options?: {
    offset?: number;
    limit?: number;
    sortBy?: keyof DoneCall;
    descending?: boolean;
  }): DoneCall[];
  toCSV(options?: { language?: "zh" | "en"; maskPhones?: boolean; bom?: boolean }): string;
  toArrowIPC(): Uint8Array;
}
export interface CallView extends CallSet {
  free(): void;
  [Symbol.dispose](): void;
}
export interface IngestReport {
  added: number;
  updated: number;
  unchanged: number;
  total: number | null;
  oddities: { field: string; kind: string; count: number; example: string }[];
}
export type ChartSpec =
  | { groupBy: Dimension }
  | { histogram: "duration" | "chatRound"; edges: number[] }
  | { heatmap: true }
  | { statistics: true };
export interface LinkedCharts {
  filter(chart: string, filter: CallFilter | null): void;
  read(): Record<string, Group[] | Histogram | Heatmap | CallStatistics>;
  free(): void;
  [Symbol.dispose](): void;
}

export interface TranscriptTools {
  at(ms: number): TranscriptLine | null;
  talkRatio(): { robot: number; customer: number; silence: number } | null;
  unknownQuestions(): TranscriptLine[];
  search(text: string): TranscriptLine[];
  toText(): string;
  toWebVTT(): string;
}
export function transcript(detail: CallDetail): TranscriptTools;
