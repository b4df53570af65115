//! A wait that several requests share: while one of them holds off, none of the others is sent.

use std::cell::Cell;
use std::rc::Rc;

use super::transport::Clock;

/// Clones share the wait.
#[derive(Debug, Clone, Default)]
pub struct Backoff(Rc<Cell<i64>>);

impl Backoff {
    /// Nobody goes on before `epoch_ms`.
    pub fn hold(&self, epoch_ms: i64) {
        self.0.set(self.0.get().max(epoch_ms));
    }

    /// Milliseconds that are left of the wait.
    #[must_use]
    pub fn left(&self, clock: &impl Clock) -> u32 {
        u32::try_from((self.0.get() - clock.now_ms()).max(0)).unwrap_or(u32::MAX)
    }
}
