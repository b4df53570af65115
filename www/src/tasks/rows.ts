// The numbers of each task in the task list, from the company's calls. Not here: the vendor's counters (TaskProgress.vue).
import { JobStatus, rateInterval } from "byrobot-calls/streaming";
import type { CallSet, CallStatistics, CallTable, Task } from "byrobot-calls/streaming";
import { dailyRates } from "../company/dailyRates";
import { boundsOf, type Span } from "../query/period";

export interface TaskRow {
  readonly task: Task;
  readonly numbers: CallStatistics;
  /** Wilson's interval of the answer rate; null without calls. */
  readonly interval: readonly [number, number] | null;
  /** Answered calls of the levels A and B. */
  readonly leads: number;
  /** The answer rate of each of the last days, oldest first; null: no calls. */
  readonly days: readonly (number | null)[];
  /** Calls per hour at its present pace; 0 if it does not run. */
  readonly perHour: number;
}

export interface TaskNumbers {
  /** In the order of the tasks. */
  readonly rows: readonly TaskRow[];
  /** Of all of them together. */
  readonly total: CallStatistics;
}

const DAYS = 14;
/** Milliseconds of work between two breaths of the page. */
const SLICE = 10;

/** Lets the page answer before the work goes on. */
export const breath = () => new Promise<void>((resolve) => setTimeout(resolve));

/**
 * The numbers of the tasks, in slices: hundreds of tasks of a million calls must not hold up the page. Null if `isOver`
 * says so between two slices, for example because the table has been freed.
 */
export async function taskNumbers(
  calls: CallTable,
  tasks: readonly Task[],
  span: Span,
  now: number,
  isOver: () => boolean,
): Promise<TaskNumbers | null> {
  using inPeriod = calls.where({
    startTime: boundsOf(span),
    callJobId: tasks.map(({ callJobId }) => callJobId),
  });
  const total = inPeriod.statistics({ quantiles: [] });
  const days = dailyRates(calls, "callJobId", DAYS, now);
  const rows: TaskRow[] = [];
  let begun = performance.now();
  for (const task of tasks) {
    if (performance.now() - begun > SLICE) {
      await breath();
      if (isOver()) return null;
      begun = performance.now();
    }
    const { callJobId } = task;
    rows.push({
      task,
      ...rowOf(inPeriod, callJobId),
      days: days.get(callJobId) ?? [],
      perHour: task.status === JobStatus.Running ? pace(calls, callJobId, now) : 0,
    });
  }
  return { rows, total };
}

function rowOf(calls: CallSet, callJobId: number) {
  using own = calls.where({ callJobId });
  const numbers = own.statistics({ quantiles: [] });
  return {
    numbers,
    interval: rateInterval({ part: numbers.answered, whole: numbers.calls }),
    leads: leadsOf(numbers),
  };
}

export const leadsOf = ({ intent }: CallStatistics): number =>
  intent.reduce((sum, { level, calls }) => (level === "A" || level === "B" ? sum + calls : sum), 0);

const HOUR = 3_600_000;

/** Calls per hour: the mean of the last three hours that are over and have calls. The hour that began last says little. */
export function pace(calls: CallSet, callJobId: number, now: number): number {
  using own = calls.where({ callJobId });
  const hours = own
    .groupBy({ time: "hour" })
    .filter(({ key }) => key !== null && key + HOUR <= now)
    .slice(-3);
  return hours.reduce((sum, { calls }) => sum + calls, 0) / Math.max(1, hours.length);
}
