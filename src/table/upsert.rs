//! Upsert: a row of a new call is appended, a changed row supersedes the call's last row, an equal row changes
//! nothing. Also the rollback of a failed change, and compaction: the live rows in new columns.
//! Not here: several rows at once (`batch.rs`).

use super::call_columns::{CallColumns, FieldColumn};
use super::intent_level::intent_level;
use super::record::Record;
use super::{Cell, MOST_ROWS};
use crate::columns::dictionary::Dictionary;
use crate::columns::id_map::IdMap;
use crate::columns::integers::IntegerCell;
use crate::columns::utf8::same;
use crate::error::{Error, ErrorKind, Result};
use crate::json::parse;
use crate::memory::reserve;
use crate::schema::{DONE_CALL, Holds, field};

/// The most rows of a batch.
pub(crate) const BATCH_ROWS: usize = 64;

/// The most bytes of two chunks of every column; a batch may cross from one chunk to the next.
const NEW_CHUNKS: usize = 3 << 20;

/// The most bytes of text in a small row. For a larger row, memory is ensured separately.
const SMALL_ROW: usize = 4096;

/// The result of an upsert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upsert {
    /// The call was not in the table.
    Added,
    /// The row superseded the call's last row.
    Updated,
    /// The row is equal to the call's last row.
    Unchanged,
    /// The row superseded the call's last row, but only the query of a link differs, such as a signature that ends
    /// later. A report counts the call as unchanged.
    Renewed,
}

/// The text of a field; of a link, the part before its query.
fn without_query(field: usize, text: &[u8]) -> &[u8] {
    match DONE_CALL.fields.get(field).map(|field| field.holds) {
        Some(Holds::Link) => {
            text.split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or_default()
        }
        _ => text,
    }
}

impl CallColumns {
    /// Ensures memory for a batch of rows with `texts` bytes of text, and for queries afterwards.
    pub(crate) fn reserve(&self, texts: usize) -> Result<()> {
        let growing = |column: &FieldColumn| match column {
            FieldColumn::Derived | FieldColumn::Integers(_) => 0,
            FieldColumn::Texts(texts) => texts.growing_size(),
            FieldColumn::Coded(dictionary, _) => dictionary.growing_size(),
        };
        let growing = self.fields.iter().map(growing).sum::<usize>() + self.overflow.growing_size();
        let rows = self.live.size() + self.superseded.capacity() * size_of::<(u32, u32)>();
        // A full vector moves to one of twice its size.
        let growth = 2 * (growing + rows) + 3 * texts + self.index.growth(BATCH_ROWS);
        reserve(growth + NEW_CHUNKS + self.len() + self.room_for_questions())
    }

    /// Upserts a record after memory for it is ensured. All texts of the record lie in its scratch.
    pub(crate) fn upsert_one(&mut self, record: &Record) -> Result<Upsert> {
        if self.len() >= MOST_ROWS {
            return Err(too_many_rows());
        }
        self.reserve_for(record)?;
        Ok(self.upsert(record, &[]))
    }

    /// Ensures memory for a batch of small rows.
    pub(crate) fn reserve_batch(&self) -> Result<()> {
        self.reserve(SMALL_ROW * BATCH_ROWS)
    }

    /// Ensures memory for a row: once for each batch, and for each large row.
    pub(crate) fn reserve_for(&self, record: &Record) -> Result<()> {
        let large = record.scratch.len() > SMALL_ROW;
        let due = large || self.len().is_multiple_of(BATCH_ROWS);
        if due { self.reserve(record.scratch.len() + SMALL_ROW * BATCH_ROWS) } else { Ok(()) }
    }

    /// Appends a row, unless it is equal to the call's last row, which it supersedes otherwise. `body` holds the
    /// texts that are not in the record's scratch.
    #[inline]
    pub(crate) fn upsert(&mut self, record: &Record, body: &[u8]) -> Upsert {
        let Some(id) = record.get(field::ID).integer() else { return Upsert::Unchanged };
        let row = self.len();
        let known = self.find(id);
        let mut upsert = Upsert::Added;
        if let Some(known) = known {
            upsert = match self.compare(known, record, body) {
                Upsert::Unchanged => return Upsert::Unchanged,
                changed => changed,
            };
            self.live.set(known, false);
            let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
            let first_row = self.first_row(number(known));
            self.superseded.push((number(row), first_row));
        }
        self.append(record, body);
        self.index.insert_at(id, row, &self.fields);
        upsert
    }

