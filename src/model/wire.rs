//! The spellings a field may have on the wire, and the path to it.
//!
//! A reader turns the value of one field into what the model holds. What it understands is
//! [`Reading::Whole`]; what it cannot read, or only in part, is [`Reading::Partly`], and the model
//! keeps the raw value under `extra`. Only what makes a row meaningless, a missing or unsafe id, is
//! an error. Not here: which field has which reader (the models).

use std::fmt;

use crate::error::Error;
use crate::json::{Value, is_safe, parse};
use crate::time::{shanghai_ms, shanghai_text};

/// What a reader made of a value.
pub(crate) enum Reading<T> {
    /// Nothing of it is lost.
    Whole(T),
    /// Something of it is: the raw value has to be kept.
    Partly(T),
}

/// A reader's answer.
pub(crate) type Read<T> = Result<Reading<T>, Error>;

/// Where in the answer one is, `data.list[3].callInstanceId`.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The root of a path, a name of its own.
    #[must_use]
    pub const fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Field(name) }
    }

    /// The path of a field of this object.
    #[must_use]
    pub const fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    /// The path of an item of this array.
    #[must_use]
    pub const fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }

    /// The error that something else was expected here than `found`.
    #[must_use]
    pub fn expected(&self, what: &str, found: &Value) -> Error {
        Error::unexpected_shape(self.to_string(), &format!("expected {what}, found {}", found.kind()))
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(formatter)?;
        }
        match self.step {
            Step::Field(name) if self.parent.is_some() => write!(formatter, ".{name}"),
            Step::Field(name) => formatter.write_str(name),
            Step::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}

/// Something read field by field from an object. Implemented by `model!`.
pub(crate) trait Model: Default {
    /// Fields without which a row means nothing.
    const REQUIRED: &'static [&'static str];

    /// Takes over the field `key`. `false`: it is not known here or not read as a whole.
    fn set(&mut self, key: &str, value: &Value, at: &Path) -> Result<bool, Error>;

    /// Keeps what [`set`](Model::set) did not take over.
    fn keep(&mut self, key: &str, value: &Value);

    /// Reads an object.
    fn read(value: &Value, at: &Path) -> Result<Self, Error> {
        let Value::Object(fields) = value else { return Err(at.expected("an object", value)) };
        for name in Self::REQUIRED {
            if value.get(name).is_none() {
                return Err(Error::unexpected_shape(at.field(name).to_string(), "it is missing"));
            }
        }
        let mut model = Self::default();
        for (key, value) in fields {
            if !model.set(key, value, &at.field(key))? {
                model.keep(key, value);
            }
        }
        Ok(model)
    }
}

/// Puts what a reader made into its field; whether it is whole.
pub(crate) fn store<T>(field: &mut T, reading: Reading<T>) -> bool {
    let (value, whole) = match reading {
        Reading::Whole(value) => (value, true),
        Reading::Partly(value) => (value, false),
    };
    *field = value;
    whole
}

/// An id that a row must have: an integer within ±(2⁵³−1), as a number or as digits.
pub(crate) fn id(value: &Value, at: &Path) -> Read<i64> {
    match optional_id(value, at)? {
        Reading::Whole(Some(id)) => Ok(Reading::Whole(id)),
        _ => Err(at.expected("an id", value)),
    }
}

/// An id that may be absent. One that JavaScript would round is an error: it would name another row.
pub(crate) fn optional_id(value: &Value, at: &Path) -> Read<Option<i64>> {
    let digits = |text: &str| {
        let text = text.trim().trim_start_matches(['-', '+']);
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    match (integer_of(value), value) {
        (None, Value::Int(_)) => Err(unsafe_id(at)),
        (None, Value::Float(number)) if number.abs() > 1e15 => Err(unsafe_id(at)),
        (None, Value::Text(text)) if digits(text) => Err(unsafe_id(at)),
        _ => integer(value, at),
    }
}

fn unsafe_id(at: &Path) -> Error {
    Error::unexpected_shape(
        at.to_string(),
        "this id is beyond ±(2^53 − 1), the integers a JavaScript number holds exactly",
    )
}

/// A count or a code: `27`, `"27"`, `27.0`, `true`; `""` is nothing.
pub(crate) fn integer(value: &Value, _at: &Path) -> Read<Option<i64>> {
    Ok(match value {
        Value::Null => Reading::Whole(None),
        Value::Text(text) if text.trim().is_empty() => Reading::Whole(None),
        _ => integer_of(value).map_or(Reading::Partly(None), |number| Reading::Whole(Some(number))),
    })
}

/// The safe integer that `value` says in any spelling.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Bool(flag) => i64::from(*flag),
        Value::Int(number) => *number,
        Value::Text(text) => text.trim().parse().ok()?,
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
        Value::Float(number) if number.trunc() == *number && number.abs() < 9e15 => *number as i64,
        _ => return None,
    };
    is_safe(number).then_some(number)
}

/// A code of a table: any integer, known or not.
pub(crate) fn code<C: From<i64>>(value: &Value, at: &Path) -> Read<Option<C>> {
    Ok(match integer(value, at)? {
        Reading::Whole(code) => Reading::Whole(code.map(C::from)),
        Reading::Partly(_) => Reading::Partly(None),
    })
}

