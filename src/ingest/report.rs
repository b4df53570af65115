//! The report of an ingest.

use super::oddities::OddityCount;
use crate::table::Upsert;

/// The result of an ingest.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// Calls that were not in the table.
    pub added: u32,
    /// Calls whose row was replaced.
    pub updated: u32,
    /// Calls whose row was equal already.
    pub unchanged: u32,
    /// `total` of the page; `None` if absent or unreadable.
    pub total: Option<i64>,
    /// `pageSize` of the page; `None` if absent or unreadable.
    pub page_size: Option<i64>,
    /// The id and the result of each row.
    pub rows: Vec<(i64, Upsert)>,
    /// Fields that differed from the vendor's document.
    pub oddities: Vec<OddityCount>,
    /// Calls counted as unchanged whose row was replaced because of a link.
    pub(super) renewed: u32,
}

impl IngestReport {
    /// The report as numbers, for the client of another module, which reads them by [`Self::of_numbers`]: `total` and
    /// `pageSize`, the counts, and for each row its id and its result. Oddities are left out.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "ids and counts are within ±(2^53 − 1)")]
    pub fn to_numbers(&self) -> Vec<f64> {
        let or_nan = |number: Option<i64>| number.map_or(f64::NAN, |number| number as f64);
        let mut numbers = vec![or_nan(self.total), or_nan(self.page_size)];
        numbers.extend([self.added, self.updated, self.unchanged].map(f64::from));
        for (id, upsert) in &self.rows {
            let result = match upsert {
                Upsert::Added => 0.0,
                Upsert::Updated => 1.0,
                Upsert::Unchanged | Upsert::Renewed => 2.0,
            };
            numbers.extend([*id as f64, result]);
        }
        numbers
    }

    /// The report that has these numbers; `None` for numbers of another form.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ids and counts are whole numbers"
    )]
    pub fn of_numbers(numbers: &[f64]) -> Option<Self> {
        let [total, page_size, added, updated, unchanged, rows @ ..] = numbers else { return None };
        let integer = |number: f64| (!number.is_nan()).then_some(number as i64);
        let row = |row: &[f64]| {
            let [id, result] = row else { return None };
            let results = [Upsert::Added, Upsert::Updated, Upsert::Unchanged];
            Some((integer(*id)?, *results.get(*result as usize)?))
        };
        Some(Self {
            added: *added as u32,
            updated: *updated as u32,
            unchanged: *unchanged as u32,
            total: integer(*total),
            page_size: integer(*page_size),
            rows: rows.chunks(2).map(row).collect::<Option<_>>()?,
            ..Self::default()
        })
    }

    /// Counts the result of one row.
    #[inline]
    pub(super) fn count(&mut self, id: i64, upsert: Upsert) {
        match upsert {
            Upsert::Added => self.added += 1,
            Upsert::Updated => self.updated += 1,
            Upsert::Unchanged => self.unchanged += 1,
            Upsert::Renewed => {
                self.unchanged += 1;
                self.renewed += 1;
                return self.rows.push((id, Upsert::Unchanged));
            }
        }
        self.rows.push((id, upsert));
    }
}
