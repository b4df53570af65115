//! Unpacks the output of `examples/pack.rs`. In WebAssembly, it is the small module that unpacks the large module inside
//! of a script.
//!
//! The packer takes the module apart into streams of similar bytes (`module.rs`) and compresses these (`lzma.rs`).
//! Unpacking accepts any input: it always ends, and never leaves its memory.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod exports;
mod immediates;
mod lzma;
mod module;

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

pub use immediates::{Immediates, UNNATURAL, natural_alignment};
pub use module::{MOST_LOCALS, OFFSET_ROTATION, join};

/// Unpacks into `into`; `between` is the memory for the streams. The bytes are atomic, so that the slices may be statics.
/// On one thread, they behave like ordinary bytes.
pub fn unpack(packed: &[AtomicU8], between: &[AtomicU8], into: &[AtomicU8]) {
    let mut packed = Bytes(packed.iter());
    let code = packed.number();
    let lengths = [(); 5].map(|()| packed.number());
    let all = lengths.iter().fold(0, |all: usize, length| all.saturating_add(*length));
    let streams = between.get(..all).unwrap_or(between);
    lzma::decode(packed, streams);
    join(code, lengths, streams, into);
}

/// A stream of bytes; zeros after its end, because damaged input also gives some output.
struct Bytes<'a>(core::slice::Iter<'a, AtomicU8>);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        self.0.next().map_or(0, |byte| byte.load(Relaxed))
    }

    /// A number in LEB128.
    fn number(&mut self) -> usize {
        let mut number = Number::default();
        while number.add(self.byte()) {}
        number.value
    }
}

/// A number in LEB128 that is being read; signed ones have another value, and the same length.
#[derive(Default)]
struct Number {
    value: usize,
    bits: u32,
}

impl Number {
    /// Takes the next byte. Returns whether another one follows.
    fn add(&mut self, byte: u8) -> bool {
        self.value |= usize::from(byte & 127).wrapping_shl(self.bits);
        self.bits += 7;
        byte > 127
    }
}
