//! A chart of any kind: the list of the kinds, what each kind implements, and the count of a set of rows.
//! Not here: the kinds (`groups.rs`, `histogram.rs`, `heatmap.rs`, `statistics.rs`, `round_survival.rs`).

use std::any::Any;
use std::fmt::{self, Debug, Formatter};
use std::ops::Range;

use super::groups::Groups;
use super::heatmap::Heatmap;
use super::histogram::Histogram;
use super::keys::GroupKey;
use super::round_survival::RoundSurvival;
use super::row_features::{FeatureReader, FeatureSet, RowFeatures};
use super::spans::Spans;
use super::spec::{ParseNumber, Spec, named};
use super::statistics::StatisticsChart;
use super::value_codes::ADD;
use crate::columns::CHUNK;
use crate::columns::bitmap::{Bitmap, Word, ones};
use crate::error::{Error, Result};
use crate::json::Value;
use crate::table::CallColumns;

const BITS: usize = Word::BITS as usize;

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

    /// Writes the bucket of each row of a chunk that is in `rows`.
    fn read_buckets(&mut self, _: &CallColumns, _: usize, _: Range<usize>, _: &mut Buckets) {}

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

/// A kind of chart.
struct Kind {
    /// The key that names the kind in a spec.
    key: &'static str,
    /// The name of the subject where it is an argument of a function.
    argument: &'static str,
    read: fn(&Spec) -> Result<Box<dyn Chart>>,
}

/// The kinds of charts.
const KINDS: [Kind; 5] = [
    Kind { key: "groupBy", argument: "dimension", read: Groups::read },
    Kind { key: "histogram", argument: "column", read: Histogram::read },
    Kind { key: "heatmap", argument: "options", read: Heatmap::read },
    Kind { key: "statistics", argument: "options", read: StatisticsChart::read },
    Kind { key: "roundSurvival", argument: "options", read: RoundSurvival::read },
];

/// A chart of linked charts. `path` is the path of its spec in errors.
///
/// # Errors
/// `invalid_argument` for an invalid spec.
pub fn linked_chart(spec: &Value, path: &str, parse: ParseNumber) -> Result<Box<dyn Chart>> {
    let fields = match spec {
        Value::Object(fields) => &fields[..],
        _ => &[],
    };
    let is_given = |kind: &&Kind| fields.iter().any(|(name, _)| name == kind.key);
    let Some(Kind { key, read, .. }) = KINDS.iter().find(is_given) else {
        let keys = KINDS.map(|kind| kind.key).join(", ");
        return Err(Error::invalid_argument(
            path,
            &format!("expected an object with one of {keys}"),
        ));
    };
    let subject_path = &format!("{path}.{key}");
    read(&Spec { key, subject: named(fields, key), subject_path, fields, path, parse })
}

/// The chart of a question about one set of calls: a kind, its subject and options.
///
/// # Errors
/// `invalid_argument` for an invalid subject or option.
pub fn chart(
    key: &str,
    subject: &Value,
    options: &Value,
    parse: ParseNumber,
) -> Result<Box<dyn Chart>> {
    let fields = match options {
        Value::Null => &[],
        Value::Object(fields) => &fields[..],
        _ => return Err(Error::invalid_argument("options", "expected an object")),
    };
    let Some(Kind { key, argument, read }) = KINDS.iter().find(|kind| kind.key == key) else {
        return Err(Error::invalid_argument("chart", "no such kind of chart"));
    };
    read(&Spec { key, subject, subject_path: argument, fields, path: "", parse })
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

/// Where a chart writes the buckets of consecutive rows: one place in every `stride`.
pub struct Buckets<'a> {
    pub(super) places: &'a mut [u32],
    pub(super) stride: usize,
}

impl Buckets<'_> {
    /// Sets the bucket of a row; 0 is the first of the rows.
    #[inline]
    pub(super) fn set(&mut self, row: usize, bucket: u32) {
        if let Some(place) = self.places.get_mut(row * self.stride) {
            *place = bucket;
        }
    }

    /// The bucket of a row.
    #[inline]
    pub(super) fn get(&self, row: usize) -> u32 {
        self.places.get(row * self.stride).copied().unwrap_or_default()
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
    let feature_set = chart.feature_set();
    for chunk in 0..columns.len().div_ceil(CHUNK) {
        let first = chunk * CHUNK / BITS;
        let words = first..(first + CHUNK / BITS).min(rows.words().len());
        let words = rows.words().get(words).unwrap_or_default();
        if words.iter().all(|word| *word == 0) {
            continue;
        }
        let len = CHUNK.min(columns.len() - chunk * CHUNK);
        features.clear();
        reader.read(columns, chunk, 0..len, feature_set, &mut features);
        if chart.has_buckets() {
            let mut buckets = Buckets { places: &mut buckets, stride: 1 };
            chart.read_buckets(columns, chunk, 0..len, &mut buckets);
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
    let span = || Spans::of(columns).of_rows(columns, |chunk| rows.chunk(chunk));
    chart.result(&ResultContext { reader: &reader, span: &span })
}
