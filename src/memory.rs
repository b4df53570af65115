//! Checks for free memory before an operation. A failed allocation inside an operation stops the whole
//! module and leaves the columns half changed. A failed check changes nothing.
//! Not here: how much memory an operation needs (`compute/view.rs`, `table/upsert.rs`, …).

use std::hint::black_box;

use crate::error::{Error, ErrorKind, Result};

/// Bytes that every operation may allocate without a check: texts of errors, small answers.
const SPARE: usize = 1 << 20;

/// Makes sure that `bytes` and [`SPARE`] more can be allocated.
///
/// # Errors
/// `out_of_memory`.
pub(crate) fn reserve(bytes: usize) -> Result<()> {
    let mut room = Vec::<u8>::new();
    let reserved = room.try_reserve_exact(bytes.saturating_add(SPARE));
    // Without this, the compiler removes the allocation.
    black_box(&room);
    reserved.map_err(|_| out_of_memory())
}

/// The error of an operation for which there is not enough memory.
pub(crate) fn out_of_memory() -> Box<Error> {
    let message = "there is not enough memory for this; free what is not needed, or ask for less";
    Error::new(ErrorKind::OutOfMemory, message)
}
