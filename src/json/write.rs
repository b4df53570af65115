//! [`Value`] → JSON text, for request bodies and for JavaScript.

use super::{Value, is_safe, scan};

/// `value` as compact JSON. An integer that a JavaScript number would round, and a numeral that may become
/// infinite there, are written as strings, so that they keep their digits.
#[must_use]
pub fn to_text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null | Value::TooDeep => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) if is_safe(*number) => write_integer(*number, out),
        Value::Int(number) => write_string(&number.to_string(), out),
        Value::Numeral(numeral) if is_double(numeral) => out.push_str(numeral),
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

/// Whether a numeral is a fraction or has an exponent, and is a finite double in JavaScript.
fn is_double(numeral: &str) -> bool {
    let exponent = numeral.split_once(['e', 'E']).map(|(_, exponent)| exponent);
    let small = exponent.is_none_or(|exponent| exponent.trim_start_matches(['+', '-']).len() <= 2);
    small && numeral.len() < 200 && numeral.contains(['.', 'e', 'E'])
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    loop {
        let special = scan::special(rest.as_bytes());
        let (plain, after) = rest.split_at_checked(special).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut characters = after.chars();
        match characters.next() {
            None => break,
            Some(character @ ('"' | '\\')) => out.extend(['\\', character]),
            Some(control) => {
                let code = u32::from(control);
                let digit = |shift: u32| char::from_digit((code >> shift) & 15, 16).unwrap_or('0');
                out.push_str("\\u00");
                out.extend([digit(4), digit(0)]);
            }
        }
        rest = characters.as_str();
    }
    out.push('"');
}

/// Writes an integer without a text of its own.
pub(crate) fn write_integer(number: i64, out: &mut String) {
    let (mut digits, mut at, mut rest) = ([b'0'; 20], 20, number.unsigned_abs());
    loop {
        at -= 1;
        let (digit, more) = (u8::try_from(rest % 10).unwrap_or_default(), rest / 10);
        if let Some(place) = digits.get_mut(at) {
            *place += digit;
        }
        rest = more;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.push_str(digits.get(at..).and_then(|digits| str::from_utf8(digits).ok()).unwrap_or("0"));
}
