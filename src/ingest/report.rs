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
