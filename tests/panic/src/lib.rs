//! The library's edge with functions that fail in every way in which WebAssembly can: no failure of ours
//! can be reached from outside. Built by `tests/package/panic.test.mjs`; empty natively.
#![cfg(any(target_arch = "wasm32", byrobot_edge))]

use std::hint::black_box;

use byrobot_calls::wasm::promise;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// A promise whose work fails after its first `await`.
#[wasm_bindgen(js_name = failSoon)]
pub fn fail_soon(way: String) -> Promise {
    promise(async move {
        let nothing = Promise::<JsValue>::resolve(&JsValue::NULL);
        let _ = js_sys::futures::JsFuture::from(nothing).await;
        fail_now(&way);
        Ok(JsValue::NULL)
    })
}

/// Fails before it returns.
///
/// # Panics
/// Always, if that is the way.
#[wasm_bindgen(js_name = failNow)]
#[expect(clippy::panic, reason = "that is its purpose")]
pub fn fail_now(way: &str) {
    match way {
        "panic" => panic!("on purpose"),
        "memory" => drop(black_box([(); 4].map(|()| Vec::<u8>::with_capacity(1 << 30)))),
        "stack" => _ = black_box(deeper(0)),
        _ => std::process::abort(),
    }
}

fn deeper(depth: u64) -> u64 {
    let here = black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { deeper(depth + 1) + black_box(here).iter().sum::<u64>() }
}
