//! What goes wrong on purpose: each fault by itself, by chance and by script.

use std::collections::BTreeMap;

use byrobot_sandbox::{Delivery, Fault, Options, Request, Response, Rule, Sandbox};
use serde_json::{Value, json};

use crate::asking::{API, Vendor, body, data, ids, list, seconds};

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

fn options() -> Options {
    Options { tasks: 12, calls_per_task: Some(300), ..Options::default() }
}

/// A sandbox in which every request meets this fault.
fn always(fault: Fault) -> Vendor {
    Vendor::new(Options { faults: BTreeMap::from([(fault, 1.0)]), ..options() })
}

fn rule(fault: Fault) -> Rule {
    Rule { fault, endpoint: None, page_num: None, nth: None }
}

fn scripted(script: Vec<Rule>) -> Vendor {
    Vendor::new(Options { script, ..options() })
}

fn done(page: u64, size: u64) -> Request {
    let task = Vendor::new(options()).task_in(2);
    let arguments = json!({ "callJobId": task, "pageNum": page, "pageSize": size });
    Request::post(format!("{API}/queryDoneTaskPhones"), arguments.to_string())
}

fn tasks() -> Request {
    Request::get(format!("{API}/getTasks?companyId=1"))
}

fn truth(request: &Request) -> Response {
    Vendor::new(options()).0.handle(request)
}

#[test]
fn answers_that_do_not_come() {
    for (fault, delivery) in [(Fault::Network, Delivery::Lost), (Fault::Timeout, Delivery::Silent)]
    {
        let expected = Response { delivery, ..Response::default() };
        assert_eq!(always(fault).0.handle(&tasks()), expected);
    }
}

#[test]
fn answers_of_others_than_the_vendor() {
    let said = |fault| always(fault).0.handle(&tasks());
    let error = said(Fault::Http500);
    assert_eq!((error.status, body(&error)["status"].as_u64()), (500, Some(500)));
    let busy = said(Fault::Http429);
    assert_eq!((busy.status, busy.header("retry-after")), (429, Some("1")));
    let login = said(Fault::Html200);
    assert_eq!(
        (login.status, login.header("content-type").unwrap()),
        (200, "text/html;charset=UTF-8")
    );
    assert!(login.body.starts_with(b"<!doctype html>"));
    let empty = said(Fault::Empty);
    assert_eq!(
        (empty.status, empty.body.len(), empty.header("content-length")),
        (200, 0, Some("0"))
    );
    let half = said(Fault::Truncated);
    let whole = truth(&tasks()).body;
    assert_eq!(half.body, whole[..whole.len() / 2]);
    assert_eq!(half.header("content-length").unwrap(), half.body.len().to_string());
}

#[test]
fn refusals_of_the_vendor() {
    let internal = always(Fault::Vendor500).get("getTasks?companyId=1");
    assert_eq!((&internal["code"], &internal["data"]), (&json!(500), &Value::Null));
    let skewed = always(Fault::ClockSkew).0.handle(&tasks());
    assert_eq!(body(&skewed)["code"], 408);
    let minutes = |response: &Response| response.header("date").unwrap()[20..22].to_owned();
    // 02:30 in Greenwich.
    assert_eq!((minutes(&truth(&tasks())), minutes(&skewed)), ("30".into(), "35".into()));
}

#[test]
fn rows_that_come_in_and_go_again_shift_a_page_and_its_count_together() {
    let vendor = always(Fault::ShiftRows);
    let page = |vendor: &Vendor, number| data(body(&vendor.0.handle(&done(number, 50))).take());
    let calm = Vendor::new(options());
    assert_eq!(page(&vendor, 1), page(&calm, 1), "the first page would show them");
    let (first, second, shifted) = (page(&calm, 1), page(&calm, 2), page(&vendor, 2));
    let came = shifted["total"].as_u64().unwrap() - second["total"].as_u64().unwrap();
    assert!((1..=40).contains(&came));
    let came = usize::try_from(came).unwrap();
    let expected: Vec<u64> =
        [&ids(list(&first))[50 - came..], &ids(list(&second))[..50 - came]].concat();
    assert_eq!(ids(list(&shifted)), expected);
}

#[test]
fn rows_that_come_twice_push_out_no_other() {
    let vendor = always(Fault::DuplicateRows);
    let twice = ids(list(&data(body(&vendor.0.handle(&done(2, 50))))));
    let once = ids(list(&data(body(&truth(&done(2, 50))))));
    assert!((51..=53).contains(&twice.len()));
    let mut distinct = twice;
    distinct.dedup();
    assert_eq!(distinct, once);
}

#[test]
fn other_spellings_say_the_same() {
    let odd = always(Fault::OddFields);
    let rows = data(body(&odd.0.handle(&done(1, 50))));
    let plain = data(body(&truth(&done(1, 50))));
    assert_eq!(rows["total"], plain["total"]);
    let mut spellings = BTreeMap::new();
    for (row, plain) in list(&rows).iter().zip(list(&plain)) {
        let said = match &row["duration"] {
            Value::String(text) => text.trim_end_matches('秒').parse().unwrap(),
            number => number.as_u64().unwrap(),
        };
        assert_eq!(said, seconds(plain));
        let kind = match &row["duration"] {
            Value::Number(_) => "number",
            Value::String(text) if text.ends_with('秒') => "with its unit",
            _ => "text",
        };
        *spellings.entry(kind).or_insert(0) += 1;
        let id = &row["callInstanceId"];
        assert_eq!(
            id.as_str().map_or_else(|| id.to_string(), str::to_owned),
            plain["callInstanceId"].to_string()
        );
        assert_eq!(row["customerTelephone"], plain["customerTelephone"]);
    }
    assert_eq!(spellings.len(), 3, "{spellings:?}");
    assert!(list(&rows).iter().any(|row| row["resultList"].is_object()));
    assert!(list(&rows).iter().any(|row| row.get("bugType").is_some()));
}

