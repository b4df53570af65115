//! What one may ask: a query of an endpoint of `schema/`, which checks itself and becomes a [`Request`] value.
//! Not here: which parameters an endpoint has (`schema/endpoints.rs`), how a request is sent (`client/`).
//!
//! - `query.rs`: a query, read and checked, and its request
//! - `arguments.rs`: the type of each parameter

mod arguments;
mod query;

pub use query::Query;

use crate::schema::Method;

/// A request before anything is known of servers, headers or attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The vendor's name of the endpoint.
    pub endpoint: &'static str,
    /// The method the vendor's document names.
    pub method: Method,
    /// Percent-encoded parameters, without `?`; empty for a `POST`.
    pub query: String,
    /// JSON text; `None` for a `GET`.
    pub body: Option<String>,
}
