//! Rows of a program: some of the fields, single results, times with an offset, cells of CSV; CSV for spreadsheets.

use byrobot_calls::compute::View;
use byrobot_calls::error::Error;
use byrobot_calls::export::{CsvColumn, CsvOptions};
use byrobot_calls::ingest::{CallRows, IngestReport};
use byrobot_calls::schema::Language;
use byrobot_calls::table::Table;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::generators::{calls, pages, table};

fn ingest(table: &mut Table, rows: &Value) -> Result<IngestReport, Box<Error>> {
    let mut read = CallRows::of(table);
    read.add_text(rows.to_string().as_bytes(), false)?;
    table.ingest_rows(read)
}

/// Ingests a CSV, split into cells by an independent parser.
fn ingest_csv(table: &mut Table, csv: &str) -> Result<IngestReport, Box<Error>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let (header, lines) = lines.split_first().unwrap();
    let row = |line: &csv::StringRecord| {
        let cells = header.iter().zip(line.iter()).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(title, cell)| (title.to_owned(), json!(cell))).collect::<Value>()
    };
    let mut read = CallRows::of(table);
    let rows = json!(lines.iter().map(row).collect::<Vec<_>>());
    read.add_text(rows.to_string().as_bytes(), true)?;
    table.ingest_rows(read)
}

fn call(table: &Table, id: i64) -> Value {
    crate::plain(&table.get(id).unwrap())
}

/// Field, kind, count and example of each oddity.
fn oddities(report: &IngestReport) -> Vec<(String, &'static str, u32, String)> {
    let oddity = |count: &byrobot_calls::ingest::OddityCount| {
        (count.field.clone(), count.kind.name(), count.count, count.example())
    };
    report.oddities.iter().map(oddity).collect()
}

/// What a field of a table becomes by a row with that field, or without it.
fn after(known: &Value, row: &Value) -> Value {
    let mut table = Table::default();
    ingest(&mut table, &json!([known])).unwrap();
    ingest(&mut table, &json!([row])).unwrap();
    call(&table, 1)
}

#[test]
fn a_field_that_a_row_lacks_stays_and_null_removes_it() {
    let known = json!({
        "callInstanceId": 1, "finishStatus": 2, "duration": "27秒", "customerName": "李", "calledTimes": 3,
        "startTime": "2024-02-29 09:05:00", "resultList": [{ "name": "n", "value": "v" }], "mine": 1, "yours": 2,
    });
    let changed = after(&known, &json!({ "callInstanceId": 1, "finishStatus": 0, "yours": 3 }));
    let expected = json!({
        "callInstanceId": 1, "callJobId": null, "sceneDefId": null, "jobName": null, "customerTelephone": "",
        "customerName": "李", "status": null, "finishStatus": 0, "duration": 27, "chatRound": null,
        "startTime": "2024-02-29 09:05:00", "endTime": null, "startTimeMs": 1_709_168_700_000_i64, "endTimeMs": null,
        "callerPhone": null, "callIndex": null, "luyinOssUrl": null, "secondaryCallTime": null,
        "secondaryCallTimes": null, "gmtCreate": null, "gmtModified": null,
        "resultList": [{ "name": "n", "value": "v" }], "calledTimes": 3, "extra": { "mine": 1, "yours": 3 },
    });
    assert_eq!(changed, expected);
    let removed = after(
        &known,
        &json!({
            "callInstanceId": 1, "duration": null, "customerName": null, "calledTimes": null, "startTime": null,
            "resultList": null,
        }),
    );
    for name in ["duration", "customerName", "startTime", "startTimeMs"] {
        assert_eq!(removed[name], Value::Null, "{name}");
    }
    assert_eq!((&removed["resultList"], removed.get("calledTimes")), (&json!([]), None));
    assert_eq!(removed["finishStatus"], 2);
}

#[test]
fn an_unreadable_value_ends_when_a_row_gives_the_field() {
    let known = json!({ "callInstanceId": 1, "duration": "很久", "chatRound": "?" });
    let changed = after(&known, &json!({ "callInstanceId": 1, "duration": 27 }));
    assert_eq!(
        (&changed["duration"], &changed["extra"]),
        (&json!(27), &json!({ "chatRound": "?" }))
    );
    let changed = after(&known, &json!({ "callInstanceId": 1, "finishStatus": 0 }));
    assert_eq!(changed["extra"], json!({ "duration": "很久", "chatRound": "?" }));
}

