//! Reading a query that came from JavaScript, and the checks that endpoints share. Every refusal
//! names the field and says what would be right. Not here: which fields an endpoint has.

use crate::error::{Error, Result};
use crate::json::{Value, is_safe};
use crate::time::is_date;

/// The fields of a query object, taken one by one; what is left over at the end is a mistake.
pub(super) struct Arguments<'a> {
    fields: &'a [(String, Value)],
    known: Vec<&'static str>,
}

impl<'a> Arguments<'a> {
    pub(super) fn of(query: &'a Value) -> Result<Self> {
        match query {
            Value::Object(fields) => Ok(Self { fields, known: Vec::new() }),
            _ => Err(Error::invalid_argument(
                "query",
                &format!("expected an object, found {}", query.kind()),
            )),
        }
    }

    /// The value of a field; `null` and `undefined` count as not given.
    fn take(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        let (_, value) = self.fields.iter().rev().find(|(field, _)| field == name)?;
        (*value != Value::Null).then_some(value)
    }

    pub(super) fn integer(&mut self, name: &'static str) -> Result<Option<i64>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Int(number)) if is_safe(*number) => Ok(Some(*number)),
            Some(Value::Int(_) | Value::Numeral(_)) => {
                Err(Error::invalid_argument(name, "expected an integer within ±(2^53 − 1)"))
            }
            Some(other) => Err(expected(name, "an integer", other)),
        }
    }

    pub(super) fn id(&mut self, name: &'static str) -> Result<i64> {
        self.integer(name)?.ok_or_else(|| Error::invalid_argument(name, "it is required"))
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Result<Option<bool>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(expected(name, "true or false", other)),
        }
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text.clone())),
            Some(other) => Err(expected(name, "a string", other)),
        }
    }

    /// `[{ name, value }]`.
    pub(super) fn named_values(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Vec<(String, String)>>> {
        let items = match self.take(name) {
            None => return Ok(None),
            Some(Value::List(items)) => items,
            Some(other) => return Err(expected(name, "an array of { name, value }", other)),
        };
        let pair = |(index, item): (usize, &Value)| {
            let path = format!("{name}[{index}]");
            let Value::Object(fields) = item else {
                return Err(expected(&path, "{ name, value }", item));
            };
            if let Some((other, _)) = fields.iter().find(|(key, _)| key != "name" && key != "value")
            {
                let message = "no such field; there are name, value";
                return Err(Error::invalid_argument(format!("{path}.{other}"), message));
            }
            let text = |key: &str| match item.get(key).unwrap_or(&Value::Null) {
                Value::Text(text) => Ok(text.clone()),
                other => Err(expected(&format!("{path}.{key}"), "a string", other)),
            };
            Ok((text("name")?, text("value")?))
        };
        items.iter().enumerate().map(pair).collect::<Result<_>>().map(Some)
    }

    /// Refuses a field that nobody took.
    pub(super) fn finish(self) -> Result<()> {
        let unknown = |(name, value): &&(String, Value)| {
            *value != Value::Null && !self.known.contains(&name.as_str())
        };
        match self.fields.iter().find(unknown) {
            None => Ok(()),
            Some((name, _)) => Err(Error::invalid_argument(
                name.as_str(),
                &format!("no such field; there are {}", self.known.join(", ")),
            )),
        }
    }
}

fn expected(path: &str, what: &str, found: &Value) -> Box<Error> {
    Error::invalid_argument(path, &format!("expected {what}, found {}", found.kind()))
}

/// Refuses an id that cannot be one.
pub(super) fn check_id(name: &str, id: i64) -> Result<()> {
    if id >= 0 && is_safe(id) {
        return Ok(());
    }
    Err(Error::invalid_argument(name, "expected an id, an integer from 0 to 2^53 − 1"))
}

/// Refuses a page before the first, and a page size beyond the vendor's limit.
pub(super) fn check_page(page_num: Option<i64>, page_size: Option<i64>, most: i64) -> Result<()> {
    if page_num.is_some_and(|number| number < 1) {
        return Err(Error::invalid_argument("pageNum", "pages are counted from 1"));
    }
    if page_size.is_some_and(|size| !(1..=most).contains(&size)) {
        let message = format!("expected 1 to {most} rows, the vendor's limit for this endpoint");
        return Err(Error::invalid_argument("pageSize", &message));
    }
    Ok(())
}

/// Refuses bounds below zero or in the wrong order.
pub(super) fn check_bounds(
    (left_name, left): (&str, Option<i64>),
    (right_name, right): (&str, Option<i64>),
) -> Result<()> {
    for (name, bound) in [(left_name, left), (right_name, right)] {
        if bound.is_some_and(|bound| bound < 0) {
            return Err(Error::invalid_argument(name, "expected 0 or more"));
        }
    }
    match (left, right) {
        (Some(left), Some(right)) if left > right => Err(Error::invalid_argument(
            left_name,
            &format!("{left} is above {right_name}, {right}"),
        )),
        _ => Ok(()),
    }
}

/// Refuses what is not a day of the calendar.
pub(super) fn check_date(name: &str, date: Option<&str>) -> Result<()> {
    match date {
        Some(date) if !is_date(date) => {
            Err(Error::invalid_argument(name, "expected a day as \"2024-02-29\""))
        }
        _ => Ok(()),
    }
}
