//! Converts the progress of a pagination or a synchronisation.

use wasm_bindgen::prelude::*;

use super::plain::object;
use crate::json::Value;
use crate::paging::{Phase, Progress};

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

fn count(number: u64) -> Value {
    i64::try_from(number).ok().into()
}
