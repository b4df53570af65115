//! A wait that several requests share: while it lasts, none of them is sent.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::transport::Clock;
use crate::error::Error;

/// The hold of the moment, if there is one. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Backoff(Rc<RefCell<Option<Rc<Hold>>>>);

/// A wait of fixed length. It is over when a timer of that length has run out, or when the clock says
/// so: a clock that stands still or is set back makes it no longer.
#[derive(Debug)]
pub(super) struct Hold {
    since_ms: i64,
    ms: u32,
    over: Cell<bool>,
    /// Why: the error of the attempt before.
    pub(super) reason: Rc<Error>,
}

impl Hold {
    pub(super) fn new(clock: &impl Clock, ms: u32, reason: Rc<Error>) -> Rc<Self> {
        Rc::new(Self { since_ms: clock.monotonic_ms(), ms, over: Cell::new(false), reason })
    }

    /// Milliseconds that are left, at most those asked for.
    pub(super) fn left(&self, clock: &impl Clock) -> u32 {
        if self.over.get() {
            return 0;
        }
        let passed = (clock.monotonic_ms() - self.since_ms).max(0);
        self.ms.saturating_sub(u32::try_from(passed).unwrap_or(u32::MAX))
    }

    /// Returns when it is over.
    pub(super) async fn wait(&self, clock: &impl Clock) {
        clock.sleep(self.left(clock)).await;
        self.over.set(true);
    }
}

impl Backoff {
    /// Holds until both this and an earlier hold are over.
    pub(super) fn hold(&self, clock: &impl Clock, hold: &Rc<Hold>) {
        if self.held(clock).is_none_or(|earlier| earlier.left(clock) < hold.left(clock)) {
            self.0.replace(Some(Rc::clone(hold)));
        }
    }

    /// The hold, unless it is over.
    pub(super) fn held(&self, clock: &impl Clock) -> Option<Rc<Hold>> {
        self.0.borrow().clone().filter(|hold| hold.left(clock) > 0)
    }
}
