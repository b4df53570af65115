//! Walks and synchronisation as JavaScript sees them. `pkg/src/walk.ts` and `pkg/src/sync.ts` wrap them.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::abort::Listener;
use super::caller::{JsCaller, tell};
use super::client::unless_aborted;
use super::error::to_js as error_to_js;
use super::fetch::FetchTransport;
use super::options::{CallOptions, WalkOptions};
use super::plain::{answer_to_js, object};
use super::promise::promise;
use super::timer::JsClock;
use crate::api::{GetDoneCalls, List};
use crate::client::{Backoff, Client};
use crate::error::Result;
use crate::json::Value;
use crate::paging::{Options, Pages, Phase, Progress, Report, Sync};
use crate::table::Table;

pub(super) type JsClient = Client<FetchTransport, JsClock>;

/// A list to be walked through, as often as one likes. `Walk` in TypeScript.
#[wasm_bindgen(js_name = Walk)]
pub struct WasmWalk {
    client: Rc<JsClient>,
    list: Rc<dyn List>,
    options: CallOptions,
    walk: WalkOptions,
}

impl WasmWalk {
    pub(super) fn new(
        client: Rc<JsClient>,
        list: Rc<dyn List>,
        mut options: CallOptions,
        walk: WalkOptions,
    ) -> Self {
        options.settings.backoff = Some(Backoff::default());
        Self { client, list, options, walk }
    }
}

#[wasm_bindgen(js_class = Walk)]
impl WasmWalk {
    /// Its pages from the beginning. Nothing is sent before the first is asked for.
    #[must_use]
    pub fn pages(&self) -> WasmPages {
        let (settings, caller) = (self.options.settings.clone(), self.options.caller.clone());
        let (client, list) = (Rc::clone(&self.client), Rc::clone(&self.list));
        let reading = Reading {
            pages: Pages::new(client, settings, caller, list, self.walk.prefetch),
            listeners: Vec::new(),
        };
        WasmPages {
            reading: Rc::new(RefCell::new(Some(reading))),
            options: self.options.clone(),
            on_progress: self.walk.on_progress.clone(),
        }
    }
}

/// A walk under way.
struct Reading {
    pages: Pages<FetchTransport, JsClock, JsCaller>,
    listeners: Vec<Listener>,
}

/// The pages of a walk.
#[wasm_bindgen(js_name = Pages)]
pub struct WasmPages {
    /// `None` when it has ended, and while the next page is waited for.
    reading: Rc<RefCell<Option<Reading>>>,
    options: CallOptions,
    on_progress: Option<Function>,
}

#[wasm_bindgen(js_class = Pages)]
impl WasmPages {
    /// The next page; `null` at the end.
    #[wasm_bindgen(unchecked_return_type = "Promise<Page<any> | null>")]
    pub fn next(&self) -> Promise {
        let place = Rc::clone(&self.reading);
        let on_progress = self.on_progress.clone();
        let options = self.options.clone();
        promise(async move {
            let Some(mut reading) = place.take() else { return Ok(JsValue::NULL) };
            if reading.pages.requests() == 0 {
                reading.listeners = options.listeners().map_err(|error| error_to_js(&error))?;
            }
            let Reading { pages, listeners } = &mut reading;
            let next = async { Ok(pages.next().await?) };
            let Some(page) = unless_aborted(listeners, next).await? else {
                return Ok(JsValue::NULL);
            };
            let page = answer_to_js(&page).map_err(|error| error_to_js(&error))?;
            let (done, total) = reading.pages.progress();
            let requests = reading.pages.requests();
            let progress = Progress { phase: Phase::Listing, done, total, requests };
            place.replace(Some(reading));
            read_ahead(place);
            tell(on_progress.as_ref(), || progress_to_js(progress));
            Ok(page)
        })
    }

    /// Cancels what is on its way. It ends here.
    pub fn cancel(&self) {
        self.reading.take();
    }
}

/// Goes on with the pages ahead, until they are there, the next page is asked for, or a signal is
/// aborted: then they are dropped at once.
fn read_ahead(place: Rc<RefCell<Option<Reading>>>) {
    spawn_local(poll_fn(move |context| {
        let mut place = place.borrow_mut();
        let Some(reading) = place.as_mut() else { return Poll::Ready(()) };
        let aborted = |listener: &Listener| pin!(listener.aborted()).poll(context).is_ready();
        if reading.listeners.iter().any(aborted) {
            reading.pages.forget();
            return Poll::Ready(());
        }
        reading.pages.poll_ahead(context)
    }));
}

/// Brings `table` up to date.
pub(super) fn sync(
    client: Rc<JsClient>,
    table: Rc<RefCell<Table>>,
    query: Result<GetDoneCalls>,
    options: Result<(CallOptions, Options)>,
    on_progress: Function,
) -> Promise {
    let checked = query.and_then(|query| {
        let (mut call, options) = options?;
        crate::paging::key_of(&query)?;
        call.settings.backoff = Some(Backoff::default());
        let listeners = call.listeners()?;
        Ok((query, call, options, listeners))
    });
    promise(async move {
        let (query, call, options, listeners) = checked.map_err(|error| error_to_js(&error))?;
        let sync = Sync {
            client: &*client,
            settings: &call.settings,
            caller: &call.caller,
            table: &table,
            query: &query,
        };
        let mut progress = |progress| tell(Some(&on_progress), || progress_to_js(progress));
        let work = async { Ok(sync.run(options, &mut progress).await?) };
        let report = unless_aborted(&listeners, work).await?;
        Ok(report_to_js(report))
    })
}

/// `Progress`.
fn progress_to_js(progress: Progress) -> JsValue {
    let phase = match progress.phase {
        Phase::Listing => "listing",
        Phase::Verifying => "verifying",
    };
    object(&[
        ("phase", phase.into()),
        ("done", count(progress.done)),
        ("total", progress.total.map(count).into()),
        ("requests", progress.requests.into()),
    ])
}

/// `SyncReport`, but for what `sync.ts` adds.
fn report_to_js(report: Report) -> JsValue {
    object(&[
        ("added", report.added.into()),
        ("updated", report.updated.into()),
        ("unchanged", report.unchanged.into()),
        ("requests", report.requests.into()),
        ("restarts", report.restarts.into()),
        ("complete", report.complete.into()),
    ])
}

fn count(number: u64) -> Value {
    i64::try_from(number).ok().into()
}
