//! One call in full, the answer of `phoneLogInfo`: transcript, call and results.

#[cfg(any(target_arch = "wasm32", byrobot_edge))]
use super::codes::{CallStatus, FinishStatus};
use super::model;

model! {
    /// One call with its transcript and results, the answer of `phoneLogInfo`.
    pub struct CallDetail as CALL_DETAIL {
        required {
            /// The call. Vendor: `sceneInstance`.
            scene_instance: CallInstance = "sceneInstance", Object(&CALL_INSTANCE);
        }
        known {
            /// The conversation; empty for a call that was not answered. Vendor: `phoneLog`.
            phone_log: PhoneLog = "phoneLog", ObjectOrEmpty(&PHONE_LOG);
            /// What the script found out. Vendor: `taskResult`.
            task_result: Vec<TaskResult> = "taskResult", List(&TASK_RESULT);
        }
        later {
            /// Whether the task is finished.
            job_finished: bool = "jobFinished", Flag;
            /// When the vendor signed the answer, as sent.
            date_time: String = "dateTime", OptionalText;
            /// The vendor's signature, as sent. It proves nothing here and is not checked.
            sign: String = "sign", OptionalText;
            /// Details of an internet-telephony line, as sent.
            #[tsify(type = "unknown")]
            voip_caller_account: () = "voipCallerAccount", Raw;
        }
    }
}

model! {
    /// A conversation and its recording.
    pub struct PhoneLog as PHONE_LOG {
        known {
            /// Its lines in the order they were spoken. Vendor: `phoneLogs`.
            phone_logs: Vec<TranscriptLine> = "phoneLogs", List(&TRANSCRIPT_LINE);
            /// Recording of both sides. The URL may contain the full phone number. Vendor: `luyinOssUrl`.
            luyin_oss_url: Option<String> = "luyinOssUrl", OptionalText;
        }
    }
}

model! {
    /// One line of a conversation, an item of `phoneLogs`.
    pub struct TranscriptLine as TRANSCRIPT_LINE {
        known {
            /// Id of the line. Vendor: `sceneInstanceLogId`.
            scene_instance_log_id: Option<i64> = "sceneInstanceLogId", OptionalId;
            /// Id of the call. Vendor: `sceneInstanceId`.
            scene_instance_id: Option<i64> = "sceneInstanceId", OptionalId;
            /// "AI" is the robot, "ME" the customer. Vendor: `speaker`.
            #[tsify(type = "\"AI\" | \"ME\" | (string & {})")]
            speaker: String = "speaker", Text;
            /// What was said; may contain pause marks such as "等待2s". Vendor: `content`.
            content: String = "content", Text;
            /// What the robot took it for: free text, "~", `AI_UNKNOWN`. Vendor: `userMean`.
            user_mean: Option<String> = "userMean", OptionalText;
            /// How the robot came to that, JSON text as sent. Vendor: `userMeanDetail`.
            user_mean_detail: Option<String> = "userMeanDetail", OptionalText;
            /// Whether the robot had no answer. Vendor: `aiUnknown`, 1/0 or true/false.
            ai_unknown: Option<bool> = "aiUnknown", Flag;
            /// Start within the recording, milliseconds. The robot's lines are often 0/0. Vendor: `startTime`.
            start_time: Option<i64> = "startTime", Integer;
            /// End within the recording, milliseconds. Vendor: `endTime`.
            end_time: Option<i64> = "endTime", Integer;
            /// When it was spoken. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", WallTime;
            /// When the line was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", WallTime;
        }
        later {
            /// Company id.
            company_id: i64 = "companyId", OptionalId;
            /// Robot id.
            robot_def_id: i64 = "robotDefId", OptionalId;
            /// Id of the step of the script.
            decision_id: i64 = "decisionId", OptionalId;
            /// 0 step of the script, 1 question, 2 ignored.
            answer_status: i64 = "answerStatus", Integer;
            /// Whether the line was taken for training.
            study_status: i64 = "studyStatus", Integer;
            /// Id of the entry of the knowledge base.
            knowledge_base_id: i64 = "knowledgeBaseId", OptionalId;
            /// The line as corrected by hand.
            correction_content: String = "correctionContent", OptionalText;
        }
    }
}

