//! Chart by the value of a numeric field: counts of values, and their bins.

use std::any::Any;

use crate::columns::bitmap::Word;
use crate::compute::chart::{Chart, ChartResult, Part, ResultContext, Rows};
use crate::compute::distribution::{Distribution, float};
use crate::compute::row_features::{Feature, FeatureReader, FeatureSet, RowFeatures};
use crate::compute::spec::Spec;
use crate::compute::value_codes::{merge, update};
use crate::error::Result;
use crate::json::Value;

/// The maximum number of bins.
const MAX_BINS: usize = 10_000;

/// A field that a histogram can count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::compute) enum HistogramField {
    /// `duration`, seconds.
    Duration,
    /// `chatRound`.
    ChatRound,
}

impl HistogramField {
    /// The feature of a row for this field.
    pub(in crate::compute) const fn feature(self, features: &RowFeatures) -> Feature {
        match self {
            Self::Duration => features.duration,
            Self::ChatRound => features.chat_round,
        }
    }

    /// The distribution of the values, from the counts of their codes.
    fn distribution(self, reader: &FeatureReader, counts: &[u32]) -> Distribution {
        let value_codes = match self {
            Self::Duration => &reader.durations,
            Self::ChatRound => &reader.chat_rounds,
        };
        Distribution::of(value_codes, counts)
    }
}

/// The bins of a histogram. A bin includes its lower edge and excludes its upper edge; the last bin includes both.
#[derive(Debug, Clone, PartialEq)]
enum Bins {
    /// Bins between these edges, which rise.
    Edges(Vec<f64>),
    /// This number of bins of equal width, from the lowest to the highest counted value.
    Number(usize),
}

/// Calls by a value. Calls without a value are not counted.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    column: HistogramField,
    bins: Bins,
    /// Whether only answered calls count.
    answered_only: bool,
    /// The counts of the values, by value code.
    counts: Vec<u32>,
}

impl Histogram {
    /// `{ histogram, edges, bins, answeredOnly }`. A linked histogram has edges, so that its bins do not move.
    pub(super) fn read(spec: &Spec) -> Result<Box<dyn Chart>> {
        let column = match spec.subject {
            Value::Text(name) if name == "duration" => HistogramField::Duration,
            Value::Text(name) if name == "chatRound" => HistogramField::ChatRound,
            _ => return Err(spec.refuse_subject("expected \"duration\" or \"chatRound\"")),
        };
        let [edges, bins, answered_only] = spec.options(["edges", "bins", "answeredOnly"])?;
        let answered_only = spec.flag("answeredOnly", answered_only)?;
        let number = spec.count("bins", bins, MAX_BINS)?;
        let bins = match (edges, number) {
            (Value::Null, number) if !spec.is_linked() => Bins::Number(number.unwrap_or(20)),
            (edges, None) => {
                let message = "expected an array of two or more finite numbers, rising";
                let edges = spec.numbers("edges", edges, message, f64::is_finite)?;
                let rising = edges.len() > 1 && edges.is_sorted_by(|one, next| one < next);
                if !rising {
                    return Err(spec.refuse("edges", message));
                }
                Bins::Edges(edges)
            }
            (_, Some(_)) if spec.is_linked() => {
                return Err(spec.refuse("bins", "expected edges instead: linked bins do not move"));
            }
            (_, Some(_)) => return Err(spec.refuse("bins", "expected edges or bins, not both")),
        };
        Ok(Box::new(Self { column, bins, answered_only, counts: Vec::new() }))
    }
}

impl Chart for Histogram {
    fn empty_copy(&self) -> Box<dyn Chart> {
        Box::new(Self { bins: self.bins.clone(), counts: Vec::new(), ..*self })
    }

    fn feature_set(&self) -> FeatureSet {
        FeatureSet {
            duration: self.column == HistogramField::Duration,
            chat_round: self.column == HistogramField::ChatRound,
            others: false,
        }
    }

    fn update(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32) {
        rows.for_each(words, |_, features| {
            let code = self.column.feature(features).code();
            if let Some(code) = code.filter(|_| features.answered || !self.answered_only) {
                update(&mut self.counts, code, by);
            }
        });
    }

    fn merge(&mut self, other: &dyn Chart, by: u32) {
        let other: &dyn Any = other;
        let Some(other) = other.downcast_ref::<Self>() else { return };
        merge(&mut self.counts, &other.counts, by);
    }

    fn size(&self) -> usize {
        size_of::<Self>() + size_of_val(self.counts.as_slice())
    }

    /// The edges, the calls of each bin, and the calls with a value outside of all bins.
    fn result(&self, context: &ResultContext) -> ChartResult {
        let distribution = self.column.distribution(context.reader, &self.counts);
        let counted = distribution.counted();
        let edges = match &self.bins {
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
        vec![Part::Numbers(edges), Part::Counts(counts), Part::Counts(vec![outside])]
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
