//! Sending of requests: attempts, delays, time limits, slots, events.

use byrobot_calls::client::{Clock, HttpResponse, Policy, Settings};
use byrobot_calls::error::{Error, ErrorKind};
use byrobot_calls::json::Value;
use byrobot_calls::request::Query;
use futures_lite::future::{or, poll_once, zip};
use serde_json::json;

use crate::harness::{Event, Harness, answer, empty_page};

fn company() -> Query {
    crate::query("getTasks", &json!({ "companyId": 1 })).unwrap()
}

fn busy(retry_after: Option<&str>) -> HttpResponse {
    HttpResponse { retry_after: retry_after.map(str::to_owned), ..answer(503, "busy") }
}

fn call(harness: &Harness, settings: &Settings) -> Result<Value, Box<Error>> {
    harness.clock.run(harness.client.call(&company(), settings, &harness.caller))
}

fn call_with_defaults(harness: &Harness) -> Result<Value, Box<Error>> {
    call(harness, &Settings::default())
}

#[test]
fn a_call_that_is_answered_sends_one_request() {
    let harness = Harness::new([Event::Answers(empty_page())]);
    let page = call_with_defaults(&harness).unwrap();
    assert_eq!(page.get("total"), Some(&Value::Int(0)));
    let requests = ["GET https://robots.example/openapi/v1/task/getTasks?companyId=1"];
    assert_eq!(*harness.log.requests.borrow(), requests);
    assert_eq!(*harness.log.events.borrow(), ["request call-1 1", "response call-1 1 200 0"]);
    assert_eq!(harness.clock.timers(), 0, "a timer is left");
}

