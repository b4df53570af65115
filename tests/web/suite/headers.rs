//! The caller's headers: every form is accepted, sources are called for each attempt, and errors do not show them.

use super::{client, error_with, get_tasks, json, text};
use wasm_bindgen_test::wasm_bindgen_test;

/// The headers that the server receives, as sorted pairs.
async fn received(options: &str, call_options: &str) -> String {
    let client = client(&format!(
        "{{ {options} fetch: async (_, init) => new Response(JSON.stringify({{ code: 200,
            data: [{{ callJobId: 1, seen: Object.entries(init.headers).sort().map(([name, value]) => `${{name}}=${{value}}`).join(' ') }}] }})) }}"
    ));
    let page = get_tasks(&client, call_options).await.unwrap();
    let list = js_sys::Array::from(&super::get(&page, "list"));
    text(&super::get(&list.get(0), "extra"), "seen")
}

#[wasm_bindgen_test]
async fn no_headers_are_sent_by_default() {
    assert_eq!(received("", "undefined").await, "");
}

#[wasm_bindgen_test]
async fn every_form_of_headers_is_sent() {
    for form in [
        "{ 'X-A': '1', 'x-b': '2', 'x-c': undefined, 'x-d': null }",
        "[['x-a', '1'], ['x-b', '2']]",
        "new Headers({ 'x-a': '1', 'x-b': '2' })",
        "new Map([['x-a', '1'], ['x-b', '2']])",
        "() => ({ 'x-a': '1', 'x-b': '2' })",
        "async () => [['x-a', '1'], ['x-b', '2']]",
    ] {
        let seen = received(&format!("headers: {form},"), "undefined").await;
        assert_eq!(seen, "x-a=1 x-b=2", "{form}");
    }
}

#[wasm_bindgen_test]
async fn the_calls_headers_replace_the_clients() {
    let seen =
        received("headers: { 'X-A': '1', 'x-b': '2' },", "{ headers: { 'x-a': '3' } }").await;
    assert_eq!(seen, "x-a=3 x-b=2");
}

#[wasm_bindgen_test]
async fn a_header_source_is_called_for_every_attempt() {
    let client = client(
        "(globalThis.asked = 0, { retry: { minDelay: 1 }, headers: async () => ({ 'x-n': String(++globalThis.asked) }),
           fetch: async (_, init) => new Response(JSON.stringify(init.headers['x-n'] === '2'
             ? { code: 200, data: [] } : { code: 408 })) })",
    );
    get_tasks(&client, "undefined").await.unwrap();
    assert_eq!(super::js("globalThis.asked"), 2);
}

#[wasm_bindgen_test]
async fn an_invalid_header_is_refused_and_not_shown() {
    for headers in [
        "{ 'x-a': 's3cret\\nvalue' }",
        "{ 'x-a': 's3cret\\u6f22' }",
        "{ 'bad name': 's3cret' }",
        "{ 'x-a': { s3cret: 1 } }",
        "[['x-a']].concat([['s3cret value with no name', Symbol.iterator]])",
        "[1, 2]",
        "() => 's3cret'",
        "() => 5",
        "async () => { throw new Error('vault is closed') }",
    ] {
        let error =
            error_with(&format!("{{ headers: {headers}, fetch: async () => {{ throw 1 }} }}"))
                .await;
        assert_eq!(text(&error, "code"), "headers", "{headers}");
        let shown = format!("{} {}", json(&error), text(&error, "message"));
        assert!(!shown.contains("s3cret\nvalue") && !shown.contains("vault"), "{shown}");
        let cause = super::get(&error, "cause");
        let shown = if cause.is_object() { text(&cause, "message") } else { String::new() };
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
