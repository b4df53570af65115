//! Tables, views and linked charts as JavaScript sees them. `pkg/src/table.ts` wraps them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float64Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::error::to_js as error_to_js;
use super::plain::{answer_to_js as value_to_js, from_js};
use super::questions;
use super::questions::answer_to_js;
use crate::compute::{ChartSpec, Linked, View};
use crate::error::{Error, Result};
use crate::export::arrow::ArrowFormat;
use crate::ingest::{CallRows, IngestReport, OddityCount};
use crate::json::Value;
use crate::memory::reserve;
use crate::table::Table;

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

    /// Takes in rows.
    ///
    /// # Errors
    /// `invalid_argument` when there are too many.
    #[wasm_bindgen(js_name = ingestRows)]
    pub fn ingest_rows(&self, rows: &WasmCallRows) -> Outcome<JsValue> {
        let report = self.table.borrow_mut().ingest_rows(&rows.rows.borrow());
        thrown(report.and_then(|report| report_to_js(&report)))
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
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn snapshot(&self) -> Outcome<Vec<u8>> {
        thrown(self.table.borrow().snapshot())
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
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn view(&self) -> Outcome<WasmView> {
        let table = self.table.borrow();
        thrown(reserve(table.columns().borrow().room_for_questions()))?;
        Ok(WasmView { view: View::of(&table) })
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
        let call = thrown(self.table.borrow().get_reserved(id))?;
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
        let filter = thrown(questions::filter(filter))?;
        thrown(self.view.reserve())?;
        Ok(Self { view: self.view.filter(&filter) })
    }

    /// The statistics.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong option.
    pub fn statistics(&self, options: &JsValue) -> Outcome<JsValue> {
        let options = from_js(options, "options").and_then(|value| questions::statistics(&value));
        self.evaluate(ChartSpec::Statistics(thrown(options)?))
    }

    /// Calls by a dimension.
    ///
    /// # Errors
    /// `invalid_argument` for what is no dimension.
    #[wasm_bindgen(js_name = groupBy)]
    pub fn group_by(&self, dimension: &JsValue) -> Outcome<JsValue> {
        let dimension = from_js(dimension, "dimension")
            .and_then(|value| questions::dimension(Some(&value), "dimension"));
        self.evaluate(ChartSpec::Groups(thrown(dimension)?))
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
        self.evaluate(thrown(shows)?)
    }

    /// Calls by weekday and hour.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn heatmap(&self) -> Outcome<JsValue> {
        self.evaluate(ChartSpec::Heatmap)
    }

    /// The positions of its calls among those in hand.
    #[must_use]
    pub fn positions(&self) -> Vec<u32> {
        self.view.positions()
    }

    /// Its calls as CSV, from `offset` on and up to `limit` of them; the first piece has the header.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong option.
    pub fn csv(&self, offset: usize, limit: usize, options: &JsValue) -> Outcome<String> {
        let options = from_js(options, "options").and_then(|value| questions::csv(&value));
        let (options, mark) = thrown(options)?;
        thrown(self.view.reserve_csv(offset, limit))?;
        let text = self.view.csv(offset, limit, options);
        Ok(if mark && offset == 0 { format!("\u{feff}{text}") } else { text })
    }

    /// Its calls as an Arrow IPC stream, in pieces.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn arrow(&self) -> Outcome<Array> {
        let mut arrow = thrown(self.view.arrow(ArrowFormat::Stream))?;
        let pieces = Array::new();
        loop {
            thrown(arrow.reserve())?;
            let Some(piece) = arrow.next() else { return Ok(pieces) };
            pieces.push(&Uint8Array::from(&piece[..]));
        }
    }

    /// A window of its calls.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong option, and for too many.
    pub fn rows(&self, options: &JsValue) -> Outcome<Array> {
        let window = from_js(options, "options").and_then(|value| questions::window(&value));
        let (offset, limit, order) = thrown(window)?;
        let mut all: Option<Array> = None;
        // JavaScript has no text of more than 2^29 characters, and each piece is parsed by itself.
        thrown(self.view.rows_in_pieces(offset, limit, order, |rows| {
            let rows: Array = value_to_js(&Value::List(rows))?.unchecked_into();
            match &all {
                None => all = Some(rows),
                Some(all) => {
                    for row in rows.iter() {
                        all.push(&row);
                    }
                }
            }
            Ok(())
        }))?;
        Ok(all.unwrap_or_default())
    }
}

impl WasmView {
    fn evaluate(&self, shows: ChartSpec) -> Outcome<JsValue> {
        thrown(self.view.reserve())?;
        Ok(answer_to_js(&self.view.evaluate(shows)))
    }
}

/// Calls in hand on their way in. `withRows` in TypeScript.
#[wasm_bindgen(js_name = CallRows)]
#[derive(Default)]
pub struct WasmCallRows {
    rows: RefCell<CallRows>,
}

#[wasm_bindgen(js_class = CallRows)]
impl WasmCallRows {
    /// None.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array of calls, JSON text.
    ///
    /// # Errors
    /// `invalid_argument` for what is no call.
    pub fn add(&self, text: &[u8]) -> Outcome<()> {
        thrown(self.rows.borrow_mut().add_text(text))
    }

    /// The calls as a view; none are left here.
    #[must_use]
    pub fn view(&self) -> WasmView {
        WasmView { view: View::of_rows(self.rows.take()) }
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
        let mut linked = self.linked.borrow_mut();
        thrown(linked.reserve())?;
        linked.filter(chart, filter);
        Ok(())
    }

    /// The answers of all charts.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn read(&self) -> Outcome<Array> {
        let mut linked = self.linked.borrow_mut();
        thrown(linked.reserve())?;
        Ok(linked.read().iter().map(answer_to_js).collect())
    }
}

/// The charts of `names`, which are the keys of the object that was given.
fn charts_of(names: &JsValue, charts: &JsValue) -> Result<Vec<ChartSpec>> {
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
fn report_to_js(report: &IngestReport) -> Result<JsValue> {
    let [added, updated, unchanged] =
        [report.added, report.updated, report.unchanged].map(f64::from);
    #[expect(clippy::cast_precision_loss, reason = "fifteen digits at most")]
    let total = report.total.map_or(f64::NAN, |total| total as f64);
    let numbers = Float64Array::from(&[added, updated, unchanged, total][..]);
    if report.oddities.is_empty() {
        return Ok(Array::of1(&numbers).into());
    }
    let field = |name: &str, value| (name.to_owned(), value);
    let oddity = |oddity: &OddityCount| {
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
