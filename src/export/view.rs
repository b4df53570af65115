//! A view as CSV and as Arrow.

use std::rc::Rc;

use super::arrow::{Arrow, ArrowFormat};
use super::csv::{self, CsvOptions};
use crate::compute::View;
use crate::error::Result;
use crate::memory::reserve;

impl View {
    /// Up to `limit` calls from `offset` on as CSV. At `offset` 0, the text begins with the header. Beyond the last
    /// call, the text is empty.
    #[must_use]
    pub fn csv(&self, offset: usize, limit: usize, options: &CsvOptions) -> String {
        let columns = self.columns.borrow();
        let rows = self.window(&columns, &self.rows, offset, limit, None);
        csv::lines(&columns, &rows, options, offset == 0)
    }

    /// Checks that there is memory for a piece of CSV.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve_csv(&self, offset: usize, limit: usize) -> Result<()> {
        self.reserve_window(limit, None)?;
        let columns = self.columns.borrow();
        let rows = self.window(&columns, &self.rows, offset, limit, None);
        reserve(4 * rows.iter().map(|row| columns.weight(*row as usize)).sum::<usize>())
    }

    /// The calls as Arrow IPC, in pieces.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn arrow(&self, format: ArrowFormat) -> Result<Arrow> {
        let columns = self.columns.borrow();
        // The positions of the rows in order, and the lists of results as JSON values.
        reserve(8 * self.len() + 32 * columns.replaced() + 8 * columns.dictionaries())?;
        let rows = columns.in_order(&self.rows);
        Ok(Arrow::new(Rc::clone(&self.columns), rows, format))
    }
}
