//! The caller's `AbortSignal` as a future. Leaves no listener behind, and hands the reason on as it is.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use futures_lite::future::or;
use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::error::Rejection;
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

thread_local! {
    /// The signals listened to, each once however many calls wait on it: Node takes more than ten
    /// listeners of one kind for a leak and says so.
    static HEARD: RefCell<Vec<Weak<Ear>>> = const { RefCell::new(Vec::new()) };
}

/// The one listener on a signal.
struct Ear {
    signal: JsSignal,
    wakers: Rc<Wakers>,
    handler: Closure<dyn FnMut()>,
}

/// Who waits for the signal, by number.
#[derive(Default)]
struct Wakers {
    next: Cell<u32>,
    waiting: RefCell<Vec<(u32, Waker)>>,
}

impl Ear {
    /// The ear on this signal, there already or new.
    fn on(signal: JsSignal) -> Result<Rc<Self>> {
        let here = HEARD.with_borrow_mut(|heard| {
            heard.retain(|ear| ear.strong_count() > 0);
            let same = |ear: &Rc<Self>| Object::is(&ear.signal, &signal);
            heard.iter().filter_map(Weak::upgrade).find(same)
        });
        if let Some(ear) = here {
            return Ok(ear);
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
        let ear = Rc::new(Self { signal, wakers, handler });
        HEARD.with_borrow_mut(|heard| heard.push(Rc::downgrade(&ear)));
        Ok(ear)
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener("abort", self.handler.as_ref());
    }
}

/// Listens to a signal until dropped.
pub(super) struct Listener {
    ear: Rc<Ear>,
    number: u32,
}

impl Listener {
    /// Begins to listen to the option `signal`.
    pub(super) fn new(signal: JsSignal) -> Result<Self> {
        let ear = Ear::on(signal)?;
        let number = ear.wakers.next.get();
        ear.wakers.next.set(number.wrapping_add(1));
        Ok(Self { ear, number })
    }

    /// Returns the signal's reason once it is aborted.
    pub(super) async fn aborted(&self) -> JsValue {
        poll_fn(|context| {
            if let Some(reason) = self.reason() {
                return Poll::Ready(reason);
            }
            self.wait(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }

    /// The signal's reason, if it is aborted; an `AbortError` where a polyfill has none.
    pub(super) fn reason(&self) -> Option<JsValue> {
        let signal = &self.ear.signal;
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

    /// Puts this listener's waker in the place of its earlier one.
    fn wait(&self, waker: Option<Waker>) {
        let mut waiting = self.ear.wakers.waiting.borrow_mut();
        waiting.retain(|(number, _)| *number != self.number);
        waiting.extend(waker.map(|waker| (self.number, waker)));
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.wait(None);
    }
}

/// `work`, or the reason of the first signal that is aborted; `work` is dropped then.
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