#[test]
fn rows_of_one_call_follow_each_other() {
    let rows = json!([
        { "callInstanceId": 1, "duration": 5 },
        { "callInstanceId": 2, "duration": 6 },
        { "callInstanceId": 1, "finishStatus": 0 },
        { "callInstanceId": 1, "finishStatus": 0 },
    ]);
    for known in [json!([]), json!([{ "callInstanceId": 1, "customerName": "李" }])] {
        let mut table = Table::default();
        ingest(&mut table, &known).unwrap();
        let report = ingest(&mut table, &rows).unwrap();
        let known = u32::try_from(known.as_array().unwrap().len()).unwrap();
        assert_eq!((report.added, report.updated, report.unchanged), (2 - known, 1 + known, 1));
        let call = call(&table, 1);
        assert_eq!((&call["duration"], &call["finishStatus"]), (&json!(5), &json!(0)));
    }
}

#[test]
fn unknown_and_unreadable_fields_of_rows_are_reported_and_missing_ones_are_not() {
    let rows = json!([
        { "callInstanceId": 1, "duration": "27", "trackResult": "A", "finish_status": 0 },
        { "callInstanceId": "2", "duration": "很久", "finish_status": 1, "extra": { "kept": 1 } },
    ]);
    let mut table = Table::default();
    let report = ingest(&mut table, &rows).unwrap();
    let expected = [
        ("callInstanceId", "text_for_number", 1, "calls[1].callInstanceId"),
        ("duration", "unreadable", 1, "calls[1].duration"),
        ("finish_status", "unknown_field", 2, "calls[0].finish_status"),
    ];
    let expected = expected
        .map(|(field, kind, count, example)| (field.to_owned(), kind, count, example.to_owned()));
    assert_eq!(oddities(&report), expected);
    assert_eq!(call(&table, 1)["extra"], json!({ "trackResult": "A", "finish_status": 0 }));
    // A row that says nothing about them reports none of them again.
    let report = ingest(&mut table, &json!([{ "callInstanceId": 2, "chatRound": 1 }])).unwrap();
    assert_eq!(oddities(&report), []);
    let extra = json!({ "duration": "很久", "finish_status": 1, "kept": 1 });
    assert_eq!(call(&table, 2)["extra"], extra);
}

#[test]
fn single_results_change_beside_the_others() {
    let results = json!([
        { "name": "客户意向等级", "value": "C级(很少)" },
        { "name": "客户关注点", "value": "价格" },
    ]);
    let mut table = Table::default();
    ingest(&mut table, &json!([{ "callInstanceId": 7, "duration": 9, "resultList": results }]))
        .unwrap();
    let single = json!([{ "callInstanceId": 7, "resultList": { "客户意向等级": "B" } }]);
    let report = ingest(&mut table, &single).unwrap();
    assert_eq!((report.updated, oddities(&report)), (1, vec![]));
    let expected = json!([
        { "name": "客户关注点", "value": "价格" },
        { "name": "客户意向等级", "value": "B" },
    ]);
    let seven = call(&table, 7);
    assert_eq!((&seven["resultList"], &seven["duration"]), (&expected, &json!(9)));
    assert_eq!(ingest(&mut table, &single).unwrap().unchanged, 1);
}

#[test]
fn a_time_with_an_offset_becomes_the_time_in_shanghai() {
    for time in ["2024-02-29T01:30:00Z", "2024-02-29T01:30:00.000Z", "2024-02-28T22:30:00-03:00"] {
        let row = json!({ "callInstanceId": 1, "startTime": time, "gmtModified": time, "secondaryCallTime": time });
        let mut table = Table::default();
        ingest(&mut table, &json!([row])).unwrap();
        let call = call(&table, 1);
        for name in ["startTime", "gmtModified", "secondaryCallTime"] {
            assert_eq!(call[name], "2024-02-29 09:30:00", "{name} {time}");
        }
        assert_eq!(call["startTimeMs"], 1_709_170_200_000_i64);
    }
    // An instant alone gives the time as well, and a fraction of a second stays in it.
    let row = json!([{ "callInstanceId": 1, "startTimeMs": 1_709_170_200_250_i64 }]);
    let mut table = Table::default();
    ingest(&mut table, &row).unwrap();
    let one = call(&table, 1);
    assert_eq!(one["startTime"], "2024-02-29 09:30:00");
    assert_eq!(one["startTimeMs"], 1_709_170_200_250_i64);
    // Also when it replaces another time.
    let row = json!([{ "callInstanceId": 1, "startTimeMs": 1_709_170_201_000_i64 }]);
    assert_eq!(ingest(&mut table, &row).unwrap().updated, 1);
    assert_eq!(call(&table, 1)["startTime"], "2024-02-29 09:30:01");
}