model! {
    /// The call itself, `sceneInstance` of `phoneLogInfo`.
    pub struct CallInstance as CALL_INSTANCE {
        required {
            /// Id of the call. Vendor: `callInstanceId`.
            call_instance_id: i64 = "callInstanceId", Id;
        }
        known {
            /// Company id. Vendor: `companyId`.
            company_id: Option<i64> = "companyId", OptionalId;
            /// Task id. Vendor: `callJobId`.
            call_job_id: Option<i64> = "callJobId", OptionalId;
            /// Customer id. Vendor: `customerId`.
            customer_id: Option<i64> = "customerId", OptionalId;
            /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
            customer_telephone: String = "customerTelephone", Text;
            /// The customer's name. Vendor: `customerName`.
            customer_name: Option<String> = "customerName", OptionalText;
            /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
            status: Option<CallStatus> = "status", Integer;
            /// How the call ended, see `label("finishStatus", …)`. Vendor: `finishStatus`.
            finish_status: Option<FinishStatus> = "finishStatus", Integer;
            /// Talk time in seconds. Vendor: `duration`.
            duration: Option<i64> = "duration", Seconds;
            /// How often the robot spoke. Vendor: `chatRound`.
            chat_round: Option<i64> = "chatRound", Integer;
            /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai. For answered calls the moment of answer. Vendor: `startTime`.
            start_time: Option<String> = "startTime", WallTime;
            /// As sent. After the processing that follows a call. Vendor: `endTime`.
            end_time: Option<String> = "endTime", WallTime;
            /// `startTime` as epoch milliseconds; `null` where it is absent or no time.
            start_time_ms: Option<i64> = "startTimeMs" from "startTime", EpochMs;
            /// `endTime` as epoch milliseconds; `null` where it is absent or no time.
            end_time_ms: Option<i64> = "endTimeMs" from "endTime", EpochMs;
            /// The caller's number or the name of its line. Vendor: `callerPhone`.
            caller_phone: Option<String> = "callerPhone", OptionalText;
            /// Recording of both sides. Vendor: `luyinOssUrl`.
            luyin_oss_url: Option<String> = "luyinOssUrl", OptionalText;
            /// Recording of the customer's side. Vendor: `userLuyinOssUrl`.
            user_luyin_oss_url: Option<String> = "userLuyinOssUrl", OptionalText;
            /// Variables of the script, JSON text as sent. Vendor: `properties`.
            properties: Option<String> = "properties", OptionalText;
            /// Name of the script. Vendor: `handlePerson`.
            handle_person: Option<String> = "handlePerson", OptionalText;
            /// As sent: the vendor first meant the kind of call, later the kind of line. Vendor: `callType`.
            call_type: Option<i64> = "callType", Integer;
            /// 0 unread, 1 read. Vendor: `readStatus`.
            read_status: Option<i64> = "readStatus", Integer;
            /// Task name. Vendor: `jobName`.
            job_name: Option<String> = "jobName", OptionalText;
            /// Robot id. Vendor: `robotDefId`.
            robot_def_id: Option<i64> = "robotDefId", OptionalId;
            /// Scene id. Vendor: `sceneDefId`.
            scene_def_id: Option<i64> = "sceneDefId", OptionalId;
            /// Id of the recorded script. Vendor: `sceneRecordId`.
            scene_record_id: Option<i64> = "sceneRecordId", OptionalId;
            /// In practice the intent level, "C级(很少)". Vendor: `trackResult`.
            track_result: Option<String> = "trackResult", OptionalText;
            /// Who ended the call, 0 the robot, 1 the customer. Vendor: `hangUp`.
            hang_up: Option<i64> = "hangUp", Integer;
            /// Time of day of a redial, on 1970-01-01. Vendor: `secondaryCallTime`.
            secondary_call_time: Option<String> = "secondaryCallTime", OptionalText;
            /// Redials, made or remaining: the vendor's pages disagree. Vendor: `secondaryCallTimes`.
            secondary_call_times: Option<i64> = "secondaryCallTimes", Integer;
            /// When the number was imported. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", WallTime;
            /// When the call was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", WallTime;
        }
        later {
            /// Id of the user who called by hand.
            call_user_id: i64 = "callUserId", OptionalId;
            /// Order in which the task's calls ended.
            call_index: i64 = "callIndex", Integer;
            /// `<callInstanceId>_<companyId>_n`, as sent.
            industry: String = "industry", OptionalText;
            /// Company name, or JSON text with other things; do not show it unread.
            corp_name: String = "corpName", OptionalText;
            /// Kind of fault, as sent.
            bug_type: String = "bugType", OptionalText;
            /// Cost in fen.
            cost: i64 = "cost", Integer;
            /// Whether the vendor's callback was delivered.
            callbacked: i64 = "callbacked", Integer;
            /// Id of the person it was transferred to.
            cs_staff_id: i64 = "csStaffId", OptionalId;
            /// State of the customer, as sent.
            customer_status: i64 = "customerStatus", Integer;
            /// Variables of the customer, JSON text as sent.
            user_properties: String = "userProperties", OptionalText;
            /// Variables of the script as an object.
            #[tsify(type = "unknown")]
            properties_map: () = "propertiesMap", Raw;
            /// What the line sounded like, as sent.
            #[tsify(type = "unknown")]
            perception_result: () = "perceptionResult", Raw;
            /// What was collected, as sent.
            #[tsify(type = "unknown")]
            collect_properties: () = "collectProperties", Raw;
            /// Attempts made.
            called_times: i64 = "calledTimes", Integer;
            /// Whether it was transferred to a person.
            #[tsify(type = "unknown")]
            transferred: () = "transferred", Raw;
            /// Line it came in on, as sent.
            #[tsify(type = "unknown")]
            line_in: () = "lineIn", Raw;
            /// Whether a person took over.
            #[tsify(type = "unknown")]
            takeover: () = "takeover", Raw;
            /// The attempts one by one, as sent.
            #[tsify(type = "unknown")]
            call_repeat: () = "callRepeat", Raw;
            /// Lines of the task, as sent.
            #[tsify(type = "unknown")]
            job_phone_infos: () = "jobPhoneInfos", Raw;
        }
    }
}

