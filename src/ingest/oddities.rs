//! What was odd about rows on the wire: fields that departed from the vendor's document.
//! Not here: what becomes of them (`model/wire.rs`).

use crate::decode::instant;
use crate::json::Value;
use crate::schema::{DONE_CALL, FieldKind, Presence};
use crate::time::plain_ms;

/// How a field departed from the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// It is in the document, and was not sent.
    Missing,
    /// A number was sent as text.
    TextForNumber,
    /// A text was sent as a number or as true or false.
    NumberForText,
    /// A form that no document has, and that could be read.
    OtherForm,
    /// It could not be read, or only in part; the raw value is under `extra`, of a time in its own place.
    Unreadable,
    /// It is in no document; it is under `extra`.
    UnknownField,
    /// It is nested too deep, and not kept.
    TooDeep,
    /// The body has bytes that are not UTF-8, with U+FFFD in their place. Of no field.
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

/// How often a field was odd in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddityCount {
    /// The vendor's name of the field; empty for the body.
    pub field: String,
    /// In which way.
    pub kind: Oddity,
    /// In how many rows; 1 for the body.
    pub count: u32,
    /// The first of them, among the rows that were given at once; of the body the first byte.
    pub first: usize,
}

impl OddityCount {
    /// The place of the first of them in the answer, `data.list[3].duration`, or `byte 57` of the body.
    #[must_use]
    pub fn example(&self) -> String {
        match self.kind {
            Oddity::NotUtf8 => format!("byte {}", self.first),
            _ => format!("data.list[{}].{}", self.first, self.field),
        }
    }
}

/// Counts of oddities, in the order of fields and kinds.
#[derive(Debug, Default)]
pub(super) struct Oddities {
    counts: Vec<OddityCount>,
    /// The last row that each of them was counted in.
    last: Vec<usize>,
    /// Those of fields in no document.
    unknown: usize,
}

/// Oddities of unknown fields that are told apart; a hostile server could make up names without end.
const MOST: usize = 1000;

impl Oddities {
    /// All of them. `not_utf8` is where the body's first bytes are that are not UTF-8.
    pub(super) fn counts(mut self, not_utf8: Option<usize>) -> Vec<OddityCount> {
        self.add("", Oddity::NotUtf8, u32::from(not_utf8.is_some()), not_utf8.unwrap_or(0));
        self.counts
    }

    pub(super) fn count(&mut self, field: &str, kind: Oddity, row: usize) {
        self.add(field, kind, 1, row);
    }

    /// Counts several rows at once, of which `row` is the first.
    pub(super) fn add(&mut self, field: &str, kind: Oddity, count: u32, row: usize) {
        if count == 0 {
            return;
        }
        let order = |known: &OddityCount| (known.field.as_str(), known.kind).cmp(&(field, kind));
        let at = match self.counts.binary_search_by(order) {
            Ok(at) => at,
            Err(at) => {
                let unknown =
                    kind == Oddity::UnknownField || kind == Oddity::TooDeep && !is_known(field);
                if unknown && self.unknown == MOST {
                    return;
                }
                self.unknown += usize::from(unknown);
                let first = OddityCount { field: field.to_owned(), kind, count: 0, first: row };
                self.counts.insert(at, first);
                self.last.insert(at, usize::MAX);
                at
            }
        };
        if let (Some(known), Some(last)) = (self.counts.get_mut(at), self.last.get_mut(at)) {
            // A row may have a field twice.
            known.count += if *last == row { 0 } else { count };
            known.first = known.first.min(row);
            *last = row;
        }
    }

    /// Counts what is odd about a row as it was sent, and as the model reads it.
    pub(super) fn of_row(&mut self, sent: &Value, read: &Value, row: usize) {
        for field in DONE_CALL.fields.iter().filter(|field| field.name == field.wire) {
            let kept = read.get("extra").and_then(|extra| extra.get(field.wire));
            match sent.get(field.wire) {
                None if field.presence == Presence::Known => {
                    self.count(field.wire, Oddity::Missing, row);
                }
                Some(_) if kept.is_some() => self.count(field.wire, Oddity::Unreadable, row),
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
                if !is_known(name) {
                    self.count(name, Oddity::UnknownField, row);
                }
                if value.is_too_deep() {
                    self.count(name, Oddity::TooDeep, row);
                }
            }
        }
    }
}

fn is_known(name: &str) -> bool {
    DONE_CALL.fields.iter().any(|field| field.wire == name)
}

/// What is odd about a value that could be read.
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
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            (!plain).then_some(Oddity::OtherForm)
        }
        (FieldKind::WallTime, Value::Text(text)) if text.trim().is_empty() => {
            Some(Oddity::OtherForm)
        }
        (FieldKind::WallTime, value) if instant(value).is_none() => Some(Oddity::Unreadable),
        (FieldKind::WallTime, Value::Text(text)) => {
            plain_ms(text.as_bytes()).is_none().then_some(Oddity::OtherForm)
        }
        (FieldKind::Text | FieldKind::OptionalText | FieldKind::WallTime, _) => {
            Some(Oddity::NumberForText)
        }
        (FieldKind::NamedValues, Value::List(items)) => {
            let plain = |item: &Value| {
                matches!(
                    (item.get("name"), item.get("value")),
                    (Some(Value::Text(_)), Some(Value::Text(_)))
                )
            };
            (!items.iter().all(plain)).then_some(Oddity::OtherForm)
        }
        _ => Some(Oddity::OtherForm),
    }
}
