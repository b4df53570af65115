//! Rows into columns: a new row, a row in the place of the call's last, or none if nothing is new. Also undoing
//! an ingest, and compaction: the current rows in new columns.

use super::batch::BATCH_ROWS;
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
use crate::schema::field;

/// The bytes that a chunk of every column takes at most, twice: some rows lie in two chunks.
const NEW_CHUNKS: usize = 3 << 20;

/// The bytes of text of a row for which no memory is reserved on its own.
const SMALL: usize = 4096;

/// What became of a row that was put into a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upsert {
    /// Its call was not in the table.
    Added,
    /// It took the place of another one.
    Updated,
    /// It says what is known already.
    Unchanged,
}

impl CallColumns {
    /// Makes sure that there is memory for a batch of rows more, with so much text in all. Then questions
    /// can still be answered.
    pub(crate) fn reserve(&self, texts: usize) -> Result<()> {
        let growing = |column: &FieldColumn| match column {
            FieldColumn::Derived | FieldColumn::Integers(_) => 0,
            FieldColumn::Texts(texts) => texts.growing_size(),
            FieldColumn::Coded(dictionary, _) => dictionary.growing_size(),
        };
        let growing = self.fields.iter().map(growing).sum::<usize>() + self.overflow.growing_size();
        let rows = self.live.size() + self.superseded.capacity() * size_of::<(u32, u32)>();
        // A vector that is full moves to one of twice its size.
        let room = 2 * (growing + rows) + 3 * texts + self.index.growth(BATCH_ROWS);
        reserve(room + NEW_CHUNKS + self.len() + self.room_for_questions())
    }

    /// Puts a row in that lies in a record as a whole, if there is room for it.
    pub(crate) fn put_one(&mut self, record: &Record) -> Result<Upsert> {
        if self.len() >= MOST_ROWS {
            return Err(full());
        }
        self.reserve_for(record)?;
        Ok(self.put(record, &[]))
    }

    /// Makes sure that there is memory for a batch of small rows.
    pub(crate) fn reserve_batch(&self) -> Result<()> {
        self.reserve(SMALL * BATCH_ROWS)
    }

    /// Makes sure that there is memory for a row: once for a batch, and for each row that is large.
    pub(crate) fn reserve_for(&self, record: &Record) -> Result<()> {
        let large = record.scratch.len() > SMALL;
        let due = large || self.len().is_multiple_of(BATCH_ROWS);
        if due { self.reserve(record.scratch.len() + SMALL * BATCH_ROWS) } else { Ok(()) }
    }

    /// Puts a row in: a new one, or one in the place of the call's last, or none if nothing is new.
    #[inline]
    pub(crate) fn put(&mut self, record: &Record, body: &[u8]) -> Upsert {
        let Some(id) = record.get(field::ID).integer() else { return Upsert::Unchanged };
        let row = self.len();
        let known = self.find(id);
        if let Some(known) = known {
            if self.holds(known, record, body) {
                return Upsert::Unchanged;
            }
            self.live.set(known, false);
            let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
            let first_row = self.first_row(number(known));
            self.superseded.push((number(row), first_row));
        }
        self.append(record, body);
        self.index.insert_at(id, row, &self.fields);
        if known.is_some() { Upsert::Updated } else { Upsert::Added }
    }

