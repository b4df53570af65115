//! Which calls: a filter as the caller writes it, checked. Not here: how the rows that pass it are
//! found (`passing.rs`).

use super::heatmap::CELLS;
use crate::error::{Error, Result};
use crate::json::{Value, to_text};
use crate::sort::sorted;
use crate::table::field;
use crate::time::shanghai_ms;

/// Filters inside filters; deeper ones are refused.
const MAX_DEPTH: usize = 32;

/// Conditions that must all hold; without any it holds for every row.
///
/// A row that has no value, or one that could not be read, fails every condition on that field.
/// `not` is the plain complement, so such a row passes it. Ranges without anything in them, a `min`
/// above its `max` or a `from` after its `to`, never hold: a brush may be dragged to nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    pub(super) conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    /// The field's value lies in one of these ranges, both ends inclusive; they rise.
    Ranges(usize, Vec<(i64, i64)>),
    /// The hour of the week of `startTime`, Monday first, is one of these.
    Hours(Box<[bool; CELLS]>),
    /// The text of a repeating field is one of these.
    OneOf(usize, Vec<String>),
    /// The intent level, 1–6, is one of these.
    Levels([bool; 7]),
    /// One of these is among the results, each the JSON of a name and a value.
    Results(Vec<String>),
    /// The customer's name or number contains this, in lower case as far as it is ASCII.
    Contains(String),
    Not(Filter),
    AnyOf(Vec<Filter>),
}

const KEYS: [&str; 13] = [
    "callJobId",
    "finishStatus",
    "callerPhone",
    "duration",
    "chatRound",
    "startTime",
    "hourOfDay",
    "weekday",
    "intentLevel",
    "results",
    "text",
    "not",
    "anyOf",
];

impl Filter {
    /// Checks a `CallFilter`. `path` is what an error calls it.
    ///
    /// # Errors
    /// `invalid_argument` for a key there is not and for a value that cannot be; its path names it.
    pub fn read(value: &Value, path: &str) -> Result<Self> {
        Self::nested(value, path, 0)
    }

    fn nested(value: &Value, path: &str, depth: usize) -> Result<Self> {
        let Value::Object(fields) = value else {
            return Err(Error::invalid_argument(path, "expected a filter, an object"));
        };
        if depth == MAX_DEPTH {
            return Err(Error::invalid_argument(path, "filters lie too deep inside each other"));
        }
        let mut conditions = Vec::new();
        for (key, value) in fields {
            let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            if *value == Value::Null {
                continue;
            }
            conditions.push(match key.as_str() {
                "callJobId" => Condition::Ranges(field::TASK, numbers(value, &at)?),
                "finishStatus" => Condition::Ranges(field::FINISH_STATUS, numbers(value, &at)?),
                "callerPhone" => Condition::OneOf(field::CALLER, texts(value, &at)?),
                "duration" => Condition::Ranges(field::DURATION, bounds(value, &at)?),
                "chatRound" => Condition::Ranges(field::CHAT_ROUND, bounds(value, &at)?),
                "startTime" => Condition::Ranges(field::START, times(value, &at)?),
                "hourOfDay" => {
                    let chosen: [bool; 24] = flags(value, &at, 0, "hours, 0 to 23")?;
                    hours(&mut conditions, |cell| chosen.get(cell % 24));
                    continue;
                }
                "weekday" => {
                    let chosen: [bool; 7] = flags(value, &at, 1, "weekdays, 1 to 7")?;
                    hours(&mut conditions, |cell| chosen.get(cell / 24));
                    continue;
                }
                "intentLevel" => Condition::Levels(levels(value, &at)?),
                "results" => {
                    for (index, item) in list(value, &at)?.iter().enumerate() {
                        conditions.push(result(item, &format!("{at}[{index}]"))?);
                    }
                    // An empty list of alternatives never holds; there are no values, as elsewhere.
                    if list(value, &at)?.is_empty() {
                        conditions.push(Condition::AnyOf(Vec::new()));
                    }
                    continue;
                }
                "text" => match value {
                    Value::Text(text) => Condition::Contains(text.to_ascii_lowercase()),
                    _ => return Err(Error::invalid_argument(at, "expected a string")),
                },
                "not" => Condition::Not(Self::nested(value, &at, depth + 1)?),
                "anyOf" => {
                    let filters = list(value, &at)?.iter().enumerate();
                    let nested = filters.map(|(index, filter)| {
                        Self::nested(filter, &format!("{at}[{index}]"), depth + 1)
                    });
                    Condition::AnyOf(nested.collect::<Result<_>>()?)
                }
                _ => {
                    let message = format!("no such key; there are {}", KEYS.join(", "));
                    return Err(Error::invalid_argument(at, &message));
                }
            });
        }
        Ok(Self { conditions })
    }
}

