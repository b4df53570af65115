//! One row of a body on the fast path, from canonical spelling into a batch. Consecutive rows are similar: each key is
//! compared with the key at the same position of the last row, and a field that was equal in the last two rows
//! is compared as a whole. Not here: the list of rows (`fast_body.rs`), the value of a field (`fast_value.rs`).

use std::ops::Range;

use super::fast_value::{self, CanonicalReader, KnownField, ROW_DEPTH, Spelling};
use super::ingestion::Ingest;
use super::oddities::{Oddities, Oddity};
use crate::columns::utf8::same;
use crate::json::cursor::JsonCursor;
use crate::json::{parse, scan, to_text};
use crate::schema::field::{self, FIELDS};
use crate::schema::{DONE_CALL, FieldKind, Presence};
use crate::table::CallColumns;
use crate::table::batch::Batch;

/// Reads the rows of one body, and keeps what the next row is expected to have.
pub(super) struct RowReader {
    /// The fields of the last row, in order; the next row probably has the same keys.
    expected: Vec<ExpectedField>,
    canonical: CanonicalReader,
    /// The unknown fields of the current row, JSON members.
    extra: Vec<u8>,
    /// The positions of their names in the body.
    unknown: Vec<Range<usize>>,
    /// For each field the number of rows without it, and the first of them.
    missing: [(u32, usize); FIELDS],
    /// For each field the number of rows whose number was a text, and the first of them.
    as_text: [(u32, usize); FIELDS],
}

/// A field that the next row is expected to have at the same position.
#[derive(Clone, Copy)]
struct ExpectedField {
    /// The key with its quotes and the colon.
    key: scan::KeyPattern,
    /// `None` for an unknown key.
    field: Option<KnownField>,
    /// The range of the field in the last row, from its key to the next key.
    last: (usize, usize),
    /// The value in the last row.
    value: Option<i64>,
    /// Whether the last two rows had the same value, so that the next row probably has it too.
    repeats: bool,
}

/// The fields of a row, one bit for each.
#[derive(Default)]
struct FoundFields {
    /// Fields that the row has.
    seen: u32,
    /// Fields with a value.
    valued: u32,
    /// Fields whose number was a text.
    as_text: u32,
}

impl RowReader {
    pub(super) const fn new() -> Self {
        Self {
            expected: Vec::new(),
            canonical: CanonicalReader::new(),
            extra: Vec::new(),
            unknown: Vec::new(),
            missing: [(0, 0); FIELDS],
            as_text: [(0, 0); FIELDS],
        }
    }

    /// Adds the oddities of the rows read here.
    pub(super) fn report(&self, oddities: &mut Oddities) {
        for (counts, kind) in
            [(&self.missing, Oddity::Missing), (&self.as_text, Oddity::TextForNumber)]
        {
            for ((count, first), field) in counts.iter().zip(DONE_CALL.fields) {
                oddities.add(field.wire, kind, *count, *first);
            }
        }
    }

    /// Reads a row into the batch; `None` if it is not canonical.
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
        let mut found = FoundFields::default();
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
        found: &mut FoundFields,
    ) -> Option<()> {
        let bytes = cursor.bytes;
        // Local variables: no call can change them, so they stay in registers.
        let mut at = cursor.at;
        let (mut seen, mut valued) = (0_u32, 0_u32);
        let mut position = 0;
        loop {
            let start = at;
            let expected = self.expected.get(position);
            if let Some(expected) = expected.filter(|expected| expected.repeats)
                && let Some(KnownField { index, .. }) = expected.field
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
            let matched =
                expected.and_then(|expected| Some((expected.field, expected.key.end(bytes, at)?)));
            let field;
            (field, at) = if let Some(matched) = matched {
                matched
            } else {
                cursor.at = at;
                self.new_key(cursor, position, columns)?
            };
            if *bytes.get(at)? <= b' ' {
                cursor.at = at;
                cursor.skip_space();
                at = cursor.at;
            }
            let Some(field) = field else {
                cursor.at = at;
                self.unknown(cursor, start)?;
                position += 1;
                if !cursor.follows(b'}')? {
                    break;
                }
                at = cursor.at;
                continue;
            };
            let bit = 1 << field.index;
            if seen & bit != 0 {
                return None;
            }
            seen |= bit;
            let mut as_text = false;
            let canonical = self.canonical.read(bytes, at, field, columns);
            let value = if let Some((value, end)) = canonical {
                at = end;
                value
            } else {
                cursor.at = at;
                let value;
                (value, as_text) = fast_value::value(cursor, batch, columns, field)?;
                at = cursor.at;
                found.as_text |= u32::from(as_text) << field.index;
                value
            };
            if let Some(value) = value {
                batch.set(field.index, value);
                valued |= bit;
            }
            let follows = if let Some([b',', b'"']) = bytes.get(at..).and_then(<[u8]>::first_chunk)
            {
                at += 1;
                true
            } else {
                cursor.at = at;
                let follows = cursor.follows(b'}')?;
                at = cursor.at;
                follows
            };
            if let Some(expected) = self.expected.get_mut(position) {
                // The value of a text is its position, which differs in each row.
                let is_position = field.spelling == Spelling::Text && value.is_some();
                let repeats = !is_position && !as_text && follows;
                expected.repeats = repeats && expected.value == value;
                expected.last = (start, at);
                expected.value = value;
            }
            position += 1;
            if !follows {
                break;
            }
        }
        (found.seen, found.valued) = (seen, valued);
        Some(())
    }

    /// The field of a key that was not expected, `None` for an unknown key; and the position of its value.
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
        let mut fields = DONE_CALL.fields.iter().enumerate();
        let found = fields.find(|(_, field)| field.wire.as_bytes() == key);
        let field = found.map(|(index, field)| {
            let spelling = Spelling::of(field.kind, index, columns);
            KnownField { index, kind: field.kind, spelling }
        });
        self.expected.truncate(position);
        let colon = start + key.len() + 2;
        if let Some(b'"') = cursor.bytes.get(start)
            && let Some(sent) = cursor.bytes.get(start..=colon).filter(|key| key.ends_with(b":"))
            && self.expected.len() == position
            && let Some(key) = scan::KeyPattern::new(sent)
        {
            let expected = ExpectedField { key, field, last: (0, 0), value: None, repeats: false };
            self.expected.push(expected);
        }
        Some((field, cursor.at))
    }

    /// Reads an unknown field. It is kept as [`to_text`] spells it, so that it is the same in every spelling.
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

/// Whether JSON is certainly spelt as [`to_text`] spells it; `false` for some JSON that is.
fn is_canonical(json: &[u8]) -> bool {
    let (mut quoted, mut digits) = (false, 0);
    for byte in json {
        match byte {
            b'\\' => return false,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            // A number that begins with 0 may be 0, or have another spelling, such as 0e5.
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

/// The position after a field, if its bytes are equal to those of the last row.
#[inline]
fn repetition(bytes: &[u8], (start, end): (usize, usize), at: usize) -> Option<usize> {
    let after = at + (end - start);
    same(bytes.get(at..after)?, bytes.get(start..end)?).then_some(after)
}

/// The fields of the vendor's document, one bit for each.
const DOCUMENTED: u32 = {
    let mut bits = 0;
    let mut index = 0;
    while index < FIELDS {
        bits |= is_documented(index) << index;
        index += 1;
    }
    bits
};

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn is_documented(index: usize) -> u32 {
    let field = &DONE_CALL.fields[index];
    (matches!(field.presence, Presence::Known) && !matches!(field.kind, FieldKind::EpochMs)) as u32
}

/// Counts `row` for each field whose bit is set.
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
