//! Reads and checks the arguments of filters, charts, windows and exports, and converts the results of charts.
//!
//! The numbers of a result are in one typed array, in the order of `schema/metrics.rs`, and keys are in an array
//! beside it. TypeScript makes objects of them. This is faster than setting properties from Rust, and no
//! number becomes text.

use js_sys::{Array, Float64Array, Uint32Array};
use wasm_bindgen::prelude::*;

use super::plain::from_js;
use crate::compute::{
    Bins, ChartResult, ChartSpec, Dimension, Filter, Group, GroupKey, Heatmap, Histogram,
    HistogramField, Measured, Statistics, StatisticsOptions,
};
use crate::error::{Error, Result};
use crate::export::{CsvColumn, CsvOptions};
use crate::json::Value;
use crate::schema::{GroupNumber, Language, Metric};

/// The maximum number of bins.
const MAX_BINS: usize = 10_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = parseFloat)]
    fn parse_float(text: &str) -> f64;
}

/// `CallFilter`.
pub(super) fn filter(value: &JsValue) -> Result<Filter> {
    if value.is_undefined() {
        let message = "expected a filter, an object, not undefined";
        return Err(Error::invalid_argument("filter", message));
    }
    Filter::read(&from_js(value, "filter")?, "")
}

/// The spec of a linked chart: `{ groupBy }`, `{ histogram, edges }`, `{ heatmap: true }` or `{ statistics: true }`.
pub(super) fn chart_spec(value: &Value, path: &str) -> Result<ChartSpec> {
    let refuse = || {
        Error::invalid_argument(
            path,
            "expected { groupBy }, { histogram, edges }, { heatmap: true } or { statistics: true }",
        )
    };
    let Value::Object(fields) = value else { return Err(refuse()) };
    let has = |name: &str| fields.iter().any(|(field, _)| field == name);
    if has("groupBy") && fields.len() == 1 {
        let path = format!("{path}.groupBy");
        return Ok(ChartSpec::Groups(dimension(value.get("groupBy"), &path)?));
    }
    if has("histogram") && has("edges") && fields.len() == 2 {
        let column = column(value.get("histogram"), &format!("{path}.histogram"))?;
        let edges = edges(value.get("edges"), &format!("{path}.edges"))?;
        return Ok(ChartSpec::Histogram(column, Bins::Edges(edges), false));
    }
    match fields.as_slice() {
        [(name, Value::Bool(true))] if name == "heatmap" => Ok(ChartSpec::Heatmap),
        [(name, Value::Bool(true))] if name == "statistics" => {
            Ok(ChartSpec::Statistics(StatisticsOptions::default()))
        }
        _ => Err(refuse()),
    }
}

/// `Dimension`.
pub(super) fn dimension(value: Option<&Value>, path: &str) -> Result<Dimension> {
    let named = |name: &str| Dimension::NAMED.into_iter().find(|(known, _)| *known == name);
    match value {
        Some(Value::Text(name)) if named(name).is_some() => {
            named(name).map(|(_, dimension)| dimension)
        }
        Some(Value::Object(fields)) => match fields.as_slice() {
            [(key, Value::Text(name))] if key == "result" => Some(Dimension::Result(name.clone())),
            _ => None,
        },
        _ => None,
    }
    .ok_or_else(|| {
        let known: Vec<&str> = Dimension::NAMED.iter().map(|(name, _)| *name).collect();
        let message = format!("expected one of {}, or {{ result: name }}", known.join(", "));
        Error::invalid_argument(path, &message)
    })
}

/// The field of a histogram.
pub(super) fn column(value: Option<&Value>, path: &str) -> Result<HistogramField> {
    match value {
        Some(Value::Text(name)) if name == "duration" => Ok(HistogramField::Duration),
        Some(Value::Text(name)) if name == "chatRound" => Ok(HistogramField::ChatRound),
        _ => Err(Error::invalid_argument(path, "expected \"duration\" or \"chatRound\"")),
    }
}

