//! `Pagination` and `Pages`: pagination of a list for JavaScript. Not here: its decisions (`paging/pagination.rs`).

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
use super::caller::{JsCaller, call_hook};
use super::fetch::{FetchTransport, JsClient};
use super::options::{CallOptions, PaginationOptions};
use super::progress::progress_to_js;
use super::timer::JsClock;
use crate::client::Backoff;
use crate::paging::{Pages, Phase, Progress};
use crate::request::Query;
use crate::wasm::error::thrown;
use crate::wasm::plain::value_to_js;
use crate::wasm::promise::promise;

/// The pagination of a list, which can be read several times.
#[wasm_bindgen(js_name = Pagination)]
pub struct WasmPagination {
    client: Rc<JsClient>,
    list: Rc<Query>,
    options: CallOptions,
    paging: PaginationOptions,
}

impl WasmPagination {
    pub(super) fn new(
        client: Rc<JsClient>,
        list: Rc<Query>,
        mut options: CallOptions,
        paging: PaginationOptions,
    ) -> Self {
        options.settings.backoff = Some(Backoff::default());
        Self { client, list, options, paging }
    }
}

#[wasm_bindgen(js_class = Pagination)]
impl WasmPagination {
    /// The pages, from the first. No request is sent before the first call of `next`.
    #[must_use]
    pub fn pages(&self) -> WasmPages {
        let (settings, caller) = (self.options.settings.clone(), self.options.caller.clone());
        let (client, list) = (Rc::clone(&self.client), Rc::clone(&self.list));
        let active = ActivePages {
            pages: Pages::new(client, settings, caller, list, self.paging.prefetch),
            listeners: Vec::new(),
        };
        WasmPages {
            active: Rc::new(RefCell::new(Some(active))),
            cancellation: Rc::default(),
            options: self.options.clone(),
            on_progress: self.paging.on_progress.clone(),
        }
    }
}

/// Pages that have not ended, with the listeners of their signals.
struct ActivePages {
    pages: Pages<FetchTransport, JsClock, JsCaller>,
    listeners: Vec<Listener>,
}

/// The cancellation of a pagination, as a future.
#[derive(Default)]
struct Cancellation {
    cancelled: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl Cancellation {
    fn cancel(&self) {
        self.cancelled.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Returns when the pagination is cancelled. Only one future may wait at a time.
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

/// The pages of a pagination.
#[wasm_bindgen(js_name = Pages)]
pub struct WasmPages {
    /// `None` after the end, and while a call of `next` is pending.
    active: Rc<RefCell<Option<ActivePages>>>,
    cancellation: Rc<Cancellation>,
    options: CallOptions,
    on_progress: Option<Function>,
}

#[wasm_bindgen(js_class = Pages)]
impl WasmPages {
    /// The next page; `null` at the end and after a cancellation. Calls must not overlap.
    #[wasm_bindgen(unchecked_return_type = "Promise<Page<any> | null>")]
    pub fn next(&self) -> Promise {
        let (slot, cancellation) = (Rc::clone(&self.active), Rc::clone(&self.cancellation));
        let on_progress = self.on_progress.clone();
        let options = self.options.clone();
        promise(async move {
            let Some(mut active) = slot.take() else { return Ok(JsValue::NULL) };
            if active.pages.requests() == 0 {
                active.listeners = thrown(options.listeners())?;
            }
            let ActivePages { pages, listeners } = &mut active;
            let next = async { Ok(pages.next().await?) };
            let cancelled = async {
                cancellation.cancelled().await;
                Ok(None)
            };
            let page = or(cancelled, unless_aborted(listeners, next)).await?;
            let Some(page) = page.filter(|_| !cancellation.cancelled.get()) else {
                return Ok(JsValue::NULL);
            };
            let page = thrown(value_to_js(&page))?;
            let (done, total) = active.pages.progress();
            let requests = active.pages.requests();
            let progress = Progress { phase: Phase::Listing, done, total, requests };
            slot.replace(Some(active));
            poll_ahead(slot, cancellation);
            call_hook(on_progress.as_ref(), || progress_to_js(progress));
            Ok(page)
        })
    }

    /// Ends the pages and cancels all requests in flight, also those of a pending call of `next`.
    pub fn cancel(&self) {
        self.cancellation.cancel();
        // The borrow fails if a function of the caller, called by `poll_ahead`, cancels. Then `poll_ahead` drops the
        // pages.
        if let Ok(mut active) = self.active.try_borrow_mut() {
            active.take();
        }
    }
}

/// Polls the requests ahead until their pages have arrived or `next` is called. If a signal is aborted or the
/// pagination is cancelled, the requests are dropped at once.
fn poll_ahead(slot: Rc<RefCell<Option<ActivePages>>>, cancellation: Rc<Cancellation>) {
    spawn_local(poll_fn(move |context| {
        let mut slot = slot.borrow_mut();
        let Some(active) = slot.as_mut() else { return Poll::Ready(()) };
        let aborted = |listener: &Listener| pin!(listener.aborted()).poll(context).is_ready();
        if active.listeners.iter().any(aborted) {
            active.pages.cancel_requests();
            return Poll::Ready(());
        }
        let ahead = active.pages.poll_ahead(context);
        if cancellation.cancelled.get() {
            slot.take();
            return Poll::Ready(());
        }
        ahead
    }));
}
