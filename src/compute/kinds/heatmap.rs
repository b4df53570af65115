//! Chart by weekday and hour of the start, in Shanghai.

use crate::compute::buckets::{for_each_run, in_hour};
use crate::compute::chart::{Chart, ChartResult, Part};
use crate::compute::counts::{Counts, count, extend};
use crate::compute::keys::week_hour;
use crate::compute::rows::{Rows, length};
use crate::compute::spec::Spec;
use crate::compute::value_codes::whole;
use crate::error::Result;
use crate::json::Value;
use crate::schema::field;

/// The number of hours of a week.
pub(in crate::compute) const CELLS: usize = 7 * 24;

/// Counts by weekday and hour: 24 hours of Monday, then of Tuesday, and so on. The first list has the answered calls of
/// each cell, the second the other calls; cell 0 has those without a readable start, which are not counted. The start of
/// an answered call is the moment of the answer.
#[derive(Debug, Default)]
pub(super) struct Heatmap;

impl Heatmap {
    /// `{ heatmap: true }`
    pub(super) fn read(spec: &Spec) -> Result<Box<dyn Chart>> {
        let [] = spec.options([])?;
        match spec.subject {
            Value::Bool(true) => Ok(Box::new(Self)),
            _ => Err(spec.refuse_subject("expected true")),
        }
    }
}

impl Chart for Heatmap {
    fn count(&mut self, rows: &Rows, counts: &mut Counts, by: i64) {
        let frame = rows.frame(field::START);
        let cell = |hour| u32::try_from(week_hour(hour) + 1).unwrap_or_default();
        for (list, rows_of_list) in counts.lists.iter_mut().zip([rows.answered(), rows.others()]) {
            extend(list, CELLS + 1);
            for_each_run(
                rows,
                field::START,
                rows_of_list,
                &mut |code| in_hour(frame, code, cell),
                &mut |cell, run| count(list, cell as usize, by * length(run)),
            );
        }
    }

    fn forget(&mut self) {}

    fn result(&self, counts: &Counts, _: &dyn Fn() -> Option<(i64, i64)>) -> ChartResult {
        let [answered, others, ..] = &counts.lists;
        let cells = |lists: &[&Vec<i64>]| {
            let count = |cell| lists.iter().filter_map(|list| list.get(cell)).sum();
            Part::Counts((1..=CELLS).map(|cell| whole(count(cell))).collect())
        };
        vec![cells(&[answered, others]), cells(&[answered])]
    }
}
