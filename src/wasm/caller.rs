//! The caller's headers and hooks. A hook that throws is reported on the console and changes nothing.

use js_sys::{Array, Function, Object, Promise, Reflect, try_iter};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::error::{caused_by, to_js};
use super::promise::report;
use crate::client::{Attempt, Caller};
use crate::error::{Error, Kind, Result};

/// The client's and the call's header sources, and the client's hooks.
#[derive(Debug, Clone, Default)]
pub(super) struct JsCaller {
    /// Asked in this order; a later one's header replaces an earlier one's of the same name.
    pub(super) headers: Vec<JsValue>,
    pub(super) on_request: Option<Function>,
    pub(super) on_response: Option<Function>,
    pub(super) on_retry: Option<Function>,
}

impl Caller for JsCaller {
    async fn headers(&self) -> Result<Vec<(String, String)>> {
        let mut all: Vec<(String, String)> = Vec::new();
        for source in &self.headers {
            for (name, value) in entries(&resolved(source).await?)? {
                all.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
                all.push((name, value));
            }
        }
        Ok(all)
    }

    fn on_request(&self, attempt: &Attempt) {
        tell(self.on_request.as_ref(), attempt, &[]);
    }

    fn on_response(&self, attempt: &Attempt, status: u16, duration_ms: i64) {
        #[expect(clippy::cast_precision_loss, reason = "a duration is far below 2^53")]
        let duration = JsValue::from_f64(duration_ms as f64);
        let status = JsValue::from_f64(f64::from(status));
        tell(self.on_response.as_ref(), attempt, &[("status", status), ("durationMs", duration)]);
    }

    fn on_retry(&self, attempt: &Attempt, error: Box<Error>, delay_ms: u32) {
        if self.on_retry.is_none() {
            return;
        }
        let error = error.with(|error| {
            error.endpoint = Some(attempt.endpoint);
            error.url = Some(attempt.url.to_owned());
            error.attempts = attempt.number;
        });
        let delay = JsValue::from_f64(f64::from(delay_ms));
        tell(self.on_retry.as_ref(), attempt, &[("error", to_js(&error)), ("delayMs", delay)]);
    }
}

/// What a header source gives, now.
async fn resolved(source: &JsValue) -> Result<JsValue> {
    let failed = |cause| caused_by(Kind::Headers, "the headers function failed", cause);
    let Some(function) = source.dyn_ref::<Function>() else { return Ok(source.clone()) };
    let given = function.call0(&JsValue::UNDEFINED).map_err(failed)?;
    JsFuture::from(Promise::<JsValue>::resolve(&given)).await.map_err(failed)
}

/// The name-value pairs of a `HeadersInit`; a value that is `null` or `undefined` is no header.
fn entries(headers: &JsValue) -> Result<Vec<(String, String)>> {
    let wrong =
        || Error::new(Kind::Headers, "expected headers as an object, an array of pairs or Headers");
    if headers.is_undefined() || headers.is_null() {
        return Ok(Vec::new());
    }
    let pairs: Vec<JsValue> = match try_iter(headers).map_err(|_| wrong())? {
        Some(pairs) => pairs.collect::<std::result::Result<_, _>>().map_err(|_| wrong())?,
        None if headers.is_object() => {
            Object::entries(headers.unchecked_ref()).iter().map(Into::into).collect()
        }
        None => return Err(wrong()),
    };
    let mut list = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let pair = pair.dyn_into::<Array>().map_err(|_| wrong())?;
        let name = pair.get(0).as_string().ok_or_else(wrong)?;
        let value = pair.get(1);
        if value.is_undefined() || value.is_null() {
            continue;
        }
        let value = value.as_string().ok_or_else(|| {
            let message = format!("the header “{name}” is not a string");
            Error::new(Kind::Headers, message).with(|error| error.path = Some(name.clone()))
        })?;
        list.push((name, value));
    }
    Ok(list)
}

/// Calls a hook with an event.
fn tell(hook: Option<&Function>, attempt: &Attempt, more: &[(&str, JsValue)]) {
    let Some(hook) = hook else { return };
    let event = Object::new();
    let common = [
        ("id", JsValue::from_str(attempt.id)),
        ("endpoint", JsValue::from_str(attempt.endpoint)),
        ("method", JsValue::from_str(attempt.method.name())),
        ("url", JsValue::from_str(attempt.url)),
        ("attempt", JsValue::from_f64(f64::from(attempt.number))),
    ];
    for (name, value) in common.iter().chain(more) {
        // Setting a field of a fresh object does not fail.
        let _ = Reflect::set(&event, &JsValue::from_str(name), value);
    }
    if let Err(error) = hook.call1(&JsValue::UNDEFINED, &event) {
        report(&error);
    }
}
