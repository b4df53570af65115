//! Sixteen bytes as a vector of WebAssembly. Without `unsafe`, a vector is made of two numbers.

use core::arch::wasm32::{u64x2, v128};

/// The vector of a block of bytes.
#[inline]
pub(crate) fn vector(block: &[u8; 16]) -> v128 {
    let (halves, _) = block.as_chunks::<8>();
    let half = |at: usize| halves.get(at).map_or(0, |half| u64::from_le_bytes(*half));
    u64x2(half(0), half(1))
}
