//! Reads the value of one field by its [`FieldKind`], and reports whether it was read completely.
//!
//! A model keeps a value that was not read completely under `extra`. Only a missing or unsafe id is an error,
//! because its row has no meaning without it. Not here: the kind of each field (`schema/`).

use super::Path;
use super::decoded::Decoded;
use super::lists::{counts, list, named_values, result_definitions, stats};
use super::scalars::{epoch_of, flag, instant, integer, optional_id, seconds, text};
use crate::error::Result;
use crate::json::Value;
use crate::schema::FieldKind;
use crate::time::shanghai_text;

impl FieldKind {
    /// The value of a field that the server did not send.
    pub(super) fn absent(self, at: &Path) -> Result<Value> {
        Ok(self.read(&Value::Null, at)?.value)
    }

    /// Reads the value of one field.
    pub(super) fn read(self, value: &Value, at: &Path) -> Result<Decoded> {
        Ok(match self {
            Self::Id => match optional_id(value, at)? {
                Decoded { value: id @ Value::Int(_), .. } => Decoded::complete(id),
                _ => return Err(at.expected("an id", value)),
            },
            Self::OptionalId => optional_id(value, at)?,
            Self::Integer => integer(value),
            Self::Flag => flag(value),
            Self::Text => text(value).or(Value::Text(String::new())),
            Self::OptionalText => text(value),
            Self::Seconds => match self.canonical_integer(value) {
                Some(seconds) => Decoded::complete(Value::Int(seconds)),
                None => seconds(value),
            },
            Self::WallTime if self.canonical_integer(value).is_some() => text(value),
            Self::WallTime => match epoch_of(value) {
                Some(ms) => Decoded::complete(Value::Text(shanghai_text(ms))),
                None => text(value),
            },
            // The field of the time itself reports whether the text was read.
            Self::EpochMs => {
                let ms = Self::WallTime.canonical_integer(value).or_else(|| instant(value));
                Decoded { value: ms.map_or(Value::Null, Value::Int), complete: false }
            }
            Self::Raw => Decoded::complete(value.clone()),
            Self::Counts => counts(value),
            Self::ResultDefinitions => result_definitions(value),
            Self::Stats => stats(value),
            Self::NamedValues => named_values(value),
            Self::List(model) => list(model, value, at)?.or(Value::List(Vec::new())),
            Self::OptionalList(model) => list(model, value, at)?,
            Self::Object(model) => {
                let only = match value {
                    Value::List(items) if items.len() == 1 => items.first(),
                    _ => None,
                };
                Decoded::complete(match only {
                    Some(item) => model.read(item, &at.index(0))?,
                    None => model.read(value, at)?,
                })
            }
            Self::ObjectOrEmpty(model) if *value == Value::Null => {
                Decoded::complete(model.read(&Value::Object(Vec::new()), at)?)
            }
            Self::ObjectOrEmpty(model) => Decoded::complete(model.read(value, at)?),
        })
    }
}
