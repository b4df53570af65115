//! Finished calls as columns: hundreds of thousands of them in little room, quick to ask.
//! Not here: the questions (`query/`), and what a field may look like on the wire (`model/`).
//!
//! - `bits.rs`: a set of rows
//! - `integers.rs`, `texts.rs`: what columns are made of
//! - `index.rs`: `callInstanceId` → row
//! - `record.rs`: a row on its way in and out; `batch.rs`: many on their way in
//! - `ingest.rs`: response bodies and rows → columns; `oddities.rs`: what was odd about the rows
//! - `wire.rs`: the quick way; `row.rs`, `results.rs`: a row and its results on it; `cursor.rs`: a place
//!   in a body; `scan.rs`: many bytes at once
//! - `mark.rs`: how far a list of the vendor's has been read into the table
//! - `snapshot.rs`: bytes to keep, and back; `csv.rs`, `mask.rs`: for people; `arrow/`: for engines
//!
//! Rows are only ever appended. A call that is sent again in another form becomes a new row, and
//! its old row is no longer live; so whoever looks at a set of rows goes on seeing what it saw.
//! When dead rows have become many, the table moves to new columns, and leaves the old ones to
//! whoever still looks at them.

pub(crate) mod arrow;
mod batch;
pub(crate) mod bits;
pub(crate) mod csv;
mod cursor;
mod index;
mod ingest;
pub(crate) mod integers;
mod mark;
mod mask;
mod oddities;
pub(crate) mod record;
mod results;
mod row;
mod scan;
mod snapshot;
pub(crate) mod texts;
mod wire;

use std::cell::RefCell;
use std::rc::Rc;

pub use arrow::{Arrow, ArrowFormat};
pub use csv::CsvOptions;
pub use ingest::{CallRows, Report};
pub use mark::{Gap, Mark};
pub use oddities::{Oddity, OddityCount};
pub(crate) use record::{Cell, field};

use crate::error::{Error, Kind as ErrorKind, Result};
use crate::json::{Value, parse};
use crate::memory::reserve;
use crate::schema::{DONE_CALL, Field, Holds, INTENT_RESULTS, Kind};
use crate::sort::sorted;
use bits::Bits;
use index::Index;
use integers::Integers;
use record::Record;
pub(crate) use scan::Part;
use texts::{Dictionary, Texts, same};

/// Rows that are kept together; a multiple of the bits of a word.
pub(crate) const CHUNK: usize = 4096;

/// More rows than a row number of 32 bits could tell apart, or the memory hold.
const MOST_ROWS: usize = 1 << 30;

/// The bytes that a chunk of every column takes at most, twice: some rows lie in two chunks.
const NEW_CHUNKS: usize = 3 << 20;

/// The bytes that a row takes for each of its weight as a tree, and as text that grows.
pub(crate) const WRITTEN: usize = 8;

/// The bytes of text of a row that is not worth a look.
const SMALL: usize = 4096;

