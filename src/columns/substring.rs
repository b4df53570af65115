//! Substring search, many bytes at a time, for columns of texts, whose rows are contiguous.
//! Not here: search in short messages (`search.rs`).

/// A text to search for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Substring<'a> {
    /// Not empty. With `any_case`, its ASCII letters are in lower case.
    text: &'a [u8],
    /// Whether ASCII letters match in either case.
    any_case: bool,
    /// The first and the last byte, each with the bit in which its two cases differ.
    ends: [(u8, u8); 2],
}

impl<'a> Substring<'a> {
    /// A search for `text`; `None` for an empty text, which is in every text.
    pub(crate) fn new(text: &'a [u8], any_case: bool) -> Option<Self> {
        let end = |byte: &u8| (*byte, u8::from(any_case && byte.is_ascii_lowercase()) << 5);
        Some(Self { text, any_case, ends: [end(text.first()?), end(text.last()?)] })
    }

    pub(crate) const fn len(&self) -> usize {
        self.text.len()
    }

    /// The first position in `bytes` from `at` on. Compares first and last byte in blocks, then the rest.
    #[inline]
    pub(crate) fn find(&self, bytes: &[u8], mut at: usize) -> Option<usize> {
        let [first, last] = self.ends;
        let to_last = self.text.len() - 1;
        while let (Some(firsts), Some(lasts)) =
            (equal(bytes, at, first), equal(bytes, at + to_last, last))
        {
            let mut candidates = firsts & lasts;
            while candidates != 0 {
                let position = at + candidates.trailing_zeros() as usize / EQUAL_STRIDE;
                if self.is_at(bytes, position) {
                    return Some(position);
                }
                candidates &= candidates - 1;
            }
            at += EQUAL_BLOCK;
        }
        (at..bytes.len().saturating_sub(to_last)).find(|position| self.is_at(bytes, *position))
    }

    #[inline]
    fn is_at(&self, bytes: &[u8], position: usize) -> bool {
        bytes.get(position..position + self.text.len()).is_some_and(|part| {
            if self.any_case { part.eq_ignore_ascii_case(self.text) } else { part == self.text }
        })
    }
}

/// Bytes that [`equal`] compares at a time, and bits of its result for each byte.
#[cfg(target_feature = "simd128")]
const EQUAL_BLOCK: usize = 16;
#[cfg(target_feature = "simd128")]
const EQUAL_STRIDE: usize = 1;
#[cfg(not(target_feature = "simd128"))]
const EQUAL_BLOCK: usize = 8;
#[cfg(not(target_feature = "simd128"))]
const EQUAL_STRIDE: usize = 8;

/// Which bytes of the block at `at` equal `byte` when the bits of `case` are set. Some bytes that differ may be
/// among them; `None` near the end.
#[inline]
#[cfg(target_feature = "simd128")]
fn equal(bytes: &[u8], at: usize, (byte, case): (u8, u8)) -> Option<u32> {
    use crate::vector::vector;
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, v128_or};
    let block = v128_or(vector(bytes.get(at..)?.first_chunk()?), u8x16_splat(case));
    Some(u32::from(u8x16_bitmask(u8x16_eq(block, u8x16_splat(byte)))))
}

#[inline]
#[cfg(not(target_feature = "simd128"))]
fn equal(bytes: &[u8], at: usize, (byte, case): (u8, u8)) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let block = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    let different = (block | (ONES * u64::from(case))) ^ (ONES * u64::from(byte));
    Some(different.wrapping_sub(ONES) & !different & (ONES << 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text of up to `length` letters of a small alphabet.
    fn texts(length: usize) -> Vec<Vec<u8>> {
        let mut texts = vec![Vec::new()];
        let mut last = texts.clone();
        for _ in 0..length {
            let longer =
                |text: &Vec<u8>| [b'a', b'B', 0xC3].map(|byte| [&text[..], &[byte]].concat());
            last = last.iter().flat_map(longer).collect();
            texts.extend_from_slice(&last);
        }
        texts
    }

    #[test]
    fn the_first_occurrence_of_a_part_is_found_at_every_alignment() {
        for text in texts(4) {
            // In the first block, across two blocks, and in the rest.
            for before in [0, 5, 13, 30] {
                for after in [0, 3, 20] {
                    let bytes = [&vec![b'.'; before][..], &text, &vec![b'b'; after]].concat();
                    for part in texts(2) {
                        for any_case in [false, true] {
                            let part =
                                if any_case { part.to_ascii_lowercase() } else { part.clone() };
                            let fold = |bytes: &[u8]| {
                                if any_case { bytes.to_ascii_lowercase() } else { bytes.to_vec() }
                            };
                            for at in [0, before] {
                                let expected = fold(&bytes)[at..]
                                    .windows(part.len().max(1))
                                    .position(|window| window == part)
                                    .map(|position| at + position);
                                let found = Substring::new(&part, any_case)
                                    .and_then(|part| part.find(&bytes, at));
                                assert_eq!(found, expected, "{part:?} in {bytes:?} from {at}");
                            }
                        }
                    }
                }
            }
        }
    }
}
