//! Calls of a task: the finished ones of `queryDoneTaskPhones`, the waiting ones of `notDialedCustomerList`.

#[cfg(any(target_arch = "wasm32", byrobot_edge))]
use super::codes::{CallStatus, FinishStatus};
use super::model;

model! {
    /// A finished call, a row of `queryDoneTaskPhones`.
    ///
    /// There is one row for each called number, not for each attempt: a redial changes the row.
    pub struct DoneCall as DONE_CALL {
        required {
            /// Id of the call; stays the same when the number is called again. Vendor: `callInstanceId`.
            call_instance_id: i64 = "callInstanceId", Id;
        }
        known {
            /// Task id. Vendor: `callJobId`.
            call_job_id: Option<i64> = "callJobId", OptionalId;
            /// Scene id. Vendor: `sceneDefId`.
            scene_def_id: Option<i64> = "sceneDefId", OptionalId;
            /// Task name. Vendor: `jobName`.
            job_name: Option<String> = "jobName", OptionalText;
            /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
            customer_telephone: String = "customerTelephone", Text;
            /// The customer's name. Vendor: `customerName`.
            customer_name: Option<String> = "customerName", OptionalText;
            /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
            status: Option<CallStatus> = "status", Integer;
            /// How the call ended, see `label("finishStatus", …)`. Vendor: `finishStatus`.
            finish_status: Option<FinishStatus> = "finishStatus", Integer;
            /// Talk time in seconds, whatever the wire form ("27秒", "27", 27, "1分27秒").
            /// `null`: absent, or unreadable and then in `extra.duration`. Vendor: `duration`.
            duration: Option<i64> = "duration", Seconds;
            /// How often the robot spoke. Vendor: `chatRound`.
            chat_round: Option<i64> = "chatRound", Integer;
            /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai. For answered calls the moment of answer. Vendor: `startTime`.
            start_time: Option<String> = "startTime", WallTime;
            /// As sent. After the processing that follows a call: `endTime` − `startTime` is not the talk time. Vendor: `endTime`.
            end_time: Option<String> = "endTime", WallTime;
            /// `startTime` as epoch milliseconds; `null` where it is absent or no time.
            start_time_ms: Option<i64> = "startTimeMs" from "startTime", EpochMs;
            /// `endTime` as epoch milliseconds; `null` where it is absent or no time.
            end_time_ms: Option<i64> = "endTimeMs" from "endTime", EpochMs;
            /// The caller's number or the name of its line. Vendor: `callerPhone`.
            caller_phone: Option<String> = "callerPhone", OptionalText;
            /// Order in which the task's calls ended; later servers send none. Vendor: `callIndex`.
            call_index: Option<i64> = "callIndex", Integer;
            /// Recording of both sides. The URL may contain the full phone number. Vendor: `luyinOssUrl`.
            luyin_oss_url: Option<String> = "luyinOssUrl", OptionalText;
            /// Time of day of a redial, on 1970-01-01. Vendor: `secondaryCallTime`.
            secondary_call_time: Option<String> = "secondaryCallTime", OptionalText;
            /// Redials, made or remaining: the vendor's pages disagree. Vendor: `secondaryCallTimes`.
            secondary_call_times: Option<i64> = "secondaryCallTimes", Integer;
            /// When the number was imported. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", WallTime;
            /// When the row was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", WallTime;
            /// What the script found out. Vendor: `resultList`.
            result_list: Vec<NamedValue> = "resultList", NamedValues;
        }
        later {
            /// State of the call under its later name.
            call_instance_status: CallStatus = "callInstanceStatus", Integer;
            /// Attempts made so far.
            called_times: i64 = "calledTimes", Integer;
            /// Recording of the customer's side.
            user_luyin_oss_url: String = "userLuyinOssUrl", OptionalText;
            /// Variables of the script, JSON text as sent.
            properties: String = "properties", OptionalText;
            /// Variables of the customer, JSON text as sent.
            user_properties: String = "userProperties", OptionalText;
        }
    }
}

model! {
    /// A call that waits, a row of `notDialedCustomerList`. Despite that name calls in progress and
    /// numbers waiting for a redial are among them.
    pub struct UndialedCustomer as UNDIALED_CUSTOMER {
        required {
            /// Id of the call. Vendor: `callInstanceId`.
            call_instance_id: i64 = "callInstanceId", Id;
        }
        known {
            /// The customer's name. Vendor: `customerName`.
            customer_name: Option<String> = "customerName", OptionalText;
            /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
            customer_telephone: String = "customerTelephone", Text;
            /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
            status: Option<CallStatus> = "status", Integer;
            /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai. Vendor: `startTime`.
            start_time: Option<String> = "startTime", WallTime;
            /// `startTime` as epoch milliseconds; `null` where it is absent or no time.
            start_time_ms: Option<i64> = "startTimeMs" from "startTime", EpochMs;
            /// Name of the caller's line. Vendor: `callerPhone`.
            caller_phone: Option<String> = "callerPhone", OptionalText;
            /// Company name, or JSON text with other things; do not show it unread. Vendor: `corpName`.
            corp_name: Option<String> = "corpName", OptionalText;
            /// Attempts made so far. Vendor: `calledTimes`, misspelt `calledTiimes` for a while.
            called_times: Option<i64> = "calledTimes" or "calledTiimes", Integer;
        }
    }
}

/// A result of a call and its value: 客户意向等级 and A级(较强) for instance.
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
#[derive(Debug, tsify::Tsify)]
pub struct NamedValue {
    /// Name of the result. Vendor: `name`.
    pub name: String,
    /// Its value. Vendor: `value`.
    pub value: String,
}
