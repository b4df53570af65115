//! Response bodies and rows into a table, and a report of what came of it.
//!
//! A body is read by the fast path, which knows canonical spellings only and makes no values in between. A row
//! that has another spelling, and a body with a surprise, are read by the general path: JSON values, then the
//! model. Both give the same rows, report and errors; tests compare them.
//!
//! - `general.rs`: an ingest, and the general path; `call_rows.rs`: rows of a program's
//! - `report.rs`: what came of an ingest; `oddities.rs`: fields that departed from the vendor's document
//! - `fast_body.rs`, `fast_row.rs`, `fast_value.rs`, `fast_results.rs`: the fast path, from outside to inside

mod call_rows;
mod fast_body;
mod fast_results;
mod fast_row;
mod fast_value;
mod general;
mod oddities;
mod report;

pub use call_rows::CallRows;
pub use oddities::{Oddity, OddityCount};
pub use report::IngestReport;
