//! Fields of answers, and the consistency between answers.

use byrobot_sandbox::Options;
use serde_json::Value;

use crate::asking::{TestSandbox, data, id, seconds};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The fields of the document's examples, in the same order.
#[test]
fn answers_have_the_documented_fields() {
    let sandbox = TestSandbox::new(Options { tasks: 12, ..Options::default() });
    let envelope = sandbox.get("getTasks?companyId=1");
    assert_eq!(keys(&envelope), ["code", "data", "resultMsg", "errorStackTrace"]);
    assert_eq!(envelope["resultMsg"], "操作成功");
    let page = data(envelope);
    let paged = "pageNum pageSize size orderBy startRow endRow total pages list";
    assert_eq!(keys(&page).join(" "), paged);
    let without_break = |value: &Value| {
        let keys: Vec<_> =
            keys(value).into_iter().filter(|key| !key.starts_with("break")).collect();
        keys.join(" ")
    };
    assert_eq!(
        without_break(&page["list"][0]),
        "callJobId jobName jobType startDate workingStartTime workingEndTime status sceneDefId \
         remark totalCount doneCount calledCount rejectedCount unavailableCount \
         fromUnavailableCount sceneDefName callPhones"
    );
    assert!(page["list"][0]["totalCount"].is_null());
    let task = sandbox.task_in(2);
    assert_eq!(
        without_break(&sandbox.detail(task)),
        "callJobId jobName jobType startDate workingStartTime workingEndTime status sceneDefId \
         remark totalCount doneCount calledCount rejectedCount unavailableCount \
         fromUnavailableCount robotDefName sceneDefName sceneRecordName durationStat \
         chatRoundStat resultDefs callPhones extraStat"
    );
    let rows = sandbox.done(task);
    assert_eq!(
        keys(&rows[0]).join(" "),
        "callInstanceId sceneDefId callJobId customerTelephone customerName status finishStatus \
         duration chatRound startTime endTime callerPhone callIndex luyinOssUrl \
         secondaryCallTime secondaryCallTimes gmtCreate gmtModified jobName resultList"
    );
    let running = sandbox.task_in(1);
    assert_eq!(
        keys(&sandbox.undialled(running)[0]).join(" "),
        "callInstanceId customerName customerTelephone status startTime callerPhone corpName \
         calledTimes"
    );
    let talked = rows.iter().find(|row| row["chatRound"].as_u64().unwrap() > 3).unwrap();
    let envelope = sandbox.get(&format!("phoneLogInfo?callInstanceId={}", id(talked)));
    assert_eq!(envelope["resultMsg"], "获取成功");
    let call = data(envelope);
    assert_eq!(keys(&call), ["phoneLog", "sceneInstance", "taskResult"]);
    assert_eq!(keys(&call["phoneLog"]), ["phoneLogs", "luyinOssUrl"]);
    assert_eq!(
        keys(&call["phoneLog"]["phoneLogs"][0]).join(" "),
        "sceneInstanceLogId sceneInstanceId speaker content userMean userMeanDetail aiUnknown \
         startTime endTime gmtCreate gmtModified"
    );
    assert_eq!(
        keys(&call["sceneInstance"]).join(" "),
        "callInstanceId companyId callJobId customerId customerTelephone customerName status \
         finishStatus duration chatRound startTime endTime callerPhone luyinOssUrl \
         userLuyinOssUrl properties handlePerson callType readStatus jobName robotDefId \
         sceneDefId sceneRecordId trackResult hangUp secondaryCallTime secondaryCallTimes \
         gmtCreate gmtModified"
    );
    assert_eq!(
        keys(&call["taskResult"][0]).join(" "),
        "sceneInstanceResultId companyId sceneInstanceId resultName resultValue resultDesc \
         analyzeType gmtCreate gmtModified"
    );
}

#[test]
fn counters_of_a_task_equal_the_counts_of_its_rows() {
    for mut sandbox in TestSandbox::worlds() {
        sandbox.0.advance(1800.0);
        for task in sandbox.tasks() {
            let (detail, rows) = (sandbox.detail(task), sandbox.done(task));
            let count =
                |choose: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| choose(row)).count();
            for (counter, finish) in [
                ("calledCount", 0),
                ("rejectedCount", 1),
                ("unavailableCount", 2),
                ("fromUnavailableCount", 3),
            ] {
                assert_eq!(
                    detail[counter],
                    count(&|row| row["finishStatus"] == finish),
                    "{counter}"
                );
            }
            let answered = |row: &Value| row["finishStatus"] == 0;
            let short = count(&|row| answered(row) && seconds(row) < 10);
            assert_eq!(detail["durationStat"][0]["value"], short);
            let long = count(&|row| answered(row) && seconds(row) >= 120);
            assert_eq!(detail["durationStat"][3]["value"], long);
            let few = count(&|row| answered(row) && row["chatRound"].as_u64().unwrap() < 3);
            assert_eq!(detail["chatRoundStat"][0]["value"], few);
            for (name, counts) in detail["extraStat"].as_object().unwrap() {
                for named in counts.as_array().unwrap() {
                    let label = named["name"].as_str().unwrap();
                    let has = |result: &Value| {
                        let value = result["value"].as_str().unwrap();
                        result["name"] == *name
                            && (value == label || value.ends_with(&format!("({label})")))
                    };
                    let with = |row: &Value| row["resultList"].as_array().unwrap().iter().any(has);
                    assert_eq!(named["value"], count(&with), "{name} {label}");
                }
            }
        }
    }
}

