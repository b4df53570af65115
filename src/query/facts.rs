//! What the statistics look at in a row, in a form that is quick to count and to uncount.

use std::ops::Range;

use super::slots::Slots;
use crate::table::integers::{FIRST_VALUE, Frame};
use crate::table::{CHUNK, Cell, Columns, field};

/// The vendor's `finishStatus` of a call that was answered.
const ANSWERED: i64 = 0;

/// A field of a row: nothing, unreadable, or the slot of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Fact(u32);

impl Fact {
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
pub(super) struct Facts {
    pub(super) finish_status: Fact,
    pub(super) duration: Fact,
    pub(super) chat_round: Fact,
    /// 0 for none, 1–6 for A–F.
    pub(super) level: u8,
    pub(super) answered: bool,
    pub(super) start_unreadable: bool,
}

/// Reads the facts of rows. The slots it gives out stay.
#[derive(Debug, Clone, Default)]
pub(super) struct FactReader {
    pub(super) finish_statuses: Slots,
    pub(super) durations: Slots,
    pub(super) chat_rounds: Slots,
}

impl FactReader {
    /// Adds the facts of a chunk's rows, those of `rows` in it, to `out`.
    pub(super) fn read(
        &mut self,
        columns: &Columns,
        chunk: usize,
        rows: Range<usize>,
        out: &mut Vec<Facts>,
    ) {
        let first = out.len();
        out.resize(first + rows.len(), Facts::default());
        let Some(out) = out.get_mut(first..) else { return };
        let mut chunk = ChunkOf { columns, chunk, rows, codes: [0; CHUNK] };
        chunk.each(field::FINISH_STATUS, out, |facts, frame, code| {
            facts.finish_status = fact(&mut self.finish_statuses, frame, code);
            facts.answered = frame.cell(code) == Cell::Integer(ANSWERED);
        });
        chunk.each(field::DURATION, out, |facts, frame, code| {
            facts.duration = fact(&mut self.durations, frame, code);
        });
        chunk.each(field::CHAT_ROUND, out, |facts, frame, code| {
            facts.chat_round = fact(&mut self.chat_rounds, frame, code);
        });
        chunk.each(field::RESULTS, out, |facts, frame, code| {
            let results = frame.cell(code).integer().and_then(|code| usize::try_from(code).ok());
            let level = results.and_then(|results| columns.levels().get(results));
            facts.level = level.copied().unwrap_or_default();
        });
        chunk.each(field::START, out, |facts, _, code| facts.start_unreadable = code == 1);
    }
}

/// The rows of a chunk that are read, and room for the codes of one field.
struct ChunkOf<'a> {
    columns: &'a Columns,
    chunk: usize,
    rows: Range<usize>,
    codes: [u64; CHUNK],
}

impl ChunkOf<'_> {
    #[inline]
    fn each(
        &mut self,
        field: usize,
        out: &mut [Facts],
        mut set: impl FnMut(&mut Facts, Frame, u64),
    ) {
        let frame = self.columns.integers(field).codes(self.chunk, &mut self.codes);
        let codes = self.codes.get(self.rows.clone()).unwrap_or_default();
        for (facts, code) in out.iter_mut().zip(codes) {
            set(facts, frame, *code);
        }
    }
}

#[inline]
fn fact(slots: &mut Slots, frame: Frame, code: u64) -> Fact {
    match code {
        0 => Fact::NOTHING,
        1 => Fact::UNREADABLE,
        FIRST_VALUE.. => Fact::slot(slots.slot(frame.value(code))),
    }
}
