//! A filter of calls: reads and checks the caller's `CallFilter`. Not here: finding the rows that pass it
//! (`selection.rs`).

use super::kinds::heatmap::CELLS;
use crate::error::{Error, Result};
use crate::json::{Value, to_text};
use crate::schema::{LEVELS, field};
use crate::sort::sorted;
use crate::time::{DAY_MS, is_date, shanghai_ms};

/// The maximum depth of nested filters.
const MAX_DEPTH: usize = 32;

/// A filter: conditions that must all hold. Without conditions, every row passes.
///
/// A row with an absent or unreadable value passes a condition on this field only if the condition contains
/// `null`. `not` is the exact complement, so such a row passes it. An empty range (a `min` above its `max`, a `from`
/// after its `to`) never holds: a brush may be dragged to an empty range.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    pub(super) conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    /// The value of the field is in one of these ranges. Both ends are inclusive, and the ranges rise.
    Ranges(usize, Vec<(i64, i64)>),
    /// The hour of the week of `startTime`, from Monday 00:00, is one of these.
    Hours(Box<[bool; CELLS]>),
    /// The text of a field with a dictionary is one of these.
    OneOf(usize, Vec<String>),
    /// The intent level, 1–6, is one of these.
    Levels([bool; 7]),
    /// The results contain one of these. Each is the JSON text of a name and a value.
    Results(Vec<String>),
    /// `properties` has this key with one of these values; `None`: with any value.
    Property(String, Option<Vec<String>>),
    /// The customer's name or number contains this text, with ASCII letters in lower case.
    Contains(String),
    /// The customer has a name or a number.
    HasText,
    Not(Filter),
    AnyOf(Vec<Filter>),
}

const KEYS: [&str; 17] = [
    "callJobId",
    "jobName",
    "sceneDefId",
    "finishStatus",
    "callerPhone",
    "duration",
    "chatRound",
    "startTime",
    "hourOfDay",
    "weekday",
    "date",
    "intentLevel",
    "results",
    "properties",
    "text",
    "not",
    "anyOf",
];

impl Filter {
    /// Reads and checks a `CallFilter`. `path` is the path of the filter in errors.
    ///
    /// # Errors
    /// `invalid_argument` for an unknown key or an invalid value; its path names it.
    pub fn read(value: &Value, path: &str) -> Result<Self> {
        Self::nested(value, path, 0)
    }

