//! The sandbox from outside: requests in, JSON out, as a client sees it. What only one file of the
//! core knows is tested in that file.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

mod asking;
mod clock;
mod faults;
mod filters;
mod pages;
mod recordings;
mod requests;
mod sameness;
mod wire;
