//! `Moment`: the rows of a table at a moment, and the changes that led to it. TypeScript makes `TableChange` of it.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::error::{Outcome, thrown};
use super::plain::value_to_js;
use crate::table::{Changes, Moment};

/// A moment of a table.
#[wasm_bindgen(js_name = Moment)]
pub struct WasmMoment {
    pub(super) moment: Moment,
    changes: RefCell<Changes>,
}

impl WasmMoment {
    pub(super) const fn new(moment: Moment, changes: Changes) -> Self {
        Self { moment, changes: RefCell::new(changes) }
    }
}

#[wasm_bindgen(js_class = Moment)]
impl WasmMoment {
    /// The numbers of calls that came, changed and left.
    #[must_use]
    pub fn counts(&self) -> Vec<u32> {
        let changes = self.changes.borrow();
        let counts = [changes.added.len(), changes.updated(), changes.removed];
        counts.iter().map(|count| u32::try_from(*count).unwrap_or(u32::MAX)).collect()
    }

    /// The ids of the calls that came.
    #[must_use]
    pub fn added(&self) -> Vec<f64> {
        #[expect(clippy::cast_precision_loss, reason = "an id is within ±(2^53 − 1)")]
        self.changes.borrow().added.iter().map(|id| *id as f64).collect()
    }

    /// `CallUpdate[]` in TypeScript.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn updates(&self) -> Outcome<JsValue> {
        thrown(self.changes.borrow().updates().and_then(|updates| value_to_js(&updates)))
    }

    /// Frees the changes.
    pub fn forget(&self) {
        self.changes.take();
    }
}
