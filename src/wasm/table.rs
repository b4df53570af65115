//! Tables, views and linked charts as JavaScript sees them. `pkg/src/table.ts` wraps them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float64Array};
use wasm_bindgen::prelude::*;

use super::error::to_js as error_to_js;
use super::plain::{answer_to_js as value_to_js, from_js};
use super::questions::{self, answer_to_js};
use crate::error::{Error, Result};
use crate::json::{Value, parse};
use crate::query::{Filter, Linked, Shows, View};
use crate::table::{ArrowFormat, Report, Table};

type Outcome<T> = std::result::Result<T, JsValue>;

fn thrown<T>(result: Result<T>) -> Outcome<T> {
    result.map_err(|error| error_to_js(&error))
}

/// Calls that keep coming in. `CallTable` in TypeScript.
#[wasm_bindgen(js_name = Table)]
#[derive(Default)]
pub struct WasmTable {
    table: Rc<RefCell<Table>>,
}

#[wasm_bindgen(js_class = Table)]
impl WasmTable {
    /// An empty table.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same table once more, for who goes on with it when its owner frees it.
    #[must_use]
    pub fn share(&self) -> Self {
        Self { table: self.shared() }
    }

    /// Takes in the body of an answer.
    ///
    /// # Errors
    /// What is wrong with it.
    #[wasm_bindgen(js_name = ingestBody)]
    pub fn ingest_body(&self, body: &[u8]) -> Outcome<JsValue> {
        thrown(self.table.borrow_mut().ingest_body(body).and_then(|report| report_to_js(&report)))
    }

    /// Takes in rows, as JSON text.
    ///
    /// # Errors
    /// `invalid_argument` for what is no row.
    #[wasm_bindgen(js_name = ingestRows)]
    pub fn ingest_rows(&self, rows: &str) -> Outcome<JsValue> {
        let rows = thrown(rows_of(rows))?;
        thrown(self.table.borrow_mut().ingest_rows(&rows).and_then(|report| report_to_js(&report)))
    }

    /// The table of which these are the bytes.
    ///
    /// # Errors
    /// `snapshot` for what is none.
    pub fn restore(bytes: &[u8]) -> Outcome<Self> {
        let table = thrown(Table::restore(bytes))?;
        Ok(Self { table: Rc::new(RefCell::new(table)) })
    }

    /// The table as bytes.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.table.borrow().snapshot()
    }

    /// Takes in what is in another table and not in this one, and how far lists have been read.
    ///
    /// # Errors
    /// When there are too many calls.
    pub fn absorb(&self, other: &WasmTable, newer: bool) -> Outcome<()> {
        let other = other.table.take();
        thrown(self.table.borrow_mut().absorb(other, newer))
    }

    /// Another number after every change.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.table.borrow().revision()
    }

    /// The calls as they are now.
    #[must_use]
    pub fn view(&self) -> WasmView {
        WasmView { view: View::of(&self.table.borrow()) }
    }

    /// One call, or `null`.
    ///
    /// # Errors
    /// `invalid_argument` for what is no id.
    pub fn get(&self, call_instance_id: &JsValue) -> Outcome<JsValue> {
        let Ok(Value::Int(id)) = from_js(call_instance_id, "callInstanceId") else {
            let message = "expected an id, an integer";
            return thrown(Err(Error::invalid_argument("callInstanceId", message)));
        };
        let call = self.table.borrow().get(id);
        thrown(value_to_js(&call.unwrap_or_default()))
    }

    /// Calls in the table.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn length(&self) -> usize {
        self.table.borrow().len()
    }

    /// The bytes taken up: numbers and codes, texts, index.
    #[must_use]
    pub fn memory(&self) -> Vec<u32> {
        let sizes = self.table.borrow().columns().borrow().sizes();
        sizes.iter().map(|size| u32::try_from(*size).unwrap_or(u32::MAX)).collect()
    }

    /// Forgets all calls.
    pub fn clear(&self) {
        self.table.borrow_mut().clear();
    }

    /// Charts that filter each other, in this order.
    ///
    /// # Errors
    /// `invalid_argument` for what is no chart.
    pub fn linked(&self, names: &JsValue, charts: &JsValue) -> Outcome<WasmLinked> {
        let shows = thrown(charts_of(names, charts))?;
        Ok(WasmLinked { linked: RefCell::new(Linked::new(Rc::clone(&self.table), shows)) })
    }
}

