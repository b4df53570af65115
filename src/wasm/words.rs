//! Words for the page: labels of codes, masked telephone numbers. Not here: the codes (`schema/codes.rs`), the masks
//! (`phone.rs`).

use wasm_bindgen::prelude::*;

use super::{error, plain};
use crate::error::Error;
use crate::json::Value;
use crate::schema::{CodeTable, Language};

/// The label of a code: "已接" or "answered". The label of an unknown code: "未知(37)" or "unknown (37)".
///
/// # Errors
/// `invalid_argument` for an unknown table or language, and for a value that is not a code.
#[wasm_bindgen]
pub fn label(
    table: &JsValue,
    code: &JsValue,
    language: &JsValue,
) -> std::result::Result<String, JsValue> {
    let refuse = |path, message: &str| error::to_js(&Error::invalid_argument(path, message));
    let named = |name: String| CodeTable::named(&name);
    let table = table.as_string().and_then(named).ok_or_else(|| {
        let known: Vec<&str> = CodeTable::ALL.iter().map(|(name, _)| *name).collect();
        refuse("table", &format!("expected one of {}", known.join(", ")))
    })?;
    let code = match plain::from_js(code, "code") {
        Ok(Value::Null) => None,
        Ok(Value::Text(text)) => Some(text),
        Ok(Value::Int(number)) => Some(number.to_string()),
        _ => return Err(refuse("code", "expected an integer, a string or null")),
    };
    let language = match language.as_string() {
        None if language.is_undefined() => Some(Language::Zh),
        name => name.and_then(|name| Language::named(&name)),
    };
    let language = language.ok_or_else(|| error::to_js(&unknown_language()))?;
    Ok(crate::schema::label(table, code.as_deref(), language))
}

/// A telephone number without its middle.
///
/// # Errors
/// `invalid_argument` for what is no string.
#[wasm_bindgen(js_name = maskPhone)]
pub fn mask_phone(phone: &JsValue) -> std::result::Result<String, JsValue> {
    let text = phone.as_string();
    let text =
        text.ok_or_else(|| error::to_js(&Error::invalid_argument("phone", "expected a string")))?;
    Ok(crate::phone::mask_number(&text))
}

/// The error of an unknown language.
pub(super) fn unknown_language() -> Box<Error> {
    let known: Vec<_> = Language::ALL.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let known = known.join(" or ");
    Error::invalid_argument("language", &format!("expected {known}"))
}
