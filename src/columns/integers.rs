//! A column of integers in chunks of the narrowest width (frame of reference).
//!
//! A chunk stores the distances of its values from a base as codes, in the narrowest unsigned width that
//! holds them. A chunk whose cells are all equal stores one code. The two lowest codes are not values: 0 is an
//! absent value, 1 an unreadable one. Values are only appended. Not here: one chunk (`integer_chunk.rs`),
//! the meaning of a column (`schema/`).

use std::ops::RangeInclusive;

use super::CHUNK;
use super::bitmap::Word;
use super::bytes::ByteReader;
pub(crate) use super::frame::{FIRST_VALUE, Frame, IntegerCell, low_half};
use super::integer_chunk::IntegerChunk;

/// A column of integers within ±2⁵⁴; cells may be absent or unreadable.
#[derive(Debug, Clone)]
pub(crate) struct Integers {
    chunks: Vec<IntegerChunk>,
    len: usize,
    /// The step that all values are expected to be multiples of: 1000 for whole seconds in milliseconds.
    step: i64,
}

impl Integers {
    pub(crate) const fn new() -> Self {
        Self { chunks: Vec::new(), len: 0, step: 1 }
    }

    /// A column of instants: epoch milliseconds, mostly whole seconds.
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

    /// Appends values, one row for each.
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