    fn nested(value: &Value, path: &str, depth: usize) -> Result<Self> {
        let Value::Object(fields) = value else {
            // The outermost filter may have an empty path.
            let path = if path.is_empty() { "filter" } else { path };
            return Err(expected(path, "a filter, an object", value));
        };
        if depth == MAX_DEPTH {
            return Err(Error::invalid_argument(path, "filters lie too deep inside each other"));
        }
        let mut conditions = Vec::new();
        for (key, value) in fields {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            conditions.push(match key.as_str() {
                "callJobId" => ranges(field::TASK, value, &path, integer)?,
                "finishStatus" => ranges(field::FINISH_STATUS, value, &path, integer)?,
                "sceneDefId" => ranges(field::SCENE, value, &path, integer)?,
                "callerPhone" => one_of(field::CALLER, value, &path)?,
                "jobName" => one_of(field::TASK_NAME, value, &path)?,
                "duration" => ranges(field::DURATION, value, &path, bounds)?,
                "chatRound" => ranges(field::CHAT_ROUND, value, &path, bounds)?,
                "startTime" => ranges(field::START, value, &path, times)?,
                "date" => ranges(field::START, value, &path, date)?,
                "hourOfDay" => {
                    let (chosen, with_null): ([bool; 24], _) =
                        flags(value, &path, "hours, 0 to 23", |item| number_from(item, 0))?;
                    add_hours(&mut conditions, with_null, |cell| chosen.get(cell % 24));
                    continue;
                }
                "weekday" => {
                    let (chosen, with_null): ([bool; 7], _) =
                        flags(value, &path, "weekdays, 1 to 7", |item| number_from(item, 1))?;
                    add_hours(&mut conditions, with_null, |cell| chosen.get(cell / 24));
                    continue;
                }
                "intentLevel" => {
                    let (levels, with_null) = flags(value, &path, "letters, A to F", level)?;
                    let any_level = || Condition::Levels(ANY_LEVEL);
                    or_null(Condition::Levels(levels), with_null, any_level)
                }
                "results" => {
                    match value {
                        Value::Null => conditions.push(not(Condition::Results(vec!["{".into()]))),
                        // As for the other keys, an empty list of values never holds.
                        Value::List(items) if items.is_empty() => {
                            conditions.push(Condition::AnyOf(Vec::new()));
                        }
                        _ => {
                            for (index, item) in list(value, &path)?.iter().enumerate() {
                                conditions.push(result(item, &format!("{path}[{index}]"))?);
                            }
                        }
                    }
                    continue;
                }
                "properties" => {
                    for (index, item) in list(value, &path)?.iter().enumerate() {
                        conditions.push(property(item, &format!("{path}[{index}]"))?);
                    }
                    continue;
                }
                "text" => match value {
                    Value::List(items) => {
                        let alternatives = items.iter().enumerate().map(|(index, item)| {
                            let conditions = vec![contains(item, &format!("{path}[{index}]"))?];
                            Ok(Self { conditions })
                        });
                        Condition::AnyOf(alternatives.collect::<Result<_>>()?)
                    }
                    single => contains(single, &path)?,
                },
                "not" => Condition::Not(Self::nested(value, &path, depth + 1)?),
                "anyOf" => {
                    let filters = list(value, &path)?.iter().enumerate();
                    let nested = filters.map(|(index, filter)| {
                        Self::nested(filter, &format!("{path}[{index}]"), depth + 1)
                    });
                    Condition::AnyOf(nested.collect::<Result<_>>()?)
                }
                _ => {
                    let message = format!("no such key; there are {}", KEYS.join(", "));
                    return Err(Error::invalid_argument(path, &message));
                }
            });
        }
        Ok(Self { conditions })
    }
}

/// The condition of the key `text`: a substring of the customer's name or number; `null` for neither of them.
fn contains(value: &Value, path: &str) -> Result<Condition> {
    match value {
        Value::Text(text) => Ok(Condition::Contains(text.to_ascii_lowercase())),
        Value::Null => Ok(not(Condition::HasText)),
        _ => Err(expected(path, "a string or null", value)),
    }
}

/// Every intent level, without the rows that have no level.
const ANY_LEVEL: [bool; 7] = [false, true, true, true, true, true, true];

/// The error of a value of another type.
fn expected(path: &str, wanted: &str, found: &Value) -> Box<Error> {
    Error::invalid_argument(path, &format!("expected {wanted}, not {}", found.kind()))
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Filter { conditions: vec![condition] })
}

/// The rows with a value of the field.
fn has_value(field: usize) -> Condition {
    Condition::Ranges(field, vec![(i64::MIN, i64::MAX)])
}

/// A condition; if `with_null` is true, also the rows without a value, for which `has_value` does not hold.
fn or_null(
    condition: Condition,
    with_null: bool,
    has_value: impl FnOnce() -> Condition,
) -> Condition {
    if !with_null {
        return condition;
    }
    let single = |condition| Filter { conditions: vec![condition] };
    Condition::AnyOf(vec![single(condition), single(not(has_value()))])
}

fn list<'a>(value: &'a Value, path: &str) -> Result<&'a [Value]> {
    match value {
        Value::List(items) => Ok(items),
        _ => Err(expected(path, "an array", value)),
    }
}

/// The items of a list, or a single item, without `null`; and whether `null` is among them.
fn one_or_more(value: &Value) -> (impl Iterator<Item = &Value>, bool) {
    let items = match value {
        Value::List(items) => items,
        single => std::slice::from_ref(single),
    };
    (items.iter().filter(|item| **item != Value::Null), items.contains(&Value::Null))
}

/// The condition of a key with ranges: one range, several, or `null`.
fn ranges(
    field: usize,
    value: &Value,
    path: &str,
    range: fn(&Value, &str) -> Result<(i64, i64)>,
) -> Result<Condition> {
    let (items, with_null) = one_or_more(value);
    let ranges = items.map(|item| range(item, path)).collect::<Result<_>>()?;
    Ok(or_null(Condition::Ranges(field, merged(ranges)), with_null, || has_value(field)))
}

