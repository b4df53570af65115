// The public names of "byrobot-calls/client": the five calls, lists, synchronisation, `diagnose`. No table.
export * from "./common.js";

export { ByrobotClient } from "../client/client.js";
export type { CallStore } from "../client/call-store.js";
export type { DiagnoseOptions, Diagnosis } from "../client/diagnose.js";
export type { FetchFunction, FetchInit, FetchResponse } from "../client/fetch.js";
export type { Follow, FollowOptions, FollowState } from "../client/follow.js";
export type { CallQueries } from "../client/generated/queries.js";
export type { DiagnosisCheck } from "../client/messages.js";
export type {
  CallOptions,
  ClientOptions,
  HeadersInput,
  HeadersSource,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  RetryOptions,
} from "../client/options.js";
export type { Paginator, PaginatorOptions, Progress } from "../client/paginator.js";
export { queries } from "../client/queries.js";
export type { CallQuery, PagesQuery, QueryContext, QueryKey, Unpaged } from "../client/query.js";
export { indexedDbStore } from "../client/store.js";
export type { BrowserStore } from "../client/store.js";
export type { SyncOptions, SyncReport } from "../client/sync-options.js";
export type { TaskCountsOptions } from "../client/task-counts.js";
export type { SyncTasksOptions, TasksProgress, TasksSyncReport } from "../client/tasks-sync.js";
