//! Simulated faults: the effect of each, when it applies, and what it does not change.

use std::collections::{BTreeMap, HashSet};

use byrobot_sandbox::{Endpoint, Fault, Options, Request, Response, Rule, Sandbox, TransportFault};
use serde_json::{Value, json};

use crate::asking::{API, TestSandbox, body, data, ids, list};

fn small() -> Options {
    Options { tasks: 12, calls_per_task: Some(120), ..Options::default() }
}

fn chances(faults: &[(Fault, f64)]) -> TestSandbox {
    TestSandbox::new(Options { faults: faults.iter().copied().collect(), ..small() })
}

fn always(fault: Fault) -> TestSandbox {
    chances(&[(fault, 1.0)])
}

fn rule(fault: Fault) -> Rule {
    Rule { fault, endpoint: None, page_num: None, nth: None }
}

fn tasks() -> Request {
    Request::get(format!("{API}/getTasks?companyId=1"))
}

fn failed(response: &Response) -> bool {
    response.status != 200 || response.body.is_empty() || body(response)["code"] != 200
}

#[test]
fn a_transport_fault_gives_only_its_name_which_the_server_simulates() {
    for (fault, transport) in
        [(Fault::Network, TransportFault::Network), (Fault::Timeout, TransportFault::Timeout)]
    {
        let response = always(fault).0.handle(&tasks());
        assert_eq!(response, Response { transport: Some(transport), ..Response::default() });
    }
}

#[test]
fn a_failing_fault_replaces_the_answer_with_its_response() {
    for (fault, status, content_type, words) in [
        (Fault::Http500, 500, "text/html", "java.lang.NullPointerException"),
        (Fault::Http429, 429, "application/json", "Too Many Requests"),
        (Fault::Html200, 200, "text/html", "<form action=\"/login\""),
        (Fault::Empty, 200, "application/json", ""),
        (Fault::Vendor500, 200, "application/json", "{\"code\":500,\"data\":null,"),
        (Fault::ClockSkew, 200, "application/json", "{\"code\":408,\"data\":null,"),
    ] {
        let response = always(fault).0.handle(&tasks());
        let text = std::str::from_utf8(&response.body).unwrap();
        assert_eq!(response.status, status, "{fault:?}");
        assert!(response.header("content-type").unwrap().starts_with(content_type), "{fault:?}");
        assert!(text.contains(words), "{fault:?}: {text}");
        let length = response.header("content-length").unwrap();
        assert_eq!(length, text.len().to_string(), "{fault:?}");
        let waits = (fault == Fault::Http429).then_some("1");
        assert_eq!(response.header("retry-after"), waits, "{fault:?}");
        assert_eq!(text.is_empty(), fault == Fault::Empty, "{fault:?}");
        let late = fault == Fault::ClockSkew;
        let date = format!("Fri, 15 Mar 2024 02:{}:00 GMT", if late { "35" } else { "30" });
        assert_eq!(response.header("date"), Some(date.as_str()), "{fault:?}");
    }
}

#[test]
fn with_cors_a_page_of_another_origin_may_read_retry_after() {
    let exposed = |options: Options| {
        let response = Sandbox::new(Options { cors: true, ..options }).unwrap().handle(&tasks());
        response.header("access-control-expose-headers").unwrap().to_owned()
    };
    let busy = Options { script: vec![rule(Fault::Http429)], ..small() };
    assert_eq!(exposed(busy), format!("{}, retry-after", exposed(small())));
}

#[test]
fn a_truncated_answer_is_the_first_half_with_a_matching_content_length() {
    let whole = TestSandbox::new(small()).0.handle(&tasks()).body;
    let response = always(Fault::Truncated).0.handle(&tasks());
    assert_eq!(response.status, 200);
    assert_eq!(response.body, whole[..whole.len() / 2]);
    assert_eq!(response.header("content-length").unwrap(), response.body.len().to_string());
}

fn page(sandbox: &TestSandbox, name: &str, arguments: &Value, number: u64) -> Value {
    let mut arguments = arguments.clone();
    arguments["pageNum"] = number.into();
    data(sandbox.post(name, &arguments))
}

