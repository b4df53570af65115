//! Lists of objects, named counts, named values, result definitions and statistics, in every form seen on the wire.

use super::Path;
use super::decoded::Decoded;
use super::scalars::{integer_of, text_of};
use crate::error::Result;
use crate::json::{Value, parse};
use crate::schema::Model;
use crate::sort::sorted_positions;

/// Reads objects of a model. A text is read as JSON; items that are not objects are left out.
pub(super) fn list(model: &Model, value: &Value, at: &Path) -> Result<Decoded> {
    let items = match value {
        Value::Null => return Ok(Decoded::complete(Value::Null)),
        Value::Text(text) if text.is_empty() => return Ok(Decoded::complete(Value::Null)),
        Value::Text(text) => match parse(text.as_bytes()) {
            Ok(value @ Value::List(_)) => return list(model, &value, at),
            _ => return Ok(Decoded::unreadable()),
        },
        Value::List(items) => items,
        _ => return Ok(Decoded::unreadable()),
    };
    let mut read = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if matches!(item, Value::Object(_)) {
            read.push(model.read(item, &at.index(index))?);
        }
    }
    Ok(Decoded::list(read, items.len()))
}

/// The object `{ name, <key>: value }`.
fn named(name: String, key: &str, value: Value) -> Value {
    Value::Object(vec![("name".to_owned(), Value::Text(name)), (key.to_owned(), value)])
}

/// Reads a list with `read` for each item; unreadable items are left out.
fn readable(value: &Value, read: impl Fn(&Value) -> Option<Value>) -> Decoded {
    match value {
        Value::Null => Decoded::complete(Value::List(Vec::new())),
        Value::List(items) => Decoded::list(items.iter().filter_map(read).collect(), items.len()),
        _ => Decoded::unreadable().or(Value::List(Vec::new())),
    }
}

/// Reads a list of objects with two members each; further members make it incomplete.
fn pairs(value: &Value, read: impl Fn(&Value) -> Option<Value>) -> Decoded {
    let mut decoded = readable(value, read);
    if let Value::List(items) = value {
        let has_more = |item: &Value| matches!(item, Value::Object(fields) if fields.len() > 2);
        decoded.complete &= !items.iter().any(has_more);
    }
    decoded
}

/// Reads `[{ name, value: count }]`.
pub(super) fn counts(value: &Value) -> Decoded {
    pairs(value, |item| {
        let count = integer_of(item.get("value")?)?;
        Some(named(text_of(item.get("name")?)?, "value", Value::Int(count)))
    })
}

/// Reads `[{ name, values: [text] }]`.
pub(super) fn result_definitions(value: &Value) -> Decoded {
    pairs(value, |item| {
        let values = readable(item.get("values")?, |value| text_of(value).map(Value::Text));
        let name = text_of(item.get("name")?)?;
        values.complete.then(|| named(name, "values", values.value))
    })
}

/// Reads `[{ name, value }]` or `{ name: value }`.
pub(super) fn named_values(value: &Value) -> Decoded {
    let pair = |name, value: &Value| Some(named(name, "value", Value::Text(text_of(value)?)));
    if let Value::Object(fields) = value {
        let pairs = fields.iter().filter_map(|(name, value)| pair(name.clone(), value));
        return Decoded::list(pairs.collect(), fields.len());
    }
    pairs(value, |item| pair(text_of(item.get("name")?)?, item.get("value")?))
}

/// Reads a map from names to lists of counts, or a list of objects with a name and such a list.
pub(super) fn stats(value: &Value) -> Decoded {
    let lists: Vec<Option<(&String, &Value, bool)>> = match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, counts)| Some((name, counts, true))).collect()
        }
        Value::List(items) => items.iter().map(named_array).collect(),
        Value::Null => Vec::new(),
        _ => vec![None],
    };
    let mut stats: Vec<(String, Value)> = Vec::with_capacity(lists.len());
    let mut complete = true;
    for list in lists {
        let Some((name, value, no_more)) = list else {
            complete = false;
            continue;
        };
        let list = counts(value);
        complete &= no_more && list.complete;
        stats.push((name.clone(), list.value));
    }
    let name = |index: usize| stats.get(index).map(|(name, _)| name.as_str());
    let order = sorted_positions(stats.len(), &|one, other| name(one).cmp(&name(other)));
    complete &= order.iter().zip(order.iter().skip(1)).all(|(one, next)| name(*one) != name(*next));
    Decoded { value: Value::Object(stats), complete }
}

/// Name and array of `{ "name": "客户关注点", "values": […] }` or `{ "客户关注点": […] }`, and whether the object has
/// no further members.
fn named_array(item: &Value) -> Option<(&String, &Value, bool)> {
    let Value::Object(fields) = item else { return None };
    let (key, array) = fields.iter().find(|(_, value)| matches!(value, Value::List(_)))?;
    Some(match item.get("name") {
        Some(Value::Text(name)) => (name, array, fields.len() == 2 && key == "values"),
        _ => (key, array, fields.len() == 1),
    })
}
