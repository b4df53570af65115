//! Sending: attempts, waits, time limits, places, and what is told about them.

use byrobot_calls::client::{Clock, HttpResponse, Policy, Settings};
use byrobot_calls::error::{Error, ErrorKind};
use byrobot_calls::json::Value;
use byrobot_calls::request::Query;
use futures_lite::future::{or, poll_once, zip};
use serde_json::json;

use crate::world::{Event, World, answer, empty_page};

fn company() -> Query {
    crate::query("getTasks", &json!({ "companyId": 1 })).unwrap()
}

fn busy(retry_after: Option<&str>) -> HttpResponse {
    HttpResponse { retry_after: retry_after.map(str::to_owned), ..answer(503, "busy") }
}

fn ask(world: &World, settings: &Settings) -> Result<Value, Box<Error>> {
    world.clock.run(world.client.call(&company(), settings, &world.caller))
}

fn ask_by_default(world: &World) -> Result<Value, Box<Error>> {
    ask(world, &Settings::default())
}

#[test]
fn one_answer_is_one_request() {
    let world = World::new([Event::Answers(empty_page())]);
    let page = ask_by_default(&world).unwrap();
    assert_eq!(page.get("total"), Some(&Value::Int(0)));
    let requests = ["GET https://robots.example/openapi/v1/task/getTasks?companyId=1"];
    assert_eq!(*world.log.requests.borrow(), requests);
    assert_eq!(*world.log.events.borrow(), ["request call-1 1", "response call-1 1 200 0"]);
    assert_eq!(world.clock.timers(), 0, "a timer is left");
}

