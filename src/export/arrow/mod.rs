//! Calls as Arrow IPC with typed columns, for databases, data frames and charts.
//! Our own writer, because the Arrow crates are larger than this package.
//! Not here: the selection and the order of calls (`compute/view.rs`).
//!
//! - `mod.rs`: the sequence of messages, and the values of the columns
//! - `schema.rs`: the columns and their types
//! - `body.rs`: arrays as bytes
//! - `flatbuffer.rs`: metadata as FlatBuffers

mod body;
mod flatbuffer;
mod schema;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use crate::columns::integers::{IntegerCell, Integers};
use crate::error::Result;
use crate::json::{Value, parse, to_text};
use crate::memory::reserve;
use crate::schema::{DONE_CALL, LEVELS};
use crate::table::{CallColumns, FieldColumn};
use body::{Array, Body};
use flatbuffer::{Builder, FieldValue};
use schema::{ArrowColumn, LEVELS_DICTIONARY, Shape};

/// The most rows of a batch.
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
    /// The same with a table of contents at the end: `.arrow`, also called Feather version 2.
    File,
}

/// An iterator over the pieces of a stream or a file. The pieces together are the whole.
#[derive(Debug)]
pub struct Arrow {
    columns: Rc<RefCell<CallColumns>>,
    rows: Vec<u32>,
    format: ArrowFormat,
    schema: Vec<ArrowColumn>,
    next: NextPiece,
    /// Bytes returned so far.
    written: u64,
    /// Position, length of metadata and length of body of each dictionary message, and of each row message.
    blocks: [Vec<[u64; 3]>; 2],
    /// The greatest offset allowed in an array.
    limit: usize,
}

/// The piece to return next.
#[derive(Debug, Clone, Copy)]
enum NextPiece {
    /// Schema and dictionaries.
    Schema,
    /// A batch of the rows from this position on, or the end after the last row.
    Rows(usize),
    /// No piece.
    Done,
}

impl Arrow {
    /// The pieces for these rows, in order.
    pub(crate) fn new(
        columns: Rc<RefCell<CallColumns>>,
        rows: Vec<u32>,
        format: ArrowFormat,
    ) -> Self {
        let schema = schema::of(&columns.borrow(), &rows);
        let (next, blocks, limit) =
            (NextPiece::Schema, [Vec::new(), Vec::new()], i32::MAX as usize);
        Self { columns, rows, format, schema, next, written: 0, blocks, limit }
    }

    /// Ensures memory for the next piece.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve(&self) -> Result<()> {
        let columns = self.columns.borrow();
        reserve(match self.next {
            NextPiece::Schema => 4 * columns.dictionaries(),
            NextPiece::Rows(first) => {
                let rows = self.rows.iter().skip(first).take(BATCH);
                4 * rows.map(|row| columns.weight(*row as usize)).sum::<usize>()
            }
            NextPiece::Done => 0,
        })
    }

    /// Writes the schema and the dictionaries.
    fn start(&mut self, out: &mut Vec<u8>) {
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
                Shape::Level => (LEVELS_DICTIONARY, Body::of_texts(&LEVELS)),
                Shape::Coded(_, used) => {
                    let Some(dictionary) = columns.dictionary(column.index) else { continue };
                    let texts: Vec<&str> = used.iter().map(|code| dictionary.get(*code)).collect();
                    (column.index, Body::of_texts(&texts))
                }
                _ => continue,
            };
            let mut builder = Builder::new();
            let data = batch.table(&mut builder);
            let header =
                builder.table(&[(0, FieldValue::U64(id as u64)), (1, FieldValue::Pointer(data))]);
            let start = out.len();
            let metadata = message(builder, DICTIONARY_BATCH, header, &batch.bytes, out);
            let [dictionaries, _] = &mut self.blocks;
            dictionaries.push([start as u64, metadata, batch.bytes.len() as u64]);
        }
    }

    /// Writes a batch of the rows from `first` on. Returns the first row of the next batch.
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

    /// Writes the end of the stream, and the footer of a file.
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
            (0, FieldValue::U16(V5)),
            (1, FieldValue::Pointer(schema)),
            (2, FieldValue::Pointer(dictionaries)),
            (3, FieldValue::Pointer(batches)),
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
            NextPiece::Done => return None,
            NextPiece::Schema => {
                self.start(&mut out);
                NextPiece::Rows(0)
            }
            // Spark needs a batch also if there is no row.
            NextPiece::Rows(first) if first < self.rows.len() || self.blocks[1].is_empty() => {
                NextPiece::Rows(self.batch(first, &mut out))
            }
            NextPiece::Rows(_) => {
                self.end(&mut out);
                NextPiece::Done
            }
        };
        self.written += out.len() as u64;
        Some(out)
    }
}

