// Alerts in words. Not here: their rules and numbers (types.ts).
import type { Alert, AlertRule, AlertSubject } from "./types.js";
import { jobStatusLabels, type Language } from "../generated/codes.js";
import { invalidArgument, reading } from "../wasm/errors.js";

type Numbers = Record<string, number>;

/** Title and sentence of a rule in a language; `s` is the subject. */
interface Words {
  title: string;
  text(s: string, n: Numbers): string;
}

const percent = (share = 0) => `${Math.round(share * 1000) / 10}%`;
const hours = (value = 0) => String(Math.round(value * 10) / 10);
const status = (code = -1, language: Language) => jobStatusLabels[code]?.[language] ?? String(code);

const zhShare =
  (name: string) =>
  (s: string, n: Numbers): string =>
    `${s}今日${name} ${percent(n.rate)}（${n.part}/${n.whole}），前 7 天中位数为 ${percent(n.usual)}。`;
const enShare =
  (name: string) =>
  (s: string, n: Numbers): string =>
    `Today ${percent(n.rate)} of the ${name} (${n.part} of ${n.whole}) on ${s}; the median of the last 7 days is ${percent(n.usual)}.`;

const zh: Record<AlertRule, Words> = {
  flaggedLine: {
    title: "线路疑似被标记",
    text: (s, n) =>
      `${s}今日接通率 ${percent(n.rate)}（${n.part}/${n.whole}），同任务其他线路为 ${percent(n.expected)}。推断，非运营商数据。`,
  },
  rejections: { title: "拒接突增", text: zhShare("拒接率") },
  interceptions: { title: "拦截突增", text: zhShare("线路拦截率") },
  shortCalls: { title: "秒挂偏多", text: zhShare("秒挂率") },
  firstRound: { title: "首轮挂断偏多", text: zhShare("首轮挂断率") },
  invalidNumbers: {
    title: "空号率偏高",
    text: (s, n) => `${s}近两日空号率 ${percent(n.rate)}（${n.part}/${n.whole}），请检查名单。`,
  },
  lineLoss: {
    title: "呼损偏高（线路侧）",
    text: (_, n) =>
      `最近一段时间 ${n.whole} 通中有 ${n.part} 通呼损或无可用线路，占 ${percent(n.rate)}。`,
  },
  standstill: {
    title: "任务停摆",
    text: (s, n) => `${s}进行中，还有 ${n.waiting} 个号码待呼，但已 ${n.minutes} 分钟没有外呼。`,
  },
  taskStatus: {
    title: "任务异常停止",
    text: (s, n) => `${s}当前状态：${status(n.status, "zh")}。`,
  },
  outsideHours: {
    title: "时段外外呼",
    text: (s, n) =>
      `${s}今日有 ${n.calls} 通在规定时段外${n.critical ? `，其中 ${n.critical} 通过早或过晚` : ""}。时段是厂商规则，不是法律条文。`,
  },
  repeats: {
    title: "同号频繁外呼",
    text: (_, n) =>
      `24 小时内有 ${n.numbers} 个号码被多次外呼，最多 ${n.most} 次。次数上限是厂商规则，不是法律条文。`,
  },
  blockedNumbers: {
    title: "名单合规拦截偏多",
    text: (s, n) =>
      `${s}近两日 ${n.whole} 个号码中有 ${n.part} 个被黑名单或天盾拦截，占 ${percent(n.rate)}。`,
  },
  lateTask: {
    title: "今日呼不完",
    text: (s, n) =>
      `${s}待呼 ${n.waiting} 个，按每小时 ${Math.round(n.perHour ?? 0)} 个还需 ${hours(n.hoursNeeded)} 小时，今日只剩 ${hours(n.hoursLeft)} 小时。`,
  },
  recordingExpiry: {
    title: "录音即将到期",
    text: (_, n) => `${n.calls} 通 A/B 意向通话的录音即将被平台删除，请及时下载。`,
  },
  dataAge: {
    title: "数据异常",
    text: (_, n) =>
      [
        ...(n.minutes === null ? [] : [`数据已 ${n.minutes} 分钟未更新。`]),
        ...(n.unreadable ? [`${n.unreadable} 通（${percent(n.rate)}）有无法识别的字段。`] : []),
      ].join(""),
  },
};

