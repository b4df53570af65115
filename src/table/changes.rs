//! Changes of a table: the calls that came, changed and left between two moments.
//!
//! Rows are only appended, so the live rows of a moment are all that has to be kept of it, one bit for each row. The
//! rows that have ceased to be live are the old forms of changed calls. The cost is that of two bitmaps, and of the
//! changed rows. Only after a compaction, a merge into an empty table or a `clear` are all rows compared.

use std::cell::RefCell;
use std::rc::Rc;

use super::record::Record;
use super::{CallColumns, Table, Upsert, WRITTEN};
use crate::columns::bitmap::Bitmap;
use crate::error::Result;
use crate::json::Value;
use crate::memory::reserve;
use crate::schema::field;

/// The rows of a table at a moment.
#[derive(Debug)]
pub struct Moment {
    columns: Rc<RefCell<CallColumns>>,
    live: Bitmap,
}

/// A row, which stays as it is.
#[derive(Debug, Clone)]
struct Row {
    columns: Rc<RefCell<CallColumns>>,
    number: usize,
}

/// The changes between two moments.
#[derive(Debug, Default)]
pub struct Changes {
    /// The ids of the calls that came.
    pub added: Vec<i64>,
    /// The old row and the new row of each call that changed. A link that differs only in its query is no change.
    updated: Vec<(Row, Row)>,
    /// The number of calls that left.
    pub removed: usize,
}

impl Moment {
    /// The table as it is.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let columns = Rc::clone(table.columns());
        let live = columns.borrow().live().clone();
        Self { columns, live }
    }

    /// The changes from this moment to a later one of the same table.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn changes(&self, later: &Self) -> Result<Changes> {
        let mut changes = Changes::default();
        {
            let columns = self.columns.borrow();
            // For each row an id, and the rows before and after a change; a full vector moves to a larger one.
            let rows = columns.len().saturating_sub(self.live.len()) + later.live.len() / 4;
            reserve(4 * rows * size_of::<(Row, Row)>())?;
            let mut added = columns.live().clone();
            added.remove_all(&self.live);
            let mut gone = self.live.clone();
            gone.remove_all(columns.live());
            for before in gone.iter() {
                let Some(after) = id_of(&columns, before).and_then(|id| columns.find(id)) else {
                    continue;
                };
                added.set(after, false);
                changes.compare((&self.columns, before), (&self.columns, after));
            }
            changes.added.extend(added.iter().filter_map(|row| id_of(&columns, row)));
        }
        if !Rc::ptr_eq(&self.columns, &later.columns) {
            changes.compare_all(&self.columns, &later.columns);
        }
        Ok(changes)
    }
}

impl Changes {
    /// The number of calls that changed.
    #[must_use]
    pub const fn updated(&self) -> usize {
        self.updated.len()
    }

    /// For each call that changed, its id, and the old and the new value of each field that differs; `null` for an
    /// absent value.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn updates(&self) -> Result<Value> {
        let weight = |row: &Row| row.columns.borrow().weight(row.number);
        let weights = self.updated.iter().map(|(before, after)| weight(before) + weight(after));
        reserve(WRITTEN * weights.sum::<usize>())?;
        let update = |(before, after): &(Row, Row)| {
            let value = |row: &Row| row.columns.borrow().row(row.number);
            let id = id_of(&after.columns.borrow(), after.number);
            Value::Object(vec![
                ("callInstanceId".to_owned(), id.into()),
                ("changed".to_owned(), difference(&value(before), &value(after))),
            ])
        };
        Ok(Value::List(self.updated.iter().map(update).collect()))
    }

    /// Compares all rows of two columns.
    fn compare_all(&mut self, old: &Rc<RefCell<CallColumns>>, new: &Rc<RefCell<CallColumns>>) {
        let (before, after) = (old.borrow(), new.borrow());
        for row in after.live().iter() {
            let Some(id) = id_of(&after, row) else { continue };
            match before.find(id) {
                Some(known) => self.compare((old, known), (new, row)),
                None => self.added.push(id),
            }
        }
        let left = |row: &usize| id_of(&before, *row).is_some_and(|id| after.find(id).is_none());
        self.removed += before.live().iter().filter(left).count();
    }

    /// Compares two rows of a call.
    fn compare(
        &mut self,
        before: (&Rc<RefCell<CallColumns>>, usize),
        after: (&Rc<RefCell<CallColumns>>, usize),
    ) {
        let mut record = Record::new();
        after.0.borrow().record(after.1, &mut record);
        if before.0.borrow().compare(before.1, &record, &[]) == Upsert::Updated {
            let row = |(columns, number): (&Rc<_>, _)| Row { columns: Rc::clone(columns), number };
            self.updated.push((row(before), row(after)));
        }
    }
}

fn id_of(columns: &CallColumns, row: usize) -> Option<i64> {
    columns.integers(field::ID).value(row)
}

/// The fields in which two rows differ, each with its two values.
fn difference(before: &Value, after: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (before, after) else { return Value::Null };
    let more = new.iter().filter(|(name, _)| before.get(name).is_none());
    let differing = old.iter().chain(more).filter_map(|(name, _)| {
        let values = [before.get(name), after.get(name)];
        let [one, other] = values;
        let pair = || values.map(|value| value.cloned().unwrap_or_default()).to_vec();
        (one != other).then(|| (name.clone(), Value::List(pair())))
    });
    Value::Object(differing.collect())
}