    /// Appends a row without a search for its call. Columns without a value in this row stay shorter; the caller
    /// then calls [`CallColumns::pad`].
    #[inline]
    pub(crate) fn append(&mut self, record: &Record, body: &[u8]) {
        let row = self.live.len();
        let mut present = record.present;
        while present != 0 {
            let index = present.trailing_zeros() as usize;
            present &= present - 1;
            match (self.fields.get_mut(index), record.get(index)) {
                (Some(FieldColumn::Integers(integers)), cell) => {
                    integers.pad(row);
                    integers.push(cell.integer_cell());
                }
                (Some(FieldColumn::Texts(texts)), Cell::Text(span)) => {
                    texts.pad(row);
                    texts.push(Some(record.bytes(span, body)));
                }
                (Some(FieldColumn::Coded(_, codes)), cell @ Cell::Integer(_)) => {
                    codes.pad(row);
                    codes.push(cell.integer_cell());
                }
                (Some(FieldColumn::Coded(..)), Cell::Text(span)) => {
                    let text = String::from_utf8_lossy(record.bytes(span, body));
                    let code = self.code(index, &text);
                    if let Some(FieldColumn::Coded(_, codes)) = self.fields.get_mut(index) {
                        codes.pad(row);
                        codes.push(IntegerCell::Integer(code));
                    }
                }
                _ => {}
            }
        }
        if let Cell::Text(span) = record.overflow {
            self.overflow.pad(row);
            self.overflow.push(Some(record.bytes(span, body)));
        }
        self.live.push(true);
    }

    /// Pads all columns to the same length.
    pub(crate) fn pad(&mut self) {
        let len = self.len();
        self.overflow.pad(len);
        for column in &mut self.fields {
            match column {
                FieldColumn::Derived => {}
                FieldColumn::Integers(integers) | FieldColumn::Coded(_, integers) => {
                    integers.pad(len);
                }
                FieldColumn::Texts(texts) => texts.pad(len),
            }
        }
    }

    /// The code of a text in a field's dictionary. A new text is added.
    pub(crate) fn code(&mut self, field: usize, text: &str) -> i64 {
        let known = self.dictionary_mut(field).and_then(|known| known.find_recent(text.as_bytes()));
        if let Some(code) = known {
            return i64::from(code);
        }
        let level = if field == field::RESULTS {
            intent_level(&parse(text.as_bytes()).unwrap_or_default())
        } else {
            0
        };
        self.add_code(field, text, level)
    }

    /// Adds a text to a field's dictionary and returns its code. `level` is the intent level, for results.
    pub(crate) fn add_code(&mut self, field: usize, text: &str, level: u8) -> i64 {
        if field == field::RESULTS {
            self.levels.push(level);
        }
        self.dictionary_mut(field).map_or(0, |dictionary| i64::from(dictionary.add(text)))
    }

    /// The dictionary of a field; `None` for a field without one.
    #[inline]
    pub(crate) fn dictionary_mut(&mut self, field: usize) -> Option<&mut Dictionary> {
        match self.fields.get_mut(field) {
            Some(FieldColumn::Coded(dictionary, _)) => Some(dictionary),
            _ => None,
        }
    }

    /// What a record means for the row of its call.
    pub(super) fn compare(&self, row: usize, record: &Record, body: &[u8]) -> Upsert {
        if self.equals(row, record, body, false) {
            Upsert::Unchanged
        } else if self.equals(row, record, body, true) {
            Upsert::Renewed
        } else {
            Upsert::Updated
        }
    }

