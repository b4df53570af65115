//! One body in many spellings: the fast path and the general path give the same rows, report and snapshot; equal rows
//! in another spelling are no change.

use byrobot_calls::ingest::{CallRows, Oddity};
use byrobot_calls::table::Table;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::generators;
use super::paths::{general_body, page_of_both, read_both, rows};
use super::spell::spell;

/// Values of unknown fields.
fn unknown() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        Just(json!(9_007_199_254_740_993_i64)),
        Just(json!(-0.0)),
        Just(json!(0.1)),
        Just(json!(1e21)),
        (0..2000_i64).prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        Just(json!("中/")),
        generators::text().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Json::from),
            vec(("[a-c]|中|/|extra|name", inner), 0..3)
                .prop_map(|fields| fields.into_iter().collect::<Json>()),
        ]
    })
}

/// A value nested so deep that it is not kept at some of these depths.
fn deep() -> impl Strategy<Value = Json> {
    (90..99).prop_map(|depth| (0..depth).fold(Json::Null, |inner, _| json!([inner])))
}

/// A call in the form of the document, with any results.
fn documented() -> impl Strategy<Value = Json> {
    let results = prop_oneof![
        Just(json!([])),
        Just(json!([{ "name": "客户意向等级", "value": "A级(较强)" }])),
        Just(json!([{ "name": "n", "value": 3 }])),
        Just(json!([{ "value": "v", "name": "n" }])),
        Just(json!(null)),
    ];
    (0..40_i64, 0..3_i64, results).prop_map(|(id, status, results)| {
        json!({
            "callInstanceId": id, "callJobId": 62, "customerName": "李", "finishStatus": status,
            "duration": "27秒", "startTime": "2024-02-29 09:05:00", "resultList": results,
        })
    })
}

/// A body of calls with some unusual values.
fn body() -> impl Strategy<Value = Json> {
    let more = prop_oneof![
        60 => Just(None),
        20 => ("later|startTimeMs|extra|\\PC{0,3}", unknown()).prop_map(Some),
        5 => ("startTime|gmtCreate|endTime", time()).prop_map(Some),
        1 => ("later|properties|resultList|startTime", deep()).prop_map(Some),
    ];
    let page = prop_oneof![4 => Just(true), 1 => Just(false)];
    let code = prop_oneof![12 => Just(json!(200)), 1 => Just(json!("200"))];
    let rows = (generators::pages(), vec(documented(), 0..20));
    (rows, vec(more, 40), page, code, generators::text()).prop_map(
        |((pages, documented), more, page, code, message)| {
            let mut rows: Vec<Json> = documented;
            rows.extend(pages.into_iter().flatten());
            for (row, more) in rows.iter_mut().zip(more) {
                if let (Json::Object(row), Some((name, value))) = (row, more) {
                    row.insert(name, value);
                }
            }
            let total = rows.len();
            let data = if page { json!({ "total": total, "list": rows }) } else { json!(rows) };
            json!({ "code": code, "data": data, "resultMsg": message })
        },
    )
}

/// The last row of each call in a body.
fn last_of_each(body: &Json) -> Vec<Json> {
    let rows = body["data"].get("list").unwrap_or(&body["data"]);
    let mut last: Vec<Json> = Vec::new();
    for row in rows.as_array().unwrap() {
        last.retain(|other| other["callInstanceId"] != row["callInstanceId"]);
        last.push(row.clone());
    }
    last
}

