//! How a request is sent: attempts, time limits, retries, a limit on requests at once.
//! Not here: JavaScript. The outside world comes in as a [`Transport`], a [`Clock`] and a [`Caller`].
//!
//! - `transport.rs`: those three, and what passes between them and us
//! - `base_url.rs`: where the endpoints lie
//! - `outcome.rs`: an answer is data or an error
//! - `retry.rs`: whether and when to try again; `backoff.rs`: a wait that several requests share
//! - `limit.rs`: requests at once
//!
//! All five endpoints only read, so trying again is always safe. Cancelling a call is dropping its
//! future: that drops the transport's future, which aborts the request, and the clock's, which
//! clears the timer.

mod backoff;
mod base_url;
mod limit;
mod outcome;
mod retry;
mod transport;

pub use backoff::Backoff;
pub use base_url::BaseUrl;
pub use limit::{Limit, Permit};
use outcome::SUCCESS;
pub use retry::{Policy, decide};
pub use transport::{Answer, Attempt, Caller, Clock, Outgoing, Transport};

use std::cell::Cell;
use std::future::Future;

use futures_lite::future::or;

use crate::api::{Endpoint, Request};
use crate::error::{Error, Kind, Result};
use crate::json::Value;

/// Sends requests to one server.
#[derive(Debug)]
pub struct Client<T, C> {
    base_url: BaseUrl,
    transport: T,
    clock: C,
    limit: Limit,
    /// What the server asked for when it had too many requests.
    backoff: Backoff,
    calls: Cell<u64>,
}

/// How a call is to be sent.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Milliseconds for each attempt, from asking for headers to the last byte of the answer.
    pub timeout_ms: Option<u32>,
    /// Milliseconds for all attempts and waits together.
    pub total_timeout_ms: Option<u32>,
    /// Whether and when to try again.
    pub retry: Policy,
    /// Shared with other calls that are to wait while this one does.
    pub backoff: Option<Backoff>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout_ms: Some(60_000),
            total_timeout_ms: None,
            retry: Policy::default(),
            backoff: None,
        }
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A client for one server, with at most `at_once` requests in flight.
    pub fn new(base_url: BaseUrl, transport: T, clock: C, limit: Limit) -> Self {
        let backoff = Backoff::default();
        Self { base_url, transport, clock, limit, backoff, calls: Cell::new(0) }
    }

    /// Where the server is.
    pub const fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Asks `endpoint`.
    ///
    /// # Errors
    /// Every [`Kind`] but those of walks and snapshots.
    pub async fn call(
        &self,
        endpoint: &dyn Endpoint,
        settings: &Settings,
        caller: &impl Caller,
    ) -> Result<Value> {
        let mut read = Value::Null;
        let take = &mut |answer: &Answer, secrets: &[String], now| {
            let data = outcome::read(answer, secrets, now)?;
            read = endpoint.read(&data).map_err(|error| received(error, answer))?;
            Ok(())
        };
        self.ask(endpoint, settings, caller, take).await?;
        Ok(read)
    }

    /// Asks `endpoint`, and hands the body of the answer to `take`, which puts it where it belongs or
    /// refuses it.
    ///
    /// # Errors
    /// Those of [`Client::call`]; for a body that only `take` refuses, its error.
    pub async fn call_raw(
        &self,
        endpoint: &dyn Endpoint,
        settings: &Settings,
        caller: &impl Caller,
        take: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let take = &mut |answer: &Answer, secrets: &[String], now| {
            if (200..300).contains(&answer.status) {
                let Err(error) = take(&answer.body) else { return Ok(()) };
                let data = outcome::read(answer, secrets, now)?;
                let read = endpoint.read(&data);
                return Err(received(read.err().unwrap_or(error), answer));
            }
            outcome::read(answer, secrets, now).map(drop)
        };
        self.ask(endpoint, settings, caller, take).await
    }

    async fn ask(
        &self,
        endpoint: &dyn Endpoint,
        settings: &Settings,
        caller: &impl Caller,
        take: &mut Take<'_>,
    ) -> Result<()> {
        let name = endpoint.name();
        let request = endpoint.request().map_err(|error| error.of(name))?;
        let url = self.base_url.endpoint(request.endpoint);
        let sent = Cell::new(0);
        let call =
            Call { client: self, request: &request, url: &url, settings, caller, sent: &sent };
        let work = call.send(take);
        let answer = match settings.total_timeout_ms {
            None => work.await,
            Some(total) => within(&self.clock, total, work).await.unwrap_or_else(|| {
                Err(Error::new(Kind::Timeout, format!("no answer within totalTimeout, {total} ms")))
            }),
        };
        answer.map_err(|error| {
            error.of(name).with(|error| {
                error.url = Some(url.clone());
                error.attempts = sent.get();
            })
        })
    }
}

