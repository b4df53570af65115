//! Sending of requests: attempts, time limits, retries, a limit on concurrent requests.
//! Not here: JavaScript. The outside world is a [`Transport`], a [`Clock`] and a [`Caller`].
//!
//! - `transport.rs`: these three traits, and their requests and responses
//! - `base_url.rs`: the base URL, and the URLs of the endpoints
//! - `outcome.rs`: a response becomes data or an error
//! - `retry.rs`: the decision whether and when to try again; `backoff.rs`: a pause that several requests share
//! - `semaphore.rs`: the limit on concurrent requests
//! - `network_failure.rs`: the errors of `fetch` functions that mean a failure of the network
//!
//! All five endpoints only read, so a retry is always safe. Dropping the future of a call cancels the call:
//! the transport's future is dropped and aborts the request, the clock's future is dropped and clears the timer.

mod backoff;
mod base_url;
mod network_failure;
mod outcome;
mod retry;
mod semaphore;
mod transport;

use crate::schema::envelope::SUCCESS;
pub use backoff::Backoff;
use backoff::Pause;
pub use base_url::BaseUrl;
pub use network_failure::{Failure, is_network_failure};
pub use retry::Policy;
use retry::retry_delay_ms;
pub use semaphore::{Permit, Semaphore};
pub use transport::{Attempt, Caller, Clock, HttpRequest, HttpResponse, Transport};

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use futures_lite::future::or;

use crate::error::{Error, ErrorKind, Result};
use crate::json::{Value, to_text};
use crate::request::{Query, Request};

/// Sends requests to one server.
#[derive(Debug)]
pub struct Client<T, C> {
    base_url: BaseUrl,
    transport: T,
    clock: C,
    semaphore: Semaphore,
    /// The pause that the server asked for after too many requests.
    backoff: Backoff,
    calls: Cell<u64>,
}

/// The settings of a call.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Milliseconds for each attempt, from the call of the header source to the last byte of the answer.
    pub timeout_ms: Option<u32>,
    /// Milliseconds for all attempts and pauses together.
    pub total_timeout_ms: Option<u32>,
    /// The retry policy.
    pub retry: Policy,
    /// The pause that this call shares with other calls.
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
    /// A client for one server. `semaphore` limits the requests in flight.
    pub fn new(base_url: BaseUrl, transport: T, clock: C, semaphore: Semaphore) -> Self {
        let backoff = Backoff::default();
        Self { base_url, transport, clock, semaphore, backoff, calls: Cell::new(0) }
    }

    /// The base URL.
    pub const fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Sends `query` and reads the data of the answer.
    ///
    /// # Errors
    /// Every [`ErrorKind`] except those of paginations and snapshots.
    pub async fn call(
        &self,
        query: &Query,
        settings: &Settings,
        caller: &impl Caller,
    ) -> Result<Value> {
        let mut read = Value::Null;
        let handler = &mut |answer: &HttpResponse, secrets: &[String], now| {
            read = read_answer(query, answer, &answer.body, secrets, now)?;
            Ok(())
        };
        self.send(query, settings, caller, handler).await?;
        Ok(read)
    }

    /// Sends `query` and returns the data of the answer as JSON text.
    ///
    /// # Errors
    /// Those of [`Client::call`].
    pub async fn call_text(
        &self,
        query: &Query,
        settings: &Settings,
        caller: &impl Caller,
    ) -> Result<String> {
        let mut text = String::new();
        let handler = &mut |answer: &HttpResponse, secrets: &[String], now| {
            text = match fast_text(query, answer, secrets, now) {
                Some(text) => text,
                None => to_text(&read_answer(query, answer, &answer.body, secrets, now)?),
            };
            Ok(())
        };
        self.send(query, settings, caller, handler).await?;
        Ok(text)
    }

    /// Sends `query` and passes the body of the answer to `take`, which stores or refuses it.
    ///
    /// # Errors
    /// Those of [`Client::call`]; the error of `take` for a body that only `take` refuses.
    pub async fn call_raw(
        &self,
        query: &Query,
        settings: &Settings,
        caller: &impl Caller,
        take: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let handler = &mut |answer: &HttpResponse, secrets: &[String], now| {
            if answer.is_success() {
                let Err(error) = take(&answer.body) else { return Ok(()) };
                let data = outcome::read(answer, &answer.body, secrets, now)?;
                let read = query.read(&data);
                return Err(in_success_answer(read.err().unwrap_or(error), answer));
            }
            outcome::read(answer, &answer.body, secrets, now).map(drop)
        };
        self.send(query, settings, caller, handler).await
    }

    async fn send(
        &self,
        query: &Query,
        settings: &Settings,
        caller: &impl Caller,
        handler: &mut AnswerHandler<'_>,
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
            attempts: Cell::new(0),
            stage: Cell::new(Stage::Queued),
            last_error: RefCell::new(None),
        };
        let work = call.run(handler);
        let outcome = match settings.total_timeout_ms {
            None => work.await,
            Some(total) => within(&self.clock, total, work).await.unwrap_or_else(|| {
                let message = call.timeout_message("totalTimeout", total);
                let last = call.last_error.take();
                Err(last.map_or_else(
                    || Error::new(ErrorKind::Timeout, &*message),
                    |last| last.followed_by(ErrorKind::Timeout, &message),
                ))
            }),
        };
        outcome.map_err(|error| call.completed(error))
    }
}

