//! Effects of time: calls end, rows move, tasks complete, dialling windows are respected.

use std::collections::HashSet;

use byrobot_sandbox::Options;
use serde_json::{Value, json};

use crate::asking::{TestSandbox, data, id, ids, list};

#[test]
fn every_task_status_occurs_at_the_start_of_the_clock() {
    for (seed, calls, now_ms) in [
        (1, None, 1_710_469_800_000),
        (2, Some(1), 1_710_469_800_000),
        (3, Some(2), 1_710_469_800_000),
        (4, Some(5), 1_710_469_800_000),
        (5, Some(5_000), 1_710_469_800_000),
        (6, Some(300), 1_710_442_800_000), // 03:00
        (7, Some(300), 1_710_475_200_000), // 12:00, during most breaks
    ] {
        let options = Options { seed, calls_per_task: calls, now_ms, ..Options::default() };
        let sandbox = TestSandbox::new(options);
        let page = data(sandbox.get("getTasks?companyId=1&pageSize=100"));
        assert_eq!(page["total"], 24);
        let statuses: HashSet<_> =
            list(&page).iter().map(|row| row["status"].as_u64().unwrap()).collect();
        assert_eq!(statuses, (0..=10).collect(), "seed {seed}");
        for row in list(&page) {
            let detail = sandbox.detail(row["callJobId"].as_u64().unwrap());
            let done = detail["doneCount"] == detail["totalCount"];
            assert_eq!(done, row["status"] == 2, "seed {seed} {row}");
        }
    }
}

#[test]
fn rows_move_to_later_pages_when_calls_end() {
    let mut sandbox = TestSandbox::new(Options::default());
    let task = sandbox.task_in(1);
    let page = |sandbox: &mut TestSandbox, number: u32| {
        let arguments = json!({ "callJobId": task, "pageNum": number, "pageSize": 20 });
        data(sandbox.post("queryDoneTaskPhones", &arguments))
    };
    let (first, undialled) = (page(&mut sandbox, 1), sandbox.undialled(task).len() as u64);
    sandbox.0.advance(60.0);
    let total = |page: &Value| page["total"].as_u64().unwrap();
    let shift = total(&page(&mut sandbox, 1)) - total(&first);
    assert!((1..20).contains(&shift), "a minute ends some calls: {shift}");
    let rows = [page(&mut sandbox, 1), page(&mut sandbox, 2)].map(|page| ids(list(&page))).concat();
    assert_eq!(rows[usize::try_from(shift).unwrap()..][..20], ids(list(&first)));
    assert_eq!(sandbox.undialled(task).len() as u64, undialled - shift);
}

#[test]
fn the_row_of_an_ended_call_never_changes() {
    let mut sandbox = TestSandbox::small();
    let task = sandbox.task_in(1);
    let before = sandbox.done(task);
    sandbox.0.advance(86_400.0);
    let after = sandbox.done(task);
    assert_eq!(after[after.len() - before.len()..], before);
}

#[test]
fn running_tasks_complete_and_scheduled_or_queued_tasks_start() {
    let mut sandbox = TestSandbox::small();
    let status = |sandbox: &mut TestSandbox, task| sandbox.detail(task)["status"].as_u64().unwrap();
    let [running, scheduling, queued, paused, terminated] =
        [1, 3, 7, 5, 6].map(|status| sandbox.task_in(status));
    sandbox.0.advance(2.0 * 3600.0);
    assert_ne!(status(&mut sandbox, scheduling), 3);
    assert_ne!(status(&mut sandbox, queued), 7);
    sandbox.0.advance(2.0 * 86_400.0);
    for task in [running, scheduling, queued, paused] {
        assert_eq!(status(&mut sandbox, task), 2);
        assert!(sandbox.undialled(task).is_empty());
    }
    assert_eq!(status(&mut sandbox, terminated), 6);
}

#[test]
fn calls_that_have_not_ended_are_undialled_in_progress_or_waiting_for_a_redial() {
    let mut seen = HashSet::new();
    for sandbox in TestSandbox::worlds() {
        for task in sandbox.tasks() {
            for row in sandbox.undialled(task) {
                let (status, times) =
                    (row["status"].as_u64().unwrap(), row["calledTimes"].as_u64().unwrap());
                assert_eq!(status == 0, times == 0, "{row}");
                assert_eq!(times == 0, row["startTime"].is_null(), "{row}");
                assert_eq!(times == 0, row["callerPhone"].is_null(), "{row}");
                seen.insert(status);
            }
        }
        let redialled = |row: &Value| row["secondaryCallTimes"].as_u64().unwrap() > 0;
        assert!(sandbox.tasks().into_iter().any(|task| sandbox.done(task).iter().any(redialled)));
    }
    assert_eq!(seen, [0, 1, 3].into());
}

#[test]
fn no_number_is_dialled_outside_the_window_or_in_the_break() {
    for mut sandbox in TestSandbox::worlds() {
        sandbox.0.advance(86_400.0);
        for task in sandbox.tasks() {
            let detail = sandbox.detail(task);
            let time = |name: &str| detail[name].as_str().map(str::to_owned);
            for row in sandbox.done(task) {
                let at = &row["startTime"].as_str().unwrap()[11..];
                assert!(time("workingStartTime").unwrap().as_str() <= at, "{row}");
                assert!(at < time("workingEndTime").unwrap().as_str(), "{row}");
                if let (Some(from), Some(to)) = (time("breakStartTime"), time("breakEndTime")) {
                    assert!(at < from.as_str() || to.as_str() <= at, "{row}");
                }
            }
        }
    }
}

#[test]
fn no_time_in_an_answer_is_later_than_the_clock() {
    for sandbox in TestSandbox::worlds() {
        for task in sandbox.tasks() {
            for row in sandbox.done(task).iter().chain(&sandbox.undialled(task)) {
                for field in ["startTime", "endTime", "gmtCreate"] {
                    let written = row[field].as_str().unwrap_or_default();
                    assert!(written <= "2024-03-15 10:30:00", "{row}");
                }
            }
        }
    }
}

#[test]
fn a_call_in_progress_has_null_for_fields_that_depend_on_its_end() {
    let sandbox = TestSandbox::new(Options::default());
    let task = sandbox.task_in(1);
    let rows = sandbox.undialled(task);
    let row = rows.iter().find(|row| row["status"] == 1).unwrap();
    let call = sandbox.call(id(row));
    assert_eq!(call["sceneInstance"]["status"], 1);
    assert_eq!(call["sceneInstance"]["startTime"], row["startTime"]);
    for field in ["finishStatus", "duration", "chatRound", "endTime", "luyinOssUrl", "hangUp"] {
        assert!(call["sceneInstance"][field].is_null(), "{field}");
    }
    assert_eq!((&call["phoneLog"]["phoneLogs"], &call["taskResult"]), (&json!([]), &json!([])));
}
