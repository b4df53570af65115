//! The calls that pass the filters of linked charts: their number, a view, windows of them.

use std::rc::Rc;

use super::linked::Linked;
use super::order::Order;
use super::view::View;
use crate::columns::bitmap::Bitmap;
use crate::error::Result;
use crate::json::Value;

impl Linked {
    /// The rows that pass all filters.
    fn passing(&mut self) -> Bitmap {
        self.catch_up();
        self.refresh();
        let mut rows = self.live.clone();
        for linked in self.charts.iter().filter(|linked| linked.filter.is_some()) {
            rows.and(&linked.passing);
        }
        rows
    }

    /// The number of calls that pass all filters.
    pub fn len(&mut self) -> usize {
        self.passing().count()
    }

    /// Whether no call passes all filters.
    pub fn is_empty(&mut self) -> bool {
        self.len() == 0
    }

    /// A view of the calls that pass all filters.
    pub fn view(&mut self) -> View {
        let passing = self.passing();
        View::new(Rc::clone(&self.columns), passing)
    }

    /// The calls that pass all filters, in pieces, as [`View::rows_in_pieces`] does. The order of all calls is kept,
    /// so that a change of a filter costs no sort.
    ///
    /// # Errors
    /// As [`View::rows_in_pieces`].
    pub fn rows_in_pieces(
        &mut self,
        offset: usize,
        limit: usize,
        order: Option<Order>,
        take: &mut dyn FnMut(Vec<Value>) -> Result<()>,
    ) -> Result<()> {
        let passing = self.passing();
        let (columns, live) = (&self.columns, &self.live);
        let all = self.all.get_or_insert_with(|| View::new(Rc::clone(columns), live.clone()));
        all.rows_within(&passing, offset, limit, order, take)
    }
}
