//! A table as bytes, and back. A snapshot is read by whoever has it, so nothing in it is believed:
//! every length is checked against what is left, every code against its dictionary. Not here: how a
//! column is written down (`integers.rs`, `texts.rs`).
//!
//! ```text
//! "BYRCALLS"  version: u32  content  checksum: u64, of all before it
//! content  = rows, checkpoints, number of columns, column …, what the columns cannot say
//! column   = name, what it is made of (a byte), its rows; of codes first their dictionary
//! ```
//! Numbers are little-endian; lengths are variable (seven bits a byte, lowest first). The beginning
//! stays as it is in every version.

use crate::columns::bitmap::Bitmap;
use crate::columns::bytes::{ByteReader, write_length};
use crate::columns::dictionary::Dictionary;
use crate::columns::id_map::IdMap;
use crate::columns::utf8::Texts;
use crate::error::{Error, ErrorKind, Result};
use crate::json::cursor;
use crate::json::{MAX_SAFE_INTEGER, Value, parse};
use crate::memory::{out_of_memory, reserve};
use crate::schema::field;
use crate::schema::{DONE_CALL, FieldKind};
use crate::table::checkpoint::{read_checkpoints, write_checkpoints};
use crate::table::intent_level::intent_level;
use crate::table::{CallColumns, FieldColumn, MOST_ROWS, Table};
use crate::time::INSTANTS;

const MAGIC: &[u8; 8] = b"BYRCALLS";

/// Goes up when older packages cannot read what newer ones write. A new field is no reason: an older
/// package says that it does not know it, and what an older snapshot lacks is nothing in the rows.
const VERSION: u64 = 1;

impl Table {
    /// The calls as bytes, in the order in which they were first seen, with the checkpoints of the lists
    /// they came from.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn snapshot(&self) -> Result<Vec<u8>> {
        let columns = self.columns.borrow();
        let attachment = write_checkpoints(&self.checkpoints);
        if columns.is_compact() {
            return columns.snapshot(&attachment);
        }
        columns.reserve_compacted()?;
        columns.compacted().snapshot(&attachment)
    }

    /// The table of which these are the bytes.
    ///
    /// # Errors
    /// `snapshot`, for what is none, a damaged one, or one of a newer version.
    pub fn restore(bytes: &[u8]) -> Result<Self> {
        if !bytes.starts_with(MAGIC) {
            return Err(refuse("these bytes are no snapshot of a CallTable"));
        }
        let damaged = || refuse("this snapshot is damaged or cut off; ingest the calls again");
        let (content, sum) = bytes.split_last_chunk().ok_or_else(damaged)?;
        let remaining = content.get(MAGIC.len()..).unwrap_or_default();
        let mut reader = ByteReader { remaining, out_of_memory: false, unknown_field: false };
        let version = reader.number::<4>().ok_or_else(damaged)?;
        if version > VERSION {
            return Err(refuse(&format!(
                "this snapshot has version {version}, and this package reads up to {VERSION}; update byrobot-calls, or ingest the calls again"
            )));
        }
        if u64::from_le_bytes(*sum) != checksum(content) {
            return Err(damaged());
        }
        let read = CallColumns::read(&mut reader);
        let (columns, attachment) = read.ok_or_else(|| {
            if reader.out_of_memory {
                out_of_memory()
            } else if reader.unknown_field {
                refuse(
                    "this snapshot has a field that this package does not know; update byrobot-calls, or ingest the calls again",
                )
            } else {
                damaged()
            }
        })?;
        let checkpoints = read_checkpoints(&attachment).ok_or_else(damaged)?;
        Ok(Self { checkpoints, ..Self::of(columns) })
    }
}

fn refuse(message: &str) -> Box<Error> {
    Error::new(ErrorKind::Snapshot, format!("restore: {message}"))
}

/// A change within any eight bytes changes it, for certain.
fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mix =
        |sum: u64, word: u64| (sum.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let sum =
        words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    mix(sum, rest.iter().fold(1, |last, byte| last << 8 | u64::from(*byte)))
}

/// What a column is made of.
const INTEGERS: u64 = 1;
const TEXTS: u64 = 2;
const CODES: u64 = 3;

impl CallColumns {
    /// Whether all rows are live and in order, and every text of a dictionary occurs.
    fn is_compact(&self) -> bool {
        let all_occur = |column: &FieldColumn| {
            let FieldColumn::Coded(dictionary, codes) = column else { return true };
            let mut occur = vec![false; dictionary.len()];
            for row in 0..self.len() {
                let code = codes.value(row).and_then(|code| usize::try_from(code).ok());
                if let Some(occurs) = code.and_then(|code| occur.get_mut(code)) {
                    *occurs = true;
                }
            }
            occur.iter().all(|occurs| *occurs)
        };
        let all_live = self.live().count() == self.len();
        all_live && self.is_in_order() && self.fields.iter().all(all_occur)
    }

