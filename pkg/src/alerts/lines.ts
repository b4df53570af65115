// The rules that compare a line or a script: with its peers, and with its own days before. Not here: tasks (tasks.ts), the
// company (company.ts).
import {
  daysBefore,
  type Evaluation,
  firstQuarter,
  lowerEnd,
  numbersOf,
  ofDays,
  shareSince,
} from "./evaluation.js";
import type { AlertThresholds } from "./thresholds.js";
import type { AlertRule, AlertSubject } from "./types.js";
import { FinishStatus } from "../generated/codes.js";
import type { CallFilter } from "../table/filter.js";
import { type Rate, rateDifference } from "../table/intervals.js";

/** Days that are looked back. */
const week = 7;
/** Calls from which a day counts for a median. */
const usualCalls = 30;

/** The rates of a day: answered calls by task and line. */
type Cells = Map<number | null, Map<string, Rate>>;

function add(cells: Cells, task: number | null, line: string, calls: number, answered: number) {
  const lines = cells.get(task) ?? new Map<string, Rate>();
  const { part, whole } = lines.get(line) ?? { part: 0, whole: 0 };
  cells.set(task, lines.set(line, { part: part + answered, whole: whole + calls }));
}

/** A line beside the others on the same tasks; `null` without others. */
function besidePeers(cells: Cells, line: string, { level }: AlertThresholds) {
  let [part, whole, peers, expected] = [0, 0, 0, 0];
  for (const lines of cells.values()) {
    const own = lines.get(line);
    if (own === undefined || lines.size === 1) continue;
    const others = { part: -own.part, whole: -own.whole };
    for (const other of lines.values()) {
      others.part += other.part;
      others.whole += other.whole;
    }
    part += own.part;
    whole += own.whole;
    peers += others.whole;
    expected += (own.whole * others.part) / others.whole;
  }
  if (whole === 0) return null;
  const usual = { part: (expected / whole) * peers, whole: peers };
  const high = rateDifference({ part, whole }, usual, level)!.interval[1];
  return { part, whole, rate: part / whole, expected: expected / whole, peers, high };
}

/** R1: lines that are answered less than their peers. @internal */
export function flaggedLines(evaluation: Evaluation): void {
  const { where, thresholds, raise, obstruct, undecided } = evaluation;
  const { fewestCalls, flaggedRate, flaggedRateCritical } = thresholds;
  const days = new Map<string, Cells>();
  const recent = where(ofDays(evaluation, week + 1));
  for (const { key, calls, answered } of recent.groupBy(["date", "callJobId", "callerPhone"])) {
    const [date, task, line] = key;
    if (date === null || line === null) continue;
    const cells = days.get(date) ?? new Map();
    add(cells, task, line, calls, answered);
    days.set(date, cells);
  }
  /** The comparison, if it raises an alert; `undefined` if the calls are too few. */
  const flagged = (cells: Cells | undefined, line: string) => {
    const found = cells && besidePeers(cells, line, thresholds);
    if (!found || found.whole < fewestCalls) return undefined;
    return found.rate <= flaggedRate * found.expected && found.high < 0 ? found : null;
  };
  const today = days.get(daysBefore(evaluation, 0)) ?? new Map();
  const linesOf = (cells: Cells | undefined) =>
    new Set([...(cells ?? new Map()).values()].flatMap((lines) => [...lines.keys()]));
  const lines = linesOf(today);
  if (lines.size > 0 && [...today.values()].every((lines) => lines.size === 1)) {
    obstruct("flaggedLine", "noPeers");
  }
  for (const line of new Set([...lines, ...linesOf(days.get(daysBefore(evaluation, 1)))])) {
    const found = flagged(today, line);
    if (found === undefined) undecided("flaggedLine", line);
    if (!found) continue;
    const date = firstDate(evaluation, (date) => flagged(days.get(date), line));
    const tasks = [...days.get(date)!].filter(([, lines]) => lines.has(line)).map(([task]) => task);
    const cells: Cells = new Map();
    const since = firstQuarter(
      recentQuarters(evaluation, { date, callJobId: tasks }),
      ({ task, line, calls, answered }) => add(cells, task, line, calls, answered),
      () => {
        const found = besidePeers(cells, line, thresholds);
        return found !== null && found.rate <= flaggedRate * found.expected;
      },
    );
    const level = found.rate <= flaggedRateCritical * found.expected ? "critical" : "warning";
    const filter = { callerPhone: line, date: daysBefore(evaluation, 0) };
    raise(
      "flaggedLine",
      level,
      { kind: "line", callerPhone: line },
      {
        since: since ?? evaluation.now,
        numbers: found,
        filter,
      },
    );
  }
}

const recentQuarters = ({ where }: Evaluation, filter: CallFilter) =>
  where(filter)
    .groupBy([{ time: "quarterHour" }, "callJobId", "callerPhone"])
    .flatMap(({ key: [key, task, line], calls, answered }) =>
      line === null ? [] : [{ key, task, line, calls, answered }],
    );

/** The first date of the days in a row up to today on which a rule rings. Days with too few calls are passed over. */
function firstDate(evaluation: Evaluation, rings: (date: string) => unknown): string {
  let first = daysBefore(evaluation, 0);
  for (let days = 1; days <= week; days += 1) {
    const date = daysBefore(evaluation, days);
    const found = rings(date);
    if (found) first = date;
    else if (found === null) break;
  }
  return first;
}

