import type { Task } from "byrobot-calls";

/**
 * Done calls that none of the four counters counts: empty numbers, busy, switched off and the like.
 * null where the server did not count.
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

/** A share from 0 to 1; null where there is nothing to share. */
export function share(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : part / whole;
}
