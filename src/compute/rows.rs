//! The rows of a chunk that a chart counts, and the counting of their values.
//! Not here: the counts themselves (`counts.rs`), group keys (`keys.rs`).

use std::iter::repeat;

use super::counts::{count, extend};
use super::value_codes::ValueCodes;
use crate::columns::CHUNK;
use crate::columns::bitmap::ChunkRows;
use crate::columns::integers::{FIRST_VALUE, Frame, Integers, low_half};
use crate::columns::positions::Positions;
use crate::schema::{ANSWERED, field};
use crate::table::CallColumns;

/// An index beyond every list.
const NOWHERE: u32 = u32::MAX;

/// A chunk of calls, with what is known of all its rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'a> {
    pub(super) columns: &'a CallColumns,
    /// The number of the chunk.
    pub(super) index: usize,
    answered: ChunkRows,
}

impl<'a> Chunk<'a> {
    pub(super) fn new(columns: &'a CallColumns, index: usize) -> Self {
        let mut answered: ChunkRows = [0; _];
        let statuses = columns.integers(field::FINISH_STATUS);
        statuses.select_range(index, ANSWERED, ANSWERED, &mut answered);
        Self { columns, index, answered }
    }
}

/// Finds rows of a chunk. Its memory is used for each chunk again.
#[derive(Debug)]
pub(super) struct RowFinder {
    positions: Positions,
}

impl RowFinder {
    pub(super) const fn new() -> Self {
        Self { positions: Positions::new() }
    }

    /// The rows whose bits are set in `words`.
    pub(super) fn find<'a>(&'a mut self, chunk: &'a Chunk, words: &ChunkRows) -> Rows<'a> {
        let answered = || words.iter().zip(chunk.answered);
        self.positions.clear();
        self.positions.append(answered().map(|(word, answered)| word & answered));
        let count = self.positions.len();
        self.positions.append(answered().map(|(word, answered)| word & !answered));
        Rows { chunk, positions: self.positions.as_slice(), answered: count }
    }
}

/// Splits rows by their value of a field, into a part for each of some values.
#[derive(Debug)]
pub(super) struct Splitter {
    field: usize,
    /// The part of each value from 0 on.
    part_of_value: Vec<Option<u8>>,
    parts: Vec<Part>,
}

/// The positions of the rows with one value: first of the answered calls, then of the others.
#[derive(Debug, Clone)]
struct Part {
    positions: Positions,
    answered: usize,
}

impl Splitter {
    /// A splitter by up to 256 values of a field, which rise.
    pub(super) fn new(field: usize, values: &[usize]) -> Self {
        let mut part_of_value = vec![None; values.last().map_or(0, |last| last + 1)];
        for (part, value) in (0..=u8::MAX).zip(values) {
            if let Some(place) = part_of_value.get_mut(*value) {
                *place = Some(part);
            }
        }
        let part = Part { positions: Positions::new(), answered: 0 };
        Self { field, part_of_value, parts: vec![part; values.len()] }
    }

    /// The rows with each of the values.
    pub(super) fn split<'a>(&'a mut self, rows: &Rows<'a>) -> impl Iterator<Item = Rows<'a>> {
        let Self { field, part_of_value, parts } = self;
        for part in &mut *parts {
            part.positions.clear();
        }
        let frame = rows.frame(*field);
        for (positions, is_answered) in [(rows.answered(), true), (rows.others(), false)] {
            rows.for_each_code(*field, positions, positions.iter(), |code, position| {
                let value = if code < FIRST_VALUE { -1 } else { frame.value(code) };
                let part = part_of_value.get(usize::try_from(value).unwrap_or(usize::MAX));
                let part = part.copied().flatten().map(usize::from);
                if let Some(part) = part.and_then(|part| parts.get_mut(part)) {
                    part.positions.push(*position);
                }
            });
            for part in parts.iter_mut().filter(|_| is_answered) {
                part.answered = part.positions.len();
            }
        }
        parts.iter().map(|Part { positions, answered }| Rows {
            positions: positions.as_slice(),
            answered: *answered,
            ..*rows
        })
    }
}

