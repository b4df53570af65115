//! Models of the calls of a task: finished calls (`queryDoneTaskPhones`), waiting calls (`notDialedCustomerList`).

use super::{Words, model};

model! {
    /// A finished call, a row of `queryDoneTaskPhones`.
    ///
    /// Each called number has one row, whatever the number of attempts: a redial changes the row.
    DONE_CALL: "DoneCall" {
        /// Id of the call; stays the same when the number is called again. Vendor: `callInstanceId`.
        Required "callInstanceId": Id, Id, "通话ID" "Call ID";
        /// Task id. Vendor: `callJobId`.
        Known "callJobId": OptionalId, Id, "任务ID" "Task ID";
        /// Scene id. Vendor: `sceneDefId`.
        Known "sceneDefId": OptionalId, Id, "话术ID" "Scene ID";
        /// Task name. Vendor: `jobName`.
        Known "jobName": OptionalText, Name, "任务名称" "Task";
        /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
        Known "customerTelephone": Text, Phone, "客户号码" "Customer number";
        /// The customer's name. Vendor: `customerName`.
        Known "customerName": OptionalText, Person, "客户姓名" "Customer";
        /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
        Known "status": Integer, Code(CallStatus), "状态" "State";
        /// How the call ended, see `label("finishStatus", …)`. Vendor: `finishStatus`.
        Known "finishStatus": Integer, Code(FinishStatus), "通话结果" "Outcome";
        /// Talk time in seconds, from every wire form ("27秒", "27", 27, "1分27秒").
        /// `null`: absent, or unreadable and then in `extra.duration`. Vendor: `duration`.
        Known "duration": Seconds, Count, "通话时长(秒)" "Duration (s)";
        /// How often the robot spoke. Vendor: `chatRound`.
        Known "chatRound": Integer, Count, "对话轮次" "Rounds";
        /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai, also if sent with an offset. For answered calls the moment of answer.
        /// Vendor: `startTime`.
        Known "startTime": WallTime, Instant, "开始时间" "Start";
        /// As sent. It is after the processing that follows a call, so `endTime` − `startTime` is not the talk time. Vendor: `endTime`.
        Known "endTime": WallTime, Instant, "结束时间" "End";
        /// `startTime` as epoch milliseconds; `null` where it is absent or not a time.
        Known "startTimeMs" from "startTime": EpochMs, Instant;
        /// `endTime` as epoch milliseconds; `null` where it is absent or not a time.
        Known "endTimeMs" from "endTime": EpochMs, Instant;
        /// Number or name of the caller's line. Vendor: `callerPhone`.
        Known "callerPhone": OptionalText, Line, "主叫号码" "Caller line";
        /// Position in the order in which the task's calls ended; later servers do not send it. Vendor: `callIndex`.
        Known "callIndex": Integer, Count, "结束顺序" "Order of ending";
        /// Recording of both sides. The URL may contain the full phone number. Vendor: `luyinOssUrl`.
        Known "luyinOssUrl": OptionalText, Link, "录音" "Recording";
        /// Time of day of a redial, on 1970-01-01. Vendor: `secondaryCallTime`.
        Known "secondaryCallTime": OptionalText, Instant, "重拨时间" "Redial time";
        /// Redials, made or remaining: the vendor's pages disagree. Vendor: `secondaryCallTimes`.
        Known "secondaryCallTimes": Integer, Count, "重拨次数" "Redials";
        /// When the number was imported. Vendor: `gmtCreate`.
        Known "gmtCreate": WallTime, Instant, "创建时间" "Created";
        /// When the row was last changed. Vendor: `gmtModified`.
        Known "gmtModified": WallTime, Instant, "修改时间" "Changed";
        /// Results of the script. Vendor: `resultList`.
        Known "resultList": NamedValues, Speech, "分析结果" "Results";
        /// State of the call under its later name.
        Later "callInstanceStatus": Integer, Code(CallStatus), "实例状态" "Instance state";
        /// Attempts made so far.
        Later "calledTimes": Integer, Count, "已拨次数" "Attempts";
        /// Recording of the customer's side.
        Later "userLuyinOssUrl": OptionalText, Link, "客户录音" "Customer's recording";
        /// Variables of the script, JSON text as sent.
        Later "properties": OptionalText, Person, "变量" "Variables";
        /// Variables of the customer, JSON text as sent.
        Later "userProperties": OptionalText, Person, "客户变量" "Customer's variables";
    }
}

model! {
    /// A waiting call, a row of `notDialedCustomerList`. Despite that name, the list also has calls in progress and
    /// numbers that wait for a redial.
    UNDIALED_CUSTOMER: "UndialedCustomer" {
        /// Id of the call. Vendor: `callInstanceId`.
        Required "callInstanceId": Id, Id;
        /// The customer's name. Vendor: `customerName`.
        Known "customerName": OptionalText, Person;
        /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
        Known "customerTelephone": Text, Phone;
        /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
        Known "status": Integer, Code(CallStatus);
        /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai. Vendor: `startTime`.
        Known "startTime": WallTime, Instant;
        /// `startTime` as epoch milliseconds; `null` where it is absent or not a time.
        Known "startTimeMs" from "startTime": EpochMs, Instant;
        /// Name of the caller's line. Vendor: `callerPhone`.
        Known "callerPhone": OptionalText, Line;
        /// Company name, or JSON text with internal data; do not show it unread. Vendor: `corpName`.
        Known "corpName": OptionalText, Internal;
        /// Attempts made so far. Vendor: `calledTimes`, misspelt `calledTiimes` for a while.
        Known "calledTimes" or "calledTiimes": Integer, Count;
    }
}

/// The date before a time of day that has no date, as in `secondaryCallTime`.
pub const NO_DATE: &str = "1970-01-01 ";

/// Name and title of the intent level, a column computed from the results.
pub static INTENT_LEVEL: (&str, Words) =
    ("intentLevel", Words { zh: "意向等级", en: "Intent level" });

/// Name and title of unknown fields and unreadable values.
pub static EXTRA: (&str, Words) = ("extra", Words { zh: "其他", en: "Other" });
