// The kinds of charts: what each asks for, its result, and how the result is read from the parts that cross the edge.
// Not here: counting (src/compute), linked charts (linked.ts).
import type { CallFilter } from "./filter.js";
import type {
  Dimension,
  Dimensions,
  GroupOptions,
  HistogramOptions,
  KeysOf,
  StatisticsOptions,
} from "./options.js";
import { FinishStatus } from "../generated/codes.js";
import {
  type CallStatistics,
  groupNumbers,
  groupWidth,
  orNull,
  statisticsOf,
} from "../generated/statistics.js";
import { quantileOf, wilson } from "./intervals.js";
import { invalidArgument } from "../wasm/errors.js";

/** A chart of the calls grouped by one, two or three dimensions. */
export interface GroupsChart<D extends Dimensions = Dimensions> extends GroupOptions {
  /** The dimensions. */
  groupBy: D;
}

/** A chart of the calls by a value. */
export interface HistogramChart extends Pick<HistogramOptions, "answeredOnly"> {
  /** Duration in seconds, or chat rounds. */
  histogram: "duration" | "chatRound";
  /** The edges of the bins, ascending. */
  edges: readonly number[];
}

/** A chart of the calls by weekday and hour. */
export interface HeatmapChart {
  /** Has no options. */
  heatmap: true;
}

/** A chart of the statistics of the calls. */
export interface StatisticsChart {
  /** The options, or `true` for none. */
  statistics: true | StatisticsOptions;
}

/** A chart of the rounds at which answered calls end. */
export interface RoundSurvivalChart {
  /** Has no options. */
  roundSurvival: true;
}

/** The charts by the key that names their kind. */
interface Kinds {
  groupBy: GroupsChart;
  histogram: HistogramChart;
  heatmap: HeatmapChart;
  statistics: StatisticsChart;
  roundSurvival: RoundSurvivalChart;
}

/** A chart of a set of linked charts. */
export type ChartSpec =
  GroupsChart | HistogramChart | HeatmapChart | StatisticsChart | RoundSurvivalChart;

/** The result of a chart. */
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

/**
 * What a brush on a chart chooses. Histogram: `[from, to]`, from the lower edge of a bin to the upper edge of the same or
 * another one. Groups: their keys. Heatmap: positions in its counts. Rounds: their numbers.
 */
export type BrushOf<T extends ChartSpec> =
  T extends GroupsChart<infer D>
    ? readonly KeysOf<D>[]
    : T extends HistogramChart
      ? readonly [from: number, to: number]
      : T extends HeatmapChart | RoundSurvivalChart
        ? readonly number[]
        : never;

/** The calls with one key of a dimension, or with one key of each of several dimensions. */
export interface Group<Key = number | string | null> {
  /**
   * `null`: calls without a value. The key is a filter value for these calls, see `CallFilter`. With several
   * dimensions, an array of keys.
   */
  key: Key;
  /** Calls with this key. */
  calls: number;
  /** Calls with `finishStatus` 0. */
  answered: number;
  /** `answered` ÷ `calls`, 0 to 1; `null` without calls. */
  answerRate: number | null;
  /** Wilson score interval of `answerRate`, at 95 % or the given `level`; `null` without calls. */
  interval: [number, number] | null;
  /** Σ duration over answered calls, seconds. */
  talkSeconds: number;
  /** Mean duration of the answered calls that have one, seconds; `null` without such calls. */
  meanDuration: number | null;
}

/** The distribution of calls over the values of a column. */
export interface Histogram {
  /** The edges of the bins. Bin i has edges[i] ≤ x < edges[i + 1]; the last bin includes its upper edge. */
  edges: Float64Array;
  /** Calls in each bin. */
  counts: Uint32Array;
  /** Calls whose value is in no bin. Calls without a value are not counted. */
  outside: number;
}

/** Calls by weekday and hour in Shanghai: 7 × 24 counts, day by day from Monday, each from hour 0. */
export interface Heatmap {
  /** All calls, by `startTime`. */
  calls: Uint32Array;
  /** Answered calls; their `startTime` is the time of the answer. */
  answered: Uint32Array;
}

/** A round of the conversations, and the answered calls that reach it and end at it. */
export interface Round {
  /** The number of the round: `chatRound` of the calls that end at it. */
  round: number;
  /** Answered calls with at least this `chatRound`. */
  atRisk: number;
  /** Answered calls with this `chatRound`. */
  ended: number;
  /** `atRisk` ÷ all answered calls with a readable `chatRound`, 0 to 1. */
  survival: number;
  /** `ended` ÷ `atRisk`, 0 to 1: the share of the calls that reach the round and end at it. */
  hazard: number;
}

