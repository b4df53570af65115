//! The call table in WebAssembly: the code with SIMD vectors, which native tests do not run.

use super::{get, js, json, text};
use byrobot_calls::wasm::{WasmCallRows, WasmTable};
use js_sys::{Array, Float64Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const ROWS: i64 = 9000;

/// Durations of each width in the column; some rows have no duration.
fn duration(row: i64) -> Option<i64> {
    match row % 7 {
        0 => None,
        1..4 => Some(row * 37 % 200),
        4 => Some(row * 91 % 50_000),
        _ => Some(row * 97 % 3600),
    }
}

/// Rows in the vendor's spelling, with texts shorter and longer than a vector.
fn table() -> WasmTable {
    let table = WasmTable::new();
    let row = |row: i64| {
        let seconds = duration(row).map_or("null".to_owned(), |seconds| format!("\"{seconds}秒\""));
        let name = "甲a".repeat(usize::try_from(row % 23).unwrap());
        format!(
            r#"{{"callInstanceId":{row},"finishStatus":{},"duration":{seconds},"customerName":"{name}","startTime":"2024-02-29 {:02}:30:00"}}"#,
            row % 3,
            row % 24,
        )
    };
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    let body = format!(r#"{{"code":200,"data":{{"total":{ROWS},"list":[{}]}}}}"#, rows.join(","));
    let report = table.ingest_body(body.as_bytes()).unwrap();
    assert_eq!(numbers(&report), [9000.0, 0.0, 0.0, 9000.0]);
    table
}

/// The numbers of a report: calls added, updated, unchanged, and the total.
fn numbers(report: &JsValue) -> Vec<f64> {
    Float64Array::from(Array::from(report).get(0)).to_vec()
}

fn count(matches: impl Fn(i64) -> bool) -> usize {
    (0..ROWS).filter(|row| matches(*row)).count()
}

#[wasm_bindgen_test]
fn ingested_calls_are_returned_and_kept_in_a_snapshot() {
    let table = table();
    let call = table.get(&JsValue::from_f64(4125.0)).unwrap();
    assert_eq!(get(&call, "duration"), JsValue::from_f64(25.0));
    assert_eq!(text(&call, "customerName"), "甲a".repeat(4125 % 23));
    assert_eq!(text(&call, "startTime"), "2024-02-29 21:30:00");
    assert!(table.get(&JsValue::from_f64(-1.0)).unwrap().is_null());
    let restored = table
        .snapshot()
        .and_then(|bytes| WasmTable::restore(&bytes))
        .unwrap_or_else(|_| panic!("refused"));
    assert_eq!(restored.length(), 9000);
    let window = js("{ offset: 8990, sortBy: 'callInstanceId' }");
    let rows = |table: &WasmTable| json(&table.view().unwrap().rows(&window).unwrap());
    assert_eq!(rows(&restored), rows(&table));
    let error = WasmTable::restore(b"BYRCALLS").err().unwrap();
    assert_eq!(text(&error, "code"), "snapshot");
}

#[wasm_bindgen_test]
fn filters_find_the_matching_rows() {
    let view = table().view().unwrap();
    for (min, max) in [(0, 0), (1, 1), (10, 60), (100, 199), (256, 65_535), (3000, 1 << 40)] {
        let filter = js(&format!("{{ duration: {{ min: {min}, max: {max} }} }}"));
        let matches = |row| duration(row).is_some_and(|seconds| min <= seconds && seconds <= max);
        assert_eq!(view.filter(&filter).unwrap().length(), count(matches), "{min} to {max}");
    }
    let filter = js("{ finishStatus: [0, 2], hourOfDay: [3, 9], text: 'A甲' }");
    let matches = |row: i64| row % 3 != 1 && [3, 9].contains(&(row % 24)) && row % 23 > 1;
    assert_eq!(view.filter(&filter).unwrap().length(), count(matches));
    let calls = WasmCallRows::new();
    calls.add(b"[{\"callInstanceId\":7},{\"callInstanceId\":8}]", false).unwrap();
    assert_eq!(calls.view().filter(&js("{ text: '' }")).unwrap().positions(), [0, 1]);
}

#[wasm_bindgen_test]
fn linked_charts_apply_every_filter_except_their_own() {
    let table = table();
    let charts = js(
        "{ all: { statistics: true }, length: { histogram: 'duration', edges: [0, 100, 1000] } }",
    );
    let linked =
        table.linked(&js("['all', 'length']"), &charts).unwrap_or_else(|_| panic!("refused"));
    linked.filter(1, &js("{ duration: { min: 50, max: 500.5 } }")).unwrap();
    let answers = linked.read().unwrap();
    // The first part of a result; its first number is that of the calls.
    let statistics = Array::from(&answers.get(0)).get(0);
    let calls = Float64Array::from(statistics).get_index(0);
    let inside = |row| duration(row).is_some_and(|seconds| (50..=500).contains(&seconds));
    assert_eq!(calls, f64::from(u32::try_from(count(inside)).unwrap()));
    let histogram = Array::from(&answers.get(1));
    let counts = js_sys::Uint32Array::from(histogram.get(1)).to_vec();
    let below = count(|row| duration(row).is_some_and(|seconds| seconds < 100));
    assert_eq!(counts[0] as usize, below);
}
