//! Calls as Arrow IPC, every column typed, for databases, data frames and charts.
//! Written by hand, because the crates that know the format are larger than this package.
//!
//! - `schema.rs`: which columns there are, and their types
//! - `body.rs`: arrays of values, as bytes
//! - `flatbuffer.rs`: how metadata are written
//!
//! Here: the columns' values, and the messages one after the other. Not here: which calls, and in
//! which order (`query/view.rs`).

mod body;
mod flatbuffer;
mod schema;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use super::arrow::body::{Array, Body};
use super::arrow::flatbuffer::{Builder, Object};
use super::arrow::schema::{ArrowColumn, LEVELS, Shape};
use crate::columns::integers::{IntegerCell, Integers};
use crate::error::Result;
use crate::json::{Value, parse, to_text};
use crate::memory::reserve;
use crate::schema::{DONE_CALL, LEVELS as LETTERS};
use crate::table::{CallColumns, FieldColumn};

/// Rows of a batch.
const BATCH: usize = 1 << 14;

/// `MetadataVersion.V5`.
const V5: u16 = 4;

/// `MessageHeader`.
const SCHEMA: u8 = 1;
const DICTIONARY_BATCH: u8 = 2;
const RECORD_BATCH: u8 = 3;

const END_OF_STREAM: [u8; 8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];
const MAGIC: &[u8; 6] = b"ARROW1";

/// The two forms of Arrow IPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrowFormat {
    /// One message after the other: `.arrows`, `application/vnd.apache.arrow.stream`.
    Stream,
    /// The same with a list of contents at the end: `.arrow`, also called Feather version 2.
    File,
}

/// Calls on their way to Arrow, piece by piece. The pieces put together are the stream or the file.
#[derive(Debug)]
pub struct Arrow {
    columns: Rc<RefCell<CallColumns>>,
    rows: Vec<u32>,
    format: ArrowFormat,
    schema: Vec<ArrowColumn>,
    next: Next,
    /// Bytes so far.
    written: u64,
    /// Position, length of metadata, length of body: of each message with dictionaries, with rows.
    blocks: [Vec<[u64; 3]>; 2],
    /// The most that an offset may be.
    limit: usize,
}

#[derive(Debug, Clone, Copy)]
enum Next {
    Schema,
    /// The rows from here on.
    Rows(usize),
    Nothing,
}

impl Arrow {
    /// These rows, in their order.
    pub(crate) fn new(
        columns: Rc<RefCell<CallColumns>>,
        rows: Vec<u32>,
        format: ArrowFormat,
    ) -> Self {
        let schema = schema::of(&columns.borrow(), &rows);
        let (next, blocks, limit) = (Next::Schema, [Vec::new(), Vec::new()], i32::MAX as usize);
        Self { columns, rows, format, schema, next, written: 0, blocks, limit }
    }

