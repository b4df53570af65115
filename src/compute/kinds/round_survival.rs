//! Chart of the rounds at which calls end: how many answered calls ended at each round.

use crate::compute::chart::{Chart, ChartResult, Part};
use crate::compute::counts::Counts;
use crate::compute::distribution::{Distribution, float};
use crate::compute::rows::Rows;
use crate::compute::spec::Spec;
use crate::compute::value_codes::ValueCodes;
use crate::error::Result;
use crate::json::Value;
use crate::schema::field;

/// The greatest round with a number of its own. Calls with more rounds count as calls that go on.
const MAX_ROUND: i64 = 1000;

/// The answered calls by their number of rounds. Calls without a readable number are left out. The first list has the
/// calls of each number, by its value code.
#[derive(Debug, Default)]
pub(super) struct RoundSurvival {
    value_codes: ValueCodes,
}

impl RoundSurvival {
    /// `{ roundSurvival: true }`
    pub(super) fn read(spec: &Spec) -> Result<Box<dyn Chart>> {
        let [] = spec.options([])?;
        match spec.subject {
            Value::Bool(true) => Ok(Box::new(Self::default())),
            _ => Err(spec.refuse_subject("expected true")),
        }
    }
}

impl Chart for RoundSurvival {
    fn count(&mut self, rows: &Rows, counts: &mut Counts, by: i64) {
        let [rounds, ..] = &mut counts.lists;
        rows.count_values(field::CHAT_ROUND, rows.answered(), &mut self.value_codes, rounds, by);
    }

    fn forget(&mut self) {
        self.value_codes = ValueCodes::default();
    }

    /// All counted calls and the first round; then the calls that ended at each round from this one on.
    fn result(&self, counts: &Counts, _: &dyn Fn() -> Option<(i64, i64)>) -> ChartResult {
        let [rounds, ..] = &counts.lists;
        let distribution = Distribution::of(&self.value_codes, rounds);
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
