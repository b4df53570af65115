//! Aggregate by weekday and hour of the start, in Shanghai.

use std::ops::Range;

use super::keys::{for_each_bucket, in_hour, week_hour};
use super::row_features::RowFeatures;
use super::value_codes::merge;
use crate::columns::CHUNK;
use crate::schema::field;
use crate::table::CallColumns;

/// The number of hours of a week.
pub(super) const CELLS: usize = 7 * 24;

/// The cell of a row without a readable start. It is not counted.
const NO_CELL: u32 = 168;

/// Counts by weekday and hour: 24 hours of Monday, then of Tuesday, and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heatmap {
    /// The number of calls in each cell.
    pub calls: Vec<u32>,
    /// The number of answered calls in each cell. The start of an answered call is the moment of the answer.
    pub answered: Vec<u32>,
}

impl Default for Heatmap {
    fn default() -> Self {
        Self { calls: vec![0; CELLS], answered: vec![0; CELLS] }
    }
}

impl Heatmap {
    /// Calls `set` with each row of a chunk that is in `rows`, and with its hour of the week.
    pub(super) fn read(
        columns: &CallColumns,
        chunk: usize,
        rows: Range<usize>,
        set: impl FnMut(usize, u32),
    ) {
        let mut codes = [0; CHUNK];
        let frame = columns.integers(field::START).codes(chunk, &mut codes);
        let cell = |hour| u32::try_from(week_hour(hour)).unwrap_or(NO_CELL);
        let codes = codes.get(rows).unwrap_or_default();
        for_each_bucket(codes, NO_CELL, |code| in_hour(frame, code, cell), set);
    }

    /// The size of the counts in bytes.
    pub(super) const SIZE: usize = 2 * CELLS * size_of::<u32>();

    /// Adds the counts of another heatmap (`ADD`), or subtracts them (`REMOVE`).
    pub(super) fn merge(&mut self, other: &Self, by: u32) {
        merge(&mut self.calls, &other.calls, by);
        merge(&mut self.answered, &other.answered, by);
    }

    /// Adds a call (`ADD`), or removes it (`REMOVE`).
    #[inline]
    pub(super) fn update(&mut self, cell: u32, features: &RowFeatures, by: u32) {
        let cell = cell as usize;
        if let Some(count) = self.calls.get_mut(cell) {
            *count = count.wrapping_add(by);
        }
        if let Some(count) = self.answered.get_mut(cell).filter(|_| features.answered) {
            *count = count.wrapping_add(by);
        }
    }
}
