// The public names of "byrobot-calls/table": tables, their questions and exports. No requests.
export * from "./common.js";

export type { ExplainedNumber } from "../generated/explanations.js";
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

export { explain } from "../words/explain.js";
export type { Explanation } from "../words/explain.js";
