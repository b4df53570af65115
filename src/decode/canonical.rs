//! The canonical spelling of a scalar, for the fast path: what [`FieldKind::read`] would make of it, without a
//! value being made.

use super::Path;
use crate::json::{Value, to_text};
use crate::schema::FieldKind;
use crate::time::plain_ms;

/// A scalar as it lies in a body, a text without escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    Null,
    Int(i64),
    Text(&'a [u8]),
}

/// What a plainly spelt scalar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Canonical {
    /// Nothing, or an empty text where that is the same.
    Nothing,
    /// A number; of a time its epoch milliseconds.
    Integer(i64),
    /// A number that was sent as text, where no document has it so.
    IntegerAsText(i64),
    /// The text itself.
    Text,
}

impl FieldKind {
    /// What [`FieldKind::read`] would make of a scalar, whole, without a value being made; `None` where
    /// the spelling is not plain, or the field is to be a list or an object.
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
            (Self::WallTime, Scalar::Text(text)) => plain_ms(text).map(Canonical::Integer),
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
            ) => Some(Canonical::Nothing),
            (Self::Text | Self::OptionalText, Scalar::Text(_)) => Some(Canonical::Text),
            _ => None,
        }
    }

    /// The JSON text of a list, as [`FieldKind::read`] has it, if that is all it says.
    pub(crate) fn canonical_list(self, list: &Value) -> Option<String> {
        let reading = self.read(list, &Path::root("")).ok().filter(|reading| reading.whole)?;
        Some(to_text(&reading.value))
    }
}

/// The number of up to fifteen digits and nothing else.
#[inline]
fn canonical_digits(text: &[u8]) -> Option<i64> {
    let digit = |value: i64, byte: &u8| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    };
    if (1..=15).contains(&text.len()) { text.iter().try_fold(0, digit) } else { None }
}
