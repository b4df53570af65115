//! The value of one field on the fast path: first the spelling that the field mostly has, then any canonical
//! one. `None` means that the general path has to read the row. Not here: keys, and the row (`fast_row.rs`).

use super::fast_results;
use super::fast_row::ROW_DEPTH;
use crate::decode::{Canonical, Scalar};
use crate::json::cursor::JsonCursor;
use crate::json::{Value, parse, scan};
use crate::schema::{FieldKind, field};
use crate::table::CallColumns;
use crate::table::batch::Batch;
use crate::time::{plain_ms, plain_time_ms};

/// A field of the model's table.
#[derive(Clone, Copy)]
pub(super) struct KnownField {
    pub(super) index: usize,
    pub(super) kind: FieldKind,
    pub(super) spelling: Spelling,
}

/// How a field's value is mostly written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Number,
    /// `"27秒"`
    Seconds,
    /// `"2024-01-15 09:30:00"`
    Time,
    /// A text that repeats.
    Coded,
    /// A text of the row's own.
    Text,
    Results,
    /// In no way that is known here.
    Other,
}

impl Spelling {
    pub(super) fn of(kind: FieldKind, index: usize, columns: &CallColumns) -> Self {
        match kind {
            FieldKind::Seconds => Self::Seconds,
            FieldKind::WallTime => Self::Time,
            FieldKind::NamedValues => Self::Results,
            FieldKind::Text | FieldKind::OptionalText if columns.dictionary(index).is_some() => {
                Self::Coded
            }
            FieldKind::Text | FieldKind::OptionalText => Self::Text,
            FieldKind::Id | FieldKind::OptionalId | FieldKind::Integer => Self::Number,
            FieldKind::EpochMs
            | FieldKind::Flag
            | FieldKind::Raw
            | FieldKind::Counts
            | FieldKind::ResultDefinitions
            | FieldKind::Stats
            | FieldKind::List(_)
            | FieldKind::OptionalList(_)
            | FieldKind::Object(_)
            | FieldKind::ObjectOrEmpty(_) => Self::Other,
        }
    }
}

/// The last date, with the blank after it, in two words that share five bytes; and its midnight.
pub(super) struct Date {
    words: [u64; 2],
    midnight: i64,
}

impl Date {
    pub(super) const fn new() -> Self {
        Self { words: [0; 2], midnight: 0 }
    }

    /// The value that is spelt at `at` as the field's mostly are, and where it ends.
    #[inline]
    pub(super) fn canonical(
        &mut self,
        bytes: &[u8],
        at: usize,
        place: KnownField,
        columns: &mut CallColumns,
    ) -> Option<(Option<i64>, usize)> {
        let first = *bytes.get(at)?;
        let text = at + 1;
        match place.spelling {
            Spelling::Number => {
                let (value, end) = number(bytes, at)?;
                // A fraction or an exponent may follow elsewhere.
                let ends = matches!(bytes.get(end), Some(b',' | b'}'));
                return (ends && (first != b'0' || end == text)).then_some((Some(value), end));
            }
            Spelling::Results => return fast_results::plain(bytes, at, columns),
            Spelling::Other => return None,
            Spelling::Seconds | Spelling::Time | Spelling::Coded | Spelling::Text => {}
        }
        if first != b'"' {
            const NULL: u32 = u32::from_le_bytes(*b"null");
            let word = u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
            return (word == NULL).then_some((None, at + 4));
        }
        match place.spelling {
            Spelling::Time => {
                let end = text + 19;
                let quoted = bytes.get(end) == Some(&b'"');
                quoted.then(|| self.time(bytes, text))?.map(|value| (Some(value), end + 1))
            }
            Spelling::Seconds => {
                const UNIT: u32 = u32::from_le_bytes(*b"\xE7\xA7\x92\"");
                let (value, end) = number(bytes, text)?;
                let unit = u32::from_le_bytes(*bytes.get(end..)?.first_chunk()?);
                (unit == UNIT).then_some((Some(value), end + 4))
            }
            spelling => {
                let found = scan::string(bytes, text).filter(|found| !found.escaped)?;
                let sent = bytes.get(text..found.end).filter(|sent| !sent.is_empty())?;
                let value = if spelling == Spelling::Coded {
                    i64::from(columns.dictionary_mut(place.index)?.find_recent(sent)?)
                } else {
                    if found.beyond_ascii && !scan::is_utf8(sent) {
                        return None;
                    }
                    Batch::text(text, found.end)
                };
                Some((Some(value), found.end + 1))
            }
        }
    }

    /// The instant of the time at `at` in its plain form, nineteen bytes.
    #[inline]
    fn time(&mut self, bytes: &[u8], at: usize) -> Option<i64> {
        let text: &[u8; 19] = bytes.get(at..)?.first_chunk()?;
        let words = [scan::word(text, 0)?, scan::word(text, 3)?];
        let time = plain_time_ms(text.last_chunk()?)?;
        if words != self.words {
            *self = Self { words, midnight: plain_ms(text)? - time };
        }
        Some(self.midnight + time)
    }
}

/// The number that one to fifteen digits at `at` make, and where they end.
#[inline]
fn number(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    const POWERS: [i64; 8] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
    let (value, count) = scan::digits(bytes, at)?;
    if count < 8 {
        return (count > 0).then_some((value, at + count));
    }
    let (rest, more) = scan::digits(bytes, at + 8)?;
    Some((value * POWERS.get(more)? + rest, at + 8 + more))
}

/// The value of a plainly spelt field, and whether it was a text for a number.
#[inline(never)]
pub(super) fn value(
    cursor: &mut JsonCursor,
    batch: &mut Batch,
    columns: &mut CallColumns,
    KnownField { index, kind, .. }: KnownField,
) -> Option<(Option<i64>, bool)> {
    let scalar = match cursor.peek()? {
        b'"' => {
            let quote = cursor.at;
            let found = scan::string(cursor.bytes, quote + 1)?;
            cursor.at = found.end + 1;
            let sent = str::from_utf8(cursor.bytes.get(quote..cursor.at)?).ok()?;
            let parsed;
            let text = if found.escaped {
                parsed = parse(sent.as_bytes()).ok()?;
                let Value::Text(text) = &parsed else { return None };
                text
            } else {
                sent.get(1..sent.len() - 1)?
            };
            return match kind.canonical(Scalar::Text(text.as_bytes()))? {
                Canonical::Text if columns.dictionary(index).is_some() => {
                    Some((Some(columns.code(index, text)), false))
                }
                Canonical::Text if found.escaped => Some((Some(batch.keep(text)), false)),
                Canonical::Text => Some((Some(Batch::text(quote + 1, found.end)), false)),
                // Digits are not plain where they are written with escapes.
                _ if found.escaped => None,
                Canonical::Absent => Some((None, false)),
                Canonical::Integer(value) => Some((Some(value), false)),
                Canonical::IntegerAsText(value) => Some((Some(value), true)),
            };
        }
        b'n' => {
            cursor.word(b"null")?;
            Scalar::Null
        }
        b'[' if index == field::RESULTS => {
            let start = cursor.at;
            cursor.skip(ROW_DEPTH + 1)?;
            let sent = cursor.bytes.get(start..cursor.at)?;
            return fast_results::other(sent, columns);
        }
        _ => Scalar::Int(cursor.integer()?),
    };
    match kind.canonical(scalar)? {
        Canonical::Integer(value) => Some((Some(value), false)),
        Canonical::Absent => Some((None, false)),
        Canonical::Text | Canonical::IntegerAsText(_) => None,
    }
}
