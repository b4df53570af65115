//! A set of calls, and all that can be asked of it.

use std::cell::RefCell;
use std::rc::Rc;

use super::chart::{Answer, Shows, ask};
use super::filter::Filter;
use super::order::{Order, in_order, window};
use crate::error::Result;
use crate::json::Value;
use crate::table::bits::Bits;
use crate::table::{Arrow, ArrowFormat, Columns, CsvOptions, Table, csv};

/// The calls that a table had at a moment, or what filters left of them. It goes on answering for
/// those, as they were then, whatever becomes of the table.
#[derive(Debug)]
pub struct View {
    columns: Rc<RefCell<Columns>>,
    rows: Bits,
    len: usize,
    /// The rows in the order that was asked for last.
    ordered: RefCell<Option<(Option<Order>, Vec<u32>)>>,
}

impl View {
    /// The calls of a table as they are now.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let columns = Rc::clone(table.columns());
        let rows = columns.borrow().live().clone();
        Self::new(columns, rows)
    }

    /// Calls in hand, in their order; also several of one id.
    ///
    /// # Errors
    /// As for [`Table::ingest_rows`].
    pub fn of_rows(rows: &Value) -> Result<Self> {
        let columns = Columns::of_rows(rows)?;
        let rows = Bits::all(columns.len());
        Ok(Self::new(Rc::new(RefCell::new(columns)), rows))
    }

    fn new(columns: Rc<RefCell<Columns>>, rows: Bits) -> Self {
        let len = rows.count();
        Self { columns, rows, len, ordered: RefCell::new(None) }
    }

    /// Calls in it.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Those of its calls that pass a filter.
    #[must_use]
    pub fn filter(&self, filter: &Filter) -> Self {
        let mut rows = filter.mark(&self.columns.borrow());
        rows.resize(self.rows.len());
        rows.and(&self.rows);
        Self::new(Rc::clone(&self.columns), rows)
    }

    /// What a chart of its calls says.
    #[must_use]
    pub fn ask(&self, shows: Shows) -> Answer {
        ask(&self.columns.borrow(), &self.rows, shows)
    }

    /// The positions of its rows among those it was made of.
    #[must_use]
    pub fn positions(&self) -> Vec<u32> {
        self.rows.iter().filter_map(|row| u32::try_from(row).ok()).collect()
    }

    /// Up to `limit` of its calls from `offset` on; without an order as they were first seen.
    #[must_use]
    pub fn rows(&self, offset: usize, limit: usize, order: Option<Order>) -> Vec<Value> {
        let columns = self.columns.borrow();
        self.window(&columns, offset, limit, order)
            .into_iter()
            .map(|row| columns.row(row as usize))
            .collect()
    }

    /// The row numbers of that window.
    fn window(
        &self,
        columns: &Columns,
        offset: usize,
        limit: usize,
        order: Option<Order>,
    ) -> Vec<u32> {
        if order.is_none() && columns.is_in_order() {
            return window(&self.rows, offset, limit);
        }
        let mut ordered = self.ordered.borrow_mut();
        if ordered.as_ref().is_none_or(|(known, _)| *known != order) {
            let rows = columns.in_order(&self.rows);
            let rows = if let Some(order) = order { in_order(columns, rows, order) } else { rows };
            *ordered = Some((order, rows));
        }
        let rows = ordered.as_ref().map_or(&[][..], |(_, rows)| rows);
        rows.iter().skip(offset).take(limit).copied().collect()
    }

    /// Its calls as CSV: the header, and the lines of `limit` calls from `offset` on. Only the first
    /// piece has the header. Empty beyond the last call.
    #[must_use]
    pub fn csv(&self, offset: usize, limit: usize, options: CsvOptions) -> String {
        let columns = self.columns.borrow();
        let rows = self.window(&columns, offset, limit, None);
        let mut out = if offset == 0 { csv::header(options) } else { String::new() };
        out.push_str(&csv::lines(&columns, &rows, options));
        out
    }

    /// Its calls as Arrow IPC, in pieces.
    #[must_use]
    pub fn arrow(&self, format: ArrowFormat) -> Arrow {
        let rows = self.columns.borrow().in_order(&self.rows);
        Arrow::new(Rc::clone(&self.columns), rows, format)
    }
}
