//! Scanners of JSON bytes: the end of a string, digits, a known key, UTF-8. They use the vector instructions of
//! WebAssembly where they exist, and eight bytes at a time elsewhere. Not here: the grammar (`cursor.rs`).

/// The extent of a JSON string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StringExtent {
    /// The position of the closing quote.
    pub(crate) end: usize,
    /// Whether the string has a backslash.
    pub(crate) escaped: bool,
    /// Whether the string has a byte beyond ASCII.
    pub(crate) beyond_ascii: bool,
}

/// Finds the end of the string whose first byte is at `at`. `None` for a control character, or without an end.
#[inline]
pub(crate) fn string(bytes: &[u8], mut at: usize) -> Option<StringExtent> {
    let (mut escaped, mut beyond_ascii) = (false, false);
    loop {
        let (special, high) = find_special(bytes, at);
        beyond_ascii |= high;
        at = special;
        match bytes.get(at)? {
            b'"' => return Some(StringExtent { end: at, escaped, beyond_ascii }),
            b'\\' => {
                escaped = true;
                at += 2;
            }
            _ => return None,
        }
    }
}

/// The position of the first quote, backslash or control character, or the end.
#[inline(never)]
pub(crate) fn special(bytes: &[u8]) -> usize {
    find_special(bytes, 0).0
}

/// Whether bytes are UTF-8. Fast for ASCII and for characters of three bytes, such as Chinese.
#[inline]
pub(crate) fn is_utf8(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        match rest {
            [] => return true,
            [0..=0x7F, after @ ..]
            | [0xE1..=0xEC | 0xEE | 0xEF, 0x80..=0xBF, 0x80..=0xBF, after @ ..] => rest = after,
            _ => return str::from_utf8(rest).is_ok(),
        }
    }
}

/// The value of up to eight digits at `at`, and their number. `None` within eight bytes of the end.
#[inline]
pub(crate) fn digits(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let digits = word(bytes, at)? ^ (ONES * u64::from(b'0'));
    // The lowest set bit is exact; a carry may set bits above it.
    let others = (digits.wrapping_add(ONES * 0x76) | digits) & (ONES << 7);
    let count = others.trailing_zeros() / 8;
    // Zeros replace the digits that are missing; then digits are combined into pairs, fours, eight.
    let eight = digits.checked_shl(64 - count * 8).unwrap_or(0);
    let pairs = eight.wrapping_mul(10).wrapping_add(eight >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    let value = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF;
    Some((value.cast_signed(), count as usize))
}

/// The eight bytes at `at`.
#[inline]
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

/// Up to 32 bytes to compare with the bytes at a position.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyPattern {
    words: [u64; 4],
    /// The bits of `words` that are compared.
    mask: [u64; 4],
    len: usize,
}

impl KeyPattern {
    /// A pattern; `None` for a text of more than 32 bytes.
    pub(crate) fn new(text: &[u8]) -> Option<Self> {
        let (mut words, mut mask) = ([0; 32], [0; 32]);
        words.get_mut(..text.len())?.copy_from_slice(text);
        mask.get_mut(..text.len())?.fill(0xFF);
        Some(Self { words: words_of(&words), mask: words_of(&mask), len: text.len() })
    }

    /// The position after the pattern, if the bytes at `at` match it.
    #[inline]
    pub(crate) fn end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let found = words_of(bytes.get(at..)?.first_chunk()?);
        matches(found, self.words, self.mask).then_some(at + self.len)
    }
}

/// Eight to sixteen bytes to compare with the bytes at a position, as two words that may overlap.
pub(crate) struct ShortPattern {
    words: [u64; 2],
    len: usize,
}

impl ShortPattern {
    /// A pattern of a text.
    pub(crate) const fn new<const LEN: usize>(text: &[u8; LEN]) -> Self {
        let words = match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
            _ => [0; 2],
        };
        Self { words, len: LEN }
    }

    /// The position after the pattern, if the bytes at `at` match it.
    #[inline]
    pub(crate) fn end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let words = [word(bytes, at)?, word(bytes, at + self.len - 8)?];
        (words == self.words).then_some(at + self.len)
    }
}

#[inline]
fn words_of(bytes: &[u8; 32]) -> [u64; 4] {
    let (words, _) = bytes.as_chunks::<8>();
    std::array::from_fn(|index| words.get(index).map_or(0, |word| u64::from_le_bytes(*word)))
}

/// Whether two blocks are equal in the bits of a mask.
#[inline]
#[cfg(target_feature = "simd128")]
fn matches([a, b, c, d]: [u64; 4], [e, f, g, h]: [u64; 4], [i, j, k, l]: [u64; 4]) -> bool {
    use core::arch::wasm32::{u64x2, v128_and, v128_any_true, v128_or, v128_xor};
    let low = v128_and(v128_xor(u64x2(a, b), u64x2(e, f)), u64x2(i, j));
    let high = v128_and(v128_xor(u64x2(c, d), u64x2(g, h)), u64x2(k, l));
    !v128_any_true(v128_or(low, high))
}

#[inline]
#[cfg(not(target_feature = "simd128"))]
fn matches(one: [u64; 4], other: [u64; 4], mask: [u64; 4]) -> bool {
    let parts = one.into_iter().zip(other).zip(mask);
    parts.fold(0, |differing, ((one, other), mask)| differing | (one ^ other) & mask) == 0
}

