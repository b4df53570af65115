// Shares of counters.

/** A ratio from 0 to 1; null if `part` is null, or `whole` is null or 0. */
export function share(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : part / whole;
}
