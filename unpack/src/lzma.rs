//! LZMA decoder: lc = 3, lp = 0 and pb = 0, without a header and without an end marker.

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

use crate::Bytes;

/// Decodes into `into`, until it is full.
pub(crate) fn decode(packed: Bytes<'_>, into: &[AtomicU8]) {
    Decoder::new(packed).fill(into);
}

/// The first position of the probabilities of each kind of symbol. A tree of n bits has 2ⁿ positions; position 0 is
/// unused.
const IS_MATCH: usize = 0;
const IS_REPEATED: usize = IS_MATCH + STATES;
const IS_OLDER: [usize; 3] = [2 * STATES, 3 * STATES, 4 * STATES];
const IS_LONGER: usize = IS_OLDER[2] + STATES;
const SLOTS: usize = IS_LONGER + STATES;
const NEAR: usize = SLOTS + 4 * 64;
const ALIGNED: usize = NEAR + 128;
const LENGTH: usize = ALIGNED + 16;
const REPEATED_LENGTH: usize = LENGTH + 2 + 8 + 8 + 256;
const LITERALS: usize = REPEATED_LENGTH + 2 + 8 + 8 + 256;
const ALL: usize = LITERALS + 8 * 0x300;

/// The number of values of `Decoder::state`.
const STATES: usize = 12;

struct Decoder<'a> {
    packed: Bytes<'a>,
    range: u32,
    code: u32,
    /// The probabilities of a zero bit, in 2048ths.
    probabilities: [u16; ALL],
    /// The kinds of the last symbols, as defined by LZMA. Below 7, the last symbol was a literal.
    state: usize,
    /// The distances of the last matches minus 1, the latest first.
    distances: [usize; 4],
}

impl<'a> Decoder<'a> {
    fn new(packed: Bytes<'a>) -> Self {
        let mut decoder = Self {
            packed,
            range: u32::MAX,
            code: 0,
            probabilities: [1024; ALL],
            state: 0,
            distances: [0; 4],
        };
        for _ in 0..5 {
            decoder.code = decoder.code << 8 | u32::from(decoder.packed.byte());
        }
        decoder
    }

    /// Normalizes the range.
    fn normalize(&mut self) {
        if self.range < 1 << 24 {
            self.range <<= 8;
            self.code = self.code << 8 | u32::from(self.packed.byte());
        }
    }

    /// Decodes a bit by the probability at a position, and adapts this probability.
    fn bit(&mut self, position: usize) -> usize {
        let Some(probability) = self.probabilities.get_mut(position) else { return 0 };
        let bound = (self.range >> 11) * u32::from(*probability);
        let bit = self.code >= bound;
        if bit {
            self.code -= bound;
            self.range -= bound;
            *probability -= *probability >> 5;
        } else {
            self.range = bound;
            *probability += (2048 - *probability) >> 5;
        }
        self.normalize();
        bit.into()
    }

    /// Decodes a number of some bits, the highest bit first.
    fn bit_tree(&mut self, tree: usize, bits: u32) -> usize {
        let mut node = 1;
        while node < 1 << bits {
            node = node << 1 | self.bit(tree + node);
        }
        node - (1 << bits)
    }

    /// Decodes a number of some bits, the lowest bit first.
    fn reverse_bit_tree(&mut self, tree: usize, bits: u32) -> usize {
        let (mut node, mut number) = (1, 0);
        for index in 0..bits {
            let bit = self.bit(tree + node);
            node = node << 1 | bit;
            number |= bit << index;
        }
        number
    }

    /// Decodes a number of some bits with equal probabilities.
    fn direct_bits(&mut self, bits: u32) -> usize {
        let mut number = 0;
        for _ in 0..bits {
            self.range >>= 1;
            let bit = self.code >= self.range;
            if bit {
                self.code -= self.range;
            }
            self.normalize();
            number = number << 1 | usize::from(bit);
        }
        number
    }

