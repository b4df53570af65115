//! The state of an ingest: rows, as they were read, go into the columns and into the report.

use super::oddities::Oddities;
use super::report::IngestReport;
use crate::decode::Path;
use crate::error::Result;
use crate::json::Value;
use crate::memory::out_of_memory;
use crate::schema::{DONE_CALL, field};
use crate::table::batch::Batch;
use crate::table::record::Record;
use crate::table::{CallColumns, MOST_ROWS};

/// The state of an ingest.
pub(super) struct Ingest<'a> {
    pub(super) columns: &'a mut CallColumns,
    pub(super) record: Record,
    pub(super) report: IngestReport,
    pub(super) oddities: Oddities,
    /// Rows of this ingest so far.
    pub(super) rows: usize,
    /// The position of the body's first bytes that are not UTF-8; `None` without such bytes.
    pub(super) not_utf8: Option<usize>,
}

impl Ingest<'_> {
    /// Reads a row by the model, and upserts it.
    pub(super) fn row(&mut self, sent: &Value, at: &Path) -> Result<()> {
        let read = DONE_CALL.read(sent, at)?;
        self.oddities.of_row(sent, &read, self.rows, true);
        self.record.fill(&read);
        self.upsert()
    }

    /// Upserts the record.
    pub(super) fn upsert(&mut self) -> Result<()> {
        self.report.rows.try_reserve(1).map_err(|_| out_of_memory())?;
        let upsert = self.columns.upsert_one(&self.record)?;
        if let Some(id) = self.record.get(field::ID).integer() {
            self.report.count(id, upsert);
        }
        self.rows += 1;
        Ok(())
    }

    /// Upserts a batch of rows, which `rows` counts already. `None` if there may be too many rows or too little memory.
    pub(super) fn upsert_batch(&mut self, batch: &mut Batch, body: &[u8]) -> Option<()> {
        if self.columns.len() + batch.len() > MOST_ROWS {
            return None;
        }
        self.columns.reserve(batch.text_bytes(self.columns)).ok()?;
        self.report.rows.try_reserve(batch.len()).ok()?;
        let report = &mut self.report;
        let done = |id, upsert| report.count(id, upsert);
        self.columns.upsert_batch(batch, &mut self.record, body, done);
        Some(())
    }
}
