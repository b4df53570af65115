//! A future as a promise. `settled` in `pkg/src/instance.ts` rejects it when the module fails, and its
//! future with it: a panic under `panic = "abort"` runs no destructor and settles nothing.

use std::future::Future;
use std::panic::PanicHookInfo;
use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = console, js_name = error)]
    fn console_error(message: &JsValue) -> Result<(), JsValue>;
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
        spawn_local(async move {
            let outcome = work.await;
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

/// From now on a panic is printed, and leaves the module as an exception that says what happened.
pub(super) fn throw_panics() {
    std::panic::set_hook(Box::new(throw));
}

fn throw(panic: &PanicHookInfo<'_>) {
    let message = panic.to_string();
    report(&JsValue::from_str(&format!("byrobot-calls failed, please report this: {message}")));
    // With this the glue has what makes a new instance; `guarded` in `pkg/src/instance.ts` uses it.
    wasm_bindgen::handler::schedule_reinit();
    wasm_bindgen::throw_str(&message);
}
