//! Which codes of a chunk lie in a range, as bits. Uses the vector instructions of WebAssembly where they exist;
//! elsewhere it compares one code at a time.

use super::bitmap::Word;

/// A width of codes, with the comparison of many codes at once.
pub(super) trait RangeCode: Copy + Into<u64> {
    /// A bit for each of up to 64 codes: whether it is from `low` to `high`.
    #[inline]
    fn in_range(codes: &[Self], low: Self, high: Self) -> Word {
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
            fn in_range(codes: &[Self], low: Self, high: Self) -> Word {
                use crate::vector::vector;
                use core::arch::wasm32::{$bitmask, $le, $splat, $sub};
                let (from, span) = ($splat(low), $splat(high - low));
                let mut word = 0;
                let (blocks, _) = bytemuck::cast_slice::<Self, u8>(codes).as_chunks::<16>();
                for (index, block) in blocks.iter().enumerate() {
                    let inside = $le($sub(vector(block), from), span);
                    word |= Word::from($bitmask(inside)) << (index * $lanes);
                }
                let whole = blocks.len() * $lanes;
                for (bit, code) in codes.iter().enumerate().skip(whole) {
                    word |= Word::from(code.wrapping_sub(low) <= high - low) << bit;
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
