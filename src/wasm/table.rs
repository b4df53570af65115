//! `Table`: a table of calls. The TypeScript class is `CallTable`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float64Array};
use wasm_bindgen::prelude::*;

use super::call_rows::WasmCallRows;
use super::error::{Outcome, thrown};
use super::linked::{WasmLinked, linked_charts};
use super::plain::{from_js, value_to_js};
use super::view::WasmView;
use super::watch::WasmWatch;
use crate::compute::{Linked, View};
use crate::error::{Error, Result};
use crate::ingest::{CallRows, IngestReport, OddityCount};
use crate::json::Value;
use crate::memory::reserve;
use crate::schema::DONE_CALL;
use crate::table::{Table, Watch};

/// A table of calls. `CallTable` in TypeScript.
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

    /// A second handle of the table. It outlives the owner's `free()`.
    #[must_use]
    pub fn share(&self) -> Self {
        Self { table: self.table() }
    }

    /// Puts the rows of a response body into the table.
    ///
    /// # Errors
    /// The error of the answer, `invalid_argument` for too many calls, `out_of_memory`.
    #[wasm_bindgen(js_name = ingestBody)]
    pub fn ingest_body(&self, body: &[u8]) -> Outcome<JsValue> {
        thrown(self.table.borrow_mut().ingest_body(body).and_then(|report| report_to_js(&report)))
    }

    /// Whether calls have a field with this name.
    #[wasm_bindgen(js_name = hasField)]
    #[must_use]
    pub fn has_field(&self, name: &str) -> bool {
        DONE_CALL.fields.iter().any(|field| field.name == name)
    }

    /// Rows for this table.
    #[must_use]
    pub fn rows(&self) -> WasmCallRows {
        WasmCallRows { rows: RefCell::new(CallRows::of(&self.table.borrow())) }
    }

    /// Moves rows into the table.
    ///
    /// # Errors
    /// `invalid_argument` for too many calls, `out_of_memory`.
    #[wasm_bindgen(js_name = ingestRows)]
    pub fn ingest_rows(&self, rows: &WasmCallRows) -> Outcome<JsValue> {
        let report = self.table.borrow_mut().ingest_rows(rows.rows.take());
        thrown(report.and_then(|report| report_to_js(&report)))
    }

    /// The table of a snapshot.
    ///
    /// # Errors
    /// `snapshot` for bytes that are not a valid snapshot.
    pub fn restore(bytes: &[u8]) -> Outcome<Self> {
        let table = thrown(Table::restore(bytes))?;
        Ok(Self { table: Rc::new(RefCell::new(table)) })
    }

    /// The table as a snapshot.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn snapshot(&self) -> Outcome<Vec<u8>> {
        thrown(self.table.borrow().snapshot())
    }

    /// Moves the calls and the checkpoints of another table into this one. For a call or a checkpoint in both tables,
    /// `newer` means that the one of the other table replaces the one of this table.
    ///
    /// # Errors
    /// For too many calls.
    pub fn absorb(&self, other: &WasmTable, newer: bool) -> Outcome<()> {
        let other = other.table.take();
        thrown(self.table.borrow_mut().merge(other, newer))
    }

    /// The revision: a different number after every change.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.table.borrow().revision()
    }

    /// The text that is kept with the checkpoint of a list; empty for an unknown list.
    #[must_use]
    #[wasm_bindgen(unchecked_return_type = "string")]
    pub fn note(&self, list: &str) -> JsValue {
        JsValue::from_str(self.table.borrow().note(list))
    }

    /// Keeps a text with the checkpoint of a list, if it has one.
    #[wasm_bindgen(js_name = setNote)]
    pub fn set_note(&self, list: &str, note: String) {
        self.table.borrow_mut().set_note(list, note);
    }

    /// Watches the table for changes from now on.
    #[must_use]
    pub fn watch(&self) -> WasmWatch {
        WasmWatch { watch: RefCell::new(Watch::new(self.table())) }
    }

    /// A view of the current calls.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn view(&self) -> Outcome<WasmView> {
        let table = self.table.borrow();
        thrown(reserve(table.columns().borrow().room_for_questions()))?;
        Ok(WasmView { view: View::of(&table) })
    }

    /// A call by its id, or `null`.
    ///
    /// # Errors
    /// `invalid_argument` for a value that is not an id.
    pub fn get(&self, call_instance_id: &JsValue) -> Outcome<JsValue> {
        let Ok(Value::Int(id)) = from_js(call_instance_id, "callInstanceId") else {
            let message = "expected an id, an integer";
            return thrown(Err(Error::invalid_argument("callInstanceId", message)));
        };
        let call = thrown(self.table.borrow().get_reserved(id))?;
        thrown(value_to_js(&call.unwrap_or_default()))
    }

    /// The number of calls.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn length(&self) -> usize {
        self.table.borrow().len()
    }

    /// The memory use in bytes: numbers and codes, texts, index.
    #[must_use]
    pub fn memory(&self) -> Vec<u32> {
        let sizes = self.table.borrow().columns().borrow().sizes();
        sizes.iter().map(|size| u32::try_from(*size).unwrap_or(u32::MAX)).collect()
    }

    /// Removes all calls.
    pub fn clear(&self) {
        self.table.borrow_mut().clear();
    }

    /// Linked charts, in the order of `names`.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid chart.
    pub fn linked(&self, names: &JsValue, charts: &JsValue) -> Outcome<WasmLinked> {
        let charts = thrown(linked_charts(names, charts))?;
        Ok(WasmLinked { linked: RefCell::new(Linked::of_table(self.table(), charts)) })
    }
}

impl WasmTable {
    /// The shared table.
    pub(super) fn table(&self) -> Rc<RefCell<Table>> {
        Rc::clone(&self.table)
    }
}

/// `IngestReport`, as `reportOf` in TypeScript reads it: numbers, and the oddities if there are any. There is a
/// report for every page, so JSON text would cost more than the rows of the page.
fn report_to_js(report: &IngestReport) -> Result<JsValue> {
    let [added, updated, unchanged] =
        [report.added, report.updated, report.unchanged].map(f64::from);
    #[expect(clippy::cast_precision_loss, reason = "at most fifteen digits")]
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
