//! What can go wrong: one table of kinds, and the error that carries what is known.
//! Not here: how it becomes a JavaScript `Error` (`wasm/error.rs`), when it is retried (`client/retry.rs`).

use std::any::Any;
use std::fmt;
use std::rc::Rc;

/// Every way a call can fail. The order is that of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No answer: unreachable, reset, CORS, mixed content.
    Network,
    /// `timeout` or `totalTimeout` ran out.
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
    /// JSON, but not what the endpoint answers with.
    UnexpectedShape,
    /// The caller's header source failed, or gave an impossible header.
    Headers,
    /// The caller's `fetch` failed otherwise than by the network, or gave no response; or there is none.
    Fetch,
    /// Refused before anything was sent.
    InvalidArgument,
    /// A walk that cannot end: pages repeat or never stop.
    PagingUnstable,
    /// Not a snapshot, a damaged one, or one of a newer version.
    Snapshot,
    /// No memory for it; nothing has changed.
    OutOfMemory,
    /// Our fault.
    Internal,
}

impl ErrorKind {
    /// All kinds.
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
    const fn row(self) -> (&'static str, bool) {
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

    /// What a `code` of the vendor's means, if it has a name.
    #[must_use]
    pub const fn of_vendor_code(code: i64) -> Option<Self> {
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
        self.row().0
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        self.row().1
    }
}

/// A result whose error is boxed: it is rare, and large.
pub type Result<T> = std::result::Result<T, Box<Error>>;

/// A failure, with everything that is known about it and nothing private.
#[derive(Clone)]
pub struct Error {
    /// Which of the kinds.
    pub kind: ErrorKind,
    /// What happened, where, what to do. English.
    pub message: String,
    /// The vendor's name of the endpoint, `getTasks`.
    pub endpoint: Option<&'static str>,
    /// The URL without its query.
    pub url: Option<String>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// `code` of the vendor's envelope.
    pub vendor_code: Option<i64>,
    /// `resultMsg` of the vendor's envelope, redacted.
    pub vendor_message: Option<String>,
    /// `requestId` of the vendor's envelope.
    pub request_id: Option<String>,
    /// The place in the answer or in the arguments, `data.list[3].callInstanceId`.
    pub path: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// How long the server asked to wait.
    pub retry_after_ms: Option<i64>,
    /// The error before this one, or what the outside world gave as the reason: opaque here, a
    /// JavaScript value at the edge.
    pub cause: Option<Rc<dyn Any>>,
}

impl Error {
    /// A failure of `kind` of which nothing but `message` is known yet.
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

    /// This error with more of what is known.
    #[must_use]
    pub fn with(mut self: Box<Self>, add: impl FnOnce(&mut Self)) -> Box<Self> {
        add(&mut self);
        self
    }

    /// This error as one of an endpoint's, unless it is one already.
    #[must_use]
    pub fn of(self: Box<Self>, endpoint: &'static str) -> Box<Self> {
        if self.endpoint.is_some() {
            return self;
        }
        self.with(|error| {
            error.message = format!("{endpoint}: {}", error.message);
            error.endpoint = Some(endpoint);
        })
    }

    /// What came of a failure in the end: an error with its fields, and itself as the cause.
    #[must_use]
    pub fn then(self: &Rc<Self>, kind: ErrorKind, message: &str) -> Box<Self> {
        Box::new(Self {
            kind,
            message: format!("{message}. The error before: {}", self.message),
            endpoint: None,
            path: None,
            cause: Some(Rc::<Self>::clone(self)),
            ..(**self).clone()
        })
    }

    /// An option or query field that was refused.
    #[must_use]
    pub fn invalid_argument(path: impl Into<String>, message: &str) -> Box<Self> {
        let path = path.into();
        Self::new(ErrorKind::InvalidArgument, format!("{path}: {message}"))
            .with(|error| error.path = Some(path))
    }

    /// A place in an answer that is not what the endpoint answers with.
    #[must_use]
    pub fn unexpected_shape(path: impl Into<String>, message: &str) -> Box<Self> {
        let path = path.into();
        let message = format!("unexpected answer at {path}: {message}");
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
