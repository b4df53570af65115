//! The quick way from a response body into the columns: no values are made in between.
//!
//! It knows plain spellings only. A row that has any other is read by the model, and a body whose
//! envelope has a surprise, or that is not JSON, is given up: the slow way reads it, and gives the
//! error. So the quick way can only do what the slow one would; a test compares the two.
//! Not here: how a row is read (`row.rs`).

use super::batch::Batch;
use super::cursor::Cursor;
use super::ingest::Ingest;
use super::row::Rows;
use crate::json::parse;
use crate::model::Path;

/// How deep a row lies in the body: envelope, page, list.
pub(super) const ROW_DEPTH: u32 = 3;

/// Reads a body into the columns. `None` where it is not plain: rows may have been put in by then.
pub(super) fn read(ingest: &mut Ingest, body: &[u8]) -> Option<()> {
    let bytes = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if !Batch::fits(bytes.len()) {
        return None;
    }
    let mut rows = Rows::new();
    envelope(&mut Cursor { bytes, at: 0 }, &mut rows, ingest)?;
    rows.tell(&mut ingest.oddities);
    Some(())
}

fn envelope(cursor: &mut Cursor, rows: &mut Rows, ingest: &mut Ingest) -> Option<()> {
    cursor.skip_space();
    let (mut codes, mut datas) = (0, 0);
    cursor.members(|cursor, key| match key {
        b"code" => {
            codes += 1;
            (cursor.integer()? == 200).then_some(())
        }
        b"data" => {
            datas += 1;
            data(cursor, rows, ingest)
        }
        _ => cursor.skip(1),
    })?;
    cursor.skip_space();
    (codes == 1 && datas == 1 && cursor.at == cursor.bytes.len()).then_some(())
}

fn data(cursor: &mut Cursor, rows: &mut Rows, ingest: &mut Ingest) -> Option<()> {
    if cursor.peek() == Some(b'[') {
        return list(cursor, rows, ingest);
    }
    let (mut lists, mut totals, mut sizes) = (0, 0, 0);
    cursor.members(|cursor, key| match key {
        b"list" => {
            lists += 1;
            list(cursor, rows, ingest)
        }
        b"total" => {
            totals += 1;
            ingest.report.total = Some(cursor.integer()?);
            Some(())
        }
        b"pageSize" => {
            sizes += 1;
            ingest.report.page_size = Some(cursor.integer()?);
            Some(())
        }
        _ => cursor.skip(2),
    })?;
    (lists == 1 && totals <= 1 && sizes <= 1).then_some(())
}

fn list(cursor: &mut Cursor, rows: &mut Rows, ingest: &mut Ingest) -> Option<()> {
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
            cursor.at = start;
            cursor.skip(ROW_DEPTH)?;
            let row = parse(cursor.bytes.get(start..cursor.at)?).ok()?;
            ingest.row(&row, &Path::root("row")).ok()?;
        }
        if !cursor.follows(b']')? {
            return ingest.put_all(&mut batch, cursor.bytes);
        }
    }
}