    /// Decodes the length of a match minus 2, by the probabilities from `tree` on.
    fn length(&mut self, tree: usize) -> usize {
        if self.bit(tree) == 0 {
            self.bit_tree(tree + 2, 3)
        } else if self.bit(tree + 1) == 0 {
            8 + self.bit_tree(tree + 10, 3)
        } else {
            16 + self.bit_tree(tree + 18, 8)
        }
    }

    /// Decodes the distance of a new match minus 1. `length` is the length of the match minus 2.
    fn distance(&mut self, length: usize) -> usize {
        let slot = self.bit_tree(SLOTS + 64 * length.min(3), 6);
        if slot < 4 {
            return slot;
        }
        #[expect(clippy::cast_possible_truncation, reason = "below 31")]
        let bits = (slot >> 1) as u32 - 1;
        let high = (2 | slot & 1) << bits;
        if slot < 14 {
            high + self.reverse_bit_tree(NEAR + high - slot, bits)
        } else {
            let middle = self.direct_bits(bits - 4) << 4;
            high + middle + self.reverse_bit_tree(ALIGNED, 4)
        }
    }

    /// Decodes a literal by the byte before it. After a match, the probabilities also depend on the byte that would
    /// continue the match, up to the first bit in which both differ.
    // Engines optimise a function that is called often, not one that runs for long. So no loop may take it in.
    #[inline(never)]
    fn literal(&mut self, before: u8, continuation: Option<u8>) -> u8 {
        let tree = LITERALS + 0x300 * usize::from(before >> 5);
        let mut node = 1;
        let mut expected = continuation.map(usize::from);
        while node < 0x100 {
            let Some(byte) = &mut expected else {
                node = node << 1 | self.bit(tree + node);
                continue;
            };
            *byte <<= 1;
            let expected_bit = *byte >> 8 & 1;
            let bit = self.bit(tree + ((1 + expected_bit) << 8) + node);
            node = node << 1 | bit;
            if bit != expected_bit {
                expected = None;
            }
        }
        self.state = match self.state {
            0..4 => 0,
            state @ 4..10 => state - 3,
            state => state - 6,
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the highest bit of the node is only a marker"
        )]
        {
            node as u8
        }
    }

    /// Decodes a match. Returns its length; its distance is `distances[0]`.
    // As `literal`.
    #[inline(never)]
    fn decode_match(&mut self) -> usize {
        let after_literal = self.state < 7;
        let state = self.state;
        if self.bit(IS_REPEATED + state) == 0 {
            let length = self.length(LENGTH);
            let distance = self.distance(length);
            self.distances.rotate_right(1);
            self.distances[0] = distance;
            self.state = if after_literal { 7 } else { 10 };
            return length + 2;
        }
        if self.bit(IS_OLDER[0] + state) == 0 {
            if self.bit(IS_LONGER + state) == 0 {
                self.state = if after_literal { 9 } else { 11 };
                return 1;
            }
        } else {
            let older = match self.bit(IS_OLDER[1] + state) {
                0 => 1,
                _ => 2 + self.bit(IS_OLDER[2] + state),
            };
            if let Some(newer) = self.distances.get_mut(..=older) {
                newer.rotate_right(1);
            }
        }
        self.state = if after_literal { 8 } else { 11 };
        self.length(REPEATED_LENGTH) + 2
    }

    fn fill(mut self, into: &[AtomicU8]) {
        let mut position = 0;
        let earlier = |position: usize, distance: usize| {
            let byte = position.checked_sub(distance + 1).and_then(|index| into.get(index));
            byte.map_or(0, |byte| byte.load(Relaxed))
        };
        while position < into.len() {
            let length = if self.bit(IS_MATCH + self.state) == 1 { self.decode_match() } else { 0 };
            let literal = (length == 0).then(|| {
                let continuation = earlier(position, self.distances[0]);
                self.literal(earlier(position, 0), (self.state >= 7).then_some(continuation))
            });
            for byte in into.iter().skip(position).take(length.max(1)) {
                let copied = || earlier(position, self.distances[0]);
                byte.store(literal.unwrap_or_else(copied), Relaxed);
                position += 1;
            }
        }
    }
}
