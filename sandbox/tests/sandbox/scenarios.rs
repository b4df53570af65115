//! Scenarios: the history of companies, and what is hidden in it. Not here: that statistics show it
//! (`tests/package/scenario.test.mjs`).

use std::collections::{BTreeMap, HashMap, HashSet};

use byrobot_sandbox::{FlaggedLine, LosesAtRound, Options, Sandbox, Scenario};
use serde_json::Value;

use crate::asking::{TestSandbox, everything, id};

fn sandbox(seed: u64, scenario: Scenario) -> TestSandbox {
    TestSandbox::new(Options { seed, scenario: Some(scenario), ..Options::default() })
}

/// A scenario with few calls.
fn small(scenario: Scenario) -> Scenario {
    Scenario { days: 3, calls_per_day: 200, ..scenario }
}

fn truth(sandbox: &TestSandbox) -> Value {
    serde_json::from_str::<Value>(&sandbox.0.truth()).unwrap()[0].take()
}

fn rows(sandbox: &TestSandbox) -> Vec<Value> {
    sandbox.tasks().into_iter().flat_map(|task| sandbox.done(task)).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_quiet_history_has_its_days_its_volume_and_no_unfinished_task() {
    for seed in 0..6 {
        let sandbox =
            sandbox(seed, Scenario { days: 14, calls_per_day: 200, ..Scenario::default() });
        let mut by_day = BTreeMap::new();
        for row in rows(&sandbox) {
            *by_day.entry(text(&row["startTime"])[..10].to_owned()).or_insert(0) += 1;
        }
        assert_eq!(by_day.len(), 15, "seed {seed}");
        assert_eq!(by_day.keys().next().unwrap(), text(&truth(&sandbox)["from"]));
        let last_sunday = by_day["2024-03-10"];
        let last_monday = by_day["2024-03-11"];
        assert!((60..100).contains(&last_sunday) && (220..280).contains(&last_monday));
        for task in sandbox.tasks() {
            let detail = sandbox.detail(task);
            let past = text(&detail["startDate"]) < "2024-03-15";
            assert!(!past || detail["status"] == 2, "seed {seed} {detail}");
        }
    }
}

#[test]
fn without_a_part_truth_says_null_and_with_it_what_and_where() {
    let quiet = truth(&sandbox(1, small(Scenario::default())));
    let parts: Vec<_> = quiet
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| !["companyId", "from", "bestHour"].contains(&name.as_str()))
        .collect();
    assert_eq!(parts.len(), 11);
    assert!(parts.iter().all(|part| quiet[part.as_str()].is_null()));
    for seed in 0..6 {
        let sandbox = sandbox(seed, small(everything()));
        let truth = truth(&sandbox);
        assert!(parts.iter().all(|part| !truth[part.as_str()].is_null()), "{truth}");
        let tasks: HashMap<u64, Value> =
            sandbox.tasks().into_iter().map(|task| (task, sandbox.detail(task))).collect();
        let task = |part: &str| &tasks[&truth[part]["callJobId"].as_u64().unwrap()];
        assert_eq!(task("stopped")["status"], truth["stopped"]["status"]);
        assert!([5, 8, 9, 10].contains(&truth["stopped"]["status"].as_u64().unwrap()));
        assert_eq!(task("silent")["status"], 1);
        assert_eq!(task("afterHours")["workingStartTime"], "08:00:00");
        let scripts: HashSet<_> = ["losesAtRound", "earlyHangUps", "unanswered"]
            .map(|part| truth[part]["sceneDefId"].as_u64().unwrap())
            .into();
        assert_eq!(scripts.len(), 3, "three scripts");
        let lines: HashSet<_> = tasks
            .values()
            .flat_map(|task| task["callPhones"].as_array().unwrap())
            .map(|line| line["phone"].clone())
            .collect();
        assert!(lines.len() == 4 && lines.contains(&truth["flaggedLine"]["callerPhone"]));
    }
}

#[test]
fn a_stopped_and_a_silent_task_have_numbers_left_and_no_call_after_their_end() {
    for seed in 0..6 {
        let sandbox = sandbox(seed, small(everything()));
        let truth = truth(&sandbox);
        for part in ["stopped", "silent"] {
            let task = truth[part]["callJobId"].as_u64().unwrap();
            let since = text(&truth[part]["since"]);
            let done = sandbox.done(task);
            assert!(!done.is_empty() && !sandbox.undialled(task).is_empty());
            let later = |row: &&Value| text(&row["startTime"]) > since;
            // A call that was ringing is answered some seconds later.
            assert!(done.iter().filter(later).count() < 5, "seed {seed} {part}");
        }
    }
}

#[test]
fn all_calls_are_dialled_between_9_and_20_except_those_of_the_task_after_hours() {
    for seed in 0..6 {
        let sandbox = sandbox(seed, small(everything()));
        let task_after_hours = &truth(&sandbox)["afterHours"]["callJobId"];
        let outside: Vec<_> = rows(&sandbox)
            .into_iter()
            .filter(|row| !("09".."20").contains(&&text(&row["startTime"])[11..13]))
            .collect();
        assert!(!outside.is_empty());
        assert!(outside.iter().all(|row| row["callJobId"] == *task_after_hours), "seed {seed}");
    }
}