const en: Record<AlertRule, Words> = {
  flaggedLine: {
    title: "Line possibly flagged",
    text: (s, n) =>
      `Today ${percent(n.rate)} of the calls of ${s} were answered (${n.part} of ${n.whole}); other lines had ${percent(n.expected)} on the same tasks. This is inferred, not told by a carrier.`,
  },
  rejections: { title: "More rejected calls", text: enShare("calls were rejected") },
  interceptions: { title: "More intercepted calls", text: enShare("calls were intercepted") },
  shortCalls: { title: "Many short calls", text: enShare("answered calls were short") },
  firstRound: {
    title: "Many calls end in round 1",
    text: enShare("answered calls ended in round 1"),
  },
  invalidNumbers: {
    title: "Many invalid numbers",
    text: (s, n) =>
      `${percent(n.rate)} of the numbers of ${s} are invalid (${n.part} of ${n.whole}, today and yesterday). Check the list.`,
  },
  lineLoss: {
    title: "Call loss (line side)",
    text: (_, n) =>
      `No line could carry ${n.part} of the last ${n.whole} calls (${percent(n.rate)}).`,
  },
  standstill: {
    title: "Task at a standstill",
    text: (s, n) =>
      `${s} is running and has ${n.waiting} waiting numbers, but has made no call for ${n.minutes} minutes.`,
  },
  taskStatus: {
    title: "Task stopped",
    text: (s, n) => `The status of ${s}: ${status(n.status, "en")}.`,
  },
  outsideHours: {
    title: "Calls outside the hours",
    text: (s, n) =>
      `Today ${s} made ${n.calls} calls outside the hours${n.critical ? `, ${n.critical} of them very early or late` : ""}. The hours are a vendor's rule, not law.`,
  },
  repeats: {
    title: "Numbers called often",
    text: (_, n) =>
      `Within 24 hours ${n.numbers} numbers were called repeatedly, one of them ${n.most} times. The limit is a vendor's rule, not law.`,
  },
  blockedNumbers: {
    title: "Many blocked numbers",
    text: (s, n) =>
      `${n.part} of ${n.whole} numbers of ${s} (${percent(n.rate)}, today and yesterday) are blocked by a blacklist or the compliance check.`,
  },
  lateTask: {
    title: "Not done today",
    text: (s, n) =>
      `${s} has ${n.waiting} waiting numbers; at ${Math.round(n.perHour ?? 0)} an hour it needs ${hours(n.hoursNeeded)} hours, and ${hours(n.hoursLeft)} are left today.`,
  },
  recordingExpiry: {
    title: "Recordings expire",
    text: (_, n) =>
      `The recordings of ${n.calls} A/B calls are about to be deleted. Download them in time.`,
  },
  dataAge: {
    title: "Data is old or unreadable",
    text: (_, n) =>
      [
        ...(n.minutes === null ? [] : [`The data is ${n.minutes} minutes old.`]),
        ...(n.unreadable
          ? [`${n.unreadable} calls (${percent(n.rate)}) have fields that cannot be read.`]
          : []),
      ].join(" "),
  },
};

const words: Record<Language, Record<AlertRule, Words>> = { zh, en };

const subjects: Record<Language, (subject: AlertSubject) => string> = {
  zh(subject) {
    if (subject.kind === "line") return `线路 ${subject.callerPhone} `;
    if (subject.kind === "task") return `任务「${subject.jobName}」`;
    return subject.kind === "script" ? `话术 ${subject.sceneDefId} ` : "公司";
  },
  en(subject) {
    if (subject.kind === "line") return `line ${subject.callerPhone}`;
    if (subject.kind === "task") return `task “${subject.jobName}”`;
    return subject.kind === "script" ? `script ${subject.sceneDefId}` : "the company";
  },
};

/** An alert in words. */
export interface AlertWords {
  /** The name of the rule. */
  title: string;
  /** A sentence with the numbers, or two. */
  text: string;
}

/**
 * An alert in words: the name of its rule, and a sentence with its numbers.
 *
 * ```ts
 * const { alerts } = evaluateAlerts(table, { now: Date.now(), tasks: [] });
 * for (const alert of alerts) console.log(describeAlert(alert, "zh").title); // 线路疑似被标记
 * ```
 * @throws {ByrobotError} `invalid_argument` for another language, and for what is no alert.
 */
export function describeAlert(alert: Alert, language: Language): AlertWords {
  return reading("alert", "an alert of evaluateAlerts", () => {
    const { title, text } = wordsOf(alert.rule, language);
    const sentence = text(subjects[language](alert.subject), alert.numbers as Numbers);
    return { title, text: sentence.charAt(0).toUpperCase() + sentence.slice(1) };
  });
}

/**
 * The name of a rule, also of one without an alert.
 *
 * ```ts
 * const { unavailable } = evaluateAlerts(table, { now: Date.now(), tasks: [] });
 * for (const { rule, reason } of unavailable) console.log(ruleTitle(rule, "zh"), reason);
 * ```
 * @throws {ByrobotError} `invalid_argument` for another language, and for an unknown rule.
 */
export const ruleTitle = (rule: AlertRule, language: Language): string =>
  wordsOf(rule, language).title;

function wordsOf(rule: AlertRule, language: Language): Words {
  if (!Object.keys(words).includes(language)) {
    throw invalidArgument("language", 'expected "zh" or "en"');
  }
  if (!Object.keys(zh).includes(rule)) throw invalidArgument("rule", "there is no such rule");
  return words[language][rule];
}
