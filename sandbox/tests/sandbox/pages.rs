//! Pages: every row once, limits, the cursor.

use std::collections::HashSet;

use serde_json::json;

use crate::asking::{TestSandbox, data, id, ids, list};

#[test]
fn pagination_with_a_stopped_clock_returns_every_row_once() {
    let sandbox = TestSandbox::small();
    for task in sandbox.tasks() {
        let detail = sandbox.detail(task);
        let (done, undialled) = (sandbox.done(task), sandbox.undialled(task));
        assert_eq!(done.len() as u64, detail["doneCount"].as_u64().unwrap());
        assert_eq!((done.len() + undialled.len()) as u64, detail["totalCount"].as_u64().unwrap());
        let seen: HashSet<u64> = done.iter().chain(&undialled).map(id).collect();
        assert_eq!(seen.len(), done.len() + undialled.len());
    }
}

#[test]
fn a_page_has_its_number_size_total_and_row_range() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(2);
    let arguments = json!({ "callJobId": task, "pageNum": 3, "pageSize": 50 });
    let page = data(sandbox.post("queryDoneTaskPhones", &arguments));
    assert_eq!(list(&page).len(), 20);
    for (field, value) in [("pageNum", 3), ("pageSize", 50), ("size", 20), ("total", 120)] {
        assert_eq!(page[field], value, "{field}");
    }
    assert_eq!(
        (&page["pages"], &page["startRow"], &page["endRow"]),
        (&3.into(), &100.into(), &119.into())
    );
    let page = data(sandbox.get("getTasks?companyId=1&pageNum=2&pageSize=5"));
    assert_eq!(
        (&page["total"], &page["startRow"], &page["endRow"]),
        (&12.into(), &6.into(), &10.into())
    );
    let beyond = data(sandbox.get("getTasks?companyId=1&pageNum=9&pageSize=5"));
    assert_eq!(
        (&beyond["pageNum"], &beyond["size"], &beyond["total"]),
        (&9.into(), &0.into(), &12.into())
    );
}

#[test]
fn a_request_without_page_arguments_gets_the_first_ten_rows() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(2);
    let page = data(sandbox.post("queryDoneTaskPhones", &json!({ "callJobId": task })));
    assert_eq!(
        (&page["pageNum"], &page["pageSize"], &page["size"]),
        (&1.into(), &10.into(), &10.into())
    );
    let page = data(sandbox.get("getTasks?companyId=1"));
    assert_eq!(list(&page).len(), 10);
}

#[test]
fn page_numbers_and_sizes_out_of_range_are_refused() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(2);
    for (size, code) in [(0, 412), (-1, 412), (1, 200), (50, 200), (51, 412)] {
        let done = json!({ "callJobId": task, "pageSize": size });
        assert_eq!(sandbox.post("queryDoneTaskPhones", &done)["code"], code, "{size}");
        let undialled = json!({ "taskId": task, "pageSize": size });
        assert_eq!(sandbox.post("notDialedCustomerList", &undialled)["code"], code, "{size}");
    }
    for (size, code) in [(0, 412), (100, 200), (101, 412)] {
        let page = sandbox.get(&format!("getTasks?companyId=1&pageSize={size}"));
        assert_eq!(page["code"], code, "{size}");
    }
    assert_eq!(sandbox.get("getTasks?companyId=1&pageNum=0")["code"], 412);
}

#[test]
fn finished_calls_come_newest_first() {
    let sandbox = TestSandbox::small();
    for task in sandbox.tasks() {
        let rows = sandbox.done(task);
        let indices: Vec<_> = rows.iter().map(|row| row["callIndex"].as_u64().unwrap()).collect();
        assert!(indices.iter().copied().eq((1..=rows.len() as u64).rev()));
        assert!(rows.is_sorted_by(|newer, older| {
            newer["endTime"].as_str().unwrap() >= older["endTime"].as_str().unwrap()
        }));
    }
}

#[test]
fn a_cursor_returns_the_calls_that_ended_after_it_oldest_first() {
    let mut sandbox = TestSandbox::small();
    let task = sandbox.task_in(1);
    let before = sandbox.done(task);
    let newest = before[0]["callIndex"].as_u64().unwrap();
    sandbox.0.advance(600.0);
    let after = sandbox.done(task);
    let arguments = json!({ "callJobId": task, "index": newest, "pageSize": 7 });
    let mut since = ids(&sandbox.all_rows("queryDoneTaskPhones", &arguments));
    since.reverse();
    assert!(!since.is_empty());
    assert_eq!(since, ids(&after[..after.len() - before.len()]));
    // Index 0 returns every call, oldest first; index -1 means no cursor.
    let all = sandbox.all_rows("queryDoneTaskPhones", &json!({ "callJobId": task, "index": 0 }));
    assert!(ids(&all).into_iter().rev().eq(ids(&after)));
    let without_cursor =
        sandbox.all_rows("queryDoneTaskPhones", &json!({ "callJobId": task, "index": -1 }));
    assert_eq!(ids(&without_cursor), ids(&after));
}

#[test]
fn a_page_of_not_dialed_customer_list_has_the_fields_of_the_documents_example() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(1);
    let page = data(sandbox.post("notDialedCustomerList", &json!({ "taskId": task })));
    let fields: Vec<_> = page.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["pageNum", "pageSize", "list"]);
}
