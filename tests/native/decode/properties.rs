//! Properties of any answer: it is read, or refused with the path of the wrong value; and nothing that was sent is lost.

use std::collections::{BTreeMap, BTreeSet};

use byrobot_calls::decode::Path;
use byrobot_calls::error::ErrorKind;
use byrobot_calls::json::{Value, parse};
use byrobot_calls::schema::{
    CALL_DETAIL, CALL_INSTANCE, CALLER_PHONE, DONE_CALL, FieldKind, Model, Presence, TASK,
    TASK_DETAIL, TASK_RESULT, TRANSCRIPT_LINE, UNDIALED_CUSTOMER,
};
use byrobot_calls::time::shanghai_text;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::{BEYOND, read};

const ENDPOINTS: [&str; 5] =
    ["getTasks", "getTaskDetail", "queryDoneTaskPhones", "notDialedCustomerList", "phoneLogInfo"];

fn value(sent: &Json) -> Value {
    parse(sent.to_string().as_bytes()).unwrap()
}

/// Texts that are not JSON arrays or objects.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-zA-Z甲乙 :.+-]{0,12}",
        "[1-9][0-9]{0,10}",
        "[1-9][0-9]{0,3}秒",
        select(vec!["", " ", "true", "false", "2018-12-13 15:28:09", "-", "A级(较强)"])
            .prop_map(str::to_owned),
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        select(vec!["name", "value", "values", "list", "extra", "duration", "客户意向等级"])
            .prop_map(str::to_owned),
    ]
}

/// JSON with integers of a strategy.
fn json_with(integers: BoxedStrategy<i64>) -> BoxedStrategy<Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        integers.prop_map(Json::from),
        (-1000_i32..1000).prop_map(|number| json!(f64::from(number) / 8.0)),
        text().prop_map(Json::from),
    ];
    let nested = |inner: BoxedStrategy<Json>| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map(key(), inner, 0..4).prop_map(|fields| json!(fields)),
        ]
    };
    leaf.prop_recursive(3, 16, 4, nested).boxed()
}

/// Any JSON.
fn any_json() -> BoxedStrategy<Json> {
    json_with(any::<i64>().boxed())
}

/// JSON whose integers JavaScript holds exactly.
fn safe_json() -> BoxedStrategy<Json> {
    json_with((-5..100_000_000_000_000_i64).boxed())
}

fn list_of(item: impl Strategy<Value = Json> + 'static) -> BoxedStrategy<Json> {
    vec(item, 0..3).prop_map(Json::from).boxed()
}

/// Usual values of a kind of field.
fn usual(kind: FieldKind) -> BoxedStrategy<Json> {
    let id = prop_oneof![
        (1_i64..1_000_000_000_000).prop_map(Json::from),
        (1_i64..1_000_000_000_000).prop_map(|id| json!(id.to_string())),
    ];
    let count = || (2_i64..1_000_000).prop_map(Json::from);
    let pair = || {
        (text(), count(), prop::option::weighted(0.1, text())).prop_map(|(name, count, more)| {
            let mut pair = json!({ "name": name, "value": count });
            if let Some(more) = more {
                pair["more"] = json!(more);
            }
            pair
        })
    };
    let map = |value: BoxedStrategy<Json>| {
        btree_map("[a-z甲]{1,6}", value, 0..3).prop_map(|fields| json!(fields)).boxed()
    };
    match kind {
        FieldKind::Id | FieldKind::OptionalId => id.boxed(),
        FieldKind::Integer => count().boxed(),
        FieldKind::Flag => select(vec![json!(true), json!(false), json!(0), json!("1")]).boxed(),
        FieldKind::Text | FieldKind::OptionalText => text().prop_map(Json::from).boxed(),
        FieldKind::Seconds => "[1-9][0-9]{0,3}秒?".prop_map(Json::from).boxed(),
        FieldKind::WallTime | FieldKind::EpochMs => prop_oneof![
            Just(json!("2018-12-13 15:28:09")),
            (100_000_000_000_i64..10_000_000_000_000).prop_map(Json::from),
        ]
        .boxed(),
        FieldKind::Raw => safe_json(),
        FieldKind::Counts => list_of(pair()),
        FieldKind::ResultDefinitions => list_of(
            (text(), vec(text(), 0..3))
                .prop_map(|(name, values)| json!({ "name": name, "values": values })),
        ),
        FieldKind::Stats => prop_oneof![
            map(list_of(pair())),
            list_of(
                (text(), list_of(pair()))
                    .prop_map(|(name, values)| json!({ "name": name, "values": values })),
            ),
            list_of(
                ("[a-z]{1,6}", list_of(pair()))
                    .prop_map(|(name, counts)| { json!({ name: counts }) })
            ),
        ]
        .boxed(),
        FieldKind::NamedValues => {
            prop_oneof![list_of(pair()), map(text().prop_map(Json::from).boxed())].boxed()
        }
        FieldKind::List(model) | FieldKind::OptionalList(model) => {
            list_of(object_of(model, safe_json))
        }
        FieldKind::Object(model) => prop_oneof![
            object_of(model, safe_json),
            object_of(model, safe_json).prop_map(|object| json!([object]))
        ]
        .boxed(),
        FieldKind::ObjectOrEmpty(model) => object_of(model, safe_json).boxed(),
    }
}

