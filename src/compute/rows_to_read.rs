//! The rows of a chunk whose values are read. Not here: what is read of them (`row_features.rs`, `keys.rs`).

use std::ops::Range;

use crate::columns::CHUNK;
use crate::columns::integers::{Frame, Integers};

/// Rows of a chunk, by their positions in it. Their values are read in this order.
#[derive(Debug)]
pub enum RowsToRead<'a> {
    /// Consecutive rows.
    Range(Range<usize>),
    /// Single rows, if they are few.
    Positions(&'a [u16]),
}

impl RowsToRead<'_> {
    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::Positions(positions) => positions.len(),
        }
    }

    /// The position of a row in the chunk.
    pub(super) fn position(&self, row: usize) -> usize {
        match self {
            Self::Range(range) => range.start + row,
            Self::Positions(positions) => positions.get(row).copied().unwrap_or_default().into(),
        }
    }

    /// The codes of the rows in a column, in `out`, and how to read them.
    pub(super) fn codes<'a>(
        &self,
        column: &Integers,
        chunk: usize,
        out: &'a mut [u64; CHUNK],
    ) -> (Frame, &'a [u64]) {
        match self {
            Self::Range(range) => {
                let frame = column.codes(chunk, out);
                (frame, out.get(range.clone()).unwrap_or_default())
            }
            Self::Positions(positions) => {
                let frame = column.codes_at(chunk, positions, out);
                (frame, out.get(..positions.len()).unwrap_or_default())
            }
        }
    }
}
