//! The spellings a field may have on the wire, and the path to it.
//!
//! A [`Kind`] turns the value of one field into what the model holds. What it understands is whole;
//! what it cannot read, or only in part, is not, and the model keeps the raw value under `extra`.
//! Only what makes a row meaningless, a missing or unsafe id, is an error. Not here: which field is
//! of which kind (`schema/`).

use std::fmt;

use crate::error::{Error, Result};
use crate::json::{Value, exact_integer, is_safe, parse, to_text};
use crate::schema::{Kind, Model};
use crate::sort::sorted_positions;
use crate::time::{epoch_ms, plain_ms, shanghai_ms, shanghai_text};

/// What was made of a value, and whether nothing of it is lost.
pub(super) struct Reading {
    pub(super) value: Value,
    pub(super) whole: bool,
}

impl Reading {
    const fn whole(value: Value) -> Self {
        Self { value, whole: true }
    }

    const fn unreadable() -> Self {
        Self { value: Value::Null, whole: false }
    }

    /// `value` if there is one.
    fn of(value: Option<Value>) -> Self {
        value.map_or_else(Self::unreadable, Self::whole)
    }

    /// The items that could be read, of `expected`.
    fn list(items: Vec<Value>, expected: usize) -> Self {
        Self { whole: items.len() == expected, value: Value::List(items) }
    }

    fn or(self, nothing: Value) -> Self {
        if self.value == Value::Null { Self { value: nothing, ..self } } else { self }
    }
}

impl Kind {
    /// What a field holds that the server did not send.
    pub(super) fn nothing(self, at: &Path) -> Result<Value> {
        Ok(self.read(&Value::Null, at)?.value)
    }

    /// Reads the value of one field.
    pub(super) fn read(self, value: &Value, at: &Path) -> Result<Reading> {
        Ok(match self {
            Self::Id => match optional_id(value, at)? {
                Reading { value: id @ Value::Int(_), .. } => Reading::whole(id),
                _ => return Err(at.expected("an id", value)),
            },
            Self::OptionalId => optional_id(value, at)?,
            Self::Integer => integer(value),
            Self::Flag => flag(value),
            Self::Text => text(value).or(Value::Text(String::new())),
            Self::OptionalText => text(value),
            Self::Seconds => seconds(value),
            Self::WallTime => match epoch_of(value) {
                Some(ms) => Reading::whole(Value::Text(shanghai_text(ms))),
                None => text(value),
            },
            // Whether the text can be read is for the field beside it to say.
            Self::EpochMs => {
                Reading { value: instant(value).map_or(Value::Null, Value::Int), whole: false }
            }
            Self::Raw => Reading::whole(value.clone()),
            Self::Counts => counts(value),
            Self::ResultDefinitions => result_definitions(value),
            Self::Stats => stats(value),
            Self::NamedValues => named_values(value),
            Self::List(model) => list(model, value, at)?.or(Value::List(Vec::new())),
            Self::OptionalList(model) => list(model, value, at)?,
            Self::Object(model) => {
                let only = match value {
                    Value::List(items) if items.len() == 1 => items.first(),
                    _ => None,
                };
                Reading::whole(match only {
                    Some(item) => model.read(item, &at.index(0))?,
                    None => model.read(value, at)?,
                })
            }
            Self::ObjectOrEmpty(model) if *value == Value::Null => {
                Reading::whole(model.read(&Value::Object(Vec::new()), at)?)
            }
            Self::ObjectOrEmpty(model) => Reading::whole(model.read(value, at)?),
        })
    }
}

/// A scalar as it lies in a body, a text without escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    Null,
    Int(i64),
    Text(&'a [u8]),
}

/// What a plainly spelt scalar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    /// Nothing, or an empty text where that is the same.
    Nothing,
    /// A number; of a time its epoch milliseconds.
    Integer(i64),
    /// A number that was sent as text, where no document has it so.
    IntegerAsText(i64),
    /// The text itself.
    Text,
}

