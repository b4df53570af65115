//! The rows that pass a filter, compared with a reference implementation of each key's documentation.

use byrobot_calls::compute::View;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::{SHANGHAI_OFFSET, all, filter, ids, rows, table, value};

/// The reference implementation: whether a row passes a filter.
pub(super) fn passes(row: &Json, filter: &Json) -> bool {
    filter.as_object().unwrap().iter().all(|(key, wanted)| {
        let field = &row[key.as_str()];
        match key.as_str() {
            "callJobId" | "finishStatus" | "callerPhone" => one_of(wanted, field, Json::eq),
            "duration" | "chatRound" => one_of(wanted, field, |span, field| {
                let bound = |name: &str| span[name].as_f64();
                let value = field.as_f64().unwrap();
                if span.is_object() {
                    bound("min").is_none_or(|min| value >= min)
                        && bound("max").is_none_or(|max| value <= max)
                } else {
                    span == field
                }
            }),
            "startTime" => one_of(wanted, &start(row), |span, start| {
                let start = start.as_f64().unwrap();
                instant(&span["from"]).is_none_or(|from| start >= from)
                    && instant(&span["to"]).is_none_or(|to| start < to)
            }),
            "hourOfDay" => one_of(wanted, &local(row, |hour| json!(hour.rem_euclid(24))), Json::eq),
            // Day 0 was a Thursday.
            "weekday" => {
                let day = |hour: i64| json!((hour.div_euclid(24) + 3).rem_euclid(7) + 1);
                one_of(wanted, &local(row, day), Json::eq)
            }
            "date" => {
                let day = |hour: i64| json!(byrobot_calls::time::date_text(hour.div_euclid(24)));
                one_of(wanted, &local(row, day), Json::eq)
            }
            "intentLevel" => one_of(wanted, &json!(level(row)), Json::eq),
            "results" => {
                let own = row["resultList"].as_array().unwrap();
                let Some(items) = wanted.as_array() else { return own.is_empty() };
                let named = |item: &Json| {
                    let values = own.iter().filter(|own| own["name"] == item["name"]);
                    let values: Vec<Json> = values.map(|own| own["value"].clone()).collect();
                    values.iter().any(|value| has(&item["values"], value))
                        || values.is_empty() && has(&item["values"], &Json::Null)
                };
                !items.is_empty() && items.iter().all(named)
            }
            "text" => {
                let texts = ["customerName", "customerTelephone"].map(|name| row[name].as_str());
                let mut texts = texts.into_iter().flatten();
                match wanted.as_str().map(str::to_ascii_lowercase) {
                    None => texts.all(str::is_empty),
                    Some(part) => {
                        part.is_empty() || texts.any(|own| own.to_ascii_lowercase().contains(&part))
                    }
                }
            }
            "not" => !passes(row, wanted),
            "anyOf" => wanted.as_array().unwrap().iter().any(|one| passes(row, one)),
            other => panic!("{other}"),
        }
    })
}

/// Whether a field matches one of the wanted items. The item `null` matches a field without a value.
fn one_of(wanted: &Json, field: &Json, is: impl Fn(&Json, &Json) -> bool) -> bool {
    let items = wanted.as_array().map_or(std::slice::from_ref(wanted), Vec::as_slice);
    items.iter().any(|item| match (item, field) {
        (Json::Null, _) | (_, Json::Null) => item.is_null() && field.is_null(),
        _ => is(item, field),
    })
}

fn has(list: &Json, item: &Json) -> bool {
    list.as_array().unwrap().contains(item)
}

fn start(row: &Json) -> Json {
    row["startTimeMs"].clone()
}

/// A value made of the hours from 1970-01-01 in Shanghai to the start of a call.
fn local(row: &Json, make: impl Fn(i64) -> Json) -> Json {
    start(row)
        .as_i64()
        .map_or(Json::Null, |start| make((start + SHANGHAI_OFFSET).div_euclid(3_600_000)))
}

