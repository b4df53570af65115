// The numbers of each task in the task list, from the company's calls. Not here: the vendor's counters (TaskProgress.vue).
import type { CallFilter, CallSet, CallStatistics, Task } from "byrobot-calls";
import { DAY, dayOf } from "../format/shanghai";
import type { Span } from "../query/period";

export interface TaskRow {
  readonly task: Task;
  readonly numbers: CallStatistics;
  /** Wilson's interval of the answer rate; null without calls. */
  readonly interval: readonly [number, number] | null;
  /** Answered calls of the levels A and B. */
  readonly leads: number;
  /** The answer rate of each of the last days, oldest first; null: no calls. */
  readonly days: readonly (number | null)[];
  /** Calls per hour at its present pace. */
  readonly perHour: number;
}

const DAYS = 14;

/** The rows of the tasks in the order of the tasks. */
export function taskRows(
  calls: CallSet,
  tasks: readonly Task[],
  span: Span,
  now: number,
): TaskRow[] {
  const startTime = span.from === null && span.to === null ? undefined : span;
  const inPeriod = calls.where({ startTime });
  const rates = new Map(inPeriod.groupBy("callJobId").map((group) => [group.key, group]));
  const days = daysByTask(calls, now);
  return tasks.map((task) => {
    const own: CallFilter = { callJobId: task.callJobId };
    const numbers = inPeriod.where(own).statistics({ quantiles: [] });
    return {
      task,
      numbers,
      interval: rates.get(task.callJobId)?.interval ?? null,
      leads: leadsOf(numbers),
      days: days.get(task.callJobId) ?? [],
      perHour: pace(calls, task.callJobId, now),
    };
  });
}

export const leadsOf = ({ intent }: CallStatistics): number =>
  intent.reduce((sum, { level, calls }) => (level === "A" || level === "B" ? sum + calls : sum), 0);

function daysByTask(calls: CallSet, now: number): Map<number | null, (number | null)[]> {
  const first = dayOf(now) - (DAYS - 1) * DAY;
  const groups = calls
    .where({ startTime: { from: first } })
    .groupBy(["callJobId", { time: "day" }] as const);
  const byTask = new Map<number | null, (number | null)[]>();
  for (const {
    key: [task, day],
    answerRate,
  } of groups) {
    if (day === null) continue;
    const rates = byTask.get(task) ?? Array.from({ length: DAYS }, () => null);
    rates[Math.round((day - first) / DAY)] = answerRate;
    byTask.set(task, rates);
  }
  return byTask;
}

const HOUR = 3_600_000;

/** Calls per hour: the mean of the last three hours that are over and have calls. The hour that began last says little. */
export function pace(calls: CallSet, callJobId: number, now: number): number {
  const hours = calls
    .where({ callJobId })
    .groupBy({ time: "hour" })
    .filter(({ key }) => key !== null && key + HOUR <= now)
    .slice(-3);
  return hours.reduce((sum, { calls }) => sum + calls, 0) / Math.max(1, hours.length);
}