model! {
    /// One finding of the script, an item of `taskResult`.
    pub struct TaskResult as TASK_RESULT {
        known {
            /// Id of the finding. Vendor: `sceneInstanceResultId`.
            scene_instance_result_id: Option<i64> = "sceneInstanceResultId", OptionalId;
            /// Company id. Vendor: `companyId`.
            company_id: Option<i64> = "companyId", OptionalId;
            /// Id of the call. Vendor: `sceneInstanceId`.
            scene_instance_id: Option<i64> = "sceneInstanceId", OptionalId;
            /// Name of the result, 客户意向等级 for instance. Vendor: `resultName`.
            result_name: String = "resultName", Text;
            /// Its value: a label, a time, or JSON text. Vendor: `resultValue`.
            result_value: Option<String> = "resultValue", OptionalText;
            /// Why, in words. Vendor: `resultDesc`.
            result_desc: Option<String> = "resultDesc", OptionalText;
            /// How it was found, `BY_ANALYZE_USER_LEVEL`. Vendor: `analyzeType`.
            analyze_type: Option<String> = "analyzeType", OptionalText;
            /// When it was found. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", WallTime;
            /// When it was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", WallTime;
        }
        later {
            /// Task id.
            call_job_id: i64 = "callJobId", OptionalId;
            /// The value as corrected by hand.
            artificial_result_value: String = "artificialResultValue", OptionalText;
            /// Whether it was corrected by hand.
            artificial_changed: bool = "artificialChanged", Flag;
            /// "A" to "F".
            result_value_alias: String = "resultValueAlias", OptionalText;
            /// The value in the newer wording.
            result_value_new: String = "resultValueNew", OptionalText;
            /// Labels of a multi-valued result, `[{ key, value }]` as sent.
            #[tsify(type = "unknown")]
            result_labels: () = "resultLabels", Raw;
        }
    }
}
