//! Per-row inputs of incremental aggregates. Not here: the aggregates (`kinds/`).

use super::rows_to_read::RowsToRead;
use super::value_codes::{DENSE, ValueCodes};
use crate::columns::CHUNK;
use crate::columns::integers::{FIRST_VALUE, Frame, IntegerCell};
use crate::schema::ANSWERED;
use crate::schema::field;
use crate::table::CallColumns;

/// A field of a row: absent, unreadable, or the code of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Feature(u32);

impl Feature {
    pub(super) const ABSENT: Self = Self(0);
    pub(super) const UNREADABLE: Self = Self(1);

    #[inline]
    const fn from_code(code: u32) -> Self {
        Self(code.saturating_add(2))
    }

    /// The code of the value, if there is a value.
    #[inline]
    pub(super) const fn code(self) -> Option<u32> {
        self.0.checked_sub(2)
    }
}

/// The inputs of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct RowFeatures {
    pub(super) finish_status: Feature,
    pub(super) duration: Feature,
    pub(super) chat_round: Feature,
    /// The intent level: 0 for none, 1–6 for A–F.
    pub(super) level: u8,
    pub(super) answered: bool,
    pub(super) start_unreadable: bool,
}

/// The features to read. `answered` is always read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeatureSet {
    pub(super) duration: bool,
    pub(super) chat_round: bool,
    /// The status, the intent level, and whether the start is unreadable.
    pub(super) others: bool,
}

impl FeatureSet {
    pub(super) const ALL: Self = Self { duration: true, chat_round: true, others: true };
}

/// Reads the features of rows. The code of a value never changes.
#[derive(Debug, Clone, Default)]
pub(super) struct FeatureReader {
    pub(super) finish_statuses: ValueCodes,
    pub(super) durations: ValueCodes,
    pub(super) chat_rounds: ValueCodes,
}

impl FeatureReader {
    /// Appends the features of some rows of a chunk to `out`.
    pub(super) fn read(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: &RowsToRead,
        feature_set: FeatureSet,
        out: &mut Vec<RowFeatures>,
    ) {
        let first = out.len();
        out.resize(first + rows.len(), RowFeatures::default());
        let Some(out) = out.get_mut(first..) else { return };
        let mut chunk = ChunkReader { columns, chunk, rows, codes: [0; CHUNK] };
        let (frame, codes) = chunk.codes(field::FINISH_STATUS);
        let answered = frame.code(IntegerCell::Integer(ANSWERED)).unwrap_or(u64::MAX);
        for (features, code) in out.iter_mut().zip(codes) {
            features.answered = *code == answered;
        }
        if feature_set.others {
            for (features, code) in out.iter_mut().zip(codes) {
                features.finish_status = feature(&mut self.finish_statuses, frame, *code);
            }
            let (frame, codes) = chunk.codes(field::RESULTS);
            for (features, code) in out.iter_mut().zip(codes) {
                if *code >= FIRST_VALUE {
                    let results = usize::try_from(frame.value(*code)).unwrap_or(usize::MAX);
                    features.level = columns.levels().get(results).copied().unwrap_or_default();
                }
            }
            let (_, codes) = chunk.codes(field::START);
            for (features, code) in out.iter_mut().zip(codes) {
                features.start_unreadable = *code == 1;
            }
        }
        if feature_set.duration {
            let (frame, codes) = chunk.codes(field::DURATION);
            for (features, code) in out.iter_mut().zip(codes) {
                features.duration = feature(&mut self.durations, frame, *code);
            }
        }
        if feature_set.chat_round {
            let (frame, codes) = chunk.codes(field::CHAT_ROUND);
            for (features, code) in out.iter_mut().zip(codes) {
                features.chat_round = feature(&mut self.chat_rounds, frame, *code);
            }
        }
    }
}

/// Reads the codes of one field after the other, of some rows of a chunk.
struct ChunkReader<'a> {
    columns: &'a CallColumns,
    chunk: usize,
    rows: &'a RowsToRead<'a>,
    codes: [u64; CHUNK],
}

impl ChunkReader<'_> {
    fn codes(&mut self, field: usize) -> (Frame, &[u64]) {
        self.rows.codes(self.columns.integers(field), self.chunk, &mut self.codes)
    }
}

#[inline]
fn feature(value_codes: &mut ValueCodes, frame: Frame, code: u64) -> Feature {
    // A small value is its own code. In a frame with steps of 1, an addition finds it.
    match frame.distance_from_zero(code) {
        Some(value) if (value as usize) < DENSE && code >= FIRST_VALUE => Feature(value + 2),
        _ => match code {
            0 => Feature::ABSENT,
            1 => Feature::UNREADABLE,
            _ => Feature::from_code(value_codes.code(frame.value(code))),
        },
    }
}
