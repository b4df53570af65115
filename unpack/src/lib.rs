//! Unpacks what `examples/pack.rs` packs: LZMA with lc = 3, lp = 0 and pb = 0, without a header and
//! without an end mark. For the web it is the small module that makes the large one of a script.
//!
//! It trusts nothing: whatever it is given, it comes to an end and stays within the room it has.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod exports;

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// Fills `into`. Atomic bytes, so that both may be statics; on one thread they are like any others.
pub fn unpack(packed: &[AtomicU8], into: &[AtomicU8]) {
    Decoder::new(packed).fill(into);
}

/// Where the odds of each kind of choice begin. A tree of n bits has 2ⁿ places, of which 0 is unused.
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

/// How many values `Decoder::state` has.
const STATES: usize = 12;

struct Decoder<'a> {
    packed: core::slice::Iter<'a, AtomicU8>,
    range: u32,
    code: u32,
    /// Of a zero, in 2048ths.
    odds: [u16; ALL],
    /// What the last few steps were, as far as it tells the next: below 7 the last was a literal.
    state: usize,
    /// How far back the last matches began, the latest first; each less one.
    back: [usize; 4],
}

impl<'a> Decoder<'a> {
    fn new(packed: &'a [AtomicU8]) -> Self {
        let (odds, back) = ([1024; ALL], [0; 4]);
        let mut new =
            Self { packed: packed.iter(), range: u32::MAX, code: 0, odds, state: 0, back };
        for _ in 0..5 {
            new.code = new.code << 8 | new.byte();
        }
        new
    }

    /// The next byte; behind the end zeros, as from any damaged input some module comes out.
    fn byte(&mut self) -> u32 {
        self.packed.next().map_or(0, |byte| byte.load(Relaxed).into())
    }

    fn refill(&mut self) {
        if self.range < 1 << 24 {
            self.range <<= 8;
            self.code = self.code << 8 | self.byte();
        }
    }

    /// A choice by the odds at a place, which learn from it.
    fn bit(&mut self, place: usize) -> usize {
        let Some(odds) = self.odds.get_mut(place) else { return 0 };
        let bound = (self.range >> 11) * u32::from(*odds);
        let bit = self.code >= bound;
        if bit {
            self.code -= bound;
            self.range -= bound;
            *odds -= *odds >> 5;
        } else {
            self.range = bound;
            *odds += (2048 - *odds) >> 5;
        }
        self.refill();
        bit.into()
    }

    /// A number of some bits, the highest first.
    fn number(&mut self, tree: usize, bits: u32) -> usize {
        let mut node = 1;
        while node < 1 << bits {
            node = node << 1 | self.bit(tree + node);
        }
        node - (1 << bits)
    }

    /// A number of some bits, the lowest first.
    fn reversed(&mut self, tree: usize, bits: u32) -> usize {
        let (mut node, mut number) = (1, 0);
        for at in 0..bits {
            let bit = self.bit(tree + node);
            node = node << 1 | bit;
            number |= bit << at;
        }
        number
    }

    /// A number of some bits that are as often one as zero.
    fn even(&mut self, bits: u32) -> usize {
        let mut number = 0;
        for _ in 0..bits {
            self.range >>= 1;
            let bit = self.code >= self.range;
            if bit {
                self.code -= self.range;
            }
            self.refill();
            number = number << 1 | usize::from(bit);
        }
        number
    }

    /// The length of a match, less the two that every match has.
    fn length(&mut self, of: usize) -> usize {
        if self.bit(of) == 0 {
            self.number(of + 2, 3)
        } else if self.bit(of + 1) == 0 {
            8 + self.number(of + 10, 3)
        } else {
            16 + self.number(of + 18, 8)
        }
    }

    /// How far away a new match of this length is, less the one that every match is.
    fn distance(&mut self, length: usize) -> usize {
        let slot = self.number(SLOTS + 64 * length.min(3), 6);
        if slot < 4 {
            return slot;
        }
        #[expect(clippy::cast_possible_truncation, reason = "below 31")]
        let bits = (slot >> 1) as u32 - 1;
        let high = (2 | slot & 1) << bits;
        if slot < 14 {
            high + self.reversed(NEAR + high - slot, bits)
        } else {
            let middle = self.even(bits - 4) << 4;
            high + middle + self.reversed(ALIGNED, 4)
        }
    }

    /// A byte by the odds of its place. After a match also by the byte that would have continued it,
    /// as long as both agree.
    fn literal(&mut self, before: u8, continued: Option<u8>) -> u8 {
        let tree = LITERALS + 0x300 * usize::from(before >> 5);
        let mut node = 1;
        let mut expected = continued.map(usize::from);
        while node < 0x100 {
            let Some(byte) = &mut expected else {
                node = node << 1 | self.bit(tree + node);
                continue;
            };
            *byte <<= 1;
            let wanted = *byte >> 8 & 1;
            let bit = self.bit(tree + ((1 + wanted) << 8) + node);
            node = node << 1 | bit;
            if bit != wanted {
                expected = None;
            }
        }
        self.state = match self.state {
            0..4 => 0,
            state @ 4..10 => state - 3,
            state => state - 6,
        };
        #[expect(clippy::cast_possible_truncation, reason = "the highest bit says where it ends")]
        {
            node as u8
        }
    }

    /// Decodes a match: how many bytes are copied, from `back[0]` on.
    fn matched(&mut self) -> usize {
        let after_literal = self.state < 7;
        let state = self.state;
        if self.bit(IS_REPEATED + state) == 0 {
            let length = self.length(LENGTH);
            let distance = self.distance(length);
            self.back.rotate_right(1);
            self.back[0] = distance;
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
            if let Some(passed) = self.back.get_mut(..=older) {
                passed.rotate_right(1);
            }
        }
        self.state = if after_literal { 8 } else { 11 };
        self.length(REPEATED_LENGTH) + 2
    }

    fn fill(mut self, into: &[AtomicU8]) {
        let mut at = 0;
        let behind = |at: usize, back: usize| {
            let byte = at.checked_sub(back + 1).and_then(|place| into.get(place));
            byte.map_or(0, |byte| byte.load(Relaxed))
        };
        while at < into.len() {
            let length = if self.bit(IS_MATCH + self.state) == 1 { self.matched() } else { 0 };
            let literal = (length == 0).then(|| {
                let continued = behind(at, self.back[0]);
                self.literal(behind(at, 0), (self.state >= 7).then_some(continued))
            });
            for byte in into.iter().skip(at).take(length.max(1)) {
                byte.store(literal.unwrap_or_else(|| behind(at, self.back[0])), Relaxed);
                at += 1;
            }
        }
    }
}
