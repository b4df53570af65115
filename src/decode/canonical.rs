//! Canonical spellings of scalars, for the fast path: the same result as [`FieldKind::read`], without JSON values.
//! Not here: all other spellings (`kinds.rs`).

use super::Path;
use crate::json::{Value, scan, to_text};
use crate::schema::FieldKind;
use crate::time::canonical_ms;

/// A scalar of a body; escapes in a text are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    Null,
    Int(i64),
    Text(&'a [u8]),
}

/// The value of a scalar in canonical spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Canonical {
    /// No value; for a [`FieldKind::Text`] also the empty text.
    Absent,
    /// A number; for a time, its epoch milliseconds.
    Integer(i64),
    /// A number that was sent as text although no document says so.
    IntegerAsText(i64),
    /// The text itself.
    Text,
}

impl FieldKind {
    /// The value that [`FieldKind::read`] reads from a scalar. `None` if the spelling is not canonical or the field
    /// is a list or an object.
    #[inline]
    pub(crate) fn canonical(self, scalar: Scalar) -> Option<Canonical> {
        match (self, scalar) {
            (Self::Id | Self::OptionalId | Self::Integer, Scalar::Int(value)) => {
                Some(Canonical::Integer(value))
            }
            (Self::Id | Self::OptionalId | Self::Integer, Scalar::Text(text)) => {
                canonical_digits(text).map(Canonical::IntegerAsText)
            }
            (Self::Seconds, Scalar::Int(value @ 0..)) => Some(Canonical::Integer(value)),
            (Self::Seconds, Scalar::Text(text)) => {
                canonical_digits(text.strip_suffix("秒".as_bytes()).unwrap_or(text))
                    .map(Canonical::Integer)
            }
            (Self::WallTime, Scalar::Text(text)) => canonical_ms(text).map(Canonical::Integer),
            (Self::Text, Scalar::Text([]))
            | (
                Self::OptionalId
                | Self::Integer
                | Self::Seconds
                | Self::WallTime
                | Self::Text
                | Self::OptionalText
                | Self::NamedValues,
                Scalar::Null,
            ) => Some(Canonical::Absent),
            (Self::Text | Self::OptionalText, Scalar::Text(_)) => Some(Canonical::Text),
            _ => None,
        }
    }

    /// The number of a text in canonical spelling.
    pub(super) fn canonical_integer(self, value: &Value) -> Option<i64> {
        let Value::Text(text) = value else { return None };
        match self.canonical(Scalar::Text(text.as_bytes()))? {
            Canonical::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// The JSON text of a list in canonical form; `None` if [`FieldKind::read`] does not read all of it.
    pub(crate) fn canonical_list(self, list: &Value) -> Option<String> {
        let decoded = self.read(list, &Path::root("")).ok().filter(|decoded| decoded.complete)?;
        Some(to_text(&decoded.value))
    }
}

/// The value of a text of one to fifteen digits.
#[inline]
fn canonical_digits(text: &[u8]) -> Option<i64> {
    let digit = |value: i64, byte: &u8| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    };
    if (1..=15).contains(&text.len()) { text.iter().try_fold(0, digit) } else { None }
}

/// The position after a list of named values that is spelt as [`to_text`] spells it and has no escapes. The bytes
/// of the texts may be not UTF-8.
#[inline(never)]
pub(crate) fn named_values_end(bytes: &[u8], start: usize) -> Option<usize> {
    const FIRST: scan::ShortPattern = scan::ShortPattern::new(br#"[{"name":""#);
    const VALUE: scan::ShortPattern = scan::ShortPattern::new(br#"","value":""#);
    const NEXT: scan::ShortPattern = scan::ShortPattern::new(br#""},{"name":""#);
    let mut at = FIRST.end(bytes, start)?;
    loop {
        let name = scan::string(bytes, at).filter(|name| !name.escaped)?;
        let value =
            scan::string(bytes, VALUE.end(bytes, name.end)?).filter(|value| !value.escaped)?;
        if let Some([b'"', b'}', b']']) = bytes.get(value.end..).and_then(<[u8]>::first_chunk) {
            return Some(value.end + 3);
        }
        at = NEXT.end(bytes, value.end)?;
    }
}
