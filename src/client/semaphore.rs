//! A limit on requests at once: first come, first served; who stops waiting frees the place.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Places for requests in flight. Clones share them.
#[derive(Debug, Clone)]
pub struct Limit(Rc<State>);

#[derive(Debug)]
struct State {
    free: Cell<usize>,
    waiting: RefCell<VecDeque<Rc<Waiter>>>,
}

/// Someone in the queue. Out of the queue means: the place has been handed over.
#[derive(Debug, Default)]
struct Waiter {
    served: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A place, given back when dropped.
#[derive(Debug)]
pub struct Permit(Rc<State>);

impl Limit {
    /// `places` requests at once.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self(Rc::new(State { free: Cell::new(places), waiting: RefCell::default() }))
    }

    /// A place, as soon as there is one.
    pub async fn acquire(&self) -> Permit {
        let state = &self.0;
        if state.free.get() > 0 {
            state.free.set(state.free.get() - 1);
        } else {
            let waiter = Rc::new(Waiter::default());
            state.waiting.borrow_mut().push_back(Rc::clone(&waiter));
            let mut place = Place { state, waiter: &waiter, taken: false };
            poll_fn(|context| {
                if waiter.served.get() {
                    return Poll::Ready(());
                }
                waiter.waker.replace(Some(context.waker().clone()));
                Poll::Pending
            })
            .await;
            place.taken = true;
        }
        Permit(Rc::clone(state))
    }
}

impl State {
    /// Hands a place to the first in the queue, or back.
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

/// A place in the queue, left when dropped before its turn or before it was taken.
struct Place<'a> {
    state: &'a State,
    waiter: &'a Rc<Waiter>,
    taken: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.taken {
            return;
        }
        if self.waiter.served.get() {
            self.state.release();
        } else {
            self.state.waiting.borrow_mut().retain(|waiter| !Rc::ptr_eq(waiter, self.waiter));
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use futures_lite::future::{block_on, poll_once};
    use std::pin::pin;

    #[test]
    fn places_go_in_order_and_survive_those_who_leave() {
        block_on(async {
            let limit = Limit::new(1);
            let first = limit.acquire().await;
            let mut second = Box::pin(limit.acquire());
            let mut third = Box::pin(limit.acquire());
            let mut fourth = pin!(limit.acquire());
            assert!(poll_once(&mut second).await.is_none());
            assert!(poll_once(&mut third).await.is_none());
            assert!(poll_once(&mut fourth).await.is_none());
            drop(second); // leaves the queue
            drop(first); // the third is served …
            drop(third); // … and leaves without taking it
            let permit = poll_once(&mut fourth).await.expect("its turn");
            assert_eq!(limit.0.free.get(), 0);
            drop(permit);
            assert_eq!(limit.0.free.get(), 1);
            assert!(limit.0.waiting.borrow().is_empty());
        });
    }
}
