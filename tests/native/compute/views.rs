//! A view keeps its calls when the table changes.

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

/// The rows of a view: in the default order, in two other orders, and filtered.
fn contents(view: &View) -> [Vec<Json>; 4] {
    let by = |name: &str| {
        // Another order in between, so that the order is not cached.
        let _ = view.rows(0, 1, Some(Order::by("callIndex", true).unwrap()));
        let rows = view.rows(0, usize::MAX, Some(Order::by(name, true).unwrap()));
        rows.iter().map(crate::plain).collect()
    };
    let long =
        view.filter(&filter(&json!({ "duration": { "min": 20 }, "not": { "callerPhone": "1" } })));
    [all(view), by("duration"), by("customerName"), all(&long)]
}

#[test]
fn a_view_keeps_its_calls_when_the_table_changes() {
    let mut table = Table::default();
    ingest(&mut table, &(1..=100).map(|id| call(id, id % 40)).collect::<Vec<_>>());
    // Some calls are already superseded.
    ingest(&mut table, &[call(3, 39), call(50, 1)]);
    let view = View::of(&table);
    let part = view.filter(&filter(&json!({ "duration": { "min": 10, "max": 30 } })));
    let before = (contents(&view), contents(&part));
    let unchanged = |what: &str| {
        assert_eq!(contents(&view), before.0, "{what}");
        assert_eq!(contents(&part), before.1, "{what}");
        assert_eq!((view.len(), part.len()), (before.0[0].len(), before.1[0].len()), "{what}");
    };
    assert_eq!(view.len(), 100);

    ingest(&mut table, &(101..=5000).map(|id| call(id, 1_000_000 + id)).collect::<Vec<_>>());
    unchanged("more calls");
    ingest(&mut table, &(1..=100).map(|id| call(id, 500)).collect::<Vec<_>>());
    unchanged("the same calls, changed");
    table.ingest_body(&body(&[call(1, 7), json!({ "duration": 5 })])).unwrap_err();
    unchanged("an ingest that failed");
    // So many updates that the table is compacted several times.
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
fn an_updated_call_keeps_its_position() {
    let mut table = Table::default();
    ingest(&mut table, &(1..=5).map(|id| call(id, id)).collect::<Vec<_>>());
    ingest(&mut table, &[call(4, 40), call(6, 6), call(2, 20)]);
    ingest(&mut table, &[call(4, 41)]);
    let view = View::of(&table);
    assert_eq!(ids(&all(&view)), [1, 2, 3, 4, 5, 6]);
    assert_eq!(all(&view)[3]["duration"], json!(41));
    let window: Vec<Json> = view.rows(1, 3, None).iter().map(crate::plain).collect();
    assert_eq!(ids(&window), [2, 3, 4]);
    // Ties are in the order of their first arrival.
    let tied = view.rows(0, 9, Some(Order::by("status", true).unwrap()));
    assert_eq!(ids(&tied.iter().map(crate::plain).collect::<Vec<_>>()), [1, 2, 3, 4, 5, 6]);
}
