//! How a request is sent: attempts, time limits, retries, a semaphore on requests at once.
//! Not here: JavaScript. The outside world comes in as a [`Transport`], a [`Clock`] and a [`Caller`].
//!
//! - `transport.rs`: those three, and what passes between them and us
//! - `base_url.rs`: where the endpoints lie
//! - `outcome.rs`: an answer is data or an error
//! - `retry.rs`: whether and when to try again; `backoff.rs`: a wait that several requests share
//! - `semaphore.rs`: requests at once
//! - `network_failure.rs`: which errors of a `fetch` function mean that the network failed
//!
//! All five endpoints only read, so trying again is always safe. Cancelling a call is dropping its
//! future: that drops the transport's future, which aborts the request, and the clock's, which
//! clears the timer.

mod backoff;
mod base_url;
mod network_failure;
mod outcome;
mod retry;
mod semaphore;
mod transport;

pub use backoff::Backoff;
use backoff::Hold;
pub use base_url::BaseUrl;
pub use network_failure::{Failure, is_network_failure};
use outcome::SUCCESS;
pub use retry::{Policy, decide};
pub use semaphore::{Permit, Semaphore};
pub use transport::{Attempt, Caller, Clock, HttpRequest, HttpResponse, Transport};

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use futures_lite::future::or;

use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;
use crate::request::{Query, Request};

/// Sends requests to one server.
#[derive(Debug)]
pub struct Client<T, C> {
    base_url: BaseUrl,
    transport: T,
    clock: C,
    semaphore: Semaphore,
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
    pub fn new(base_url: BaseUrl, transport: T, clock: C, semaphore: Semaphore) -> Self {
        let backoff = Backoff::default();
        Self { base_url, transport, clock, semaphore, backoff, calls: Cell::new(0) }
    }

    /// Where the server is.
    pub const fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Asks `query`.
    ///
    /// # Errors
    /// Every [`ErrorKind`] but those of walks and snapshots.
    pub async fn call(
        &self,
        query: &Query,
        settings: &Settings,
        caller: &impl Caller,
    ) -> Result<Value> {
        let mut read = Value::Null;
        let take = &mut |answer: &HttpResponse, secrets: &[String], now| {
            let data = outcome::read(answer, secrets, now)?;
            read = query.read(&data).map_err(|error| received(error, answer))?;
            Ok(())
        };
        self.ask(query, settings, caller, take).await?;
        Ok(read)
    }

    /// Asks `query`, and hands the body of the answer to `take`, which puts it where it belongs or
    /// refuses it.
    ///
    /// # Errors
    /// Those of [`Client::call`]; for a body that only `take` refuses, its error.
    pub async fn call_raw(
        &self,
        query: &Query,
        settings: &Settings,
        caller: &impl Caller,
        take: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let take = &mut |answer: &HttpResponse, secrets: &[String], now| {
            if (200..300).contains(&answer.status) {
                let Err(error) = take(&answer.body) else { return Ok(()) };
                let data = outcome::read(answer, secrets, now)?;
                let read = query.read(&data);
                return Err(received(read.err().unwrap_or(error), answer));
            }
            outcome::read(answer, secrets, now).map(drop)
        };
        self.ask(query, settings, caller, take).await
    }

    async fn ask(
        &self,
        query: &Query,
        settings: &Settings,
        caller: &impl Caller,
        take: &mut Take<'_>,
    ) -> Result<()> {
        let name = query.name();
        let request = query.request().map_err(|error| error.in_endpoint(name))?;
        let url = self.base_url.endpoint(request.endpoint);
        let call = Call {
            client: self,
            request: &request,
            url: &url,
            settings,
            caller,
            started_ms: self.clock.monotonic_ms(),
            sent: Cell::new(0),
            stage: Cell::new(Stage::Queued),
            last: RefCell::new(None),
        };
        let work = call.send(take);
        let answer = match settings.total_timeout_ms {
            None => work.await,
            Some(total) => within(&self.clock, total, work).await.unwrap_or_else(|| {
                let late = call.late("totalTimeout", total);
                let last = call.last.take();
                Err(last.map_or_else(
                    || Error::new(ErrorKind::Timeout, &*late),
                    |last| last.followed_by(ErrorKind::Timeout, &late),
                ))
            }),
        };
        answer.map_err(|error| call.completed(error))
    }
}

/// Takes an answer, with the values of the request's headers and the time.
type Take<'a> = dyn FnMut(&HttpResponse, &[String], i64) -> Result<()> + 'a;

/// The error of an answer that is no refusal.
fn received(error: Box<Error>, answer: &HttpResponse) -> Box<Error> {
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
    started_ms: i64,
    /// Attempts begun.
    sent: Cell<u32>,
    stage: Cell<Stage>,
    /// The error of the last attempt, when another one follows.
    last: RefCell<Option<Rc<Error>>>,
}

