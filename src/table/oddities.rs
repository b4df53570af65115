//! What was odd about rows on the wire: fields that departed from the vendor's document.
//! Not here: what becomes of them (`model/wire.rs`).

use crate::json::Value;
use crate::model::{DONE_CALL, Kind, Presence};
use crate::time::plain_ms;

/// How a field departed from the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// It is in the document, and was not sent.
    Missing,
    /// A number was sent as text.
    TextForNumber,
    /// A text was sent as a number or as true or false.
    NumberForText,
    /// A form that no document has, and that could be read.
    OtherForm,
    /// It could not be read, or only in part; the raw value is under `extra`.
    Unreadable,
    /// It is in no document; it is under `extra`.
    UnknownField,
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
        }
    }
}

/// How often a field was odd in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddityCount {
    /// The vendor's name of the field.
    pub field: String,
    /// In which way.
    pub kind: Oddity,
    /// In how many rows.
    pub count: u32,
    /// The first of them, among the rows that were given at once.
    pub row: usize,
}

impl OddityCount {
    /// The place of the first of them in the answer, `data.list[3].duration`.
    #[must_use]
    pub fn example(&self) -> String {
        format!("data.list[{}].{}", self.row, self.field)
    }
}

/// Counts of oddities, by field and kind. There are few different ones.
#[derive(Debug, Default)]
pub(super) struct Oddities {
    pub(super) counts: Vec<OddityCount>,
}

/// Different oddities that are told apart; a hostile server could make up names without end.
const MOST: usize = 1000;

impl Oddities {
    pub(super) fn count(&mut self, field: &str, kind: Oddity, row: usize) {
        let same = |known: &&mut OddityCount| known.kind == kind && known.field == field;
        if let Some(known) = self.counts.iter_mut().find(same) {
            known.count += 1;
        } else if self.counts.len() < MOST {
            self.counts.push(OddityCount { field: field.to_owned(), kind, count: 1, row });
        }
    }

    /// Counts several rows at once.
    pub(super) fn add(&mut self, field: &str, kind: Oddity, count: u32, first: usize) {
        if count == 0 {
            return;
        }
        self.count(field, kind, first);
        let same = |known: &&mut OddityCount| known.kind == kind && known.field == field;
        if let Some(known) = self.counts.iter_mut().find(same) {
            known.count += count - 1;
            known.row = known.row.min(first);
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
            for (name, _) in extra {
                if !is_known(name) {
                    self.count(name, Oddity::UnknownField, row);
                }
            }
        }
    }
}

fn is_known(name: &str) -> bool {
    DONE_CALL.fields.iter().any(|field| field.wire == name)
}

/// What is odd about a value that could be read.
fn oddity(kind: Kind, value: &Value) -> Option<Oddity> {
    match (kind, value) {
        (_, Value::Null)
        | (Kind::EpochMs, _)
        | (Kind::Id | Kind::OptionalId | Kind::Integer | Kind::Seconds, Value::Int(_))
        | (Kind::Text | Kind::OptionalText, Value::Text(_)) => None,
        (Kind::Id | Kind::OptionalId | Kind::Integer, Value::Text(_)) => {
            Some(Oddity::TextForNumber)
        }
        (Kind::Seconds, Value::Text(text)) => {
            // The document has `"27秒"` and later `"27"`.
            let digits = text.strip_suffix('秒').unwrap_or(text);
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            (!plain).then_some(Oddity::OtherForm)
        }
        (Kind::WallTime, Value::Text(text)) => {
            plain_ms(text.as_bytes()).is_none().then_some(Oddity::OtherForm)
        }
        (Kind::Text | Kind::OptionalText | Kind::WallTime, _) => Some(Oddity::NumberForText),
        (Kind::NamedValues, Value::List(items)) => {
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
