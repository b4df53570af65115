// The answer rate of each of the last days, by a dimension of the calls: for the small lines in tables.
import type { CallSet, Dimension, KeyOf } from "byrobot-calls/streaming";
import { DAY, dayOf } from "../format/shanghai";

/** By key, the rates of so many days up to today, oldest first; null: no calls. Calls of later days do not count. */
export function dailyRates<const D extends Dimension>(
  calls: CallSet,
  dimension: D,
  days: number,
  now: number,
): Map<KeyOf<D>, (number | null)[]> {
  const first = dayOf(now) - (days - 1) * DAY;
  using recent = calls.where({ startTime: { from: first, to: first + days * DAY } });
  const rates = new Map<KeyOf<D>, (number | null)[]>();
  for (const { key, answerRate } of recent.groupBy([dimension, { time: "day" }])) {
    const [of, day] = key as [KeyOf<D>, number | null];
    if (day === null) continue;
    const own = rates.get(of) ?? Array.from({ length: days }, () => null);
    own[Math.round((day - first) / DAY)] = answerRate;
    rates.set(of, own);
  }
  return rates;
}
