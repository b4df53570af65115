//! Pagination of a list that changes: decides the next page, which rows are new, and when the list ends.
//! Not here: the requests (`pages.rs`).

use super::frontier::Frontier;
use super::seen::SeenIds;
use crate::error::{Error, ErrorKind, Result};

/// The limit of consecutive pages without new rows. Pages by which the list has grown are not counted. A list
/// beyond this limit repeats.
const MAX_PAGES_WITHOUT_NEW: u64 = 10;

/// The limit of pages beyond twice the first length of the list. A list may grow while it is read, but not endlessly.
const MAX_ADDITIONAL_PAGES: u64 = 200;

/// The limit of pages of a list, for any length that the server gives.
const MAX_PAGES: u64 = 100_000;

/// The limit of pages of a list whose length the server does not give.
const MAX_PAGES_WITHOUT_TOTAL: u64 = 20_000;

/// The limit of rounds through a list whose length the server does not give.
const MAX_ROUNDS: u32 = 6;

/// Checks that a list ends: counts pages, and pages without new rows.
#[derive(Debug, Default, Clone)]
pub struct StabilityCheck {
    first_total: Option<u64>,
    pages: u64,
    furthest_page: u64,
    pages_without_new: u64,
}

/// The position of a page in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageHeader {
    /// The number of the requested page, from 1.
    pub page: u64,
    /// The length of the list, if the server gives it.
    pub total: Option<u64>,
    /// The number of rows of the page.
    pub rows: u64,
}

impl PageHeader {
    /// The header of a page. A `total` that is less than the rows up to this page counts as absent.
    #[must_use]
    pub fn new(page: u64, size: u64, total: Option<i64>, rows: usize) -> Self {
        let rows = rows as u64;
        let min = if rows == 0 { 0 } else { page.saturating_sub(1) * size + rows };
        let total = total.and_then(|total| u64::try_from(total).ok()).filter(|total| *total >= min);
        Self { page, total, rows }
    }
}

impl StabilityCheck {
    /// Checks a page that has arrived.
    ///
    /// # Errors
    /// `paging_unstable` for a list that repeats, has no end, or ends before its given length.
    pub fn check_page(
        &mut self,
        header: PageHeader,
        frontier: &Frontier,
        has_new_rows: bool,
    ) -> Result<()> {
        let size = frontier.size();
        self.pages += 1;
        self.first_total = self.first_total.or(header.total);
        let page = header.page;
        // A page that is read again usually has no new rows.
        let counts = !has_new_rows && page > self.furthest_page;
        self.pages_without_new = if counts { self.pages_without_new + 1 } else { 0 };
        self.furthest_page = self.furthest_page.max(page);
        let growth = header.total.unwrap_or(0).saturating_sub(self.first_total.unwrap_or(0));
        if let Some(total) = header.total
            && header.rows == 0
            && page.saturating_sub(1) * size < total
        {
            let message = format!("page {page} is empty, though the server counts {total} rows");
            return Err(unstable(&message));
        }
        let max_without_new = MAX_PAGES_WITHOUT_NEW + growth.div_ceil(size.max(1));
        if header.rows > 0 && self.pages_without_new >= max_without_new {
            let pages = self.pages_without_new;
            let message =
                format!("pages up to {page} repeat rows of pages before them, {pages} in a row");
            return Err(unstable(&message));
        }
        let max_pages = match self.first_total {
            Some(total) => (total.div_ceil(size.max(1)).min(MAX_PAGES)) * 2 + MAX_ADDITIONAL_PAGES,
            None => MAX_PAGES_WITHOUT_TOTAL,
        };
        if self.pages > max_pages {
            let message = format!("{max_pages} pages have been read, and the list has no end");
            return Err(unstable(&message));
        }
        Ok(())
    }
}

fn unstable(reason: &str) -> Box<Error> {
    let advice =
        "Try again when the task stands still, or look at the server: it may ignore pageNum.";
    Error::new(
        ErrorKind::PagingUnstable,
        format!("the list cannot be read page by page: {reason}. {advice}"),
    )
}

/// The state of a pagination, which returns each row once.
#[derive(Debug, Clone)]
pub struct Pagination {
    /// The page at which it begins.
    first_page: u64,
    frontier: Frontier,
    seen: SeenIds,
    stability: StabilityCheck,
    round: u32,
    /// Whether this round has read a row of an earlier round.
    has_known_row: bool,
    /// New rows below such a row: earlier rounds missed them.
    missed: u64,
    ended: bool,
}

impl Pagination {
    /// A pagination that begins at a page.
    #[must_use]
    pub fn new(page: u64, size: u64) -> Self {
        Self {
            first_page: page,
            frontier: Frontier::new(size, page.saturating_sub(1) * size),
            seen: SeenIds::default(),
            stability: StabilityCheck::default(),
            round: 1,
            has_known_row: false,
            missed: 0,
            ended: false,
        }
    }

    /// The number of the next page; `None` at the end.
    #[must_use]
    pub fn page(&self) -> Option<u64> {
        (!self.ended).then(|| self.frontier.page())
    }

    /// Whether the known length of the list includes this page.
    #[must_use]
    pub fn expects(&self, page: u64) -> bool {
        let size = self.frontier.size();
        !self.ended && self.frontier.total().is_some_and(|total| (page - 1) * size < total)
    }

    /// The number of rows of a page.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Adapts to a server that sends smaller pages than requested. Effective only before the first page is taken.
    pub fn shrink(&mut self, size: u64) {
        if self.stability.pages == 0 && (1..self.size()).contains(&size) {
            *self = Self::new(self.first_page, size);
        }
    }

    /// The number of different rows so far.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.seen.len() as u64
    }

    /// The length of the list in the last answer.
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.frontier.total()
    }

    /// Takes a page. Returns for each of its ids whether it is new.
    ///
    /// # Errors
    /// `paging_unstable` for a list that cannot be read to its end.
    pub fn take(&mut self, header: PageHeader, ids: &[i64]) -> Result<Vec<bool>> {
        let mut new = Vec::with_capacity(ids.len());
        for id in ids {
            let is_new = self.seen.record(*id, self.round) == 0;
            self.missed += u64::from(is_new && self.has_known_row);
            self.has_known_row |= !is_new && self.round > 1;
            new.push(is_new);
        }
        self.frontier.reached(header.page, header.total);
        let has_new_rows = self.round > 1 || new.contains(&true);
        self.stability.check_page(header, &self.frontier, has_new_rows)?;
        match self.frontier.at_end() {
            Some(end) => self.ended = end,
            None if header.rows < self.frontier.size() => self.end_round(header)?,
            None => {}
        }
        Ok(new)
    }

    /// Ends a round through a list whose length the server does not give. Rows may have moved up unnoticed, so the
    /// list is read again until a round finds new rows only at the head. A list of one page needs one round.
    fn end_round(&mut self, header: PageHeader) -> Result<()> {
        self.ended = header.page == self.first_page || (self.round > 1 && self.missed == 0);
        if !self.ended && self.round == MAX_ROUNDS {
            return Err(unstable("it moves faster than it can be read"));
        }
        if !self.ended {
            self.round += 1;
            (self.has_known_row, self.missed) = (false, 0);
            let size = self.frontier.size();
            self.frontier = Frontier::new(size, self.first_page.saturating_sub(1) * size);
        }
        Ok(())
    }
}
