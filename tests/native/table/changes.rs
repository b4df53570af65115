//! Changes of a table between two looks, beside a comparison of all its calls.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use byrobot_calls::table::{Table, Watch};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::plain;

type Calls = BTreeMap<i64, Value>;

fn body(rows: impl IntoIterator<Item = (i64, i64)>) -> Vec<u8> {
    let row = |(id, duration): (i64, i64)| json!({ "callInstanceId": id, "callJobId": 62, "customerTelephone": "1", "status": 2, "duration": duration });
    let rows: Vec<Value> = rows.into_iter().map(row).collect();
    json!({ "code": 200, "data": rows }).to_string().into_bytes()
}

fn calls(table: &Table, ids: i64) -> Calls {
    (0..ids).filter_map(|id| Some((id, plain(&table.get(id)?)))).collect()
}

/// A table that is watched.
struct Watched {
    table: Rc<RefCell<Table>>,
    watch: Watch,
    /// The calls at the last look.
    before: Calls,
    ids: i64,
}

impl Watched {
    fn new(table: Table, ids: i64) -> Self {
        let before = calls(&table, ids);
        let table = Rc::new(RefCell::new(table));
        Self { watch: Watch::new(Rc::clone(&table)), table, before, ids }
    }

    fn ingest(&self, rows: impl IntoIterator<Item = (i64, i64)>) {
        self.table.borrow_mut().ingest_body(&body(rows)).unwrap();
    }

    /// Asserts that the changes since the last look are the differences of all calls.
    fn look(&mut self) {
        let before = std::mem::replace(&mut self.before, calls(&self.table.borrow(), self.ids));
        let after = &self.before;
        let mut added = Vec::new();
        self.watch.look(&mut |id| added.push(id)).unwrap();
        added.sort_unstable();
        let new = after.keys().filter(|id| !before.contains_key(id)).copied();
        assert_eq!(added, new.collect::<Vec<_>>());
        let left = before.keys().filter(|id| !after.contains_key(id));
        assert_eq!(self.watch.removed, left.count());
        let rows = plain(&self.watch.rows().unwrap()).as_array().unwrap().clone();
        let mut updates: Vec<&[Value]> = rows.chunks(2).collect();
        updates.sort_by_key(|rows| rows[1]["callInstanceId"].as_i64());
        let differing = before.iter().filter_map(|(id, old)| {
            let new = after.get(id)?;
            (old != new).then(|| vec![old.clone(), new.clone()])
        });
        assert_eq!(updates, differing.collect::<Vec<_>>());
        assert_eq!(self.watch.updated(), updates.len());
    }
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
        let mut watched = Watched::new(Table::default(), 60);
        for step in steps {
            apply(&mut watched.table.borrow_mut(), step);
            watched.look();
        }
    }

    #[test]
    fn changes_over_several_steps_are_the_differences_of_all_calls(
        steps in prop::collection::vec(prop::collection::vec(step(), 0..5), 0..6),
    ) {
        let mut watched = Watched::new(Table::default(), 60);
        for steps in steps {
            for step in steps {
                apply(&mut watched.table.borrow_mut(), step);
            }
            watched.look();
        }
    }
}

#[test]
fn a_compaction_is_no_change() {
    let rows = |duration| (0..6000).map(move |id| (id, duration));
    let mut watched = Watched::new(Table::default(), 6000);
    watched.ingest(rows(1));
    watched.look();
    let columns = Rc::clone(watched.table.borrow().columns());
    for duration in 2.. {
        watched.ingest(rows(duration));
        watched.look();
        if !Rc::ptr_eq(&columns, watched.table.borrow().columns()) {
            break;
        }
    }
    watched.look();
}

#[test]
fn a_link_with_another_query_is_no_change() {
    let table = Rc::new(RefCell::new(Table::default()));
    let ingest = |query: &str| {
        let link = format!("https://calls.example.com/a.wav?{query}");
        let row = json!({ "callInstanceId": 1, "callJobId": 62, "luyinOssUrl": link });
        let body = json!({ "code": 200, "data": [row] }).to_string();
        table.borrow_mut().ingest_body(body.as_bytes()).unwrap();
    };
    ingest("until=1");
    let mut watch = Watch::new(Rc::clone(&table));
    ingest("until=2");
    watch.look(&mut |id| panic!("{id} was there")).unwrap();
    assert_eq!((watch.updated(), watch.removed), (0, 0));
}
