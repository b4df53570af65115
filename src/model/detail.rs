//! One call in full, the answer of `phoneLogInfo`: transcript, call and results.

use super::codes::{CallStatus, FinishStatus};
use super::model;
use super::wire::{
    Model, Path, Read, Reading, code, epoch_ms, flag, id, integer, list, optional_id, optional_text,
    raw, seconds, text, wall_time,
};
use crate::json::Value;

model! {
    /// One call with its transcript and results, the answer of `phoneLogInfo`.
    pub struct CallDetail {
        required {
            /// The call. Vendor: `sceneInstance`.
            scene_instance: CallInstance = "sceneInstance", object;
        }
        known {
            /// The conversation; empty for a call that was not answered. Vendor: `phoneLog`.
            phone_log: PhoneLog = "phoneLog", object_or_default;
            /// What the script found out. Vendor: `taskResult`.
            task_result: Vec<TaskResult> = "taskResult", list;
        }
        later {
            /// Whether the task is finished.
            job_finished: bool = "jobFinished", flag;
            /// When the vendor signed the answer, as sent.
            date_time: String = "dateTime", optional_text;
            /// The vendor's signature, as sent. It proves nothing here and is not checked.
            sign: String = "sign", optional_text;
            /// Details of an internet-telephony line, as sent.
            voip_caller_account: Value = "voipCallerAccount", raw;
        }
    }
}

model! {
    /// A conversation and its recording.
    pub struct PhoneLog {
        known {
            /// Its lines in the order they were spoken. Vendor: `phoneLogs`.
            phone_logs: Vec<TranscriptLine> = "phoneLogs", list;
            /// Recording of both sides. The URL may contain the full phone number. Vendor: `luyinOssUrl`.
            luyin_oss_url: Option<String> = "luyinOssUrl", optional_text;
        }
    }
}

model! {
    /// One line of a conversation, an item of `phoneLogs`.
    pub struct TranscriptLine {
        known {
            /// Id of the line. Vendor: `sceneInstanceLogId`.
            scene_instance_log_id: Option<i64> = "sceneInstanceLogId", optional_id;
            /// Id of the call. Vendor: `sceneInstanceId`.
            scene_instance_id: Option<i64> = "sceneInstanceId", optional_id;
            /// "AI" is the robot, "ME" the customer. Vendor: `speaker`.
            #[cfg_attr(any(target_arch = "wasm32", byrobot_edge), tsify(type = "\"AI\" | \"ME\" | (string & {})"))]
            speaker: String = "speaker", text;
            /// What was said; may contain pause marks such as "等待2s". Vendor: `content`.
            content: String = "content", text;
            /// What the robot took it for: free text, "~", "AI_UNKNOWN". Vendor: `userMean`.
            user_mean: Option<String> = "userMean", optional_text;
            /// How the robot came to that, JSON text as sent. Vendor: `userMeanDetail`.
            user_mean_detail: Option<String> = "userMeanDetail", optional_text;
            /// Whether the robot had no answer. Vendor: `aiUnknown`, 1/0 or true/false.
            ai_unknown: Option<bool> = "aiUnknown", flag;
            /// Start within the recording, milliseconds. The robot's lines are often 0/0. Vendor: `startTime`.
            start_time: Option<i64> = "startTime", integer;
            /// End within the recording, milliseconds. Vendor: `endTime`.
            end_time: Option<i64> = "endTime", integer;
            /// When it was spoken. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", optional_text;
            /// When the line was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", optional_text;
        }
        later {
            /// Company id.
            company_id: i64 = "companyId", optional_id;
            /// Robot id.
            robot_def_id: i64 = "robotDefId", optional_id;
            /// Id of the step of the script.
            decision_id: i64 = "decisionId", optional_id;
            /// 0 step of the script, 1 question, 2 ignored.
            answer_status: i64 = "answerStatus", integer;
            /// Whether the line was taken for training.
            study_status: i64 = "studyStatus", integer;
            /// Id of the entry of the knowledge base.
            knowledge_base_id: i64 = "knowledgeBaseId", optional_id;
            /// The line as corrected by hand.
            correction_content: String = "correctionContent", optional_text;
        }
    }
}

