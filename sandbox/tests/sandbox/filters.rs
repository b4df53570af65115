//! Filters of endpoints, each compared with a filter over all rows in the test.

use std::sync::LazyLock;

use byrobot_sandbox::{Options, Sandbox};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::asking::{TestSandbox, data, ids, list, seconds};

struct Case {
    sandbox: TestSandbox,
    task: u64,
    rows: Vec<Value>,
}

static CASE: LazyLock<Case> = LazyLock::new(|| {
    let sandbox =
        TestSandbox::new(Options { tasks: 2, calls_per_task: Some(800), ..Options::default() });
    let task = sandbox.task_in(2);
    let rows = sandbox.done(task);
    Case { sandbox, task, rows }
});

fn results(row: &Value) -> &[Value] {
    row["resultList"].as_array().unwrap()
}

fn matches(arguments: &Value, row: &Value) -> bool {
    let bound = |name: &str, default: i64| arguments[name].as_i64().unwrap_or(default);
    let within = |value: u64, least: &str, most: &str| {
        let value = i64::try_from(value).unwrap();
        bound(least, i64::MIN) <= value && value <= bound(most, i64::MAX)
    };
    let wanted = arguments["resultQueryList"].as_array();
    within(seconds(row), "durationLeft", "durationRight")
        && within(row["chatRound"].as_u64().unwrap(), "chatRoundLeft", "chatRoundRight")
        && (arguments["finishStatus"].is_null() || arguments["finishStatus"] == row["finishStatus"])
        && wanted.is_none_or(|wanted| wanted.iter().all(|result| results(row).contains(result)))
}

