//! CSV, read back by an independent parser.

use byrobot_calls::compute::View;
use byrobot_calls::export::CsvOptions;
use byrobot_calls::schema::label;
use byrobot_calls::schema::{CodeTable, Language};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::generators::{body, calls, pages, table, text};

fn unmasked() -> CsvOptions {
    CsvOptions::new(Language::Zh)
}

fn masked() -> CsvOptions {
    CsvOptions { mask_phones: true, ..CsvOptions::new(Language::En) }
}

/// The names of the columns, in order.
const NAMES: [&str; 27] = [
    "callInstanceId",
    "callJobId",
    "sceneDefId",
    "jobName",
    "customerTelephone",
    "customerName",
    "status",
    "finishStatus",
    "duration",
    "chatRound",
    "startTime",
    "endTime",
    "callerPhone",
    "callIndex",
    "luyinOssUrl",
    "secondaryCallTime",
    "secondaryCallTimes",
    "gmtCreate",
    "gmtModified",
    "resultList",
    "intentLevel",
    "callInstanceStatus",
    "calledTimes",
    "userLuyinOssUrl",
    "properties",
    "userProperties",
    "extra",
];

/// The cells of a CSV text by line, with the header first.
fn read(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let records = reader.records().map(|record| record.unwrap());
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

fn cell<'a>(line: &'a [String], name: &str) -> &'a str {
    &line[NAMES.iter().position(|known| *known == name).unwrap()]
}

/// The lines of rows as the vendor sends them, without the header.
fn lines(rows: &[Value], options: &CsvOptions) -> Vec<Vec<String>> {
    let csv = View::of(&table(&[rows.to_vec()])).csv(0, usize::MAX, options);
    read(&csv).split_off(1)
}

pub(crate) fn level(results: &Value) -> String {
    let of = |wanted: &str| {
        let named = |item: &&Value| item["name"].as_str().unwrap().trim() == wanted;
        let value =
            results.as_array().unwrap().iter().find(named)?["value"].as_str()?.trim().get(..1)?;
        ("A"..="F").contains(&value).then(|| value.to_owned())
    };
    of("客户意向等级").or_else(|| of("意向等级")).unwrap_or_default()
}

/// The expected cell of a call, before its escape as a formula; and whether it is a text, which needs one.
fn expected_cell(call: &Value, name: &str) -> (String, bool) {
    let status = |table| {
        let code = |code: &Value| label(table, Some(&code.to_string()), Language::Zh);
        call.get(name).filter(|code| !code.is_null()).map_or(String::new(), code)
    };
    match (name, call.get(name)) {
        ("status" | "callInstanceStatus", _) => (status(CodeTable::CallStatus), false),
        ("finishStatus", _) => (status(CodeTable::FinishStatus), false),
        ("intentLevel", _) => (level(&call["resultList"]), false),
        ("resultList", Some(Value::Array(items))) => {
            let item = |item: &Value| {
                format!("{}: {}", item["name"].as_str().unwrap(), item["value"].as_str().unwrap())
            };
            (items.iter().map(item).collect::<Vec<_>>().join("; "), true)
        }
        ("secondaryCallTime", Some(Value::String(text))) => {
            (text.strip_prefix("1970-01-01 ").unwrap_or(text).to_owned(), true)
        }
        (_, Some(Value::String(text))) => (text.clone(), true),
        (_, None | Some(Value::Null)) => (String::new(), true),
        (_, Some(value)) => (value.to_string(), false),
    }
}

/// A text with replacement characters for control characters.
fn without_control_characters(text: &str) -> String {
    let is_replaced = |character: char| character.is_control() && !"\t\r\n".contains(character);
    text.replace(is_replaced, "\u{FFFD}")
}

/// The cell of a text: with an apostrophe if a spreadsheet would compute the text, also without apostrophes of its own.
fn escaped(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    let visible = bare.trim_matches(|character: char| {
        character.is_whitespace()
            || character.is_control()
            || "\u{200b}\u{feff}\u{fffd}".contains(character)
    });
    let formula =
        visible.starts_with(['=', '+', '-', '@', '＝', '－', '＋', '＠', '﹦', '﹣', '﹢', '﹫']);
    let text = without_control_characters(text);
    if formula || bare.starts_with(['\t', '\r', '\n']) { format!("'{text}") } else { text }
}

