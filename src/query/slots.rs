//! Small numbers for the values of a column, so that they can be counted in a vector.

use crate::sort::sorted;

/// Values below this are their own slot: seconds, rounds, codes, hours.
pub(super) const DENSE: usize = 4096;

/// A slot for each distinct integer. Slots never change; new values get new ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    /// The values of the slots from [`DENSE`] on.
    values: Vec<i64>,
    /// Positions in `values` + 1 by hash, with linear probing; 0 is free. A power of two, at most half full.
    places: Vec<u32>,
}

impl Slots {
    /// The slot of a value.
    #[inline]
    pub(super) fn slot(&mut self, value: i64) -> u32 {
        match u32::try_from(value) {
            Ok(slot) if (slot as usize) < DENSE => slot,
            _ => self.other(value),
        }
    }

    fn other(&mut self, value: i64) -> u32 {
        if self.values.len() * 2 >= self.places.len() {
            self.places = vec![0; (self.places.len() * 2).max(16)];
            for at in 0..self.values.len() {
                let value = self.values.get(at).copied().unwrap_or_default();
                let (place, _) = self.find(value, at);
                self.occupy(place, at);
            }
        }
        let all = self.values.len();
        let (place, known) = self.find(value, all);
        let at = known.unwrap_or_else(|| {
            self.values.push(value);
            self.occupy(place, all);
            all
        });
        u32::try_from(DENSE + at).unwrap_or(u32::MAX)
    }

    /// The place of a value among the first `all`, and its position if it is there.
    fn find(&self, value: i64, all: usize) -> (usize, Option<usize>) {
        let mask = self.places.len() - 1;
        let hash = value.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let mut place = usize::try_from(hash).unwrap_or_default() & mask;
        while let Some(at) = self.places.get(place).and_then(|at| at.checked_sub(1)) {
            let at = at as usize;
            if at < all && self.values.get(at) == Some(&value) {
                return (place, Some(at));
            }
            place = (place + 1) & mask;
        }
        (place, None)
    }

    fn occupy(&mut self, place: usize, at: usize) {
        if let (Some(place), Ok(at)) = (self.places.get_mut(place), u32::try_from(at + 1)) {
            *place = at;
        }
    }

    /// The value of a slot.
    #[inline]
    pub(super) fn value(&self, slot: usize) -> i64 {
        match slot.checked_sub(DENSE) {
            None => i64::try_from(slot).unwrap_or_default(),
            Some(at) => self.values.get(at).copied().unwrap_or_default(),
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

/// Counts `MORE` of others, or `LESS` of them.
pub(super) fn add(counts: &mut Vec<u32>, others: &[u32], by: u32) {
    if others.len() > counts.len() {
        counts.resize(others.len(), 0);
    }
    for (count, other) in counts.iter_mut().zip(others) {
        *count = count.wrapping_add(other.wrapping_mul(by));
    }
}

/// What [`change`] adds for one more, and for one less.
pub(super) const MORE: u32 = 1;
pub(super) const LESS: u32 = u32::MAX;
