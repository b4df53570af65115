//! What goes wrong on purpose: each fault, when it happens, and what it leaves as it was.

use std::collections::{BTreeMap, HashSet};

use byrobot_sandbox::{Endpoint, Fault, Options, Request, Response, Rule, Sandbox, TransportFault};
use serde_json::{Value, json};

use crate::asking::{API, Vendor, body, data, ids, list};

const ALL: [Fault; 13] = [
    Fault::Network,
    Fault::Timeout,
    Fault::Http500,
    Fault::Http429,
    Fault::Html200,
    Fault::Truncated,
    Fault::Empty,
    Fault::Vendor500,
    Fault::ClockSkew,
    Fault::ShiftRows,
    Fault::DuplicateRows,
    Fault::OddFields,
    Fault::IgnoreIndex,
];

fn small() -> Options {
    Options { tasks: 12, calls_per_task: Some(120), ..Options::default() }
}

fn chances(faults: &[(Fault, f64)]) -> Vendor {
    Vendor::new(Options { faults: faults.iter().copied().collect(), ..small() })
}

fn always(fault: Fault) -> Vendor {
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
fn a_fault_below_http_is_named_for_the_server_to_simulate() {
    for (fault, transport) in
        [(Fault::Network, TransportFault::Network), (Fault::Timeout, TransportFault::Timeout)]
    {
        let response = always(fault).0.handle(&tasks());
        assert_eq!(response, Response { transport: Some(transport), ..Response::default() });
    }
}

#[test]
fn answers_in_place_of_the_answer() {
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
fn a_page_of_another_origin_may_read_when_to_come_again() {
    let exposed = |options: Options| {
        let response = Sandbox::new(Options { cors: true, ..options }).unwrap().handle(&tasks());
        response.header("access-control-expose-headers").unwrap().to_owned()
    };
    let busy = Options { script: vec![rule(Fault::Http429)], ..small() };
    assert_eq!(exposed(busy), format!("{}, retry-after", exposed(small())));
}

#[test]
fn a_truncated_answer_is_the_first_half_and_says_so() {
    let whole = Vendor::new(small()).0.handle(&tasks()).body;
    let response = always(Fault::Truncated).0.handle(&tasks());
    assert_eq!(response.status, 200);
    assert_eq!(response.body, whole[..whole.len() / 2]);
    assert_eq!(response.header("content-length").unwrap(), response.body.len().to_string());
}

fn page(vendor: &Vendor, name: &str, arguments: &Value, number: u64) -> Value {
    let mut arguments = arguments.clone();
    arguments["pageNum"] = number.into();
    data(vendor.post(name, &arguments))
}

#[test]
fn shifted_pages_repeat_rows_of_the_page_before() {
    let (calm, shifted) = (Vendor::small(), always(Fault::ShiftRows));
    let task = calm.task_in(1);
    for (name, arguments) in [
        ("queryDoneTaskPhones", json!({ "callJobId": task, "pageSize": 10 })),
        ("notDialedCustomerList", json!({ "taskId": task, "pageSize": 10 })),
    ] {
        let pages = |vendor, number| page(vendor, name, &arguments, number);
        assert_eq!(pages(&shifted, 1), pages(&calm, 1), "nothing comes before the first page");
        let rows = ids(list(&pages(&shifted, 2)));
        let (first, second) = (pages(&calm, 1), pages(&calm, 2));
        assert_eq!(rows[..3], ids(list(&first))[7..], "{name}");
        assert_eq!(rows[3..], ids(list(&second))[..7], "{name}");
        if let Some(total) = second["total"].as_u64() {
            assert_eq!(pages(&shifted, 2)["total"], total + 3);
        }
    }
    let tasks = |vendor: &Vendor, number: u64| {
        let page = data(vendor.get(&format!("getTasks?companyId=1&pageSize=4&pageNum={number}")));
        let ids = list(&page).iter().map(|row| row["callJobId"].as_u64().unwrap());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(tasks(&shifted, 2)[..3], tasks(&calm, 1)[1..]);
    assert_eq!(tasks(&shifted, 2)[3], tasks(&calm, 2)[0]);
    // A walk through it meets every row, and with a cursor rows arrive at the other end.
    let met: HashSet<u64> = ids(&shifted.done(task)).into_iter().collect();
    assert_eq!(met, ids(&calm.done(task)).into_iter().collect());
    let cursor = json!({ "callJobId": task, "index": 0, "pageSize": 10 });
    let since = |vendor| page(vendor, "queryDoneTaskPhones", &cursor, 2);
    assert_eq!(since(&shifted), since(&calm));
}

#[test]
fn rows_that_come_twice_push_none_out() {
    let (calm, doubled) = (Vendor::small(), always(Fault::DuplicateRows));
    let task = calm.task_in(2);
    let arguments = json!({ "callJobId": task, "pageSize": 20 });
    for number in 1..=6 {
        let page_of = |vendor| page(vendor, "queryDoneTaskPhones", &arguments, number);
        let answer = page_of(&doubled);
        let mut rows = ids(list(&answer));
        assert_eq!(answer["size"], rows.len());
        assert!(rows.len() > 20, "{rows:?}");
        rows.dedup();
        assert_eq!(rows, ids(list(&page_of(&calm))));
    }
    assert_eq!(doubled.detail(task), calm.detail(task));
}

#[test]
fn without_an_index_a_cursor_reads_from_the_head() {
    let (calm, forgetful) = (Vendor::small(), always(Fault::IgnoreIndex));
    let task = calm.task_in(2);
    let ask = |vendor: &Vendor, index: i64| {
        vendor.post("queryDoneTaskPhones", &json!({ "callJobId": task, "index": index }))
    };
    assert_eq!(ask(&forgetful, 100), ask(&calm, -1));
    assert_ne!(ask(&forgetful, 100), ask(&calm, 100));
}

/// Takes the odd spellings back, by what the vendor's documents say of them.
fn plain(mut any: Value) -> Value {
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
            fields.into_iter().map(|(name, value)| (name, plain(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Bool(flag) => u8::from(flag).to_string().into(),
        Value::Number(number) => number.to_string().into(),
        Value::String(text) if text.ends_with('秒') && text.len() < 10 => {
            text.trim_end_matches('秒').into()
        }
        other => other,
    }
}

#[test]
fn odd_fields_say_the_same() {
    let (calm, odd) = (Vendor::small(), always(Fault::OddFields));
    let task = calm.task_in(2);
    let calls = calm.done(task);
    let done = json!({ "callJobId": task, "pageSize": 50 });
    let waiting = json!({ "taskId": calm.task_in(1), "pageSize": 50 });
    let mut spellings = HashSet::new();
    let mut same = |ask: &dyn Fn(&Vendor) -> Value| {
        let (strange, mut right) = (ask(&odd), plain(ask(&calm)));
        let text = strange.to_string();
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
        if strange["data"].is_array() {
            right["data"] = right["data"]["list"].take();
        }
        assert_eq!(plain(strange), right);
    };
    for _ in 0..10 {
        same(&|vendor| vendor.get("getTasks?companyId=1"));
        same(&|vendor| vendor.get(&format!("getTaskDetail?companyId=1&taskId={task}")));
        same(&|vendor| vendor.post("queryDoneTaskPhones", &done));
        same(&|vendor| vendor.post("notDialedCustomerList", &waiting));
    }
    for call in calls.iter().take(40) {
        let id = call["callInstanceId"].as_u64().unwrap();
        same(&|vendor| vendor.get(&format!("phoneLogInfo?callInstanceId={id}")));
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
fn a_refusal_has_no_rows_to_be_wrong() {
    let calm = Vendor::small().get("getTasks");
    let wrong = [(Fault::OddFields, 1.0), (Fault::DuplicateRows, 1.0), (Fault::ShiftRows, 1.0)];
    assert_eq!(chances(&wrong).get("getTasks"), calm);
}

#[test]
fn the_same_requests_meet_the_same_faults() {
    let faults: BTreeMap<_, _> = ALL.into_iter().map(|fault| (fault, 0.09)).collect();
    let options = |seed| Options { seed, faults: faults.clone(), ..small() };
    let ask = |vendor: &Vendor| {
        let done = format!("{{\"callJobId\":{},\"pageNum\":2,\"index\":3}}", 21_705);
        let done = Request::post(format!("{API}/queryDoneTaskPhones"), done);
        (0..60).map(|_| (vendor.0.handle(&tasks()), vendor.0.handle(&done))).collect::<Vec<_>>()
    };
    let mut vendor = Vendor::new(options(5));
    let first = ask(&vendor);
    assert_eq!(ask(&Vendor::new(options(5))), first);
    assert_ne!(ask(&vendor), first, "the requests go on being counted");
    vendor.0.reset();
    assert_eq!(ask(&vendor), first);
    assert_ne!(ask(&Vendor::new(options(6))), first);
}

#[test]
fn only_requests_of_the_api_count() {
    let script = vec![Rule { nth: Some(2), ..rule(Fault::Empty) }];
    for between in [
        Request { method: "OPTIONS".into(), ..tasks() },
        Request::get("/recordings/5402000001.wav"),
        Request::get(format!("{API}/getPhones")),
        Request::get("/"),
    ] {
        let vendor = Vendor::new(Options { script: script.clone(), ..small() });
        assert!(!failed(&vendor.0.handle(&tasks())));
        let _ = vendor.0.handle(&between);
        assert!(failed(&vendor.0.handle(&tasks())), "{}", between.url);
        assert!(!failed(&vendor.0.handle(&tasks())));
    }
}

#[test]
fn the_third_request_of_page_2_times_out() {
    let third = Rule {
        fault: Fault::Timeout,
        endpoint: Some(Endpoint::QueryDoneTaskPhones),
        page_num: Some(2),
        nth: Some(3),
    };
    let vendor = Vendor::new(Options { script: vec![third], ..small() });
    let task = vendor.task_in(2);
    let ask = |name: &str, arguments: &Value| {
        let request = Request::post(format!("{API}/{name}"), arguments.to_string());
        vendor.0.handle(&request).transport
    };
    for round in 1..=4 {
        for page in [1, 2, 3] {
            let played = ask("queryDoneTaskPhones", &json!({ "callJobId": task, "pageNum": page }));
            let expected = (round == 3 && page == 2).then_some(TransportFault::Timeout);
            assert_eq!(played, expected, "round {round}, page {page}");
        }
        assert_eq!(ask("notDialedCustomerList", &json!({ "taskId": task, "pageNum": 2 })), None);
    }
}

#[test]
fn a_request_that_names_no_page_asks_for_the_first() {
    let script = vec![Rule { page_num: Some(1), ..rule(Fault::Empty) }];
    let vendor = Vendor::new(Options { script, ..small() });
    let empty = |request: &Request| vendor.0.handle(request).body.is_empty();
    assert!(empty(&tasks()));
    assert!(empty(&Request::get(format!("{API}/getTasks?companyId=1&pageNum=1"))));
    assert!(!empty(&Request::get(format!("{API}/getTasks?companyId=1&pageNum=2"))));
    assert!(empty(&Request::post(format!("{API}/queryDoneTaskPhones"), "{\"pageNum\":\"1\"}")));
    assert!(!empty(&Request::get(format!("{API}/phoneLogInfo?callInstanceId=1&pageNum=1"))));
}

#[test]
fn rules_go_before_chance_and_together() {
    let script = vec![
        Rule { nth: Some(1), ..rule(Fault::OddFields) },
        Rule { nth: Some(2), ..rule(Fault::Http500) },
        Rule { nth: Some(2), ..rule(Fault::Http429) },
    ];
    let faults = BTreeMap::from([(Fault::Empty, 1.0)]);
    let vendor = Vendor::new(Options { faults, script, ..small() });
    let mut answers = (0..3).map(|_| vendor.0.handle(&tasks()));
    let odd = answers.next().unwrap();
    assert!(odd.status == 200 && body(&odd)["requestId"].is_string());
    assert_eq!(answers.next().unwrap().status, 500, "of two failures the first");
    assert!(answers.next().unwrap().body.is_empty());
}

#[test]
fn a_rule_may_be_added_and_goes_with_the_next_reset() {
    let mut vendor = Vendor::small();
    let calm = vendor.0.handle(&tasks());
    vendor.0.inject(Rule { nth: Some(1), ..rule(Fault::Http500) }).unwrap();
    assert_eq!(vendor.0.handle(&tasks()).status, 500);
    assert_eq!(vendor.0.handle(&tasks()), calm);
    vendor.0.inject(rule(Fault::Http500)).unwrap();
    vendor.0.reset();
    assert_eq!(vendor.0.handle(&tasks()), calm);
}

#[test]
fn wrong_faults_are_refused_by_name() {
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
    let mut vendor = Vendor::small();
    let refused = vendor.0.inject(Rule { nth: Some(0), ..rule(Fault::Empty) });
    assert!(refused.unwrap_err().to_string().starts_with("rule.nth"));
}
