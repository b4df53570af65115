//! Calls as CSV for spreadsheets: RFC 4180 with a header, labels for codes, times in the vendor's form.
//! Not here: the selection and the order of calls (`compute/view.rs`), masks (`mask.rs`).
//!
//! A text that a spreadsheet would compute as a formula gets a leading apostrophe; numbers and times do not.
//! Control characters other than tab and line breaks become U+FFFD.

use super::mask::Mask;
use crate::compute::result_named;
use crate::json::{Value, parse, to_text};
use crate::phone::mask_number;
use crate::schema::{
    DONE_CALL, EXTRA, FieldKind, Holds, INTENT_LEVEL, Language, NO_DATE, Words, field, label,
};
use crate::spreadsheet::{changes_digits, needs_apostrophe};
use crate::table::{CallColumns, FieldColumn};
use crate::time::{shanghai_ms, shanghai_text};

/// Options of CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvOptions {
    /// The language of the labels of codes.
    pub language: Language,
    /// Whether telephone numbers are masked, in every column.
    pub mask_phones: bool,
    /// Whether digits that a spreadsheet would change are written as a formula.
    pub keep_digits: bool,
    /// The columns in their order, each with its title.
    pub columns: Vec<(CsvColumn, String)>,
}

const DAY_MS: i64 = 86_400_000;

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsvColumn {
    /// A field of the model, by its position.
    Field(usize),
    /// The intent level.
    Level,
    /// Unknown fields and unreadable values, as JSON.
    Extra,
    /// The value of the first result with a name.
    Result(String),
}

impl CsvOptions {
    /// All columns, with titles in a language: the fields of the model without derived ones, the level, `extra`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let titled = |(column, _, title): (_, _, &Words)| (column, title.of(language).to_owned());
        let columns = named_columns().into_iter().map(titled).collect();
        Self { language, mask_phones: false, keep_digits: false, columns }
    }
}

impl CsvColumn {
    /// The column with a name, and its title; `None` for any other name.
    #[must_use]
    pub fn named(name: &str) -> Option<(Self, &'static Words)> {
        let mut named = named_columns().into_iter();
        named.find(|(_, known, _)| *known == name).map(|(column, _, title)| (column, title))
    }
}

/// All columns with name and title.
fn named_columns() -> Vec<(CsvColumn, &'static str, &'static Words)> {
    let mut columns = Vec::new();
    for (index, field) in DONE_CALL.fields.iter().enumerate() {
        if let Some(title) = field.title {
            columns.push((CsvColumn::Field(index), field.name, title));
        }
        if index == field::RESULTS {
            columns.push((CsvColumn::Level, INTENT_LEVEL.0, &INTENT_LEVEL.1));
        }
    }
    columns.push((CsvColumn::Extra, EXTRA.0, &EXTRA.1));
    columns
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const _: () = {
    let mut index = 0;
    while index < DONE_CALL.fields.len() {
        let field = &DONE_CALL.fields[index];
        let derived = matches!(field.kind, FieldKind::EpochMs);
        assert!(field.title.is_some() || derived, "a field of a finished call without a title");
        index += 1;
    }
};

/// The lines of rows, after the header if it is wanted.
pub(crate) fn lines(
    columns: &CallColumns,
    rows: &[u32],
    options: &CsvOptions,
    has_header: bool,
) -> String {
    let mut writer = CsvWriter {
        columns,
        options,
        mask: Mask::default(),
        day: (0, String::new()),
        out: String::new(),
    };
    if has_header {
        writer.line(|writer, (_, title)| writer.cell(title));
    }
    for row in rows {
        let row = *row as usize;
        let overflow = columns.overflow(row).and_then(|overflow| parse(overflow.as_bytes()).ok());
        let replaced = |name| overflow.as_ref().and_then(|overflow| overflow.get(name));
        if options.mask_phones {
            let telephone = columns.text(field::TELEPHONE, row).unwrap_or_default();
            let id = columns.integers(field::ID).value(row).unwrap_or_default();
            writer.mask = Mask::of(telephone, id);
        }
        writer.line(|writer, (column, _)| match column {
            CsvColumn::Field(index) => {
                match DONE_CALL.fields.get(*index).and_then(|field| replaced(field.name)) {
                    Some(value) => writer.value(Some(*index), value),
                    None => writer.column(*index, row),
                }
            }
            CsvColumn::Level => writer.level(row),
            CsvColumn::Extra => writer.value(None, replaced(EXTRA.0).unwrap_or(&Value::Null)),
            CsvColumn::Result(name) => {
                let list = columns.text(field::RESULTS, row).unwrap_or_default();
                if let Some(value) = result_named(list, name) {
                    writer.text(field::RESULTS, &value);
                }
            }
        });
    }
    writer.out
}

/// Writes the cells of rows.
struct CsvWriter<'a> {
    columns: &'a CallColumns,
    options: &'a CsvOptions,
    /// The mask for the current row.
    mask: Mask,
    /// The midnight of the last time, and its date as text.
    day: (i64, String),
    out: String,
}

