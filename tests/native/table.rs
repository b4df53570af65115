//! The call table: what goes in comes out, by whichever way it is read.

mod rows;
