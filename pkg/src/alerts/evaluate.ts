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
import { invalidArgument, itemsOf, optionsOf, reading } from "../wasm/errors.js";

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
  thresholds?: { [Name in keyof AlertThresholds]?: number | undefined } | undefined;
}

const levels: readonly AlertLevel[] = ["critical", "warning", "info"];

/**
 * What is out of the ordinary at a time. It asks the table some grouped questions and changes nothing. What it says about
 * now may be gone a minute later: {@link updateIncidents} makes incidents of reports.
 *
 * ```ts
 * const { list: tasks } = await client.getTasks({ companyId: 1 });
 * const { alerts, unavailable } = evaluateAlerts(table, { now: Date.now(), tasks });
 * for (const alert of alerts) console.log(alert.id, describeAlert(alert, "en").text);
 * for (const { rule, reason } of unavailable) console.log(rule, reason);
 * ```
 * @param calls A table with the calls of all tasks of a company, best of the last 15 days or more; or a view.
 * @throws {ByrobotError} `invalid_argument` for a wrong option or threshold; `path` names it.
 */
export function evaluateAlerts(calls: CallSet, options: AlertOptions): AlertReport {
  const {
    now: given,
    syncedAt = null,
    interval = 30_000,
    thresholds,
    ...others
  } = optionsOf(options, optionNames);
  const now = instant(given, "now");
  const tasks = itemsOf(others.tasks, "tasks", "an array of tasks");
  if (syncedAt !== null) instant(syncedAt, "syncedAt");
  if (typeof interval !== "number" || !(interval > 0 && interval < Infinity)) {
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
    const begun = reading("calls", "a table or a view", () =>
      keep(calls.where({ startTime: [{ to: now + 1 }, null] })),
    );
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
    // Besides the numbers of the table it reads only the tasks.
    reading("tasks", "an array of tasks as getTasks gives them", () => {
      for (const rule of rules) rule(evaluation);
    });
  } finally {
    for (const view of views) view.free();
  }
  const rank = ({ level, rule }: Alert) =>
    levels.indexOf(level) * order.length + order.indexOf(rule);
  alerts.sort((one, other) => rank(one) - rank(other));
  return { alerts, unavailable, undecided };
}

const optionNames = ["now", "tasks", "syncedAt", "interval", "thresholds"];

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
  const expected = "epoch milliseconds or a Date";
  return reading(path, expected, () => {
    const ms = typeof value === "number" ? value : value instanceof Date ? value.getTime() : NaN;
    if (Number.isFinite(ms)) return ms;
    throw invalidArgument(path, `expected ${expected}`);
  });
}
