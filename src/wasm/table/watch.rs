//! `Watch`: the changes of a table since the last look. TypeScript makes `TableChange` of them.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::table::Watch;
use crate::wasm::error::{Outcome, thrown};
use crate::wasm::plain::value_to_js;

/// Watches a table.
#[wasm_bindgen(js_name = Watch)]
pub struct WasmWatch {
    pub(super) watch: RefCell<Watch>,
}

#[wasm_bindgen(js_class = Watch)]
impl WasmWatch {
    /// The changes since the last look: the ids of the calls that came, the number of calls that changed, and the number
    /// of calls that left.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn look(&self) -> Outcome<Vec<f64>> {
        let mut watch = self.watch.borrow_mut();
        let mut numbers = Vec::new();
        #[expect(clippy::cast_precision_loss, reason = "an id is within ±(2^53 − 1)")]
        thrown(watch.look(&mut |id| numbers.push(id as f64)))?;
        #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
        numbers.extend_from_slice(&[watch.updated() as f64, watch.removed as f64]);
        Ok(numbers)
    }

    /// The calls that changed between the last two looks, each before its change and then after it.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn rows(&self) -> Outcome<JsValue> {
        thrown(self.watch.borrow().rows().and_then(|rows| value_to_js(&rows)))
    }
}
