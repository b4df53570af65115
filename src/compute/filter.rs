//! Which calls: a filter as the caller writes it, checked. Not here: how the rows that pass it are
//! found (`passing.rs`).

use super::heatmap::CELLS;
use crate::error::{Error, Result};
use crate::json::{Value, to_text};
use crate::schema::LEVELS as LETTERS;
use crate::schema::field;
use crate::sort::sorted;
use crate::time::{DAY_MS, is_date, shanghai_ms};

/// Filters inside filters; deeper ones are refused.
const MAX_DEPTH: usize = 32;

/// Conditions that must all hold; without any it holds for every row.
///
/// A row that has no value, or one that could not be read, passes a condition on that field only if it names
/// `null`. `not` is the plain complement, so such a row passes it. Ranges without anything in them, a `min`
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
    /// The customer has a name or a number.
    HasText,
    Not(Filter),
    AnyOf(Vec<Filter>),
}

const KEYS: [&str; 14] = [
    "callJobId",
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
            // The filter itself lies at no path.
            let at = if path.is_empty() { "filter" } else { path };
            return Err(expected(at, "a filter, an object", value));
        };
        if depth == MAX_DEPTH {
            return Err(Error::invalid_argument(path, "filters lie too deep inside each other"));
        }
        let mut conditions = Vec::new();
        for (key, value) in fields {
            let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            conditions.push(match key.as_str() {
                "callJobId" => ranges(field::TASK, value, &at, integer)?,
                "finishStatus" => ranges(field::FINISH_STATUS, value, &at, integer)?,
                "callerPhone" => {
                    let (texts, none) = texts(value, &at)?;
                    or_none(Condition::OneOf(field::CALLER, texts), none, || any(field::CALLER))
                }
                "duration" => ranges(field::DURATION, value, &at, bounds)?,
                "chatRound" => ranges(field::CHAT_ROUND, value, &at, bounds)?,
                "startTime" => ranges(field::START, value, &at, times)?,
                "date" => ranges(field::START, value, &at, date)?,
                "hourOfDay" => {
                    let (chosen, none): ([bool; 24], _) =
                        flags(value, &at, "hours, 0 to 23", |item| number_from(item, 0))?;
                    hours(&mut conditions, none, |cell| chosen.get(cell % 24));
                    continue;
                }
                "weekday" => {
                    let (chosen, none): ([bool; 7], _) =
                        flags(value, &at, "weekdays, 1 to 7", |item| number_from(item, 1))?;
                    hours(&mut conditions, none, |cell| chosen.get(cell / 24));
                    continue;
                }
                "intentLevel" => {
                    let (levels, none) = flags(value, &at, "letters, A to F", level)?;
                    or_none(Condition::Levels(levels), none, || Condition::Levels(LEVELS))
                }
                "results" => {
                    match value {
                        Value::Null => conditions.push(not(Condition::Results(vec!["{".into()]))),
                        // An empty list of alternatives never holds; there are no values, as elsewhere.
                        Value::List(items) if items.is_empty() => {
                            conditions.push(Condition::AnyOf(Vec::new()));
                        }
                        _ => {
                            for (index, item) in list(value, &at)?.iter().enumerate() {
                                conditions.push(result(item, &format!("{at}[{index}]"))?);
                            }
                        }
                    }
                    continue;
                }
                "text" => match value {
                    Value::List(items) => {
                        let any = items.iter().enumerate().map(|(index, item)| {
                            let conditions = vec![part(item, &format!("{at}[{index}]"))?];
                            Ok(Self { conditions })
                        });
                        Condition::AnyOf(any.collect::<Result<_>>()?)
                    }
                    one => part(one, &at)?,
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

/// Substring of a customer's name or number, or neither of them.
fn part(value: &Value, at: &str) -> Result<Condition> {
    match value {
        Value::Text(text) => Ok(Condition::Contains(text.to_ascii_lowercase())),
        Value::Null => Ok(not(Condition::HasText)),
        _ => Err(expected(at, "a string or null", value)),
    }
}

/// Every level, and none of the rows that have none.
const LEVELS: [bool; 7] = [false, true, true, true, true, true, true];

fn expected(at: &str, what: &str, value: &Value) -> Box<Error> {
    Error::invalid_argument(at, &format!("expected {what}, not {}", value.kind()))
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Filter { conditions: vec![condition] })
}

/// The rows that have a value.
fn any(field: usize) -> Condition {
    Condition::Ranges(field, vec![(i64::MIN, i64::MAX)])
}

/// A condition; with `none` also the rows that have no value, those for which `any` does not hold.
fn or_none(condition: Condition, none: bool, any: impl FnOnce() -> Condition) -> Condition {
    if !none {
        return condition;
    }
    let alone = |condition| Filter { conditions: vec![condition] };
    Condition::AnyOf(vec![alone(condition), alone(not(any()))])
}

fn list<'a>(value: &'a Value, at: &str) -> Result<&'a [Value]> {
    match value {
        Value::List(items) => Ok(items),
        _ => Err(expected(at, "an array", value)),
    }
}

/// The items of a list, or one in its place, less `null`; and whether that is among them.
fn one_or_more(value: &Value) -> (impl Iterator<Item = &Value>, bool) {
    let items = match value {
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    };
    (items.iter().filter(|item| **item != Value::Null), items.contains(&Value::Null))
}

/// A range of a field, several of them, or `null`.
fn ranges(
    field: usize,
    value: &Value,
    at: &str,
    range: fn(&Value, &str) -> Result<(i64, i64)>,
) -> Result<Condition> {
    let (items, none) = one_or_more(value);
    let ranges = items.map(|item| range(item, at)).collect::<Result<_>>()?;
    Ok(or_none(Condition::Ranges(field, merged(ranges)), none, || any(field)))
}

fn integer(item: &Value, at: &str) -> Result<(i64, i64)> {
    match item {
        Value::Int(number) => Ok((*number, *number)),
        _ => Err(expected(at, "an integer, null, or an array of these", item)),
    }
}

fn texts(value: &Value, at: &str) -> Result<(Vec<String>, bool)> {
    let text = |item: &Value| match item {
        Value::Text(text) => Ok(text.clone()),
        _ => Err(expected(at, "a string, null, or an array of these", item)),
    };
    let (items, none) = one_or_more(value);
    Ok((items.map(text).collect::<Result<_>>()?, none))
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
        return Err(expected(at, &format!("an object with {}", names.join(", ")), value));
    };
    if let Some((unknown, _)) = given.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        let message = format!("no such key; there are {}", names.join(", "));
        return Err(Error::invalid_argument(format!("{at}.{unknown}"), &message));
    }
    Ok(names.map(|name| value.get(name).unwrap_or(&Value::Null)))
}