/// An object of a model whose fields have usual values or values of `any`, or are absent; and unknown fields.
fn object_of(model: &'static Model, any: fn() -> BoxedStrategy<Json>) -> BoxedStrategy<Json> {
    let mut fields: BTreeMap<String, BoxedStrategy<Option<Json>>> = BTreeMap::new();
    let inherited = model.base.into_iter().flat_map(|base| base.fields);
    for field in inherited.chain(model.fields) {
        let usual = usual(field.kind);
        let fatal = matches!(
            field.kind,
            FieldKind::Id | FieldKind::Object(_) | FieldKind::ObjectOrEmpty(_)
        );
        let absent = if field.presence == Presence::Required { 1 } else { 20 };
        let value = prop_oneof![
            60 => usual.prop_map(Some),
            if fatal { 1 } else { 30 } => any().prop_map(Some),
            absent => Just(None),
        ];
        for name in field.alias.into_iter().chain([field.wire]) {
            fields.insert(name.to_owned(), value.clone().boxed());
        }
    }
    let (names, values): (Vec<String>, Vec<_>) = fields.into_iter().unzip();
    (values, btree_map("[a-z]{3}_", any(), 0..3))
        .prop_map(move |(values, unknown)| {
            let known = names.iter().zip(values);
            let known = known.filter_map(|(name, value)| Some((name.clone(), value?)));
            Json::Object(known.chain(unknown).collect())
        })
        .boxed()
}

/// The `data` of an answer, with values of `any` in many fields.
fn data_of(name: &str, any: fn() -> BoxedStrategy<Json>) -> BoxedStrategy<Json> {
    let page = |model| {
        let number = prop_oneof![4 => (1_i64..90).prop_map(Json::from), 1 => any()];
        (vec(object_of(model, any), 0..4), vec(number, 5)).prop_map(|(list, numbers)| {
            let names = ["pageNum", "pageSize", "total", "pages", "size"];
            let mut page: Json = names.iter().zip(numbers).map(|(name, n)| (*name, n)).collect();
            page["list"] = json!(list);
            page
        })
    };
    match name {
        "getTasks" => page(&TASK).boxed(),
        "queryDoneTaskPhones" => page(&DONE_CALL).boxed(),
        "notDialedCustomerList" => page(&UNDIALED_CUSTOMER).boxed(),
        "getTaskDetail" => object_of(&TASK_DETAIL, any),
        _ => object_of(&CALL_DETAIL, any),
    }
}

fn any_answer(any: fn() -> BoxedStrategy<Json>) -> impl Strategy<Value = (&'static str, Json)> {
    select(&ENDPOINTS).prop_flat_map(move |name| (Just(name), data_of(name, any)))
}

/// The value at a path such as `data.list[3].callJobId`.
fn value_at<'a>(data: &'a Json, path: &str) -> Option<&'a Json> {
    let steps = path.strip_prefix("data").unwrap().replace('[', ".[");
    steps.split('.').skip(1).try_fold(data, |at, step| match step.strip_prefix('[') {
        None => at.get(step),
        Some(index) => at.get(index.strip_suffix(']').unwrap().parse::<usize>().unwrap()),
    })
}

/// Whether an error describes the answer correctly.
fn is_correct(data: &Json, path: &str, message: &str) -> bool {
    let kind = match value_at(data, path) {
        None => return message == "it is missing" || message.ends_with("found null"),
        Some(Json::Null) => "null",
        Some(Json::Bool(_)) => "a boolean",
        Some(Json::Number(_)) => "a number",
        Some(Json::String(_)) => "a string",
        Some(Json::Array(_)) => "an array",
        Some(Json::Object(_)) => "an object",
    };
    let expected = message.strip_prefix("expected ");
    let expected = expected.and_then(|types| types.split_once(", found "));
    match expected {
        Some((expected, found)) => found == kind && expected != kind,
        None => message == BEYOND && matches!(kind, "a number" | "a string"),
    }
}