/// Times in compact form, with offsets and as epoch milliseconds, and numbers that are not times.
fn time() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(json!(20_240_105_090_500_i64)),
        Just(json!("20240105090500")),
        Just(json!("2024-01-05T01:05:00Z")),
        Just(json!("2024-01-05T09:05:00.000+0800")),
        Just(json!("9999-12-31 23:59:59")),
        Just(json!("0000-01-01 00:00:00")),
        Just(json!("9999-12-31T23:59:59-01:00")),
        Just(json!(9_007_199_254_740_991_i64)),
        Just(json!(1_704_416_700)),
        (900_000_000_000..4_200_000_000_000_i64).prop_map(Json::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn both_paths_give_the_same_rows_report_and_snapshot(
        bodies in vec((body(), any::<u64>()), 1..3),
    ) {
        let (mut fast, mut general) = (Table::default(), Table::default());
        for (body, seed) in bodies {
            let body = spell(&body, seed, true);
            let _ = read_both(&mut fast, &mut general, &body);
            page_of_both(&body);
        }
    }

    #[test]
    fn the_same_rows_in_another_spelling_are_no_change(
        body in body(),
        seeds in any::<[u64; 3]>(),
    ) {
        let (mut fast, mut general) = (Table::default(), Table::default());
        if read_both(&mut fast, &mut general, &spell(&body, seeds[0], false)).is_err() {
            return Ok(());
        }
        let known = rows(&fast);
        // Several rows of one call in a body supersede each other, so only the last row of each call is sent again.
        let last = last_of_each(&body);
        let page = body["data"].is_object();
        let data = if page { json!({ "list": last }) } else { json!(last) };
        let again = json!({ "code": 200, "data": data });
        for seed in seeds {
            let sent = spell(&again, seed, false);
            let report = read_both(&mut fast, &mut general, &sent).unwrap();
            prop_assert_eq!(report.added + report.updated, 0, "{}", String::from_utf8_lossy(&sent));
        }
        prop_assert_eq!(rows(&fast), known);
    }

    #[test]
    fn rows_of_a_table_are_no_change_when_they_are_ingested_again(body in body(), seed in any::<u64>()) {
        // A row without a value that was nested too deep is not equal to the row with it.
        prop_assume!(!body.to_string().contains(&"[".repeat(50)));
        let mut table = Table::default();
        let body = spell(&body, seed, false);
        if table.ingest_body(&body).is_err() {
            return Ok(());
        }
        let returned: Vec<Json> =
            rows(&table).iter().map(|row| serde_json::from_str(row).unwrap()).collect();
        let mut calls = CallRows::of(&table);
        calls.add_text(json!(returned).to_string().as_bytes(), false).unwrap();
        let report = table.ingest_rows(calls).unwrap();
        prop_assert_eq!(report.added + report.updated, 0, "{}", String::from_utf8_lossy(&body));
    }
}

