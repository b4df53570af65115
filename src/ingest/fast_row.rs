//! A row of a body, from its plain spelling into a batch. RowReader are alike: each key is compared with the
//! one that the last row had in its place, and a field that was the same in the last two rows is
//! compared as a whole. Not here: the list the rows lie in (`wire.rs`).

use std::ops::Range;

use super::fast_value::{self, Date, KnownField, Spelling};
use super::general::Ingest;
use super::oddities::{Oddities, Oddity};
use crate::columns::utf8::same;
use crate::json::cursor::JsonCursor;
use crate::json::scan;
use crate::json::{parse, to_text};
use crate::schema::field;
use crate::schema::field::FIELDS;
use crate::schema::{DONE_CALL, FieldKind, Presence};
use crate::table::CallColumns;
use crate::table::batch::Batch;

/// How deep a row lies in a body of pages: envelope, page, list.
pub(super) const ROW_DEPTH: u32 = 3;

/// What is known of the rows so far.
pub(super) struct RowReader {
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
    key: scan::KeyPattern,
    /// `None` for a key that nobody knows.
    place: Option<KnownField>,
    /// Where the last row has the field, from its key to the next one.
    last: (usize, usize),
    /// What the last row says of it.
    value: Option<i64>,
    /// Whether that was the same in the row before, so that it may well be so again.
    repeats: bool,
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

impl RowReader {
    pub(super) const fn new() -> Self {
        Self {
            order: Vec::new(),
            date: Date::new(),
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
                && let Some(KnownField { index, .. }) = expected.place
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
            let value = if let Some((value, end)) = self.date.canonical(bytes, at, place, columns) {
                at = end;
                value
            } else {
                cursor.at = at;
                let value;
                (value, odd) = fast_value::value(cursor, batch, columns, place)?;
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
    ) -> Option<(Option<KnownField>, usize)> {
        let start = cursor.at;
        let key = cursor.key()?;
        let mut known = DONE_CALL.fields.iter().enumerate();
        let found = known.find(|(_, field)| field.wire.as_bytes() == key);
        let place = found.map(|(index, field)| {
            let spelling = Spelling::of(field.kind, index, columns);
            KnownField { index, kind: field.kind, spelling }
        });
        self.order.truncate(position);
        let colon = start + key.len() + 2;
        if let Some(b'"') = cursor.bytes.get(start)
            && let Some(written) = cursor.bytes.get(start..=colon).filter(|key| key.ends_with(b":"))
            && self.order.len() == position
            && let Some(key) = scan::KeyPattern::new(written)
        {
            self.order.push(Expected { key, place, last: (0, 0), value: None, repeats: false });
        }
        Some((place, cursor.at))
    }

    /// An unknown field: kept as [`to_text`] writes it, so that it is the same in every spelling.
    #[inline(never)]
    fn unknown(&mut self, cursor: &mut JsonCursor, start: usize) -> Option<()> {
        let name = scan::string(cursor.bytes, start + 1)?;
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
    (matches!(field.presence, Presence::Known) && !matches!(field.kind, FieldKind::EpochMs)) as u32
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
