//! Changes between two moments of a table, beside a comparison of all its calls.

use std::collections::BTreeMap;

use byrobot_calls::table::{Moment, Table};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::plain;

type Calls = BTreeMap<i64, Value>;

fn body(rows: impl IntoIterator<Item = (i64, i64)>) -> Vec<u8> {
    let row = |(id, duration): (i64, i64)| {
        json!({ "callInstanceId": id, "callJobId": 62, "customerTelephone": "1", "status": 2, "duration": duration })
    };
    let rows: Vec<Value> = rows.into_iter().map(row).collect();
    json!({ "code": 200, "data": rows }).to_string().into_bytes()
}

fn calls(table: &Table, ids: i64) -> Calls {
    (0..ids).filter_map(|id| Some((id, plain(&table.get(id)?)))).collect()
}

/// Asserts that the changes since `earlier` are the differences of `before` and the calls of the table.
fn assert_changes(table: &Table, earlier: &Moment, before: &Calls, ids: i64) {
    let after = calls(table, ids);
    let mut changes = earlier.changes(&Moment::of(table)).unwrap();
    changes.added.sort_unstable();
    let new = after.keys().filter(|id| !before.contains_key(id)).copied();
    assert_eq!(changes.added, new.collect::<Vec<_>>());
    assert_eq!(changes.removed, before.keys().filter(|id| !after.contains_key(id)).count());
    let mut updates = plain(&changes.updates().unwrap()).as_array().unwrap().clone();
    updates.sort_by_key(|update| update["callInstanceId"].as_i64());
    let differing = before.iter().filter_map(|(id, old)| {
        let (old, new) = (old.as_object()?, after.get(id)?.as_object()?);
        let changed = old.iter().filter(|(name, value)| new.get(*name) != Some(value));
        let changed = changed.map(|(name, value)| (name.clone(), json!([value, new[name]])));
        let changed: serde_json::Map<_, _> = changed.collect();
        (!changed.is_empty()).then(|| json!({ "callInstanceId": id, "changed": changed }))
    });
    assert_eq!(updates, differing.collect::<Vec<_>>());
    assert_eq!(changes.updated(), updates.len());
}

#[derive(Debug, Clone)]
enum Step {
    Ingest(Vec<(i64, i64)>),
    Clear,
    Merge(Vec<(i64, i64)>, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let rows = || prop::collection::vec((0..60_i64, 0..4_i64), 0..50);
    prop_oneof![
        8 => rows().prop_map(Step::Ingest),
        1 => Just(Step::Clear),
        1 => (rows(), any::<bool>()).prop_map(|(rows, newer)| Step::Merge(rows, newer)),
    ]
}

fn apply(table: &mut Table, step: Step) {
    match step {
        Step::Ingest(rows) => drop(table.ingest_body(&body(rows)).unwrap()),
        Step::Clear => table.clear(),
        Step::Merge(rows, newer) => {
            let mut other = Table::default();
            other.ingest_body(&body(rows)).unwrap();
            table.merge(other, newer).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn changes_after_each_step_are_the_differences_of_all_calls(
        steps in prop::collection::vec(step(), 1..20)
    ) {
        let mut table = Table::default();
        for step in steps {
            let (earlier, before) = (Moment::of(&table), calls(&table, 60));
            apply(&mut table, step);
            assert_changes(&table, &earlier, &before, 60);
        }
    }

    #[test]
    fn changes_over_several_ingests_are_the_differences_of_all_calls(
        first in prop::collection::vec((0..60_i64, 0..4_i64), 0..50),
        later in prop::collection::vec(prop::collection::vec((0..60_i64, 0..4_i64), 0..50), 0..6),
    ) {
        let mut table = Table::default();
        table.ingest_body(&body(first)).unwrap();
        let (earlier, before) = (Moment::of(&table), calls(&table, 60));
        for rows in later {
            table.ingest_body(&body(rows)).unwrap();
        }
        assert_changes(&table, &earlier, &before, 60);
    }
}

#[test]
fn a_compaction_is_no_change() {
    let mut table = Table::default();
    let rows = |duration| body((0..6000).map(move |id| (id, duration)));
    table.ingest_body(&rows(1)).unwrap();
    let columns = std::rc::Rc::clone(table.columns());
    for duration in 2.. {
        let (earlier, before) = (Moment::of(&table), calls(&table, 6000));
        table.ingest_body(&rows(duration)).unwrap();
        assert_changes(&table, &earlier, &before, 6000);
        if !std::rc::Rc::ptr_eq(&columns, table.columns()) {
            break;
        }
    }
}

#[test]
fn a_link_with_another_query_is_no_change() {
    let mut table = Table::default();
    let row = |query: &str| {
        let link = format!("https://calls.example.com/a.wav?{query}");
        let row = json!({ "callInstanceId": 1, "callJobId": 62, "luyinOssUrl": link });
        json!({ "code": 200, "data": [row] }).to_string().into_bytes()
    };
    table.ingest_body(&row("until=1")).unwrap();
    let earlier = Moment::of(&table);
    table.ingest_body(&row("until=2")).unwrap();
    let changes = earlier.changes(&Moment::of(&table)).unwrap();
    assert_eq!((changes.added.len(), changes.updated(), changes.removed), (0, 0, 0));
}
