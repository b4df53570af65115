//! An [`Error`] of ours as a real `Error` of JavaScript's, `ByrobotError` in TypeScript.

use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use super::plain;
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
    let fields = plain::object(&[
        ("name", "ByrobotError".into()),
        ("code", error.kind.code().into()),
        ("retryable", error.kind.is_retryable().into()),
        ("endpoint", error.endpoint.into()),
        ("url", error.url.as_deref().into()),
        ("status", error.status.map(u32::from).into()),
        ("vendorCode", error.vendor_code.into()),
        ("vendorMessage", error.vendor_message.as_deref().into()),
        ("requestId", error.request_id.as_deref().into()),
        ("path", error.path.as_deref().into()),
        ("attempts", error.attempts.into()),
        ("retryAfterMs", error.retry_after_ms.into()),
    ]);
    let cause = error.cause.as_deref().and_then(|cause| cause.downcast_ref::<JsValue>());
    Object::assign(&object, fields.unchecked_ref());
    let descriptor = Object::new();
    for (name, value) in [
        ("value", cause.unwrap_or(&JsValue::NULL)),
        ("configurable", &JsValue::TRUE),
        ("writable", &JsValue::TRUE),
    ] {
        // Setting a field of a fresh object does not fail.
        let _ = Reflect::set(&descriptor, &JsValue::from_str(name), value);
    }
    let _ = Reflect::define_property(&object, &JsValue::from_str("cause"), &descriptor);
    object.into()
}
