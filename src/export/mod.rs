//! Export of a table: snapshots for storage, CSV for spreadsheets, Arrow for databases and data frames.
//! Not here: the selection and the order of calls (`compute/view.rs`).
//!
//! - `view.rs`: a view as CSV and as Arrow
//! - `snapshot.rs`: writes and reads snapshots
//! - `csv.rs`: calls as CSV; `mask.rs`: telephone numbers with their middle masked
//! - `arrow/`: calls as Arrow IPC

pub(crate) mod arrow;
pub(crate) mod csv;
mod mask;
mod snapshot;
mod view;

pub use arrow::{Arrow, ArrowFormat};
pub use csv::{CsvColumn, CsvOptions};