impl CsvWriter<'_> {
    /// Writes a line with a cell for each column.
    fn line(&mut self, mut cell: impl FnMut(&mut Self, &(CsvColumn, String))) {
        for (index, column) in self.options.columns.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            cell(self, column);
        }
        self.out.push_str("\r\n");
    }

    /// Writes a field from its column.
    fn column(&mut self, index: usize, row: usize) {
        match self.columns.fields.get(index) {
            Some(FieldColumn::Integers(integers)) => match integers.value(row) {
                Some(ms) if is_time(index) => {
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

    /// Writes a value of the overflow: of a field, or `extra`.
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

    /// Writes a time as `shanghai_text` does; reuses the date of the last time if the day is the same.
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

    /// Writes a number, or the label of a code.
    fn integer(&mut self, index: usize, value: i64) {
        let number = value.to_string();
        match DONE_CALL.fields.get(index).map(|field| field.holds) {
            Some(Holds::Code(Some(table))) => {
                self.out.push_str(&label(table, Some(&number), self.options.language));
            }
            _ if self.options.keep_digits => self.digits(&number),
            _ => self.out.push_str(&number),
        }
    }

    /// Writes the intent level of a row.
    fn level(&mut self, row: usize) {
        let code = self.columns.integers(field::RESULTS).value(row);
        let level = code.and_then(|code| self.columns.levels().get(usize::try_from(code).ok()?));
        if let Some(level @ 1..) = level {
            self.out.push(char::from(b'A' + level - 1));
        }
    }

    /// Writes results as `name: value; name: value`.
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

    /// Writes the text of a field, masked if the options say so.
    fn text(&mut self, index: usize, text: &str) {
        let Some(field) = DONE_CALL.fields.get(index) else { return };
        // The vendor's date of a time of day is no date.
        let text = match (field.holds, text.strip_prefix(NO_DATE)) {
            (Holds::Instant, Some(time)) => time,
            _ => text,
        };
        if !self.options.mask_phones {
            return self.cell(text);
        }
        let masked = match field.holds {
            Holds::Phone => mask_number(text),
            Holds::Line => self.mask.line(text),
            Holds::Link => self.mask.link(text),
            Holds::Id | Holds::Count | Holds::Instant | Holds::Code(_) | Holds::Money
                if text.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                text.to_owned()
            }
            Holds::Id
            | Holds::Count
            | Holds::Instant
            | Holds::Code(_)
            | Holds::Money
            | Holds::Name
            | Holds::Person
            | Holds::Speech
            | Holds::Internal => self.mask.text(text),
        };
        self.cell(&masked);
    }

    /// Writes digits, as a formula with a text if a spreadsheet would change them.
    fn digits(&mut self, digits: &str) {
        let [before, after] = if changes_digits(digits) { ["\"=\"\"", "\"\"\""] } else { ["", ""] };
        self.out.extend([before, digits, after]);
    }

    /// Writes a text as a cell, quoted where necessary.
    fn cell(&mut self, text: &str) {
        if self.options.keep_digits && changes_digits(text) {
            return self.digits(text);
        }
        let is_formula = needs_apostrophe(text);
        let padded = text.starts_with(' ') || text.ends_with(' ');
        if !is_formula && !padded && text.bytes().all(needs_no_quotes) {
            self.out.push_str(text);
            return;
        }
        self.out.push('"');
        if is_formula {
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

/// Whether a byte has no meaning in CSV, with any usual separator, and belongs to no control character. The control
/// characters from U+0080 on begin with the byte C2.
const fn needs_no_quotes(byte: u8) -> bool {
    !matches!(byte, 0..=0x1F | b'"' | b',' | b';' | 0x7F | 0xC2)
}

/// Whether a field is a time.
fn is_time(index: usize) -> bool {
    let field = DONE_CALL.fields.get(index);
    field.is_some_and(|field| matches!(field.kind, FieldKind::WallTime))
}
