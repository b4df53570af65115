//! When calls are made, and when they are answered: weekday by hour, in Shanghai.

use std::ops::Range;

use super::keys::{in_hour, numbers, week_hour};
use super::row_features::RowFeatures;
use super::value_codes::add;
use crate::columns::CHUNK;
use crate::schema::field;
use crate::table::CallColumns;

/// Hours of a week.
pub(super) const CELLS: usize = 7 * 24;

/// The number of a row that has no readable start.
const NOWHERE: u32 = 168;

/// Counts by weekday and hour, Monday first, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heatmap {
    /// All calls.
    pub calls: Vec<u32>,
    /// Answered calls. Of those the start is the moment of answer.
    pub answered: Vec<u32>,
}

impl Default for Heatmap {
    fn default() -> Self {
        Self { calls: vec![0; CELLS], answered: vec![0; CELLS] }
    }
}

impl Heatmap {
    /// Calls `set` with each of a chunk's rows, those of `rows` in it, and its hour of the week.
    pub(super) fn read(
        columns: &CallColumns,
        chunk: usize,
        rows: Range<usize>,
        set: impl FnMut(usize, u32),
    ) {
        let mut codes = [0; CHUNK];
        let frame = columns.integers(field::START).codes(chunk, &mut codes);
        let cell = |hour| u32::try_from(week_hour(hour)).unwrap_or(NOWHERE);
        let codes = codes.get(rows).unwrap_or_default();
        numbers(codes, NOWHERE, |code| in_hour(frame, code, cell), set);
    }

    /// The bytes that its counts take up.
    pub(super) const SIZE: usize = 2 * CELLS * size_of::<u32>();

    /// What another has counted, `ADD` or `REMOVE` of it.
    pub(super) fn add(&mut self, other: &Self, by: u32) {
        add(&mut self.calls, &other.calls, by);
        add(&mut self.answered, &other.answered, by);
    }

    /// One call `ADD`, or one `REMOVE`.
    #[inline]
    pub(super) fn change(&mut self, cell: u32, facts: &RowFeatures, by: u32) {
        let cell = cell as usize;
        if let Some(count) = self.calls.get_mut(cell) {
            *count = count.wrapping_add(by);
        }
        if let Some(count) = self.answered.get_mut(cell).filter(|_| facts.answered) {
            *count = count.wrapping_add(by);
        }
    }
}