impl Kind {
    /// What [`Kind::read`] would make of a scalar, whole, without a value being made; `None` where
    /// the spelling is not plain, or the field is to be a list or an object.
    #[inline]
    pub(crate) fn plain(self, scalar: Scalar) -> Option<Plain> {
        match (self, scalar) {
            (Self::Id | Self::OptionalId | Self::Integer, Scalar::Int(value)) => {
                Some(Plain::Integer(value))
            }
            (Self::Id | Self::OptionalId | Self::Integer, Scalar::Text(text)) => {
                plain_digits(text).map(Plain::IntegerAsText)
            }
            (Self::Seconds, Scalar::Int(value @ 0..)) => Some(Plain::Integer(value)),
            (Self::Seconds, Scalar::Text(text)) => {
                plain_digits(text.strip_suffix("秒".as_bytes()).unwrap_or(text)).map(Plain::Integer)
            }
            (Self::WallTime, Scalar::Text(text)) => plain_ms(text).map(Plain::Integer),
            (Self::Text, Scalar::Text([]))
            | (
                Self::OptionalId
                | Self::Integer
                | Self::Seconds
                | Self::WallTime
                | Self::Text
                | Self::OptionalText
                | Self::NamedValues,
                Scalar::Null,
            ) => Some(Plain::Nothing),
            (Self::Text | Self::OptionalText, Scalar::Text(_)) => Some(Plain::Text),
            _ => None,
        }
    }

    /// The JSON text of a list, as [`Kind::read`] has it, if that is all it says.
    pub(crate) fn plain_list(self, list: &Value) -> Option<String> {
        let reading = self.read(list, &Path::root("")).ok().filter(|reading| reading.whole)?;
        Some(to_text(&reading.value))
    }
}

/// The number of up to fifteen digits and nothing else.
#[inline]
fn plain_digits(text: &[u8]) -> Option<i64> {
    let digit = |value: i64, byte: &u8| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    };
    if (1..=15).contains(&text.len()) { text.iter().try_fold(0, digit) } else { None }
}

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
    pub fn expected(&self, what: &str, found: &Value) -> Box<Error> {
        Error::unexpected_shape(
            self.to_string(),
            &format!("expected {what}, found {}", found.kind()),
        )
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

fn optional_id(value: &Value, at: &Path) -> Result<Reading> {
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
    // `true` is a count of one, but nobody's name.
    Ok(if matches!(value, Value::Bool(_)) { Reading::unreadable() } else { integer(value) })
}

fn integer(value: &Value) -> Reading {
    match value {
        Value::Null => Reading::whole(Value::Null),
        Value::Text(text) if text.trim().is_empty() => Reading::whole(Value::Null),
        _ => Reading::of(integer_of(value).map(Value::Int)),
    }
}

/// The safe integer that `value` says in any spelling.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Bool(flag) => i64::from(*flag),
        Value::Int(number) => *number,
        Value::Text(text) => exact_integer(text.trim())?,
        _ => return None,
    };
    is_safe(number).then_some(number)
}

fn flag(value: &Value) -> Reading {
    let flag = match value {
        Value::Null => return Reading::whole(Value::Null),
        Value::Text(text) if text == "true" => Some(true),
        Value::Text(text) if text == "false" => Some(false),
        _ => match integer_of(value) {
            Some(number @ 0..=1) => Some(number == 1),
            _ => None,
        },
    };
    Reading::of(flag.map(Value::Bool))
}

fn text(value: &Value) -> Reading {
    match value {
        Value::Null => Reading::whole(Value::Null),
        _ => Reading::of(text_of(value).map(Value::Text)),
    }
}

/// A string, or a number or a boolean as its text.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Numeral(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn seconds(value: &Value) -> Reading {
    if let Value::Text(text) = value
        && let Some(seconds) = duration(text)
    {
        return Reading::whole(Value::Int(seconds));
    }
    match integer(value) {
        Reading { value: Value::Int(..0), .. } => Reading::unreadable(),
        reading => reading,
    }
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

/// The instant of a time in any spelling.
pub(crate) fn instant(value: &Value) -> Option<i64> {
    epoch_of(value).or_else(|| shanghai_ms(&text_of(value)?))
}

fn epoch_of(value: &Value) -> Option<i64> {
    integer_of(value).and_then(epoch_ms)
}

