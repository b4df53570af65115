//! [`Value`] → JSON text, for request bodies, and for JavaScript to parse.

use super::{Value, is_safe};

/// `value` as compact JSON. An integer that a JavaScript number would round keeps its digits as a
/// string.
#[must_use]
pub fn to_text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) if is_safe(*number) => out.push_str(&number.to_string()),
        Value::Int(number) => write_string(&number.to_string(), out),
        Value::Numeral(numeral) if numeral.contains(['.', 'e', 'E']) => out.push_str(numeral),
        Value::Numeral(numeral) => write_string(numeral, out),
        Value::Text(text) => write_string(text, out),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (index, (key, item)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\u{0}'..='\u{1F}' => {
                let code = u32::from(character);
                let digit = |shift: u32| char::from_digit((code >> shift) & 15, 16).unwrap_or('0');
                out.push_str("\\u00");
                out.extend([digit(4), digit(0)]);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
