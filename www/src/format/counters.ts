// Numbers derived from the counters of a task.
import type { Task } from "byrobot-calls";

/**
 * Done calls that are in none of the four counters: empty number, busy, switched off and others.
 * Null if the server gives no count.
 */
export function otherCount(task: Task): number | null {
  if (task.doneCount === null) return null;
  const known = [
    task.calledCount,
    task.rejectedCount,
    task.unavailableCount,
    task.fromUnavailableCount,
  ];
  const sum = known.reduce<number>((total, count) => total + (count ?? 0), 0);
  return Math.max(0, task.doneCount - sum);
}

/** A ratio from 0 to 1; null if `part` is null, or `whole` is null or 0. */
export function share(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : part / whole;
}