proptest! {
    #[test]
    fn every_cell_has_the_value_of_its_call(pages in pages(), piece in 1..7_usize) {
        let table = table(&pages);
        let view = View::of(&table);
        let whole = view.csv(0, usize::MAX, &unmasked());
        let starts = (0..view.len().max(1)).step_by(piece);
        let pieces: String = starts.map(|offset| view.csv(offset, piece, &unmasked())).collect();
        prop_assert_eq!(&pieces, &whole);
        let lines = read(&whole);
        let calls = calls(&table);
        prop_assert_eq!(lines.len(), calls.len() + 1);
        for (line, call) in lines[1..].iter().zip(&calls) {
            prop_assert_eq!(line.len(), NAMES.len());
            for name in NAMES {
                let cell = cell(line, name);
                if name == "extra" {
                    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
                    let extra = call.get("extra").map_or(String::new(), Value::to_string);
                    prop_assert_eq!(json(cell), json(&without_control_characters(&extra)));
                    continue;
                }
                let (expected, is_text) = expected_cell(call, name);
                let expected = if is_text { escaped(&expected) } else { expected };
                prop_assert_eq!(cell, expected, "{}", name);
            }
        }
    }

    #[test]
    fn when_masked_no_cell_contains_the_customers_number(
        phone in "(\\+?86[ -]?)?1[3-9][0-9]( ?[0-9]{4} ?|-[0-9]{4}-|[*]{4})[0-9]{4}|0[1-9][0-9]{1,2}-?[2-8][0-9]{6,7}|[1-9][0-9]{6,7}",
        before in text(),
        after in text(),
    ) {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let unicode_escapes: String = digits.bytes().flat_map(|digit| [format!("\\u00{digit:x}")]).collect();
        let around = |inside: &str| format!("{before}/{inside}_{after}");
        let json = json!({ "tel": phone, "n": digits.parse::<u64>().unwrap(), (digits.as_str()): [around(&digits)] });
        let row = json!({
            "callInstanceId": 1,
            "customerTelephone": phone,
            "customerName": around(&digits),
            "jobName": around(&phone),
            "callerPhone": format!("x{digits}"),
            "luyinOssUrl": format!("https://oss/20240229-090500_{digits}.wav"),
            "properties": json.to_string(),
            "userProperties": json!({ "in": format!("{{\"tel\":\"{unicode_escapes}\"}}") }).to_string(),
            "resultList": [{ "name": around(&digits), "value": around(&phone) }],
            "startTime": around(&digits),
            "later": json,
            "duration": around(&digits),
        });
        let row = std::slice::from_ref(&row);
        let [line] = &lines(row, &masked())[..] else { panic!("one line") };
        let readable = |text: &str| text.chars().filter(|character| !" -()".contains(*character)).collect::<String>();
        for window in digits.as_bytes().windows(7) {
            let window = std::str::from_utf8(window).unwrap();
            for (cell, name) in line.iter().zip(NAMES) {
                prop_assert!(!readable(cell).contains(window), "{}: {}", name, cell);
                prop_assert!(!cell.contains("\\u003"), "{}: {}", name, cell);
            }
        }
        // Masked JSON is still JSON.
        for name in ["properties", "userProperties", "extra"] {
            serde_json::from_str::<Value>(cell(line, name)).unwrap();
        }
    }
}

#[test]
fn the_header_is_written_once_in_the_chosen_language() {
    let empty = View::of(&table(&[]));
    let header = empty.csv(0, 10, &unmasked());
    assert!(header.starts_with("通话ID,任务ID,") && header.ends_with(",其他\r\n"), "{header}");
    assert_eq!(read(&header)[0].len(), NAMES.len());
    let english = empty.csv(0, 10, &masked());
    assert!(english.starts_with("Call ID,Task ID,") && english.is_ascii(), "{english}");
    assert_eq!(empty.csv(1, 10, &unmasked()), "");
}

