//! A batch of up to 64 rows for the columns. The values of a field are contiguous, so a column appends them at
//! once. Not here: reading the rows (`ingest/fast_row.rs`), a single row (`record.rs`).

use std::ops::Range;

use super::record::{Cell, Record};
use super::upsert::{BATCH_ROWS, Upsert};
use super::{CallColumns, FieldColumn};
use crate::columns::integers::IntegerCell;
use crate::schema::field;
use crate::schema::field::FIELDS;

/// The index of a row's overflow, after the fields.
const OVERFLOW: usize = FIELDS;

/// Rows whose fields have a canonical value or none.
#[derive(Debug)]
pub(crate) struct Batch {
    /// For each row a bit for each field with a value. Cells of other fields are undefined.
    present: [u32; BATCH_ROWS],
    /// For each field the values of the rows: a number, a code, an instant, or the [`PackedSpan`] of a text.
    cells: Box<[[i64; BATCH_ROWS]; FIELDS + 1]>,
    len: usize,
    /// Texts that are not in the body in this form.
    scratch: Vec<u8>,
}

/// The position of a text in the body or in the scratch, packed into a cell.
#[derive(Debug, Clone, Copy)]
struct PackedSpan {
    start: usize,
    end: usize,
    in_scratch: bool,
}

impl PackedSpan {
    #[expect(clippy::cast_possible_wrap, reason = "positions are below 2^31: `fits` checks it")]
    const fn cell(self) -> i64 {
        (self.in_scratch as i64) << 62 | (self.start as i64) << 31 | self.end as i64
    }

    #[expect(clippy::cast_sign_loss, reason = "31 bits")]
    const fn of(cell: i64) -> Self {
        const POSITION: i64 = (1 << 31) - 1;
        let (start, end) = ((cell >> 31 & POSITION) as usize, (cell & POSITION) as usize);
        Self { start, end, in_scratch: cell >> 62 != 0 }
    }
}

impl Batch {
    pub(crate) fn new() -> Self {
        Self {
            present: [0; BATCH_ROWS],
            cells: Box::new([[0; BATCH_ROWS]; FIELDS + 1]),
            len: 0,
            scratch: Vec::new(),
        }
    }

    /// Whether spans can represent the texts of a body of `body` bytes.
    pub(crate) const fn fits(body: usize) -> bool {
        body < 1 << 31
    }

    /// The number of complete rows.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Whether the batch takes no further row.
    pub(crate) const fn is_full(&self) -> bool {
        self.len == BATCH_ROWS || self.scratch.len() > 1 << 20
    }

    /// Sets a value of the current row.
    #[inline]
    pub(crate) fn set(&mut self, field: usize, value: i64) {
        if let Some(cell) = self.cells.get_mut(field).and_then(|cells| cells.get_mut(self.len)) {
            *cell = value;
        }
    }

    /// The value for a text of the body.
    #[inline]
    pub(crate) const fn text(start: usize, end: usize) -> i64 {
        PackedSpan { start, end, in_scratch: false }.cell()
    }

    /// Copies a text into the scratch and returns its value.
    pub(crate) fn keep(&mut self, text: &str) -> i64 {
        let start = self.scratch.len();
        self.scratch.extend_from_slice(text.as_bytes());
        PackedSpan { start, end: self.scratch.len(), in_scratch: true }.cell()
    }

    /// Sets the overflow of the current row, and returns its bit.
    pub(crate) fn set_overflow(&mut self, overflow: &str) -> u32 {
        let overflow = self.keep(overflow);
        self.set(OVERFLOW, overflow);
        1 << OVERFLOW
    }

    /// Completes the current row. `valued` has a bit for each field with a value.
    #[inline]
    pub(crate) fn close(&mut self, valued: u32) {
        if let Some(present) = self.present.get_mut(self.len) {
            *present = valued;
            self.len += 1;
        }
    }

    fn clear(&mut self) {
        self.len = 0;
        self.scratch.clear();
    }

    fn cells(&self, field: usize, rows: Range<usize>) -> &[i64] {
        self.cells.get(field).and_then(|cells| cells.get(rows)).unwrap_or_default()
    }

    fn present(&self, rows: Range<usize>) -> &[u32] {
        self.present.get(rows).unwrap_or_default()
    }