/// The values of an object of options. An absent option is `null`; `null` instead of the object means no options.
fn options<const N: usize>(options: &Value, names: [&str; N]) -> Result<[Value; N]> {
    refuse_unknown(options, &names)?;
    Ok(names.map(|name| options.get(name).cloned().unwrap_or_default()))
}

fn refuse_unknown(options: &Value, names: &[&str]) -> Result<()> {
    let fields = match options {
        Value::Null => &[][..],
        Value::Object(fields) => fields,
        _ => return Err(Error::invalid_argument("options", "expected an object")),
    };
    match fields.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        None => Ok(()),
        Some((unknown, _)) => {
            let message = format!("no such option; there are {}", names.join(", "));
            Err(Error::invalid_argument(unknown, &message))
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "a safe integer")]
        Value::Int(number) => Some(*number as f64),
        Value::Numeral(numeral) => Some(parse_float(numeral)).filter(|number| !number.is_nan()),
        _ => None,
    }
}

/// A list of numbers that are all `valid`.
fn numbers(
    value: &Value,
    path: &str,
    message: &str,
    valid: impl Fn(f64) -> bool,
) -> Result<Vec<f64>> {
    let refuse = || Error::invalid_argument(path, message);
    let Value::List(items) = value else { return Err(refuse()) };
    let valid_number = |item: &Value| number(item).filter(|number| valid(*number));
    items.iter().map(|item| valid_number(item).ok_or_else(refuse)).collect()
}

fn edges(value: Option<&Value>, path: &str) -> Result<Vec<f64>> {
    let message = "expected an array of two or more finite numbers, rising";
    let edges = numbers(value.unwrap_or(&Value::Null), path, message, f64::is_finite)?;
    let rising = edges.len() > 1 && edges.is_sorted_by(|one, next| one < next);
    if rising { Ok(edges) } else { Err(Error::invalid_argument(path, message)) }
}

/// `HistogramOptions`.
pub(super) fn histogram(column: HistogramField, value: &Value) -> Result<ChartSpec> {
    let [given, bins, answered] = options(value, ["edges", "bins", "answeredOnly"])?;
    let answered = match answered {
        Value::Null => false,
        Value::Bool(answered) => answered,
        _ => return Err(Error::invalid_argument("answeredOnly", "expected true or false")),
    };
    let bins = match (given, bins) {
        (Value::Null, Value::Null) => Bins::Number(20),
        (Value::Null, Value::Int(bins)) => match usize::try_from(bins) {
            Ok(bins @ 1..=MAX_BINS) => Bins::Number(bins),
            _ => return Err(Error::invalid_argument("bins", "expected an integer, 1 to 10000")),
        },
        (Value::Null, _) => {
            return Err(Error::invalid_argument("bins", "expected an integer, 1 to 10000"));
        }
        (given, Value::Null) => Bins::Edges(edges(Some(&given), "edges")?),
        _ => return Err(Error::invalid_argument("bins", "expected edges or bins, not both")),
    };
    Ok(ChartSpec::Histogram(column, bins, answered))
}

/// `StatisticsOptions`.
pub(super) fn statistics(value: &Value) -> Result<StatisticsOptions> {
    let [quantiles, engaged, unusable] =
        options(value, ["quantiles", "engagedRounds", "unusable"])?;
    let mut result = StatisticsOptions::default();
    if quantiles != Value::Null {
        let message = "expected an array of numbers from 0 to 1";
        result.quantiles = numbers(&quantiles, "quantiles", message, |q| (0.0..=1.0).contains(&q))?;
    }
    if engaged != Value::Null {
        let refuse = || Error::invalid_argument("engagedRounds", "expected a number");
        result.engaged_rounds = number(&engaged).ok_or_else(refuse)?;
    }
    if unusable != Value::Null {
        let refuse = || Error::invalid_argument("unusable", "expected an array of codes");
        let Value::List(items) = unusable else { return Err(refuse()) };
        let code = |item: &Value| match item {
            Value::Int(code) => Ok(*code),
            _ => Err(refuse()),
        };
        result.unusable = items.iter().map(code).collect::<Result<_>>()?;
    }
    Ok(result)
}

