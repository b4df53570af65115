//! Selection: finds the rows that pass a filter, chunk by chunk. Not here: reading and checking of filters
//! (`filter.rs`).

use std::cell::Cell;
use std::ops::Range;

use super::filter::{Condition, Filter, merged};
use super::keys::{property_named, week_hour};
use super::kinds::heatmap::CELLS;
use crate::columns::CHUNK;
use crate::columns::bitmap::{Bitmap, ChunkRows, Word};
use crate::columns::dictionary::Dictionary;
use crate::columns::integers::{FIRST_VALUE, Frame};
use crate::columns::substring::Substring;
use crate::schema::field;
use crate::table::CallColumns;
use crate::time::{hour_start_ms, local_hour};

/// Up to this number, the column is scanned once for each range. With more ranges, each row searches its range.
const MAX_SCANNED_RANGES: usize = 16;

/// The maximum span of the starts of a chunk, in hours, for which the hours are searched as ranges of instants.
const MAX_SPAN_HOURS: i32 = 1000;

const BITS: usize = Word::BITS as usize;
const WORDS: usize = CHUNK / BITS;

impl Filter {
    /// The rows that pass, including superseded rows.
    pub(crate) fn select(&self, columns: &CallColumns) -> Bitmap {
        let mut bits = Bitmap::default();
        self.select_from(columns, 0, &mut bits);
        bits
    }

    /// Sets `bits` to the rows that pass. The bits of the rows before `first` are already right.
    pub(crate) fn select_from(&self, columns: &CallColumns, first: usize, bits: &mut Bitmap) {
        let prepared = PreparedCondition::all(&self.conditions, columns);
        bits.resize(columns.len());
        let chunks = bits.words_mut().chunks_mut(WORDS).enumerate();
        for (chunk, words) in chunks.skip(first / CHUNK) {
            let from = first.saturating_sub(chunk * CHUNK) / BITS;
            let rows = from * BITS..CHUNK.min(columns.len() - chunk * CHUNK);
            let mut passing = [0; WORDS];
            prepared.select(&ChunkSlice { columns, chunk, rows }, &mut passing);
            for (word, passing) in words.iter_mut().zip(passing).skip(from) {
                *word = passing;
            }
        }
        bits.trim();
    }

    /// The rows of a chunk that pass. The bits beyond the last row are undefined.
    pub(super) fn select_chunk(&self, columns: &CallColumns, chunk: usize) -> ChunkRows {
        let rows = 0..CHUNK.min(columns.len() - chunk * CHUNK);
        let mut passing = [0; WORDS];
        let prepared = PreparedCondition::all(&self.conditions, columns);
        prepared.select(&ChunkSlice { columns, chunk, rows }, &mut passing);
        passing
    }
}

/// The rows of a chunk that are examined.
struct ChunkSlice<'a> {
    columns: &'a CallColumns,
    chunk: usize,
    rows: Range<usize>,
}

