//! One body in many spellings: the fast path and the general path give the same rows, the same report
//! and the same snapshot, and the same rows spelt in another way are no change.

use byrobot_calls::ingest::{CallRows, Oddity};
use byrobot_calls::table::Table;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::odd;
use super::paths::{general, read_both, rows};

/// Choices, one after the other, of a generated number.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }
}

/// Writes values as JSON, spelt by the dice.
struct Speller {
    dice: Dice,
    /// Also what changes the value: bytes that are not UTF-8, members twice, another order.
    wild: bool,
    /// What is spelt in other ways: spaces, numerals, texts, a bit each. The fast path knows some alone.
    odd: u64,
    out: Vec<u8>,
}

impl Speller {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn space(&mut self) {
        if self.odd & 1 != 0 && self.dice.one_in(6) {
            let spaces = [" ", "\n", "\t", "\r\n  "];
            let space = spaces[usize::try_from(self.dice.below(4)).unwrap()];
            self.put(space);
        }
    }

    fn value(&mut self, value: &Json) {
        self.space();
        match value {
            Json::Null => self.put("null"),
            Json::Bool(flag) => self.put(&flag.to_string()),
            Json::Number(number) => self.number(&number.to_string()),
            Json::String(text) => self.text(text),
            Json::Array(items) => {
                self.put("[");
                for (index, item) in items.iter().enumerate() {
                    self.put(if index > 0 { "," } else { "" });
                    self.value(item);
                }
                self.space();
                self.put("]");
            }
            Json::Object(fields) => self.object(fields.iter()),
        }
        self.space();
    }

    fn object<'a>(&mut self, fields: impl Iterator<Item = (&'a String, &'a Json)>) {
        let mut fields: Vec<_> = fields.collect();
        if self.wild && self.dice.one_in(4) && fields.len() > 1 {
            let at = usize::try_from(self.dice.below(fields.len() as u64)).unwrap();
            fields.rotate_left(at);
        }
        if self.wild && self.dice.one_in(8) && !fields.is_empty() {
            let at = usize::try_from(self.dice.below(fields.len() as u64)).unwrap();
            fields.push((fields[at].0, &Json::Null));
            fields.rotate_right(1);
        }
        self.put("{");
        for (index, (name, value)) in fields.into_iter().enumerate() {
            self.put(if index > 0 { "," } else { "" });
            self.space();
            self.text(name);
            self.space();
            self.put(":");
            self.value(value);
        }
        self.space();
        self.put("}");
    }

    /// An integer in one of its spellings; another numeral as it is.
    fn number(&mut self, numeral: &str) {
        let safe = self.odd & 2 != 0
            && numeral.bytes().all(|byte| byte.is_ascii_digit())
            && numeral.len() < 16;
        let spelling = match self.dice.below(if safe { 16 } else { 1 }) {
            1 => format!("{numeral}.0"),
            2 => format!("{numeral}e0"),
            3 if numeral != "0" => format!("{numeral}00E-2"),
            4 => {
                let (first, rest) = numeral.split_at(1);
                format!("{first}.{rest}0E+{}", rest.len())
            }
            _ => numeral.to_owned(),
        };
        self.put(&spelling);
    }

    fn text(&mut self, text: &str) {
        self.put("\"");
        let escapes = self.odd & 4 != 0 && self.dice.one_in(8);
        for character in text.chars() {
            let mut units = [0; 2];
            let escape = match character {
                '"' | '\\' | '\0'..='\u{1f}' => true,
                _ => escapes && self.dice.one_in(3),
            };
            if !escape {
                let start = self.out.len();
                self.put(character.encode_utf8(&mut [0; 4]));
                if self.wild && character as u32 > 0x7F && self.dice.one_in(100) {
                    self.out.truncate(start + 1);
                }
            } else if matches!(character, '"' | '\\' | '/') && self.dice.one_in(2) {
                self.put("\\");
                self.put(character.encode_utf8(&mut [0; 4]));
            } else {
                for unit in character.encode_utf16(&mut units) {
                    self.put(&format!("\\u{unit:04x}"));
                }
            }
        }
        self.put("\"");
    }
}

