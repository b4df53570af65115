// The package offers what was designed: each name is there, and each member of it can stand for
// the designed one, and the other way round. What the package has besides is its own affair.
import type * as Offered from "byrobot-calls";
import type * as Design from "./design.js";

/** Whether two types can stand for each other. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;

/** The members of a designed type that are missing or other; `never`, if there are none. */
type Differing<Designed, Real> = {
  [Name in keyof Designed]-?: Name extends keyof Real
    ? Same<Pick<Designed, Name>, Pick<Real, Name>> extends true
      ? never
      : Name
    : Name;
}[keyof Designed];

/** Refuses, and names, what is not `never`. */
type Nothing<Found extends never> = Found;

/** Refuses types that cannot stand for each other. */
type Both<A extends B, B extends C, C = A> = [A, B, C];

export type Models = [
  Nothing<Differing<Design.Page<string>, Offered.Page<string>>>,
  Nothing<Differing<Design.NamedCount, Offered.NamedCount>>,
  Nothing<Differing<Design.NamedValue, Offered.NamedValue>>,
  Nothing<Differing<Design.ResultDefinition, Offered.ResultDefinition>>,
  Nothing<Differing<Design.CallerPhone, Offered.CallerPhone>>,
  Nothing<Differing<Design.Extensible, Offered.Extensible>>,
  Nothing<Differing<Design.Task, Offered.Task>>,
  Nothing<Differing<Design.TaskDetail, Offered.TaskDetail>>,
  Nothing<Differing<Design.DoneCall, Offered.DoneCall>>,
  Nothing<Differing<Design.UndialedCustomer, Offered.UndialedCustomer>>,
  Nothing<Differing<Design.TranscriptLine, Offered.TranscriptLine>>,
  Nothing<Differing<Design.CallInstance, Offered.CallInstance>>,
  Nothing<Differing<Design.TaskResult, Offered.TaskResult>>,
  Nothing<Differing<Design.CallDetail, Offered.CallDetail>>,
];
export type Requests = [
  Nothing<Differing<Design.GetTasksQuery, Offered.GetTasksQuery>>,
  Nothing<Differing<Design.GetTaskDetailQuery, Offered.GetTaskDetailQuery>>,
  Nothing<Differing<Design.DoneCallsQuery, Offered.DoneCallsQuery>>,
  Nothing<Differing<Design.UndialedQuery, Offered.UndialedQuery>>,
  Nothing<Differing<Design.PhoneLogQuery, Offered.PhoneLogQuery>>,
];
export type Clients = [
  Nothing<Differing<Design.RetryOptions, Offered.RetryOptions>>,
  Nothing<Differing<Design.CallOptions, Offered.CallOptions>>,
  Nothing<Differing<Omit<Design.ClientOptions, "fetch">, Offered.ClientOptions>>,
  Nothing<Differing<Design.RequestEvent, Offered.RequestEvent>>,
  Nothing<Differing<Design.ResponseEvent, Offered.ResponseEvent>>,
  Nothing<Differing<Design.RetryEvent, Offered.RetryEvent>>,
  Nothing<Differing<Design.ByrobotError, Offered.ByrobotError>>,
  Nothing<Differing<Omit<Design.ByrobotClient, "syncDoneCalls">, Offered.ByrobotClient>>,
];
export type Paging = [
  Nothing<Differing<Design.PaginatorOptions, Offered.PaginatorOptions>>,
  Nothing<Differing<Design.Paginator<string>, Offered.Paginator<string>>>,
  // There are more phases than were designed.
  Both<Design.Progress, Offered.Progress, Offered.Progress>,
  Nothing<Differing<Omit<Design.SyncOptions, "store">, Offered.SyncOptions>>,
  Nothing<Differing<Design.SyncReport, Offered.SyncReport>>,
  Nothing<Differing<Design.CallStore, Offered.CallStore>>,
  // A store that was written after the design is one of the package's.
  Both<Offered.CallStore, Design.CallStore, Design.CallStore>,
  Both<Design.CallStore, Offered.CallStore>,
  Both<Design.SyncOptions, Offered.SyncOptions>,
  Both<Offered.SyncReport, Design.SyncReport, Design.SyncReport>,
];
export type Analytics = [
  // A filter that was written after the design is one of the package's.
  Both<Design.Bounds, Offered.Bounds, Offered.Bounds>,
  Both<Design.CallFilter, Offered.CallFilter, Offered.CallFilter>,
  Nothing<Exclude<keyof Design.CallFilter, keyof Offered.CallFilter>>,
  // More is accepted than was designed: lists that are read only, more dimensions and kinds of charts.
  Both<Design.StatisticsOptions, Offered.StatisticsOptions, Offered.StatisticsOptions>,
  Nothing<Differing<Design.CallStatistics, Offered.CallStatistics>>,
  Nothing<Differing<Design.Histogram, Offered.Histogram>>,
  Nothing<Differing<Design.Heatmap, Offered.Heatmap>>,
  Nothing<Differing<Design.Group, Offered.Group>>,
  Nothing<Exclude<keyof Design.LinkedCharts, keyof Offered.LinkedCharts>>,
  Both<Offered.CallSet, Design.CallSet, Design.CallSet>,
  Both<Offered.CallView, Design.CallView, Design.CallView>,
  Both<Offered.CallTable, Design.CallTable, Design.CallTable>,
  Both<Offered.IngestReport, Design.IngestReport, Design.IngestReport>,
  Both<Offered.TranscriptTools, Design.TranscriptTools, Design.TranscriptTools>,
  Both<Design.Dimension, Offered.Dimension, Offered.Dimension>,
  Nothing<Same<Design.IntentLevel, Offered.IntentLevel> extends true ? never : "IntentLevel">,
  Both<Design.ChartSpec, Offered.ChartSpec, Offered.ChartSpec>,
];
/** Nobody has to write down what these types do not ask for. */
export type Whole = [
  Both<Design.Task, Offered.Task>,
  Both<Design.TaskDetail, Offered.TaskDetail>,
  Both<Design.DoneCall, Offered.DoneCall>,
  Both<Design.UndialedCustomer, Offered.UndialedCustomer>,
  Both<Design.CallDetail, Offered.CallDetail>,
  Both<Design.GetTasksQuery, Offered.GetTasksQuery>,
  Both<Design.DoneCallsQuery, Offered.DoneCallsQuery>,
  // Functions that the design's `fetch` does not admit do as well: those of undici and node-fetch.
  Both<Design.ClientOptions, Offered.ClientOptions, Offered.ClientOptions>,
];
export type Codes = [
  Both<Design.JobStatus, Offered.JobStatus>,
  Both<Design.JobType, Offered.JobType>,
  Both<Design.CallStatus, Offered.CallStatus>,
  Both<Design.FinishStatus, Offered.FinishStatus>,
  Both<Design.CodeTable, Offered.CodeTable>,
  Both<Design.ErrorCode, Offered.ErrorCode>,
  Both<Design.HeadersSource, Offered.HeadersSource>,
];

