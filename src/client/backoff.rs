//! A pause that several requests share. While it lasts, none of them is sent.
//! Not here: the length of a pause (`retry.rs`).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::transport::Clock;
use crate::error::Error;

/// The current pause, if there is one. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Backoff(Rc<RefCell<Option<Rc<Pause>>>>);

/// A pause of fixed length. It ends when a timer of this length expires, or when the clock has passed its end,
/// whichever is first. So a clock that stands still or is set back does not lengthen it.
#[derive(Debug)]
pub(super) struct Pause {
    started_ms: i64,
    length_ms: u32,
    ended: Cell<bool>,
    /// The error of the attempt before the pause.
    pub(super) reason: Rc<Error>,
}

impl Pause {
    pub(super) fn new(clock: &impl Clock, length_ms: u32, reason: Rc<Error>) -> Rc<Self> {
        Rc::new(Self {
            started_ms: clock.monotonic_ms(),
            length_ms,
            ended: Cell::new(false),
            reason,
        })
    }

    /// The remaining milliseconds, at most the length of the pause.
    pub(super) fn remaining_ms(&self, clock: &impl Clock) -> u32 {
        if self.ended.get() {
            return 0;
        }
        let passed = (clock.monotonic_ms() - self.started_ms).max(0);
        self.length_ms.saturating_sub(u32::try_from(passed).unwrap_or(u32::MAX))
    }

    /// Returns when the pause has ended.
    pub(super) async fn wait(&self, clock: &impl Clock) {
        clock.sleep(self.remaining_ms(clock)).await;
        self.ended.set(true);
    }
}

impl Backoff {
    /// Begins a pause. If an earlier pause ends later, it stays instead.
    pub(super) fn begin(&self, clock: &impl Clock, pause: &Rc<Pause>) {
        let ends_earlier =
            |earlier: Rc<Pause>| earlier.remaining_ms(clock) < pause.remaining_ms(clock);
        if self.current(clock).is_none_or(ends_earlier) {
            self.0.replace(Some(Rc::clone(pause)));
        }
    }

    /// The current pause; `None` if there is none or it has ended.
    pub(super) fn current(&self, clock: &impl Clock) -> Option<Rc<Pause>> {
        self.0.borrow().clone().filter(|pause| pause.remaining_ms(clock) > 0)
    }
}
