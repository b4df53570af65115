//! The intent level (意向等级) of a call, computed from its results: 1–6 for A–F, 0 for none.

use crate::json::Value;
use crate::schema::INTENT_RESULTS;

/// The level of results `[{ name, value }]`: the leading letter of the value under one of [`INTENT_RESULTS`].
/// 1–6 for A–F, 0 for none.
pub(crate) fn intent_level(results: &Value) -> u8 {
    let Value::List(items) = results else { return 0 };
    let pair = |item| match (Value::get(item, "name"), Value::get(item, "value")) {
        (Some(Value::Text(name)), Some(Value::Text(value))) => {
            Some((name.as_str(), value.as_str()))
        }
        _ => None,
    };
    level_of(&items.iter().filter_map(pair))
}

/// The level of results as names and values.
pub(crate) fn level_of<'a>(results: &(impl Iterator<Item = (&'a str, &'a str)> + Clone)) -> u8 {
    let level = |(_, value): (&str, &str)| {
        let letter = value.trim().bytes().next().filter(|letter| (b'A'..=b'F').contains(letter))?;
        Some(letter - b'A' + 1)
    };
    let level_under =
        |wanted: &str| results.clone().find(|(name, _)| name.trim() == wanted).and_then(level);
    INTENT_RESULTS.into_iter().find_map(level_under).unwrap_or(0)
}
