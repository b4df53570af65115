//! Signatures, refusals, CORS and paths of requests.

use byrobot_sandbox::{Options, Request, Sandbox, sign};
use serde_json::{Value, json};

use crate::asking::{API, TestSandbox, body, data};

const KEY: &str = "DemoAppKey000000";
const SECRET: &str = "DemoAppSecret0000000000000000";
const DATE: &str = "Thu, 13 Dec 2018 01:27:17 GMT";
const DATE_MS: i64 = 1_544_664_437_000;

#[test]
fn signatures_equal_the_vendors_example() {
    assert_eq!(sign(KEY, SECRET, DATE), "OKetYT8T43OLLPeUHRnNLmy8A2Y=");
}

fn signed(key: &str, date: &str, signature: &str, wall_ms: i64) -> Request {
    let mut request = Request::get(format!("{API}/getTasks?companyId=1"));
    for (name, value) in [("AppKey", key), ("datetime", date), ("Sign", signature)] {
        request.headers.push((name.into(), value.into()));
    }
    Request { wall_ms: Some(wall_ms), ..request }
}

#[test]
fn unsigned_or_wrongly_signed_requests_are_refused() {
    let sandbox = TestSandbox::new(Options { require_signature: true, ..Options::default() });
    let signature = sign(KEY, SECRET, DATE);
    let code = |request: Request| sandbox.answer(&request)["code"].as_u64().unwrap();
    assert_eq!(code(signed(KEY, DATE, &signature, DATE_MS)), 200);
    assert_eq!(code(signed(KEY, DATE, &sign(KEY, "wrong", DATE), DATE_MS)), 401);
    assert_eq!(code(signed(KEY, DATE, &format!("{signature}\n"), DATE_MS)), 401);
    assert_eq!(code(signed("Other", DATE, &sign("Other", SECRET, DATE), DATE_MS)), 403);
    assert_eq!(code(Request::get(format!("{API}/getTasks?companyId=1"))), 401);
    assert_eq!(code(signed(KEY, "yesterday", &sign(KEY, SECRET, "yesterday"), DATE_MS)), 408);
}

#[test]
fn a_signed_date_may_differ_from_the_clock_by_three_minutes() {
    let sandbox = TestSandbox::new(Options { require_signature: true, ..Options::default() });
    let signature = sign(KEY, SECRET, DATE);
    for (offset_ms, code) in
        [(0, 200), (180_000, 200), (-180_000, 200), (180_001, 408), (-180_001, 408)]
    {
        let answer = sandbox.answer(&signed(KEY, DATE, &signature, DATE_MS + offset_ms));
        assert_eq!(answer["code"], code, "{offset_ms}");
    }
    // Without a real clock, the virtual clock counts.
    let mut request = signed(KEY, DATE, &signature, 0);
    request.wall_ms = None;
    assert_eq!(sandbox.answer(&request)["code"], 408);
    let then = TestSandbox::new(Options {
        require_signature: true,
        now_ms: DATE_MS,
        ..Options::default()
    });
    assert_eq!(then.answer(&request)["code"], 200);
}

#[test]
fn the_date_header_shows_the_clock_that_checks_signatures() {
    let date = |options: Options| {
        let sandbox = Sandbox::new(options).unwrap();
        let response = sandbox.handle(&signed(KEY, DATE, "", DATE_MS));
        response.header("date").unwrap().to_owned()
    };
    assert_eq!(date(Options { require_signature: true, ..Options::default() }), DATE);
    assert_eq!(date(Options::default()), "Fri, 15 Mar 2024 02:30:00 GMT");
}

#[test]
fn refusals_have_the_envelope_with_code_and_cause() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(2);
    let refusals: [(Value, u64, &str); 16] = [
        (sandbox.get("getTasks"), 412, "companyId"),
        (sandbox.get("getTasks?companyId=one"), 412, "companyId"),
        (sandbox.get("getTasks?companyId=1&status=running"), 412, "status"),
        (sandbox.get("getTasks?companyId=1&createDate=%222017-10-19%22"), 412, "createDate"),
        (sandbox.get("getTaskDetail?companyId=1"), 412, "taskId"),
        (sandbox.get("getTaskDetail?companyId=1&taskId=1"), 404, "taskId"),
        (sandbox.get("phoneLogInfo?callInstanceId=1"), 404, "callInstanceId"),
        (sandbox.get("phoneLogInfo"), 412, "callInstanceId"),
        (sandbox.get("queryDoneTaskPhones?callJobId=1"), 404, "queryDoneTaskPhones"),
        (sandbox.get("getNothing"), 404, "getNothing"),
        (sandbox.post("getTasks", &json!({})), 404, "getTasks"),
        (sandbox.post("queryDoneTaskPhones", &json!({})), 412, "callJobId"),
        (sandbox.post("queryDoneTaskPhones", &json!([])), 412, "body"),
        (sandbox.post("queryDoneTaskPhones", &json!({ "callJobId": 1 })), 404, "callJobId"),
        (sandbox.post("notDialedCustomerList", &json!({ "taskId": 1.5 })), 412, "taskId"),
        (
            sandbox
                .post("queryDoneTaskPhones", &json!({ "callJobId": task, "resultQueryList": 10 })),
            412,
            "resultQueryList",
        ),
    ];
    for (answer, code, cause) in refusals {
        assert_eq!(answer["code"], code, "{answer}");
        assert!(answer["data"].is_null() && answer["resultMsg"].is_string(), "{answer}");
        assert!(answer["errorStackTrace"].as_str().unwrap().ends_with(cause), "{answer}");
    }
}

