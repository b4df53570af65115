//! Calls as CSV, for people and their spreadsheets: RFC 4180 with a header, codes in words, times as
//! the vendor writes them. Not here: which calls, and in which order (`query/view.rs`); how numbers
//! of customers are masked (`mask.rs`).
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers and times
//! of ours stay as they are. Control characters that no cell can show become U+FFFD.

use super::mask::Mask;
use super::record::field;
use super::{Column, Columns};
use crate::json::{Value, parse, to_text};
use crate::model::{CodeTable, DONE_CALL, Kind, Language, label};
use crate::time::{shanghai_ms, shanghai_text};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvOptions {
    /// The language of the header and of codes.
    pub language: Language,
    /// Customers' numbers without their middle, wherever they stand.
    pub mask_phones: bool,
}

const DAY_MS: i64 = 86_400_000;
const INTENT_LEVEL: &str = "intentLevel";
const EXTRA: &str = "extra";

/// The columns' titles, by field. Times are there once, as text.
const TITLES: [(&str, &str, &str); 27] = [
    ("callInstanceId", "通话ID", "Call ID"),
    ("callJobId", "任务ID", "Task ID"),
    ("sceneDefId", "话术ID", "Scene ID"),
    ("jobName", "任务名称", "Task"),
    ("customerTelephone", "客户号码", "Customer number"),
    ("customerName", "客户姓名", "Customer"),
    ("status", "状态", "State"),
    ("finishStatus", "通话结果", "Outcome"),
    ("duration", "通话时长(秒)", "Duration (s)"),
    ("chatRound", "对话轮次", "Rounds"),
    ("startTime", "开始时间", "Start"),
    ("endTime", "结束时间", "End"),
    ("callerPhone", "主叫号码", "Caller line"),
    ("callIndex", "结束顺序", "Order of ending"),
    ("luyinOssUrl", "录音", "Recording"),
    ("secondaryCallTime", "重拨时间", "Redial time"),
    ("secondaryCallTimes", "重拨次数", "Redials"),
    ("gmtCreate", "创建时间", "Created"),
    ("gmtModified", "修改时间", "Changed"),
    ("resultList", "分析结果", "Results"),
    (INTENT_LEVEL, "意向等级", "Intent level"),
    ("callInstanceStatus", "实例状态", "Instance state"),
    ("calledTimes", "已拨次数", "Attempts"),
    ("userLuyinOssUrl", "客户录音", "Customer's recording"),
    ("properties", "变量", "Variables"),
    ("userProperties", "客户变量", "Customer's variables"),
    (EXTRA, "其他", "Other"),
];

/// The header, as one line.
pub(crate) fn header(options: CsvOptions) -> String {
    let mut out = String::new();
    for (_, zh, en) in &TITLES {
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(if options.language == Language::Zh { zh } else { en });
    }
    out.push_str("\r\n");
    out
}

/// A line for each of the rows.
pub(crate) fn lines(columns: &Columns, rows: &[u32], options: CsvOptions) -> String {
    let position = |name| DONE_CALL.fields.iter().position(|field| field.name == name);
    let cells: Vec<_> = TITLES.iter().map(|(name, ..)| (*name, position(*name))).collect();
    let mut lines = Lines {
        columns,
        options,
        mask: Mask::default(),
        day: (0, String::new()),
        out: String::new(),
    };
    for row in rows {
        let row = *row as usize;
        let rest = columns.rest(row).and_then(|rest| parse(rest.as_bytes()).ok());
        if options.mask_phones {
            lines.mask = Mask::of(columns.text(field::TELEPHONE, row).unwrap_or_default());
        }
        for (at, (name, index)) in cells.iter().enumerate() {
            if at > 0 {
                lines.out.push(',');
            }
            match (rest.as_ref().and_then(|rest| rest.get(name)), index) {
                (Some(value), index) => lines.value(*index, value),
                (None, Some(index)) => lines.column(*index, row),
                (None, None) if *name == INTENT_LEVEL => lines.level(row),
                (None, None) => {}
            }
        }
        lines.out.push_str("\r\n");
    }
    lines.out
}

struct Lines<'a> {
    columns: &'a Columns,
    options: CsvOptions,
    /// Of the row that is being written.
    mask: Mask,
    /// The last midnight, and its date.
    day: (i64, String),
    out: String,
}