/// What a call waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its turn.
    Queued,
    /// The caller's headers.
    Headers,
    /// The answer.
    Sent,
}

impl<T: Transport, C: Clock, H: Caller> Call<'_, T, C, H> {
    /// Tries until an answer is taken, or there is no reason to try again.
    async fn send(&self, take: &mut Take<'_>) -> Result<()> {
        let Self { client, settings, .. } = self;
        let number = client.calls.get() + 1;
        client.calls.set(number);
        let id = format!("call-{number}");
        let own = settings.backoff.clone().unwrap_or_default();
        let mut clock_was_off = false;
        loop {
            self.stage.set(Stage::Queued);
            let permit = self.permit(&own).await?;
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
            let random = client.clock.random();
            let retry = &settings.retry;
            let again = decide(retry, attempt.number, &error, clock_was_off, random);
            clock_was_off |= error.kind == ErrorKind::ClockSkew;
            let error: Rc<Error> = self.completed(error).into();
            // What the server asks for holds for the other calls too, also after the last attempt.
            let asked = || retry.asked(&error).filter(|_| error.kind == ErrorKind::RateLimited);
            let Some(wait) = again.or_else(asked) else { return Err(Box::new((*error).clone())) };
            let hold = Hold::new(&client.clock, wait, Rc::clone(&error));
            if error.kind == ErrorKind::RateLimited {
                client.backoff.hold(&client.clock, &hold);
            }
            let Some(delay) = again.filter(|delay| self.fits(*delay)) else {
                return Err(Box::new((*error).clone()));
            };
            own.hold(&client.clock, &hold);
            self.caller.on_retry(&attempt, &error, delay);
            self.last.replace(Some(error));
        }
    }

    /// A slot for a request, once nothing holds it back.
    async fn permit(&self, own: &Backoff) -> Result<Permit> {
        let clock = &self.client.clock;
        let held = || {
            let holds = [&self.client.backoff, own].into_iter();
            holds.filter_map(|backoff| backoff.held(clock)).max_by_key(|hold| hold.left(clock))
        };
        loop {
            while let Some(hold) = held() {
                let left = hold.left(clock);
                if !self.fits(left) {
                    let message = format!(
                        "not sent: the wait of {left} ms before it is longer than totalTimeout allows"
                    );
                    return Err(hold
                        .reason
                        .followed_by(hold.reason.kind, &message)
                        .with(|error| error.retry_after_ms = Some(left.into())));
                }
                hold.wait(clock).await;
            }
            let permit = self.client.semaphore.acquire().await;
            if held().is_none() {
                return Ok(permit);
            }
        }
    }

    /// Whether a wait ends before `totalTimeout` does.
    fn fits(&self, ms: u32) -> bool {
        let passed = self.client.clock.monotonic_ms() - self.started_ms;
        self.settings.total_timeout_ms.is_none_or(|total| passed + i64::from(ms) < i64::from(total))
    }

    /// Once, within the time for one attempt.
    async fn attempt(&self, attempt: &Attempt<'_>, take: &mut Take<'_>) -> Result<()> {
        let Client { clock, transport, .. } = self.client;
        let work = async {
            self.stage.set(Stage::Headers);
            let headers = self.caller.headers().await?;
            self.stage.set(Stage::Sent);
            self.caller.on_request(attempt);
            let started = clock.monotonic_ms();
            let outgoing = HttpRequest { request: self.request, url: self.url, headers: &headers };
            let answer = transport.send(outgoing).await?;
            let duration = (clock.monotonic_ms() - started).max(0);
            self.caller.on_response(attempt, answer.status, duration);
            let secrets: Vec<String> = headers.into_iter().map(|(_, value)| value).collect();
            take(&answer, &secrets, clock.now_ms())
        };
        match self.settings.timeout_ms {
            None => work.await,
            Some(semaphore) => within(clock, semaphore, work).await.unwrap_or_else(|| {
                Err(Error::new(ErrorKind::Timeout, self.late("timeout", semaphore)))
            }),
        }
    }

    /// What did not happen within a time semaphore.
    fn late(&self, option: &str, ms: u32) -> String {
        let (what, why) = match self.stage.get() {
            Stage::Queued if self.sent.get() == 0 => {
                ("not sent", ": other requests take every slot (maxConcurrency)")
            }
            Stage::Headers => ("not sent", ": the headers function has not answered"),
            _ => ("no answer", ""),
        };
        format!("{what} within {option}, {ms} ms{why}")
    }

    /// An error with what is known of the call.
    fn completed(&self, error: Box<Error>) -> Box<Error> {
        error.in_endpoint(self.request.endpoint).with(|error| {
            error.url = Some(self.url.to_owned());
            error.attempts = self.sent.get();
        })
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