    /// Makes sure that there is memory for the next piece.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve(&self) -> Result<()> {
        let columns = self.columns.borrow();
        reserve(match self.next {
            Next::Schema => 3 * columns.dictionaries(),
            Next::Rows(first) => {
                let rows = self.rows.iter().skip(first).take(BATCH);
                4 * rows.map(|row| columns.weight(*row as usize)).sum::<usize>()
            }
            Next::Nothing => 0,
        })
    }

    fn beginning(&mut self, out: &mut Vec<u8>) {
        if self.format == ArrowFormat::File {
            out.extend_from_slice(MAGIC);
            out.extend_from_slice(&[0; 2]);
        }
        let mut builder = Builder::new();
        let schema = schema::table(&mut builder, &self.schema);
        message(builder, SCHEMA, schema, &[], out);
        let columns = self.columns.borrow();
        for column in &self.schema {
            let (id, batch) = match &column.shape {
                Shape::Level => (LEVELS, Body::of_texts(&LETTERS)),
                Shape::Coded(_, used) => {
                    let Some(dictionary) = columns.dictionary(column.index) else { continue };
                    let texts: Vec<&str> = used.iter().map(|code| dictionary.get(*code)).collect();
                    (column.index, Body::of_texts(&texts))
                }
                _ => continue,
            };
            let mut builder = Builder::new();
            let data = batch.table(&mut builder);
            let header = builder.table(&[(0, Object::U64(id as u64)), (1, Object::At(data))]);
            let start = out.len();
            let metadata = message(builder, DICTIONARY_BATCH, header, &batch.bytes, out);
            let [dictionaries, _] = &mut self.blocks;
            dictionaries.push([start as u64, metadata, batch.bytes.len() as u64]);
        }
    }

    /// A batch of the rows from `first` on; where the next one begins.
    fn batch(&mut self, first: usize, out: &mut Vec<u8>) -> usize {
        let mut rows = BATCH.min(self.rows.len() - first);
        loop {
            let numbers = self.rows.get(first..first + rows).unwrap_or_default();
            let body = body(&self.columns.borrow(), &self.schema, numbers);
            if body.greatest > self.limit && rows > 1 {
                rows /= 2;
                continue;
            }
            let mut builder = Builder::new();
            let batch = body.table(&mut builder);
            let metadata = message(builder, RECORD_BATCH, batch, &body.bytes, out);
            let [_, batches] = &mut self.blocks;
            batches.push([self.written, metadata, body.bytes.len() as u64]);
            return first + rows;
        }
    }

    fn end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&END_OF_STREAM);
        if self.format == ArrowFormat::Stream {
            return;
        }
        let mut builder = Builder::new();
        let schema = schema::table(&mut builder, &self.schema);
        let [dictionaries, batches] = &self.blocks;
        let (dictionaries, batches) = (builder.structs(dictionaries), builder.structs(batches));
        let footer = builder.table(&[
            (0, Object::U16(V5)),
            (1, Object::At(schema)),
            (2, Object::At(dictionaries)),
            (3, Object::At(batches)),
        ]);
        let footer = builder.finish(footer);
        out.extend_from_slice(&footer);
        out.extend_from_slice(&u32::try_from(footer.len()).unwrap_or_default().to_le_bytes());
        out.extend_from_slice(MAGIC);
    }
}

impl Iterator for Arrow {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        self.next = match self.next {
            Next::Nothing => return None,
            Next::Schema => {
                self.beginning(&mut out);
                Next::Rows(0)
            }
            Next::Rows(first) if first < self.rows.len() => Next::Rows(self.batch(first, &mut out)),
            Next::Rows(_) => {
                self.end(&mut out);
                Next::Nothing
            }
        };
        self.written += out.len() as u64;
        Some(out)
    }
}

/// A message: its length, its metadata, its body. Returns the bytes before the body.
fn message(mut builder: Builder, kind: u8, header: usize, body: &[u8], out: &mut Vec<u8>) -> u64 {
    let message = builder.table(&[
        (0, Object::U16(V5)),
        (1, Object::U8(kind)),
        (2, Object::At(header)),
        (3, Object::U64(body.len() as u64)),
    ]);
    let metadata = builder.finish(message);
    out.reserve_exact(8 + metadata.len() + body.len());
    out.extend_from_slice(&u32::MAX.to_le_bytes());
    out.extend_from_slice(&u32::try_from(metadata.len()).unwrap_or_default().to_le_bytes());
    out.extend_from_slice(&metadata);
    out.extend_from_slice(body);
    8 + metadata.len() as u64
}

/// The values of the rows, column by column.
fn body(columns: &CallColumns, schema: &[ArrowColumn], rows: &[u32]) -> Body {
    let mut body = Body::new(rows.len());
    // Of each row a bit for each field that could not be read.
    let mut unreadable = vec![0; rows.len()];
    for column in schema {
        let index = column.index;
        match (&column.shape, columns.fields.get(index)) {
            (Shape::Int32 | Shape::Int64 | Shape::Time, Some(FieldColumn::Integers(integers))) => {
                let mut array = Array::of_numbers(!matches!(column.shape, Shape::Int32));
                for (row, unreadable) in rows.iter().zip(&mut unreadable) {
                    let cell = integers.get(*row as usize);
                    *unreadable |= u32::from(cell == IntegerCell::Unreadable) << index;
                    array.number(cell.integer());
                }
                body.array(array);
            }
            (Shape::Text, Some(FieldColumn::Texts(texts))) => {
                let nothing: Option<&[u8]> = if column.nullable { None } else { Some(&[]) };
                let mut array = Array::of_texts();
                for row in rows {
                    array.text(texts.get(*row as usize).or(nothing));
                }
                body.array(array);
            }
            (Shape::Coded(codes, _), Some(FieldColumn::Coded(_, numbers))) => {
                body.array(coded(rows, numbers, &|code| codes.get(code)?.checked_sub(1)));
            }
            (Shape::Level, Some(FieldColumn::Coded(_, numbers))) => {
                let level =
                    |code| columns.levels().get::<usize>(code)?.checked_sub(1).map(u32::from);
                body.array(coded(rows, numbers, &level));
            }
            (Shape::Results(lists), Some(FieldColumn::Coded(_, numbers))) => {
                results(&mut body, rows, numbers, lists);
            }
            (Shape::Extra, _) => {
                // The next column is the rest.
                let (mut extra, mut rest) = (Array::of_texts(), Array::of_texts());
                for row in rows {
                    let (one, other) = columns.overflow(*row as usize).map_or((None, None), split);
                    extra.text(one.as_deref().map(str::as_bytes));
                    rest.text(other.as_deref().map(str::as_bytes));
                }
                body.array(extra);
                body.array(rest);
            }
            (Shape::Unreadable, _) => names(&mut body, &unreadable),
            _ => {}
        }
    }
    body
}

