//! Chart by dimensions: the counts of each group, and the groups in their order.
//! Not here: the key of each row (`keys.rs`).

use std::any::Any;
use std::cell::RefCell;
use std::cmp::Ordering;

use crate::columns::bitmap::Word;
use crate::compute::buckets::Buckets;
use crate::compute::chart::{Chart, ChartResult, Part, ResultContext, Rows};
use crate::compute::distribution::{float, or_nan};
use crate::compute::keys::{Dimension, GroupKey, Keys};
use crate::compute::row_features::{FeatureReader, FeatureSet, RowFeatures};
use crate::compute::rows_to_read::RowsToRead;
use crate::compute::spec::Spec;
use crate::compute::value_codes::update;
use crate::error::Result;
use crate::json::Value;
use crate::schema::GroupNumber;
use crate::sort::sorted_positions;
use crate::table::CallColumns;

/// The maximum number of groups that can be asked for.
const MAX_TOP: usize = 1_000_000;

/// The order of groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GroupOrder {
    /// By key.
    Key,
    /// By the calls that are counted, most first.
    Calls,
    /// By the calls of the whole set, most first, whatever the filters of linked charts are.
    Total,
}

/// Calls by dimensions. Each group has a bucket.
#[derive(Debug)]
pub(super) struct Groups {
    keys: Keys,
    order: GroupOrder,
    /// The number of groups to return, those with the most calls of the whole set; `None`: all.
    top: Option<usize>,
    /// The counts of each bucket.
    counts: Vec<GroupCounts>,
    /// In linked charts, the calls of the table in each bucket, whatever the filters are.
    totals: Vec<u32>,
    /// The order of the last result, until the calls of the table change.
    lasting_order: RefCell<Option<Vec<usize>>>,
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

impl Groups {
    /// `{ groupBy, order, top, level }`. TypeScript computes the intervals, so `level` is only checked.
    pub(super) fn read(spec: &Spec) -> Result<Box<dyn Chart>> {
        let dimensions = Dimension::read(spec)?;
        let [order, top, level] = spec.options(["order", "top", "level"])?;
        let order = match order {
            Value::Null if dimensions.iter().all(Dimension::is_ordered_by_calls) => {
                GroupOrder::Total
            }
            Value::Null => GroupOrder::Key,
            Value::Text(name) if name == "key" => GroupOrder::Key,
            Value::Text(name) if name == "calls" => GroupOrder::Calls,
            _ => return Err(spec.refuse("order", "expected \"key\" or \"calls\"")),
        };
        let valid = |level: f64| level > 0.0 && level < 1.0;
        if *level != Value::Null && !spec.number(level).is_some_and(valid) {
            return Err(spec.refuse("level", "expected a number between 0 and 1"));
        }
        let top = spec.count("top", top, MAX_TOP)?;
        Ok(Box::new(Self {
            keys: Keys::new(dimensions),
            order,
            top,
            counts: Vec::new(),
            totals: Vec::new(),
            lasting_order: RefCell::default(),
        }))
    }

    /// The buckets of the groups in their order. In linked charts a group stays when its calls do not pass any more.
    fn ordered(&self) -> Vec<usize> {
        let calls = |bucket: usize| self.counts.get(bucket).map_or(0, |counts| counts.calls);
        let total = |bucket: usize| match self.totals.get(bucket) {
            Some(total) => *total,
            None if self.totals.is_empty() => calls(bucket),
            None => 0,
        };
        let buckets = 0..self.counts.len().max(self.totals.len());
        let buckets: Vec<usize> = buckets.filter(|bucket| total(*bucket) > 0).collect();
        let Some(top) = self.top else { return self.sorted(&buckets, self.order, &calls, &total) };
        let mut largest = self.sorted(&buckets, GroupOrder::Total, &calls, &total);
        largest.truncate(top);
        self.sorted(&largest, self.order, &calls, &total)
    }