    /// The values of a field; `None` for a row without.
    fn values(
        &self,
        field: usize,
        rows: Range<usize>,
    ) -> impl ExactSizeIterator<Item = Option<i64>> + Clone {
        let cells = self.cells(field, rows.clone()).iter().zip(self.present(rows));
        cells.map(move |(cell, present)| (present >> field & 1 == 1).then_some(*cell))
    }

    /// The source of a text, and its range in the source.
    #[inline]
    fn source<'a>(&'a self, cell: i64, body: &'a [u8]) -> (&'a [u8], Range<usize>) {
        let span = PackedSpan::of(cell);
        (if span.in_scratch { &self.scratch } else { body }, span.start..span.end)
    }

    /// Bytes of all texts.
    pub(crate) fn text_bytes(&self, columns: &CallColumns) -> usize {
        let is_text = |field: &usize| {
            matches!(columns.fields.get(*field), Some(FieldColumn::Texts(_)) | None)
        };
        let cells = (0..=FIELDS).filter(is_text).flat_map(|field| self.values(field, 0..self.len));
        cells.flatten().map(PackedSpan::of).map(|span| span.end - span.start).sum()
    }

    /// Copies a row into a record.
    fn record(&self, row: usize, body: &[u8], columns: &CallColumns, record: &mut Record) {
        record.clear();
        for field in 0..=FIELDS {
            let Some(Some(value)) = self.values(field, row..row + 1).next() else { continue };
            let text = |record: &mut Record| {
                let (source, range) = self.source(value, body);
                record.keep_bytes(source.get(range).unwrap_or_default())
            };
            match columns.fields.get(field) {
                Some(FieldColumn::Texts(_)) => {
                    let cell = text(record);
                    record.set(field, cell);
                }
                Some(_) => record.set(field, Cell::Integer(value)),
                None => record.overflow = text(record),
            }
        }
    }
}

impl CallColumns {
    /// Upserts the rows of a batch in order, and empties it. `done` gets the id and the result of each row.
    pub(crate) fn upsert_batch(
        &mut self,
        batch: &mut Batch,
        record: &mut Record,
        body: &[u8],
        mut done: impl FnMut(i64, Upsert),
    ) {
        let mut row = 0;
        while row < batch.len {
            // Rows of new calls are appended together, the row of a known call alone.
            let ids = batch.cells(field::ID, row..batch.len);
            let new = match self.fields.get(field::ID) {
                Some(FieldColumn::Integers(known)) => {
                    self.index.extend(ids, self.live.len(), known)
                }
                _ => 0,
            };
            for id in ids.iter().take(new) {
                done(*id, Upsert::Added);
            }
            let known = ids.get(new).copied();
            self.append_batch(batch, row..row + new, body);
            row += new;
            if let Some(id) = known {
                batch.record(row, body, self, record);
                done(id, self.upsert(record, body));
                row += 1;
            }
        }
        batch.clear();
    }

    /// Appends rows of a batch. As after [`CallColumns::append`], the caller then calls [`CallColumns::pad`].
    fn append_batch(&mut self, batch: &Batch, rows: Range<usize>, body: &[u8]) {
        let before = self.live.len();
        let present = batch.present(rows.clone());
        let mut any = present.iter().fold(0, |any, present| any | present);
        let all = present.iter().fold(u32::MAX, |all, present| all & present);
        while any != 0 {
            let field = any.trailing_zeros() as usize;
            any &= any - 1;
            match self.fields.get_mut(field) {
                Some(FieldColumn::Integers(integers) | FieldColumn::Coded(_, integers)) => {
                    integers.pad(before);
                    if all >> field & 1 == 1 {
                        integers.extend(batch.cells(field, rows.clone()));
                    } else {
                        for value in batch.values(field, rows.clone()) {
                            integers.push(value.map_or(IntegerCell::Absent, IntegerCell::Integer));
                        }
                    }
                }
                Some(FieldColumn::Derived) => {}
                texts => {
                    let texts = match texts {
                        Some(FieldColumn::Texts(texts)) => texts,
                        _ => &mut self.overflow,
                    };
                    texts.pad(before);
                    let values = batch.values(field, rows.clone());
                    texts.extend(values.map(|value| Some(batch.source(value?, body))));
                }
            }
        }
        self.live.push_all(rows.len());
    }
}
