// The vendors' rules that the compliance page measures by. None of them is a law. The numbers
// are those of the alerts. Sources: the vendors' public manuals.
import { defaultThresholds as usual } from "byrobot-calls/alerts";

/** Hours in which a vendor lets its lines dial: from, and the first hour that is no longer in. */
export const dialWindows = [
  { vendor: "baidu", from: usual.hoursFrom, to: usual.hoursTo },
  { vendor: "tencent", from: usual.hoursCriticalFrom, to: usual.hoursCriticalTo },
] as const;

export const [narrow, wide] = dialWindows;

export type Window = (typeof dialWindows)[number];

export const isOutside = (hour: number, { from, to }: Window): boolean => hour < from || hour >= to;

/** The cells of the heat map, weekday by hour, that are outside of a window on every day. */
export const cellsOutside = (window: Window): number[] =>
  Array.from({ length: 168 }, (_, cell) => cell).filter((cell) => isOutside(cell % 24, window));

/** Calls of one number within 24 hours: the page's own reminder, and beyond what Tencent and Alibaba allow. */
export const repeatLimits = {
  reminder: usual.repeatCalls,
  vendors: usual.repeatCallsCritical - 1,
} as const;

/** The page's own reminder for the share of numbers that a list or a check blocks. */
export const { blockedShare } = usual;
