//! The delays of a synchronisation, by a clock that advances only when all work waits.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use byrobot_calls::client::{
    Backoff, BaseUrl, Client, Clock, HttpRequest, HttpResponse, Policy, Semaphore, Settings,
    Transport,
};
use byrobot_calls::error::{Error, Result};
use byrobot_calls::json::{Value, parse};
use byrobot_calls::paging::{Sync, SyncOptions, SyncReport};
use byrobot_calls::table::Table;
use serde_json::json;

use super::simulations::BY_PAGE;
use crate::harness::{FakeClock, Log, ScriptedCaller, answer};

/// What happens to a request instead of a page.
enum Failure {
    Refused(HttpResponse),
    Silence,
}

/// A server with ten pages of ten calls. An answer takes a hundred milliseconds. Some requests, by number, fail.
#[derive(Clone)]
struct SlowServer(Rc<ServerState>);

struct ServerState {
    clock: FakeClock,
    failure: fn(usize) -> Option<Failure>,
    /// The time of each request in milliseconds from the beginning, and its page.
    sent: RefCell<Vec<(i64, i64)>>,
}

const BEGIN: i64 = 1_700_000_000_000;

impl Transport for SlowServer {
    async fn send(&self, outgoing: HttpRequest<'_>) -> Result<HttpResponse> {
        let ServerState { clock, failure, sent } = &*self.0;
        let requested = parse(outgoing.request.body.as_deref().unwrap().as_bytes()).unwrap();
        let Some(Value::Int(page)) = requested.get("pageNum").cloned() else {
            panic!("{requested:?}")
        };
        let number = sent.borrow().len();
        sent.borrow_mut().push((clock.now_ms() - BEGIN, page));
        match failure(number) {
            None => clock.sleep(100).await,
            Some(Failure::Refused(answer)) => {
                clock.sleep(50).await;
                return Ok(answer);
            }
            Some(Failure::Silence) => std::future::pending().await,
        }
        let mut list = String::new();
        for row in 0..10 {
            let comma = if row == 0 { "" } else { "," };
            write!(list, r#"{comma}{{"callInstanceId":{}}}"#, page * 10 + row).unwrap();
        }
        Ok(answer(200, &format!(r#"{{"code":200,"data":{{"total":100,"list":[{list}]}}}}"#)))
    }
}

fn busy(status: u16, seconds: u32) -> Failure {
    let retry_after = Some(seconds.to_string());
    Failure::Refused(HttpResponse { retry_after, ..answer(status, "") })
}

/// Synchronises. Returns the outcome, the requests with their times, and the number of calls in the table.
fn sync(
    failure: fn(usize) -> Option<Failure>,
    options: SyncOptions,
) -> (Result<SyncReport>, Vec<(i64, i64)>, usize) {
    let clock = FakeClock::at(BEGIN);
    let server = SlowServer(Rc::new(ServerState {
        clock: clock.clone(),
        failure,
        sent: RefCell::default(),
    }));
    let base_url = BaseUrl::parse("https://robots.example").unwrap();
    let client = Client::new(base_url, server.clone(), clock.clone(), Semaphore::new(6));
    let settings = Settings {
        timeout_ms: Some(2000),
        retry: Policy { attempts: 3, ..Policy::default() },
        backoff: Some(Backoff::default()),
        ..Settings::default()
    };
    let caller = ScriptedCaller { log: Rc::new(Log::default()), headers: RefCell::default() };
    let table = RefCell::new(Table::default());
    let query =
        crate::query("queryDoneTaskPhones", &json!({ "callJobId": 62, "pageSize": 10 })).unwrap();
    let sync = Sync {
        client: &client,
        settings: &settings,
        caller: &caller,
        table: &table,
        query: &query,
    };
    let outcome = clock.run(sync.run(options, &mut |_| {}));
    assert_eq!(clock.timers(), 0, "a timer is left");
    let sent = server.0.sent.borrow().clone();
    (outcome, sent, table.into_inner().len())
}

#[test]
fn without_errors_each_page_is_requested_when_the_page_before_arrives() {
    let (report, sent, calls) = sync(|_| None, BY_PAGE);
    assert!(report.unwrap().complete);
    assert_eq!(calls, 100);
    let pages = (1..=10).chain([1]);
    let expected: Vec<_> = (0..).step_by(100).zip(pages).collect();
    assert_eq!(sent, expected);
}

#[test]
fn while_one_request_waits_for_a_retry_no_other_request_is_sent() {
    // Page 1 alone, then pages 2 to 4 together. The second of these is refused for three seconds.
    let (report, sent, calls) = sync(
        |number| (number == 2).then(|| busy(503, 3)),
        SyncOptions { concurrency: 3, ..BY_PAGE },
    );
    assert!(report.unwrap().complete);
    assert_eq!(calls, 100);
    assert_eq!(&sent[..4], [(0, 1), (100, 2), (100, 3), (100, 4)]);
    assert!(sent[4..].iter().all(|(at, _)| *at >= 3150), "{sent:?}");
    assert_eq!(sent[4].0, 3150, "the wait is not longer");
}

#[test]
fn a_page_that_does_not_arrive_is_requested_again() {
    let silence = |number| (number == 1).then_some(Failure::Silence);
    let (report, sent, _) = sync(silence, BY_PAGE);
    assert!(report.unwrap().complete);
    let [(first, 1), (second, 2), (third, 2), ..] = sent[..] else { panic!("{sent:?}") };
    assert_eq!((first, second), (0, 100));
    assert!(third > 100 + 2000, "the time for an attempt and a back-off: {third}");
}

#[test]
fn a_synchronisation_fails_after_the_allowed_attempts_and_keeps_earlier_pages() {
    let (outcome, sent, calls) = sync(|number| (number >= 3).then(|| busy(429, 1)), BY_PAGE);
    let error: Box<Error> = outcome.unwrap_err();
    assert_eq!((error.kind.code(), error.attempts), ("rate_limited", 3));
    assert_eq!(sent[3..], [(300, 4), (1350, 4), (2400, 4)]);
    assert_eq!(calls, 30, "earlier pages are kept");
}
