//! Ids, integers, flags, texts, seconds and instants, in every spelling seen on the wire.

use super::Path;
use super::decoded::Decoded;
use crate::error::{Error, Result};
use crate::json::{Value, exact_integer, is_safe};
use crate::time::{epoch_ms, shanghai_ms};

/// Reads an id that may be absent.
///
/// # Errors
/// `unexpected_shape` for an id that JavaScript would round.
pub(super) fn optional_id(value: &Value, at: &Path) -> Result<Decoded> {
    let exact = match value {
        Value::Int(number) => Some(*number),
        Value::Numeral(text) | Value::Text(text) => exact_integer(text.trim()),
        _ => None,
    };
    if exact.is_some_and(|id| !is_safe(id)) {
        let message =
            "this id is beyond ±(2^53 − 1), the integers a JavaScript number holds exactly";
        return Err(Error::unexpected_shape(at.to_string(), message));
    }
    // As an integer `true` is 1, but it is not an id.
    Ok(if matches!(value, Value::Bool(_)) { Decoded::unreadable() } else { integer(value) })
}

/// Reads an integer that may be absent; an empty text is absent.
pub(super) fn integer(value: &Value) -> Decoded {
    match value {
        Value::Null => Decoded::complete(Value::Null),
        Value::Text(text) if text.trim().is_empty() => Decoded::complete(Value::Null),
        _ => Decoded::of(integer_of(value).map(Value::Int)),
    }
}

/// The safe integer of a value in any spelling; a boolean is 0 or 1.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Bool(flag) => i64::from(*flag),
        Value::Int(number) => *number,
        Value::Text(text) => exact_integer(text.trim())?,
        _ => return None,
    };
    is_safe(number).then_some(number)
}

/// Reads a boolean that may be absent: `true`, `1`, `"1"`, `"true"` and their opposites.
pub(super) fn flag(value: &Value) -> Decoded {
    let flag = match value {
        Value::Null => return Decoded::complete(Value::Null),
        Value::Text(text) if text == "true" => Some(true),
        Value::Text(text) if text == "false" => Some(false),
        _ => match integer_of(value) {
            Some(number @ 0..=1) => Some(number == 1),
            _ => None,
        },
    };
    Decoded::of(flag.map(Value::Bool))
}

/// Reads a text that may be absent; a number or a boolean becomes its text.
pub(super) fn text(value: &Value) -> Decoded {
    match value {
        Value::Null => Decoded::complete(Value::Null),
        _ => Decoded::of(text_of(value).map(Value::Text)),
    }
}

/// The text of a string, a number or a boolean.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Numeral(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Reads a length of time in seconds that may be absent; a negative number is unreadable.
pub(super) fn seconds(value: &Value) -> Decoded {
    if let Value::Text(text) = value
        && let Some(seconds) = duration(text)
    {
        return Decoded::complete(Value::Int(seconds));
    }
    match integer(value) {
        Decoded { value: Value::Int(..0), .. } => Decoded::unreadable(),
        decoded => decoded,
    }
}

/// The seconds of a text of numbers with units, in descending order of units.
fn duration(text: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 9] = [
        ("小时", 3600),
        ("时", 3600),
        ("分钟", 60),
        ("分", 60),
        ("秒钟", 1),
        ("秒", 1),
        ("h", 3600),
        ("m", 60),
        ("s", 1),
    ];
    let mut rest = text.trim();
    let (mut total, mut last_unit) = (0_i64, i64::MAX);
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(end)?;
        let (name, unit) = *UNITS.iter().find(|(name, _)| after.trim_start().starts_with(name))?;
        if unit >= last_unit {
            return None;
        }
        last_unit = unit;
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        rest = after.trim_start().strip_prefix(name)?.trim_start();
    }
    (last_unit < i64::MAX && is_safe(total)).then_some(total)
}

/// The instant of a time in any spelling, in epoch milliseconds.
pub(crate) fn instant(value: &Value) -> Option<i64> {
    epoch_of(value).or_else(|| shanghai_ms(&text_of(value)?))
}

/// The instant of a value that is a number of epoch milliseconds, between the years 2000 and 2100.
pub(super) fn epoch_of(value: &Value) -> Option<i64> {
    integer_of(value).and_then(epoch_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_in_every_spelling_and_refused_in_any_other() {
        for (text, seconds) in [
            ("27秒", 27),
            ("1分27秒", 87),
            ("1分钟27秒", 87),
            ("2分", 120),
            ("1小时2分3秒", 3723),
            ("1h 2m 3s", 3723),
            (" 8 秒 ", 8),
            ("0秒", 0),
        ] {
            assert_eq!(duration(text), Some(seconds), "{text}");
        }
        for text in [
            "",
            "秒",
            "27",
            "27秒1分",
            "1分1分",
            "1.5秒",
            "-3秒",
            "二十秒",
            "99999999999999999999秒",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
