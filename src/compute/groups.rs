//! Aggregate by a dimension: the counts of each group, and the groups with their rates.
//! Not here: the key of each row (`keys.rs`).

use super::keys::{GroupKey, Keys};
use super::row_features::{FeatureReader, RowFeatures};
use super::statistics::{float, rate};
use crate::sort::sorted;

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The calls of one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The key; `GroupKey::None` for calls without a key.
    pub key: GroupKey,
    /// The number of calls.
    pub calls: u32,
    /// The number of answered calls.
    pub answered: u32,
    /// `answered` / `calls`.
    pub answer_rate: Option<f64>,
    /// The 95 % Wilson score interval of `answer_rate`.
    pub interval: Option<(f64, f64)>,
    /// Σ duration over answered calls.
    pub talk_seconds: f64,
    /// The mean duration of the answered calls with a duration.
    pub mean_duration: Option<f64>,
}

/// The counts of each group, by its bucket. Bucket 0 is for calls without a key.
#[derive(Debug, Clone, Default)]
pub(super) struct GroupTally {
    groups: Vec<GroupCounts>,
}

#[derive(Debug, Clone, Copy, Default)]
struct GroupCounts {
    calls: u32,
    answered: u32,
    /// The number of answered calls with a duration.
    timed: u32,
    /// The sum of these durations.
    seconds: i64,
}

impl GroupTally {
    /// Adds a call (`ADD`), or removes it (`REMOVE`).
    #[inline]
    pub(super) fn update(
        &mut self,
        bucket: u32,
        features: &RowFeatures,
        reader: &FeatureReader,
        by: u32,
    ) {
        let bucket = bucket as usize;
        if bucket >= self.groups.len() {
            self.groups.resize(bucket + 1, GroupCounts::default());
        }
        let Some(counts) = self.groups.get_mut(bucket) else { return };
        counts.calls = counts.calls.wrapping_add(by);
        if features.answered {
            counts.answered = counts.answered.wrapping_add(by);
            if let Some(code) = features.duration.code() {
                counts.timed = counts.timed.wrapping_add(by);
                let seconds = reader.durations.value(code as usize);
                // Sums wrap, so that a value can always be subtracted again.
                let seconds = seconds.wrapping_mul(by.cast_signed().into());
                counts.seconds = counts.seconds.wrapping_add(seconds);
            }
        }
    }

    /// Adds the counts of another tally (`ADD`), or subtracts them (`REMOVE`).
    pub(super) fn merge(&mut self, other: &Self, by: u32) {
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

    /// The size of the counts in bytes.
    pub(super) fn size(&self) -> usize {
        self.groups.len() * size_of::<GroupCounts>()
    }

    /// The groups with calls, in the order of their dimension.
    pub(super) fn groups(&self, keys: &Keys) -> Vec<Group> {
        let occurring = self.groups.iter().enumerate().filter(|(_, counts)| counts.calls > 0);
        let group = |(bucket, counts): (usize, &GroupCounts)| Group {
            key: keys.key(bucket),
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
            let has_no_key = |group: &Group| group.key == GroupKey::None;
            let calls =
                if by_calls { other.calls.cmp(&one.calls) } else { std::cmp::Ordering::Equal };
            has_no_key(one)
                .cmp(&has_no_key(other))
                .then(calls)
                .then_with(|| one.key.cmp(&other.key))
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
