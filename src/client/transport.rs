//! The traits for the outside world (transport, clock, caller), and their requests and responses.
//! `src/wasm` implements them for JavaScript, the native tests in Rust. Not here: decisions.

use crate::error::{Error, Result};
use crate::request::Request;
use crate::schema::Method;

/// A request with its URL and headers.
#[derive(Debug, Clone, Copy)]
pub struct HttpRequest<'a> {
    /// Method, query and body.
    pub request: &'a Request,
    /// Absolute or page-relative URL without the query.
    pub url: &'a str,
    /// The caller's headers.
    pub headers: &'a [(String, String)],
}

/// A complete response.
#[derive(Debug, Clone, Default)]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The header `Date`, if the page may read it.
    pub date: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// Whether the status says success.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

/// Sends requests.
#[expect(async_fn_in_trait, reason = "everything runs on one thread")]
pub trait Transport {
    /// Sends a request and returns the response, with any status. Dropping the future aborts the request.
    ///
    /// # Errors
    /// `network` when there is no response, `fetch` when the fetch function fails, `headers` or
    /// `invalid_argument` when the request is invalid.
    async fn send(&self, request: HttpRequest<'_>) -> Result<HttpResponse>;
}

/// Time, timers and random numbers.
#[expect(async_fn_in_trait, reason = "everything runs on one thread")]
pub trait Clock {
    /// Epoch milliseconds of the wall clock. It may be set at any time, so it does not measure delays or durations.
    fn now_ms(&self) -> i64;

    /// Milliseconds of a monotonic clock, from an arbitrary moment.
    fn monotonic_ms(&self) -> i64;

    /// A random number, uniform in [0, 1).
    fn random(&self) -> f64;

    /// Returns after `ms`. Dropping the future clears the timer.
    async fn sleep(&self, ms: u32);
}

/// An attempt of a call, as events describe it.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The id of the call, the same for all its attempts.
    pub id: &'a str,
    /// The vendor's name of the endpoint.
    pub endpoint: &'static str,
    /// The method of the endpoint.
    pub method: Method,
    /// The URL without its query.
    pub url: &'a str,
    /// The number of the attempt, from 1.
    pub number: u32,
}

/// The caller of a call: its header source and its event handlers.
#[expect(async_fn_in_trait, reason = "everything runs on one thread")]
pub trait Caller {
    /// The headers of one attempt. The client calls it for each attempt.
    ///
    /// # Errors
    /// `headers` when the header source fails or returns an invalid header.
    async fn headers(&self) -> Result<Vec<(String, String)>>;

    /// Called before an attempt is sent.
    fn on_request(&self, _attempt: &Attempt) {}

    /// Called when the response of an attempt has arrived.
    fn on_response(&self, _attempt: &Attempt, _status: u16, _duration_ms: i64) {}

    /// Called when an attempt has failed and the next one follows after `delay_ms`.
    fn on_retry(&self, _attempt: &Attempt, _error: &Error, _delay_ms: u32) {}
}