    /// Whether a row is equal to a record. `ignores_queries` leaves the queries of links out.
    fn equals(&self, row: usize, record: &Record, body: &[u8], ignores_queries: bool) -> bool {
        let bytes = |cell| match cell {
            Cell::Text(span) => Some(record.bytes(span, body)),
            _ => None,
        };
        let equal = |known: Option<&[u8]>, new: Option<&[u8]>| match (known, new) {
            (Some(known), Some(new)) => same(known, new),
            (known, new) => known.is_none() && new.is_none(),
        };
        let columns = self.fields.iter().enumerate().all(|(index, column)| match column {
            FieldColumn::Derived => true,
            FieldColumn::Integers(integers) => Cell::from(integers.get(row)) == record.get(index),
            FieldColumn::Coded(_, codes) if matches!(record.get(index), Cell::Integer(_)) => {
                Cell::from(codes.get(row)) == record.get(index)
            }
            _ => {
                let (known, new) = (self.bytes(index, row), bytes(record.get(index)));
                if ignores_queries {
                    let part = |text| without_query(index, text);
                    equal(known.map(part), new.map(part))
                } else {
                    equal(known, new)
                }
            }
        });
        columns && equal(self.overflow.get(row), bytes(record.overflow))
    }

    /// Rolls back to the first `len` rows: removes the rows after them, and rows that those superseded are live
    /// again.
    pub(crate) fn truncate(&mut self, len: usize) {
        for column in &mut self.fields {
            match column {
                FieldColumn::Derived => {}
                FieldColumn::Integers(integers) | FieldColumn::Coded(_, integers) => {
                    integers.truncate(len);
                }
                FieldColumn::Texts(texts) => texts.truncate(len),
            }
        }
        self.overflow.truncate(len);
        let removed = self.superseded.iter().filter(|(row, _)| *row as usize >= len);
        let first_rows: Vec<u32> = removed.map(|(_, first_row)| *first_row).collect();
        self.superseded.retain(|(row, _)| (*row as usize) < len);
        self.live.resize(len);
        for first_row in first_rows {
            // The call's last row among those that stay: the latest that superseded, or its first row.
            let later = self.superseded.iter().rev().find(|(_, other)| *other == first_row);
            let row = later.map_or(first_row, |(row, _)| *row);
            self.live.set(row as usize, true);
        }
        // The old index is freed first, because memory may be short.
        self.index = IdMap::default();
        self.index = IdMap::with_capacity(self.live.count());
        let Some(FieldColumn::Integers(ids)) = self.fields.get(field::ID) else { return };
        for row in self.live.iter() {
            if let Some(id) = ids.value(row) {
                self.index.insert(id, row, ids);
            }
        }
    }

    /// Ensures memory for [`CallColumns::compacted`].
    pub(crate) fn reserve_compacted(&self) -> Result<()> {
        let [numbers, texts, index] = self.sizes();
        reserve(numbers + texts + 2 * index + NEW_CHUNKS + self.len() * 16)
    }

    /// The live rows in new columns, in the order in which their calls were first added.
    pub(crate) fn compacted(&self) -> Self {
        let mut columns = Self::new();
        let mut record = Record::new();
        for row in self.in_order(&self.live) {
            self.record(row as usize, &mut record);
            columns.upsert(&record, &[]);
        }
        columns.pad();
        columns
    }

    /// Copies a row into a record.
    pub(crate) fn record(&self, row: usize, record: &mut Record) {
        record.clear();
        for (index, column) in self.fields.iter().enumerate() {
            let cell = match column {
                FieldColumn::Derived => Cell::Absent,
                FieldColumn::Integers(integers) => integers.get(row).into(),
                _ => self.text(index, row).map_or(Cell::Absent, |text| record.keep(text)),
            };
            record.set(index, cell);
        }
        record.overflow = self.overflow(row).map_or(Cell::Absent, |overflow| record.keep(overflow));
    }
}

impl IdMap {
    /// Stores the row of an id, with the ids in `columns`.
    pub(crate) fn insert_at(&mut self, id: i64, row: usize, columns: &[FieldColumn]) {
        if let Some(FieldColumn::Integers(ids)) = columns.get(field::ID) {
            self.insert(id, row, ids);
        }
    }
}

/// The error for too many rows.
fn too_many_rows() -> Box<Error> {
    Error::new(
        ErrorKind::InvalidArgument,
        "ingest: a table holds at most 2^30 rows; use a second one",
    )
}
