//! A table as files: a snapshot to keep, CSV for people, Arrow for databases and data frames.
//! Not here: which calls, and in which order (`compute/view.rs`).
//!
//! - `snapshot.rs`: bytes to keep, and back
//! - `csv.rs`: calls as CSV; `mask.rs`: telephone numbers without their middle
//! - `arrow/`: calls as Arrow IPC

pub(crate) mod arrow;
pub(crate) mod csv;
mod mask;
mod snapshot;

pub use arrow::{Arrow, ArrowFormat};
pub use csv::CsvOptions;
