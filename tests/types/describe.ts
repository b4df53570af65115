// Reads every field of every model and of an error, as a program of a user does (program.ts).
import { FinishStatus, JobStatus, isByrobotError, label } from "byrobot-calls";
import type {
  ByrobotError,
  CallDetail,
  CallInstance,
  CallStatus,
  CallerPhone,
  DoneCall,
  ErrorCode,
  Extensible,
  JobType,
  NamedCount,
  NamedValue,
  Page,
  ResultDefinition,
  Task,
  TaskDetail,
  TaskResult,
  TranscriptLine,
  UndialedCustomer,
} from "byrobot-calls";

type Severity = "again" | "sign in" | "mend" | "report";

/** What to do about an error; forgets no code. */
export const severities = {
  network: "again",
  timeout: "again",
  unauthorized: "sign in",
  forbidden: "sign in",
  not_found: "mend",
  rate_limited: "again",
  clock_skew: "again",
  rejected_parameters: "mend",
  server: "again",
  vendor: "report",
  http: "report",
  not_json: "report",
  unexpected_shape: "report",
  headers: "mend",
  fetch: "mend",
  invalid_argument: "mend",
  paging_unstable: "again",
  snapshot: "report",
  out_of_memory: "mend",
  internal: "report",
} satisfies Record<ErrorCode, Severity>;

// ── reading every field ──

/** The rows of a page that must be there; a list may be shorter than its index. */
export function first<Item>({ pageNum, pageSize, total, pages, list }: Page<Item>): Item {
  const known = total ?? list.length;
  const [item] = list;
  if (item === undefined) throw new Error(`nothing on page ${pageNum} of ${pages ?? "?"}`);
  return pageSize > 0 && known > 0 ? item : list[list.length - 1]!;
}

export const unread = ({ extra }: Extensible): string[] => Object.keys(extra ?? {});

export function describePhone(line: CallerPhone): string {
  const ids: (number | null)[] = [line.jobPhoneId, line.userPhoneId, line.callJobId];
  const dates: (string | null)[] = [line.gmtCreate, line.gmtModified];
  return [line.phone, line.phoneName ?? "", ...ids, ...dates].join(" ");
}

export function describeTask(task: Task) {
  const status: JobStatus | null = task.status;
  const type: JobType | null = task.jobType;
  const counts: (number | null)[] = [
    task.totalCount,
    task.doneCount,
    task.calledCount,
    task.rejectedCount,
    task.unavailableCount,
    task.fromUnavailableCount,
  ];
  return {
    id: task.callJobId,
    name: task.jobName.trim(),
    state: label("jobStatus", status, "en"),
    type: label("jobType", type),
    running: status === JobStatus.Running,
    hours: `${task.workingStartTime ?? ""}–${task.workingEndTime ?? ""}`,
    pause: `${task.breakStartTime ?? ""}–${task.breakEndTime ?? ""}`,
    since: task.startDate?.slice(0, 10) ?? null,
    scene: task.sceneDefName ?? String(task.sceneDefId),
    remark: task.remark?.length ?? 0,
    counts: counts.filter((count) => count !== null),
    lines: (task.callPhones ?? []).map(describePhone),
    unread: unread(task),
  };
}

export function describeDetail(task: TaskDetail) {
  const sum = (bars: NamedCount[]) => bars.reduce((total, { value }) => total + value, 0);
  const results: ResultDefinition[] = task.resultDefs;
  const more: [string, number][] = Object.entries(task.extraStat).map(([name, bars]) => [
    name,
    sum(bars),
  ]);
  return {
    ...describeTask(task),
    robot: task.robotDefName?.toUpperCase(),
    script: task.sceneRecordName?.toUpperCase(),
    durations: sum(task.durationStat),
    rounds: sum(task.chatRoundStat),
    results: results.flatMap(({ name, values }) => values.map((value) => `${name}: ${value}`)),
    more,
  };
}

/** The end of a call in a word; an unknown code is a number like another. */
export function end(status: FinishStatus | null): string {
  switch (status) {
    case null:
      return "unknown";
    case FinishStatus.Answered:
      return "answered";
    case FinishStatus.Rejected:
    case FinishStatus.Busy:
    case FinishStatus.NoAnswer:
    case FinishStatus.PoweredOff:
    case FinishStatus.Suspended:
    case FinishStatus.Unreachable:
      return "try later";
    case FinishStatus.InvalidNumber:
    case FinishStatus.Blacklisted:
    case FinishStatus.ComplianceBlocked:
    case FinishStatus.LineBlindZone:
    case FinishStatus.OutboundIntercepted:
      return "do not try";
    case FinishStatus.CallerUnavailable:
    case FinishStatus.CallerInArrears:
    case FinishStatus.CallLoss:
    case FinishStatus.NoLineAvailable:
      return "our line";
    default:
      return `code ${status.toFixed()}`;
  }
}

