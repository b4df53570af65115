//! Charts that filter each other, by any moves: each says what it would if it were counted anew.

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

/// What happens to linked charts.
#[derive(Debug, Clone)]
enum Event {
    /// The filter of a chart, by position.
    Filter(usize, Json),
    Clear(usize),
    Read,
    /// Calls come, or take the place of others.
    Ingest(Vec<Json>),
    Empty,
}

/// In the order of the charts: a brush, another brush, and filters that are none.
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
        // A chart may be filtered by what it does not show.
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
    let answer = |(chart, shows): (usize, ChartSpec)| {
        let others = filters.iter().enumerate().filter(|(other, _)| *other != chart);
        let view = others
            .filter_map(|(_, asked)| asked.as_ref())
            .fold(View::of(table), |view, asked| view.filter(&filter(asked)));
        view.evaluate(shows)
    };
    charts().into_iter().enumerate().map(answer).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn linked_charts_say_what_counting_anew_says(
        first in rows(400),
        events in vec(event(), 1..60),
    ) {
        let table = Rc::new(RefCell::new(Table::default()));
        table.borrow_mut().ingest_body(&body(&first)).unwrap();
        let mut linked = Linked::new(Rc::clone(&table), charts());
        let mut filters = vec![None; charts().len()];
        for event in events.into_iter().chain([Event::Read]) {
            match event {
                Event::Filter(chart, asked) => {
                    linked.filter(chart, Some(filter(&asked)));
                    filters[chart] = Some(asked);
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

/// A brush goes to and fro over calls in many chunks, far beyond what slices are kept for.
#[test]
fn a_brush_slides_over_many_chunks() {
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
    let mut slide = |chart: usize, asked: Json, read: bool| {
        let asked = Some(asked).filter(|asked| !asked.is_null());
        linked.filter(chart, asked.as_ref().map(filter));
        filters[chart] = asked;
        if read {
            assert_eq!(linked.read(), counted_anew(&table.borrow(), &filters), "{filters:?}");
        }
    };
    slide(1, json!({ "chatRound": { "min": 2, "max": 9 } }), true);
    for (step, from) in (900..1060).step_by(5).chain((900..1060).step_by(5).rev()).enumerate() {
        slide(0, json!({ "duration": { "min": from, "max": from + 40 } }), step % 3 == 0);
        if step == 40 {
            slide(1, json!({ "chatRound": { "min": 3, "max": 9 } }), true);
            slide(1, json!({ "chatRound": { "min": 2, "max": 10 } }), true);
        }
    }
    // Another chart's filter goes: what was kept of the brush's values goes with it.
    slide(1, json!(null), true);
    slide(0, json!({ "duration": { "min": 905, "max": 945 } }), true);
    // Over many values at a time, known and not.
    for from in [0, 300, 900, 300, 1290, 0] {
        slide(0, json!({ "duration": { "min": from, "max": from + 100 } }), true);
    }
}
