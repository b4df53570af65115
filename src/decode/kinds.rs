//! Reads the value of one field by its [`FieldKind`], and says whether anything of it is lost.
//!
//! What cannot be read, or only in part, the model keeps under `extra`. Only a missing or unsafe id is an
//! error: the row means nothing without it. Not here: which field is of which kind (`schema/`).

use super::Path;
use super::lists::{counts, list, named_values, result_definitions, stats};
use super::scalars::{epoch_of, flag, instant, integer, optional_id, seconds, text};
use crate::error::Result;
use crate::json::Value;
use crate::schema::FieldKind;
use crate::time::shanghai_text;

/// What was made of a value, and whether nothing of it is lost.
pub(super) struct Decoded {
    pub(super) value: Value,
    pub(super) whole: bool,
}

impl Decoded {
    pub(super) const fn whole(value: Value) -> Self {
        Self { value, whole: true }
    }

    pub(super) const fn unreadable() -> Self {
        Self { value: Value::Null, whole: false }
    }

    /// `value` if there is one.
    pub(super) fn of(value: Option<Value>) -> Self {
        value.map_or_else(Self::unreadable, Self::whole)
    }

    /// The items that could be read, of `expected`.
    pub(super) fn list(items: Vec<Value>, expected: usize) -> Self {
        Self { whole: items.len() == expected, value: Value::List(items) }
    }

    pub(super) fn or(self, nothing: Value) -> Self {
        if self.value == Value::Null { Self { value: nothing, ..self } } else { self }
    }
}

impl FieldKind {
    /// What a field holds that the server did not send.
    pub(super) fn nothing(self, at: &Path) -> Result<Value> {
        Ok(self.read(&Value::Null, at)?.value)
    }

    /// Reads the value of one field.
    pub(super) fn read(self, value: &Value, at: &Path) -> Result<Decoded> {
        Ok(match self {
            Self::Id => match optional_id(value, at)? {
                Decoded { value: id @ Value::Int(_), .. } => Decoded::whole(id),
                _ => return Err(at.expected("an id", value)),
            },
            Self::OptionalId => optional_id(value, at)?,
            Self::Integer => integer(value),
            Self::Flag => flag(value),
            Self::Text => text(value).or(Value::Text(String::new())),
            Self::OptionalText => text(value),
            Self::Seconds => seconds(value),
            Self::WallTime => match epoch_of(value) {
                Some(ms) => Decoded::whole(Value::Text(shanghai_text(ms))),
                None => text(value),
            },
            // Whether the text can be read is for the field beside it to say.
            Self::EpochMs => {
                Decoded { value: instant(value).map_or(Value::Null, Value::Int), whole: false }
            }
            Self::Raw => Decoded::whole(value.clone()),
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
                Decoded::whole(match only {
                    Some(item) => model.read(item, &at.index(0))?,
                    None => model.read(value, at)?,
                })
            }
            Self::ObjectOrEmpty(model) if *value == Value::Null => {
                Decoded::whole(model.read(&Value::Object(Vec::new()), at)?)
            }
            Self::ObjectOrEmpty(model) => Decoded::whole(model.read(value, at)?),
        })
    }
}
