//! Carries out a synchronisation: asks, puts what comes into the table, and keeps the table's checkpoint.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::index_cursor::{IndexCursor, Turn};
use super::pagination::PageHeader;
use super::plan::{RowCounts, SyncPlan};
use crate::client::{Caller, Client, Clock, Settings, Transport};
use crate::error::{Error, Result};
use crate::ingest::IngestReport;
use crate::request::Query;
use crate::table::Table;

/// How a list is brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Page by page.
    #[default]
    Pages,
    /// By `index`, and page by page where the server ignores it.
    Index,
}

/// What may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncOptions {
    /// How the list is read.
    pub mode: Mode,
    /// All of it again, whatever is known.
    pub full: bool,
    /// Requests at a time, where the list is read as a whole.
    pub at_once: usize,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading what is not known.
    Listing,
    /// Making sure that nothing was missed.
    Verifying,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Calls of the list in the table, as far as is known.
    pub done: u64,
    /// Calls of the list, if the server says so.
    pub total: Option<u64>,
    /// Requests so far, retries not counted.
    pub requests: u32,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Calls that were not in the table.
    pub added: u32,
    /// Calls whose row was replaced.
    pub updated: u32,
    /// Calls that were read and said the same already.
    pub unchanged: u32,
    /// Requests, retries not counted.
    pub requests: u32,
    /// Times that the list moved so that it had to be read anew.
    pub restarts: u32,
    /// Whether every call that was listed is in the table.
    pub complete: bool,
}

impl SyncReport {
    fn count(&mut self, counts: RowCounts) {
        self.added += counts.added;
        self.updated += counts.updated;
        self.unchanged += counts.unchanged;
    }
}

/// What a synchronisation works with.
pub struct Sync<'a, T, C, H> {
    /// Sends.
    pub client: &'a Client<T, C>,
    /// How requests are sent.
    pub settings: &'a Settings,
    /// Whose requests they are.
    pub caller: &'a H,
    /// What is brought up to date.
    pub table: &'a RefCell<Table>,
    /// Which calls.
    pub query: &'a Query,
}

/// A page on its way, or there already.
struct PendingIngest<'a> {
    page: u64,
    /// Whether no other was on its way with it.
    alone: bool,
    answer: Pin<Box<dyn Future<Output = Result<IngestReport>> + 'a>>,
    there: Option<Result<IngestReport>>,
}

impl PendingIngest<'_> {
    fn poll(&mut self, context: &mut Context<'_>) {
        if self.there.is_none()
            && let Poll::Ready(answer) = self.answer.as_mut().poll(context)
        {
            self.there = Some(answer);
        }
    }
}

