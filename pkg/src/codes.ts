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
/** State of a task, a number as the vendor sends it: one of the constants, or one that is not known yet. */
export type JobStatus = JobStatusCode;
/** How a call ended, a number as the vendor sends it: one of the constants, or one that is not known yet. */
export type FinishStatus = FinishStatusCode;

/**
 * States of a task, by name.
 *
 * ```ts
 * const { list } = await client.getTasks({ companyId: 1, status: JobStatus.Running });
 * ```
 */
export const JobStatus = {
  /** 未开始. */
  NotStarted: 0,
  /** 进行中. */
  Running: 1,
  /** 已完成. */
  Completed: 2,
  /** 调度中. */
  Scheduling: 3,
  /** 手动暂停. */
  PausedByUser: 4,
  /** 自动暂停. */
  PausedBySystem: 5,
  /** 已终止. */
  Terminated: 6,
  /** 排队中. */
  Queued: 7,
  /** AI到期: the AI plan has expired. */
  AiExpired: 8,
  /** 账户欠费: the account is in arrears. */
  LineInArrears: 9,
  /** 短信欠费: text messages are in arrears. */
  SmsInArrears: 10,
} as const;

/**
 * How calls end, by name.
 *
 * ```ts
 * const { list } = await client.queryDoneTaskPhones({ callJobId: 21752, finishStatus: FinishStatus.Answered });
 * ```
 */
export const FinishStatus = {
  /** 已接. */
  Answered: 0,
  /** 拒接. */
  Rejected: 1,
  /** 无法接通. */
  Unreachable: 2,
  /** 主叫号码不可用: the caller's line is unavailable. */
  CallerUnavailable: 3,
  /** 空号: there is no such number. */
  InvalidNumber: 4,
  /** 关机. */
  PoweredOff: 5,
  /** 占线. */
  Busy: 6,
  /** 停机: the number is suspended. */
  Suspended: 7,
  /** 未接. */
  NoAnswer: 8,
  /** 主叫欠费: the caller's line is in arrears. */
  CallerInArrears: 9,
  /** 呼损: the platform could not carry the call. */
  CallLoss: 10,
  /** 黑名单. */
  Blacklisted: 11,
  /** 天盾拦截: blocked by the compliance shield. */
  ComplianceBlocked: 12,
  /** 线路盲区. */
  LineBlindZone: 22,
  /** 呼出拦截. */
  OutboundIntercepted: 23,
  /** 无可用线路. */
  NoLineAvailable: 25,
} as const;

/** The vendor's code tables: of tasks (`jobStatus`, `jobType`), of calls, and `speaker` of a line. */
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
 * label("finishStatus", FinishStatus.Answered, "en"); // "answered"
 * ```
 */
export function label(
  table: CodeTable,
  code: number | string | null,
  language?: "zh" | "en",
): string {
  return instance().label(table, code, language);
}
