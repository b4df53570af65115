//! What time does: calls end, rows move, tasks complete, windows are kept.

use std::collections::HashSet;

use byrobot_sandbox::Options;
use serde_json::{Value, json};

use crate::asking::{Vendor, data, id, ids, list};

#[test]
fn every_status_is_there_at_the_start() {
    for (seed, calls, now_ms) in [
        (1, None, 1_710_469_800_000),
        (2, Some(1), 1_710_469_800_000),
        (3, Some(2), 1_710_469_800_000),
        (4, Some(5), 1_710_469_800_000),
        (5, Some(5_000), 1_710_469_800_000),
        (6, Some(300), 1_710_442_800_000), // three at night
        (7, Some(300), 1_710_475_200_000), // noon, when most rest
    ] {
        let options = Options { seed, calls_per_task: calls, now_ms, ..Options::default() };
        let vendor = Vendor::new(options);
        let page = data(vendor.get("getTasks?companyId=1&pageSize=100"));
        assert_eq!(page["total"], 24);
        let statuses: HashSet<_> =
            list(&page).iter().map(|row| row["status"].as_u64().unwrap()).collect();
        assert_eq!(statuses, (0..=10).collect(), "seed {seed}");
        for row in list(&page) {
            let detail = vendor.detail(row["callJobId"].as_u64().unwrap());
            let done = detail["doneCount"] == detail["totalCount"];
            assert_eq!(done, row["status"] == 2, "seed {seed} {row}");
        }
    }
}

#[test]
fn rows_move_from_page_to_page() {
    let mut vendor = Vendor::new(Options::default());
    let task = vendor.task_in(1);
    let page = |vendor: &mut Vendor, number: u32| {
        let arguments = json!({ "callJobId": task, "pageNum": number, "pageSize": 20 });
        data(vendor.post("queryDoneTaskPhones", &arguments))
    };
    let (first, undialled) = (page(&mut vendor, 1), vendor.undialled(task).len() as u64);
    vendor.0.advance(60.0);
    let total = |page: &Value| page["total"].as_u64().unwrap();
    let shift = total(&page(&mut vendor, 1)) - total(&first);
    assert!((1..20).contains(&shift), "a minute ends some calls: {shift}");
    let rows = [page(&mut vendor, 1), page(&mut vendor, 2)].map(|page| ids(list(&page))).concat();
    assert_eq!(rows[usize::try_from(shift).unwrap()..][..20], ids(list(&first)));
    assert_eq!(vendor.undialled(task).len() as u64, undialled - shift);
}

#[test]
fn a_row_never_changes_once_it_is_there() {
    let mut vendor = Vendor::small();
    let task = vendor.task_in(1);
    let before = vendor.done(task);
    vendor.0.advance(86_400.0);
    let after = vendor.done(task);
    assert_eq!(after[after.len() - before.len()..], before);
}

#[test]
fn running_tasks_complete_and_waiting_ones_start() {
    let mut vendor = Vendor::small();
    let status = |vendor: &mut Vendor, task| vendor.detail(task)["status"].as_u64().unwrap();
    let [running, scheduling, queued, paused, terminated] =
        [1, 3, 7, 5, 6].map(|status| vendor.task_in(status));
    vendor.0.advance(2.0 * 3600.0);
    assert_ne!(status(&mut vendor, scheduling), 3);
    assert_ne!(status(&mut vendor, queued), 7);
    vendor.0.advance(2.0 * 86_400.0);
    for task in [running, scheduling, queued, paused] {
        assert_eq!(status(&mut vendor, task), 2);
        assert!(vendor.undialled(task).is_empty());
    }
    assert_eq!(status(&mut vendor, terminated), 6);
}

#[test]
fn numbers_wait_for_their_redial() {
    let vendor = Vendor::new(Options::default());
    let mut seen = HashSet::new();
    for task in vendor.tasks() {
        for row in vendor.undialled(task) {
            let (status, times) =
                (row["status"].as_u64().unwrap(), row["calledTimes"].as_u64().unwrap());
            assert_eq!(status == 0, times == 0, "{row}");
            assert_eq!(times == 0, row["startTime"].is_null(), "{row}");
            assert_eq!(times == 0, row["callerPhone"].is_null(), "{row}");
            seen.insert(status);
        }
    }
    assert_eq!(seen, [0, 1, 3].into());
    let redialled = |row: &Value| row["secondaryCallTimes"].as_u64().unwrap() > 0;
    assert!(vendor.tasks().into_iter().any(|task| vendor.done(task).iter().any(redialled)));
}

#[test]
fn nobody_is_called_outside_the_window() {
    let mut vendor = Vendor::new(Options { seed: 3, ..Options::default() });
    vendor.0.advance(86_400.0);
    for task in vendor.tasks() {
        let detail = vendor.detail(task);
        let time = |name: &str| detail[name].as_str().map(str::to_owned);
        for row in vendor.done(task) {
            let at = &row["startTime"].as_str().unwrap()[11..];
            assert!(time("workingStartTime").unwrap().as_str() <= at, "{row}");
            assert!(at < time("workingEndTime").unwrap().as_str(), "{row}");
            if let (Some(from), Some(to)) = (time("breakStartTime"), time("breakEndTime")) {
                assert!(at < from.as_str() || to.as_str() <= at, "{row}");
            }
        }
    }
}

#[test]
fn no_call_is_in_the_future() {
    let vendor = Vendor::new(Options::default());
    for task in vendor.tasks() {
        for row in vendor.done(task).iter().chain(&vendor.undialled(task)) {
            for field in ["startTime", "endTime", "gmtCreate"] {
                let written = row[field].as_str().unwrap_or_default();
                assert!(written <= "2024-03-15 10:30:00", "{row}");
            }
        }
    }
}

#[test]
fn a_call_in_progress_is_known_without_its_end() {
    let vendor = Vendor::new(Options::default());
    let task = vendor.task_in(1);
    let rows = vendor.undialled(task);
    let row = rows.iter().find(|row| row["status"] == 1).unwrap();
    let call = vendor.call(id(row));
    assert_eq!(call["sceneInstance"]["status"], 1);
    assert_eq!(call["sceneInstance"]["startTime"], row["startTime"]);
    for field in ["finishStatus", "duration", "chatRound", "endTime", "luyinOssUrl", "hangUp"] {
        assert!(call["sceneInstance"][field].is_null(), "{field}");
    }
    assert_eq!((&call["phoneLog"]["phoneLogs"], &call["taskResult"]), (&json!([]), &json!([])));
}
