//! A page of rows: the vendor's page object, or the bare array of its earlier servers.

use serde::Serialize;

use super::Extra;
use super::wire::{Model, Path, integer_of};
use crate::error::Error;
use crate::json::Value;

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(
    any(target_arch = "wasm32", byrobot_edge),
    derive(tsify::Tsify),
    tsify(missing_as_null)
)]
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
    #[serde(skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// The page that was asked for, for servers that do not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Number of the page, from 1.
    pub page_num: i64,
    /// Rows of a page.
    pub page_size: i64,
}

impl Asked {
    /// What a query asked for, with the vendor's defaults.
    #[must_use]
    pub const fn of(page_num: Option<i64>, page_size: Option<i64>) -> Self {
        let page_num = if let Some(number) = page_num { number } else { 1 };
        let page_size = if let Some(size) = page_size { size } else { 10 };
        Self { page_num, page_size }
    }
}

/// Reads a page object, or an array as its only page.
pub(crate) fn read_page<T: Model>(
    data: &Value,
    at: &Path,
    asked: Asked,
) -> Result<Page<T>, Error> {
        let mut page = Page {
            page_num: asked.page_num,
            page_size: asked.page_size,
            total: None,
            pages: None,
            list: Vec::new(),
            extra: Extra::default(),
        };
        let fields = match data {
            Value::List(items) => {
                page.list = rows(items, at)?;
                return Ok(page);
            }
            Value::Object(fields) => fields,
            _ => return Err(at.expected("a page", data)),
        };
        let mut list = None;
        for (key, value) in fields {
            let number = integer_of(value);
            match (key.as_str(), number) {
                ("pageNum", Some(number)) => page.page_num = number,
                ("pageSize", Some(number)) => page.page_size = number,
                ("total", number) => page.total = number,
                ("pages", number) => page.pages = number,
                ("list", _) => list = Some(value),
                _ => page.extra.keep(key, value),
            }
        }
        let at = at.field("list");
        match list {
            Some(Value::List(items)) => page.list = rows(items, &at)?,
            // An empty page whose list was left out by the server's serializer.
            Some(Value::Null) | None if page.total == Some(0) => {}
            _ => return Err(at.expected("an array", list.unwrap_or(&Value::Null))),
        }
        Ok(page)
    }

fn rows<T: Model>(items: &[Value], at: &Path) -> Result<Vec<T>, Error> {
    items.iter().enumerate().map(|(index, item)| T::read(item, &at.index(index))).collect()
}
