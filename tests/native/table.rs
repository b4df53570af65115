//! The call table: ingest by both paths, snapshots, CSV and Arrow.
//!
//! - `rows.rs`, `batches.rs`: ingested rows are equal to those of the model
//! - `own_rows.rs`: rows of a program, with some of the fields; bodies of callbacks; CSV that is read
//! - `spellings.rs`: both paths agree on every spelling; `spell.rs`: random spellings; `paths.rs`: the comparison
//! - `changes.rs`: the changes between two moments
//! - `snapshot.rs`, `csv.rs`, `arrow.rs`: exports; `ipc.rs`: a reader of Arrow IPC
//! - `generators.rs`: generated calls

mod arrow;
mod batches;
mod changes;
mod csv;
mod generators;
mod ipc;
mod own_rows;
mod paths;
mod rows;
mod snapshot;
mod spell;
mod spellings;