#[test]
fn errors_that_may_pass_are_retried_and_others_are_not() {
    let passing = [
        Event::Breaks,
        Event::Answers(busy(None)),
        Event::Answers(answer(429, "")),
        Event::Answers(answer(200, r#"{"code":500,"data":null,"resultMsg":"未知错误"}"#)),
        Event::Answers(answer(200, r#"{"code":429,"data":null}"#)),
        Event::Answers(answer(200, r#"{"code":200,"data":{"list":["#)),
    ];
    for event in passing {
        let harness = Harness::new([event.clone(), event, Event::Answers(empty_page())]);
        call_with_defaults(&harness).unwrap();
        assert_eq!(harness.log.requests.borrow().len(), 3);
        // Half of 500 and of 1000 milliseconds, because the random number is 0.5.
        assert_eq!(*harness.log.delays.borrow(), [250, 500]);
    }
    for (status, body) in [
        (400, ""),
        (401, ""),
        (403, ""),
        (404, ""),
        (418, ""),
        (200, "<html>"),
        (200, ""),
        (200, "[1,"),
        (200, r#"{"code":401,"data":null}"#),
        (200, r#"{"code":412,"data":null}"#),
        (200, r#"{"code":999,"data":null}"#),
        (200, r#"{"code":200,"data":null}"#),
    ] {
        let harness = Harness::new([Event::Answers(answer(status, body))]);
        let error = call_with_defaults(&harness).unwrap_err();
        assert_eq!(error.attempts, 1, "{error:?}");
    }
}

#[test]
fn a_call_fails_after_the_allowed_attempts() {
    let harness = Harness::new([Event::Breaks, Event::Breaks, Event::Breaks]);
    let error = call_with_defaults(&harness).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Network, 3));

    let harness = Harness::new([Event::Breaks]);
    let once = Policy { attempts: 1, ..Policy::default() };
    let error = call(&harness, &Settings { retry: once, ..Settings::default() }).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Network, 1));
}

#[test]
fn retry_after_is_obeyed_up_to_a_limit() {
    let dated = HttpResponse {
        date: Some("Sun, 22 Nov 2026 10:00:00 GMT".to_owned()),
        ..busy(Some("Sun, 22 Nov 2026 10:00:07 GMT"))
    };
    for (answer, delay) in [
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
        // A date is compared with the server's clock, or with ours if the server's is unknown.
        (dated, 7000),
        (busy(Some("Tue, 14 Nov 2023 22:13:25 GMT")), 5000),
        (busy(Some("Tue, 14 Nov 2000 22:13:25 GMT")), 0),
        (busy(Some("Tuesday, 14-Nov-23 22:13:25 GMT")), 5000),
        (busy(Some("Tue Nov 14 22:13:25 2023")), 5000),
        (busy(Some("Tue, 14 Nov 2023 22:98:25 GMT")), 250),
    ] {
        let harness = Harness::new([Event::Answers(answer), Event::Answers(empty_page())]);
        call_with_defaults(&harness).unwrap();
        assert_eq!(*harness.log.delays.borrow(), [delay]);
    }
    let once =
        Settings { retry: Policy { attempts: 1, ..Policy::default() }, ..Settings::default() };
    for (asked, ms) in [("2", 2000), ("99999999999999999999", 9_007_199_254_740_991)] {
        let error = call(&Harness::new([Event::Answers(busy(Some(asked)))]), &once).unwrap_err();
        assert_eq!(error.retry_after_ms, Some(ms), "{asked}");
    }
}

fn limited(seconds: &str) -> HttpResponse {
    HttpResponse { retry_after: Some(seconds.to_owned()), ..answer(429, "") }
}

#[test]
fn when_the_wall_clock_is_set_back_nothing_waits_longer() {
    let harness = Harness::new([
        Event::Answers(limited("30")),
        Event::Answers(empty_page()),
        Event::AnswersAfter(40, empty_page()),
    ]);
    let started = harness.clock.monotonic_ms();
    call_with_defaults(&harness).unwrap();
    harness.clock.set_by(-3_600_000);
    call_with_defaults(&harness).unwrap();
    assert_eq!(harness.clock.monotonic_ms() - started, 30_040);
    // Durations do not depend on the wall clock either.
    assert_eq!(harness.log.events.borrow().last().unwrap(), "response call-2 1 200 40");
}

#[test]
fn when_the_monotonic_clock_stands_still_a_timer_ends_a_wait() {
    let harness = Harness::new([
        Event::Answers(limited("30")),
        Event::Answers(empty_page()),
        Event::Answers(empty_page()),
    ]);
    harness.clock.freeze();
    let started = harness.clock.now_ms();
    call_with_defaults(&harness).unwrap();
    call_with_defaults(&harness).unwrap();
    assert_eq!(harness.clock.now_ms() - started, 30_000);
}

#[test]
fn after_a_clock_skew_a_call_is_retried_once_with_new_headers() {
    let skew =
        || Event::Answers(answer(200, r#"{"code":408,"data":null,"resultMsg":"时间选择不对"}"#));
    let header = |value: &str| Some(Ok(vec![("datetime".to_owned(), value.to_owned())]));
    let harness = Harness::new([skew(), Event::Answers(empty_page())]);
    harness.caller.headers.borrow_mut().extend([header("old"), header("new")]);
    call_with_defaults(&harness).unwrap();
    assert_eq!(*harness.log.delays.borrow(), [0]);
    let sent: Vec<String> =
        harness.log.headers.borrow().iter().map(|list| list[0].1.clone()).collect();
    assert_eq!(sent, ["old", "new"]);

    let harness = Harness::new([skew(), skew()]);
    let error = call_with_defaults(&harness).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::ClockSkew, 2));
}

#[test]
fn an_attempt_that_takes_too_long_is_aborted_and_tried_again() {
    let harness = Harness::new([Event::Hangs, Event::AnswersAfter(40, empty_page())]);
    let settings = Settings { timeout_ms: Some(100), ..Settings::default() };
    call(&harness, &settings).unwrap();
    assert_eq!(harness.log.in_flight.get(), 0, "the first request was not dropped");
    assert_eq!(
        *harness.log.events.borrow(),
        [
            "request call-1 1",
            "retry call-1 1 timeout",
            "request call-1 2",
            "response call-1 2 200 40"
        ]
    );

    let slow = || Event::AnswersAfter(101, empty_page());
    let harness = Harness::new([slow(), slow(), slow()]);
    let error = call(&harness, &settings).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Timeout, 3));
    assert_eq!(harness.clock.timers(), 0, "a timer is left");
}

#[test]
fn a_header_source_that_hangs_or_fails_does_not_hang_the_call() {
    let harness = Harness::new([]);
    let refused = Error::new(ErrorKind::Headers, "the headers function failed");
    harness.caller.headers.borrow_mut().push_back(Some(Err(refused)));
    let error = call_with_defaults(&harness).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Headers, 1));
    assert!(harness.log.requests.borrow().is_empty());

    let harness = Harness::new([Event::Answers(empty_page())]);
    harness.caller.headers.borrow_mut().push_back(None);
    call_with_defaults(&harness).unwrap();
    assert_eq!(
        *harness.log.events.borrow(),
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
    let harness = Harness::new([Event::AnswersAfter(60, refused), Event::Hangs]);
    let error = call(&harness, &total(100)).unwrap_err();
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
    assert_eq!(harness.clock.timers(), 0, "a timer is left");

    let harness = Harness::new([Event::Hangs]);
    let error = call(&harness, &total(100)).unwrap_err();
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
        let harness = Harness::new([event]);
        let started = harness.clock.now_ms();
        let error = call(&harness, &total(2000)).unwrap_err();
        assert_eq!((error.kind, error.attempts), (kind, 1));
        assert!(error.status.is_some() && error.cause.is_none(), "{error}");
        assert!(harness.clock.now_ms() - started <= 1800, "it waited");
        assert!(harness.log.delays.borrow().is_empty(), "no attempt follows");
        assert_eq!(harness.clock.timers(), 0, "a timer is left");
    }
}

#[test]
fn when_the_last_attempt_is_limited_other_calls_wait_as_long_as_the_server_asks() {
    let harness = Harness::new([Event::Answers(limited("30")), Event::Answers(empty_page())]);
    let once =
        Settings { retry: Policy { attempts: 1, ..Policy::default() }, ..Settings::default() };
    let started = harness.clock.now_ms();
    let error = call(&harness, &once).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::RateLimited, 1));
    assert_eq!(harness.clock.now_ms(), started, "the call itself does not wait");
    call(&harness, &once).unwrap();
    assert!(harness.clock.now_ms() - started >= 30_000, "{}", harness.clock.now_ms() - started);
}