/// The calls of a table, or what they were when someone began to look at them.
#[derive(Debug, Clone)]
pub struct Columns {
    /// A column for each field of the model, in its order.
    fields: Vec<Column>,
    /// What the columns cannot say of a row, JSON.
    rest: Texts,
    /// The last row of each call.
    index: Index,
    live: Bits,
    /// Rows that took the place of an earlier one, with the row that was first there; rising.
    seats: Vec<(u32, u32)>,
    /// The intent level of each code of the results: 0 for none, 1–6 for A–F.
    levels: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Column {
    /// Made of another column.
    Derived,
    Integers(Integers),
    Texts(Texts),
    Coded(Dictionary, Integers),
}

impl Column {
    fn of(field: &Field) -> Self {
        match field.kind {
            Kind::EpochMs => Self::Derived,
            Kind::WallTime => Self::Integers(Integers::of_instants()),
            Kind::NamedValues => Self::Coded(Dictionary::default(), Integers::new()),
            Kind::Text | Kind::OptionalText if repeats(field.holds) => {
                Self::Coded(Dictionary::default(), Integers::new())
            }
            Kind::Text | Kind::OptionalText => Self::Texts(Texts::default()),
            Kind::Id | Kind::OptionalId | Kind::Integer | Kind::Seconds => {
                Self::Integers(Integers::new())
            }
            // No column can say these: they stand in the row's rest.
            Kind::Flag
            | Kind::Raw
            | Kind::Counts
            | Kind::ResultDefinitions
            | Kind::Stats
            | Kind::List(_)
            | Kind::OptionalList(_)
            | Kind::Object(_)
            | Kind::ObjectOrEmpty(_) => Self::Integers(Integers::new()),
        }
    }
}

/// Whether a text stands in many rows: what the account named does, what is one customer's does not.
const fn repeats(holds: Holds) -> bool {
    match holds {
        Holds::Name | Holds::Line | Holds::Instant | Holds::Code(_) => true,
        Holds::Id
        | Holds::Count
        | Holds::Money
        | Holds::Phone
        | Holds::Person
        | Holds::Speech
        | Holds::Link
        | Holds::Internal => false,
    }
}

/// What became of a row that was put into a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// Its call was not in the table.
    Added,
    /// It took the place of another one.
    Updated,
    /// It says what is known already.
    Unchanged,
}

