//! Oddities of rows on the wire: fields that differ from the vendor's document.
//! Not here: how such fields are read (`decode/`).

use crate::decode::instant;
use crate::json::Value;
use crate::schema::{CALL_INSTANCE, DONE_CALL, FieldKind, Presence};
use crate::time::canonical_ms;

/// How a field differed from the vendor's document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// The document has the field, but it was not sent.
    Missing,
    /// A number was sent as text.
    TextForNumber,
    /// A text was sent as a number or a boolean.
    NumberForText,
    /// The value has a form of no document, but could be read.
    OtherForm,
    /// The value could not be read, or only in part. The raw value is under `extra`; a time stays in its own field.
    Unreadable,
    /// No document has the field; it is under `extra`.
    UnknownField,
    /// The value is nested too deep, and is not kept.
    TooDeep,
    /// The body has bytes that are not UTF-8; U+FFFD replaces them. This oddity has no field.
    NotUtf8,
}

impl Oddity {
    /// The public name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TextForNumber => "text_for_number",
            Self::NumberForText => "number_for_text",
            Self::OtherForm => "other_form",
            Self::Unreadable => "unreadable",
            Self::UnknownField => "unknown_field",
            Self::TooDeep => "too_deep",
            Self::NotUtf8 => "not_utf8",
        }
    }
}

/// The number of rows with one oddity of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddityCount {
    /// The vendor's name of the field; empty for an oddity of the body.
    pub field: String,
    /// The oddity.
    pub kind: Oddity,
    /// Rows that have it; 1 for the body.
    pub count: u32,
    /// The first of these rows, by its index in the ingest; for the body, the position of the first byte.
    pub first: usize,
    /// The path to the list of rows.
    pub list: &'static str,
}

impl OddityCount {
    /// The first occurrence: `data.list[3].duration` in the answer, `calls[3].duration` in rows of a program, or
    /// `byte 57` of the body.
    #[must_use]
    pub fn example(&self) -> String {
        match self.kind {
            Oddity::NotUtf8 => format!("byte {}", self.first),
            _ => format!("{}[{}].{}", self.list, self.first, self.field),
        }
    }
}

/// Counts of oddities, in the order of fields and kinds.
#[derive(Debug)]
pub(super) struct Oddities {
    counts: Vec<OddityCount>,
    /// The path to the list of rows.
    list: &'static str,
    /// For each count the last row that was counted.
    last: Vec<usize>,
    /// Counts of unknown fields.
    unknown: usize,
}

/// The most counts of unknown fields: a hostile server may invent any number of names.
const MOST_UNKNOWN: usize = 1000;

impl Oddities {
    /// No oddities yet, of the list with this path.
    pub(super) const fn of_list(list: &'static str) -> Self {
        Self { counts: Vec::new(), list, last: Vec::new(), unknown: 0 }
    }

    /// All counts. `not_utf8` is the position of the body's first bytes that are not UTF-8.
    pub(super) fn counts(mut self, not_utf8: Option<usize>) -> Vec<OddityCount> {
        self.add("", Oddity::NotUtf8, u32::from(not_utf8.is_some()), not_utf8.unwrap_or(0));
        self.counts
    }

    /// Counts one row.
    pub(super) fn count(&mut self, field: &str, kind: Oddity, row: usize) {
        self.add(field, kind, 1, row);
    }

    /// Counts several rows; `row` is the first of them.
    pub(super) fn add(&mut self, field: &str, kind: Oddity, count: u32, row: usize) {
        if count == 0 {
            return;
        }
        let order = |known: &OddityCount| (known.field.as_str(), known.kind).cmp(&(field, kind));
        let index = match self.counts.binary_search_by(order) {
            Ok(index) => index,
            Err(index) => {
                let unknown =
                    kind == Oddity::UnknownField || kind == Oddity::TooDeep && !is_known(field);
                if unknown && self.unknown == MOST_UNKNOWN {
                    return;
                }
                self.unknown += usize::from(unknown);
                let (field, list) = (field.to_owned(), self.list);
                let first = OddityCount { field, kind, count: 0, first: row, list };
                self.counts.insert(index, first);
                self.last.insert(index, usize::MAX);
                index
            }
        };
        if let (Some(known), Some(last)) = (self.counts.get_mut(index), self.last.get_mut(index)) {
            // A row that has a field twice counts once.
            known.count += if *last == row { 0 } else { count };
            known.first = known.first.min(row);
            *last = row;
        }
    }

