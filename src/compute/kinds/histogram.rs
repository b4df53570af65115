//! Chart by the value of a numeric field: counts of values, and their bins.

use crate::compute::chart::{Chart, ChartResult, Part};
use crate::compute::counts::Counts;
use crate::compute::distribution::{Distribution, float};
use crate::compute::rows::Rows;
use crate::compute::spec::Spec;
use crate::compute::value_codes::ValueCodes;
use crate::error::Result;
use crate::json::Value;
use crate::schema::field;

/// The maximum number of bins.
const MAX_BINS: usize = 10_000;

/// The bins of a histogram. A bin includes its lower edge and excludes its upper edge; the last bin includes both.
#[derive(Debug, Clone, PartialEq)]
enum Bins {
    /// Bins between these edges, which rise.
    Edges(Vec<f64>),
    /// This number of bins of equal width, from the lowest to the highest counted value.
    Number(usize),
}

/// Calls by a value. Calls without a value are not counted. The first list has the calls of each value, by its code.
#[derive(Debug)]
pub(super) struct Histogram {
    /// `duration` in seconds, or `chatRound`.
    field: usize,
    bins: Bins,
    /// Whether only answered calls count.
    answered_only: bool,
    value_codes: ValueCodes,
}

impl Histogram {
    /// `{ histogram, edges, bins, answeredOnly }`. A linked histogram has edges, so that its bins do not move.
    pub(super) fn read(spec: &Spec) -> Result<Box<dyn Chart>> {
        let field = match spec.subject {
            Value::Text(name) if name == "duration" => field::DURATION,
            Value::Text(name) if name == "chatRound" => field::CHAT_ROUND,
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
        Ok(Box::new(Self { field, bins, answered_only, value_codes: ValueCodes::default() }))
    }
}

impl Chart for Histogram {
    fn count(&mut self, rows: &Rows, counts: &mut Counts, by: i64) {
        let counted = if self.answered_only { rows.answered() } else { rows.all() };
        let [values, ..] = &mut counts.lists;
        rows.count_values(self.field, counted, &mut self.value_codes, values, by);
    }

    fn forget(&mut self) {
        self.value_codes = ValueCodes::default();
    }

    /// The edges, the calls of each bin, and the calls with a value outside of all bins.
    fn result(&self, counts: &Counts, _: &dyn Fn() -> Option<(i64, i64)>) -> ChartResult {
        let [values, ..] = &counts.lists;
        let distribution = Distribution::of(&self.value_codes, values);
        let counted = distribution.counted();
        let edges = match &self.bins {
            Bins::Edges(edges) => edges.clone(),
            Bins::Number(bins) => equal_widths(counted, *bins),
        };
        let mut counts = vec![0; edges.len().saturating_sub(1)];
        let mut outside = 0;
        let mut bin = 0;
        for (value, calls) in counted {
            let value = float(*value);
            // Values and edges rise.
            while bin + 1 < counts.len() && edges.get(bin + 1).is_some_and(|edge| *edge <= value) {
                bin += 1;
            }
            let range = edges.first().copied().zip(edges.last().copied());
            match counts.get_mut(bin) {
                Some(count)
                    if range.is_some_and(|(first, last)| first <= value && value <= last) =>
                {
                    *count += calls;
                }
                _ => outside += calls,
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