fn instant(bound: &Json) -> Option<f64> {
    match bound {
        Json::Null => None,
        Json::String(text) if text == "2024-02-29" => Some(1_709_136_000_000.0),
        Json::String(text) if text == "2024-02-29 09:30:00" => Some(1_709_170_200_000.0),
        number => Some(number.as_f64().unwrap()),
    }
}

fn level(row: &Json) -> Option<String> {
    let named = |name: &str| {
        let own = row["resultList"].as_array().unwrap().iter();
        let item = own.into_iter().find(|item| item["name"] == name)?;
        let letter = item["value"].as_str()?.chars().next()?;
        ('A'..='F').contains(&letter).then(|| letter.to_string())
    };
    named("客户意向等级").or_else(|| named("意向等级"))
}

/// An item of the key `results`.
fn result() -> impl Strategy<Value = Json> {
    (
        select(vec!["意向等级", "关注\"点", "x", "客户意向等级"]),
        vec(
            select(vec![
                json!("A级"),
                json!("B"),
                json!("a"),
                json!(""),
                json!("名\\称"),
                json!(null),
            ]),
            0..3,
        ),
    )
        .prop_map(|(name, values)| json!({ "name": name, "values": values }))
}

fn key() -> BoxedStrategy<(&'static str, Json)> {
    let code = || {
        select(vec![
            json!(0),
            json!(1),
            json!(37),
            json!(-2),
            json!(65),
            json!(9_007_199_254_740_991_i64),
        ])
    };
    // An item, `null`, or a list of these.
    let one_or_more = |item: BoxedStrategy<Json>| {
        let item = prop_oneof![4 => item, 1 => Just(json!(null))];
        prop_oneof![item.clone(), vec(item, 0..4).prop_map(Json::from)]
    };
    let codes = move || {
        prop_oneof![
            2 => one_or_more(code().boxed()),
            1 => Just(json!((-3..70).step_by(2).collect::<Vec<_>>()))
        ]
    };
    let bound = || {
        select(vec![
            json!(null),
            json!(0),
            json!(12),
            json!(11.5),
            json!(-1.5),
            json!(60),
            json!(1e21),
            json!(-1e21),
            json!(5e-324),
        ])
    };
    let bounds = move || {
        let bounds = (bound(), bound()).prop_map(|(min, max)| json!({ "min": min, "max": max }));
        one_or_more(prop_oneof![bounds, (-3_i64..70).prop_map(Json::from)].boxed())
    };
    let time = || {
        select(vec![
            json!(null),
            json!("2024-02-29"),
            json!("2024-02-29 09:30:00"),
            json!(1_709_170_199_999.5),
            json!(1_709_170_200_000_i64),
            json!(0),
            json!(-1e300),
            json!(1e300),
        ])
    };
    let list = move |items: Vec<Json>| one_or_more(select(items).boxed());
    let caller =
        || select(vec![json!("0571-1"), json!("0571-2"), json!(" 0571-1"), json!("nobody")]);
    prop_oneof![
        codes().prop_map(|codes| ("callJobId", codes)),
        codes().prop_map(|codes| ("finishStatus", codes)),
        one_or_more(caller().boxed()).prop_map(|texts| ("callerPhone", texts)),
        bounds().prop_map(|bounds| ("duration", bounds)),
        bounds().prop_map(|bounds| ("chatRound", bounds)),
        one_or_more(
            (time(), time()).prop_map(|(from, to)| json!({ "from": from, "to": to })).boxed()
        )
        .prop_map(|times| ("startTime", times)),
        list(["2024-02-29", "2024-03-01", "1970-01-01"].map(Json::from).to_vec())
            .prop_map(|days| ("date", days)),
        list((0..24).map(Json::from).collect()).prop_map(|hours| ("hourOfDay", hours)),
        list((1..8).map(Json::from).collect()).prop_map(|days| ("weekday", days)),
        list(["A", "B", "C"].map(Json::from).to_vec()).prop_map(|levels| ("intentLevel", levels)),
        prop_oneof![
            5 => vec(result(), 0..3).prop_map(Json::from),
            1 => Just(json!(null)),
        ]
        .prop_map(|items| ("results", items)),
        Just(("text", json!(null))),
        select(vec![
            "",
            "1",
            "5678",
            "wang",
            "WANG F",
            "王",
            "Ä",
            "ä",
            "138123456781",
            "8\u{0}",
            "*",
            " "
        ])
        .prop_map(|text| ("text", json!(text))),
    ]
    .boxed()
}