/// Receives an answer, the values of the request's headers, and the time.
type AnswerHandler<'a> = dyn FnMut(&HttpResponse, &[String], i64) -> Result<()> + 'a;

/// The data of an answer by the general path.
fn read_answer(
    query: &Query,
    answer: &HttpResponse,
    body: &[u8],
    secrets: &[String],
    now: i64,
) -> Result<Value> {
    let data = outcome::read(answer, body, secrets, now)?;
    query.read(&data).map_err(|error| in_success_answer(error, answer))
}

/// The same as JSON text, with the rows read on the fast path. `None` if there are none, and for an error.
fn fast_text(query: &Query, answer: &HttpResponse, secrets: &[String], now: i64) -> Option<String> {
    let rows = query.read_rows(&answer.body).filter(|_| answer.is_success())?;
    rows.join(&to_text(&read_answer(query, answer, &rows.rest, secrets, now).ok()?))
}

/// An error in an answer with the vendor code of success.
fn in_success_answer(error: Box<Error>, answer: &HttpResponse) -> Box<Error> {
    error.with(|error| {
        error.status = Some(answer.status);
        error.vendor_code = Some(SUCCESS);
    })
}

/// The state of one call.
struct Call<'a, T, C, H> {
    client: &'a Client<T, C>,
    request: &'a Request,
    url: &'a str,
    settings: &'a Settings,
    caller: &'a H,
    started_ms: i64,
    /// The number of attempts that have begun.
    attempts: Cell<u32>,
    stage: Cell<Stage>,
    /// The error of the last attempt, if another attempt follows.
    last_error: RefCell<Option<Rc<Error>>>,
}

/// The stage of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The call waits for a slot.
    Queued,
    /// The call waits for the caller's headers.
    Headers,
    /// The call waits for the answer.
    Sent,
}

