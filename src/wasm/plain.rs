//! Conversion of plain data between Rust and JavaScript.
//!
//! An answer becomes JSON text that JavaScript parses. This was measured to be faster than setting the properties
//! of objects from Rust. Small typed values (errors, events) are converted by serde-wasm-bindgen. Input is read by
//! the code here, because serde-wasm-bindgen does not catch the exceptions of getters, and adds six kilobytes for the
//! formatting of doubles.

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::{Error, ErrorKind, Result};
use crate::json::{MAX_DEPTH, MAX_SAFE_INTEGER, Value, to_text};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    pub(super) fn is_array(value: &JsValue) -> std::result::Result<bool, JsValue>;
}

/// The maximum number of values in the input. A list may claim any length, and lists that share their items may
/// become very large when they are copied.
const MAX_VALUES: u32 = 10_000;

/// A property; `undefined` if reading it throws.
pub(super) fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// Reads plain data from JavaScript. A property that is `undefined` is absent. A single `undefined` is `null`. An
/// `undefined` in a list is a mistake and is refused. `path` is the path of the data in errors.
pub(super) fn from_js(value: &JsValue, path: &str) -> Result<Value> {
    let mut remaining = MAX_VALUES;
    read(value, 0, &mut remaining).ok_or_else(|| {
        let message = "expected plain data: objects, arrays without undefined, strings, numbers";
        Error::invalid_argument(path, message)
    })
}

/// Reads a value at a depth. `remaining` is the number of values that may still be read.
fn read(value: &JsValue, depth: u32, remaining: &mut u32) -> Option<Value> {
    *remaining = remaining.checked_sub(1)?;
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
    // The depth is limited, because an object may contain itself.
    if !value.is_object() || value.is_function() || depth == MAX_DEPTH {
        return None;
    }
    if is_array(value).ok()? {
        let length = property(value, "length").as_f64()?;
        if length > f64::from(*remaining) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most MAX_VALUES"
        )]
        let indices = 0..length as u32;
        let mut item = |index| {
            let item = Reflect::get_u32(value, index).ok().filter(|item| !item.is_undefined())?;
            read(&item, depth + 1, remaining)
        };
        return indices.map(&mut item).collect::<Option<_>>().map(Value::List);
    }
    let mut fields = Vec::new();
    for key in Reflect::own_keys(value).ok()?.iter() {
        // A symbol is not the name of a field.
        let Some(name) = key.as_string() else { continue };
        let field = Reflect::get(value, &key).ok()?;
        if !field.is_undefined() {
            fields.push((name, read(&field, depth + 1, remaining)?));
        }
    }
    Some(Value::Object(fields))
}

/// A number. One that is not a safe integer, also `NaN` and `Infinity`, becomes the text that JavaScript writes.
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

/// Whether a number is whole. `NaN` and infinities are not.
#[expect(clippy::float_cmp, reason = "a whole number equals its whole part exactly")]
pub(super) fn is_whole(number: f64) -> bool {
    number.trunc() == number && number.is_finite()
}

/// Converts a value for JavaScript: objects, arrays, strings, numbers, booleans, `null`.
pub(super) fn value_to_js(value: &Value) -> Result<JsValue> {
    text_to_js(&to_text(value))
}

/// Converts JSON text to the value of JavaScript.
pub(super) fn text_to_js(text: &str) -> Result<JsValue> {
    js_sys::JSON::parse(text)
        .map_err(|_| Error::new(ErrorKind::Internal, "cannot hand out the answer"))
}

/// Converts a small typed value to a plain object. `None` becomes `null`.
pub(super) fn to_js<T: Serialize>(value: &T) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Only numbers beyond ±(2^53 − 1) fail. Errors and events do not contain them.
    value.serialize(&serializer).unwrap_or_default()
}
