//! Linked charts after any sequence of filter changes, compared with charts that are counted anew.

use std::cell::RefCell;
use std::rc::Rc;

use byrobot_calls::compute::{Chart, ChartResult, Linked, Order, Part, View, chart, linked_chart};
use byrobot_calls::table::Table;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{all, body, filter, parse_number, row, rows, value};

/// An event of linked charts.
#[derive(Debug, Clone)]
enum Event {
    /// The filter of the chart at a position changes.
    Filter(usize, Json),
    Clear(usize),
    Read,
    /// Calls are added or updated.
    Ingest(Vec<Json>),
    Empty,
}

/// The specs of the charts. The filters of the first two are brushes.
fn specs() -> Vec<Json> {
    vec![
        json!({ "histogram": "duration", "edges": [0, 10, 30, 60, 75], "answeredOnly": true }),
        json!({ "histogram": "chatRound", "edges": [-1, 2, 5, 60] }),
        json!({ "heatmap": true }),
        json!({ "groupBy": "callerPhone" }),
        json!({ "statistics": true }),
        json!({ "groupBy": ["callerPhone", "hourOfDay"] }),
        json!({ "roundSurvival": true }),
        json!({ "groupBy": "date" }),
        json!({ "groupBy": "finishStatus" }),
        json!({ "groupBy": { "property": "城市" } }),
    ]
}

fn charts() -> Vec<Box<dyn Chart>> {
    let chart = |spec: &Json| linked_chart(&value(spec), "charts.name", parse_number).unwrap();
    specs().iter().map(chart).collect()
}

/// The charts with groups: the position in `specs`, and the number of dimensions.
const GROUPS: [(usize, usize); 5] = [(3, 1), (5, 2), (7, 1), (8, 1), (9, 1)];

/// The results with the groups that have calls, in an order that does not depend on the rows that do not pass.
fn without_empty_groups(mut results: Vec<ChartResult>) -> Vec<String> {
    for (at, width) in GROUPS {
        let [Part::Keys(keys), Part::Numbers(numbers)] = &results[at][..] else { panic!() };
        let groups = numbers.chunks(4).zip(keys.chunks(width));
        let mut groups: Vec<_> = groups.filter(|(numbers, _)| numbers[0] > 0.0).collect();
        groups.sort_by_key(|(_, keys)| keys.to_vec());
        let keys = groups.iter().flat_map(|(_, keys)| keys.to_vec()).collect();
        let numbers = groups.iter().flat_map(|(numbers, _)| numbers.to_vec()).collect();
        results[at] = vec![Part::Keys(keys), Part::Numbers(numbers)];
    }
    // `NaN` stands for no number, and does not equal itself.
    results.iter().map(|result| format!("{result:?}")).collect()
}

fn event() -> impl Strategy<Value = Event> {
    let brush = |chart: usize, name: &'static str| {
        let bound = || {
            prop_oneof![
                8 => (-4_i64..75).prop_map(|bound| json!(bound)),
                1 => Just(json!(null)),
                1 => (1000_i64..200_000).prop_map(|bound| json!(bound)),
            ]
        };
        (bound(), bound()).prop_map(move |(min, max)| {
            Event::Filter(chart, json!({ name: { "min": min, "max": max } }))
        })
    };
    let hours =
        vec(0_u8..24, 0..12).prop_map(|hours| Event::Filter(2, json!({ "hourOfDay": hours })));
    let both = (0_i64..70).prop_map(|most| {
        Event::Filter(0, json!({ "duration": { "max": most }, "not": { "callerPhone": "0571-1" } }))
    });
    prop_oneof![
        12 => brush(0, "duration"),
        4 => brush(1, "chatRound"),
        // The filter of a chart may be on another field.
        1 => brush(0, "chatRound"),
        1 => hours,
        1 => both,
        2 => (0_usize..4).prop_map(Event::Clear),
        6 => Just(Event::Read),
        1 => vec((0_usize..300).prop_flat_map(row), 1..40).prop_map(Event::Ingest),
        1 => Just(Event::Empty),
    ]
}

/// The calls that pass all filters, except that of one chart.
fn passing(table: &Table, filters: &[Option<Json>], except: Option<usize>) -> View {
    let others = filters.iter().enumerate().filter(|(other, _)| Some(*other) != except);
    others
        .filter_map(|(_, filter_json)| filter_json.as_ref())
        .fold(View::of(table), |view, filter_json| view.filter(&filter(filter_json)))
}