/// The position of the first quote, backslash or control character from `at` on, or the end; and whether a byte
/// before that position is beyond ASCII.
#[inline]
#[cfg(target_feature = "simd128")]
fn find_special(bytes: &[u8], mut at: usize) -> (usize, bool) {
    use crate::vector::vector;
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, v128_or};
    let mut high = false;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        let block = vector(block);
        let special = v128_or(
            v128_or(u8x16_eq(block, u8x16_splat(b'"')), u8x16_eq(block, u8x16_splat(b'\\'))),
            u8x16_lt(block, u8x16_splat(0x20)),
        );
        let special = u8x16_bitmask(special);
        let beyond = u8x16_bitmask(block);
        if special != 0 {
            let first = special.trailing_zeros();
            return (at + first as usize, high || beyond & ((1 << first) - 1) != 0);
        }
        high |= beyond != 0;
        at += 16;
    }
    find_special_bytewise(bytes, at, high)
}

/// The same without vector instructions.
#[inline]
#[cfg(not(target_feature = "simd128"))]
fn find_special(bytes: &[u8], mut at: usize) -> (usize, bool) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // The lowest set bit is exact; a borrow may set bits above it.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut high = false;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let block = u64::from_le_bytes(*block);
        let control = block.wrapping_sub(ONES * 0x20) & !block & HIGH;
        let quote = zero(block ^ (ONES * u64::from(b'"')));
        let special = quote | zero(block ^ (ONES * u64::from(b'\\'))) | control;
        let beyond = block & HIGH;
        if special != 0 {
            let first = special.trailing_zeros();
            let before = beyond & ((1 << (first & !7)) - 1);
            return (at + first as usize / 8, high || before != 0);
        }
        high |= beyond != 0;
        at += 8;
    }
    find_special_bytewise(bytes, at, high)
}

/// The same, one byte at a time. `high` is the result so far.
fn find_special_bytewise(bytes: &[u8], mut at: usize, mut high: bool) -> (usize, bool) {
    while let Some(byte) = bytes.get(at).filter(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1F)) {
        high |= *byte >= 0x80;
        at += 1;
    }
    (at, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The extent of a string, found byte by byte.
    fn string_bytewise(bytes: &[u8], start: usize) -> Option<StringExtent> {
        let (mut at, mut escaped) = (start, false);
        loop {
            match *bytes.get(at)? {
                b'"' => break,
                b'\\' => (at, escaped) = (at + 2, true),
                0..=0x1F => return None,
                _ => at += 1,
            }
        }
        // `beyond_ascii` is not used for a string with escapes.
        let beyond_ascii = bytes[start..at].iter().any(|byte| *byte >= 0x80);
        Some(StringExtent { end: at, escaped, beyond_ascii })
    }

    #[test]
    fn the_end_of_a_string_is_found_at_every_alignment() {
        let special = [b'"', b'\\', 0, 0x1F, 0x20, 0x7F, 0x80, 0xFF, b'a', 0x22 | 0x80];
        for one in special {
            for other in special {
                for first in 0..40 {
                    for gap in 0..20 {
                        let mut bytes = vec![b'x'; 70];
                        bytes[first] = one;
                        bytes[first + gap] = other;
                        bytes[first + gap + 5] = b'"';
                        let (found, expected) = (string(&bytes, 3), string_bytewise(&bytes, 3));
                        if found.is_some_and(|found| found.escaped) {
                            assert_eq!(found.map(|found| found.end), expected.map(|text| text.end));
                        } else {
                            assert_eq!(found, expected, "{bytes:?}");
                        }
                    }
                }
            }
        }
        assert_eq!(string(b"abc", 0), None);
        assert_eq!(string(b"abc\\", 0), None);
        assert_eq!(string(b"", 5), None);
    }

    #[test]
    fn the_value_and_the_number_of_digits_are_found_before_any_other_byte() {
        let others = [b'/', b':', b'"', b',', 0, 0x7F, 0x80, 0xB0, 0xFF];
        for count in 0..=8 {
            for other in others {
                for digits in ["12345678", "00000000", "99999999", "09080706"] {
                    let mut bytes = digits.as_bytes().to_vec();
                    bytes.truncate(count);
                    bytes.resize(9, other);
                    let value = digits[..count].parse().unwrap_or(0);
                    assert_eq!(super::digits(&bytes, 0), Some((value, count)), "{bytes:?}");
                }
            }
        }
        assert_eq!(super::digits(b"1234567", 0), None);
    }

    #[test]
    fn a_pattern_matches_only_when_every_byte_is_equal() {
        for length in 1..32 {
            let key = KeyPattern::new(&vec![b'k'; length]).unwrap();
            let mut bytes = [b'k'; 40];
            bytes[3 + length] = b'x';
            assert_eq!(key.end(&bytes, 3), Some(3 + length));
            for wrong in 3..3 + length {
                let mut bytes = bytes;
                bytes[wrong] = b'K';
                assert_eq!(key.end(&bytes, 3), None, "{length} {wrong}");
            }
        }
        assert!(KeyPattern::new(&[b'k'; 33]).is_none());
    }

    #[test]
    fn bytes_are_utf8_when_the_standard_library_accepts_them() {
        let bytes =
            [0, b'a', 0x7F, 0x80, 0xBF, 0xC3, 0xE0, 0xE4, 0xED, 0xEF, 0xF0, 0xF4, 0xFF, 0xA0];
        for one in bytes {
            for two in bytes {
                for three in bytes {
                    for text in
                        [&[one, two, three][..], &[b'a', one, two, three, b'b'], &[one, two]]
                    {
                        assert_eq!(is_utf8(text), str::from_utf8(text).is_ok(), "{text:?}");
                    }
                }
            }
        }
    }
}