/// A body, mostly in an envelope that the fast path knows, with rows of which it knows some.
fn spelt(body: &Json, dice: u64, wild: bool) -> Vec<u8> {
    let mut speller = Speller { dice: Dice(dice | 1), wild, odd: 7, out: Vec::new() };
    if speller.dice.one_in(4) {
        speller.value(body);
        return speller.out;
    }
    let rows = body["data"].get("list").unwrap_or(&body["data"]);
    let list = body["data"].is_object();
    let [before, after] = if list { [r#"{"total":7,"list":["#, "]}}"] } else { ["[", "]}"] };
    speller.put(r#"{"code":200,"data":"#);
    for (index, row) in rows.as_array().unwrap().iter().enumerate() {
        speller.put(if index > 0 { "," } else { before });
        speller.odd = speller.dice.below(8);
        speller.value(row);
    }
    speller.put(if rows.as_array().unwrap().is_empty() { before } else { "" });
    speller.put(after);
    speller.out
}

/// Values of fields that nobody knows.
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
        odd::text().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Json::from),
            vec(("[a-c]|中|/|extra|name", inner), 0..3)
                .prop_map(|fields| fields.into_iter().collect::<Json>()),
        ]
    })
}

/// A value nested so deep that at some of these depths it is not kept.
fn deep() -> impl Strategy<Value = Json> {
    (90..99).prop_map(|depth| (0..depth).fold(Json::Null, |inner, _| json!([inner])))
}

/// A call as the document has it, but for its results.
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

/// A body of calls, odd here and there.
fn body() -> impl Strategy<Value = Json> {
    let more = prop_oneof![
        60 => Just(None),
        20 => ("later|startTimeMs|extra|\\PC{0,3}", unknown()).prop_map(Some),
        5 => ("startTime|gmtCreate|endTime", time()).prop_map(Some),
        1 => ("later|properties|resultList|startTime", deep()).prop_map(Some),
    ];
    let page = prop_oneof![4 => Just(true), 1 => Just(false)];
    let code = prop_oneof![12 => Just(json!(200)), 1 => Just(json!("200"))];
    let rows = (odd::pages(), vec(documented(), 0..20));
    (rows, vec(more, 40), page, code, odd::text()).prop_map(
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

/// The rows of a body, of each call the last.
fn last_of_each(body: &Json) -> Vec<Json> {
    let rows = body["data"].get("list").unwrap_or(&body["data"]);
    let mut last: Vec<Json> = Vec::new();
    for row in rows.as_array().unwrap() {
        last.retain(|other| other["callInstanceId"] != row["callInstanceId"]);
        last.push(row.clone());
    }
    last
}

/// Times, compact and with offsets, and numbers that are none.
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
        let (mut fast, mut slow) = (Table::default(), Table::default());
        for (body, dice) in bodies {
            let _ = read_both(&mut fast, &mut slow, &spelt(&body, dice, true));
        }
    }

    #[test]
    fn the_same_rows_in_another_spelling_are_no_change(
        body in body(),
        dice in any::<[u64; 3]>(),
    ) {
        let (mut fast, mut slow) = (Table::default(), Table::default());
        if read_both(&mut fast, &mut slow, &spelt(&body, dice[0], false)).is_err() {
            return Ok(());
        }
        let known = rows(&fast);
        // Rows of one call in one body replace each other once more, so only the last of each is sent.
        let last = last_of_each(&body);
        let page = body["data"].is_object();
        let data = if page { json!({ "list": last }) } else { json!(last) };
        let again = json!({ "code": 200, "data": data });
        for dice in dice {
            let spelt = spelt(&again, dice, false);
            let report = read_both(&mut fast, &mut slow, &spelt).unwrap();
            prop_assert_eq!(report.added + report.updated, 0, "{}", String::from_utf8_lossy(&spelt));
        }
        prop_assert_eq!(rows(&fast), known);
    }

    #[test]
    fn rows_that_the_client_gave_are_no_change(body in body(), dice in any::<u64>()) {
        // A row with a value that was not kept does not say so when it is given back.
        prop_assume!(!body.to_string().contains(&"[".repeat(50)));
        let mut table = Table::default();
        let body = spelt(&body, dice, false);
        if table.ingest_body(&body).is_err() {
            return Ok(());
        }
        let given: Vec<Json> =
            rows(&table).iter().map(|row| serde_json::from_str(row).unwrap()).collect();
        let mut calls = CallRows::default();
        calls.add_text(json!(given).to_string().as_bytes()).unwrap();
        let report = table.ingest_rows(&calls).unwrap();
        prop_assert_eq!(report.added + report.updated, 0, "{}", String::from_utf8_lossy(&body));
    }
}

