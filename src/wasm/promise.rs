//! A future as a promise, and the panic hook. A panic under `panic = "abort"` runs no destructor and settles no
//! promise. So TypeScript rejects all pending promises when the module fails (`settled`).

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

/// A promise that settles with the outcome of `work`.
pub fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    promise_of(Box::pin(work))
}

/// Without type parameters, so that it is compiled only once.
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
            // `resolve` and `reject` of a promise never throw.
            drop(settled);
        });
    })
}

/// Prints an error to the console.
pub(super) fn log_error(value: &JsValue) {
    // Without a console, the error is not printed.
    let _ = console_error(value);
}

/// Sets the panic hook: a panic is printed to the console and thrown as an exception with its message.
pub(super) fn throw_panics() {
    std::panic::set_hook(Box::new(throw));
}

fn throw(panic: &PanicHookInfo<'_>) {
    let message = panic.to_string();
    log_error(&JsValue::from_str(&format!("byrobot-calls failed, please report this: {message}")));
    // The glue needs this to make a new instance; `guarded` in TypeScript calls it.
    wasm_bindgen::handler::schedule_reinit();
    wasm_bindgen::throw_str(&message);
}
