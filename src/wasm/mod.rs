//! The JavaScript edge: converts and delegates. The only folder that uses `js_sys`, `web_sys`,
//! `gloo_net` or `wasm_bindgen`. Not here: logic that can be tested without JavaScript.
//!
//! - `client/`: the client, with the feature `client`
//! - `table/`: tables and their questions, with the feature `table`
//! - `words.rs`: labels of codes, masks of telephone numbers
//! - `plain.rs`: conversion of plain data
//! - `promise.rs`: a future as a promise; the panic hook
//! - `error.rs`: our `Error` as a JavaScript `Error`
//!
//! The features choose what a module exports; the linker leaves out what no export uses. `byrobot-calls` has both.
//!
//! Two rules ensure that every promise settles: exceptions of all imports are caught, and exported methods take
//! `&self` and own their data before the first `await`.

#[cfg(feature = "client")]
mod client;
mod error;
mod plain;
mod promise;
#[cfg(feature = "table")]
mod table;
mod words;

#[cfg(feature = "client")]
pub use client::{WasmClient, WasmPages, WasmPagination};
pub use promise::promise;
#[cfg(feature = "table")]
pub use table::{WasmCallRows, WasmLinked, WasmTable, WasmView, WasmWatch};
pub use words::{label, mask_phone};

use wasm_bindgen::prelude::*;

/// Runs once, when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    promise::throw_panics();
}
