//! A page of rows: the vendor's page object, or the bare array of its earlier servers.

use super::Path;
use super::scalars::integer_of;
use crate::error::Result;
use crate::json::Value;
use crate::schema::{Model, page};

/// Number and size of the requested page, for servers that do not repeat them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestedPage {
    page: i64,
    size: i64,
}

impl RequestedPage {
    /// The page of a query, with the vendor's defaults for absent values: page 1, size 10.
    #[must_use]
    pub fn of(page: Option<i64>, size: Option<i64>) -> Self {
        Self { page: page.unwrap_or(1), size: size.unwrap_or(10) }
    }
}

/// Reads a page object, or an array as the only page.
///
/// # Errors
/// `unexpected_shape` for any other value, and for a row that `model` refuses.
pub fn read_page(
    model: &Model,
    data: &Value,
    at: &Path,
    requested: RequestedPage,
) -> Result<Value> {
    let number = |name: &str| data.get(name).and_then(integer_of).map(Value::Int);
    let total = number(page::TOTAL).unwrap_or_default();
    let list = match data {
        Value::List(_) => read_rows(model, data, at)?,
        Value::Object(_) => match data.get(page::ROWS).unwrap_or(&Value::Null) {
            // The server's serializer leaves out the list of an empty page.
            Value::Null if total == Value::Int(0) => Value::List(Vec::new()),
            list => read_rows(model, list, &at.field(page::ROWS))?,
        },
        _ => return Err(at.expected("a page", data)),
    };
    let mut read: Vec<(String, Value)> = [
        (page::NUMBER, number(page::NUMBER).unwrap_or(Value::Int(requested.page))),
        (page::SIZE, number(page::SIZE).unwrap_or(Value::Int(requested.size))),
        (page::TOTAL, total),
        (page::PAGES, number(page::PAGES).unwrap_or_default()),
        (page::ROWS, list),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let Value::Object(sent) = data {
        let is_extra = |(name, value): &&(String, Value)| {
            let known = read.iter().any(|(known, _)| known == name);
            let unreadable =
                name != page::ROWS && *value != Value::Null && integer_of(value).is_none();
            !known || unreadable
        };
        let extra: Vec<(String, Value)> = sent.iter().filter(is_extra).cloned().collect();
        if !extra.is_empty() {
            read.push(("extra".to_owned(), Value::Object(extra)));
        }
    }
    Ok(Value::Object(read))
}

fn read_rows(model: &Model, list: &Value, at: &Path) -> Result<Value> {
    let Value::List(items) = list else { return Err(at.expected("an array", list)) };
    let rows = items.iter().enumerate().map(|(index, item)| model.read(item, &at.index(index)));
    rows.collect::<Result<Vec<_>>>().map(Value::List)
}
