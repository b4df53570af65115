//! `CallRows`: rows of a program, to be put into a table or a view.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::view::WasmView;
use crate::compute::View;
use crate::ingest::CallRows;
use crate::wasm::error::{Outcome, thrown};

/// Rows of a program. `withRows` in TypeScript makes and frees it.
#[wasm_bindgen(js_name = CallRows)]
#[derive(Default)]
pub struct WasmCallRows {
    pub(super) rows: RefCell<CallRows>,
}

#[wasm_bindgen(js_class = CallRows)]
impl WasmCallRows {
    /// An empty set of rows.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array of calls, or of lines of a CSV as objects of titles and cells, as JSON text.
    ///
    /// # Errors
    /// `invalid_argument` for an item that is not a call.
    pub fn add(&self, text: &[u8], are_csv: bool) -> Outcome<()> {
        thrown(self.rows.borrow_mut().add_text(text, are_csv))
    }

    /// The number of rows.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn length(&self) -> usize {
        self.rows.borrow().len()
    }

    /// Moves the rows into a view. This object is empty afterwards.
    #[must_use]
    pub fn view(&self) -> WasmView {
        WasmView { view: View::of_columns(self.rows.take().into_columns()) }
    }
}
