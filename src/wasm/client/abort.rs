//! The caller's `AbortSignal` as a future. Removes its listener, and passes the abort reason on unchanged.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use futures_lite::future::or;
use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::rejection::Rejection;
use crate::error::{Error, Result};

#[wasm_bindgen]
extern "C" {
    /// An `AbortSignal`, also one of another realm or of a polyfill.
    #[derive(Clone)]
    pub(super) type JsSignal;
    #[wasm_bindgen(method, catch, getter)]
    fn aborted(this: &JsSignal) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, getter)]
    fn reason(this: &JsSignal) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn add_event_listener(
        this: &JsSignal,
        event: &str,
        handler: &JsValue,
    ) -> std::result::Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn remove_event_listener(
        this: &JsSignal,
        event: &str,
        handler: &JsValue,
    ) -> std::result::Result<(), JsValue>;
}

thread_local! {
    /// The event listeners in use, one for each signal with any number of waiting calls. Node warns of a leak at
    /// more than ten listeners of one kind.
    static EVENT_LISTENERS: RefCell<Vec<Weak<EventListener>>> = const { RefCell::new(Vec::new()) };
}

/// The event listener of a signal, which all listeners of this signal share.
struct EventListener {
    signal: JsSignal,
    wakers: Rc<Wakers>,
    handler: Closure<dyn FnMut()>,
}

/// The wakers of the waiting listeners, by the listener's number.
#[derive(Default)]
struct Wakers {
    next: Cell<u32>,
    waiting: RefCell<Vec<(u32, Waker)>>,
}

impl EventListener {
    /// The existing event listener of this signal, or a new one.
    fn on(signal: JsSignal) -> Result<Rc<Self>> {
        let existing = EVENT_LISTENERS.with_borrow_mut(|listeners| {
            listeners.retain(|listener| listener.strong_count() > 0);
            let same = |listener: &Rc<Self>| Object::is(&listener.signal, &signal);
            listeners.iter().filter_map(Weak::upgrade).find(same)
        });
        if let Some(existing) = existing {
            return Ok(existing);
        }
        let wakers = Rc::new(Wakers::default());
        let shared = Rc::clone(&wakers);
        let handler = Closure::new(move || {
            for (_, waker) in shared.waiting.take() {
                waker.wake();
            }
        });
        if signal.add_event_listener("abort", handler.as_ref()).is_err() {
            return Err(Error::invalid_argument("signal", "expected an AbortSignal"));
        }
        let listener = Rc::new(Self { signal, wakers, handler });
        EVENT_LISTENERS.with_borrow_mut(|listeners| listeners.push(Rc::downgrade(&listener)));
        Ok(listener)
    }
}

impl Drop for EventListener {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener("abort", self.handler.as_ref());
    }
}

/// Listens to a signal until it is dropped.
pub(super) struct Listener {
    shared: Rc<EventListener>,
    number: u32,
}

impl Listener {
    /// Begins to listen to the option `signal`.
    pub(super) fn new(signal: JsSignal) -> Result<Self> {
        let shared = EventListener::on(signal)?;
        let number = shared.wakers.next.get();
        shared.wakers.next.set(number.wrapping_add(1));
        Ok(Self { shared, number })
    }

    /// Waits until the signal is aborted, and returns its reason.
    pub(super) async fn aborted(&self) -> JsValue {
        poll_fn(|context| {
            if let Some(reason) = self.reason() {
                return Poll::Ready(reason);
            }
            self.set_waker(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }

    /// The signal's reason, if it is aborted. An `AbortError` if a polyfill has no reason.
    pub(super) fn reason(&self) -> Option<JsValue> {
        let signal = &self.shared.signal;
        if !signal.aborted().is_ok_and(|aborted| aborted.is_truthy()) {
            return None;
        }
        Some(match signal.reason() {
            Ok(reason) if !reason.is_undefined() => reason,
            _ => {
                let error = js_sys::Error::new("This operation was aborted");
                error.set_name("AbortError");
                error.into()
            }
        })
    }

    /// Replaces this listener's waker.
    fn set_waker(&self, waker: Option<Waker>) {
        let mut waiting = self.shared.wakers.waiting.borrow_mut();
        waiting.retain(|(number, _)| *number != self.number);
        waiting.extend(waker.map(|waker| (self.number, waker)));
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.set_waker(None);
    }
}

/// The output of `work`. If a signal is aborted first, `work` is dropped and the signal's reason is returned.
pub(super) async fn unless_aborted<T>(
    signals: &[Listener],
    work: impl Future<Output = std::result::Result<T, Rejection>>,
) -> std::result::Result<T, Rejection> {
    let aborted = async {
        let [first, second] = [signals.first(), signals.get(1)].map(|signal| async move {
            match signal {
                Some(signal) => Err(Rejection::Thrown(signal.aborted().await)),
                None => std::future::pending().await,
            }
        });
        or(first, second).await
    };
    or(aborted, work).await
}
