// The entry point "byrobot-calls": the module's bytes come along, nothing has to be awaited.
import * as inlined from "#inline";
import { inflated } from "./inline.js";
import { instance, load, provide, type WasmSource } from "./instance.js";

provide(() => inflated(inlined));

/**
 * Loads the WebAssembly module ahead of its first use. Optional: everything here loads it by itself.
 *
 * @param source Where to take the module from instead of the bytes that came with the package.
 * @throws {ByrobotError} `internal`, when the browser or its Content-Security-Policy refuses it.
 */
export async function init(source?: WasmSource): Promise<void> {
  if (source === undefined) instance();
  else await load(source);
}

/** The version of this package. */
export const version = "0.1.0";

export type { CallStatistics, Group, Heatmap, Histogram, IntentLevel } from "./answers.js";
export { ByrobotClient } from "./client.js";
export type {
  CallOptions,
  ClientOptions,
  HeadersSource,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  RetryOptions,
} from "./client.js";
export { FinishStatus, JobStatus, label } from "./codes.js";
export type { CallStatus, CodeTable, JobType } from "./codes.js";
export { explain } from "./explain.js";
export type { Explanation } from "./explain.js";
export { isByrobotError } from "./errors.js";
export type { ByrobotError, ErrorCode } from "./errors.js";
export type { WasmSource } from "./instance.js";
export type {
  CallDetail,
  CallerPhone,
  CallInstance,
  DoneCall,
  DoneCallsQuery,
  GetTaskDetailQuery,
  GetTasksQuery,
  NamedCount,
  NamedValue,
  Page,
  PhoneLog,
  PhoneLogQuery,
  ResultDefinition,
  Task,
  TaskDetail,
  TaskResult,
  TranscriptLine,
  UndialedCustomer,
  UndialedQuery,
} from "./models.js";

export { indexedDbStore } from "./store.js";
export type { CallStore } from "./store.js";
export type { SyncOptions, SyncReport } from "./sync.js";
export { CallTable, callStatistics, filterCalls } from "./table.js";
export type {
  Bounds,
  CallFilter,
  CallSet,
  CallView,
  CsvOptions,
  Dimension,
  HistogramOptions,
  IngestReport,
  LinkedAnswer,
  LinkedChart,
  LinkedCharts,
  Oddity,
  RowsOptions,
  StatisticsOptions,
} from "./table.js";

export { transcript } from "./transcript.js";
export type { TranscriptTools } from "./transcript.js";
export type { Progress, Walk, WalkOptions } from "./walk.js";

/** Every model keeps under `extra` what the server sent beyond its fields, or sent unreadably. */
export interface Extensible {
  extra?: Record<string, unknown>;
}
