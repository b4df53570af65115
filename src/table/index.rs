//! Which row holds a call: `callInstanceId` → row.

use super::integers::Integers;

const FEWEST: usize = 64;

/// An open-addressing table of row numbers; the ids themselves stay in their column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    /// Rows + 1, with linear probing; 0 is free. At most two thirds full.
    slots: Vec<u32>,
    used: usize,
}

impl Index {
    /// An index that so many ids fit into. One slot is always free: a search ends there.
    pub(crate) fn with_room(ids: usize) -> Self {
        Self { slots: vec![0; (ids * 3 / 2).max(FEWEST)], used: 0 }
    }

    /// Different ids in it.
    pub(crate) const fn len(&self) -> usize {
        self.used
    }

    /// The row of an id.
    #[inline]
    pub(crate) fn find(&self, id: i64, ids: &Integers) -> Option<usize> {
        let mut slot = self.start(id);
        loop {
            let row = self.slots.get(slot)?.checked_sub(1)? as usize;
            if ids.value(row) == Some(id) {
                return Some(row);
            }
            slot = self.next(slot);
        }
    }

    /// Notes that `row` holds `id` from now on.
    pub(crate) fn insert(&mut self, id: i64, row: usize, ids: &Integers) {
        if self.used * 3 >= self.slots.len() * 2 {
            self.grow(ids);
        }
        let mut slot = self.start(id);
        while let Some(known) = self.slots.get(slot).and_then(|row| row.checked_sub(1)) {
            if ids.value(known as usize) == Some(id) {
                self.used -= 1;
                break;
            }
            slot = self.next(slot);
        }
        self.used += 1;
        if let Some(place) = self.slots.get_mut(slot) {
            *place = u32::try_from(row + 1).unwrap_or(u32::MAX);
        }
    }

    /// Notes that rows from `first` on hold `new` ids, as long as they are new: how many of them are.
    pub(crate) fn extend(&mut self, new: &[i64], first: usize, ids: &Integers) -> usize {
        for (at, id) in new.iter().enumerate() {
            if self.used * 3 >= self.slots.len() * 2 {
                self.grow_beyond(ids, first, new);
            }
            let mut slot = self.start(*id);
            while let Some(row) = self.slots.get(slot).and_then(|row| row.checked_sub(1)) {
                if id_of(row as usize, ids, first, new) == Some(*id) {
                    return at;
                }
                slot = self.next(slot);
            }
            self.used += 1;
            if let Some(place) = self.slots.get_mut(slot) {
                *place = u32::try_from(first + at + 1).unwrap_or(u32::MAX);
            }
        }
        new.len()
    }

    #[cold]
    fn grow(&mut self, ids: &Integers) {
        self.grow_beyond(ids, usize::MAX, &[]);
    }

    /// Takes more room. The ids of the rows from `first` on are in `new`, and not in their column yet.
    #[cold]
    fn grow_beyond(&mut self, ids: &Integers, first: usize, new: &[i64]) {
        let size = (self.slots.len() * 3 / 2).max(FEWEST);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for row in old.into_iter().filter(|row| *row != 0) {
            let Some(id) = id_of(row as usize - 1, ids, first, new) else { continue };
            let mut slot = self.start(id);
            while self.slots.get(slot).is_some_and(|taken| *taken != 0) {
                slot = self.next(slot);
            }
            if let Some(place) = self.slots.get_mut(slot) {
                *place = row;
            }
        }
    }

    /// Multiplying by the golden ratio spreads ids that follow each other evenly over the slots.
    #[inline]
    fn start(&self, id: i64) -> usize {
        let hash = id.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        usize::try_from((hash * self.slots.len() as u64) >> 32).unwrap_or_default()
    }

    #[inline]
    fn next(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() { 0 } else { slot + 1 }
    }

    /// The bytes that it takes to grow before it has so many ids more.
    pub(crate) fn growth(&self, more: usize) -> usize {
        let grows = (self.used + more) * 3 >= self.slots.len() * 2;
        if grows { self.size() * 3 / 2 + FEWEST * size_of::<u32>() } else { 0 }
    }

    /// The bytes taken up.
    pub(crate) fn size(&self) -> usize {
        self.slots.capacity() * 4
    }
}

/// The id of a row, which is in its column, or from the row `first` on in `new`.
#[inline]
fn id_of(row: usize, ids: &Integers, first: usize, new: &[i64]) -> Option<i64> {
    match row.checked_sub(first) {
        Some(at) => new.get(at).copied(),
        None => ids.value(row),
    }
}
