//! Typed client for the 百应 (BYRobot) outbound-call open API, with call analytics. Compiled to WebAssembly.
//!
//! | module | content |
//! |---|---|
//! | [`schema`] | the vendor's models, endpoints, codes and metrics as tables |
//! | [`json`] | JSON values, reader, writer |
//! | [`decode`] | tolerant reading of the vendor's answers by these tables |
//! | [`request`] | a query becomes a checked request value |
//! | [`client`] | sending: attempts, retries, limits, with a transport and a clock as traits |
//! | `columns` | integers, texts and sets of rows in columns; without names of the vendor |
//! | [`table`] | finished calls in columns: upsert, compaction, checkpoints |
//! | [`ingest`] | response bodies and rows into a table |
//! | [`compute`] | filters, sorting, statistics and charts of a table |
//! | [`export`] | a table as snapshot, CSV, Arrow |
//! | [`paging`] | pagination of lists, each row once; synchronisation of a table |
//! | `wasm` | the JavaScript edge, the only module that uses JavaScript |
//! | [`error`], `memory`, [`time`], [`phone`], [`redact`], `search`, `sort`, `vector` | small modules that every other module may use |
//!
//! Dependencies go one way: `schema` ← `decode` ← `ingest`; `columns` ← `table` ← `ingest`, `compute`, `export`;
//! `schema` ← `request` ← `client` ← `paging`; everything ← `wasm`.

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
pub mod phone;
pub mod redact;
pub mod request;
pub mod schema;
mod search;
mod sort;
mod spreadsheet;
pub mod table;
pub mod time;
#[cfg(target_feature = "simd128")]
mod vector;
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
pub mod wasm;