#[test]
fn results_of_calls_are_values_of_the_result_definitions() {
    for sandbox in TestSandbox::worlds() {
        for task in sandbox.tasks() {
            let detail = sandbox.detail(task);
            let definitions = detail["resultDefs"].as_array().unwrap();
            for result in
                sandbox.done(task).iter().flat_map(|row| row["resultList"].as_array().unwrap())
            {
                if result["name"] == "预约时间" {
                    continue;
                }
                let definition =
                    definitions.iter().find(|definition| definition["name"] == result["name"]);
                let values = definition.unwrap()["values"].as_array().unwrap();
                assert!(values.contains(&result["value"]), "{result}");
            }
        }
    }
}

#[test]
fn phone_log_info_has_the_same_values_as_the_row_of_the_call() {
    for sandbox in TestSandbox::worlds() {
        for task in sandbox.tasks() {
            for row in sandbox.done(task) {
                let call = sandbox.call(id(&row));
                let instance = &call["sceneInstance"];
                for field in [
                    "callJobId",
                    "customerTelephone",
                    "customerName",
                    "status",
                    "finishStatus",
                    "chatRound",
                    "startTime",
                    "endTime",
                    "callerPhone",
                    "luyinOssUrl",
                    "jobName",
                    "secondaryCallTimes",
                    "gmtCreate",
                    "gmtModified",
                ] {
                    assert_eq!(instance[field], row[field], "{field}");
                }
                assert_eq!(instance["duration"], seconds(&row));
                assert_eq!(call["phoneLog"]["luyinOssUrl"], row["luyinOssUrl"]);
                let results: Vec<_> = call["taskResult"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|result| (&result["resultName"], &result["resultValue"]))
                    .collect();
                let listed: Vec<_> = row["resultList"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|result| (&result["name"], &result["value"]))
                    .collect();
                assert_eq!(results, listed);
                transcript(&row, &call);
            }
        }
    }
}

/// Rounds are the robot's lines. The customer's lines are in order within the recording. An unanswered call has no lines.
fn transcript(row: &Value, call: &Value) {
    let lines = call["phoneLog"]["phoneLogs"].as_array().unwrap();
    let robot = lines.iter().filter(|line| line["speaker"] == "AI").count();
    assert_eq!(row["chatRound"], robot);
    if row["finishStatus"] != 0 {
        assert!(lines.is_empty() && seconds(row) == 0, "{row}");
        return;
    }
    let mut clock = 0;
    for line in lines {
        let [from, to] = ["startTime", "endTime"].map(|field| line[field].as_u64().unwrap());
        if line["speaker"] == "AI" {
            assert_eq!((from, to), (0, 0));
        } else {
            assert!(clock <= from && from < to && to <= seconds(row) * 1000, "{row} {line}");
            clock = to;
        }
        assert!(!line["content"].as_str().unwrap().contains('{'));
        assert!(line["aiUnknown"].is_u64());
    }
    if let Some(first) = lines.first() {
        assert_eq!(first["gmtCreate"], row["startTime"]);
    }
}

#[test]
fn every_finish_status_occurs_at_a_realistic_rate() {
    let sandbox =
        TestSandbox::new(Options { tasks: 12, calls_per_task: Some(2000), ..Options::default() });
    let mut counts = std::collections::BTreeMap::new();
    for task in sandbox.tasks() {
        for row in sandbox.done(task) {
            *counts.entry(row["finishStatus"].as_u64().unwrap()).or_insert(0) += 1;
        }
    }
    let codes: Vec<_> = counts.keys().copied().collect();
    assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22, 25]);
    let all: u32 = counts.values().sum();
    let share = |code| counts[&code] * 1000 / all;
    assert!((300..550).contains(&share(0)), "{counts:?}");
    assert!(share(10) < 20 && share(11) < 20 && share(12) < 20 && share(22) < 5 && share(25) < 5);
}
