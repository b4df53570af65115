//! Arrow IPC, read back by an independent reader (`ipc.rs`).

use byrobot_calls::compute::View;
use byrobot_calls::export::ArrowFormat;
use byrobot_calls::table::Table;
use byrobot_calls::time::{shanghai_ms, shanghai_text};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::csv::level;
use super::generators::{calls, pages, table};
use super::ipc::{Field, Type, read};

fn bytes(table: &Table, format: ArrowFormat) -> Vec<u8> {
    View::of(table).arrow(format).unwrap().flatten().collect()
}

/// The columns of a table with their fields.
fn columns(table: &Table) -> Vec<(Field, Vec<Value>)> {
    let stream = bytes(table, ArrowFormat::Stream);
    let (fields, columns, _) = read(&stream);
    fields.into_iter().zip(columns).collect()
}

const TIMES: [&str; 4] = ["startTime", "endTime", "gmtCreate", "gmtModified"];

/// The instant of a call's time.
fn instant(call: &Value, name: &str) -> Value {
    match call.get(format!("{name}Ms")) {
        Some(ms) => ms.clone(),
        None => call[name].as_str().and_then(shanghai_ms).map_or(Value::Null, Value::from),
    }
}

/// The numeric fields and times of a call that were sent but could not be read.
fn unreadable(call: &Value, numbers: &[&str]) -> Value {
    let is_present = |value: Option<&Value>| match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    };
    let is_unreadable = |name: &&&str| {
        let sent = is_present(call.get("extra").and_then(|extra| extra.get(**name)));
        if TIMES.contains(name) {
            instant(call, name).is_null() && (sent || is_present(call.get(**name)))
        } else {
            sent && call.get(**name).is_none_or(Value::is_null)
        }
    };
    numbers.iter().filter(is_unreadable).map(|name| json!(name)).collect()
}

fn json_of(text: &Value) -> Value {
    text.as_str().map_or(Value::Null, |text| serde_json::from_str(text).unwrap())
}

proptest! {
    #[test]
    fn every_value_of_every_call_is_in_its_column_or_in_extra_and_rest(pages in pages()) {
        let table = table(&pages);
        let columns = columns(&table);
        let calls = calls(&table);
        let is_number = |field: &Field| matches!(field.kind, Type::Int(_) | Type::Timestamp(_));
        let numbers: Vec<&str> = columns.iter().filter(|(field, _)| is_number(field)).map(|(field, _)| field.name.as_str()).collect();
        for (at, call) in calls.iter().enumerate() {
            let row: Map<String, Value> = columns.iter().map(|(field, values)| (field.name.clone(), values[at].clone())).collect();
            let (extra, rest) = (json_of(&row["extra"]), json_of(&row["rest"]));
            let mut rebuilt = Map::new();
            for (name, value) in &row {
                let value = match name.as_str() {
                    "extra" | "rest" => continue,
                    "intentLevel" => {
                        prop_assert_eq!(value.as_str().unwrap_or_default(), level(&call["resultList"]));
                        continue;
                    }
                    "unreadable" => {
                        prop_assert_eq!(value, &unreadable(call, &numbers));
                        continue;
                    }
                    name if TIMES.contains(&name) => {
                        prop_assert_eq!(value, &instant(call, name));
                        if call.get(format!("{name}Ms")).is_some() {
                            rebuilt.insert(format!("{name}Ms"), value.clone());
                        }
                        value.as_i64().map_or(Value::Null, |ms| shanghai_text(ms).into())
                    }
                    _ => value.clone(),
                };
                // A later field is absent from a call without it.
                if !value.is_null() || call.get(name).is_some() {
                    rebuilt.insert(name.clone(), value);
                }
            }
            prop_assert!(rest.get("extra").is_none());
            rebuilt.extend(rest.as_object().cloned().unwrap_or_default());
            if !extra.is_null() {
                rebuilt.insert("extra".to_owned(), extra);
            }
            prop_assert_eq!(&Value::Object(rebuilt), call);
        }
    }

    #[test]
    fn a_file_is_a_stream_with_a_table_of_contents(pages in pages()) {
        let table = table(&pages);
        let (stream, file) = (bytes(&table, ArrowFormat::Stream), bytes(&table, ArrowFormat::File));
        prop_assert_eq!(&file[..8], b"ARROW1\0\0");
        prop_assert_eq!(&file[8..8 + stream.len()], &stream[..]);
        prop_assert!(file.ends_with(b"ARROW1"));
        let length = u32::from_le_bytes(*file[file.len() - 10..].first_chunk().unwrap()) as usize;
        prop_assert_eq!(8 + stream.len() + length + 10, file.len());
        let footer = super::ipc::footer(&file[8 + stream.len()..file.len() - 10]);
        let (fields, _, messages) = read(&stream);
        prop_assert_eq!(footer.fields, fields);
        let blocks: Vec<_> = messages.into_iter().skip(1).map(|[at, metadata, body]| [at + 8, metadata, body]).collect();
        prop_assert_eq!(footer.blocks, blocks);
    }
}

