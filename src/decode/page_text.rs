//! The fast path of a page: from a response body to the JSON text of our page, without JSON values. `None` for a body
//! that is not canonical; the general path reads it, with the same result for every body that both read.
//! Not here: the rows (`row_text.rs`).

use super::row_text::RowWriter;
use super::{Path, RequestedPage};
use crate::json::cursor::JsonCursor;
use crate::json::{JsonReader, parse, to_text, write_integer};
use crate::schema::{Model, envelope, page};

/// The depth of a row in a body: envelope, page, list.
const ROW_DEPTH: u32 = 3;

/// The members of a page.
#[derive(Default)]
struct PageText {
    number: Option<i64>,
    size: Option<i64>,
    total: Option<i64>,
    pages: Option<i64>,
    /// The rows, with commas.
    rows: Option<String>,
    /// The other members, with commas.
    extra: String,
}

/// The JSON text of the page in a successful answer.
pub(crate) fn page_text(
    model: &'static Model,
    body: &[u8],
    requested: RequestedPage,
) -> Option<String> {
    let text = str::from_utf8(body).ok()?;
    let at = JsonReader::new(body).position();
    let mut cursor = JsonCursor { bytes: body, at };
    cursor.skip_space();
    let (mut codes, mut data) = (0, None);
    cursor.members(|cursor, key| match key {
        key if key == envelope::CODE.as_bytes() => {
            codes += 1;
            (cursor.integer()? == envelope::SUCCESS).then_some(())
        }
        key if key == envelope::DATA.as_bytes() && data.is_none() => {
            data = Some(read(model, text, cursor)?);
            Some(())
        }
        key if key == envelope::DATA.as_bytes() => None,
        _ => cursor.skip(1),
    })?;
    cursor.skip_space();
    (codes == 1 && cursor.at == body.len()).then_some(())?;
    data?.into_text(requested)
}

/// Reads the page.
fn read(model: &'static Model, text: &str, cursor: &mut JsonCursor) -> Option<PageText> {
    let mut page = PageText::default();
    cursor.members(|cursor, key| {
        let name = str::from_utf8(key).ok()?;
        let number = match name {
            page::ROWS => {
                let rows = rows(model, text, cursor)?;
                return page.rows.replace(rows).is_none().then_some(());
            }
            page::NUMBER => &mut page.number,
            page::SIZE => &mut page.size,
            page::TOTAL => &mut page.total,
            page::PAGES => &mut page.pages,
            _ => {
                let start = cursor.at;
                cursor.skip(2)?;
                let value = to_text(&parse(cursor.bytes.get(start..cursor.at)?).ok()?);
                let comma = if page.extra.is_empty() { "" } else { "," };
                page.extra.push_str(&format!("{comma}\"{name}\":{value}"));
                return Some(());
            }
        };
        number.replace(cursor.integer()?).is_none().then_some(())
    })?;
    Some(page)
}

/// The texts of the rows of a list.
fn rows(model: &'static Model, text: &str, cursor: &mut JsonCursor) -> Option<String> {
    cursor.take(b'[')?;
    cursor.skip_space();
    if cursor.take(b']').is_some() {
        return Some(String::new());
    }
    // Our rows are longer than the vendor's.
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    let mut writer = RowWriter::new(model, text);
    loop {
        let start = cursor.at;
        if writer.write(cursor, &mut out).is_none() {
            let mut reader = JsonReader::at(cursor.bytes, start, ROW_DEPTH);
            let row = reader.value().ok().filter(|_| reader.too_deep.is_none())?;
            out.push_str(&to_text(&model.read(&row, &Path::root("row")).ok()?));
            cursor.at = reader.position();
        }
        if !cursor.follows(b']')? {
            return Some(out);
        }
        out.push(',');
    }
}

impl PageText {
    /// The page with the fields in the order of `read_page`.
    fn into_text(self, requested: RequestedPage) -> Option<String> {
        let rows = self.rows?;
        let mut out = String::with_capacity(rows.len() + self.extra.len() + 128);
        for (name, value) in [
            (page::NUMBER, Some(self.number.unwrap_or(requested.page))),
            (page::SIZE, Some(self.size.unwrap_or(requested.size))),
            (page::TOTAL, self.total),
            (page::PAGES, self.pages),
        ] {
            out.push(if out.is_empty() { '{' } else { ',' });
            out.push_str(&format!("\"{name}\":"));
            match value {
                Some(value) => write_integer(value, &mut out),
                None => out.push_str("null"),
            }
        }
        out.push_str(&format!(",\"{}\":[", page::ROWS));
        out.push_str(&rows);
        out.push(']');
        if !self.extra.is_empty() {
            out.push_str(",\"extra\":{");
            out.push_str(&self.extra);
            out.push('}');
        }
        out.push('}');
        Some(out)
    }
}
