//! A row between the model's JSON and the columns, in both directions.
//!
//! A column holds what queries need of a field. What it cannot reproduce exactly (an unusual spelling of a time,
//! unknown fields) is in the row's `overflow`, a JSON object whose fields replace those of the columns. So the
//! columns are narrow and nothing is lost. Not here: reading the vendor's JSON (`decode/`, `ingest/`).

use super::{CallColumns, FieldColumn};
use crate::columns::integers::IntegerCell;
use crate::json::{Value, parse, to_text};
use crate::schema::field::FIELDS;
use crate::schema::{DONE_CALL, Field, FieldKind, Presence};
use crate::time::{shanghai_ms, shanghai_text};

// `present` has a bit for each field.
const _: () = assert!(FIELDS <= u32::BITS as usize, "more fields than bits: widen `present`");

/// The cell of one field in one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// The server sent no value.
    Absent,
    /// The server sent a value that could not be read.
    Unreadable,
    /// A number, a code, an instant in epoch milliseconds, or the dictionary code of a text.
    Integer(i64),
    /// A text.
    Text(Span),
}

impl Cell {
    /// The number, code or instant; `None` for any other cell.
    pub(crate) const fn integer(self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(value),
            Self::Absent | Self::Unreadable | Self::Text(_) => None,
        }
    }

    /// The cell for a column of integers; a text becomes absent.
    #[inline]
    pub(crate) const fn integer_cell(self) -> IntegerCell {
        match self {
            Self::Integer(value) => IntegerCell::Integer(value),
            Self::Unreadable => IntegerCell::Unreadable,
            Self::Absent | Self::Text(_) => IntegerCell::Absent,
        }
    }
}

impl From<IntegerCell> for Cell {
    #[inline]
    fn from(cell: IntegerCell) -> Self {
        match cell {
            IntegerCell::Absent => Self::Absent,
            IntegerCell::Unreadable => Self::Unreadable,
            IntegerCell::Integer(value) => Self::Integer(value),
        }
    }
}

/// The position of a text: in the body that it is read from, or in the record's scratch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) in_scratch: bool,
}

/// One row. It is reused for each row, so that a row allocates nothing.
#[derive(Debug)]
pub(crate) struct Record {
    /// A bit for each field whose cell is not [`Cell::Absent`]. Other cells are undefined.
    pub(crate) present: u32,
    cells: [Cell; FIELDS],
    /// A text, a JSON object, or absent.
    pub(crate) overflow: Cell,
    pub(crate) scratch: Vec<u8>,
}

impl Record {
    pub(crate) const fn new() -> Self {
        let cells = [Cell::Absent; FIELDS];
        Self { present: 0, cells, overflow: Cell::Absent, scratch: Vec::new() }
    }