#[test]
fn every_column_has_its_documented_type() {
    let row = json!({
        "callInstanceId": 1, "jobName": "任务", "duration": "27秒",
        "startTime": "2024-02-29 09:05:00", "resultList": [{ "name": "客户意向等级", "value": "A" }],
    });
    let columns = columns(&table(&[vec![row]]));
    let field = |name: &str| &columns.iter().find(|(field, _)| field.name == name).unwrap().0;
    let text = |name: &str, dictionary, nullable| Field {
        name: name.to_owned(),
        kind: Type::Utf8,
        dictionary,
        nullable,
    };
    assert_eq!(field("callInstanceId").kind, Type::Int(64));
    assert!(!field("callInstanceId").nullable && field("callJobId").nullable);
    assert_eq!(field("callJobId").kind, Type::Int(64));
    // Also if no value needs so many bits: the files of several exports are one table.
    assert_eq!(field("duration").kind, Type::Int(64));
    assert_eq!(field("status").kind, Type::Int(64), "also without a value");
    assert_eq!(field("startTime").kind, Type::Timestamp("Asia/Shanghai".to_owned()));
    assert_eq!(field("customerName"), &text("customerName", None, true));
    assert!(field("jobName").dictionary.is_some() && field("intentLevel").dictionary.is_some());
    assert_ne!(field("jobName").dictionary, field("callerPhone").dictionary);
    let members = ["name", "value"].map(|name| text(name, None, false)).to_vec();
    let item = Field {
        name: "item".to_owned(),
        kind: Type::Struct(members),
        dictionary: None,
        nullable: false,
    };
    assert_eq!(field("resultList").kind, Type::List(Box::new(item)));
}

#[test]
fn every_export_has_the_same_columns_so_that_many_files_are_one_table() {
    let fields = |rows: Vec<Value>| -> Vec<Field> {
        columns(&table(&[rows])).into_iter().map(|(field, _)| field).collect()
    };
    let nothing = fields(Vec::new());
    let wide = json!({
        "callInstanceId": 1, "status": 3_000_000_000_i64, "duration": "3000000000秒", "chatRound": -3_000_000_000_i64,
        "callIndex": 3_000_000_000_i64, "calledTimes": 3_000_000_000_i64, "jobName": "任务", "later": 1,
    });
    assert_eq!(fields(vec![json!({ "callInstanceId": 1, "duration": 1 })]), nothing);
    assert_eq!(fields(vec![wide]), nothing);
}

#[test]
fn an_empty_table_has_a_batch_because_spark_needs_one() {
    let (_, columns, messages) = read(&bytes(&Table::default(), ArrowFormat::Stream));
    assert!(columns.iter().all(Vec::is_empty));
    // The schema, dictionaries of jobName, callerPhone, secondaryCallTime and intentLevel, a batch.
    assert_eq!(messages.len(), 6);
}

#[test]
fn a_dictionary_contains_only_texts_of_the_exported_rows() {
    let rows = ["the first", "a secret", "the first"].iter().enumerate();
    let rows = rows
        .map(|(id, name)| json!({ "callInstanceId": id, "jobName": name, "callJobId": id }))
        .collect();
    let view = View::of(&table(&[rows]));
    let filter = byrobot_calls::json::parse(br#"{ "callJobId": [0, 2] }"#).unwrap();
    let filtered = view.filter(&byrobot_calls::compute::Filter::read(&filter, "filter").unwrap());
    let count = |view: &View, text: &str| {
        let bytes: Vec<u8> = view.arrow(ArrowFormat::Stream).unwrap().flatten().collect();
        bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
    };
    assert_eq!((count(&view, "the first"), count(&view, "a secret")), (1, 1));
    assert_eq!((count(&filtered, "the first"), count(&filtered, "a secret")), (1, 0));
}

#[test]
fn many_rows_are_written_in_several_batches() {
    let rows: Vec<Value> = (0..66_000)
        .map(|id| json!({ "callInstanceId": id, "customerName": id.to_string() }))
        .collect();
    let table = table(&[rows]);
    let pieces: Vec<Vec<u8>> = View::of(&table).arrow(ArrowFormat::Stream).unwrap().collect();
    assert_eq!(pieces.len(), 7, "schema, five batches, end");
    let columns = columns(&table);
    for (name, expected) in [("callInstanceId", json!(65_999)), ("customerName", json!("65999"))] {
        let (_, values) = columns.iter().find(|(field, _)| field.name == name).unwrap();
        assert_eq!((values.len(), &values[65_999]), (66_000, &expected));
    }
}
