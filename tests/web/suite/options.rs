//! Options and queries are checked before anything is sent. The error's path names the invalid value.

use super::{client, js, text};
use byrobot_calls::wasm::{WasmClient, label};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn client_options_are_checked() {
    for (options, path) in [
        ("5", "options"),
        ("'https://robots.example'", "options"),
        ("[]", "options"),
        ("{ baseurl: 'https://robots.example' }", "baseurl"),
        ("{ appSecret: 'x' }", "appSecret"),
        ("{ app_SECRET: 'x' }", "app_SECRET"),
        ("{ baseUrl: 5 }", "baseUrl"),
        ("{ baseUrl: 'ftp://robots.example' }", "baseUrl"),
        ("{ credentials: 'all' }", "credentials"),
        ("{ fetch: 'fetch' }", "fetch"),
        ("{ maxConcurrency: 0 }", "maxConcurrency"),
        ("{ maxConcurrency: 1.5 }", "maxConcurrency"),
        ("{ timeout: 0 }", "timeout"),
        ("{ timeout: -1 }", "timeout"),
        ("{ timeout: NaN }", "timeout"),
        ("{ timeout: '1000' }", "timeout"),
        ("{ totalTimeout: 2 ** 31 }", "totalTimeout"),
        ("{ retry: true }", "retry"),
        ("{ retry: { attempts: 0 } }", "retry.attempts"),
        ("{ retry: { minDelay: -1 } }", "retry.minDelay"),
        ("{ headers: 'x: y' }", "headers"),
        ("{ signal: true }", "signal"),
        ("{ onRequest: {} }", "onRequest"),
        ("{ get timeout() { throw new Error('hostile') } }", "timeout"),
    ] {
        let error = WasmClient::new(&js(options)).err().expect(options);
        assert_eq!(text(&error, "code"), "invalid_argument", "{options}");
        assert_eq!(text(&error, "path"), path, "{options}");
        assert!(error.is_instance_of::<js_sys::Error>());
    }
    for options in ["undefined", "null", "{}", "{ timeout: Infinity, retry: null, signal: null }"] {
        client(options);
    }
}

#[wasm_bindgen_test]
async fn call_options_are_checked_and_a_query_librarys_context_is_not() {
    let client = super::answering("'{\"code\":200,\"data\":[]}'");
    for (options, path) in [
        ("5", "options"),
        ("{ timeout: 'soon' }", "timeout"),
        ("{ signal: {} }", "signal"),
        ("{ retry: { attempts: 1e9 } }", "retry.attempts"),
    ] {
        let error = super::get_tasks(&client, options).await.unwrap_err();
        assert_eq!(
            (text(&error, "code"), text(&error, "path")),
            ("invalid_argument".into(), path.into())
        );
    }
    let context = "{ signal: new AbortController().signal, queryKey: ['tasks'], meta: undefined, pageParam: 1 }";
    super::get_tasks(&client, context).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_hostile_query_is_refused_and_nothing_is_sent() {
    let client = client("{ fetch: () => { globalThis.sent = true; throw 1 } }");
    js("globalThis.sent = false");
    for (query, path) in [
        ("undefined", "query"),
        ("5", "query"),
        ("[]", "query"),
        ("() => {}", "query"),
        ("{ companyId: Symbol() }", "query"),
        ("{ companyId: 1n }", "query"),
        ("{ get companyId() { throw new Error('hostile') } }", "query"),
        ("new Proxy({}, { ownKeys() { throw new Error('hostile') } })", "query"),
        ("(() => { const loop = { companyId: 1 }; loop.self = loop; return loop })()", "query"),
        ("{}", "companyId"),
        ("{ companyId: null }", "companyId"),
        ("{ companyId: '1' }", "companyId"),
        ("{ companyId: NaN }", "companyId"),
        ("{ companyId: 2 ** 53 }", "companyId"),
        ("{ companyId: 1.5 }", "companyId"),
        ("{ companyId: -1 }", "companyId"),
        ("{ companyId: 1, status: '1' }", "status"),
        ("{ companyId: 1, pagenum: 1 }", "pagenum"),
        ("{ companyId: 1, createDate: '2023-02-29' }", "createDate"),
    ] {
        let promise = client.call("getTasks", &js(query), &JsValue::UNDEFINED);
        let error = JsFuture::from(promise).await.unwrap_err();
        assert_eq!(text(&error, "code"), "invalid_argument", "{query}");
        assert_eq!(text(&error, "path"), path, "{query}");
    }
    assert_eq!(js("globalThis.sent"), JsValue::FALSE);
}

#[wasm_bindgen_test]
fn labels_are_given_in_two_languages() {
    let label = |table: &str, code: &str, language: &str| {
        label(&js(table), &js(code), &js(language)).map_err(|error| text(&error, "path"))
    };
    assert_eq!(label("'finishStatus'", "0", "undefined").unwrap(), "已接");
    assert_eq!(label("'finishStatus'", "0", "'en'").unwrap(), "answered");
    assert_eq!(label("'finishStatus'", "37", "'zh'").unwrap(), "未知(37)");
    assert_eq!(label("'speaker'", "'ME'", "'en'").unwrap(), "customer");
    assert_eq!(label("'jobStatus'", "null", "'en'").unwrap(), "unknown");
    assert_eq!(label("'finish'", "0", "'en'").unwrap_err(), "table");
    assert_eq!(label("'finishStatus'", "{}", "'en'").unwrap_err(), "code");
    assert_eq!(label("'finishStatus'", "0", "'fr'").unwrap_err(), "language");
}
