//! How many calls have which duration, or how many rounds.

use super::row_features::{Feature, FeatureReader, RowFeatures};
use super::statistics::{Distribution, float};
use super::value_codes::{add, change};

/// A column of which a histogram can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistogramField {
    /// `duration`, seconds.
    Duration,
    /// `chatRound`.
    ChatRound,
}

/// Where the bins of a histogram begin and end.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// At these values, rising.
    Edges(Vec<f64>),
    /// So many of equal width over the values counted.
    Number(usize),
}

/// Counts in bins.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// One more than bins. A bin holds its lower edge and what lies below its upper one; the last holds both.
    pub edges: Vec<f64>,
    /// Calls in each bin.
    pub counts: Vec<u32>,
    /// Calls whose value lies in no bin. Calls without a value are not counted at all.
    pub outside: u32,
}

impl HistogramField {
    /// What a row has of it.
    pub(super) const fn fact(self, facts: &RowFeatures) -> Feature {
        match self {
            Self::Duration => facts.duration,
            Self::ChatRound => facts.chat_round,
        }
    }

    /// The values counted by slot.
    pub(super) fn distribution(self, reader: &FeatureReader, counts: &[u32]) -> Distribution {
        let slots = match self {
            Self::Duration => &reader.durations,
            Self::ChatRound => &reader.chat_rounds,
        };
        Distribution::of(slots, counts)
    }
}

/// Counts of a column's values.
#[derive(Debug, Clone, Default)]
pub(super) struct ValueTally {
    counts: Vec<u32>,
}

impl ValueTally {
    /// One call `ADD`, or one `REMOVE`.
    #[inline]
    pub(super) fn change(&mut self, fact: Feature, by: u32) {
        if let Some(slot) = fact.value() {
            change(&mut self.counts, slot, by);
        }
    }

    /// What another has counted, `ADD` or `REMOVE` of it.
    pub(super) fn add(&mut self, other: &Self, by: u32) {
        add(&mut self.counts, &other.counts, by);
    }

    /// The bytes it takes up.
    pub(super) fn size(&self) -> usize {
        size_of_val(self.counts.as_slice())
    }

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

/// Edges of equal widths from the lowest to the highest value; from it to one more where there is
/// one value alone, and from 0 to 1 where there is none.
fn equal_widths(counted: &[(i64, u32)], bins: usize) -> Vec<f64> {
    let least = counted.first().map_or(0, |(value, _)| *value);
    let most = counted.last().map_or(0, |(value, _)| *value);
    let (from, to) = (float(least), float(if most > least { most } else { least + 1 }));
    let bins = u32::try_from(bins).unwrap_or(u32::MAX);
    let edge = |at| {
        if at == bins { to } else { from + (to - from) * f64::from(at) / f64::from(bins) }
    };
    (0..=bins).map(edge).collect()
}

/// The bin of a value.
fn bin(edges: &[f64], value: f64) -> Option<usize> {
    let above = edges.partition_point(|edge| *edge <= value);
    #[expect(clippy::float_cmp, reason = "the last edge itself, and nothing near it")]
    let is_last = edges.last().is_some_and(|last| *last == value);
    if is_last {
        edges.len().checked_sub(2)
    } else {
        above.checked_sub(1).filter(|bin| bin + 1 < edges.len())
    }
}
