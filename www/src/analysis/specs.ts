// The charts of a set of calls: what each counts. Not here: how they are drawn (the panels), what is chosen on them
// (choices.ts).
import type { ChartSpec } from "byrobot-calls/streaming";

/** Seconds. The last bar holds everything from five minutes on. */
export const durationEdges = [0, 3, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 86_400] as const;

/** Rounds from this one on share a bar. */
export const LAST_ROUND = 15;

/** The spans of the chart over time: quarters of an hour for a single day. */
export const timeUnits = { quarterHour: 900_000, day: 86_400_000 } as const;
export type TimeUnit = keyof typeof timeUnits;

/** What the charts of a page depend on: the name of the result whose values are charted, and the spans of time. */
export interface Axes {
  result: string;
  unit: TimeUnit;
}

/** Each chart shows the calls that pass the others. */
export const specs = ({ result, unit }: Axes) =>
  ({
    /** Which calls are looked at: its filter holds for all charts. */
    scope: { groupBy: "callJobId" },
    numbers: { statistics: { quantiles: [0.5, 0.9] } },
    outcomes: { groupBy: "finishStatus" },
    hours: { heatmap: true },
    durations: { histogram: "duration", edges: durationEdges, answeredOnly: true },
    rounds: { roundSurvival: true },
    intent: { statistics: { quantiles: [] } },
    result: { groupBy: { result } },
    times: { groupBy: { time: unit } },
    /** The steps of the funnel; its filter is the step that was chosen. */
    funnel: { statistics: { quantiles: [] } },
  }) as const satisfies Record<string, ChartSpec>;

export type Specs = ReturnType<typeof specs>;
export type ChartName = keyof Specs;
