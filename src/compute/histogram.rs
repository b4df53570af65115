//! Aggregate by the value of a numeric field: counts of values, and their bins.

use super::row_features::{Feature, FeatureReader, RowFeatures};
use super::statistics::{Distribution, float};
use super::value_codes::{merge, update};

/// A field that a histogram can count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistogramField {
    /// `duration`, seconds.
    Duration,
    /// `chatRound`.
    ChatRound,
}

/// The bins of a histogram.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// Bins between these edges, which rise.
    Edges(Vec<f64>),
    /// This number of bins of equal width, from the lowest to the highest counted value.
    Number(usize),
}

/// A histogram: counts in bins.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// The edges, one more than bins. A bin includes its lower edge and excludes its upper edge; the last bin
    /// includes both.
    pub edges: Vec<f64>,
    /// The number of calls in each bin.
    pub counts: Vec<u32>,
    /// The number of calls with a value outside of all bins. Calls without a value are not counted.
    pub outside: u32,
}

impl HistogramField {
    /// The feature of a row for this field.
    pub(super) const fn feature(self, features: &RowFeatures) -> Feature {
        match self {
            Self::Duration => features.duration,
            Self::ChatRound => features.chat_round,
        }
    }

    /// The distribution of the values, from the counts of their codes.
    pub(super) fn distribution(self, reader: &FeatureReader, counts: &[u32]) -> Distribution {
        let value_codes = match self {
            Self::Duration => &reader.durations,
            Self::ChatRound => &reader.chat_rounds,
        };
        Distribution::of(value_codes, counts)
    }
}

/// The counts of the values of a field, by value code.
#[derive(Debug, Clone, Default)]
pub(super) struct ValueTally {
    counts: Vec<u32>,
}

impl ValueTally {
    /// Adds a call (`ADD`), or removes it (`REMOVE`).
    #[inline]
    pub(super) fn update(&mut self, feature: Feature, by: u32) {
        if let Some(code) = feature.code() {
            update(&mut self.counts, code, by);
        }
    }

    /// Adds the counts of another tally (`ADD`), or subtracts them (`REMOVE`).
    pub(super) fn merge(&mut self, other: &Self, by: u32) {
        merge(&mut self.counts, &other.counts, by);
    }

    /// The size of the counts in bytes.
    pub(super) fn size(&self) -> usize {
        size_of_val(self.counts.as_slice())
    }

    /// The histogram of the counted values.
    pub(super) fn histogram(
        &self,
        column: HistogramField,
        reader: &FeatureReader,
        bins: &Bins,
    ) -> Histogram {
        let distribution = column.distribution(reader, &self.counts);
        let counted = distribution.counted();
        let edges = match bins {
            Bins::Edges(edges) => edges.clone(),
            Bins::Number(bins) => equal_widths(counted, *bins),
        };
        let mut counts = vec![0; edges.len().saturating_sub(1)];
        let mut outside = 0;
        for (value, calls) in counted {
            match bin(&edges, float(*value)).and_then(|bin| counts.get_mut(bin)) {
                Some(count) => *count += calls,
                None => outside += calls,
            }
        }
        Histogram { edges, counts, outside }
    }
}

/// The edges of bins of equal width, from the lowest to the highest value. A single value has the range from itself
/// to itself + 1. Without values the range is 0 to 1.
fn equal_widths(counted: &[(i64, u32)], bins: usize) -> Vec<f64> {
    let min = counted.first().map_or(0, |(value, _)| *value);
    let max = counted.last().map_or(0, |(value, _)| *value);
    let (from, to) = (float(min), float(if max > min { max } else { min + 1 }));
    let bins = u32::try_from(bins).unwrap_or(u32::MAX);
    let edge = |index| {
        if index == bins { to } else { from + (to - from) * f64::from(index) / f64::from(bins) }
    };
    (0..=bins).map(edge).collect()
}

/// The bin of a value; `None` outside of all bins.
fn bin(edges: &[f64], value: f64) -> Option<usize> {
    let above = edges.partition_point(|edge| *edge <= value);
    #[expect(clippy::float_cmp, reason = "only the exact last edge counts")]
    let is_last = edges.last().is_some_and(|last| *last == value);
    if is_last {
        edges.len().checked_sub(2)
    } else {
        above.checked_sub(1).filter(|bin| bin + 1 < edges.len())
    }
}
