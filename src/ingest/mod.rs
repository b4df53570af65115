//! Ingest: response bodies and a program's rows into a table, with a report.
//!
//! The fast path reads canonical spellings from a body directly into columns, without JSON values. The general path
//! reads any spelling, through JSON values and the model: single rows that are not canonical, and bodies whose
//! envelope is not canonical. Both paths give the same rows, report and errors; tests compare them.
//! Not here: the columns (`table/`), the spellings of a value (`decode/`).
//!
//! - `general.rs`: ingesting, and the general path; `ingestion.rs`: the state of an ingest
//! - `call_rows.rs`: rows of a program; `csv_rows.rs`: cells of CSV
//! - `report.rs`: the report; `oddities.rs`: fields that differ from the vendor's document
//! - `fast_body.rs`, `fast_row.rs`, `fast_value.rs`, `fast_results.rs`: the fast path, from the body to a value

mod call_rows;
mod csv_rows;
mod fast_body;
mod fast_results;
mod fast_row;
mod fast_value;
mod general;
mod ingestion;
mod oddities;
mod report;

pub use call_rows::CallRows;
pub use oddities::{Oddity, OddityCount};
pub use report::IngestReport;
