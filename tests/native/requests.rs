//! The request of each query from JavaScript, and the queries that are refused.

use byrobot_calls::error::{Error, ErrorKind, Result};
use byrobot_calls::json::{MAX_SAFE_INTEGER, Value};
use byrobot_calls::request::{Query, Request};
use byrobot_calls::schema::{ENDPOINTS, Method};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// The request of an endpoint for a query from JavaScript.
fn request_of(endpoint: &str, query: &Json) -> Result<Request> {
    crate::query(endpoint, query)?.request()
}

/// The smallest query of each endpoint.
fn smallest() -> [(&'static str, Json); 5] {
    [
        ("getTasks", json!({ "companyId": 1 })),
        ("getTaskDetail", json!({ "companyId": 1, "taskId": 21 })),
        ("queryDoneTaskPhones", json!({ "callJobId": 1 })),
        ("notDialedCustomerList", json!({ "taskId": 10 })),
        ("phoneLogInfo", json!({ "callInstanceId": 1 })),
    ]
}

fn get(endpoint: &'static str, query: &str) -> Request {
    Request { endpoint, method: Method::Get, query: query.to_owned(), body: None }
}

fn post(endpoint: &'static str, body: &str) -> Request {
    let body = Some(body.to_owned());
    Request { endpoint, method: Method::Post, query: String::new(), body }
}

/// A request body from the vendor's document.
fn documented(endpoint: &str) -> Json {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let text = std::fs::read(format!("{folder}/{endpoint}/documented.request.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn the_documented_bodies_are_sent_as_documented() {
    let done = request_of("queryDoneTaskPhones", &documented("queryDoneTaskPhones")).unwrap();
    let body = r#"{"callJobId":62,"durationLeft":0,"durationRight":100,"chatRoundLeft":0,"chatRoundRight":10,"finishStatus":1,"index":-1,"pageNum":1,"pageSize":10,"resultQueryList":[{"name":"客户意向等级","value":"A级(较强)"}]}"#;
    assert_eq!(done, post("queryDoneTaskPhones", body));

    let waiting =
        request_of("notDialedCustomerList", &documented("notDialedCustomerList")).unwrap();
    let body = r#"{"pageNum":1,"pageSize":20,"taskId":21767}"#;
    assert_eq!(waiting, post("notDialedCustomerList", body));

    for endpoint in ["queryDoneTaskPhones", "notDialedCustomerList"] {
        let sent = request_of(endpoint, &documented(endpoint)).unwrap().body.unwrap();
        let sent: Json = serde_json::from_str(&sent).unwrap();
        assert_eq!(sent, documented(endpoint), "{endpoint}");
    }
}

/// The values are from the example column of the vendor's table.
#[test]
fn the_documented_parameters_are_sent_as_documented() {
    let query = json!({
        "companyId": 1,
        "taskName": "测试API任务",
        "createDate": "2017-10-19",
        "status": 1,
        "pageNum": 1,
        "pageSize": 10,
    });
    let expected = "companyId=1&taskName=%E6%B5%8B%E8%AF%95API%E4%BB%BB%E5%8A%A1\
                    &createDate=2017-10-19&status=1&pageNum=1&pageSize=10";
    assert_eq!(request_of("getTasks", &query).unwrap(), get("getTasks", expected));
}

#[test]
fn only_given_parameters_are_sent() {
    let expected = [
        get("getTasks", "companyId=1"),
        get("getTaskDetail", "companyId=1&taskId=21"),
        post("queryDoneTaskPhones", r#"{"callJobId":1}"#),
        post("notDialedCustomerList", r#"{"taskId":10}"#),
        get("phoneLogInfo", "callInstanceId=1"),
    ];
    for ((endpoint, query), expected) in smallest().into_iter().zip(expected) {
        assert_eq!(request_of(endpoint, &query).unwrap(), expected);
    }
    let nulls = json!({
        "companyId": 1,
        "taskName": null,
        "createDate": null,
        "status": null,
        "needAll": null,
        "pageNum": null,
        "pageSize": null,
        "unknown": null,
    });
    assert_eq!(request_of("getTasks", &nulls).unwrap(), get("getTasks", "companyId=1"));
    let blank = json!({ "companyId": 1, "taskName": "" });
    assert_eq!(request_of("getTasks", &blank).unwrap(), get("getTasks", "companyId=1"));
}

#[test]
fn every_given_parameter_is_sent() {
    let query = json!({
        "pageSize": 100,
        "pageNum": 3,
        "needAll": true,
        "status": 10,
        "companyId": 3_887_178_818_710_i64,
    });
    let expected = "companyId=3887178818710&status=10&needAll=true&pageNum=3&pageSize=100";
    assert_eq!(request_of("getTasks", &query).unwrap(), get("getTasks", expected));
    let some = json!({ "companyId": 1, "needAll": false });
    assert_eq!(
        request_of("getTasks", &some).unwrap(),
        get("getTasks", "companyId=1&needAll=false")
    );
    let results = json!({ "callJobId": 1, "resultQueryList": [], "durationLeft": 5 });
    let expected = r#"{"callJobId":1,"durationLeft":5,"resultQueryList":[]}"#;
    assert_eq!(request_of("queryDoneTaskPhones", &results).unwrap().body.unwrap(), expected);
}

#[test]
fn the_highest_id_that_javascript_holds_is_sent() {
    for (endpoint, mut query) in smallest() {
        for id in query.as_object_mut().unwrap().values_mut() {
            *id = json!(MAX_SAFE_INTEGER);
        }
        let request = request_of(endpoint, &query).unwrap();
        let sent = request.body.unwrap_or(request.query);
        assert!(sent.contains("9007199254740991"), "{sent}");
    }
}

#[test]
fn text_is_percent_encoded_but_for_the_unreserved_characters() {
    for (name, expected) in [
        ("a b", "a%20b"),
        ("a+b&c=d", "a%2Bb%26c%3Dd"),
        ("100%", "100%25"),
        ("?#/;:@$,", "%3F%23%2F%3B%3A%40%24%2C"),
        ("'\"<>(){}|\\^`*!", "%27%22%3C%3E%28%29%7B%7D%7C%5C%5E%60%2A%21"),
        ("A-Z.a_z~09", "A-Z.a_z~09"),
        ("催缴", "%E5%82%AC%E7%BC%B4"),
        ("😀", "%F0%9F%98%80"),
        ("\n\u{0}", "%0A%00"),
    ] {
        let query = json!({ "companyId": 1, "taskName": name });
        let expected = format!("companyId=1&taskName={expected}");
        assert_eq!(request_of("getTasks", &query).unwrap().query, expected);
    }
}

/// The bytes of a percent-encoded value.
fn decoded(value: &str) -> Vec<u8> {
    let mut rest = value.bytes();
    let mut out = Vec::new();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            assert!(!digits.iter().any(u8::is_ascii_lowercase), "{value}");
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            assert!(byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), "{value}");
            out.push(byte);
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_arrives_as_it_was_given(name in "(?s).{1,20}", value in any::<String>()) {
        let request = request_of("getTasks", &json!({ "companyId": 1, "taskName": name })).unwrap();
        let sent = request.query.strip_prefix("companyId=1&taskName=").unwrap();
        prop_assert_eq!(decoded(sent), name.clone().into_bytes());

        let results = json!([{ "name": name, "value": value }]);
        let query = json!({ "callJobId": 1, "resultQueryList": results });
        let body = request_of("queryDoneTaskPhones", &query).unwrap().body.unwrap();
        prop_assert_eq!(serde_json::from_str::<Json>(&body).unwrap(), query);
    }
}

/// Checks an error of a refused query. The message begins with the endpoint if the error has one.
fn refused(error: &Error, path: &str, what: &str) {
    assert_eq!(error.kind, ErrorKind::InvalidArgument, "{error}");
    assert_eq!(error.path.as_deref(), Some(path), "{error}");
    let endpoint = error.endpoint.map(|name| format!("{name}: ")).unwrap_or_default();
    assert_eq!(error.message, format!("{endpoint}{path}: {what}"));
}

#[test]
fn an_id_is_required() {
    for (endpoint, query) in smallest() {
        for (id, _) in query.as_object().unwrap() {
            let mut without = query.clone();
            without.as_object_mut().unwrap().shift_remove(id);
            refused(&request_of(endpoint, &without).unwrap_err(), id, "it is required");
            let mut null = query.clone();
            null[id] = Json::Null;
            refused(&request_of(endpoint, &null).unwrap_err(), id, "it is required");
        }
    }
}

#[test]
fn an_id_is_an_integer_that_javascript_holds() {
    let safe = "expected an integer within ±(2^53 − 1)";
    for (endpoint, query) in smallest() {
        for (id, _) in query.as_object().unwrap() {
            for (value, what) in [
                (json!(-1), "expected an id, an integer from 0 to 2^53 − 1"),
                (json!(9_007_199_254_740_992_i64), safe),
                (json!(-9_007_199_254_740_992_i64), safe),
                (json!(1.5), safe),
                (json!(1e17), safe),
                (json!("1"), "expected an integer, found a string"),
                (json!(true), "expected an integer, found a boolean"),
                (json!([1]), "expected an integer, found an array"),
                (json!({}), "expected an integer, found an object"),
            ] {
                let mut query = query.clone();
                query[id] = value;
                refused(&request_of(endpoint, &query).unwrap_err(), id, what);
            }
        }
    }
}

/// The smallest query of an endpoint, with further fields.
fn with(endpoint: &str, fields: &Json) -> Json {
    let (_, mut query) = smallest().into_iter().find(|(name, _)| *name == endpoint).unwrap();
    query.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    query
}

#[test]
fn pages_are_counted_from_one_and_have_the_vendors_limits() {
    for (endpoint, most) in
        [("getTasks", 100), ("queryDoneTaskPhones", 50), ("notDialedCustomerList", 50)]
    {
        let request_of = |field: &str, value: i64| {
            request_of(endpoint, &with(endpoint, &json!({ field: value })))
        };
        for (field, value) in [("pageNum", 1), ("pageNum", 100_000), ("pageSize", 1)] {
            assert!(request_of(field, value).is_ok(), "{endpoint} {field} {value}");
        }
        assert!(request_of("pageSize", most).is_ok());
        let limit = format!("expected 1 to {most} rows, the vendor's limit for this endpoint");
        for size in [0, -1, most + 1, 1000] {
            refused(&request_of("pageSize", size).unwrap_err(), "pageSize", &limit);
        }
        for number in [0, -1] {
            refused(
                &request_of("pageNum", number).unwrap_err(),
                "pageNum",
                "pages are counted from 1",
            );
        }
    }
}

#[test]
fn a_creation_date_is_a_day_of_the_calendar() {
    for date in ["2024-02-29", "2017-10-19", "1970-01-01"] {
        assert!(request_of("getTasks", &with("getTasks", &json!({ "createDate": date }))).is_ok());
    }
    for date in [
        "2024-2-9",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-32",
        "20240229",
        "2024/02/29",
        "2024-02-29 00:00:00",
        "\"2017-10-19\"",
        "",
        "２０２４-01-01",
    ] {
        let query = with("getTasks", &json!({ "createDate": date }));
        let error = request_of("getTasks", &query).unwrap_err();
        refused(&error, "createDate", "expected a day as \"2024-02-29\"");
    }
}

#[test]
fn bounds_are_in_order_and_not_negative() {
    let done =
        |fields: &Json| request_of("queryDoneTaskPhones", &with("queryDoneTaskPhones", fields));
    for (left, right) in [("durationLeft", "durationRight"), ("chatRoundLeft", "chatRoundRight")] {
        assert!(done(&json!({ left: 5, right: 5 })).is_ok());
        assert!(done(&json!({ left: 5 })).is_ok() && done(&json!({ right: 0 })).is_ok());
        let error = done(&json!({ left: 6, right: 5 })).unwrap_err();
        refused(&error, left, &format!("6 is above {right}, 5"));
        for bound in [left, right] {
            refused(&done(&json!({ bound: -1 })).unwrap_err(), bound, "expected 0 or more");
        }
    }
    assert!(done(&json!({ "index": -1 })).is_ok() && done(&json!({ "index": 10 })).is_ok());
    let error = done(&json!({ "index": -2 })).unwrap_err();
    refused(&error, "index", "expected −1 or a callIndex");
}

#[test]
fn a_field_of_the_wrong_type_is_named() {
    let name_value = "expected an array of { name, value }, found an object";
    for (endpoint, fields, path, what) in [
        ("getTasks", json!({ "taskName": 1 }), "taskName", "expected a string, found a number"),
        (
            "getTasks",
            json!({ "createDate": {} }),
            "createDate",
            "expected a string, found an object",
        ),
        ("getTasks", json!({ "status": "1" }), "status", "expected an integer, found a string"),
        ("getTasks", json!({ "needAll": 1 }), "needAll", "expected true or false, found a number"),
        (
            "queryDoneTaskPhones",
            json!({ "pageNum": 1.5 }),
            "pageNum",
            "expected an integer within ±(2^53 − 1)",
        ),
        (
            "queryDoneTaskPhones",
            json!({ "durationRight": 9_007_199_254_740_992_i64 }),
            "durationRight",
            "expected an integer within ±(2^53 − 1)",
        ),
        (
            "queryDoneTaskPhones",
            json!({ "finishStatus": [] }),
            "finishStatus",
            "expected an integer, found an array",
        ),
        (
            "queryDoneTaskPhones",
            json!({ "resultQueryList": { "name": "a", "value": "b" } }),
            "resultQueryList",
            name_value,
        ),
        (
            "queryDoneTaskPhones",
            json!({ "resultQueryList": [{ "name": "a", "value": "b" }, { "name": "c", "value": 3 }] }),
            "resultQueryList[1].value",
            "expected a string, found a number",
        ),
        (
            "queryDoneTaskPhones",
            json!({ "resultQueryList": [{ "value": "b" }] }),
            "resultQueryList[0].name",
            "expected a string, found null",
        ),
        (
            "queryDoneTaskPhones",
            json!({ "resultQueryList": ["A级(较强)"] }),
            "resultQueryList[0]",
            "expected { name, value }, found a string",
        ),
        (
            "queryDoneTaskPhones",
            json!({ "resultQueryList": [{ "name": "a", "value": "b", "values": ["b"] }] }),
            "resultQueryList[0].values",
            "no such field; there are name, value",
        ),
        (
            "notDialedCustomerList",
            json!({ "pageSize": "20" }),
            "pageSize",
            "expected an integer, found a string",
        ),
    ] {
        let error = request_of(endpoint, &with(endpoint, &fields)).unwrap_err();
        refused(&error, path, what);
    }
}

#[test]
fn a_field_that_an_endpoint_does_not_have_is_named() {
    let page = "pageNum, pageSize";
    let done = format!(
        "callJobId, durationLeft, durationRight, chatRoundLeft, chatRoundRight, finishStatus, \
         index, {page}, resultQueryList"
    );
    for (endpoint, unknown, fields) in [
        (
            "getTasks",
            "jobName",
            format!("companyId, taskName, createDate, status, needAll, {page}"),
        ),
        ("getTaskDetail", "callJobId", "companyId, taskId".to_owned()),
        ("queryDoneTaskPhones", "taskId", done),
        ("notDialedCustomerList", "callJobId", format!("{page}, taskId")),
        ("phoneLogInfo", "companyId", "callInstanceId".to_owned()),
    ] {
        let query = with(endpoint, &json!({ unknown: 1 }));
        let error = request_of(endpoint, &query).unwrap_err();
        refused(&error, unknown, &format!("no such field; there are {fields}"));
    }
}

#[test]
fn a_query_is_an_object() {
    for (query, found) in [
        (Value::Null, "null"),
        (Value::Int(1), "a number"),
        (Value::Text("1".to_owned()), "a string"),
        (Value::List(Vec::new()), "an array"),
    ] {
        let expected = format!("expected an object, found {found}");
        for endpoint in ENDPOINTS {
            let error = Query::of(endpoint, &query).unwrap_err();
            assert_eq!(error.endpoint, Some(endpoint.name));
            refused(&error, "query", &expected);
        }
    }
}

#[test]
fn a_page_without_a_number_has_the_requested_number() {
    let query = json!({ "callJobId": 1, "pageNum": 3, "pageSize": 20 });
    let asked = crate::query("queryDoneTaskPhones", &query).unwrap();
    let rows = Value::List(Vec::new());
    for data in [rows.clone(), Value::Object(vec![("list".to_owned(), rows)])] {
        let page = crate::plain(&asked.read(&data).unwrap());
        let expected =
            json!({ "pageNum": 3, "pageSize": 20, "total": null, "pages": null, "list": [] });
        assert_eq!(page, expected);
    }
}
