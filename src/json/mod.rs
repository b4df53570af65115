//! JSON as a tree: what a response body says before anyone gives it a meaning.
//! Not here: which fields an answer has (`model/`), or how they may be misspelt (`model/wire.rs`).
//!
//! - `read.rs`: bytes → [`Value`], for hostile input
//! - `number.rs`: the integer that a numeral is exactly
//! - `write.rs`: [`Value`] → text, for request bodies and for JavaScript

pub(crate) mod cursor;
mod number;
mod read;
pub(crate) mod scan;
mod write;

pub use number::exact_integer;
pub use read::{Flaw, JsonReader, Malformed, parse};
pub use write::to_text;

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
    /// A numeral without fraction or exponent that fits, and any numeral that is exactly a safe integer.
    Int(i64),
    /// Any other numeral, as it is written: nothing of it is lost, and nothing here has to round it.
    Numeral(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Object(Vec<(String, Value)>),
    /// An array or an object inside [`MAX_DEPTH`] others, of which nothing is kept.
    TooDeep,
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
            Self::Int(_) | Self::Numeral(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
            Self::TooDeep => "a value nested more than 96 deep",
        }
    }

    /// Whether it is nested more than [`MAX_DEPTH`] deep.
    #[must_use]
    pub fn is_too_deep(&self) -> bool {
        match self {
            Self::List(items) => items.iter().any(Self::is_too_deep),
            Self::Object(fields) => fields.iter().any(|(_, value)| value.is_too_deep()),
            other => *other == Self::TooDeep,
        }
    }
}

/// The most bytes that a byte of JSON becomes as a tree, while it grows: `[[],[],…` is the worst.
pub(crate) const PARSED: usize = 16;

/// What is nested deeper than this is skipped, so that hostile input cannot exhaust the stack.
pub const MAX_DEPTH: u32 = 96;

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
