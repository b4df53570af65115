//! The vendor's code tables, with a label in Chinese and in English for each code.
//!
//! Sources: the vendor's document, and for the later codes its newer pages. A code that is not here
//! is kept as a number and labelled as unknown. Not here: what a code means for a statistic.

/// Defines an open enumeration: its TypeScript type is the union of the known codes and any number.
macro_rules! codes {
    ($( $(#[$doc:meta])* $name:ident: $type:literal )*) => { $(
        $(#[$doc])*
        #[cfg(any(target_arch = "wasm32", byrobot_edge))]
        #[derive(Debug, tsify::Tsify)]
        #[tsify(type = $type)]
        pub struct $name(pub i64);
    )* };
}

codes! {
    /// State of a task, a number as the vendor sends it. Unknown codes are kept.
    JobStatus: "0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | (number & {})"
    /// How a task starts: 1 scheduled, 2 manual. Unknown codes are kept.
    JobType: "1 | 2 | (number & {})"
    /// State of a call: 0 not started, 1 in progress, 2 completed, 3 waiting for redial. Unknown codes are kept.
    CallStatus: "0 | 1 | 2 | 3 | (number & {})"
    /// How a call ended, a number as the vendor sends it. Unknown codes are kept.
    FinishStatus: "0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 22 | 23 | 25 | (number & {})"
}

/// The language of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese, the vendor's own words.
    Zh,
    /// English.
    En,
}

/// A row: the code as text, its name as a constant, its labels.
pub type Row = (&'static str, &'static str, &'static str, &'static str);

/// A code table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeTable {
    /// `status` of a task.
    JobStatus,
    /// `jobType` of a task.
    JobType,
    /// `status` of a call.
    CallStatus,
    /// `finishStatus` of a call.
    FinishStatus,
    /// `hangUp` of a call.
    HangUp,
    /// `readStatus` of a call.
    ReadStatus,
    /// `speaker` of a line.
    Speaker,
}

impl CodeTable {
    /// All tables with their public names.
    pub const ALL: [(&'static str, Self); 7] = [
        ("jobStatus", Self::JobStatus),
        ("jobType", Self::JobType),
        ("callStatus", Self::CallStatus),
        ("finishStatus", Self::FinishStatus),
        ("hangUp", Self::HangUp),
        ("readStatus", Self::ReadStatus),
        ("speaker", Self::Speaker),
    ];

    /// The table of that public name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(table, _)| *table == name).map(|(_, table)| *table)
    }

    /// Its rows.
    #[must_use]
    pub const fn rows(self) -> &'static [Row] {
        match self {
            Self::JobStatus => &[
                ("0", "NotStarted", "未开始", "not started"),
                ("1", "Running", "进行中", "running"),
                ("2", "Completed", "已完成", "completed"),
                ("3", "Scheduling", "调度中", "scheduling"),
                ("4", "PausedByUser", "手动暂停", "paused by user"),
                ("5", "PausedBySystem", "自动暂停", "paused by system"),
                ("6", "Terminated", "已终止", "terminated"),
                ("7", "Queued", "排队中", "queued"),
                ("8", "AiExpired", "AI到期", "AI plan expired"),
                ("9", "LineInArrears", "账户欠费", "account in arrears"),
                ("10", "SmsInArrears", "短信欠费", "SMS in arrears"),
            ],
            Self::JobType => {
                &[("1", "Scheduled", "定时", "scheduled"), ("2", "Manual", "手动", "manual")]
            }
            Self::CallStatus => &[
                ("0", "NotStarted", "未开始", "not started"),
                ("1", "InProgress", "进行中", "in progress"),
                ("2", "Completed", "已完成", "completed"),
                ("3", "WaitingForRedial", "二次拨打调度中", "waiting for redial"),
            ],
            Self::FinishStatus => &[
                ("0", "Answered", "已接", "answered"),
                ("1", "Rejected", "拒接", "rejected"),
                ("2", "Unreachable", "无法接通", "unreachable"),
                ("3", "CallerUnavailable", "主叫号码不可用", "caller line unavailable"),
                ("4", "InvalidNumber", "空号", "invalid number"),
                ("5", "PoweredOff", "关机", "powered off"),
                ("6", "Busy", "占线", "busy"),
                ("7", "Suspended", "停机", "number suspended"),
                ("8", "NoAnswer", "未接", "no answer"),
                ("9", "CallerInArrears", "主叫欠费", "caller in arrears"),
                ("10", "CallLoss", "呼损", "call loss"),
                ("11", "Blacklisted", "黑名单", "blacklisted"),
                ("12", "ComplianceBlocked", "天盾拦截", "blocked by compliance"),
                ("22", "LineBlindZone", "线路盲区", "line blind zone"),
                ("23", "OutboundIntercepted", "呼出拦截", "outbound intercepted"),
                ("25", "NoLineAvailable", "无可用线路", "no line available"),
            ],
            Self::HangUp => &[
                ("0", "Ai", "AI挂机", "robot hung up"),
                ("1", "User", "客户挂机", "customer hung up"),
            ],
            Self::ReadStatus => &[("0", "Unread", "未读", "unread"), ("1", "Read", "已读", "read")],
            Self::Speaker => &[("AI", "Ai", "机器人", "robot"), ("ME", "Me", "客户", "customer")],
        }
    }
}

/// The label of `code` in `table`; of a code that is not there "未知(37)" or "unknown (37)", of no
/// code at all "未知" or "unknown".
#[must_use]
pub fn label(table: CodeTable, code: Option<&str>, language: Language) -> String {
    let row = table.rows().iter().find(|(known, ..)| Some(*known) == code);
    match (row, code, language) {
        (Some((_, _, zh, _)), _, Language::Zh) => (*zh).to_owned(),
        (Some((_, _, _, en)), _, Language::En) => (*en).to_owned(),
        (None, Some(code), Language::Zh) => format!("未知({code})"),
        (None, Some(code), Language::En) => format!("unknown ({code})"),
        (None, None, Language::Zh) => "未知".to_owned(),
        (None, None, Language::En) => "unknown".to_owned(),
    }
}
