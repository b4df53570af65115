//! The caller's headers and hooks. The exception of a hook is printed to the console and has no other effect.

use js_sys::{Function, Reflect, Symbol};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::outside::{entries, method, settled};
use super::rejection::caused_by;
use crate::client::{Attempt, Caller};
use crate::error::{Error, ErrorKind, Result};
use crate::wasm::error::to_js;
use crate::wasm::plain::{self, property};
use crate::wasm::promise::log_error;

/// The client's and the call's header sources, and the client's hooks.
#[derive(Debug, Clone, Default)]
pub(super) struct JsCaller {
    /// The header sources, in this order. A later header replaces an earlier header of the same name.
    pub(super) headers: Vec<JsValue>,
    pub(super) on_request: Option<Function>,
    pub(super) on_response: Option<Function>,
    pub(super) on_retry: Option<Function>,
}

impl Caller for JsCaller {
    async fn headers(&self) -> Result<Vec<(String, String)>> {
        let mut all: Vec<(String, String)> = Vec::new();
        for source in &self.headers {
            for (name, value) in pairs(&resolve(source).await?)? {
                all.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
                all.push((name, value));
            }
        }
        Ok(all)
    }

    fn on_request(&self, attempt: &Attempt) {
        call_hook(self.on_request.as_ref(), || plain::to_js(&Event::of(attempt)));
    }

    fn on_response(&self, attempt: &Attempt, status: u16, duration_ms: i64) {
        call_hook(self.on_response.as_ref(), || {
            let event = Event::of(attempt);
            plain::to_js(&Event { status: Some(status), duration_ms: Some(duration_ms), ..event })
        });
    }

    fn on_retry(&self, attempt: &Attempt, error: &Error, delay_ms: u32) {
        call_hook(self.on_retry.as_ref(), || {
            let event = plain::to_js(&Event { delay_ms: Some(delay_ms), ..Event::of(attempt) });
            // Setting a property of a new plain object does not fail.
            let _ = Reflect::set(&event, &JsValue::from_str("error"), &to_js(error));
            event
        });
    }
}

/// `RequestEvent`, `ResponseEvent` or `RetryEvent`.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    id: &'a str,
    endpoint: &'a str,
    method: &'a str,
    url: &'a str,
    attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u32>,
}

impl<'a> Event<'a> {
    fn of(attempt: &Attempt<'a>) -> Self {
        Self {
            id: attempt.id,
            endpoint: attempt.endpoint,
            method: attempt.method.name(),
            url: attempt.url,
            attempt: attempt.number,
            ..Self::default()
        }
    }
}

/// The current value of a header source.
async fn resolve(source: &JsValue) -> Result<JsValue> {
    let failed = |cause| caused_by(ErrorKind::Headers, "the headers function failed", cause);
    let Some(function) = source.dyn_ref::<Function>() else { return Ok(source.clone()) };
    settled(function.call0(&JsValue::UNDEFINED).map_err(failed)?).await.map_err(failed)
}

/// The most headers that are read: an iterator of the caller may have no end.
const MAX_HEADERS: usize = 1000;

/// The items of an iterable; `None` if it is not one, if reading it throws, or if it has more than `most` items.
fn items(iterable: &JsValue, most: usize) -> Option<Vec<JsValue>> {
    let begin: Function = Reflect::get(iterable, &Symbol::iterator()).ok()?.dyn_into().ok()?;
    let iterator = begin.call0(iterable).ok()?;
    let next = method(&iterator, "next")?;
    let mut items = Vec::new();
    loop {
        let step = next.call0(&iterator).ok()?;
        if property(&step, "done").is_truthy() {
            return Some(items);
        }
        if items.len() == most {
            return None;
        }
        items.push(property(&step, "value"));
    }
}

/// The name-value pairs of a `HeadersInit`. Values that are `null` or `undefined` are skipped.
fn pairs(headers: &JsValue) -> Result<Vec<(String, String)>> {
    let invalid = || {
        Error::new(
            ErrorKind::Headers,
            "expected headers as an object, an array of pairs or Headers",
        )
    };
    if headers.is_undefined() || headers.is_null() {
        return Ok(Vec::new());
    }
    if !headers.is_object() {
        return Err(invalid());
    }
    let iterator = Reflect::get(headers, &Symbol::iterator()).map_err(|_| invalid())?;
    let list = if iterator.is_undefined() {
        entries(headers).map_err(|_| invalid())?.to_vec()
    } else {
        items(headers, MAX_HEADERS).ok_or_else(invalid)?
    };
    let mut all = Vec::new();
    for pair in list {
        if !pair.is_object() {
            return Err(invalid());
        }
        let mut pair = items(&pair, 2).ok_or_else(invalid)?.into_iter();
        let name = pair.next().and_then(|name| name.as_string()).ok_or_else(invalid)?;
        let value = pair.next().unwrap_or_default();
        if value.is_undefined() || value.is_null() {
            continue;
        }
        let value = value.as_string().ok_or_else(|| {
            let message = format!("the header “{name}” is not a string");
            Error::new(ErrorKind::Headers, message).with(|error| error.path = Some(name.clone()))
        })?;
        all.push((name, value));
    }
    Ok(all)
}

/// Calls a hook, if there is one, with an event. Does not wait for an asynchronous hook.
pub(super) fn call_hook(hook: Option<&Function>, event: impl FnOnce() -> JsValue) {
    let Some(hook) = hook else { return };
    match hook.call1(&JsValue::UNDEFINED, &event()) {
        Err(error) => log_error(&error),
        Ok(returned) if returned.is_object() => spawn_local(async move {
            if let Err(error) = settled(returned).await {
                log_error(&error);
            }
        }),
        Ok(_) => {}
    }
}
