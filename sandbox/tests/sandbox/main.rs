//! Tests of the sandbox through its requests and responses, as a client sees them. Not here: tests of one file's internals,
//! which are in that file.
//!
//! - `asking.rs`: shorthand for requests to a sandbox.
//! - `clock.rs`: effects of time.
//! - `faults.rs`: simulated faults.
//! - `filters.rs`: filters of endpoints.
//! - `pages.rs`: pages and the cursor.
//! - `recordings.rs`: recordings.
//! - `requests.rs`: signatures, refusals, CORS, paths.
//! - `sameness.rs`: determinism.
//! - `scenarios.rs`: scenarios, and what is hidden in them.
//! - `wire.rs`: fields of answers and their consistency.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

mod asking;
mod clock;
mod faults;
mod filters;
mod pages;
mod recordings;
mod requests;
mod sameness;
mod scenarios;
mod wire;
