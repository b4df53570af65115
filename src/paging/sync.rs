//! Carries out a synchronisation: sends its requests, puts the rows into the table, and stores the checkpoint.
//! Not here: its decisions (`plan.rs`, `index_cursor.rs`).

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::index_cursor::{IndexCursor, IndexStep};
use super::pagination::PageHeader;
use super::plan::{RowCounts, SyncPlan};
use crate::client::{Caller, Client, Clock, Settings, Transport};
use crate::error::{Error, Result};
use crate::ingest::IngestReport;
use crate::request::Query;
use crate::table::{SyncCheckpoint, Table};

/// How a synchronisation reads the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Page by page.
    #[default]
    Pages,
    /// By `index`; page by page if the server ignores `index`.
    Index,
}

/// The options of a synchronisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncOptions {
    /// How the list is read.
    pub mode: Mode,
    /// Whether to read the whole list again.
    pub full: bool,
    /// The maximum number of requests in flight while the whole list is read.
    pub concurrency: usize,
}

/// The phase of a synchronisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reads unknown calls.
    Listing,
    /// Checks that no call was missed.
    Verifying,
}

/// The progress of a pagination or a synchronisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The current phase.
    pub phase: Phase,
    /// The known number of rows of the list that have been read.
    pub done: u64,
    /// The length of the list, if the server gives it.
    pub total: Option<u64>,
    /// The number of requests so far, without retries.
    pub requests: u32,
}

/// The result of a synchronisation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Calls that were not in the table.
    pub added: u32,
    /// Calls whose row was replaced.
    pub updated: u32,
    /// Calls that were read and were the same already.
    pub unchanged: u32,
    /// The number of requests, without retries.
    pub requests: u32,
    /// The number of times that the list changed so that all of it was read again.
    pub restarts: u32,
    /// Whether every call of the list is in the table.
    pub complete: bool,
}

impl SyncReport {
    fn count(&mut self, counts: RowCounts) {
        self.added += counts.added;
        self.updated += counts.updated;
        self.unchanged += counts.unchanged;
    }
}

/// The table of a synchronisation: one of this module, or one that lies elsewhere.
pub trait SyncedTable {
    /// The checkpoint of a list; empty for an unknown list.
    ///
    /// # Errors
    /// If the table cannot be reached.
    fn checkpoint(&self, list: &str) -> Result<SyncCheckpoint>;

    /// Stores the checkpoint of a list.
    ///
    /// # Errors
    /// If the table cannot be reached.
    fn set_checkpoint(&self, list: &str, checkpoint: &SyncCheckpoint) -> Result<()>;

    /// Puts the rows of a response body into the table.
    ///
    /// # Errors
    /// As for [`Table::ingest_body`]; then nothing has changed.
    fn ingest_page(&self, body: &[u8]) -> Result<IngestReport>;

    /// `callIndex` of a call.
    ///
    /// # Errors
    /// The failure of a table of another module.
    fn call_index(&self, call_instance_id: i64) -> Result<Option<i64>>;
}

impl SyncedTable for RefCell<Table> {
    fn checkpoint(&self, list: &str) -> Result<SyncCheckpoint> {
        Ok(self.borrow().checkpoint(list))
    }

    fn set_checkpoint(&self, list: &str, checkpoint: &SyncCheckpoint) -> Result<()> {
        self.borrow_mut().set_checkpoint(list, checkpoint.clone());
        Ok(())
    }

    fn ingest_page(&self, body: &[u8]) -> Result<IngestReport> {
        self.borrow_mut().ingest_body(body)
    }

    fn call_index(&self, call_instance_id: i64) -> Result<Option<i64>> {
        Ok(self.borrow().call_index(call_instance_id))
    }
}

/// A synchronisation of a table with a list.
pub struct Sync<'a, T, C, H> {
    /// The client that sends the requests.
    pub client: &'a Client<T, C>,
    /// The settings of each request.
    pub settings: &'a Settings,
    /// The caller of the synchronisation.
    pub caller: &'a H,
    /// The table.
    pub table: &'a dyn SyncedTable,
    /// The query of the list.
    pub query: &'a Query,
}

/// The request of a page, and its ingest into the table.
struct PageIngest<'a> {
    page: u64,
    /// Whether no other request was in flight with it.
    alone: bool,
    work: Pin<Box<dyn Future<Output = Result<IngestReport>> + 'a>>,
    outcome: Option<Result<IngestReport>>,
}

impl PageIngest<'_> {
    fn poll(&mut self, context: &mut Context<'_>) {
        if self.outcome.is_none()
            && let Poll::Ready(outcome) = self.work.as_mut().poll(context)
        {
            self.outcome = Some(outcome);
        }
    }
}

