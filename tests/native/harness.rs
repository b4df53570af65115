//! The test harness of the client: a scripted transport, a scripted caller, and a clock that advances only when all
//! work waits. They replace `fetch` and `setTimeout`, and no code of this package.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use byrobot_calls::client::{
    Attempt, BaseUrl, Caller, Client, Clock, HttpRequest, HttpResponse, Semaphore, Transport,
};
use byrobot_calls::error::{Error, ErrorKind, Result};

/// The outcome of a request.
#[derive(Clone)]
pub(crate) enum Event {
    Answers(HttpResponse),
    /// The connection fails.
    Breaks,
    /// There is never an answer.
    Hangs,
    /// The answer arrives after some milliseconds.
    AnswersAfter(u32, HttpResponse),
}

/// What the transport and the caller have recorded.
#[derive(Default)]
pub(crate) struct Log {
    /// `METHOD url?query body` of every request.
    pub(crate) requests: RefCell<Vec<String>>,
    pub(crate) headers: RefCell<Vec<Vec<(String, String)>>>,
    pub(crate) in_flight: Cell<u32>,
    pub(crate) max_in_flight: Cell<u32>,
    /// The delay of each retry.
    pub(crate) delays: RefCell<Vec<u32>>,
    pub(crate) events: RefCell<Vec<String>>,
}

pub(crate) struct ScriptedTransport {
    events: RefCell<VecDeque<Event>>,
    clock: FakeClock,
    pub(crate) log: Rc<Log>,
}

impl Transport for ScriptedTransport {
    async fn send(&self, outgoing: HttpRequest<'_>) -> Result<HttpResponse> {
        let request = outgoing.request;
        let query =
            if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        let body = request.body.as_deref().unwrap_or_default();
        let line = format!("{} {}{query} {body}", request.method.name(), outgoing.url);
        self.log.requests.borrow_mut().push(line.trim_end().to_owned());
        self.log.headers.borrow_mut().push(outgoing.headers.to_vec());
        let _guard = InFlight::begin(&self.log);
        let event =
            self.events.borrow_mut().pop_front().expect("more requests than the script has");
        match event {
            Event::Answers(answer) => Ok(answer),
            Event::Breaks => Err(Error::new(ErrorKind::Network, "connection reset")),
            Event::Hangs => pending().await,
            Event::AnswersAfter(ms, answer) => {
                self.clock.sleep(ms).await;
                Ok(answer)
            }
        }
    }
}

/// Counts a request as in flight until it is dropped.
struct InFlight<'a>(&'a Log);

impl<'a> InFlight<'a> {
    fn begin(log: &'a Log) -> Self {
        log.in_flight.set(log.in_flight.get() + 1);
        log.max_in_flight.set(log.max_in_flight.get().max(log.in_flight.get()));
        Self(log)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
    }
}

#[derive(Clone, Default)]
pub(crate) struct FakeClock(Rc<Timers>);

#[derive(Default)]
struct Timers {
    now: Cell<i64>,
    /// The milliseconds by which the wall clock was set.
    set_by: Cell<i64>,
    /// The time at which the monotonic clock stands still, as in a runtime that freezes it.
    frozen_at: Cell<Option<i64>>,
    next: Cell<u64>,
    waiting: RefCell<Vec<(i64, u64, Waker)>>,
}

impl FakeClock {
    pub(crate) fn at(epoch_ms: i64) -> Self {
        let clock = Self::default();
        clock.0.now.set(epoch_ms);
        clock
    }

    /// Sets the wall clock, as NTP does.
    pub(crate) fn set_by(&self, ms: i64) {
        self.0.set_by.set(ms);
    }

    /// Stops the monotonic clock. Timers continue.
    pub(crate) fn freeze(&self) {
        self.0.frozen_at.set(Some(self.0.now.get()));
    }

    /// The number of timers.
    pub(crate) fn timers(&self) -> usize {
        self.0.waiting.borrow().len()
    }

    /// Advances to the next timer. Returns `false` if there is no timer.
    fn advance(&self) -> bool {
        let mut waiting = self.0.waiting.borrow_mut();
        let Some(index) = (0..waiting.len()).min_by_key(|&i| (waiting[i].0, waiting[i].1)) else {
            return false;
        };
        let (due, _, waker) = waiting.remove(index);
        drop(waiting);
        self.0.now.set(due.max(self.0.now.get()));
        waker.wake();
        true
    }

