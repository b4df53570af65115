//! The library with exported functions that fail in each way of WebAssembly, because tests cannot cause a failure of
//! the library itself. `tests/package/panic.test.mjs` builds it. Empty natively.
#![cfg(any(target_arch = "wasm32", byrobot_edge))]

use std::hint::black_box;

use byrobot_calls::wasm::promise;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// A promise whose work fails after its first `await`.
#[wasm_bindgen(js_name = failSoon)]
pub fn fail_soon(way: String) -> Promise {
    promise(async move {
        let resolved = Promise::<JsValue>::resolve(&JsValue::NULL);
        let _ = js_sys::futures::JsFuture::from(resolved).await;
        fail_now(&way);
        Ok(JsValue::NULL)
    })
}

/// Fails before it returns, in one of the ways `panic`, `memory`, `stack`; else it aborts.
///
/// # Panics
/// In the way `panic`.
#[wasm_bindgen(js_name = failNow)]
#[expect(clippy::panic, reason = "the function tests panics")]
pub fn fail_now(way: &str) {
    match way {
        "panic" => panic!("on purpose"),
        "memory" => drop(black_box([(); 4].map(|()| Vec::<u8>::with_capacity(1 << 30)))),
        "stack" => _ = black_box(recurse(0)),
        _ => std::process::abort(),
    }
}

fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { recurse(depth + 1) + black_box(frame).iter().sum::<u64>() }
}
