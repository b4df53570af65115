//! What can be tested without JavaScript, in one binary so that it links once. Empty on wasm32.
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
mod json;
mod paging;
mod requests;
mod schema;
mod table;
mod world;

use byrobot_calls::error::Error;
use byrobot_calls::ingest::CallRows;
use byrobot_calls::request::Query;
use byrobot_calls::schema::ENDPOINTS;

/// The query of an endpoint of the schema, by the vendor's name.
fn query(endpoint: &str, query: &serde_json::Value) -> byrobot_calls::error::Result<Query> {
    let endpoint = ENDPOINTS.iter().find(|known| known.name == endpoint).unwrap();
    Query::of(endpoint, &byrobot_calls::json::parse(query.to_string().as_bytes()).unwrap())
}

/// A value as the independent JSON library has it, by the way it takes to JavaScript.
fn plain(value: &byrobot_calls::json::Value) -> serde_json::Value {
    serde_json::from_str(&byrobot_calls::json::to_text(value)).unwrap()
}

/// Calls in hand, as a program has them.
fn call_rows(calls: Vec<byrobot_calls::json::Value>) -> Result<CallRows, Box<Error>> {
    let mut rows = CallRows::default();
    rows.add(&byrobot_calls::json::Value::List(calls))?;
    Ok(rows)
}
