//! Signed and unsigned requests, and the answers to wrong ones.

use byrobot_sandbox::{Options, Request, Sandbox, sign};
use serde_json::{Value, json};

use crate::asking::{API, Vendor, body, data};

const KEY: &str = "DemoAppKey000000";
const SECRET: &str = "DemoAppSecret0000000000000000";
const DATE: &str = "Thu, 13 Dec 2018 01:27:17 GMT";
const DATE_MS: i64 = 1_544_664_437_000;

#[test]
fn signatures_are_the_vendors() {
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
fn only_the_signed_may_ask() {
    let vendor = Vendor::new(Options { require_signature: true, ..Options::default() });
    let right = sign(KEY, SECRET, DATE);
    let code = |request: Request| vendor.answer(&request)["code"].as_u64().unwrap();
    assert_eq!(code(signed(KEY, DATE, &right, DATE_MS)), 200);
    assert_eq!(code(signed(KEY, DATE, &sign(KEY, "wrong", DATE), DATE_MS)), 401);
    assert_eq!(code(signed(KEY, DATE, &format!("{right}\n"), DATE_MS)), 401);
    assert_eq!(code(signed("Other", DATE, &sign("Other", SECRET, DATE), DATE_MS)), 403);
    assert_eq!(code(Request::get(format!("{API}/getTasks?companyId=1"))), 401);
    assert_eq!(code(signed(KEY, "yesterday", &sign(KEY, SECRET, "yesterday"), DATE_MS)), 408);
}

#[test]
fn the_clock_may_be_three_minutes_off() {
    let vendor = Vendor::new(Options { require_signature: true, ..Options::default() });
    let right = sign(KEY, SECRET, DATE);
    for (off, code) in [(0, 200), (180_000, 200), (-180_000, 200), (180_001, 408), (-180_001, 408)]
    {
        let answer = vendor.answer(&signed(KEY, DATE, &right, DATE_MS + off));
        assert_eq!(answer["code"], code, "{off}");
    }
    // Without a real clock, the virtual one counts.
    let mut request = signed(KEY, DATE, &right, 0);
    request.wall_ms = None;
    assert_eq!(vendor.answer(&request)["code"], 408);
    let then =
        Vendor::new(Options { require_signature: true, now_ms: DATE_MS, ..Options::default() });
    assert_eq!(then.answer(&request)["code"], 200);
}

#[test]
fn the_date_header_is_the_clock_that_signatures_are_measured_by() {
    let date = |options: Options| {
        let sandbox = Sandbox::new(options).unwrap();
        let response = sandbox.handle(&signed(KEY, DATE, "", DATE_MS));
        response.header("date").unwrap().to_owned()
    };
    assert_eq!(date(Options { require_signature: true, ..Options::default() }), DATE);
    assert_eq!(date(Options::default()), "Fri, 15 Mar 2024 02:30:00 GMT");
}

#[test]
fn refusals_come_in_the_envelope() {
    let vendor = Vendor::small();
    let task = vendor.task_in(2);
    let refusals: [(Value, u64, &str); 16] = [
        (vendor.get("getTasks"), 412, "companyId"),
        (vendor.get("getTasks?companyId=one"), 412, "companyId"),
        (vendor.get("getTasks?companyId=1&status=running"), 412, "status"),
        (vendor.get("getTasks?companyId=1&createDate=%222017-10-19%22"), 412, "createDate"),
        (vendor.get("getTaskDetail?companyId=1"), 412, "taskId"),
        (vendor.get("getTaskDetail?companyId=1&taskId=1"), 404, "taskId"),
        (vendor.get("phoneLogInfo?callInstanceId=1"), 404, "callInstanceId"),
        (vendor.get("phoneLogInfo"), 412, "callInstanceId"),
        (vendor.get("queryDoneTaskPhones?callJobId=1"), 404, "queryDoneTaskPhones"),
        (vendor.get("getPhones"), 404, "getPhones"),
        (vendor.post("getTasks", &json!({})), 404, "getTasks"),
        (vendor.post("queryDoneTaskPhones", &json!({})), 412, "callJobId"),
        (vendor.post("queryDoneTaskPhones", &json!([])), 412, "body"),
        (vendor.post("queryDoneTaskPhones", &json!({ "callJobId": 1 })), 404, "callJobId"),
        (vendor.post("notDialedCustomerList", &json!({ "taskId": 1.5 })), 412, "taskId"),
        (
            vendor
                .post("queryDoneTaskPhones", &json!({ "callJobId": task, "resultQueryList": 10 })),
            412,
            "resultQueryList",
        ),
    ];
    for (answer, code, culprit) in refusals {
        assert_eq!(answer["code"], code, "{answer}");
        assert!(answer["data"].is_null() && answer["resultMsg"].is_string(), "{answer}");
        assert!(answer["errorStackTrace"].as_str().unwrap().ends_with(culprit), "{answer}");
    }
}

#[test]
fn a_body_must_be_json_and_say_so() {
    let vendor = Vendor::small();
    let task = vendor.task_in(2);
    let request =
        Request::post(format!("{API}/queryDoneTaskPhones"), format!("{{\"callJobId\":{task}"));
    assert_eq!(vendor.answer(&request)["code"], 412);
    let mut request = Request::post(
        format!("{API}/queryDoneTaskPhones"),
        format!("{{\"callJobId\":\"{task}\"}}"),
    );
    assert_eq!(vendor.answer(&request)["code"], 200, "numbers may come as text");
    request.headers = vec![("content-type".into(), "application/json;charset=UTF-8".into())];
    assert_eq!(vendor.answer(&request)["code"], 200);
    request.headers = vec![("content-type".into(), "text/plain".into())];
    assert_eq!(vendor.answer(&request)["code"], 412);
    request.headers.clear();
    assert_eq!(vendor.answer(&request)["code"], 412);
}

#[test]
fn answers_say_what_they_are() {
    let vendor = Vendor::small();
    let response = vendor.0.handle(&Request::get(format!("{API}/getTasks?companyId=1")));
    assert_eq!(response.header("content-type"), Some("application/json;charset=UTF-8"));
    let response = vendor.0.handle(&Request::get("/elsewhere"));
    assert_eq!(response.status, 404);
}

#[test]
fn other_origins_may_read_only_if_asked_for() {
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
    let closed = Vendor::small();
    let response = closed.0.handle(&preflight);
    assert!(!cors(&response));
    assert_eq!(body(&response)["code"], 404);
    let open = Vendor::new(Options { cors: true, require_signature: true, ..Options::default() });
    let response = open.0.handle(&preflight);
    assert_eq!((response.status, response.body.len()), (204, 0));
    assert_eq!(response.header("access-control-allow-origin"), Some("*"));
    let allowed = response.header("access-control-allow-headers");
    assert_eq!(allowed, Some("appkey,datetime,sign,content-type"));
    let response = open.0.handle(&Request::get(format!("{API}/getTasks")));
    assert!(cors(&response), "a refusal too can be read");
}

#[test]
fn below_any_path_it_answers_the_same_and_links_to_recordings_lead_below_it() {
    let vendor = Vendor::small();
    let ask = |base: &str| {
        let url = format!("{base}{API}/getTasks?companyId=1");
        body(&vendor.0.handle(&Request::get(url)))
    };
    assert_eq!(ask("http://page.test/byrobot"), ask(""));
    let task = vendor.task_in(2);
    let query = format!("{{\"callJobId\":{task},\"finishStatus\":0}}");
    let url = format!("http://page.test/a/b{API}/queryDoneTaskPhones");
    let page = data(body(&vendor.0.handle(&Request::post(url, query))));
    let link = page["list"][0]["luyinOssUrl"].as_str().unwrap().to_owned();
    assert!(link.starts_with("http://page.test/a/b/recordings/"), "{link}");
    assert_eq!(vendor.0.handle(&Request::get(link)).status, 200);
    for path in ["/byrobot/openapi/v1/task/getTasks/", "/openapi/v1/task/x/getTasks"] {
        assert_eq!(body(&vendor.0.handle(&Request::get(path)))["code"], 404);
    }
}
