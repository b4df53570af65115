//! JSON values, reader and writer.
//! Not here: which fields an answer has (`schema/`), how the value of a field may be spelt (`decode/`).
//!
//! - `mod.rs`: [`Value`]
//! - `read.rs`: bytes → [`Value`], for hostile input
//! - `number.rs`: the exact integer value of a numeral
//! - `write.rs`: [`Value`] → text, for request bodies and for JavaScript
//! - `cursor.rs`: cursor over JSON bytes, for the fast path; `scan.rs`: its vectorised scanners

pub(crate) mod cursor;
mod number;
mod read;
pub(crate) mod scan;
mod write;

pub use number::exact_integer;
pub use read::{Flaw, JsonReader, Malformed, parse};
pub use write::to_text;
pub(crate) use write::write_integer;

/// The largest integer that a JavaScript number holds exactly, 2⁵³ − 1.
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// Whether a JavaScript number holds `number` exactly.
#[must_use]
pub const fn is_safe(number: i64) -> bool {
    -MAX_SAFE_INTEGER <= number && number <= MAX_SAFE_INTEGER
}

/// A JSON value. An object keeps its members in order, also repeated keys.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `null`, and in a value from JavaScript also `undefined`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A numeral without fraction or exponent that fits into 64 bits, or any numeral whose exact value is a safe integer.
    Int(i64),
    /// Any other numeral, as written, so that it keeps all digits.
    Numeral(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Object(Vec<(String, Value)>),
    /// An array or an object inside [`MAX_DEPTH`] others; its content is not kept.
    TooDeep,
}

impl Value {
    /// The last value under `key`, as with `JSON.parse`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().rev().find(|(name, _)| name == key),
            _ => None,
        }
        .map(|(_, value)| value)
    }

    /// The type of the value in words, for error messages. It never contains the value.
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

    /// Whether the value is nested more than [`MAX_DEPTH`] deep.
    #[must_use]
    pub fn is_too_deep(&self) -> bool {
        match self {
            Self::List(items) => items.iter().any(Self::is_too_deep),
            Self::Object(fields) => fields.iter().any(|(_, value)| value.is_too_deep()),
            other => *other == Self::TooDeep,
        }
    }
}

/// The most bytes of memory for each byte of JSON while it is read into values; `[[],[],…` is the worst case.
pub(crate) const PARSED: usize = 16;

/// The greatest depth of nesting. Deeper values are skipped, so that hostile input cannot exhaust the stack.
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
