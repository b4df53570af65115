//! A future as a promise that always settles.
//!
//! A panic under `panic = "abort"` would leave the promise of its future pending for ever. So every
//! promise of ours is kept in a list while it is in flight; the panic hook says what happened, rejects
//! all of them, and has the module instantiated anew for the next call. Objects of the old instance
//! are refused by the glue; `pkg/src/client.ts` turns that into `internal`, too.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::PanicHookInfo;
use std::pin::Pin;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::error::to_js;
use crate::error::{Error, Kind};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = console, js_name = error)]
    fn console_error(message: &JsValue) -> Result<(), JsValue>;
}

thread_local! {
    /// The `reject` of every promise in flight.
    static IN_FLIGHT: RefCell<Vec<(u32, Function)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// A promise for the outcome of `work`.
pub fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    promise_of(Box::pin(work))
}

/// Compiled once, whatever is promised.
fn promise_of(work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) -> Promise {
    let mut work = Some(work);
    Promise::new(&mut |resolve, reject| {
        let Some(work) = work.take() else { return };
        let number = NEXT.replace(NEXT.get().wrapping_add(1));
        IN_FLIGHT.with_borrow_mut(|list| list.push((number, reject.clone())));
        spawn_local(async move {
            let outcome = work.await;
            IN_FLIGHT.with_borrow_mut(|list| list.retain(|(other, _)| *other != number));
            let settled = match &outcome {
                Ok(value) => resolve.call1(&JsValue::UNDEFINED, value),
                Err(reason) => reject.call1(&JsValue::UNDEFINED, reason),
            };
            // The two functions of a promise never throw.
            drop(settled);
        });
    })
}

/// Prints something the page's developer should know and no one waits for.
pub(super) fn report(value: &JsValue) {
    // Without a console there is nobody to tell.
    let _ = console_error(value);
}

/// From now on a panic rejects what is in flight.
pub(super) fn reject_all_on_panic() {
    std::panic::set_hook(Box::new(reject_all));
}

fn reject_all(panic: &PanicHookInfo<'_>) {
    let message = format!("byrobot-calls failed, please report this: {panic}");
    report(&JsValue::from_str(&message));
    let error = to_js(&Error::new(Kind::Internal, message));
    let rejects =
        IN_FLIGHT.with(|list| list.try_borrow_mut().map(|mut list| std::mem::take(&mut *list)));
    for (_, reject) in rejects.unwrap_or_default() {
        let _ = reject.call1(&JsValue::UNDEFINED, &error);
    }
    wasm_bindgen::handler::schedule_reinit();
}
