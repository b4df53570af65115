//! Tasks: the rows of `getTasks` and the answer of `getTaskDetail`.

use serde::{Serialize, Serializer};

use super::codes::{JobStatus, JobType};
use super::wire::{
    Path, Read, Reading, code, collected, flag, id, integer, integer_of, optional_id,
    optional_list, optional_text, raw, text,
};
use super::model;
use crate::json::Value;

model! {
    /// An outbound-call task (任务), a row of `getTasks`.
    pub struct Task {
        required {
            /// Task id. Called `taskId` in requests. Vendor: `callJobId`.
            call_job_id: i64 = "callJobId", id;
        }
        known {
            /// Task name. Called `taskName` in requests. Vendor: `jobName`.
            job_name: String = "jobName", text;
            /// 1 scheduled (定时), 2 manual (手动). Vendor: `jobType`.
            job_type: Option<JobType> = "jobType", code;
            /// First day of calling, `yyyy-MM-dd`. Vendor: `startDate`.
            start_date: Option<String> = "startDate", optional_text;
            /// Earliest time of day for calls, `HH:mm:ss` in Shanghai. Vendor: `workingStartTime`.
            working_start_time: Option<String> = "workingStartTime", optional_text;
            /// Latest time of day for calls, `HH:mm:ss` in Shanghai. Vendor: `workingEndTime`.
            working_end_time: Option<String> = "workingEndTime", optional_text;
            /// Start of the daily break, `HH:mm:ss` in Shanghai. Vendor: `breakStartTime`.
            break_start_time: Option<String> = "breakStartTime", optional_text;
            /// End of the daily break, `HH:mm:ss` in Shanghai. Vendor: `breakEndTime`.
            break_end_time: Option<String> = "breakEndTime", optional_text;
            /// State of the task, see `label("jobStatus", …)`. Vendor: `status`.
            status: Option<JobStatus> = "status", code;
            /// Scene id (场景). Vendor: `sceneDefId`.
            scene_def_id: Option<i64> = "sceneDefId", optional_id;
            /// Scene name. Missing from some rows of `getTasks`. Vendor: `sceneDefName`.
            scene_def_name: Option<String> = "sceneDefName", optional_text;
            /// The customer's note on the task. Vendor: `remark`.
            remark: Option<String> = "remark", optional_text;
            /// Numbers in the task. `getTasks` sends no counts: they are in `getTaskDetail`. Vendor: `totalCount`.
            total_count: Option<i64> = "totalCount", integer;
            /// Numbers whose calling is finished. Vendor: `doneCount`.
            done_count: Option<i64> = "doneCount", integer;
            /// Numbers that answered. Vendor: `calledCount`.
            called_count: Option<i64> = "calledCount", integer;
            /// Numbers that rejected the call. Vendor: `rejectedCount`.
            rejected_count: Option<i64> = "rejectedCount", integer;
            /// Numbers that could not be reached. Vendor: `unavailableCount`.
            unavailable_count: Option<i64> = "unavailableCount", integer;
            /// Numbers that failed because the caller's line was unavailable. Vendor: `fromUnavailableCount`.
            from_unavailable_count: Option<i64> = "fromUnavailableCount", integer;
            /// The caller's lines. `getTasks` sends none. Vendor: `callPhones`.
            call_phones: Option<Vec<CallerPhone>> = "callPhones", optional_list;
        }
        later {
            /// The status in words, seen in a later front end.
            call_job_status_desc: String = "callJobStatusDesc", optional_text;
        }
    }
}