impl<T: Transport, C: Clock, H: Caller> Sync<'_, T, C, H> {
    /// Brings the table up to date. Wherever it is stopped the table is valid, and the next
    /// synchronisation goes on from there. `progress` is told of every page.
    ///
    /// # Errors
    /// Those of a call, and `paging_unstable`.
    pub async fn run(
        &self,
        options: SyncOptions,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<SyncReport> {
        let key = key_of(self.query)?;
        let mut report = SyncReport::default();
        if options.mode == Mode::Index
            && !options.full
            && self.by_index(&key, &mut report, progress).await?
        {
            return Ok(report);
        }
        self.by_page(&key, options, &mut report, progress).await?;
        Ok(report)
    }

    async fn by_page(
        &self,
        key: &str,
        options: SyncOptions,
        report: &mut SyncReport,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        let checkpoint = self.table.borrow().checkpoint(key);
        let mut plan = SyncPlan::new(checkpoint, self.size(), options.at_once, options.full);
        let mut window: VecDeque<PendingIngest> = VecDeque::new();
        let mut last = 0;
        loop {
            while let Some(page) = plan.page(window.len(), last) {
                for flight in &mut window {
                    flight.alone = false;
                }
                let query = self.query.page(page, plan.size());
                let alone = window.is_empty();
                let answer = Box::pin(self.ask(query));
                window.push_back(PendingIngest { page, alone, answer, there: None });
                report.requests += 1;
                last = page;
            }
            let next = poll_fn(|context| {
                for flight in &mut window {
                    flight.poll(context);
                }
                let there = window.front().is_none_or(|flight| flight.there.is_some());
                if there { Poll::Ready(window.pop_front()) } else { Poll::Pending }
            });
            let Some(PendingIngest { page, alone, there: Some(answer), .. }) = next.await else {
                break;
            };
            let read = answer?;
            plan.shrink(read.page_size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0));
            let heading = PageHeader::new(page, plan.size(), read.total, read.rows.len());
            let phase = if plan.is_checking() { Phase::Verifying } else { Phase::Listing };
            let taken = plan.take(heading, &read.rows, alone);
            let taken = taken.map_err(|error| error.in_endpoint(self.query.name()));
            self.table.borrow_mut().set_checkpoint(key, plan.mark().clone());
            if !taken? {
                window.clear();
            }
            let (done, total) = plan.progress();
            progress(Progress { phase, done, total, requests: report.requests });
        }
        report.count(plan.counts());
        report.restarts = plan.restarts();
        report.complete = plan.is_complete();
        Ok(())
    }

    /// Reads on by `index`. Returns whether the server can do that.
    async fn by_index(
        &self,
        key: &str,
        report: &mut SyncReport,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<bool> {
        let checkpoint = self.table.borrow().checkpoint(key);
        let size = self.size();
        let mut cursor =
            IndexCursor::new(checkpoint.index.unwrap_or(-1), usize::try_from(size).unwrap_or(50));
        loop {
            let read = self.ask(self.query.page(1, size).after(cursor.index())).await?;
            report.requests += 1;
            report.count(RowCounts {
                added: read.added,
                updated: read.updated,
                unchanged: read.unchanged,
            });
            let table = self.table.borrow();
            let indices: Vec<_> = read.rows.iter().map(|(id, _)| table.call_index(*id)).collect();
            drop(table);
            let turn = cursor.take(&indices, read.total);
            if turn == Turn::Ignored {
                return Ok(false);
            }
            let checkpoint =
                crate::table::SyncCheckpoint { index: Some(cursor.index()), ..checkpoint.clone() };
            self.table.borrow_mut().set_checkpoint(key, checkpoint);
            let done = u64::from(report.added + report.updated + report.unchanged);
            let left = read.total.map_or(0, |total| total - indices.len().try_into().unwrap_or(0));
            progress(Progress {
                phase: Phase::Listing,
                done,
                total: read.total.map(|_| done + u64::try_from(left).unwrap_or(0)),
                requests: report.requests,
            });
            if turn == Turn::End {
                report.complete = true;
                return Ok(true);
            }
        }
    }

    /// One page, put into the table as soon as it is there.
    async fn ask(&self, query: Query) -> Result<IngestReport> {
        let mut read = IngestReport::default();
        let ingest = &mut |body: &[u8]| {
            read = self.table.borrow_mut().ingest_body(body)?;
            Ok(())
        };
        self.client.call_raw(&query, self.settings, self.caller, ingest).await?;
        Ok(read)
    }

    fn size(&self) -> u64 {
        let size = self.query.page_size().or(self.query.max_page_size());
        size.and_then(|size| u64::try_from(size).ok()).unwrap_or(1)
    }
}

/// What tells a list from others: the query without its pages, as it is sent.
///
/// # Errors
/// `invalid_argument` for a query that is wrong, or that names a page.
pub fn key_of(query: &Query) -> Result<String> {
    let refuse =
        |path, message: &str| Err(Error::invalid_argument(path, message).in_endpoint(query.name()));
    if let Some(page) = query.page_parameter() {
        return refuse(page, "a synchronisation reads every page: leave it out");
    }
    if let Some(index) = query.index_parameter() {
        return refuse(
            index,
            "a synchronisation keeps it itself: leave it out, and use mode \"cursor\"",
        );
    }
    query.request().map_err(|error| error.in_endpoint(query.name()))?;
    Ok(query.without_page().request()?.body.unwrap_or_default())
}
