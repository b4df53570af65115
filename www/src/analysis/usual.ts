// What is usual at a time of the day, from the same weekdays before.
import { quantile } from "d3-array";

/** Fewer days say nothing about what is usual. */
const DAYS = 3;

/** Whether so many earlier days say what is usual. */
export const isUsual = (days: number): boolean => days >= DAYS;

/** From the 10th to the 90th percentile of the counts of earlier days; null for too few days. */
export const usualRange = (
  counts: readonly number[],
): readonly [low: number, high: number] | null =>
  isUsual(counts.length) ? [quantile(counts, 0.1)!, quantile(counts, 0.9)!] : null;
