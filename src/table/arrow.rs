//! Calls as an Arrow IPC stream: every column typed, for `DuckDB`, `ClickHouse`, Spark and whatever else
//! reads Arrow. The format is written by hand (`flatbuffer.rs`), because the crates that know it are
//! larger than this package.
//!
//! Times are timestamps of Shanghai; repeating texts are dictionaries; results are lists of name and
//! value, with the intent level beside them; fields that could not be read are named in `unreadable`;
//! what the columns cannot say stands in `rest`, as JSON.

use super::flatbuffer::{Builder, Object};
use super::integers::Integers;
use super::record::field;
use super::texts::Dictionary;
use super::{Cell, Column, Columns};
use crate::json::{Value, parse};
use crate::model::{DONE_CALL, Kind};

/// Rows of a batch.
const BATCH: usize = 1 << 16;

/// `MetadataVersion.V5`.
const V5: u16 = 4;

/// `MessageHeader`.
const SCHEMA: u8 = 1;
const DICTIONARY_BATCH: u8 = 2;
const RECORD_BATCH: u8 = 3;

/// `Type`.
const INT: u8 = 2;
const UTF8: u8 = 5;
const TIMESTAMP: u8 = 10;
const LIST: u8 = 12;
const STRUCT: u8 = 13;

/// The names of the columns that are no field of the model.
const UNREADABLE: &str = "unreadable";
const INTENT_LEVEL: &str = "intentLevel";
const REST: &str = "rest";

/// The id of the dictionary of the levels; those of fields have the field's position.
const LEVELS: usize = 100;

/// The rows, in this order, as a stream.
pub(crate) fn stream(columns: &Columns, rows: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    let names: Vec<&str> = DONE_CALL.fields.iter().map(|field| field.name).collect();
    schema(columns, &names, &mut out);
    for (index, column) in columns.fields.iter().enumerate() {
        if let Column::Coded(dictionary, _) = column
            && index != field::RESULTS
        {
            dictionary_batch(index, dictionary, &mut out);
        }
    }
    let mut levels = Dictionary::default();
    for level in ["A", "B", "C", "D", "E", "F"] {
        levels.add(level);
    }
    dictionary_batch(LEVELS, &levels, &mut out);
    for rows in rows.chunks(BATCH) {
        record_batch(columns, rows, &mut out);
    }
    out.extend_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
    out
}

fn schema(columns: &Columns, names: &[&str], out: &mut Vec<u8>) {
    let mut builder = Builder::new();
    let mut fields = Vec::new();
    for ((index, column), name) in columns.fields.iter().enumerate().zip(names) {
        match column {
            Column::Derived => {}
            Column::Integers(_) if is_time(index) => {
                let zone = builder.text("Asia/Shanghai");
                // Milliseconds.
                let kind = builder.table(&[(0, Object::U16(1)), (1, Object::At(zone))]);
                fields.push(arrow_field(&mut builder, name, (TIMESTAMP, kind), None, &[]));
            }
            Column::Integers(_) => {
                let kind = int(&mut builder, 64);
                fields.push(arrow_field(&mut builder, name, (INT, kind), None, &[]));
            }
            Column::Coded(..) if index == field::RESULTS => {
                let children = ["name", "value"].map(|name| {
                    let kind = builder.table(&[]);
                    arrow_field(&mut builder, name, (UTF8, kind), None, &[])
                });
                let kind = builder.table(&[]);
                let item = arrow_field(&mut builder, "item", (STRUCT, kind), None, &children);
                let kind = builder.table(&[]);
                fields.push(arrow_field(&mut builder, name, (LIST, kind), None, &[item]));
                let kind = builder.table(&[]);
                fields.push(arrow_field(
                    &mut builder,
                    INTENT_LEVEL,
                    (UTF8, kind),
                    Some(LEVELS),
                    &[],
                ));
            }
            Column::Coded(..) => {
                let kind = builder.table(&[]);
                fields.push(arrow_field(&mut builder, name, (UTF8, kind), Some(index), &[]));
            }
            Column::Texts(_) => {
                let kind = builder.table(&[]);
                fields.push(arrow_field(&mut builder, name, (UTF8, kind), None, &[]));
            }
        }
    }
    let kind = builder.table(&[]);
    let item = arrow_field(&mut builder, "item", (UTF8, kind), None, &[]);
    let kind = builder.table(&[]);
    fields.push(arrow_field(&mut builder, UNREADABLE, (LIST, kind), None, &[item]));
    let kind = builder.table(&[]);
    fields.push(arrow_field(&mut builder, REST, (UTF8, kind), None, &[]));
    let fields = builder.offsets(&fields);
    let schema = builder.table(&[(1, Object::At(fields))]);
    message(builder, SCHEMA, schema, &[], out);
}

