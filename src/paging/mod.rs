//! Lists in pages, every row of them once: walks, and bringing a table up to date.
//! Not here: a single request (`client/`), columns (`table/`).
//!
//! - `frontier.rs`: how far a list has been read that moves while it is read
//! - `seen.rs`: ids that have been seen
//! - `walk.rs`: a walk as a decision; `pages.rs`: the pages of a walk
//! - `plan.rs`: a synchronisation as a decision; `cursor.rs`: the same by `index`; `sync.rs`: carrying it out
//!
//! What a table knows of a list is a [`crate::table::SyncCheckpoint`], and kept in its snapshots.

mod frontier;
mod index_cursor;
mod pages;
mod pagination;
mod plan;
mod seen;
mod sync;

pub use frontier::Frontier;
pub use index_cursor::{IndexCursor, Turn};
pub use pages::Pages;
pub use pagination::{PageHeader, Pagination, Patience};
pub use plan::{Row, RowCounts, SyncPlan};
pub use seen::Seen;
pub use sync::{Mode, Phase, Progress, Sync, SyncOptions, SyncReport, key_of};