    /// Polls `work` to its end. Advances the time whenever `work` waits for a timer.
    pub(crate) fn run<F: Future>(&self, work: F) -> F::Output {
        self.run_for(work, usize::MAX).expect("no limit")
    }

    /// Polls `work` at most `steps` times. Then it is dropped.
    pub(crate) fn run_for<F: Future>(&self, work: F, steps: usize) -> Option<F::Output> {
        let mut work = pin!(work);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..steps {
            if let Poll::Ready(output) = work.as_mut().poll(&mut context) {
                return Some(output);
            }
            assert!(self.advance(), "the work waits, but there is no timer");
        }
        None
    }
}

impl Clock for FakeClock {
    fn now_ms(&self) -> i64 {
        self.0.now.get() + self.0.set_by.get()
    }

    fn monotonic_ms(&self) -> i64 {
        self.0.frozen_at.get().unwrap_or(self.0.now.get())
    }

    fn random(&self) -> f64 {
        0.5
    }

    async fn sleep(&self, ms: u32) {
        let due = self.0.now.get() + i64::from(ms);
        let number = self.0.next.get();
        self.0.next.set(number + 1);
        let _timer = Timer(&self.0, number);
        poll_fn(|context| {
            if self.0.now.get() >= due {
                return Poll::Ready(());
            }
            let mut waiting = self.0.waiting.borrow_mut();
            waiting.retain(|(_, other, _)| *other != number);
            waiting.push((due, number, context.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

/// Clears its timer when it is dropped.
struct Timer<'a>(&'a Timers, u64);

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.0.waiting.borrow_mut().retain(|(_, number, _)| *number != self.1);
    }
}

/// The outcome of the header source; `None` if it never answers.
pub(crate) type HeaderResult = Option<Result<Vec<(String, String)>>>;

/// A caller with a scripted header source. After the script, it returns no headers.
pub(crate) struct ScriptedCaller {
    pub(crate) log: Rc<Log>,
    pub(crate) headers: RefCell<VecDeque<HeaderResult>>,
}

impl Caller for ScriptedCaller {
    async fn headers(&self) -> Result<Vec<(String, String)>> {
        let given = self.headers.borrow_mut().pop_front();
        match given {
            None => Ok(Vec::new()),
            Some(Some(headers)) => headers,
            Some(None) => pending().await,
        }
    }

    fn on_request(&self, attempt: &Attempt) {
        self.log.events.borrow_mut().push(format!("request {} {}", attempt.id, attempt.number));
    }

    fn on_response(&self, attempt: &Attempt, status: u16, duration_ms: i64) {
        let line = format!("response {} {} {status} {duration_ms}", attempt.id, attempt.number);
        self.log.events.borrow_mut().push(line);
    }

    fn on_retry(&self, attempt: &Attempt, error: &Error, delay_ms: u32) {
        self.log.delays.borrow_mut().push(delay_ms);
        let line = format!("retry {} {} {}", attempt.id, attempt.number, error.kind.code());
        self.log.events.borrow_mut().push(line);
    }
}

/// A client with a scripted transport.
pub(crate) struct Harness {
    pub(crate) client: Client<ScriptedTransport, FakeClock>,
    pub(crate) clock: FakeClock,
    pub(crate) caller: ScriptedCaller,
    pub(crate) log: Rc<Log>,
}

impl Harness {
    pub(crate) fn new(events: impl IntoIterator<Item = Event>) -> Self {
        Self::with_slots(events, 6)
    }

    pub(crate) fn with_slots(events: impl IntoIterator<Item = Event>, slots: usize) -> Self {
        let clock = FakeClock::at(1_700_000_000_000);
        let log = Rc::new(Log::default());
        let transport = ScriptedTransport {
            events: RefCell::new(events.into_iter().collect()),
            clock: clock.clone(),
            log: Rc::clone(&log),
        };
        let base_url = BaseUrl::parse("https://robots.example").unwrap();
        let client = Client::new(base_url, transport, clock.clone(), Semaphore::new(slots));
        let caller = ScriptedCaller { log: Rc::clone(&log), headers: RefCell::default() };
        Self { client, clock, caller, log }
    }
}

/// An answer with this status and body.
pub(crate) fn answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        content_type: Some("application/json".to_owned()),
        body: body.as_bytes().to_vec(),
        ..HttpResponse::default()
    }
}

/// An answer with an empty page in the vendor's envelope, with HTTP 200.
pub(crate) fn empty_page() -> HttpResponse {
    answer(200, r#"{"code":200,"data":{"list":[],"total":0},"resultMsg":"操作成功"}"#)
}
