//! The clock of JavaScript: wall clock, monotonic clock, random numbers, timers.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;

use crate::client::Clock;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(handler: &JsValue, ms: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = performance, js_name = now)]
    fn performance_now() -> Result<f64, JsValue>;
}

/// A [`Clock`] by `Date.now`, `performance.now`, `Math.random` and `setTimeout`.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsClock;

impl Clock for JsClock {
    #[expect(clippy::cast_possible_truncation, reason = "a date is a whole number below 2^53")]
    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64
    }

    #[expect(clippy::cast_possible_truncation, reason = "below 2^53")]
    fn monotonic_ms(&self) -> i64 {
        performance_now().map_or_else(|_| self.now_ms(), |ms| ms as i64)
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    async fn sleep(&self, ms: u32) {
        Sleep::new(ms).await;
    }
}

#[derive(Default)]
struct SleepState {
    expired: bool,
    waker: Option<Waker>,
}

/// A future that is ready after a time. It clears its timer when it is dropped.
struct Sleep {
    state: Rc<RefCell<SleepState>>,
    timer: Option<JsValue>,
    /// The timer calls it, so it must live as long as the timer.
    _handler: Closure<dyn FnMut()>,
}

impl Sleep {
    fn new(ms: u32) -> Self {
        let state = Rc::new(RefCell::new(SleepState::default()));
        let shared = Rc::clone(&state);
        let handler = Closure::new(move || {
            let waker = {
                let mut state = shared.borrow_mut();
                state.expired = true;
                state.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        // Without `setTimeout`, the future is never ready. That is better than being ready at once.
        let timer = set_timeout(handler.as_ref(), ms).ok();
        Self { state, timer, _handler: handler }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state.borrow_mut();
        if state.expired {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            let _ = clear_timeout(timer);
        }
    }
}