impl Columns {
    fn new() -> Self {
        Self {
            fields: DONE_CALL.fields.iter().map(Column::of).collect(),
            rest: Texts::default(),
            index: Index::default(),
            live: Bits::default(),
            seats: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// Rows, dead ones included.
    pub(crate) const fn len(&self) -> usize {
        self.live.len()
    }

    /// The rows that are the last of their call.
    pub(crate) const fn live(&self) -> &Bits {
        &self.live
    }

    /// The numbers of a field, or the codes of its texts, which are codes of its dictionary.
    ///
    /// # Panics
    /// Never; a field without numbers gives an empty column.
    pub(crate) fn integers(&self, field: usize) -> &Integers {
        static NONE: Integers = Integers::new();
        match self.fields.get(field) {
            Some(Column::Integers(integers) | Column::Coded(_, integers)) => integers,
            _ => &NONE,
        }
    }

    /// The texts that a field's codes stand for.
    pub(crate) fn dictionary(&self, field: usize) -> Option<&Dictionary> {
        match self.fields.get(field) {
            Some(Column::Coded(dictionary, _)) => Some(dictionary),
            _ => None,
        }
    }

    /// The texts of a field of which each row has its own.
    pub(crate) fn texts(&self, field: usize) -> Option<&Texts> {
        match self.fields.get(field) {
            Some(Column::Texts(texts)) => Some(texts),
            _ => None,
        }
    }

    /// The text of a row's field, UTF-8.
    pub(crate) fn bytes(&self, field: usize, row: usize) -> Option<&[u8]> {
        match self.fields.get(field)? {
            Column::Texts(texts) => texts.get(row),
            Column::Coded(dictionary, codes) => {
                dictionary.texts().get(usize::try_from(codes.value(row)?).ok()?)
            }
            _ => None,
        }
    }

    /// The text of a row's field.
    pub(crate) fn text(&self, field: usize, row: usize) -> Option<&str> {
        str::from_utf8(self.bytes(field, row)?).ok()
    }

    /// The intent level of a code of the results: 0 for none, 1–6 for A–F.
    pub(crate) fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// What the columns cannot say of a row: a JSON object, or nothing.
    pub(crate) fn rest(&self, row: usize) -> Option<&str> {
        self.rest.text(row)
    }

    /// The row of a call.
    pub(crate) fn find(&self, call_instance_id: i64) -> Option<usize> {
        self.index.find(call_instance_id, self.integers(field::ID))
    }

    /// The rows of a set in the order in which their calls were first seen.
    pub(crate) fn in_order(&self, rows: &Bits) -> Vec<u32> {
        let mut order = Vec::with_capacity(rows.count());
        let number = |row: usize| u32::try_from(row).ok();
        let moved = self.seats.iter().copied().filter(|(row, _)| rows.get(*row as usize));
        let moved: Vec<(u32, u32)> = moved.collect();
        let mut moved = sorted(&moved, |one, other| one.1.cmp(&other.1)).into_iter().peekable();
        // The others lie in order already.
        for row in rows.iter().filter_map(number).filter(|row| self.seat(*row) == *row) {
            while let Some((earlier, _)) = moved.next_if(|(_, seat)| *seat < row) {
                order.push(earlier);
            }
            order.push(row);
        }
        order.extend(moved.map(|(row, _)| row));
        order
    }

    /// Rows that took the place of another.
    pub(crate) const fn replaced(&self) -> usize {
        self.seats.len()
    }

    /// Whether any row took the place of another.
    pub(crate) fn is_in_order(&self) -> bool {
        self.seats.is_empty()
    }

    /// The row at which this row's call was first seen.
    pub(crate) fn seat(&self, row: u32) -> u32 {
        let found = self.seats.binary_search_by_key(&row, |(row, _)| *row).ok();
        found.and_then(|at| self.seats.get(at)).map_or(row, |(_, seat)| *seat)
    }

    /// The bytes taken up: of numbers and codes, of texts, and of the index.
    #[must_use]
    pub fn sizes(&self) -> [usize; 3] {
        let mut sizes = [self.live.size() + self.seats.capacity() * 8, self.rest.size(), 0];
        for column in &self.fields {
            let [numbers, texts, _] = &mut sizes;
            match column {
                Column::Derived => {}
                Column::Integers(integers) => *numbers += integers.size(),
                Column::Texts(column) => *texts += column.size(),
                Column::Coded(dictionary, codes) => {
                    *numbers += codes.size();
                    *texts += dictionary.size();
                }
            }
        }
        sizes[2] = self.index.size();
        sizes
    }

    /// Makes sure that there is memory for a batch of rows more, with so much text in all. Then questions
    /// can still be answered.
    fn reserve(&self, texts: usize) -> Result<()> {
        let growing = |column: &Column| match column {
            Column::Derived | Column::Integers(_) => 0,
            Column::Texts(texts) => texts.growing(),
            Column::Coded(dictionary, _) => dictionary.growing(),
        };
        let growing = self.fields.iter().map(growing).sum::<usize>() + self.rest.growing();
        let rows = self.live.size() + self.seats.capacity() * size_of::<(u32, u32)>();
        // A vector that is full moves to one of twice its size.
        let room = 2 * (growing + rows) + 3 * texts + self.index.growth(batch::ROWS);
        reserve(room + NEW_CHUNKS + self.len() + self.room_for_questions())
    }

    /// The bytes that a question may take, other than one for an order.
    pub(crate) fn room_for_questions(&self) -> usize {
        (2 << 20) + self.len()
    }

    /// The bytes of all texts that repeat.
    pub(crate) fn dictionaries(&self) -> usize {
        let size = |field| self.dictionary(field).map_or(0, Dictionary::size);
        (0..self.fields.len()).map(size).sum()
    }

    /// About the bytes of a row when it is written out.
    pub(crate) fn weight(&self, row: usize) -> usize {
        let text = |index| self.bytes(index, row).map_or(0, <[u8]>::len);
        let texts = (0..self.fields.len()).map(text).sum::<usize>();
        1000 + texts + self.rest.get(row).map_or(0, <[u8]>::len)
    }

    fn cell(&self, field: usize, row: usize) -> Cell {
        match self.fields.get(field) {
            Some(Column::Integers(integers)) => integers.get(row),
            _ => match self.text(field, row) {
                Some(_) => Cell::Text(record::Span { start: 0, end: 0, in_scratch: false }),
                None => Cell::Nothing,
            },
        }
    }

    /// Puts a row in that lies in a record as a whole, if there is room for it.
    fn put_one(&mut self, record: &Record) -> Result<Put> {
        if self.len() >= MOST_ROWS {
            return Err(full());
        }
        self.reserve_for(record)?;
        Ok(self.put(record, &[]))
    }

    /// Makes sure that there is memory for a row: once for a batch, and for each row that is large.
    fn reserve_for(&self, record: &Record) -> Result<()> {
        let large = record.scratch.len() > SMALL;
        let due = large || self.len().is_multiple_of(batch::ROWS);
        if due { self.reserve(record.scratch.len() + SMALL * batch::ROWS) } else { Ok(()) }
    }

    /// Puts a row in: a new one, or one in the place of the call's last, or none if nothing is new.
    #[inline]
    fn put(&mut self, record: &Record, body: &[u8]) -> Put {
        let Some(id) = record.get(field::ID).integer() else { return Put::Unchanged };
        let row = self.len();
        let known = self.find(id);
        if let Some(known) = known {
            if self.holds(known, record, body) {
                return Put::Unchanged;
            }
            self.live.set(known, false);
            let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
            let seat = self.seat(number(known));
            self.seats.push((number(row), seat));
        }
        self.append(record, body);
        self.index.insert_at(id, row, &self.fields);
        if known.is_some() { Put::Updated } else { Put::Added }
    }

    /// Appends a row without asking whether its call is known. Columns of which it has nothing are
    /// left behind; [`Columns::settle`] has to follow.
    #[inline]
    fn append(&mut self, record: &Record, body: &[u8]) {
        let row = self.live.len();
        let mut present = record.present;
        while present != 0 {
            let index = present.trailing_zeros() as usize;
            present &= present - 1;
            match (self.fields.get_mut(index), record.get(index)) {
                (Some(Column::Integers(integers)), cell) => {
                    integers.pad(row);
                    integers.push(cell);
                }
                (Some(Column::Texts(texts)), Cell::Text(span)) => {
                    texts.pad(row);
                    texts.push(Some(record.bytes(span, body)));
                }
                (Some(Column::Coded(_, codes)), cell @ Cell::Integer(_)) => {
                    codes.pad(row);
                    codes.push(cell);
                }
                (Some(Column::Coded(..)), Cell::Text(span)) => {
                    let text = String::from_utf8_lossy(record.bytes(span, body));
                    let code = self.code(index, &text);
                    if let Some(Column::Coded(_, codes)) = self.fields.get_mut(index) {
                        codes.pad(row);
                        codes.push(Cell::Integer(code));
                    }
                }
                _ => {}
            }
        }
        if let Cell::Text(span) = record.rest {
            self.rest.pad(row);
            self.rest.push(Some(record.bytes(span, body)));
        }
        self.live.push(true);
    }

    /// Brings all columns to the same length.
    fn settle(&mut self) {
        let len = self.len();
        self.rest.pad(len);
        for column in &mut self.fields {
            match column {
                Column::Derived => {}
                Column::Integers(integers) | Column::Coded(_, integers) => integers.pad(len),
                Column::Texts(texts) => texts.pad(len),
            }
        }
    }

    /// The code of a text of a repeating field, a new one if need be.
    fn code(&mut self, field: usize, text: &str) -> i64 {
        let known = self.dictionary_mut(field).and_then(|known| known.recall(text.as_bytes()));
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
    fn new_code(&mut self, field: usize, text: &str, level: u8) -> i64 {
        if field == field::RESULTS {
            self.levels.push(level);
        }
        self.dictionary_mut(field).map_or(0, |dictionary| i64::from(dictionary.add(text)))
    }

    /// The dictionary of a repeating field.
    #[inline]
    fn dictionary_mut(&mut self, field: usize) -> Option<&mut Dictionary> {
        match self.fields.get_mut(field) {
            Some(Column::Coded(dictionary, _)) => Some(dictionary),
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
            Column::Derived => true,
            Column::Integers(integers) => integers.get(row) == record.get(index),
            Column::Coded(_, codes) if matches!(record.get(index), Cell::Integer(_)) => {
                codes.get(row) == record.get(index)
            }
            _ => equal(self.bytes(index, row), bytes(record.get(index))),
        });
        columns && equal(self.rest.get(row), bytes(record.rest))
    }

    /// Forgets the rows from `len` on, and lives as if they had never come.
    fn truncate(&mut self, len: usize) {
        for column in &mut self.fields {
            match column {
                Column::Derived => {}
                Column::Integers(integers) | Column::Coded(_, integers) => integers.truncate(len),
                Column::Texts(texts) => texts.truncate(len),
            }
        }
        self.rest.truncate(len);
        let dead = self.seats.iter().filter(|(row, _)| *row as usize >= len);
        let revived: Vec<u32> = dead.map(|(_, seat)| *seat).collect();
        self.seats.retain(|(row, _)| (*row as usize) < len);
        self.live.resize(len);
        for seat in revived {
            // The row that was the call's last before: the last that took the seat, or its first.
            let later = self.seats.iter().rev().find(|(_, other)| *other == seat);
            let row = later.map_or(seat, |(row, _)| *row);
            self.live.set(row as usize, true);
        }
        // Not larger than the old one, in whose place it goes: memory may be short.
        self.index = Index::default();
        self.index = Index::with_room(self.live.count());
        let Some(Column::Integers(ids)) = self.fields.get(field::ID) else { return };
        for row in self.live.iter() {
            if let Some(id) = ids.value(row) {
                self.index.insert(id, row, ids);
            }
        }
    }

    /// Makes sure that there is memory for [`Columns::compacted`].
    fn reserve_compacted(&self) -> Result<()> {
        let [numbers, texts, index] = self.sizes();
        reserve(numbers + texts + 2 * index + NEW_CHUNKS + self.len() * 16)
    }

    /// The live rows in new columns, in the order in which their calls were first seen.
    fn compacted(&self) -> Self {
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
    fn record(&self, row: usize, record: &mut Record) {
        record.clear();
        for (index, column) in self.fields.iter().enumerate() {
            let cell = match column {
                Column::Derived => Cell::Nothing,
                Column::Integers(integers) => integers.get(row),
                _ => self.text(index, row).map_or(Cell::Nothing, |text| record.keep(text)),
            };
            record.set(index, cell);
        }
        record.rest = self.rest(row).map_or(Cell::Nothing, |rest| record.keep(rest));
    }
}

impl Index {
    fn insert_at(&mut self, id: i64, row: usize, columns: &[Column]) {
        if let Some(Column::Integers(ids)) = columns.get(field::ID) {
            self.insert(id, row, ids);
        }
    }
}

/// The level of a row's results, `[{ name, value }]`: the leading letter of the result that holds it.
/// 1–6 for A–F, 0 for none.
fn intent_level(results: &Value) -> u8 {
    let Value::List(items) = results else { return 0 };
    let pair = |item| match (Value::get(item, "name"), Value::get(item, "value")) {
        (Some(Value::Text(name)), Some(Value::Text(value))) => {
            Some((name.as_str(), value.as_str()))
        }
        _ => None,
    };
    level_of(&items.iter().filter_map(pair))
}

/// The same of results as names and values.
fn level_of<'a>(results: &(impl Iterator<Item = (&'a str, &'a str)> + Clone)) -> u8 {
    let level = |(_, value): (&str, &str)| {
        let letter = value.trim().bytes().next().filter(|letter| (b'A'..=b'F').contains(letter))?;
        Some(letter - b'A' + 1)
    };
    let of = |wanted: &str| results.clone().find(|(name, _)| name.trim() == wanted).and_then(level);
    INTENT_RESULTS.into_iter().find_map(of).unwrap_or(0)
}

/// Calls that keep coming in, each under its `callInstanceId`.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Rc<RefCell<Columns>>,
    /// The lists that have been read into it, each with the query that asks for it.
    marks: Vec<(String, Mark)>,
    /// Rows that have been added or replaced so far; goes up with every change.
    revision: u32,
}

impl Default for Table {
    fn default() -> Self {
        Self::of(Columns::new())
    }
}

impl Table {
    fn of(columns: Columns) -> Self {
        Self { columns: Rc::new(RefCell::new(columns)), marks: Vec::new(), revision: 0 }
    }

