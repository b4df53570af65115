//! A chart of any kind: its spec, its counts, which rows can be added to and removed from, and its result.
//! Not here: the counts of each kind (`groups.rs`, `histogram.rs`, `heatmap.rs`, `statistics.rs`).

use std::ops::Range;

use super::groups::{Group, GroupTally};
use super::heatmap::Heatmap;
use super::histogram::{Bins, Histogram, HistogramField, ValueTally};
use super::keys::{Dimension, Keys};
use super::row_features::{FeatureReader, FeatureSet, RowFeatures};
use super::statistics::{Statistics, StatisticsOptions, Tally};
use super::value_codes::ADD;
use crate::columns::CHUNK;
use crate::columns::bitmap::{Bitmap, ChunkRows, Word, ones};
use crate::schema::field;
use crate::sort::sorted;
use crate::table::CallColumns;

const BITS: usize = Word::BITS as usize;

/// The spec of a chart.
#[derive(Debug, Clone, PartialEq)]
pub enum ChartSpec {
    /// Calls by a dimension.
    Groups(Dimension),
    /// Calls by a value. If the flag is true, only answered calls.
    Histogram(HistogramField, Bins, bool),
    /// Calls by weekday and hour.
    Heatmap,
    /// The statistics.
    Statistics(StatisticsOptions),
}

/// The result of a chart.
#[derive(Debug, Clone, PartialEq)]
pub enum ChartResult {
    /// Calls by a dimension.
    Groups(Vec<Group>),
    /// Calls by a value.
    Histogram(Histogram),
    /// Calls by weekday and hour.
    Heatmap(Heatmap),
    /// The statistics.
    Statistics(Box<Statistics>),
}

/// The per-row inputs of a chart.
pub(super) struct Rows<'a> {
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
    fn for_each(&self, words: &[(usize, Word)], mut visit: impl FnMut(usize, &RowFeatures)) {
        for (index, word) in words {
            let (first, mut remaining) = (index * BITS, *word);
            while remaining != 0 {
                let row = first + remaining.trailing_zeros() as usize;
                remaining &= remaining - 1;
                if let Some(features) = self.features.get(row) {
                    visit(row, features);
                }
            }
        }
    }

    /// The bucket of a row in this chart.
    #[inline]
    fn bucket(&self, row: usize) -> u32 {
        self.buckets.get(row * self.stride + self.position).copied().unwrap_or_default()
    }
}

/// A chart with its counts.
#[derive(Debug, Clone)]
pub(super) enum Chart {
    Groups(Keys, GroupTally),
    Histogram(HistogramField, Bins, bool, ValueTally),
    Heatmap(Heatmap),
    Statistics(StatisticsOptions, Tally),
}

impl Chart {
    /// A chart with empty counts.
    pub(super) fn new(spec: ChartSpec) -> Self {
        match spec {
            ChartSpec::Groups(dimension) => {
                Self::Groups(Keys::new(dimension), GroupTally::default())
            }
            ChartSpec::Histogram(column, bins, answered) => {
                Self::Histogram(column, bins, answered, ValueTally::default())
            }
            ChartSpec::Heatmap => Self::Heatmap(Heatmap::default()),
            ChartSpec::Statistics(options) => Self::Statistics(options, Tally::default()),
        }
    }

    /// A chart of the same spec, with empty counts and without keys.
    pub(super) fn empty_copy(&self) -> Self {
        Self::new(match self {
            Self::Groups(keys, _) => ChartSpec::Groups(keys.dimension().clone()),
            Self::Histogram(column, bins, answered, _) => {
                ChartSpec::Histogram(*column, bins.clone(), *answered)
            }
            Self::Heatmap(_) => ChartSpec::Heatmap,
            Self::Statistics(options, _) => ChartSpec::Statistics(options.clone()),
        })
    }

    /// Adds the counts of a chart of the same kind (`ADD`), or subtracts them (`REMOVE`).
    pub(super) fn merge(&mut self, other: &Self, by: u32) {
        match (self, other) {
            (Self::Groups(_, tally), Self::Groups(_, other)) => tally.merge(other, by),
            (Self::Histogram(.., tally), Self::Histogram(.., other)) => tally.merge(other, by),
            (Self::Heatmap(heatmap), Self::Heatmap(other)) => heatmap.merge(other, by),
            (Self::Statistics(_, tally), Self::Statistics(_, other)) => tally.merge(other, by),
            // A chart of another kind has nothing to add.
            (
                Self::Groups(..) | Self::Histogram(..) | Self::Heatmap(_) | Self::Statistics(..),
                _,
            ) => {}
        }
    }

