//! The hash table of this crate, from keys to positions, and an interner of integers. The table holds only
//! 32-bit positions; the keys stay in a column or a list of the caller's. Keys are never removed.
//!
//! Linear probing, at most two thirds full. The high bits of a hash choose the slot, so the number of
//! slots need not be a power of two, and it grows by half. Not here: the keys.

const MINIMUM_SLOTS: usize = 64;

/// Hash table from keys to positions.
#[derive(Debug, Clone, Default)]
pub(crate) struct HashIndex {
    /// Positions + 1; 0 is a free slot. A third of the slots is always free, so every search ends.
    slots: Vec<u32>,
    used: usize,
}

impl HashIndex {
    /// The number of keys.
    pub(crate) const fn len(&self) -> usize {
        self.used
    }

    /// The position of a key. `is_key` tells whether a position is the position of this key.
    #[inline]
    pub(crate) fn find(&self, hash: u32, is_key: impl Fn(usize) -> bool) -> Option<usize> {
        self.probe(hash, is_key).1
    }

    /// Grows unless `more` further keys fit. The caller calls this before [`Self::insert`] and [`Self::replace`].
    /// `hash_at` returns the hash of the key at a position.
    #[inline]
    pub(crate) fn make_room(&mut self, more: usize, hash_at: &dyn Fn(usize) -> u32) {
        if let Some(slots) = self.slots_for(more) {
            self.grow(slots, hash_at);
        }
    }

    /// Stores the position of a new key. For a known key it changes nothing and returns the known position.
    #[inline]
    pub(crate) fn insert(
        &mut self,
        hash: u32,
        position: usize,
        is_key: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let (slot, known) = self.probe(hash, is_key);
        if known.is_none() {
            self.used += 1;
            self.set(slot, position);
        }
        known
    }

    /// Stores the position of a key and replaces an earlier one.
    #[inline]
    pub(crate) fn replace(&mut self, hash: u32, position: usize, is_key: impl Fn(usize) -> bool) {
        let (slot, known) = self.probe(hash, is_key);
        self.used += usize::from(known.is_none());
        self.set(slot, position);
    }

    /// Bytes that [`Self::make_room`] allocates.
    pub(crate) fn growth(&self, more: usize) -> usize {
        self.slots_for(more).map_or(0, |slots| slots * size_of::<u32>())
    }

    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    /// The new number of slots if `more` further keys do not fit.
    #[inline]
    fn slots_for(&self, more: usize) -> Option<usize> {
        let (slots, needed) = (self.slots.len(), (self.used + more) * 3 / 2 + 1);
        (needed > slots).then(|| needed.max(slots * 3 / 2).max(MINIMUM_SLOTS))
    }

    /// The slot and the position of a key; for an unknown key, the free slot for it.
    #[inline]
    fn probe(&self, hash: u32, is_key: impl Fn(usize) -> bool) -> (usize, Option<usize>) {
        let count = self.slots.len();
        let mut slot = usize::try_from((u64::from(hash) * count as u64) >> 32).unwrap_or_default();
        while let Some(position) = self.slots.get(slot).and_then(|slot| slot.checked_sub(1)) {
            if is_key(position as usize) {
                return (slot, Some(position as usize));
            }
            slot = if slot + 1 == count { 0 } else { slot + 1 };
        }
        (slot, None)
    }

    #[inline]
    fn set(&mut self, slot: usize, position: usize) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = u32::try_from(position + 1).unwrap_or(u32::MAX);
        }
    }

    #[cold]
    fn grow(&mut self, slots: usize, hash_at: &dyn Fn(usize) -> u32) {
        let old = std::mem::replace(&mut self.slots, vec![0; slots]);
        for position in old.into_iter().filter_map(|slot| slot.checked_sub(1)) {
            let position = position as usize;
            let (slot, _) = self.probe(hash_at(position), |_| false);
            self.set(slot, position);
        }
    }
}

/// Distinct integers, numbered in the order of first occurrence.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    values: Vec<i64>,
    index: HashIndex,
}

impl Interner {
    /// The position of a value. A new value is added.
    pub(crate) fn position(&mut self, value: i64) -> usize {
        let (values, next) = (&self.values, self.values.len());
        let value_at = |position: usize| values.get(position).copied().unwrap_or_default();
        self.index.make_room(1, &|position| hash_of_integer(value_at(position)));
        let is_value = |position| value_at(position) == value;
        let known = self.index.insert(hash_of_integer(value), next, is_value);
        known.unwrap_or_else(|| {
            self.values.push(value);
            next
        })
    }

    /// The number of values.
    pub(crate) const fn len(&self) -> usize {
        self.values.len()
    }

    /// The value at a position.
    pub(crate) fn value(&self, position: usize) -> Option<i64> {
        self.values.get(position).copied()
    }
}

/// The hash of an integer. Consecutive integers spread evenly over the slots.
#[inline]
pub(crate) const fn hash_of_integer(value: i64) -> u32 {
    (mix(0, value.cast_unsigned()) >> 32) as u32
}

/// The hash of a text. It does not resist hostile texts: many texts with one hash make searches slow.
#[inline]
pub(crate) fn hash_of_text(text: &[u8]) -> u32 {
    let (words, rest) = text.as_chunks::<8>();
    let mut hash = text.len() as u64;
    for word in words {
        hash = mix(hash, u64::from_le_bytes(*word));
    }
    let last = rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte));
    (mix(hash, last) >> 32) as u32
}

/// Mixes a word into a hash by multiplication with the golden ratio.
#[inline]
const fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_an_integer_comes_again_it_keeps_its_first_position() {
        let mut interner = Interner::default();
        for _ in 0..3 {
            for at in 0..5000 {
                let value = (i64::try_from(at).unwrap() - 2500) * 1_000_003;
                assert_eq!(interner.position(value), at);
                assert_eq!(interner.value(at), Some(value));
            }
        }
        assert_eq!(interner.value(5000), None);
    }

    #[test]
    fn when_keys_share_a_hash_each_keeps_its_own_position() {
        let keys: Vec<usize> = (0..200).map(|at| at * 7).collect();
        for hash in [0, u32::MAX] {
            let mut index = HashIndex::default();
            assert_eq!(index.find(hash, |_| true), None);
            for round in 0..2 {
                for (at, key) in keys.iter().enumerate() {
                    index.make_room(1, &|_| hash);
                    let known = index.insert(hash, at, |other| keys[other] == *key);
                    assert_eq!(known, (round > 0).then_some(at));
                }
            }
            assert_eq!(index.len(), keys.len());
            assert_eq!(index.find(hash, |other| keys[other] == 700), Some(100));
            assert_eq!(index.find(hash, |other| keys[other] == 701), None);
        }
    }

    #[test]
    fn when_a_key_is_replaced_its_last_position_is_found() {
        let mut index = HashIndex::default();
        let key_at = |position| i64::try_from(position % 100).unwrap();
        let room = index.growth(100);
        index.make_room(100, &|position| hash_of_integer(key_at(position)));
        for position in 0..300 {
            let key = key_at(position);
            index.replace(hash_of_integer(key), position, |other| key_at(other) == key);
        }
        assert_eq!((index.len(), index.size(), index.growth(0)), (100, room, 0));
        for key in 0..100 {
            let position = 200 + usize::try_from(key).unwrap();
            let found = index.find(hash_of_integer(key), |other| key_at(other) == key);
            assert_eq!(found, Some(position));
        }
    }
}
