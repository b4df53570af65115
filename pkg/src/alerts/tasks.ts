// The rules about tasks: their lists, hours, status and pace. Not here: lines and scripts (lines.ts).
import {
  daysBefore,
  type Evaluation,
  lowerEnd,
  numbersOf,
  ofDays,
  shareSince,
  taskSubject,
} from "./evaluation.js";
import { day, dialled, dialSpans, hour, minute, opening } from "./times.js";
import { FinishStatus, JobStatus } from "../generated/codes.js";
import type { Task } from "../generated/models.js";
import type { CallFilter } from "../table/filter.js";

/** R4, R10: tasks with many invalid or blocked numbers, yesterday and today. @internal */
export function badLists(evaluation: Evaluation): void {
  const { where, thresholds, raise } = evaluation;
  const { invalidShare, invalidCalls, blockedShare, fewestCalls } = thresholds;
  const span = ofDays(evaluation, 2);
  const tasks = where(span).groupBy("callJobId");
  const rules = [
    {
      rule: "invalidNumbers",
      statuses: [FinishStatus.InvalidNumber],
      share: invalidShare,
      fewest: invalidCalls,
      isSure: true,
    },
    {
      rule: "blockedNumbers",
      statuses: [FinishStatus.Blacklisted, FinishStatus.ComplianceBlocked],
      share: blockedShare,
      fewest: fewestCalls,
      isSure: false,
    },
  ] as const;
  for (const { rule, statuses, share, fewest, isSure } of rules) {
    const part: CallFilter = { finishStatus: statuses };
    const counts = new Map(
      where({ ...span, ...part })
        .groupBy("callJobId")
        .map(({ key, calls }) => [key, calls]),
    );
    for (const { key, calls: whole } of tasks) {
      if (key === null || whole < fewest) continue;
      const rate = { part: counts.get(key) ?? 0, whole };
      const low = lowerEnd(rate, thresholds);
      if ((isSure ? low : rate.part / whole) <= share) continue;
      const calls: CallFilter = { callJobId: key, ...span };
      const since = shareSince(evaluation, calls, part, (found) => found > share);
      const filter = { ...calls, ...part };
      raise(rule, "warning", taskSubject(evaluation, key), {
        since: since ?? evaluation.now,
        numbers: { ...numbersOf(rate), low },
        filter,
      });
    }
  }
}

/** R8: tasks that call outside the hours. @internal */
export function outsideHours(evaluation: Evaluation): void {
  const { where, thresholds, raise } = evaluation;
  const { hoursFrom, hoursTo, hoursCriticalFrom, hoursCriticalTo } = thresholds;
  const outside = (from: number, to: number): CallFilter => ({
    ...ofDays(evaluation, 1),
    hourOfDay: Array.from({ length: 24 }, (_, hour) => hour).filter((h) => h < from || h >= to),
  });
  const calls = where(outside(hoursFrom, hoursTo));
  if (calls.length === 0) return;
  const far = where(outside(hoursCriticalFrom, hoursCriticalTo)).groupBy("callJobId");
  for (const { key, calls: count } of calls.groupBy("callJobId")) {
    const critical = far.find((group) => group.key === key)?.calls ?? 0;
    const filter = { ...outside(hoursFrom, hoursTo), callJobId: key };
    const subject = key === null ? ({ kind: "company" } as const) : taskSubject(evaluation, key);
    raise("outsideHours", critical > 0 ? "critical" : "warning", subject, {
      since: where(filter).statistics().firstStartMs!,
      numbers: { calls: count, critical },
      filter,
    });
  }
}

const stopped: readonly (number | null)[] = [
  JobStatus.PausedBySystem,
  JobStatus.AiExpired,
  JobStatus.LineInArrears,
  JobStatus.SmsInArrears,
];

