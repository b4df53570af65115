// The thresholds of the rules, and their check. Not here: the rules.
import { invalidArgument, reading } from "../wasm/errors.js";

/**
 * The thresholds of the rules; all are numbers. Some come from the rules of vendors or of other platforms, and none of them
 * is a law: choose your own.
 */
export interface AlertThresholds {
  /** Calls below which a share raises no alert. Default 100. */
  fewestCalls: number;
  /** The confidence level of intervals, between 0 and 1. Default 0.95. */
  level: number;
  /** Days that a median of the days before needs, 1 to 7; a day counts from 30 calls. Default 3. */
  usualDays: number;
  /** `flaggedLine`: the share of the expected answer rate, from 0 to 1. Default 0.8. */
  flaggedRate: number;
  /** `flaggedLine`: the share at which it is critical. Default 0.6. */
  flaggedRateCritical: number;
  /** `rejections`: how many times the usual share. Default 2. */
  rejectionTimes: number;
  /** `interceptions`: how many times the usual share. Default 2. */
  interceptionTimes: number;
  /** `shortCalls`: a call below this many seconds is short. Default 10. */
  shortSeconds: number;
  /** `shortCalls`: the share, from 0 to 1. Default 0.15. */
  shortShare: number;
  /** `shortCalls`: how many times the usual share, too. Default 1.3. */
  shortTimes: number;
  /** `firstRound`: how much above the usual share, from 0 to 1. Default 0.1, ten points. */
  firstRoundPoints: number;
  /** `invalidNumbers`: the share, from 0 to 1. Default 0.1. */
  invalidShare: number;
  /** `invalidNumbers`: calls below which it raises no alert. Default 200. */
  invalidCalls: number;
  /** `lineLoss`: the share, from 0 to 1. Default 0.03. */
  lossShare: number;
  /** `lineLoss`: the minutes that are looked at. Default 60. */
  lossMinutes: number;
  /** `standstill`: minutes without a call. Default 20. */
  silentMinutes: number;
  /** `standstill`: the data has to be younger than this many minutes. Default 5. */
  freshMinutes: number;
  /** `outsideHours`: the first hour of the day with calls. Default 9. */
  hoursFrom: number;
  /** `outsideHours`: the first hour of the day without calls. Default 20. */
  hoursTo: number;
  /** `outsideHours`: a call before this hour is critical. Default 8. */
  hoursCriticalFrom: number;
  /** `outsideHours`: a call from this hour on is critical. Default 21. */
  hoursCriticalTo: number;
  /** `repeats`: calls of a number within 24 hours. Default 3. */
  repeatCalls: number;
  /** `repeats`: calls at which it is critical. Default 6. */
  repeatCallsCritical: number;
  /** `blockedNumbers`: the share, from 0 to 1. Default 0.05. */
  blockedShare: number;
  /** `recordingExpiry`: days after which a recording is old. Default 25. */
  recordingDays: number;
  /** `recordingExpiry`: days after which the vendor deletes a recording. Default 30. */
  recordingKeptDays: number;
  /** `dataAge`: how many intervals old the data may be. Default 3. */
  ageIntervals: number;
  /** `dataAge`: the share of calls with an unreadable field, from 0 to 1. Default 0.01. */
  unreadableShare: number;
}

type Kind = "whole" | "share" | "positive" | "level" | "hour" | "days";

const kinds: Record<Kind, [expected: string, holds: (value: number) => boolean]> = {
  whole: ["a whole number from 1", (value) => Number.isInteger(value) && value >= 1],
  share: ["a number from 0 to 1", (value) => value >= 0 && value <= 1],
  positive: ["a number above 0", (value) => value > 0 && value < Infinity],
  level: ["a number between 0 and 1", (value) => value > 0 && value < 1],
  hour: [
    "a whole number from 0 to 24",
    (value) => Number.isInteger(value) && value >= 0 && value <= 24,
  ],
  days: [
    "a whole number from 1 to 7",
    (value) => Number.isInteger(value) && value >= 1 && value <= 7,
  ],
};

const table: Record<keyof AlertThresholds, [usual: number, kind: Kind]> = {
  fewestCalls: [100, "whole"],
  level: [0.95, "level"],
  usualDays: [3, "days"],
  flaggedRate: [0.8, "share"],
  flaggedRateCritical: [0.6, "share"],
  rejectionTimes: [2, "positive"],
  interceptionTimes: [2, "positive"],
  shortSeconds: [10, "positive"],
  shortShare: [0.15, "share"],
  shortTimes: [1.3, "positive"],
  firstRoundPoints: [0.1, "share"],
  invalidShare: [0.1, "share"],
  invalidCalls: [200, "whole"],
  lossShare: [0.03, "share"],
  lossMinutes: [60, "positive"],
  silentMinutes: [20, "positive"],
  freshMinutes: [5, "positive"],
  hoursFrom: [9, "hour"],
  hoursTo: [20, "hour"],
  hoursCriticalFrom: [8, "hour"],
  hoursCriticalTo: [21, "hour"],
  repeatCalls: [3, "whole"],
  repeatCallsCritical: [6, "whole"],
  blockedShare: [0.05, "share"],
  recordingDays: [25, "positive"],
  recordingKeptDays: [30, "positive"],
  ageIntervals: [3, "positive"],
  unreadableShare: [0.01, "share"],
};

/** The thresholds of every rule, unless you give others. */
export const defaultThresholds: Readonly<AlertThresholds> = Object.freeze(
  Object.fromEntries(Object.entries(table).map(([name, [usual]]) => [name, usual])),
) as unknown as Readonly<AlertThresholds>;

/** Pairs of which the first may not be greater than the second. */
const ordered: [keyof AlertThresholds, keyof AlertThresholds][] = [
  ["flaggedRateCritical", "flaggedRate"],
  ["hoursFrom", "hoursTo"],
  ["hoursCriticalFrom", "hoursFrom"],
  ["hoursTo", "hoursCriticalTo"],
  ["repeatCalls", "repeatCallsCritical"],
  ["recordingDays", "recordingKeptDays"],
];

/**
 * All thresholds, with those that were given in the place of the defaults.
 *
 * ```ts
 * checkThresholds({ fewestCalls: 200 }).fewestCalls; // 200
 * ```
 * @throws {ByrobotError} `invalid_argument` for a name that does not exist, and for a wrong number.
 */
export function checkThresholds(given?: object): AlertThresholds {
  const all = { ...defaultThresholds };
  const entries = reading("thresholds", "an object of thresholds", () =>
    Object.entries(given ?? {}),
  );
  for (const [name, value] of entries as [string, unknown][]) {
    const path = `thresholds.${name}`;
    if (!Object.keys(table).includes(name)) throw invalidArgument(path, "no such threshold");
    if (value === undefined) continue;
    const key = name as keyof AlertThresholds;
    const [expected, holds] = kinds[table[key][1]];
    if (typeof value !== "number" || !holds(value))
      throw invalidArgument(path, `expected ${expected}`);
    all[key] = value;
  }
  for (const [less, more] of ordered) {
    if (all[less] > all[more]) {
      throw invalidArgument(`thresholds.${less}`, `expected at most ${more}, ${all[more]}`);
    }
  }
  return all;
}
