//! What is hidden in a company's scenario: what a test compares with. Instants are texts in Shanghai time.

use serde::Serialize;

/// What is hidden in one company.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Truth {
    pub company_id: u64,
    /// Date of the first calls.
    pub from: String,
    /// Hour of the day with the best answer rate.
    pub best_hour: i64,
    pub flagged_line: Option<FlaggedLine>,
    pub bad_list: Option<TaskOnly>,
    pub blocked_list: Option<TaskOnly>,
    pub call_loss: Option<Interval>,
    pub loses_at_round: Option<RoundOfScript>,
    pub early_hang_ups: Option<ScriptSince>,
    pub unanswered: Option<QuestionOfScript>,
    pub stopped: Option<Stopped>,
    pub silent: Option<TaskSince>,
    pub after_hours: Option<TaskOnly>,
    pub repeats: Option<Repeats>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FlaggedLine {
    pub caller_phone: &'static str,
    /// Date.
    pub since: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskOnly {
    pub call_job_id: u64,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskSince {
    pub call_job_id: u64,
    pub since: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stopped {
    pub call_job_id: u64,
    pub status: u8,
    pub since: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Interval {
    pub since: String,
    pub until: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoundOfScript {
    pub scene_def_id: u64,
    pub round: u32,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScriptSince {
    pub scene_def_id: u64,
    /// Date.
    pub since: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuestionOfScript {
    pub scene_def_id: u64,
    pub question: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Repeats {
    pub telephones: Vec<String>,
}
