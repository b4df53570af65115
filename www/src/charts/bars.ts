// Bars as the pages give them, and what all kinds of bars do with them.
import type { ChartKey, ChartTone, TipLines } from "./chart";

/** A part of a bar. The first part stands on the axis. */
export interface BarSegment {
  value: number;
  tone: ChartTone;
}

export interface Bar<K extends ChartKey = ChartKey> {
  key: K;
  label: string;
  /** What passes the filters. */
  value: number;
  /** The same without filters: drawn as an outline behind. */
  ghost?: number;
  tone?: ChartTone;
  /** Without it: label and value. */
  tip?: TipLines;
  /** Parts that sum to `value`, stacked. Vertical bars only. */
  segments?: readonly BarSegment[];
  /** The usual range of the value. Vertical bars only. */
  usual?: readonly [low: number, high: number];
  /** Outside of the dialling hours. Vertical bars only. */
  closed?: boolean;
  /** The time of the bar has not ended. */
  partial?: boolean;
  /** The heading of this bar and those that follow with the same one. Horizontal bars only. */
  group?: string;
}

export const most = (bars: readonly Bar[]): number =>
  Math.max(0, ...bars.flatMap(({ value, ghost = 0, usual }) => [value, ghost, usual?.[1] ?? 0]));
