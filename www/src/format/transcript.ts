// Values of a transcript line that the page shows.
import type { TranscriptLine } from "byrobot-calls/streaming";

/**
 * The start and end of a line in the recording, ms; null if the vendor gives none. It often gives 0–0 for
 * lines of the robot.
 */
export function spokenSpan(line: TranscriptLine): { start: number; end: number } | null {
  const { startTime: start, endTime: end } = line;
  return start !== null && end !== null && start >= 0 && end > start ? { start, end } : null;
}

/** The meaning that the vendor recognised; null for its placeholders "", "~" and "AI_UNKNOWN". */
export function meaning(line: TranscriptLine): string | null {
  const { userMean } = line;
  return userMean && userMean !== "~" && userMean !== "AI_UNKNOWN" ? userMean : null;
}
