//! A page of rows: the vendor's page object, or the bare array of its earlier servers.

use super::wire::integer_of;
use super::{Model, Path};
use crate::error::Result;
use crate::json::Value;

/// A page of rows.
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
#[derive(Debug, tsify::Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// Number of the page, from 1; 0 in some empty answers. Where the server leaves it out, the one that was asked for.
    pub page_num: i64,
    /// Rows of a full page. Where the server leaves it out, the size that was asked for.
    pub page_size: i64,
    /// Rows in all; `null` where the server leaves it out.
    pub total: Option<i64>,
    /// Pages in all; `null` where the server leaves it out.
    pub pages: Option<i64>,
    /// The rows.
    pub list: Vec<T>,
    /// What else the server says of the page: `size`, `orderBy`, `startRow`, `endRow`. The vendor's
    /// examples disagree about the last two.
    #[tsify(optional, type = "Record<string, unknown>")]
    pub extra: (),
}

/// The page that was asked for, for servers that do not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    page_num: i64,
    page_size: i64,
}

impl Asked {
    /// What a query asked for, with the vendor's defaults.
    #[must_use]
    pub fn of(page_num: Option<i64>, page_size: Option<i64>) -> Self {
        Self { page_num: page_num.unwrap_or(1), page_size: page_size.unwrap_or(10) }
    }
}

/// Reads a page object, or an array as its only page.
///
/// # Errors
/// `unexpected_shape` for anything else, and for a row that `model` refuses.
pub fn read_page(model: &Model, data: &Value, at: &Path, asked: Asked) -> Result<Value> {
    let number = |name: &str| data.get(name).and_then(integer_of).map(Value::Int);
    let total = number("total").unwrap_or_default();
    let list = match data {
        Value::List(_) => read_rows(model, data, at)?,
        Value::Object(_) => match data.get("list").unwrap_or(&Value::Null) {
            // An empty page whose list was left out by the server's serializer.
            Value::Null if total == Value::Int(0) => Value::List(Vec::new()),
            list => read_rows(model, list, &at.field("list"))?,
        },
        _ => return Err(at.expected("a page", data)),
    };
    let mut page = vec![
        ("pageNum".to_owned(), number("pageNum").unwrap_or(Value::Int(asked.page_num))),
        ("pageSize".to_owned(), number("pageSize").unwrap_or(Value::Int(asked.page_size))),
        ("total".to_owned(), total),
        ("pages".to_owned(), number("pages").unwrap_or_default()),
        ("list".to_owned(), list),
    ];
    if let Value::Object(sent) = data {
        let other = |(name, value): &&(String, Value)| {
            let known = page.iter().any(|(known, _)| known == name);
            let unread = name != "list" && *value != Value::Null && integer_of(value).is_none();
            !known || unread
        };
        let extra: Vec<(String, Value)> = sent.iter().filter(other).cloned().collect();
        if !extra.is_empty() {
            page.push(("extra".to_owned(), Value::Object(extra)));
        }
    }
    Ok(Value::Object(page))
}

fn read_rows(model: &Model, list: &Value, at: &Path) -> Result<Value> {
    let Value::List(items) = list else { return Err(at.expected("an array", list)) };
    let rows = items.iter().enumerate().map(|(index, item)| model.read(item, &at.index(index)));
    rows.collect::<Result<Vec<_>>>().map(Value::List)
}
