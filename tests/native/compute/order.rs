//! Sorted rows and windows, compared with a stable sort of the rows of the model.

use byrobot_calls::compute::{Order, View};
use byrobot_calls::schema::{DONE_CALL, FieldKind};
use byrobot_calls::time::shanghai_ms;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{all, filter, ids, rows, table};
use crate::plain;

/// The sort key of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(Vec<char>),
}

fn key(row: &Json, name: &str) -> Option<Key> {
    let kind = DONE_CALL.fields.iter().find(|field| field.name == name).unwrap().kind;
    match (kind, &row[name]) {
        (FieldKind::WallTime, Json::String(text)) => shanghai_ms(text).map(Key::Number),
        (_, Json::Number(number)) => number.as_i64().map(Key::Number),
        (_, Json::String(text)) => Some(Key::Text(text.chars().collect())),
        (_, Json::Array(items)) if items.is_empty() => None,
        (_, list @ Json::Array(_)) => Some(Key::Text(list.to_string().chars().collect())),
        (_, Json::Null) => None,
        other => panic!("{other:?}"),
    }
}

/// The reference: a stable sort. Rows without a key are last.
fn sorted(rows: &[Json], name: &str, descending: bool) -> Vec<Json> {
    let mut rows = rows.to_vec();
    rows.sort_by(|one, other| match (key(one, name), key(other, name)) {
        (Some(one), Some(other)) if descending => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    });
    rows
}

fn ordered(view: &View, offset: usize, limit: usize, name: &str, descending: bool) -> Vec<Json> {
    let order = Order::by(name, descending).unwrap();
    view.rows(offset, limit, Some(order)).iter().map(plain).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_field_is_sorted_like_a_reference_sort(sent in rows(40)) {
        let (table, read) = table(&sent);
        let view = View::of(&table);
        for field in DONE_CALL.fields {
            for descending in [false, true] {
                let expected = sorted(&read, field.name, descending);
                let found = ordered(&view, 0, usize::MAX, field.name, descending);
                prop_assert_eq!(ids(&found), ids(&expected), "{} {}", field.name, descending);
            }
        }
    }

    #[test]
    fn a_window_equals_a_slice_of_all_rows(sent in rows(20), asked in 0_usize..3) {
        let (table, _) = table(&sent);
        let asked = [json!({}), json!({ "duration": { "min": 5 } }), json!({ "not": { "text": "138" } })][asked].clone();
        let view = View::of(&table).filter(&filter(&asked));
        let (whole, by_status) = (all(&view), ordered(&view, 0, usize::MAX, "finishStatus", true));
        for offset in 0..=view.len() + 1 {
            for limit in [0, 1, 3, usize::MAX] {
                let piece = |rows: &[Json]| rows.iter().skip(offset).take(limit).cloned().collect::<Vec<_>>();
                let plain: Vec<Json> = view.rows(offset, limit, None).iter().map(plain).collect();
                prop_assert_eq!(plain, piece(&whole));
                prop_assert_eq!(ordered(&view, offset, limit, "finishStatus", true), piece(&by_status));
            }
        }
    }
}

#[test]
fn thousands_of_rows_are_sorted_like_a_reference_sort() {
    let recording = |id: i64| match id % 4 {
        0 => json!(null),
        1 => json!("https://calls.example.com/"),
        2 => json!(format!("https://calls.example.com/recordings/{}.wav", id * 7919 % 3000)),
        _ => json!(format!(
            "https://calls.example.com/{}\u{0}",
            "recordings/".repeat(usize::try_from(id % 7).unwrap())
        )),
    };
    let call = |id: i64| {
        json!({
            "callInstanceId": id,
            "duration": id * 7919 % 613 - 5,
            "chatRound": if id % 3 == 0 { json!(null) } else { json!((id * 31 % 5 - 2) * 1_000_000_000_000) },
            "startTime": byrobot_calls::time::shanghai_text(1_709_136_000_000 + id * 7919 % 10_007 * 1000),
            "customerTelephone": format!("138{:08}", id * 7_368_787 % 1_000_003 % 4000),
            "callerPhone": format!("0571{}", id * 17 % 23),
            "luyinOssUrl": recording(id),
        })
    };
    let (table, read) = table(&(1..=5000).map(call).collect::<Vec<_>>());
    let view = View::of(&table);
    for name in
        ["duration", "chatRound", "startTimeMs", "customerTelephone", "callerPhone", "luyinOssUrl"]
    {
        for descending in [false, true] {
            let found = ordered(&view, 0, usize::MAX, name, descending);
            assert_eq!(ids(&found), ids(&sorted(&read, name, descending)), "{name} {descending}");
        }
    }
    let windows = [0, 1, 63, 64, 65, 4095, 4096, 4097, 4999, 5000, 5001];
    for offset in windows {
        let found: Vec<Json> = view.rows(offset, 70, None).iter().map(plain).collect();
        assert_eq!(ids(&found), ids(&read).into_iter().skip(offset).take(70).collect::<Vec<_>>());
    }
}

#[test]
fn rows_without_a_value_are_last_in_both_directions_and_ties_keep_their_order() {
    let call =
        |id: i64, name: Json| json!({ "callInstanceId": id, "customerName": name, "duration": 5 });
    let names = [
        json!("b"),
        json!(null),
        json!("a"),
        json!("b"),
        json!("B"),
        json!(null),
        json!("王"),
        json!("😀"),
    ];
    let (table, _) = table(&(1..).zip(names).map(|(id, name)| call(id, name)).collect::<Vec<_>>());
    let view = View::of(&table);
    let ids_by = |name: &str, descending| ids(&ordered(&view, 0, 9, name, descending));
    assert_eq!(ids_by("customerName", false), [5, 3, 1, 4, 7, 8, 2, 6]);
    assert_eq!(ids_by("customerName", true), [8, 7, 1, 4, 3, 5, 2, 6]);
    assert_eq!(ids_by("duration", true), [1, 2, 3, 4, 5, 6, 7, 8]);
}
