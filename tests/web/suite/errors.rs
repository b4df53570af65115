//! Every kind of error of a call is an `Error` object of JavaScript.

use super::{error_with, get, js, json, number, text};
use byrobot_calls::error::ErrorKind;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// The kinds of lists and snapshots, which a call cannot have, and those that are tested in
/// `tests/package/memory.test.mjs` and `tests/package/panic.test.mjs`.
const ELSEWHERE: [ErrorKind; 4] =
    [ErrorKind::PagingUnstable, ErrorKind::Snapshot, ErrorKind::OutOfMemory, ErrorKind::Internal];

fn respond(body: &str, status: u16) -> String {
    format!("{{ retry: false, fetch: async () => new Response({body}, {{ status: {status} }}) }}")
}

#[wasm_bindgen_test]
async fn every_kind_of_error_is_an_error_object() {
    for kind in ErrorKind::ALL.into_iter().filter(|kind| !ELSEWHERE.contains(kind)) {
        let options = match kind {
            ErrorKind::Network => {
                "{ retry: false, fetch: async () => { throw new TypeError('Failed to fetch') } }"
                    .into()
            }
            ErrorKind::Timeout => {
                "{ retry: false, timeout: 5, fetch: () => new Promise(() => {}) }".into()
            }
            ErrorKind::Unauthorized => respond("''", 401),
            ErrorKind::Forbidden => respond("''", 403),
            ErrorKind::NotFound => respond("''", 404),
            ErrorKind::RateLimited => respond("''", 429),
            ErrorKind::ClockSkew => respond("'{\"code\":408}'", 200),
            ErrorKind::RejectedParameters => respond("'{\"code\":412}'", 200),
            ErrorKind::Server => respond("''", 503),
            ErrorKind::Vendor => respond("'{\"code\":999}'", 200),
            ErrorKind::Http => respond("''", 418),
            ErrorKind::NotJson => respond("'<html>'", 200),
            ErrorKind::UnexpectedShape => respond("'{\"code\":200}'", 200),
            ErrorKind::Headers => "{ headers: () => { throw 1 } }".into(),
            ErrorKind::Fetch => "{ fetch: () => { throw new TypeError('x') } }".into(),
            ErrorKind::InvalidArgument => {
                "{ baseUrl: '', fetch: async () => 1, headers: {}, timeout: 1e3 }".into()
            }
            ErrorKind::PagingUnstable
            | ErrorKind::Snapshot
            | ErrorKind::OutOfMemory
            | ErrorKind::Internal => continue,
        };
        let error = if kind == ErrorKind::InvalidArgument {
            let client = super::client(&options);
            let promise = client.call("getTasks", &js("{}"), &JsValue::UNDEFINED);
            wasm_bindgen_futures::JsFuture::from(promise).await.unwrap_err()
        } else {
            error_with(&options).await
        };
        assert!(error.is_instance_of::<js_sys::Error>(), "{kind:?}");
        assert_eq!(text(&error, "name"), "ByrobotError");
        assert_eq!(text(&error, "code"), kind.code());
        assert_eq!(get(&error, "retryable"), JsValue::from_bool(kind.is_retryable()));
        assert!(text(&error, "message").starts_with("getTasks: "), "{}", text(&error, "message"));
        assert!(text(&error, "stack").len() > 10);
        assert_eq!(text(&error, "endpoint"), "getTasks");
        for field in
            ["url", "status", "vendorCode", "vendorMessage", "requestId", "path", "retryAfterMs"]
        {
            assert!(!get(&error, field).is_undefined(), "{kind:?} has no {field}");
        }
        let sent = kind != ErrorKind::InvalidArgument;
        assert!((number(&error, "attempts") - f64::from(u8::from(sent))).abs() < 0.5, "{kind:?}");
    }
}

#[wasm_bindgen_test]
async fn the_promise_settles_for_any_behaviour_of_fetch() {
    for (fetch, code, cause) in [
        (
            "async () => { throw new TypeError('fetch failed') }",
            "network",
            "TypeError: fetch failed",
        ),
        ("() => { throw new TypeError('Load failed') }", "network", "TypeError: Load failed"),
        ("async () => { throw new TypeError('a mistake') }", "fetch", "TypeError: a mistake"),
        ("() => { throw 'at once' }", "fetch", "at once"),
        ("() => Promise.reject('a string')", "fetch", "a string"),
        ("() => Promise.reject(undefined)", "fetch", "undefined"),
        ("() => Promise.reject({ then: 1 })", "fetch", "[object Object]"),
        ("() => Promise.reject({ get message() { throw 1 } })", "fetch", "[object Object]"),
        ("() => undefined", "fetch", "null"),
        ("async () => 42", "fetch", "null"),
        ("async () => ({ status: 200 })", "fetch", "null"),
        ("async () => ({ get status() { throw 1 } })", "fetch", "null"),
        ("async () => Response.error()", "network", "null"),
        (
            "async () => ({ status: 200, headers: 5, arrayBuffer: async () => { throw 'no body' } })",
            "network",
            "no body",
        ),
    ] {
        let error = error_with(&format!("{{ retry: false, fetch: {fetch} }}")).await;
        assert_eq!(text(&error, "code"), code, "{fetch}");
        let show = js("(error) => String(error.cause)").unchecked_into::<js_sys::Function>();
        let shown = show.call1(&JsValue::NULL, &error).unwrap();
        assert_eq!(shown.as_string().as_deref(), Some(cause), "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn an_interrupted_body_is_network_in_every_engine() {
    // Firefox replaces the error of the stream by its own error.
    let fetch = "async () => new Response(new ReadableStream({ start: (body) => body.error(new TypeError('gone')) }))";
    let error = error_with(&format!("{{ retry: false, fetch: {fetch} }}")).await;
    assert_eq!(text(&error, "code"), "network");
    assert!(get(&error, "cause").is_instance_of::<js_sys::Error>());
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_network_in_every_engine() {
    // No server listens on this port. Each engine has its own error for it.
    let options = "baseUrl: 'http://127.0.0.1:9198', retry: { attempts: 2, minDelay: 0 }";
    for fetch in ["undefined", "(...request) => fetch(...request)"] {
        let error = error_with(&format!("{{ {options}, fetch: {fetch} }}")).await;
        assert_eq!(text(&error, "code"), "network", "{fetch}");
        assert!((number(&error, "attempts") - 2.0).abs() < 0.5, "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn an_error_survives_json_without_anything_private() {
    let error = error_with(
        "{ retry: false, headers: { appkey: 'DemoAppKey000000', sign: 'OKetYT8T43OLLPeUHRnNLmy8A2Y=' },
           fetch: async (_, { headers }) => new Response(JSON.stringify({ code: 401, errorStackTrace: 'at db-7',
             resultMsg: `${headers.sign} of 13900001234 is wrong` })) }",
    )
    .await;
    let shown = format!("{} {} {}", json(&error), text(&error, "message"), text(&error, "stack"));
    for private in ["OKetYT8T", "DemoAppKey", "13900001234", "db-7"] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
    assert!(json(&error).contains("\"code\":\"unauthorized\""));
}
