// The rules about the whole company: line loss, repeats, recordings, the data itself. Not here: lines (lines.ts), tasks
// (tasks.ts).
import { type Evaluation, numbersOf } from "./evaluation.js";
import { day, minute, quarterHour } from "./times.js";
import type { AlertSubject } from "./types.js";
import { FinishStatus } from "../generated/codes.js";
import type { CallFilter } from "../table/filter.js";
import type { Rate } from "../table/intervals.js";

const company: AlertSubject = { kind: "company" };

/** R5: calls that no line could carry. @internal */
export function lineLoss(evaluation: Evaluation): void {
  const { now, where, thresholds, raise } = evaluation;
  const { lossMinutes, lossShare, fewestCalls } = thresholds;
  const lost: CallFilter = { finishStatus: [FinishStatus.CallLoss, FinishStatus.NoLineAvailable] };
  const within = (to: number): CallFilter => ({
    startTime: { from: to - lossMinutes * minute, to: to + 1 },
  });
  const rateAt = (to: number): Rate => {
    const calls = where(within(to));
    return { part: where({ ...within(to), ...lost }).length, whole: calls.length };
  };
  const rings = ({ part, whole }: Rate) => whole >= fewestCalls && part / whole > lossShare;
  const found = rateAt(now);
  if (!rings(found)) return;
  let since = now;
  while (since > now - day && rings(rateAt(since - quarterHour))) since -= quarterHour;
  raise("lineLoss", "warning", company, {
    since: where({ ...within(since), ...lost }).statistics().firstStartMs!,
    numbers: numbersOf(found),
    filter: { ...within(now), ...lost },
  });
}

/** R9: numbers that are called again and again. @internal */
export function repeats(evaluation: Evaluation): void {
  const { now, where, thresholds, raise, obstruct } = evaluation;
  const { repeatCalls, repeatCallsCritical } = thresholds;
  const until = (to: number): CallFilter => ({ startTime: { from: now + 1 - day, to: to + 1 } });
  const found = (to: number) => {
    const { numbers, leftOut } = where(until(to)).repeats();
    const often = numbers.filter(({ calls }) => calls >= repeatCalls);
    return { often, leftOut };
  };
  const { often, leftOut } = found(now);
  const { length } = where(until(now));
  if (length > 0 && leftOut === length) obstruct("repeats", "maskedNumbers");
  if (often.length === 0) return;
  // The more time, the more calls of a number: the first quarter-hour is found by bisection.
  let [before, since] = [now - day, now];
  while (since - before > quarterHour) {
    const middle = (before + since) / 2;
    if (found(middle).often.length > 0) since = middle;
    else before = middle;
  }
  const most = Math.max(...often.map(({ calls }) => calls));
  const count = often.reduce((sum, { numbers }) => sum + numbers, 0);
  raise("repeats", most >= repeatCallsCritical ? "critical" : "warning", company, {
    since: Math.round(since),
    numbers: { numbers: count, most, leftOut },
    filter: until(now),
  });
}

/** R12: recordings of interested customers that are about to be deleted. @internal */
export function recordingExpiry(evaluation: Evaluation): void {
  const { now, where, thresholds, raise } = evaluation;
  const { recordingDays, recordingKeptDays } = thresholds;
  const filter: CallFilter = {
    finishStatus: FinishStatus.Answered,
    intentLevel: ["A", "B"],
    startTime: { from: now - recordingKeptDays * day, to: now - recordingDays * day },
  };
  const { calls, firstStartMs } = where(filter).statistics({ quantiles: [] });
  if (firstStartMs === null) return;
  const since = firstStartMs + recordingDays * day;
  raise("recordingExpiry", "info", company, { since, numbers: { calls }, filter });
}

/** R13: old or unreadable data. @internal */
export function dataAge(evaluation: Evaluation): void {
  const { now, age, interval, calls, thresholds, raise, obstruct } = evaluation;
  const { ageIntervals, unreadableShare, fewestCalls } = thresholds;
  if (age === null) obstruct("dataAge", "noSyncedAt");
  const { calls: whole, unreadable: fields } = calls.statistics({ quantiles: [] });
  const unreadable = Math.max(...Object.values(fields));
  const isOld = age !== null && age > ageIntervals * interval;
  const isUnreadable = whole >= fewestCalls && unreadable / whole > unreadableShare;
  if (!isOld && !isUnreadable) return;
  raise("dataAge", "warning", company, {
    since: isOld ? now - age : now,
    numbers: {
      minutes: age === null ? null : Math.floor(age / minute),
      unreadable,
      whole,
      rate: whole > 0 ? unreadable / whole : null,
    },
    filter: null,
  });
}
