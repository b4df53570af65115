//! Filters, sorting, views and linked charts, compared with reference implementations on the rows of the model.

mod chunks;
mod counts;
mod filter;
mod linked;
mod order;
mod refused;
mod views;

use byrobot_calls::compute::{Filter, View};
use byrobot_calls::decode::Path;
use byrobot_calls::json::{Value, parse};
use byrobot_calls::schema::DONE_CALL;
use byrobot_calls::table::Table;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::plain;

/// The offset of Shanghai from UTC in milliseconds.
const SHANGHAI_OFFSET: i64 = 8 * 3_600_000;

fn value(json: &Json) -> Value {
    parse(json.to_string().as_bytes()).unwrap()
}

fn parse_number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

fn filter(json: &Json) -> Filter {
    Filter::read(&value(json), "filter").unwrap_or_else(|error| panic!("{json}: {}", error.message))
}

/// An answer of the vendor with these rows.
fn body(rows: &[Json]) -> Vec<u8> {
    json!({ "code": 200, "data": { "total": rows.len(), "list": rows } }).to_string().into_bytes()
}

/// A table with these rows, and the rows as the model reads them.
fn table(sent: &[Json]) -> (Table, Vec<Json>) {
    let mut table = Table::default();
    table.ingest_body(&body(sent)).unwrap();
    let read = |row| plain(&DONE_CALL.read(&value(row), &Path::root("row")).unwrap());
    (table, sent.iter().map(read).collect())
}

fn all(view: &View) -> Vec<Json> {
    view.rows(0, usize::MAX, None).iter().map(plain).collect()
}

fn ids(rows: &[Json]) -> Vec<i64> {
    rows.iter().map(|row| row["callInstanceId"].as_i64().unwrap()).collect()
}

/// A row with this id, as the vendor may send it.
fn row(id: usize) -> impl Strategy<Value = Json> {
    let texts = |texts: &[&str]| {
        let texts: Vec<Json> = texts.iter().map(|text| json!(text)).collect();
        select(texts)
    };
    let pair = || {
        (
            select(vec!["意向等级", "客户意向等级", "关注\"点", "x"]),
            select(vec!["A级", "B", "a", "", "名\\称"]),
        )
            .prop_map(|(name, value)| json!({ "name": name, "value": value }))
    };
    let number = || {
        prop_oneof![
            4 => (-3_i64..70).prop_map(Json::from),
            1 => select(vec![json!(null), json!("x"), json!(37), json!("12"), json!(9_007_199_254_740_991_i64)]),
            1 => select(vec![json!(-9_007_199_254_740_991_i64), json!(100_000), json!(""), json!([1])]),
        ]
    };
    let duration = prop_oneof![
        4 => (0_i64..70).prop_map(|seconds| json!(format!("{seconds}秒"))),
        1 => number(),
        1 => texts(&["1分27秒", "很久", "-"]),
    ];
    let time = || {
        prop_oneof![
            4 => (0_i64..20 * 24 * 60).prop_map(|minute| {
                json!(byrobot_calls::time::shanghai_text(1_709_136_000_000 - SHANGHAI_OFFSET + minute * 61_000))
            }),
            1 => texts(&["2024-02-29 09:30:00", "2024-02-29 09:29:59.999", "2024-02-29T09:30:00", "昨天", ""]),
            1 => texts(&["0001-01-01 00:00:00", "9999-12-31 23:59:59", "1970-01-01 08:00:00"]),
            1 => Just(json!(null)),
        ]
    };
    let telephone = texts(&[
        "13812345678",
        "13812345679",
        "138****5678",
        "",
        "1381234567",
        "13812345678\u{0}",
        "13900000000",
        "13812345678-0123456789",
        "13812345678-012345678A",
    ]);
    let name = prop_oneof![
        texts(&[
            "王芳",
            "Wang Fang",
            "wangfang",
            "WANG",
            "Ärger",
            "ärger",
            "王",
            " ",
            "😀",
            "\u{FFFD}x"
        ]),
        Just(json!(null)),
    ];
    let caller = prop_oneof![texts(&["0571-1", "0571-2", " 0571-1"]), Just(json!(null))];
    let results = prop_oneof![
        4 => vec(pair(), 0..4).prop_map(Json::from),
        1 => select(vec![json!(null), json!("x"), json!([{ "name": "x" }]), json!([{ "name": "x", "value": 5 }])]),
    ];
    (
        (number(), telephone, name, number(), duration, number()),
        (time(), time(), caller, results, any::<u8>()),
    )
        .prop_map(
            move |(
                (task, telephone, name, status, duration, rounds),
                (start, created, caller, results, left_out),
            )| {
                let mut row = json!({
                    "callInstanceId": id,
                    // Only the tests of the model use an id that is an array.
                    "callJobId": if task.is_array() { json!(1) } else { task },
                    "customerTelephone": telephone,
                    "customerName": name,
                    "finishStatus": status,
                    "duration": duration,
                    "chatRound": rounds,
                    "startTime": start,
                    "callerPhone": caller,
                    "gmtCreate": created,
                    "resultList": results,
                    "somethingElse": 1,
                });
                if left_out < 20 {
                    let names = ["duration", "startTime", "customerName", "resultList"];
                    row.as_object_mut().unwrap().remove(names[usize::from(left_out % 4)]);
                }
                row
            },
        )
}

/// Rows with different ids.
fn rows(most: usize) -> impl Strategy<Value = Vec<Json>> {
    (0..most).prop_flat_map(|many| (1..=many).map(row).collect::<Vec<_>>())
}
