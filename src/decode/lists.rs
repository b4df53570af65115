//! Lists of objects, named counts, named values and result definitions, in the forms that were seen on the wire.

use super::Path;
use super::kinds::Decoded;
use super::scalars::{integer_of, text_of};
use crate::error::Result;
use crate::json::{Value, parse};
use crate::schema::Model;
use crate::sort::sorted_positions;

/// Objects read by `model`. A text is read as the JSON it holds; items that are no objects are left out.
pub(super) fn list(model: &Model, value: &Value, at: &Path) -> Result<Decoded> {
    let items = match value {
        Value::Null => return Ok(Decoded::whole(Value::Null)),
        Value::Text(text) if text.is_empty() => return Ok(Decoded::whole(Value::Null)),
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

/// `{ name, <key>: value }`.
fn named(name: String, key: &str, value: Value) -> Value {
    Value::Object(vec![("name".to_owned(), Value::Text(name)), (key.to_owned(), value)])
}

/// The items of `value` that `read` can read.
fn readable(value: &Value, read: impl Fn(&Value) -> Option<Value>) -> Decoded {
    match value {
        Value::Null => Decoded::whole(Value::List(Vec::new())),
        Value::List(items) => Decoded::list(items.iter().filter_map(read).collect(), items.len()),
        _ => Decoded::unreadable().or(Value::List(Vec::new())),
    }
}

/// Objects of a name and one more thing, which `read` can read.
fn pairs(value: &Value, read: impl Fn(&Value) -> Option<Value>) -> Decoded {
    let mut reading = readable(value, read);
    if let Value::List(items) = value {
        let says_more = |item: &Value| matches!(item, Value::Object(fields) if fields.len() > 2);
        reading.whole &= !items.iter().any(says_more);
    }
    reading
}

pub(super) fn counts(value: &Value) -> Decoded {
    pairs(value, |item| {
        let count = integer_of(item.get("value")?)?;
        Some(named(text_of(item.get("name")?)?, "value", Value::Int(count)))
    })
}

pub(super) fn result_definitions(value: &Value) -> Decoded {
    pairs(value, |item| {
        let values = readable(item.get("values")?, |value| text_of(value).map(Value::Text));
        let name = text_of(item.get("name")?)?;
        values.whole.then(|| named(name, "values", values.value))
    })
}

pub(super) fn named_values(value: &Value) -> Decoded {
    let pair = |name, value: &Value| Some(named(name, "value", Value::Text(text_of(value)?)));
    if let Value::Object(fields) = value {
        let pairs = fields.iter().filter_map(|(name, value)| pair(name.clone(), value));
        return Decoded::list(pairs.collect(), fields.len());
    }
    pairs(value, |item| pair(text_of(item.get("name")?)?, item.get("value")?))
}

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
    Decoded { value: Value::Object(stats), whole }
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