fn list<'a>(value: &'a Value, at: &str) -> Result<&'a [Value]> {
    match value {
        Value::List(items) => Ok(items),
        _ => Err(Error::invalid_argument(at, "expected an array")),
    }
}

/// A list, or one item in its place.
fn one_or_more(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    }
}

fn numbers(value: &Value, at: &str) -> Result<Vec<(i64, i64)>> {
    let number = |item: &Value| match item {
        Value::Int(number) => Ok((*number, *number)),
        _ => Err(Error::invalid_argument(at, "expected an integer or an array of integers")),
    };
    Ok(merged(one_or_more(value).iter().map(number).collect::<Result<_>>()?))
}

fn texts(value: &Value, at: &str) -> Result<Vec<String>> {
    let text = |item: &Value| match item {
        Value::Text(text) => Ok(text.clone()),
        _ => Err(Error::invalid_argument(at, "expected a string or an array of strings")),
    };
    one_or_more(value).iter().map(text).collect()
}

/// Ranges that rise and do not touch.
pub(super) fn merged(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.retain(|(least, most)| least <= most);
    let ranges = sorted(&ranges, Ord::cmp);
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (least, most) in ranges {
        match merged.last_mut() {
            Some((_, last)) if least <= last.saturating_add(1) => *last = most.max(*last),
            _ => merged.push((least, most)),
        }
    }
    merged
}

/// The fields of an object that has no others.
fn fields<'a, const N: usize>(
    value: &'a Value,
    at: &str,
    names: [&str; N],
) -> Result<[&'a Value; N]> {
    let Value::Object(given) = value else {
        let message = format!("expected an object with {}", names.join(", "));
        return Err(Error::invalid_argument(at, &message));
    };
    if let Some((unknown, _)) = given.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        let message = format!("no such key; there are {}", names.join(", "));
        return Err(Error::invalid_argument(format!("{at}.{unknown}"), &message));
    }
    Ok(names.map(|name| value.get(name).unwrap_or(&Value::Null)))
}

fn bounds(value: &Value, at: &str) -> Result<Vec<(i64, i64)>> {
    let [min, max] = fields(value, at, ["min", "max"])?;
    let bound = |value: &Value, name: &str, up| match value {
        Value::Null => Ok(None),
        Value::Int(number) => Ok(Some(*number)),
        Value::Numeral(numeral) => rounded(numeral, up)
            .map(Some)
            .ok_or_else(|| Error::invalid_argument(format!("{at}.{name}"), "expected a number")),
        _ => Err(Error::invalid_argument(format!("{at}.{name}"), "expected a number")),
    };
    let least = bound(min, "min", true)?.unwrap_or(i64::MIN);
    Ok(merged(vec![(least, bound(max, "max", false)?.unwrap_or(i64::MAX))]))
}

