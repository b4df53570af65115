//! Shorthand for requests to a sandbox. Not here: tests.

use byrobot_sandbox::{
    BadList, FlaggedLine, LosesAtRound, Options, Request, Response, Sandbox, Scenario,
};
use serde_json::{Value, json};

pub(crate) const API: &str = "/openapi/v1/task";

/// A sandbox with shorthand for its endpoints.
pub(crate) struct TestSandbox(pub Sandbox);

impl TestSandbox {
    pub(crate) fn new(options: Options) -> Self {
        Self(Sandbox::new(options).unwrap())
    }

    /// Twelve small tasks.
    pub(crate) fn small() -> Self {
        Self::new(Options { tasks: 12, calls_per_task: Some(120), ..Options::default() })
    }

    /// Twelve tasks without a scenario, and a few days of a scenario with all its parts.
    pub(crate) fn worlds() -> [Self; 2] {
        let scenario = Scenario { days: 3, calls_per_day: 200, ..everything() };
        [
            Options { tasks: 12, calls_per_task: Some(300), ..Options::default() },
            Options { scenario: Some(scenario), ..Options::default() },
        ]
        .map(Self::new)
    }

    pub(crate) fn answer(&self, request: &Request) -> Value {
        let response = self.0.handle(request);
        assert_eq!(response.status, 200);
        body(&response)
    }

    /// The whole envelope.
    pub(crate) fn get(&self, query: &str) -> Value {
        self.answer(&Request::get(format!("{API}/{query}")))
    }

    /// The whole envelope.
    pub(crate) fn post(&self, name: &str, arguments: &Value) -> Value {
        self.answer(&Request::post(format!("{API}/{name}"), arguments.to_string()))
    }

    pub(crate) fn detail(&self, task: u64) -> Value {
        data(self.get(&format!("getTaskDetail?companyId=1&taskId={task}")))
    }

    pub(crate) fn call(&self, call: u64) -> Value {
        data(self.get(&format!("phoneLogInfo?callInstanceId={call}")))
    }

    /// Every task's id, newest first.
    pub(crate) fn tasks(&self) -> Vec<u64> {
        let page = data(self.get("getTasks?companyId=1&pageSize=100"));
        list(&page).iter().map(|row| row["callJobId"].as_u64().unwrap()).collect()
    }

    pub(crate) fn task_in(&self, status: u64) -> u64 {
        let page = data(self.get(&format!("getTasks?companyId=1&status={status}")));
        page["list"][0]["callJobId"].as_u64().unwrap()
    }

    /// Every ended call of a task, page by page until the first empty page.
    pub(crate) fn done(&self, task: u64) -> Vec<Value> {
        self.all_rows("queryDoneTaskPhones", &json!({ "callJobId": task, "pageSize": 50 }))
    }

    pub(crate) fn undialled(&self, task: u64) -> Vec<Value> {
        self.all_rows("notDialedCustomerList", &json!({ "taskId": task, "pageSize": 50 }))
    }

    pub(crate) fn all_rows(&self, name: &str, arguments: &Value) -> Vec<Value> {
        let mut rows = Vec::new();
        for page in 1.. {
            let mut arguments = arguments.clone();
            arguments["pageNum"] = page.into();
            let page = data(self.post(name, &arguments));
            if list(&page).is_empty() {
                break;
            }
            rows.extend_from_slice(list(&page));
        }
        rows
    }
}

/// A scenario with all parts.
pub(crate) fn everything() -> Scenario {
    Scenario {
        unfinished: true,
        flagged_line: Some(FlaggedLine::default()),
        bad_list: Some(BadList::default()),
        blocked_list: true,
        call_loss: true,
        loses_at_round: Some(LosesAtRound::default()),
        early_hang_ups: true,
        unanswered: true,
        stopped: true,
        silent: true,
        after_hours: true,
        repeats: true,
        ..Scenario::default()
    }
}

pub(crate) fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

pub(crate) fn data(mut envelope: Value) -> Value {
    assert_eq!(envelope["code"], 200, "{envelope}");
    envelope["data"].take()
}

pub(crate) fn list(page: &Value) -> &[Value] {
    page["list"].as_array().unwrap()
}

pub(crate) fn id(row: &Value) -> u64 {
    row["callInstanceId"].as_u64().unwrap()
}

pub(crate) fn ids(rows: &[Value]) -> Vec<u64> {
    rows.iter().map(id).collect()
}

pub(crate) fn seconds(row: &Value) -> u64 {
    row["duration"].as_str().unwrap().strip_suffix('秒').unwrap().parse().unwrap()
}