/// A window of rows: `{ offset, limit, sortBy, descending }`.
pub(super) fn window(value: &Value) -> Result<(usize, usize, Option<crate::compute::Order>)> {
    let [offset, limit, by, descending] =
        options(value, ["offset", "limit", "sortBy", "descending"])?;
    let count = |value: &Value, name: &str, default| match value {
        Value::Null => Ok(default),
        Value::Int(number @ 0..) => Ok(usize::try_from(*number).unwrap_or(usize::MAX)),
        Value::Numeral(numeral) if numeral == "Infinity" => Ok(usize::MAX),
        _ => Err(Error::invalid_argument(name, "expected an integer, 0 or more")),
    };
    let descending = match descending {
        Value::Null => false,
        Value::Bool(descending) => descending,
        _ => return Err(Error::invalid_argument("descending", "expected true or false")),
    };
    let order = match by {
        Value::Null => None,
        Value::Text(name) => Some(crate::compute::Order::by(&name, descending)?),
        _ => return Err(Error::invalid_argument("sortBy", "expected the name of a field")),
    };
    Ok((count(&offset, "offset", 0)?, count(&limit, "limit", usize::MAX)?, order))
}

/// The error of an unknown language.
pub(super) fn unknown_language() -> Box<Error> {
    let known: Vec<_> = Language::ALL.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let known = known.join(" or ");
    Error::invalid_argument("language", &format!("expected {known}"))
}

/// `CsvOptions`, and whether the text begins with a byte order mark.
pub(super) fn csv(value: &Value) -> Result<(CsvOptions, bool)> {
    let [language, mask, bom, spreadsheet, columns] =
        options(value, ["language", "maskPhones", "bom", "forSpreadsheet", "columns"])?;
    let flag = |value: &Value, name: &str| match value {
        Value::Null => Ok(false),
        Value::Bool(flag) => Ok(*flag),
        _ => Err(Error::invalid_argument(name, "expected true or false")),
    };
    let language = match &language {
        Value::Null => Some(Language::Zh),
        Value::Text(name) => Language::named(name),
        _ => None,
    };
    let language = language.ok_or_else(unknown_language)?;
    let mut csv = CsvOptions {
        mask_phones: flag(&mask, "maskPhones")?,
        keep_digits: flag(&spreadsheet, "forSpreadsheet")?,
        ..CsvOptions::new(language)
    };
    match columns {
        Value::Null => {}
        Value::List(columns) if !columns.is_empty() => {
            csv.columns.clear();
            for (index, column) in columns.iter().enumerate() {
                csv.columns.push(csv_column(column, index, language)?);
            }
        }
        _ => return Err(Error::invalid_argument("columns", "expected an array of columns")),
    }
    Ok((csv, flag(&bom, "bom")?))
}

/// A column of CSV with its title: a name, `{ field, title }` or `{ result, title }`.
fn csv_column(value: &Value, index: usize, language: Language) -> Result<(CsvColumn, String)> {
    let column = || {
        let [field, result, title] = match value {
            Value::Text(_) => [value.clone(), Value::Null, Value::Null],
            _ => options(value, ["field", "result", "title"]).ok()?,
        };
        let (column, default) = match (field, result) {
            (Value::Text(name), Value::Null) => {
                let (column, title) = CsvColumn::named(&name)?;
                (column, title.of(language).to_owned())
            }
            (Value::Null, Value::Text(name)) => (CsvColumn::Result(name.clone()), name),
            _ => return None,
        };
        match title {
            Value::Null => Some((column, default)),
            Value::Text(title) => Some((column, title)),
            _ => None,
        }
    };
    column().ok_or_else(|| {
        let message = "expected a field of a call, { field, title } or { result, title }";
        Error::invalid_argument(format!("columns[{index}]"), message)
    })
}