fn bounds(value: &Value, at: &str) -> Result<(i64, i64)> {
    if let Value::Int(number) = value {
        return Ok((*number, *number));
    }
    let [min, max] = fields(value, at, ["min", "max"])?;
    let bound = |value: &Value, name: &str, up| match value {
        Value::Null => Ok(None),
        Value::Int(number) => Ok(Some(*number)),
        Value::Numeral(numeral) => rounded(numeral, up)
            .map(Some)
            .ok_or_else(|| Error::invalid_argument(format!("{at}.{name}"), "expected a number")),
        _ => Err(expected(&format!("{at}.{name}"), "a number", value)),
    };
    let least = bound(min, "min", true)?.unwrap_or(i64::MIN);
    Ok((least, bound(max, "max", false)?.unwrap_or(i64::MAX)))
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

fn times(value: &Value, at: &str) -> Result<(i64, i64)> {
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
    Ok((least, most))
}

/// A day in Shanghai.
fn date(value: &Value, at: &str) -> Result<(i64, i64)> {
    let midnight = match value {
        Value::Text(text) if is_date(text) => shanghai_ms(text),
        _ => None,
    };
    let what = "a day as \"2024-02-29\", null, or an array of these";
    let first = midnight.ok_or_else(|| expected(at, what, value))?;
    Ok((first, first + DAY_MS - 1))
}

/// One or more of a few items, as flags, and whether `null` is among them.
fn flags<const N: usize>(
    value: &Value,
    at: &str,
    what: &str,
    position: impl Fn(&Value) -> Option<usize>,
) -> Result<([bool; N], bool)> {
    let mut flags = [false; N];
    let (items, none) = one_or_more(value);
    for item in items {
        let Some(flag) = position(item).and_then(|position| flags.get_mut(position)) else {
            return Err(expected(at, &format!("{what}, null, or an array of these"), item));
        };
        *flag = true;
    }
    Ok((flags, none))
}

fn number_from(item: &Value, first: i64) -> Option<usize> {
    match item {
        Value::Int(number) => usize::try_from(number.saturating_sub(first)).ok(),
        _ => None,
    }
}

fn level(item: &Value) -> Option<usize> {
    let Value::Text(letter) = item else { return None };
    LETTERS.iter().position(|one| one == letter).map(|at| at + 1)
}

/// Adds a condition on the hour of the week; of several one is made.
fn hours<'a>(
    conditions: &mut Vec<Condition>,
    none: bool,
    chosen: impl Fn(usize) -> Option<&'a bool>,
) {
    let known = conditions.iter_mut().find_map(|condition| match condition {
        Condition::Hours(hours) => Some(hours),
        _ => None,
    });
    let chosen = |cell| chosen(cell).copied().unwrap_or_default();
    if let Some(hours) = known.filter(|_| !none) {
        hours.iter_mut().enumerate().for_each(|(cell, hour)| *hour &= chosen(cell));
        return;
    }
    let hours = Condition::Hours(Box::new(std::array::from_fn(chosen)));
    conditions.push(or_none(hours, none, || any(field::START)));
}

fn result(value: &Value, at: &str) -> Result<Condition> {
    let [name, values] = fields(value, at, ["name", "values"])?;
    if !matches!(name, Value::Text(_)) {
        return Err(expected(&format!("{at}.name"), "a string", name));
    }
    let at = format!("{at}.values");
    list(values, &at)?;
    let text = |mut fields: Vec<(&str, Value)>| {
        fields.insert(0, ("name", name.clone()));
        let owned = |(key, value): (&str, Value)| (key.to_owned(), value);
        // As the columns have it.
        to_text(&Value::Object(fields.into_iter().map(owned).collect()))
    };
    let (values, none) = texts(values, &at)?;
    let items = values.into_iter().map(|value| text(vec![("value", Value::Text(value))])).collect();
    // How an item of that name begins, whatever its value.
    let any = || {
        let mut item = text(Vec::new());
        item.pop();
        Condition::Results(vec![item + ","])
    };
    Ok(or_none(Condition::Results(items), none, any))
}
