//! What holds of any answer: reading ends with a value or with a place in the answer, and nothing
//! that was sent is lost.

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

/// Text that is no JSON.
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

/// Any JSON whose integers are of `integers`.
fn any_json(integers: BoxedStrategy<i64>) -> BoxedStrategy<Json> {
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

fn wild() -> BoxedStrategy<Json> {
    any_json(any::<i64>().boxed())
}

/// Integers that JavaScript holds.
fn tame() -> BoxedStrategy<Json> {
    any_json((-5..100_000_000_000_000_i64).boxed())
}

fn list_of(item: impl Strategy<Value = Json> + 'static) -> BoxedStrategy<Json> {
    vec(item, 0..3).prop_map(Json::from).boxed()
}

/// What a field of this kind usually holds.
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
        FieldKind::Raw => tame(),
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
        FieldKind::List(model) | FieldKind::OptionalList(model) => list_of(odd(model, tame)),
        FieldKind::Object(model) => {
            prop_oneof![odd(model, tame), odd(model, tame).prop_map(|object| json!([object]))]
                .boxed()
        }
        FieldKind::ObjectOrEmpty(model) => odd(model, tame).boxed(),
    }
}

/// An object with the right names, of which some hold what they ought to and some hold `any`.
fn odd(model: &'static Model, any: fn() -> BoxedStrategy<Json>) -> BoxedStrategy<Json> {
    let mut fields: BTreeMap<String, BoxedStrategy<Option<Json>>> = BTreeMap::new();
    let inherited = model.base.into_iter().flat_map(|base| base.fields);
    for field in inherited.chain(model.fields) {
        let usual = usual(field.kind);
        let fatal = matches!(
            field.kind,
            FieldKind::Id | FieldKind::Object(_) | FieldKind::ObjectOrEmpty(_)
        );
        let may_miss = if field.presence == Presence::Required { 1 } else { 20 };
        let value = prop_oneof![
            60 => usual.prop_map(Some),
            if fatal { 1 } else { 30 } => any().prop_map(Some),
            may_miss => Just(None),
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

/// The `data` of an answer, odd in many places.
fn odd_data(name: &str, any: fn() -> BoxedStrategy<Json>) -> BoxedStrategy<Json> {
    let page = |model| {
        let number = prop_oneof![4 => (1_i64..90).prop_map(Json::from), 1 => any()];
        (vec(odd(model, any), 0..4), vec(number, 5)).prop_map(|(list, numbers)| {
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
        "getTaskDetail" => odd(&TASK_DETAIL, any),
        _ => odd(&CALL_DETAIL, any),
    }
}

fn any_answer(any: fn() -> BoxedStrategy<Json>) -> impl Strategy<Value = (&'static str, Json)> {
    select(&ENDPOINTS).prop_flat_map(move |name| (Just(name), odd_data(name, any)))
}

/// What stands at a place, `data.list[3].callJobId`.
fn at<'a>(data: &'a Json, path: &str) -> Option<&'a Json> {
    let steps = path.strip_prefix("data").unwrap().replace('[', ".[");
    steps.split('.').skip(1).try_fold(data, |at, step| match step.strip_prefix('[') {
        None => at.get(step),
        Some(index) => at.get(index.strip_suffix(']').unwrap().parse::<usize>().unwrap()),
    })
}

/// Whether a refusal is true of the answer.
fn is_just(data: &Json, path: &str, what: &str) -> bool {
    let kind = match at(data, path) {
        None => return what == "it is missing" || what.ends_with("found null"),
        Some(Json::Null) => "null",
        Some(Json::Bool(_)) => "a boolean",
        Some(Json::Number(_)) => "a number",
        Some(Json::String(_)) => "a string",
        Some(Json::Array(_)) => "an array",
        Some(Json::Object(_)) => "an object",
    };
    let expected = what.strip_prefix("expected ").and_then(|what| what.split_once(", found "));
    match expected {
        Some((expected, found)) => found == kind && expected != kind,
        None => what == BEYOND && matches!(kind, "a number" | "a string"),
    }
}

/// A leaf in all the ways in which reading may spell it.
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

/// The leaves that say something, and the names that are not of our making.
fn leaves(value: &Json, found: &mut Vec<Json>) {
    match value {
        Json::Null => {}
        Json::String(text) if text.trim().is_empty() => {}
        Json::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Json::Object(fields) => {
            for (name, value) in fields {
                let blank = value.as_str().is_some_and(|text| text.trim().is_empty());
                let ours = matches!(name.as_str(), "name" | "values" | "calledTiimes");
                if !blank && !ours && *value != Json::Null {
                    found.push(json!(name));
                }
                leaves(value, found);
            }
        }
        leaf => found.push(leaf.clone()),
    }
}

/// What was sent and is nowhere in what was read.
fn lost(sent: &Json, read: &Json) -> Vec<Json> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    leaves(sent, &mut before);
    leaves(read, &mut after);
    let after: BTreeSet<String> = after.iter().flat_map(spellings).collect();
    before.retain(|leaf| !spellings(leaf).iter().any(|spelling| after.contains(spelling)));
    before
}

/// The same value; a number is an integer if it is one, as in JavaScript.
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
    fn reading_anything_ends_with_a_value_or_a_place_in_the_answer(
        (name, data) in prop_oneof![
            any_answer(wild),
            (select(&ENDPOINTS), wild()),
        ]
    ) {
        if let Err(error) = read(name, &value(&data)) {
            prop_assert_eq!(error.kind, ErrorKind::UnexpectedShape);
            let path = error.path.clone().unwrap();
            let what = error.message.strip_prefix(&format!("unexpected answer at {path}: "));
            prop_assert!(is_just(&data, &path, what.unwrap()), "{:?}\n{}", error, data);
        }
    }

    #[test]
    fn nothing_that_was_sent_is_lost((name, data) in any_answer(tame)) {
        if let Ok(read) = read(name, &value(&data)) {
            prop_assert_eq!(lost(&data, &read), Vec::<Json>::new(), "{}\n{}", data, read);
        }
    }

    #[test]
    fn a_field_nobody_knows_is_kept_as_it_came(
        (name, rows) in any_answer(tame),
        sent in tame(),
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
    fn a_row_with_a_bad_id_is_named(
        (name, id) in select(vec![
            ("getTasks", "callJobId"),
            ("queryDoneTaskPhones", "callInstanceId"),
            ("notDialedCustomerList", "callInstanceId"),
        ]),
        rows in 1_usize..6,
        which in any::<prop::sample::Index>(),
        bad in bad_id(),
        bare in any::<bool>(),
    ) {
        let which = which.index(rows);
        let mut list: Vec<Json> = (0..rows).map(|number| json!({ id: number })).collect();
        list[which] = bad.map_or(json!({}), |bad| json!({ id: bad }));
        let list = json!(list);
        let data = if bare { list } else { json!({ "list": list }) };
        let error = read(name, &value(&data)).unwrap_err();
        let list = if bare { "data" } else { "data.list" };
        prop_assert_eq!(error.kind, ErrorKind::UnexpectedShape);
        prop_assert_eq!(error.path.clone().unwrap(), format!("{list}[{which}].{id}"));
    }
}

/// What no row can be named by.
fn bad_id() -> impl Strategy<Value = Option<Json>> {
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
fn an_id_that_may_be_absent_is_refused_only_where_javascript_would_round_it() {
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

/// A reader that compares every name with every other would not come back from this.
#[test]
fn statistics_of_very_many_names_are_read_and_a_name_that_is_there_twice_is_seen() {
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
        assert_eq!(kept.is_some(), repeated, "a name that is there twice is kept as it came");
    }
}
