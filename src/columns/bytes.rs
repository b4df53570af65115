//! Variable-length integers, and the reader of a snapshot's bytes. The reader checks every length against the
//! bytes that remain.

use crate::memory::reserve;

/// Writes a length, seven bits in each byte, lowest bits first.
#[expect(clippy::cast_possible_truncation, reason = "takes the lowest seven bits")]
pub(crate) fn write_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

/// A reader of a snapshot's bytes.
pub(crate) struct ByteReader<'a> {
    /// The bytes that are not read yet.
    pub(crate) remaining: &'a [u8],
    /// Whether there was too little memory.
    pub(crate) out_of_memory: bool,
    /// Whether the snapshot has a field that this package does not know; a newer package wrote it.
    pub(crate) unknown_field: bool,
}

impl<'a> ByteReader<'a> {
    /// Ensures memory for the next value; `None` where there is too little.
    pub(crate) fn reserve(&mut self, bytes: usize) -> Option<()> {
        self.out_of_memory = reserve(bytes).is_err();
        (!self.out_of_memory).then_some(())
    }

    /// The next `length` bytes; `None` where fewer remain.
    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, remaining) = self.remaining.split_at_checked(length)?;
        self.remaining = remaining;
        Some(taken)
    }

    /// A little-endian number of `BYTES` bytes.
    pub(crate) fn number<const BYTES: usize>(&mut self) -> Option<u64> {
        let bytes = self.take(BYTES)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A length of at most five bytes, as [`write_length`] writes it.
    pub(crate) fn length(&mut self) -> Option<usize> {
        let mut length = 0;
        for shift in [0, 7, 14, 21, 28] {
            let (&byte, remaining) = self.remaining.split_first()?;
            self.remaining = remaining;
            length |= usize::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(length);
            }
        }
        None
    }
}
