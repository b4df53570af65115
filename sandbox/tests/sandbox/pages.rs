//! Pages: nothing lost, nothing twice, limits, the cursor.

use std::collections::HashSet;

use serde_json::json;

use crate::asking::{Vendor, data, id, ids, list};

#[test]
fn a_walk_on_a_stopped_clock_meets_every_row_once() {
    let vendor = Vendor::small();
    for task in vendor.tasks() {
        let detail = vendor.detail(task);
        let (done, undialled) = (vendor.done(task), vendor.undialled(task));
        assert_eq!(done.len() as u64, detail["doneCount"].as_u64().unwrap());
        assert_eq!((done.len() + undialled.len()) as u64, detail["totalCount"].as_u64().unwrap());
        let seen: HashSet<u64> = done.iter().chain(&undialled).map(id).collect();
        assert_eq!(seen.len(), done.len() + undialled.len());
    }
}

#[test]
fn a_page_says_where_it_is() {
    let vendor = Vendor::small();
    let task = vendor.task_in(2);
    let arguments = json!({ "callJobId": task, "pageNum": 3, "pageSize": 50 });
    let page = data(vendor.post("queryDoneTaskPhones", &arguments));
    assert_eq!(list(&page).len(), 20);
    for (field, value) in [("pageNum", 3), ("pageSize", 50), ("size", 20), ("total", 120)] {
        assert_eq!(page[field], value, "{field}");
    }
    assert_eq!(
        (&page["pages"], &page["startRow"], &page["endRow"]),
        (&3.into(), &100.into(), &119.into())
    );
    let page = data(vendor.get("getTasks?companyId=1&pageNum=2&pageSize=5"));
    assert_eq!(
        (&page["total"], &page["startRow"], &page["endRow"]),
        (&12.into(), &6.into(), &10.into())
    );
    let beyond = data(vendor.get("getTasks?companyId=1&pageNum=9&pageSize=5"));
    assert_eq!(
        (&beyond["pageNum"], &beyond["size"], &beyond["total"]),
        (&9.into(), &0.into(), &12.into())
    );
}

#[test]
fn defaults_are_the_first_ten() {
    let vendor = Vendor::small();
    let task = vendor.task_in(2);
    let page = data(vendor.post("queryDoneTaskPhones", &json!({ "callJobId": task })));
    assert_eq!(
        (&page["pageNum"], &page["pageSize"], &page["size"]),
        (&1.into(), &10.into(), &10.into())
    );
    let page = data(vendor.get("getTasks?companyId=1"));
    assert_eq!(list(&page).len(), 10);
}

#[test]
fn page_sizes_have_limits() {
    let vendor = Vendor::small();
    let task = vendor.task_in(2);
    for (size, code) in [(0, 412), (-1, 412), (1, 200), (50, 200), (51, 412)] {
        let done = json!({ "callJobId": task, "pageSize": size });
        assert_eq!(vendor.post("queryDoneTaskPhones", &done)["code"], code, "{size}");
        let undialled = json!({ "taskId": task, "pageSize": size });
        assert_eq!(vendor.post("notDialedCustomerList", &undialled)["code"], code, "{size}");
    }
    for (size, code) in [(0, 412), (100, 200), (101, 412)] {
        let page = vendor.get(&format!("getTasks?companyId=1&pageSize={size}"));
        assert_eq!(page["code"], code, "{size}");
    }
    assert_eq!(vendor.get("getTasks?companyId=1&pageNum=0")["code"], 412);
}

#[test]
fn finished_calls_come_newest_first() {
    let vendor = Vendor::small();
    for task in vendor.tasks() {
        let rows = vendor.done(task);
        let indices: Vec<_> = rows.iter().map(|row| row["callIndex"].as_u64().unwrap()).collect();
        assert!(indices.iter().copied().eq((1..=rows.len() as u64).rev()));
        assert!(rows.is_sorted_by(|newer, older| {
            newer["endTime"].as_str().unwrap() >= older["endTime"].as_str().unwrap()
        }));
    }
}

#[test]
fn a_cursor_finds_what_ended_since_oldest_first() {
    let mut vendor = Vendor::small();
    let task = vendor.task_in(1);
    let before = vendor.done(task);
    let newest = before[0]["callIndex"].as_u64().unwrap();
    vendor.0.advance(600.0);
    let after = vendor.done(task);
    let arguments = json!({ "callJobId": task, "index": newest, "pageSize": 7 });
    let mut since = ids(&vendor.walk("queryDoneTaskPhones", &arguments));
    since.reverse();
    assert!(!since.is_empty());
    assert_eq!(since, ids(&after[..after.len() - before.len()]));
    // From nothing, a cursor finds everything; minus one is no cursor.
    let all = vendor.walk("queryDoneTaskPhones", &json!({ "callJobId": task, "index": 0 }));
    assert!(ids(&all).into_iter().rev().eq(ids(&after)));
    let plain = vendor.walk("queryDoneTaskPhones", &json!({ "callJobId": task, "index": -1 }));
    assert_eq!(ids(&plain), ids(&after));
}

#[test]
fn a_page_of_the_undialled_is_the_documented_example() {
    let vendor = Vendor::small();
    let task = vendor.task_in(1);
    let page = data(vendor.post("notDialedCustomerList", &json!({ "taskId": task })));
    let fields: Vec<_> = page.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["pageNum", "pageSize", "list"]);
}
