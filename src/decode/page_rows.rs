//! The fast path of a page: the rows of a response body become JSON text without JSON values. The rest of the body is
//! small; the general path reads it. Not here: a row (`row_text.rs`).

use super::Path;
use super::row_text::{RowWriter, append};
use crate::json::cursor::JsonCursor;
use crate::json::{JsonReader, to_text};
use crate::schema::{Model, envelope, page};
use crate::search::split_once;

/// The path to the rows in a body.
const PATH: [&str; 2] = [envelope::DATA, page::ROWS];

/// The depth of a row in a body: envelope, page, list.
const ROW_DEPTH: u32 = 3;

/// A body whose rows have been read.
#[derive(Debug)]
pub struct PageRows {
    /// The body with an empty list in place of the rows.
    pub rest: Vec<u8>,
    /// The JSON text of our rows, with commas.
    text: String,
}

impl PageRows {
    /// Reads the rows of a body. `None` if the general path has to read the whole body: it is not JSON, it is no page, or
    /// a row is an error. The result is the same for both.
    pub(crate) fn read(model: &'static Model, body: &[u8]) -> Option<Self> {
        let text = str::from_utf8(body).ok()?;
        let mut cursor = JsonCursor { bytes: body, at: JsonReader::new(body).position() };
        let mut rows = String::new();
        let (mut start, mut end) = (0, 0);
        cursor.skip_space();
        visit(&mut cursor, &PATH, &mut |cursor| {
            start = cursor.at;
            rows = read_rows(model, text, cursor)?;
            end = cursor.at;
            Some(())
        })?;
        let rest = [body.get(..start)?, b"[]", body.get(end..)?].concat();
        Some(Self { rest, text: rows })
    }

    /// The JSON text of the page with these rows. `page` is the text of the page that the general path has read from
    /// `rest`.
    #[must_use]
    pub fn join(&self, page: &str) -> Option<String> {
        // The fields before the list are numbers and null.
        let (before, after) = split_once(page, "[]")?;
        let mut joined = String::with_capacity(page.len() + self.text.len());
        for part in [before, "[", &self.text, "]", after] {
            joined.push_str(part);
        }
        Some(joined)
    }
}

/// Calls `read` at the value under a path of names. `None` if an object on the path does not have its name exactly once.
fn visit(
    cursor: &mut JsonCursor,
    path: &[&str],
    read: &mut dyn FnMut(&mut JsonCursor) -> Option<()>,
) -> Option<()> {
    let Some((name, below)) = path.split_first() else { return read(cursor) };
    let mut found = 0;
    cursor.members(|cursor, key| {
        if key == name.as_bytes() {
            found += 1;
            visit(cursor, below, read)
        } else {
            cursor.skip(ROW_DEPTH)
        }
    })?;
    (found == 1).then_some(())
}

/// The texts of the rows of a list.
fn read_rows(model: &'static Model, text: &str, cursor: &mut JsonCursor) -> Option<String> {
    cursor.take(b'[')?;
    cursor.skip_space();
    let mut out = String::new();
    if cursor.take(b']').is_some() {
        return Some(out);
    }
    // Our rows are longer than the vendor's.
    out.reserve(text.len() + text.len() / 2);
    let mut writer = RowWriter::new(model, text);
    loop {
        let start = cursor.at;
        if writer.write(cursor, &mut out).is_none() {
            let mut reader = JsonReader::at(cursor.bytes, start, ROW_DEPTH);
            let row = reader.value().ok().filter(|_| reader.too_deep.is_none())?;
            append(&mut out, &to_text(&model.read(&row, &Path::root("")).ok()?));
            cursor.at = reader.position();
        }
        if !cursor.follows(b']')? {
            return Some(out);
        }
        append(&mut out, ",");
    }
}
