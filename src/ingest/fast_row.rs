//! A row of a body, from its plain spelling into a batch. Rows are alike: each key is compared with the
//! one that the last row had in its place, and a field that was the same in the last two rows is
//! compared as a whole. Not here: the list the rows lie in (`wire.rs`).

use std::ops::Range;

use super::fast_body::ROW_DEPTH;
use super::fast_results;
use super::general::Ingest;
use super::oddities::{Oddities, Oddity};
use crate::columns::utf8::same;
use crate::decode::{Plain, Scalar};
use crate::json::cursor::JsonCursor;
use crate::json::scan;
use crate::json::{Value, parse, to_text};
use crate::schema::field;
use crate::schema::field::FIELDS;
use crate::schema::{DONE_CALL, Kind, Presence};
use crate::table::CallColumns;
use crate::table::batch::Batch;
use crate::time::{plain_ms, plain_time_ms};

/// What is known of the rows so far.
pub(super) struct Rows {
    /// The keys of the last row, in their order; the next one will have the same.
    order: Vec<Expected>,
    date: Date,
    /// Unknown fields of a row, JSON.
    extra: Vec<u8>,
    /// Where their names lie.
    unknown: Vec<Range<usize>>,
    /// For each field, rows without it, and the first of them.
    missing: [(u32, usize); FIELDS],
    /// For each field, rows in which its number was a text, and the first of them.
    as_text: [(u32, usize); FIELDS],
}

/// A key as it is written, with its quotes and the colon.
#[derive(Clone, Copy)]
struct Expected {
    key: scan::Key,
    /// `None` for a key that nobody knows.
    place: Option<Place>,
    /// Where the last row has the field, from its key to the next one.
    last: (usize, usize),
    /// What the last row says of it.
    value: Option<i64>,
    /// Whether that was the same in the row before, so that it may well be so again.
    repeats: bool,
}

/// A field of the model's table.
#[derive(Clone, Copy)]
struct Place {
    index: usize,
    kind: Kind,
    spelling: Spelling,
}

/// How a field's value is mostly written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
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
    fn of(kind: Kind, index: usize, columns: &CallColumns) -> Self {
        match kind {
            Kind::Seconds => Self::Seconds,
            Kind::WallTime => Self::Time,
            Kind::NamedValues => Self::Results,
            Kind::Text | Kind::OptionalText if columns.dictionary(index).is_some() => Self::Coded,
            Kind::Text | Kind::OptionalText => Self::Text,
            Kind::Id | Kind::OptionalId | Kind::Integer => Self::Number,
            Kind::EpochMs
            | Kind::Flag
            | Kind::Raw
            | Kind::Counts
            | Kind::ResultDefinitions
            | Kind::Stats
            | Kind::List(_)
            | Kind::OptionalList(_)
            | Kind::Object(_)
            | Kind::ObjectOrEmpty(_) => Self::Other,
        }
    }
}

/// Fields of a row, a bit each.
#[derive(Default)]
struct Found {
    seen: u32,
    /// Those that have a value.
    valued: u32,
    /// Those whose number was a text.
    as_text: u32,
}

impl Rows {
    pub(super) const fn new() -> Self {
        Self {
            order: Vec::new(),
            date: Date { words: [0; 2], midnight: 0 },
            extra: Vec::new(),
            unknown: Vec::new(),
            missing: [(0, 0); FIELDS],
            as_text: [(0, 0); FIELDS],
        }
    }

    /// Says what was odd about the plain rows.
    pub(super) fn tell(&self, oddities: &mut Oddities) {
        for (counts, kind) in
            [(&self.missing, Oddity::Missing), (&self.as_text, Oddity::TextForNumber)]
        {
            for ((count, first), field) in counts.iter().zip(DONE_CALL.fields) {
                oddities.add(field.wire, kind, *count, *first);
            }
        }
    }

    /// Reads a row into the batch; `None` where it is not plain.
    #[inline]
    pub(super) fn read(
        &mut self,
        cursor: &mut JsonCursor,
        batch: &mut Batch,
        ingest: &mut Ingest,
    ) -> Option<()> {
        cursor.take(b'{')?;
        cursor.skip_space();
        self.extra.clear();
        self.unknown.clear();
        let mut found = Found::default();
        self.fields(cursor, batch, ingest.columns, &mut found)?;
        if found.valued >> field::ID & 1 == 0 {
            return None;
        }
        if !self.extra.is_empty() {
            let extra = str::from_utf8(&self.extra).ok()?;
            found.valued |= batch.set_overflow(&format!("{{\"extra\":{{{extra}}}}}"));
            for name in &self.unknown {
                let name = str::from_utf8(cursor.bytes.get(name.clone())?).ok()?;
                ingest.oddities.count(name, Oddity::UnknownField, ingest.rows);
            }
        }
        count(&mut self.missing, DOCUMENTED & !found.seen, ingest.rows);
        count(&mut self.as_text, found.as_text, ingest.rows);
        batch.close(found.valued);
        Some(())
    }