/// Every spelling that a leaf may have after reading.
fn spellings(leaf: &Json) -> Vec<String> {
    let text = match leaf {
        Json::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let mut all = vec![text.clone()];
    let number = text.trim_end_matches('秒').parse::<f64>().ok();
    let whole = number.filter(|number| number.fract() == 0.0 && number.abs() < 9e15);
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
    if let Some(number) = whole.map(|number| number as i64) {
        all.extend([number.to_string(), shanghai_text(number)]);
    }
    for flag in [["true", "1"], ["false", "0"]] {
        if all.iter().any(|spelling| flag.contains(&spelling.as_str())) {
            all.extend(flag.map(str::to_owned));
        }
    }
    all
}

/// Collects the leaves that are not blank, and the names that the server chose.
fn leaves(value: &Json, found: &mut Vec<Json>) {
    match value {
        Json::Null => {}
        Json::String(text) if text.trim().is_empty() => {}
        Json::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Json::Object(fields) => {
            for (name, value) in fields {
                let blank = value.as_str().is_some_and(|text| text.trim().is_empty());
                let structural = matches!(name.as_str(), "name" | "values" | "calledTiimes");
                if !blank && !structural && *value != Json::Null {
                    found.push(json!(name));
                }
                leaves(value, found);
            }
        }
        leaf => found.push(leaf.clone()),
    }
}

/// Sent leaves that are not in the read value.
fn lost(sent: &Json, read: &Json) -> Vec<Json> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    leaves(sent, &mut before);
    leaves(read, &mut after);
    let after: BTreeSet<String> = after.iter().flat_map(spellings).collect();
    before.retain(|leaf| !spellings(leaf).iter().any(|spelling| after.contains(spelling)));
    before
}

/// The same value with whole numbers as integers, as in JavaScript.
fn without_zero_fractions(value: Json) -> Json {
    match value {
        Json::Number(number) => {
            let text = number.to_string();
            let whole = text.strip_suffix(".0").map(|whole| whole.parse::<i64>().unwrap());
            whole.map_or(Json::Number(number), Json::from)
        }
        Json::Array(items) => items.into_iter().map(without_zero_fractions).collect(),
        Json::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, without_zero_fractions(value))).collect()
        }
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_answer_is_read_or_refused_with_the_path_of_the_wrong_value(
        (name, data) in prop_oneof![
            any_answer(any_json),
            (select(&ENDPOINTS), any_json()),
        ]
    ) {
        if let Err(error) = read(name, &value(&data)) {
            prop_assert_eq!(error.kind, ErrorKind::UnexpectedShape);
            let path = error.path.clone().unwrap();
            let message = error.message.strip_prefix(&format!("unexpected answer at {path}: "));
            prop_assert!(is_correct(&data, &path, message.unwrap()), "{:?}\n{}", error, data);
        }
    }

    #[test]
    fn nothing_that_was_sent_is_lost((name, data) in any_answer(safe_json)) {
        if let Ok(read) = read(name, &value(&data)) {
            prop_assert_eq!(lost(&data, &read), Vec::<Json>::new(), "{}\n{}", data, read);
        }
    }

    #[test]
    fn an_unknown_field_is_kept_as_sent(
        (name, rows) in any_answer(safe_json),
        sent in safe_json(),
    ) {
        let mut data = rows;
        data["neverSeen"] = sent.clone();
        for row in data.get_mut("list").and_then(Json::as_array_mut).into_iter().flatten() {
            row["neverSeen"] = sent.clone();
        }
        if let Ok(read) = read(name, &value(&data)) {
            let sent = without_zero_fractions(sent);
            prop_assert_eq!(&read["extra"]["neverSeen"], &sent);
            for row in read.get("list").and_then(Json::as_array).into_iter().flatten() {
                prop_assert_eq!(&row["extra"]["neverSeen"], &sent);
            }
        }
    }

    #[test]
    fn a_row_without_a_valid_id_is_refused_with_its_path(
        (name, id) in select(vec![
            ("getTasks", "callJobId"),
            ("queryDoneTaskPhones", "callInstanceId"),
            ("notDialedCustomerList", "callInstanceId"),
        ]),
        rows in 1_usize..6,
        position in any::<prop::sample::Index>(),
        invalid in invalid_id(),
        is_array in any::<bool>(),
    ) {
        let position = position.index(rows);
        let mut list: Vec<Json> = (0..rows).map(|number| json!({ id: number })).collect();
        list[position] = invalid.map_or(json!({}), |invalid| json!({ id: invalid }));
        let list = json!(list);
        let data = if is_array { list } else { json!({ "list": list }) };
        let error = read(name, &value(&data)).unwrap_err();
        let list = if is_array { "data" } else { "data.list" };
        prop_assert_eq!(error.kind, ErrorKind::UnexpectedShape);
        prop_assert_eq!(error.path.clone().unwrap(), format!("{list}[{position}].{id}"));
    }
}

