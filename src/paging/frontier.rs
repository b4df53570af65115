//! The frontier of a list: how many of its rows have been read without a gap, while the list changes.
//! Not here: which rows are new (`seen.rs`).
//!
//! Rows enter at the head of the vendor's lists and may leave anywhere. Between two answers, a row that stays moves
//! down by the number of rows that entered, and up by the number of rows that left above it. It moves up by at most
//! the decrease of `total`. So the frontier is the end of the pages that were read in sequence, minus every decrease
//! of `total`. DESIGN.md, "Every call, exactly once", has the proof.

/// A row that has been in the list since the reading began and has not been read is below `read`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    read: u64,
    total: Option<u64>,
}

impl Frontier {
    /// The frontier of a list in pages of `size` rows. The first `read` rows need not be read.
    #[must_use]
    pub const fn new(size: u64, read: u64) -> Self {
        Self { size, read, total: None }
    }

    /// The frontier of an earlier time, when the list had `total` rows.
    #[must_use]
    pub const fn at(size: u64, read: u64, total: Option<u64>) -> Self {
        Self { size, read, total }
    }

    /// The number of rows from the head that need not be read.
    #[must_use]
    pub const fn read(&self) -> u64 {
        self.read
    }

    /// The length of the list in the last answer.
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// The number of rows of a page.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The number of the next page, from 1.
    #[must_use]
    pub const fn page(&self) -> u64 {
        match self.read.checked_div(self.size) {
            Some(pages) => pages + 1,
            None => 1,
        }
    }

    /// Whether the whole list has been read; `None` if the server never gave its length.
    #[must_use]
    pub fn at_end(&self) -> Option<bool> {
        self.total.map(|total| self.read >= total)
    }

    /// Takes the length of the list from an answer. Returns whether rows may have moved up.
    pub fn observe(&mut self, total: Option<u64>) -> bool {
        let (Some(now), before) = (total, self.total) else { return false };
        self.total = total;
        let decrease = before.unwrap_or(now).saturating_sub(now);
        self.read = self.read.saturating_sub(decrease);
        decrease > 0
    }

    /// Takes a page that was read when the list had `total` rows. Returns whether there is no gap above the page.
    pub fn reached(&mut self, page: u64, total: Option<u64>) -> bool {
        self.observe(total);
        let above = page.saturating_sub(1).saturating_mul(self.size);
        if above > self.read {
            return false;
        }
        self.read = self.read.max(above.saturating_add(self.size));
        true
    }
}
