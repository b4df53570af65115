//! Changes of a table: the calls that came, changed and left since the last look.
//!
//! Rows are only appended, so a look has to keep only which rows are live, one bit for each row. The rows that have
//! ceased to be live since then are the old forms of changed calls. The cost is that of two bitmaps, and of the changed
//! rows. Only after a compaction, a merge into an empty table or a `clear` are all rows compared.

use std::cell::RefCell;
use std::rc::Rc;

use super::record::Record;
use super::{CallColumns, Table, Upsert, WRITTEN};
use crate::columns::bitmap::Bitmap;
use crate::error::Result;
use crate::json::Value;
use crate::memory::reserve;
use crate::schema::field;

/// Watches a table for changes.
#[derive(Debug)]
pub struct Watch {
    table: Rc<RefCell<Table>>,
    /// The columns at the last look, and at the one before.
    columns: [Rc<RefCell<CallColumns>>; 2],
    /// The live rows at the last look.
    live: Bitmap,
    /// The number of calls that left between the last two looks.
    pub removed: usize,
    /// The row before and the row after of each call that changed between the last two looks. A link that differs only
    /// in its query is no change.
    updated: Vec<(usize, usize)>,
}

impl Watch {
    /// Watches a table from now on.
    #[must_use]
    pub fn new(table: Rc<RefCell<Table>>) -> Self {
        let columns = Rc::clone(table.borrow().columns());
        let live = columns.borrow().live().clone();
        let columns = [Rc::clone(&columns), columns];
        Self { table, columns, live, removed: 0, updated: Vec::new() }
    }

    /// Looks for changes since the last look, and calls `came` with the id of each call that came.
    ///
    /// # Errors
    /// `out_of_memory`. Then it is not a look.
    pub fn look(&mut self, came: &mut dyn FnMut(i64)) -> Result<()> {
        let [_, old] = &self.columns;
        let columns = [Rc::clone(old), Rc::clone(self.table.borrow().columns())];
        let (before, after) = (columns[0].borrow(), columns[1].borrow());
        // For each row: its number with its order, and an id or the numbers of a change, in vectors that grow.
        reserve(64 * (before.len() + after.len()))?;
        let mut new = after.live().clone();
        let mut gone = std::mem::replace(&mut self.live, new.clone());
        if Rc::ptr_eq(&columns[0], &columns[1]) {
            new.remove_all(&gone);
            gone.remove_all(&self.live);
        }
        let ids = |columns: &CallColumns, row| columns.integers(field::ID).value(row);
        let mut record = Record::new();
        self.removed = 0;
        self.updated.clear();
        for row in before.in_order(&gone) {
            let Some(now) = ids(&before, row as usize).and_then(|id| after.find(id)) else {
                self.removed += 1;
                continue;
            };
            new.set(now, false);
            after.record(now, &mut record);
            if before.compare(row as usize, &record, &[]) == Upsert::Updated {
                self.updated.push((row as usize, now));
            }
        }
        for row in after.in_order(&new) {
            came(ids(&after, row as usize).unwrap_or_default());
        }
        drop((before, after));
        self.columns = columns;
        Ok(())
    }

    /// The number of calls that changed between the last two looks.
    #[must_use]
    pub const fn updated(&self) -> usize {
        self.updated.len()
    }

    /// The calls that changed between the last two looks, each before its change and then after it.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn rows(&self) -> Result<Value> {
        let (before, after) = (self.columns[0].borrow(), self.columns[1].borrow());
        let weight = |(row, now): &(usize, usize)| before.weight(*row) + after.weight(*now);
        reserve(WRITTEN * self.updated.iter().map(weight).sum::<usize>())?;
        let mut rows = Vec::new();
        for (row, now) in &self.updated {
            rows.push(before.row(*row));
            rows.push(after.row(*now));
        }
        Ok(Value::List(rows))
    }
}
