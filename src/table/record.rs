//! A row on its way into the columns, and back out of them.
//!
//! A column holds of a field what questions are asked of. What it cannot give back word for word
//! (an odd spelling of a time, fields nobody knows) stands in the row's `overflow`, a JSON object of
//! fields that replace what the columns say. So the columns may be narrow and nothing is lost.

use super::CallColumns;
use crate::columns::integers::IntegerCell;
use crate::json::{Value, parse, to_text};
use crate::schema::field::FIELDS;

use crate::schema::{DONE_CALL, Field, FieldKind, Presence};
use crate::time::{shanghai_ms, shanghai_text};

// A row's fields are bits of a word.
const _: () = assert!(FIELDS <= u32::BITS as usize, "more fields than bits: widen `present`");

/// What a column holds of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// The server sent nothing.
    Nothing,
    /// The server sent something that could not be read.
    Unreadable,
    /// A number, a code, an instant in epoch milliseconds; of a text that repeats, its code in the dictionary.
    Integer(i64),
    /// A text.
    Text(Span),
}

impl Cell {
    pub(crate) const fn integer(self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(value),
            Self::Nothing | Self::Unreadable | Self::Text(_) => None,
        }
    }

    /// The same for a column of integers, which has no texts.
    #[inline]
    pub(crate) const fn in_integers(self) -> IntegerCell {
        match self {
            Self::Integer(value) => IntegerCell::Integer(value),
            Self::Unreadable => IntegerCell::Unreadable,
            Self::Nothing | Self::Text(_) => IntegerCell::Absent,
        }
    }
}

impl From<IntegerCell> for Cell {
    #[inline]
    fn from(cell: IntegerCell) -> Self {
        match cell {
            IntegerCell::Absent => Self::Nothing,
            IntegerCell::Unreadable => Self::Unreadable,
            IntegerCell::Integer(value) => Self::Integer(value),
        }
    }
}

/// Where a record's text lies: in the body it is read from, or in the record's own scratch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) in_scratch: bool,
}

/// A row on its way in. Used again for each row, so that nothing is allocated for it.
#[derive(Debug)]
pub(crate) struct Record {
    /// A bit for each field whose cell is not [`Cell::Nothing`]; the cells of the others mean nothing.
    pub(crate) present: u32,
    cells: [Cell; FIELDS],
    /// A JSON object, or nothing.
    pub(crate) overflow: Cell,
    pub(crate) scratch: Vec<u8>,
}

impl Record {
    pub(crate) const fn new() -> Self {
        let cells = [Cell::Nothing; FIELDS];
        Self { present: 0, cells, overflow: Cell::Nothing, scratch: Vec::new() }
    }