    /// The approximate size of the counts in bytes.
    pub(super) fn size(&self) -> usize {
        let counts = match self {
            Self::Groups(_, tally) => tally.size(),
            Self::Histogram(.., tally) => tally.size(),
            Self::Heatmap(_) => Heatmap::SIZE,
            Self::Statistics(_, tally) => tally.size(),
        };
        size_of::<Self>() + counts
    }

    /// Whether each row has a bucket in this chart: the number of its key, or its cell.
    pub(super) const fn has_buckets(&self) -> bool {
        match self {
            Self::Groups(..) | Self::Heatmap(_) => true,
            Self::Histogram(..) | Self::Statistics(..) => false,
        }
    }

    /// Calls `set` with each row of a chunk that is in `rows`, and with its bucket.
    pub(super) fn read_buckets(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: Range<usize>,
        set: impl FnMut(usize, u32),
    ) {
        match self {
            Self::Groups(keys, _) => keys.read(columns, chunk, rows, set),
            Self::Heatmap(_) => Heatmap::read(columns, chunk, rows, set),
            Self::Histogram(..) | Self::Statistics(..) => {}
        }
    }

    /// The features that the chart reads.
    const fn feature_set(&self) -> FeatureSet {
        match self {
            Self::Groups(..) => FeatureSet { duration: true, chat_round: false, others: false },
            Self::Histogram(HistogramField::Duration, ..) => {
                FeatureSet { duration: true, chat_round: false, others: false }
            }
            Self::Histogram(HistogramField::ChatRound, ..) => {
                FeatureSet { duration: false, chat_round: true, others: false }
            }
            Self::Heatmap(_) => FeatureSet { duration: false, chat_round: false, others: false },
            Self::Statistics(..) => FeatureSet::ALL,
        }
    }

    /// Adds the rows whose bits are set in `words` (`ADD`), or removes them (`REMOVE`).
    pub(super) fn update(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32) {
        match self {
            Self::Groups(_, tally) => rows.for_each(words, |row, features| {
                tally.update(rows.bucket(row), features, rows.reader, by);
            }),
            Self::Histogram(column, _, answered, tally) => rows.for_each(words, |_, features| {
                if features.answered || !*answered {
                    tally.update(column.feature(features), by);
                }
            }),
            Self::Heatmap(heatmap) => {
                rows.for_each(words, |row, features| {
                    heatmap.update(rows.bucket(row), features, by);
                });
            }
            Self::Statistics(_, tally) => {
                rows.for_each(words, |_, features| tally.update(features, by));
            }
        }
    }

    /// The result for the counted rows. `span` returns the least and the greatest start of these rows.
    pub(super) fn result(
        &self,
        reader: &FeatureReader,
        span: impl FnOnce() -> Option<(i64, i64)>,
    ) -> ChartResult {
        match self {
            Self::Groups(keys, tally) => ChartResult::Groups(tally.groups(keys)),
            Self::Histogram(column, bins, _, tally) => {
                ChartResult::Histogram(tally.histogram(*column, reader, bins))
            }
            Self::Heatmap(heatmap) => ChartResult::Heatmap(heatmap.clone()),
            Self::Statistics(options, tally) => {
                ChartResult::Statistics(Box::new(tally.statistics(reader, options, span())))
            }
        }
    }
}

/// The result of a chart of some rows.
pub(super) fn evaluate(columns: &CallColumns, rows: &Bitmap, spec: ChartSpec) -> ChartResult {
    let mut chart = Chart::new(spec);
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
        chart.read_buckets(columns, chunk, 0..len, |row, bucket| {
            if let Some(slot) = buckets.get_mut(row) {
                *slot = bucket;
            }
        });
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
    chart.result(&reader, || Spans::of(columns).of_rows(columns, |chunk| rows.chunk(chunk)))
}

/// The least and the greatest start of each chunk. With them, few chunks must be read to find those of a set of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Spans {
    chunks: Vec<Option<(i64, i64)>>,
    rows: usize,
}

impl Spans {
    fn of(columns: &CallColumns) -> Self {
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
