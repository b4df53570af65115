// When a task will be done at its present pace, in the hours in which it may call. The vendor does not say it.
import { JobStatus, type Task } from "byrobot-calls/streaming";
import { DAY, dayOf } from "../format/shanghai";

type Hours = Pick<Task, "workingStartTime" | "workingEndTime" | "breakStartTime" | "breakEndTime">;

/** Milliseconds after midnight of "09:30:00"; null for no text. */
function clockTime(text: string | null): number | null {
  const [hours, minutes, seconds = 0] = (text ?? "").split(":").map(Number);
  if (hours === undefined || minutes === undefined || !Number.isFinite(hours + minutes))
    return null;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** The spans of a day in which the task may call, as milliseconds after midnight. */
function windows(task: Hours): [from: number, to: number][] {
  const from = clockTime(task.workingStartTime) ?? 0;
  const to = clockTime(task.workingEndTime) ?? DAY;
  const pause = clockTime(task.breakStartTime);
  const on = clockTime(task.breakEndTime);
  if (pause === null || on === null || pause >= on) return [[from, to]];
  return [
    [from, Math.min(pause, to)],
    [Math.max(on, from), to],
  ];
}

/** The hours of the day in which the task may call: from, and the hour that is no longer in. */
export const dialHours = (task: Hours): [from: number, to: number][] =>
  windows(task).map(([from, to]) => [Math.floor(from / 3_600_000), Math.ceil(to / 3_600_000)]);

/**
 * The instant at which so many calls will have been made. Null without a pace, and beyond 30 days: a guess that far
 * helps nobody.
 */
function doneAt(task: Hours, remaining: number, perHour: number, now: number): number | null {
  if (remaining <= 0) return now;
  if (perHour <= 0) return null;
  let left = (remaining / perHour) * 3_600_000;
  for (let day = 0; day < 30; day += 1) {
    const midnight = dayOf(now) + day * DAY;
    for (const [from, to] of windows(task)) {
      const begin = Math.max(midnight + from, now);
      const room = midnight + to - begin;
      if (room <= 0) continue;
      if (left <= room) return begin + left;
      left -= room;
    }
  }
  return null;
}

/** When a running task will be done; null for another one, without its counters, and if it is done. */
export function eta(task: Task, counts: Task | null, perHour: number, now: number): number | null {
  const { doneCount, totalCount } = counts ?? {};
  if (task.status !== JobStatus.Running || doneCount == null || totalCount == null) return null;
  const at = doneAt(task, totalCount - doneCount, perHour, now);
  return at !== null && at > now ? at : null;
}
