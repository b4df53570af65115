//! The call table: what goes in comes out, by whichever way it is read.

mod arrow;
mod batches;
mod csv;
mod ipc;
mod odd;
mod paths;
mod rows;
mod snapshot;
mod spellings;
