// The public names of "byrobot-calls". Not here: the source of the WebAssembly module (inlined.ts, streaming.ts,
// streaming-development.ts, workerd.ts, file.ts).
import { traced } from "../wasm/errors.js";
import { load } from "../wasm/instance.js";
import type { WasmSource } from "../wasm/loading.js";

/**
 * Loads the WebAssembly module. With `"byrobot-calls"` this is optional: the first use loads the module; only a
 * page in Chrome before 115 has to await it. With `"byrobot-calls/streaming"` await it once, before anything else.
 *
 * A second call does nothing. After a failure, call it again.
 *
 * ```ts
 * import { ByrobotClient, init } from "byrobot-calls/streaming";
 *
 * await init();
 * const client = new ByrobotClient({ baseUrl: "/byrobot" });
 * ```
 *
 * @param source The source of the module, instead of the one in the package. In Node a URL may be a `file:` URL.
 * @throws {ByrobotError} `internal` if the file is missing or not WebAssembly, or if the environment or its
 *   Content-Security-Policy forbids it; `invalid_argument` for a source of another type.
 */
export async function init(source?: WasmSource): Promise<void> {
  await traced(() => load(source));
}

/** The version of this package. */
export const version = "0.1.0";

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

export { FinishStatus, JobStatus } from "../generated/codes.js";
export type { CallStatus, CodeTable, JobType } from "../generated/codes.js";
export type { ExplainedNumber } from "../generated/explanations.js";
export type * from "../generated/models.js";
export type { CallStatistics, IntentLevel } from "../generated/statistics.js";

export type { CallSet, CallView, ExpectedRate, LinkedCharts, Repeats } from "../table/call-set.js";
export type { CallUpdate, TableChange } from "../table/changes.js";
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
} from "../table/charts.js";
export type { Bounds, CallFilter, OneOrMore, TimeBounds } from "../table/filter.js";
export type { IngestOptions, IngestReport, Oddity, OwnColumns } from "../table/ingest.js";
export { rateDifference, rateInterval } from "../table/intervals.js";
export type { Rate, RateDifference } from "../table/intervals.js";
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
} from "../table/options.js";
export { callStatistics, filterCalls } from "../table/rows.js";
export { CallTable } from "../table/table.js";

export { isByrobotError } from "../wasm/errors.js";
export type { ByrobotError, ErrorCode } from "../wasm/errors.js";
export type { CompiledModule, WasmSource } from "../wasm/loading.js";

export { maskPhone } from "../words/phone.js";
export { explain } from "../words/explain.js";
export type { Explanation } from "../words/explain.js";
export { label } from "../words/label.js";
export { transcript } from "../words/transcript.js";
export type { TranscriptTools } from "../words/transcript.js";

/** Each model keeps unknown fields and unreadable values of the server under `extra`. */
export interface Extensible {
  /** By the vendor's field names, with the values as sent. An integer beyond ±(2⁵³ − 1) is a string of digits. */
  extra?: Record<string, unknown>;
}
