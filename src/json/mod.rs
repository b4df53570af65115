//! JSON as a tree: what a response body says before anyone gives it a meaning.
//! Not here: which fields an answer has (`model/`), or how they may be misspelt (`model/wire.rs`).
//!
//! - `read.rs`: bytes → [`Value`], for hostile input
//! - `write.rs`: [`Value`] → text, for request bodies
//! - `decimal.rs`: numerals with a fraction, rounded correctly without tables

mod decimal;
mod read;
mod write;

pub use read::{Malformed, parse};
pub use write::to_text;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// The largest integer a JavaScript number holds exactly, 2⁵³ − 1.
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// Whether a JavaScript number holds `number` exactly.
#[must_use]
pub const fn is_safe(number: i64) -> bool {
    -MAX_SAFE_INTEGER <= number && number <= MAX_SAFE_INTEGER
}

/// A JSON value. Objects keep the order and the repetitions of their keys.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `null`, and in a value from JavaScript also `undefined`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A numeral without fraction or exponent that fits.
    Int(i64),
    /// Any other numeral that a double can be made of exactly rounded.
    Float(f64),
    /// A string, and also a numeral too long for the two above: its digits survive.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The last value under `key`, as `JSON.parse` would have it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().rev().find(|(name, _)| name == key),
            _ => None,
        }
        .map(|(_, value)| value)
    }

    /// What kind of thing this is, in words for an error message. Never shows the value.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            // An integer that a JavaScript number would round keeps its digits as a string.
            Self::Int(number) if !is_safe(*number) => serializer.serialize_str(&number.to_string()),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Object(fields) => serialize_fields(fields, serializer),
        }
    }
}

/// Writes `fields` as an object.
///
/// A key `__proto__` is left out: assigned to a JavaScript object it would become its prototype.
pub(crate) fn serialize_fields<S: Serializer>(
    fields: &[(String, Value)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(fields.len()))?;
    for (key, value) in fields.iter().filter(|(key, _)| key != "__proto__") {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

/// Deeper nesting than this is refused, so that hostile input cannot exhaust the stack.
pub const MAX_DEPTH: u32 = 96;
