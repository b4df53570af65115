//! `oddFields`: the same answer in other spellings of the vendor, from its documents, from recorded answers and from the
//! code of clients. The meaning stays the same, so unknown codes appear only in unknown fields.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

/// Spells an envelope anew.
pub(crate) fn respell(envelope: &mut Value, draw: &mut Rng) {
    let Value::Object(envelope) = envelope else { return };
    if let Some(code) = envelope.get_mut("code") {
        as_text(code, draw);
    }
    envelope.insert("requestId".into(), format!("{:08x}", draw.below(u32::MAX)).into());
    let Some(data) = envelope.get_mut("data") else { return };
    value(data, draw);
    let Value::Object(page) = data else { return };
    match page.get_mut("list") {
        Some(Value::Array(rows)) => {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                later_fields(row, draw);
            }
            // `notDialedCustomerList` was a bare array once. A page that counts its rows stays one.
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

fn value(any: &mut Value, draw: &mut Rng) {
    match any {
        Value::Array(items) => items.iter_mut().for_each(|item| value(item, draw)),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, it)| field(name, it, draw)),
        _ => as_text(any, draw),
    }
}

fn field(name: &str, it: &mut Value, draw: &mut Rng) {
    match name {
        "duration" => duration(it, draw),
        "aiUnknown" => flag(it, draw),
        "customerTelephone" => as_number(it, draw),
        _ => value(it, draw),
    }
    if !draw.chance(500) {
        return;
    }
    match (name, &mut *it) {
        ("resultList", Value::Array(pairs)) => {
            if let Some(map) = map_of(pairs) {
                *it = map;
            }
        }
        ("extraStat", Value::Object(stat)) => {
            let item =
                |(name, counts): (&String, &Value)| json!({ "name": name, "values": counts });
            *it = stat.iter().map(item).collect();
        }
        ("sceneInstance", Value::Object(_)) => *it = Value::Array(vec![it.take()]),
        ("taskResult", Value::Array(_)) => *it = it.to_string().into(),
        _ => {}
    }
}

/// `27`, `"27"` or `"27秒"`.
fn duration(it: &mut Value, draw: &mut Rng) {
    let text = it.as_str().map(|text| text.trim_end_matches('秒'));
    let Some(seconds) = text.map_or_else(|| it.as_u64(), |text| text.parse().ok()) else { return };
    *it = match draw.below(3) {
        0 => seconds.into(),
        1 => seconds.to_string().into(),
        _ => format!("{seconds}秒").into(),
    };
}

/// `1` or `true`.
fn flag(it: &mut Value, draw: &mut Rng) {
    if let Some(flag @ 0..=1) = it.as_u64()
        && draw.chance(500)
    {
        *it = (flag == 1).into();
    }
}

fn as_text(it: &mut Value, draw: &mut Rng) {
    if it.is_number() && draw.chance(500) {
        *it = it.to_string().into();
    }
}

/// Only where all digits come back: not what is masked or begins with a zero.
fn as_number(it: &mut Value, draw: &mut Rng) {
    let Some(number) = it.as_str().and_then(|text| text.parse::<u64>().ok()) else { return };
    if Some(number.to_string().as_str()) == it.as_str() && draw.chance(500) {
        *it = number.into();
    }
}

/// `{name: value}`; nothing, if a name comes twice.
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

/// A field of a later server and a code that nobody knows.
fn later_fields(row: &mut Map<String, Value>, draw: &mut Rng) {
    if draw.chance(500) {
        row.insert("rowVersion".into(), draw.between(1, 9).into());
    }
    if draw.chance(500) {
        row.insert("lineState".into(), draw.between(37, 99).into());
    }
}