    /// Reads the fields of a row, and moves past its end.
    #[inline]
    fn fields(
        &mut self,
        cursor: &mut JsonCursor,
        batch: &mut Batch,
        columns: &mut CallColumns,
        found: &mut Found,
    ) -> Option<()> {
        let bytes = cursor.bytes;
        // The place is kept where no call can change it: all that is read depends on it.
        let mut at = cursor.at;
        let (mut seen, mut valued) = (0_u32, 0_u32);
        let mut position = 0;
        loop {
            let start = at;
            let expected = self.order.get(position);
            if let Some(expected) = expected.filter(|expected| expected.repeats)
                && let Some(Place { index, .. }) = expected.place
                && let Some(end) = repetition(bytes, expected.last, at)
            {
                let bit = 1 << index;
                if seen & bit != 0 {
                    return None;
                }
                seen |= bit;
                if let Some(value) = expected.value {
                    batch.set(index, value);
                    valued |= bit;
                }
                at = end;
                position += 1;
                continue;
            }
            let known = expected.and_then(|known| Some((known.place, known.key.end(bytes, at)?)));
            let place;
            (place, at) = if let Some(known) = known {
                known
            } else {
                cursor.at = at;
                self.new_key(cursor, position, columns)?
            };
            if *bytes.get(at)? <= b' ' {
                cursor.at = at;
                cursor.skip_space();
                at = cursor.at;
            }
            let Some(place) = place else {
                cursor.at = at;
                self.unknown(cursor, start)?;
                position += 1;
                if !cursor.follows(b'}')? {
                    break;
                }
                at = cursor.at;
                continue;
            };
            let bit = 1 << place.index;
            if seen & bit != 0 {
                return None;
            }
            seen |= bit;
            let mut odd = false;
            let value = if let Some((value, end)) = self.date.plain(bytes, at, place, columns) {
                at = end;
                value
            } else {
                cursor.at = at;
                let value;
                (value, odd) = self::value(cursor, batch, columns, place)?;
                at = cursor.at;
                found.as_text |= u32::from(odd) << place.index;
                value
            };
            if let Some(value) = value {
                batch.set(place.index, value);
                valued |= bit;
            }
            let goes_on = if let Some([b',', b'"']) = bytes.get(at..).and_then(<[u8]>::first_chunk)
            {
                at += 1;
                true
            } else {
                cursor.at = at;
                let goes_on = cursor.follows(b'}')?;
                at = cursor.at;
                goes_on
            };
            if let Some(expected) = self.order.get_mut(position) {
                // The place of a text is another one in each row.
                let keeps = place.spelling != Spelling::Text || value.is_none();
                expected.repeats = keeps && !odd && goes_on && expected.value == value;
                expected.last = (start, at);
                expected.value = value;
            }
            position += 1;
            if !goes_on {
                break;
            }
        }
        (found.seen, found.valued) = (seen, valued);
        Some(())
    }

    /// The field of a key that was not expected, none where nobody knows it; and where its value is.
    #[cold]
    #[inline(never)]
    fn new_key(
        &mut self,
        cursor: &mut JsonCursor,
        position: usize,
        columns: &CallColumns,
    ) -> Option<(Option<Place>, usize)> {
        let start = cursor.at;
        let key = cursor.key()?;
        let mut known = DONE_CALL.fields.iter().enumerate();
        let found = known.find(|(_, field)| field.wire.as_bytes() == key);
        let place = found.map(|(index, field)| {
            let spelling = Spelling::of(field.kind, index, columns);
            Place { index, kind: field.kind, spelling }
        });
        self.order.truncate(position);
        let colon = start + key.len() + 2;
        if let Some(b'"') = cursor.bytes.get(start)
            && let Some(written) = cursor.bytes.get(start..=colon).filter(|key| key.ends_with(b":"))
            && self.order.len() == position
            && let Some(key) = scan::Key::new(written)
        {
            self.order.push(Expected { key, place, last: (0, 0), value: None, repeats: false });
        }
        Some((place, cursor.at))
    }