/** Reads the result of each kind from its parts. Rust writes the parts, in a file of src/compute for each kind. */
const readers: {
  [Kind in keyof Kinds]: (parts: never, chart: Kinds[Kind]) => ChartResult<Kinds[Kind]>;
} = {
  groupBy([keys, numbers]: [(string | number | null)[], Float64Array], { groupBy, level }) {
    const width = Array.isArray(groupBy) ? groupBy.length : 1;
    const z = quantileOf(level ?? 0.95);
    return Array.from({ length: keys.length / width }, (_, index) => {
      const number = (at: number): number => numbers[index * groupWidth + at] ?? NaN;
      const calls = number(groupNumbers.calls);
      const answered = number(groupNumbers.answered);
      return {
        key: (Array.isArray(groupBy)
          ? keys.slice(index * width, (index + 1) * width)
          : keys[index]) as KeysOf<Dimensions>,
        calls,
        answered,
        answerRate: calls > 0 ? answered / calls : null,
        interval: calls > 0 ? wilson({ part: answered, whole: calls }, z) : null,
        talkSeconds: number(groupNumbers.talkSeconds),
        meanDuration: orNull(number(groupNumbers.meanDuration)),
      };
    });
  },
  histogram: ([edges, counts, [outside = 0]]: [Float64Array, Uint32Array, Uint32Array]) => ({
    edges,
    counts,
    outside,
  }),
  heatmap: ([calls, answered]: [Uint32Array, Uint32Array]) => ({ calls, answered }),
  statistics: ([numbers]: [Float64Array]) => statisticsOf(numbers),
  roundSurvival([[total = 0, first = 0], counts]: [Float64Array, Uint32Array]) {
    let atRisk = total;
    return Array.from(counts, (ended, index) => {
      const reached = atRisk;
      atRisk -= ended;
      return {
        round: first + index,
        atRisk: reached,
        ended,
        survival: reached / total,
        hazard: ended / reached,
      };
    });
  },
};

/** The kind of a chart. Rust has checked the chart: it has the key of one kind. */
const kindOf = (chart: ChartSpec) =>
  (Object.keys(readers) as (keyof Kinds)[]).find((kind) => kind in chart)!;

/** The result of a chart from its parts. @internal */
export const resultOf = <T extends ChartSpec>(chart: T, parts: unknown): ChartResult<T> =>
  (readers[kindOf(chart)] as (parts: unknown, chart: ChartSpec) => ChartResult<T>)(parts, chart);

/** Milliseconds of the spans of time by which calls are grouped. */
const spans = { quarterHour: 900_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

/** The filter for the calls with one of these keys. */
function filterOfKeys(dimension: Dimension, keys: readonly unknown[]): CallFilter {
  if (typeof dimension === "string") return { [dimension]: keys };
  if ("time" in dimension) {
    const range = (from: number | null) =>
      from === null ? null : { from, to: from + spans[dimension.time] };
    return { startTime: (keys as (number | null)[]).map(range) };
  }
  const values = keys as (string | null)[];
  return "result" in dimension
    ? { results: [{ name: dimension.result, values }] }
    : { properties: [{ name: dimension.property, values }] };
}

/** The filter for what a brush chooses on a chart of each kind. */
const brushes: {
  [Kind in keyof Kinds]: (brush: readonly unknown[], chart: Kinds[Kind]) => CallFilter;
} = {
  groupBy(groups, { groupBy }) {
    if (!Array.isArray(groupBy)) return filterOfKeys(groupBy as Dimension, groups);
    const filters = (groups as unknown[][]).map((key) =>
      groupBy.map((dimension: Dimension, index) => filterOfKeys(dimension, [key[index]])),
    );
    // All dimensions of a group have to hold, also two of the same name.
    const all = (filters: CallFilter[]): CallFilter => ({
      not: { anyOf: filters.map((filter) => ({ not: filter })) },
    });
    return { anyOf: filters.map(all) };
  },
  histogram(ends, { histogram, edges }) {
    if (ends.length !== 2) throw invalidArgument("brush", "expected two numbers, [from, to]");
    const [from, to] = ends as [number, number];
    const end = to === edges[edges.length - 1] ? { max: to } : { below: to };
    return { [histogram]: { min: from, ...end } };
  },
  heatmap(cells) {
    if (
      !cells.every(
        (cell) => Number.isInteger(cell) && (cell as number) >= 0 && (cell as number) < 168,
      )
    ) {
      throw invalidArgument("brush", "expected an array of cells, 0 to 167");
    }
    const ofDay = (weekday: number): CallFilter => ({
      weekday: weekday + 1,
      hourOfDay: (cells as number[])
        .filter((cell) => Math.floor(cell / 24) === weekday)
        .map((cell) => cell % 24),
    });
    return { anyOf: Array.from({ length: 7 }, (_, weekday) => ofDay(weekday)) };
  },
  statistics() {
    throw invalidArgument("brush", "statistics have no bars to brush");
  },
  roundSurvival: (rounds) => ({
    finishStatus: FinishStatus.Answered,
    chatRound: rounds as number[],
  }),
};

/** The filter for what a brush chooses on a chart. @internal */
export function filterOfBrush<T extends ChartSpec>(chart: T, brush: BrushOf<T>): CallFilter {
  if (!Array.isArray(brush)) throw invalidArgument("brush", "expected an array");
  return (brushes[kindOf(chart)] as (brush: unknown, chart: ChartSpec) => CallFilter)(brush, chart);
}