/// What codes become, where they become anything.
fn coded(rows: &[u32], codes: &Integers, of: &dyn Fn(usize) -> Option<u32>) -> Array {
    let mut array = Array::of_numbers(false);
    for row in rows {
        let code = codes.value(*row as usize).and_then(|code| usize::try_from(code).ok());
        array.number(code.and_then(of).map(i64::from));
    }
    array
}

/// Lists of results: where each list ends, then their items, then the items' names and values.
fn results(body: &mut Body, rows: &[u32], codes: &Integers, of: &[Vec<(String, String)>]) {
    let (mut names, mut values) = (Array::of_texts(), Array::of_texts());
    let mut lists = Array::of_lists();
    for row in rows {
        let code = codes.value(*row as usize).and_then(|code| usize::try_from(code).ok());
        for (name, value) in code.and_then(|code| of.get(code)).into_iter().flatten() {
            names.text(Some(name.as_bytes()));
            values.text(Some(value.as_bytes()));
        }
        lists.list(names.len());
    }
    let items = Array::of_structs(names.len());
    for array in [lists, items, names, values] {
        body.array(array);
    }
}

/// Lists of the names of fields, of which each row has bits.
fn names(body: &mut Body, fields: &[u32]) {
    let (mut lists, mut names) = (Array::of_lists(), Array::of_texts());
    for bits in fields {
        for (index, field) in DONE_CALL.fields.iter().enumerate() {
            if bits >> index & 1 == 1 {
                names.text(Some(field.name.as_bytes()));
            }
        }
        lists.list(names.len());
    }
    body.array(lists);
    body.array(names);
}

/// What the columns cannot say of a row: its `extra`, and the other fields, each as JSON.
fn split(rest: &str) -> (Option<Cow<'_, str>>, Option<Cow<'_, str>>) {
    // `extra` is the last member; where it is also the first, it is the only one.
    if let Some(extra) = rest.strip_prefix("{\"extra\":").and_then(|rest| rest.strip_suffix('}')) {
        return (Some(Cow::Borrowed(extra)), None);
    }
    let mut all = parse(rest.as_bytes()).unwrap_or_default();
    let extra = all.get("extra").map(|extra| Cow::Owned(to_text(extra)));
    if let Value::Object(fields) = &mut all {
        fields.retain(|(name, _)| name != "extra");
    }
    (extra, Some(Cow::Owned(to_text(&all))))
}

#[cfg(test)]
mod tests {
    use super::{Arrow, ArrowFormat};
    use crate::compute::View;
    use crate::table::Table;

    #[test]
    fn a_batch_whose_offsets_would_not_fit_is_cut() {
        let mut table = Table::default();
        let row = |id: i32| format!(r#"{{"callInstanceId":{id},"customerName":"{id}{id}{id}"}}"#);
        let rows: Vec<String> = (10..22).map(row).collect();
        let body = format!(r#"{{"code":200,"data":[{}]}}"#, rows.join(","));
        table.ingest_body(body.as_bytes()).unwrap();
        let pieces = |limit| {
            let arrow = View::of(&table).arrow(ArrowFormat::Stream).unwrap();
            Arrow { limit, ..arrow }.count() - 2
        };
        assert_eq!(pieces(i32::MAX as usize), 1);
        // Six bytes a row: up to four rows, of twelve first three.
        assert_eq!(pieces(24), 4);
        // One row is never cut.
        assert_eq!(pieces(0), 12);
    }
}
