//! The rows that pass a filter, a chunk of them at a time. Not here: what a filter may say
//! (`filter.rs`).

use std::cell::Cell;
use std::ops::Range;

use super::filter::{Condition, Filter, merged};
use super::heatmap::CELLS;
use super::keys::week_hour;
use crate::columns::CHUNK;
use crate::columns::bitmap::{Bitmap, ChunkRows, Word};
use crate::columns::dictionary::Dictionary;
use crate::columns::integers::{FIRST_VALUE, Frame};
use crate::columns::substring::Substring;
use crate::schema::field;
use crate::table::CallColumns;
use crate::time::{hour_start_ms, local_hour};

/// Ranges up to which each is looked for by itself; more are looked up for each row.
const FEW_RANGES: usize = 16;

/// Hours over which the times of a chunk may spread and still be looked for as ranges.
const FEW_HOURS: i32 = 1000;

const BITS: usize = Word::BITS as usize;
const WORDS: usize = CHUNK / BITS;

/// The rows of a chunk, those from a word on. Bitmap beyond the last row mean nothing.
type Passing = ChunkRows;

impl Filter {
    /// The rows that pass, dead ones too.
    pub(crate) fn mark(&self, columns: &CallColumns) -> Bitmap {
        let mut bits = Bitmap::default();
        self.mark_from(columns, 0, &mut bits);
        bits
    }

    /// Makes `bits` the rows that pass, where those before `first` are known already.
    pub(crate) fn mark_from(&self, columns: &CallColumns, first: usize, bits: &mut Bitmap) {
        let prepared = Prepared::all(&self.conditions, columns);
        bits.resize(columns.len());
        let chunks = bits.words_mut().chunks_mut(WORDS).enumerate();
        for (chunk, words) in chunks.skip(first / CHUNK) {
            let from = first.saturating_sub(chunk * CHUNK) / BITS;
            let rows = from * BITS..CHUNK.min(columns.len() - chunk * CHUNK);
            let mut passing = [0; WORDS];
            prepared.mark(&Piece { columns, chunk, rows }, &mut passing);
            for (word, passing) in words.iter_mut().zip(passing).skip(from) {
                *word = passing;
            }
        }
        bits.trim();
    }

    /// The rows of a chunk that pass. Bitmap beyond the last row mean nothing.
    pub(super) fn mark_chunk(&self, columns: &CallColumns, chunk: usize) -> ChunkRows {
        let rows = 0..CHUNK.min(columns.len() - chunk * CHUNK);
        let mut passing = [0; WORDS];
        let prepared = Prepared::all(&self.conditions, columns);
        prepared.mark(&Piece { columns, chunk, rows }, &mut passing);
        passing
    }
}

/// The rows of a chunk that are looked at.
struct Piece<'a> {
    columns: &'a CallColumns,
    chunk: usize,
    rows: Range<usize>,
}