/// Values that are not valid ids; `None` for an absent id.
fn invalid_id() -> impl Strategy<Value = Option<Json>> {
    let beyond = prop_oneof![9_007_199_254_740_992..=i64::MAX, i64::MIN..=-9_007_199_254_740_992];
    prop_oneof![
        Just(None),
        beyond.clone().prop_map(|id| Some(json!(id))),
        beyond.prop_map(|id| Some(json!(id.to_string()))),
        "[1-9][0-9]{16,40}".prop_map(|id| Some(json!(id))),
        select(vec![
            json!(null),
            json!(true),
            json!(""),
            json!(" "),
            json!("id"),
            json!("1.5"),
            json!(1.5),
            json!(1e18),
            json!([]),
            json!([1]),
            json!({}),
        ])
        .prop_map(Some),
    ]
}

#[test]
fn an_id_that_may_be_absent_is_refused_only_when_javascript_would_round_it() {
    let models: [(&Model, Json); 6] = [
        (&TASK, json!({ "callJobId": 1 })),
        (&CALLER_PHONE, json!({})),
        (&DONE_CALL, json!({ "callInstanceId": 1 })),
        (&CALL_INSTANCE, json!({ "callInstanceId": 1 })),
        (&TRANSCRIPT_LINE, json!({})),
        (&TASK_RESULT, json!({})),
    ];
    let mut tested = 0;
    for (model, row) in models {
        for field in model.fields.iter().filter(|field| matches!(field.kind, FieldKind::OptionalId))
        {
            let read = |id: Json| {
                let mut row = row.clone();
                row[field.wire] = id;
                model.read(&value(&row), &Path::root("row"))
            };
            for id in [json!(9_007_199_254_740_992_i64), json!("-9007199254740992")] {
                let error = read(id).unwrap_err();
                assert_eq!(error.path, Some(format!("row.{}", field.wire)));
                assert!(error.message.ends_with(BEYOND), "{error}");
            }
            for id in [json!("none"), json!(1.5), json!(false), json!([7]), json!({ "id": 7 })] {
                let read = crate::plain(&read(id.clone()).unwrap());
                assert!(read.get(field.name).is_none_or(Json::is_null), "{}", field.name);
                assert_eq!(read["extra"][field.wire], id, "{}", field.name);
            }
            for (id, number) in
                [(json!("70258002706"), 70_258_002_706_i64), (json!("7.0"), 7), (json!(7.0), 7)]
            {
                let read = crate::plain(&read(id).unwrap());
                assert_eq!(read[field.name], json!(number), "{}", field.name);
            }
            tested += 1;
        }
    }
    assert!(tested > 20, "{tested}");
}

/// A reader that compares every name with every other would not finish.
#[test]
fn statistics_with_many_names_are_read_and_kept_as_sent_when_a_name_is_repeated() {
    let stats = |names: u32, last: u32| {
        let names = (0..names).chain([last]);
        let stats: Vec<String> = names.map(|name| format!(r#""name {name}":[]"#)).collect();
        let detail = format!(r#"{{"callJobId":1,"extraStat":{{{}}}}}"#, stats.join(","));
        TASK_DETAIL.read(&parse(detail.as_bytes()).unwrap(), &Path::root("data")).unwrap()
    };
    let many = 300_000;
    for (last, repeated) in [(many, false), (many / 2, true)] {
        let read = stats(many, last);
        let Some(Value::Object(names)) = read.get("extraStat") else { panic!("no statistics") };
        assert_eq!(names.len(), 300_001);
        let kept = read.get("extra").and_then(|extra| extra.get("extraStat"));
        assert_eq!(kept.is_some(), repeated, "statistics with a repeated name are kept as sent");
    }
}
