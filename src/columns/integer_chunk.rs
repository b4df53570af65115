//! A chunk of a column of integers: codes in the narrowest unsigned width. Not here: what codes mean (`frame.rs`).

use std::sync::OnceLock;

use super::CHUNK;
use super::bitmap::Word;
use super::bytes::ByteReader;
use super::code_range::RangeCode;
use super::frame::{FIRST_VALUE, Frame, IntegerCell};

/// Up to [`CHUNK`] rows of a column of integers.
#[derive(Debug, Clone)]
pub(super) struct IntegerChunk {
    pub(super) frame: Frame,
    codes: Codes,
    /// Known since they were asked for, until cells are added or removed.
    extremes: OnceLock<Extremes>,
}

/// The lowest and the highest code of a value.
#[derive(Debug, Clone, Copy)]
struct Extremes {
    low: u64,
    high: u64,
    /// Whether some cells are absent.
    absent: bool,
    /// Whether some cells are unreadable.
    unreadable: bool,
}

/// The codes of a chunk by width in bytes; `Same` is one code for all rows.
#[derive(Debug, Clone)]
enum Codes {
    Same(u64),
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
    Eight(Vec<u64>),
}

impl IntegerChunk {
    /// Appends a cell if the frame and the width can represent it; returns whether they can.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the ranges of the patterns")]
    pub(super) fn push(&mut self, cell: IntegerCell) -> bool {
        self.extremes.take();
        match (&mut self.codes, self.frame.code(cell)) {
            (Codes::Same(same), Some(code)) if *same == code => {}
            (Codes::One(codes), Some(code @ 0..=0xFF)) => codes.push(code as u8),
            (Codes::Two(codes), Some(code @ 0..=0xFFFF)) => codes.push(code as u16),
            (Codes::Four(codes), Some(code @ 0..=0xFFFF_FFFF)) => codes.push(code as u32),
            (Codes::Eight(codes), Some(code)) => codes.push(code),
            _ => return false,
        }
        true
    }

    /// Whether all cells are absent.
    #[inline]
    pub(super) const fn is_absent(&self) -> bool {
        matches!(self.codes, Codes::Same(0))
    }

    /// Removes the rows from `len` on.
    pub(super) fn truncate(&mut self, len: usize) {
        self.extremes.take();
        match &mut self.codes {
            Codes::Same(_) => {}
            Codes::One(codes) => codes.truncate(len),
            Codes::Two(codes) => codes.truncate(len),
            Codes::Four(codes) => codes.truncate(len),
            Codes::Eight(codes) => codes.truncate(len),
        }
    }

    /// The cell of a row.
    #[inline]
    pub(super) fn get(&self, row: usize) -> IntegerCell {
        self.frame.cell(self.code(row))
    }

    /// Writes the codes to the front of `out`, and returns their frame.
    pub(super) fn codes(&self, out: &mut [u64; CHUNK]) -> Frame {
        fn widen<T: Copy + Into<u64>>(codes: &[T], out: &mut [u64; CHUNK]) {
            for (out, code) in out.iter_mut().zip(codes) {
                *out = (*code).into();
            }
        }
        match &self.codes {
            Codes::Same(code) => out.fill(*code),
            Codes::One(codes) => widen(codes, out),
            Codes::Two(codes) => widen(codes, out),
            Codes::Four(codes) => widen(codes, out),
            Codes::Eight(codes) => widen(codes, out),
        }
        self.frame
    }

    /// Calls `visit` with the code of the row at each of some positions, and with an item of `beside` for each.
    #[inline]
    pub(super) fn for_each_code<T>(
        &self,
        positions: &[u16],
        beside: impl Iterator<Item = T>,
        mut visit: impl FnMut(u64, T),
    ) {
        let positions = positions.iter().map(|position| usize::from(*position)).zip(beside);
        // A row beyond the last cell is absent.
        macro_rules! each {
            ($codes:expr) => {
                positions.for_each(|(position, item)| {
                    visit($codes.get(position).map_or(0, |code| u64::from(*code)), item);
                })
            };
        }
        match &self.codes {
            Codes::Same(code) => positions.for_each(|(_, item)| visit(*code, item)),
            Codes::One(codes) => each!(codes),
            Codes::Two(codes) => each!(codes),
            Codes::Four(codes) => each!(codes),
            Codes::Eight(codes) => each!(codes),
        }
    }

    /// Sets the bits of the rows whose value is from `least` to `most`. Bits beyond the last row may be
    /// set too.
    pub(super) fn select_range(&self, least: i64, most: i64, out: &mut [Word]) {
        let Some((low, high)) = self.frame.codes(least, most) else { return };
        let known = self.extremes();
        if known.high < low || known.low > high {
            return;
        }
        // A row beyond the last cell is absent.
        let all = !known.absent && !known.unreadable;
        if all && self.cells() == CHUNK && low <= known.low && known.high <= high {
            return out.fill(Word::MAX);
        }
        match &self.codes {
            Codes::Same(code) if (low..=high).contains(code) => out.fill(Word::MAX),
            Codes::Same(_) => {}
            Codes::One(codes) => set_in_range(codes, low, high, u8::MAX, out),
            Codes::Two(codes) => set_in_range(codes, low, high, u16::MAX, out),
            Codes::Four(codes) => set_in_range(codes, low, high, u32::MAX, out),
            Codes::Eight(codes) => set_in_range(codes, low, high, u64::MAX, out),
        }
    }