    /// Appends a row without asking whether its call is known. CallColumns of which it has nothing are
    /// left behind; [`CallColumns::settle`] has to follow.
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
                    integers.push(cell.in_integers());
                }
                (Some(FieldColumn::Texts(texts)), Cell::Text(span)) => {
                    texts.pad(row);
                    texts.push(Some(record.bytes(span, body)));
                }
                (Some(FieldColumn::Coded(_, codes)), cell @ Cell::Integer(_)) => {
                    codes.pad(row);
                    codes.push(cell.in_integers());
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

    /// Brings all columns to the same length.
    pub(crate) fn settle(&mut self) {
        let len = self.len();
        self.overflow.pad(len);
        for column in &mut self.fields {
            match column {
                FieldColumn::Derived => {}
                FieldColumn::Integers(integers) | FieldColumn::Coded(_, integers) => {
                    integers.pad(len)
                }
                FieldColumn::Texts(texts) => texts.pad(len),
            }
        }
    }

    /// The code of a text of a repeating field, a new one if need be.
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
        self.new_code(field, text, level)
    }

    /// The code of a text that is not known. `level` is the intent level of results.
    pub(crate) fn new_code(&mut self, field: usize, text: &str, level: u8) -> i64 {
        if field == field::RESULTS {
            self.levels.push(level);
        }
        self.dictionary_mut(field).map_or(0, |dictionary| i64::from(dictionary.add(text)))
    }

    /// The dictionary of a repeating field.
    #[inline]
    pub(crate) fn dictionary_mut(&mut self, field: usize) -> Option<&mut Dictionary> {
        match self.fields.get_mut(field) {
            Some(FieldColumn::Coded(dictionary, _)) => Some(dictionary),
            _ => None,
        }
    }

    /// Whether a row says all that a record says.
    fn holds(&self, row: usize, record: &Record, body: &[u8]) -> bool {
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
            _ => equal(self.bytes(index, row), bytes(record.get(index))),
        });
        columns && equal(self.overflow.get(row), bytes(record.overflow))
    }

    /// Forgets the rows from `len` on, and lives as if they had never come.
    pub(crate) fn truncate(&mut self, len: usize) {
        for column in &mut self.fields {
            match column {
                FieldColumn::Derived => {}
                FieldColumn::Integers(integers) | FieldColumn::Coded(_, integers) => {
                    integers.truncate(len)
                }
                FieldColumn::Texts(texts) => texts.truncate(len),
            }
        }
        self.overflow.truncate(len);
        let dead = self.superseded.iter().filter(|(row, _)| *row as usize >= len);
        let revived: Vec<u32> = dead.map(|(_, first_row)| *first_row).collect();
        self.superseded.retain(|(row, _)| (*row as usize) < len);
        self.live.resize(len);
        for first_row in revived {
            // The row that was the call's last before: the last that took the first_row, or its first.
            let later = self.superseded.iter().rev().find(|(_, other)| *other == first_row);
            let row = later.map_or(first_row, |(row, _)| *row);
            self.live.set(row as usize, true);
        }
        // Not larger than the old one, in whose place it goes: memory may be short.
        self.index = IdMap::default();
        self.index = IdMap::with_capacity(self.live.count());
        let Some(FieldColumn::Integers(ids)) = self.fields.get(field::ID) else { return };
        for row in self.live.iter() {
            if let Some(id) = ids.value(row) {
                self.index.insert(id, row, ids);
            }
        }
    }

    /// Makes sure that there is memory for [`CallColumns::compacted`].
    pub(crate) fn reserve_compacted(&self) -> Result<()> {
        let [numbers, texts, index] = self.sizes();
        reserve(numbers + texts + 2 * index + NEW_CHUNKS + self.len() * 16)
    }

    /// The live rows in new columns, in the order in which their calls were first seen.
    pub(crate) fn compacted(&self) -> Self {
        let mut columns = Self::new();
        let mut record = Record::new();
        for row in self.in_order(&self.live) {
            self.record(row as usize, &mut record);
            columns.put(&record, &[]);
        }
        columns.settle();
        columns
    }

    /// A row as a record, to be put elsewhere.
    pub(crate) fn record(&self, row: usize, record: &mut Record) {
        record.clear();
        for (index, column) in self.fields.iter().enumerate() {
            let cell = match column {
                FieldColumn::Derived => Cell::Nothing,
                FieldColumn::Integers(integers) => integers.get(row).into(),
                _ => self.text(index, row).map_or(Cell::Nothing, |text| record.keep(text)),
            };
            record.set(index, cell);
        }
        record.overflow =
            self.overflow(row).map_or(Cell::Nothing, |overflow| record.keep(overflow));
    }
}

impl IdMap {
    pub(crate) fn insert_at(&mut self, id: i64, row: usize, columns: &[FieldColumn]) {
        if let Some(FieldColumn::Integers(ids)) = columns.get(field::ID) {
            self.insert(id, row, ids);
        }
    }
}

/// The error of a table that cannot take more rows.
fn full() -> Box<Error> {
    Error::new(
        ErrorKind::InvalidArgument,
        "ingest: a table holds at most 2^30 rows; use a second one",
    )
}
