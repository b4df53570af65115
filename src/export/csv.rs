//! Calls as CSV, for people and their spreadsheets: RFC 4180 with a header, codes in words, times as
//! the vendor writes them. Not here: which calls, and in which order (`query/view.rs`); how numbers
//! of customers are masked (`mask.rs`).
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers and times
//! of ours stay as they are. Control characters that no cell can show become U+FFFD.

use super::mask::Mask;
use crate::json::{Value, parse, to_text};
use crate::schema::field;
use crate::schema::label;
use crate::schema::{DONE_CALL, EXTRA, FieldKind, Holds, INTENT_LEVEL, Language, Words};
use crate::table::{CallColumns, FieldColumn};
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

/// A column of the file.
#[derive(Debug, Clone, Copy)]
enum CsvColumn {
    Field(usize),
    Level,
    Extra,
}

/// The columns: the fields of the model, times once, as text.
fn all_columns() -> impl Iterator<Item = (CsvColumn, &'static str, &'static Words)> {
    let fields = DONE_CALL.fields.iter().enumerate().flat_map(|(index, field)| {
        let column = field.title.map(|title| (CsvColumn::Field(index), field.name, title));
        let level = (index == field::RESULTS).then_some((CsvColumn::Level, &INTENT_LEVEL));
        column.into_iter().chain(level.map(|(column, (name, title))| (column, *name, title)))
    });
    let (name, title) = &EXTRA;
    fields.chain([(CsvColumn::Extra, *name, title)])
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const _: () = {
    let mut at = 0;
    while at < DONE_CALL.fields.len() {
        let field = &DONE_CALL.fields[at];
        let derived = matches!(field.kind, FieldKind::EpochMs);
        assert!(field.title.is_some() || derived, "a field of a finished call without a title");
        at += 1;
    }
};

/// The header, as one line.
pub(crate) fn header(options: CsvOptions) -> String {
    let mut out = String::new();
    for (_, _, title) in all_columns() {
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(title.of(options.language));
    }
    out.push_str("\r\n");
    out
}

/// A line for each of the rows.
pub(crate) fn lines(columns: &CallColumns, rows: &[u32], options: CsvOptions) -> String {
    let cells: Vec<_> = all_columns().collect();
    let mut lines = Lines {
        columns,
        options,
        mask: Mask::default(),
        day: (0, String::new()),
        out: String::new(),
    };
    for row in rows {
        let row = *row as usize;
        let rest = columns.overflow(row).and_then(|rest| parse(rest.as_bytes()).ok());
        if options.mask_phones {
            lines.mask = Mask::of(columns.text(field::TELEPHONE, row).unwrap_or_default());
        }
        for (at, (column, name, _)) in cells.iter().enumerate() {
            if at > 0 {
                lines.out.push(',');
            }
            match (rest.as_ref().and_then(|rest| rest.get(name)), *column) {
                (Some(value), CsvColumn::Field(index)) => lines.value(Some(index), value),
                (Some(value), CsvColumn::Extra) => lines.value(None, value),
                (None, CsvColumn::Field(index)) => lines.column(index, row),
                (_, CsvColumn::Level) => lines.level(row),
                (None, CsvColumn::Extra) => {}
            }
        }
        lines.out.push_str("\r\n");
    }
    lines.out
}

struct Lines<'a> {
    columns: &'a CallColumns,
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
            Some(FieldColumn::Integers(integers)) => match integers.value(row) {
                Some(ms) if is(index, |kind| matches!(kind, FieldKind::WallTime)) => {
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
        let number = value.to_string();
        match DONE_CALL.fields.get(index).map(|field| field.holds) {
            Some(Holds::Code(Some(table))) => {
                self.out.push_str(&label(table, Some(&number), self.options.language));
            }
            _ => self.out.push_str(&number),
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
        let Some(field) = DONE_CALL.fields.get(index) else { return };
        let masked = match field.holds {
            Holds::Phone => Mask::telephone(text),
            Holds::Line => self.mask.line(text),
            Holds::Id
            | Holds::Count
            | Holds::Instant
            | Holds::Code(_)
            | Holds::Money
            | Holds::Name
            | Holds::Person
            | Holds::Speech
            | Holds::Link
            | Holds::Internal => self.mask.text(text),
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

fn is(index: usize, of: impl Fn(FieldKind) -> bool) -> bool {
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