fn is_time(index: usize) -> bool {
    DONE_CALL.fields.get(index).is_some_and(|field| matches!(field.kind, Kind::WallTime))
}

/// `Int`, signed.
fn int(builder: &mut Builder, bits: u32) -> usize {
    builder.table(&[(0, Object::U32(bits)), (1, Object::U8(1))])
}

/// `Field`, nullable.
fn arrow_field(
    builder: &mut Builder,
    name: &str,
    (kind, at): (u8, usize),
    dictionary: Option<usize>,
    children: &[usize],
) -> usize {
    let name = builder.text(name);
    let children = builder.offsets(children);
    let dictionary = dictionary.map(|id| {
        let index = int(builder, 32);
        builder.table(&[(0, Object::U64(id as u64)), (1, Object::At(index))])
    });
    let mut parts = vec![
        (0, Object::At(name)),
        (1, Object::U8(1)),
        (2, Object::U8(kind)),
        (3, Object::At(at)),
        (5, Object::At(children)),
    ];
    if let Some(dictionary) = dictionary {
        parts.push((4, Object::At(dictionary)));
    }
    builder.table(&parts)
}

/// What a batch says of its arrays, and their bytes.
#[derive(Default)]
struct Body {
    /// Length and nulls of each array.
    nodes: Vec<[u64; 2]>,
    /// Position and length of each buffer in `bytes`.
    buffers: Vec<[u64; 2]>,
    bytes: Vec<u8>,
}

impl Body {
    /// A buffer; it begins at a multiple of eight bytes.
    fn buffer(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        write(&mut self.bytes);
        self.buffers.push([start as u64, (self.bytes.len() - start) as u64]);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    /// An array's length and nulls, and its bitmap; an empty one where nothing is null.
    fn validity(&mut self, length: usize, is_valid: impl Fn(usize) -> bool) {
        let mut bits = vec![0_u8; length.div_ceil(8)];
        let mut nulls = 0;
        for at in 0..length {
            match bits.get_mut(at / 8) {
                Some(byte) if is_valid(at) => *byte |= 1 << (at % 8),
                _ => nulls += 1,
            }
        }
        self.nodes.push([length as u64, nulls]);
        self.buffer(|bytes| {
            if nulls > 0 {
                bytes.extend_from_slice(&bits);
            }
        });
    }

    /// An array of numbers, 0 where there is none.
    fn numbers<const BYTES: usize>(
        &mut self,
        values: &[Option<i64>],
        write: impl Fn(i64) -> [u8; BYTES],
    ) {
        self.validity(values.len(), |at| values.get(at).is_some_and(Option::is_some));
        self.buffer(|bytes| {
            for value in values {
                bytes.extend_from_slice(&write(value.unwrap_or_default()));
            }
        });
    }

    /// An array of texts.
    fn texts(&mut self, texts: &[Option<&str>]) {
        self.validity(texts.len(), |at| texts.get(at).is_some_and(Option::is_some));
        self.offsets(texts.iter().map(|text| text.map_or(0, str::len)));
        self.buffer(|bytes| {
            for text in texts.iter().flatten() {
                bytes.extend_from_slice(text.as_bytes());
            }
        });
    }

    /// Where each of so many parts begins and ends.
    fn offsets(&mut self, lengths: impl Iterator<Item = usize>) {
        self.buffer(|bytes| {
            let mut end = 0_u32;
            bytes.extend_from_slice(&end.to_le_bytes());
            for length in lengths {
                end += u32::try_from(length).unwrap_or_default();
                bytes.extend_from_slice(&end.to_le_bytes());
            }
        });
    }

    /// `RecordBatch` in a builder.
    fn table(&self, builder: &mut Builder, rows: usize) -> usize {
        let buffers = builder.pairs(&self.buffers);
        let nodes = builder.pairs(&self.nodes);
        let parts =
            [(0, Object::U64(rows as u64)), (1, Object::At(nodes)), (2, Object::At(buffers))];
        builder.table(&parts)
    }
}

fn dictionary_batch(id: usize, dictionary: &Dictionary, out: &mut Vec<u8>) {
    let mut body = Body::default();
    let texts: Vec<Option<&str>> =
        (0..dictionary.len()).map(|code| Some(dictionary.get(code))).collect();
    body.texts(&texts);
    let mut builder = Builder::new();
    let batch = body.table(&mut builder, texts.len());
    let header = builder.table(&[(0, Object::U64(id as u64)), (1, Object::At(batch))]);
    message(builder, DICTIONARY_BATCH, header, &body.bytes, out);
}

#[expect(clippy::cast_possible_truncation, reason = "codes are below 2^30")]
fn record_batch(columns: &Columns, rows: &[u32], out: &mut Vec<u8>) {
    let mut body = Body::default();
    let values = |integers: &Integers| -> Vec<Option<i64>> {
        rows.iter().map(|row| integers.value(*row as usize)).collect()
    };
    for (index, column) in columns.fields.iter().enumerate() {
        match column {
            Column::Derived => {}
            Column::Integers(integers) => body.numbers(&values(integers), i64::to_le_bytes),
            Column::Coded(dictionary, codes) if index == field::RESULTS => {
                let codes = values(codes);
                results(&mut body, dictionary, &codes);
                let level = |code: &Option<i64>| {
                    let level = columns.levels().get(usize::try_from((*code)?).ok()?)?;
                    level.checked_sub(1).map(i64::from)
                };
                let levels: Vec<Option<i64>> = codes.iter().map(level).collect();
                body.numbers(&levels, |level| (level as i32).to_le_bytes());
            }
            Column::Coded(_, codes) => {
                body.numbers(&values(codes), |code| (code as i32).to_le_bytes());
            }
            Column::Texts(texts) => {
                let texts: Vec<Option<&str>> = rows
                    .iter()
                    .map(|row| {
                        match (texts.text(*row as usize), columns.cell(index, *row as usize)) {
                            (None, Cell::Nothing) if index == field::TELEPHONE => Some(""),
                            (text, _) => text,
                        }
                    })
                    .collect();
                body.texts(&texts);
            }
        }
    }
    let unreadable: Vec<Vec<&str>> = rows.iter().map(|row| unreadable(columns, *row)).collect();
    body.validity(unreadable.len(), |_| true);
    body.offsets(unreadable.iter().map(Vec::len));
    let names: Vec<Option<&str>> = unreadable.iter().flatten().map(|name| Some(*name)).collect();
    body.texts(&names);
    let rest: Vec<Option<&str>> = rows.iter().map(|row| columns.rest(*row as usize)).collect();
    body.texts(&rest);
    let mut builder = Builder::new();
    let batch = body.table(&mut builder, rows.len());
    message(builder, RECORD_BATCH, batch, &body.bytes, out);
}

/// The names of a row's numbers and times that could not be read.
fn unreadable(columns: &Columns, row: u32) -> Vec<&'static str> {
    let fields = DONE_CALL.fields.iter().zip(&columns.fields);
    let unreadable = fields.filter(|(_, column)| match column {
        Column::Integers(integers) => integers.get(row as usize) == Cell::Unreadable,
        _ => false,
    });
    unreadable.map(|(field, _)| field.name).collect()
}

