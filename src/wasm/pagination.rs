//! Walks and synchronisation as JavaScript sees them. `pkg/src/walk.ts` and `pkg/src/sync.ts` wrap them.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_lite::future::or;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::abort::{Listener, unless_aborted};
use super::caller::{JsCaller, tell};
use super::error::to_js as error_to_js;
use super::fetch::{FetchTransport, JsClient};
use super::options::{CallOptions, WalkOptions};
use super::plain::answer_to_js;
use super::progress::progress_to_js;
use super::promise::promise;
use super::timer::JsClock;
use crate::client::Backoff;
use crate::paging::{Pages, Phase, Progress};
use crate::request::Query;

/// A list to be walked through, as often as one likes. `Pagination` in TypeScript.
#[wasm_bindgen(js_name = Walk)]
pub struct WasmPagination {
    client: Rc<JsClient>,
    list: Rc<Query>,
    options: CallOptions,
    walk: WalkOptions,
}

impl WasmPagination {
    pub(super) fn new(
        client: Rc<JsClient>,
        list: Rc<Query>,
        mut options: CallOptions,
        walk: WalkOptions,
    ) -> Self {
        options.settings.backoff = Some(Backoff::default());
        Self { client, list, options, walk }
    }
}

#[wasm_bindgen(js_class = Walk)]
impl WasmPagination {
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
            cancel: Rc::default(),
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

/// Says to those who wait that a walk has been cancelled.
#[derive(Default)]
struct Cancel {
    cancelled: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl Cancel {
    fn cancel(&self) {
        self.cancelled.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Returns once it is cancelled. One waits at a time.
    async fn cancelled(&self) {
        poll_fn(|context| {
            if self.cancelled.get() {
                return Poll::Ready(());
            }
            self.waker.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

/// The pages of a walk.
#[wasm_bindgen(js_name = Pages)]
pub struct WasmPages {
    /// `None` when it has ended, and while the next page is waited for.
    reading: Rc<RefCell<Option<Reading>>>,
    cancel: Rc<Cancel>,
    options: CallOptions,
    on_progress: Option<Function>,
}

#[wasm_bindgen(js_class = Pages)]
impl WasmPages {
    /// The next page; `null` at the end, and when it is cancelled. To be asked for one after the other.
    #[wasm_bindgen(unchecked_return_type = "Promise<Page<any> | null>")]
    pub fn next(&self) -> Promise {
        let (place, cancel) = (Rc::clone(&self.reading), Rc::clone(&self.cancel));
        let on_progress = self.on_progress.clone();
        let options = self.options.clone();
        promise(async move {
            let Some(mut reading) = place.take() else { return Ok(JsValue::NULL) };
            if reading.pages.requests() == 0 {
                reading.listeners = options.listeners().map_err(|error| error_to_js(&error))?;
            }
            let Reading { pages, listeners } = &mut reading;
            let next = async { Ok(pages.next().await?) };
            let cancelled = async {
                cancel.cancelled().await;
                Ok(None)
            };
            let page = or(cancelled, unless_aborted(listeners, next)).await?;
            let Some(page) = page.filter(|_| !cancel.cancelled.get()) else {
                return Ok(JsValue::NULL);
            };
            let page = answer_to_js(&page).map_err(|error| error_to_js(&error))?;
            let (done, total) = reading.pages.progress();
            let requests = reading.pages.requests();
            let progress = Progress { phase: Phase::Listing, done, total, requests };
            place.replace(Some(reading));
            read_ahead(place, cancel);
            tell(on_progress.as_ref(), || progress_to_js(progress));
            Ok(page)
        })
    }

    /// Cancels what is on its way, also the next page that is waited for. It ends here.
    pub fn cancel(&self) {
        self.cancel.cancel();
        // What a function of the caller's cancels that was called from there is dropped after it.
        if let Ok(mut reading) = self.reading.try_borrow_mut() {
            reading.take();
        }
    }
}

/// Goes on with the pages ahead, until they are there, the next page is asked for, or a signal is
/// aborted or the walk cancelled: then they are dropped at once.
fn read_ahead(place: Rc<RefCell<Option<Reading>>>, cancel: Rc<Cancel>) {
    spawn_local(poll_fn(move |context| {
        let mut place = place.borrow_mut();
        let Some(reading) = place.as_mut() else { return Poll::Ready(()) };
        let aborted = |listener: &Listener| pin!(listener.aborted()).poll(context).is_ready();
        if reading.listeners.iter().any(aborted) {
            reading.pages.cancel_requests();
            return Poll::Ready(());
        }
        let ahead = reading.pages.poll_ahead(context);
        if cancel.cancelled.get() {
            place.take();
            return Poll::Ready(());
        }
        ahead
    }));
}
