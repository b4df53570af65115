//! A view: a set of calls, with its filters, windows of rows and charts.
//! Not here: the work itself (`selection.rs`, `order.rs`, `chart.rs`), a view as CSV or Arrow (`export/view.rs`).

use std::cell::RefCell;
use std::rc::Rc;

use super::chart::{Chart, ChartResult, evaluate};
use super::filter::Filter;
use super::order::{Order, in_order, window};
use crate::columns::bitmap::Bitmap;
use crate::error::{Error, Result};
use crate::json::Value;
use crate::memory::reserve;
use crate::table::{CallColumns, Table, WRITTEN};

/// The calls of a table at one moment, or those of them that pass filters. Later changes of the table do not change
/// the view.
#[derive(Debug)]
pub struct View {
    pub(crate) columns: Rc<RefCell<CallColumns>>,
    pub(crate) rows: Bitmap,
    len: usize,
    /// The rows in the last requested order.
    ordered: RefCell<Option<(Option<Order>, Vec<u32>)>>,
}

impl View {
    /// A view of the current calls of a table.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let columns = Rc::clone(table.columns());
        let rows = columns.borrow().live().clone();
        Self::new(columns, rows)
    }

    /// A view of rows without a table, in their order. Several rows may have the same id.
    #[must_use]
    pub fn of_columns(columns: CallColumns) -> Self {
        let rows = Bitmap::all(columns.len());
        Self::new(Rc::new(RefCell::new(columns)), rows)
    }

    pub(super) fn new(columns: Rc<RefCell<CallColumns>>, rows: Bitmap) -> Self {
        let len = rows.count();
        Self { columns, rows, len, ordered: RefCell::new(None) }
    }

    /// The number of calls.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no calls.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A view of the calls that pass a filter.
    #[must_use]
    pub fn filter(&self, filter: &Filter) -> Self {
        let mut rows = filter.select(&self.columns.borrow());
        rows.resize(self.rows.len());
        rows.and(&self.rows);
        Self::new(Rc::clone(&self.columns), rows)
    }

    /// The result of a chart of the calls.
    #[must_use]
    pub fn evaluate(&self, chart: Box<dyn Chart>) -> ChartResult {
        evaluate(&self.columns.borrow(), &self.rows, chart)
    }

    /// The positions of the rows among those of [`View::of_columns`].
    #[must_use]
    pub fn positions(&self) -> Vec<u32> {
        self.rows.iter().filter_map(|row| u32::try_from(row).ok()).collect()
    }

    /// Up to `limit` calls from `offset` on. Without an order, they are in the order of their first arrival.
    #[must_use]
    pub fn rows(&self, offset: usize, limit: usize, order: Option<Order>) -> Vec<Value> {
        let columns = self.columns.borrow();
        self.window(&columns, &self.rows, offset, limit, order)
            .into_iter()
            .map(|row| columns.row(row as usize))
            .collect()
    }

    /// The same calls in pieces of a few hundred.
    ///
    /// # Errors
    /// `invalid_argument` for more than 1 048 576 rows; `out_of_memory`; the errors of `take`.
    pub fn rows_in_pieces(
        &self,
        offset: usize,
        limit: usize,
        order: Option<Order>,
        take: &mut dyn FnMut(Vec<Value>) -> Result<()>,
    ) -> Result<()> {
        self.rows_within(&self.rows, offset, limit, order, take)
    }

    /// The same for the calls of this view that are in `rows`, too.
    pub(super) fn rows_within(
        &self,
        rows: &Bitmap,
        offset: usize,
        limit: usize,
        order: Option<Order>,
        take: &mut dyn FnMut(Vec<Value>) -> Result<()>,
    ) -> Result<()> {
        const PIECE: usize = 1 << 18;
        const MAX_ROWS: usize = 1 << 20;
        if limit.min(self.len.saturating_sub(offset)) > MAX_ROWS {
            let message =
                "at most 1048576 rows at a time; ask for some, and with offset for the next ones";
            return Err(Error::invalid_argument("limit", message));
        }
        self.reserve_window(limit, order)?;
        let columns = self.columns.borrow();
        let rows = self.window(&columns, rows, offset, limit, order);
        let mut remaining = rows.as_slice();
        while !remaining.is_empty() {
            let mut weight = 0;
            let fits = |row: &&u32| {
                let fits = weight < PIECE;
                weight += if fits { columns.weight(**row as usize) } else { 0 };
                fits
            };
            let (piece, rest) = remaining.split_at(remaining.iter().take_while(fits).count());
            reserve(WRITTEN * weight)?;
            take(piece.iter().map(|row| columns.row(*row as usize)).collect())?;
            remaining = rest;
        }
        Ok(())
    }

    /// Checks that there is memory for a filter or a chart.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve(&self) -> Result<()> {
        reserve(self.columns.borrow().room_for_questions())
    }

    /// Checks that there is memory for [`View::repeats`].
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve_repeats(&self) -> Result<()> {
        // Each call twice with its number and start, while they are sorted; the distinct numbers with their index.
        reserve(64 * self.len())
    }

    /// Checks that there is memory for a window in an order. The last requested order needs no further memory.
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
                    // For each row: twice its position with its key (16 bytes), and four times its position.
                    Some(_) => 48 * self.len,
                    None if columns.is_in_order() => 0,
                    None => 8 * self.len + 32 * columns.replaced(),
                },
        )
    }

    /// The positions of the rows of a window of the rows `within`, which are rows of this view.
    pub(crate) fn window(
        &self,
        columns: &CallColumns,
        within: &Bitmap,
        offset: usize,
        limit: usize,
        order: Option<Order>,
    ) -> Vec<u32> {
        if order.is_none() && columns.is_in_order() {
            return window(within, offset, limit);
        }
        let mut ordered = self.ordered.borrow_mut();
        if ordered.as_ref().is_none_or(|(known, _)| *known != order) {
            let rows = columns.in_order(&self.rows);
            let rows = if let Some(order) = order { in_order(columns, rows, order) } else { rows };
            *ordered = Some((order, rows));
        }
        let rows = ordered.as_ref().map_or(&[][..], |(_, rows)| rows);
        let rows = rows.iter().filter(|row| within.get(**row as usize));
        rows.skip(offset).take(limit).copied().collect()
    }
}
