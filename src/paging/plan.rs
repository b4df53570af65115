//! How a table is brought up to date with a list that moves: which page next, and what is known then.
//! A decision, not a loop; `sync.rs` asks.
//!
//! Every synchronisation begins at the head, with a new [`Gap`], and reads down until it meets a call
//! that it knows from before and that has not changed: what entered since stands above it. Then it goes
//! on with the gap below, if an earlier one was stopped there, and ends at an anchor, or at the end
//! of the list. What it can and cannot see, and why, is in DESIGN.md, "Every call, exactly once".

use super::frontier::Frontier;
use super::pagination::{PageHeader, Patience};
use super::seen::Seen;
use crate::error::Result;
use crate::table::{Gap, SyncCheckpoint, Upsert};

/// Calls that are remembered of a stretch.
const MOST_CALLS: usize = 256;

/// Times that a reading which cannot be vouched for is begun anew.
const MOST_RESTARTS: u32 = 4;

/// Times that the head is read again because reading took long.
const MOST_CHECKS: u32 = 4;

/// Gaps that are kept apart; more are read as one.
const MOST_GAPS: usize = 8;

/// What became of a call when it was put into the table.
pub type Row = (i64, Upsert);

/// What a synchronisation has come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Calls that were not in the table.
    pub added: u32,
    /// Calls whose row was replaced.
    pub updated: u32,
    /// Calls whose row said the same already.
    pub unchanged: u32,
}

/// A synchronisation.
#[derive(Debug, Clone)]
pub struct SyncPlan {
    mark: SyncCheckpoint,
    size: u64,
    /// Pages that may be on their way at once.
    at_once: usize,
    /// The calls of this run, with the reading in which they were seen last.
    seen: Seen,
    reading: u32,
    patience: Patience,
    /// Pages taken since the head was last begun.
    since_head: u32,
    /// Calls that came to light in this reading below one that was known. Counted for lists that do not
    /// say how long they are; `None` while none was known.
    missed: Option<u64>,
    /// Whether the head was begun again because something seemed to be missing.
    doubted: bool,
    checks: u32,
    restarts: u32,
    counts: RowCounts,
    /// Calls that had been added when the list was last known to be in the table.
    settled: u32,
    state: PlanState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlanState {
    Reading,
    Complete,
    /// What was read cannot be vouched for.
    GivenUp,
}

impl SyncPlan {
    /// Brings up to date what `mark` says of a list in pages of `size`, with up to `at_once` requests
    /// at a time; `full` reads all of it again.
    #[must_use]
    pub fn new(mut mark: SyncCheckpoint, size: u64, at_once: usize, full: bool) -> Self {
        if full {
            mark = SyncCheckpoint { index: mark.index, ..SyncCheckpoint::default() };
        }
        if mark.gaps.len() >= MOST_GAPS {
            mark.gaps.truncate(1);
        }
        mark.gaps.push(Gap { certain: true, ..Gap::default() });
        Self {
            mark,
            size,
            at_once,
            seen: Seen::default(),
            reading: 1,
            patience: Patience::default(),
            since_head: 0,
            missed: None,
            doubted: false,
            checks: 0,
            restarts: 0,
            counts: RowCounts::default(),
            settled: 0,
            state: PlanState::Reading,
        }
    }

    /// The page to ask for while those up to `last` of `waiting` are on their way; `None` for none now.
    #[must_use]
    pub fn page(&self, waiting: usize, last: u64) -> Option<u64> {
        if self.is_done() {
            return None;
        }
        if waiting == 0 {
            return Some(self.frontier().page());
        }
        let page = last + 1;
        let there = self.frontier().total().is_some_and(|total| (page - 1) * self.size < total);
        (waiting < self.at_once && self.reads_all() && there).then_some(page)
    }

    /// Rows of a page.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The server sends smaller pages than it was asked for. Only before the first page is taken.
    pub fn shrink(&mut self, size: u64) {
        if self.since_head == 0 && (1..self.size).contains(&size) {
            self.size = size;
        }
    }

    /// Whether there is nothing more to ask for.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state != PlanState::Reading
    }