    /// The columns as the bytes of a table.
    fn snapshot(&self, attachment: &[u8]) -> Result<Vec<u8>> {
        let [numbers, texts, _] = self.sizes();
        // Nothing is longer than in the columns, but for a few bytes of each chunk.
        let room = numbers + texts + attachment.len() + (1 << 16);
        reserve(room)?;
        let mut out = Vec::with_capacity(room);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(VERSION.to_le_bytes().get(..4).unwrap_or_default());
        self.write(attachment, &mut out);
        let sum = checksum(&out);
        out.extend_from_slice(&sum.to_le_bytes());
        Ok(out)
    }

    fn write(&self, attachment: &[u8], out: &mut Vec<u8>) {
        write_length(out, self.len());
        write_length(out, attachment.len());
        out.extend_from_slice(attachment);
        let stored = self.fields.iter().filter(|column| !matches!(column, FieldColumn::Derived));
        write_length(out, stored.count());
        for (field, column) in DONE_CALL.fields.iter().zip(&self.fields) {
            let kind = match column {
                FieldColumn::Derived => continue,
                FieldColumn::Integers(_) => INTEGERS,
                FieldColumn::Texts(_) => TEXTS,
                FieldColumn::Coded(..) => CODES,
            };
            write_length(out, field.name.len());
            out.extend_from_slice(field.name.as_bytes());
            out.extend(kind.to_le_bytes().first());
            match column {
                FieldColumn::Derived => {}
                FieldColumn::Integers(integers) => integers.write(out),
                FieldColumn::Texts(texts) => texts.write(out),
                FieldColumn::Coded(dictionary, codes) => {
                    write_length(out, dictionary.len());
                    dictionary.texts().write(out);
                    codes.write(out);
                }
            }
        }
        self.overflow.write(out);
    }

    fn read(reader: &mut ByteReader) -> Option<(Self, Vec<u8>)> {
        let rows = reader.length()?;
        let length = reader.length()?;
        let attachment = reader.take(length)?.to_vec();
        // Ids differ, so each takes a byte at least: what is made for the rows is not out of proportion.
        if rows > MOST_ROWS.min(reader.remaining.len()) {
            return None;
        }
        let mut columns = Self::new();
        let mut known = vec![false; columns.fields.len()];
        for _ in 0..reader.length()? {
            let length = reader.length()?;
            let name = reader.take(length)?;
            let kind = reader.number::<1>()?;
            let index = DONE_CALL.fields.iter().position(|field| field.name.as_bytes() == name);
            reader.unknown_field = index.is_none();
            let index = index?;
            if std::mem::replace(known.get_mut(index)?, true) {
                return None;
            }
            columns.read_column(index, kind, reader, rows)?;
        }
        columns.overflow = Texts::read(reader, rows)?;
        let objects = (0..rows).all(|row| columns.overflow.get(row).is_none_or(cursor::is_object));
        if !objects || !reader.remaining.is_empty() {
            return None;
        }
        // The index, and the rows that are live.
        reader.reserve(rows * 7)?;
        columns.live = Bitmap::all(rows);
        columns.pad();
        columns.index = IdMap::with_capacity(rows);
        for row in 0..rows {
            let id = columns.integers(field::ID).value(row)?;
            columns.index.insert_at(id, row, &columns.fields);
        }
        (columns.index.len() == rows).then_some((columns, attachment))
    }

    fn read_column(
        &mut self,
        index: usize,
        kind: u64,
        reader: &mut ByteReader,
        rows: usize,
    ) -> Option<()> {
        match (self.fields.get_mut(index)?, kind) {
            (FieldColumn::Integers(integers), INTEGERS) => {
                let bounds = match DONE_CALL.fields.get(index)?.kind {
                    FieldKind::WallTime => INSTANTS,
                    _ => -MAX_SAFE_INTEGER..=MAX_SAFE_INTEGER,
                };
                *integers = integers.read(reader, rows, bounds)?;
            }
            (FieldColumn::Texts(texts), TEXTS) => *texts = Texts::read(reader, rows)?,
            (FieldColumn::Coded(dictionary, codes), CODES) => {
                let entries = reader.length()?;
                let texts = Texts::read(reader, entries)?;
                reader.reserve(3 * texts.size() + 16 * entries)?;
                *dictionary = Dictionary::of(&texts)?;
                *codes = codes.read(reader, rows, 0..=i64::try_from(entries).ok()? - 1)?;
                for code in 0..if index == field::RESULTS { entries } else { 0 } {
                    self.levels.push(intent_level(&results(dictionary.get(code))?));
                }
            }
            _ => return None,
        }
        Some(())
    }
}

/// The list of results that a text is, if it is one as they are stored: at least one, spelt as we spell
/// JSON.
fn results(text: &str) -> Option<Value> {
    let list = parse(text.as_bytes()).ok().filter(|_| text != "[]")?;
    let plain = FieldKind::NamedValues.canonical_list(&list)?;
    (matches!(list, Value::List(_)) && plain == text).then_some(list)
}
