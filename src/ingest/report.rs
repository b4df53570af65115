//! What came of an ingest.

use super::oddities::OddityCount;
use crate::table::Upsert;

/// What came of an ingest.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// Calls that were not in the table.
    pub added: u32,
    /// Calls whose row was replaced.
    pub updated: u32,
    /// Calls whose row said the same already.
    pub unchanged: u32,
    /// `total` of the page.
    pub total: Option<i64>,
    /// `pageSize` of the page.
    pub page_size: Option<i64>,
    /// The id of each row, and what became of it.
    pub rows: Vec<(i64, Upsert)>,
    /// What was odd about the rows.
    pub oddities: Vec<OddityCount>,
}

impl IngestReport {
    #[inline]
    pub(super) fn count(&mut self, id: i64, put: Upsert) {
        match put {
            Upsert::Added => self.added += 1,
            Upsert::Updated => self.updated += 1,
            Upsert::Unchanged => self.unchanged += 1,
        }
        self.rows.push((id, put));
    }
}
