//! The vendor's code tables, with a label in each language for each code.
//!
//! Sources: the vendor's document; for later codes, its newer pages. An unknown code is kept as a number and
//! labelled as unknown. Not here: the label of a code (`label.rs`).

/// Defines the languages, the default one first: documentation, variant, public name.
macro_rules! languages {
    ($( #[doc = $about:literal] $language:ident $name:ident; )+) => {
        /// A language of labels, titles and explanations.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Language {
            $( #[doc = $about] $language, )+
        }

        impl Language {
            /// All languages with their public names, the default one first.
            pub const ALL: &'static [(&'static str, Self)] =
                &[ $( (stringify!($name), Self::$language) ),+ ];
        }

        /// One text in each language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Words {
            $( #[doc = $about] pub $name: &'static str, )+
        }

        impl Words {
            /// The text in a language.
            #[must_use]
            pub const fn of(&self, language: Language) -> &'static str {
                match language {
                    $( Language::$language => self.$name, )+
                }
            }
        }
    };
}

languages! {
    /// Simplified Chinese, the vendor's own words.
    Zh zh;
    /// English.
    En en;
}

impl Language {
    /// The language with a public name; `None` for any other name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, language)| *language)
    }
}

/// A code of a table.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The code as text.
    pub code: &'static str,
    /// Its labels.
    pub label: Words,
    /// What the code means for the statistics; only the codes of [`CodeTable::FinishStatus`] have it.
    pub effect: Option<Effect>,
    /// Name of the constant in TypeScript.
    #[cfg(not(target_arch = "wasm32"))]
    pub constant: &'static str,
    /// The tone of its label.
    #[cfg(not(target_arch = "wasm32"))]
    pub tone: Tone,
}

/// What a `finishStatus` means for the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The call was answered.
    Answered,
    /// The call was not answered.
    Missed,
    /// The call was not answered, because of the line.
    LineLost,
    /// The call could not be answered, because the number is unusable. The vendor's report leaves such numbers out.
    Unusable,
    /// The number is unusable, and will be tomorrow.
    Dead,
    /// The number does not exist. It is dead and unusable.
    Invalid,
}

impl Effect {
    /// Whether the vendor's report leaves the number out.
    #[must_use]
    pub const fn is_unusable(self) -> bool {
        match self {
            Self::Unusable | Self::Dead | Self::Invalid => true,
            Self::Answered | Self::Missed | Self::LineLost => false,
        }
    }
}

/// The tone of a label, shown as a colour.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A success.
    Good,
    /// In progress.
    Busy,
    /// It may need an action.
    Warning,
    /// A line or the account is at fault.
    Bad,
    /// None of these.
    Neutral,
}

/// The TypeScript documentation of a code table. A table without documentation has no declaration.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy)]
pub struct TableDocs {
    /// Name of the type and of the constants.
    pub name: &'static str,
    /// Documentation of the type.
    pub about: &'static [&'static str],
    /// Documentation of the constants.
    pub constants: &'static [&'static str],
}

/// Defines the code tables: documentation of the type, public name, the field with the codes, and after `constants`
/// the documentation of the constants; then a row for each code: code, constant, tone, effect, labels.
macro_rules! codes {
    ($(
        $( #[doc = $about:literal] )*
        $table:ident $name:literal, $of:literal $(, constants $constants:literal)? {
            $( $code:literal $constant:ident $tone:ident $($effect:ident)?: $zh:literal $en:literal; )+
        }
    )+) => {
        /// A code table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CodeTable {
            $( #[doc = $of] $table, )+
        }

        impl CodeTable {
            /// All tables with their public names.
            pub const ALL: &'static [(&'static str, Self)] = &[ $( ($name, Self::$table) ),+ ];

            /// The codes of the table.
            #[must_use]
            pub const fn codes(self) -> &'static [Code] {
                match self {
                    $( Self::$table => &[ $( Code {
                        code: $code,
                        label: Words { zh: $zh, en: $en },
                        effect: codes!(@option $(Effect::$effect)?),
                        #[cfg(not(target_arch = "wasm32"))]
                        constant: stringify!($constant),
                        #[cfg(not(target_arch = "wasm32"))]
                        tone: Tone::$tone,
                    } ),+ ], )+
                }
            }

            /// The TypeScript documentation of the table.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn docs(self) -> TableDocs {
                match self {
                    $( Self::$table => TableDocs {
                        name: stringify!($table),
                        about: &[ $( $about ),* ],
                        constants: &[ $( $constants )? ],
                    }, )+
                }
            }
        }
    };
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
}