    /// Buckets in an order. The group without a key is the last one, whatever the order is.
    fn sorted(
        &self,
        buckets: &[usize],
        order: GroupOrder,
        calls: &dyn Fn(usize) -> u32,
        total: &dyn Fn(usize) -> u32,
    ) -> Vec<usize> {
        let count = match order {
            GroupOrder::Key => &|_| 0,
            GroupOrder::Calls => calls,
            GroupOrder::Total => total,
        };
        let groups = buckets.iter().map(|bucket| (*bucket, self.keys.key(*bucket)));
        let groups: Vec<(usize, Vec<GroupKey>)> = groups.collect();
        let is_last = |keys: &[GroupKey]| matches!(keys, [GroupKey::None]);
        let positions = sorted_positions(groups.len(), &|one, other| {
            let (Some((one, one_key)), Some((other, other_key))) =
                (groups.get(one), groups.get(other))
            else {
                return Ordering::Equal;
            };
            let by_calls = count(*other).cmp(&count(*one));
            is_last(one_key).cmp(&is_last(other_key)).then(by_calls).then(one_key.cmp(other_key))
        });
        positions.into_iter().filter_map(|at| buckets.get(at).copied()).collect()
    }

    /// The order depends only on the calls of the table, so a filter of linked charts does not change it.
    const fn has_lasting_order(&self) -> bool {
        !self.totals.is_empty() && !matches!(self.order, GroupOrder::Calls)
    }
}

impl Chart for Groups {
    fn empty_copy(&self) -> Box<dyn Chart> {
        Box::new(Self {
            keys: self.keys.empty_copy(),
            order: self.order,
            top: self.top,
            counts: Vec::new(),
            totals: Vec::new(),
            lasting_order: RefCell::default(),
        })
    }

    fn feature_set(&self) -> FeatureSet {
        FeatureSet { duration: true, chat_round: false, others: false }
    }

    fn has_buckets(&self) -> bool {
        true
    }

    fn read_buckets(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: &RowsToRead,
        buckets: &mut Buckets,
    ) {
        self.keys.read(columns, chunk, rows, buckets);
    }

    fn update(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32) {
        rows.for_each(words, |row, features| {
            count(&mut self.counts, rows.bucket(row), features, rows.reader, by);
        });
    }

    fn update_total(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32) {
        self.lasting_order.take();
        rows.for_each(words, |row, _| update(&mut self.totals, rows.bucket(row), by));
    }

    fn merge(&mut self, other: &dyn Chart, by: u32) {
        let other: &dyn Any = other;
        let Some(other) = other.downcast_ref::<Self>() else { return };
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), GroupCounts::default());
        }
        for (counts, other) in self.counts.iter_mut().zip(&other.counts) {
            counts.calls = counts.calls.wrapping_add(other.calls.wrapping_mul(by));
            counts.answered = counts.answered.wrapping_add(other.answered.wrapping_mul(by));
            counts.timed = counts.timed.wrapping_add(other.timed.wrapping_mul(by));
            let by = i64::from(by.cast_signed());
            counts.seconds = counts.seconds.wrapping_add(other.seconds.wrapping_mul(by));
        }
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.counts.len() * size_of::<GroupCounts>()
    }

    fn result(&self, _: &ResultContext) -> ChartResult {
        let known = self.lasting_order.take().filter(|_| self.has_lasting_order());
        let groups = known.unwrap_or_else(|| self.ordered());
        let mut numbers = Vec::with_capacity(groups.len() * GroupNumber::ALL.len());
        for bucket in &groups {
            let counts = self.counts.get(*bucket).copied().unwrap_or_default();
            numbers.extend(GroupNumber::ALL.iter().map(|number| match number {
                GroupNumber::Calls => f64::from(counts.calls),
                GroupNumber::Answered => f64::from(counts.answered),
                GroupNumber::TalkSeconds => float(counts.seconds),
                GroupNumber::MeanDuration => or_nan(
                    (counts.timed > 0).then(|| float(counts.seconds) / f64::from(counts.timed)),
                ),
            }));
        }
        let keys = groups.iter().flat_map(|bucket| self.keys.key(*bucket)).collect();
        self.lasting_order.replace(Some(groups));
        vec![Part::Keys(keys), Part::Numbers(numbers)]
    }
}

/// Adds a call (`ADD`), or removes it (`REMOVE`).
#[inline]
fn count(
    counts: &mut Vec<GroupCounts>,
    bucket: u32,
    features: &RowFeatures,
    reader: &FeatureReader,
    by: u32,
) {
    let bucket = bucket as usize;
    if bucket >= counts.len() {
        counts.resize(bucket + 1, GroupCounts::default());
    }
    let Some(counts) = counts.get_mut(bucket) else { return };
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