/// A body of rows, each JSON text.
fn of_rows(rows: &[&str]) -> Vec<u8> {
    format!(r#"{{"code":200,"data":[{}]}}"#, rows.join(",")).into_bytes()
}

/// Reads a body of rows by both paths, and says what is odd about it.
fn oddities(rows: &[&str]) -> Vec<(String, &'static str, u32, String)> {
    let body = of_rows(rows);
    let report = read_both(&mut Table::default(), &mut Table::default(), &body).unwrap();
    let odd = report.oddities.iter().filter(|odd| odd.kind != Oddity::Missing);
    odd.map(|odd| (odd.field.clone(), odd.kind.name(), odd.count, odd.example())).collect()
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
fn a_result_whose_value_is_a_number_is_odd_by_both_paths() {
    let odd = oddities(&[
        r#"{"callInstanceId":5,"resultList":[{"name":"n","value":"3"}]}"#,
        r#"{"callInstanceId":6,"resultList":[{"name":"n","value":3}]}"#,
    ]);
    let place = "data.list[1].resultList".to_owned();
    assert_eq!(odd, [("resultList".to_owned(), "other_form", 1, place)]);
}

#[test]
fn an_unknown_field_is_the_same_in_every_spelling() {
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
                let odd = oddities(&[&row]);
                let place = "data.list[0].x".to_owned();
                assert_eq!(odd, [("x".to_owned(), "unknown_field", 1, place)]);
                let report = table.ingest_body(&of_rows(&[&row])).unwrap();
                assert_eq!(report.updated, 0, "{row}");
                assert_eq!(report.added, u32::from(index + turn == 0), "{row}");
            }
        }
        assert_eq!(table.snapshot().unwrap(), {
            let mut slow = Table::default();
            slow.ingest_body(&general(&of_rows(&[&row(spellings[0], "x")]))).unwrap();
            slow.snapshot().unwrap()
        });
    }
}