model! {
    /// The call itself, `sceneInstance` of `phoneLogInfo`.
    pub struct CallInstance {
        required {
            /// Id of the call. Vendor: `callInstanceId`.
            call_instance_id: i64 = "callInstanceId", id;
        }
        known {
            /// Company id. Vendor: `companyId`.
            company_id: Option<i64> = "companyId", optional_id;
            /// Task id. Vendor: `callJobId`.
            call_job_id: Option<i64> = "callJobId", optional_id;
            /// Customer id. Vendor: `customerId`.
            customer_id: Option<i64> = "customerId", optional_id;
            /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
            customer_telephone: String = "customerTelephone", text;
            /// The customer's name. Vendor: `customerName`.
            customer_name: Option<String> = "customerName", optional_text;
            /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
            status: Option<CallStatus> = "status", code;
            /// How the call ended, see `label("finishStatus", …)`. Vendor: `finishStatus`.
            finish_status: Option<FinishStatus> = "finishStatus", code;
            /// Talk time in seconds. Vendor: `duration`.
            duration: Option<i64> = "duration", seconds;
            /// How often the robot spoke. Vendor: `chatRound`.
            chat_round: Option<i64> = "chatRound", integer;
            /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai. For answered calls the moment of answer. Vendor: `startTime`.
            start_time: Option<String> = "startTime", wall_time;
            /// As sent. After the processing that follows a call. Vendor: `endTime`.
            end_time: Option<String> = "endTime", wall_time;
            /// `startTime` as epoch milliseconds; `null` where it is absent or no time.
            start_time_ms: Option<i64> = "startTimeMs" from "startTime", epoch_ms;
            /// `endTime` as epoch milliseconds; `null` where it is absent or no time.
            end_time_ms: Option<i64> = "endTimeMs" from "endTime", epoch_ms;
            /// The caller's number or the name of its line. Vendor: `callerPhone`.
            caller_phone: Option<String> = "callerPhone", optional_text;
            /// Recording of both sides. Vendor: `luyinOssUrl`.
            luyin_oss_url: Option<String> = "luyinOssUrl", optional_text;
            /// Recording of the customer's side. Vendor: `userLuyinOssUrl`.
            user_luyin_oss_url: Option<String> = "userLuyinOssUrl", optional_text;
            /// Variables of the script, JSON text as sent. Vendor: `properties`.
            properties: Option<String> = "properties", optional_text;
            /// Name of the script. Vendor: `handlePerson`.
            handle_person: Option<String> = "handlePerson", optional_text;
            /// As sent: the vendor first meant the kind of call, later the kind of line. Vendor: `callType`.
            call_type: Option<i64> = "callType", integer;
            /// 0 unread, 1 read. Vendor: `readStatus`.
            read_status: Option<i64> = "readStatus", integer;
            /// Task name. Vendor: `jobName`.
            job_name: Option<String> = "jobName", optional_text;
            /// Robot id. Vendor: `robotDefId`.
            robot_def_id: Option<i64> = "robotDefId", optional_id;
            /// Scene id. Vendor: `sceneDefId`.
            scene_def_id: Option<i64> = "sceneDefId", optional_id;
            /// Id of the recorded script. Vendor: `sceneRecordId`.
            scene_record_id: Option<i64> = "sceneRecordId", optional_id;
            /// In practice the intent level, "C级(很少)". Vendor: `trackResult`.
            track_result: Option<String> = "trackResult", optional_text;
            /// Who ended the call, 0 the robot, 1 the customer. Vendor: `hangUp`.
            hang_up: Option<i64> = "hangUp", integer;
            /// Time of day of a redial, on 1970-01-01. Vendor: `secondaryCallTime`.
            secondary_call_time: Option<String> = "secondaryCallTime", optional_text;
            /// Redials, made or remaining: the vendor's pages disagree. Vendor: `secondaryCallTimes`.
            secondary_call_times: Option<i64> = "secondaryCallTimes", integer;
            /// When the number was imported. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", optional_text;
            /// When the call was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", optional_text;
        }
        later {
            /// Id of the user who called by hand.
            call_user_id: i64 = "callUserId", optional_id;
            /// Order in which the task's calls ended.
            call_index: i64 = "callIndex", integer;
            /// `<callInstanceId>_<companyId>_n`, as sent.
            industry: String = "industry", optional_text;
            /// Company name, or JSON text with other things; do not show it unread.
            corp_name: String = "corpName", optional_text;
            /// Kind of fault, as sent.
            bug_type: String = "bugType", optional_text;
            /// Cost in fen.
            cost: i64 = "cost", integer;
            /// Whether the vendor's callback was delivered.
            callbacked: i64 = "callbacked", integer;
            /// Id of the person it was transferred to.
            cs_staff_id: i64 = "csStaffId", optional_id;
            /// State of the customer, as sent.
            customer_status: i64 = "customerStatus", integer;
            /// Variables of the customer, JSON text as sent.
            user_properties: String = "userProperties", optional_text;
            /// Variables of the script as an object.
            properties_map: Value = "propertiesMap", raw;
            /// What the line sounded like, as sent.
            perception_result: Value = "perceptionResult", raw;
            /// What was collected, as sent.
            collect_properties: Value = "collectProperties", raw;
            /// Attempts made.
            called_times: i64 = "calledTimes", integer;
            /// Whether it was transferred to a person.
            transferred: Value = "transferred", raw;
            /// Line it came in on, as sent.
            line_in: Value = "lineIn", raw;
            /// Whether a person took over.
            takeover: Value = "takeover", raw;
            /// The attempts one by one, as sent.
            call_repeat: Value = "callRepeat", raw;
            /// Lines of the task, as sent.
            job_phone_infos: Value = "jobPhoneInfos", raw;
        }
    }
}