/// `true`, `1`, `"1"`, `"true"` and their opposites.
pub(crate) fn flag(value: &Value, _at: &Path) -> Read<Option<bool>> {
    Ok(match value {
        Value::Null => Reading::Whole(None),
        Value::Bool(flag) => Reading::Whole(Some(*flag)),
        Value::Text(text) if text == "true" => Reading::Whole(Some(true)),
        Value::Text(text) if text == "false" => Reading::Whole(Some(false)),
        _ => match integer_of(value) {
            Some(number @ 0..=1) => Reading::Whole(Some(number == 1)),
            _ => Reading::Partly(None),
        },
    })
}

/// A string; a number or a boolean is taken as its text.
pub(crate) fn optional_text(value: &Value, _at: &Path) -> Read<Option<String>> {
    Ok(match value {
        Value::Null => Reading::Whole(None),
        Value::Text(text) => Reading::Whole(Some(text.clone())),
        Value::Int(number) => Reading::Whole(Some(number.to_string())),
        Value::Bool(flag) => Reading::Whole(Some(flag.to_string())),
        Value::Float(_) | Value::List(_) | Value::Object(_) => Reading::Partly(None),
    })
}

/// A string that is always there; nothing is the empty string.
pub(crate) fn text(value: &Value, at: &Path) -> Read<String> {
    Ok(match optional_text(value, at)? {
        Reading::Whole(text) => Reading::Whole(text.unwrap_or_default()),
        Reading::Partly(text) => Reading::Partly(text.unwrap_or_default()),
    })
}

/// Seconds: `27`, `"27"`, `"27秒"`, `"1分27秒"`, `"1小时2分3秒"`.
pub(crate) fn seconds(value: &Value, at: &Path) -> Read<Option<i64>> {
    if let Value::Text(text) = value
        && let Some(seconds) = duration(text)
    {
        return Ok(Reading::Whole(Some(seconds)));
    }
    Ok(match integer(value, at)? {
        Reading::Whole(Some(..0)) | Reading::Partly(_) => Reading::Partly(None),
        whole @ Reading::Whole(_) => whole,
    })
}

/// The seconds of a text made of numbers with units, largest unit first.
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
        let (number, after) = rest.split_at(end);
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

/// A time as sent; epoch milliseconds (ten digits more than seconds have) become the vendor's form.
pub(crate) fn wall_time(value: &Value, at: &Path) -> Read<Option<String>> {
    match epoch_of(value) {
        Some(ms) => Ok(Reading::Whole(Some(shanghai_text(ms)))),
        None => optional_text(value, at),
    }
}

/// The instant of a [`wall_time`], for the derived field beside it.
pub(crate) fn epoch_ms(value: &Value, _at: &Path) -> Read<Option<i64>> {
    Ok(Reading::Whole(epoch_of(value).or_else(|| match value {
        Value::Text(text) => shanghai_ms(text),
        _ => None,
    })))
}

/// An integer from 1973 on is taken for epoch milliseconds; a smaller one is no time.
fn epoch_of(value: &Value) -> Option<i64> {
    const RANGE: std::ops::Range<i64> = 100_000_000_000..100_000_000_000_000;
    integer_of(value).filter(|ms| RANGE.contains(ms))
}

/// Anything, as it came.
pub(crate) fn raw(value: &Value, _at: &Path) -> Read<Option<Value>> {
    Ok(Reading::Whole((*value != Value::Null).then(|| value.clone())))
}

/// An array of models; `null` is an empty one. Items that are no objects are left out.
pub(crate) fn list<M: Model>(value: &Value, at: &Path) -> Read<Vec<M>> {
    Ok(match optional_list(value, at)? {
        Reading::Whole(list) => Reading::Whole(list.unwrap_or_default()),
        Reading::Partly(list) => Reading::Partly(list.unwrap_or_default()),
    })
}

/// An array of models, or `null`. A text is read as the JSON it holds.
pub(crate) fn optional_list<M: Model>(value: &Value, at: &Path) -> Read<Option<Vec<M>>> {
    let items = match value {
        Value::Null => return Ok(Reading::Whole(None)),
        Value::Text(text) if text.is_empty() => return Ok(Reading::Whole(None)),
        Value::Text(text) => match parse(text.as_bytes()) {
            Ok(list @ Value::List(_)) => return optional_list(&list, at),
            _ => return Ok(Reading::Partly(None)),
        },
        Value::List(items) => items,
        _ => return Ok(Reading::Partly(None)),
    };
    let mut list = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if matches!(item, Value::Object(_)) {
            list.push(M::read(item, &at.index(index))?);
        }
    }
    Ok(match collected(list, items.len()) {
        Reading::Whole(list) => Reading::Whole(Some(list)),
        Reading::Partly(list) => Reading::Partly(Some(list)),
    })
}

/// A list that is whole when every one of `expected` items was read.
pub(crate) fn collected<T>(list: Vec<T>, expected: usize) -> Reading<Vec<T>> {
    if list.len() == expected { Reading::Whole(list) } else { Reading::Partly(list) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_every_spelling() {
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
        for text in ["", "秒", "27", "27秒1分", "1分1分", "1.5秒", "-3秒", "二十秒", "99999999999999999999秒"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
