//! Which calls: a filter as the caller writes it, checked, and the rows that pass it.

use crate::error::{Error, Result};
use crate::json::{Value, parse};
use crate::sort::sorted;
use crate::table::bits::{Bits, Word};
use crate::table::texts::Dictionary;
use crate::table::{CHUNK, Columns, field};
use crate::time::{local_hour, shanghai_ms};

use super::heatmap::CELLS;
use super::keys::weekday;

/// Filters inside filters; deeper ones are refused.
const MAX_DEPTH: usize = 32;

/// Ranges up to which each is looked for by itself; more are looked up for each row.
const FEW_RANGES: usize = 8;

const WORDS: usize = CHUNK / Word::BITS as usize;

/// Conditions that must all hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    /// The field's value lies in one of these ranges, both ends inclusive; they rise.
    Ranges(usize, Vec<(i64, i64)>),
    /// The hour of the week of `startTime`, Monday first, is one of these.
    Hours(Box<[bool; CELLS]>),
    /// The text of a repeating field is one of these.
    OneOf(usize, Vec<String>),
    /// The intent level, 1–6, is one of these.
    Levels([bool; 7]),
    /// The result of that name has one of these values.
    Result(String, Vec<String>),
    /// The customer's name or number contains this, in lower case.
    Contains(String),
    Not(Filter),
    AnyOf(Vec<Filter>),
}

const KEYS: [&str; 12] = [
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
                    Condition::Hours(Box::new(std::array::from_fn(|cell| {
                        chosen.get(cell % 24).copied().unwrap_or(false)
                    })))
                }
                "weekday" => {
                    let chosen: [bool; 7] = flags(value, &at, 1, "weekdays, 1 to 7")?;
                    Condition::Hours(Box::new(std::array::from_fn(|cell| {
                        chosen.get(cell / 24).copied().unwrap_or(false)
                    })))
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
                    let message = format!("no such key; there are {}, anyOf", KEYS.join(", "));
                    return Err(Error::invalid_argument(at, &message));
                }
            });
        }
        Ok(Self { conditions })
    }

    /// The rows that pass, dead ones too.
    pub(crate) fn mark(&self, columns: &Columns) -> Bits {
        let mut bits = Bits::default();
        self.mark_from(columns, 0, &mut bits);
        bits
    }

    /// Makes `bits` the rows that pass, where those before `first` are known already.
    pub(crate) fn mark_from(&self, columns: &Columns, first: usize, bits: &mut Bits) {
        let prepared = Prepared::of(self, columns);
        bits.resize(columns.len());
        let chunks = bits.words_mut().chunks_mut(WORDS).enumerate();
        for (chunk, words) in chunks.skip(first / CHUNK) {
            let mut passing = [0; WORDS];
            prepared.mark(columns, chunk, &mut passing);
            words.copy_from_slice(passing.get(..words.len()).unwrap_or_default());
        }
        bits.trim();
    }
}