    /// A number that is another one after every change; about as many rows have changed as it went up.
    #[must_use]
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// How far the list that a query asks for has been read into the table.
    #[must_use]
    pub fn mark(&self, query: &str) -> Mark {
        let known = self.marks.iter().find(|(other, _)| other == query);
        known.map(|(_, mark)| mark.clone()).unwrap_or_default()
    }

    /// Notes how far it has been read by now.
    pub fn set_mark(&mut self, query: &str, mark: Mark) {
        self.marks.retain(|(other, _)| other != query);
        self.marks.push((query.to_owned(), mark));
    }

    /// Takes in another table: its calls, and how far lists were read. Of a call that is in both, and of
    /// a list, the other table's word counts if it is `newer`, and this one's otherwise.
    ///
    /// # Errors
    /// `invalid_argument` when there are too many calls.
    pub fn absorb(&mut self, other: Self, newer: bool) -> Result<()> {
        if self.is_empty() && self.marks.is_empty() {
            let revision = self.revision.wrapping_add(1);
            *self = Self { revision, ..other };
            return Ok(());
        }
        self.all_or_nothing(|columns| {
            let from = other.columns.borrow();
            let mut record = Record::new();
            for row in from.in_order(from.live()) {
                from.record(row as usize, &mut record);
                let id = record.get(field::ID).integer();
                if !newer && id.is_none_or(|id| columns.find(id).is_some()) {
                    continue;
                }
                columns.put_one(&record)?;
            }
            Ok(())
        })?;
        self.revision = self.revision.wrapping_add(1);
        for (query, mark) in other.marks {
            if newer || self.marks.iter().all(|(known, _)| *known != query) {
                self.set_mark(&query, mark);
            }
        }
        Ok(())
    }