#[test]
fn a_body_must_be_json_with_a_json_content_type() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(2);
    let request =
        Request::post(format!("{API}/queryDoneTaskPhones"), format!("{{\"callJobId\":{task}"));
    assert_eq!(sandbox.answer(&request)["code"], 412);
    let mut request = Request::post(
        format!("{API}/queryDoneTaskPhones"),
        format!("{{\"callJobId\":\"{task}\"}}"),
    );
    assert_eq!(sandbox.answer(&request)["code"], 200, "numbers may come as text");
    request.headers = vec![("content-type".into(), "application/json;charset=UTF-8".into())];
    assert_eq!(sandbox.answer(&request)["code"], 200);
    request.headers = vec![("content-type".into(), "text/plain".into())];
    assert_eq!(sandbox.answer(&request)["code"], 412);
    request.headers.clear();
    assert_eq!(sandbox.answer(&request)["code"], 412);
}

#[test]
fn answers_have_a_content_type_and_unknown_paths_get_404() {
    let sandbox = TestSandbox::small();
    let response = sandbox.0.handle(&Request::get(format!("{API}/getTasks?companyId=1")));
    assert_eq!(response.header("content-type"), Some("application/json;charset=UTF-8"));
    let response = sandbox.0.handle(&Request::get("/elsewhere"));
    assert_eq!(response.status, 404);
}

#[test]
fn cors_headers_are_sent_only_with_the_option_cors() {
    let mut preflight = Request::get(format!("{API}/queryDoneTaskPhones"));
    preflight.method = "OPTIONS".into();
    for (name, value) in [
        ("origin", "http://page.test"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "appkey,datetime,sign,content-type"),
    ] {
        preflight.headers.push((name.into(), value.into()));
    }
    let cors = |response: &byrobot_sandbox::Response| {
        response.headers.iter().any(|(name, _)| name.starts_with("access-control-"))
    };
    let closed = TestSandbox::small();
    let response = closed.0.handle(&preflight);
    assert!(!cors(&response));
    assert_eq!(body(&response)["code"], 404);
    let open =
        TestSandbox::new(Options { cors: true, require_signature: true, ..Options::default() });
    let response = open.0.handle(&preflight);
    assert_eq!((response.status, response.body.len()), (204, 0));
    assert_eq!(response.header("access-control-allow-origin"), Some("*"));
    let allowed = response.header("access-control-allow-headers");
    assert_eq!(allowed, Some("appkey,datetime,sign,content-type"));
    let response = open.0.handle(&Request::get(format!("{API}/getTasks")));
    assert!(cors(&response), "a refusal too can be read");
}

#[test]
fn below_any_path_prefix_answers_are_the_same_and_recording_links_keep_the_prefix() {
    let sandbox = TestSandbox::small();
    let send = |base: &str| {
        let url = format!("{base}{API}/getTasks?companyId=1");
        body(&sandbox.0.handle(&Request::get(url)))
    };
    assert_eq!(send("http://page.test/byrobot"), send(""));
    let task = sandbox.task_in(2);
    let query = format!("{{\"callJobId\":{task},\"finishStatus\":0}}");
    let url = format!("http://page.test/a/b{API}/queryDoneTaskPhones");
    let page = data(body(&sandbox.0.handle(&Request::post(url, query))));
    let link = page["list"][0]["luyinOssUrl"].as_str().unwrap().to_owned();
    assert!(link.starts_with("http://page.test/a/b/recordings/"), "{link}");
    assert_eq!(sandbox.0.handle(&Request::get(link)).status, 200);
    for path in ["/byrobot/openapi/v1/task/getTasks/", "/openapi/v1/task/x/getTasks"] {
        assert_eq!(body(&sandbox.0.handle(&Request::get(path)))["code"], 404);
    }
}
