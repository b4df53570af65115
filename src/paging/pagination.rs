//! A walk through a list that moves: which page next, which of its rows are new, when it ends.
//! A decision, not a loop; `pages.rs` asks.

use super::frontier::Frontier;
use super::seen::Seen;
use crate::error::{Error, ErrorKind, Result};

/// Pages in a row that may bring nothing new before the list is taken for one that repeats, besides
/// those by which it has grown.
const MOST_BARREN: u64 = 10;

/// Pages beyond twice those the list had at first. A list may grow while it is read, but not for ever.
const MOST_MORE: u64 = 200;

/// Pages of a list, whatever the server says of its length.
const MOST_PAGES: u64 = 100_000;

/// Pages of a list that does not say how long it is.
const MOST_UNCOUNTED: u64 = 20_000;

/// Rounds through a list that does not say how long it is, until nothing comes to light in one.
const MOST_ROUNDS: u32 = 6;

/// Pages that have been read, and whether they are too many.
#[derive(Debug, Default, Clone)]
pub struct Patience {
    first_total: Option<u64>,
    read: u64,
    furthest: u64,
    barren: u64,
}

/// What a page says of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageHeader {
    /// Number of the page that was asked for, from 1.
    pub page: u64,
    /// Rows in all, if the server says so.
    pub total: Option<u64>,
    /// Rows of the page.
    pub rows: u64,
}

impl PageHeader {
    /// A total that the page itself refutes is none.
    #[must_use]
    pub fn new(page: u64, size: u64, total: Option<i64>, rows: usize) -> Self {
        let rows = rows as u64;
        let least = if rows == 0 { 0 } else { page.saturating_sub(1) * size + rows };
        let total =
            total.and_then(|total| u64::try_from(total).ok()).filter(|total| *total >= least);
        Self { page, total, rows }
    }
}

impl Patience {
    /// A page has arrived.
    ///
    /// # Errors
    /// `paging_unstable` for a list that repeats, that has no end, or that ends before its time.
    pub fn page(
        &mut self,
        heading: PageHeader,
        frontier: &Frontier,
        brings_new: bool,
    ) -> Result<()> {
        let size = frontier.size();
        self.read += 1;
        self.first_total = self.first_total.or(heading.total);
        let page = heading.page;
        // A page that is read again brings nothing new as a rule.
        self.barren = if brings_new || page <= self.furthest { 0 } else { self.barren + 1 };
        self.furthest = self.furthest.max(page);
        let grown = heading.total.unwrap_or(0).saturating_sub(self.first_total.unwrap_or(0));
        if let Some(total) = heading.total
            && heading.rows == 0
            && page.saturating_sub(1) * size < total
        {
            let message = format!("page {page} is empty, though the server counts {total} rows");
            return Err(unstable(&message));
        }
        if heading.rows > 0 && self.barren >= MOST_BARREN + grown.div_ceil(size.max(1)) {
            let pages = self.barren;
            let message =
                format!("pages up to {page} repeat rows of pages before them, {pages} in a row");
            return Err(unstable(&message));
        }
        let most = match self.first_total {
            Some(total) => (total.div_ceil(size.max(1)).min(MOST_PAGES)) * 2 + MOST_MORE,
            None => MOST_UNCOUNTED,
        };
        if self.read > most {
            let message = format!("{most} pages have been read, and the list has no end");
            return Err(unstable(&message));
        }
        Ok(())
    }
}

fn unstable(what: &str) -> Box<Error> {
    let advice =
        "Try again when the task stands still, or look at the server: it may ignore pageNum.";
    Error::new(
        ErrorKind::PagingUnstable,
        format!("the list cannot be read page by page: {what}. {advice}"),
    )
}

/// Reads a list from page to page, each row once.
#[derive(Debug, Clone)]
pub struct Pagination {
    /// The page it begins at.
    first: u64,
    frontier: Frontier,
    seen: Seen,
    patience: Patience,
    round: u32,
    /// Whether this round has met a row that was known.
    met: bool,
    /// Rows that came to light below it.
    missed: u64,
    ended: bool,
}

impl Pagination {
    /// A walk that begins at a page.
    #[must_use]
    pub fn new(page: u64, size: u64) -> Self {
        Self {
            first: page,
            frontier: Frontier::new(size, page.saturating_sub(1) * size),
            seen: Seen::default(),
            patience: Patience::default(),
            round: 1,
            met: false,
            missed: 0,
            ended: false,
        }
    }

    /// The page to be read next; `None` at the end.
    #[must_use]
    pub fn page(&self) -> Option<u64> {
        (!self.ended).then(|| self.frontier.page())
    }

    /// Whether there will be a page of that number, as far as is known.
    #[must_use]
    pub fn expects(&self, page: u64) -> bool {
        let size = self.frontier.size();
        !self.ended && self.frontier.total().is_some_and(|total| (page - 1) * size < total)
    }

    /// Rows of a page.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The server sends smaller pages than it was asked for. Only before the first page is taken.
    pub fn shrink(&mut self, size: u64) {
        if self.patience.read == 0 && (1..self.size()).contains(&size) {
            *self = Self::new(self.first, size);
        }
    }

    /// Rows so far.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.seen.len() as u64
    }

    /// Rows in all, as the server last said.
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.frontier.total()
    }

    /// Takes a page. Says for each of its ids whether it is new.
    ///
    /// # Errors
    /// `paging_unstable` for a list that cannot be read to its end.
    pub fn take(&mut self, heading: PageHeader, ids: &[i64]) -> Result<Vec<bool>> {
        let mut new = Vec::with_capacity(ids.len());
        for id in ids {
            let is_new = self.seen.note(*id, self.round) == 0;
            self.missed += u64::from(is_new && self.met);
            self.met |= !is_new && self.round > 1;
            new.push(is_new);
        }
        self.frontier.reached(heading.page, heading.total);
        let fresh = self.round > 1 || new.contains(&true);
        self.patience.page(heading, &self.frontier, fresh)?;
        match self.frontier.at_end() {
            Some(end) => self.ended = end,
            None if heading.rows < self.frontier.size() => self.end_of_round(heading)?,
            None => {}
        }
        Ok(new)
    }

    /// Where the server does not say how long its list is, rows may have moved up unnoticed. So the
    /// list is read again, until nothing comes to light but at its head. A list of one page has been read at once.
    fn end_of_round(&mut self, heading: PageHeader) -> Result<()> {
        self.ended = heading.page == self.first || (self.round > 1 && self.missed == 0);
        if !self.ended && self.round == MOST_ROUNDS {
            return Err(unstable("it moves faster than it can be read"));
        }
        if !self.ended {
            self.round += 1;
            (self.met, self.missed) = (false, 0);
            let size = self.frontier.size();
            self.frontier = Frontier::new(size, self.first.saturating_sub(1) * size);
        }
        Ok(())
    }
}