#[test]
fn a_field_that_a_row_has_twice_is_odd_in_one_row() {
    let odd = oddities(&[r#"{"callInstanceId":5,"x":1,"x":2}"#, r#"{"callInstanceId":6,"x":2}"#]);
    assert_eq!(odd, [("x".to_owned(), "unknown_field", 2, "data.list[0].x".to_owned())]);
}

#[test]
fn made_up_names_crowd_out_nothing_that_is_documented() {
    let made_up: Vec<String> = (0..3000).map(|name| format!(r#""n{name}":1"#)).collect();
    let row = format!(r#"{{{},"callInstanceId":5,"chatRound":"7"}}"#, made_up.join(","));
    let body = of_rows(&[&row]);
    let report = read_both(&mut Table::default(), &mut Table::default(), &body).unwrap();
    let count = |kind| report.oddities.iter().filter(|odd| odd.kind == kind).count();
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
fn an_id_that_javascript_would_round_is_refused_for_that_in_every_spelling() {
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
        let odd = report.oddities.iter().find(|odd| odd.field == "startTime");
        let call = crate::plain(&table.get(5).unwrap());
        (call["startTime"].clone(), call["startTimeMs"].clone(), odd.map(|odd| odd.kind))
    };
    let ms = 1_704_416_700_000_i64;
    for (time, text, odd) in [
        ("\"2024-01-05 09:05:00\"", "2024-01-05 09:05:00", None),
        ("\"20240105090500\"", "20240105090500", Some(Oddity::OtherForm)),
        ("20240105090500", "20240105090500", Some(Oddity::NumberForText)),
        ("2.02401050905E13", "20240105090500", Some(Oddity::NumberForText)),
        ("1704416700000", "2024-01-05 09:05:00", Some(Oddity::NumberForText)),
        ("\"1704416700000\"", "2024-01-05 09:05:00", Some(Oddity::OtherForm)),
        (
            "\"2024-01-05T01:05:00.000+0000\"",
            "2024-01-05T01:05:00.000+0000",
            Some(Oddity::OtherForm),
        ),
        ("\"2024-01-05T09:05:00+08:00\"", "2024-01-05T09:05:00+08:00", Some(Oddity::OtherForm)),
    ] {
        assert_eq!(instant(time), (json!(text), json!(ms), odd), "{time}");
    }
    // Seconds, counts, years beyond a table's, no time at all.
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
    // A row of a bare list lies less deep by one.
    for (list, most) in [(false, 93), (true, 92)] {
        let rows = [row(1, most), row(2, most + 1), row(3, 100_000)].join(",");
        let data = if list { format!(r#"{{"list":[{rows}]}}"#) } else { format!("[{rows}]") };
        for beside in [deep(1000), "1".to_owned()] {
            let body = format!(r#"{{"code":200,"beside":{beside},"data":{data}}}"#);
            let mut table = Table::default();
            let report = read_both(&mut table, &mut Table::default(), body.as_bytes()).unwrap();
            assert_eq!(report.added, 3);
            let odd = report.oddities.iter().find(|odd| odd.kind == Oddity::TooDeep).unwrap();
            assert_eq!((odd.field.as_str(), odd.count), ("x", 2));
            assert_eq!(odd.example(), "data.list[1].x");
            let calls = odd::calls(&table);
            assert!(calls.iter().all(|call| call["duration"] == 7));
            assert!(calls[0]["extra"]["x"].is_array());
            assert!(
                calls[1]["extra"]["x"].to_string().ends_with(&format!("[null{}", "]".repeat(most)))
            );
        }
    }
}

#[test]
fn a_body_that_is_only_too_deep_says_so() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for body in
        [deep.clone(), format!(r#"{{"code":200,"data":{deep}}}"#), format!(r#"{{"data":{deep}}}"#)]
    {
        let error = Table::default().ingest_body(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind.code(), "unexpected_shape");
        assert!(error.message.ends_with("nested more than 96 deep"), "{error}");
    }
    // What is not JSON is not called too deep.
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
    let odd = report.oddities.iter().find(|odd| odd.kind == Oddity::NotUtf8).unwrap();
    assert_eq!((odd.field.as_str(), odd.count), ("", 1));
    assert_eq!(odd.example(), format!("byte {}", start.len()));
    assert_eq!(report.added, 3);
    // Wherever it stands.
    for place in [
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
        let at = place.iter().position(|byte| *byte == b'@').unwrap();
        let body: Vec<u8> = place
            .iter()
            .flat_map(|byte| if *byte == b'@' { &gbk[..] } else { std::slice::from_ref(byte) })
            .copied()
            .collect();
        let report = read_both(&mut Table::default(), &mut Table::default(), &body).unwrap();
        let odd = report.oddities.iter().find(|odd| odd.kind == Oddity::NotUtf8);
        assert_eq!(odd.map(|odd| odd.first), Some(at), "{}", String::from_utf8_lossy(place));
    }
}