#[test]
fn when_another_calls_wait_does_not_fit_nothing_is_sent_and_the_error_says_why() {
    let harness = Harness::new([Event::Answers(limited("30")), Event::Answers(empty_page())]);
    call(&harness, &total(2000)).unwrap_err();
    let detail = crate::query("getTaskDetail", &json!({ "companyId": 1, "taskId": 2 })).unwrap();
    let settings = total(2000);
    let call = harness.client.call(&detail, &settings, &harness.caller);
    let error = harness.clock.run(call).unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::RateLimited, 0));
    assert_eq!((error.status, error.retry_after_ms), (Some(429), Some(30_000)));
    assert!(error.message.starts_with("getTaskDetail: not sent"), "{error}");
    assert!(error.message.contains("getTasks: too many requests"), "{error}");
    assert_eq!(harness.log.requests.borrow().len(), 1);
    // A call without a time limit waits.
    let started = harness.clock.now_ms();
    call_with_defaults(&harness).unwrap();
    assert_eq!(harness.clock.now_ms() - started, 30_000);
}

#[test]
fn when_a_call_was_never_sent_its_timeout_says_so() {
    let harness = Harness::with_slots([Event::Hangs], 1);
    let (first, second) = (Settings { timeout_ms: None, ..Settings::default() }, total(100));
    let company = company();
    let hanging = harness.client.call(&company, &first, &harness.caller);
    let queued = harness.client.call(&company, &second, &harness.caller);
    let error =
        harness.clock.run(or(async { hanging.await.map(drop) }, async { queued.await.map(drop) }));
    let error = error.unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Timeout, 0));
    assert!(error.message.starts_with("getTasks: not sent within totalTimeout"), "{error}");
    assert!(error.message.contains("maxConcurrency"), "{error}");

    for settings in [total(50), Settings { timeout_ms: Some(50), ..Settings::default() }] {
        let harness = Harness::new([]);
        let silent = || harness.caller.headers.borrow_mut().push_back(None);
        (0..3).for_each(|_| silent());
        let error = call(&harness, &settings).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout);
        assert!(error.message.contains("not sent within"), "{error}");
        assert!(error.message.contains("the headers function"), "{error}");
    }
}

#[test]
fn concurrent_requests_are_limited_and_a_waiting_call_takes_no_slot() {
    let events = [
        Event::AnswersAfter(10, busy(None)),
        Event::AnswersAfter(10, empty_page()),
        Event::AnswersAfter(10, empty_page()),
    ];
    let harness = Harness::with_slots(events, 1);
    let settings = Settings::default();
    let company = company();
    let call = || harness.client.call(&company, &settings, &harness.caller);
    let (first, second) = harness.clock.run(zip(call(), call()));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(harness.log.max_in_flight.get(), 1);
    let events = harness.log.events.borrow();
    // The second call is sent while the first waits for its retry.
    assert_eq!(events[3], "request call-2 1", "{events:?}");
}

#[test]
fn dropping_a_call_aborts_its_request_and_releases_its_slot() {
    let harness = Harness::with_slots([Event::Hangs, Event::Answers(empty_page())], 1);
    let settings = Settings::default();
    let company = company();
    let mut first = Box::pin(harness.client.call(&company, &settings, &harness.caller));
    let mut waiting = Box::pin(harness.client.call(&company, &settings, &harness.caller));
    harness.clock.run(async {
        assert!(poll_once(&mut first).await.is_none());
        assert!(poll_once(&mut waiting).await.is_none());
    });
    assert_eq!(harness.log.in_flight.get(), 1);
    drop(waiting);
    drop(first);
    assert_eq!((harness.log.in_flight.get(), harness.clock.timers()), (0, 0));
    call_with_defaults(&harness).unwrap();
}

#[test]
fn wrong_input_is_refused_before_anything_is_sent() {
    let harness = Harness::new([]);
    let wrong = crate::query("getTasks", &json!({ "companyId": 1, "pageSize": 101 })).unwrap();
    let settings = Settings::default();
    let error =
        harness.clock.run(harness.client.call(&wrong, &settings, &harness.caller)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidArgument);
    assert_eq!((error.path.as_deref(), error.endpoint), (Some("pageSize"), Some("getTasks")));
    assert!(harness.log.events.borrow().is_empty());
}
