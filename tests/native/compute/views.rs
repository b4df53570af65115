//! A view goes on answering for the calls it had, as they were.

use byrobot_calls::compute::{Order, View};
use byrobot_calls::table::Table;
use serde_json::{Value as Json, json};

use super::{all, body, filter, ids};

fn call(id: i64, seconds: i64) -> Json {
    json!({ "callInstanceId": id, "duration": seconds, "customerName": format!("{}", seconds % 7), "callerPhone": format!("{}", seconds % 3) })
}

fn ingest(table: &mut Table, calls: &[Json]) {
    table.ingest_body(&body(calls)).unwrap();
}

/// All that a view says of its rows, in some orders.
fn said(view: &View) -> [Vec<Json>; 4] {
    let by = |name: &str| {
        // Another order in between, so that none is remembered.
        let _ = view.rows(0, 1, Some(Order::by("callIndex", true).unwrap()));
        let rows = view.rows(0, usize::MAX, Some(Order::by(name, true).unwrap()));
        rows.iter().map(crate::plain).collect()
    };
    let long =
        view.filter(&filter(&json!({ "duration": { "min": 20 }, "not": { "callerPhone": "1" } })));
    [all(view), by("duration"), by("customerName"), all(&long)]
}

#[test]
fn whatever_becomes_of_the_table_a_view_keeps_its_calls() {
    let mut table = Table::default();
    ingest(&mut table, &(1..=100).map(|id| call(id, id % 40)).collect::<Vec<_>>());
    // Some calls have taken the place of others already.
    ingest(&mut table, &[call(3, 39), call(50, 1)]);
    let view = View::of(&table);
    let part = view.filter(&filter(&json!({ "duration": { "min": 10, "max": 30 } })));
    let before = (said(&view), said(&part));
    let unchanged = |what: &str| {
        assert_eq!(said(&view), before.0, "{what}");
        assert_eq!(said(&part), before.1, "{what}");
        assert_eq!((view.len(), part.len()), (before.0[0].len(), before.1[0].len()), "{what}");
    };
    assert_eq!(view.len(), 100);

    ingest(&mut table, &(101..=5000).map(|id| call(id, 1_000_000 + id)).collect::<Vec<_>>());
    unchanged("more calls");
    ingest(&mut table, &(1..=100).map(|id| call(id, 500)).collect::<Vec<_>>());
    unchanged("the same calls, changed");
    table.ingest_body(&body(&[call(1, 7), json!({ "duration": 5 })])).unwrap_err();
    unchanged("an ingest that failed");
    // Replaced until the table moves to new columns, more than once.
    for round in 0..40 {
        ingest(&mut table, &(1..=500).map(|id| call(id, 2000 + round)).collect::<Vec<_>>());
    }
    unchanged("a compaction");
    assert_eq!(table.len(), 5000);
    assert_eq!(ids(&all(&View::of(&table))), (1..=5000).collect::<Vec<_>>());
    table.clear();
    unchanged("a clear");
    drop(table);
    unchanged("the end of the table");
}

#[test]
fn a_call_that_changes_keeps_its_place() {
    let mut table = Table::default();
    ingest(&mut table, &(1..=5).map(|id| call(id, id)).collect::<Vec<_>>());
    ingest(&mut table, &[call(4, 40), call(6, 6), call(2, 20)]);
    ingest(&mut table, &[call(4, 41)]);
    let view = View::of(&table);
    assert_eq!(ids(&all(&view)), [1, 2, 3, 4, 5, 6]);
    assert_eq!(all(&view)[3]["duration"], json!(41));
    let window: Vec<Json> = view.rows(1, 3, None).iter().map(crate::plain).collect();
    assert_eq!(ids(&window), [2, 3, 4]);
    // Ties, too, are in the order of first seen.
    let tied = view.rows(0, 9, Some(Order::by("status", true).unwrap()));
    assert_eq!(ids(&tied.iter().map(crate::plain).collect::<Vec<_>>()), [1, 2, 3, 4, 5, 6]);
}
