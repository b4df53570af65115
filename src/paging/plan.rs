//! Synchronisation of a table with a list that changes: decides the next page, and what the checkpoint records.
//! Not here: the requests (`sync.rs`).
//!
//! Every synchronisation begins at the head with a new [`Gap`]. It reads down until it reaches a call that is known
//! from an earlier synchronisation and has not changed: all newer calls are above it. Then it continues with the gap
//! of an interrupted synchronisation, if there is one below. It ends at an anchor or at the end of the list.
//! DESIGN.md, "Every call, exactly once", explains what it can and cannot detect.

use super::frontier::Frontier;
use super::pagination::{PageHeader, StabilityCheck};
use super::seen::SeenIds;
use crate::error::Result;
use crate::table::{Gap, SyncCheckpoint, Upsert};

/// The maximum number of calls that a gap, or the anchors, keep.
const MAX_CALLS: usize = 256;

/// The maximum number of restarts after a pass that may have missed calls.
const MAX_RESTARTS: u32 = 4;

/// The maximum number of times that the head is read again after a long pass.
const MAX_HEAD_CHECKS: u32 = 4;

/// The maximum number of separate gaps. More gaps are read as one.
const MAX_GAPS: usize = 8;

/// The id of a row that was put into the table, and its effect there.
pub type IngestedRow = (i64, Upsert);

/// The counts of a synchronisation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Calls that were not in the table.
    pub added: u32,
    /// Calls whose row was replaced.
    pub updated: u32,
    /// Calls whose row was the same already.
    pub unchanged: u32,
}

/// The state of a synchronisation.
#[derive(Debug, Clone)]
pub struct SyncPlan {
    checkpoint: SyncCheckpoint,
    size: u64,
    /// The maximum number of requests in flight.
    concurrency: usize,
    /// The calls of this synchronisation, with the pass in which each was last read.
    seen: SeenIds,
    /// The number of the pass. A pass begins at the head.
    pass: u32,
    stability: StabilityCheck,
    /// The number of pages of this pass.
    pages_since_head: u32,
    /// New calls of this pass below a known call, in a list whose length the server does not give. `None` if the
    /// pass has not read a known call yet.
    missed: Option<u64>,
    /// Whether the head was read again because calls seemed to be missing.
    head_checked: bool,
    /// The number of times that the head was read again.
    checks: u32,
    restarts: u32,
    counts: RowCounts,
    /// The number of added calls when the whole list was last known to be in the table.
    added_at_checkpoint: u32,
    state: PlanState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlanState {
    Reading,
    Complete,
    /// The list changed during every pass, so calls may be missing.
    GivenUp,
}

impl SyncPlan {
    /// A synchronisation from a checkpoint of the list, in pages of `size` rows, with up to `concurrency` requests
    /// in flight. `full` reads the whole list again.
    #[must_use]
    pub fn new(mut checkpoint: SyncCheckpoint, size: u64, concurrency: usize, full: bool) -> Self {
        if full {
            checkpoint = SyncCheckpoint { index: checkpoint.index, ..SyncCheckpoint::default() };
        }
        if checkpoint.gaps.len() >= MAX_GAPS {
            checkpoint.gaps.truncate(1);
        }
        checkpoint.gaps.push(Gap { certain: true, ..Gap::default() });
        Self {
            checkpoint,
            size,
            concurrency,
            seen: SeenIds::default(),
            pass: 1,
            stability: StabilityCheck::default(),
            pages_since_head: 0,
            missed: None,
            head_checked: false,
            checks: 0,
            restarts: 0,
            counts: RowCounts::default(),
            added_at_checkpoint: 0,
            state: PlanState::Reading,
        }
    }

    /// The page to request now, while `in_flight` requests up to page `last` are in flight; `None` for no page.
    #[must_use]
    pub fn page(&self, in_flight: usize, last: u64) -> Option<u64> {
        if self.is_done() {
            return None;
        }
        if in_flight == 0 {
            return Some(self.frontier().page());
        }
        let page = last + 1;
        let exists = self.frontier().total().is_some_and(|total| (page - 1) * self.size < total);
        (in_flight < self.concurrency && self.reads_whole_list() && exists).then_some(page)
    }

    /// The number of rows of a page.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adapts to a server that sends smaller pages than requested. Effective only before the first page is taken.
    pub fn shrink(&mut self, size: u64) {
        if self.pages_since_head == 0 && (1..self.size).contains(&size) {
            self.size = size;
        }
    }

    /// Whether there is no further page to request.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state != PlanState::Reading
    }