/// Converts the result of a chart. TypeScript reads it in the same order.
pub(super) fn result_to_js(result: &ChartResult) -> JsValue {
    match result {
        ChartResult::Groups(groups) => groups_to_js(groups),
        ChartResult::Histogram(histogram) => histogram_to_js(histogram),
        ChartResult::Heatmap(Heatmap { calls, answered }) => {
            let counts = |counts: &[u32]| JsValue::from(Uint32Array::from(counts));
            Array::of2(&counts(calls), &counts(answered)).into()
        }
        ChartResult::Statistics(statistics) => statistics_to_js(statistics),
    }
}

/// A number, or `NaN` for none.
fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

#[expect(clippy::cast_precision_loss, reason = "safe integers")]
fn float(value: i64) -> f64 {
    value as f64
}

fn groups_to_js(groups: &[Group]) -> JsValue {
    let keys = Array::new();
    let mut numbers = Vec::with_capacity(groups.len() * GroupNumber::ALL.len());
    for group in groups {
        keys.push(&match &group.key {
            GroupKey::None => JsValue::NULL,
            GroupKey::Integer(key) => JsValue::from_f64(float(*key)),
            GroupKey::Text(key) => JsValue::from_str(key),
        });
        numbers.extend(GroupNumber::ALL.iter().map(|number| match number {
            GroupNumber::Calls => f64::from(group.calls),
            GroupNumber::Answered => f64::from(group.answered),
            GroupNumber::AnswerRate => or_nan(group.answer_rate),
            GroupNumber::IntervalLow => or_nan(group.interval.map(|(low, _)| low)),
            GroupNumber::IntervalHigh => or_nan(group.interval.map(|(_, high)| high)),
            GroupNumber::TalkSeconds => group.talk_seconds,
            GroupNumber::MeanDuration => or_nan(group.mean_duration),
        }));
    }
    Array::of2(&keys, &Float64Array::from(&numbers[..])).into()
}

fn histogram_to_js(histogram: &Histogram) -> JsValue {
    Array::of3(
        &Float64Array::from(&histogram.edges[..]),
        &Uint32Array::from(&histogram.counts[..]),
        &JsValue::from_f64(f64::from(histogram.outside)),
    )
    .into()
}

fn statistics_to_js(statistics: &Statistics) -> JsValue {
    let mut numbers = Vec::new();
    for metric in Metric::ALL {
        match statistics.measured(*metric) {
            Measured::Number(number) => numbers.push(number),
            Measured::NumberOrNull(number) => numbers.push(or_nan(number)),
            Measured::ByCode(codes) => pairs(
                &mut numbers,
                codes.len(),
                &mut codes.iter().map(|(code, calls)| (or_nan(code.map(float)), f64::from(*calls))),
            ),
            Measured::Quantiles(quantiles) => {
                pairs(&mut numbers, quantiles.len(), &mut quantiles.iter().copied());
            }
            Measured::ByLevel(levels) => pairs(
                &mut numbers,
                levels.len(),
                &mut levels
                    .iter()
                    .map(|(level, calls)| (f64::from(level.unwrap_or(0)), f64::from(*calls))),
            ),
            Measured::ByField(counts) => numbers.extend(counts.iter().copied().map(f64::from)),
        }
    }
    Float64Array::from(&numbers[..]).into()
}

/// Writes the number of pairs, then the pairs.
fn pairs(numbers: &mut Vec<f64>, count: usize, pairs: &mut dyn Iterator<Item = (f64, f64)>) {
    numbers.push(f64::from(u32::try_from(count).unwrap_or_default()));
    numbers.extend(pairs.flat_map(|(first, second)| [first, second]));
}