model! {
    /// One task in full, the answer of `getTaskDetail`.
    ///
    /// The six documented counts do not add up to `doneCount`: the optional ones further down hold
    /// the other outcomes where the server sends them.
    pub struct TaskDetail: Task {
        known {
            /// Robot name. Vendor: `robotDefName`.
            robot_def_name: Option<String> = "robotDefName", optional_text;
            /// Name of the recorded script. Vendor: `sceneRecordName`.
            scene_record_name: Option<String> = "sceneRecordName", optional_text;
            /// Calls by talk time. The names are display text ("<10s", "小于10秒"). Vendor: `durationStat`.
            duration_stat: Vec<NamedCount> = "durationStat", counts;
            /// Calls by chat rounds. The names are display text. Vendor: `chatRoundStat`.
            chat_round_stat: Vec<NamedCount> = "chatRoundStat", counts;
            /// The results this task's script can give, each with its possible values. Vendor: `resultDefs`.
            result_defs: Vec<ResultDefinition> = "resultDefs", result_definitions;
            /// Calls by result value, for each result name. Values of a multi-valued result do not
            /// add up to calls. A map in the vendor's example, a list in its table; both are read. Vendor: `extraStat`.
            extra_stat: Stats = "extraStat", stats;
        }
        later {
            /// Numbers that were busy.
            busy_count: i64 = "busyCount", integer;
            /// Numbers that did not answer.
            miss_count: i64 = "missCount", integer;
            /// Numbers that do not exist (空号).
            blank_count: i64 = "blankCount", integer;
            /// Numbers that were powered off.
            closed_count: i64 = "closedCount", integer;
            /// Numbers that are suspended (停机).
            down_count: i64 = "downCount", integer;
            /// Numbers that failed because the caller's line was in arrears.
            overdue_count: i64 = "overdueCount", integer;
            /// Calls that the platform could not carry (呼损).
            lost_count: i64 = "lostCount", integer;
            /// Numbers on the blacklist.
            blacklist_count: i64 = "blacklistCount", integer;
            /// Calls that the compliance shield blocked (天盾拦截).
            tiandun_block_count: i64 = "tiandunBlockCount", integer;
            /// Calls in a blind zone of the line (线路盲区).
            blind_count: i64 = "blindCount", integer;
            /// Calls for which no line was available.
            no_available_line_count: i64 = "noAvailableLineCount", integer;
            /// Calls that the customer ended.
            user_hang_up_count: i64 = "userHangUpCount", integer;
            /// Calls that the robot ended.
            ai_hang_up_count: i64 = "aiHangUpCount", integer;
            /// Calls transferred to a person.
            transfer_success: i64 = "transferSuccess", integer;
            /// Calls for which a transfer was tried.
            transfer_total: i64 = "transferTotal", integer;
            /// Customers in the task.
            customer_count: i64 = "customerCount", integer;
            /// Calls made.
            call_count: i64 = "callCount", integer;
            /// Talk time in all, as sent.
            total_time: i64 = "totalTime", integer;
            /// Billing periods of the line.
            line_period_count: i64 = "linePeriodCount", integer;
            /// Billing periods of the AI seats.
            ai_seat_bill_period_count: i64 = "aiSeatBillPeriodCount", integer;
            /// Calls of more than two rounds.
            over_two_chat_round_count: i64 = "overTwoChatRoundCount", integer;
            /// Calls by rounds, JSON text as sent.
            dialogue_rounds_json: String = "dialogueRoundsJson", optional_text;
            /// Calls by talk time, JSON text as sent.
            call_duration_json: String = "callDurationJson", optional_text;
            /// Caller lines of the task.
            phone_num: i64 = "phoneNum", integer;
            /// Whether numbers may be called again.
            repeat_call: bool = "repeatCall", flag;
            /// Type of calls, as sent; the vendor gave the number two meanings.
            call_type: i64 = "callType", integer;
            /// AI seats of the task.
            seat_num: i64 = "seatNum", integer;
            /// Least number of AI seats.
            seat_lower_limit: i64 = "seatLowerLimit", integer;
            /// Greatest number of AI seats.
            seat_upper_limit: i64 = "seatUpperLimit", integer;
            /// Greatest number of calls at once.
            concurrency_upper_limit: i64 = "concurrencyUpperLimit", integer;
            /// Whether calls run at once.
            is_concurrent: bool = "isConcurrent", flag;
            /// Company id.
            company_id: i64 = "companyId", optional_id;
            /// Id of the user who made the task.
            user_id: i64 = "userId", optional_id;
            /// Name of the user who made the task.
            user_name: String = "userName", optional_text;
            /// Robot id.
            robot_def_id: i64 = "robotDefId", optional_id;
            /// Id of the recorded script.
            scene_record_id: i64 = "sceneRecordId", optional_id;
            /// When text messages are sent, as sent.
            sms_type: String = "smsType", optional_text;
            /// Rule for intent levels, as sent.
            intention_rule: Value = "intentionRule", raw;
            /// Rule for intent levels in words.
            intention_rule_str: String = "intentionRuleStr", optional_text;
            /// Rule for intent levels as an object.
            intention_rule_vo: Value = "intentionRuleVO", raw;
            /// When redialling starts, as sent.
            secondary_start_time: String = "secondaryStartTime", optional_text;
            /// How results are analysed, as sent.
            analyze_type: String = "analyzeType", optional_text;
            /// Version of the task.
            version: i64 = "version", integer;
            /// Whether the task is marked deleted.
            job_is_delete: bool = "jobIsDelete", flag;
            /// When the task was made.
            gmt_create: String = "gmtCreate", optional_text;
            /// When the task was last changed.
            gmt_modified: String = "gmtModified", optional_text;
        }
    }
}