#[test]
fn a_wrong_row_changes_nothing_and_is_named() {
    for (row, path) in [
        (json!({ "duration": 5 }), "calls[1].callInstanceId"),
        (json!({ "callInstanceId": 1.5 }), "calls[1].callInstanceId"),
        (json!({ "callInstanceId": 2, "extra": [] }), "calls[1].extra"),
        (json!({ "callInstanceId": 2, "endTimeMs": "x" }), "calls[1].endTimeMs"),
        (json!(5), "calls[1]"),
    ] {
        let mut table = Table::default();
        let error = ingest(&mut table, &json!([{ "callInstanceId": 1 }, row])).unwrap_err();
        assert_eq!((error.kind.code(), error.path.as_deref()), ("invalid_argument", Some(path)));
        assert!(table.is_empty());
    }
}

/// What a CSV keeps of a text: control characters become U+FFFD, and an empty text is none.
fn kept_text(text: &str) -> Option<String> {
    let is_replaced = |character: char| character.is_control() && !"\t\r\n".contains(character);
    Some(text.replace(is_replaced, "\u{FFFD}")).filter(|text| !text.is_empty())
}

/// What a CSV keeps of a value.
fn kept(value: &mut Value) {
    match value {
        Value::String(text) => *value = kept_text(text).map_or(Value::Null, Value::String),
        Value::Array(items) => items.iter_mut().for_each(kept),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, value)| kept(value)),
        _ => {}
    }
}

/// What a CSV keeps of a call.
fn kept_call(mut call: Value) -> Value {
    for (instant, time) in [("startTimeMs", "startTime"), ("endTimeMs", "endTime")] {
        // A time in the vendor's form has whole seconds.
        if let (Some(ms), Some(19)) = (call[instant].as_i64(), call[time].as_str().map(str::len)) {
            call[instant] = json!(ms.div_euclid(1000) * 1000);
        }
    }
    let fields = call.as_object_mut().unwrap();
    for (name, value) in
        fields.iter_mut().filter(|(name, _)| *name != "resultList" && *name != "extra")
    {
        kept(value);
        if name == "customerTelephone" && value.is_null() {
            *value = json!("");
        }
    }
    // A field that the document lacks is absent rather than empty.
    for name in ["userLuyinOssUrl", "properties", "userProperties"] {
        if fields.get(name).is_some_and(Value::is_null) {
            fields.remove(name);
        }
    }
    call
}

/// Whether `name: value; name: value` shows where names and values end.
fn has_clear_results(call: &Value) -> bool {
    let is_clear = |text: &Value| {
        let text = text.as_str().unwrap();
        !text.contains([';', ':']) && kept_text(text).as_deref() == Some(text)
    };
    let results = call["resultList"].as_array().unwrap();
    results.iter().all(|result| is_clear(&result["name"]) && is_clear(&result["value"]))
}

fn has_control_characters(value: &Value) -> bool {
    let text = value.to_string();
    text.contains("\\u00")
        || text.chars().any(|character| ('\u{7f}'..='\u{9f}').contains(&character))
}

