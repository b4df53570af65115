// Durations and intervals of time as text.

/** Seconds as a clock: "1:27", "1:02:03". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/** "09:00:00" and "20:30:00" as "09:00–20:30"; null if either is missing. */
export function timeSpan(start: string | null, end: string | null): string | null {
  return start && end ? `${start.slice(0, 5)}–${end.slice(0, 5)}` : null;
}
