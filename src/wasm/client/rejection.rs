//! Errors from outside of the module: the caller's, and those of a table of another module.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::error::{Error, ErrorKind};
use crate::wasm::error::to_js;
use crate::wasm::plain::property;

/// The reason with which a promise is rejected.
pub(super) enum Rejection {
    /// The reason of the caller's signal, or the exception of the caller's function, unchanged.
    Thrown(JsValue),
    /// An error of this package.
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
            Rejection::Thrown(reason) => reason,
            Rejection::Error(error) => to_js(&error),
        }
    }
}

/// An error whose `cause` is a JavaScript value of the caller.
pub(super) fn caused_by(kind: ErrorKind, message: impl Into<String>, cause: JsValue) -> Box<Error> {
    Error::new(kind, message).with(|error| error.cause = Some(Rc::new(cause)))
}

/// The error of another module of this package, or of what is thrown instead.
pub(super) fn of_js(thrown: JsValue) -> Box<Error> {
    let text = |name| property(&thrown, name).as_string();
    match text("code").and_then(|code| ErrorKind::of_code(&code)) {
        Some(kind) => Error::new(kind, text("message").unwrap_or_default())
            .with(|error| error.path = text("path")),
        None => caused_by(ErrorKind::Internal, "the table failed, see cause", thrown),
    }
}