#[test]
fn what_may_pass_is_tried_again_and_the_rest_is_not() {
    let passing = [
        Event::Breaks,
        Event::Answers(busy(None)),
        Event::Answers(answer(429, "")),
        Event::Answers(answer(200, r#"{"code":500,"data":null,"resultMsg":"未知错误"}"#)),
        Event::Answers(answer(200, r#"{"code":429,"data":null}"#)),
    ];
    for event in passing {
        let world = World::new([event.clone(), event, Event::Answers(empty_page())]);
        ask_by_default(&world).unwrap();
        assert_eq!(world.log.requests.borrow().len(), 3);
        // Half of 500 and of 1000 milliseconds: chance says 0.5.
        assert_eq!(*world.log.delays.borrow(), [250, 500]);
    }
    for (status, body) in [
        (400, ""),
        (401, ""),
        (403, ""),
        (404, ""),
        (418, ""),
        (200, "<html>"),
        (200, r#"{"code":401,"data":null}"#),
        (200, r#"{"code":412,"data":null}"#),
        (200, r#"{"code":999,"data":null}"#),
        (200, r#"{"code":200,"data":null}"#),
    ] {
        let world = World::new([Event::Answers(answer(status, body))]);
        let error = ask_by_default(&world).unwrap_err();
        assert_eq!(error.attempts, 1, "{error:?}");
    }
}

#[test]
fn it_gives_up_after_the_attempts_that_are_allowed() {
    let world = World::new([Event::Breaks, Event::Breaks, Event::Breaks]);
    let error = ask_by_default(&world).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Network, 3));

    let world = World::new([Event::Breaks]);
    let once = Policy { attempts: 1, ..Policy::default() };
    let error = ask(&world, &Settings { retry: once, ..Settings::default() }).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Network, 1));
}

#[test]
fn the_servers_wish_for_a_wait_is_obeyed_up_to_a_limit() {
    let dated = HttpResponse {
        date: Some("Sun, 22 Nov 2026 10:00:00 GMT".to_owned()),
        ..busy(Some("Sun, 22 Nov 2026 10:00:07 GMT"))
    };
    for (asks, delay) in [
        (busy(Some("2")), 2000),
        (busy(Some(" 0 ")), 0),
        (busy(Some("86400")), 60_000),
        (busy(Some("soon")), 250),
        (busy(Some("-1")), 250),
        (busy(Some("1.5")), 1500),
        (busy(Some("0.0001")), 1),
        (busy(Some("1.")), 250),
        (busy(Some(".5")), 250),
        (busy(Some("1e3")), 250),
        (busy(Some("")), 250),
        (busy(Some("2,1")), 2000),
        (busy(Some("1, 2, soon")), 2000),
        (busy(Some("2;comment")), 2000),
        (busy(Some("13 Dec 2018")), 250),
        (busy(Some("4294967296")), 60_000),
        (busy(Some("99999999999999999999")), 60_000),
        // A date counts from the server's own clock, or from ours where that is not to be read.
        (dated, 7000),
        (busy(Some("Tue, 14 Nov 2023 22:13:25 GMT")), 5000),
        (busy(Some("Tue, 14 Nov 2000 22:13:25 GMT")), 0),
        (busy(Some("Tuesday, 14-Nov-23 22:13:25 GMT")), 5000),
        (busy(Some("Tue Nov 14 22:13:25 2023")), 5000),
        (busy(Some("Tue, 14 Nov 2023 22:98:25 GMT")), 250),
    ] {
        let world = World::new([Event::Answers(asks), Event::Answers(empty_page())]);
        ask_by_default(&world).unwrap();
        assert_eq!(*world.log.delays.borrow(), [delay]);
    }
    let once =
        Settings { retry: Policy { attempts: 1, ..Policy::default() }, ..Settings::default() };
    for (asked, ms) in [("2", 2000), ("99999999999999999999", 9_007_199_254_740_991)] {
        let error = ask(&World::new([Event::Answers(busy(Some(asked)))]), &once).unwrap_err();
        assert_eq!(error.retry_after_ms, Some(ms), "{asked}");
    }
}

fn limited(seconds: &str) -> HttpResponse {
    HttpResponse { retry_after: Some(seconds.to_owned()), ..answer(429, "") }
}

#[test]
fn when_the_wall_clock_is_set_back_nothing_waits_longer() {
    let world = World::new([
        Event::Answers(limited("30")),
        Event::Answers(empty_page()),
        Event::AnswersAfter(40, empty_page()),
    ]);
    let started = world.clock.monotonic_ms();
    ask_by_default(&world).unwrap();
    world.clock.set_by(-3_600_000);
    ask_by_default(&world).unwrap();
    assert_eq!(world.clock.monotonic_ms() - started, 30_040);
    // Durations do not follow the wall clock either.
    assert_eq!(world.log.events.borrow().last().unwrap(), "response call-2 1 200 40");
}

#[test]
fn when_the_monotonic_clock_stands_still_a_timer_ends_a_wait() {
    let world = World::new([
        Event::Answers(limited("30")),
        Event::Answers(empty_page()),
        Event::Answers(empty_page()),
    ]);
    world.clock.freeze();
    let started = world.clock.now_ms();
    ask_by_default(&world).unwrap();
    ask_by_default(&world).unwrap();
    assert_eq!(world.clock.now_ms() - started, 30_000);
}

#[test]
fn a_clock_that_is_off_is_answered_with_fresh_headers_once() {
    let skew =
        || Event::Answers(answer(200, r#"{"code":408,"data":null,"resultMsg":"时间选择不对"}"#));
    let header = |value: &str| Some(Ok(vec![("datetime".to_owned(), value.to_owned())]));
    let world = World::new([skew(), Event::Answers(empty_page())]);
    world.caller.headers.borrow_mut().extend([header("old"), header("new")]);
    ask_by_default(&world).unwrap();
    assert_eq!(*world.log.delays.borrow(), [0]);
    let sent: Vec<String> =
        world.log.headers.borrow().iter().map(|list| list[0].1.clone()).collect();
    assert_eq!(sent, ["old", "new"]);

    let world = World::new([skew(), skew()]);
    let error = ask_by_default(&world).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::ClockSkew, 2));
}

#[test]
fn an_attempt_that_takes_too_long_is_aborted_and_tried_again() {
    let world = World::new([Event::Hangs, Event::AnswersAfter(40, empty_page())]);
    let settings = Settings { timeout_ms: Some(100), ..Settings::default() };
    ask(&world, &settings).unwrap();
    assert_eq!(world.log.in_flight.get(), 0, "the first request was not dropped");
    assert_eq!(
        *world.log.events.borrow(),
        [
            "request call-1 1",
            "retry call-1 1 timeout",
            "request call-1 2",
            "response call-1 2 200 40"
        ]
    );

    let slow = || Event::AnswersAfter(101, empty_page());
    let world = World::new([slow(), slow(), slow()]);
    let error = ask(&world, &settings).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Timeout, 3));
    assert_eq!(world.clock.timers(), 0, "a timer is left");
}

#[test]
fn a_header_source_that_hangs_or_fails_does_not_hang_the_call() {
    let world = World::new([]);
    let refused = Error::new(ErrorKind::Headers, "the headers function failed");
    world.caller.headers.borrow_mut().push_back(Some(Err(refused)));
    let error = ask_by_default(&world).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Headers, 1));
    assert!(world.log.requests.borrow().is_empty());

    let world = World::new([Event::Answers(empty_page())]);
    world.caller.headers.borrow_mut().push_back(None);
    ask_by_default(&world).unwrap();
    assert_eq!(
        *world.log.events.borrow(),
        ["retry call-1 1 timeout", "request call-1 2", "response call-1 2 200 0",]
    );
}

