//! Pagination of lists, each row once, and synchronisation of a table with a list.
//! Not here: single requests (`client/`), columns (`table/`).
//!
//! - `frontier.rs`: how far a changing list has been read
//! - `seen.rs`: the set of ids that have been read
//! - `pagination.rs`: decisions of a pagination, without I/O; `pages.rs`: its requests
//! - `plan.rs`: decisions of a synchronisation, without I/O; `index_cursor.rs`: decisions of one by `index`;
//!   `sync.rs`: its requests
//!
//! A table keeps the state of each list as a [`crate::table::SyncCheckpoint`], also in its snapshots.

mod frontier;
mod index_cursor;
mod pages;
mod pagination;
mod plan;
mod seen;
mod sync;

pub use frontier::Frontier;
pub use index_cursor::{IndexCursor, IndexStep};
pub use pages::Pages;
pub use pagination::{PageHeader, Pagination, StabilityCheck};
pub use plan::{IngestedRow, RowCounts, SyncPlan};
pub use seen::SeenIds;
pub use sync::{Mode, Phase, Progress, Sync, SyncOptions, SyncReport, SyncedTable, list_key};