    /// The least and the greatest value; `None` without values.
    pub(super) fn bounds(&self) -> Option<(i64, i64)> {
        let Extremes { low, high, .. } = self.extremes();
        (low <= high).then(|| (self.frame.value(low), self.frame.value(high)))
    }

    /// Whether some cells are unreadable.
    pub(super) fn has_unreadable(&self) -> bool {
        self.extremes().unreadable
    }

    /// The number of cells with a code of their own.
    fn cells(&self) -> usize {
        match &self.codes {
            Codes::Same(_) => 0,
            Codes::One(codes) => codes.len(),
            Codes::Two(codes) => codes.len(),
            Codes::Four(codes) => codes.len(),
            Codes::Eight(codes) => codes.len(),
        }
    }

    fn extremes(&self) -> Extremes {
        *self.extremes.get_or_init(|| match &self.codes {
            Codes::Same(code) => extremes(&[*code]),
            Codes::One(codes) => extremes(codes),
            Codes::Two(codes) => extremes(codes),
            Codes::Four(codes) => extremes(codes),
            Codes::Eight(codes) => extremes(codes),
        })
    }

    /// Writes the chunk as bytes: base, whether it has the column's step, width, codes.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.frame.base.to_le_bytes());
        out.push(u8::from(self.frame.step != 1));
        match &self.codes {
            Codes::Same(code) => write(out, 0, &[*code], u64::to_le_bytes),
            Codes::One(codes) => write(out, 1, codes, |code| [code]),
            Codes::Two(codes) => write(out, 2, codes, u16::to_le_bytes),
            Codes::Four(codes) => write(out, 4, codes, u32::to_le_bytes),
            Codes::Eight(codes) => write(out, 8, codes, u64::to_le_bytes),
        }
    }

    /// Reads a chunk of `rows` rows of a column whose step is `step`; `None` if the bytes are damaged.
    pub(super) fn read(reader: &mut ByteReader, rows: usize, step: i64) -> Option<Self> {
        let base = reader.number::<8>()?.cast_signed();
        let step = match reader.number::<1>()? {
            0 => 1,
            1 => step,
            _ => return None,
        };
        reader.reserve(rows * size_of::<u64>())?;
        let codes = match reader.number::<1>()? {
            0 => Codes::Same(reader.number::<8>()?),
            1 => Codes::One(reader.take(rows)?.to_vec()),
            2 => {
                let (codes, _) = reader.take(rows * 2)?.as_chunks();
                Codes::Two(codes.iter().map(|code| u16::from_le_bytes(*code)).collect())
            }
            4 => {
                let (codes, _) = reader.take(rows * 4)?.as_chunks();
                Codes::Four(codes.iter().map(|code| u32::from_le_bytes(*code)).collect())
            }
            8 => {
                let (codes, _) = reader.take(rows * 8)?.as_chunks();
                Codes::Eight(codes.iter().map(|code| u64::from_le_bytes(*code)).collect())
            }
            _ => return None,
        };
        let chunk = Self { frame: Frame { base, step }, codes, extremes: OnceLock::new() };
        chunk.is_valid().then_some(chunk)
    }

    /// Bytes of memory of the codes.
    pub(super) fn size(&self) -> usize {
        match &self.codes {
            Codes::Same(_) => 0,
            Codes::One(codes) => codes.capacity(),
            Codes::Two(codes) => codes.capacity() * 2,
            Codes::Four(codes) => codes.capacity() * 4,
            Codes::Eight(codes) => codes.capacity() * 8,
        }
    }

    /// Whether every value of a chunk that was read from bytes fits into 64 bits.
    fn is_valid(&self) -> bool {
        const LIMIT: u64 = 1 << 56;
        let exceeds = |code: u64| code.saturating_mul(self.frame.step.unsigned_abs()) > LIMIT;
        let code_exceeds = match &self.codes {
            Codes::Same(code) => exceeds(*code),
            Codes::Eight(codes) => codes.iter().any(|code| exceeds(*code)),
            _ => false,
        };
        self.frame.base.unsigned_abs() <= LIMIT && !code_exceeds
    }

    /// A chunk with one cell.
    pub(super) fn of(cell: IntegerCell, step: i64) -> Self {
        let base = if let IntegerCell::Integer(value) = cell { value } else { 0 };
        let frame = Frame { base, step: if base % step == 0 { step } else { 1 } };
        let codes = Codes::Same(frame.code(cell).unwrap_or_default());
        Self { frame, codes, extremes: OnceLock::new() }
    }

    #[inline]
    fn code(&self, row: usize) -> u64 {
        match &self.codes {
            Codes::Same(code) => Some(*code),
            Codes::One(codes) => codes.get(row).map(|code| u64::from(*code)),
            Codes::Two(codes) => codes.get(row).map(|code| u64::from(*code)),
            Codes::Four(codes) => codes.get(row).map(|code| u64::from(*code)),
            Codes::Eight(codes) => codes.get(row).copied(),
        }
        .unwrap_or_default()
    }

    /// Appends values if the frame and the width can represent all of them; returns whether they can.
    pub(super) fn extend(&mut self, values: &[i64], codes: &mut [u64]) -> bool {
        let Some(most) = self.frame.encode(values, codes) else { return false };
        self.extremes.take();
        let new = codes.iter().take(values.len());
        #[expect(clippy::cast_possible_truncation, reason = "the ranges of the patterns")]
        match (&mut self.codes, most) {
            (Codes::Same(same), _) => return new.into_iter().all(|code| code == same),
            (Codes::One(codes), 0..=0xFF) => codes.extend(new.map(|code| *code as u8)),
            (Codes::Two(codes), 0..=0xFFFF) => codes.extend(new.map(|code| *code as u16)),
            (Codes::Four(codes), 0..=0xFFFF_FFFF) => codes.extend(new.map(|code| *code as u32)),
            (Codes::Eight(codes), _) => codes.extend(new),
            _ => return false,
        }
        true
    }

    /// Appends cells that the frame or the width cannot represent: chooses a frame and a width for all cells.
    /// The unused codes are shared between both ends of the range, so a chunk widens only a few times,
    /// whether its values rise or fall.
    #[cold]
    #[inline(never)]
    pub(super) fn widen(&mut self, len: usize, new: impl Iterator<Item = IntegerCell>, step: i64) {
        self.extremes.take();
        let known = (0..len).map(|row| self.frame.cell(self.code(row)));
        let cells: Vec<IntegerCell> = known.chain(new).collect();
        let values = || cells.iter().filter_map(|cell| cell.integer());
        let (least, most) = (values().min().unwrap_or(0), values().max().unwrap_or(0));
        let step = if values().all(|value| value % step == 0) { step } else { 1 };
        let range = least.abs_diff(most) / step.unsigned_abs();
        let room =
            [0xFF, 0xFFFF, 0xFFFF_FFFF].into_iter().find(|room| range + FIRST_VALUE <= *room);
        let slack = room.map_or(0, |room| (room - range - FIRST_VALUE) / 2);
        let below = i64::try_from(slack).unwrap_or(0).saturating_mul(step);
        self.frame = Frame { base: least.saturating_sub(below), step };
        let frame = self.frame;
        let codes = cells.iter().map(|cell| frame.code(*cell).unwrap_or_default());
        #[expect(clippy::cast_possible_truncation, reason = "the width holds every code")]
        match room {
            Some(0xFF) => self.codes = Codes::One(full_chunk(codes.map(|code| code as u8))),
            Some(0xFFFF) => self.codes = Codes::Two(full_chunk(codes.map(|code| code as u16))),
            Some(_) => self.codes = Codes::Four(full_chunk(codes.map(|code| code as u32))),
            None => self.codes = Codes::Eight(full_chunk(codes)),
        }
    }
}