impl WasmTable {
    /// What it shares with who fills it.
    pub(super) fn shared(&self) -> Rc<RefCell<Table>> {
        Rc::clone(&self.table)
    }
}

/// A set of calls. `CallView` in TypeScript, and what a `CallTable` asks.
#[wasm_bindgen(js_name = View)]
pub struct WasmView {
    view: View,
}

#[wasm_bindgen(js_class = View)]
impl WasmView {
    /// Calls in it.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn length(&self) -> usize {
        self.view.len()
    }

    /// Those that pass a filter.
    ///
    /// # Errors
    /// `invalid_argument` for what is no filter.
    pub fn filter(&self, filter: &JsValue) -> Outcome<Self> {
        Ok(Self { view: self.view.filter(&thrown(questions::filter(filter))?) })
    }

    /// The statistics.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong option.
    pub fn statistics(&self, options: &JsValue) -> Outcome<JsValue> {
        let options = from_js(options, "options").and_then(|value| questions::statistics(&value));
        Ok(answer_to_js(&self.view.ask(Shows::Statistics(thrown(options)?))))
    }

    /// Calls by a dimension.
    ///
    /// # Errors
    /// `invalid_argument` for what is no dimension.
    #[wasm_bindgen(js_name = groupBy)]
    pub fn group_by(&self, dimension: &JsValue) -> Outcome<JsValue> {
        let dimension = from_js(dimension, "dimension")
            .and_then(|value| questions::dimension(Some(&value), "dimension"));
        Ok(answer_to_js(&self.view.ask(Shows::Groups(thrown(dimension)?))))
    }

    /// Calls by a value.
    ///
    /// # Errors
    /// `invalid_argument` for what is no column, and for a wrong option.
    pub fn histogram(&self, column: &JsValue, options: &JsValue) -> Outcome<JsValue> {
        let column =
            from_js(column, "column").and_then(|value| questions::column(Some(&value), "column"));
        let shows =
            column.and_then(|column| questions::histogram(column, &from_js(options, "options")?));
        Ok(answer_to_js(&self.view.ask(thrown(shows)?)))
    }

    /// Calls by weekday and hour.
    #[must_use]
    pub fn heatmap(&self) -> JsValue {
        answer_to_js(&self.view.ask(Shows::Heatmap))
    }

    /// Its calls as CSV, from `offset` on and up to `limit` of them; the first piece has the header.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong option.
    pub fn csv(&self, offset: usize, limit: usize, options: &JsValue) -> Outcome<String> {
        let options = from_js(options, "options").and_then(|value| questions::csv(&value));
        let (options, mark) = thrown(options)?;
        let text = self.view.csv(offset, limit, options);
        Ok(if mark && offset == 0 { format!("\u{feff}{text}") } else { text })
    }

    /// Its calls as an Arrow IPC stream.
    #[must_use]
    pub fn arrow(&self) -> Vec<u8> {
        self.view.arrow(ArrowFormat::Stream).collect::<Vec<_>>().concat()
    }

    /// A window of its calls.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong option.
    pub fn rows(&self, options: &JsValue) -> Outcome<JsValue> {
        let window = from_js(options, "options").and_then(|value| questions::window(&value));
        let (offset, limit, order) = thrown(window)?;
        thrown(value_to_js(&Value::List(self.view.rows(offset, limit, order))))
    }
}

