//! Answers become plain objects.

use super::{answering, client, get, get_tasks, js, json};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn an_answer_is_plain_and_json_safe() {
    let client = answering(
        r#"`{"code":200,"data":{"pageNum":1,"pageSize":10,"size":1,"list":[{"callJobId":"66","jobName":"测试任务",
        "status":99,"totalCount":null,"novelty":{"__proto__":{"x":1},"big":9007199254740993,"ratio":0.1}}]}}`"#,
    );
    let page = get_tasks(&client, "undefined").await.unwrap();
    let row = Array::from(&get(&page, "list")).get(0);
    assert_eq!(get(&row, "callJobId"), JsValue::from_f64(66.0));
    assert_eq!(get(&row, "jobName").as_string().as_deref(), Some("测试任务"));
    assert_eq!(get(&row, "status"), JsValue::from_f64(99.0));
    assert!(get(&row, "totalCount").is_null() && get(&row, "breakStartTime").is_null());
    assert!(get(&page, "total").is_null());
    let novelty = get(&get(&row, "extra"), "novelty");
    // A number that JavaScript would round keeps its digits as text. `__proto__` is an ordinary property.
    let seen = r#"{"__proto__":{"x":1},"big":"9007199254740993","ratio":0.1}"#;
    assert_eq!(json(&novelty), seen);
    assert!(get(&novelty, "x").is_undefined());
    let plain = Object::get_prototype_of(&page) == Object::get_prototype_of(&Object::new());
    assert!(plain && json(&page).contains("测试任务"));
}

#[wasm_bindgen_test]
async fn each_endpoint_gets_its_request() {
    let client = client(
        "{ baseUrl: 'https://robots.example/', retry: false, fetch: async (url, init) => {
            const request = new Request(url, init);
            const seen = `${request.method} ${request.url} ${await request.text()}`;
            return new Response(JSON.stringify({ code: 404, resultMsg: seen }));
        } }",
    );
    let none = JsValue::UNDEFINED;
    let base = "https://robots.example/openapi/v1/task/";
    for (promise, request) in [
        (
            client.call("getTasks", &js("{ companyId: 1, taskName: '回访 & co', pageSize: 100 }"), &none),
            format!("GET {base}getTasks?companyId=1&taskName=%E5%9B%9E%E8%AE%BF%20%26%20co&pageSize=100 "),
        ),
        (
            client.call("getTaskDetail", &js("{ companyId: 1, taskId: 19 }"), &none),
            format!("GET {base}getTaskDetail?companyId=1&taskId=19 "),
        ),
        (
            client.call(
                "queryDoneTaskPhones",
                &js("{ callJobId: 62, resultQueryList: [{ name: '客户意向等级', value: 'A级(较强)' }] }"),
                &none,
            ),
            format!(
                "POST {base}queryDoneTaskPhones {}",
                r#"{"callJobId":62,"resultQueryList":[{"name":"客户意向等级","value":"A级(较强)"}]}"#
            ),
        ),
        (
            client.call("notDialedCustomerList", &js("{ taskId: 21767, pageNum: 2 }"), &none),
            format!(r#"POST {base}notDialedCustomerList {{"pageNum":2,"taskId":21767}}"#),
        ),
        (
            client.call("phoneLogInfo", &js("{ callInstanceId: 3887178818710 }"), &none),
            format!("GET {base}phoneLogInfo?callInstanceId=3887178818710 "),
        ),
    ] {
        let error = JsFuture::from(promise).await.unwrap_err();
        // The vendor's message is redacted (ids and the long body), so the redacted texts are compared.
        let seen = super::text(&error, "vendorMessage");
        let redacted = byrobot_calls::redact::redact(&request, &[]);
        assert_eq!(seen, redacted);
    }
}

#[wasm_bindgen_test]
async fn a_response_of_another_realm_or_a_mock_is_read() {
    let client = client(
        "{ fetch: async () => ({ status: 200, headers: { get: () => null }, arrayBuffer: async () =>
            new TextEncoder().encode('{\"code\":200,\"data\":[]}').buffer }) }",
    );
    let page = get_tasks(&client, "undefined").await.unwrap();
    assert_eq!(json(&get(&page, "list")), "[]");
}

#[wasm_bindgen_test]
async fn the_fetch_of_a_browser_gets_a_request_and_any_other_one_a_url_and_options() {
    js("globalThis.seen = { fetch: globalThis.fetch, given: [] }");
    js("globalThis.fetch = async (...given) => {
        globalThis.seen.given.push(...given.map((one) => one.constructor.name));
        return new Response('{\"code\":200,\"data\":[]}');
    }");
    let answer = get_tasks(&client("{ baseUrl: 'https://robots.example/' }"), "undefined").await;
    let seen = js("globalThis.seen");
    Reflect::set(&js_sys::global(), &JsValue::from_str("fetch"), &get(&seen, "fetch")).unwrap();
    assert_eq!(json(&get(&answer.unwrap(), "list")), "[]");
    let browser = js("typeof document !== 'undefined' || typeof WorkerGlobalScope !== 'undefined'");
    let expected = if browser.is_truthy() { r#"["Request"]"# } else { r#"["String","Object"]"# };
    assert_eq!(json(&get(&seen, "given")), expected);
}