impl<T: Transport, C: Clock, H: Caller> Call<'_, T, C, H> {
    /// Makes attempts until `handler` accepts an answer or the retry policy ends.
    async fn run(&self, handler: &mut AnswerHandler<'_>) -> Result<()> {
        let Self { client, settings, .. } = self;
        let number = client.calls.get() + 1;
        client.calls.set(number);
        let id = format!("call-{number}");
        let own_backoff = settings.backoff.clone().unwrap_or_default();
        let mut clock_was_off = false;
        loop {
            self.stage.set(Stage::Queued);
            let permit = self.permit(&own_backoff).await?;
            self.attempts.set(self.attempts.get() + 1);
            let attempt = Attempt {
                id: &id,
                endpoint: self.request.endpoint,
                method: self.request.method,
                url: self.url,
                number: self.attempts.get(),
            };
            let Err(error) = self.attempt(&attempt, handler).await else { return Ok(()) };
            drop(permit);
            let random = client.clock.random();
            let retry = &settings.retry;
            let retry_delay = retry_delay_ms(retry, attempt.number, &error, clock_was_off, random);
            clock_was_off |= error.kind == ErrorKind::ClockSkew;
            let error: Rc<Error> = self.completed(error).into();
            // The server's wish for a pause applies to the other calls too, also after the last attempt.
            let requested = || {
                retry.requested_delay_ms(&error).filter(|_| error.kind == ErrorKind::RateLimited)
            };
            let Some(length) = retry_delay.or_else(requested) else {
                return Err(Box::new((*error).clone()));
            };
            let pause = Pause::new(&client.clock, length, Rc::clone(&error));
            if error.kind == ErrorKind::RateLimited {
                client.backoff.begin(&client.clock, &pause);
            }
            let Some(delay) = retry_delay.filter(|delay| self.fits_total_timeout(*delay)) else {
                return Err(Box::new((*error).clone()));
            };
            own_backoff.begin(&client.clock, &pause);
            self.caller.on_retry(&attempt, &error, delay);
            self.last_error.replace(Some(error));
        }
    }

    /// A slot for a request, after all pauses have ended.
    async fn permit(&self, own_backoff: &Backoff) -> Result<Permit> {
        let clock = &self.client.clock;
        let longest_pause = || {
            let pauses = [&self.client.backoff, own_backoff].into_iter();
            let pauses = pauses.filter_map(|backoff| backoff.current(clock));
            pauses.max_by_key(|pause| pause.remaining_ms(clock))
        };
        loop {
            while let Some(pause) = longest_pause() {
                let remaining = pause.remaining_ms(clock);
                if !self.fits_total_timeout(remaining) {
                    let message = format!(
                        "not sent: the wait of {remaining} ms before it is longer than totalTimeout allows"
                    );
                    return Err(pause
                        .reason
                        .followed_by(pause.reason.kind, &message)
                        .with(|error| error.retry_after_ms = Some(remaining.into())));
                }
                pause.wait(clock).await;
            }
            let permit = self.client.semaphore.acquire().await;
            if longest_pause().is_none() {
                return Ok(permit);
            }
        }
    }

    /// Whether a pause of `ms` ends before `totalTimeout`.
    fn fits_total_timeout(&self, ms: u32) -> bool {
        let passed = self.client.clock.monotonic_ms() - self.started_ms;
        self.settings.total_timeout_ms.is_none_or(|total| passed + i64::from(ms) < i64::from(total))
    }

    /// Makes one attempt, within `timeout`.
    async fn attempt(&self, attempt: &Attempt<'_>, handler: &mut AnswerHandler<'_>) -> Result<()> {
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
            handler(&answer, &secrets, clock.now_ms())
        };
        match self.settings.timeout_ms {
            None => work.await,
            Some(timeout) => within(clock, timeout, work).await.unwrap_or_else(|| {
                Err(Error::new(ErrorKind::Timeout, self.timeout_message("timeout", timeout)))
            }),
        }
    }

    /// The message of an expired timeout, `option`.
    fn timeout_message(&self, option: &str, ms: u32) -> String {
        let (failure, reason) = match self.stage.get() {
            Stage::Queued if self.attempts.get() == 0 => {
                ("not sent", ": other requests take every slot (maxConcurrency)")
            }
            Stage::Headers => ("not sent", ": the headers function has not answered"),
            _ => ("no answer", ""),
        };
        format!("{failure} within {option}, {ms} ms{reason}")
    }

    /// An error with the details of the call.
    fn completed(&self, error: Box<Error>) -> Box<Error> {
        error.in_endpoint(self.request.endpoint).with(|error| {
            error.url = Some(self.url.to_owned());
            error.attempts = self.attempts.get();
        })
    }
}

/// The output of `work`, or `None` if it takes longer than `ms`.
async fn within<C: Clock, F: Future>(clock: &C, ms: u32, work: F) -> Option<F::Output> {
    let expired = async {
        clock.sleep(ms).await;
        None
    };
    or(async { Some(work.await) }, expired).await
}
