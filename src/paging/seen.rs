//! A set of ids. Each id has the round in which it was last seen.

use crate::columns::hash::Interner;

/// The ids that have been seen, and the last round of each. Ids are never removed.
#[derive(Debug, Default, Clone)]
pub struct SeenIds {
    ids: Interner,
    /// The last round of each id, by the position of the id.
    last_rounds: Vec<u32>,
}

impl SeenIds {
    /// The number of ids that have been seen in any round.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.last_rounds.len()
    }

    /// Whether no id has been seen.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.last_rounds.is_empty()
    }

    /// Records an id in a round, from 1. Returns the round in which the id was last seen; 0 for a new id.
    pub fn record(&mut self, id: i64, round: u32) -> u32 {
        let position = self.ids.position(id);
        if let Some(last) = self.last_rounds.get_mut(position) {
            return std::mem::replace(last, round);
        }
        self.last_rounds.push(round);
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recording_an_id_returns_its_last_round() {
        let mut seen = SeenIds::default();
        for round in 1..=3 {
            for id in -2000..2000 {
                assert_eq!(seen.record(id * 1_000_003, round), round - 1);
            }
        }
        assert_eq!(seen.len(), 4000);
    }
}