impl<T: Transport, C: Clock, H: Caller> Sync<'_, T, C, H> {
    /// Brings the table up to date. The table is valid after every page, and the next synchronisation continues
    /// after an interruption. `on_progress` is called after every page.
    ///
    /// # Errors
    /// Those of a call, and `paging_unstable`.
    pub async fn run(
        &self,
        options: SyncOptions,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<SyncReport> {
        let key = list_key(self.query)?;
        let mut report = SyncReport::default();
        if options.mode == Mode::Index
            && !options.full
            && self.by_index(&key, &mut report, on_progress).await?
        {
            return Ok(report);
        }
        self.by_page(&key, options, &mut report, on_progress).await?;
        Ok(report)
    }

    /// Synchronises page by page.
    async fn by_page(
        &self,
        key: &str,
        options: SyncOptions,
        report: &mut SyncReport,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        let checkpoint = self.table.checkpoint(key)?;
        let mut plan = SyncPlan::new(checkpoint, self.size(), options.concurrency, options.full);
        let mut window: VecDeque<PageIngest> = VecDeque::new();
        let mut last = 0;
        loop {
            while let Some(page) = plan.page(window.len(), last) {
                for requested in &mut window {
                    requested.alone = false;
                }
                let query = self.query.page(page, plan.size());
                let alone = window.is_empty();
                let work = Box::pin(self.ingest_page(query));
                window.push_back(PageIngest { page, alone, work, outcome: None });
                report.requests += 1;
                last = page;
            }
            let next = poll_fn(|context| {
                for requested in &mut window {
                    requested.poll(context);
                }
                let ready = window.front().is_none_or(|requested| requested.outcome.is_some());
                if ready { Poll::Ready(window.pop_front()) } else { Poll::Pending }
            });
            let Some(PageIngest { page, alone, outcome: Some(outcome), .. }) = next.await else {
                break;
            };
            let ingested = outcome?;
            let page_size = ingested.page_size.and_then(|size| u64::try_from(size).ok());
            plan.shrink(page_size.unwrap_or(0));
            let header = PageHeader::new(page, plan.size(), ingested.total, ingested.rows.len());
            let phase = if plan.is_checking() { Phase::Verifying } else { Phase::Listing };
            let taken = plan.take(header, &ingested.rows, alone);
            let taken = taken.map_err(|error| error.in_endpoint(self.query.name()));
            self.table.set_checkpoint(key, plan.checkpoint())?;
            if !taken? {
                window.clear();
            }
            let (done, total) = plan.progress();
            on_progress(Progress { phase, done, total, requests: report.requests });
        }
        report.count(plan.counts());
        report.restarts = plan.restarts();
        report.complete = plan.is_complete();
        Ok(())
    }

    /// Synchronises by `index`. Returns whether the server uses `index`.
    async fn by_index(
        &self,
        key: &str,
        report: &mut SyncReport,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<bool> {
        let checkpoint = self.table.checkpoint(key)?;
        let size = self.size();
        let mut cursor =
            IndexCursor::new(checkpoint.index.unwrap_or(-1), usize::try_from(size).unwrap_or(50));
        loop {
            let query = self.query.page(1, size).after(cursor.index());
            let ingested = self.ingest_page(query).await?;
            report.requests += 1;
            report.count(RowCounts {
                added: ingested.added,
                updated: ingested.updated,
                unchanged: ingested.unchanged,
            });
            let ids = ingested.rows.iter().map(|(id, _)| *id);
            let indices: Vec<_> = ids.map(|id| self.table.call_index(id)).collect::<Result<_>>()?;
            let step = cursor.take(&indices, ingested.total);
            if step == IndexStep::Ignored {
                return Ok(false);
            }
            let checkpoint = SyncCheckpoint { index: Some(cursor.index()), ..checkpoint.clone() };
            self.table.set_checkpoint(key, &checkpoint)?;
            let done = u64::from(report.added + report.updated + report.unchanged);
            let remaining =
                ingested.total.map_or(0, |total| total - indices.len().try_into().unwrap_or(0));
            on_progress(Progress {
                phase: Phase::Listing,
                done,
                total: ingested.total.map(|_| done + u64::try_from(remaining).unwrap_or(0)),
                requests: report.requests,
            });
            if step == IndexStep::End {
                report.complete = true;
                return Ok(true);
            }
        }
    }

    /// Requests a page and puts its rows into the table.
    async fn ingest_page(&self, query: Query) -> Result<IngestReport> {
        let mut report = IngestReport::default();
        let ingest = &mut |body: &[u8]| {
            report = self.table.ingest_page(body)?;
            Ok(())
        };
        self.client.call_raw(&query, self.settings, self.caller, ingest).await?;
        Ok(report)
    }

    fn size(&self) -> u64 {
        let size = self.query.page_size().or(self.query.max_page_size());
        size.and_then(|size| u64::try_from(size).ok()).unwrap_or(1)
    }
}

/// The key of a list in a table's checkpoints and in a store: the body of the query's request without its page; of a
/// `GET` its endpoint and parameters.
///
/// # Errors
/// `invalid_argument` for an invalid query, and for a query with a page or an index.
pub fn list_key(query: &Query) -> Result<String> {
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
    let request = query.without_page().request()?;
    Ok(request.body.unwrap_or_else(|| [request.endpoint, "?", &request.query].concat()))
}
