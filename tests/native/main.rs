//! The tests that need no JavaScript, in one binary so that it is linked only once. Empty on wasm32.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod client;
mod codes;
mod compute;
mod decode;
mod errors;
mod harness;
mod json;
mod paging;
mod phones;
mod requests;
mod schema;
mod table;

use byrobot_calls::error::Error;
use byrobot_calls::ingest::CallRows;
use byrobot_calls::request::Query;
use byrobot_calls::schema::ENDPOINTS;

/// A query of the endpoint with this name.
fn query(endpoint: &str, query: &serde_json::Value) -> byrobot_calls::error::Result<Query> {
    let endpoint = ENDPOINTS.iter().find(|known| known.name == endpoint).unwrap();
    Query::of(endpoint, &byrobot_calls::json::parse(query.to_string().as_bytes()).unwrap())
}

/// A value as a value of `serde_json`, through the JSON text that JavaScript gets.
fn plain(value: &byrobot_calls::json::Value) -> serde_json::Value {
    serde_json::from_str(&byrobot_calls::json::to_text(value)).unwrap()
}

/// Rows of a program.
fn call_rows(calls: Vec<byrobot_calls::json::Value>) -> Result<CallRows, Box<Error>> {
    let mut rows = CallRows::default();
    rows.add(&byrobot_calls::json::Value::List(calls), false)?;
    Ok(rows)
}