    /// Makes the record empty.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.present = 0;
        self.overflow = Cell::Nothing;
        self.scratch.clear();
    }

    /// The bytes of a text that was read from `body`.
    #[inline]
    pub(crate) fn bytes<'a>(&'a self, span: Span, body: &'a [u8]) -> &'a [u8] {
        let source = if span.in_scratch { &self.scratch } else { body };
        source.get(span.start..span.end).unwrap_or_default()
    }

    /// Keeps a text, as long as the record is not cleared.
    pub(crate) fn keep(&mut self, text: &str) -> Cell {
        self.keep_bytes(text.as_bytes())
    }

    /// Keeps a text whose bytes are known to be UTF-8.
    pub(crate) fn keep_bytes(&mut self, text: &[u8]) -> Cell {
        let start = self.scratch.len();
        self.scratch.extend_from_slice(text);
        Cell::Text(Span { start, end: self.scratch.len(), in_scratch: true })
    }

    #[inline]
    pub(crate) fn set(&mut self, field: usize, cell: Cell) {
        if let Some(place) = self.cells.get_mut(field).filter(|_| cell != Cell::Nothing) {
            *place = cell;
            self.present |= 1 << field;
        }
    }

    #[inline]
    pub(crate) fn get(&self, field: usize) -> Cell {
        let cell = self.cells.get(field).filter(|_| self.present >> field & 1 == 1);
        cell.copied().unwrap_or(Cell::Nothing)
    }

    /// Becomes a row as the model reads it.
    pub(crate) fn fill(&mut self, row: &Value) {
        self.clear();
        let extra = row.get("extra");
        let mut overflow = Vec::new();
        for (index, field) in DONE_CALL.fields.iter().enumerate() {
            let nothing = Value::Null;
            let value = row.get(field.name).unwrap_or(&nothing);
            let raw = extra.and_then(|extra| extra.get(field.wire)).unwrap_or(&nothing);
            let cell = self.cell(field, value, raw, row);
            self.set(index, cell);
        }
        for (index, field) in DONE_CALL.fields.iter().enumerate() {
            let said = self.give_back(index, field);
            let value = row.get(field.name);
            if said.as_ref() != value {
                overflow.push((field.name.to_owned(), value.cloned().unwrap_or_default()));
            }
        }
        if let Some(extra) = extra {
            overflow.push(("extra".to_owned(), extra.clone()));
        }
        if !overflow.is_empty() {
            self.overflow = self.keep(&to_text(&Value::Object(overflow)));
        }
    }

    /// What the column of a field holds. `raw` is what the server sent, where it could not be read.
    fn cell(&mut self, field: &Field, value: &Value, raw: &Value, row: &Value) -> Cell {
        let unreadable = match raw {
            Value::Null => false,
            Value::Text(text) => !text.trim().is_empty(),
            _ => true,
        };
        let otherwise = if unreadable { Cell::Unreadable } else { Cell::Nothing };
        match (field.kind, value) {
            (FieldKind::EpochMs, _) => Cell::Nothing,
            (FieldKind::WallTime, value) => {
                // Beside the times that questions are asked of stands their instant.
                let instant = match row.get(&format!("{}Ms", field.name)) {
                    Some(Value::Int(ms)) => Some(*ms),
                    _ => match value {
                        Value::Text(text) => shanghai_ms(text),
                        _ => None,
                    },
                };
                match (instant, value) {
                    (Some(ms), _) => Cell::Integer(ms),
                    (None, Value::Text(text)) if !text.trim().is_empty() => Cell::Unreadable,
                    _ => otherwise,
                }
            }
            (FieldKind::NamedValues, Value::List(items)) if items.is_empty() => otherwise,
            (FieldKind::NamedValues, value @ Value::List(_)) => self.keep(&to_text(value)),
            (_, Value::Int(value)) => Cell::Integer(*value),
            (FieldKind::Text, Value::Text(text)) if text.is_empty() => otherwise,
            (_, Value::Text(text)) => self.keep(text),
            _ => otherwise,
        }
    }

    /// What the columns would give back of a field.
    fn give_back(&self, index: usize, field: &Field) -> Option<Value> {
        let text = |span| String::from_utf8_lossy(self.bytes(span, &[])).into_owned();
        give_back(field, |index| self.get(index), index, text)
    }
}

/// The value of a field from its cell, as the model has it; `None` where the model leaves it out.
fn give_back(
    field: &Field,
    cell: impl Fn(usize) -> Cell,
    index: usize,
    text: impl Fn(Span) -> String,
) -> Option<Value> {
    let value = match (field.kind, cell(index)) {
        // Derived from the field two before it, which is the time itself.
        (FieldKind::EpochMs, _) => cell(source_of(field)).integer().map_or(Value::Null, Value::Int),
        (FieldKind::WallTime, Cell::Integer(ms)) => Value::Text(shanghai_text(ms)),
        (FieldKind::NamedValues, Cell::Text(span)) => {
            parse(text(span).as_bytes()).unwrap_or_default()
        }
        (FieldKind::NamedValues, _) => Value::List(Vec::new()),
        (FieldKind::Text, Cell::Nothing | Cell::Unreadable) => Value::Text(String::new()),
        (_, Cell::Text(span)) => Value::Text(text(span)),
        (_, Cell::Integer(value)) => Value::Int(value),
        (_, Cell::Nothing | Cell::Unreadable) => Value::Null,
    };
    (value != Value::Null || field.presence != Presence::Later).then_some(value)
}

/// The field that a derived one is derived from.
fn source_of(field: &Field) -> usize {
    let same = |other: &Field| other.name == field.wire;
    DONE_CALL.fields.iter().position(same).unwrap_or(usize::MAX)
}

impl CallColumns {
    /// A row as the model has it.
    pub(crate) fn row(&self, row: usize) -> Value {
        let overflow = self.overflow.get(row).and_then(|text| parse(text).ok()).unwrap_or_default();
        let mut fields = Vec::with_capacity(FIELDS + 1);
        for (index, field) in DONE_CALL.fields.iter().enumerate() {
            let value = overflow.get(field.name).cloned().or_else(|| {
                let cell = |index| self.cell(index, row);
                give_back(field, cell, index, |_| {
                    self.text(index, row).unwrap_or_default().to_owned()
                })
            });
            if let Some(value) = value {
                fields.push((field.name.to_owned(), value));
            }
        }
        if let Some(extra) = overflow.get("extra") {
            fields.push(("extra".to_owned(), extra.clone()));
        }
        Value::Object(fields)
    }
}
