//! The positions of rows in a chunk, found eight bits at a time. Not here: what is read at them (`integer_chunk.rs`).

use super::CHUNK;
use super::bitmap::{Word, ones};

/// The most positions that are written at once.
const WIDTH: usize = 8;

/// Up to this number, the set bits of a word are found one by one.
const FEW: u32 = 10;

/// Positions of rows in a chunk.
#[derive(Debug, Clone)]
pub(crate) struct Positions {
    /// The positions, with room for the zeros after the last one.
    places: [u16; CHUNK + WIDTH],
    len: usize,
}

impl Positions {
    pub(crate) const fn new() -> Self {
        Self { places: [0; _], len: 0 }
    }

    pub(crate) const fn clear(&mut self) {
        self.len = 0;
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn as_slice(&self) -> &[u16] {
        self.places.get(..self.len).unwrap_or_default()
    }

    /// Appends a position, while there is room.
    #[inline]
    pub(crate) fn push(&mut self, position: u16) {
        if let Some(place) = self.places.get_mut(self.len) {
            *place = position;
            self.len += 1;
        }
    }

    /// Appends the positions of the set bits of a chunk's words.
    pub(crate) fn append(&mut self, words: impl Iterator<Item = Word>) {
        let mut len = self.len;
        for (index, word) in words.enumerate() {
            if word.count_ones() < FEW {
                self.len = len;
                for position in ones(index * Word::BITS as usize, word) {
                    #[expect(clippy::cast_possible_truncation, reason = "below CHUNK")]
                    self.push(position as u16);
                }
                len = self.len;
                continue;
            }
            for (byte, bits) in word.to_le_bytes().into_iter().enumerate() {
                #[expect(clippy::cast_possible_truncation, reason = "below CHUNK")]
                let first = (index * Word::BITS as usize + byte * WIDTH) as u16;
                let places = self.places.get_mut(len..).and_then(<[u16]>::first_chunk_mut);
                let (Some(places), Some(offsets)) = (places, OFFSETS.get(usize::from(bits))) else {
                    return;
                };
                add_to_each(first, *offsets, places);
                len += bits.count_ones() as usize;
            }
        }
        self.len = len;
    }
}

/// For each byte the positions of its set bits, then zeros: the bytes of a number, the lowest first.
#[expect(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
const OFFSETS: [u64; 256] = {
    let mut all = [0; 256];
    let mut byte = 0;
    while byte < all.len() {
        let (mut bit, mut shift) = (0, 0);
        while bit < WIDTH as u64 {
            if byte >> bit & 1 == 1 {
                all[byte] |= bit << shift;
                shift += 8;
            }
            bit += 1;
        }
        byte += 1;
    }
    all
};

/// Writes the sums of `first` and each byte of `offsets`.
#[cfg(target_feature = "simd128")]
#[inline]
fn add_to_each(first: u16, offsets: u64, out: &mut [u16; WIDTH]) {
    use core::arch::wasm32::{
        u16x8_add, u16x8_extend_low_u8x16, u16x8_splat, u64x2, u64x2_extract_lane,
    };
    let sums = u16x8_add(u16x8_extend_low_u8x16(u64x2(offsets, 0)), u16x8_splat(first));
    let halves = [u64x2_extract_lane::<0>(sums), u64x2_extract_lane::<1>(sums)];
    *out = bytemuck::cast(halves);
}

#[cfg(not(target_feature = "simd128"))]
fn add_to_each(first: u16, offsets: u64, out: &mut [u16; WIDTH]) {
    *out = offsets.to_le_bytes().map(|offset| first + u16::from(offset));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_positions_are_those_of_the_set_bits() {
        let mut words = [0; CHUNK / 64];
        let mut random = 1_u64;
        for (index, word) in words.iter_mut().enumerate() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *word = match index % 5 {
                0 => 0,
                1 => Word::MAX,
                2 => 1 << (random >> 58),
                _ => random ^ random >> 17,
            };
        }
        let bits = || words.iter().flat_map(|word| (0..64).map(move |bit| word >> bit & 1 == 1));
        let expected = |set: bool| (0..).zip(bits()).filter(move |(_, bit)| *bit == set);
        let mut positions = Positions::new();
        positions.append(words.into_iter());
        let first = expected(true).map(|(position, _)| position);
        assert!(positions.as_slice().iter().copied().eq(first.clone()));
        positions.append(words.into_iter().map(|word| !word));
        let second = expected(false).map(|(position, _)| position);
        assert!(positions.as_slice().iter().copied().eq(first.chain(second)));
        assert_eq!(positions.len(), CHUNK);
    }
}
