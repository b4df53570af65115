//! A table of another module: of `byrobot-calls/table`, or of another copy of the package. Its class is `Table` of
//! that module; `pkg/src/table/shared.ts` has the version of the methods that are called here.

use js_sys::{Float64Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::rejection::of_js;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::IngestReport;
use crate::paging::SyncedTable;
use crate::table::SyncCheckpoint;
use crate::table::checkpoint::{read_checkpoints, write_checkpoints};

#[wasm_bindgen]
extern "C" {
    type Handle;
    #[wasm_bindgen(method, structural, catch)]
    fn checkpoint(this: &Handle, list: &str) -> std::result::Result<Uint8Array, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = setCheckpoint)]
    fn set_checkpoint(this: &Handle, bytes: &[u8]) -> std::result::Result<(), JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = ingestPage)]
    fn ingest_page(this: &Handle, body: &[u8]) -> std::result::Result<Float64Array, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = callIndex)]
    fn call_index(this: &Handle, id: f64) -> std::result::Result<Option<f64>, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn free(this: &Handle) -> std::result::Result<(), JsValue>;
}

/// A table of another module. Frees its handle when it is dropped.
pub(super) struct ForeignTable {
    handle: Handle,
}

impl ForeignTable {
    pub(super) fn new(handle: JsValue) -> Self {
        Self { handle: handle.unchecked_into() }
    }
}

impl Drop for ForeignTable {
    fn drop(&mut self) {
        // It fails only if the other module has failed.
        let _ = self.handle.free();
    }
}

impl SyncedTable for ForeignTable {
    fn checkpoint(&self, list: &str) -> Result<SyncCheckpoint> {
        let bytes = self.handle.checkpoint(list).map_err(of_js)?.to_vec();
        let checkpoints = read_checkpoints(&bytes).unwrap_or_default();
        Ok(checkpoints.into_iter().next().map(|(_, checkpoint)| checkpoint).unwrap_or_default())
    }

    fn set_checkpoint(&self, list: &str, checkpoint: &SyncCheckpoint) -> Result<()> {
        let bytes = write_checkpoints(&[(list.to_owned(), checkpoint.clone())]);
        self.handle.set_checkpoint(&bytes).map_err(of_js)
    }

    fn ingest_page(&self, body: &[u8]) -> Result<IngestReport> {
        let numbers = self.handle.ingest_page(body).map_err(of_js)?.to_vec();
        IngestReport::of_numbers(&numbers).ok_or_else(|| {
            let version = env!("CARGO_PKG_VERSION");
            let message = format!(
                "the table is of another version of byrobot-calls than the client, which is {version}"
            );
            Error::new(ErrorKind::Internal, message)
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "both are within ±(2^53 − 1)"
    )]
    fn call_index(&self, call_instance_id: i64) -> Result<Option<i64>> {
        let index = self.handle.call_index(call_instance_id as f64).map_err(of_js)?;
        Ok(index.map(|index| index as i64))
    }
}
