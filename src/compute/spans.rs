//! The first and the last start of a set of rows, from those of each chunk.

use crate::columns::CHUNK;
use crate::columns::bitmap::{ChunkRows, Word, ones};
use crate::schema::field;
use crate::sort::sorted;
use crate::table::CallColumns;

const BITS: usize = Word::BITS as usize;

/// The least and the greatest start of each chunk. With them, few chunks must be read to find those of a set of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Spans {
    chunks: Vec<Option<(i64, i64)>>,
    rows: usize,
}

impl Spans {
    pub(super) fn of(columns: &CallColumns) -> Self {
        let mut spans = Self::default();
        spans.extend(columns);
        spans
    }

    /// Adds the rows that are new in the columns.
    pub(super) fn extend(&mut self, columns: &CallColumns) {
        let starts = columns.integers(field::START);
        let first = self.rows / CHUNK;
        self.chunks.truncate(first);
        let chunks = first..columns.len().div_ceil(CHUNK);
        self.chunks.extend(chunks.map(|chunk| starts.chunk_bounds(chunk)));
        self.rows = columns.len();
    }

    /// The least and the greatest start of some rows. `rows` returns the rows of a chunk.
    pub(super) fn of_rows(
        &self,
        columns: &CallColumns,
        rows: impl Fn(usize) -> ChunkRows,
    ) -> Option<(i64, i64)> {
        let starts = columns.integers(field::START);
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        let mut scan = |chunk: usize| {
            let words = rows(chunk).into_iter().enumerate();
            for row in words.flat_map(|(index, word)| ones(chunk * CHUNK + index * BITS, word)) {
                if let Some(start) = starts.value(row) {
                    first = first.min(start);
                    last = last.max(start);
                }
            }
            (first, last)
        };
        let mut by_min: Vec<(i64, i64, usize)> = Vec::with_capacity(self.chunks.len());
        for (chunk, span) in self.chunks.iter().enumerate() {
            if let Some((min, max)) = span {
                by_min.push((*min, *max, chunk));
            }
        }
        let by_min = sorted(&by_min, Ord::cmp);
        let mut found = (i64::MAX, i64::MIN);
        for (min, _, chunk) in &by_min {
            if *min >= found.0 {
                break;
            }
            found = scan(*chunk);
        }
        for (_, max, chunk) in sorted(&by_min, |one, other| other.1.cmp(&one.1)) {
            if max <= found.1 {
                break;
            }
            found = scan(chunk);
        }
        (found.0 <= found.1).then_some(found)
    }
}