/// A filter for the columns as they are: texts looked up in their dictionaries.
enum Prepared<'a> {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Ranges(usize, Vec<(i64, i64)>),
    Hours(&'a [bool; CELLS]),
    Contains(&'a [u8]),
}

impl<'a> Prepared<'a> {
    fn of(filter: &'a Filter, columns: &Columns) -> Self {
        Self::All(filter.conditions.iter().map(|one| Self::one(one, columns)).collect())
    }

    fn one(condition: &'a Condition, columns: &Columns) -> Self {
        let codes = |field, holds: &dyn Fn(usize, &Dictionary) -> bool| {
            let dictionary = columns.dictionary(field);
            let all = dictionary.map_or(0, Dictionary::len);
            let holding =
                (0..all).filter(|code| dictionary.is_some_and(|known| holds(*code, known)));
            let holding = holding.filter_map(|code| i64::try_from(code).ok());
            Self::Ranges(field, merged(holding.map(|code| (code, code)).collect()))
        };
        match condition {
            Condition::Ranges(field, ranges) => Self::Ranges(*field, ranges.clone()),
            Condition::Hours(hours) => Self::Hours(hours),
            Condition::OneOf(field, wanted) => {
                let known = columns.dictionary(*field);
                let found = wanted.iter().filter_map(|text| known?.find(text.as_bytes()));
                Self::Ranges(*field, merged(found.map(|code| (code.into(), code.into())).collect()))
            }
            Condition::Levels(levels) => codes(field::RESULTS, &|code, _| {
                let level = columns.levels().get(code).copied().unwrap_or_default();
                levels.get(usize::from(level)).copied().unwrap_or_default()
            }),
            Condition::Result(name, values) => codes(field::RESULTS, &|code, dictionary| {
                has_result(dictionary.get(code), name, values)
            }),
            Condition::Contains(text) => Self::Contains(text.as_bytes()),
            Condition::Not(filter) => Self::Not(Box::new(Self::of(filter, columns))),
            Condition::AnyOf(filters) => {
                Self::Any(filters.iter().map(|filter| Self::of(filter, columns)).collect())
            }
        }
    }

    /// Sets the bits of a chunk's rows that pass. `out` comes empty. Bits beyond the last row may
    /// be set, too.
    fn mark(&self, columns: &Columns, chunk: usize, out: &mut [Word; WORDS]) {
        match self {
            Self::All(parts) => {
                out.fill(Word::MAX);
                for part in parts {
                    let mut passing = [0; WORDS];
                    part.mark(columns, chunk, &mut passing);
                    out.iter_mut().zip(passing).for_each(|(out, passing)| *out &= passing);
                }
            }
            Self::Any(parts) => {
                for part in parts {
                    let mut passing = [0; WORDS];
                    part.mark(columns, chunk, &mut passing);
                    out.iter_mut().zip(passing).for_each(|(out, passing)| *out |= passing);
                }
            }
            Self::Not(part) => {
                part.mark(columns, chunk, out);
                for word in out {
                    *word = !*word;
                }
            }
            Self::Ranges(field, ranges) if ranges.len() <= FEW_RANGES => {
                for (least, most) in ranges {
                    columns.integers(*field).mark_range(chunk, *least, *most, out);
                }
            }
            Self::Ranges(field, ranges) => mark_values(columns, *field, chunk, out, |value| {
                let after = ranges.partition_point(|(_, most)| *most < value);
                ranges.get(after).is_some_and(|(least, _)| *least <= value)
            }),
            Self::Hours(hours) => mark_values(columns, field::START, chunk, out, |ms| {
                let hour = local_hour(ms);
                let cell = weekday(hour) * 24 + hour.rem_euclid(24);
                hours.get(cell.unsigned_abs() as usize).copied().unwrap_or_default()
            }),
            Self::Contains(text) => {
                let rows = chunk * CHUNK..columns.len().min((chunk + 1) * CHUNK);
                for (at, row) in rows.enumerate() {
                    let number = columns.bytes(field::TELEPHONE, row).unwrap_or_default();
                    let name = columns.bytes(field::CUSTOMER, row).unwrap_or_default();
                    set(out, at, contains(number, text) || contains(name, text));
                }
            }
        }
    }
}

/// Sets the bits of a chunk's rows whose value `holds`.
#[inline]
fn mark_values(
    columns: &Columns,
    field: usize,
    chunk: usize,
    out: &mut [Word; WORDS],
    holds: impl Fn(i64) -> bool,
) {
    let mut codes = [0; CHUNK];
    let frame = columns.integers(field).codes(chunk, &mut codes);
    for (at, code) in codes.iter().enumerate() {
        set(out, at, *code >= 2 && holds(frame.value(*code)));
    }
}

#[inline]
fn set(out: &mut [Word; WORDS], at: usize, bit: bool) {
    if let Some(word) = out.get_mut(at / 64) {
        *word |= Word::from(bit) << (at % 64);
    }
}

/// Whether `text` contains `part`, which is in lower case. Letters beyond ASCII are compared as they are.
fn contains(text: &[u8], part: &[u8]) -> bool {
    let Some((first, rest)) = part.split_first() else { return true };
    let Some(last) = text.len().checked_sub(part.len()) else { return false };
    let starts = text.iter().take(last + 1).enumerate();
    let mut starts = starts.filter(|(_, byte)| byte.to_ascii_lowercase() == *first);
    starts.any(|(at, _)| {
        text.get(at + 1..at + part.len()).is_some_and(|text| text.eq_ignore_ascii_case(rest))
    })
}

/// Whether a row's results have one of `values` under `name`.
fn has_result(results: &str, name: &str, values: &[String]) -> bool {
    let results = parse(results.as_bytes()).unwrap_or_default();
    let text = |item: &Value, key: &str| match item.get(key) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let Value::List(items) = results else { return false };
    items.iter().any(|item| {
        text(item, "name").is_some_and(|own| own == name)
            && text(item, "value").is_some_and(|own| values.contains(&own))
    })
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
fn merged(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
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
            "expected epoch milliseconds, a Date, or Shanghai time as \"2024-02-29\" or \"2024-02-29 09:30:00\"",
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
            Value::Int(number) => usize::try_from(number - first).ok(),
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
    let Value::Text(name) = name else {
        return Err(Error::invalid_argument(format!("{at}.name"), "expected a string"));
    };
    let at = format!("{at}.values");
    list(values, &at)?;
    Ok(Condition::Result(name.clone(), texts(values, &at)?))
}
