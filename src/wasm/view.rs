//! `View`: a set of calls, with filters, charts and exports. The TypeScript class is `CallView`.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::error::{Outcome, thrown};
use super::plain::{from_js, value_to_js};
use super::questions::{self, result_to_js};
use crate::compute::{ChartSpec, View};
use crate::export::ArrowFormat;
use crate::json::Value;

/// A set of calls. `CallView` in TypeScript; `CallTable` also uses it.
#[wasm_bindgen(js_name = View)]
pub struct WasmView {
    pub(super) view: View,
}

#[wasm_bindgen(js_class = View)]
impl WasmView {
    /// The number of calls.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn length(&self) -> usize {
        self.view.len()
    }

    /// A view of the calls that pass a filter.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid filter.
    pub fn filter(&self, filter: &JsValue) -> Outcome<Self> {
        let filter = thrown(questions::filter(filter))?;
        thrown(self.view.reserve())?;
        Ok(Self { view: self.view.filter(&filter) })
    }

    /// The statistics.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid option.
    pub fn statistics(&self, options: &JsValue) -> Outcome<JsValue> {
        let options = from_js(options, "options").and_then(|value| questions::statistics(&value));
        self.evaluate(ChartSpec::Statistics(thrown(options)?))
    }

    /// Calls by a dimension.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid dimension.
    #[wasm_bindgen(js_name = groupBy)]
    pub fn group_by(&self, dimension: &JsValue) -> Outcome<JsValue> {
        let dimension = from_js(dimension, "dimension")
            .and_then(|value| questions::dimension(Some(&value), "dimension"));
        self.evaluate(ChartSpec::Groups(thrown(dimension)?))
    }

    /// Calls by a value.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid column or option.
    pub fn histogram(&self, column: &JsValue, options: &JsValue) -> Outcome<JsValue> {
        let column =
            from_js(column, "column").and_then(|value| questions::column(Some(&value), "column"));
        let spec =
            column.and_then(|column| questions::histogram(column, &from_js(options, "options")?));
        self.evaluate(thrown(spec)?)
    }

    /// Calls by weekday and hour.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn heatmap(&self) -> Outcome<JsValue> {
        self.evaluate(ChartSpec::Heatmap)
    }

    /// The positions of the calls among the rows from which the first view was made.
    #[must_use]
    pub fn positions(&self) -> Vec<u32> {
        self.view.positions()
    }

    /// Up to `limit` calls from `offset` on as CSV. The first piece has the header.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid option.
    pub fn csv(&self, offset: usize, limit: usize, options: &JsValue) -> Outcome<String> {
        let options = from_js(options, "options").and_then(|value| questions::csv(&value));
        let (options, byte_order_mark) = thrown(options)?;
        thrown(self.view.reserve_csv(offset, limit))?;
        let text = self.view.csv(offset, limit, &options);
        Ok(if byte_order_mark && offset == 0 { format!("\u{feff}{text}") } else { text })
    }

    /// The calls as an Arrow IPC stream, in pieces.
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

    /// A window of the calls.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid option, and for too many rows.
    pub fn rows(&self, options: &JsValue) -> Outcome<Array> {
        let window = from_js(options, "options").and_then(|value| questions::window(&value));
        let (offset, limit, order) = thrown(window)?;
        let mut all: Option<Array> = None;
        // A text of JavaScript has at most 2^29 characters, so the rows are parsed in pieces.
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
    fn evaluate(&self, spec: ChartSpec) -> Outcome<JsValue> {
        thrown(self.view.reserve())?;
        Ok(result_to_js(&self.view.evaluate(spec)))
    }
}
