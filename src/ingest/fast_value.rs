//! The value of one field on the fast path: first the field's usual spelling, then any other canonical spelling.
//! `None` means that the general path reads the row. Not here: keys and rows (`fast_row.rs`).

use super::fast_results;
use crate::decode::{Canonical, Scalar};
use crate::json::cursor::JsonCursor;
use crate::json::{Value, parse, scan};
use crate::schema::{FieldKind, field};
use crate::table::CallColumns;
use crate::table::batch::Batch;
use crate::time::{canonical_ms, canonical_time_ms};

/// The depth of a row in a page: envelope, page, list.
pub(super) const ROW_DEPTH: u32 = 3;

/// A field of the model, with its usual spelling.
#[derive(Clone, Copy)]
pub(super) struct KnownField {
    /// The position of the field in the model.
    pub(super) index: usize,
    pub(super) kind: FieldKind,
    pub(super) spelling: Spelling,
}

/// The usual spelling of a field's value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `27`
    Number,
    /// `"27秒"`
    Seconds,
    /// `"2024-01-15 09:30:00"`
    Time,
    /// A text of a dictionary.
    Coded,
    /// Any other text.
    Text,
    /// A list of results.
    Results,
    /// None of these.
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

/// Reads values in their usual spelling. It caches the last date, because consecutive rows mostly have the same one.
pub(super) struct CanonicalReader {
    /// The date with the blank after it, eleven bytes as two words that share five bytes.
    date: [u64; 2],
    /// The instant of the date's midnight.
    midnight: i64,
}

impl CanonicalReader {
    pub(super) const fn new() -> Self {
        Self { date: [0; 2], midnight: 0 }
    }

    /// The value at `at` in the field's usual spelling, and the position after it. `null` is no value.
    #[inline]
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        at: usize,
        field: KnownField,
        columns: &mut CallColumns,
    ) -> Option<(Option<i64>, usize)> {
        let first = *bytes.get(at)?;
        let text = at + 1;
        match field.spelling {
            Spelling::Number => {
                let (value, end) = number(bytes, at)?;
                // A fraction or an exponent is left to `value`.
                let ends = matches!(bytes.get(end), Some(b',' | b'}'));
                return (ends && (first != b'0' || end == text)).then_some((Some(value), end));
            }
            Spelling::Results => return fast_results::canonical(bytes, at, columns),
            Spelling::Other => return None,
            Spelling::Seconds | Spelling::Time | Spelling::Coded | Spelling::Text => {}
        }
        if first != b'"' {
            const NULL: u32 = u32::from_le_bytes(*b"null");
            let word = u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
            return (word == NULL).then_some((None, at + 4));
        }
        match field.spelling {
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
                    i64::from(columns.dictionary_mut(field.index)?.find_recent(sent)?)
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

    /// The instant of the time `yyyy-MM-dd HH:mm:ss` at `at`.
    #[inline]
    fn time(&mut self, bytes: &[u8], at: usize) -> Option<i64> {
        let text: &[u8; 19] = bytes.get(at..)?.first_chunk()?;
        let date = [scan::word(text, 0)?, scan::word(text, 3)?];
        let time = canonical_time_ms(text.last_chunk()?)?;
        if date != self.date {
            *self = Self { date, midnight: canonical_ms(text)? - time };
        }
        Some(self.midnight + time)
    }
}

/// The value of one to fifteen digits at `at`, and the position after them.
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

/// The value of a field in any canonical spelling, and whether it was a text for a number.
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
                // A number in a text with escapes is not canonical.
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
            return fast_results::noncanonical(sent, columns);
        }
        _ => Scalar::Int(cursor.integer()?),
    };
    match kind.canonical(scalar)? {
        Canonical::Integer(value) => Some((Some(value), false)),
        Canonical::Absent => Some((None, false)),
        Canonical::Text | Canonical::IntegerAsText(_) => None,
    }
}