fn some_results() -> impl Strategy<Value = Vec<Value>> {
    let mut known: Vec<Value> = CASE.rows.iter().flat_map(|row| results(row).to_vec()).collect();
    known.sort_by_key(ToString::to_string);
    known.dedup();
    known.push(json!({ "name": "客户意向等级", "value": "A级" }));
    prop::collection::vec(prop::sample::select(known), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn filtered_calls_equal_the_rows_that_match_the_filter(
        duration in prop::option::of((-5_i64..90, -5_i64..150)),
        rounds in prop::option::of((0_i64..6, 0_i64..12)),
        finish in prop::option::of(prop::sample::select(vec![0, 1, 2, 4, 5, 6, 7, 8, 10, 99])),
        results in some_results(),
        index in prop::option::of(-1_i64..900),
    ) {
        let case = &*CASE;
        let mut arguments = json!({
            "callJobId": case.task,
            "pageSize": 50,
            "durationLeft": duration.map(|bounds| bounds.0),
            "durationRight": duration.map(|bounds| bounds.1),
            "chatRoundLeft": rounds.map(|bounds| bounds.0),
            "chatRoundRight": rounds.map(|bounds| bounds.1),
            "finishStatus": finish,
            "resultQueryList": results,
        });
        let mut expected: Vec<_> =
            case.rows.iter().filter(|row| matches(&arguments, row)).cloned().collect();
        if let Some(index) = index {
            arguments["index"] = index.into();
            expected.retain(|row| row["callIndex"].as_i64().unwrap() > index);
            if index >= 0 {
                expected.reverse();
            }
        }
        let found = case.sandbox.all_rows("queryDoneTaskPhones", &arguments);
        prop_assert_eq!(ids(&found), ids(&expected));
    }
}

#[test]
fn bounds_of_duration_and_rounds_are_inclusive() {
    let case = &*CASE;
    let row = case.rows.iter().find(|row| seconds(row) > 20).unwrap();
    let arguments = json!({
        "callJobId": case.task,
        "durationLeft": seconds(row),
        "durationRight": seconds(row),
        "chatRoundLeft": row["chatRound"],
        "chatRoundRight": row["chatRound"],
    });
    let found = case.sandbox.all_rows("queryDoneTaskPhones", &arguments);
    assert!(ids(&found).contains(&row["callInstanceId"].as_u64().unwrap()));
}

#[test]
fn tasks_are_filtered_by_name_status_and_day_of_creation() {
    let sandbox = TestSandbox::new(Options::default());
    let all = data(sandbox.get("getTasks?companyId=1&pageSize=100"));
    let all = list(&all).to_vec();
    // Percent-encoded 回访.
    let named = data(sandbox.get("getTasks?companyId=1&pageSize=100&taskName=%E5%9B%9E%E8%AE%BF"));
    let filtered = |choose: &dyn Fn(&Value) -> bool| -> Vec<Value> {
        all.iter().filter(|row| choose(row)).cloned().collect()
    };
    let has_name = |row: &Value| row["jobName"].as_str().unwrap().contains("回访");
    assert!(!list(&named).is_empty());
    assert_eq!(list(&named), filtered(&has_name));
    for status in 0..=11 {
        let found =
            data(sandbox.get(&format!("getTasks?companyId=1&pageSize=100&status={status}")));
        assert_eq!(list(&found), filtered(&|row| row["status"] == status));
    }
    // Names end with the day of creation.
    for day in ["2024-03-15", "2024-03-14", "1999-01-01"] {
        let found =
            data(sandbox.get(&format!("getTasks?companyId=1&pageSize=100&createDate={day}")));
        assert_eq!(list(&found), filtered(&|row| row["jobName"].as_str().unwrap().ends_with(day)));
    }
}

#[test]
fn deleted_tasks_are_listed_only_with_need_all() {
    let sandbox = TestSandbox::new(Options::default());
    let page = data(sandbox.get("getTasks?companyId=1&pageSize=100&needAll=true"));
    assert_eq!(page["total"], 24 + 3);
    let shown = sandbox.tasks();
    let deleted = list(&page).iter().map(|row| row["callJobId"].as_u64().unwrap());
    let deleted = deleted.filter(|task| !shown.contains(task)).collect::<Vec<_>>();
    assert_eq!(deleted.len(), 3);
    assert_eq!(sandbox.detail(deleted[0])["callJobId"], deleted[0]);
}

#[test]
fn another_company_has_no_tasks() {
    let sandbox = TestSandbox::new(Options { companies: vec![7], ..Options::default() });
    assert_eq!(data(sandbox.get("getTasks?companyId=1"))["total"], 0);
    let page = data(sandbox.get("getTasks?companyId=7"));
    assert_eq!(page["total"], 24);
    let task = &page["list"][0]["callJobId"];
    assert_eq!(sandbox.get(&format!("getTaskDetail?companyId=7&taskId={task}"))["code"], 200);
    assert_eq!(sandbox.get(&format!("getTaskDetail?companyId=1&taskId={task}"))["code"], 404);
}

#[test]
fn tasks_are_assigned_to_companies_in_turn_and_otherwise_do_not_change() {
    let alone = TestSandbox::new(Options::default());
    let sandbox = TestSandbox::new(Options { companies: vec![1, 2], ..Options::default() });
    let of = |sandbox: &TestSandbox, company: u64| {
        let page = data(sandbox.get(&format!("getTasks?companyId={company}&pageSize=100")));
        list(&page).iter().map(|row| row["callJobId"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let [first, second] = [1, 2].map(|company| of(&sandbox, company));
    assert_eq!((first.len(), second.len()), (12, 12));
    let mut both = [first.clone(), second.clone()].concat();
    let mut all = of(&alone, 1);
    both.sort_unstable();
    all.sort_unstable();
    assert_eq!(both, all);
    // As with the vendor, the endpoints of calls take no company; only `phoneLogInfo` names the company of a call.
    let row =
        sandbox.done(second.iter().copied().find(|task| !sandbox.done(*task).is_empty()).unwrap());
    let call = sandbox.call(row[0]["callInstanceId"].as_u64().unwrap());
    assert_eq!(call["sceneInstance"]["companyId"], 2);
    assert_eq!(
        sandbox.get(&format!("getTaskDetail?companyId=1&taskId={}", second[0]))["code"],
        404
    );
    assert!(Sandbox::new(Options { companies: vec![], ..Options::default() }).is_err());
}
