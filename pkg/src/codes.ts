// The vendor's codes as constants, and their labels. The tables are in Rust, `src/model/codes.rs`;
// a test compares the two.
import { instance } from "./instance.js";
import type {
  CallStatus,
  FinishStatus as FinishStatusCode,
  JobStatus as JobStatusCode,
  JobType,
} from "./models.js";

export type { CallStatus, JobType };
export type JobStatus = JobStatusCode;
export type FinishStatus = FinishStatusCode;

/** States of a task, by name. */
export const JobStatus = {
  NotStarted: 0,
  Running: 1,
  Completed: 2,
  Scheduling: 3,
  PausedByUser: 4,
  PausedBySystem: 5,
  Terminated: 6,
  Queued: 7,
  AiExpired: 8,
  LineInArrears: 9,
  SmsInArrears: 10,
} as const;

/** How calls end, by name. */
export const FinishStatus = {
  Answered: 0,
  Rejected: 1,
  Unreachable: 2,
  CallerUnavailable: 3,
  InvalidNumber: 4,
  PoweredOff: 5,
  Busy: 6,
  Suspended: 7,
  NoAnswer: 8,
  CallerInArrears: 9,
  CallLoss: 10,
  Blacklisted: 11,
  ComplianceBlocked: 12,
  LineBlindZone: 22,
  OutboundIntercepted: 23,
  NoLineAvailable: 25,
} as const;

/** The vendor's code tables. */
export type CodeTable =
  "jobStatus" | "jobType" | "callStatus" | "finishStatus" | "hangUp" | "readStatus" | "speaker";

/**
 * What a code means, in words.
 *
 * @param language "zh" by default.
 * @returns "已接" or "answered"; for a code that is in no table "未知(37)" or "unknown (37)"; for
 * `null` "未知" or "unknown".
 * @throws {ByrobotError} `invalid_argument` for a table or a language there is not.
 *
 * ```ts
 * label("finishStatus", call.finishStatus, "en"); // "answered"
 * ```
 */
export function label(
  table: CodeTable,
  code: number | string | null,
  language?: "zh" | "en",
): string {
  return instance().label(table, code, language);
}
