//! Lengths and columns as bytes, and a reader that believes nothing: every length is checked against
//! what is left.

use crate::memory::reserve;

/// Seven bits a byte, lowest first.
#[expect(clippy::cast_possible_truncation, reason = "the lowest seven bits of what is left")]
pub(crate) fn write_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

/// What is left of a snapshot.
pub(crate) struct ByteReader<'a> {
    pub(crate) left: &'a [u8],
    /// There was not enough memory for it.
    pub(crate) full: bool,
    /// Whether there is a field that only a newer package can have written.
    pub(crate) newer: bool,
}

impl<'a> ByteReader<'a> {
    /// Makes sure that there is memory for what is read next.
    pub(crate) fn reserve(&mut self, bytes: usize) -> Option<()> {
        self.full = reserve(bytes).is_err();
        (!self.full).then_some(())
    }

    /// The next bytes, if there are so many.
    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, left) = self.left.split_at_checked(length)?;
        self.left = left;
        Some(taken)
    }

    /// A number of so many bytes.
    pub(crate) fn number<const BYTES: usize>(&mut self) -> Option<u64> {
        let bytes = self.take(BYTES)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A length of up to five bytes.
    pub(crate) fn length(&mut self) -> Option<usize> {
        let mut length = 0;
        for shift in [0, 7, 14, 21, 28] {
            let (&byte, left) = self.left.split_first()?;
            self.left = left;
            length |= usize::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(length);
            }
        }
        None
    }
}
