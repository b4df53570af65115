//! Chart by dimensions: the counts of each group, and the groups in their order.
//! Not here: the key of each row (`keys.rs`).

use std::cell::RefCell;
use std::cmp::Ordering;
use std::iter::repeat;

use crate::columns::integers::FIRST_VALUE;
use crate::compute::chart::{Chart, ChartResult, Part};
use crate::compute::counts::{Counts, extend};
use crate::compute::dimension::Dimension;
use crate::compute::distribution::{float, or_nan};
use crate::compute::keys::{GroupKey, Keys};
use crate::compute::rows::{Rows, length};
use crate::compute::spec::Spec;
use crate::error::Result;
use crate::json::Value;
use crate::schema::{GroupNumber, field};
use crate::sort::sorted_positions;

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

/// Calls by dimensions. Each group has a bucket. The first list has the counts of each bucket.
#[derive(Debug)]
pub(super) struct Groups {
    keys: Keys,
    order: GroupOrder,
    /// The number of groups to return, those with the most calls of the whole set; `None`: all.
    top: Option<usize>,
    /// In linked charts, the calls of the table in each bucket, whatever the filters are.
    totals: Vec<i64>,
    /// The order of the last result, until the calls of the table change.
    lasting_order: RefCell<Option<Vec<usize>>>,
}

/// The counts of a bucket: the calls, the answered calls, those of them with a duration, the sum of these durations.
type GroupCounts = [i64; NUMBERS];

const NUMBERS: usize = 4;

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
            keys: Keys::new(dimensions, spec.is_linked()),
            order,
            top,
            totals: Vec::new(),
            lasting_order: RefCell::default(),
        }))
    }

    /// The buckets of the groups in their order. In linked charts a group stays when its calls do not pass any more.
    fn ordered(&self, counts: &[GroupCounts]) -> Vec<usize> {
        let calls = |bucket: usize| counts.get(bucket).map_or(0, |[calls, ..]| *calls);
        let total = |bucket: usize| match self.totals.get(bucket) {
            Some(total) => *total,
            None if self.totals.is_empty() => calls(bucket),
            None => 0,
        };
        let buckets = 0..counts.len().max(self.totals.len());
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
        calls: &dyn Fn(usize) -> i64,
        total: &dyn Fn(usize) -> i64,
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
    fn count(&mut self, rows: &Rows, counts: &mut Counts, by: i64) {
        let [list, ..] = &mut counts.lists;
        if self.keys.has_runs() {
            self.keys.for_each_run(rows, rows.answered(), &mut |bucket, run| {
                let [timed, seconds] = durations(rows, run);
                add(list, bucket, [length(run), length(run), timed, seconds], by);
            });
            self.keys.for_each_run(rows, rows.others(), &mut |bucket, run| {
                add(list, bucket, [length(run), 0, 0, 0], by);
            });
            return;
        }
        self.keys.read(rows);
        extend(list, self.keys.len() * NUMBERS);
        let (counts, _) = list.as_chunks_mut::<NUMBERS>();
        let buckets = self.keys.buckets();
        for bucket in buckets {
            if let Some([calls, ..]) = counts.get_mut(*bucket as usize) {
                *calls = calls.wrapping_add(by);
            }
        }
        let frame = rows.frame(field::DURATION);
        let buckets = buckets.iter();
        rows.for_each_code(field::DURATION, rows.answered(), buckets, |code, bucket| {
            let counts = counts.get_mut(*bucket as usize);
            let Some([_, answered, timed, seconds]) = counts else { return };
            *answered = answered.wrapping_add(by);
            if code >= FIRST_VALUE {
                *timed = timed.wrapping_add(by);
                // Sums wrap, so that a value can always be subtracted again.
                *seconds = seconds.wrapping_add(frame.value(code).wrapping_mul(by));
            }
        });
    }

    fn count_total(&mut self, rows: &Rows, by: i64) {
        self.lasting_order.take();
        self.keys.read(rows);
        self.totals.resize(self.keys.len(), 0);
        for bucket in self.keys.buckets() {
            if let Some(total) = self.totals.get_mut(*bucket as usize) {
                *total += by;
            }
        }
    }

    fn forget(&mut self) {
        self.keys.forget();
        self.totals.clear();
        self.lasting_order.take();
    }

    fn result(&self, counts: &Counts, _: &dyn Fn() -> Option<(i64, i64)>) -> ChartResult {
        let [list, ..] = &counts.lists;
        let (counts, _) = list.as_chunks::<NUMBERS>();
        let known = self.lasting_order.take().filter(|_| self.has_lasting_order());
        let groups = known.unwrap_or_else(|| self.ordered(counts));
        let mut numbers = Vec::with_capacity(groups.len() * GroupNumber::ALL.len());
        for bucket in &groups {
            let [calls, answered, timed, seconds] =
                counts.get(*bucket).copied().unwrap_or_default();
            numbers.extend(GroupNumber::ALL.iter().map(|number| match number {
                GroupNumber::Calls => float(calls),
                GroupNumber::Answered => float(answered),
                GroupNumber::TalkSeconds => float(seconds),
                GroupNumber::MeanDuration => {
                    or_nan((timed > 0).then(|| float(seconds) / float(timed)))
                }
            }));
        }
        let keys = groups.iter().flat_map(|bucket| self.keys.key(*bucket)).collect();
        self.lasting_order.replace(Some(groups));
        vec![Part::Keys(keys), Part::Numbers(numbers)]
    }
}

/// The number of the durations of some rows, and their sum.
fn durations(rows: &Rows, run: &[u16]) -> [i64; 2] {
    let frame = rows.frame(field::DURATION);
    let (mut timed, mut seconds) = (0, 0_i64);
    rows.for_each_code(field::DURATION, run, repeat(()), |code, ()| {
        if code >= FIRST_VALUE {
            timed += 1;
            seconds = seconds.wrapping_add(frame.value(code));
        }
    });
    [timed, seconds]
}

/// Adds counts to those of a bucket, or subtracts them.
fn add(list: &mut Vec<i64>, bucket: u32, counts: GroupCounts, by: i64) {
    let first = bucket as usize * NUMBERS;
    extend(list, first + NUMBERS);
    for (number, count) in list.iter_mut().skip(first).zip(counts) {
        *number = number.wrapping_add(count.wrapping_mul(by));
    }
}
