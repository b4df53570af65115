//! `View`: a set of calls, with filters, charts and exports. The TypeScript class is `CallView`.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::linked::{WasmLinked, linked_charts};
use super::questions::{self, KnownKeys, parse_number, result_to_js};
use super::windows::rows_to_js;
use crate::compute::{Linked, Repeats, View, chart};
use crate::export::ArrowFormat;
use crate::wasm::error::{Outcome, thrown};
use crate::wasm::plain::from_js;

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

    /// The result of a chart: its kind, its subject and its options.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid subject or option.
    pub fn evaluate(&self, kind: &str, subject: &JsValue, options: &JsValue) -> Outcome<JsValue> {
        let subject = thrown(from_js(subject, kind))?;
        let options = thrown(from_js(options, "options"))?;
        let chart = thrown(chart(kind, &subject, &options, parse_number))?;
        thrown(self.view.reserve())?;
        Ok(result_to_js(self.view.evaluate(chart), &mut KnownKeys::default()))
    }

    /// The customers' numbers by their most calls within a time: those left out, then those with one call, with two…
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn repeats(&self, within_ms: f64) -> Outcome<Vec<u32>> {
        thrown(self.view.reserve_repeats())?;
        #[expect(clippy::cast_possible_truncation, reason = "TypeScript has checked it")]
        let Repeats { numbers, left_out } = self.view.repeats(within_ms as i64);
        Ok(std::iter::once(left_out).chain(numbers).collect())
    }

    /// The calls that pass all filters of linked charts.
    ///
    /// # Errors
    /// `out_of_memory`.
    #[wasm_bindgen(js_name = ofLinked)]
    pub fn of_linked(linked: &WasmLinked) -> Outcome<Self> {
        let mut linked = linked.linked.borrow_mut();
        thrown(linked.reserve())?;
        Ok(Self { view: linked.view() })
    }

    /// Linked charts of these calls, in the order of `names`.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid chart.
    pub fn linked(&self, names: &JsValue, charts: &JsValue) -> Outcome<WasmLinked> {
        let charts = thrown(linked_charts(names, charts))?;
        Ok(WasmLinked::new(Linked::of_view(&self.view, charts)))
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
        thrown(rows_to_js(options, &mut |offset, limit, order, take| {
            self.view.rows_in_pieces(offset, limit, order, take)
        }))
    }
}
