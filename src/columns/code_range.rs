//! Which codes of a column lie in a range, as bits: with the vector instructions of WebAssembly where they
//! are, one code at a time elsewhere.

use super::bitmap::Word;

/// Codes of a width that can be compared many at once.
pub(super) trait RangeCode: Copy + Into<u64> {
    /// The bits of up to 64 codes from `low` to `high`.
    #[inline]
    fn mark(codes: &[Self], low: Self, high: Self) -> Word {
        let mut word = 0;
        let (low, high) = (low.into(), high.into());
        for (bit, code) in codes.iter().enumerate() {
            word |= Word::from((*code).into().wrapping_sub(low) <= high - low) << bit;
        }
        word
    }
}

impl RangeCode for u64 {}

#[cfg(not(target_feature = "simd128"))]
impl RangeCode for u8 {}
#[cfg(not(target_feature = "simd128"))]
impl RangeCode for u16 {}
#[cfg(not(target_feature = "simd128"))]
impl RangeCode for u32 {}

#[cfg(target_feature = "simd128")]
macro_rules! code {
    ($type:ty, $lanes:literal, $splat:ident, $sub:ident, $le:ident, $bitmask:ident) => {
        impl RangeCode for $type {
            #[inline]
            fn mark(codes: &[Self], low: Self, high: Self) -> Word {
                use crate::vector::vector;
                use core::arch::wasm32::{$bitmask, $le, $splat, $sub};
                let (from, span) = ($splat(low), $splat(high - low));
                let mut word = 0;
                let (blocks, _) = bytemuck::cast_slice::<Self, u8>(codes).as_chunks::<16>();
                for (at, block) in blocks.iter().enumerate() {
                    let inside = $le($sub(vector(block), from), span);
                    word |= Word::from($bitmask(inside)) << (at * $lanes);
                }
                let whole = blocks.len() * $lanes;
                for (at, code) in codes.iter().enumerate().skip(whole) {
                    word |= Word::from(code.wrapping_sub(low) <= high - low) << at;
                }
                word
            }
        }
    };
}

#[cfg(target_feature = "simd128")]
code!(u8, 16, u8x16_splat, u8x16_sub, u8x16_le, u8x16_bitmask);
#[cfg(target_feature = "simd128")]
code!(u16, 8, u16x8_splat, u16x8_sub, u16x8_le, u16x8_bitmask);
#[cfg(target_feature = "simd128")]
code!(u32, 4, u32x4_splat, u32x4_sub, u32x4_le, u32x4_bitmask);