    /// Removes all cells and texts.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.present = 0;
        self.overflow = Cell::Absent;
        self.scratch.clear();
    }

    /// The bytes of a text; `body` is the body that it was read from.
    #[inline]
    pub(crate) fn bytes<'a>(&'a self, span: Span, body: &'a [u8]) -> &'a [u8] {
        let source = if span.in_scratch { &self.scratch } else { body };
        source.get(span.start..span.end).unwrap_or_default()
    }

    /// Copies a text into the scratch, until the record is cleared.
    pub(crate) fn keep(&mut self, text: &str) -> Cell {
        self.keep_bytes(text.as_bytes())
    }

    /// Copies a text into the scratch. Its bytes are UTF-8.
    pub(crate) fn keep_bytes(&mut self, text: &[u8]) -> Cell {
        let start = self.scratch.len();
        self.scratch.extend_from_slice(text);
        Cell::Text(Span { start, end: self.scratch.len(), in_scratch: true })
    }

    #[inline]
    pub(crate) fn set(&mut self, field: usize, cell: Cell) {
        if let Some(slot) = self.cells.get_mut(field).filter(|_| cell != Cell::Absent) {
            *slot = cell;
            self.present |= 1 << field;
        }
    }

    #[inline]
    pub(crate) fn get(&self, field: usize) -> Cell {
        let cell = self.cells.get(field).filter(|_| self.present >> field & 1 == 1);
        cell.copied().unwrap_or(Cell::Absent)
    }

    /// Fills the record with a row in the form of the model.
    pub(crate) fn fill(&mut self, row: &Value) {
        self.clear();
        let extra = row.get("extra");
        let mut overflow = Vec::new();
        for (index, field) in DONE_CALL.fields.iter().enumerate() {
            let value = row.get(field.name).unwrap_or(&Value::Null);
            let raw = extra.and_then(|extra| extra.get(field.wire)).unwrap_or(&Value::Null);
            let cell = self.cell(field, value, raw, row);
            self.set(index, cell);
        }
        for (index, field) in DONE_CALL.fields.iter().enumerate() {
            let stored = self.value(index, field);
            let value = row.get(field.name);
            if stored.as_ref() != value {
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

    /// The cell of a field. `raw` is the value that the server sent, if it could not be read.
    fn cell(&mut self, field: &Field, value: &Value, raw: &Value, row: &Value) -> Cell {
        let unreadable = match raw {
            Value::Null => false,
            Value::Text(text) => !text.trim().is_empty(),
            _ => true,
        };
        let otherwise = if unreadable { Cell::Unreadable } else { Cell::Absent };
        match (field.kind, value) {
            (FieldKind::EpochMs, _) => Cell::Absent,
            (FieldKind::WallTime, value) => {
                // The model has the instant of some times in a derived field.
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

    /// The value that the columns can reproduce of a field.
    fn value(&self, index: usize, field: &Field) -> Option<Value> {
        let text = |span| String::from_utf8_lossy(self.bytes(span, &[])).into_owned();
        value_of(field, |index| self.get(index), index, text)
    }
}

/// The value of a field in the form of the model, from its cell; `None` if the model leaves the field out.
fn value_of(
    field: &Field,
    cell: impl Fn(usize) -> Cell,
    index: usize,
    text: impl Fn(Span) -> String,
) -> Option<Value> {
    let value = match (field.kind, cell(index)) {
        // Derived from the cell of the time itself.
        (FieldKind::EpochMs, _) => cell(source_of(field)).integer().map_or(Value::Null, Value::Int),
        (FieldKind::WallTime, Cell::Integer(ms)) => Value::Text(shanghai_text(ms)),
        (FieldKind::NamedValues, Cell::Text(span)) => {
            parse(text(span).as_bytes()).unwrap_or_default()
        }
        (FieldKind::NamedValues, _) => Value::List(Vec::new()),
        (FieldKind::Text, Cell::Absent | Cell::Unreadable) => Value::Text(String::new()),
        (_, Cell::Text(span)) => Value::Text(text(span)),
        (_, Cell::Integer(value)) => Value::Int(value),
        (_, Cell::Absent | Cell::Unreadable) => Value::Null,
    };
    (value != Value::Null || field.presence != Presence::Later).then_some(value)
}

/// The index of the field that a derived field is derived from.
fn source_of(field: &Field) -> usize {
    let same = |other: &Field| other.name == field.wire;
    DONE_CALL.fields.iter().position(same).unwrap_or(usize::MAX)
}

impl CallColumns {
    /// A row in the form of the model.
    pub(crate) fn row(&self, row: usize) -> Value {
        let overflow = self.overflow.get(row).and_then(|text| parse(text).ok()).unwrap_or_default();
        let mut fields = Vec::with_capacity(FIELDS + 1);
        for (index, field) in DONE_CALL.fields.iter().enumerate() {
            let value = overflow.get(field.name).cloned().or_else(|| {
                let cell = |index| self.cell(index, row);
                value_of(field, cell, index, |_| {
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

    /// The cell of a field in a row. A text has an empty span: [`CallColumns::text`] returns it.
    fn cell(&self, field: usize, row: usize) -> Cell {
        match self.fields.get(field) {
            Some(FieldColumn::Integers(integers)) => integers.get(row).into(),
            _ => match self.text(field, row) {
                Some(_) => Cell::Text(Span { start: 0, end: 0, in_scratch: false }),
                None => Cell::Absent,
            },
        }
    }
}