interface ShareRule {
  rule: AlertRule;
  dimension: "callerPhone" | "sceneDefId";
  whole: CallFilter;
  part: CallFilter;
  isHigh: (low: number, usual: number) => boolean;
}

/** R1b, R2, R3: shares beside their median of the days before. @internal */
export function unusualShares(evaluation: Evaluation): void {
  const t = evaluation.thresholds;
  const answered: CallFilter = { finishStatus: FinishStatus.Answered };
  const rules: ShareRule[] = [
    {
      rule: "rejections",
      dimension: "callerPhone",
      whole: {},
      part: { finishStatus: FinishStatus.Rejected },
      isHigh: (low, usual) => low > t.rejectionTimes * usual,
    },
    {
      rule: "interceptions",
      dimension: "callerPhone",
      whole: {},
      part: { finishStatus: [FinishStatus.CallerUnavailable, FinishStatus.OutboundIntercepted] },
      isHigh: (low, usual) => low > t.interceptionTimes * usual,
    },
    {
      rule: "shortCalls",
      dimension: "callerPhone",
      whole: { ...answered, duration: { min: 0 } },
      part: { duration: { below: t.shortSeconds } },
      isHigh: (low, usual) => low > t.shortShare && low > t.shortTimes * usual,
    },
    {
      rule: "firstRound",
      dimension: "sceneDefId",
      whole: { ...answered, chatRound: { min: 0 } },
      part: { chatRound: { max: 1 } },
      isHigh: (low, usual) => low > usual + t.firstRoundPoints,
    },
  ];
  for (const rule of rules) unusualShare(evaluation, rule);
}

function unusualShare(
  evaluation: Evaluation,
  { rule, dimension, whole, part, isHigh }: ShareRule,
): void {
  const { where, thresholds, raise, obstruct, undecided } = evaluation;
  // Days before the days that are looked back.
  const span = ofDays(evaluation, 2 * week + 1);
  const objects = new Map<string | number, Map<string, Rate>>();
  const count = (filter: CallFilter, name: keyof Rate) => {
    for (const { key, calls } of where({ ...span, ...filter }).groupBy([dimension, "date"])) {
      const [object, date] = key;
      if (object === null || date === null) continue;
      const days = objects.get(object) ?? new Map<string, Rate>();
      objects.set(object, days.set(date, { ...(days.get(date) ?? nothing), [name]: calls }));
    }
  };
  count(whole, "whole");
  count({ ...whole, ...part }, "part");

  /** The share with what is usual; `null` if it is not high, `undefined` if the calls or the days are too few. */
  const high = (days: Map<string, Rate>, daysAgo: number) => {
    const rate = days.get(daysBefore(evaluation, daysAgo)) ?? nothing;
    if (rate.whole < thresholds.fewestCalls) return undefined;
    const usual = usualShare(evaluation, days, daysAgo);
    if (usual === undefined) return undefined;
    const low = lowerEnd(rate, thresholds);
    return isHigh(low, usual) ? { ...numbersOf(rate), low, usual } : null;
  };
  let [judged, young] = [0, 0];
  for (const [object, days] of objects) {
    const found = high(days, 0);
    const { whole: calls } = days.get(daysBefore(evaluation, 0)) ?? nothing;
    if (found !== undefined) judged += 1;
    else if (calls >= thresholds.fewestCalls) young += 1;
    else if (calls > 0 || days.has(daysBefore(evaluation, 1))) undecided(rule, object);
    if (!found) continue;
    const ago = (date: string) => dates.indexOf(date);
    const dates = Array.from({ length: week + 1 }, (_, days) => daysBefore(evaluation, days));
    const date = firstDate(evaluation, (date) => high(days, ago(date)));
    const usual = usualShare(evaluation, days, ago(date))!;
    const own: CallFilter = { [dimension]: object };
    const since = shareSince(evaluation, { ...own, date, ...whole }, part, (share) =>
      isHigh(share, usual),
    );
    const subject: AlertSubject =
      dimension === "callerPhone"
        ? { kind: "line", callerPhone: object as string }
        : { kind: "script", sceneDefId: object as number };
    const filter = { ...own, date: daysBefore(evaluation, 0), ...whole, ...part };
    raise(rule, "warning", subject, { since: since ?? evaluation.now, numbers: found, filter });
  }
  if (judged === 0 && young > 0) obstruct(rule, "tooFewDays");
}

const nothing: Rate = { part: 0, whole: 0 };

/** The median share of the seven days before a day; `undefined` if too few of them have calls. */
function usualShare(
  evaluation: Evaluation,
  days: Map<string, Rate>,
  daysAgo: number,
): number | undefined {
  const shares = [];
  for (let before = 1; before <= week; before += 1) {
    const { part, whole } = days.get(daysBefore(evaluation, daysAgo + before)) ?? nothing;
    if (whole >= usualCalls) shares.push(part / whole);
  }
  if (shares.length < evaluation.thresholds.usualDays) return undefined;
  shares.sort((a, b) => a - b);
  const middle = (shares.length - 1) / 2;
  return (shares[Math.floor(middle)]! + shares[Math.ceil(middle)]!) / 2;
}
