//! Plain data across the edge.
//!
//! Answers go out as JSON text that JavaScript parses, which was measured to be quicker than making
//! the objects from here one property at a time; small typed things (errors, events) go out by
//! serde-wasm-bindgen. Queries come in by hand: serde-wasm-bindgen reads properties without catching
//! what a getter throws, and brings the formatting of doubles along, six kilobytes of the download.

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::outside::{is_array, property};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{MAX_DEPTH, MAX_SAFE_INTEGER, Value, to_text};

/// Values in a query: more than anyone asks for, fewer than would exhaust memory or patience. A list
/// may claim any length, and lists that share their items grow without bound when written out.
const MAX_VALUES: u32 = 10_000;

/// Plain data from JavaScript. A field that is `undefined` is absent, `undefined` alone is `null`, and in a list
/// it is refused: there it is a mistake. `path` is what an error calls the data.
pub(super) fn from_js(value: &JsValue, path: &str) -> Result<Value> {
    let mut left = MAX_VALUES;
    read(value, 0, &mut left).ok_or_else(|| {
        let message = "expected plain data: objects, arrays without undefined, strings, numbers";
        Error::invalid_argument(path, message)
    })
}

/// Reads a value inside `depth` others; `left` are the values that may still be read.
fn read(value: &JsValue, depth: u32, left: &mut u32) -> Option<Value> {
    *left = left.checked_sub(1)?;
    if value.is_undefined() || value.is_null() {
        return Some(Value::Null);
    }
    if let Some(flag) = value.as_bool() {
        return Some(Value::Bool(flag));
    }
    if let Some(number) = value.as_f64() {
        return Some(number_of(number));
    }
    if let Some(text) = value.as_string() {
        return Some(Value::Text(text));
    }
    if let Some(date) = value.dyn_ref::<js_sys::Date>() {
        return Some(number_of(date.get_time()));
    }
    // An object may contain itself.
    if !value.is_object() || value.is_function() || depth == MAX_DEPTH {
        return None;
    }
    if is_array(value).ok()? {
        let length = property(value, "length").as_f64()?;
        if length > f64::from(*left) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is small")]
        let indices = 0..length as u32;
        let mut item = |index| {
            let item = Reflect::get_u32(value, index).ok().filter(|item| !item.is_undefined())?;
            read(&item, depth + 1, left)
        };
        return indices.map(&mut item).collect::<Option<_>>().map(Value::List);
    }
    let mut fields = Vec::new();
    for key in Reflect::own_keys(value).ok()?.iter() {
        // A symbol is no name of a field.
        let Some(name) = key.as_string() else { continue };
        let field = Reflect::get(value, &key).ok()?;
        if !field.is_undefined() {
            fields.push((name, read(&field, depth + 1, left)?));
        }
    }
    Some(Value::Object(fields))
}

/// A number that is no safe integer stays as JavaScript writes it, `NaN` and `Infinity` too.
fn number_of(number: f64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "2^53 − 1 is exact")]
    let safe = is_whole(number) && number.abs() <= MAX_SAFE_INTEGER as f64;
    #[expect(clippy::cast_possible_truncation, reason = "a safe integer")]
    if safe { Value::Int(number as i64) } else { Value::Numeral(text_of(number)) }
}

fn text_of(number: f64) -> String {
    let text = js_sys::Number::from(number).to_string_with_radix(10);
    text.map_or_else(|_| String::new(), String::from)
}

/// Whether a number has no fraction; no `NaN` and no infinity has none.
#[expect(clippy::float_cmp, reason = "a number without fraction is exactly its own whole part")]
pub(super) fn is_whole(number: f64) -> bool {
    number.trunc() == number && number.is_finite()
}

/// An answer for JavaScript: objects, arrays, strings, numbers, booleans, `null`.
pub(super) fn answer_to_js(answer: &Value) -> Result<JsValue> {
    js_sys::JSON::parse(&to_text(answer))
        .map_err(|_| Error::new(ErrorKind::Internal, "cannot hand out the answer"))
}

/// An object for JavaScript: a report, progress.
pub(super) fn object(fields: &[(&str, Value)]) -> JsValue {
    let owned = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
    // Only where memory ends does this fail.
    answer_to_js(&Value::Object(fields.iter().map(owned).collect())).unwrap_or_default()
}

/// Something small and typed for JavaScript, a plain object with `null` for nothing.
pub(super) fn to_js<T: Serialize>(value: &T) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Only numbers beyond ±(2^53 − 1) fail, and there are none in errors and events.
    value.serialize(&serializer).unwrap_or_default()
}