codes! {
    /// State of a task, a number as the vendor sends it: one of the constants, or an unknown code.
    JobStatus "jobStatus", "`status` of a task.", constants "States of a task, by name.

```ts
const { list } = await client.getTasks({ companyId: 1, status: JobStatus.Running });
```" {
        "0" NotStarted Neutral: "未开始" "not started";
        "1" Running Busy: "进行中" "running";
        "2" Completed Good: "已完成" "completed";
        "3" Scheduling Busy: "调度中" "scheduling";
        "4" PausedByUser Warning: "手动暂停" "paused by user";
        "5" PausedBySystem Warning: "自动暂停" "paused by system";
        "6" Terminated Neutral: "已终止" "terminated";
        "7" Queued Busy: "排队中" "queued";
        "8" AiExpired Bad: "AI到期" "AI plan expired";
        "9" LineInArrears Bad: "账户欠费" "account in arrears";
        "10" SmsInArrears Bad: "短信欠费" "SMS in arrears";
    }

    /// How a task starts: 1 scheduled, 2 manual. Unknown codes are kept.
    JobType "jobType", "`jobType` of a task." {
        "1" Scheduled Neutral: "定时" "scheduled";
        "2" Manual Neutral: "手动" "manual";
    }

    /// State of a call: 0 not started, 1 in progress, 2 completed, 3 waiting for redial. Unknown codes are kept.
    CallStatus "callStatus", "`status` of a call." {
        "0" NotStarted Neutral: "未开始" "not started";
        "1" InProgress Busy: "进行中" "in progress";
        "2" Completed Good: "已完成" "completed";
        "3" WaitingForRedial Warning: "二次拨打调度中" "waiting for redial";
    }

    /// How a call ended, a number as the vendor sends it: one of the constants, or an unknown code.
    FinishStatus "finishStatus", "`finishStatus` of a call.", constants "How calls end, by name.

```ts
const { list } = await client.queryDoneTaskPhones({ callJobId: 21752, finishStatus: FinishStatus.Answered });
```" {
        "0" Answered Good Answered: "已接" "answered";
        "1" Rejected Warning Missed: "拒接" "rejected";
        "2" Unreachable Neutral Missed: "无法接通" "unreachable";
        "3" CallerUnavailable Bad Missed: "主叫号码不可用" "caller line unavailable";
        "4" InvalidNumber Neutral Invalid: "空号" "invalid number";
        "5" PoweredOff Neutral Unusable: "关机" "powered off";
        "6" Busy Neutral Missed: "占线" "busy";
        "7" Suspended Neutral Dead: "停机" "number suspended";
        "8" NoAnswer Neutral Missed: "未接" "no answer";
        "9" CallerInArrears Bad Missed: "主叫欠费" "caller in arrears";
        "10" CallLoss Bad LineLost: "呼损" "call loss";
        "11" Blacklisted Warning Missed: "黑名单" "blacklisted";
        "12" ComplianceBlocked Warning Unusable: "天盾拦截" "blocked by compliance";
        "22" LineBlindZone Bad Missed: "线路盲区" "line blind zone";
        "23" OutboundIntercepted Bad Missed: "呼出拦截" "outbound intercepted";
        "25" NoLineAvailable Bad LineLost: "无可用线路" "no line available";
    }

    HangUp "hangUp", "`hangUp` of a call." {
        "0" Ai Neutral: "AI挂机" "robot hung up";
        "1" User Neutral: "客户挂机" "customer hung up";
    }

    ReadStatus "readStatus", "`readStatus` of a call." {
        "0" Unread Neutral: "未读" "unread";
        "1" Read Neutral: "已读" "read";
    }

    Speaker "speaker", "`speaker` of a line." {
        "AI" Ai Neutral: "机器人" "robot";
        "ME" Me Neutral: "客户" "customer";
    }
}

impl CodeTable {
    /// The table with a public name; `None` for any other name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(table, _)| *table == name).map(|(_, table)| *table)
    }
}

/// The `finishStatus` of an answered call.
pub const ANSWERED: i64 = answered_code();

/// The only code with the effect `Answered`. A code without an effect is a compile error.
#[expect(clippy::indexing_slicing, clippy::panic, reason = "evaluated by the compiler")]
const fn answered_code() -> i64 {
    let codes = CodeTable::FinishStatus.codes();
    let (mut found, mut index) = (None, 0);
    while index < codes.len() {
        match (codes[index].effect, found) {
            (Some(Effect::Answered), None) => found = Some(number(codes[index].code)),
            (Some(Effect::Answered), Some(_)) => panic!("two statuses are answered"),
            (
                Some(
                    Effect::Missed
                    | Effect::LineLost
                    | Effect::Unusable
                    | Effect::Dead
                    | Effect::Invalid,
                ),
                _,
            ) => {}
            (None, _) => panic!("a finishStatus without an effect"),
        }
        index += 1;
    }
    match found {
        Some(code) => code,
        None => panic!("no status is answered"),
    }
}

/// The number of a code of decimal digits.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn number(code: &str) -> i64 {
    let (digits, mut number, mut index) = (code.as_bytes(), 0, 0);
    while index < digits.len() {
        number = number * 10 + (digits[index] - b'0') as i64;
        index += 1;
    }
    number
}

/// Names of the result with the customer's intent level, the usual name first.
pub const INTENT_RESULTS: [&str; 2] = ["客户意向等级", "意向等级"];

/// The intent levels: the first letters of all their wordings.
pub const LEVELS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
