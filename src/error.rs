//! The kinds of errors, and the error type with its details.
//! Not here: conversion to a JavaScript `Error` (`wasm/error.rs`), retries (`client/retry.rs`).

use std::any::Any;
use std::fmt;
use std::rc::Rc;

/// The words before the path in the message of [`Error::unexpected_shape`].
pub(crate) const UNEXPECTED_AT: &str = "unexpected answer at ";

/// The kinds of failures, in the order of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No answer: unreachable, reset, CORS, mixed content; or an answer that ends early.
    Network,
    /// `timeout` or `totalTimeout` expired.
    Timeout,
    /// HTTP 401 or the vendor's 401.
    Unauthorized,
    /// HTTP 403 or the vendor's 403.
    Forbidden,
    /// HTTP 404 or the vendor's 404.
    NotFound,
    /// HTTP 429 or the vendor's 429.
    RateLimited,
    /// The vendor's 408: the signed date is more than three minutes off.
    ClockSkew,
    /// HTTP 400, the vendor's 400 or 412.
    RejectedParameters,
    /// HTTP 5xx or the vendor's 5xx.
    Server,
    /// Any other vendor code.
    Vendor,
    /// Any other HTTP status.
    Http,
    /// A body that is not JSON.
    NotJson,
    /// JSON that does not have the shape of the endpoint's answer.
    UnexpectedShape,
    /// The caller's header source failed, or returned an invalid header.
    Headers,
    /// The caller's `fetch` failed, but not because of the network, or returned no response. Or there is no `fetch`.
    Fetch,
    /// Input that was refused before anything was sent.
    InvalidArgument,
    /// A pagination that cannot end: pages repeat or never stop.
    PagingUnstable,
    /// Bytes that are not a snapshot, a damaged snapshot, or a snapshot of a newer version.
    Snapshot,
    /// There is not enough memory for the operation. Nothing has changed.
    OutOfMemory,
    /// A fault of this package.
    Internal,
}

impl ErrorKind {
    /// All kinds of errors.
    pub const ALL: [Self; 20] = [
        Self::Network,
        Self::Timeout,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::RateLimited,
        Self::ClockSkew,
        Self::RejectedParameters,
        Self::Server,
        Self::Vendor,
        Self::Http,
        Self::NotJson,
        Self::UnexpectedShape,
        Self::Headers,
        Self::Fetch,
        Self::InvalidArgument,
        Self::PagingUnstable,
        Self::Snapshot,
        Self::OutOfMemory,
        Self::Internal,
    ];

    /// The public name, `ErrorCode` in TypeScript, and whether the same call may succeed later.
    const fn code_and_retryable(self) -> (&'static str, bool) {
        match self {
            Self::Network => ("network", true),
            Self::Timeout => ("timeout", true),
            Self::Unauthorized => ("unauthorized", false),
            Self::Forbidden => ("forbidden", false),
            Self::NotFound => ("not_found", false),
            Self::RateLimited => ("rate_limited", true),
            Self::ClockSkew => ("clock_skew", true),
            Self::RejectedParameters => ("rejected_parameters", false),
            Self::Server => ("server", true),
            Self::Vendor => ("vendor", false),
            Self::Http => ("http", false),
            Self::NotJson => ("not_json", false),
            Self::UnexpectedShape => ("unexpected_shape", false),
            Self::Headers => ("headers", false),
            Self::Fetch => ("fetch", false),
            Self::InvalidArgument => ("invalid_argument", false),
            Self::PagingUnstable => ("paging_unstable", true),
            Self::Snapshot => ("snapshot", false),
            Self::OutOfMemory => ("out_of_memory", false),
            Self::Internal => ("internal", false),
        }
    }

    /// The kind of a vendor code; `None` for a code without a kind of its own.
    #[must_use]
    pub const fn from_vendor_code(code: i64) -> Option<Self> {
        Some(match code {
            400 | 412 => Self::RejectedParameters,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            408 => Self::ClockSkew,
            429 => Self::RateLimited,
            500..=599 => Self::Server,
            _ => return None,
        })
    }

    /// The public name, `ErrorCode` in TypeScript.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code_and_retryable().0
    }

    /// The kind with a public name.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        self.code_and_retryable().1
    }
}

/// A result with a boxed error: errors are rare and large.
pub type Result<T> = std::result::Result<T, Box<Error>>;

/// A failure with all known details. It contains no private data.
#[derive(Clone)]
pub struct Error {
    /// The kind of the failure.
    pub kind: ErrorKind,
    /// The message in English: what happened, where, what to do.
    pub message: String,
    /// The vendor's name of the endpoint, `getTasks`.
    pub endpoint: Option<&'static str>,
    /// The URL without its query.
    pub url: Option<String>,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// `code` of the vendor's envelope.
    pub vendor_code: Option<i64>,
    /// `resultMsg` of the vendor's envelope, redacted.
    pub vendor_message: Option<String>,
    /// `requestId` of the vendor's envelope.
    pub request_id: Option<String>,
    /// The path in the answer or in the arguments, `data.list[3].callInstanceId`.
    pub path: Option<String>,
    /// The number of attempts.
    pub attempts: u32,
    /// The wait that the server asked for.
    pub retry_after_ms: Option<i64>,
    /// The error of the attempt before, or the reason from outside: an opaque value here, a JavaScript value at
    /// the edge.
    pub cause: Option<Rc<dyn Any>>,
}

impl Error {
    /// An error with a kind and a message, and without other details.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            kind,
            message: message.into(),
            endpoint: None,
            url: None,
            status: None,
            vendor_code: None,
            vendor_message: None,
            request_id: None,
            path: None,
            attempts: 0,
            retry_after_ms: None,
            cause: None,
        })
    }

    /// This error after `add` has set further details.
    #[must_use]
    pub fn with(mut self: Box<Self>, add: impl FnOnce(&mut Self)) -> Box<Self> {
        add(&mut self);
        self
    }

    /// This error with the name of its endpoint, unless it has one already.
    #[must_use]
    pub fn in_endpoint(self: Box<Self>, endpoint: &'static str) -> Box<Self> {
        if self.endpoint.is_some() {
            return self;
        }
        self.with(|error| {
            error.message = format!("{endpoint}: {}", error.message);
            error.endpoint = Some(endpoint);
        })
    }

    /// A later error with the details of this one, and with this one as its cause.
    #[must_use]
    pub fn followed_by(self: &Rc<Self>, kind: ErrorKind, message: &str) -> Box<Self> {
        Box::new(Self {
            kind,
            message: format!("{message}. The error before: {}", self.message),
            endpoint: None,
            path: None,
            cause: Some(Rc::<Self>::clone(self)),
            ..(**self).clone()
        })
    }

    /// The error of an option or query field that is refused.
    #[must_use]
    pub fn invalid_argument(path: impl Into<String>, message: &str) -> Box<Self> {
        let path = path.into();
        Self::new(ErrorKind::InvalidArgument, format!("{path}: {message}"))
            .with(|error| error.path = Some(path))
    }

    /// The error of an answer that does not have the expected shape at a path.
    #[must_use]
    pub fn unexpected_shape(path: impl Into<String>, message: &str) -> Box<Self> {
        let path = path.into();
        let message = format!("{UNEXPECTED_AT}{path}: {message}");
        Self::new(ErrorKind::UnexpectedShape, message).with(|error| error.path = Some(path))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.kind.code(), self.message)
    }
}

impl std::error::Error for Error {}
