//! Parses the arguments of a request: ids, texts, flags, pages.

use serde_json::{Map, Value};

use super::failure::Failure;
use crate::http::Request;

/// The page number of a request; `None` if it cannot be parsed.
pub(crate) fn page_number(request: &Request) -> Option<i64> {
    let arguments = if request.method == "POST" {
        Arguments::of_body(request).ok()?
    } else {
        Arguments::of_query(request)
    };
    Some(arguments.integer("pageNum").ok()?.unwrap_or(1))
}

/// The arguments of a request, from its query or its JSON body. Numbers may come as text, as Spring
/// and Jackson allow; an argument that is null or empty counts as absent.
pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    pub(super) fn of_query(request: &Request) -> Self {
        Self(request.query().map(|(name, value)| (name, Value::String(value))).collect())
    }

    /// A body must be declared as JSON and be an object.
    pub(super) fn of_body(request: &Request) -> Result<Self, Failure> {
        let media_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
        if !media_type.starts_with("application/json") {
            return Err(Failure::parameter("Content-Type"));
        }
        serde_json::from_slice(&request.body).map(Self).map_err(|_| Failure::parameter("body"))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null() && *value != "")
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        let read = |value: &'_ Value| value.as_str().is_some();
        match self.get(name) {
            None => Ok(None),
            Some(value) if read(value) => Ok(value.as_str()),
            Some(_) => Err(Failure::parameter(name)),
        }
    }

    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Failure> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
        number.map(Some).ok_or_else(|| Failure::parameter(name))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Failure> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) if text == "true" => Ok(true),
            Some(Value::String(text)) if text == "false" => Ok(false),
            Some(_) => Err(Failure::parameter(name)),
        }
    }

    /// A required id.
    pub(super) fn id(&self, name: &str) -> Result<u64, Failure> {
        let id = self.integer(name)?.and_then(|id| u64::try_from(id).ok());
        id.ok_or_else(|| Failure::parameter(name))
    }

    /// `pageNum` (from 1, default 1) and `pageSize` (from 1 to the limit, default 10). `shifted_rows` is the number of rows
    /// added at the head of the list since its first page; the first page has none.
    pub(super) fn page(&self, limit: usize, shifted_rows: usize) -> Result<PageRequest, Failure> {
        let read = |name, default, most| {
            let number = self.integer(name)?.unwrap_or(default);
            let number = usize::try_from(number).ok().filter(|number| (1..=most).contains(number));
            number.ok_or_else(|| Failure::parameter(name))
        };
        let number = read("pageNum", 1, i32::MAX as usize)?;
        let size = read("pageSize", 10, limit)?;
        Ok(PageRequest { number, size, shifted_rows: if number == 1 { 0 } else { shifted_rows } })
    }
}

#[derive(Clone, Copy)]
pub(super) struct PageRequest {
    pub(super) number: usize,
    pub(super) size: usize,
    pub(super) shifted_rows: usize,
}

impl PageRequest {
    pub(super) fn offset(self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }

    /// The rows of the page.
    pub(super) fn of<T>(self, rows: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        rows.skip(self.offset().saturating_sub(self.shifted_rows)).take(self.size)
    }
}
