//! What each kind of chart implements, and the count of a set of rows. Not here: the list of the kinds (`kinds/mod.rs`).

use std::any::Any;
use std::fmt::{self, Debug, Formatter};

use super::buckets::Buckets;
use super::keys::GroupKey;
use super::row_features::{FeatureReader, FeatureSet, RowFeatures};
use super::rows_to_read::RowsToRead;
use super::spans::span_of_rows;
use super::value_codes::ADD;
use crate::columns::CHUNK;
use crate::columns::bitmap::{Bitmap, Word, ones};
use crate::table::CallColumns;

const BITS: usize = Word::BITS as usize;

/// A chunk of which less than one row in so many is counted is read row by row.
const SPARSE: usize = 4;

/// A chart: a question about a set of calls, with counts to which rows can be added and removed.
pub trait Chart: Any {
    /// A chart of the same spec, with empty counts and without keys.
    fn empty_copy(&self) -> Box<dyn Chart>;

    /// The features that the chart reads of each row.
    fn feature_set(&self) -> FeatureSet;

    /// Whether each row has a bucket in this chart: the number of its key, or its cell.
    fn has_buckets(&self) -> bool {
        false
    }

    /// Writes the buckets of some rows of a chunk.
    fn read_buckets(&mut self, _: &CallColumns, _: usize, _: &RowsToRead, _: &mut Buckets) {}

    /// Adds the rows whose bits are set in `words` (`ADD`), or removes them (`REMOVE`).
    fn update(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32);

    /// Counts rows that the table gets or loses, whatever the filters are.
    fn update_total(&mut self, _: &[(usize, Word)], _: &Rows, _: u32) {}

    /// Adds the counts of a chart of the same spec (`ADD`), or subtracts them (`REMOVE`).
    fn merge(&mut self, other: &dyn Chart, by: u32);

    /// The approximate size of the counts in bytes.
    fn size(&self) -> usize;

    /// The result for the counted rows.
    fn result(&self, context: &ResultContext) -> ChartResult;
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

/// What a result needs beside the counts.
pub struct ResultContext<'a> {
    pub(super) reader: &'a FeatureReader,
    /// Returns the least and the greatest start of the counted rows.
    pub(super) span: &'a dyn Fn() -> Option<(i64, i64)>,
}

/// The per-row inputs of a chart.
pub struct Rows<'a> {
    pub(super) features: &'a [RowFeatures],
    /// The buckets of each row in all charts, row by row.
    pub(super) buckets: &'a [u32],
    /// The number of buckets of a row.
    pub(super) stride: usize,
    /// The position of this chart's bucket among those of a row.
    pub(super) position: usize,
    pub(super) reader: &'a FeatureReader,
}

impl Rows<'_> {
    /// Calls `visit` with each row whose bit is set in `words`. Each word has its position in the bitmap.
    #[inline]
    pub(super) fn for_each(
        &self,
        words: &[(usize, Word)],
        mut visit: impl FnMut(usize, &RowFeatures),
    ) {
        for (index, word) in words {
            for row in ones(index * BITS, *word) {
                if let Some(features) = self.features.get(row) {
                    visit(row, features);
                }
            }
        }
    }

    /// The bucket of a row in this chart.
    #[inline]
    pub(super) fn bucket(&self, row: usize) -> u32 {
        self.buckets.get(row * self.stride + self.position).copied().unwrap_or_default()
    }
}

/// The result of a chart of some rows.
pub(super) fn evaluate(
    columns: &CallColumns,
    rows: &Bitmap,
    mut chart: Box<dyn Chart>,
) -> ChartResult {
    let mut reader = FeatureReader::default();
    let mut features = Vec::with_capacity(CHUNK);
    let mut buckets = [0; CHUNK];
    let mut positions = Vec::with_capacity(CHUNK);
    let feature_set = chart.feature_set();
    for chunk in 0..columns.len().div_ceil(CHUNK) {
        let first = chunk * CHUNK / BITS;
        let words = first..(first + CHUNK / BITS).min(rows.words().len());
        let words = rows.words().get(words).unwrap_or_default();
        let counted: usize = words.iter().map(|word| word.count_ones() as usize).sum();
        if counted == 0 {
            continue;
        }
        let len = CHUNK.min(columns.len() - chunk * CHUNK);
        let all;
        let (to_read, words) = if counted * SPARSE < len {
            positions.clear();
            for (index, word) in words.iter().enumerate() {
                #[expect(clippy::cast_possible_truncation, reason = "below CHUNK")]
                positions.extend(ones(index * BITS, *word).map(|position| position as u16));
            }
            all = Bitmap::all(counted);
            (RowsToRead::Positions(&positions), all.words())
        } else {
            (RowsToRead::Range(0..len), words)
        };
        features.clear();
        reader.read(columns, chunk, &to_read, feature_set, &mut features);
        if chart.has_buckets() {
            let mut buckets = Buckets { places: &mut buckets, stride: 1 };
            chart.read_buckets(columns, chunk, &to_read, &mut buckets);
        }
        let rows = Rows {
            features: &features,
            buckets: &buckets,
            stride: 1,
            position: 0,
            reader: &reader,
        };
        let words: Vec<(usize, Word)> = words.iter().copied().enumerate().collect();
        chart.update(&words, &rows, ADD);
    }
    let span = || span_of_rows(columns, |chunk| rows.chunk(chunk));
    chart.result(&ResultContext { reader: &reader, span: &span })
}
