//! Filters on several chunks of rows, on rows that arrive later, and filters of maximum depth.

use std::cell::RefCell;
use std::rc::Rc;

use byrobot_calls::compute::{Linked, Part, View, linked_chart};
use byrobot_calls::table::Table;
use serde_json::{Value as Json, json};

use super::filter::passes;
use super::{all, body, filter, ids, parse_number, table, value};

/// More calls than two chunks hold, in the order of their time or in another order.
fn many(in_order: bool) -> Vec<Json> {
    let call = |id: i64| {
        let third = usize::try_from(id % 3).unwrap();
        let (name, level) = (["王芳", "李Wei", "Mo"][third], ["A", "B", "x"][third]);
        let minute = if in_order { id / 3 } else { id * 7919 % 100_000 };
        json!({
            "callInstanceId": id,
            "callJobId": id * 31 % 97,
            "callerPhone": if id % 19 == 0 { Json::Null } else { json!(format!("0571{}", id * 17 % 89)) },
            "customerTelephone": if id % 13 == 0 { String::new() } else { format!("138{:08}", id * 7_368_787 % 100_000_000) },
            "customerName": if id % 5 == 0 { Json::Null } else { json!(name) },
            "startTime": if id % 11 == 0 { Json::Null } else { json!(byrobot_calls::time::shanghai_text(1_709_136_000_000 + minute * 60_000)) },
            "resultList": [{ "name": "意向等级", "value": level }, { "name": "n", "value": (id % 300).to_string() }],
        })
    };
    (1..=9000).map(call).collect()
}

/// Filters that pass some of these calls.
fn filters() -> [Json; 17] {
    // Too many codes to scan for each of them, and not in the order of their codes.
    let callers: Vec<String> = (0..40).rev().map(|number| format!("0571{}", number * 2)).collect();
    [
        json!({ "hourOfDay": [9, 10, 11, 14] }),
        json!({ "weekday": [1, 5, 7], "hourOfDay": [0, 9, 23] }),
        json!({ "hourOfDay": (0..24).step_by(2).collect::<Vec<_>>() }),
        json!({ "text": "34" }),
        // In the column, a number that ends in 8 is before one that begins with 138. No match may span both.
        json!({ "text": "8138" }),
        json!({ "text": "wEI" }),
        json!({ "callJobId": (0..97).step_by(2).collect::<Vec<_>>() }),
        json!({ "results": [{ "name": "n", "values": ["7", "150", "151"] }] }),
        json!({ "callerPhone": callers }),
        json!({ "callerPhone": [null, "05717"] }),
        json!({ "startTime": null }),
        json!({ "hourOfDay": [9, null], "weekday": [1, 4, null] }),
        json!({ "date": ["2024-02-29", null] }),
        json!({ "results": [{ "name": "n", "values": ["7", "150"] }], "intentLevel": [null, "A"] }),
        json!({ "text": null }),
        json!({ "intentLevel": ["A"], "not": { "text": "7" } }),
        json!({ "startTime": { "from": "2024-02-29", "to": "2024-02-29 09:30:00" } }),
    ]
}

#[test]
fn a_filter_passes_the_expected_rows_of_many_chunks() {
    for in_order in [false, true] {
        let (table, read) = table(&many(in_order));
        for wanted_filter in filters() {
            let expected: Vec<Json> =
                read.iter().filter(|row| passes(row, &wanted_filter)).cloned().collect();
            assert!(!expected.is_empty() && expected.len() < read.len(), "{wanted_filter}");
            let found = View::of(&table).filter(&filter(&wanted_filter));
            assert_eq!(ids(&all(&found)), ids(&expected), "{wanted_filter}");
        }
    }
}

#[test]
fn a_filter_of_linked_charts_applies_to_rows_that_arrive_later() {
    let rows = many(true);
    for wanted_filter in filters() {
        let table = Rc::new(RefCell::new(Table::default()));
        let charts = [json!({ "statistics": true }), json!({ "heatmap": true })];
        let charts = charts.map(|spec| linked_chart(&value(&spec), "a", parse_number).unwrap());
        let mut linked = Linked::of_table(Rc::clone(&table), charts.into());
        linked.filter(1, Some(filter(&wanted_filter)));
        // Pages that end inside of a word, at the end of a word, and after the end of a chunk.
        let mut remaining = &rows[..];
        for size in [50, 14, 64, 3968, 1, 63, 4000, 50, 50, 1000].into_iter().cycle() {
            let (page, later) = remaining.split_at(size.min(remaining.len()));
            table.borrow_mut().ingest_body(&body(page)).unwrap();
            let expected = View::of(&table.borrow()).filter(&filter(&wanted_filter)).len();
            let results = linked.read();
            let [Part::Numbers(statistics)] = &results[0][..] else { panic!() };
            // The first number is that of the calls.
            let wanted = f64::from(u32::try_from(expected).unwrap());
            assert_eq!(statistics[..1], [wanted], "{wanted_filter} {}", later.len());
            remaining = later;
            if remaining.is_empty() {
                break;
            }
        }
    }
}

#[test]
fn the_deepest_filter_fits_on_a_small_stack() {
    let mut wanted_filter = json!({ "hourOfDay": [9], "intentLevel": ["A"], "callJobId": (0..97).step_by(2).collect::<Vec<_>>() });
    for _ in 0..31 {
        wanted_filter = json!({ "not": { "anyOf": [wanted_filter] } })["not"].take();
    }
    let found = std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || View::of(&table(&many(false)).0).filter(&filter(&wanted_filter)).len())
        .unwrap();
    assert!(found.join().unwrap() > 0);
}