/// Charts that filter each other. `LinkedCharts` in TypeScript.
#[wasm_bindgen(js_name = Linked)]
pub struct WasmLinked {
    linked: RefCell<Linked>,
}

#[wasm_bindgen(js_class = Linked)]
impl WasmLinked {
    /// Sets, moves or clears the filter of the chart at a position.
    ///
    /// # Errors
    /// `invalid_argument` for what is no filter.
    pub fn filter(&self, chart: usize, filter: &JsValue) -> Outcome<()> {
        let filter = if filter.is_null() || filter.is_undefined() {
            None
        } else {
            Some(thrown(questions::filter(filter))?)
        };
        self.linked.borrow_mut().filter(chart, filter);
        Ok(())
    }

    /// The answers of all charts.
    #[must_use]
    pub fn read(&self) -> Array {
        self.linked.borrow_mut().read().iter().map(answer_to_js).collect()
    }
}

/// The positions of the calls in hand that pass a filter.
///
/// # Errors
/// `invalid_argument` for what is no call or no filter.
#[wasm_bindgen(js_name = filterRows)]
pub fn filter_rows(rows: &str, filter: &JsValue) -> Outcome<Vec<u32>> {
    let filter: Filter = thrown(questions::filter(filter))?;
    let view = thrown(rows_of(rows).and_then(|rows| View::of_rows(&rows)))?;
    Ok(view.filter(&filter).positions())
}

/// Calls in hand as a view.
///
/// # Errors
/// `invalid_argument` for what is no call.
#[wasm_bindgen(js_name = viewOfRows)]
pub fn view_of_rows(rows: &str) -> Outcome<WasmView> {
    let view = thrown(rows_of(rows).and_then(|rows| View::of_rows(&rows)))?;
    Ok(WasmView { view })
}

fn rows_of(rows: &str) -> Result<Value> {
    let refuse = |_| Error::invalid_argument("calls", "expected an array of calls");
    parse(rows.as_bytes()).map_err(refuse)
}

/// The charts of `names`, which are the keys of the object that was given.
fn charts_of(names: &JsValue, charts: &JsValue) -> Result<Vec<Shows>> {
    let Value::List(names) = from_js(names, "charts")? else { return Ok(Vec::new()) };
    let charts = from_js(charts, "charts")?;
    let chart = |name: &Value| {
        let Value::Text(name) = name else { return Err(Error::invalid_argument("charts", "")) };
        let shows = charts.get(name).unwrap_or(&Value::Null);
        questions::chart(shows, &format!("charts.{name}"))
    };
    names.iter().map(chart).collect()
}

/// `IngestReport`.
/// `reportOf` in `pkg/src/table.ts` reads it: numbers, and the oddities if there are any. A report is
/// handed out for every page; text to be parsed would cost more than the page's numbers.
fn report_to_js(report: &Report) -> Result<JsValue> {
    let [added, updated, unchanged] =
        [report.added, report.updated, report.unchanged].map(f64::from);
    #[expect(clippy::cast_precision_loss, reason = "fifteen digits at most")]
    let total = report.total.map_or(f64::NAN, |total| total as f64);
    let numbers = Float64Array::from(&[added, updated, unchanged, total][..]);
    if report.oddities.is_empty() {
        return Ok(Array::of1(&numbers).into());
    }
    let field = |name: &str, value| (name.to_owned(), value);
    let oddity = |oddity: &crate::table::OddityCount| {
        Value::Object(vec![
            field("field", Value::Text(oddity.field.clone())),
            field("kind", Value::Text(oddity.kind.name().to_owned())),
            field("count", Value::Int(i64::from(oddity.count))),
            field("example", Value::Text(oddity.example())),
        ])
    };
    let oddities = value_to_js(&Value::List(report.oddities.iter().map(oddity).collect()))?;
    Ok(Array::of2(&numbers, &oddities).into())
}
