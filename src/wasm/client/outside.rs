//! Safe access to values of the caller. Any access to a getter, a Proxy or a revoked Proxy may throw, and an
//! exception that passes through Rust leaves a promise pending. So every exception is caught here.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::wasm::plain::property;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object)]
    pub(super) fn entries(object: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object)]
    pub(super) fn keys(object: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(js_name = Uint8Array)]
    type JsBytes;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    fn new(buffer: &JsValue) -> Result<JsBytes, JsValue>;
}

/// A method, if there is one.
pub(super) fn method(object: &JsValue, name: &str) -> Option<Function> {
    property(object, name).dyn_into().ok()
}

/// The value to which `value` resolves, if it is a promise or has a `then`; else `value` itself.
pub(super) async fn settled(value: JsValue) -> Result<JsValue, JsValue> {
    // `Promise.resolve` reads a property of a promise, which may throw. `resolve` catches this exception.
    let promise = Promise::new(&mut |resolve: Function, _| {
        let _ = resolve.call1(&JsValue::UNDEFINED, &value);
    });
    JsFuture::from(promise).await
}

/// The bytes of an `ArrayBuffer`, also of another realm; `None` for any other value.
pub(super) fn bytes(buffer: &JsValue) -> Option<Vec<u8>> {
    // `new Uint8Array` also accepts a number (the length of an array of zeros) and a list (its items).
    property(buffer, "byteLength").as_f64()?;
    let array = JsBytes::new(buffer).ok()?;
    Some(array.unchecked_into::<js_sys::Uint8Array>().to_vec())
}
