//! Calls by a dimension: keys, and what is counted for each.

use super::keys::{GroupKey, Keys};
use super::row_features::{FeatureReader, RowFeatures};
use super::statistics::{float, rate};
use crate::sort::sorted;

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The calls of one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The key; `GroupKey::None` for calls that have none.
    pub key: GroupKey,
    /// Calls.
    pub calls: u32,
    /// Answered calls.
    pub answered: u32,
    /// Answered by calls.
    pub answer_rate: Option<f64>,
    /// 95 % Wilson score interval of that rate.
    pub interval: Option<(f64, f64)>,
    /// Σ duration over answered calls.
    pub talk_seconds: f64,
    /// Mean duration of the answered calls that have one.
    pub mean_duration: Option<f64>,
}

/// What is counted for each key; the first is for calls without a key.
#[derive(Debug, Clone, Default)]
pub(super) struct GroupTally {
    groups: Vec<GroupCounts>,
}

#[derive(Debug, Clone, Copy, Default)]
struct GroupCounts {
    calls: u32,
    answered: u32,
    /// Answered calls with a duration, and its sum.
    timed: u32,
    seconds: i64,
}

impl GroupTally {
    /// One call `ADD`, or one `REMOVE`.
    #[inline]
    pub(super) fn change(
        &mut self,
        key: u32,
        facts: &RowFeatures,
        reader: &FeatureReader,
        by: u32,
    ) {
        let key = key as usize;
        if key >= self.groups.len() {
            self.groups.resize(key + 1, GroupCounts::default());
        }
        let Some(counts) = self.groups.get_mut(key) else { return };
        counts.calls = counts.calls.wrapping_add(by);
        if facts.answered {
            counts.answered = counts.answered.wrapping_add(by);
            if let Some(slot) = facts.duration.value() {
                counts.timed = counts.timed.wrapping_add(by);
                let seconds = reader.durations.value(slot as usize);
                // Sums wrap, so that what was added can be taken away again, whatever it was.
                let seconds = seconds.wrapping_mul(by.cast_signed().into());
                counts.seconds = counts.seconds.wrapping_add(seconds);
            }
        }
    }

    /// What another has counted, `ADD` or `REMOVE` of it.
    pub(super) fn add(&mut self, other: &Self, by: u32) {
        if other.groups.len() > self.groups.len() {
            self.groups.resize(other.groups.len(), GroupCounts::default());
        }
        for (counts, other) in self.groups.iter_mut().zip(&other.groups) {
            counts.calls = counts.calls.wrapping_add(other.calls.wrapping_mul(by));
            counts.answered = counts.answered.wrapping_add(other.answered.wrapping_mul(by));
            counts.timed = counts.timed.wrapping_add(other.timed.wrapping_mul(by));
            let by = i64::from(by.cast_signed());
            counts.seconds = counts.seconds.wrapping_add(other.seconds.wrapping_mul(by));
        }
    }

    /// The bytes it takes up.
    pub(super) fn size(&self) -> usize {
        self.groups.len() * size_of::<GroupCounts>()
    }

    /// The groups that have calls, in the order of their dimension.
    pub(super) fn groups(&self, keys: &Keys) -> Vec<Group> {
        let occurring = self.groups.iter().enumerate().filter(|(_, counts)| counts.calls > 0);
        let group = |(key, counts): (usize, &GroupCounts)| Group {
            key: keys.key(key),
            calls: counts.calls,
            answered: counts.answered,
            answer_rate: rate(counts.answered, counts.calls),
            interval: wilson(counts.answered, counts.calls),
            talk_seconds: float(counts.seconds),
            mean_duration: (counts.timed > 0)
                .then(|| float(counts.seconds) / f64::from(counts.timed)),
        };
        let groups: Vec<Group> = occurring.map(group).collect();
        let by_calls = keys.are_ordered_by_calls();
        sorted(&groups, |one, other| {
            let none = |group: &Group| group.key == GroupKey::None;
            let calls =
                if by_calls { other.calls.cmp(&one.calls) } else { std::cmp::Ordering::Equal };
            none(one).cmp(&none(other)).then(calls).then_with(|| one.key.cmp(&other.key))
        })
    }
}

/// The Wilson score interval of a proportion.
fn wilson(part: u32, whole: u32) -> Option<(f64, f64)> {
    let p = rate(part, whole)?;
    let n = f64::from(whole);
    let centre = p + Z * Z / (2.0 * n);
    let margin = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some((((centre - margin) / scale).max(0.0), ((centre + margin) / scale).min(1.0)))
}
