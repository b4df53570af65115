//! Calls of a task: the finished ones of `queryDoneTaskPhones`, the waiting ones of `notDialedCustomerList`.

use serde::Serialize;

use super::codes::{CallStatus, FinishStatus};
use super::model;
use super::wire::{
    Path, Read, Reading, code, collected, epoch_ms, id, integer, optional_id, optional_text, seconds,
    text, wall_time,
};
use crate::json::Value;

model! {
    /// A finished call, a row of `queryDoneTaskPhones`.
    ///
    /// There is one row for each called number, not for each attempt: a redial changes the row.
    pub struct DoneCall {
        required {
            /// Id of the call; stays the same when the number is called again. Vendor: `callInstanceId`.
            call_instance_id: i64 = "callInstanceId", id;
        }
        known {
            /// Task id. Vendor: `callJobId`.
            call_job_id: Option<i64> = "callJobId", optional_id;
            /// Scene id. Vendor: `sceneDefId`.
            scene_def_id: Option<i64> = "sceneDefId", optional_id;
            /// Task name. Vendor: `jobName`.
            job_name: Option<String> = "jobName", optional_text;
            /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
            customer_telephone: String = "customerTelephone", text;
            /// The customer's name. Vendor: `customerName`.
            customer_name: Option<String> = "customerName", optional_text;
            /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
            status: Option<CallStatus> = "status", code;
            /// How the call ended, see `label("finishStatus", …)`. Vendor: `finishStatus`.
            finish_status: Option<FinishStatus> = "finishStatus", code;
            /// Talk time in seconds, whatever the wire form ("27秒", "27", 27, "1分27秒").
            /// `null`: absent, or unreadable and then in `extra.duration`. Vendor: `duration`.
            duration: Option<i64> = "duration", seconds;
            /// How often the robot spoke. Vendor: `chatRound`.
            chat_round: Option<i64> = "chatRound", integer;
            /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai. For answered calls the moment of answer. Vendor: `startTime`.
            start_time: Option<String> = "startTime", wall_time;
            /// As sent. After the processing that follows a call: `endTime` − `startTime` is not the talk time. Vendor: `endTime`.
            end_time: Option<String> = "endTime", wall_time;
            /// `startTime` as epoch milliseconds; `null` where it is absent or no time.
            start_time_ms: Option<i64> = "startTimeMs" from "startTime", epoch_ms;
            /// `endTime` as epoch milliseconds; `null` where it is absent or no time.
            end_time_ms: Option<i64> = "endTimeMs" from "endTime", epoch_ms;
            /// The caller's number or the name of its line. Vendor: `callerPhone`.
            caller_phone: Option<String> = "callerPhone", optional_text;
            /// Order in which the task's calls ended; later servers send none. Vendor: `callIndex`.
            call_index: Option<i64> = "callIndex", integer;
            /// Recording of both sides. The URL may contain the full phone number. Vendor: `luyinOssUrl`.
            luyin_oss_url: Option<String> = "luyinOssUrl", optional_text;
            /// Time of day of a redial, on 1970-01-01. Vendor: `secondaryCallTime`.
            secondary_call_time: Option<String> = "secondaryCallTime", optional_text;
            /// Redials, made or remaining: the vendor's pages disagree. Vendor: `secondaryCallTimes`.
            secondary_call_times: Option<i64> = "secondaryCallTimes", integer;
            /// When the number was imported. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", optional_text;
            /// When the row was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", optional_text;
            /// What the script found out. Vendor: `resultList`.
            result_list: Vec<NamedValue> = "resultList", named_values;
        }
        later {
            /// State of the call under its later name.
            call_instance_status: CallStatus = "callInstanceStatus", code;
            /// Attempts made so far.
            called_times: i64 = "calledTimes", integer;
            /// Recording of the customer's side.
            user_luyin_oss_url: String = "userLuyinOssUrl", optional_text;
            /// Variables of the script, JSON text as sent.
            properties: String = "properties", optional_text;
            /// Variables of the customer, JSON text as sent.
            user_properties: String = "userProperties", optional_text;
        }
    }
}

model! {
    /// A call that waits, a row of `notDialedCustomerList`. Despite that name calls in progress and
    /// numbers waiting for a redial are among them.
    pub struct UndialedCustomer {
        required {
            /// Id of the call. Vendor: `callInstanceId`.
            call_instance_id: i64 = "callInstanceId", id;
        }
        known {
            /// The customer's name. Vendor: `customerName`.
            customer_name: Option<String> = "customerName", optional_text;
            /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
            customer_telephone: String = "customerTelephone", text;
            /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
            status: Option<CallStatus> = "status", code;
            /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai. Vendor: `startTime`.
            start_time: Option<String> = "startTime", wall_time;
            /// `startTime` as epoch milliseconds; `null` where it is absent or no time.
            start_time_ms: Option<i64> = "startTimeMs" from "startTime", epoch_ms;
            /// Name of the caller's line. Vendor: `callerPhone`.
            caller_phone: Option<String> = "callerPhone", optional_text;
            /// Company name, or JSON text with other things; do not show it unread. Vendor: `corpName`.
            corp_name: Option<String> = "corpName", optional_text;
            /// Attempts made so far. Vendor: `calledTimes`, misspelt `calledTiimes` for a while.
            called_times: Option<i64> = "calledTimes" or "calledTiimes", integer;
        }
    }
}

/// A result of a call and its value: 客户意向等级 and A级(较强) for instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(any(target_arch = "wasm32", byrobot_edge), derive(tsify::Tsify))]
pub struct NamedValue {
    /// Name of the result. Vendor: `name`.
    pub name: String,
    /// Its value. Vendor: `value`.
    pub value: String,
}

/// `[{ name, value }]` or `{ name: value }`; what has no readable name and value is left out.
fn named_values(value: &Value, at: &Path) -> Read<Vec<NamedValue>> {
    let pairs: Vec<(Option<&Value>, Option<&Value>, Option<&str>)> = match value {
        Value::Null => return Ok(Reading::Whole(Vec::new())),
        Value::List(items) => {
            items.iter().map(|item| (item.get("name"), item.get("value"), None)).collect()
        }
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (None, Some(value), Some(name.as_str()))).collect()
        }
        _ => return Ok(Reading::Partly(Vec::new())),
    };
    let readable = |value: Option<&Value>| match optional_text(value.unwrap_or(&Value::Null), at) {
        Ok(Reading::Whole(text)) => text,
        _ => None,
    };
    let mut list = Vec::with_capacity(pairs.len());
    for (name, value, key) in &pairs {
        let name = key.map(str::to_owned).or_else(|| readable(*name));
        if let (Some(name), Some(value)) = (name, readable(*value)) {
            list.push(NamedValue { name, value });
        }
    }
    Ok(collected(list, pairs.len()))
}