/// Writes a message: length, metadata, body. Returns the number of bytes before the body.
fn message(mut builder: Builder, kind: u8, header: usize, body: &[u8], out: &mut Vec<u8>) -> u64 {
    let message = builder.table(&[
        (0, FieldValue::U16(V5)),
        (1, FieldValue::U8(kind)),
        (2, FieldValue::Pointer(header)),
        (3, FieldValue::U64(body.len() as u64)),
    ]);
    let metadata = builder.finish(message);
    out.reserve_exact(8 + metadata.len() + body.len());
    out.extend_from_slice(&u32::MAX.to_le_bytes());
    out.extend_from_slice(&u32::try_from(metadata.len()).unwrap_or_default().to_le_bytes());
    out.extend_from_slice(&metadata);
    out.extend_from_slice(body);
    8 + metadata.len() as u64
}

/// The arrays of all columns for these rows.
fn body(columns: &CallColumns, schema: &[ArrowColumn], rows: &[u32]) -> Body {
    let mut body = Body::new(rows.len());
    // For each row a bit for each unreadable field.
    let mut unreadable = vec![0; rows.len()];
    for column in schema {
        let index = column.index;
        match (&column.shape, columns.fields.get(index)) {
            (Shape::Int64 | Shape::Time, Some(FieldColumn::Integers(integers))) => {
                let mut array = Array::of_numbers(true);
                for (row, unreadable) in rows.iter().zip(&mut unreadable) {
                    let cell = integers.get(*row as usize);
                    *unreadable |= u32::from(cell == IntegerCell::Unreadable) << index;
                    array.number(cell.integer());
                }
                body.array(array);
            }
            (Shape::Text, Some(FieldColumn::Texts(texts))) => {
                let absent: Option<&[u8]> = if column.nullable { None } else { Some(&[]) };
                let mut array = Array::of_texts();
                for row in rows {
                    array.text(texts.get(*row as usize).or(absent));
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
                // The column `rest` follows.
                let (mut extras, mut rests) = (Array::of_texts(), Array::of_texts());
                for row in rows {
                    let (extra, rest) = columns.overflow(*row as usize).map_or((None, None), split);
                    extras.text(extra.as_deref().map(str::as_bytes));
                    rests.text(rest.as_deref().map(str::as_bytes));
                }
                body.array(extras);
                body.array(rests);
            }
            (Shape::Unreadable, _) => names(&mut body, &unreadable),
            _ => {}
        }
    }
    body
}

/// The array of codes mapped by `map`; null where the row has no code or `map` returns `None`.
fn coded(rows: &[u32], codes: &Integers, map: &dyn Fn(usize) -> Option<u32>) -> Array {
    let mut array = Array::of_numbers(false);
    for row in rows {
        let code = codes.value(*row as usize).and_then(|code| usize::try_from(code).ok());
        array.number(code.and_then(map).map(i64::from));
    }
    array
}

/// Adds the arrays of results: lists, their items, and the names and values of the items.
fn results(body: &mut Body, rows: &[u32], codes: &Integers, lists: &[Vec<(String, String)>]) {
    let (mut names, mut values) = (Array::of_texts(), Array::of_texts());
    let mut ends = Array::of_lists();
    for row in rows {
        let code = codes.value(*row as usize).and_then(|code| usize::try_from(code).ok());
        for (name, value) in code.and_then(|code| lists.get(code)).into_iter().flatten() {
            names.text(Some(name.as_bytes()));
            values.text(Some(value.as_bytes()));
        }
        ends.list(names.len());
    }
    let items = Array::of_structs(names.len());
    for array in [ends, items, names, values] {
        body.array(array);
    }
}

/// Adds the arrays of lists of field names; each row has a bit for each field.
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

/// The overflow of a row as JSON texts: its `extra`, and all other fields.
fn split(overflow: &str) -> (Option<Cow<'_, str>>, Option<Cow<'_, str>>) {
    // `extra` is the last member; if it is also the first, it is the only one.
    let only = overflow.strip_prefix("{\"extra\":").and_then(|extra| extra.strip_suffix('}'));
    if let Some(extra) = only {
        return (Some(Cow::Borrowed(extra)), None);
    }
    let mut all = parse(overflow.as_bytes()).unwrap_or_default();
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
    fn when_the_offsets_of_a_batch_exceed_the_limit_the_batch_is_halved() {
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
        // A row has six bytes, so four rows fit: twelve rows are halved twice, to three.
        assert_eq!(pieces(24), 4);
        // One row is never cut.
        assert_eq!(pieces(0), 12);
    }
}
