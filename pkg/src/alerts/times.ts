// Days in Shanghai, and the hours in which a task dials. Not here: the rules.
import type { Task } from "../generated/models.js";

/** In milliseconds. @internal */
export const minute = 60_000;
/** In milliseconds. @internal */
export const hour = 60 * minute;
/** In milliseconds. @internal */
export const day = 24 * hour;
/** In milliseconds; a span of `groupBy`. @internal */
export const quarterHour = 15 * minute;

/** Shanghai is 8 hours before UTC, always. */
const offset = 8 * hour;

/** The begin of the day in Shanghai. @internal */
export const dayOf = (ms: number): number => Math.floor((ms + offset) / day) * day - offset;

/** The date in Shanghai, as the dimension `date` has it. @internal */
export const dateOf = (ms: number): string => new Date(ms + offset).toISOString().slice(0, 10);

/** Milliseconds from the begin of a day, of "09:00:00"; `null` for another text. */
function timeOfDay(text: string | null): number | null {
  const found = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text ?? "");
  if (found === null) return null;
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  const ms = hours * hour + minutes * minute + seconds * 1000;
  return minutes < 60 && seconds < 60 && ms <= day ? ms : null;
}

/** The spans of a day in which a task dials, from the day's begin; `null` if its hours are not known. @internal */
export function dialSpans(task: Task): [from: number, to: number][] | null {
  const opens = timeOfDay(task.workingStartTime);
  const closes = timeOfDay(task.workingEndTime);
  if (opens === null || closes === null || opens >= closes) return null;
  const pause = timeOfDay(task.breakStartTime);
  const resumes = timeOfDay(task.breakEndTime);
  if (pause === null || resumes === null || pause >= resumes) return [[opens, closes]];
  const spans: [number, number][] = [
    [opens, Math.min(pause, closes)],
    [Math.max(resumes, opens), closes],
  ];
  return spans.filter(([from, to]) => from < to);
}

/** The spans of a day as instants, on every day from `from` to `to`. */
function* spansWithin(spans: [number, number][], from: number, to: number) {
  for (let start = dayOf(from); start <= to; start += day) {
    for (const [opens, closes] of spans) yield [start + opens, start + closes] as const;
  }
}

/** Milliseconds of dialling between two instants. @internal */
export function dialled(spans: [number, number][], from: number, to: number): number {
  let sum = 0;
  for (const [opens, closes] of spansWithin(spans, from, to)) {
    sum += Math.max(Math.min(closes, to) - Math.max(opens, from), 0);
  }
  return sum;
}

/** The begin of the span in which an instant lies. @internal */
export function opening(spans: [number, number][], at: number): number {
  for (const [opens, closes] of spansWithin(spans, at, at)) {
    if (opens <= at && at <= closes) return opens;
  }
  return at;
}
