//! Queries: the parameters of an endpoint are read, checked and become a [`Request`] value.
//! Not here: the parameters of each endpoint (`schema/endpoints.rs`), sending (`client/`).
//!
//! - `query.rs`: a query, its checks and its request
//! - `arguments.rs`: the type of each parameter

mod arguments;
mod query;

pub use query::Query;

use crate::schema::Method;

/// A request without server, headers and attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The vendor's name of the endpoint.
    pub endpoint: &'static str,
    /// The method in the vendor's document.
    pub method: Method,
    /// Percent-encoded parameters, without `?`; empty for a `POST`.
    pub query: String,
    /// The JSON text of a `POST`; `None` for a `GET`.
    pub body: Option<String>,
}