fn filters() -> impl Strategy<Value = Json> {
    let leaf = vec(key(), 0..3).prop_map(|keys| keys.into_iter().collect::<Json>());
    leaf.prop_recursive(3, 12, 3, |inner| {
        (vec(key(), 0..2), prop::option::of(inner.clone()), prop::option::of(vec(inner, 0..3)))
            .prop_map(|(keys, not, any)| {
                let mut filter: Json = keys.into_iter().collect();
                let fields = filter.as_object_mut().unwrap();
                fields.extend(not.map(|not| ("not".to_owned(), not)));
                fields.extend(any.map(|any| ("anyOf".to_owned(), Json::from(any))));
                filter
            })
    })
}

proptest! {
    #[test]
    fn a_filter_passes_the_rows_that_a_reference_implementation_passes(sent in rows(40), wanted_filter in filters()) {
        let (table, read) = table(&sent);
        let expected: Vec<Json> = read.into_iter().filter(|row| passes(row, &wanted_filter)).collect();
        let found = View::of(&table).filter(&filter(&wanted_filter));
        prop_assert_eq!(found.len(), expected.len());
        prop_assert_eq!(all(&found), expected);
    }

    #[test]
    fn a_filter_and_its_complement_split_the_table(sent in rows(40), wanted_filter in filters(), then in filters()) {
        let (table, _) = table(&sent);
        let view = View::of(&table);
        let yes = view.filter(&filter(&wanted_filter));
        let no = view.filter(&filter(&json!({ "not": wanted_filter })));
        let mut both = [ids(&all(&yes)), ids(&all(&no))].concat();
        both.sort_unstable();
        prop_assert_eq!(both, ids(&all(&view)));
        // Two filters in sequence equal both filters together.
        let narrowed = yes.filter(&filter(&then));
        let together = view.filter(&filter(&json!({ "anyOf": [wanted_filter], "not": { "not": then } })));
        prop_assert_eq!(ids(&all(&narrowed)), ids(&all(&together)));
    }
}

