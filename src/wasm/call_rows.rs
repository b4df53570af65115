//! `CallRows`: rows of a program's, on their way into a table or a view.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::error::{Outcome, thrown};
use super::view::WasmView;
use crate::compute::View;
use crate::ingest::CallRows;

/// Calls in hand on their way in. `withRows` in TypeScript.
#[wasm_bindgen(js_name = CallRows)]
#[derive(Default)]
pub struct WasmCallRows {
    pub(super) rows: RefCell<CallRows>,
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
