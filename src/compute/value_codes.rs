//! Small numbers for the values of a column, so that they can be counted in a vector.

use crate::columns::hash::Interner;
use crate::sort::sorted;

/// Values below this are their own slot: seconds, rounds, codes, hours.
pub(super) const DENSE: usize = 4096;

/// A slot for each distinct integer. ValueCodes never change; new values get new ones.
#[derive(Debug, Clone, Default)]
pub(super) struct ValueCodes {
    /// The values of the slots from [`DENSE`] on.
    others: Interner,
}

impl ValueCodes {
    /// The slot of a value.
    #[inline]
    pub(super) fn slot(&mut self, value: i64) -> u32 {
        match u32::try_from(value) {
            Ok(slot) if (slot as usize) < DENSE => slot,
            _ => u32::try_from(DENSE + self.others.position(value)).unwrap_or(u32::MAX),
        }
    }

    /// The value of a slot.
    #[inline]
    pub(super) fn value(&self, slot: usize) -> i64 {
        match slot.checked_sub(DENSE) {
            None => i64::try_from(slot).unwrap_or_default(),
            Some(at) => self.others.value(at).unwrap_or_default(),
        }
    }

    /// The values with a count, lowest first, from the counts of their slots.
    pub(super) fn counted(&self, counts: &[u32]) -> Vec<(i64, u32)> {
        let counts = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let counted: Vec<(i64, u32)> =
            counts.map(|(slot, count)| (self.value(slot), *count)).collect();
        if counted.is_sorted() { counted } else { sorted(&counted, Ord::cmp) }
    }
}

/// One more, or one less, in a vector that grows as slots come.
#[inline]
pub(super) fn change(counts: &mut Vec<u32>, slot: u32, by: u32) {
    let slot = slot as usize;
    if slot >= counts.len() {
        counts.resize(slot + 1, 0);
    }
    if let Some(count) = counts.get_mut(slot) {
        *count = count.wrapping_add(by);
    }
}

/// Counts `ADD` of others, or `REMOVE` of them.
pub(super) fn add(counts: &mut Vec<u32>, others: &[u32], by: u32) {
    if others.len() > counts.len() {
        counts.resize(others.len(), 0);
    }
    for (count, other) in counts.iter_mut().zip(others) {
        *count = count.wrapping_add(other.wrapping_mul(by));
    }
}

/// What [`change`] adds for one more, and for one less.
pub(super) const ADD: u32 = 1;
pub(super) const REMOVE: u32 = u32::MAX;
