//! A set of calls, and all that can be asked of it.

use std::cell::RefCell;
use std::rc::Rc;

use super::chart::{ChartResult, ChartSpec, evaluate};
use super::filter::Filter;
use super::order::{Order, in_order, window};
use crate::columns::bitmap::Bitmap;
use crate::error::{Error, Result};
use crate::export::arrow::{Arrow, ArrowFormat};
use crate::export::csv;
use crate::export::csv::CsvOptions;
use crate::ingest::CallRows;
use crate::json::Value;
use crate::memory::reserve;
use crate::table::{CallColumns, Table, WRITTEN};

/// The calls that a table had at a moment, or what filters left of them. It goes on answering for
/// those, as they were then, whatever becomes of the table.
#[derive(Debug)]
pub struct View {
    columns: Rc<RefCell<CallColumns>>,
    rows: Bitmap,
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
    #[must_use]
    pub fn of_rows(rows: CallRows) -> Self {
        let columns = rows.into_columns();
        let rows = Bitmap::all(columns.len());
        Self::new(Rc::new(RefCell::new(columns)), rows)
    }

    fn new(columns: Rc<RefCell<CallColumns>>, rows: Bitmap) -> Self {
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
    pub fn evaluate(&self, spec: ChartSpec) -> ChartResult {
        evaluate(&self.columns.borrow(), &self.rows, spec)
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

    /// The same in pieces, of a few hundred each; together they are limited, too.
    ///
    /// # Errors
    /// `invalid_argument` when there are more than any program can hold; `out_of_memory`; those of `take`.
    pub fn rows_in_pieces(
        &self,
        offset: usize,
        limit: usize,
        order: Option<Order>,
        mut take: impl FnMut(Vec<Value>) -> Result<()>,
    ) -> Result<()> {
        const PIECE: usize = 1 << 18;
        const MOST: usize = 1 << 20;
        if limit.min(self.len.saturating_sub(offset)) > MOST {
            let message = "at most 1048576 rows at a time; evaluate for some, and with offset for the next ones";
            return Err(Error::invalid_argument("limit", message));
        }
        self.reserve_window(limit, order)?;
        let columns = self.columns.borrow();
        let rows = self.window(&columns, offset, limit, order);
        let mut left = rows.as_slice();
        while !left.is_empty() {
            let mut weight = 0;
            let fits = |row: &&u32| {
                let fits = weight < PIECE;
                weight += if fits { columns.weight(**row as usize) } else { 0 };
                fits
            };
            let (now, later) = left.split_at(left.iter().take_while(fits).count());
            reserve(WRITTEN * weight)?;
            take(now.iter().map(|row| columns.row(*row as usize)).collect())?;
            left = later;
        }
        Ok(())
    }

    /// Makes sure that there is memory for a question, other than one for an order.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve(&self) -> Result<()> {
        reserve(self.columns.borrow().room_for_questions())
    }

    /// Makes sure that there is memory for a window in an order, unless it is the order asked for last.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve_window(&self, limit: usize, order: Option<Order>) -> Result<()> {
        let columns = self.columns.borrow();
        let window = 4 * limit.min(self.len);
        let known = self.ordered.borrow().as_ref().is_some_and(|(known, _)| *known == order);
        reserve(
            window
                + match order {
                    _ if known => 0,
                    // Twice each row with its key, and four times its number.
                    Some(_) => 48 * self.len,
                    None if columns.is_in_order() => 0,
                    None => 8 * self.len + 32 * columns.replaced(),
                },
        )
    }

    /// The row numbers of that window.
    fn window(
        &self,
        columns: &CallColumns,
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

    /// Makes sure that there is memory for a piece of CSV.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve_csv(&self, offset: usize, limit: usize) -> Result<()> {
        self.reserve_window(limit, None)?;
        let columns = self.columns.borrow();
        let rows = self.window(&columns, offset, limit, None);
        reserve(4 * rows.iter().map(|row| columns.weight(*row as usize)).sum::<usize>())
    }

    /// Its calls as Arrow IPC, in pieces.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn arrow(&self, format: ArrowFormat) -> Result<Arrow> {
        let columns = self.columns.borrow();
        // The rows' numbers, in an order; the lists of results, as a tree.
        reserve(8 * self.len + 32 * columns.replaced() + 8 * columns.dictionaries())?;
        let rows = columns.in_order(&self.rows);
        Ok(Arrow::new(Rc::clone(&self.columns), rows, format))
    }
}
