//! `Table`: a table of calls. The TypeScript class is `CallTable`.
//!
//! - `view.rs`, `linked.rs`, `call_rows.rs`, `watch.rs`: views, linked charts, rows of a program, changes
//! - `questions.rs`: the arguments of filters, charts and exports; the results of charts
//! - `windows.rs`: windows of calls

mod call_rows;
mod linked;
mod questions;
mod view;
mod watch;
mod windows;

pub use call_rows::WasmCallRows;
pub use linked::WasmLinked;
pub use view::WasmView;
pub use watch::WasmWatch;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float64Array};
use linked::linked_charts;
use wasm_bindgen::prelude::*;

use crate::compute::{Linked, View};
use crate::error::{Error, Result};
use crate::ingest::{CallRows, IngestReport, OddityCount};
use crate::json::Value;
use crate::memory::reserve;
use crate::schema::DONE_CALL;
use crate::table::checkpoint::{read_checkpoints, write_checkpoints};
use crate::table::{Table, Watch};
use crate::wasm::error::{Outcome, thrown};
use crate::wasm::plain::{from_js, value_to_js};

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

    /// Adds the calls and the checkpoints of a snapshot. For a call or a checkpoint in both, `newer` means that the one
    /// of the snapshot replaces the one of this table.
    ///
    /// # Errors
    /// `snapshot` for bytes that are not a valid snapshot; for too many calls.
    pub fn absorb(&self, snapshot: &[u8], newer: bool) -> Outcome<()> {
        let other = thrown(Table::restore(snapshot))?;
        thrown(self.table.borrow_mut().merge(other, newer))
    }

    /// Puts the rows of a response body into the table, for the client of another module. Returns the numbers of
    /// [`IngestReport::to_numbers`].
    ///
    /// # Errors
    /// As for `ingestBody`.
    #[wasm_bindgen(js_name = ingestPage)]
    pub fn ingest_page(&self, body: &[u8]) -> Outcome<Vec<f64>> {
        Ok(thrown(self.table.borrow_mut().ingest_body(body))?.to_numbers())
    }

    /// The checkpoint of a list as bytes.
    #[must_use]
    pub fn checkpoint(&self, list: &str) -> Vec<u8> {
        write_checkpoints(&[(list.to_owned(), self.table.borrow().checkpoint(list))])
    }

    /// Stores a checkpoint of `checkpoint`.
    #[wasm_bindgen(js_name = setCheckpoint)]
    pub fn set_checkpoint(&self, bytes: &[u8]) {
        for (list, checkpoint) in read_checkpoints(bytes).unwrap_or_default() {
            self.table.borrow_mut().set_checkpoint(&list, checkpoint);
        }
    }

    /// `callIndex` of a call, or `undefined`.
    #[must_use]
    #[wasm_bindgen(js_name = callIndex)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "safe integers"
    )]
    pub fn call_index(&self, call_instance_id: f64) -> Option<f64> {
        self.table.borrow().call_index(call_instance_id as i64).map(|index| index as f64)
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
        Ok(WasmLinked::new(Linked::of_table(self.table(), charts)))
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
