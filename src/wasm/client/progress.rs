//! Converts the progress of a pagination or a synchronisation.

use wasm_bindgen::prelude::*;

use crate::json::Value;
use crate::paging::{Phase, Progress};
use crate::wasm::plain::value_to_js;

/// `Progress` in TypeScript.
pub(super) fn progress_to_js(progress: Progress) -> JsValue {
    let phase = match progress.phase {
        Phase::Listing => "listing",
        Phase::Verifying => "verifying",
    };
    object(&[
        ("phase", phase.into()),
        ("done", count(progress.done)),
        ("total", progress.total.map(count).into()),
        ("requests", progress.requests.into()),
    ])
}

/// Makes an object for JavaScript: a report, progress.
pub(super) fn object(fields: &[(&str, Value)]) -> JsValue {
    let owned = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
    // This fails only without memory.
    value_to_js(&Value::Object(fields.iter().map(owned).collect())).unwrap_or_default()
}

fn count(number: u64) -> Value {
    i64::try_from(number).ok().into()
}
