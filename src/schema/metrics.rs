//! The metrics of the statistics: their order across the JavaScript edge, and their meaning in words.
//! Not here: the computation (`compute/kinds/statistics.rs`).

#[cfg(not(target_arch = "wasm32"))]
use super::Words;

/// The type of a metric's value, which decides how it crosses the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A number.
    Number,
    /// A number, or `null` if its denominator is 0.
    NumberOrNull,
    /// Calls of each `finishStatus`.
    ByCode,
    /// Seconds at each quantile.
    Quantiles,
    /// Calls of each intent level.
    ByLevel,
    /// Calls of each field of [`UNREADABLE`].
    ByField,
}

/// The fields whose unreadable values are counted.
pub const UNREADABLE: [&str; 3] = ["duration", "startTime", "finishStatus"];

/// The meaning of a metric in words.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy)]
pub struct MetricDocs {
    /// Name in TypeScript.
    pub id: &'static str,
    /// Documentation in TypeScript.
    pub about: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// When the value is `null`; empty if it never is.
    pub null_for: &'static str,
    /// Title.
    pub title: Words,
    /// Formula.
    pub formula: Words,
    /// Which calls count and which do not.
    pub note: Words,
}

/// Defines the metrics: documentation, name, measure, unit, condition of `null`, and words in each language.
macro_rules! metrics {
    ($(
        $( #[doc = $about:literal] )+
        $metric:ident $id:literal $measure:ident, $unit:literal, $null_for:literal {
            title $title_zh:literal $title_en:literal;
            formula $formula_zh:literal $formula_en:literal;
            note $note_zh:literal $note_en:literal;
        }
    )+) => {
        /// A metric of the statistics.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Metric {
            $( $( #[doc = $about] )+ $metric, )+
        }

        impl Metric {
            /// All metrics, in the order in which they cross the edge.
            pub const ALL: &'static [Self] = &[ $( Self::$metric ),+ ];

            /// The type of the value.
            #[must_use]
            pub const fn measure(self) -> Measure {
                match self {
                    $( Self::$metric => Measure::$measure, )+
                }
            }

            /// The meaning in words.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn docs(self) -> MetricDocs {
                match self {
                    $( Self::$metric => MetricDocs {
                        id: $id,
                        about: concat!($( $about ),+),
                        unit: $unit,
                        null_for: $null_for,
                        title: Words { zh: $title_zh, en: $title_en },
                        formula: Words { zh: $formula_zh, en: $formula_en },
                        note: Words { zh: $note_zh, en: $note_en },
                    }, )+
                }
            }
        }
    };
}

metrics! {
    /// 外呼量: calls; each called number is one call.
    Calls "calls" Number, "calls", "" {
        title "外呼量" "Calls";
        formula "通话行数" "rows";
        note "每个被叫号码一行；重拨不另计。" "One row for each called number; a redial is not another one.";
    }
    /// 接通量: calls with `finishStatus` 0.
    Answered "answered" Number, "calls", "" {
        title "接通量" "Answered";
        formula "通话结果为“已接”(0) 的行数" "rows with finishStatus 0";
        note "" "";
    }
    /// 接通率: answered calls divided by calls; `null`: no calls.
    AnswerRate "answerRate" NumberOrNull, "0–1", "no calls" {
        title "接通率" "Answer rate";
        formula "接通量 ÷ 外呼量" "answered ÷ calls";
        note "按号码计，不按拨打次数计：接口不提供拨打次数。" "Per number, not per attempt: the API has no attempts.";
    }
    /// 有效接通率: answered calls divided by calls without those of unusable numbers (空号, 关机, 停机, 天盾拦截).
    EffectiveAnswerRate "effectiveAnswerRate" NumberOrNull, "0–1", "no usable number" {
        title "有效接通率" "Effective answer rate";
        formula "接通量 ÷ (外呼量 − 无效号码)" "answered ÷ (calls − unusable)";
        note "无效号码默认为空号、关机、停机、天盾拦截，可用 unusable 选项更改。" "Unusable numbers are invalid, powered off, suspended or blocked by compliance; the option unusable changes this.";
    }
    /// 状态分布: calls of every status that occurs, by code; calls without a status are last, under `null`.
    ByFinishStatus "byFinishStatus" ByCode, "{ code, calls }[]", "" {
        title "状态分布" "By outcome";
        formula "每种通话结果的行数" "rows of each finishStatus";
        note "未知代码按原值计；没有结果的行为 null，排在最后。" "Unknown codes count under their own number; rows without one are null, last.";
    }
    /// 通话总时长: Σ duration over answered calls, seconds.
    TalkSeconds "talkSeconds" Number, "s", "" {
        title "通话总时长" "Talk time";
        formula "Σ 已接通话的时长(秒)" "Σ duration of answered calls, seconds";
        note "时长缺失或无法读取的通话不计。" "Calls whose duration is missing or unreadable do not count.";
    }
    /// 计费分钟: Σ ⌈duration / 60⌉ over answered calls.
    BillableMinutes "billableMinutes" Number, "min", "" {
        title "计费分钟" "Billable minutes";
        formula "Σ ⌈时长 ÷ 60⌉，已接通话" "Σ ⌈duration ÷ 60⌉ of answered calls";
        note "每通不足一分钟按一分钟计；0 秒计 0。" "Each call is rounded up to the minute; 0 seconds count 0.";
    }
    /// 平均通话时长: seconds, over answered calls that have a duration.
    MeanDuration "meanDuration" NumberOrNull, "s", "no answered call with a duration" {
        title "平均通话时长 (ACD)" "Mean duration (ACD)";
        formula "通话总时长 ÷ 有时长的已接通话数" "talk time ÷ answered calls with a duration";
        note "单位：秒。" "Seconds.";
    }
    /// 时长分位数: quantiles of the same durations, exact, interpolated between order statistics. Empty if no answered call has a duration.
    DurationQuantiles "durationQuantiles" Quantiles, "{ q, seconds }[]", "" {
        title "时长分位数" "Duration quantiles";
        formula "位置 (n − 1)·q 处，相邻次序统计量线性插值" "at position (n − 1)·q, linear between order statistics (type 7)";
        note "已接通话；精确值，非估算。" "Of answered calls; exact, not estimated.";
    }
    /// 短通话占比: share of the same calls below 10 seconds.
    ShortCallRate "shortCallRate" NumberOrNull, "0–1", "no answered call with a duration" {
        title "短通话占比" "Short calls";
        formula "时长 < 10 秒 ÷ 有时长的已接通话数" "duration < 10 s ÷ answered calls with a duration";
        note "" "";
    }
    /// 长通话占比: share of the same calls of 60 seconds and more.
    LongCallRate "longCallRate" NumberOrNull, "0–1", "no answered call with a duration" {
        title "长通话占比" "Long calls";
        formula "时长 ≥ 60 秒 ÷ 有时长的已接通话数" "duration ≥ 60 s ÷ answered calls with a duration";
        note "" "";
    }
    /// 平均轮次: mean `chatRound` of the answered calls that have it.
    MeanRounds "meanRounds" NumberOrNull, "rounds", "no answered call with rounds" {
        title "平均轮次" "Mean rounds";
        formula "已接通话 chatRound 的平均值" "mean chatRound of answered calls";
        note "没有轮次的通话不计。" "Calls without rounds do not count.";
    }
    /// 有效对话率: share of the same calls with more than `engagedRounds` rounds.
    EngagedRate "engagedRate" NumberOrNull, "0–1", "no answered call with rounds" {
        title "有效对话率" "Engaged rate";
        formula "轮次 > 3 ÷ 有轮次的已接通话数" "chatRound > 3 ÷ answered calls that have one";
        note "阈值 3 可用 engagedRounds 选项更改。" "The option engagedRounds replaces the 3.";
    }
    /// 意向分布: answered calls of every level that occurs; calls without a level are last, under `null`.
    Intent "intent" ByLevel, "{ level, calls }[]", "" {
        title "意向分布" "Intent";
        formula "客户意向等级的首字母 A–F 各有多少已接通话" "answered calls by the leading letter, A–F, of the result 客户意向等级";
        note "两种等级词汇共用首字母；没有等级的为 null。未接通话即使有等级也不计。" "Both vocabularies share the letter; null without a level. A call that was not answered does not count, whatever its level.";
    }
    /// AB意向率: answered calls of levels A and B divided by answered calls.
    IntentRate "intentRate" NumberOrNull, "0–1", "no answered call" {
        title "AB意向率" "A and B intent";
        formula "(A + B) ÷ 接通量" "(A + B) ÷ answered";
        note "" "";
    }
    /// 空号率: calls of invalid numbers divided by calls.
    InvalidRate "invalidRate" NumberOrNull, "0–1", "no calls" {
        title "空号率" "Invalid numbers";
        formula "空号 ÷ 外呼量" "calls of invalid numbers (status 4) ÷ calls";
        note "" "";
    }
    /// 失效号码率: calls of invalid and suspended numbers divided by calls.
    DeadNumberRate "deadNumberRate" NumberOrNull, "0–1", "no calls" {
        title "失效号码率" "Dead numbers";
        formula "(空号 + 停机) ÷ 外呼量" "calls of invalid (4) and suspended (7) numbers ÷ calls";
        note "关机不计：明天可能开机。" "Powered off (5) does not count: it may be on tomorrow.";
    }
    /// 呼损率(线路侧): calls that a line lost divided by calls.
    LineLossRate "lineLossRate" NumberOrNull, "0–1", "no calls" {
        title "呼损率(线路侧)" "Line loss";
        formula "线路原因未接 ÷ 外呼量" "calls with status 10 or 25 ÷ calls";
        note "不同于监管口径的呼损率。" "This is not the regulator's abandonment rate.";
    }
    /// 首轮挂断率: share of answered calls with at most one round among those that have rounds.
    FirstRoundRate "firstRoundRate" NumberOrNull, "0–1", "no answered call with rounds" {
        title "首轮挂断率" "Ended in the first round";
        formula "轮次 ≤ 1 ÷ 有轮次的已接通话数" "chatRound ≤ 1 ÷ answered calls that have one";
        note "不区分由谁挂断：列表接口不提供。" "The list does not say which side hung up.";
    }
    /// 每百分钟意向: answered calls of levels A and B for each hundred billable minutes.
    IntentPerHundredMinutes "intentPerHundredMinutes" NumberOrNull, "calls per 100 min", "no billable minute" {
        title "每百分钟意向" "A/B per 100 min";
        formula "100 × (A + B) ÷ 计费分钟" "100 × (A + B) ÷ billable minutes";
        note "" "";
    }
    /// Least `startTimeMs`, epoch milliseconds; `null`: no call has one.
    FirstStartMs "firstStartMs" NumberOrNull, "epoch ms", "no call with a start" {
        title "最早开始时间" "First start";
        formula "startTimeMs 的最小值" "least startTimeMs";
        note "已接通话的开始时间是接听时刻。" "The start of an answered call is the moment of answer.";
    }
    /// Greatest `startTimeMs`, epoch milliseconds; `null`: no call has one.
    LastStartMs "lastStartMs" NumberOrNull, "epoch ms", "no call with a start" {
        title "最晚开始时间" "Last start";
        formula "startTimeMs 的最大值" "greatest startTimeMs";
        note "已接通话的开始时间是接听时刻。" "The start of an answered call is the moment of answer.";
    }
    /// Calls whose field was sent but could not be read, by field.
    Unreadable "unreadable" ByField, "calls, by field", "" {
        title "无法读取" "Unreadable";
        formula "字段有值但无法读取的行数" "rows whose field was sent and could not be read";
        note "原值保留在 extra 中，时间则保留在原字段；不计入相关指标。" "The raw value is under extra; a time stays in its own field. Metrics of the field do not count the row.";
    }
}

/// The meaning of a number that is not one of the statistics.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// Name in TypeScript.
    pub id: &'static str,
    /// Title.
    pub title: Words,
    /// Formula.
    pub formula: Words,
    /// Which calls count and which do not.
    pub note: Words,
}

