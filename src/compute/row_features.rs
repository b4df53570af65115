//! What the statistics look at in a row, in a form that is quick to count and to uncount.

use std::ops::Range;

use super::value_codes::{DENSE, ValueCodes};
use crate::columns::CHUNK;
use crate::columns::integers::{FIRST_VALUE, Frame, IntegerCell};
use crate::schema::ANSWERED;
use crate::schema::field;
use crate::table::CallColumns;

/// A field of a row: nothing, unreadable, or the slot of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Feature(u32);

impl Feature {
    pub(super) const NOTHING: Self = Self(0);
    pub(super) const UNREADABLE: Self = Self(1);

    #[inline]
    const fn slot(slot: u32) -> Self {
        Self(slot.saturating_add(2))
    }

    /// The slot, where there is a value.
    #[inline]
    pub(super) const fn value(self) -> Option<u32> {
        self.0.checked_sub(2)
    }
}

/// The facts of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct RowFeatures {
    pub(super) finish_status: Feature,
    pub(super) duration: Feature,
    pub(super) chat_round: Feature,
    /// 0 for none, 1–6 for A–F.
    pub(super) level: u8,
    pub(super) answered: bool,
    pub(super) start_unreadable: bool,
}

/// Which facts are wanted; whether a call was answered is always read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) duration: bool,
    pub(super) chat_round: bool,
    /// The status, the level, and what could not be read.
    pub(super) others: bool,
}

impl Wanted {
    pub(super) const ALL: Self = Self { duration: true, chat_round: true, others: true };
}

/// Reads the facts of rows. The slots it gives out stay.
#[derive(Debug, Clone, Default)]
pub(super) struct FeatureReader {
    pub(super) finish_statuses: ValueCodes,
    pub(super) durations: ValueCodes,
    pub(super) chat_rounds: ValueCodes,
}

impl FeatureReader {
    /// Adds the facts of a chunk's rows, those of `rows` in it, to `out`.
    pub(super) fn read(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: Range<usize>,
        wanted: Wanted,
        out: &mut Vec<RowFeatures>,
    ) {
        let first = out.len();
        out.resize(first + rows.len(), RowFeatures::default());
        let Some(out) = out.get_mut(first..) else { return };
        let mut chunk = ChunkOf { columns, chunk, rows, codes: [0; CHUNK] };
        let (frame, codes) = chunk.codes(field::FINISH_STATUS);
        let answered = frame.code(IntegerCell::Integer(ANSWERED)).unwrap_or(u64::MAX);
        for (facts, code) in out.iter_mut().zip(codes) {
            facts.answered = *code == answered;
        }
        if wanted.others {
            for (facts, code) in out.iter_mut().zip(codes) {
                facts.finish_status = fact(&mut self.finish_statuses, frame, *code);
            }
            let (frame, codes) = chunk.codes(field::RESULTS);
            for (facts, code) in out.iter_mut().zip(codes) {
                if *code >= FIRST_VALUE {
                    let results = usize::try_from(frame.value(*code)).unwrap_or(usize::MAX);
                    facts.level = columns.levels().get(results).copied().unwrap_or_default();
                }
            }
            let (_, codes) = chunk.codes(field::START);
            for (facts, code) in out.iter_mut().zip(codes) {
                facts.start_unreadable = *code == 1;
            }
        }
        if wanted.duration {
            let (frame, codes) = chunk.codes(field::DURATION);
            for (facts, code) in out.iter_mut().zip(codes) {
                facts.duration = fact(&mut self.durations, frame, *code);
            }
        }
        if wanted.chat_round {
            let (frame, codes) = chunk.codes(field::CHAT_ROUND);
            for (facts, code) in out.iter_mut().zip(codes) {
                facts.chat_round = fact(&mut self.chat_rounds, frame, *code);
            }
        }
    }
}

/// The rows of a chunk that are read, and room for the codes of one field.
struct ChunkOf<'a> {
    columns: &'a CallColumns,
    chunk: usize,
    rows: Range<usize>,
    codes: [u64; CHUNK],
}

impl ChunkOf<'_> {
    fn codes(&mut self, field: usize) -> (Frame, &[u64]) {
        let frame = self.columns.integers(field).codes(self.chunk, &mut self.codes);
        (frame, self.codes.get(self.rows.clone()).unwrap_or_default())
    }
}

#[inline]
fn fact(slots: &mut ValueCodes, frame: Frame, code: u64) -> Feature {
    // A value that is its own slot, in a frame of single steps, needs no more than an addition.
    match frame.distance_from_zero(code) {
        Some(value) if (value as usize) < DENSE && code >= FIRST_VALUE => Feature(value + 2),
        _ => match code {
            0 => Feature::NOTHING,
            1 => Feature::UNREADABLE,
            _ => Feature::slot(slots.slot(frame.value(code))),
        },
    }
}