    /// Counts the oddities of a row, from the row as sent and as the model read it. `is_answer` is false for a row of a
    /// program: it may lack fields, and it may have those of a single call, as the bodies of callbacks do.
    pub(super) fn of_row(&mut self, sent: &Value, read: &Value, row: usize, is_answer: bool) {
        for field in DONE_CALL.fields.iter().filter(|field| field.name == field.wire) {
            let kept = read.get("extra").and_then(|extra| extra.get(field.wire));
            match sent.get(field.wire) {
                None if field.presence == Presence::Known && is_answer => {
                    self.count(field.wire, Oddity::Missing, row);
                }
                Some(_) if kept.is_some() => self.count(field.wire, Oddity::Unreadable, row),
                // A program gives single results as an object.
                Some(Value::Object(_)) if !is_answer => {}
                Some(value) => {
                    if let Some(oddity) = oddity(field.kind, value) {
                        self.count(field.wire, oddity, row);
                    }
                }
                None => {}
            }
        }
        if let Some(Value::Object(extra)) = read.get("extra") {
            for (name, value) in extra {
                let of_single = || CALL_INSTANCE.fields.iter().any(|field| field.wire == name);
                if !is_known(name) && (is_answer || !of_single()) {
                    self.count(name, Oddity::UnknownField, row);
                }
                if value.is_too_deep() {
                    self.count(name, Oddity::TooDeep, row);
                }
            }
        }
    }
}

/// Whether a name of the wire is a field of the model.
fn is_known(name: &str) -> bool {
    DONE_CALL.fields.iter().any(|field| field.wire == name)
}

/// The oddity of a value that could be read; `None` for a documented form.
pub(super) fn oddity(kind: FieldKind, value: &Value) -> Option<Oddity> {
    match (kind, value) {
        (_, Value::Null)
        | (FieldKind::EpochMs, _)
        | (
            FieldKind::Id | FieldKind::OptionalId | FieldKind::Integer | FieldKind::Seconds,
            Value::Int(_),
        )
        | (FieldKind::Text | FieldKind::OptionalText, Value::Text(_)) => None,
        (FieldKind::Id | FieldKind::OptionalId | FieldKind::Integer, Value::Text(_)) => {
            Some(Oddity::TextForNumber)
        }
        (FieldKind::Seconds, Value::Text(text)) => {
            // The document has `"27秒"` and later `"27"`.
            let digits = text.strip_suffix('秒').unwrap_or(text);
            let documented = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            (!documented).then_some(Oddity::OtherForm)
        }
        (FieldKind::WallTime, Value::Text(text)) if text.trim().is_empty() => {
            Some(Oddity::OtherForm)
        }
        (FieldKind::WallTime, value) if instant(value).is_none() => Some(Oddity::Unreadable),
        (FieldKind::WallTime, Value::Text(text)) => {
            canonical_ms(text.as_bytes()).is_none().then_some(Oddity::OtherForm)
        }
        (FieldKind::Text | FieldKind::OptionalText | FieldKind::WallTime, _) => {
            Some(Oddity::NumberForText)
        }
        (FieldKind::NamedValues, Value::List(items)) => {
            let is_documented = |item: &Value| {
                matches!(
                    (item.get("name"), item.get("value")),
                    (Some(Value::Text(_)), Some(Value::Text(_)))
                )
            };
            (!items.iter().all(is_documented)).then_some(Oddity::OtherForm)
        }
        _ => Some(Oddity::OtherForm),
    }
}