/// The numbers of groups, rounds and comparisons that need an explanation.
#[cfg(not(target_arch = "wasm32"))]
pub static TERMS: [Term; 6] = [
    Term {
        id: "interval",
        title: Words { zh: "接通率置信区间", en: "Interval of the answer rate" },
        formula: Words {
            zh: "接通率的 Wilson 区间",
            en: "Wilson score interval of answered ÷ calls",
        },
        note: Words {
            zh: "默认 95%；样本越少，区间越宽。",
            en: "95 % unless another level is chosen; wide for few calls.",
        },
    },
    Term {
        id: "survival",
        title: Words { zh: "轮次留存率", en: "Round survival" },
        formula: Words {
            zh: "轮次 ≥ k ÷ 有轮次的已接通话数",
            en: "chatRound ≥ k ÷ answered calls that have one",
        },
        note: Words {
            zh: "同时给出到达第 k 轮的通话数。",
            en: "The number of calls that reach round k stands beside it.",
        },
    },
    Term {
        id: "hazard",
        title: Words { zh: "轮次流失率", en: "Round hazard" },
        formula: Words { zh: "轮次 = k ÷ 轮次 ≥ k", en: "chatRound = k ÷ chatRound ≥ k" },
        note: Words {
            zh: "只计已接通话；不区分由谁挂断。",
            en: "Answered calls only; it is unknown which side hung up.",
        },
    },
    Term {
        id: "difference",
        title: Words { zh: "两个比率之差", en: "Difference of two rates" },
        formula: Words {
            zh: "p₁ − p₂，Newcombe 区间(方法 10)",
            en: "p₁ − p₂, with Newcombe's interval (method 10)",
        },
        note: Words {
            zh: "区间包含 0 时，数据不足以说明有差异。",
            en: "If the interval contains 0, the data do not show a difference.",
        },
    },
    Term {
        id: "expectedRate",
        title: Words { zh: "期望接通率", en: "Expected answer rate" },
        formula: Words {
            zh: "Σ 本组通话数 × 同层其他组接通率 ÷ Σ 本组通话数",
            en: "Σ calls of the group × answer rate of its peers in the stratum ÷ Σ calls of the group",
        },
        note: Words {
            zh: "只计有其他组通话的层；coverage 为这些层占本组通话的比例。",
            en: "Only strata in which peers have calls; coverage is their share of the group's calls.",
        },
    },
    Term {
        id: "repeats",
        title: Words { zh: "重复外呼", en: "Repeated calls" },
        formula: Words {
            zh: "每个号码在时间窗内的最多通话数",
            en: "the most calls of a number whose starts lie within the time",
        },
        note: Words {
            zh: "默认 24 小时；没有开始时间、没有号码或号码脱敏的通话不计。一行只有最后一次状态，同一任务内的重拨看不到。",
            en: "24 hours unless another time is chosen; calls without a start, without a number or with a masked one are left out. A row has only the last state, so redials within a task are not seen.",
        },
    },
];

/// Defines the numbers of a group, in the order in which they cross the edge: documentation, variant, name in
/// TypeScript.
macro_rules! group_numbers {
    ($( #[doc = $about:literal] $number:ident $name:literal; )+) => {
        /// A number of a group of calls. TypeScript computes the answer rate and its interval.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum GroupNumber {
            $( #[doc = $about] $number, )+
        }

        impl GroupNumber {
            /// All numbers of a group, in the order in which they cross the edge.
            pub const ALL: &'static [Self] = &[ $( Self::$number ),+ ];

            /// Name in TypeScript.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$number => $name, )+
                }
            }
        }
    };
}

group_numbers! {
    /// Calls.
    Calls "calls";
    /// Answered calls.
    Answered "answered";
    /// Talk time of answered calls.
    TalkSeconds "talkSeconds";
    /// Mean duration of answered calls.
    MeanDuration "meanDuration";
}