fn integer(item: &Value, path: &str) -> Result<(i64, i64)> {
    match item {
        Value::Int(number) => Ok((*number, *number)),
        _ => Err(expected(path, "an integer, null, or an array of these", item)),
    }
}

/// The condition of a key with whole texts of a field with a dictionary.
fn one_of(field: usize, value: &Value, path: &str) -> Result<Condition> {
    let (texts, with_null) = texts(value, path)?;
    Ok(or_null(Condition::OneOf(field, texts), with_null, || has_value(field)))
}

fn texts(value: &Value, path: &str) -> Result<(Vec<String>, bool)> {
    let text = |item: &Value| match item {
        Value::Text(text) => Ok(text.clone()),
        _ => Err(expected(path, "a string, null, or an array of these", item)),
    };
    let (items, with_null) = one_or_more(value);
    Ok((items.map(text).collect::<Result<_>>()?, with_null))
}

/// The same ranges, sorted, without empty ranges, and with adjacent ranges merged.
pub(super) fn merged(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.retain(|(min, max)| min <= max);
    let ranges = sorted(&ranges, Ord::cmp);
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (min, max) in ranges {
        match merged.last_mut() {
            Some((_, last)) if min <= last.saturating_add(1) => *last = max.max(*last),
            _ => merged.push((min, max)),
        }
    }
    merged
}

/// The fields of an object that may have only these fields. An absent field is `null`.
fn fields<'a, const N: usize>(
    value: &'a Value,
    path: &str,
    names: [&str; N],
) -> Result<[&'a Value; N]> {
    let Value::Object(given) = value else {
        return Err(expected(path, &format!("an object with {}", names.join(", ")), value));
    };
    if let Some((unknown, _)) = given.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        let message = format!("no such key; there are {}", names.join(", "));
        return Err(Error::invalid_argument(format!("{path}.{unknown}"), &message));
    }
    Ok(names.map(|name| value.get(name).unwrap_or(&Value::Null)))
}

/// The range of an integer, or of `{ min, max, below }`.
fn bounds(value: &Value, path: &str) -> Result<(i64, i64)> {
    if let Value::Int(number) = value {
        return Ok((*number, *number));
    }
    let [min, max, below] = fields(value, path, ["min", "max", "below"])?;
    let bound = |value: &Value, name: &str, up| match value {
        Value::Null => Ok(None),
        Value::Int(number) => Ok(Some(*number)),
        Value::Numeral(numeral) => rounded(numeral, up)
            .map(Some)
            .ok_or_else(|| Error::invalid_argument(format!("{path}.{name}"), "expected a number")),
        _ => Err(expected(&format!("{path}.{name}"), "a number", value)),
    };
    let min = bound(min, "min", true)?.unwrap_or(i64::MIN);
    let max = bound(max, "max", false)?.unwrap_or(i64::MAX);
    // The first integer that does not pass.
    let below = bound(below, "below", true)?.map_or(i64::MAX, |below| below.saturating_sub(1));
    Ok((min, max.min(below)))
}

/// The integer next to a number that is not an integer: above it if `up`, else below it. JavaScript has written
/// the number as text.
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

/// The range of `{ from, to }`, without the instant `to`.
fn times(value: &Value, path: &str) -> Result<(i64, i64)> {
    let [from, to] = fields(value, path, ["from", "to"])?;
    let time = |value: &Value, name: &str| match value {
        Value::Null => Ok(None),
        Value::Int(ms) => Ok(Some(*ms)),
        Value::Numeral(numeral) if rounded(numeral, true).is_some() => Ok(rounded(numeral, true)),
        Value::Text(text) if shanghai_ms(text).is_some() => Ok(shanghai_ms(text)),
        _ => Err(Error::invalid_argument(
            format!("{path}.{name}"),
            "expected epoch milliseconds, a Date, Shanghai time as \"2024-02-29\" or \"2024-02-29 09:30:00\", or a time with its offset",
        )),
    };
    let first = time(from, "from")?.unwrap_or(i64::MIN);
    let last = time(to, "to")?.map_or(i64::MAX, |to| to.saturating_sub(1));
    Ok((first, last))
}

