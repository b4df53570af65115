//! Linked charts after any sequence of filter changes, compared with charts that are counted anew.

use std::cell::RefCell;
use std::rc::Rc;

use byrobot_calls::compute::{
    Bins, ChartResult, ChartSpec, Dimension, HistogramField, Linked, StatisticsOptions, View,
};
use byrobot_calls::table::Table;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{body, filter, row, rows};

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
fn charts() -> Vec<ChartSpec> {
    vec![
        ChartSpec::Histogram(HistogramField::Duration, Bins::Number(7), true),
        ChartSpec::Histogram(
            HistogramField::ChatRound,
            Bins::Edges(vec![-1.0, 2.0, 5.0, 60.0]),
            false,
        ),
        ChartSpec::Heatmap,
        ChartSpec::Groups(Dimension::CallerPhone),
        ChartSpec::Statistics(StatisticsOptions::default()),
    ]
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

fn counted_anew(table: &Table, filters: &[Option<Json>]) -> Vec<ChartResult> {
    let answer = |(chart, spec): (usize, ChartSpec)| {
        let others = filters.iter().enumerate().filter(|(other, _)| *other != chart);
        let view = others
            .filter_map(|(_, filter_json)| filter_json.as_ref())
            .fold(View::of(table), |view, filter_json| view.filter(&filter(filter_json)));
        view.evaluate(spec)
    };
    charts().into_iter().enumerate().map(answer).collect()
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
        let mut linked = Linked::new(Rc::clone(&table), charts());
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
                    prop_assert_eq!(linked.read(), counted_anew(&table.borrow(), &filters));
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
        })
    };
    let calls: Vec<Json> = (1..=20_000).map(call).collect();
    let table = Rc::new(RefCell::new(Table::default()));
    table.borrow_mut().ingest_body(&body(&calls)).unwrap();
    let mut linked = Linked::new(Rc::clone(&table), charts());
    let mut filters = vec![None; charts().len()];
    let mut set_filter = |chart: usize, filter_json: Json, read: bool| {
        let filter_json = Some(filter_json).filter(|filter_json| !filter_json.is_null());
        linked.filter(chart, filter_json.as_ref().map(filter));
        filters[chart] = filter_json;
        if read {
            assert_eq!(linked.read(), counted_anew(&table.borrow(), &filters), "{filters:?}");
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