model! {
    /// One of the caller's lines, an item of `callPhones`.
    pub struct CallerPhone {
        known {
            /// Id of the line within the task. Vendor: `jobPhoneId`.
            job_phone_id: Option<i64> = "jobPhoneId", optional_id;
            /// Id of the line within the account. Vendor: `userPhoneId`.
            user_phone_id: Option<i64> = "userPhoneId", optional_id;
            /// Task id. Vendor: `callJobId`.
            call_job_id: Option<i64> = "callJobId", optional_id;
            /// The number; masked by some accounts. Vendor: `phone`.
            phone: String = "phone", text;
            /// Name of the line. Vendor: `phoneName`.
            phone_name: Option<String> = "phoneName", optional_text;
            /// When the line was added. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", optional_text;
            /// When the line was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", optional_text;
        }
    }
}

/// A name with a count: a bar of `durationStat`, `chatRoundStat` or `extraStat`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(any(target_arch = "wasm32", byrobot_edge), derive(tsify::Tsify))]
pub struct NamedCount {
    /// Display text of the vendor. Vendor: `name`.
    pub name: String,
    /// Calls. Vendor: `value`.
    pub value: i64,
}

/// A result that a script can give, an item of `resultDefs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(any(target_arch = "wasm32", byrobot_edge), derive(tsify::Tsify))]
pub struct ResultDefinition {
    /// Name of the result, 客户意向等级 for instance. Vendor: `name`.
    pub name: String,
    /// Its possible values. Vendor: `values`.
    pub values: Vec<String>,
}

/// Counts by result value for each result name, in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(
    any(target_arch = "wasm32", byrobot_edge),
    derive(tsify::Tsify),
    tsify(type = "Record<string, NamedCount[]>")
)]
pub struct Stats(pub Vec<(String, Vec<NamedCount>)>);

impl Serialize for Stats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().filter(|(name, _)| name != "__proto__").map(|(k, v)| (k, v)))
    }
}

/// `[{ name, value }]`; an item without a readable name and value is left out.
fn counts(value: &Value, at: &Path) -> Read<Vec<NamedCount>> {
    let items = match value {
        Value::Null => return Ok(Reading::Whole(Vec::new())),
        Value::List(items) => items,
        _ => return Ok(Reading::Partly(Vec::new())),
    };
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        let name = item.get("name").map_or(Ok(Reading::Partly(None)), |name| optional_text(name, at))?;
        let count = item.get("value").and_then(integer_of);
        if let (Reading::Whole(Some(name)), Some(value)) = (name, count) {
            list.push(NamedCount { name, value });
        }
    }
    Ok(collected(list, items.len()))
}

/// `[{ name, values: [text] }]`.
fn result_definitions(value: &Value, at: &Path) -> Read<Vec<ResultDefinition>> {
    let items = match value {
        Value::Null => return Ok(Reading::Whole(Vec::new())),
        Value::List(items) => items,
        _ => return Ok(Reading::Partly(Vec::new())),
    };
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        let (Some(Value::Text(name)), Some(Value::List(found))) = (item.get("name"), item.get("values"))
        else {
            continue;
        };
        let mut values = Vec::with_capacity(found.len());
        for value in found {
            if let Reading::Whole(Some(text)) = optional_text(value, at)? {
                values.push(text);
            }
        }
        list.push(ResultDefinition { name: name.clone(), values });
    }
    Ok(collected(list, items.len()))
}

/// A map from names to counts, or a list of `{ name, … }` whose one array holds the counts.
fn stats(value: &Value, at: &Path) -> Read<Stats> {
    let (pairs, expected): (Vec<(&str, &Value)>, usize) = match value {
        Value::Null => return Ok(Reading::Whole(Stats::default())),
        Value::Object(fields) => {
            (fields.iter().map(|(name, counts)| (name.as_str(), counts)).collect(), fields.len())
        }
        Value::List(items) => (items.iter().filter_map(named_array).collect(), items.len()),
        _ => return Ok(Reading::Partly(Stats::default())),
    };
    let mut whole = pairs.len() == expected;
    let mut stats = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        let list = match counts(value, at)? {
            Reading::Whole(list) => list,
            Reading::Partly(list) => {
                whole = false;
                list
            }
        };
        stats.push((name.to_owned(), list));
    }
    Ok(if whole { Reading::Whole(Stats(stats)) } else { Reading::Partly(Stats(stats)) })
}

/// `{ "name": "客户关注点", "values": […] }` or `{ "客户关注点": […] }`.
fn named_array(item: &Value) -> Option<(&str, &Value)> {
    let Value::Object(fields) = item else { return None };
    let (key, array) = fields.iter().find(|(_, value)| matches!(value, Value::List(_)))?;
    match item.get("name") {
        Some(Value::Text(name)) => Some((name, array)),
        _ => Some((key, array)),
    }
}