/// The instants of a day in Shanghai.
fn date(value: &Value, path: &str) -> Result<(i64, i64)> {
    let midnight = match value {
        Value::Text(text) if is_date(text) => shanghai_ms(text),
        _ => None,
    };
    let wanted = "a day as \"2024-02-29\", null, or an array of these";
    let first = midnight.ok_or_else(|| expected(path, wanted, value))?;
    Ok((first, first + DAY_MS - 1))
}

/// One or more items of a small set, as flags; and whether `null` is among them.
fn flags<const N: usize>(
    value: &Value,
    path: &str,
    wanted: &str,
    position: impl Fn(&Value) -> Option<usize>,
) -> Result<([bool; N], bool)> {
    let mut flags = [false; N];
    let (items, with_null) = one_or_more(value);
    for item in items {
        let Some(flag) = position(item).and_then(|position| flags.get_mut(position)) else {
            return Err(expected(path, &format!("{wanted}, null, or an array of these"), item));
        };
        *flag = true;
    }
    Ok((flags, with_null))
}

/// The position of an integer in a range that begins at `first`.
fn number_from(item: &Value, first: i64) -> Option<usize> {
    match item {
        Value::Int(number) => usize::try_from(number.saturating_sub(first)).ok(),
        _ => None,
    }
}

/// The number of an intent level, 1–6 for A–F.
fn level(item: &Value) -> Option<usize> {
    let Value::Text(letter) = item else { return None };
    LEVELS.iter().position(|known| known == letter).map(|position| position + 1)
}

/// Adds a condition on the hour of the week. Several such conditions become one, unless they contain `null`.
fn add_hours<'a>(
    conditions: &mut Vec<Condition>,
    with_null: bool,
    chosen: impl Fn(usize) -> Option<&'a bool>,
) {
    let known = conditions.iter_mut().find_map(|condition| match condition {
        Condition::Hours(hours) => Some(hours),
        _ => None,
    });
    let chosen = |cell| chosen(cell).copied().unwrap_or_default();
    if let Some(hours) = known.filter(|_| !with_null) {
        hours.iter_mut().enumerate().for_each(|(cell, hour)| *hour &= chosen(cell));
        return;
    }
    let hours = Condition::Hours(Box::new(std::array::from_fn(chosen)));
    conditions.push(or_null(hours, with_null, || has_value(field::START)));
}

/// The name and the values of an item `{ name, values }`, and whether `null` is among the values.
fn name_and_values<'a>(value: &'a Value, path: &str) -> Result<(&'a str, Vec<String>, bool)> {
    let [name, values] = fields(value, path, ["name", "values"])?;
    let Value::Text(name) = name else {
        return Err(expected(&format!("{path}.name"), "a string", name));
    };
    let path = format!("{path}.values");
    list(values, &path)?;
    let (values, with_null) = texts(values, &path)?;
    Ok((name, values, with_null))
}

/// The condition of an item of the key `properties`.
fn property(value: &Value, path: &str) -> Result<Condition> {
    let (name, values, with_null) = name_and_values(value, path)?;
    let condition = Condition::Property(name.to_owned(), Some(values));
    Ok(or_null(condition, with_null, || Condition::Property(name.to_owned(), None)))
}

/// The condition of an item of the key `results`.
fn result(value: &Value, path: &str) -> Result<Condition> {
    let (name, values, with_null) = name_and_values(value, path)?;
    let text = |mut fields: Vec<(&str, Value)>| {
        fields.insert(0, ("name", Value::Text(name.to_owned())));
        let owned = |(key, value): (&str, Value)| (key.to_owned(), value);
        // The same text as in the columns.
        to_text(&Value::Object(fields.into_iter().map(owned).collect()))
    };
    let items = values.into_iter().map(|value| text(vec![("value", Value::Text(value))])).collect();
    // The beginning of an item with this name and any value.
    let any_value = || {
        let mut item = text(Vec::new());
        item.pop();
        Condition::Results(vec![item + ","])
    };
    Ok(or_null(Condition::Results(items), with_null, any_value))
}
