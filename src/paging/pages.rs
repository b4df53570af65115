//! Asks for the pages of a walk, some of them ahead.

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
    walk: Pagination,
    /// Pages that have been asked for, in their order.
    window: VecDeque<PendingPage>,
    /// Pages that are asked for before they are needed.
    ahead: usize,
    requests: u32,
}

/// A page on its way, or there already.
struct PendingPage {
    page: u64,
    answer: PageState,
}

enum PageState {
    Coming(Pin<Box<dyn Future<Output = Result<Value>>>>),
    There(Result<Value>),
}

impl PendingPage {
    /// Whether the page is there.
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        if let PageState::Coming(answer) = &mut self.answer
            && let Poll::Ready(answer) = answer.as_mut().poll(context)
        {
            self.answer = PageState::There(answer);
        }
        matches!(self.answer, PageState::There(_))
    }
}

impl<T, C, H> Pages<T, C, H>
where
    T: Transport + 'static,
    C: Clock + 'static,
    H: Caller + Clone + 'static,
{
    /// The pages of `list`, with `ahead` of them asked for early. Nothing is sent yet.
    pub fn new(
        client: Rc<Client<T, C>>,
        settings: Settings,
        caller: H,
        list: Rc<Query>,
        ahead: usize,
    ) -> Self {
        let (page, size) = list.first_page();
        let walk = Pagination::new(page, size);
        Self { client, settings, caller, list, walk, window: VecDeque::new(), ahead, requests: 0 }
    }

    /// Requests that have been made, retries not counted.
    #[must_use]
    pub const fn requests(&self) -> u32 {
        self.requests
    }

    /// Rows so far, and in all if the server says so.
    #[must_use]
    pub const fn progress(&self) -> (u64, Option<u64>) {
        (self.walk.rows(), self.walk.total())
    }

    /// The next page, with those of its rows that no page before had; `None` at the end. Pages that
    /// have no such rows are passed over, but for the first.
    ///
    /// # Errors
    /// Those of a call, and `paging_unstable`.
    pub async fn next(&mut self) -> Result<Option<Value>> {
        loop {
            let first = self.requests == 0;
            if self.window.is_empty() {
                let Some(page) = self.walk.page() else { return Ok(None) };
                self.ask(page);
            }
            // A page that is waited for is no page ahead.
            while self.window.len() < self.ahead && self.ask_ahead() {}
            let answer = poll_fn(|context| {
                let there = self.poll(context);
                match self.window.pop_front() {
                    Some(PendingPage { page, answer: PageState::There(answer) }) if there => {
                        Poll::Ready(answer.map(|data| (page, data)))
                    }
                    flight => {
                        if let Some(flight) = flight {
                            self.window.push_front(flight);
                        }
                        Poll::Pending
                    }
                }
            });
            let taken = answer.await.and_then(|(page, mut data)| {
                let fresh = self.take(page, &mut data)?;
                Ok((fresh, data))
            });
            let (fresh, data) = taken.map_err(|error| {
                // Who asks for the next page all the same begins with this one.
                self.window.clear();
                error.in_endpoint(self.list.name())
            })?;
            while self.window.len() < self.ahead && self.ask_ahead() {}
            if first || fresh {
                return Ok(Some(data));
            }
        }
    }

    /// Cancels what is on its way. Who asks for the next page all the same begins with it again.
    pub fn forget(&mut self) {
        self.window.clear();
    }

    /// Goes on with the pages ahead while nobody waits for the next. Ready when all are there.
    pub fn poll_ahead(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.poll(context);
        let all = self.window.iter().all(|flight| matches!(flight.answer, PageState::There(_)));
        if all { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Goes on with all pages on their way. Returns whether the first is there.
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        let mut there = false;
        for (position, flight) in self.window.iter_mut().enumerate() {
            there |= flight.poll(context) && position == 0;
        }
        there
    }

    fn ask(&mut self, page: u64) {
        let query = self.list.page(page, self.walk.size());
        let (client, settings) = (Rc::clone(&self.client), self.settings.clone());
        let caller = self.caller.clone();
        let answer = Box::pin(async move { client.call(&query, &settings, &caller).await });
        self.requests += 1;
        self.window.push_back(PendingPage { page, answer: PageState::Coming(answer) });
    }

    /// Asks for the page after the last one asked for, if there is one as far as is known.
    fn ask_ahead(&mut self) -> bool {
        let next = self.window.back().map(|flight| flight.page + 1).or_else(|| self.walk.page());
        let Some(page) = next.filter(|page| self.walk.expects(*page)) else { return false };
        self.ask(page);
        true
    }

    /// Takes a page: leaves only its new rows. Returns whether there are any.
    fn take(&mut self, page: u64, data: &mut Value) -> Result<bool> {
        let number = |name: &str| match data.get(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        let (total, size) = (number(page::TOTAL), number(page::SIZE));
        self.walk.shrink(size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0));
        let Value::Object(fields) = data else { return Ok(false) };
        let list = fields.iter_mut().find(|(name, _)| name == page::ROWS);
        let Some((_, Value::List(rows))) = list else { return Ok(false) };
        let ids: Vec<i64> =
            rows.iter().filter_map(|row| id_of(row, self.list.row_id_field())).collect();
        let heading = PageHeader::new(page, self.walk.size(), total, rows.len());
        let mut new = self.walk.take(heading, &ids)?.into_iter();
        rows.retain(|_| new.next().unwrap_or(true));
        if self.walk.page().is_none_or(|next| next <= page) {
            // At the end, or rows have moved up: what was asked for beyond is of no use.
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
