//! `oddFields`: the same answer in the vendor's other spellings, known from its documents, from recorded answers and from
//! the code of clients. The meaning stays the same, so unknown codes appear only in unknown fields.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

/// Changes the spelling of an envelope at random.
pub(crate) fn respell(envelope: &mut Value, draw: &mut Rng) {
    let Value::Object(envelope) = envelope else { return };
    if let Some(code) = envelope.get_mut("code") {
        as_text(code, draw);
    }
    envelope.insert("requestId".into(), format!("{:08x}", draw.below(u32::MAX)).into());
    let Some(data) = envelope.get_mut("data") else { return };
    respell_value(data, draw);
    let Value::Object(page) = data else { return };
    match page.get_mut("list") {
        Some(Value::Array(rows)) => {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                later_fields(row, draw);
            }
            // `notDialedCustomerList` was a bare array in the past. A page with a `total` keeps its form.
            if !page.contains_key("total")
                && draw.chance(250)
                && let Some(list) = page.remove("list")
            {
                *data = list;
            }
        }
        _ => later_fields(page, draw),
    }
}

fn respell_value(target: &mut Value, draw: &mut Rng) {
    match target {
        Value::Array(items) => items.iter_mut().for_each(|item| respell_value(item, draw)),
        Value::Object(fields) => {
            fields.iter_mut().for_each(|(name, target)| respell_field(name, target, draw));
        }
        _ => as_text(target, draw),
    }
}

fn respell_field(name: &str, target: &mut Value, draw: &mut Rng) {
    match name {
        "duration" => duration(target, draw),
        "aiUnknown" => flag(target, draw),
        "customerTelephone" => as_number(target, draw),
        _ => respell_value(target, draw),
    }
    if !draw.chance(500) {
        return;
    }
    match (name, &mut *target) {
        ("resultList", Value::Array(pairs)) => {
            if let Some(map) = map_of(pairs) {
                *target = map;
            }
        }
        ("extraStat", Value::Object(stat)) => {
            let item =
                |(name, counts): (&String, &Value)| json!({ "name": name, "values": counts });
            *target = stat.iter().map(item).collect();
        }
        ("sceneInstance", Value::Object(_)) => *target = Value::Array(vec![target.take()]),
        ("taskResult", Value::Array(_)) => *target = target.to_string().into(),
        _ => {}
    }
}

/// `27`, `"27"` or `"27秒"`.
fn duration(target: &mut Value, draw: &mut Rng) {
    let text = target.as_str().map(|text| text.trim_end_matches('秒'));
    let Some(seconds) = text.map_or_else(|| target.as_u64(), |text| text.parse().ok()) else {
        return;
    };
    *target = match draw.below(3) {
        0 => seconds.into(),
        1 => seconds.to_string().into(),
        _ => format!("{seconds}秒").into(),
    };
}

/// `1` or `true`.
fn flag(target: &mut Value, draw: &mut Rng) {
    if let Some(flag @ 0..=1) = target.as_u64()
        && draw.chance(500)
    {
        *target = (flag == 1).into();
    }
}

fn as_text(target: &mut Value, draw: &mut Rng) {
    if target.is_number() && draw.chance(500) {
        *target = target.to_string().into();
    }
}

/// Converts a text to a number only if the number has the same digits: not a masked text, not one that begins with 0.
fn as_number(target: &mut Value, draw: &mut Rng) {
    let Some(number) = target.as_str().and_then(|text| text.parse::<u64>().ok()) else { return };
    if Some(number.to_string().as_str()) == target.as_str() && draw.chance(500) {
        *target = number.into();
    }
}

/// `{name: value}`; `None` if a name occurs twice.
fn map_of(pairs: &[Value]) -> Option<Value> {
    let mut map = Map::new();
    for pair in pairs {
        let name = pair.get("name")?.as_str()?;
        if map.insert(name.to_owned(), pair.get("value")?.clone()).is_some() {
            return None;
        }
    }
    Some(map.into())
}

/// Adds a field of a later server and a field with an unknown code.
fn later_fields(row: &mut Map<String, Value>, draw: &mut Rng) {
    if draw.chance(500) {
        row.insert("rowVersion".into(), draw.between(1, 9).into());
    }
    if draw.chance(500) {
        row.insert("lineState".into(), draw.between(37, 99).into());
    }
}