/// The list array of results: offsets, then a struct array of two texts.
fn results(body: &mut Body, dictionary: &Dictionary, codes: &[Option<i64>]) {
    let read = |code: &Option<i64>| -> Vec<(String, String)> {
        let code = (*code).and_then(|code| usize::try_from(code).ok());
        let list = code.and_then(|code| parse(dictionary.get(code).as_bytes()).ok());
        let Some(Value::List(items)) = list else { return Vec::new() };
        let text = |item: &Value, key: &str| match item.get(key) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        };
        items.iter().map(|item| (text(item, "name"), text(item, "value"))).collect()
    };
    let lists: Vec<Vec<(String, String)>> = codes.iter().map(read).collect();
    body.validity(lists.len(), |_| true);
    body.offsets(lists.iter().map(Vec::len));
    let items: Vec<&(String, String)> = lists.iter().flatten().collect();
    body.validity(items.len(), |_| true);
    let texts: Vec<Option<&str>> = items.iter().map(|(name, _)| Some(name.as_str())).collect();
    body.texts(&texts);
    let texts: Vec<Option<&str>> = items.iter().map(|(_, value)| Some(value.as_str())).collect();
    body.texts(&texts);
}

/// A message: its length, its header, its body.
fn message(mut builder: Builder, kind: u8, header: usize, body: &[u8], out: &mut Vec<u8>) {
    let message = builder.table(&[
        (0, Object::U16(V5)),
        (1, Object::U8(kind)),
        (2, Object::At(header)),
        (3, Object::U64(body.len() as u64)),
    ]);
    let metadata = builder.finish(message);
    let padded = (metadata.len() + 8).next_multiple_of(8) - 8;
    out.extend_from_slice(&u32::MAX.to_le_bytes());
    out.extend_from_slice(&u32::try_from(padded).unwrap_or_default().to_le_bytes());
    out.extend_from_slice(&metadata);
    out.resize(out.len() + padded - metadata.len(), 0);
    out.extend_from_slice(body);
}