/// A body of rows, each JSON text.
fn of_rows(rows: &[&str]) -> Vec<u8> {
    format!(r#"{{"code":200,"data":[{}]}}"#, rows.join(",")).into_bytes()
}

/// Reads a body of rows by both paths, and returns its oddities except missing fields.
fn oddities(rows: &[&str]) -> Vec<(String, &'static str, u32, String)> {
    let body = of_rows(rows);
    let report = read_both(&mut Table::default(), &mut Table::default(), &body).unwrap();
    let counts = report.oddities.iter().filter(|count| count.kind != Oddity::Missing);
    counts
        .map(|count| (count.field.clone(), count.kind.name(), count.count, count.example()))
        .collect()
}

#[test]
fn an_empty_list_of_results_is_empty_in_every_spelling() {
    for list in ["[]", "[ ]", "[\n\t]"] {
        let row = format!(r#"{{"callInstanceId":5,"resultList":{list}}}"#);
        assert_eq!(oddities(&[&row]), [], "{list}");
        let mut table = Table::default();
        table.ingest_body(&of_rows(&[&row])).unwrap();
        let again = table.ingest_body(&of_rows(&[r#"{"callInstanceId":5}"#])).unwrap();
        assert_eq!(again.unchanged, 1, "{list}");
    }
}

#[test]
fn a_result_whose_value_is_a_number_is_reported_by_both_paths() {
    let found = oddities(&[
        r#"{"callInstanceId":5,"resultList":[{"name":"n","value":"3"}]}"#,
        r#"{"callInstanceId":6,"resultList":[{"name":"n","value":3}]}"#,
    ]);
    let example = "data.list[1].resultList".to_owned();
    assert_eq!(found, [("resultList".to_owned(), "other_form", 1, example)]);
}

#[test]
fn an_unknown_field_is_stored_equally_in_every_spelling() {
    for spellings in [
        &["9007199254740993"][..],
        &["1", " 1 ", "1.0", "10e-1", "0.1E1"],
        &["0", "-0", "0.0", "0e5"],
        &["-5", "-5.0"],
        &["\"中/\"", r#""\u4e2d\/""#, r#""\u4E2D/""#],
        &["[1,{\"a\":true}]", "[ 1 , { \"a\" : true } ]", r#"[1.0,{"\u0061":true}]"#],
        &["\"\u{7f}\"", r#""\u007f""#],
        &["0.10"],
        &["null"],
    ] {
        let mut table = Table::default();
        let row = |x: &str, key: &str| format!(r#"{{"callInstanceId":5,"{key}":{x}}}"#);
        for (index, spelling) in spellings.iter().enumerate() {
            for (turn, key) in ["x", r"\u0078"].into_iter().enumerate() {
                let row = row(spelling, key);
                let found = oddities(&[&row]);
                let example = "data.list[0].x".to_owned();
                assert_eq!(found, [("x".to_owned(), "unknown_field", 1, example)]);
                let report = table.ingest_body(&of_rows(&[&row])).unwrap();
                assert_eq!(report.updated, 0, "{row}");
                assert_eq!(report.added, u32::from(index + turn == 0), "{row}");
            }
        }
        assert_eq!(table.snapshot().unwrap(), {
            let mut table = Table::default();
            table.ingest_body(&general_body(&of_rows(&[&row(spellings[0], "x")]))).unwrap();
            table.snapshot().unwrap()
        });
    }
}

#[test]
fn a_field_that_a_row_has_twice_counts_as_one_row() {
    let found = oddities(&[r#"{"callInstanceId":5,"x":1,"x":2}"#, r#"{"callInstanceId":6,"x":2}"#]);
    assert_eq!(found, [("x".to_owned(), "unknown_field", 2, "data.list[0].x".to_owned())]);
}

#[test]
fn many_unknown_names_do_not_displace_oddities_of_documented_fields() {
    let unknown: Vec<String> = (0..3000).map(|name| format!(r#""n{name}":1"#)).collect();
    let row = format!(r#"{{{},"callInstanceId":5,"chatRound":"7"}}"#, unknown.join(","));
    let body = of_rows(&[&row]);
    let report = read_both(&mut Table::default(), &mut Table::default(), &body).unwrap();
    let count = |kind| report.oddities.iter().filter(|count| count.kind == kind).count();
    assert_eq!(count(Oddity::UnknownField), 1000);
    assert_eq!(count(Oddity::TextForNumber), 1);
    assert!(count(Oddity::Missing) > 10);
}

#[test]
fn a_number_with_an_exponent_is_the_integer_that_it_is_exactly() {
    let row = r#"{"callInstanceId":5.402053814E9,"callJobId":"6.2E1","duration":2.7E1,"chatRound":70e-1,"finishStatus":0E0,"startTime":1.7044167E12}"#;
    let same = r#"{"callInstanceId":5402053814,"callJobId":"62","duration":27,"chatRound":7,"finishStatus":0,"startTime":1704416700000}"#;
    assert_eq!(oddities(&[row]), oddities(&[same]));
    let mut table = Table::default();
    let page =
        format!(r#"{{"code":2.00E2,"data":{{"total":1e0,"pageSize":5.0e1,"list":[{row}]}}}}"#);
    let report = read_both(&mut table, &mut Table::default(), page.as_bytes()).unwrap();
    assert_eq!((report.total, report.page_size), (Some(1), Some(50)));
    assert_eq!(table.ingest_body(&of_rows(&[same])).unwrap().unchanged, 1);
}

#[test]
fn an_id_that_javascript_would_round_is_refused_with_that_reason_in_every_spelling() {
    for (id, message) in [
        ("9007199254740992.0", "this id is beyond"),
        ("1e16", "this id is beyond"),
        ("\"9.007199254740993E15\"", "this id is beyond"),
        ("1.5E0", "expected an id, found a number"),
        ("1e-400", "expected an id, found a number"),
    ] {
        let body = of_rows(&[&format!(r#"{{"callInstanceId":{id}}}"#)]);
        let error = Table::default().ingest_body(&body).unwrap_err();
        assert!(error.message.contains(message), "{id}: {error}");
    }
}

#[test]
fn times_of_other_forms_are_read_or_kept_as_text_and_counted() {
    let instant = |time: &str| {
        let mut table = Table::default();
        let row = format!(r#"{{"callInstanceId":5,"startTime":{time}}}"#);
        let report = read_both(&mut table, &mut Table::default(), &of_rows(&[&row])).unwrap();
        let oddity = report.oddities.iter().find(|count| count.field == "startTime");
        let call = crate::plain(&table.get(5).unwrap());
        (call["startTime"].clone(), call["startTimeMs"].clone(), oddity.map(|count| count.kind))
    };
    let ms = 1_704_416_700_000_i64;
    for (time, text, oddity) in [
        ("\"2024-01-05 09:05:00\"", "2024-01-05 09:05:00", None),
        ("\"20240105090500\"", "20240105090500", Some(Oddity::OtherForm)),
        ("20240105090500", "20240105090500", Some(Oddity::NumberForText)),
        ("2.02401050905E13", "20240105090500", Some(Oddity::NumberForText)),
        ("1704416700000", "2024-01-05 09:05:00", Some(Oddity::NumberForText)),
        ("\"1704416700000\"", "2024-01-05 09:05:00", Some(Oddity::OtherForm)),
        ("\"2024-01-05T01:05:00.000+0000\"", "2024-01-05 09:05:00", Some(Oddity::OtherForm)),
        ("\"2024-01-05T09:05:00+08:00\"", "2024-01-05 09:05:00", Some(Oddity::OtherForm)),
        ("\"2024-01-05 01:05:00Z\"", "2024-01-05 09:05:00", Some(Oddity::OtherForm)),
        ("\"2024-01-05T09:05:00\"", "2024-01-05T09:05:00", Some(Oddity::OtherForm)),
    ] {
        assert_eq!(instant(time), (json!(text), json!(ms), oddity), "{time}");
    }
    // Seconds, small numbers, and years outside of 2000 to 2099 are not times.
    for time in ["1704416700", "5", "946655999999", "4102416000000", "9007199254740991"] {
        for sent in [time.to_owned(), format!("\"{time}\"")] {
            let expected = (json!(time), Json::Null, Some(Oddity::Unreadable));
            assert_eq!(instant(&sent), expected, "{sent}");
        }
    }
    for time in ["20240230090500", "19691231235959", "明天", "2024-01-05T09:05:00+25:00"] {
        let expected = (json!(time), Json::Null, Some(Oddity::Unreadable));
        assert_eq!(instant(&format!("\"{time}\"")), expected, "{time}");
    }
}

#[test]
fn a_row_that_is_nested_too_deep_loses_that_field_and_no_other() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let row = |id, depth| format!(r#"{{"callInstanceId":{id},"x":{},"duration":7}}"#, deep(depth));
    // In a body without a page, rows are less deep by one.
    for (list, most) in [(false, 93), (true, 92)] {
        let rows = [row(1, most), row(2, most + 1), row(3, 100_000)].join(",");
        let data = if list { format!(r#"{{"list":[{rows}]}}"#) } else { format!("[{rows}]") };
        for other in [deep(1000), "1".to_owned()] {
            let body = format!(r#"{{"code":200,"other":{other},"data":{data}}}"#);
            let mut table = Table::default();
            let report = read_both(&mut table, &mut Table::default(), body.as_bytes()).unwrap();
            assert_eq!(report.added, 3);
            let count = report.oddities.iter().find(|count| count.kind == Oddity::TooDeep).unwrap();
            assert_eq!((count.field.as_str(), count.count), ("x", 2));
            assert_eq!(count.example(), "data.list[1].x");
            let calls = generators::calls(&table);
            assert!(calls.iter().all(|call| call["duration"] == 7));
            assert!(calls[0]["extra"]["x"].is_array());
            assert!(
                calls[1]["extra"]["x"].to_string().ends_with(&format!("[null{}", "]".repeat(most)))
            );
        }
    }
}

#[test]
fn a_body_without_rows_that_is_nested_too_deep_is_refused_with_that_reason() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for body in
        [deep.clone(), format!(r#"{{"code":200,"data":{deep}}}"#), format!(r#"{{"data":{deep}}}"#)]
    {
        let error = Table::default().ingest_body(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind.code(), "unexpected_shape");
        assert!(error.message.ends_with("nested more than 96 deep"), "{error}");
    }
    // The error of a body that is not JSON does not mention the depth.
    let error = Table::default().ingest_body(&deep.as_bytes()[1..]).unwrap_err();
    assert_eq!(error.kind.code(), "not_json");
}

#[test]
fn a_body_that_is_not_utf8_is_read_and_the_report_says_so() {
    // 张三 in GBK, as a server without `charset` may send it.
    let gbk = b"\xD5\xC5\xC8\xFD";
    let start = br#"{"code":200,"data":[{"callInstanceId":1,"customerName":"Ann"},{"callInstanceId":2,"customerName":""#;
    let body = [&start[..], gbk, br#""},{"callInstanceId":3,"later":""#, gbk, br#""}]}"#].concat();
    let mut table = Table::default();
    let report = read_both(&mut table, &mut Table::default(), &body).unwrap();
    let count = report.oddities.iter().find(|count| count.kind == Oddity::NotUtf8).unwrap();
    assert_eq!((count.field.as_str(), count.count), ("", 1));
    assert_eq!(count.example(), format!("byte {}", start.len()));
    assert_eq!(report.added, 3);
    // In every part of a body.
    for template in [
        &br#"{"resultMsg":"@","code":200,"data":[]}"#[..],
        br#"{"code":200,"data":[],"resultMsg":"@"}"#,
        br#"{"code":200,"@":1,"data":[]}"#,
        br#"{"code":200,"data":{"list":[],"x":{"@":["@"]}}}"#,
        br#"{"code":200,"data":[{"callInstanceId":1,"@":1}]}"#,
        br#"{"code":200,"data":[{"callInstanceId":1,"resultList":[{"name":"@","value":"x"}]}]}"#,
        br#"{"code":200,"data":[{"callInstanceId":1,"jobName":"@"}]}"#,
        br#"{"code":200,"data":[{"callInstanceId":1,"customerName":"\n@"}]}"#,
        br#"{"code":200,"data":[{"callInstanceId":1,"jobName":null,"x":1,"y":"\u4e2d@"}]}"#,
    ] {
        let at = template.iter().position(|byte| *byte == b'@').unwrap();
        let body: Vec<u8> = template
            .iter()
            .flat_map(|byte| if *byte == b'@' { &gbk[..] } else { std::slice::from_ref(byte) })
            .copied()
            .collect();
        let report = read_both(&mut Table::default(), &mut Table::default(), &body).unwrap();
        let count = report.oddities.iter().find(|count| count.kind == Oddity::NotUtf8);
        let text = String::from_utf8_lossy(template);
        assert_eq!(count.map(|count| count.first), Some(at), "{text}");
    }
}

/// A page of the rows with the total 2.
fn page_of(rows: &[&str]) -> Vec<u8> {
    format!(r#"{{"code":200,"data":{{"total":2,"size":2,"list":[{}]}}}}"#, rows.join(","))
        .into_bytes()
}

#[test]
fn a_page_in_canonical_spelling_becomes_its_text_without_values_also_with_rows_of_other_spellings()
{
    let start = r#"{"pageNum":1,"pageSize":10,"total":2,"pages":null,"list":["#;
    let none = r#"{"callInstanceId":7,"callJobId":null,"sceneDefId":null,"jobName":null,"customerTelephone":"","customerName":null,"status":null,"finishStatus":null,"duration":null,"chatRound":null,"startTime":null,"endTime":null,"startTimeMs":null,"endTimeMs":null,"callerPhone":null,"callIndex":null,"luyinOssUrl":null,"secondaryCallTime":null,"secondaryCallTimes":null,"gmtCreate":null,"gmtModified":null,"resultList":[]}"#;
    let call = r#"{"duration":"27秒","startTime":"2024-01-15 09:30:00","callInstanceId":8,"customerName":"a\u4e2d\"","more":[1,{"a":2.50}],"resultList":[{"name":"意向","value":"A级"}]}"#;
    let read = r#"{"callInstanceId":8,"callJobId":null,"sceneDefId":null,"jobName":null,"customerTelephone":"","customerName":"a中\"","status":null,"finishStatus":null,"duration":27,"chatRound":null,"startTime":"2024-01-15 09:30:00","endTime":null,"startTimeMs":1705282200000,"endTimeMs":null,"callerPhone":null,"callIndex":null,"luyinOssUrl":null,"secondaryCallTime":null,"secondaryCallTimes":null,"gmtCreate":null,"gmtModified":null,"resultList":[{"name":"意向","value":"A级"}],"extra":{"more":"#;
    let expected = format!(r#"{start}{none},{read}[1,{{"a":2.50}}]}}}}],"extra":{{"size":2}}}}"#);
    let body = page_of(&[r#"{"callInstanceId":7}"#, call]);
    assert_eq!(page_of_both(&body).as_deref(), Some(&*expected));

    // An unknown scalar does not need the general path either.
    let body = page_of(&[r#"{"callInstanceId":7,"more":5,"other":"x"}"#]);
    let extra = r#","extra":{"more":5,"other":"x"}}],"extra":{"size":2}}"#;
    let expected = format!("{start}{}{extra}", none.trim_end_matches('}'));
    assert_eq!(page_of_both(&body).as_deref(), Some(&*expected));
}

#[test]
fn a_page_with_an_error_or_with_repeated_members_is_left_to_the_general_path() {
    for (body, reason) in [
        (r#"{"code":500,"data":{"list":[]}}"#, "a refusal"),
        (r#"{"code":200,"data":{"list":[],"list":[]}}"#, "two lists"),
        (r#"{"code":200,"data":{"list":[]},"data":null}"#, "two answers"),
        (r#"{"code":200,"data":{"list":[{}]}}"#, "a row without id"),
        (r#"{"code":200,"data":{"list":[{"callInstanceId":9007199254740993}]}}"#, "an unsafe id"),
        (r#"{"code":200,"data":{"total":0}}"#, "no list"),
        (r#"{"code":200,"data":[]}"#, "no page"),
        (r#"{"code":200,"data":{"list":[]}} x"#, "more after it"),
        (r#"{"code":200}"#, "no data"),
    ] {
        assert_eq!(page_of_both(body.as_bytes()), None, "{reason}");
    }
    assert_eq!(page_of_both(b"{\"code\":200,\"data\":{\"list\":[],\"a\":\"\xFF\"}}"), None);
}
