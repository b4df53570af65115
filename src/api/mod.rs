//! What one may ask: one struct per endpoint, which checks itself and becomes a [`Request`] value.
//! Not here: how a request is sent (`client/`).
//!
//! - `arguments.rs`: reading a query that came from JavaScript, and the checks endpoints share
//! - `tasks.rs`: `getTasks`, `getTaskDetail`
//! - `calls.rs`: `queryDoneTaskPhones`, `notDialedCustomerList`, `phoneLogInfo`

/// Defines a query: its fields, the vendor's names for them, how each is taken from JavaScript, and
/// for the optional ones the TypeScript type.
macro_rules! query {
    (
        $(#[$about:meta])*
        pub struct $name:ident as $public:literal for $endpoint:literal {
            required { $( $(#[$id_doc:meta])* $id:ident = $id_wire:literal; )* }
            $( optional {
                $( $(#[$doc:meta])* $field:ident: $type:ty = $wire:literal, $take:ident, $ts:literal; )*
            } )?
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        #[cfg_attr(
            any(target_arch = "wasm32", byrobot_edge),
            derive(tsify::Tsify),
            tsify(rename = $public)
        )]
        pub struct $name {
            $(
                $(#[$id_doc])*
                #[cfg_attr(any(target_arch = "wasm32", byrobot_edge), serde(rename = $id_wire))]
                pub $id: i64,
            )*
            $( $(
                $(#[$doc])*
                #[cfg_attr(
                    any(target_arch = "wasm32", byrobot_edge),
                    serde(rename = $wire),
                    tsify(optional, type = $ts)
                )]
                pub $field: Option<$type>,
            )* )?
        }

        impl $name {
            /// The vendor's name of the endpoint.
            pub const NAME: &'static str = $endpoint;

            /// Reads a query from JavaScript.
            ///
            /// # Errors
            /// `invalid_argument` for a field that is missing, unknown or of the wrong type.
            pub fn from_value(query: &Value) -> Result<Self> {
                let read = || {
                    let mut query = Arguments::of(query)?;
                    let asked = Self {
                        $( $id: query.id($id_wire)?, )*
                        $( $( $field: query.$take($wire)?, )* )?
                    };
                    query.finish()?;
                    Ok(asked)
                };
                read().map_err(|error: Box<Error>| error.of(Self::NAME))
            }
        }
    };
}

mod arguments;
mod calls;
mod tasks;

pub use calls::{GetCallDetail, GetDoneCalls, GetUndialedCustomers};
pub use tasks::{GetTaskDetail, GetTasks};

use crate::error::Result;
use crate::json::Value;

/// HTTP methods the vendor uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Parameters in the query string.
    Get,
    /// Parameters in a JSON body.
    Post,
}

impl Method {
    /// `GET` or `POST`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request before anything is known of servers, headers or attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The vendor's name of the endpoint.
    pub endpoint: &'static str,
    /// The method the vendor's document names.
    pub method: Method,
    /// Percent-encoded parameters, without `?`; empty for a `POST`.
    pub query: String,
    /// JSON text; `None` for a `GET`.
    pub body: Option<String>,
}

/// Path below the base URL under which all endpoints lie.
pub const PATH: &str = "/openapi/v1/task/";

/// A question to the vendor.
pub trait Endpoint {
    /// The vendor's name, last part of the path.
    fn name(&self) -> &'static str;

    /// The request.
    ///
    /// # Errors
    /// `invalid_argument` when a value is out of its limits; its path names the field.
    fn request(&self) -> Result<Request>;

    /// Reads the `data` of the answer, as the model of the endpoint has it.
    ///
    /// # Errors
    /// `unexpected_shape` when it is not what the endpoint answers with.
    fn read(&self, data: &Value) -> Result<Value>;
}

/// An endpoint that answers with a page of a list.
pub trait List: Endpoint {
    /// The field that tells its rows apart.
    fn id(&self) -> &'static str;

    /// The page the query asks for, and how many rows it has, where a walk begins.
    fn begins(&self) -> (u64, u64);

    /// The same query for a page.
    fn page(&self, page: u64, size: u64) -> Box<dyn Endpoint>;
}

/// A list that is told by `pageNum` and `pageSize` which page.
macro_rules! list {
    ($name:ident by $id:literal) => {
        impl super::List for $name {
            fn id(&self) -> &'static str {
                $id
            }

            fn begins(&self) -> (u64, u64) {
                let given = |value: Option<i64>| u64::try_from(value.unwrap_or(0)).unwrap_or(0);
                let size = given(self.page_size);
                (given(self.page_num).max(1), if size == 0 { super::WALK_PAGE_SIZE } else { size })
            }

            fn page(&self, page: u64, size: u64) -> Box<dyn Endpoint> {
                Box::new(Self {
                    page_num: i64::try_from(page).ok(),
                    page_size: i64::try_from(size).ok(),
                    ..self.clone()
                })
            }
        }
    };
}
use list;

/// Rows of a page of a walk, unless the query says otherwise: as many as every endpoint allows.
const WALK_PAGE_SIZE: u64 = 50;

/// A `GET` with those of `parameters` that are given.
fn get(endpoint: &'static str, parameters: &[(&str, Option<String>)]) -> Request {
    let mut query = String::new();
    for (name, value) in parameters {
        let Some(value) = value else { continue };
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        percent_encode(value, &mut query);
    }
    Request { endpoint, method: Method::Get, query, body: None }
}

/// A `POST` with those of `fields` that are given.
fn post(endpoint: &'static str, fields: Vec<(&str, Option<Value>)>) -> Request {
    let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let body = crate::json::to_text(&Value::Object(given.collect()));
    Request { endpoint, method: Method::Post, query: String::new(), body: Some(body) }
}

/// Encodes everything but RFC 3986's unreserved characters, as UTF-8.
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