/// Objects read by `model`. A text is read as the JSON it holds; items that are no objects are left out.
fn list(model: &Model, value: &Value, at: &Path) -> Result<Reading> {
    let items = match value {
        Value::Null => return Ok(Reading::whole(Value::Null)),
        Value::Text(text) if text.is_empty() => return Ok(Reading::whole(Value::Null)),
        Value::Text(text) => match parse(text.as_bytes()) {
            Ok(value @ Value::List(_)) => return list(model, &value, at),
            _ => return Ok(Reading::unreadable()),
        },
        Value::List(items) => items,
        _ => return Ok(Reading::unreadable()),
    };
    let mut read = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if matches!(item, Value::Object(_)) {
            read.push(model.read(item, &at.index(index))?);
        }
    }
    Ok(Reading::list(read, items.len()))
}

/// `{ name, <key>: value }`.
fn named(name: String, key: &str, value: Value) -> Value {
    Value::Object(vec![("name".to_owned(), Value::Text(name)), (key.to_owned(), value)])
}

/// The items of `value` that `read` can read.
fn readable(value: &Value, read: impl Fn(&Value) -> Option<Value>) -> Reading {
    match value {
        Value::Null => Reading::whole(Value::List(Vec::new())),
        Value::List(items) => Reading::list(items.iter().filter_map(read).collect(), items.len()),
        _ => Reading::unreadable().or(Value::List(Vec::new())),
    }
}

/// Objects of a name and one more thing, which `read` can read.
fn pairs(value: &Value, read: impl Fn(&Value) -> Option<Value>) -> Reading {
    let mut reading = readable(value, read);
    if let Value::List(items) = value {
        let says_more = |item: &Value| matches!(item, Value::Object(fields) if fields.len() > 2);
        reading.whole &= !items.iter().any(says_more);
    }
    reading
}

fn counts(value: &Value) -> Reading {
    pairs(value, |item| {
        let count = integer_of(item.get("value")?)?;
        Some(named(text_of(item.get("name")?)?, "value", Value::Int(count)))
    })
}

fn result_definitions(value: &Value) -> Reading {
    pairs(value, |item| {
        let values = readable(item.get("values")?, |value| text_of(value).map(Value::Text));
        let name = text_of(item.get("name")?)?;
        values.whole.then(|| named(name, "values", values.value))
    })
}

fn named_values(value: &Value) -> Reading {
    let pair = |name, value: &Value| Some(named(name, "value", Value::Text(text_of(value)?)));
    if let Value::Object(fields) = value {
        let pairs = fields.iter().filter_map(|(name, value)| pair(name.clone(), value));
        return Reading::list(pairs.collect(), fields.len());
    }
    pairs(value, |item| pair(text_of(item.get("name")?)?, item.get("value")?))
}

fn stats(value: &Value) -> Reading {
    let lists: Vec<Option<(&String, &Value, bool)>> = match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, counts)| Some((name, counts, true))).collect()
        }
        Value::List(items) => items.iter().map(named_array).collect(),
        Value::Null => Vec::new(),
        _ => vec![None],
    };
    let mut stats: Vec<(String, Value)> = Vec::with_capacity(lists.len());
    let mut whole = true;
    for list in lists {
        let Some((name, value, alone)) = list else {
            whole = false;
            continue;
        };
        let list = counts(value);
        whole &= alone && list.whole;
        stats.push((name.clone(), list.value));
    }
    let name = |at: usize| stats.get(at).map(|(name, _)| name.as_str());
    let order = sorted_positions(stats.len(), &|one, other| name(one).cmp(&name(other)));
    whole &= order.iter().zip(order.iter().skip(1)).all(|(one, next)| name(*one) != name(*next));
    Reading { value: Value::Object(stats), whole }
}

/// `{ "name": "客户关注点", "values": […] }` or `{ "客户关注点": […] }`, and whether that is all it says.
fn named_array(item: &Value) -> Option<(&String, &Value, bool)> {
    let Value::Object(fields) = item else { return None };
    let (key, array) = fields.iter().find(|(_, value)| matches!(value, Value::List(_)))?;
    Some(match item.get("name") {
        Some(Value::Text(name)) => (name, array, fields.len() == 2 && key == "values"),
        _ => (key, array, fields.len() == 1),
    })
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