/** The values: functions, classes and constants, as the package has them and as they were designed. */
type Values<Module> = { readonly [Name in keyof Module]: Module[Name] };
export type Exports = Nothing<
  Differing<
    Omit<
      Values<typeof Design>,
      | "ByrobotClient"
      | "CallTable"
      | "callStatistics"
      | "explain"
      | "filterCalls"
      | "indexedDbStore"
      | "transcript"
      | "version"
    >,
    Values<typeof Offered>
  >
>;
/** Offers more than was designed. */
export type More = [
  Both<typeof Offered.indexedDbStore, typeof Design.indexedDbStore, typeof Design.indexedDbStore>,
  Both<typeof Offered.filterCalls, typeof Design.filterCalls, typeof Design.filterCalls>,
  Both<typeof Offered.callStatistics, typeof Design.callStatistics, typeof Design.callStatistics>,
  Both<typeof Offered.explain, typeof Design.explain, typeof Design.explain>,
  Both<typeof Offered.transcript, typeof Design.transcript, typeof Design.transcript>,
  Both<
    typeof Offered.CallTable.restore,
    typeof Design.CallTable.restore,
    typeof Design.CallTable.restore
  >,
  Nothing<
    Same<[], ConstructorParameters<typeof Offered.CallTable>> extends true ? never : "CallTable"
  >,
];
export type Version = (typeof Offered)["version"] extends string ? true : never;
export type Construct = Both<
  ConstructorParameters<typeof Design.ByrobotClient>,
  ConstructorParameters<typeof Offered.ByrobotClient>,
  ConstructorParameters<typeof Offered.ByrobotClient>
>;
