//! FIFO semaphore: a limit on concurrent requests. A cancelled waiter releases its slot.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Slots for requests in flight. Clones share them.
#[derive(Debug, Clone)]
pub struct Semaphore(Rc<Slots>);

#[derive(Debug)]
struct Slots {
    free: Cell<usize>,
    waiting: RefCell<VecDeque<Rc<Waiter>>>,
}

/// A request in the queue. It leaves the queue when a slot is handed to it.
#[derive(Debug, Default)]
struct Waiter {
    served: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A slot, released when dropped.
#[derive(Debug)]
pub struct Permit(Rc<Slots>);

impl Semaphore {
    /// A semaphore for at most `slots` concurrent requests.
    #[must_use]
    pub fn new(slots: usize) -> Self {
        Self(Rc::new(Slots { free: Cell::new(slots), waiting: RefCell::default() }))
    }

    /// Waits for a free slot.
    pub async fn acquire(&self) -> Permit {
        let slots = &self.0;
        if slots.free.get() > 0 {
            slots.free.set(slots.free.get() - 1);
        } else {
            let waiter = Rc::new(Waiter::default());
            slots.waiting.borrow_mut().push_back(Rc::clone(&waiter));
            let mut queued = QueuedWaiter { slots, waiter: &waiter, taken: false };
            poll_fn(|context| {
                if waiter.served.get() {
                    return Poll::Ready(());
                }
                waiter.waker.replace(Some(context.waker().clone()));
                Poll::Pending
            })
            .await;
            queued.taken = true;
        }
        Permit(Rc::clone(slots))
    }
}

impl Slots {
    /// Hands the slot to the first waiter, or marks it as free.
    fn release(&self) {
        let next = self.waiting.borrow_mut().pop_front();
        match next {
            None => self.free.set(self.free.get() + 1),
            Some(waiter) => {
                waiter.served.set(true);
                let waker = waiter.waker.take();
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// A waiter in the queue. If it is dropped before it takes its slot, it leaves the queue or releases the slot.
struct QueuedWaiter<'a> {
    slots: &'a Slots,
    waiter: &'a Rc<Waiter>,
    taken: bool,
}

impl Drop for QueuedWaiter<'_> {
    fn drop(&mut self) {
        if self.taken {
            return;
        }
        if self.waiter.served.get() {
            self.slots.release();
        } else {
            self.slots.waiting.borrow_mut().retain(|waiter| !Rc::ptr_eq(waiter, self.waiter));
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use futures_lite::future::{block_on, poll_once};
    use std::pin::pin;

    #[test]
    fn slots_go_to_waiters_in_order_when_some_of_them_are_cancelled() {
        block_on(async {
            let semaphore = Semaphore::new(1);
            let first = semaphore.acquire().await;
            let mut second = Box::pin(semaphore.acquire());
            let mut third = Box::pin(semaphore.acquire());
            let mut fourth = pin!(semaphore.acquire());
            assert!(poll_once(&mut second).await.is_none());
            assert!(poll_once(&mut third).await.is_none());
            assert!(poll_once(&mut fourth).await.is_none());
            drop(second); // It leaves the queue.
            drop(first); // The third waiter is served …
            drop(third); // … and is dropped before it takes its slot.
            let permit = poll_once(&mut fourth).await.expect("the fourth waiter is served");
            assert_eq!(semaphore.0.free.get(), 0);
            drop(permit);
            assert_eq!(semaphore.0.free.get(), 1);
            assert!(semaphore.0.waiting.borrow().is_empty());
        });
    }
}
