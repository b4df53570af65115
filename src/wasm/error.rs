//! Converts our [`Error`] to a JavaScript `Error`, `ByrobotError` in TypeScript.

use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::plain;
use crate::error::{Error, Result};

/// The return value of an exported function, or the value that it throws.
pub(super) type Outcome<T> = std::result::Result<T, JsValue>;

/// Converts a result to an [`Outcome`].
pub(super) fn thrown<T>(result: Result<T>) -> Outcome<T> {
    result.map_err(|error| to_js(&error))
}

/// The properties of `ByrobotError` that are plain data.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorFields<'a> {
    name: &'static str,
    code: &'static str,
    retryable: bool,
    endpoint: Option<&'static str>,
    url: Option<&'a str>,
    status: Option<u16>,
    vendor_code: Option<i64>,
    vendor_message: Option<&'a str>,
    request_id: Option<&'a str>,
    path: Option<&'a str>,
    attempts: u32,
    retry_after_ms: Option<i64>,
}

/// A JavaScript `Error` with all properties of `ByrobotError`.
pub(super) fn to_js(error: &Error) -> JsValue {
    let object = js_sys::Error::new(&error.message);
    let fields = ErrorFields {
        name: "ByrobotError",
        code: error.kind.code(),
        retryable: error.kind.is_retryable(),
        endpoint: error.endpoint,
        url: error.url.as_deref(),
        status: error.status,
        vendor_code: error.vendor_code,
        vendor_message: error.vendor_message.as_deref(),
        request_id: error.request_id.as_deref(),
        path: error.path.as_deref(),
        attempts: error.attempts,
        retry_after_ms: error.retry_after_ms,
    };
    let cause = error.cause.as_deref();
    let earlier = cause.and_then(|cause| cause.downcast_ref::<Error>()).map(to_js);
    let cause = earlier.as_ref().or_else(|| cause?.downcast_ref::<JsValue>());
    Object::assign(&object, plain::to_js(&fields).unchecked_ref());
    define(&object, "cause", "value", cause.unwrap_or(&JsValue::NULL));
    // So that JSON and `{ ...error }` contain it. The latter can be posted to a worker.
    define(&object, "message", "enumerable", &JsValue::TRUE);
    object.into()
}

/// Defines a property with one attribute. It is writable and configurable.
fn define(object: &Object, name: &str, attribute: &str, value: &JsValue) {
    let descriptor = Object::new();
    for (name, value) in
        [("configurable", &JsValue::TRUE), ("writable", &JsValue::TRUE), (attribute, value)]
    {
        // Setting a property of a new plain object does not fail.
        let _ = Reflect::set(&descriptor, &JsValue::from_str(name), value);
    }
    let _ = Reflect::define_property(object, &JsValue::from_str(name), &descriptor);
}