/// A condition for the columns as they are: texts looked up in their dictionaries.
enum Prepared<'a> {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Ranges(usize, Vec<(i64, i64)>),
    Hours(&'a [bool; CELLS]),
    Levels(&'a [bool; 7]),
    Results(Results<'a>),
    Contains(Substring<'a>),
    HasText,
}

impl<'a> Prepared<'a> {
    fn all(conditions: &'a [Condition], columns: &CallColumns) -> Self {
        Self::All(conditions.iter().map(|one| Self::of(one, columns)).collect())
    }

    fn of(condition: &'a Condition, columns: &CallColumns) -> Self {
        match condition {
            Condition::Ranges(field, ranges) => Self::Ranges(*field, ranges.clone()),
            Condition::Hours(hours) => Self::Hours(hours),
            Condition::OneOf(field, wanted) => {
                let known = columns.dictionary(*field);
                let found = wanted.iter().filter_map(|text| known?.find(text.as_bytes()));
                Self::Ranges(*field, merged(found.map(|code| (code.into(), code.into())).collect()))
            }
            Condition::Levels(levels) => Self::Levels(levels),
            Condition::Results(items) => Self::Results(Results::of(items, columns)),
            Condition::Contains(text) => match Substring::new(text.as_bytes(), true) {
                Some(part) => Self::Contains(part),
                None => Self::All(Vec::new()),
            },
            Condition::HasText => Self::HasText,
            Condition::Not(filter) => Self::Not(Box::new(Self::all(&filter.conditions, columns))),
            Condition::AnyOf(filters) => Self::Any(
                filters.iter().map(|filter| Self::all(&filter.conditions, columns)).collect(),
            ),
        }
    }

    /// Sets the bits of the rows that pass. `out` comes empty.
    fn mark(&self, piece: &Piece, out: &mut Passing) {
        let Piece { columns, chunk, rows } = piece;
        match self {
            Self::All(parts) => {
                out.fill(Word::MAX);
                for part in parts {
                    let mut passing = [0; WORDS];
                    part.mark(piece, &mut passing);
                    out.iter_mut().zip(passing).for_each(|(out, passing)| *out &= passing);
                }
            }
            Self::Any(parts) => {
                for part in parts {
                    let mut passing = [0; WORDS];
                    part.mark(piece, &mut passing);
                    out.iter_mut().zip(passing).for_each(|(out, passing)| *out |= passing);
                }
            }
            Self::Not(part) => {
                part.mark(piece, out);
                for word in out {
                    *word = !*word;
                }
            }
            Self::Ranges(field, ranges) if ranges.len() <= FEW_RANGES => {
                mark_ranges(piece, *field, ranges, out);
            }
            Self::Ranges(field, ranges) => mark_values(piece, *field, out, |value| {
                let after = ranges.partition_point(|(_, most)| *most < value);
                ranges.get(after).is_some_and(|(least, _)| *least <= value)
            }),
            Self::Hours(hours) => mark_hours(piece, hours, out),
            Self::Levels(levels) => mark_values(piece, field::RESULTS, out, |code| {
                let level = columns.levels().get(index(code)).copied().unwrap_or_default();
                levels.get(usize::from(level)).copied().unwrap_or_default()
            }),
            Self::Results(results) => {
                let Some(dictionary) = columns.dictionary(field::RESULTS) else { return };
                mark_values(piece, field::RESULTS, out, |code| {
                    results.hold(dictionary, index(code))
                });
            }
            Self::Contains(part) => {
                for field in [field::TELEPHONE, field::CUSTOMER] {
                    if let Some(texts) = columns.texts(field) {
                        texts.mark_containing(*chunk, rows.start, part, out);
                    }
                }
            }
            Self::HasText => {
                for row in rows.clone() {
                    let has = |field| columns.text(field, chunk * CHUNK + row);
                    let texts = [has(field::TELEPHONE), has(field::CUSTOMER)];
                    let has = texts.into_iter().flatten().any(|text| !text.is_empty());
                    if let Some(word) = out.get_mut(row / BITS) {
                        *word |= Word::from(has) << (row % BITS);
                    }
                }
            }
        }
    }
}

/// A position in a dictionary.
#[inline]
fn index(code: i64) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}

fn mark_ranges(piece: &Piece, field: usize, ranges: &[(i64, i64)], out: &mut Passing) {
    let integers = piece.columns.integers(field);
    for (least, most) in ranges {
        integers.mark_range(piece.chunk, *least, *most, out);
    }
}

/// Sets the bits of the rows whose value `holds`. Not inlined: its stack must not be that of every
/// filter inside a filter.
#[inline(never)]
fn mark_values(piece: &Piece, field: usize, out: &mut Passing, holds: impl Fn(i64) -> bool) {
    let mut codes = [0; CHUNK];
    let (frame, codes) = codes_of(piece, field, &mut codes);
    mark_codes(piece, codes, out, |code| holds(frame.value(code)));
}

#[inline]
fn mark_codes(piece: &Piece, codes: &[u64], out: &mut Passing, holds: impl Fn(u64) -> bool) {
    let words = out.iter_mut().skip(piece.rows.start / BITS);
    for (word, codes) in words.zip(codes.chunks(BITS)) {
        for (bit, code) in codes.iter().enumerate() {
            *word |= Word::from((*code >= FIRST_VALUE) & holds(*code)) << bit;
        }
    }
}

/// The codes of the rows, and how to read them.
#[inline]
fn codes_of<'a>(piece: &Piece, field: usize, codes: &'a mut [u64; CHUNK]) -> (Frame, &'a [u64]) {
    let frame = piece.columns.integers(field).codes(piece.chunk, codes);
    (frame, codes.get(piece.rows.clone()).unwrap_or_default())
}

/// Sets the bits of the rows that start in one of these hours of the week. Calls mostly come in
/// the order of their time, so that a chunk spreads over few hours, which are ranges of instants.
#[inline(never)]
fn mark_hours(piece: &Piece, hours: &[bool; CELLS], out: &mut Passing) {
    let holds = |hour| hours.get(week_hour(hour)).copied().unwrap_or_default();
    let mut codes = [0; CHUNK];
    let (frame, codes) = codes_of(piece, field::START, &mut codes);
    // What is no value lies above all of them when that is taken off.
    let (low, high) = codes.iter().fold((u64::MAX, 0), |(low, high), code| {
        (low.min(code.wrapping_sub(FIRST_VALUE)), high.max(*code))
    });
    if high < FIRST_VALUE {
        return;
    }
    let low = low + FIRST_VALUE;
    let (first, last) = (local_hour(frame.value(low)), local_hour(frame.value(high)));
    let ranges = if last - first < FEW_HOURS { ranges_of(first..=last, holds) } else { None };
    match ranges {
        Some(ranges) => mark_ranges(piece, field::START, &ranges, out),
        None => mark_codes(piece, codes, out, |code| holds(local_hour(frame.value(code)))),
    }
}

/// The instants of the hours that `holds`; none if they are in too many pieces.
fn ranges_of(
    hours: impl Iterator<Item = i32>,
    holds: impl Fn(i32) -> bool,
) -> Option<Vec<(i64, i64)>> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for hour in hours.filter(|hour| holds(*hour)) {
        let (least, most) = (hour_start_ms(hour), hour_start_ms(hour + 1) - 1);
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == least => *end = most,
            _ => ranges.push((least, most)),
        }
        if ranges.len() > FEW_RANGES {
            return None;
        }
    }
    Some(ranges)
}

/// Which lists of results have one of some items. Each list is looked at when a row has it, once.
struct Results<'a> {
    items: &'a [String],
    /// By code: not looked at yet, or whether it has one.
    known: Vec<Cell<Option<bool>>>,
}

impl<'a> Results<'a> {
    fn of(items: &'a [String], columns: &CallColumns) -> Self {
        let lists = columns.dictionary(field::RESULTS).map_or(0, Dictionary::len);
        Self { items, known: vec![Cell::new(None); lists] }
    }

    #[inline]
    fn hold(&self, dictionary: &Dictionary, code: usize) -> bool {
        let Some(known) = self.known.get(code) else { return false };
        known.get().unwrap_or_else(|| {
            let list = dictionary.get(code).as_bytes();
            // An item cannot begin inside a string: there, a quote comes after a backslash.
            let has = |item: &String| {
                Substring::new(item.as_bytes(), false)
                    .is_some_and(|item| item.find(list, 0).is_some())
            };
            let held = self.items.iter().any(has);
            known.set(Some(held));
            held
        })
    }
}