export function describeCall(call: DoneCall) {
  const status: CallStatus | null = call.status;
  const results: NamedValue[] = call.resultList;
  const talked = (call.endTimeMs ?? 0) - (call.startTimeMs ?? 0);
  return {
    id: call.callInstanceId,
    task: `${call.jobName ?? ""} ${call.callJobId ?? ""} ${call.sceneDefId ?? ""}`,
    customer: `${call.customerName ?? "?"} ${call.customerTelephone}`,
    line: call.callerPhone?.trim() ?? null,
    state: label("callStatus", status),
    end: end(call.finishStatus),
    seconds: call.duration ?? NaN,
    rounds: call.chatRound?.toFixed() ?? "–",
    when: [call.startTime, call.endTime, call.gmtCreate, call.gmtModified].map((at) => at?.length),
    talked,
    order: call.callIndex ?? -1,
    recording: call.luyinOssUrl === null ? null : new URL(call.luyinOssUrl).pathname,
    redials: `${call.secondaryCallTimes ?? 0} ${call.secondaryCallTime?.slice(11) ?? ""}`,
    results: Object.fromEntries(results.map(({ name, value }) => [name, value])),
    unread: unread(call),
  };
}

export function describeWaiting(customer: UndialedCustomer) {
  return {
    id: customer.callInstanceId,
    customer: `${customer.customerName ?? "?"} ${customer.customerTelephone}`,
    state: label("callStatus", customer.status, "en"),
    next: customer.startTimeMs === null ? customer.startTime : new Date(customer.startTimeMs),
    line: customer.callerPhone?.trim() ?? null,
    company: customer.corpName?.length ?? 0,
    tried: customer.calledTimes ?? 0,
    unread: unread(customer),
  };
}

export function describeLine(line: TranscriptLine) {
  const robot = line.speaker === "AI";
  const speaker = robot || line.speaker === "ME" ? label("speaker", line.speaker) : line.speaker;
  return {
    id: line.sceneInstanceLogId ?? line.sceneInstanceId,
    said: `${speaker}: ${line.content}`,
    meant: line.userMean ?? line.userMeanDetail ?? "",
    lost: line.aiUnknown === true,
    ms: (line.endTime ?? 0) - (line.startTime ?? 0),
    when: [line.gmtCreate, line.gmtModified].map((at) => at?.length),
    unread: unread(line),
  };
}

export function describeInstance(call: CallInstance) {
  const numbers: (number | null)[] = [
    call.companyId,
    call.callJobId,
    call.customerId,
    call.duration,
    call.chatRound,
    call.startTimeMs,
    call.endTimeMs,
    call.callType,
    call.robotDefId,
    call.sceneDefId,
    call.sceneRecordId,
    call.secondaryCallTimes,
  ];
  const words: (string | null)[] = [
    call.customerName,
    call.startTime,
    call.endTime,
    call.callerPhone,
    call.luyinOssUrl,
    call.userLuyinOssUrl,
    call.properties,
    call.handlePerson,
    call.jobName,
    call.trackResult,
    call.secondaryCallTime,
    call.gmtCreate,
    call.gmtModified,
  ];
  return {
    id: call.callInstanceId,
    number: call.customerTelephone,
    state: label("callStatus", call.status),
    end: end(call.finishStatus),
    ended: label("hangUp", call.hangUp, "en"),
    read: label("readStatus", call.readStatus, "en"),
    numbers,
    words,
    unread: unread(call),
  };
}

export function describeResult(result: TaskResult) {
  const ids: (number | null)[] = [
    result.sceneInstanceResultId,
    result.companyId,
    result.sceneInstanceId,
  ];
  const how = [result.resultDesc, result.analyzeType, result.gmtCreate, result.gmtModified];
  return { [result.resultName]: result.resultValue, ids, how, unread: unread(result) };
}

export function describeDetailOfCall(detail: CallDetail) {
  const { phoneLogs, luyinOssUrl } = detail.phoneLog;
  return {
    call: describeInstance(detail.sceneInstance),
    recording: luyinOssUrl ?? detail.sceneInstance.luyinOssUrl,
    lines: phoneLogs.map(describeLine),
    results: detail.taskResult.map(describeResult),
    unread: unread(detail),
  };
}

/** All that an error can say. */
export function describeError(error: unknown): string {
  if (!isByrobotError(error)) return String(error);
  const place = error.path ?? error.endpoint ?? error.url ?? error.requestId ?? "";
  const http = `${error.status ?? "–"} ${error.vendorCode ?? "–"} ${error.vendorMessage ?? ""}`;
  const again = error.retryable ? `again in ${error.retryAfterMs ?? 0} ms` : "";
  const cause: unknown = error.cause;
  const name: "ByrobotError" = error.name;
  return [name, error.code, severities[error.code], place, http, again, error.attempts, cause]
    .map(String)
    .join(" | ");
}