#[test]
fn numbers_repeat_only_with_repeats_and_then_have_one_name() {
    for repeats in [false, true] {
        let sandbox = sandbox(3, small(Scenario { repeats, ..Scenario::default() }));
        let mut names: HashMap<String, (HashSet<String>, u32)> = HashMap::new();
        for row in rows(&sandbox) {
            let (known, count) =
                names.entry(text(&row["customerTelephone"]).to_owned()).or_default();
            known.insert(text(&row["customerName"]).to_owned());
            *count += 1;
        }
        let most = names.values().map(|(_, count)| *count).max().unwrap();
        assert!(if repeats { most >= 5 } else { most == 1 }, "{most}");
        assert!(names.values().all(|(names, _)| names.len() == 1));
        for telephone in truth(&sandbox)["repeats"]["telephones"].as_array().into_iter().flatten() {
            assert!(names[text(telephone)].1 >= 3);
        }
    }
}

#[test]
fn only_the_script_of_the_part_has_a_question_without_an_answer() {
    for unanswered in [false, true] {
        let sandbox = sandbox(5, small(Scenario { unanswered, ..Scenario::default() }));
        let truth = &truth(&sandbox)["unanswered"];
        let mut asked = 0;
        for row in rows(&sandbox).iter().filter(|row| row["finishStatus"] == 0) {
            let call = sandbox.call(id(row));
            for line in call["phoneLog"]["phoneLogs"].as_array().unwrap() {
                if line["userMean"] == "AI_UNKNOWN" {
                    assert_eq!(line["content"], truth["question"]);
                    assert_eq!(row["sceneDefId"], truth["sceneDefId"]);
                    asked += 1;
                }
            }
        }
        assert!(if unanswered { asked > 10 } else { asked == 0 }, "{asked}");
    }
}

#[test]
fn tasks_of_later_days_appear_with_the_clock() {
    let mut sandbox = sandbox(1, small(Scenario::default()));
    let before = sandbox.tasks();
    sandbox.0.advance(7.0 * 86_400.0);
    let after = sandbox.tasks();
    assert_eq!(after[after.len() - before.len()..], before);
    assert!((10..16).contains(&(after.len() - before.len())));
    let last = sandbox.done(after[1]);
    assert!(text(&last[0]["startTime"]) > "2024-03-21");
    sandbox.0.reset();
    assert_eq!(sandbox.tasks(), before);
}

#[test]
fn the_state_of_a_scenario_does_not_depend_on_the_steps_of_the_clock() {
    let at = |steps: &[f64]| {
        let mut sandbox = sandbox(2, small(everything()));
        for seconds in steps {
            sandbox.0.advance(*seconds);
        }
        rows(&sandbox)
    };
    assert_eq!(at(&[7200.0; 12]), at(&[86_400.0]));
}

#[test]
fn each_company_has_a_history_of_its_own() {
    let scenario = Some(small(everything()));
    let options = Options { companies: vec![1, 2, 2], scenario, ..Options::default() };
    let sandbox = TestSandbox::new(options);
    let truths: Value = serde_json::from_str(&sandbox.0.truth()).unwrap();
    assert_eq!(truths.as_array().unwrap().len(), 2);
    assert_ne!(truths[0]["stopped"], truths[1]["stopped"]);
    let second = sandbox.get("getTasks?companyId=2&status=1");
    assert!(second["data"]["total"].as_u64().unwrap() > 1);
}

#[test]
fn bodies_hold_all_ended_calls_in_the_order_of_the_pages() {
    let sandbox = sandbox(1, Scenario { days: 1, calls_per_day: 14_000, ..Scenario::default() });
    let task = sandbox.tasks().into_iter().max_by_key(|task| sandbox.done(*task).len()).unwrap();
    let bodies: Vec<Value> = (1..)
        .map_while(|page| sandbox.0.done_calls(task, page))
        .flat_map(|body| {
            let mut body: Value = serde_json::from_slice(&body).unwrap();
            body["data"]["list"].take().as_array().unwrap().clone()
        })
        .collect();
    assert!(bodies.len() > 5000);
    let without_link = |row: &Value| {
        let mut row = row.clone();
        row["luyinOssUrl"].take();
        row
    };
    let pages: Vec<_> = sandbox.done(task).iter().map(without_link).collect();
    assert_eq!(bodies.iter().map(without_link).collect::<Vec<_>>(), pages);
    assert_eq!(sandbox.0.done_calls(1, 1), None);
}

#[test]
fn scenarios_out_of_range_are_refused_by_name() {
    let round = |round| Some(LosesAtRound { round: Some(round), ..LosesAtRound::default() });
    for (scenario, name) in [
        (Scenario { days: 0, ..Scenario::default() }, "days"),
        (Scenario { days: 121, ..Scenario::default() }, "days"),
        (Scenario { calls_per_day: 99, ..Scenario::default() }, "callsPerDay"),
        (Scenario { calls_per_day: 100_001, ..Scenario::default() }, "callsPerDay"),
        (Scenario { loses_at_round: round(5), ..Scenario::default() }, "round"),
    ] {
        let options = Options { scenario: Some(scenario), ..Options::default() };
        let refused = Sandbox::new(options).err().unwrap().to_string();
        assert!(refused.contains(name), "{refused}");
    }
    let flagged = FlaggedLine { days_ago: Some(0), ..FlaggedLine::default() };
    let today = sandbox(1, small(Scenario { flagged_line: Some(flagged), ..Scenario::default() }));
    assert_eq!(truth(&today)["flaggedLine"]["since"], "2024-03-15");
}
