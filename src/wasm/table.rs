//! `Table`: the calls of a table. The TypeScript class is `CallTable`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float64Array};
use wasm_bindgen::prelude::*;

use super::call_rows::WasmCallRows;
use super::error::{Outcome, thrown};
use super::linked::{WasmLinked, charts_of};
use super::plain::{answer_to_js as value_to_js, from_js};
use super::view::WasmView;
use crate::compute::{Linked, View};
use crate::error::{Error, Result};
use crate::ingest::{IngestReport, OddityCount};
use crate::json::Value;
use crate::memory::reserve;
use crate::table::Table;

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
        thrown(self.table.borrow_mut().merge(other, newer))
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
