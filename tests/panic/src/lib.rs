//! The library's edge with one more function, which panics: a panic of ours cannot be reached from
//! outside. Built by `tests/package/panic.test.mjs`; empty natively.
#![cfg(any(target_arch = "wasm32", byrobot_edge))]

use byrobot_calls::wasm::promise;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// A promise whose work panics after its first `await`.
///
/// # Panics
/// Always.
#[wasm_bindgen(js_name = panicSoon)]
#[expect(clippy::panic, reason = "that is its purpose")]
pub fn panic_soon() -> Promise {
    promise(async {
        let nothing = Promise::<JsValue>::resolve(&JsValue::NULL);
        let _ = js_sys::futures::JsFuture::from(nothing).await;
        panic!("on purpose");
    })
}
