//! A query of an endpoint: reads it from JavaScript, checks each parameter, makes the request.
//! Not here: the types of parameters (`arguments.rs`).

use super::Request;
use super::arguments::argument;
use crate::decode::{PageRows, Path, RequestedPage, read_page};
use crate::error::{Error, Result};
use crate::json::{Value, to_text};
use crate::schema::{AnswerShape, Endpoint, Method, Parameter, ParameterKind, Presence};
use crate::time::is_date;

/// Rows of a page in a pagination if the query does not give a size. Every endpoint allows this many.
const DEFAULT_PAGE_SIZE: u64 = 50;

/// A checked query of one endpoint.
#[derive(Debug, Clone)]
pub struct Query {
    endpoint: &'static Endpoint,
    /// The value of each parameter; `null` for an absent one.
    values: Vec<Value>,
}

impl Query {
    /// Reads a query from JavaScript.
    ///
    /// # Errors
    /// `invalid_argument` for a parameter that is missing, unknown or of the wrong type.
    pub fn of(endpoint: &'static Endpoint, query: &Value) -> Result<Self> {
        Self::read_values(endpoint, query)
            .map(|values| Self { endpoint, values })
            .map_err(|error| error.in_endpoint(endpoint.name))
    }

    fn read_values(endpoint: &Endpoint, query: &Value) -> Result<Vec<Value>> {
        let Value::Object(given) = query else {
            let message = format!("expected an object, found {}", query.kind());
            return Err(Error::invalid_argument("query", &message));
        };
        let value = |parameter: &Parameter| {
            let found = given.iter().rev().find(|(name, _)| name == parameter.name);
            argument(parameter, found.map_or(&Value::Null, |(_, value)| value))
        };
        let values = endpoint.parameters.iter().map(value).collect::<Result<_>>()?;
        let unknown = |(name, value): &&(String, Value)| {
            *value != Value::Null && endpoint.parameters.iter().all(|known| known.name != name)
        };
        match given.iter().find(unknown) {
            None => Ok(values),
            Some((name, _)) => {
                let known: Vec<&str> = endpoint.parameters.iter().map(|known| known.name).collect();
                let message = format!("no such field; there are {}", known.join(", "));
                Err(Error::invalid_argument(name.as_str(), &message))
            }
        }
    }

