//! A table as bytes, and back. A snapshot is read by whoever has it, so nothing in it is believed:
//! every length is checked against what is left, every code against its dictionary.
//!
//! ```text
//! "BYRCALLS"  version: u32  checksum: u64  content
//! content = the names of the fields, the number of rows, then column after column
//! ```
//! Numbers are little-endian; lengths are variable (seven bits a byte, lowest first).

use super::bits::Bits;
use super::integers::Integers;
use super::record::{FIELDS, field};
use super::texts::{Dictionary, Texts};
use super::{Cell, Column, Columns, MOST_ROWS, Table, intent_level};
use crate::error::{Error, Kind, Result};
use crate::json::{MAX_SAFE_INTEGER, Value, parse};
use crate::model::{DONE_CALL, Kind as FieldKind};

const MAGIC: &[u8; 8] = b"BYRCALLS";

/// Goes up when older packages cannot read what newer ones write.
const VERSION: u32 = 1;

/// Magic, version, checksum.
const HEADER: usize = 20;

impl Table {
    /// The calls as bytes, in the order in which they were first seen.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let columns = self.columns.borrow();
        let in_place = columns.is_in_order() && columns.live().count() == columns.len();
        let content = if in_place { columns.content() } else { columns.compacted().content() };
        let mut bytes = Vec::with_capacity(HEADER + content.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&checksum(&content).to_le_bytes());
        bytes.extend_from_slice(&content);
        bytes
    }

    /// The table of which these are the bytes.
    ///
    /// # Errors
    /// `snapshot`, for what is none, a damaged one, or one of a newer version.
    pub fn restore(bytes: &[u8]) -> Result<Self> {
        let none = || refuse("these bytes are not a snapshot of a CallTable");
        let (header, content) = bytes.split_at_checked(HEADER).ok_or_else(none)?;
        let mut header = Reader { left: header };
        if header.take(MAGIC.len()) != Some(MAGIC) {
            return Err(none());
        }
        let version = header.number::<4>().ok_or_else(none)?;
        if version != u64::from(VERSION) {
            return Err(refuse(&format!(
                "this snapshot has version {version}, and this package reads version {VERSION}; update byrobot-calls, or load the calls again"
            )));
        }
        let damaged = || refuse("this snapshot is damaged; load the calls again");
        if header.number::<8>() != Some(checksum(content)) {
            return Err(damaged());
        }
        let columns = Columns::of_content(content).ok_or_else(damaged)?;
        Ok(Self { columns: std::rc::Rc::new(std::cell::RefCell::new(columns)) })
    }
}

fn refuse(message: &str) -> Box<Error> {
    Error::new(Kind::Snapshot, format!("restore: {message}"))
}

/// A change in any one place changes it, for certain.
fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mix =
        |sum: u64, word: u64| (sum.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let sum =
        words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    mix(sum, rest.iter().fold(1, |last, byte| last << 8 | u64::from(*byte)))
}

impl Columns {
    fn content(&self) -> Vec<u8> {
        let mut out = Vec::new();
        names(&mut out);
        write_length(&mut out, self.len());
        for column in &self.fields {
            match column {
                Column::Derived => {}
                Column::Integers(integers) => integers.write(&mut out),
                Column::Texts(texts) => texts.write(&mut out),
                Column::Coded(dictionary, codes) => {
                    write_length(&mut out, dictionary.len());
                    dictionary.texts().write(&mut out);
                    codes.write(&mut out);
                }
            }
        }
        self.rest.write(&mut out);
        out
    }

    fn of_content(content: &[u8]) -> Option<Self> {
        let mut reader = Reader { left: content };
        let mut wanted = Vec::new();
        names(&mut wanted);
        if reader.take(wanted.len())? != wanted {
            return None;
        }
        let rows = reader.length().filter(|rows| *rows <= MOST_ROWS)?;
        let mut columns = Self::new();
        for (index, column) in columns.fields.iter_mut().enumerate() {
            match column {
                Column::Derived => {}
                Column::Integers(integers) => {
                    let step = if matches!(DONE_CALL.fields.get(index)?.kind, FieldKind::WallTime) {
                        1000
                    } else {
                        1
                    };
                    *integers = Integers::read(&mut reader, rows, step, MAX_SAFE_INTEGER)?;
                }
                Column::Texts(texts) => *texts = Texts::read(&mut reader, rows)?,
                Column::Coded(dictionary, codes) => {
                    let entries = reader.length().filter(|entries| *entries <= MOST_ROWS)?;
                    *dictionary = Dictionary::of(&Texts::read(&mut reader, entries)?)?;
                    let least_and_most = i64::try_from(entries).ok()? - 1;
                    *codes = Integers::read(&mut reader, rows, 1, least_and_most)?;
                    if codes.bounds().is_some_and(|(least, _)| least < 0) {
                        return None;
                    }
                    if index == field::RESULTS {
                        for code in 0..entries {
                            let text = dictionary.get(code);
                            let list = parse(text.as_bytes()).ok()?;
                            if FieldKind::NamedValues.plain_list(&list)? != text {
                                return None;
                            }
                            columns.levels.push(intent_level(text));
                        }
                    }
                }
            }
        }
        columns.rest = Texts::read(&mut reader, rows)?;
        if !reader.left.is_empty() {
            return None;
        }
        columns.live = Bits::all(rows);
        for row in 0..rows {
            let Cell::Integer(id) = columns.integers(field::ID).get(row) else { return None };
            if columns.find(id).is_some() {
                return None;
            }
            columns.index.insert_at(id, row, &columns.fields);
            let rest = columns.rest.get(row).map(parse);
            if !matches!(rest, None | Some(Ok(Value::Object(_)))) {
                return None;
            }
        }
        Some(columns)
    }
}

/// The fields there are columns for, in their order.
fn names(out: &mut Vec<u8>) {
    write_length(out, FIELDS);
    for field in DONE_CALL.fields {
        write_length(out, field.name.len());
        out.extend_from_slice(field.name.as_bytes());
    }
}

/// Seven bits a byte, lowest first.
pub(super) fn write_length(out: &mut Vec<u8>, mut length: usize) {
    loop {
        let [lowest, ..] = length.to_le_bytes();
        length >>= 7;
        if length == 0 {
            return out.push(lowest);
        }
        out.push(lowest | 0x80);
    }
}

/// What is left of a snapshot.
pub(super) struct Reader<'a> {
    left: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The next bytes, if there are so many.
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, left) = self.left.split_at_checked(length)?;
        self.left = left;
        Some(taken)
    }

    /// A number of so many bytes.
    pub(super) fn number<const BYTES: usize>(&mut self) -> Option<u64> {
        let bytes = self.take(BYTES)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    pub(super) fn length(&mut self) -> Option<usize> {
        let mut length = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.number::<1>()?;
            length |= usize::try_from(byte & 0x7F).ok()? << shift;
            if byte < 0x80 {
                return Some(length);
            }
        }
        None
    }
}
