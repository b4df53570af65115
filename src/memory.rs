//! Memory that is asked for before an operation needs it. An allocation that fails inside an operation
//! stops the whole module, and leaves its columns half changed; one that fails here changes nothing.
//! Not here: how much an operation needs (`CallColumns::room_for`, `View::ordered`, …).

use std::hint::black_box;

use crate::error::{Error, ErrorKind, Result};

/// What every operation may take without asking for it: texts of errors, small answers.
pub(crate) const SPARE: usize = 1 << 20;

/// Makes sure that so many bytes can be allocated, and [`SPARE`] beyond them.
///
/// # Errors
/// `out_of_memory`.
pub(crate) fn reserve(bytes: usize) -> Result<()> {
    let mut room = Vec::<u8>::new();
    let reserved = room.try_reserve_exact(bytes.saturating_add(SPARE));
    // Without this the compiler leaves both the allocation and its end out.
    black_box(&room);
    reserved.map_err(|_| out_of_memory())
}

/// The error of an operation that there is no memory for.
pub(crate) fn out_of_memory() -> Box<Error> {
    let message = "there is not enough memory for this; free what is not needed, or ask for less";
    Error::new(ErrorKind::OutOfMemory, message)
}
