//! The caller's `AbortSignal` as a future. Leaves no listener behind, and hands the reason on as it is.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};

#[wasm_bindgen]
extern "C" {
    /// An `AbortSignal`, also of another realm or a polyfill.
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

/// Listens to a signal until dropped.
pub(super) struct Listener {
    signal: JsSignal,
    state: Rc<RefCell<Option<Waker>>>,
    handler: Closure<dyn FnMut()>,
}

impl Listener {
    /// Begins to listen to the option `signal`.
    pub(super) fn new(signal: JsSignal) -> Result<Self> {
        let state: Rc<RefCell<Option<Waker>>> = Rc::default();
        let shared = Rc::clone(&state);
        let handler = Closure::new(move || {
            let waker = shared.take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        if signal.add_event_listener("abort", handler.as_ref()).is_err() {
            return Err(Error::invalid_argument("signal", "expected an AbortSignal"));
        }
        Ok(Self { signal, state, handler })
    }

    /// Returns the signal's reason once it is aborted.
    pub(super) async fn aborted(&self) -> JsValue {
        poll_fn(|context| {
            if self.is_aborted() {
                return Poll::Ready(self.reason());
            }
            self.state.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }

    fn is_aborted(&self) -> bool {
        self.signal.aborted().is_ok_and(|aborted| aborted.is_truthy())
    }

    /// The signal's reason; an `AbortError` where a polyfill has none.
    fn reason(&self) -> JsValue {
        match self.signal.reason() {
            Ok(reason) if !reason.is_undefined() => reason,
            _ => {
                let error = js_sys::Error::new("This operation was aborted");
                error.set_name("AbortError");
                error.into()
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener("abort", self.handler.as_ref());
    }
}