    /// Whether every call that was in the list at the beginning of the last pass is in the table.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.state == PlanState::Complete
    }

    /// Whether this pass reads again what an earlier pass has read.
    #[must_use]
    pub const fn is_checking(&self) -> bool {
        self.checks > 0 || self.restarts > 0
    }

    /// The number of restarts.
    #[must_use]
    pub const fn restarts(&self) -> u32 {
        self.restarts
    }

    /// The counts so far.
    #[must_use]
    pub const fn counts(&self) -> RowCounts {
        self.counts
    }

    /// The known number of calls of the list in the table, and the length of the list if the server gives it.
    #[must_use]
    pub fn progress(&self) -> (u64, Option<u64>) {
        let total =
            self.checkpoint.gaps.iter().rev().find_map(|gap| gap.total).or(self.checkpoint.total);
        let known = match self.checkpoint.total {
            Some(known) => {
                known.saturating_add((self.counts.added - self.added_at_checkpoint).into())
            }
            None => self.checkpoint.gaps.iter().map(|gap| gap.seen).sum(),
        };
        (total.map_or(known, |total| known.min(total)), total)
    }

    /// The current checkpoint, to be kept in the table.
    #[must_use]
    pub const fn checkpoint(&self) -> &SyncCheckpoint {
        &self.checkpoint
    }

    /// Takes a page. `alone` means that no other request was in flight with it. Returns whether the requests in
    /// flight are still of use.
    ///
    /// # Errors
    /// `paging_unstable` for a list that cannot be read to its end.
    pub fn take(&mut self, header: PageHeader, rows: &[IngestedRow], alone: bool) -> Result<bool> {
        self.pages_since_head += 1;
        let mut frontier = self.frontier();
        let moved_up = frontier.observe(header.total);
        let contiguous = frontier.reached(header.page, header.total);
        let (new, changed_again) = self.count(rows);
        self.stability.check_page(header, &frontier, new > 0)?;
        let has_known_call = self.has_known_call(rows);
        let Some(gap) = self.checkpoint.gaps.last_mut() else { return Ok(false) };
        (gap.read, gap.total) = (frontier.read(), frontier.total());
        if self.pages_since_head == 1 {
            gap.expected = header.total;
        }
        gap.certain &= alone;
        if !gap.certain && (moved_up || changed_again) {
            // The list changed while several requests were in flight: the counts prove nothing.
            gap.expected = None;
        }
        let kept =
            if header.page == 1 { rows } else { rows.last().map_or(&[][..], std::slice::from_ref) };
        let kept = kept.iter().map(|(id, _)| *id).filter(|id| !gap.calls.contains(id));
        gap.calls.extend(kept.collect::<Vec<_>>());
        thin_out(&mut gap.calls);
        let ended = match frontier.at_end() {
            Some(end) => end,
            None => header.rows < self.size,
        };
        let closed = has_known_call && contiguous && self.counts_match();
        if closed || ended {
            self.close_gap(ended);
            return Ok(false);
        }
        Ok(contiguous)
    }

    /// The frontier of the current gap.
    fn frontier(&self) -> Frontier {
        let gap = self.checkpoint.gaps.last();
        gap.map_or(Frontier::new(self.size, 0), |gap| Frontier::at(self.size, gap.read, gap.total))
    }

    /// Whether the whole list is read, not only its head.
    fn reads_whole_list(&self) -> bool {
        self.checkpoint.total.is_none() && self.checkpoint.gaps.len() == 1
    }

    /// Counts the calls of a page. Returns the number of calls that are new in this pass, and whether a call has
    /// changed since this synchronisation read it.
    fn count(&mut self, rows: &[IngestedRow]) -> (u64, bool) {
        // Above an earlier gap, only calls that entered since then count.
        let above_gap = self.checkpoint.gaps.len() > 1;
        let (mut new, mut changed_again) = (0, false);
        for (id, upsert) in rows {
            if *upsert == Upsert::Updated {
                // The call may have moved, so it no longer proves that the calls below it are known.
                self.checkpoint.anchors.retain(|anchor| anchor != id);
                for gap in &mut self.checkpoint.gaps {
                    gap.calls.retain(|call| call != id);
                }
            }
            let last_pass = self.seen.record(*id, self.pass);
            let first = last_pass == 0;
            changed_again |= !first && *upsert != Upsert::Unchanged;
            match upsert {
                Upsert::Added => self.counts.added += 1,
                Upsert::Updated => self.counts.updated += 1,
                Upsert::Unchanged | Upsert::Renewed => {
                    self.counts.unchanged += u32::from(first);
                }
            }
            if last_pass == self.pass {
                continue;
            }
            new += 1;
            self.missed = match (self.missed, upsert) {
                (Some(missed), Upsert::Added) => Some(missed + 1),
                (None, Upsert::Unchanged) => Some(0),
                (missed, _) => missed,
            };
            if let Some(gap) = self.checkpoint.gaps.last_mut() {
                gap.seen += u64::from(!above_gap || *upsert != Upsert::Unchanged);
                gap.changed += u64::from(*upsert != Upsert::Unchanged);
            }
        }
        (new, changed_again)
    }

    /// Whether a page has a call that was known before this pass and has not changed since.
    fn has_known_call(&self, rows: &[IngestedRow]) -> bool {
        let known = match self.checkpoint.gaps.iter().rev().nth(1) {
            Some(below) => &below.calls,
            None => &self.checkpoint.anchors,
        };
        rows.iter().any(|(id, upsert)| *upsert == Upsert::Unchanged && known.contains(id))
    }

    /// Whether at least as many new or changed calls were found as the list has grown by.
    fn counts_match(&self) -> bool {
        let [gap] = self.checkpoint.gaps.as_slice() else { return true };
        let (Some(before), Some(now)) = (self.checkpoint.total, gap.total) else { return true };
        before.saturating_add(gap.changed) >= now
    }

    /// Closes the current gap, which has been read down to a known call or to the end of the list.
    fn close_gap(&mut self, mut ended: bool) {
        let Some(mut gap) = self.checkpoint.gaps.pop() else { return };
        while let Some(below) = self.checkpoint.gaps.pop() {
            gap = merged_gaps(gap, below, self.size);
            ended |= Frontier::at(self.size, gap.read, gap.total).at_end() == Some(true);
            if !ended {
                return self.checkpoint.gaps.push(gap);
            }
        }
        if ended && self.checkpoint.total.is_none() {
            let whole = self.is_whole(&gap);
            let certain = whole && (gap.certain || self.head_checked);
            let needs_no_check = self.pages_since_head == 1 || gap.total.is_none();
            if !(certain || needs_no_check || self.checks >= MAX_HEAD_CHECKS) {
                // Missing calls may have moved to the head. The total there shows whether calls have left.
                self.checkpoint.gaps.push(gap);
                self.head_checked = true;
                return self.begin_pass();
            }
            if !whole {
                return self.restart();
            }
        }
        self.checkpoint.total = gap.total.or(Some(gap.seen));
        self.added_at_checkpoint = self.counts.added;
        let anchors = std::mem::replace(&mut self.checkpoint.anchors, gap.calls);
        self.checkpoint.anchors.extend(anchors);
        thin_out(&mut self.checkpoint.anchors);
        if self.pages_since_head == 1 || self.checks >= MAX_HEAD_CHECKS {
            self.state = PlanState::Complete;
        } else {
            self.begin_pass();
        }
    }

    /// Whether a list that was read to its end was read without a gap.
    fn is_whole(&self, gap: &Gap) -> bool {
        match gap.total {
            // Calls that entered later, and calls that have left, need not be found.
            Some(total) if gap.certain => gap.seen >= gap.expected.unwrap_or(total).min(total),
            Some(_) => gap.expected == gap.total && gap.total == Some(gap.seen),
            // The server gives no length, so the list must be read once more without finding a missed call.
            None => gap.read <= self.size || self.missed == Some(0),
        }
    }

    /// Begins a new pass at the head.
    fn begin_pass(&mut self) {
        self.checks += 1;
        self.pass += 1;
        self.missed = None;
        self.pages_since_head = 0;
        self.stability = StabilityCheck::default();
        self.checkpoint.gaps.push(Gap { certain: true, ..Gap::default() });
    }

    /// Restarts: the whole list is read again, page by page.
    fn restart(&mut self) {
        self.checkpoint =
            SyncCheckpoint { index: self.checkpoint.index, ..SyncCheckpoint::default() };
        if self.restarts == MAX_RESTARTS {
            self.state = PlanState::GivenUp;
            return;
        }
        self.restarts += 1;
        self.concurrency = 1;
        (self.head_checked, self.checks) = (false, 0);
        self.begin_pass();
    }
}

/// Two adjacent gaps as one.
fn merged_gaps(above: Gap, below: Gap, size: u64) -> Gap {
    let mut frontier = Frontier::at(size, below.read, below.total);
    frontier.observe(above.total);
    let mut calls = above.calls;
    calls.extend(below.calls);
    thin_out(&mut calls);
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

/// Removes every other call while there are too many, except the first quarter (calls near the head).
fn thin_out(calls: &mut Vec<i64>) {
    while calls.len() > MAX_CALLS {
        let mut position = 0;
        calls.retain(|_| {
            position += 1;
            position <= MAX_CALLS / 4 || position % 2 == 0
        });
    }
}