/** R6, R7, R11: tasks that were stopped, do not dial, or do not end today. @internal */
export function taskStates(evaluation: Evaluation): void {
  const { tasks, obstruct } = evaluation;
  if (tasks.length === 0) {
    for (const rule of ["standstill", "taskStatus", "lateTask"] as const) obstruct(rule, "noTasks");
    return;
  }
  for (const task of tasks) {
    if (stopped.includes(task.status)) stoppedTask(evaluation, task);
  }
  const today = daysBefore(evaluation, 0);
  const running = tasks.filter(
    ({ status, startDate }) => status === JobStatus.Running && (startDate ?? today) <= today,
  );
  const judged = standstillJudge(evaluation);
  for (const task of running) {
    const spans = dialSpans(task);
    if (spans === null) {
      obstruct("standstill", "noHours");
      obstruct("lateTask", "noHours");
      continue;
    }
    judged(task, spans);
    lateTask(evaluation, task, spans);
  }
}

const lastStart = ({ where }: Evaluation, callJobId: number): number | null =>
  where({ callJobId }).statistics().lastStartMs;

/** Numbers that a task has still to call; `null` without counters. */
const waitingOf = ({ totalCount, doneCount }: Task): number | null =>
  totalCount === null || doneCount === null ? null : Math.max(totalCount - doneCount, 0);

function stoppedTask(evaluation: Evaluation, { callJobId, status }: Task): void {
  evaluation.raise("taskStatus", "critical", taskSubject(evaluation, callJobId), {
    since: lastStart(evaluation, callJobId) ?? evaluation.now,
    numbers: { status },
    filter: { callJobId },
  });
}

/** R6, with one question for all tasks. */
function standstillJudge(evaluation: Evaluation) {
  const { now, age, thresholds, where, raise, obstruct } = evaluation;
  const silence = thresholds.silentMinutes * minute;
  if (age === null || age >= thresholds.freshMinutes * minute) {
    obstruct("standstill", age === null ? "noSyncedAt" : "oldData");
    return () => {};
  }
  const dialling = new Set(
    where({ startTime: { from: now - silence, to: now + 1 } })
      .groupBy("callJobId")
      .map(({ key }) => key),
  );
  return (task: Task, spans: [number, number][]) => {
    const { callJobId } = task;
    if (dialling.has(callJobId) || dialled(spans, now - silence, now) < silence) return;
    const waiting = waitingOf(task);
    if (waiting === null) obstruct("standstill", "noCounters");
    if (!waiting) return;
    const since = Math.max(lastStart(evaluation, callJobId) ?? 0, opening(spans, now));
    const numbers = { minutes: Math.floor((now - since) / minute), waiting };
    const filter = { callJobId, date: daysBefore(evaluation, 0) };
    const subject = taskSubject(evaluation, callJobId);
    raise("standstill", "critical", subject, { since, numbers, filter });
  };
}

/** Dialling that a pace needs, in minutes. */
const paceMinutes = 15;

/** R11: at the pace of the last hour, and at a somewhat higher one, a task does not end today. */
function lateTask(evaluation: Evaluation, task: Task, spans: [number, number][]): void {
  const { now, today, where, raise, obstruct } = evaluation;
  const left = dialled(spans, now, today + day - 1);
  const dialling = dialled(spans, now - hour, now);
  if (left === 0 || dialling < paceMinutes * minute) return;
  const waiting = waitingOf(task);
  if (waiting === null) obstruct("lateTask", "noCounters");
  if (!waiting) return;
  const { callJobId } = task;
  const filter: CallFilter = { callJobId, startTime: { from: now - hour, to: now + 1 } };
  const { length } = where(filter);
  // Two standard errors of the count: a pace of a few calls says little.
  const most = length + 2 * Math.sqrt(length);
  if (length === 0 || (waiting * dialling) / most <= left) return;
  const numbers = {
    waiting,
    perHour: (length * hour) / dialling,
    hoursLeft: left / hour,
    hoursNeeded: (waiting * dialling) / length / hour,
  };
  const subject = taskSubject(evaluation, callJobId);
  raise("lateTask", "info", subject, { since: now - dialling, numbers, filter });
}