proptest! {
    #[test]
    fn an_export_that_is_ingested_gives_the_calls_that_it_can_keep(
        pages in pages(),
        english in any::<bool>(),
        keep_digits in any::<bool>(),
        byte_order_mark in any::<bool>(),
    ) {
        let table = table(&pages);
        let language = if english { Language::En } else { Language::Zh };
        let options = CsvOptions { keep_digits, ..CsvOptions::new(language) };
        let mark = if byte_order_mark { "\u{feff}" } else { "" };
        let csv = format!("{mark}{}", View::of(&table).csv(0, usize::MAX, &options));
        let mut other = Table::default();
        let report = ingest_csv(&mut other, &csv).unwrap();
        prop_assert_eq!(report.added as usize, table.len());
        let (sent, read) = (calls(&table), calls(&other));
        for (sent, mut read) in sent.into_iter().zip(read) {
            let mut expected = kept_call(sent);
            if !has_clear_results(&expected) {
                expected["resultList"] = Value::Null;
                read["resultList"] = Value::Null;
            }
            if has_control_characters(&expected["extra"]) || expected["resultList"].is_null() {
                for call in [&mut expected, &mut read] {
                    call.as_object_mut().unwrap().remove("extra");
                }
            }
            prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn a_table_is_unchanged_by_its_own_export_where_it_can_keep_all(pages in pages()) {
        let mut table = table(&pages);
        let csv = View::of(&table).csv(0, usize::MAX, &CsvOptions::new(Language::Zh));
        let before = calls(&table);
        ingest_csv(&mut table, &csv).unwrap();
        for (before, after) in before.into_iter().zip(calls(&table)) {
            let kept = kept_call(before.clone());
            let is_kept = kept["startTimeMs"] == before["startTimeMs"]
                && kept["endTimeMs"] == before["endTimeMs"]
                && has_clear_results(&kept)
                && !has_control_characters(&before);
            prop_assert!(!is_kept || after == before, "{} {}", before, after);
        }
    }
}

#[test]
fn columns_of_csv_are_chosen_ordered_and_titled() {
    let rows = json!([
        { "callInstanceId": 1, "duration": 27, "customerTelephone": "13900001234", "unknown": 5,
          "resultList": [{ "name": "客户意向等级", "value": "B级" }, { "name": "备注", "value": "回电 13900001234" }] },
        { "callInstanceId": 2 },
    ]);
    let mut table = Table::default();
    ingest(&mut table, &rows).unwrap();
    let column = |name: &str, title: &str| (CsvColumn::named(name).unwrap().0, title.to_owned());
    let options = CsvOptions {
        mask_phones: true,
        columns: vec![
            column("customerTelephone", "=电话"),
            column("duration", "秒"),
            column("intentLevel", "a,b"),
            (CsvColumn::Result("备注".to_owned()), "备注".to_owned()),
            column("extra", ""),
        ],
        ..CsvOptions::new(Language::Zh)
    };
    let csv = View::of(&table).csv(0, usize::MAX, &options);
    let expected = "\"'=电话\",秒,\"a,b\",备注,\r\n\
        139****1234,27,B,回电 139****1234,\"{\"\"unknown\"\":5}\"\r\n,,,,\r\n";
    assert_eq!(csv, expected);
    assert!(CsvColumn::named("startTimeMs").is_none() && CsvColumn::named("x").is_none());
}

#[test]
fn digits_that_a_spreadsheet_changes_are_kept_on_request() {
    let number = |phone: &str, keep_digits: bool| {
        let mut table = Table::default();
        let row = json!([{ "callInstanceId": 9_007_199_254_740_991_i64, "callJobId": 21752, "customerTelephone": phone }]);
        ingest(&mut table, &row).unwrap();
        let named = |name| (CsvColumn::named(name).unwrap().0, name.to_owned());
        let columns = ["callInstanceId", "callJobId", "customerTelephone"].map(named).to_vec();
        let options = CsvOptions { keep_digits, columns, ..CsvOptions::new(Language::Zh) };
        View::of(&table).csv(0, 9, &options).lines().nth(1).unwrap().to_owned()
    };
    for (phone, plain, kept) in [
        ("057188880000", "057188880000", "\"=\"\"057188880000\"\"\""),
        ("+8613900001234", "\"'+8613900001234\"", "\"=\"\"+8613900001234\"\"\""),
        ("8613900001234", "8613900001234", "\"=\"\"8613900001234\"\"\""),
        ("13900001234", "13900001234", "13900001234"),
        ("0", "0", "0"),
        ("0571-88880000", "0571-88880000", "0571-88880000"),
        ("=0571", "\"'=0571\"", "\"'=0571\""),
        ("+", "\"'+\"", "\"'+\""),
    ] {
        assert_eq!(number(phone, false), format!("9007199254740991,21752,{plain}"));
        assert_eq!(number(phone, true), format!("\"=\"\"9007199254740991\"\"\",21752,{kept}"));
    }
}
