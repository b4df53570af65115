//! The bucket of each row, for counting: the number of its group key, or its cell. Not here: the keys (`keys.rs`).

use std::ops::RangeInclusive;

use super::rows::Rows;
use super::value_codes::ValueCodes;
use crate::columns::integers::{FIRST_VALUE, Frame, low_half};
use crate::time::{hour_start_ms, local_hour};

/// Sets `buckets` to the bucket of each row by its value: 0 for none, then the codes of the values. Returns whether each
/// value is its own code; otherwise `buckets` stay as they are.
pub(super) fn by_own_code<const DENSE: usize>(
    rows: &Rows,
    field: usize,
    buckets: &mut Vec<u32>,
) -> bool {
    match rows.shift(field) {
        Some((shift, (least, most))) if ValueCodes::<DENSE>::are_values(least, most) => {
            set_each(rows, field, buckets, |code| {
                let bucket = low_half(code).wrapping_add(shift).wrapping_add(1);
                if code < FIRST_VALUE { 0 } else { bucket }
            });
            true
        }
        _ => false,
    }
}

/// Sets `buckets` to the bucket of each row by its code in the column's dictionary. A row without a text has bucket 0.
pub(super) fn by_code(rows: &Rows, field: usize, bucket_by_code: &[u32], buckets: &mut Vec<u32>) {
    let (shift, _) = rows.shift(field).unwrap_or_default();
    set_each(rows, field, buckets, |code| {
        let bucket = bucket_by_code.get(low_half(code).wrapping_add(shift) as usize);
        bucket.copied().filter(|_| code >= FIRST_VALUE).unwrap_or_default()
    });
}

/// Calls `visit` with each run of rows with the same bucket: the bucket and the rows. A row without a value has the bucket
/// 0. For any other code, `bucket` returns the range of codes with the same bucket, and this bucket. It is called once for
/// each run.
pub(super) fn for_each_run(
    rows: &Rows,
    field: usize,
    positions: &[u16],
    bucket: &mut dyn FnMut(u64) -> (RangeInclusive<u64>, u32),
    visit: &mut dyn FnMut(u32, &[u16]),
) {
    let (mut low, mut span, mut last) = (0, FIRST_VALUE - 1, 0);
    let mut first = 0;
    rows.for_each_code(field, positions, 0.., |code, row| {
        if code.wrapping_sub(low) > span {
            visit(last, positions.get(first..row).unwrap_or_default());
            first = row;
            let (same, bucket) =
                if code < FIRST_VALUE { (0..=FIRST_VALUE - 1, 0) } else { bucket(code) };
            low = *same.start();
            span = same.end() - low;
            last = bucket;
        }
    });
    visit(last, positions.get(first..).unwrap_or_default());
}

/// The range of codes in the same hour as a code, and the bucket of this hour.
pub(super) fn in_hour(
    frame: Frame,
    code: u64,
    bucket: impl FnOnce(i32) -> u32,
) -> (RangeInclusive<u64>, u32) {
    let hour = local_hour(frame.value(code));
    let (first, last) = (hour_start_ms(hour), hour_start_ms(hour + 1) - 1);
    (range(frame, code, first, last), bucket(hour))
}

/// The codes of the values from `first` to `last`, of which `code` is one.
pub(super) fn range(frame: Frame, code: u64, first: i64, last: i64) -> RangeInclusive<u64> {
    let (low, high) = frame.codes(first, last).unwrap_or((code, code));
    low..=high
}

#[inline]
fn set_each(rows: &Rows, field: usize, buckets: &mut Vec<u32>, mut bucket: impl FnMut(u64) -> u32) {
    buckets.resize(rows.all().len(), 0);
    rows.for_each_code(field, rows.all(), buckets.iter_mut(), |code, place| *place = bucket(code));
}
