// The evaluation of all rules. Not here: the rules (lines.ts, tasks.ts, company.ts), what becomes of alerts (incidents.ts).
import { dataAge, lineLoss, recordingExpiry, repeats } from "./company.js";
import { type Evaluation, keyOf } from "./evaluation.js";
import { flaggedLines, unusualShares } from "./lines.js";
import { badLists, outsideHours, taskStates } from "./tasks.js";
import { type AlertThresholds, checkThresholds } from "./thresholds.js";
import { dayOf } from "./times.js";
import type { Alert, AlertLevel, AlertReport, AlertRule } from "./types.js";
import type { Task } from "../generated/models.js";
import type { CallSet, CallView } from "../table/call-set.js";
import { invalidArgument } from "../wasm/errors.js";

/** Options of an evaluation. */
export interface AlertOptions {
  /** The time of the evaluation; epoch milliseconds or a Date. "Today" is its day in Shanghai. Later calls do not count. */
  now: Date | number;
  /** The tasks, from `getTasks` or `getTaskDetail`. `standstill` and `lateTask` need the counters of `getTaskDetail`. */
  tasks: readonly Task[];
  /** When the calls were last synchronised, epoch milliseconds. Absent or `null`: not known. */
  syncedAt?: number | null | undefined;
  /** The time between two synchronisations, milliseconds. Default 30,000, as `follow` has it. */
  interval?: number | undefined;
  /** Thresholds instead of the default ones. */
  thresholds?: Partial<AlertThresholds> | undefined;
}

const levels: readonly AlertLevel[] = ["critical", "warning", "info"];

/**
 * What is out of the ordinary at a time. It asks the table some grouped questions and changes nothing. What it says about
 * now may be gone a minute later: {@link updateIncidents} makes incidents of reports.
 *
 * ```ts
 * const { alerts, unavailable } = evaluateAlerts(table, { now: Date.now(), tasks, syncedAt: Date.now() });
 * for (const alert of alerts) console.log(alert.id, describeAlert(alert, "en").text);
 * ```
 * @param calls A table with the calls of all tasks of a company, best of the last 15 days or more; or a view.
 * @throws {ByrobotError} `invalid_argument` for a wrong option or threshold; `path` names it.
 */
export function evaluateAlerts(calls: CallSet, options: AlertOptions): AlertReport {
  const { now: given, tasks, syncedAt = null, interval = 30_000, thresholds, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw invalidArgument(name, "no such option");
  const now = instant(given, "now");
  if (!Array.isArray(tasks)) throw invalidArgument("tasks", "expected an array of tasks");
  if (syncedAt !== null) instant(syncedAt, "syncedAt");
  if (!(interval > 0 && interval < Infinity)) {
    throw invalidArgument("interval", "expected milliseconds above 0");
  }
  const alerts: Alert[] = [];
  const unavailable: AlertReport["unavailable"][number][] = [];
  const undecided: string[] = [];
  const views: CallView[] = [];
  const keep = (view: CallView) => {
    views.push(view);
    return view;
  };
  try {
    const begun = keep(calls.where({ startTime: [{ to: now + 1 }, null] }));
    const evaluation: Evaluation = {
      now,
      today: dayOf(now),
      thresholds: checkThresholds(thresholds),
      tasks,
      age: syncedAt === null ? null : now - syncedAt,
      interval,
      calls: begun,
      where: (filter) => keep(begun.where(filter)),
      raise: (rule, level, subject, found) =>
        alerts.push({ id: `${rule}:${keyOf(subject)}`, rule, level, subject, ...found }),
      obstruct(rule, reason) {
        const isKnown = unavailable.some((one) => one.rule === rule && one.reason === reason);
        if (!isKnown) unavailable.push({ rule, reason });
      },
      undecided: (rule, key) => undecided.push(`${rule}:${key}`),
    };
    for (const rule of rules) rule(evaluation);
  } finally {
    for (const view of views) view.free();
  }
  const rank = ({ level, rule }: Alert) =>
    levels.indexOf(level) * order.length + order.indexOf(rule);
  alerts.sort((one, other) => rank(one) - rank(other));
  return { alerts, unavailable, undecided };
}

const rules = [
  taskStates,
  flaggedLines,
  unusualShares,
  badLists,
  lineLoss,
  outsideHours,
  repeats,
  recordingExpiry,
  dataAge,
];

/** The order of alerts of one level. */
const order: readonly AlertRule[] = [
  "taskStatus",
  "standstill",
  "flaggedLine",
  "lineLoss",
  "outsideHours",
  "repeats",
  "invalidNumbers",
  "blockedNumbers",
  "rejections",
  "interceptions",
  "shortCalls",
  "firstRound",
  "dataAge",
  "lateTask",
  "recordingExpiry",
];

/** The epoch milliseconds of an argument. @internal */
export function instant(value: Date | number, path: string): number {
  const ms = Number(value);
  if (Number.isFinite(ms) && (typeof value === "number" || value instanceof Date)) return ms;
  throw invalidArgument(path, "expected epoch milliseconds or a Date");
}
