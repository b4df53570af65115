//! The first and the last start of a set of rows.

use crate::columns::CHUNK;
use crate::columns::bitmap::{ChunkRows, Word, ones};
use crate::schema::field;
use crate::sort::sorted;
use crate::table::CallColumns;

const BITS: usize = Word::BITS as usize;

/// The least and the greatest start of some rows. `rows` returns the rows of a chunk. The bounds of the chunks are known,
/// so few chunks must be read.
pub(super) fn span_of_rows(
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
    let mut by_min: Vec<(i64, i64, usize)> = Vec::new();
    for chunk in 0..columns.len().div_ceil(CHUNK) {
        if let Some((min, max)) = starts.chunk_bounds(chunk) {
            by_min.push((min, max, chunk));
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