model! {
    /// One finding of the script, an item of `taskResult`.
    pub struct TaskResult {
        known {
            /// Id of the finding. Vendor: `sceneInstanceResultId`.
            scene_instance_result_id: Option<i64> = "sceneInstanceResultId", optional_id;
            /// Company id. Vendor: `companyId`.
            company_id: Option<i64> = "companyId", optional_id;
            /// Id of the call. Vendor: `sceneInstanceId`.
            scene_instance_id: Option<i64> = "sceneInstanceId", optional_id;
            /// Name of the result, 客户意向等级 for instance. Vendor: `resultName`.
            result_name: String = "resultName", text;
            /// Its value: a label, a time, or JSON text. Vendor: `resultValue`.
            result_value: Option<String> = "resultValue", optional_text;
            /// Why, in words. Vendor: `resultDesc`.
            result_desc: Option<String> = "resultDesc", optional_text;
            /// How it was found, "BY_ANALYZE_USER_LEVEL". Vendor: `analyzeType`.
            analyze_type: Option<String> = "analyzeType", optional_text;
            /// When it was found. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", optional_text;
            /// When it was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", optional_text;
        }
        later {
            /// Task id.
            call_job_id: i64 = "callJobId", optional_id;
            /// The value as corrected by hand.
            artificial_result_value: String = "artificialResultValue", optional_text;
            /// Whether it was corrected by hand.
            artificial_changed: bool = "artificialChanged", flag;
            /// "A" to "F".
            result_value_alias: String = "resultValueAlias", optional_text;
            /// The value in the newer wording.
            result_value_new: String = "resultValueNew", optional_text;
            /// Labels of a multi-valued result, `[{ key, value }]` as sent.
            result_labels: Value = "resultLabels", raw;
        }
    }
}

/// An object that has to be there; the vendor's later page calls it a list.
fn object<M: Model>(value: &Value, at: &Path) -> Read<M> {
    let value = match value {
        Value::List(items) if items.len() == 1 => items.first().unwrap_or(value),
        _ => value,
    };
    M::read(value, at).map(Reading::Whole)
}

/// An object, or nothing.
fn object_or_default<M: Model>(value: &Value, at: &Path) -> Read<M> {
    if *value == Value::Null { Ok(Reading::Whole(M::default())) } else { object(value, at) }
}
