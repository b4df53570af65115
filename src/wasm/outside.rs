//! Touching values of the caller's. A getter, a Proxy or a revoked Proxy may throw at any touch, and
//! what is thrown through Rust leaves a promise pending. So whatever may throw is caught here.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    pub(super) fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    pub(super) fn array_from(iterable: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object)]
    pub(super) fn entries(object: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object)]
    pub(super) fn keys(object: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(js_name = Uint8Array)]
    type JsBytes;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    fn new(buffer: &JsValue) -> Result<JsBytes, JsValue>;
}

/// A property, or `undefined` where reading it throws.
pub(super) fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// A method, if there is one.
pub(super) fn method(object: &JsValue, name: &str) -> Option<Function> {
    property(object, name).dyn_into().ok()
}

/// What `value` is or becomes, if it is a promise or anything that has a `then`.
pub(super) async fn settled(value: JsValue) -> Result<JsValue, JsValue> {
    // `Promise.resolve` would read a property of a hostile promise; `resolve` catches what that throws.
    let promise = Promise::new(&mut |resolve: Function, _| {
        let _ = resolve.call1(&JsValue::UNDEFINED, &value);
    });
    JsFuture::from(promise).await
}

/// The bytes of an `ArrayBuffer`, also of another realm.
pub(super) fn bytes(buffer: &JsValue) -> Option<Vec<u8>> {
    // A number would make an array of so many zeros, a list one of its items.
    property(buffer, "byteLength").as_f64()?;
    let array = JsBytes::new(buffer).ok()?;
    Some(array.unchecked_into::<js_sys::Uint8Array>().to_vec())
}
