//! Ids that have been seen, each with the round in which it was seen last.

use crate::columns::hash::Interner;

/// Ids, which are only ever added, and the round of each.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    ids: Interner,
    /// By the position of the id.
    rounds: Vec<u32>,
}

impl Seen {
    /// Ids that have been seen in any round.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rounds.len()
    }

    /// Whether none has been.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rounds.is_empty()
    }

    /// Notes that an id is seen in a round, from 1. Returns the round in which it was seen last, 0 for none.
    pub fn note(&mut self, id: i64, round: u32) -> u32 {
        let position = self.ids.position(id);
        if let Some(last) = self.rounds.get_mut(position) {
            return std::mem::replace(last, round);
        }
        self.rounds.push(round);
        0
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
