//! The error of each kind of answer. No error contains private data.

use byrobot_calls::client::{HttpResponse, Policy, Settings};
use byrobot_calls::error::{Error, ErrorKind};
use serde_json::json;

use crate::harness::{Event, Harness, answer};

/// The error of a call with this answer. The request has a key and a signature in its headers.
fn error_of(answer: HttpResponse) -> Box<Error> {
    let harness = Harness::new([Event::Answers(answer)]);
    let headers = [("appkey", "DemoAppKey000000"), ("sign", "OKetYT8T43OLLPeUHRnNLmy8A2Y=")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    harness.caller.headers.borrow_mut().push_back(Some(Ok(headers.to_vec())));
    let settings =
        Settings { retry: Policy { attempts: 1, ..Policy::default() }, ..Settings::default() };
    let tasks = crate::query("getTasks", &json!({ "companyId": 1 })).unwrap();
    harness.clock.run(harness.client.call(&tasks, &settings, &harness.caller)).unwrap_err()
}

fn refusal(status: u16, code: i64) -> Box<Error> {
    error_of(answer(status, &format!(r#"{{"code":{code},"data":null,"resultMsg":"说明"}}"#)))
}

#[test]
fn a_named_vendor_code_decides_whatever_the_http_status() {
    for status in [200, 400, 418, 500] {
        for (code, kind) in [
            (400, ErrorKind::RejectedParameters),
            (401, ErrorKind::Unauthorized),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::NotFound),
            (408, ErrorKind::ClockSkew),
            (412, ErrorKind::RejectedParameters),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Server),
            (503, ErrorKind::Server),
        ] {
            let error = refusal(status, code);
            assert_eq!(error.kind, kind, "HTTP {status}, code {code}");
            assert_eq!((error.status, error.vendor_code), (Some(status), Some(code)));
            assert_eq!(error.vendor_message.as_deref(), Some("说明"));
            assert!(error.message.starts_with("getTasks: "), "{error}");
        }
    }
}

#[test]
fn any_other_vendor_code_is_vendor_unless_the_http_status_is_an_error() {
    assert_eq!(refusal(200, 40_000_010).kind, ErrorKind::Vendor);
    assert_eq!(refusal(429, 40_000_029).kind, ErrorKind::RateLimited);
    assert_eq!(refusal(418, 40_000_029).kind, ErrorKind::Http);
}

#[test]
fn without_a_vendor_code_the_http_status_decides() {
    for (status, kind) in [
        (400, ErrorKind::RejectedParameters),
        (401, ErrorKind::Unauthorized),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (408, ErrorKind::Http),
        (412, ErrorKind::Http),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Server),
        (502, ErrorKind::Server),
        (302, ErrorKind::Http),
    ] {
        for body in ["", "<html>Bad Gateway</html>", r#"{"message":"no"}"#, "[]", "\"200\""] {
            let error = error_of(answer(status, body));
            assert_eq!((error.kind, error.vendor_code), (kind, None), "HTTP {status}: {body}");
        }
        // The vendor code of success does not count with an HTTP status of failure.
        let denied = error_of(answer(status, r#"{"code":200,"data":{"list":[]}}"#));
        assert_eq!(denied.kind, kind);
    }
    assert_eq!(error_of(answer(403, r#"{"message":"no"}"#)).vendor_message.as_deref(), Some("no"));
}

#[test]
fn the_error_of_a_body_that_is_not_json_says_what_it_looks_like() {
    let html = |body: &str| HttpResponse {
        content_type: Some("text/html".to_owned()),
        ..answer(200, body)
    };
    for (answer, says) in [
        (html("<!doctype html><title>用户登录</title>"), "looks like a login page"),
        (html("\u{feff}\n <html><form><input type=password>"), "looks like a login page"),
        (html("<html><body>It works!</body></html>"), "web page, not JSON"),
        (answer(200, ""), "is empty"),
        (answer(204, ""), "is empty"),
        (answer(200, "   \r\n"), "is empty"),
        (answer(200, r#"[{"callJobId":1"#), "cut off after 15 bytes"),
        (answer(200, r#"{"code":200,}"#), "goes wrong at byte 12 of 13"),
        (answer(200, "ok"), "goes wrong at byte 0"),
    ] {
        let error = error_of(answer);
        assert_eq!(error.kind, ErrorKind::NotJson, "{error}");
        assert!(error.message.contains(says), "{error}");
        assert!(error.message.contains("HTTP 20"), "{error}");
    }
    assert!(error_of(html("<p>")).message.contains("text/html"));
}

#[test]
fn an_envelope_that_ends_early_is_a_failure_of_the_network_wherever_it_ends() {
    let whole = r#"{"code":200,"data":{"list":[{"callJobId":1,"jobName":"\u65b0\n"}]}}"#;
    for end in 1..whole.len() {
        for before in ["", "\u{feff}", " \r\n\t"] {
            let body = format!("{before}{}", &whole[..end]);
            let error = error_of(answer(200, &body));
            assert_eq!((error.kind, error.status), (ErrorKind::Network, Some(200)), "{body}");
            assert!(error.kind.is_retryable());
            let says = format!("cut off after {} bytes (HTTP 200", body.len());
            assert!(error.message.contains(&says), "{error}");
        }
    }
    // A status of failure says more than the end of its body.
    assert_eq!(error_of(answer(401, r#"{"code":4"#)).kind, ErrorKind::Unauthorized);
    assert_eq!(error_of(answer(502, r#"{"code":4"#)).kind, ErrorKind::Server);
}

#[test]
fn the_error_of_an_answer_that_is_nested_too_deep_says_so() {
    let deep = format!("{}{}", "[".repeat(97), "]".repeat(97));
    for (body, path) in [
        (deep.clone(), "code"),
        (format!(r#"{{"code":200,"data":{{"list":[{{"callJobId":1,"x":{deep}}}]}}}}"#), "data"),
    ] {
        let error = error_of(answer(200, &body));
        assert_eq!((error.kind, error.path.as_deref()), (ErrorKind::UnexpectedShape, Some(path)));
        assert!(error.message.contains("nested more than 96 deep"), "{error}");
    }
    // The depth matters only in the data, and only without another error.
    for (body, kind) in [
        (
            format!(r#"{{"errorStackTrace":{deep},"code":401,"data":null}}"#),
            ErrorKind::Unauthorized,
        ),
        (
            format!(r#"{{"errorStackTrace":{deep},"code":200,"data":7}}"#),
            ErrorKind::UnexpectedShape,
        ),
        (format!(r#"{{"code":200,"data":{deep}"#), ErrorKind::Network),
    ] {
        let error = error_of(answer(200, &body));
        assert_eq!(error.kind, kind, "{error}");
        assert!(!error.message.contains("96"), "{error}");
    }
}

#[test]
fn the_error_of_an_unexpected_shape_names_the_path() {
    for (body, path) in [
        ("[]", "code"),
        ("\"200\"", "code"),
        ("null", "code"),
        (r#"{"data":{"list":[]}}"#, "code"),
        (r#"{"code":"yes","data":{"list":[]}}"#, "code"),
        (r#"{"code":200,"data":null}"#, "data"),
        (r#"{"code":200}"#, "data"),
        (r#"{"code":200,"data":"none"}"#, "data"),
        (r#"{"code":200,"data":{"list":{}}}"#, "data.list"),
        (r#"{"code":200,"data":{"list":null,"total":3}}"#, "data.list"),
        (r#"{"code":200,"data":{"list":[7]}}"#, "data.list[0]"),
        (r#"{"code":200,"data":{"list":[{"callJobId":1},{}]}}"#, "data.list[1].callJobId"),
        (
            r#"{"code":200,"data":{"list":[{"callJobId":9007199254740993}]}}"#,
            "data.list[0].callJobId",
        ),
    ] {
        let error = error_of(answer(200, body));
        assert_eq!(error.kind, ErrorKind::UnexpectedShape, "{body}");
        assert_eq!(error.path.as_deref(), Some(path), "{body}");
        assert!(error.message.contains(path), "{error}");
    }
}

#[test]
fn an_envelope_under_any_content_type_is_read() {
    for content_type in [None, Some("text/html"), Some("text/plain;charset=GBK")] {
        let body = r#"{"code":"200","data":{"list":[]}}"#;
        let answer =
            HttpResponse { content_type: content_type.map(str::to_owned), ..answer(200, body) };
        let harness = Harness::new([Event::Answers(answer)]);
        let calls = crate::query("queryDoneTaskPhones", &json!({ "callJobId": 1 })).unwrap();
        let settings = Settings::default();
        let page = harness.clock.run(harness.client.call(&calls, &settings, &harness.caller));
        assert!(page.is_ok(), "{content_type:?}");
    }
}

#[test]
fn an_error_contains_nothing_private() {
    let trace = r#""errorStackTrace":"java.lang.Secret at db-internal-7""#;
    for (status, body) in [
        (200, "<html>OKetYT8T43OLLPeUHRnNLmy8A2Y= DemoAppKey000000 13900001234</html>".to_owned()),
        (500, "appkey DemoAppKey000000 is calling 139-0000-1234".to_owned()),
        (
            200,
            format!(
                r#"{{"code":401,"resultMsg":"sign OKetYT8T43OLLPeUHRnNLmy8A2Y= of 13900001234",{trace}}}"#
            ),
        ),
        (500, format!(r#"{{{trace},"code":500,"message":"DemoAppKey000000"}}"#)),
        (200, format!(r#"{{{trace},"phone":"+86 139 0000 1234"}}"#)),
        (500, format!("[{{{trace}}}]")),
        (
            200,
            format!(
                r#"{{"code":200,"data":{{"list":[{{"customerTelephone":"13900001234","{trace}"#
            ),
        ),
    ] {
        let error = error_of(answer(status, &body));
        let shown = format!("{error} {error:?} {:?} {:?}", error.vendor_message, error.path);
        for private in ["OKetYT8T", "DemoAppKey", "0000", "1234", "java.lang", "db-internal"] {
            assert!(!shown.contains(private), "{private} in {shown}");
        }
    }
}

#[test]
fn the_request_id_of_later_servers_is_kept() {
    let error = error_of(answer(200, r#"{"code":500,"data":null,"requestId":"r-42"}"#));
    assert_eq!(error.request_id.as_deref(), Some("r-42"));
}

#[test]
fn every_kind_has_a_code_of_its_own() {
    let mut codes: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), ErrorKind::ALL.len());
}
