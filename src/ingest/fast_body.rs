//! The fast path: from a response body into the columns, without JSON values.
//!
//! It reads canonical spellings only. A row with any other spelling is read by the model. A body that is not JSON or
//! whose envelope is not canonical is left to the general path, which also gives the error. So both paths have
//! the same result; tests compare them. Not here: reading a row (`fast_row.rs`).

use super::fast_row::RowReader;
use super::fast_value::ROW_DEPTH;
use super::ingestion::Ingest;
use crate::decode::Path;
use crate::json::JsonReader;
use crate::json::cursor::JsonCursor;
use crate::schema::{envelope, page};
use crate::table::batch::Batch;

/// Reads a body into the columns. `None` if it is not canonical; some rows may have been added by then.
pub(super) fn read(ingest: &mut Ingest, body: &[u8]) -> Option<()> {
    if !Batch::fits(body.len()) {
        return None;
    }
    let mut rows = RowReader::new();
    let at = JsonReader::new(body).position();
    body_of(&mut JsonCursor { bytes: body, at }, &mut rows, ingest)?;
    rows.report(&mut ingest.oddities);
    Some(())
}

/// Reads the envelope and the data. `None` if they are not canonical.
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

/// Reads the data: a list of rows, or a page.
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

/// Reads a list of rows, each inside `depth` values.
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
                ingest.upsert_batch(&mut batch, cursor.bytes)?;
            }
        } else {
            ingest.upsert_batch(&mut batch, cursor.bytes)?;
            cursor.at = general_row(JsonReader::at(cursor.bytes, start, depth), ingest)?;
        }
        if !cursor.follows(b']')? {
            return ingest.upsert_batch(&mut batch, cursor.bytes);
        }
    }
}

/// Reads a row by the general path, and returns the position after it.
#[inline(never)]
fn general_row(mut reader: JsonReader, ingest: &mut Ingest) -> Option<usize> {
    let row = reader.value().ok()?;
    ingest.not_utf8 = ingest.not_utf8.or(reader.not_utf8);
    ingest.row(&row, &Path::root("row")).ok()?;
    Some(reader.position())
}