#[test]
fn a_line_has_exactly_the_expected_bytes() {
    let row = json!({
        "callInstanceId": 493, "callJobId": 62, "jobName": "say \"hi\"", "customerTelephone": "1008",
        "customerName": "=HYPERLINK(\"x\";A1)", "status": 2, "finishStatus": 77, "duration": "1分27秒",
        "chatRound": -1, "startTime": "2017-10-25 11:32:54", "endTime": "昨天", "secondaryCallTimes": "?",
        "callerPhone": "+8657188880000", "luyinOssUrl": "a\r\nb", "calledTimes": 2,
        "resultList": [{ "name": "意向等级", "value": "B级" }, { "name": "x", "value": "" }],
    });
    let view = View::of(&table(&[vec![row]]));
    let csv = view.csv(0, 1, &unmasked());
    let line = "493,62,,\"say \"\"hi\"\"\",1008,\"'=HYPERLINK(\"\"x\"\";A1)\",已完成,未知(77),87,-1,\
        2017-10-25 11:32:54,昨天,\"'+8657188880000\",,\"a\r\nb\",,,,,\"意向等级: B级; x: \",B,,2,,,,\
        \"{\"\"secondaryCallTimes\"\":\"\"?\"\"}\"\r\n";
    assert_eq!(csv.split_once("\r\n").unwrap().1, line);
    let english = view.csv(0, 1, &CsvOptions::new(Language::En));
    assert!(english.contains(",completed,unknown (77),87,"), "{english}");
}

#[test]
fn a_text_that_is_a_formula_gets_a_leading_apostrophe() {
    for text in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u{a0}=1",
        "\u{3000}=1",
        "\u{feff}=1",
        "\u{200b}=1",
        "\u{0}=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "=cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "\ttab",
    ] {
        for name in ["customerName", "jobName", "callerPhone", "customerTelephone", "startTime"] {
            let row = json!({ "callInstanceId": 1, (name): text });
            let line = lines(&[row], &unmasked()).remove(0);
            assert!(cell(&line, name).starts_with('\''), "{name} {text:?}");
        }
        let row = json!({ "callInstanceId": 1, "resultList": [{ "name": text, "value": "" }] });
        assert!(cell(&lines(&[row], &unmasked())[0], "resultList").starts_with('\''), "{text:?}");
    }
    // Numbers get no apostrophe.
    let line = lines(&[json!({ "callInstanceId": -5, "chatRound": -1 })], &unmasked()).remove(0);
    assert_eq!((cell(&line, "callInstanceId"), cell(&line, "chatRound")), ("-5", "-1"));
}

#[test]
fn when_masked_ids_times_and_line_numbers_stay() {
    let row = json!({
        "callInstanceId": 1_390_000_123, "callJobId": 13_900_001_234_i64, "customerTelephone": "13900001234",
        "callerPhone": "057188880000", "startTime": "2024-02-29 09:05:00", "secondaryCallTime": "1970-01-01 09:05:00",
        "jobName": "20240229回访 13911112222", "resultList": [{ "name": "预约", "value": "2024-02-29 09:05" }],
    });
    let line = lines(&[row], &masked()).remove(0);
    for (name, expected) in [
        ("callInstanceId", "1390000123"),
        ("callJobId", "13900001234"),
        ("customerTelephone", "139****1234"),
        ("callerPhone", "057188880000"),
        ("startTime", "2024-02-29 09:05:00"),
        ("secondaryCallTime", "09:05:00"),
        ("jobName", "20240229回访 139****2222"),
        ("resultList", "预约: 2024-02-29 09:05"),
    ] {
        assert_eq!(cell(&line, name), expected, "{name}");
    }
}

#[test]
fn calls_are_written_in_the_order_in_which_they_were_first_added() {
    let mut table = table(&[vec![json!({ "callInstanceId": 1 }), json!({ "callInstanceId": 2 })]]);
    table.ingest_body(&body(&[json!({ "callInstanceId": 1, "customerName": "李" })])).unwrap();
    let lines = read(&View::of(&table).csv(0, 9, &unmasked()));
    let ids: Vec<&str> = lines[1..].iter().map(|line| line[0].as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
}
