//! A typed client for the 百应 (BYRobot) outbound-call open API, made to be compiled to WebAssembly.
//!
//! | module | what it holds |
//! |---|---|
//! | [`schema`] | the vendor's models, endpoints, codes and metrics as tables, and nothing else |
//! | [`model`] | what the server says: tasks, calls, transcripts, read tolerantly |
//! | [`api`] | what one may ask: a query, checked, turned into a request value |
//! | [`client`] | how it is sent: attempts, retries, limits, behind a transport and a clock |
//! | [`table`] | finished calls as columns: what comes in, what goes out |
//! | [`query`] | questions asked of columns: filters, statistics, charts |
//! | [`paging`] | lists in pages, every row once; bringing a table up to date |
//! | [`error`] | what can go wrong |
//! | `memory` | asked for before it is needed |
//! | [`json`], [`time`], [`redact`] | the ground the others stand on |
//! | `wasm` | the JavaScript edge, and the only module that knows JavaScript |
//!
//! Arrows go one way: `schema` ← `model` ← `api` ← `client`; `model` ← `table` ← `query`; `client` and `table` ← `paging`;
//! everything ← `wasm`.

pub mod api;
pub mod client;
pub mod error;
mod hash;
pub mod json;
mod memory;
pub mod model;
pub mod paging;
pub mod query;
pub mod redact;
pub mod schema;
mod search;
mod sort;
pub mod table;
pub mod time;
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
pub mod wasm;
