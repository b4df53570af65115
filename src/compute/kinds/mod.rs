//! The kinds of charts, a file each: its spec, init, add, remove, result; and a chart from its spec.

mod groups;
pub(super) mod heatmap;
pub(super) mod histogram;
mod round_survival;
mod statistics;

use self::groups::Groups;
use self::heatmap::Heatmap;
use self::histogram::Histogram;
use self::round_survival::RoundSurvival;
use self::statistics::StatisticsChart;
use crate::compute::chart::Chart;
use crate::compute::spec::{ParseNumber, Spec, named};
use crate::error::{Error, Result};
use crate::json::Value;

/// A kind of chart.
struct Kind {
    /// The key that names the kind in a spec.
    key: &'static str,
    /// The name of the subject where it is an argument of a function.
    argument: &'static str,
    read: fn(&Spec) -> Result<Box<dyn Chart>>,
}

/// The kinds of charts.
const KINDS: [Kind; 5] = [
    Kind { key: "groupBy", argument: "dimension", read: Groups::read },
    Kind { key: "histogram", argument: "column", read: Histogram::read },
    Kind { key: "heatmap", argument: "options", read: Heatmap::read },
    Kind { key: "statistics", argument: "options", read: StatisticsChart::read },
    Kind { key: "roundSurvival", argument: "options", read: RoundSurvival::read },
];

/// A chart of linked charts. `path` is the path of its spec in errors.
///
/// # Errors
/// `invalid_argument` for an invalid spec.
pub fn linked_chart(spec: &Value, path: &str, parse: ParseNumber) -> Result<Box<dyn Chart>> {
    let fields = match spec {
        Value::Object(fields) => &fields[..],
        _ => &[],
    };
    let is_given = |kind: &&Kind| fields.iter().any(|(name, _)| name == kind.key);
    let Some(Kind { key, read, .. }) = KINDS.iter().find(is_given) else {
        let keys = KINDS.map(|kind| kind.key).join(", ");
        return Err(Error::invalid_argument(
            path,
            &format!("expected an object with one of {keys}"),
        ));
    };
    let subject_path = &format!("{path}.{key}");
    read(&Spec { key, subject: named(fields, key), subject_path, fields, path, parse })
}

/// The chart of a question about one set of calls: a kind, its subject and options.
///
/// # Errors
/// `invalid_argument` for an invalid subject or option.
pub fn chart(
    key: &str,
    subject: &Value,
    options: &Value,
    parse: ParseNumber,
) -> Result<Box<dyn Chart>> {
    let fields = match options {
        Value::Null => &[],
        Value::Object(fields) => &fields[..],
        _ => return Err(Error::invalid_argument("options", "expected an object")),
    };
    let Some(Kind { key, argument, read }) = KINDS.iter().find(|kind| kind.key == key) else {
        return Err(Error::invalid_argument("chart", "no such kind of chart"));
    };
    read(&Spec { key, subject, subject_path: argument, fields, path: "", parse })
}
