//! Hooks are called for every attempt, and their failures do not break the call.

use super::{client, get_tasks, js, json};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn hooks_are_called_for_every_attempt() {
    let client = client(
        "(globalThis.seen = [], { baseUrl: 'https://robots.example', retry: { minDelay: 0 },
           fetch: async () => new Response('{\"code\":200,\"data\":[]}', { status: globalThis.seen.length < 3 ? 503 : 200 }),
           onRequest: (event) => globalThis.seen.push(['request', event]),
           onResponse: ({ durationMs, ...event }) => globalThis.seen.push(['response', durationMs >= 0, event]),
           onRetry: ({ error, ...event }) => globalThis.seen.push(['retry', error instanceof Error, error.code, error.attempts, event]) })",
    );
    get_tasks(&client, "undefined").await.unwrap();
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
async fn a_hook_that_throws_or_rejects_does_not_break_the_call() {
    let client = client(
        "{ fetch: async () => new Response('{\"code\":200,\"data\":[]}'),
           onRequest() { throw new Error('mine') }, onResponse() { throw 'mine' } }",
    );
    get_tasks(&client, "undefined").await.unwrap();
    // An unhandled rejection would end a Node process.
    let client = super::client(
        "{ fetch: async () => new Response('{\"code\":200,\"data\":[]}'), async onRequest() { throw 'late' } }",
    );
    get_tasks(&client, "undefined").await.unwrap();
}