    /// The vendor's name of the endpoint, the last part of the URL's path.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.endpoint.name
    }

    /// The request of this query.
    ///
    /// # Errors
    /// `invalid_argument` when a value is outside of its limits; its path names the parameter.
    pub fn request(&self) -> Result<Request> {
        for (parameter, value) in self.given() {
            self.check(parameter, value)?;
        }
        let (mut query, mut body) = (String::new(), None);
        match self.endpoint.method {
            Method::Get => {
                for (parameter, value) in self.given() {
                    query.push_str(if query.is_empty() { "" } else { "&" });
                    query.push_str(parameter.name);
                    query.push('=');
                    match value {
                        Value::Text(text) => percent_encode(text, &mut query),
                        value => query.push_str(&to_text(value)),
                    }
                }
            }
            Method::Post => {
                let field =
                    |(known, value): (&Parameter, &Value)| (known.name.to_owned(), value.clone());
                body = Some(to_text(&Value::Object(self.given().map(field).collect())));
            }
        }
        Ok(Request { endpoint: self.endpoint.name, method: self.endpoint.method, query, body })
    }

    /// Reads the `data` of the answer by the model of the endpoint.
    ///
    /// # Errors
    /// `unexpected_shape` when `data` does not have the shape of the endpoint's answer.
    pub fn read(&self, data: &Value) -> Result<Value> {
        let root = Path::root("data");
        match self.endpoint.answer {
            AnswerShape::One(model) => model.read(data, &root),
            AnswerShape::Page(model) => read_page(model, data, &root, self.requested_page()),
        }
    }

    /// The rows in the body of a success, read on the fast path. `None` if [`Query::read`] has to read the whole answer.
    #[must_use]
    pub fn read_rows(&self, body: &[u8]) -> Option<PageRows> {
        match self.endpoint.answer {
            AnswerShape::One(_) => None,
            AnswerShape::Page(model) => PageRows::read(model, body),
        }
    }

    fn requested_page(&self) -> RequestedPage {
        RequestedPage::of(self.page_number(), self.page_size())
    }

    /// The name of the field that identifies a row of the list.
    #[must_use]
    pub fn row_id_field(&self) -> &'static str {
        let (AnswerShape::One(model) | AnswerShape::Page(model)) = self.endpoint.answer;
        let required = |presence| presence == Presence::Required;
        model.fields.iter().find(|field| required(field.presence)).map_or("", |field| field.name)
    }

    /// Number and size of the page at which a pagination of this query begins.
    #[must_use]
    pub fn first_page(&self) -> (u64, u64) {
        let or_zero = |value: Option<i64>| u64::try_from(value.unwrap_or(0)).unwrap_or(0);
        let size = or_zero(self.page_size());
        (or_zero(self.page_number()).max(1), if size == 0 { DEFAULT_PAGE_SIZE } else { size })
    }

    /// The same query for one page.
    #[must_use]
    pub fn page(&self, page: u64, size: u64) -> Self {
        self.with(is_page, i64::try_from(page).ok()).with(is_size, i64::try_from(size).ok())
    }

    /// The same query for the rows after a `callIndex`.
    #[must_use]
    pub fn after(&self, index: i64) -> Self {
        self.with(is_index, Some(index))
    }

    /// The same query without the number and the size of a page.
    #[must_use]
    pub fn without_page(&self) -> Self {
        self.with(is_page, None).with(is_size, None)
    }

    /// The name of the parameter for the page number, if the query has it.
    #[must_use]
    pub fn page_parameter(&self) -> Option<&'static str> {
        self.given().find(|(known, _)| is_page(known.kind)).map(|(known, _)| known.name)
    }

    /// The name of the parameter for a `callIndex`, if the query has it.
    #[must_use]
    pub fn index_parameter(&self) -> Option<&'static str> {
        self.given().find(|(known, _)| is_index(known.kind)).map(|(known, _)| known.name)
    }

    /// The number of rows of a page, if the query has it.
    #[must_use]
    pub fn page_size(&self) -> Option<i64> {
        self.integer(is_size)
    }

    /// The vendor's limit for the number of rows of a page.
    #[must_use]
    pub fn max_page_size(&self) -> Option<i64> {
        self.endpoint.parameters.iter().find_map(|parameter| match parameter.kind {
            ParameterKind::PageSize(max) => Some(max),
            _ => None,
        })
    }

    fn page_number(&self) -> Option<i64> {
        self.integer(is_page)
    }

    /// The parameters that have a value. An empty text counts as absent.
    fn given(&self) -> impl Iterator<Item = (&'static Parameter, &Value)> {
        let all = self.endpoint.parameters.iter().zip(&self.values);
        all.filter(|(parameter, value)| match value {
            Value::Null => false,
            Value::Text(text) => !text.is_empty() || parameter.kind != ParameterKind::Text,
            _ => true,
        })
    }

    fn integer(&self, matches: fn(ParameterKind) -> bool) -> Option<i64> {
        self.given().find_map(|(parameter, value)| match value {
            Value::Int(value) if matches(parameter.kind) => Some(*value),
            _ => None,
        })
    }

    /// The same query with another value of the parameter that `matches`.
    fn with(&self, matches: fn(ParameterKind) -> bool, number: Option<i64>) -> Self {
        let change = |(parameter, value): (&Parameter, &Value)| match number {
            Some(number) if matches(parameter.kind) => Value::Int(number),
            None if matches(parameter.kind) => Value::Null,
            _ => value.clone(),
        };
        let values = self.endpoint.parameters.iter().zip(&self.values).map(change).collect();
        Self { values, ..*self }
    }

    /// Refuses a value outside of its limits.
    fn check(&self, parameter: &Parameter, value: &Value) -> Result<()> {
        let refuse = |message: &str| Err(Error::invalid_argument(parameter.name, message));
        match (parameter.kind, value) {
            (ParameterKind::Id(_), Value::Int(..0)) => {
                refuse("expected an id, an integer from 0 to 2^53 − 1")
            }
            (ParameterKind::Least(_) | ParameterKind::Greatest, Value::Int(..0)) => {
                refuse("expected 0 or more")
            }
            (ParameterKind::Least(greatest), Value::Int(min)) => {
                let other = self.given().find(|(other, _)| other.name == greatest);
                match other {
                    Some((_, Value::Int(max @ 0..))) if max < min => {
                        refuse(&format!("{min} is above {greatest}, {max}"))
                    }
                    _ => Ok(()),
                }
            }
            (ParameterKind::Index, Value::Int(..-1)) => refuse("expected −1 or a callIndex"),
            (ParameterKind::Page, Value::Int(..1)) => refuse("pages are counted from 1"),
            (ParameterKind::PageSize(max), Value::Int(size)) if !(1..=max).contains(size) => {
                let limit = "the vendor's limit for this endpoint";
                refuse(&format!("expected 1 to {max} rows, {limit}"))
            }
            (ParameterKind::Day, Value::Text(day)) if !is_date(day) => {
                refuse("expected a day as \"2024-02-29\"")
            }
            (
                ParameterKind::Id(_)
                | ParameterKind::Code(_)
                | ParameterKind::Greatest
                | ParameterKind::Index
                | ParameterKind::Page
                | ParameterKind::PageSize(_)
                | ParameterKind::Least(_)
                | ParameterKind::Text
                | ParameterKind::Day
                | ParameterKind::Flag
                | ParameterKind::NamedValues,
                _,
            ) => Ok(()),
        }
    }
}

fn is_page(kind: ParameterKind) -> bool {
    kind == ParameterKind::Page
}

fn is_size(kind: ParameterKind) -> bool {
    matches!(kind, ParameterKind::PageSize(_))
}

fn is_index(kind: ParameterKind) -> bool {
    kind == ParameterKind::Index
}

/// Percent-encodes the UTF-8 bytes of `text`, except the unreserved characters of RFC 3986.
fn percent_encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let digit = |nibble: u8| {
                char::from_digit(u32::from(nibble), 16)
                    .map_or('0', |digit| digit.to_ascii_uppercase())
            };
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}