/// The number of some rows, as a summand of counts.
pub(super) fn length(rows: &[u16]) -> i64 {
    i64::try_from(rows.len()).unwrap_or_default()
}

/// Rows of a chunk that are counted.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    pub(super) chunk: &'a Chunk<'a>,
    /// The positions of the rows in the chunk: first of the answered calls, then of the others.
    positions: &'a [u16],
    /// The number of answered calls.
    answered: usize,
}

impl<'a> Rows<'a> {
    /// The positions of all rows in the chunk: first of the answered calls, then of the others.
    pub(super) const fn all(&self) -> &'a [u16] {
        self.positions
    }

    /// The positions of the answered calls.
    pub(super) fn answered(&self) -> &'a [u16] {
        self.positions.get(..self.answered).unwrap_or_default()
    }

    /// The positions of the other calls.
    pub(super) fn others(&self) -> &'a [u16] {
        self.positions.get(self.answered..).unwrap_or_default()
    }

    /// The numbers of these rows in the columns.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        let first = self.chunk.index * CHUNK;
        self.positions.iter().map(move |position| first + usize::from(*position))
    }

    fn column(&self, field: usize) -> &'a Integers {
        self.chunk.columns.integers(field)
    }

    /// How the codes of a field become values.
    pub(super) fn frame(&self, field: usize) -> Frame {
        self.column(field).frame(self.chunk.index)
    }

    /// What is added to the codes of a field for their values, if these have 32 bits; with the least and the greatest
    /// value.
    pub(super) fn shift(&self, field: usize) -> Option<(u32, (i64, i64))> {
        let bounds = self.column(field).chunk_bounds(self.chunk.index)?;
        Some((self.frame(field).shift(bounds.0, bounds.1)?, bounds))
    }

    /// Calls `visit` with the code of a field in each of some of these rows, and with an item of `beside` for each.
    #[inline]
    pub(super) fn for_each_code<T>(
        &self,
        field: usize,
        rows: &[u16],
        beside: impl Iterator<Item = T>,
        visit: impl FnMut(u64, T),
    ) {
        self.column(field).for_each_code(self.chunk.index, rows, beside, visit);
    }

    /// The number of unreadable values of a field in some of these rows.
    pub(super) fn unreadable(&self, field: usize, rows: &[u16]) -> i64 {
        let mut unreadable = 0;
        if self.column(field).has_unreadable(self.chunk.index) {
            self.for_each_code(field, rows, repeat(()), |code, ()| {
                unreadable += i64::from(code == 1);
            });
        }
        unreadable
    }

    /// Counts the values of a field in some of these rows, in a list of counts by value code.
    pub(super) fn count_values<const DENSE: usize>(
        &self,
        field: usize,
        rows: &[u16],
        value_codes: &mut ValueCodes<DENSE>,
        list: &mut Vec<i64>,
        by: i64,
    ) {
        match self.shift(field) {
            Some((shift, (least, most))) if ValueCodes::<DENSE>::are_values(least, most) => {
                extend(list, usize::try_from(most).unwrap_or_default() + 1);
                self.for_each_code(field, rows, repeat(()), |code, ()| {
                    let value = low_half(code).wrapping_add(shift);
                    // A row without a value has no place in the list.
                    let value = if code < FIRST_VALUE { NOWHERE } else { value };
                    count(list, value as usize, by);
                });
            }
            _ => {
                let frame = self.frame(field);
                self.for_each_code(field, rows, repeat(()), |code, ()| {
                    if code >= FIRST_VALUE {
                        let code = value_codes.code(frame.value(code)) as usize;
                        extend(list, code + 1);
                        count(list, code, by);
                    }
                });
            }
        }
    }
}
