//! A column of integers that takes as little room as its values allow.
//!
//! Rows lie in chunks. A chunk keeps the distance of its values from a base, in the narrowest
//! unsigned width that holds them; a chunk of one value alone keeps no distances at all. The two
//! lowest codes are no values: 0 is nothing, 1 is something that could not be read. Values are only
//! ever appended. Not here: what a column means.

use std::ops::RangeInclusive;

use super::CHUNK;
use super::bitmap::Word;
use super::bytes::ByteReader;
use super::integer_chunk::IntegerChunk;
pub(crate) use super::integer_chunk::{FIRST_VALUE, Frame, IntegerCell};

/// Integers within ±2⁵⁴, or their absence.
#[derive(Debug, Clone)]
pub(crate) struct Integers {
    chunks: Vec<IntegerChunk>,
    len: usize,
    /// What all values are expected to be multiples of: 1000 for milliseconds of whole seconds.
    step: i64,
}

impl Integers {
    pub(crate) const fn new() -> Self {
        Self { chunks: Vec::new(), len: 0, step: 1 }
    }

    /// A column of instants, epoch milliseconds that are mostly whole seconds.
    pub(crate) const fn of_instants() -> Self {
        Self { chunks: Vec::new(), len: 0, step: 1000 }
    }

    #[inline]
    pub(crate) fn push(&mut self, cell: IntegerCell) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(IntegerChunk::of(cell, self.step));
        } else if let Some(chunk) = self.chunks.last_mut()
            && !chunk.push(cell)
        {
            chunk.widen(self.len % CHUNK, [cell].into_iter(), self.step);
        }
        self.len += 1;
    }

    /// Appends rows that have a value each.
    pub(crate) fn extend(&mut self, mut values: &[i64]) {
        let mut codes = [0; 64];
        while let Some((first, rest)) = values.split_first() {
            let used = self.len % CHUNK;
            if used == 0 {
                self.push(IntegerCell::Integer(*first));
                values = rest;
                continue;
            }
            let (now, later) = values.split_at(values.len().min(CHUNK - used).min(codes.len()));
            if let Some(chunk) = self.chunks.last_mut() {
                if !chunk.extend(now, &mut codes) {
                    chunk.widen(
                        used,
                        now.iter().map(|value| IntegerCell::Integer(*value)),
                        self.step,
                    );
                }
                self.len += now.len();
            }
            values = later;
        }
    }

    /// Forgets the rows from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.chunks.truncate(self.len.div_ceil(CHUNK));
        let last = self.len - self.chunks.len().saturating_sub(1) * CHUNK;
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.truncate(last);
        }
    }

    /// Appends nothing until there are `len` rows.
    #[inline]
    pub(crate) fn pad(&mut self, len: usize) {
        if self.len < len {
            self.pad_out(len);
        }
    }

    #[cold]
    fn pad_out(&mut self, len: usize) {
        while self.len < len {
            let room = CHUNK - self.len % CHUNK;
            match self.chunks.last() {
                // No row of this chunk has anything yet: there is nothing to write down.
                Some(chunk) if room < CHUNK && chunk.is_nothing() => {
                    self.len = len.min(self.len + room);
                }
                _ => self.push(IntegerCell::Nothing),
            }
        }
    }

    /// The cell of a row; nothing beyond the last.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> IntegerCell {
        let Some(chunk) = self.chunks.get(row / CHUNK).filter(|_| row < self.len) else {
            return IntegerCell::Nothing;
        };
        chunk.get(row % CHUNK)
    }

    /// The value of a row that has one.
    #[inline]
    pub(crate) fn value(&self, row: usize) -> Option<i64> {
        self.get(row).integer()
    }

    /// Writes the codes of a chunk to the front of `out`, and says how to read them.
    pub(crate) fn codes(&self, chunk: usize, out: &mut [u64; CHUNK]) -> Frame {
        let none = Frame { base: 0, step: 1 };
        self.chunks.get(chunk).map_or(none, |chunk| chunk.codes(out))
    }

    /// Sets the bits of a chunk's rows whose value is from `least` to `most`. Bitmap beyond the last
    /// row may be set, too.
    pub(crate) fn mark_range(&self, chunk: usize, least: i64, most: i64, out: &mut [Word]) {
        if let Some(chunk) = self.chunks.get(chunk) {
            chunk.mark_range(least, most, out);
        }
    }

    /// The least and the greatest value; none without any.
    pub(crate) fn bounds(&self) -> Option<(i64, i64)> {
        let of_chunks = self.chunks.iter().filter_map(IntegerChunk::bounds);
        of_chunks.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// Writes the column down.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for chunk in &self.chunks {
            chunk.write(out);
        }
    }

    /// Reads a column of `rows` rows that is to hold what this one does, values within `bounds`.
    pub(crate) fn read(
        &self,
        reader: &mut ByteReader,
        rows: usize,
        bounds: RangeInclusive<i64>,
    ) -> Option<Self> {
        let mut column = Self { chunks: Vec::new(), len: rows, step: self.step };
        for chunk in 0..rows.div_ceil(CHUNK) {
            let rows = CHUNK.min(rows - chunk * CHUNK);
            column.chunks.push(IntegerChunk::read(reader, rows, self.step)?);
        }
        let within = |(least, most)| bounds.contains(&least) && bounds.contains(&most);
        column.bounds().is_none_or(within).then_some(column)
    }

    /// The bytes taken up.
    pub(crate) fn size(&self) -> usize {
        let chunks = self.chunks.capacity() * size_of::<IntegerChunk>();
        chunks + self.chunks.iter().map(IntegerChunk::size).sum::<usize>()
    }
}
