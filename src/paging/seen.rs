//! Ids that have been seen, each with the round in which it was seen last. The standard library's maps
//! are five kilobytes of code; this one is only ever added to.

/// Open addressing; at most half of the slots are taken.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    slots: Vec<Slot>,
    taken: usize,
}

/// An id and its round. Round 0 is a slot that is free.
type Slot = (i64, u32);

impl Seen {
    /// Ids that have been seen in any round.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.taken
    }

    /// Whether none has been.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.taken == 0
    }

    /// Notes that an id is seen in a round, from 1. Returns the round in which it was seen last, 0 for none.
    pub fn note(&mut self, id: i64, round: u32) -> u32 {
        if self.taken * 2 >= self.slots.len() {
            let old = std::mem::replace(&mut self.slots, vec![(0, 0); (self.taken * 4).max(64)]);
            for (id, round) in old.into_iter().filter(|(_, round)| *round > 0) {
                if let Some(slot) = self.slot(id) {
                    *slot = (id, round);
                }
            }
        }
        let Some(slot) = self.slot(id) else { return 0 };
        let before = std::mem::replace(slot, (id, round)).1;
        self.taken += usize::from(before == 0);
        before
    }

    /// The slot of an id, or the free one where it belongs.
    fn slot(&mut self, id: i64) -> Option<&mut Slot> {
        let mask = self.slots.len() - 1;
        let mut at = (id.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) as usize & mask;
        while self.slots.get(at).is_some_and(|(other, round)| *round > 0 && *other != id) {
            at = (at + 1) & mask;
        }
        self.slots.get_mut(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_remembered_with_its_last_round() {
        let mut seen = Seen::default();
        for round in 1..=3 {
            for id in -2000..2000 {
                assert_eq!(seen.note(id * 1_000_003, round), round - 1);
            }
        }
        assert_eq!(seen.len(), 4000);
    }
}