fn total(ms: u32) -> Settings {
    Settings { total_timeout_ms: Some(ms), ..Settings::default() }
}

#[test]
fn when_the_total_time_ends_in_an_attempt_the_error_before_is_the_cause() {
    let refused = HttpResponse {
        retry_after: Some("0".to_owned()),
        ..answer(503, r#"{"code":500,"resultMsg":"忙","requestId":"r-42"}"#)
    };
    let world = World::new([Event::AnswersAfter(60, refused), Event::Hangs]);
    let error = ask(&world, &total(100)).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Timeout, 2));
    assert!(
        error.message.starts_with("getTasks: no answer within totalTimeout, 100 ms"),
        "{error}"
    );
    assert!(error.message.contains("the server failed"), "{error}");
    assert_eq!(error.url.as_deref(), Some("https://robots.example/openapi/v1/task/getTasks"));
    assert_eq!((error.status, error.vendor_code), (Some(503), Some(500)));
    assert_eq!(error.vendor_message.as_deref(), Some("忙"));
    assert_eq!((error.request_id.as_deref(), error.retry_after_ms), (Some("r-42"), Some(0)));
    let before = error.cause.as_deref().and_then(|cause| cause.downcast_ref::<Error>()).unwrap();
    assert_eq!((before.kind, before.attempts, before.status), (ErrorKind::Server, 1, Some(503)));
    assert_eq!(world.clock.timers(), 0, "a timer is left");

    let world = World::new([Event::Hangs]);
    let error = ask(&world, &total(100)).unwrap_err();
    assert_eq!((error.kind, error.attempts, error.status), (ErrorKind::Timeout, 1, None));
    assert_eq!(error.message, "getTasks: no answer within totalTimeout, 100 ms");
}

#[test]
fn when_a_wait_does_not_fit_into_the_total_time_the_call_fails_at_once_with_its_error() {
    for (event, kind) in [
        (Event::Answers(limited("30")), ErrorKind::RateLimited),
        (Event::Answers(busy(Some("2"))), ErrorKind::Server),
        (Event::AnswersAfter(1800, busy(None)), ErrorKind::Server),
    ] {
        let world = World::new([event]);
        let started = world.clock.now_ms();
        let error = ask(&world, &total(2000)).unwrap_err();
        assert_eq!((error.kind, error.attempts), (kind, 1));
        assert!(error.status.is_some() && error.cause.is_none(), "{error}");
        assert!(world.clock.now_ms() - started <= 1800, "it waited");
        assert!(world.log.delays.borrow().is_empty(), "no attempt follows");
        assert_eq!(world.clock.timers(), 0, "a timer is left");
    }
}

#[test]
fn when_the_last_attempt_is_limited_other_calls_wait_as_long_as_the_server_asks() {
    let world = World::new([Event::Answers(limited("30")), Event::Answers(empty_page())]);
    let once =
        Settings { retry: Policy { attempts: 1, ..Policy::default() }, ..Settings::default() };
    let started = world.clock.now_ms();
    let error = ask(&world, &once).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::RateLimited, 1));
    assert_eq!(world.clock.now_ms(), started, "the call itself does not wait");
    ask(&world, &once).unwrap();
    assert!(world.clock.now_ms() - started >= 30_000, "{}", world.clock.now_ms() - started);
}

