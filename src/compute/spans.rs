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
        let mut codes = [0; CHUNK];
        let starts = columns.integers(field::START);
        for chunk in self.rows / CHUNK..columns.len().div_ceil(CHUNK) {
            let frame = starts.codes(chunk, &mut codes);
            let rows = self.rows % CHUNK..CHUNK.min(columns.len() - chunk * CHUNK);
            let codes = codes.get(rows).unwrap_or_default().iter().filter(|code| **code >= 2);
            let (min, max) =
                codes.fold((u64::MAX, 0), |(min, max), code| (min.min(*code), max.max(*code)));
            let known = self.chunks.get(chunk).copied().flatten();
            let new = (max > 0).then(|| (frame.value(min), frame.value(max)));
            let span = match (known, new) {
                (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
                (known, new) => known.or(new),
            };
            self.chunks.truncate(chunk);
            self.chunks.push(span);
            self.rows = CHUNK.min(columns.len() - chunk * CHUNK) + chunk * CHUNK;
        }
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