/// Takes an answer, with the values of the request's headers and the time.
type Take<'a> = dyn FnMut(&Answer, &[String], i64) -> Result<()> + 'a;

/// The error of an answer that is no refusal.
fn received(error: Box<Error>, answer: &Answer) -> Box<Error> {
    error.with(|error| {
        error.status = Some(answer.status);
        error.vendor_code = Some(SUCCESS);
    })
}

/// What one call works with.
struct Call<'a, T, C, H> {
    client: &'a Client<T, C>,
    request: &'a Request,
    url: &'a str,
    settings: &'a Settings,
    caller: &'a H,
    /// Attempts begun.
    sent: &'a Cell<u32>,
}

impl<T: Transport, C: Clock, H: Caller> Call<'_, T, C, H> {
    /// Tries until an answer is taken, or there is no reason to try again.
    async fn send(&self, take: &mut Take<'_>) -> Result<()> {
        let number = self.client.calls.get() + 1;
        self.client.calls.set(number);
        let id = format!("call-{number}");
        let mut clock_was_off = false;
        loop {
            let permit = self.permit().await;
            self.sent.set(self.sent.get() + 1);
            let attempt = Attempt {
                id: &id,
                endpoint: self.request.endpoint,
                method: self.request.method,
                url: self.url,
                number: self.sent.get(),
            };
            let Err(error) = self.attempt(&attempt, take).await else { return Ok(()) };
            drop(permit);
            let random = self.client.clock.random();
            let retry = &self.settings.retry;
            let Some(delay) = decide(retry, attempt.number, &error, clock_was_off, random) else {
                return Err(error);
            };
            clock_was_off |= error.kind == Kind::ClockSkew;
            let until = self.client.clock.now_ms() + i64::from(delay);
            if error.kind == Kind::RateLimited {
                self.client.backoff.hold(until);
            }
            if let Some(shared) = &self.settings.backoff {
                shared.hold(until);
            }
            self.caller.on_retry(&attempt, &error, delay);
            self.client.clock.sleep(delay).await;
        }
    }

    /// A place among the requests in flight, once nobody asks for a wait.
    async fn permit(&self) -> Permit {
        let clock = &self.client.clock;
        let shared = self.settings.backoff.as_ref();
        loop {
            let permit = self.client.limit.acquire().await;
            let left =
                self.client.backoff.left(clock).max(shared.map_or(0, |wait| wait.left(clock)));
            if left == 0 {
                return permit;
            }
            drop(permit);
            clock.sleep(left).await;
        }
    }

    /// Once, within the time for one attempt.
    async fn attempt(&self, attempt: &Attempt<'_>, take: &mut Take<'_>) -> Result<()> {
        let work = async {
            let headers = self.caller.headers().await?;
            self.caller.on_request(attempt);
            let started = self.client.clock.now_ms();
            let outgoing = Outgoing { request: self.request, url: self.url, headers: &headers };
            let answer = self.client.transport.send(outgoing).await?;
            let now = self.client.clock.now_ms();
            self.caller.on_response(attempt, answer.status, now - started);
            let secrets: Vec<String> = headers.into_iter().map(|(_, value)| value).collect();
            take(&answer, &secrets, now)
        };
        match self.settings.timeout_ms {
            None => work.await,
            Some(limit) => within(&self.client.clock, limit, work).await.unwrap_or_else(|| {
                Err(Error::new(Kind::Timeout, format!("no answer within timeout, {limit} ms")))
            }),
        }
    }
}

/// The outcome of `work`, or `None` when it took longer than `ms`.
async fn within<C: Clock, F: Future>(clock: &C, ms: u32, work: F) -> Option<F::Output> {
    let expired = async {
        clock.sleep(ms).await;
        None
    };
    or(async { Some(work.await) }, expired).await
}