    /// An unknown field: kept as [`to_text`] writes it, so that it is the same in every spelling.
    #[inline(never)]
    fn unknown(&mut self, cursor: &mut JsonCursor, start: usize) -> Option<()> {
        let name = scan::text(cursor.bytes, start + 1)?;
        let value = cursor.at;
        cursor.skip(ROW_DEPTH + 1)?;
        let sent = cursor.bytes.get(value..cursor.at)?;
        self.unknown.push(start + 1..name.end);
        if !self.extra.is_empty() {
            self.extra.push(b',');
        }
        self.extra.extend_from_slice(cursor.bytes.get(start..=name.end)?);
        self.extra.push(b':');
        if is_canonical(sent) {
            self.extra.extend_from_slice(sent);
        } else {
            self.extra.extend_from_slice(to_text(&parse(sent).ok()?).as_bytes());
        }
        Some(())
    }
}

/// Whether JSON is spelt as [`to_text`] spells it; not of all that is.
fn is_canonical(json: &[u8]) -> bool {
    let (mut quoted, mut digits) = (false, 0);
    for byte in json {
        match byte {
            b'\\' => return false,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            // It may be all of a number, or begin one that is written in another way.
            b'0' if digits == 0 => return false,
            b'e' if digits > 0 => return false,
            b' ' | b'\n' | b'\r' | b'\t' | b'-' | b'.' | b'E' => return false,
            b'0'..=b'9' if digits == 15 => return false,
            b'0'..=b'9' => digits += 1,
            _ => digits = 0,
        }
    }
    true
}

/// Where a field ends that is spelt as in the last row, if it is.
#[inline]
fn repetition(bytes: &[u8], (start, end): (usize, usize), at: usize) -> Option<usize> {
    let after = at + (end - start);
    same(bytes.get(at..after)?, bytes.get(start..end)?).then_some(after)
}

/// The last date, with the blank after it, in two words that share five bytes; and its midnight.
struct Date {
    words: [u64; 2],
    midnight: i64,
}

impl Date {
    /// The value that is spelt at `at` as the field's mostly are, and where it ends.
    #[inline]
    fn plain(
        &mut self,
        bytes: &[u8],
        at: usize,
        place: Place,
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
                let found = scan::text(bytes, text).filter(|found| !found.escaped)?;
                let sent = bytes.get(text..found.end).filter(|sent| !sent.is_empty())?;
                let value = if spelling == Spelling::Coded {
                    i64::from(columns.dictionary_mut(place.index)?.recall(sent)?)
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
fn value(
    cursor: &mut JsonCursor,
    batch: &mut Batch,
    columns: &mut CallColumns,
    Place { index, kind, .. }: Place,
) -> Option<(Option<i64>, bool)> {
    let scalar = match cursor.peek()? {
        b'"' => {
            let quote = cursor.at;
            let found = scan::text(cursor.bytes, quote + 1)?;
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
            return match kind.plain(Scalar::Text(text.as_bytes()))? {
                Plain::Text if columns.dictionary(index).is_some() => {
                    Some((Some(columns.code(index, text)), false))
                }
                Plain::Text if found.escaped => Some((Some(batch.keep(text)), false)),
                Plain::Text => Some((Some(Batch::text(quote + 1, found.end)), false)),
                // Digits are not plain where they are written with escapes.
                _ if found.escaped => None,
                Plain::Nothing => Some((None, false)),
                Plain::Integer(value) => Some((Some(value), false)),
                Plain::IntegerAsText(value) => Some((Some(value), true)),
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
    match kind.plain(scalar)? {
        Plain::Integer(value) => Some((Some(value), false)),
        Plain::Nothing => Some((None, false)),
        Plain::Text | Plain::IntegerAsText(_) => None,
    }
}

/// The fields of the vendor's document, a bit each.
const DOCUMENTED: u32 = {
    let mut bits = 0;
    let mut at = 0;
    while at < FIELDS {
        bits |= documented(at) << at;
        at += 1;
    }
    bits
};

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn documented(at: usize) -> u32 {
    let field = &DONE_CALL.fields[at];
    (matches!(field.presence, Presence::Known) && !matches!(field.kind, Kind::EpochMs)) as u32
}

/// Counts a row for each field whose bit is set.
#[inline]
fn count(counts: &mut [(u32, usize); FIELDS], mut fields: u32, row: usize) {
    while fields != 0 {
        if let Some((count, first)) = counts.get_mut(fields.trailing_zeros() as usize) {
            if *count == 0 {
                *first = row;
            }
            *count += 1;
        }
        fields &= fields - 1;
    }
}
