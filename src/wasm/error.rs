//! An [`Error`] of ours as a real `Error` of JavaScript's, `ByrobotError` in TypeScript.

use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::{Error, Kind};

/// What a promise of ours rejects with.
pub(super) enum Rejection {
    /// The caller's own reason, untouched.
    Aborted(JsValue),
    /// Anything else.
    Error(Box<Error>),
}

impl From<Box<Error>> for Rejection {
    fn from(error: Box<Error>) -> Self {
        Self::Error(error)
    }
}

impl From<Rejection> for JsValue {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Aborted(reason) => reason,
            Rejection::Error(error) => to_js(&error),
        }
    }
}

/// An error whose `cause` is a value of the caller's.
pub(super) fn caused_by(kind: Kind, message: impl Into<String>, cause: JsValue) -> Box<Error> {
    Error::new(kind, message).with(|error| error.cause = Some(Rc::new(cause)))
}

/// The JavaScript `Error` with all fields of `ByrobotError`.
pub(super) fn to_js(error: &Error) -> JsValue {
    let object = js_sys::Error::new(&error.message);
    object.set_name("ByrobotError");
    let text = |text: &Option<String>| text.as_deref().map_or(JsValue::NULL, JsValue::from_str);
    #[expect(clippy::cast_precision_loss, reason = "codes and milliseconds are far below 2^53")]
    let number =
        |number: Option<i64>| number.map_or(JsValue::NULL, |n| JsValue::from_f64(n as f64));
    let fields = [
        ("code", JsValue::from_str(error.kind.code())),
        ("retryable", JsValue::from_bool(error.kind.is_retryable())),
        ("endpoint", error.endpoint.map_or(JsValue::NULL, JsValue::from_str)),
        ("url", text(&error.url)),
        ("status", number(error.status.map(i64::from))),
        ("vendorCode", number(error.vendor_code)),
        ("vendorMessage", text(&error.vendor_message)),
        ("requestId", text(&error.request_id)),
        ("path", text(&error.path)),
        ("attempts", number(Some(i64::from(error.attempts)))),
        ("retryAfterMs", number(error.retry_after_ms)),
    ];
    for (name, value) in fields {
        // Setting a field of a fresh Error does not fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), &value);
    }
    let cause = error.cause.as_deref().and_then(|cause| cause.downcast_ref::<JsValue>());
    let descriptor = Object::new();
    for (name, value) in [
        ("value", cause.cloned().unwrap_or(JsValue::NULL)),
        ("configurable", JsValue::TRUE),
        ("writable", JsValue::TRUE),
    ] {
        let _ = Reflect::set(&descriptor, &JsValue::from_str(name), &value);
    }
    let _ = Reflect::define_property(&object, &JsValue::from_str("cause"), &descriptor);
    object.into()
}
