//! A typed client for the 百应 (BYRobot) outbound-call open API, made to be compiled to WebAssembly.
//!
//! | module | what it holds |
//! |---|---|
//! | [`schema`] | the vendor's models, endpoints, codes and metrics as tables |
//! | [`json`] | JSON values, reader, writer |
//! | [`decode`] | an answer of the vendor's, read tolerantly by the tables |
//! | [`request`] | a query, checked, becomes a request value |
//! | [`client`] | how it is sent: attempts, retries, limits, behind a transport and a clock |
//! | `columns` | integers, texts and sets of rows in columns; no vendor's name |
//! | [`table`] | finished calls in columns: upsert, compaction, checkpoints |
//! | [`ingest`] | response bodies and rows into a table |
//! | [`compute`] | questions asked of a table: filters, statistics, charts |
//! | [`export`] | a table as snapshot, CSV, Arrow |
//! | [`paging`] | lists in pages, every row once; bringing a table up to date |
//! | `wasm` | the JavaScript edge, and the only module that knows JavaScript |
//! | [`error`], `memory`, [`time`], [`redact`], `search`, `sort`, `vector` | what all others may use |
//!
//! Arrows go one way: `schema` ← `decode` ← `ingest`; `columns` ← `table` ← `ingest`, `compute`, `export`; `schema` ← `request` ← `client` ← `paging`;
//! everything ← `wasm`.

pub mod client;
mod columns;
pub mod compute;
pub mod decode;
pub mod error;
pub mod export;
pub mod ingest;
pub mod json;
mod memory;
pub mod paging;
pub mod redact;
pub mod request;
pub mod schema;
mod search;
mod sort;
pub mod table;
pub mod time;
#[cfg(target_feature = "simd128")]
mod vector;
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
pub mod wasm;
