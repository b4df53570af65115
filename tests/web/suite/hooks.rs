//! Hooks see what happens, and cannot break it.

use super::{ask, client, js, json};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn they_see_every_attempt() {
    let client = client(
        "(globalThis.seen = [], { baseUrl: 'https://robots.example', retry: { minDelay: 0 },
           fetch: async () => new Response('{\"code\":200,\"data\":[]}', { status: globalThis.seen.length < 3 ? 503 : 200 }),
           onRequest: (event) => globalThis.seen.push(['request', event]),
           onResponse: ({ durationMs, ...event }) => globalThis.seen.push(['response', durationMs >= 0, event]),
           onRetry: ({ error, ...event }) => globalThis.seen.push(['retry', error instanceof Error, error.code, error.attempts, event]) })",
    );
    ask(&client, "undefined").await.unwrap();
    let event = |attempt| {
        format!(
            r#""id":"call-1","endpoint":"getTasks","method":"GET","url":"https://robots.example/openapi/v1/task/getTasks","attempt":{attempt}"#
        )
    };
    let expected = format!(
        r#"[["request",{{{}}}],["response",true,{{{},"status":503}}],["retry",true,"server",1,{{{},"delayMs":0}}],["request",{{{}}}],["response",true,{{{},"status":200}}]]"#,
        event(1),
        event(1),
        event(1),
        event(2),
        event(2)
    );
    assert_eq!(json(&js("globalThis.seen")), expected);
}

#[wasm_bindgen_test]
async fn one_that_throws_breaks_nothing() {
    let client = client(
        "{ fetch: async () => new Response('{\"code\":200,\"data\":[]}'),
           onRequest() { throw new Error('mine') }, onResponse() { throw 'mine' } }",
    );
    ask(&client, "undefined").await.unwrap();
    // Nor one that rejects: unhandled, that would end a Node process.
    let client = super::client(
        "{ fetch: async () => new Response('{\"code\":200,\"data\":[]}'), async onRequest() { throw 'late' } }",
    );
    ask(&client, "undefined").await.unwrap();
}