    /// The columns as they are now. Later they may be others: after a call of `clear`, or when many
    /// rows have been replaced.
    #[must_use]
    pub const fn columns(&self) -> &Rc<RefCell<Columns>> {
        &self.columns
    }

    /// Calls in the table.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.borrow().live().count()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The call of that id, as the model `DONE_CALL` has it.
    #[must_use]
    pub fn get(&self, call_instance_id: i64) -> Option<Value> {
        let columns = self.columns.borrow();
        columns.find(call_instance_id).map(|row| columns.row(row))
    }

    /// The same, where there is memory for it.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn get_reserved(&self, call_instance_id: i64) -> Result<Option<Value>> {
        let columns = self.columns.borrow();
        let Some(row) = columns.find(call_instance_id) else { return Ok(None) };
        reserve(WRITTEN * columns.weight(row))?;
        Ok(Some(columns.row(row)))
    }

    /// The `callIndex` of a call.
    #[must_use]
    pub fn call_index(&self, call_instance_id: i64) -> Option<i64> {
        let columns = self.columns.borrow();
        columns.integers(field::CALL_INDEX).value(columns.find(call_instance_id)?)
    }

    /// Forgets all calls.
    pub fn clear(&mut self) {
        *self = Self { revision: self.revision.wrapping_add(1), ..Self::default() };
    }

    /// Runs `change` on the columns; if it fails, they are as they were before.
    fn all_or_nothing<T>(&mut self, change: impl FnOnce(&mut Columns) -> Result<T>) -> Result<T> {
        let mut columns = self.columns.borrow_mut();
        let before = columns.len();
        columns.reserve(SMALL * batch::ROWS)?;
        let done = change(&mut columns);
        columns.settle();
        if done.is_err() {
            if columns.len() > before {
                columns.truncate(before);
            }
            return done;
        }
        let (live, all) = (columns.live().count(), columns.len());
        let crowded = all - live > live / 2 + CHUNK && columns.reserve_compacted().is_ok();
        let compacted = crowded.then(|| columns.compacted());
        drop(columns);
        if let Some(columns) = compacted {
            self.columns = Rc::new(RefCell::new(columns));
        }
        done
    }
}

/// The error of a table that cannot take more rows.
fn full() -> Box<Error> {
    Error::new(
        ErrorKind::InvalidArgument,
        "ingest: a table holds at most 2^30 rows; use a second one",
    )
}
