//! Chart by weekday and hour of the start, in Shanghai.

use std::any::Any;

use crate::columns::CHUNK;
use crate::columns::bitmap::Word;
use crate::compute::buckets::Buckets;
use crate::compute::chart::{Chart, ChartResult, Part, ResultContext, Rows};
use crate::compute::keys::{for_each_bucket, in_hour, week_hour};
use crate::compute::row_features::FeatureSet;
use crate::compute::rows_to_read::RowsToRead;
use crate::compute::spec::Spec;
use crate::compute::value_codes::merge;
use crate::error::Result;
use crate::json::Value;
use crate::schema::field;
use crate::table::CallColumns;

/// The number of hours of a week.
pub(in crate::compute) const CELLS: usize = 7 * 24;

/// The cell of a row without a readable start. It is not counted.
const NO_CELL: u32 = 168;

/// Counts by weekday and hour: 24 hours of Monday, then of Tuesday, and so on.
#[derive(Debug, Clone)]
pub(super) struct Heatmap {
    /// The number of calls in each cell.
    calls: Vec<u32>,
    /// The number of answered calls in each cell. The start of an answered call is the moment of the answer.
    answered: Vec<u32>,
}

impl Heatmap {
    fn new() -> Self {
        Self { calls: vec![0; CELLS], answered: vec![0; CELLS] }
    }

    /// `{ heatmap: true }`
    pub(super) fn read(spec: &Spec) -> Result<Box<dyn Chart>> {
        let [] = spec.options([])?;
        match spec.subject {
            Value::Bool(true) => Ok(Box::new(Self::new())),
            _ => Err(spec.refuse_subject("expected true")),
        }
    }
}

impl Chart for Heatmap {
    fn empty_copy(&self) -> Box<dyn Chart> {
        Box::new(Self::new())
    }

    fn feature_set(&self) -> FeatureSet {
        FeatureSet { duration: false, chat_round: false, others: false }
    }

    fn has_buckets(&self) -> bool {
        true
    }

    fn read_buckets(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: &RowsToRead,
        buckets: &mut Buckets,
    ) {
        let mut codes = [0; CHUNK];
        let (frame, codes) = rows.codes(columns.integers(field::START), chunk, &mut codes);
        let cell = |hour| u32::try_from(week_hour(hour)).unwrap_or(NO_CELL);
        let set = |row, bucket| buckets.set(row, bucket);
        for_each_bucket(codes, NO_CELL, |code| in_hour(frame, code, cell), set);
    }

    fn update(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32) {
        rows.for_each(words, |row, features| {
            let cell = rows.bucket(row) as usize;
            if let Some(count) = self.calls.get_mut(cell) {
                *count = count.wrapping_add(by);
            }
            if let Some(count) = self.answered.get_mut(cell).filter(|_| features.answered) {
                *count = count.wrapping_add(by);
            }
        });
    }

    fn merge(&mut self, other: &dyn Chart, by: u32) {
        let other: &dyn Any = other;
        let Some(other) = other.downcast_ref::<Self>() else { return };
        merge(&mut self.calls, &other.calls, by);
        merge(&mut self.answered, &other.answered, by);
    }

    fn size(&self) -> usize {
        size_of::<Self>() + 2 * CELLS * size_of::<u32>()
    }

    fn result(&self, _: &ResultContext) -> ChartResult {
        vec![Part::Counts(self.calls.clone()), Part::Counts(self.answered.clone())]
    }
}