impl Lines<'_> {
    /// What the columns say of a field.
    fn column(&mut self, index: usize, row: usize) {
        match self.columns.fields.get(index) {
            Some(Column::Integers(integers)) => match integers.value(row) {
                Some(ms) if is(index, |kind| matches!(kind, Kind::WallTime)) => {
                    self.time(ms);
                }
                Some(value) => self.integer(index, value),
                None => {}
            },
            Some(_) => match self.columns.text(index, row) {
                Some(list) if index == field::RESULTS => {
                    self.results(&parse(list.as_bytes()).unwrap_or_default());
                }
                Some(text) => self.text(index, text),
                None => {}
            },
            None => {}
        }
    }

    /// A value that stands in place of what the columns say, or beside them under `extra`.
    fn value(&mut self, index: Option<usize>, value: &Value) {
        match (index, value) {
            (_, Value::Null) => {}
            (Some(index), Value::Int(value)) => self.integer(index, *value),
            (Some(index), Value::Text(text)) => self.text(index, text),
            (Some(field::RESULTS), list) => self.results(list),
            _ if self.options.mask_phones => {
                let masked = to_text(&self.mask.value(value));
                self.cell(&masked);
            }
            _ => self.cell(&to_text(value)),
        }
    }

    /// A time as `shanghai_text` has it, made of the last one where the day is the same.
    fn time(&mut self, ms: i64) {
        let (midnight, date) = &mut self.day;
        if date.is_empty() || !(*midnight..*midnight + DAY_MS).contains(&ms) {
            let text = shanghai_text(ms);
            let Some((day, start)) = text.get(..10).and_then(|day| Some((day, shanghai_ms(day)?)))
            else {
                return self.out.push_str(&text);
            };
            (*midnight, *date) = (start, day.to_owned());
        }
        self.out.push_str(date);
        let mut seconds = (ms - *midnight) / 1000;
        for (before, unit) in [(' ', 3600), (':', 60), (':', 1)] {
            let number = u8::try_from(seconds / unit).unwrap_or_default();
            self.out.extend([
                before,
                char::from(b'0' + number / 10),
                char::from(b'0' + number % 10),
            ]);
            seconds %= unit;
        }
    }

    fn integer(&mut self, index: usize, value: i64) {
        let table = match DONE_CALL.fields.get(index).map(|field| field.name) {
            Some("status" | "callInstanceStatus") => Some(CodeTable::CallStatus),
            Some("finishStatus") => Some(CodeTable::FinishStatus),
            _ => None,
        };
        let number = value.to_string();
        match table {
            Some(table) => self.out.push_str(&label(table, Some(&number), self.options.language)),
            None => self.out.push_str(&number),
        }
    }

    fn level(&mut self, row: usize) {
        let code = self.columns.integers(field::RESULTS).value(row);
        let level = code.and_then(|code| self.columns.levels().get(usize::try_from(code).ok()?));
        if let Some(level @ 1..) = level {
            self.out.push(char::from(b'A' + level - 1));
        }
    }

    fn results(&mut self, list: &Value) {
        let Value::List(items) = list else { return };
        let mut text = String::new();
        for item in items {
            if !text.is_empty() {
                text.push_str("; ");
            }
            if let (Some(Value::Text(name)), Some(Value::Text(value))) =
                (item.get("name"), item.get("value"))
            {
                text.extend([name, ": ", value]);
            }
        }
        self.text(field::RESULTS, &text);
    }

    fn text(&mut self, index: usize, text: &str) {
        if !self.options.mask_phones {
            return self.cell(text);
        }
        let masked = match index {
            field::TELEPHONE => Mask::telephone(text),
            field::CALLER => self.mask.line(text),
            _ => self.mask.text(text),
        };
        self.cell(&masked);
    }

    /// A cell of text.
    fn cell(&mut self, text: &str) {
        let defused = is_formula(text);
        let padded = text.starts_with(' ') || text.ends_with(' ');
        if !defused && !padded && text.bytes().all(is_plain) {
            self.out.push_str(text);
            return;
        }
        self.out.push('"');
        if defused {
            self.out.push('\'');
        }
        for character in text.chars() {
            match character {
                '"' => self.out.push_str("\"\""),
                '\t' | '\r' | '\n' => self.out.push(character),
                _ if character.is_control() => self.out.push(char::REPLACEMENT_CHARACTER),
                _ => self.out.push(character),
            }
        }
        self.out.push('"');
    }
}

/// Whether a byte means nothing in CSV, not with another separator either, and is of no control
/// character: those from U+0080 on begin with C2.
const fn is_plain(byte: u8) -> bool {
    !matches!(byte, 0..=0x1F | b'"' | b',' | b';' | 0x7F | 0xC2)
}

fn is(index: usize, of: impl Fn(Kind) -> bool) -> bool {
    DONE_CALL.fields.get(index).is_some_and(|field| of(field.kind))
}

/// Whether a spreadsheet may compute a text, perhaps after it took off white space that nobody sees.
fn is_formula(text: &str) -> bool {
    let is_seen = |character: &char| {
        let unseen = matches!(character, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}');
        !(unseen || character.is_whitespace() || character.is_control())
    };
    let formula = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];
    matches!(text.bytes().next(), Some(b'\t' | b'\r' | b'\n'))
        || text.chars().find(is_seen).is_some_and(|first| formula.contains(&first))
}
