//! Synchronisation of a table, `ByrobotClient.syncDoneCalls` in TypeScript. Not here: its requests (`paging/sync.rs`).

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::abort::unless_aborted;
use super::caller::call_hook;
use super::error::thrown;
use super::fetch::JsClient;
use super::options::CallOptions;
use super::plain::object;
use super::progress::progress_to_js;
use super::promise::promise;
use crate::client::Backoff;
use crate::error::Result;
use crate::paging::{Sync, SyncOptions, SyncReport};
use crate::request::Query;
use crate::table::Table;

/// Brings `table` up to date with the list of `query`.
pub(super) fn sync(
    client: Rc<JsClient>,
    table: Rc<RefCell<Table>>,
    query: Result<Query>,
    options: Result<(CallOptions, SyncOptions)>,
    on_progress: Function,
) -> Promise {
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
            table: &table,
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