#[test]
fn when_another_calls_wait_does_not_fit_nothing_is_sent_and_the_error_says_why() {
    let world = World::new([Event::Answers(limited("30")), Event::Answers(empty_page())]);
    ask(&world, &total(2000)).unwrap_err();
    let detail = crate::query("getTaskDetail", &json!({ "companyId": 1, "taskId": 2 })).unwrap();
    let settings = total(2000);
    let call = world.client.call(&detail, &settings, &world.caller);
    let error = world.clock.run(call).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::RateLimited, 0));
    assert_eq!((error.status, error.retry_after_ms), (Some(429), Some(30_000)));
    assert!(error.message.starts_with("getTaskDetail: not sent"), "{error}");
    assert!(error.message.contains("getTasks: too many requests"), "{error}");
    assert_eq!(world.log.requests.borrow().len(), 1);
    // Without a limit it waits its time.
    let started = world.clock.now_ms();
    ask_by_default(&world).unwrap();
    assert_eq!(world.clock.now_ms() - started, 30_000);
}

#[test]
fn when_a_call_was_never_sent_its_timeout_says_so() {
    let world = World::with_places([Event::Hangs], 1);
    let (first, second) = (Settings { timeout_ms: None, ..Settings::default() }, total(100));
    let company = company();
    let hanging = world.client.call(&company, &first, &world.caller);
    let queued = world.client.call(&company, &second, &world.caller);
    let error =
        world.clock.run(or(async { hanging.await.map(drop) }, async { queued.await.map(drop) }));
    let error = error.unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Timeout, 0));
    assert!(error.message.starts_with("getTasks: not sent within totalTimeout"), "{error}");
    assert!(error.message.contains("maxConcurrency"), "{error}");

    for settings in [total(50), Settings { timeout_ms: Some(50), ..Settings::default() }] {
        let world = World::new([]);
        let silent = || world.caller.headers.borrow_mut().push_back(None);
        (0..3).for_each(|_| silent());
        let error = ask(&world, &settings).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout);
        assert!(error.message.contains("not sent within"), "{error}");
        assert!(error.message.contains("the headers function"), "{error}");
    }
}

#[test]
fn requests_at_once_are_limited_and_a_wait_takes_no_place() {
    let events = [
        Event::AnswersAfter(10, busy(None)),
        Event::AnswersAfter(10, empty_page()),
        Event::AnswersAfter(10, empty_page()),
    ];
    let world = World::with_places(events, 1);
    let settings = Settings::default();
    let company = company();
    let call = || world.client.call(&company, &settings, &world.caller);
    let (first, second) = world.clock.run(zip(call(), call()));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(world.log.most_in_flight.get(), 1);
    let events = world.log.events.borrow();
    // The second call has its turn while the first one waits to try again.
    assert_eq!(events[3], "request call-2 1", "{events:?}");
}

#[test]
fn dropping_a_call_aborts_its_request_and_frees_its_place() {
    let world = World::with_places([Event::Hangs, Event::Answers(empty_page())], 1);
    let settings = Settings::default();
    let company = company();
    let mut first = Box::pin(world.client.call(&company, &settings, &world.caller));
    let mut waiting = Box::pin(world.client.call(&company, &settings, &world.caller));
    world.clock.run(async {
        assert!(poll_once(&mut first).await.is_none());
        assert!(poll_once(&mut waiting).await.is_none());
    });
    assert_eq!(world.log.in_flight.get(), 1);
    drop(waiting);
    drop(first);
    assert_eq!((world.log.in_flight.get(), world.clock.timers()), (0, 0));
    ask_by_default(&world).unwrap();
}

#[test]
fn wrong_input_is_refused_before_anything_is_sent() {
    let world = World::new([]);
    let wrong = crate::query("getTasks", &json!({ "companyId": 1, "pageSize": 101 })).unwrap();
    let settings = Settings::default();
    let error = world.clock.run(world.client.call(&wrong, &settings, &world.caller)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidArgument);
    assert_eq!((error.path.as_deref(), error.endpoint), (Some("pageSize"), Some("getTasks")));
    assert!(world.log.events.borrow().is_empty());
}
