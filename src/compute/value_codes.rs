//! Small consecutive codes for the values of a field, so that a vector can hold their counts.

use crate::columns::hash::Interner;
use crate::sort::sorted;

/// A value below this limit is its own code: most seconds, rounds, status codes and hours.
pub(super) const DENSE: usize = 4096;

/// The code of each distinct integer. A code never changes; a new value gets a new code.
#[derive(Debug, Clone, Default)]
pub(super) struct ValueCodes {
    /// The values of the codes from [`DENSE`] on.
    others: Interner,
}

impl ValueCodes {
    /// The code of a value.
    #[inline]
    pub(super) fn code(&mut self, value: i64) -> u32 {
        match u32::try_from(value) {
            Ok(code) if (code as usize) < DENSE => code,
            _ => u32::try_from(DENSE + self.others.position(value)).unwrap_or(u32::MAX),
        }
    }

    /// The value of a code.
    #[inline]
    pub(super) fn value(&self, code: usize) -> i64 {
        match code.checked_sub(DENSE) {
            None => i64::try_from(code).unwrap_or_default(),
            Some(position) => self.others.value(position).unwrap_or_default(),
        }
    }

    /// The values with a count, lowest first, from the counts of their codes.
    pub(super) fn counted(&self, counts: &[u32]) -> Vec<(i64, u32)> {
        let counts = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let counted: Vec<(i64, u32)> =
            counts.map(|(code, count)| (self.value(code), *count)).collect();
        if counted.is_sorted() { counted } else { sorted(&counted, Ord::cmp) }
    }
}

/// Adds `by` to the count of a code, and extends the vector for a new code.
#[inline]
pub(super) fn update(counts: &mut Vec<u32>, code: u32, by: u32) {
    let code = code as usize;
    if code >= counts.len() {
        counts.resize(code + 1, 0);
    }
    if let Some(count) = counts.get_mut(code) {
        *count = count.wrapping_add(by);
    }
}

/// Adds other counts (`ADD`), or subtracts them (`REMOVE`).
pub(super) fn merge(counts: &mut Vec<u32>, others: &[u32], by: u32) {
    if others.len() > counts.len() {
        counts.resize(others.len(), 0);
    }
    for (count, other) in counts.iter_mut().zip(others) {
        *count = count.wrapping_add(other.wrapping_mul(by));
    }
}

/// The summand that adds a row.
pub(super) const ADD: u32 = 1;

/// The summand that removes a row: −1, as counts wrap.
pub(super) const REMOVE: u32 = u32::MAX;
