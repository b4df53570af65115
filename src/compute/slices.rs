//! What the rows of each value add to the charts, kept while one brush moves over the values: a
//! value it crosses for the second time costs no look at a row.

use super::chart::Chart;
use super::filter::{Condition, Filter};
use super::histogram::HistogramField;
use super::row_features::RowFeatures;
use super::value_codes::{ADD, REMOVE};
use crate::schema::field;

/// Values from this on have no slices.
const VALUES: i64 = 1024;

/// Values for which slices are cut at a time. A brush that jumps over more may never come back.
const FEW: usize = 16;

/// Bytes of slices; all are forgotten when there are more.
const ROOM: usize = 1 << 24;

/// Slices of the rows that pass each filter but the brush: they hold as long as no other filter
/// moves, and no row comes or goes.
#[derive(Debug)]
pub(super) struct Slices {
    /// The chart whose filter is the brush.
    pub(super) chart: usize,
    pub(super) column: HistogramField,
    /// By value: what its rows add to each chart.
    of: Vec<Option<Vec<Chart>>>,
    size: usize,
}

impl Slices {
    /// None for any brush.
    pub(super) const fn new(chart: usize, column: HistogramField) -> Self {
        Self { chart, column, of: Vec::new(), size: 0 }
    }

    /// The values among these that have no slice; `None` if there are many.
    pub(super) fn missing(&self, crossed: &[(usize, u32)]) -> Option<Vec<usize>> {
        let missing = crossed.iter().map(|(value, _)| *value);
        let missing = missing.filter(|value| !matches!(self.of.get(*value), Some(Some(_))));
        let missing: Vec<usize> = missing.take(FEW + 1).collect();
        (missing.len() <= FEW).then_some(missing)
    }

    /// What a value's rows add to each chart.
    pub(super) fn get(&self, value: usize) -> &[Chart] {
        self.of.get(value).and_then(Option::as_deref).unwrap_or_default()
    }

    pub(super) fn keep(&mut self, value: usize, slice: Vec<Chart>) {
        self.size += slice.iter().map(Chart::size).sum::<usize>();
        if value >= self.of.len() {
            self.of.resize(value + 1, None);
        }
        if let Some(place) = self.of.get_mut(value) {
            *place = Some(slice);
        }
    }

    /// Whether they take up more room than they may.
    pub(super) const fn are_many(&self) -> bool {
        self.size > ROOM
    }

    /// The value by which a row is in a slice.
    #[inline]
    pub(super) fn value(&self, facts: &RowFeatures) -> Option<usize> {
        self.column.fact(facts).value().map(|value| value as usize)
    }
}

/// The column of a filter that is nothing but ranges of it, as a brush is.
pub(super) fn brushed(filter: &Filter) -> Option<(HistogramField, &[(i64, i64)])> {
    match filter.conditions.as_slice() {
        [Condition::Ranges(field::DURATION, ranges)] => Some((HistogramField::Duration, ranges)),
        [Condition::Ranges(field::CHAT_ROUND, ranges)] => Some((HistogramField::ChatRound, ranges)),
        _ => None,
    }
}

/// The values whose rows come in (`ADD`) or go out (`REMOVE`) when a brush moves; `None` if there are
/// some that have no slices.
pub(super) fn crossed(old: &[(i64, i64)], new: &[(i64, i64)]) -> Option<Vec<(usize, u32)>> {
    let holds = |ranges: &[(i64, i64)], value: i64| {
        ranges.iter().any(|(least, most)| (*least..=*most).contains(&value))
    };
    let beyond = |ranges: &[(i64, i64)]| -> Vec<(i64, i64)> {
        let parts = ranges
            .iter()
            .flat_map(|(least, most)| [(*least, (*most).min(-1)), ((*least).max(VALUES), *most)]);
        parts.filter(|(least, most)| least <= most).collect()
    };
    if beyond(old) != beyond(new) {
        return None;
    }
    let change = |(at, value): (usize, i64)| match (holds(old, value), holds(new, value)) {
        (false, true) => Some((at, ADD)),
        (true, false) => Some((at, REMOVE)),
        _ => None,
    };
    Some((0..).zip(0..VALUES).filter_map(change).collect())
}
