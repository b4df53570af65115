// Days in Shanghai, which has no summer time: the vendor's times are all of this zone.

export const DAY = 86_400_000;
const OFFSET = 8 * 3_600_000;

/** The first instant of the day of an instant. */
export const dayOf = (ms: number): number => Math.floor((ms + OFFSET) / DAY) * DAY - OFFSET;

/** The weekday of an instant, Monday 0. */
export const weekdayOf = (ms: number): number => (new Date(ms + OFFSET).getUTCDay() + 6) % 7;

/** "2024-03-15" of an instant. */
export const dateOf = (ms: number): string => new Date(ms + OFFSET).toISOString().slice(0, 10);

/** "14:32" of an instant. */
export const timeOf = (ms: number): string => new Date(ms + OFFSET).toISOString().slice(11, 16);

/** "14:32" of an instant today, "03-14 14:32" of another day. */
export const dayTimeOf = (ms: number, now: number): string =>
  dateOf(ms) === dateOf(now) ? timeOf(ms) : `${dateOf(ms).slice(5)} ${timeOf(ms)}`;

/** The first instant of "2024-03-15"; null for another text, or a day that does not exist. */
export function instantOf(date: string): number | null {
  const ms = Date.parse(`${date}T00:00:00+08:00`);
  return Number.isFinite(ms) && dateOf(ms) === date ? ms : null;
}