/// The extremes of codes. Without values, the lowest one is higher than the highest one.
fn extremes<T: Copy + Into<u64>>(codes: &[T]) -> Extremes {
    // The subtraction wraps, so a code without a value becomes higher than every code of a value.
    let (mut low, mut high, mut least, mut unreadable) = (u64::MAX, 0, u64::MAX, false);
    for code in codes.iter().map(|code| (*code).into()) {
        low = low.min(code.wrapping_sub(FIRST_VALUE));
        high = high.max(code);
        least = least.min(code);
        unreadable |= code == 1;
    }
    let has_values = high >= FIRST_VALUE;
    Extremes {
        low: if has_values { low + FIRST_VALUE } else { 1 },
        high: if has_values { high } else { 0 },
        absent: least == 0,
        unreadable,
    }
}

/// Writes the width in bytes, then the codes.
fn write<T: Copy, const WIDTH: usize>(
    out: &mut Vec<u8>,
    width: u8,
    codes: &[T],
    bytes: impl Fn(T) -> [u8; WIDTH],
) {
    out.push(width);
    out.reserve(codes.len() * WIDTH);
    for code in codes {
        out.extend_from_slice(&bytes(*code));
    }
}

/// The codes in a vector with the capacity of a full chunk.
fn full_chunk<T>(codes: impl Iterator<Item = T>) -> Vec<T> {
    let mut all = Vec::with_capacity(CHUNK);
    all.extend(codes);
    all
}

/// Sets the bits of the codes from `low` to `high`. Limits that the width cannot hold are cut.
fn set_in_range<T: RangeCode + TryFrom<u64>>(
    codes: &[T],
    low: u64,
    high: u64,
    greatest: T,
    out: &mut [Word],
) {
    let Ok(low) = T::try_from(low) else { return };
    let high = T::try_from(high).unwrap_or(greatest);
    for (codes, out) in codes.chunks(Word::BITS as usize).zip(out) {
        *out |= T::in_range(codes, low, high);
    }
}
