//! Calls as CSV, for people and their spreadsheets: RFC 4180 with a header, codes in words.
//!
//! A cell of text that a spreadsheet would take for a formula gets an apostrophe in front. Not here:
//! which calls, and in which order (`query/view.rs`).

use super::Columns;
use crate::json::{Value, to_text};
use crate::model::{CodeTable, DONE_CALL, Kind, Language, label};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvOptions {
    /// The language of the header and of codes.
    pub language: Language,
    /// Customers' numbers without their middle, wherever they stand.
    pub mask_phones: bool,
}

/// The columns' titles, by field.
const TITLES: [(&str, &str, &str); 26] = [
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
    ("callInstanceStatus", "实例状态", "Instance state"),
    ("calledTimes", "已拨次数", "Attempts"),
    ("userLuyinOssUrl", "客户录音", "Customer's recording"),
    ("properties", "变量", "Variables"),
    ("userProperties", "客户变量", "Customer's variables"),
    ("extra", "其他", "Other"),
];

/// The header, as one line.
pub(crate) fn header(options: CsvOptions) -> String {
    let mut out = String::new();
    for (index, (_, zh, en)) in TITLES.iter().enumerate() {
        let title = if options.language == Language::Zh { zh } else { en };
        write_cell(&mut out, index, title, false);
    }
    out.push_str("\r\n");
    out
}

/// A line for each of the rows.
pub(crate) fn lines(columns: &Columns, rows: &[u32], options: CsvOptions) -> String {
    let mut out = String::new();
    for row in rows {
        let call = columns.row(*row as usize);
        let own = match call.get("customerTelephone") {
            Some(Value::Text(number)) => digits_of(number),
            _ => String::new(),
        };
        for (index, (name, ..)) in TITLES.iter().enumerate() {
            let value = call.get(name).unwrap_or(&Value::Null);
            let mut text = cell(name, value, options.language);
            let is_text = !matches!(value, Value::Int(_));
            // The caller's own lines are not the customer's.
            if options.mask_phones && is_text && *name != "callerPhone" {
                text = masked(&text, &own);
            }
            write_cell(&mut out, index, &text, is_text);
        }
        out.push_str("\r\n");
    }
    out
}

/// What a cell says.
fn cell(name: &str, value: &Value, language: Language) -> String {
    let table = match name {
        "status" | "callInstanceStatus" => Some(CodeTable::CallStatus),
        "finishStatus" => Some(CodeTable::FinishStatus),
        _ => None,
    };
    match (table, value) {
        (_, Value::Null) => String::new(),
        (Some(table), Value::Int(code)) => label(table, Some(&code.to_string()), language),
        (None, Value::Text(text)) => text.clone(),
        (None, Value::List(items)) if is_results(name) => {
            let text = |item: &Value, key: &str| match item.get(key) {
                Some(Value::Text(text)) => text.clone(),
                _ => String::new(),
            };
            let items = items.iter().map(|item| text(item, "name") + ": " + &text(item, "value"));
            items.collect::<Vec<_>>().join("; ")
        }
        _ => to_text(value),
    }
}

fn is_results(name: &str) -> bool {
    DONE_CALL
        .fields
        .iter()
        .any(|field| field.name == name && matches!(field.kind, Kind::NamedValues))
}

fn write_cell(out: &mut String, index: usize, text: &str, is_text: bool) {
    if index > 0 {
        out.push(',');
    }
    let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let defused = is_text && text.starts_with(formula);
    if !defused && !text.contains([',', '"', '\r', '\n']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    if defused {
        out.push('\'');
    }
    for character in text.chars() {
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    out.push('"');
}

/// The digits of a telephone number without the country's.
fn digits_of(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => rest.to_owned(),
        _ => digits,
    }
}

/// A text in which the customer's number, and whatever looks like a telephone number, has lost its
/// middle. Of two numbers the country's prefix and separators stay.
fn masked(text: &str, own: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|character: char| !character.is_ascii_digit()).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        out.push_str(before);
        let mobile =
            run.len() == 11 && run.starts_with('1') || run.len() == 13 && run.starts_with("861");
        let landline = (10..=12).contains(&run.len()) && run.starts_with('0');
        let is_own = own.len() >= 7 && run.contains(own);
        if mobile || landline || is_own {
            mask(run, &mut out);
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A run of digits with stars for all but the first three and the last four.
fn mask(run: &str, out: &mut String) {
    for (index, digit) in run.chars().enumerate() {
        out.push(if index < 3 || index + 4 >= run.len() { digit } else { '*' });
    }
}
