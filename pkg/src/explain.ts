// What the statistics mean, in words. Only words: the numbers are made in Rust, `src/query`. A page that
// does not import this does not carry it.
import type { CallStatistics } from "./answers.js";
import { invalidArgument } from "./errors.js";

/** What a metric means, in words for a tooltip. */
export interface Explanation {
  /** Its name, "接通率" or "Answer rate". */
  title: string;
  /** How it is computed. */
  formula: string;
  /** What is counted and what is left out. */
  note: string;
}

type Words = readonly [title: string, formula: string, note: string];

const metrics: Record<keyof CallStatistics, { zh: Words; en: Words }> = {
  calls: {
    zh: ["外呼量", "通话行数", "每个被叫号码一行；重拨不另计。"],
    en: ["Calls", "rows", "One row for each called number; a redial is not another one."],
  },
  answered: {
    zh: ["接通量", "通话结果为“已接”(0) 的行数", ""],
    en: ["Answered", "rows with finishStatus 0", ""],
  },
  answerRate: {
    zh: ["接通率", "接通量 ÷ 外呼量", "按号码计，不按拨打次数计：接口不提供拨打次数。"],
    en: [
      "Answer rate",
      "answered ÷ calls",
      "Per number, not per attempt: the API has no attempts.",
    ],
  },
  effectiveAnswerRate: {
    zh: [
      "有效接通率",
      "接通量 ÷ (外呼量 − 无效号码)",
      "无效号码默认为空号、关机、停机、天盾拦截，可用 unusable 选项更改。",
    ],
    en: [
      "Effective answer rate",
      "answered ÷ (calls − unusable)",
      "Unusable are invalid, powered-off, suspended and compliance-blocked numbers, unless the option unusable says otherwise.",
    ],
  },
  byFinishStatus: {
    zh: ["状态分布", "每种通话结果的行数", "未知代码按原值计；没有结果的行为 null，排在最后。"],
    en: [
      "By outcome",
      "rows of each finishStatus",
      "Unknown codes count under their own number; rows without one are null, last.",
    ],
  },
  talkSeconds: {
    zh: ["通话总时长", "Σ 已接通话的时长(秒)", "时长缺失或无法读取的通话不计。"],
    en: [
      "Talk time",
      "Σ duration of answered calls, seconds",
      "Without calls whose duration is missing or unreadable.",
    ],
  },
  billableMinutes: {
    zh: ["计费分钟", "Σ ⌈时长 ÷ 60⌉，已接通话", "每通不足一分钟按一分钟计；0 秒计 0。"],
    en: [
      "Billable minutes",
      "Σ ⌈duration ÷ 60⌉ of answered calls",
      "Each call is rounded up to the minute; 0 seconds count 0.",
    ],
  },
  meanDuration: {
    zh: ["平均通话时长 (ACD)", "通话总时长 ÷ 有时长的已接通话数", "单位：秒。"],
    en: ["Mean duration (ACD)", "talk time ÷ answered calls with a duration", "Seconds."],
  },
  durationQuantiles: {
    zh: ["时长分位数", "位置 (n − 1)·q 处，相邻次序统计量线性插值", "已接通话；精确值，非估算。"],
    en: [
      "Duration quantiles",
      "at position (n − 1)·q, linear between order statistics (type 7)",
      "Of answered calls; exact, not estimated.",
    ],
  },
  shortCallRate: {
    zh: ["短通话占比", "时长 < 10 秒 ÷ 有时长的已接通话数", ""],
    en: ["Short calls", "duration < 10 s ÷ answered calls with a duration", ""],
  },
  longCallRate: {
    zh: ["长通话占比", "时长 ≥ 60 秒 ÷ 有时长的已接通话数", ""],
    en: ["Long calls", "duration ≥ 60 s ÷ answered calls with a duration", ""],
  },
  meanRounds: {
    zh: ["平均轮次", "已接通话 chatRound 的平均值", "没有轮次的通话不计。"],
    en: ["Mean rounds", "mean chatRound of answered calls", "Without calls that have none."],
  },
  engagedRate: {
    zh: ["有效对话率", "轮次 > 3 ÷ 有轮次的已接通话数", "阈值 3 可用 engagedRounds 选项更改。"],
    en: [
      "Engaged rate",
      "chatRound > 3 ÷ answered calls that have one",
      "The option engagedRounds replaces the 3.",
    ],
  },
  intent: {
    zh: [
      "意向分布",
      "客户意向等级的首字母 A–F 各有多少已接通话",
      "两种等级词汇共用首字母；没有等级的为 null。未接通话即使有等级也不计。",
    ],
    en: [
      "Intent",
      "answered calls by the leading letter, A–F, of the result 客户意向等级",
      "The letter is what the two vocabularies share; null for none. A call that was not answered does not count, whatever its level.",
    ],
  },
  intentRate: {
    zh: ["AB意向率", "(A + B) ÷ 接通量", ""],
    en: ["A and B intent", "(A + B) ÷ answered", ""],
  },
  firstStartMs: {
    zh: ["最早开始时间", "startTimeMs 的最小值", "已接通话的开始时间是接听时刻。"],
    en: [
      "First start",
      "least startTimeMs",
      "Of answered calls the start is the moment of answer.",
    ],
  },
  lastStartMs: {
    zh: ["最晚开始时间", "startTimeMs 的最大值", "已接通话的开始时间是接听时刻。"],
    en: [
      "Last start",
      "greatest startTimeMs",
      "Of answered calls the start is the moment of answer.",
    ],
  },
  unreadable: {
    zh: [
      "无法读取",
      "字段有值但无法读取的行数",
      "原值保留在 extra 中，时间则保留在原字段；不计入相关指标。",
    ],
    en: [
      "Unreadable",
      "rows whose field was sent and could not be read",
      "The raw value is under extra, a time's in its own field; metrics of the field leave the row out.",
    ],
  },
};

/**
 * What a metric of `CallStatistics` means: its formula, what is counted, what is left out.
 *
 * ```ts
 * explain("answerRate", "en").formula; // "answered ÷ calls"
 * ```
 * @throws {ByrobotError} `invalid_argument` for a metric or a language there is not.
 */
export function explain(metric: keyof CallStatistics, language: "zh" | "en" = "zh"): Explanation {
  if (!Object.prototype.hasOwnProperty.call(metrics, metric)) {
    throw invalidArgument("metric", `expected one of ${Object.keys(metrics).join(", ")}`);
  }
  if (language !== "zh" && language !== "en") {
    throw invalidArgument("language", 'expected "zh" or "en"');
  }
  const [title, formula, note] = metrics[metric][language];
  return { title, formula, note };
}
