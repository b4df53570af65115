//! Synchronisation of a table, `ByrobotClient.syncDoneCalls` in TypeScript. Not here: its requests (`paging/sync.rs`).

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::abort::unless_aborted;
use super::caller::call_hook;
use super::fetch::JsClient;
use super::foreign_table::ForeignTable;
use super::options::CallOptions;
use super::progress::{object, progress_to_js};
use crate::client::Backoff;
use crate::error::Result;
use crate::paging::{Sync, SyncOptions, SyncReport, SyncedTable};
use crate::request::Query;
use crate::wasm::error::thrown;
use crate::wasm::promise::promise;

/// The table of a handle, which is of this module or of another one.
fn table_of(handle: JsValue) -> Rc<dyn SyncedTable> {
    #[cfg(feature = "table")]
    let handle = {
        use wasm_bindgen::convert::TryFromJsValue;
        match crate::wasm::WasmTable::try_from_js_value(handle) {
            Ok(own) => return own.table(),
            Err(foreign) => foreign,
        }
    };
    Rc::new(ForeignTable::new(handle))
}

/// Brings a table up to date with the list of `query`.
pub(super) fn sync(
    client: Rc<JsClient>,
    table: JsValue,
    query: Result<Query>,
    options: Result<(CallOptions, SyncOptions)>,
    on_progress: Function,
) -> Promise {
    let table = table_of(table);
    let checked = query.and_then(|query| {
        let (mut call, options) = options?;
        crate::paging::list_key(&query)?;
        call.settings.backoff = Some(Backoff::default());
        let listeners = call.listeners()?;
        Ok((query, call, options, listeners))
    });
    promise(async move {
        let (query, call, options, listeners) = thrown(checked)?;
        let sync = Sync {
            client: &*client,
            settings: &call.settings,
            caller: &call.caller,
            table: &*table,
            query: &query,
        };
        let mut progress = |progress| call_hook(Some(&on_progress), || progress_to_js(progress));
        let work = async { Ok(sync.run(options, &mut progress).await?) };
        let report = unless_aborted(&listeners, work).await?;
        Ok(report_to_js(report))
    })
}

/// `SyncReport`, without the fields that TypeScript adds.
fn report_to_js(report: SyncReport) -> JsValue {
    object(&[
        ("added", report.added.into()),
        ("updated", report.updated.into()),
        ("unchanged", report.unchanged.into()),
        ("requests", report.requests.into()),
        ("restarts", report.restarts.into()),
        ("complete", report.complete.into()),
    ])
}
