//! Generated calls with usual and unusual values, for the tests of a table.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Values that any field may have instead of its usual ones.
fn unusual() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!("")),
        Just(json!("  ")),
        Just(json!(true)),
        Just(json!(-7)),
        Just(json!(5_000_000_000_i64)),
        Just(json!(1.5)),
        Just(json!("37")),
        Just(json!([1, { "a": "13900001234" }])),
        Just(json!({ "b": null })),
        text().prop_map(Value::String),
    ]
}

/// Texts, some of which are formulas or need quotes.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z0-9一二三]{1,6}",
        3 => "[=+@\t\r\n,;\"' ＝－：:-]",
        1 => Just("13900001234".to_owned()),
        1 => "\\PC",
        1 => "[\u{0}\u{1}\u{7f}\u{85}\u{200b}\u{feff}\u{1F600}]",
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn time() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => (0..28_u32, 0..24_u32, 0..60_u32)
            .prop_map(|(day, hour, second)| json!(format!("2024-02-{:02} {hour:02}:07:{second:02}", day + 1))),
        1 => Just(json!("2024-02-29 9:05")),
        1 => Just(json!("2024-02-29T09:05:00.250")),
        1 => Just(json!("明天")),
        1 => Just(json!(1_700_000_000_123_i64)),
        1 => unusual(),
    ]
}

fn results() -> impl Strategy<Value = Value> {
    let level = prop_oneof!["[A-G]级\\(较强\\)", "[a-c]"];
    let result = prop_oneof![
        level.prop_map(|value| json!({ "name": "客户意向等级", "value": value })),
        (text(), text()).prop_map(|(name, value)| json!({ "name": name, "value": value })),
        Just(json!({ "name": "n", "value": 3, "more": 1 })),
    ];
    prop_oneof![
        6 => proptest::collection::vec(result, 0..3).prop_map(Value::Array),
        1 => text().prop_map(|value| json!({ "意向等级": value })),
        1 => unusual(),
    ]
}

/// A call with an id.
fn row(id: i64) -> impl Strategy<Value = Value> {
    let number = || prop_oneof![6 => (0..30_i64).prop_map(Value::from), 1 => unusual()];
    let words = || prop_oneof![6 => text().prop_map(Value::String), 1 => unusual()];
    let few = prop_oneof![Just(json!("任务一")), Just(json!("任务二")), words()];
    let telephone = prop_oneof![
        4 => "1[3-9][0-9]{9}".prop_map(Value::String),
        1 => Just(json!("+86 139 0000 1234")),
        1 => words(),
    ];
    let duration = prop_oneof![
        4 => (0..4000_i64).prop_map(|seconds| json!(format!("{seconds}秒"))),
        1 => Just(json!("1分27秒")),
        1 => Just(json!("很久")),
        1 => unusual(),
    ];
    let unknown = prop_oneof![
        4 => Just(None),
        1 => unusual().prop_map(Some),
    ];
    // Each field may be absent.
    let maybe = |value: BoxedStrategy<Value>| proptest::option::weighted(0.85, value);
    let first = (
        maybe(number().boxed()),
        maybe(few.boxed()),
        maybe(telephone.boxed()),
        maybe(words().boxed()),
        maybe(number().boxed()),
        maybe(number().boxed()),
        maybe(duration.boxed()),
        maybe(number().boxed()),
    );
    let second = (
        maybe(time().boxed()),
        maybe(time().boxed()),
        maybe(words().boxed()),
        maybe(words().boxed()),
        maybe(time().boxed()),
        maybe(results().boxed()),
        maybe(words().boxed()),
        unknown,
    );
    (first, second).prop_map(move |(a, b)| {
        let mut row = serde_json::Map::new();
        row.insert("callInstanceId".to_owned(), id.into());
        for (name, value) in [
            // Without ids that JavaScript would round, which are errors.
            ("callJobId", a.0.filter(|id| id.to_string().len() < 16)),
            ("jobName", a.1),
            ("customerTelephone", a.2),
            ("customerName", a.3),
            ("status", a.4),
            ("finishStatus", a.5),
            ("duration", a.6),
            ("chatRound", a.7),
            ("startTime", b.0),
            ("endTime", b.1),
            ("callerPhone", b.2),
            ("luyinOssUrl", b.3),
            ("gmtCreate", b.4),
            ("resultList", b.5),
            ("properties", b.6),
            ("fieldOfLaterYears", b.7),
        ] {
            if let Some(value) = value {
                row.insert(name.to_owned(), value);
            }
        }
        Value::Object(row)
    })
}

/// Pages of calls; some calls supersede earlier ones.
pub(crate) fn pages() -> impl Strategy<Value = Vec<Vec<Value>>> {
    let rows = || proptest::collection::vec((0..40_i64).prop_flat_map(row), 0..20);
    proptest::collection::vec(rows(), 0..3)
}

/// The body of a page.
pub(crate) fn body(rows: &[Value]) -> Vec<u8> {
    json!({ "code": 200, "data": { "total": rows.len(), "list": rows } }).to_string().into_bytes()
}

/// A table of these pages.
pub(crate) fn table(pages: &[Vec<Value>]) -> byrobot_calls::table::Table {
    let mut table = byrobot_calls::table::Table::default();
    for rows in pages {
        table.ingest_body(&body(rows)).unwrap();
    }
    table
}

/// The calls of a table, in the order in which they were first added.
pub(crate) fn calls(table: &byrobot_calls::table::Table) -> Vec<Value> {
    let rows = byrobot_calls::compute::View::of(table).rows(0, usize::MAX, None);
    rows.iter().map(crate::plain).collect()
}
