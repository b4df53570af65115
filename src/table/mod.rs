//! `Table`, the core of `CallTable`: finished calls in columns, one row for each `callInstanceId`.
//! Not here: reading response bodies (`ingest/`), queries (`compute/`), files (`export/`).
//!
//! - `call_columns.rs`: the columns, and reading them; `upsert.rs`: rows into columns, rollback, compaction
//! - `record.rs`: one row between JSON and columns; `batch.rs`: several rows for the columns
//! - `intent_level.rs`: the intent level of a row's results
//! - `changes.rs`: the calls that came, changed and left since the last look
//! - `checkpoint.rs`: how far a list of the vendor's has been read into the table
//!
//! A view keeps the columns that it was made from. When many rows are superseded, the table compacts its rows
//! into new columns, and the views keep the old ones.

pub(crate) mod batch;
pub(crate) mod call_columns;
mod changes;
pub(crate) mod checkpoint;
pub(crate) mod intent_level;
pub(crate) mod record;
mod upsert;

use std::cell::RefCell;
use std::rc::Rc;

pub use call_columns::CallColumns;
pub(crate) use call_columns::FieldColumn;
pub use changes::Watch;
pub use checkpoint::{Gap, SyncCheckpoint};
pub(crate) use record::Cell;
pub use upsert::Upsert;

use crate::columns::CHUNK;
use crate::error::Result;
use crate::json::Value;
use crate::memory::reserve;
use crate::schema::field;
use record::Record;

/// The most rows of a table. A row number has 32 bits; memory ends earlier.
pub(crate) const MOST_ROWS: usize = 1 << 30;

/// Bytes of memory for each byte of a row's written size, as JSON values and as text that grows.
pub(crate) const WRITTEN: usize = 8;

/// Finished calls in columns, one row for each `callInstanceId`.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) columns: Rc<RefCell<CallColumns>>,
    /// The checkpoint of each list, under the query of the list.
    pub(crate) checkpoints: Vec<(String, SyncCheckpoint)>,
    /// Rows added or replaced so far; increases with every change.
    pub(crate) revision: u32,
}

impl Default for Table {
    fn default() -> Self {
        Self::of(CallColumns::new())
    }
}

impl Table {
    pub(crate) fn of(columns: CallColumns) -> Self {
        Self { columns: Rc::new(RefCell::new(columns)), checkpoints: Vec::new(), revision: 0 }
    }

    /// A number that increases with every change, by about the number of changed rows. It wraps around.
    #[must_use]
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// How far the list of a query has been read into the table; the default for a list that has not been read.
    #[must_use]
    pub fn checkpoint(&self, query: &str) -> SyncCheckpoint {
        let known = self.checkpoints.iter().find(|(other, _)| other == query);
        known.map(|(_, checkpoint)| checkpoint.clone()).unwrap_or_default()
    }

    /// The text that is kept with the checkpoint of a query; empty for a list that has not been read.
    #[must_use]
    pub fn note(&self, query: &str) -> &str {
        let known = self.checkpoints.iter().find(|(other, _)| other == query);
        known.map_or("", |(_, checkpoint)| &checkpoint.note)
    }

    /// Keeps a text with the checkpoint of a query, if it has one.
    pub fn set_note(&mut self, query: &str, note: String) {
        let known = self.checkpoints.iter_mut().find(|(other, _)| other == query);
        if let Some((_, checkpoint)) = known {
            checkpoint.note = note;
        }
    }

    /// Stores how far the list of a query has been read.
    pub fn set_checkpoint(&mut self, query: &str, checkpoint: SyncCheckpoint) {
        self.checkpoints.retain(|(other, _)| other != query);
        self.checkpoints.push((query.to_owned(), checkpoint));
    }

    /// Adds the calls and the checkpoints of another table. Where both tables have a call or a checkpoint, the
    /// other table's counts if it is `newer`, and this table's otherwise.
    ///
    /// # Errors
    /// `invalid_argument` for too many calls; `out_of_memory`. Then nothing has changed.
    pub fn merge(&mut self, other: Self, newer: bool) -> Result<()> {
        if self.is_empty() && self.checkpoints.is_empty() {
            let revision = self.revision.wrapping_add(1);
            *self = Self { revision, ..other };
            return Ok(());
        }
        self.transaction(|columns| {
            let from = other.columns.borrow();
            let mut record = Record::new();
            for row in from.in_order(from.live()) {
                from.record(row as usize, &mut record);
                let id = record.get(field::ID).integer();
                if !newer && id.is_none_or(|id| columns.find(id).is_some()) {
                    continue;
                }
                columns.upsert_one(&record)?;
            }
            Ok(())
        })?;
        self.revision = self.revision.wrapping_add(1);
        for (query, checkpoint) in other.checkpoints {
            if newer || self.checkpoints.iter().all(|(known, _)| *known != query) {
                self.set_checkpoint(&query, checkpoint);
            }
        }
        Ok(())
    }

    /// The current columns. The table gets new columns when it is cleared and when it compacts its rows.
    #[must_use]
    pub const fn columns(&self) -> &Rc<RefCell<CallColumns>> {
        &self.columns
    }

    /// The number of calls.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.borrow().live().count()
    }

    /// Whether the table has no calls.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The call with an id, in the form of the model `DONE_CALL`.
    #[must_use]
    pub fn get(&self, call_instance_id: i64) -> Option<Value> {
        let columns = self.columns.borrow();
        columns.find(call_instance_id).map(|row| columns.row(row))
    }

    /// The same, after it is ensured that there is memory for it.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn get_reserved(&self, call_instance_id: i64) -> Result<Option<Value>> {
        let columns = self.columns.borrow();
        let Some(row) = columns.find(call_instance_id) else { return Ok(None) };
        reserve(WRITTEN * columns.weight(row))?;
        Ok(Some(columns.row(row)))
    }

    /// The `callIndex` of a call; `None` for an unknown call or one without.
    #[must_use]
    pub fn call_index(&self, call_instance_id: i64) -> Option<i64> {
        let columns = self.columns.borrow();
        columns.integers(field::CALL_INDEX).value(columns.find(call_instance_id)?)
    }

    /// Removes all calls and checkpoints.
    pub fn clear(&mut self) {
        *self = Self { revision: self.revision.wrapping_add(1), ..Self::default() };
    }

    /// Runs `change` on the columns, then compacts them if many rows are superseded. If `change` fails, the
    /// columns are rolled back.
    pub(crate) fn transaction<T>(
        &mut self,
        change: impl FnOnce(&mut CallColumns) -> Result<T>,
    ) -> Result<T> {
        let mut columns = self.columns.borrow_mut();
        let before = columns.len();
        columns.reserve_batch()?;
        let result = change(&mut columns);
        columns.pad();
        if result.is_err() {
            if columns.len() > before {
                columns.truncate(before);
            }
            return result;
        }
        let (live, all) = (columns.live().count(), columns.len());
        let compacts = all - live > live / 2 + CHUNK && columns.reserve_compacted().is_ok();
        let compacted = compacts.then(|| columns.compacted());
        drop(columns);
        if let Some(columns) = compacted {
            self.columns = Rc::new(RefCell::new(columns));
        }
        result
    }
}
