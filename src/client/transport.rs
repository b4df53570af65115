//! The seams to the outside world, and what passes through them. Tests implement them natively, the
//! edge for JavaScript. Not here: decisions.

use crate::error::{Error, Result};
use crate::request::Request;
use crate::schema::Method;

/// A request with everything it takes to send it.
#[derive(Debug, Clone, Copy)]
pub struct HttpRequest<'a> {
    /// Method, query and body.
    pub request: &'a Request,
    /// Absolute or page-relative URL without the query.
    pub url: &'a str,
    /// The caller's headers.
    pub headers: &'a [(String, String)],
}

/// An answer that has arrived as a whole.
#[derive(Debug, Clone, Default)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The header `Date`, where the page may read it.
    pub date: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Sends a request. Dropping the future aborts it.
#[expect(async_fn_in_trait, reason = "everything runs on one thread")]
pub trait Transport {
    /// The answer, whatever its status.
    ///
    /// # Errors
    /// `network` when there is none, `fetch` when the function for it fails, `headers` or
    /// `invalid_argument` when the request is impossible.
    async fn send(&self, request: HttpRequest<'_>) -> Result<HttpResponse>;
}

/// Time and chance.
#[expect(async_fn_in_trait, reason = "everything runs on one thread")]
pub trait Clock {
    /// Epoch milliseconds. People and servers set this clock: waits and durations are not measured by it.
    fn now_ms(&self) -> i64;

    /// Milliseconds since some moment, of a clock that nobody sets.
    fn monotonic_ms(&self) -> i64;

    /// Uniform in [0, 1).
    fn random(&self) -> f64;

    /// Returns after `ms`. Dropping the future clears the timer.
    async fn sleep(&self, ms: u32);
}

/// One attempt of a call, for events.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The same for all attempts of a call.
    pub id: &'a str,
    /// The vendor's name of the endpoint.
    pub endpoint: &'static str,
    /// Its method.
    pub method: Method,
    /// The URL without its query.
    pub url: &'a str,
    /// From 1.
    pub number: u32,
}

/// Who made the call: where its headers come from and who is told of its progress.
#[expect(async_fn_in_trait, reason = "everything runs on one thread")]
pub trait Caller {
    /// Headers for one attempt, asked anew for each.
    ///
    /// # Errors
    /// `headers` when their source fails or gives something that is no header.
    async fn headers(&self) -> Result<Vec<(String, String)>>;

    /// An attempt is about to be sent.
    fn on_request(&self, _attempt: &Attempt) {}

    /// Its answer has arrived.
    fn on_response(&self, _attempt: &Attempt, _status: u16, _duration_ms: i64) {}

    /// It failed, and the next one follows after `delay_ms`.
    fn on_retry(&self, _attempt: &Attempt, _error: &Error, _delay_ms: u32) {}
}