    /// Removes the rows from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.chunks.truncate(self.len.div_ceil(CHUNK));
        let last = self.len - self.chunks.len().saturating_sub(1) * CHUNK;
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.truncate(last);
        }
    }

    /// Appends absent cells until there are `len` rows.
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
                // All cells of this chunk are absent, so the number of rows is enough.
                Some(chunk) if room < CHUNK && chunk.is_absent() => {
                    self.len = len.min(self.len + room);
                }
                _ => self.push(IntegerCell::Absent),
            }
        }
    }

    /// The cell of a row; absent beyond the last row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> IntegerCell {
        let Some(chunk) = self.chunks.get(row / CHUNK).filter(|_| row < self.len) else {
            return IntegerCell::Absent;
        };
        chunk.get(row % CHUNK)
    }

    /// The value of a row; `None` if it is absent or unreadable.
    #[inline]
    pub(crate) fn value(&self, row: usize) -> Option<i64> {
        self.get(row).integer()
    }

    /// Writes the codes of a chunk to the front of `out`, and returns their frame.
    pub(crate) fn codes(&self, chunk: usize, out: &mut [u64; CHUNK]) -> Frame {
        self.chunks.get(chunk).map_or(Frame::EMPTY, |chunk| chunk.codes(out))
    }

    /// How the codes of a chunk become values.
    pub(crate) fn frame(&self, chunk: usize) -> Frame {
        self.chunks.get(chunk).map_or(Frame::EMPTY, |chunk| chunk.frame)
    }

    /// Calls `visit` with the code of the row at each of some positions in a chunk, and with an item of `beside` for
    /// each.
    #[inline]
    pub(crate) fn for_each_code<T>(
        &self,
        chunk: usize,
        positions: &[u16],
        beside: impl Iterator<Item = T>,
        mut visit: impl FnMut(u64, T),
    ) {
        match self.chunks.get(chunk) {
            Some(chunk) => chunk.for_each_code(positions, beside, visit),
            None => positions.iter().zip(beside).for_each(|(_, item)| visit(0, item)),
        }
    }

    /// Whether a chunk has unreadable cells.
    pub(crate) fn has_unreadable(&self, chunk: usize) -> bool {
        self.chunks.get(chunk).is_some_and(IntegerChunk::has_unreadable)
    }

    /// Sets the bits of the rows of a chunk whose value is from `least` to `most`. Bits beyond the last row
    /// may be set too.
    pub(crate) fn select_range(&self, chunk: usize, least: i64, most: i64, out: &mut [Word]) {
        if let Some(chunk) = self.chunks.get(chunk) {
            chunk.select_range(least, most, out);
        }
    }

    /// The least and the greatest value of a chunk; `None` without values.
    pub(crate) fn chunk_bounds(&self, chunk: usize) -> Option<(i64, i64)> {
        self.chunks.get(chunk).and_then(IntegerChunk::bounds)
    }

    /// The least and the greatest value; `None` without values.
    pub(crate) fn bounds(&self) -> Option<(i64, i64)> {
        let of_chunks = self.chunks.iter().filter_map(IntegerChunk::bounds);
        of_chunks.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// Writes the column as bytes, chunk by chunk.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for chunk in &self.chunks {
            chunk.write(out);
        }
    }

    /// Reads a column of `rows` rows, with the step of this one. `None` if the bytes are damaged or a value is
    /// outside of `bounds`.
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

    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        let chunks = self.chunks.capacity() * size_of::<IntegerChunk>();
        chunks + self.chunks.iter().map(IntegerChunk::size).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random, the same in each run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (self.0 >> 33) % limit
        }
    }

    fn assert_same(column: &Integers, model: &[IntegerCell], numbers: &mut Numbers) {
        for (chunk, cells) in model.chunks(CHUNK).enumerate() {
            let values = || cells.iter().filter_map(|cell| cell.integer());
            assert_eq!(column.chunk_bounds(chunk), values().min().zip(values().max()));
            let (least, most) = values().min().zip(values().max()).unwrap_or_default();
            let other = least + i64::try_from(numbers.below(400)).unwrap() - 100;
            for (from, to) in
                [(least, most), (least + 1, most), (other, other + 50), (most + 1, most + 9)]
            {
                let mut bits = [0; CHUNK / 64];
                column.select_range(chunk, from, to, &mut bits);
                for (row, cell) in cells.iter().enumerate() {
                    let passes = cell.integer().is_some_and(|value| (from..=to).contains(&value));
                    let bit = bits.get(row / 64).unwrap() >> (row % 64) & 1 == 1;
                    assert_eq!(bit, passes, "row {row} of chunk {chunk}, {from} to {to}");
                }
            }
            let rows = 0..u16::try_from(cells.len()).unwrap();
            let positions: Vec<u16> = rows.filter(|_| numbers.below(5) == 0).collect();
            let mut found = Vec::new();
            let frame = column.frame(chunk);
            column.for_each_code(chunk, &positions, 0.., |code, at| {
                assert_eq!(at, found.len());
                found.push(frame.cell(code));
            });
            let expected = positions.iter().map(|at| cells.get(usize::from(*at)).unwrap());
            assert!(found.iter().eq(expected));
            assert_eq!(column.has_unreadable(chunk), cells.contains(&IntegerCell::Unreadable));
        }
    }

    #[test]
    fn ranges_and_single_rows_are_right_while_chunks_are_filled_cut_off_and_filled_again() {
        let mut numbers = Numbers(1);
        for (step, base, span) in
            [(1, 0, 9), (1, -40, 900), (1000, 1_700_000_000_000, 90_000), (1, 7, 1)]
        {
            let mut column = Integers { step, ..Integers::new() };
            let mut model = Vec::new();
            for round in 0..9 {
                // Some chunks have a value in every cell, some have none, some are alike.
                let gaps = [0, 3, 40].get(round % 3).copied().unwrap_or_default();
                for _ in 0..numbers.below(5000) {
                    let cell = match numbers.below(100) {
                        gap if gap < gaps / 2 => IntegerCell::Absent,
                        gap if gap < gaps => IntegerCell::Unreadable,
                        _ => {
                            let value = i64::try_from(numbers.below(span)).unwrap();
                            IntegerCell::Integer(base + value * step)
                        }
                    };
                    column.push(cell);
                    model.push(cell);
                }
                assert_same(&column, &model, &mut numbers);
                let len =
                    model.len() - usize::try_from(numbers.below(3000)).unwrap().min(model.len());
                column.truncate(len);
                model.truncate(len);
                assert_same(&column, &model, &mut numbers);
            }
        }
    }
}
