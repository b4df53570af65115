//! Pagination and synchronisation of lists that change: a simulated vendor adds, removes, moves and changes rows
//! between any two answers.

mod drift;
mod pagination;
mod simulations;
mod vendor;
mod waits;
