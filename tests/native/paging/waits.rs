//! Every wait of a synchronisation, by a clock that moves only when nothing else can.

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

use super::worlds::WALK;
use crate::world::{FakeClock, Log, Someone, answer};

/// What a request meets instead of its page.
enum Trouble {
    Refused(HttpResponse),
    Silence,
}

/// Ten pages of ten calls, each a hundred milliseconds away; but some requests, by number, meet trouble.
#[derive(Clone)]
struct Slow(Rc<Inside>);

struct Inside {
    clock: FakeClock,
    trouble: fn(usize) -> Option<Trouble>,
    /// When each request was sent, in milliseconds from the beginning, and for which page.
    sent: RefCell<Vec<(i64, i64)>>,
}

const BEGIN: i64 = 1_700_000_000_000;

impl Transport for Slow {
    async fn send(&self, outgoing: HttpRequest<'_>) -> Result<HttpResponse> {
        let Inside { clock, trouble, sent } = &*self.0;
        let asked = parse(outgoing.request.body.as_deref().unwrap().as_bytes()).unwrap();
        let Some(Value::Int(page)) = asked.get("pageNum").cloned() else { panic!("{asked:?}") };
        let number = sent.borrow().len();
        sent.borrow_mut().push((clock.now_ms() - BEGIN, page));
        match trouble(number) {
            None => clock.sleep(100).await,
            Some(Trouble::Refused(answer)) => {
                clock.sleep(50).await;
                return Ok(answer);
            }
            Some(Trouble::Silence) => std::future::pending().await,
        }
        let mut list = String::new();
        for row in 0..10 {
            let comma = if row == 0 { "" } else { "," };
            write!(list, r#"{comma}{{"callInstanceId":{}}}"#, page * 10 + row).unwrap();
        }
        Ok(answer(200, &format!(r#"{{"code":200,"data":{{"total":100,"list":[{list}]}}}}"#)))
    }
}

fn busy(status: u16, seconds: u32) -> Trouble {
    let retry_after = Some(seconds.to_string());
    Trouble::Refused(HttpResponse { retry_after, ..answer(status, "") })
}

/// What came of it, when which page was asked for, and the calls that are in the table.
fn sync(
    trouble: fn(usize) -> Option<Trouble>,
    options: SyncOptions,
) -> (Result<SyncReport>, Vec<(i64, i64)>, usize) {
    let clock = FakeClock::at(BEGIN);
    let slow = Slow(Rc::new(Inside { clock: clock.clone(), trouble, sent: RefCell::default() }));
    let base_url = BaseUrl::parse("https://robots.example").unwrap();
    let client = Client::new(base_url, slow.clone(), clock.clone(), Semaphore::new(6));
    let settings = Settings {
        timeout_ms: Some(2000),
        retry: Policy { attempts: 3, ..Policy::default() },
        backoff: Some(Backoff::default()),
        ..Settings::default()
    };
    let caller = Someone { log: Rc::new(Log::default()), headers: RefCell::default() };
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
    let sent = slow.0.sent.borrow().clone();
    (outcome, sent, table.into_inner().len())
}

#[test]
fn a_quiet_server_is_waited_for_page_by_page_and_no_longer() {
    let (report, sent, calls) = sync(|_| None, WALK);
    assert!(report.unwrap().complete);
    assert_eq!(calls, 100);
    let pages = (1..=10).chain([1]);
    let expected: Vec<_> = (0..).step_by(100).zip(pages).collect();
    assert_eq!(sent, expected);
}

#[test]
fn while_one_request_holds_off_none_of_the_others_is_sent() {
    // Page 1 alone, then pages 2 to 4 together, of which the second is refused for three seconds.
    let (report, sent, calls) =
        sync(|number| (number == 2).then(|| busy(503, 3)), SyncOptions { concurrency: 3, ..WALK });
    assert!(report.unwrap().complete);
    assert_eq!(calls, 100);
    assert_eq!(&sent[..4], [(0, 1), (100, 2), (100, 3), (100, 4)]);
    assert!(sent[4..].iter().all(|(at, _)| *at >= 3150), "{sent:?}");
    assert_eq!(sent[4].0, 3150, "and not longer");
}

#[test]
fn a_page_that_does_not_come_is_asked_for_again() {
    let silence = |number| (number == 1).then_some(Trouble::Silence);
    let (report, sent, _) = sync(silence, WALK);
    assert!(report.unwrap().complete);
    let [(first, 1), (second, 2), (third, 2), ..] = sent[..] else { panic!("{sent:?}") };
    assert_eq!((first, second), (0, 100));
    assert!(third > 100 + 2000, "the time for an attempt and a back-off: {third}");
}

#[test]
fn a_server_that_goes_on_refusing_ends_it_after_the_attempts_and_their_waits() {
    let (outcome, sent, calls) = sync(|number| (number >= 3).then(|| busy(429, 1)), WALK);
    let error: Box<Error> = outcome.unwrap_err();
    assert_eq!((error.kind.code(), error.attempts), ("rate_limited", 3));
    assert_eq!(sent[3..], [(300, 4), (1350, 4), (2400, 4)]);
    assert_eq!(calls, 30, "what came before is kept");
}
