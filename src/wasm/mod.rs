//! The JavaScript edge: converts and delegates. The only folder that names `js_sys`, `web_sys`,
//! `gloo_net` or `wasm_bindgen`. Not here: anything worth testing without JavaScript.
//!
//! - `client.rs`: the client; `pagination.rs`: lists page by page; `sync.rs`: synchronisation; `progress.rs`: its events
//! - `options.rs`: the caller's options, checked
//! - `table.rs`, `call_rows.rs`, `view.rs`, `linked.rs`: tables, rows, sets of calls, linked charts
//! - `questions.rs`: the arguments of questions, and the answers
//! - `plain.rs`: plain data in and out
//! - `outside.rs`: touching values that may throw
//! - `caller.rs`: the caller's headers and hooks
//! - `fetch.rs`: requests through `fetch`
//! - `timer.rs`: time, chance, `setTimeout`
//! - `abort.rs`: the caller's `AbortSignal` as a future
//! - `promise.rs`: a future as a promise; what a panic does
//! - `error.rs`: an `Error` of ours as an `Error` of JavaScript's
//!
//! Two rules keep promises from hanging: every import is caught, and exported methods take `&self`
//! and own what they need before the first `await`.

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

pub use call_rows::WasmCallRows;
pub use client::WasmClient;
pub use linked::WasmLinked;
pub use pagination::{WasmPages, WasmPagination};
pub use promise::promise;
pub use table::WasmTable;
pub use view::WasmView;

use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::json::Value;
use crate::schema::{CodeTable, Language};

/// Runs once when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    promise::throw_panics();
}

/// The label of a code: "已接" or "answered"; of an unknown one "未知(37)" or "unknown (37)".
///
/// # Errors
/// `invalid_argument` for a table, a code or a language that is none.
#[wasm_bindgen]
pub fn label(
    table: &JsValue,
    code: &JsValue,
    language: &JsValue,
) -> std::result::Result<String, JsValue> {
    let refuse = |path, message: &str| error::to_js(&Error::invalid_argument(path, message));
    let named = |name: String| CodeTable::named(&name);
    let table = table.as_string().and_then(named).ok_or_else(|| {
        let all: Vec<&str> = CodeTable::ALL.iter().map(|(name, _)| *name).collect();
        refuse("table", &format!("expected one of {}", all.join(", ")))
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
    let language = language.ok_or_else(|| error::to_js(&questions::no_language()))?;
    Ok(crate::schema::label(table, code.as_deref(), language))
}
