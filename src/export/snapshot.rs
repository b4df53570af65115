//! Snapshots: a table as bytes, and back. The bytes may be damaged or hostile, so the reader checks every length
//! against the remaining bytes and every code against its dictionary.
//! Not here: the bytes of one column (`columns/integers.rs`, `columns/utf8.rs`).
//!
//! ```text
//! "BYRCALLS"  version: u32  content  checksum: u64, of all bytes before it
//! content  = number of rows, checkpoints, number of columns, column …, overflow
//! column   = name, storage (one byte), cells; codes have their dictionary before the cells
//! ```
//! Numbers are little-endian; lengths are variable (seven bits in each byte, lowest first). Name and version are
//! the same in every version of the format.

use crate::columns::bitmap::Bitmap;
use crate::columns::bytes::{ByteReader, write_length};
use crate::columns::dictionary::Dictionary;
use crate::columns::id_map::IdMap;
use crate::columns::utf8::Texts;
use crate::error::{Error, ErrorKind, Result};
use crate::json::cursor;
use crate::json::{MAX_SAFE_INTEGER, Value, parse};
use crate::memory::{out_of_memory, reserve};
use crate::schema::{DONE_CALL, FieldKind, field};
use crate::table::checkpoint::{read_checkpoints, write_checkpoints};
use crate::table::intent_level::intent_level;
use crate::table::{CallColumns, FieldColumn, MOST_ROWS, Table};
use crate::time::INSTANTS;

const MAGIC: &[u8; 8] = b"BYRCALLS";

/// The version of the format. It increases when older packages cannot read newer snapshots. A new field does not
/// increase it: an older package reports an unknown field, and a field that a snapshot lacks is absent.
const VERSION: u64 = 1;

impl Table {
    /// The table as bytes: its calls in the order in which they were first added, and its checkpoints.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn snapshot(&self) -> Result<Vec<u8>> {
        let columns = self.columns.borrow();
        let checkpoints = write_checkpoints(&self.checkpoints);
        if columns.is_compact() {
            return columns.snapshot(&checkpoints);
        }
        columns.reserve_compacted()?;
        columns.compacted().snapshot(&checkpoints)
    }

    /// Reads a table from the bytes of a snapshot.
    ///
    /// # Errors
    /// `snapshot` for bytes that are not a snapshot, for a damaged one, and for one of a newer package;
    /// `out_of_memory`.
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
        let (columns, checkpoints) = read.ok_or_else(|| {
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
        let checkpoints = read_checkpoints(&checkpoints).ok_or_else(damaged)?;
        Ok(Self { checkpoints, ..Self::of(columns) })
    }
}

/// The error of a refused snapshot.
fn refuse(message: &str) -> Box<Error> {
    Error::new(ErrorKind::Snapshot, format!("restore: {message}"))
}

/// The checksum of bytes. A change within eight consecutive bytes always changes it.
fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mix =
        |sum: u64, word: u64| (sum.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let sum =
        words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    mix(sum, rest.iter().fold(1, |last, byte| last << 8 | u64::from(*byte)))
}

/// The storage of a column.
const INTEGERS: u64 = 1;
const TEXTS: u64 = 2;
const CODES: u64 = 3;

impl CallColumns {
    /// Whether all rows are live and in order, and every text of each dictionary occurs.
    fn is_compact(&self) -> bool {
        let all_occur = |column: &FieldColumn| {
            let FieldColumn::Coded(dictionary, codes) = column else { return true };
            let mut occurring = vec![false; dictionary.len()];
            for row in 0..self.len() {
                let code = codes.value(row).and_then(|code| usize::try_from(code).ok());
                if let Some(occurs) = code.and_then(|code| occurring.get_mut(code)) {
                    *occurs = true;
                }
            }
            occurring.iter().all(|occurs| *occurs)
        };
        let all_live = self.live().count() == self.len();
        all_live && self.is_in_order() && self.fields.iter().all(all_occur)
    }