/// The integer next to a number that is none, as JavaScript writes it; above it, or below.
fn rounded(numeral: &str, up: bool) -> Option<i64> {
    let (negative, digits) = match numeral.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, numeral),
    };
    let huge = || if negative { i64::MIN } else { i64::MAX };
    let towards_zero = match digits.split_once('e') {
        _ if digits == "Infinity" => return Some(huge()),
        Some((_, exponent)) if exponent.starts_with('-') => 0,
        Some(_) => return Some(huge()),
        None => match digits.split_once('.') {
            Some((whole, _)) => whole.parse::<i64>().ok()?,
            // An integer that is not safe.
            None => return digits.parse::<u64>().ok().map(|_| huge()),
        },
    };
    Some(match (negative, up) {
        (false, true) => towards_zero + 1,
        (false, false) => towards_zero,
        (true, true) => -towards_zero,
        (true, false) => -towards_zero - 1,
    })
}

fn times(value: &Value, at: &str) -> Result<Vec<(i64, i64)>> {
    let [from, to] = fields(value, at, ["from", "to"])?;
    let time = |value: &Value, name: &str| match value {
        Value::Null => Ok(None),
        Value::Int(ms) => Ok(Some(*ms)),
        Value::Numeral(numeral) if rounded(numeral, true).is_some() => Ok(rounded(numeral, true)),
        Value::Text(text) if shanghai_ms(text).is_some() => Ok(shanghai_ms(text)),
        _ => Err(Error::invalid_argument(
            format!("{at}.{name}"),
            "expected epoch milliseconds, a Date, Shanghai time as \"2024-02-29\" or \"2024-02-29 09:30:00\", or a time with its offset",
        )),
    };
    let least = time(from, "from")?.unwrap_or(i64::MIN);
    let most = time(to, "to")?.map_or(i64::MAX, |to| to.saturating_sub(1));
    Ok(merged(vec![(least, most)]))
}

/// A list of integers from `first` on, as flags.
fn flags<const N: usize>(value: &Value, at: &str, first: i64, what: &str) -> Result<[bool; N]> {
    let mut flags = [false; N];
    for item in list(value, at)? {
        let position = match item {
            Value::Int(number) => usize::try_from(number.saturating_sub(first)).ok(),
            _ => None,
        };
        match position.and_then(|position| flags.get_mut(position)) {
            Some(flag) => *flag = true,
            None => {
                return Err(Error::invalid_argument(at, &format!("expected an array of {what}")));
            }
        }
    }
    Ok(flags)
}

/// Adds a condition on the hour of the week; of several one is made.
fn hours<'a>(conditions: &mut Vec<Condition>, chosen: impl Fn(usize) -> Option<&'a bool>) {
    let known = conditions.iter_mut().find_map(|condition| match condition {
        Condition::Hours(hours) => Some(hours),
        _ => None,
    });
    let chosen = |cell| chosen(cell).copied().unwrap_or_default();
    match known {
        Some(hours) => hours.iter_mut().enumerate().for_each(|(cell, hour)| *hour &= chosen(cell)),
        None => conditions.push(Condition::Hours(Box::new(std::array::from_fn(chosen)))),
    }
}

fn levels(value: &Value, at: &str) -> Result<[bool; 7]> {
    let mut levels = [false; 7];
    for item in list(value, at)? {
        let level = match item {
            Value::Text(letter) => {
                ["A", "B", "C", "D", "E", "F"].iter().position(|one| one == letter)
            }
            _ => None,
        };
        match level.and_then(|level| levels.get_mut(level + 1)) {
            Some(flag) => *flag = true,
            None => {
                return Err(Error::invalid_argument(at, "expected an array of letters, A to F"));
            }
        }
    }
    Ok(levels)
}

fn result(value: &Value, at: &str) -> Result<Condition> {
    let [name, values] = fields(value, at, ["name", "values"])?;
    if !matches!(name, Value::Text(_)) {
        return Err(Error::invalid_argument(format!("{at}.name"), "expected a string"));
    }
    let at = format!("{at}.values");
    list(values, &at)?;
    let item = |value| {
        let field = |key: &str, value| (key.to_owned(), value);
        // As the columns have it.
        to_text(&Value::Object(vec![
            field("name", name.clone()),
            field("value", Value::Text(value)),
        ]))
    };
    Ok(Condition::Results(texts(values, &at)?.into_iter().map(item).collect()))
}
