//! Sixteen bytes as a SIMD vector of WebAssembly. Safe Rust cannot load a vector, so it is made of two numbers.

use core::arch::wasm32::{u64x2, v128};

/// The bytes of a block as a vector.
#[inline]
pub(crate) fn vector(block: &[u8; 16]) -> v128 {
    let (halves, _) = block.as_chunks::<8>();
    let half = |index: usize| halves.get(index).map_or(0, |half| u64::from_le_bytes(*half));
    u64x2(half(0), half(1))
}
