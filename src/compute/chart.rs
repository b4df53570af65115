//! What each kind of chart implements, and the count of a set of rows. Not here: the list of the kinds (`kinds/mod.rs`).

use std::fmt::{self, Debug, Formatter};

use super::counts::{ADD, Counts};
use super::keys::GroupKey;
use super::rows::{Chunk, RowFinder, Rows};
use super::spans::span_of_rows;
use crate::columns::bitmap::Bitmap;
use crate::table::CallColumns;

/// A chart: a question about a set of calls. It counts rows, and makes its result of the counts.
pub trait Chart {
    /// Adds rows to counts of this chart (`ADD`), or removes them (`REMOVE`).
    fn count(&mut self, rows: &Rows, counts: &mut Counts, by: i64);

    /// Counts rows that the table gets or loses, whatever the filters of linked charts are.
    fn count_total(&mut self, _: &Rows, _: i64) {}

    /// Forgets what it knows of the rows, because the table has moved to new columns.
    fn forget(&mut self);

    /// The result of counts. `span` returns the least and the greatest start of the counted rows.
    fn result(&self, counts: &Counts, span: &dyn Fn() -> Option<(i64, i64)>) -> ChartResult;
}

/// The charts have no `Debug`: its code for their numbers would be in the module, since a trait object keeps all its
/// functions.
impl Debug for dyn Chart {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Chart")
    }
}

/// The result of a chart: its numbers and keys, part by part. TypeScript makes objects of them.
pub type ChartResult = Vec<Part>;

/// A part of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Keys of groups.
    Keys(Vec<GroupKey>),
    /// Numbers; `NaN` stands for none.
    Numbers(Vec<f64>),
    /// Counts.
    Counts(Vec<u32>),
}

/// The result of a chart of some rows.
pub(super) fn evaluate(
    columns: &CallColumns,
    rows: &Bitmap,
    mut chart: Box<dyn Chart>,
) -> ChartResult {
    let mut counts = Counts::default();
    let mut finder = RowFinder::new();
    for (chunk, words) in rows.chunks() {
        chart.count(&finder.find(&Chunk::new(columns, chunk), &words), &mut counts, ADD);
    }
    chart.result(&counts, &|| span_of_rows(columns, |chunk| rows.chunk(chunk)))
}
