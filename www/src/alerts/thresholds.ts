// The thresholds that the person has changed, kept in this browser.
import { checkThresholds, defaultThresholds, type AlertThresholds } from "byrobot-calls/alerts";
import { remembered } from "../settings/remembered";

export type ThresholdName = keyof AlertThresholds;

/** Why these thresholds are wrong; null: they are right. */
export function faultOf(given: Partial<AlertThresholds>): string | null {
  try {
    checkThresholds(given);
    return null;
  } catch (error) {
    return String((error as Error).message);
  }
}

const isThresholds = (value: unknown): value is Partial<AlertThresholds> =>
  typeof value === "object" && value !== null && faultOf(value) === null;

/** Only those that differ from the default. */
export const thresholds = remembered("thresholds", isThresholds);

/** Those that are written as a percentage. */
export const isShare = (name: ThresholdName): boolean =>
  name === "level" || (defaultThresholds[name] < 1 && !name.endsWith("Times"));