/// A condition for certain columns: texts have become codes of their dictionaries.
enum PreparedCondition<'a> {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Ranges(usize, Vec<(i64, i64)>),
    Hours(&'a [bool; CELLS]),
    Levels(&'a [bool; 7]),
    Results(ResultMatcher<'a>),
    Property(&'a str, Option<&'a [String]>),
    Contains(Substring<'a>),
    HasText,
}

impl<'a> PreparedCondition<'a> {
    fn all(conditions: &'a [Condition], columns: &CallColumns) -> Self {
        Self::All(conditions.iter().map(|condition| Self::new(condition, columns)).collect())
    }

    fn new(condition: &'a Condition, columns: &CallColumns) -> Self {
        match condition {
            Condition::Ranges(field, ranges) => Self::Ranges(*field, ranges.clone()),
            Condition::Hours(hours) => Self::Hours(hours),
            Condition::OneOf(field, texts) => {
                let dictionary = columns.dictionary(*field);
                let codes = texts.iter().filter_map(|text| dictionary?.find(text.as_bytes()));
                Self::Ranges(*field, merged(codes.map(|code| (code.into(), code.into())).collect()))
            }
            Condition::Levels(levels) => Self::Levels(levels),
            Condition::Results(items) => Self::Results(ResultMatcher::new(items, columns)),
            Condition::Property(name, values) => Self::Property(name, values.as_deref()),
            Condition::Contains(text) => match Substring::new(text.as_bytes(), true) {
                Some(substring) => Self::Contains(substring),
                None => Self::All(Vec::new()),
            },
            Condition::HasText => Self::HasText,
            Condition::Not(filter) => Self::Not(Box::new(Self::all(&filter.conditions, columns))),
            Condition::AnyOf(filters) => Self::Any(
                filters.iter().map(|filter| Self::all(&filter.conditions, columns)).collect(),
            ),
        }
    }

    /// Sets the bits of the rows that pass. `out` must be empty.
    fn select(&self, slice: &ChunkSlice, out: &mut ChunkRows) {
        let ChunkSlice { columns, chunk, rows } = slice;
        match self {
            Self::All(conditions) => {
                out.fill(Word::MAX);
                for condition in conditions {
                    let mut passing = [0; WORDS];
                    condition.select(slice, &mut passing);
                    let mut any = 0;
                    for (out, passing) in out.iter_mut().zip(passing) {
                        *out &= passing;
                        any |= *out;
                    }
                    if any == 0 {
                        break;
                    }
                }
            }
            Self::Any(conditions) => {
                for condition in conditions {
                    let mut passing = [0; WORDS];
                    condition.select(slice, &mut passing);
                    out.iter_mut().zip(passing).for_each(|(out, passing)| *out |= passing);
                }
            }
            Self::Not(condition) => {
                condition.select(slice, out);
                for word in out {
                    *word = !*word;
                }
            }
            Self::Ranges(field, ranges) if ranges.len() <= MAX_SCANNED_RANGES => {
                select_ranges(slice, *field, ranges, out);
            }
            Self::Ranges(field, ranges) => select_values(slice, *field, out, |value| {
                let candidate = ranges.partition_point(|(_, max)| *max < value);
                ranges.get(candidate).is_some_and(|(min, _)| *min <= value)
            }),
            Self::Hours(hours) => select_hours(slice, hours, out),
            Self::Levels(levels) => select_values(slice, field::RESULTS, out, |code| {
                let level = columns.levels().get(index(code)).copied().unwrap_or_default();
                levels.get(usize::from(level)).copied().unwrap_or_default()
            }),
            Self::Results(results) => {
                let Some(dictionary) = columns.dictionary(field::RESULTS) else { return };
                select_values(slice, field::RESULTS, out, |code| {
                    results.matches(dictionary, index(code))
                });
            }
            Self::Property(name, values) => select_rows(slice, out, |row| {
                let properties = columns.text(field::PROPERTIES, row);
                let value = properties.and_then(|text| property_named(text, name));
                value.is_some_and(|value| values.is_none_or(|values| values.contains(&value)))
            }),
            Self::Contains(substring) => {
                for field in [field::TELEPHONE, field::CUSTOMER] {
                    if let Some(texts) = columns.texts(field) {
                        texts.select_containing(*chunk, rows.start, substring, out);
                    }
                }
            }
            Self::HasText => select_rows(slice, out, |row| {
                let texts =
                    [field::TELEPHONE, field::CUSTOMER].map(|field| columns.text(field, row));
                texts.into_iter().flatten().any(|text| !text.is_empty())
            }),
        }
    }
}

/// A code as a position in its dictionary.
#[inline]
fn index(code: i64) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}

fn select_ranges(slice: &ChunkSlice, field: usize, ranges: &[(i64, i64)], out: &mut ChunkRows) {
    let integers = slice.columns.integers(field);
    for (min, max) in ranges {
        integers.select_range(slice.chunk, *min, *max, out);
    }
}

/// Sets the bits of the rows that `holds`; it gets their positions in the columns.
#[inline(never)]
fn select_rows(slice: &ChunkSlice, out: &mut ChunkRows, holds: impl Fn(usize) -> bool) {
    for row in slice.rows.clone() {
        if let Some(word) = out.get_mut(row / BITS) {
            *word |= Word::from(holds(slice.chunk * CHUNK + row)) << (row % BITS);
        }
    }
}

/// Sets the bits of the rows whose value `holds`. Not inlined, so that its stack is not part of the stack of
/// every nested filter.
#[inline(never)]
fn select_values(
    slice: &ChunkSlice,
    field: usize,
    out: &mut ChunkRows,
    holds: impl Fn(i64) -> bool,
) {
    let mut codes = [0; CHUNK];
    let (frame, codes) = codes_of(slice, field, &mut codes);
    select_codes(slice, codes, out, |code| holds(frame.value(code)));
}

#[inline]
fn select_codes(
    slice: &ChunkSlice,
    codes: &[u64],
    out: &mut ChunkRows,
    holds: impl Fn(u64) -> bool,
) {
    let words = out.iter_mut().skip(slice.rows.start / BITS);
    for (word, codes) in words.zip(codes.chunks(BITS)) {
        for (bit, code) in codes.iter().enumerate() {
            *word |= Word::from((*code >= FIRST_VALUE) & holds(*code)) << bit;
        }
    }
}

/// The codes of the rows, and how to read them.
#[inline]
fn codes_of<'a>(
    slice: &ChunkSlice,
    field: usize,
    codes: &'a mut [u64; CHUNK],
) -> (Frame, &'a [u64]) {
    let frame = slice.columns.integers(field).codes(slice.chunk, codes);
    (frame, codes.get(slice.rows.clone()).unwrap_or_default())
}

/// Sets the bits of the rows that start in one of these hours of the week. Calls usually arrive in the order of
/// their time, so a chunk spans few hours. These become ranges of instants.
#[inline(never)]
fn select_hours(slice: &ChunkSlice, hours: &[bool; CELLS], out: &mut ChunkRows) {
    let holds = |hour| hours.get(week_hour(hour)).copied().unwrap_or_default();
    let Some((low, high)) = slice.columns.integers(field::START).chunk_bounds(slice.chunk) else {
        return;
    };
    let (first, last) = (local_hour(low), local_hour(high));
    let ranges = if last - first < MAX_SPAN_HOURS { ranges_of(first..=last, holds) } else { None };
    match ranges {
        Some(ranges) => select_ranges(slice, field::START, &ranges, out),
        None => select_values(slice, field::START, out, |start| holds(local_hour(start))),
    }
}

/// The instants of the hours that `holds`; `None` for too many ranges.
fn ranges_of(
    hours: impl Iterator<Item = i32>,
    holds: impl Fn(i32) -> bool,
) -> Option<Vec<(i64, i64)>> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for hour in hours.filter(|hour| holds(*hour)) {
        let (first, last) = (hour_start_ms(hour), hour_start_ms(hour + 1) - 1);
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == first => *end = last,
            _ => ranges.push((first, last)),
        }
        if ranges.len() > MAX_SCANNED_RANGES {
            return None;
        }
    }
    Some(ranges)
}

/// Finds the lists of results that contain one of some items. Each list is searched once, when the first row has it.
struct ResultMatcher<'a> {
    items: &'a [String],
    /// The outcome for each code; `None` if its list has not been searched yet.
    known: Vec<Cell<Option<bool>>>,
}

impl<'a> ResultMatcher<'a> {
    fn new(items: &'a [String], columns: &CallColumns) -> Self {
        let lists = columns.dictionary(field::RESULTS).map_or(0, Dictionary::len);
        Self { items, known: vec![Cell::new(None); lists] }
    }

    #[inline]
    fn matches(&self, dictionary: &Dictionary, code: usize) -> bool {
        let Some(known) = self.known.get(code) else { return false };
        known.get().unwrap_or_else(|| {
            let list = dictionary.get(code).as_bytes();
            // An item cannot begin inside of a string, because there a backslash precedes each quote.
            let contains = |item: &String| {
                Substring::new(item.as_bytes(), false)
                    .is_some_and(|item| item.find(list, 0).is_some())
            };
            let matches = self.items.iter().any(contains);
            known.set(Some(matches));
            matches
        })
    }
}
