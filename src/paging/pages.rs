//! Sends the requests of a pagination, some of them ahead. Not here: its decisions (`pagination.rs`).

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::pagination::{PageHeader, Pagination};
use crate::client::{Caller, Client, Clock, Settings, Transport};
use crate::error::Result;
use crate::json::Value;
use crate::request::Query;
use crate::schema::page;

/// The pages of a list, one after the other.
pub struct Pages<T, C, H> {
    client: Rc<Client<T, C>>,
    settings: Settings,
    caller: H,
    list: Rc<Query>,
    pagination: Pagination,
    /// The pages that have been requested, in their order.
    window: VecDeque<PageRequest>,
    /// The number of pages that are requested before they are needed.
    ahead: usize,
    requests: u32,
}

/// The request of a page.
struct PageRequest {
    page: u64,
    answer: PageState,
}

enum PageState {
    Pending(Pin<Box<dyn Future<Output = Result<Value>>>>),
    Ready(Result<Value>),
}

impl PageRequest {
    /// Returns whether the page has arrived.
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        if let PageState::Pending(answer) = &mut self.answer
            && let Poll::Ready(answer) = answer.as_mut().poll(context)
        {
            self.answer = PageState::Ready(answer);
        }
        matches!(self.answer, PageState::Ready(_))
    }
}

impl<T, C, H> Pages<T, C, H>
where
    T: Transport + 'static,
    C: Clock + 'static,
    H: Caller + Clone + 'static,
{
    /// The pages of `list`, with up to `ahead` pages requested in advance. Sends nothing yet.
    pub fn new(
        client: Rc<Client<T, C>>,
        settings: Settings,
        caller: H,
        list: Rc<Query>,
        ahead: usize,
    ) -> Self {
        let (page, size) = list.first_page();
        let pagination = Pagination::new(page, size);
        Self {
            client,
            settings,
            caller,
            list,
            pagination,
            window: VecDeque::new(),
            ahead,
            requests: 0,
        }
    }

    /// The number of requests, without retries.
    #[must_use]
    pub const fn requests(&self) -> u32 {
        self.requests
    }

    /// The number of rows so far, and the length of the list if the server gives it.
    #[must_use]
    pub const fn progress(&self) -> (u64, Option<u64>) {
        (self.pagination.rows(), self.pagination.total())
    }

    /// The next page, with only the rows that no earlier page had; `None` at the end. A page without such rows
    /// is skipped, unless it is the first page.
    ///
    /// # Errors
    /// Those of a call, and `paging_unstable`.
    pub async fn next(&mut self) -> Result<Option<Value>> {
        loop {
            let first = self.requests == 0;
            if self.window.is_empty() {
                let Some(page) = self.pagination.page() else { return Ok(None) };
                self.request(page);
            }
            // The awaited page counts as a page ahead only after it has been taken.
            while self.window.len() < self.ahead && self.request_ahead() {}
            let answer = poll_fn(|context| {
                let ready = self.poll(context);
                match self.window.pop_front() {
                    Some(PageRequest { page, answer: PageState::Ready(answer) }) if ready => {
                        Poll::Ready(answer.map(|data| (page, data)))
                    }
                    requested => {
                        if let Some(requested) = requested {
                            self.window.push_front(requested);
                        }
                        Poll::Pending
                    }
                }
            });
            let taken = answer.await.and_then(|(page, mut data)| {
                let has_new_rows = self.take(page, &mut data)?;
                Ok((has_new_rows, data))
            });
            let (has_new_rows, data) = taken.map_err(|error| {
                // The next call of `next` requests this page again.
                self.window.clear();
                error.in_endpoint(self.list.name())
            })?;
            while self.window.len() < self.ahead && self.request_ahead() {}
            if first || has_new_rows {
                return Ok(Some(data));
            }
        }
    }

    /// Cancels all requests in flight. The next call of `next` sends the first of them again.
    pub fn cancel_requests(&mut self) {
        self.window.clear();
    }

    /// Polls the requests ahead while no call of `next` does. Ready when all pages have arrived.
    pub fn poll_ahead(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.poll(context);
        let ready = |requested: &PageRequest| matches!(requested.answer, PageState::Ready(_));
        if self.window.iter().all(ready) { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Polls all requests in flight. Returns whether the first page has arrived.
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        let mut first_ready = false;
        for (position, requested) in self.window.iter_mut().enumerate() {
            first_ready |= requested.poll(context) && position == 0;
        }
        first_ready
    }

    fn request(&mut self, page: u64) {
        let query = self.list.page(page, self.pagination.size());
        let (client, settings) = (Rc::clone(&self.client), self.settings.clone());
        let caller = self.caller.clone();
        let answer = Box::pin(async move { client.call(&query, &settings, &caller).await });
        self.requests += 1;
        self.window.push_back(PageRequest { page, answer: PageState::Pending(answer) });
    }

    /// Requests the page after the last requested page, if the known length of the list includes it.
    fn request_ahead(&mut self) -> bool {
        let last = self.window.back();
        let next = last.map(|requested| requested.page + 1).or_else(|| self.pagination.page());
        let Some(page) = next.filter(|page| self.pagination.expects(*page)) else { return false };
        self.request(page);
        true
    }

    /// Takes a page and keeps only its new rows. Returns whether there are any.
    fn take(&mut self, page: u64, data: &mut Value) -> Result<bool> {
        let number = |name: &str| match data.get(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        let (total, size) = (number(page::TOTAL), number(page::SIZE));
        self.pagination.shrink(size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0));
        let Value::Object(fields) = data else { return Ok(false) };
        let list = fields.iter_mut().find(|(name, _)| name == page::ROWS);
        let Some((_, Value::List(rows))) = list else { return Ok(false) };
        let ids: Vec<i64> =
            rows.iter().filter_map(|row| id_of(row, self.list.row_id_field())).collect();
        let header = PageHeader::new(page, self.pagination.size(), total, rows.len());
        let mut new = self.pagination.take(header, &ids)?.into_iter();
        rows.retain(|_| new.next().unwrap_or(true));
        if self.pagination.page().is_none_or(|next| next <= page) {
            // The list has ended, or rows have moved up: the pages ahead are of no use.
            self.window.clear();
        }
        Ok(!rows.is_empty())
    }
}

fn id_of(row: &Value, field: &str) -> Option<i64> {
    match row.get(field) {
        Some(Value::Int(id)) => Some(*id),
        _ => None,
    }
}
