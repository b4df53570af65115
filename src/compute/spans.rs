//! The first and the last start of a set of rows.

use std::iter::repeat;

use crate::columns::CHUNK;
use crate::columns::bitmap::ChunkRows;
use crate::columns::integers::FIRST_VALUE;
use crate::columns::positions::Positions;
use crate::schema::field;
use crate::sort::sorted;
use crate::table::CallColumns;

/// The least and the greatest start of some rows. `rows` returns the rows of a chunk. The bounds of the chunks are known,
/// so few chunks must be read.
pub(super) fn span_of_rows(
    columns: &CallColumns,
    rows: impl Fn(usize) -> ChunkRows,
) -> Option<(i64, i64)> {
    let starts = columns.integers(field::START);
    let mut positions = Positions::new();
    let (mut first, mut last) = (i64::MAX, i64::MIN);
    let mut scan = |chunk: usize| {
        positions.clear();
        positions.append(rows(chunk).into_iter());
        let (mut low, mut high) = (u64::MAX, 0);
        starts.for_each_code(chunk, positions.as_slice(), repeat(()), |code, ()| {
            if code >= FIRST_VALUE {
                low = low.min(code);
                high = high.max(code);
            }
        });
        if low <= high {
            let frame = starts.frame(chunk);
            first = first.min(frame.value(low));
            last = last.max(frame.value(high));
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
