//! Chart of the rounds at which calls end: how many answered calls ended at each round.

use std::any::Any;

use crate::columns::bitmap::Word;
use crate::compute::chart::{Chart, ChartResult, Part, ResultContext, Rows};
use crate::compute::distribution::{Distribution, float};
use crate::compute::row_features::FeatureSet;
use crate::compute::spec::Spec;
use crate::compute::value_codes::{merge, update};
use crate::error::Result;
use crate::json::Value;

/// The greatest round with a number of its own. Calls with more rounds count as calls that go on.
const MAX_ROUND: i64 = 1000;

/// The answered calls by their number of rounds. Calls without a readable number are left out.
#[derive(Debug, Clone)]
pub(super) struct RoundSurvival {
    /// The counts of the numbers of rounds, by value code.
    rounds: Vec<u32>,
}

impl RoundSurvival {
    /// `{ roundSurvival: true }`
    pub(super) fn read(spec: &Spec) -> Result<Box<dyn Chart>> {
        let [] = spec.options([])?;
        match spec.subject {
            Value::Bool(true) => Ok(Box::new(Self { rounds: Vec::new() })),
            _ => Err(spec.refuse_subject("expected true")),
        }
    }
}

impl Chart for RoundSurvival {
    fn empty_copy(&self) -> Box<dyn Chart> {
        Box::new(Self { rounds: Vec::new() })
    }

    fn feature_set(&self) -> FeatureSet {
        FeatureSet { duration: false, chat_round: true, others: false }
    }

    fn update(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32) {
        rows.for_each(words, |_, features| {
            if let Some(rounds) = features.chat_round.code().filter(|_| features.answered) {
                update(&mut self.rounds, rounds, by);
            }
        });
    }

    fn merge(&mut self, other: &dyn Chart, by: u32) {
        let other: &dyn Any = other;
        let Some(other) = other.downcast_ref::<Self>() else { return };
        merge(&mut self.rounds, &other.rounds, by);
    }

    fn size(&self) -> usize {
        size_of::<Self>() + size_of_val(self.rounds.as_slice())
    }

    /// All counted calls and the first round; then the calls that ended at each round from this one on.
    fn result(&self, context: &ResultContext) -> ChartResult {
        let distribution = Distribution::of(&context.reader.chat_rounds, &self.rounds);
        let counted = distribution.counted();
        let first = counted.first().map_or(1, |(rounds, _)| (*rounds).clamp(0, 1));
        let mut ended = Vec::new();
        for (rounds, calls) in counted.iter().filter(|(rounds, _)| *rounds <= MAX_ROUND) {
            // A negative number of rounds counts as the first round.
            let position = usize::try_from((rounds - first).max(0)).unwrap_or_default();
            ended.resize(position + 1, 0);
            if let Some(count) = ended.get_mut(position) {
                *count += calls;
            }
        }
        let total = counted.iter().map(|(_, calls)| f64::from(*calls)).sum();
        vec![Part::Numbers(vec![total, float(first)]), Part::Counts(ended)]
    }
}
