//! Aborted calls: they reject with the caller's reason and leave no listener and no request.

use super::{client, get, get_tasks, js, number, object};
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// A controller whose signal counts its listeners.
const COUNTED: &str = "(() => {
    const controller = new AbortController();
    const { signal } = controller;
    signal.listeners = 0;
    for (const [name, step] of [['addEventListener', 1], ['removeEventListener', -1]]) {
        const original = signal[name].bind(signal);
        signal[name] = (...all) => { signal.listeners += step; original(...all) };
    }
    return controller;
})()";

/// A server that never answers, and counts the aborted requests.
const SILENT: &str =
    "(globalThis.aborted = 0, { fetch: (_, { signal }) => new Promise((_, reject) => {
    signal.addEventListener('abort', () => { globalThis.aborted += 1; reject(signal.reason) });
}) })";

fn with_signal(signal: &JsValue) -> JsValue {
    let options = object("{}");
    Reflect::set(&options, &JsValue::from_str("signal"), signal).unwrap();
    options.into()
}

fn abort(controller: &JsValue, reason: &JsValue) {
    let method: Function = get(controller, "abort").unchecked_into();
    method.call1(controller, reason).unwrap();
}

#[wasm_bindgen_test]
async fn an_aborted_call_rejects_with_the_reason_of_the_signal() {
    for reason in ["new Error('user left')", "'a string'", "null", "0", "{ custom: true }"] {
        let reason = js(reason);
        let client = client(SILENT);
        let controller = js(COUNTED);
        let options = with_signal(&get(&controller, "signal"));
        let call = JsFuture::from(client.call("getTasks", &js("{ companyId: 1 }"), &options));
        JsFuture::from(js_sys::Promise::<JsValue>::resolve(&JsValue::NULL)).await.unwrap();
        abort(&controller, &reason);
        let given = call.await.unwrap_err();
        assert!(js_sys::Object::is(&given, &reason), "{given:?}");
    }
}

#[wasm_bindgen_test]
async fn without_a_reason_an_aborted_call_rejects_with_abort_error() {
    let client = client(SILENT);
    let given = get_tasks(&client, "{ signal: AbortSignal.abort() }").await.unwrap_err();
    assert_eq!(super::text(&given, "name"), "AbortError");
    // The signal was aborted before the call, so no request was sent.
    assert_eq!(js("globalThis.aborted"), JsValue::from_f64(0.0));
}

#[wasm_bindgen_test]
async fn a_thousand_aborted_calls_leave_no_listener_and_no_request() {
    let client = client(SILENT);
    let controller = js(COUNTED);
    let signal = get(&controller, "signal");
    let options = with_signal(&signal);
    let query = js("{ companyId: 1 }");
    let calls: Vec<JsFuture> =
        (0..1000).map(|_| JsFuture::from(client.call("getTasks", &query, &options))).collect();
    JsFuture::from(
        js("new Promise((done) => setTimeout(done, 5))").unchecked_into::<js_sys::Promise>(),
    )
    .await
    .unwrap();
    assert!((number(&signal, "listeners") - 1.0).abs() < 0.5, "all calls share one listener");
    abort(&controller, &JsValue::from_str("enough"));
    for call in calls {
        assert_eq!(call.await.unwrap_err(), JsValue::from_str("enough"));
    }
    assert!(number(&signal, "listeners").abs() < 0.5, "{} left", number(&signal, "listeners"));
    // Six requests were in flight, the other calls waited for a slot.
    assert_eq!(js("globalThis.aborted"), JsValue::from_f64(6.0));
}

#[wasm_bindgen_test]
async fn a_call_that_is_answered_leaves_no_listener() {
    let controller = js(COUNTED);
    let signal = get(&controller, "signal");
    let client = super::answering("'{\"code\":200,\"data\":[]}'");
    let call = client.call("getTasks", &js("{ companyId: 1 }"), &with_signal(&signal));
    JsFuture::from(call).await.unwrap();
    assert!(number(&signal, "listeners").abs() < 0.5);
}

#[wasm_bindgen_test]
async fn a_wait_for_the_next_attempt_is_aborted_at_once() {
    let client = client(
        "{ retry: { attempts: 2, minDelay: 1e9, maxDelay: 1e9 }, fetch: async () => { throw new TypeError('Failed to fetch') },
           onRetry: () => setTimeout(() => globalThis.controller.abort('no more'), 1) }",
    );
    js("globalThis.controller = new AbortController()");
    let given = get_tasks(&client, "{ signal: globalThis.controller.signal }").await.unwrap_err();
    assert_eq!(given, JsValue::from_str("no more"));
}

#[wasm_bindgen_test]
async fn the_signal_of_the_client_and_that_of_the_call_both_abort() {
    for (of_client, of_call) in [
        ("AbortSignal.abort('client')", "new AbortController().signal"),
        ("new AbortController().signal", "AbortSignal.abort('call')"),
    ] {
        let client = client(&format!("{{ fetch: async () => 1, signal: {of_client} }}"));
        let given = get_tasks(&client, &format!("{{ signal: {of_call} }}")).await.unwrap_err();
        assert!(matches!(given.as_string().as_deref(), Some("client" | "call")), "{given:?}");
    }
}