fn counted_anew(table: &Table, filters: &[Option<Json>]) -> Vec<String> {
    let answer = |(index, spec): (usize, Json)| {
        let (mut subject, mut options) = (Json::Null, serde_json::Map::new());
        let mut kind = String::new();
        for (name, value) in spec.as_object().unwrap() {
            if ["edges", "answeredOnly"].contains(&name.as_str()) {
                options.insert(name.clone(), value.clone());
            } else {
                (kind, subject) = (name.clone(), value.clone());
            }
        }
        let chart = chart(&kind, &value(&subject), &value(&options.into()), parse_number).unwrap();
        passing(table, filters, Some(index)).evaluate(chart)
    };
    without_empty_groups(specs().into_iter().enumerate().map(answer).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn linked_charts_equal_charts_that_are_counted_anew(
        first in rows(400),
        events in vec(event(), 1..60),
    ) {
        let table = Rc::new(RefCell::new(Table::default()));
        table.borrow_mut().ingest_body(&body(&first)).unwrap();
        let mut linked = Linked::of_table(Rc::clone(&table), charts());
        let mut filters = vec![None; charts().len()];
        for event in events.into_iter().chain([Event::Read]) {
            match event {
                Event::Filter(chart, filter_json) => {
                    linked.filter(chart, Some(filter(&filter_json)));
                    filters[chart] = Some(filter_json);
                }
                Event::Clear(chart) => {
                    linked.filter(chart, None);
                    filters[chart] = None;
                }
                Event::Ingest(calls) => {
                    let _ = table.borrow_mut().ingest_body(&body(&calls)).unwrap();
                }
                Event::Empty => table.borrow_mut().clear(),
                Event::Read => {
                    let counted = counted_anew(&table.borrow(), &filters);
                    prop_assert_eq!(without_empty_groups(linked.read()), counted);
                    // The rows and the view have the calls that pass all filters.
                    let view = passing(&table.borrow(), &filters, None);
                    prop_assert_eq!(linked.len(), view.len());
                    prop_assert_eq!(all(&linked.view()), all(&view));
                    let mut rows = Vec::new();
                    let order = Order::by("startTime", true).unwrap();
                    linked
                        .rows_in_pieces(1, 7, Some(order), &mut |piece| {
                            rows.extend(piece);
                            Ok(())
                        })
                        .unwrap();
                    prop_assert_eq!(rows, view.rows(1, 7, Some(order)));
                }
            }
        }
    }
}

/// A brush moves back and forth over calls in many chunks, also over values beyond the limit of slices.
#[test]
fn a_moved_brush_over_many_chunks_equals_a_new_count() {
    let call = |id: i64| {
        json!({
            "callInstanceId": id,
            "finishStatus": i64::from(id % 3 == 0),
            "duration": (id * 7919) % 1300,
            "chatRound": id % 17,
            "callerPhone": format!("{}", id % 11),
            "startTime": byrobot_calls::time::shanghai_text(1_709_136_000_000 + id * 61_000),
            "properties": json!({ "城市": format!("{}", id % 7) }).to_string(),
        })
    };
    let calls: Vec<Json> = (1..=20_000).map(call).collect();
    let table = Rc::new(RefCell::new(Table::default()));
    table.borrow_mut().ingest_body(&body(&calls)).unwrap();
    let mut linked = Linked::of_table(Rc::clone(&table), charts());
    let mut filters = vec![None; charts().len()];
    let mut set_filter = |chart: usize, filter_json: Json, read: bool| {
        let filter_json = Some(filter_json).filter(|filter_json| !filter_json.is_null());
        linked.filter(chart, filter_json.as_ref().map(filter));
        filters[chart] = filter_json;
        if read {
            assert_eq!(
                without_empty_groups(linked.read()),
                counted_anew(&table.borrow(), &filters),
                "{filters:?}"
            );
        }
    };
    set_filter(1, json!({ "chatRound": { "min": 2, "max": 9 } }), true);
    for (step, from) in (900..1060).step_by(5).chain((900..1060).step_by(5).rev()).enumerate() {
        set_filter(0, json!({ "duration": { "min": from, "max": from + 40 } }), step % 3 == 0);
        if step == 40 {
            set_filter(1, json!({ "chatRound": { "min": 3, "max": 9 } }), true);
            set_filter(1, json!({ "chatRound": { "min": 2, "max": 10 } }), true);
        }
    }
    // The filter of another chart is cleared, and with it the slices.
    set_filter(1, json!(null), true);
    set_filter(0, json!({ "duration": { "min": 905, "max": 945 } }), true);
    // The brush moves over many values, with and without slices.
    for from in [0, 300, 900, 300, 1290, 0] {
        set_filter(0, json!({ "duration": { "min": from, "max": from + 100 } }), true);
    }
}
