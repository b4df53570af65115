//! The JavaScript edge: converts and delegates. The only folder that uses `js_sys`, `web_sys`,
//! `gloo_net` or `wasm_bindgen`. Not here: logic that can be tested without JavaScript.
//!
//! - `client.rs`: the client; `pagination.rs`: lists page by page; `sync.rs`: synchronisation; `progress.rs`: the
//!   progress of both
//! - `options.rs`: reads and checks the caller's options
//! - `table.rs`, `call_rows.rs`, `view.rs`, `linked.rs`, `watch.rs`: tables, rows, views, linked charts, changes
//! - `questions.rs`: the arguments of filters, charts and exports; the results of charts
//! - `plain.rs`: conversion of plain data
//! - `outside.rs`: safe access to values of the caller, which may throw
//! - `caller.rs`: the caller's headers and hooks
//! - `fetch.rs`: requests through `fetch`
//! - `timer.rs`: clocks, random numbers, `setTimeout`
//! - `abort.rs`: the caller's `AbortSignal` as a future
//! - `promise.rs`: a future as a promise; the panic hook
//! - `error.rs`: our `Error` as a JavaScript `Error`
//!
//! Two rules ensure that every promise settles: exceptions of all imports are caught, and exported methods take
//! `&self` and own their data before the first `await`.

mod abort;
mod call_rows;
mod caller;
mod client;
mod error;
mod fetch;
mod linked;
mod options;
mod outside;
mod pagination;
mod plain;
mod progress;
mod promise;
mod questions;
mod sync;
mod table;
mod timer;
mod view;
mod watch;
mod windows;

pub use call_rows::WasmCallRows;
pub use client::WasmClient;
pub use linked::WasmLinked;
pub use pagination::{WasmPages, WasmPagination};
pub use promise::promise;
pub use table::WasmTable;
pub use view::WasmView;
pub use watch::WasmWatch;

use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::json::Value;
use crate::schema::{CodeTable, Language};

/// Runs once, when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    promise::throw_panics();
}

/// The label of a code: "已接" or "answered". The label of an unknown code: "未知(37)" or "unknown (37)".
///
/// # Errors
/// `invalid_argument` for an unknown table or language, and for a value that is not a code.
#[wasm_bindgen]
pub fn label(
    table: &JsValue,
    code: &JsValue,
    language: &JsValue,
) -> std::result::Result<String, JsValue> {
    let refuse = |path, message: &str| error::to_js(&Error::invalid_argument(path, message));
    let named = |name: String| CodeTable::named(&name);
    let table = table.as_string().and_then(named).ok_or_else(|| {
        let known: Vec<&str> = CodeTable::ALL.iter().map(|(name, _)| *name).collect();
        refuse("table", &format!("expected one of {}", known.join(", ")))
    })?;
    let code = match plain::from_js(code, "code") {
        Ok(Value::Null) => None,
        Ok(Value::Text(text)) => Some(text),
        Ok(Value::Int(number)) => Some(number.to_string()),
        _ => return Err(refuse("code", "expected an integer, a string or null")),
    };
    let language = match language.as_string() {
        None if language.is_undefined() => Some(Language::Zh),
        name => name.and_then(|name| Language::named(&name)),
    };
    let language = language.ok_or_else(|| error::to_js(&questions::unknown_language()))?;
    Ok(crate::schema::label(table, code.as_deref(), language))
}

/// A telephone number without its middle.
///
/// # Errors
/// `invalid_argument` for what is no string.
#[wasm_bindgen(js_name = maskPhone)]
pub fn mask_phone(phone: &JsValue) -> std::result::Result<String, JsValue> {
    let text = phone.as_string();
    let text =
        text.ok_or_else(|| error::to_js(&Error::invalid_argument("phone", "expected a string")))?;
    Ok(crate::phone::mask_number(&text))
}
