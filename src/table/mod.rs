//! `Table`, the inside of `CallTable`: finished calls in columns, each once under its `callInstanceId`.
//! Not here: reading response bodies (`ingest/`), questions (`compute/`), files (`export/`).
//!
//! - `call_columns.rs`: the columns, and reading them; `upsert.rs`: rows into columns, compaction
//! - `record.rs`: one row on its way in or out; `batch.rs`: several rows on their way in
//! - `intent_level.rs`: the intent level of a row's results
//! - `checkpoint.rs`: how far a list of the vendor's has been read into the table
//!
//! A view keeps the columns it was made from. When many rows are superseded, the table moves to new columns
//! and leaves the old ones to its views.

pub(crate) mod batch;
pub(crate) mod call_columns;
pub(crate) mod checkpoint;
pub(crate) mod intent_level;
pub(crate) mod record;
mod upsert;

use std::cell::RefCell;
use std::rc::Rc;

pub(crate) use call_columns::{CallColumns, FieldColumn};
pub use checkpoint::{Gap, SyncCheckpoint};
pub(crate) use record::Cell;
pub use upsert::Upsert;

use crate::columns::CHUNK;
use crate::error::Result;
use crate::json::Value;
use crate::memory::reserve;
use crate::schema::field;
use record::Record;

/// More rows than a row number of 32 bits can name, or the memory hold.
pub(crate) const MOST_ROWS: usize = 1 << 30;

/// The bytes that a row takes for each of its weight as a tree, and as text that grows.
pub(crate) const WRITTEN: usize = 8;

/// Calls that keep coming in, each under its `callInstanceId`.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) columns: Rc<RefCell<CallColumns>>,
    /// The lists that have been read into it, each with the query that asks for it.
    pub(crate) checkpoints: Vec<(String, SyncCheckpoint)>,
    /// Rows that have been added or replaced so far; goes up with every change.
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

    /// A number that is another one after every change; about as many rows have changed as it went up.
    #[must_use]
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// How far the list that a query asks for has been read into the table.
    #[must_use]
    pub fn checkpoint(&self, query: &str) -> SyncCheckpoint {
        let known = self.checkpoints.iter().find(|(other, _)| other == query);
        known.map(|(_, checkpoint)| checkpoint.clone()).unwrap_or_default()
    }

    /// Notes how far it has been read by now.
    pub fn set_checkpoint(&mut self, query: &str, checkpoint: SyncCheckpoint) {
        self.checkpoints.retain(|(other, _)| other != query);
        self.checkpoints.push((query.to_owned(), checkpoint));
    }

    /// Takes in another table: its calls, and how far lists were read. Of a call that is in both, and of
    /// a list, the other table's word counts if it is `newer`, and this one's otherwise.
    ///
    /// # Errors
    /// `invalid_argument` when there are too many calls.
    pub fn absorb(&mut self, other: Self, newer: bool) -> Result<()> {
        if self.is_empty() && self.checkpoints.is_empty() {
            let revision = self.revision.wrapping_add(1);
            *self = Self { revision, ..other };
            return Ok(());
        }
        self.all_or_nothing(|columns| {
            let from = other.columns.borrow();
            let mut record = Record::new();
            for row in from.in_order(from.live()) {
                from.record(row as usize, &mut record);
                let id = record.get(field::ID).integer();
                if !newer && id.is_none_or(|id| columns.find(id).is_some()) {
                    continue;
                }
                columns.put_one(&record)?;
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

    /// The columns as they are now. Later they may be others: after a call of `clear`, or when many
    /// rows have been replaced.
    #[must_use]
    pub const fn columns(&self) -> &Rc<RefCell<CallColumns>> {
        &self.columns
    }

    /// Calls in the table.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.borrow().live().count()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The call of that id, as the model `DONE_CALL` has it.
    #[must_use]
    pub fn get(&self, call_instance_id: i64) -> Option<Value> {
        let columns = self.columns.borrow();
        columns.find(call_instance_id).map(|row| columns.row(row))
    }

    /// The same, where there is memory for it.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn get_reserved(&self, call_instance_id: i64) -> Result<Option<Value>> {
        let columns = self.columns.borrow();
        let Some(row) = columns.find(call_instance_id) else { return Ok(None) };
        reserve(WRITTEN * columns.weight(row))?;
        Ok(Some(columns.row(row)))
    }

    /// The `callIndex` of a call.
    #[must_use]
    pub fn call_index(&self, call_instance_id: i64) -> Option<i64> {
        let columns = self.columns.borrow();
        columns.integers(field::CALL_INDEX).value(columns.find(call_instance_id)?)
    }

    /// Forgets all calls.
    pub fn clear(&mut self) {
        *self = Self { revision: self.revision.wrapping_add(1), ..Self::default() };
    }

    /// Runs `change` on the columns; if it fails, they are as they were before.
    pub(crate) fn all_or_nothing<T>(
        &mut self,
        change: impl FnOnce(&mut CallColumns) -> Result<T>,
    ) -> Result<T> {
        let mut columns = self.columns.borrow_mut();
        let before = columns.len();
        columns.reserve_batch()?;
        let done = change(&mut columns);
        columns.settle();
        if done.is_err() {
            if columns.len() > before {
                columns.truncate(before);
            }
            return done;
        }
        let (live, all) = (columns.live().count(), columns.len());
        let crowded = all - live > live / 2 + CHUNK && columns.reserve_compacted().is_ok();
        let compacted = crowded.then(|| columns.compacted());
        drop(columns);
        if let Some(columns) = compacted {
            self.columns = Rc::new(RefCell::new(columns));
        }
        done
    }
}
