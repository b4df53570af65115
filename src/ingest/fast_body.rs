//! The fast path from a response body into the columns: no values are made in between.
//!
//! It knows canonical spellings only. A row that has any other is read by the model, and a body whose
//! envelope has a surprise, or that is not JSON, is given up: the general path reads it, and gives the
//! error. So the fast path can only do what the general one would; tests compare the two.
//! Not here: how a row is read (`row.rs`).

use super::fast_row::{ROW_DEPTH, RowReader};
use super::general::Ingest;
use crate::decode::Path;
use crate::json::JsonReader;
use crate::json::cursor::JsonCursor;
use crate::schema::{envelope, page};
use crate::table::batch::Batch;

/// Reads a body into the columns. `None` where it is not canonical: rows may have been put in by then.
pub(super) fn read(ingest: &mut Ingest, body: &[u8]) -> Option<()> {
    if !Batch::fits(body.len()) {
        return None;
    }
    let mut rows = RowReader::new();
    let at = JsonReader::new(body).position();
    body_of(&mut JsonCursor { bytes: body, at }, &mut rows, ingest)?;
    rows.tell(&mut ingest.oddities);
    Some(())
}

fn body_of(cursor: &mut JsonCursor, rows: &mut RowReader, ingest: &mut Ingest) -> Option<()> {
    cursor.skip_space();
    let (mut codes, mut datas) = (0, 0);
    cursor.members(|cursor, key| match key {
        key if key == envelope::CODE.as_bytes() => {
            codes += 1;
            (cursor.integer()? == envelope::SUCCESS).then_some(())
        }
        key if key == envelope::DATA.as_bytes() => {
            datas += 1;
            data(cursor, rows, ingest)
        }
        _ => cursor.skip(1),
    })?;
    cursor.skip_space();
    (codes == 1 && datas == 1 && cursor.at == cursor.bytes.len()).then_some(())
}

fn data(cursor: &mut JsonCursor, rows: &mut RowReader, ingest: &mut Ingest) -> Option<()> {
    if cursor.peek() == Some(b'[') {
        return list(cursor, rows, ingest, ROW_DEPTH - 1);
    }
    let (mut lists, mut totals, mut sizes) = (0, 0, 0);
    cursor.members(|cursor, key| match key {
        key if key == page::ROWS.as_bytes() => {
            lists += 1;
            list(cursor, rows, ingest, ROW_DEPTH)
        }
        key if key == page::TOTAL.as_bytes() => {
            totals += 1;
            ingest.report.total = Some(cursor.integer()?);
            Some(())
        }
        key if key == page::SIZE.as_bytes() => {
            sizes += 1;
            ingest.report.page_size = Some(cursor.integer()?);
            Some(())
        }
        _ => cursor.skip(2),
    })?;
    (lists == 1 && totals <= 1 && sizes <= 1).then_some(())
}

/// A list of rows, each inside `depth` values.
fn list(
    cursor: &mut JsonCursor,
    rows: &mut RowReader,
    ingest: &mut Ingest,
    depth: u32,
) -> Option<()> {
    cursor.take(b'[')?;
    cursor.skip_space();
    if cursor.take(b']').is_some() {
        return Some(());
    }
    let mut batch = Batch::new();
    loop {
        let start = cursor.at;
        if rows.read(cursor, &mut batch, ingest).is_some() {
            ingest.rows += 1;
            if batch.is_full() {
                ingest.put_all(&mut batch, cursor.bytes)?;
            }
        } else {
            ingest.put_all(&mut batch, cursor.bytes)?;
            cursor.at = general_row(JsonReader::at(cursor.bytes, start, depth), ingest)?;
        }
        if !cursor.follows(b']')? {
            return ingest.put_all(&mut batch, cursor.bytes);
        }
    }
}

/// Reads a row by the model, and says where it ends.
#[inline(never)]
fn general_row(mut reader: JsonReader, ingest: &mut Ingest) -> Option<usize> {
    let row = reader.value().ok()?;
    ingest.not_utf8 = ingest.not_utf8.or(reader.not_utf8);
    ingest.row(&row, &Path::root("row")).ok()?;
    Some(reader.position())
}
