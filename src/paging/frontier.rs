//! How far a list has been read that moves while it is read.
//!
//! Rows enter at the head of the vendor's lists and may leave anywhere. Between two answers a row that
//! stays moves down by the rows that entered, and up by those that left above it: up by no more places
//! than `total` fell. So what has been read of a list reaches as far as the pages read one after the
//! other do, less every fall of `total`. DESIGN.md, "Every call, exactly once", has the proof.

/// Everything that has been listed since the reading began, and has not been read, stands below `read`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    read: u64,
    total: Option<u64>,
}

impl Frontier {
    /// A list in pages of `size` rows, of which the first `read` need not be read.
    #[must_use]
    pub const fn new(size: u64, read: u64) -> Self {
        Self { size, read, total: None }
    }

    /// As it was at an earlier time, when the list had `total` rows.
    #[must_use]
    pub const fn at(size: u64, read: u64, total: Option<u64>) -> Self {
        Self { size, read, total }
    }

    /// Rows from the head that need not be read.
    #[must_use]
    pub const fn read(&self) -> u64 {
        self.read
    }

    /// Rows in all, as the server last said.
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Rows of a page.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The page to be read next, from 1.
    #[must_use]
    pub const fn page(&self) -> u64 {
        match self.read.checked_div(self.size) {
            Some(pages) => pages + 1,
            None => 1,
        }
    }

    /// Whether the whole list has been read; `None` where the server never said how long it is.
    #[must_use]
    pub fn at_end(&self) -> Option<bool> {
        self.total.map(|total| self.read >= total)
    }

    /// An answer says how long the list is. Returns whether rows may have moved up.
    pub fn observe(&mut self, total: Option<u64>) -> bool {
        let (Some(now), before) = (total, self.total) else { return false };
        self.total = total;
        let fell = before.unwrap_or(now).saturating_sub(now);
        self.read = self.read.saturating_sub(fell);
        fell > 0
    }

    /// A page has been read, at a time when the list had `total` rows. Returns whether it was reached
    /// without a gap.
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
