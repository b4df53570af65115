import type { TranscriptLine } from "byrobot-calls";

/**
 * Where a line sounds in the recording, ms; null where the vendor did not say. It often leaves the robot's
 * lines at 0–0.
 */
export function spokenSpan(line: TranscriptLine): { start: number; end: number } | null {
  const { startTime: start, endTime: end } = line;
  return start !== null && end !== null && start >= 0 && end > start ? { start, end } : null;
}

/** What the vendor understood, where it says anything: it also writes "", "~" and a mark of its own. */
export function meaning(line: TranscriptLine): string | null {
  const { userMean } = line;
  return userMean && userMean !== "~" && userMean !== "AI_UNKNOWN" ? userMean : null;
}
