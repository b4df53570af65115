//! Groups, histograms and heat maps of calls in several chunks, compared with counts of the rows of the model.

use std::collections::BTreeMap;

use byrobot_calls::compute::{ChartResult, GroupKey, Part, View, chart};
use byrobot_calls::table::Table;
use byrobot_calls::time::shanghai_text;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{SHANGHAI_OFFSET, all, body, filter, parse_number, rows, value};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn result(view: &View, kind: &str, subject: &Json, options: &Json) -> ChartResult {
    view.evaluate(chart(kind, &value(subject), &value(options), parse_number).unwrap())
}

/// The milliseconds since 1970-01-01 00:00 in Shanghai.
fn local(row: &Json) -> Option<i64> {
    row["startTimeMs"].as_i64().map(|start| start + SHANGHAI_OFFSET)
}

fn answered(row: &Json) -> bool {
    row["finishStatus"] == json!(0)
}

/// The key of a row in a dimension.
fn key(dimension: &Json, row: &Json) -> GroupKey {
    let integer = |value: Option<i64>| value.map_or(GroupKey::None, GroupKey::Integer);
    let of_start = |key: &dyn Fn(i64) -> i64| integer(local(row).map(key));
    match dimension.as_str() {
        Some("hourOfDay") => of_start(&|local| local.rem_euclid(DAY) / HOUR),
        // 1970-01-01 was a Thursday.
        Some("weekday") => of_start(&|local| (local.div_euclid(DAY) + 3).rem_euclid(7) + 1),
        Some("date") => local(row).map_or(GroupKey::None, |local| {
            GroupKey::Text(shanghai_text(local - SHANGHAI_OFFSET)[..10].to_owned())
        }),
        Some("callerPhone") => {
            row["callerPhone"].as_str().map_or(GroupKey::None, |text| GroupKey::Text(text.into()))
        }
        Some(name) => integer(row[name].as_i64()),
        None => of_start(&|local| local - local.rem_euclid(HOUR) - SHANGHAI_OFFSET),
    }
}

/// The calls, the answered calls, the sum of their durations, and their mean, of each key.
fn groups(dimensions: &[Json], rows: &[Json]) -> BTreeMap<Vec<GroupKey>, [f64; 4]> {
    let mut groups: BTreeMap<Vec<GroupKey>, (f64, f64, Vec<f64>)> = BTreeMap::new();
    for row in rows {
        let keys = dimensions.iter().map(|dimension| key(dimension, row)).collect();
        let (calls, of_answered, durations) = groups.entry(keys).or_default();
        *calls += 1.0;
        if answered(row) {
            *of_answered += 1.0;
            durations.extend(row["duration"].as_f64());
        }
    }
    let numbers = |(calls, answered, durations): (f64, f64, Vec<f64>)| {
        let sum: f64 = durations.iter().sum();
        let count = u32::try_from(durations.len()).unwrap();
        [
            calls,
            answered,
            rounded(sum),
            rounded(if count > 0 { sum / f64::from(count) } else { -1.0 }),
        ]
    };
    groups.into_iter().map(|(keys, counts)| (keys, numbers(counts))).collect()
}

/// A number with twelve digits. The sum of durations of 2⁵³ seconds depends on the order of the summands.
fn rounded(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap()
}

fn found_groups(view: &View, subject: &Json, width: usize) -> BTreeMap<Vec<GroupKey>, [f64; 4]> {
    let parts = result(view, "groupBy", subject, &json!(null));
    let [Part::Keys(keys), Part::Numbers(numbers)] = &parts[..] else { panic!() };
    let numbers = numbers.chunks(4).map(|numbers| {
        let numbers: [f64; 4] = numbers.try_into().unwrap();
        numbers.map(|number| if number.is_nan() { -1.0 } else { rounded(number) })
    });
    keys.chunks(width).map(<[GroupKey]>::to_vec).zip(numbers).collect()
}

/// Checks all charts of a view.
fn check(view: &View) {
    let rows = all(view);
    let dimensions = [
        json!("finishStatus"),
        json!("chatRound"),
        json!("callJobId"),
        json!("callerPhone"),
        json!("hourOfDay"),
        json!("weekday"),
        json!("date"),
        json!({ "time": "hour" }),
    ];
    for (index, dimension) in dimensions.iter().enumerate() {
        let expected = groups(std::slice::from_ref(dimension), &rows);
        assert_eq!(found_groups(view, dimension, 1), expected, "{dimension}");
        let pair = [dimension.clone(), dimensions[(index + 3) % dimensions.len()].clone()];
        assert_eq!(found_groups(view, &json!(pair), 2), groups(&pair, &rows), "{pair:?}");
    }
    for (field, edges) in
        [("duration", json!([0, 1, 30, 60.5, 4000])), ("chatRound", json!([-2, 0, 5, 4096]))]
    {
        for answered_only in [false, true] {
            let options = json!({ "edges": edges, "answeredOnly": answered_only });
            let parts = result(view, "histogram", &json!(field), &options);
            let edges: Vec<f64> =
                edges.as_array().unwrap().iter().filter_map(Json::as_f64).collect();
            let counted = rows.iter().filter(|row| !answered_only || answered(row));
            let values: Vec<f64> = counted.filter_map(|row| row[field].as_f64()).collect();
            let bins = edges.windows(2).enumerate().map(|(bin, edge)| {
                let is_last = bin + 2 == edges.len();
                let inside = |value: &&f64| {
                    edge[0] <= **value && (**value < edge[1] || is_last && **value <= edge[1])
                };
                u32::try_from(values.iter().filter(inside).count()).unwrap()
            });
            let bins: Vec<u32> = bins.collect();
            let outside = u32::try_from(values.len()).unwrap() - bins.iter().sum::<u32>();
            let expected = [Part::Numbers(edges), Part::Counts(bins), Part::Counts(vec![outside])];
            assert_eq!(parts[..], expected[..], "{field}, {answered_only}");
        }
    }
    let mut cells = [vec![0; 168], vec![0; 168]];
    for row in &rows {
        let Some(local) = local(row) else { continue };
        let cell = usize::try_from((local + 3 * DAY).rem_euclid(7 * DAY) / HOUR).unwrap();
        cells[0][cell] += 1;
        cells[1][cell] += u32::from(answered(row));
    }
    let parts = result(view, "heatmap", &json!(true), &json!(null));
    assert_eq!(parts, cells.map(Part::Counts));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn charts_count_what_a_reference_implementation_counts(
        sample in rows(300),
        copies in 1_usize..30,
        most in -3_i64..70,
    ) {
        let mut table = Table::default();
        let mut id = 0;
        for _ in 0..copies {
            let copy = sample.iter().map(|row| {
                let mut row = row.clone();
                id += 1;
                row["callInstanceId"] = json!(id);
                row
            });
            table.ingest_body(&body(&copy.collect::<Vec<_>>())).unwrap();
        }
        let view = View::of(&table);
        check(&view);
        check(&view.filter(&filter(&json!({ "duration": { "max": most } }))));
        check(&view.filter(&filter(&json!({ "callerPhone": "0571-1", "finishStatus": 0 }))));
    }
}