/// Rows that each key of a filter separates.
fn known() -> Vec<Json> {
    let row = |id: i64, more: &Json| {
        let mut row = json!({ "callInstanceId": id, "customerTelephone": "" });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let level = |name: &str, value: &str| json!([{ "name": name, "value": value }]);
    vec![
        row(1, &json!({ "callJobId": 62, "finishStatus": 0, "duration": "30秒", "chatRound": 4 })),
        row(
            2,
            &json!({ "callJobId": 63, "finishStatus": 37, "duration": 0, "callerPhone": "0571 1" }),
        ),
        row(3, &json!({ "finishStatus": "odd", "duration": "long", "chatRound": null })),
        // A Thursday.
        row(4, &json!({ "startTime": "2024-02-29 00:00:00", "customerName": "Wang 芳" })),
        row(5, &json!({ "startTime": "2024-02-29 23:59:59", "customerTelephone": "13812345678" })),
        row(
            6,
            &json!({ "startTime": "2024-03-03 09:30:00", "resultList": level("客户意向等级", "B级(一般)") }),
        ),
        row(7, &json!({ "finishStatus": 8, "resultList": level("意向等级", "A") })),
        row(
            8,
            &json!({ "startTime": "someday", "resultList": [
            { "name": "topic", "value": "price" }, { "name": "topic", "value": "place" },
            { "name": "verdict", "value": "yes" } ] }),
        ),
    ]
}

#[test]
fn each_key_passes_the_expected_rows() {
    let (table, _) = table(&known());
    let view = View::of(&table);
    for (wanted_filter, expected) in [
        (json!({}), &[1, 2, 3, 4, 5, 6, 7, 8][..]),
        (json!({ "callJobId": 62 }), &[1]),
        (json!({ "callJobId": [62, 63, 64] }), &[1, 2]),
        (json!({ "callJobId": [] }), &[]),
        (json!({ "finishStatus": 0 }), &[1]),
        (json!({ "finishStatus": [8, 37] }), &[2, 7]),
        (json!({ "callerPhone": "0571 1" }), &[2]),
        (json!({ "callerPhone": ["0571"] }), &[]),
        (json!({ "duration": {} }), &[1, 2]),
        (json!({ "duration": { "min": 30, "max": 30 } }), &[1]),
        (json!({ "duration": { "min": 0.5 } }), &[1]),
        (json!({ "duration": { "min": 31, "max": 30 } }), &[]),
        (json!({ "chatRound": { "max": 4 } }), &[1]),
        (json!({ "startTime": { "from": "2024-02-29", "to": "2024-03-01" } }), &[4, 5]),
        (
            json!({ "startTime": { "from": "2024-02-28T16:00:00Z", "to": "2024-03-01T00:00:00+0800" } }),
            &[4, 5],
        ),
        (json!({ "startTime": { "from": 1_709_136_000_001_i64 } }), &[5, 6]),
        (json!({ "startTime": { "to": "2024-02-29 23:59:59" } }), &[4]),
        (json!({ "startTime": { "from": "2024-03-01", "to": "2024-02-01" } }), &[]),
        (json!({ "hourOfDay": [0, 23] }), &[4, 5]),
        (json!({ "hourOfDay": [] }), &[]),
        (json!({ "weekday": [4] }), &[4, 5]),
        (json!({ "weekday": [7], "hourOfDay": [9] }), &[6]),
        (json!({ "weekday": [7], "hourOfDay": [0] }), &[]),
        (json!({ "intentLevel": ["A"] }), &[7]),
        (json!({ "intentLevel": ["A", "B"] }), &[6, 7]),
        (json!({ "results": [{ "name": "topic", "values": ["place", "time"] }] }), &[8]),
        (
            json!({ "results": [{ "name": "topic", "values": ["place"] }, { "name": "verdict", "values": ["no"] }] }),
            &[],
        ),
        (json!({ "results": [{ "name": "topic", "values": ["yes"] }] }), &[]),
        (json!({ "results": [] }), &[]),
        (json!({ "text": "wang 芳" }), &[4]),
        (json!({ "text": "3456" }), &[5]),
        (json!({ "text": "" }), &[1, 2, 3, 4, 5, 6, 7, 8]),
        (json!({ "not": { "duration": { "min": 30 } } }), &[2, 3, 4, 5, 6, 7, 8]),
        (json!({ "not": {} }), &[]),
        (json!({ "anyOf": [{ "callJobId": 62 }, { "text": "3456" }] }), &[1, 5]),
        (json!({ "anyOf": [] }), &[]),
        (json!({ "callJobId": null }), &[3, 4, 5, 6, 7, 8]),
        (json!({ "callJobId": [null, 62] }), &[1, 3, 4, 5, 6, 7, 8]),
        (json!({ "finishStatus": null }), &[3, 4, 5, 6, 8]),
        (json!({ "finishStatus": [null] }), &[3, 4, 5, 6, 8]),
        (json!({ "callerPhone": null }), &[1, 3, 4, 5, 6, 7, 8]),
        (json!({ "callerPhone": ["0571 1", null] }), &[1, 2, 3, 4, 5, 6, 7, 8]),
        (json!({ "duration": null }), &[3, 4, 5, 6, 7, 8]),
        (json!({ "duration": [null, { "min": 30 }] }), &[1, 3, 4, 5, 6, 7, 8]),
        (json!({ "duration": 30 }), &[1]),
        (json!({ "duration": [0, 30] }), &[1, 2]),
        (json!({ "duration": [] }), &[]),
        (json!({ "chatRound": null }), &[2, 3, 4, 5, 6, 7, 8]),
        (json!({ "startTime": null }), &[1, 2, 3, 7, 8]),
        (json!({ "startTime": [null, { "from": "2024-03-01" }] }), &[1, 2, 3, 6, 7, 8]),
        (json!({ "startTime": [] }), &[]),
        (json!({ "hourOfDay": null }), &[1, 2, 3, 7, 8]),
        (json!({ "hourOfDay": 9 }), &[6]),
        (json!({ "hourOfDay": [9, null] }), &[1, 2, 3, 6, 7, 8]),
        (json!({ "hourOfDay": [9, null], "weekday": [7] }), &[6]),
        (json!({ "weekday": [7], "hourOfDay": [9, null] }), &[6]),
        (json!({ "weekday": [4, null], "hourOfDay": [0, null] }), &[1, 2, 3, 4, 7, 8]),
        (json!({ "weekday": 4 }), &[4, 5]),
        (json!({ "date": "2024-02-29" }), &[4, 5]),
        (json!({ "date": ["2024-03-03", null] }), &[1, 2, 3, 6, 7, 8]),
        (json!({ "date": [] }), &[]),
        (json!({ "intentLevel": null }), &[1, 2, 3, 4, 5, 8]),
        (json!({ "intentLevel": "A" }), &[7]),
        (json!({ "intentLevel": ["A", null] }), &[1, 2, 3, 4, 5, 7, 8]),
        (json!({ "results": null }), &[1, 2, 3, 4, 5]),
        (json!({ "results": [{ "name": "topic", "values": [null] }] }), &[1, 2, 3, 4, 5, 6, 7]),
        (json!({ "results": [{ "name": "topi", "values": [null] }] }), &[1, 2, 3, 4, 5, 6, 7, 8]),
        (
            json!({ "results": [{ "name": "意向等级", "values": [null, "A"] }, { "name": "topic", "values": [null] }] }),
            &[1, 2, 3, 4, 5, 6, 7],
        ),
        (json!({ "text": null }), &[1, 2, 3, 6, 7, 8]),
        (json!({ "text": [null] }), &[1, 2, 3, 6, 7, 8]),
        (json!({ "text": ["3456", null] }), &[1, 2, 3, 5, 6, 7, 8]),
        (json!({ "text": [] }), &[]),
        (json!({ "not": { "callJobId": null } }), &[1, 2]),
        (json!({ "anyOf": [{}], "finishStatus": [0, null] }), &[1, 3, 4, 5, 6, 8]),
    ] {
        assert_eq!(ids(&all(&view.filter(&filter(&wanted_filter)))), expected, "{wanted_filter}");
    }
}

#[test]
fn rows_without_a_table_are_found_by_their_positions() {
    let call = |id: i64, seconds: i64| {
        let row = json!({ "callInstanceId": id, "duration": seconds });
        value(&super::table(&[row]).1[0])
    };
    let calls = vec![call(1, 5), call(2, 50), call(1, 50), call(1, 5)];
    let view = View::of_columns(crate::call_rows(calls).unwrap().into_columns());
    assert_eq!(view.len(), 4);
    let long = view.filter(&filter(&json!({ "duration": { "min": 10 } })));
    assert_eq!(long.positions(), [1, 2]);
    let wrong = vec![value(&json!({ "callInstanceId": 1 })), value(&json!({ "duration": 5 }))];
    let error = crate::call_rows(wrong).unwrap_err();
    assert_eq!(error.path.as_deref(), Some("calls[1].callInstanceId"));
}
