//! Reads and checks the arguments of filters, windows and exports, and converts the results of charts.
//!
//! The numbers of a result are in typed arrays, and keys are in an array beside them. TypeScript makes objects of
//! them. This is faster than setting properties from Rust, and no number becomes text.

use js_sys::{Array, Float64Array, Uint32Array};
use wasm_bindgen::prelude::*;

use crate::compute::{ChartResult, Filter, GroupKey, Part, no_such_option};
use crate::error::{Error, Result};
use crate::export::{CsvColumn, CsvOptions};
use crate::json::Value;
use crate::schema::Language;
use crate::wasm::plain::from_js;
use crate::wasm::words::unknown_language;

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

/// Parses a number as JavaScript writes it.
pub(super) fn parse_number(text: &str) -> f64 {
    parse_float(text)
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
        Some((unknown, _)) => Err(no_such_option(unknown, names)),
    }
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

/// The keys of groups, and the same as an array of JavaScript.
pub(super) type KnownKeys = (Vec<GroupKey>, Array);

/// Converts the result of a chart. TypeScript reads the parts in the same order. Keys that are as `known` are not made
/// again, since their texts take longer than all numbers.
pub(super) fn result_to_js(result: ChartResult, known: &mut KnownKeys) -> JsValue {
    let part = |part: Part| -> JsValue {
        match part {
            Part::Numbers(numbers) => Float64Array::from(&numbers[..]).into(),
            Part::Counts(counts) => Uint32Array::from(&counts[..]).into(),
            Part::Keys(keys) => {
                if keys != known.0 {
                    let array = keys.iter().map(key_to_js).collect();
                    *known = (keys, array);
                }
                known.1.clone().into()
            }
        }
    };
    result.into_iter().map(part).collect::<Array>().into()
}

fn key_to_js(key: &GroupKey) -> JsValue {
    match key {
        GroupKey::None => JsValue::NULL,
        #[expect(clippy::cast_precision_loss, reason = "safe integers")]
        GroupKey::Integer(key) => JsValue::from_f64(*key as f64),
        GroupKey::Text(key) => JsValue::from_str(key),
    }
}