#[test]
fn an_index_may_be_ignored() {
    let vendor = always(Fault::IgnoreIndex);
    let mut request = done(1, 50);
    let mut arguments: Value = serde_json::from_slice(&request.body).unwrap();
    let without = vendor.0.handle(&request).body;
    arguments["index"] = json!(7);
    request.body = arguments.to_string().into_bytes();
    assert_eq!(vendor.0.handle(&request).body, without);
    assert_ne!(truth(&request).body, without);
}

#[test]
fn a_script_says_which_request_of_which_page_meets_a_fault() {
    let vendor = scripted(vec![Rule {
        endpoint: Some("queryDoneTaskPhones".into()),
        page_num: Some(2),
        nth: Some(3),
        ..rule(Fault::Timeout)
    }]);
    let mut silent = Vec::new();
    for round in 1..=5 {
        for page in 1..=3 {
            let _ = vendor.0.handle(&tasks());
            if vendor.0.handle(&done(page, 50)).delivery == Delivery::Silent {
                silent.push((round, page));
            }
        }
    }
    assert_eq!(silent, [(3, 2)]);
}

#[test]
fn rules_without_bounds_are_about_every_request_and_the_first_wins() {
    let vendor = scripted(vec![
        Rule { nth: Some(2), ..rule(Fault::Empty) },
        rule(Fault::Vendor500),
        Rule { endpoint: Some("getTasks".into()), page_num: Some(1), ..rule(Fault::Network) },
    ]);
    let statuses: Vec<_> = (0..3).map(|_| vendor.0.handle(&tasks()).body.is_empty()).collect();
    assert_eq!(statuses, [false, true, false]);
    let mut restarted = vendor;
    restarted.0.reset();
    assert!(!restarted.0.handle(&tasks()).body.is_empty());
    assert!(restarted.0.handle(&tasks()).body.is_empty(), "reset begins the script anew");
}

#[test]
fn chance_is_as_likely_as_asked_and_the_same_for_a_seed() {
    let asked = |seed, share| -> Vec<bool> {
        let faults = BTreeMap::from([(Fault::Network, share)]);
        let sandbox = Sandbox::new(Options {
            seed,
            faults,
            tasks: 1,
            calls_per_task: Some(1),
            ..Options::default()
        });
        let sandbox = sandbox.unwrap();
        (0..4000).map(|_| sandbox.handle(&tasks()).delivery == Delivery::Lost).collect()
    };
    let met = |met: Vec<bool>| met.into_iter().filter(|met| *met).count();
    assert!((150..=250).contains(&met(asked(1, 0.05))));
    assert!((1900..=2100).contains(&met(asked(1, 0.5))));
    assert_eq!((met(asked(1, 0.0)), met(asked(1, 1.0))), (0, 4000));
    assert_eq!(asked(3, 0.5), asked(3, 0.5));
    assert_ne!(asked(3, 0.5), asked(4, 0.5));
}

#[test]
fn only_the_api_meets_faults() {
    let vendor = always(Fault::Network);
    assert_eq!(vendor.0.handle(&Request::get("/")).status, 404);
    let sound = Request::get("/recordings/1.wav");
    assert_ne!(vendor.0.handle(&sound).delivery, Delivery::Lost);
    let open = Vendor::new(Options {
        cors: true,
        faults: BTreeMap::from([(Fault::Network, 1.0)]),
        ..options()
    });
    let preflight = Request { method: "OPTIONS".into(), ..tasks() };
    assert_eq!(open.0.handle(&preflight).status, 204);
}

#[test]
fn whatever_went_wrong_the_next_answer_is_true() {
    for fault in ALL {
        for request in [tasks(), done(2, 50)] {
            let vendor = scripted(vec![Rule { nth: Some(1), ..rule(fault) }]);
            let _ = vendor.0.handle(&request);
            assert_eq!(vendor.0.handle(&request), truth(&request), "{fault:?}");
        }
    }
}

#[test]
fn wrong_faults_are_refused() {
    let refused = |options: Options| Sandbox::new(options).err().unwrap().to_string();
    for share in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let faults = BTreeMap::from([(Fault::Empty, share)]);
        assert_eq!(refused(Options { faults, ..options() }), "faults must be numbers from 0 to 1");
    }
    let script = |rule| Options { script: vec![rule], ..options() };
    for wrong in [
        Rule { page_num: Some(0), ..rule(Fault::Empty) },
        Rule { nth: Some(0), ..rule(Fault::Empty) },
    ] {
        assert!(refused(script(wrong)).contains("count from 1"));
    }
    let lost = Rule { endpoint: Some("getCalls".into()), ..rule(Fault::Empty) };
    assert!(refused(script(lost)).contains("no endpoint getCalls; there are getTasks,"));
}
