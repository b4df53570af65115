//! `Linked`: linked charts, which filter each other. The TypeScript class is `LinkedCharts`.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::questions::{self, KnownKeys, parse_number, result_to_js};
use super::windows::rows_to_js;
use crate::compute::{Chart, Linked, linked_chart};
use crate::error::{Error, Result};
use crate::json::Value;
use crate::wasm::error::{Outcome, thrown};
use crate::wasm::plain::from_js;

/// Linked charts. `LinkedCharts` in TypeScript.
#[wasm_bindgen(js_name = Linked)]
pub struct WasmLinked {
    pub(super) linked: RefCell<Linked>,
    /// The keys of each chart in the last result.
    known_keys: RefCell<Vec<KnownKeys>>,
}

impl WasmLinked {
    pub(super) fn new(linked: Linked) -> Self {
        Self { linked: RefCell::new(linked), known_keys: RefCell::default() }
    }
}

#[wasm_bindgen(js_class = Linked)]
impl WasmLinked {
    /// Sets, moves or clears the filter of the chart at a position.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid filter.
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

    /// The number of calls that pass all filters.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn count(&self) -> Outcome<usize> {
        let mut linked = self.linked.borrow_mut();
        thrown(linked.reserve())?;
        Ok(linked.len())
    }

    /// A window of the calls that pass all filters.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid option, and for too many rows; `out_of_memory`.
    pub fn rows(&self, options: &JsValue) -> Outcome<Array> {
        let mut linked = self.linked.borrow_mut();
        thrown(linked.reserve())?;
        thrown(rows_to_js(options, &mut |offset, limit, order, take| {
            linked.rows_in_pieces(offset, limit, order, take)
        }))
    }

    /// The results of all charts, by position.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn read(&self) -> Outcome<Array> {
        let mut linked = self.linked.borrow_mut();
        thrown(linked.reserve())?;
        let results = linked.read();
        let mut known = self.known_keys.borrow_mut();
        known.resize_with(results.len(), Default::default);
        let results = results.into_iter().zip(&mut *known);
        Ok(results.map(|(result, known)| result_to_js(result, known)).collect())
    }
}

/// The charts, in the order of `names`, the keys of the object `charts`.
pub(super) fn linked_charts(names: &JsValue, charts: &JsValue) -> Result<Vec<Box<dyn Chart>>> {
    let Value::List(names) = from_js(names, "charts")? else { return Ok(Vec::new()) };
    let charts = from_js(charts, "charts")?;
    let chart = |name: &Value| {
        let Value::Text(name) = name else { return Err(Error::invalid_argument("charts", "")) };
        let spec = charts.get(name).unwrap_or(&Value::Null);
        linked_chart(spec, &format!("charts.{name}"), parse_number)
    };
    names.iter().map(chart).collect()
}
