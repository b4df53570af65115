//! Slices: the contribution of each value of a field to all charts, cached while a brush moves over the values.
//! When the brush crosses a value again, no row is read. Not here: the charts themselves (`linked.rs`).

use super::counts::{ADD, Counts, REMOVE};
use super::filter::{Condition, Filter};
use crate::schema::field;

/// Values from this limit on, and negative values, have no slices.
const VALUE_LIMIT: i64 = 1024;

/// The maximum number of new slices for one move of the brush. A brush that jumps further may never come back.
const MAX_NEW_SLICES: usize = 16;

/// The maximum size of all slices in bytes. Beyond it, all slices are dropped.
const MAX_BYTES: usize = 1 << 24;

/// The slices of the rows that pass each filter except the brush. They are valid until another filter changes or
/// rows are added or removed.
#[derive(Debug)]
pub(super) struct Slices {
    /// The chart whose filter is the brush.
    pub(super) chart: usize,
    /// The field of the brush.
    pub(super) field: usize,
    /// The slice of each value: the counts of its rows in each chart.
    by_value: Vec<Option<Vec<Counts>>>,
    /// The size of all slices in bytes.
    size: usize,
}

impl Slices {
    /// No slices.
    pub(super) const fn new(chart: usize, field: usize) -> Self {
        Self { chart, field, by_value: Vec::new(), size: 0 }
    }

    /// The crossed values that have no slice; `None` if there are too many.
    pub(super) fn missing(&self, crossed: &[(usize, i64)]) -> Option<Vec<usize>> {
        let missing = crossed.iter().map(|(value, _)| *value);
        let missing = missing.filter(|value| !matches!(self.by_value.get(*value), Some(Some(_))));
        let missing: Vec<usize> = missing.take(MAX_NEW_SLICES + 1).collect();
        (missing.len() <= MAX_NEW_SLICES).then_some(missing)
    }

    /// The slice of a value: the counts of its rows in each chart.
    pub(super) fn get(&self, value: usize) -> &[Counts] {
        self.by_value.get(value).and_then(Option::as_deref).unwrap_or_default()
    }

    pub(super) fn insert(&mut self, value: usize, mut slice: Vec<Counts>) {
        slice.iter_mut().for_each(Counts::trim);
        self.size += slice.iter().map(Counts::size).sum::<usize>();
        if value >= self.by_value.len() {
            self.by_value.resize_with(value + 1, || None);
        }
        if let Some(slot) = self.by_value.get_mut(value) {
            *slot = Some(slice);
        }
    }

    /// Whether the slices exceed their maximum size.
    pub(super) const fn are_too_large(&self) -> bool {
        self.size > MAX_BYTES
    }
}

/// The field and the ranges of a brush: a filter that consists only of ranges of one field.
pub(super) fn brushed(filter: &Filter) -> Option<(usize, &[(i64, i64)])> {
    match filter.conditions.as_slice() {
        [Condition::Ranges(field @ (field::DURATION | field::CHAT_ROUND), ranges)] => {
            Some((*field, ranges))
        }
        _ => None,
    }
}

/// The values whose rows begin to pass (`ADD`) or cease to pass (`REMOVE`) when a brush moves; `None` if a value
/// without a slice is among them.
pub(super) fn crossed(old: &[(i64, i64)], new: &[(i64, i64)]) -> Option<Vec<(usize, i64)>> {
    let holds = |ranges: &[(i64, i64)], value: i64| {
        ranges.iter().any(|(min, max)| (*min..=*max).contains(&value))
    };
    let beyond = |ranges: &[(i64, i64)]| -> Vec<(i64, i64)> {
        let parts = ranges
            .iter()
            .flat_map(|(min, max)| [(*min, (*max).min(-1)), ((*min).max(VALUE_LIMIT), *max)]);
        parts.filter(|(min, max)| min <= max).collect()
    };
    if beyond(old) != beyond(new) {
        return None;
    }
    let change = |(index, value): (usize, i64)| match (holds(old, value), holds(new, value)) {
        (false, true) => Some((index, ADD)),
        (true, false) => Some((index, REMOVE)),
        _ => None,
    };
    Some((0..).zip(0..VALUE_LIMIT).filter_map(change).collect())
}