    /// The snapshot of these columns, with the bytes of the checkpoints.
    fn snapshot(&self, checkpoints: &[u8]) -> Result<Vec<u8>> {
        let [numbers, texts, _] = self.sizes();
        // A column takes no more bytes than in memory, except a few for each chunk.
        let capacity = numbers + texts + checkpoints.len() + (1 << 16);
        reserve(capacity)?;
        let mut out = Vec::with_capacity(capacity);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(VERSION.to_le_bytes().get(..4).unwrap_or_default());
        self.write(checkpoints, &mut out);
        let sum = checksum(&out);
        out.extend_from_slice(&sum.to_le_bytes());
        Ok(out)
    }

    /// Writes the content.
    fn write(&self, checkpoints: &[u8], out: &mut Vec<u8>) {
        write_length(out, self.len());
        write_length(out, checkpoints.len());
        out.extend_from_slice(checkpoints);
        let stored = self.fields.iter().filter(|column| !matches!(column, FieldColumn::Derived));
        write_length(out, stored.count());
        for (field, column) in DONE_CALL.fields.iter().zip(&self.fields) {
            let storage = match column {
                FieldColumn::Derived => continue,
                FieldColumn::Integers(_) => INTEGERS,
                FieldColumn::Texts(_) => TEXTS,
                FieldColumn::Coded(..) => CODES,
            };
            write_length(out, field.name.len());
            out.extend_from_slice(field.name.as_bytes());
            out.extend(storage.to_le_bytes().first());
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

    /// Reads the content: columns, and the bytes of the checkpoints. `None` if it is damaged.
    fn read(reader: &mut ByteReader) -> Option<(Self, Vec<u8>)> {
        let rows = reader.length()?;
        let length = reader.length()?;
        let checkpoints = reader.take(length)?.to_vec();
        // Ids differ, so each row has at least one byte. This limits the memory that the number of rows can claim.
        if rows > MOST_ROWS.min(reader.remaining.len()) {
            return None;
        }
        let mut columns = Self::new();
        let mut known = vec![false; columns.fields.len()];
        for _ in 0..reader.length()? {
            let length = reader.length()?;
            let name = reader.take(length)?;
            let storage = reader.number::<1>()?;
            let index = DONE_CALL.fields.iter().position(|field| field.name.as_bytes() == name);
            reader.unknown_field = index.is_none();
            let index = index?;
            if std::mem::replace(known.get_mut(index)?, true) {
                return None;
            }
            columns.read_column(index, storage, reader, rows)?;
        }
        columns.overflow = Texts::read(reader, rows)?;
        let objects = (0..rows).all(|row| columns.overflow.get(row).is_none_or(cursor::is_object));
        if !objects || !reader.remaining.is_empty() {
            return None;
        }
        // For the index and the set of live rows.
        reader.reserve(rows * 7)?;
        columns.live = Bitmap::all(rows);
        columns.pad();
        columns.index = IdMap::with_capacity(rows);
        for row in 0..rows {
            let id = columns.integers(field::ID).value(row)?;
            columns.index.insert_at(id, row, &columns.fields);
        }
        (columns.index.len() == rows).then_some((columns, checkpoints))
    }

    /// Reads the column of one field. `None` if it is damaged or has another storage.
    fn read_column(
        &mut self,
        index: usize,
        storage: u64,
        reader: &mut ByteReader,
        rows: usize,
    ) -> Option<()> {
        match (self.fields.get_mut(index)?, storage) {
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

/// The results in a text of the dictionary; `None` unless the text is a canonical list that is not empty.
fn results(text: &str) -> Option<Value> {
    let list = parse(text.as_bytes()).ok().filter(|_| text != "[]")?;
    let canonical = FieldKind::NamedValues.canonical_list(&list)?;
    (matches!(list, Value::List(_)) && canonical == text).then_some(list)
}