#[test]
fn shifted_pages_repeat_rows_of_the_page_before() {
    let (unfaulted, shifted) = (TestSandbox::small(), always(Fault::ShiftRows));
    let task = unfaulted.task_in(1);
    for (name, arguments) in [
        ("queryDoneTaskPhones", json!({ "callJobId": task, "pageSize": 10 })),
        ("notDialedCustomerList", json!({ "taskId": task, "pageSize": 10 })),
    ] {
        let pages = |sandbox, number| page(sandbox, name, &arguments, number);
        assert_eq!(pages(&shifted, 1), pages(&unfaulted, 1), "nothing comes before the first page");
        let rows = ids(list(&pages(&shifted, 2)));
        let (first, second) = (pages(&unfaulted, 1), pages(&unfaulted, 2));
        assert_eq!(rows[..3], ids(list(&first))[7..], "{name}");
        assert_eq!(rows[3..], ids(list(&second))[..7], "{name}");
        if let Some(total) = second["total"].as_u64() {
            assert_eq!(pages(&shifted, 2)["total"], total + 3);
        }
    }
    let tasks = |sandbox: &TestSandbox, number: u64| {
        let page = data(sandbox.get(&format!("getTasks?companyId=1&pageSize=4&pageNum={number}")));
        let ids = list(&page).iter().map(|row| row["callJobId"].as_u64().unwrap());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(tasks(&shifted, 2)[..3], tasks(&unfaulted, 1)[1..]);
    assert_eq!(tasks(&shifted, 2)[3], tasks(&unfaulted, 2)[0]);
    // Pagination still returns every row. With a cursor, new rows are added at the end.
    let met: HashSet<u64> = ids(&shifted.done(task)).into_iter().collect();
    assert_eq!(met, ids(&unfaulted.done(task)).into_iter().collect());
    let cursor = json!({ "callJobId": task, "index": 0, "pageSize": 10 });
    let since = |sandbox| page(sandbox, "queryDoneTaskPhones", &cursor, 2);
    assert_eq!(since(&shifted), since(&unfaulted));
}

#[test]
fn duplicated_rows_make_a_page_longer_and_remove_no_row() {
    let (unfaulted, doubled) = (TestSandbox::small(), always(Fault::DuplicateRows));
    let task = unfaulted.task_in(2);
    let arguments = json!({ "callJobId": task, "pageSize": 20 });
    for number in 1..=6 {
        let page_of = |sandbox| page(sandbox, "queryDoneTaskPhones", &arguments, number);
        let answer = page_of(&doubled);
        let mut rows = ids(list(&answer));
        assert_eq!(answer["size"], rows.len());
        assert!(rows.len() > 20, "{rows:?}");
        rows.dedup();
        assert_eq!(rows, ids(list(&page_of(&unfaulted))));
    }
    assert_eq!(doubled.detail(task), unfaulted.detail(task));
}

#[test]
fn with_ignore_index_a_cursor_gets_the_answer_without_an_index() {
    let (unfaulted, ignoring) = (TestSandbox::small(), always(Fault::IgnoreIndex));
    let task = unfaulted.task_in(2);
    let send = |sandbox: &TestSandbox, index: i64| {
        sandbox.post("queryDoneTaskPhones", &json!({ "callJobId": task, "index": index }))
    };
    assert_eq!(send(&ignoring, 100), send(&unfaulted, -1));
    assert_ne!(send(&ignoring, 100), send(&unfaulted, 100));
}

/// Converts the vendor's other spellings to one canonical spelling, as its documents define them.
fn canonical(mut any: Value) -> Value {
    fn pairs(map: &serde_json::Map<String, Value>) -> Value {
        map.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
    }
    if let Value::Object(fields) = &mut any {
        for name in ["rowVersion", "lineState", "requestId"] {
            fields.shift_remove(name);
        }
        if let Some(Value::Object(map)) = fields.get("resultList") {
            let list = pairs(map);
            fields["resultList"] = list;
        }
        if let Some(Value::Array(stat)) = fields.get("extraStat") {
            let entry =
                |item: &Value| Some((item["name"].as_str()?.into(), item["values"].clone()));
            let map = stat.iter().filter_map(entry).collect();
            fields["extraStat"] = Value::Object(map);
        }
        if let Some(Value::Array(only)) = fields.get_mut("sceneInstance") {
            fields["sceneInstance"] = only[0].take();
        }
        if let Some(Value::String(text)) = fields.get("taskResult") {
            let list = serde_json::from_str(text).unwrap();
            fields["taskResult"] = list;
        }
    }
    match any {
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, canonical(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(canonical).collect(),
        Value::Bool(flag) => u8::from(flag).to_string().into(),
        Value::Number(number) => number.to_string().into(),
        Value::String(text) if text.ends_with('秒') && text.len() < 10 => {
            text.trim_end_matches('秒').into()
        }
        other => other,
    }
}

#[test]
fn odd_fields_change_the_spelling_and_not_the_meaning() {
    let (unfaulted, odd) = (TestSandbox::small(), always(Fault::OddFields));
    let task = unfaulted.task_in(2);
    let calls = unfaulted.done(task);
    let done = json!({ "callJobId": task, "pageSize": 50 });
    let waiting = json!({ "taskId": unfaulted.task_in(1), "pageSize": 50 });
    let mut spellings = HashSet::new();
    let mut same = |send: &dyn Fn(&TestSandbox) -> Value| {
        let (respelled, mut expected) = (send(&odd), canonical(send(&unfaulted)));
        let text = respelled.to_string();
        for part in ["秒\"", "\"duration\":\"", "\"duration\":", "\"code\":\"200\"", "lineState"] {
            if text.contains(part) {
                spellings.insert(part.to_owned());
            }
        }
        for name in ["resultList", "sceneInstance", "taskResult", "extraStat", "aiUnknown", "data"]
        {
            for (at, _) in text.match_indices(&format!("\"{name}\":")) {
                spellings.insert(text[at..].chars().take(name.len() + 4).collect());
            }
        }
        if respelled["data"].is_array() {
            expected["data"] = expected["data"]["list"].take();
        }
        assert_eq!(canonical(respelled), expected);
    };
    for _ in 0..10 {
        same(&|sandbox| sandbox.get("getTasks?companyId=1"));
        same(&|sandbox| sandbox.get(&format!("getTaskDetail?companyId=1&taskId={task}")));
        same(&|sandbox| sandbox.post("queryDoneTaskPhones", &done));
        same(&|sandbox| sandbox.post("notDialedCustomerList", &waiting));
    }
    for call in calls.iter().take(40) {
        let id = call["callInstanceId"].as_u64().unwrap();
        same(&|sandbox| sandbox.get(&format!("phoneLogInfo?callInstanceId={id}")));
    }
    for part in [
        "秒\"",
        "\"code\":\"200\"",
        "lineState",
        "\"resultList\":[",
        "\"resultList\":{",
        "\"extraStat\":[",
        "\"extraStat\":{",
        "\"sceneInstance\":[",
        "\"sceneInstance\":{",
        "\"taskResult\":[",
        "\"taskResult\":\"",
        "\"aiUnknown\":0",
        "\"aiUnknown\":f",
        "\"data\":[",
        "\"data\":{",
    ] {
        assert!(spellings.contains(part), "{part} never came");
    }
}

#[test]
fn faults_of_rows_do_not_change_a_refusal() {
    let unfaulted = TestSandbox::small().get("getTasks");
    let wrong = [(Fault::OddFields, 1.0), (Fault::DuplicateRows, 1.0), (Fault::ShiftRows, 1.0)];
    assert_eq!(chances(&wrong).get("getTasks"), unfaulted);
}

#[test]
fn the_same_requests_in_the_same_order_get_the_same_faults() {
    let faults: BTreeMap<_, _> = Fault::ALL.iter().map(|&fault| (fault, 0.05)).collect();
    let options = |seed| Options { seed, faults: faults.clone(), ..small() };
    let send = |sandbox: &TestSandbox| {
        let done = format!("{{\"callJobId\":{},\"pageNum\":2,\"index\":3}}", 21_705);
        let done = Request::post(format!("{API}/queryDoneTaskPhones"), done);
        (0..60).map(|_| (sandbox.0.handle(&tasks()), sandbox.0.handle(&done))).collect::<Vec<_>>()
    };
    let mut sandbox = TestSandbox::new(options(5));
    let first = send(&sandbox);
    assert_eq!(send(&TestSandbox::new(options(5))), first);
    assert_ne!(send(&sandbox), first, "the count of requests continues");
    sandbox.0.reset();
    assert_eq!(send(&sandbox), first);
    assert_ne!(send(&TestSandbox::new(options(6))), first);
}

#[test]
fn only_requests_of_the_endpoints_are_counted() {
    let script = vec![Rule { nth: Some(2), ..rule(Fault::Empty) }];
    for between in [
        Request { method: "OPTIONS".into(), ..tasks() },
        Request::get("/recordings/5402000001.wav"),
        Request::get(format!("{API}/getNothing")),
        Request::get("/"),
    ] {
        let sandbox = TestSandbox::new(Options { script: script.clone(), ..small() });
        assert!(!failed(&sandbox.0.handle(&tasks())));
        let _ = sandbox.0.handle(&between);
        assert!(failed(&sandbox.0.handle(&tasks())), "{}", between.url);
        assert!(!failed(&sandbox.0.handle(&tasks())));
    }
}

#[test]
fn a_rule_with_endpoint_page_and_nth_applies_to_that_request_only() {
    let third = Rule {
        fault: Fault::Timeout,
        endpoint: Some(Endpoint::QueryDoneTaskPhones),
        page_num: Some(2),
        nth: Some(3),
    };
    let sandbox = TestSandbox::new(Options { script: vec![third], ..small() });
    let task = sandbox.task_in(2);
    let send = |name: &str, arguments: &Value| {
        let request = Request::post(format!("{API}/{name}"), arguments.to_string());
        sandbox.0.handle(&request).transport
    };
    for round in 1..=4 {
        for page in [1, 2, 3] {
            let transport =
                send("queryDoneTaskPhones", &json!({ "callJobId": task, "pageNum": page }));
            let expected = (round == 3 && page == 2).then_some(TransportFault::Timeout);
            assert_eq!(transport, expected, "round {round}, page {page}");
        }
        assert_eq!(send("notDialedCustomerList", &json!({ "taskId": task, "pageNum": 2 })), None);
    }
}

#[test]
fn a_rule_of_page_1_matches_requests_without_a_page_number() {
    let script = vec![Rule { page_num: Some(1), ..rule(Fault::Empty) }];
    let sandbox = TestSandbox::new(Options { script, ..small() });
    let empty = |request: &Request| sandbox.0.handle(request).body.is_empty();
    assert!(empty(&tasks()));
    assert!(empty(&Request::get(format!("{API}/getTasks?companyId=1&pageNum=1"))));
    assert!(!empty(&Request::get(format!("{API}/getTasks?companyId=1&pageNum=2"))));
    assert!(empty(&Request::post(format!("{API}/queryDoneTaskPhones"), "{\"pageNum\":\"1\"}")));
    assert!(!empty(&Request::get(format!("{API}/phoneLogInfo?callInstanceId=1&pageNum=1"))));
}

#[test]
fn rules_replace_random_faults_and_only_the_first_failure_applies() {
    let script = vec![
        Rule { nth: Some(1), ..rule(Fault::OddFields) },
        Rule { nth: Some(2), ..rule(Fault::Http500) },
        Rule { nth: Some(2), ..rule(Fault::Http429) },
    ];
    let faults = BTreeMap::from([(Fault::Empty, 1.0)]);
    let sandbox = TestSandbox::new(Options { faults, script, ..small() });
    let mut answers = (0..3).map(|_| sandbox.0.handle(&tasks()));
    let odd = answers.next().unwrap();
    assert!(odd.status == 200 && body(&odd)["requestId"].is_string());
    assert_eq!(answers.next().unwrap().status, 500, "of two failures the first");
    assert!(answers.next().unwrap().body.is_empty());
}

#[test]
fn an_injected_rule_applies_until_the_next_reset() {
    let mut sandbox = TestSandbox::small();
    let unfaulted = sandbox.0.handle(&tasks());
    sandbox.0.inject(Rule { nth: Some(1), ..rule(Fault::Http500) }).unwrap();
    assert_eq!(sandbox.0.handle(&tasks()).status, 500);
    assert_eq!(sandbox.0.handle(&tasks()), unfaulted);
    sandbox.0.inject(rule(Fault::Http500)).unwrap();
    sandbox.0.reset();
    assert_eq!(sandbox.0.handle(&tasks()), unfaulted);
}

#[test]
fn faults_and_rules_out_of_range_are_refused_by_name() {
    let faults = |faults: &[(Fault, f64)]| Options {
        faults: faults.iter().copied().collect(),
        ..Options::default()
    };
    let script =
        |rule| Options { script: vec![self::rule(Fault::Empty), rule], ..Options::default() };
    let paged =
        |endpoint| Rule { endpoint: Some(endpoint), page_num: Some(1), ..rule(Fault::Empty) };
    for (options, name) in [
        (faults(&[(Fault::ClockSkew, 1.01)]), "faults.clockSkew"),
        (faults(&[(Fault::Http500, -0.01)]), "faults.http500"),
        (faults(&[(Fault::Http500, f64::NAN)]), "faults.http500"),
        (faults(&[(Fault::Http500, 0.5), (Fault::Empty, 0.6)]), "add up"),
        (script(Rule { nth: Some(0), ..rule(Fault::Empty) }), "script[1].nth"),
        (script(Rule { page_num: Some(0), ..rule(Fault::Empty) }), "script[1].pageNum"),
        (script(paged(Endpoint::PhoneLogInfo)), "script[1].pageNum"),
    ] {
        let refused = Sandbox::new(options).err().unwrap().to_string();
        assert!(refused.contains(name), "{refused}");
    }
    let mut sandbox = TestSandbox::small();
    let refused = sandbox.0.inject(Rule { nth: Some(0), ..rule(Fault::Empty) });
    assert!(refused.unwrap_err().to_string().starts_with("rule.nth"));
}