    /// Whether every call that was listed when the head was last begun is in the table.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.state == PlanState::Complete
    }

    /// Whether what was read is being checked.
    #[must_use]
    pub const fn is_checking(&self) -> bool {
        self.checks > 0 || self.restarts > 0
    }

    /// Readings that were begun anew.
    #[must_use]
    pub const fn restarts(&self) -> u32 {
        self.restarts
    }

    /// What has become of the calls.
    #[must_use]
    pub const fn counts(&self) -> RowCounts {
        self.counts
    }

    /// Calls of the list that are in the table, as far as is known, and the length of the list.
    #[must_use]
    pub fn progress(&self) -> (u64, Option<u64>) {
        let total = self.mark.gaps.iter().rev().find_map(|gap| gap.total).or(self.mark.total);
        let known = match self.mark.total {
            Some(known) => known.saturating_add((self.counts.added - self.settled).into()),
            None => self.mark.gaps.iter().map(|gap| gap.seen).sum(),
        };
        (total.map_or(known, |total| known.min(total)), total)
    }

    /// What is known of the list by now, to be kept with the table.
    #[must_use]
    pub const fn mark(&self) -> &SyncCheckpoint {
        &self.mark
    }

    /// Takes a page; `alone` says that no other was on its way with it. Returns whether pages that are
    /// on their way are still of use.
    ///
    /// # Errors
    /// `paging_unstable` for a list that cannot be read to its end.
    pub fn take(&mut self, heading: PageHeader, rows: &[Row], alone: bool) -> Result<bool> {
        self.since_head += 1;
        let mut frontier = self.frontier();
        let fell = frontier.observe(heading.total);
        let contiguous = frontier.reached(heading.page, heading.total);
        let (fresh, twice) = self.count(rows);
        self.patience.page(heading, &frontier, fresh > 0)?;
        let met = self.meets(rows);
        let Some(gap) = self.mark.gaps.last_mut() else { return Ok(false) };
        (gap.read, gap.total) = (frontier.read(), frontier.total());
        if self.since_head == 1 {
            gap.expected = heading.total;
        }
        gap.certain &= alone;
        if !gap.certain && (fell || twice) {
            // Pages that were on their way together have seen a list that changed: nothing adds up.
            gap.expected = None;
        }
        let some = if heading.page == 1 {
            rows
        } else {
            rows.last().map_or(&[][..], std::slice::from_ref)
        };
        let known = some.iter().map(|(id, _)| *id).filter(|id| !gap.calls.contains(id));
        gap.calls.extend(known.collect::<Vec<_>>());
        thin(&mut gap.calls);
        let ended = match frontier.at_end() {
            Some(end) => end,
            None => heading.rows < self.size,
        };
        let closed = met && contiguous && self.adds_up();
        if closed || ended {
            self.close(ended);
            return Ok(false);
        }
        Ok(contiguous)
    }

    /// What is known of the stretch that is being read.
    fn frontier(&self) -> Frontier {
        let gap = self.mark.gaps.last();
        gap.map_or(Frontier::new(self.size, 0), |gap| Frontier::at(self.size, gap.read, gap.total))
    }

    /// Whether the whole list is being read, and not only its head.
    fn reads_all(&self) -> bool {
        self.mark.total.is_none() && self.mark.gaps.len() == 1
    }

    /// RowCounts the calls of a page. Returns how many are new in this reading, and whether one has
    /// changed since it was read.
    fn count(&mut self, rows: &[Row]) -> (u64, bool) {
        // Above what was read before only calls that entered since count.
        let above = self.mark.gaps.len() > 1;
        let (mut fresh, mut twice) = (0, false);
        for (id, put) in rows {
            if *put == Upsert::Updated {
                // It may have moved: what stands below it is not known by it any more.
                self.mark.anchors.retain(|anchor| anchor != id);
                for gap in &mut self.mark.gaps {
                    gap.calls.retain(|call| call != id);
                }
            }
            let before = self.seen.note(*id, self.reading);
            let first = before == 0;
            twice |= !first && *put != Upsert::Unchanged;
            match put {
                Upsert::Added => self.counts.added += 1,
                Upsert::Updated => self.counts.updated += 1,
                Upsert::Unchanged => self.counts.unchanged += u32::from(first),
            }
            if before == self.reading {
                continue;
            }
            fresh += 1;
            self.missed = match (self.missed, put) {
                (Some(missed), Upsert::Added) => Some(missed + 1),
                (None, Upsert::Unchanged) => Some(0),
                (missed, _) => missed,
            };
            if let Some(gap) = self.mark.gaps.last_mut() {
                gap.seen += u64::from(!above || *put != Upsert::Unchanged);
                gap.changed += u64::from(*put != Upsert::Unchanged);
            }
        }
        (fresh, twice)
    }

    /// Whether a page has a call that is known from before this reading and has not changed since.
    fn meets(&self, rows: &[Row]) -> bool {
        let known = match self.mark.gaps.iter().rev().nth(1) {
            Some(below) => &below.calls,
            None => &self.mark.anchors,
        };
        rows.iter().any(|(id, put)| *put == Upsert::Unchanged && known.contains(id))
    }

    /// Whether as many calls were found as the list has grown by.
    fn adds_up(&self) -> bool {
        let [gap] = self.mark.gaps.as_slice() else { return true };
        let (Some(before), Some(now)) = (self.mark.total, gap.total) else { return true };
        before.saturating_add(gap.changed) >= now
    }

    /// The stretch that was being read is known now, down to a call that is known from before, or to
    /// the end of the list.
    fn close(&mut self, mut ended: bool) {
        let Some(mut gap) = self.mark.gaps.pop() else { return };
        while let Some(below) = self.mark.gaps.pop() {
            gap = joined(gap, below, self.size);
            ended |= Frontier::at(self.size, gap.read, gap.total).at_end() == Some(true);
            if !ended {
                return self.mark.gaps.push(gap);
            }
        }
        if ended && self.mark.total.is_none() {
            let whole = self.is_whole(&gap);
            let sure = whole && (gap.certain || self.doubted);
            let once = self.since_head == 1 || gap.total.is_none();
            if !(sure || once || self.checks >= MOST_CHECKS) {
                // What is missing may have moved to the head; and whether any call has left shows there.
                self.mark.gaps.push(gap);
                self.doubted = true;
                return self.begin();
            }
            if !whole {
                return self.restart();
            }
        }
        self.mark.total = gap.total.or(Some(gap.seen));
        self.settled = self.counts.added;
        let anchors = std::mem::replace(&mut self.mark.anchors, gap.calls);
        self.mark.anchors.extend(anchors);
        thin(&mut self.mark.anchors);
        if self.since_head == 1 || self.checks >= MOST_CHECKS {
            self.state = PlanState::Complete;
        } else {
            self.begin();
        }
    }

    /// Whether a list that has been read to its end has been read without a gap.
    fn is_whole(&self, gap: &Gap) -> bool {
        match gap.total {
            // Calls that come in later are not counted, nor those that have left.
            Some(total) if gap.certain => gap.seen >= gap.expected.unwrap_or(total).min(total),
            Some(_) => gap.expected == gap.total && gap.total == Some(gap.seen),
            // Nobody says how long it is: it has to be read once more, without anything coming to light.
            None => gap.read <= self.size || self.missed == Some(0),
        }
    }

    /// Begins at the head.
    fn begin(&mut self) {
        self.checks += 1;
        self.reading += 1;
        self.missed = None;
        self.since_head = 0;
        self.patience = Patience::default();
        self.mark.gaps.push(Gap { certain: true, ..Gap::default() });
    }

    /// Reads the whole list again, one page after the other.
    fn restart(&mut self) {
        self.mark = SyncCheckpoint { index: self.mark.index, ..SyncCheckpoint::default() };
        if self.restarts == MOST_RESTARTS {
            self.state = PlanState::GivenUp;
            return;
        }
        self.restarts += 1;
        self.at_once = 1;
        (self.doubted, self.checks) = (false, 0);
        self.begin();
    }
}

/// Two stretches that meet, as one.
fn joined(above: Gap, below: Gap, size: u64) -> Gap {
    let mut frontier = Frontier::at(size, below.read, below.total);
    frontier.observe(above.total);
    let mut calls = above.calls;
    calls.extend(below.calls);
    thin(&mut calls);
    Gap {
        read: frontier.read().max(above.read),
        total: frontier.total(),
        calls,
        seen: above.seen.saturating_add(below.seen),
        changed: above.changed.saturating_add(below.changed),
        expected: below.expected.map(|expected| expected.saturating_add(above.seen)),
        certain: above.certain && below.certain,
    }
}

/// Leaves every other of too many calls, but for those of the first page.
fn thin(calls: &mut Vec<i64>) {
    while calls.len() > MOST_CALLS {
        let mut position = 0;
        calls.retain(|_| {
            position += 1;
            position <= MOST_CALLS / 4 || position % 2 == 0
        });
    }
}
