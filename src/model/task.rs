//! Tasks: the rows of `getTasks` and the answer of `getTaskDetail`.

#[cfg(any(target_arch = "wasm32", byrobot_edge))]
use super::codes::{JobStatus, JobType};
use super::model;

model! {
    /// An outbound-call task (任务), a row of `getTasks`.
    pub struct Task as TASK {
        required {
            /// Task id. Called `taskId` in requests. Vendor: `callJobId`.
            call_job_id: i64 = "callJobId", Id;
        }
        known {
            /// Task name. Called `taskName` in requests. Vendor: `jobName`.
            job_name: String = "jobName", Text;
            /// 1 scheduled (定时), 2 manual (手动). Vendor: `jobType`.
            job_type: Option<JobType> = "jobType", Integer;
            /// First day of calling, `yyyy-MM-dd`. Vendor: `startDate`.
            start_date: Option<String> = "startDate", OptionalText;
            /// Earliest time of day for calls, `HH:mm:ss` in Shanghai. Vendor: `workingStartTime`.
            working_start_time: Option<String> = "workingStartTime", OptionalText;
            /// Latest time of day for calls, `HH:mm:ss` in Shanghai. Vendor: `workingEndTime`.
            working_end_time: Option<String> = "workingEndTime", OptionalText;
            /// Start of the daily break, `HH:mm:ss` in Shanghai. Vendor: `breakStartTime`.
            break_start_time: Option<String> = "breakStartTime", OptionalText;
            /// End of the daily break, `HH:mm:ss` in Shanghai. Vendor: `breakEndTime`.
            break_end_time: Option<String> = "breakEndTime", OptionalText;
            /// State of the task, see `label("jobStatus", …)`. Vendor: `status`.
            status: Option<JobStatus> = "status", Integer;
            /// Scene id (场景). Vendor: `sceneDefId`.
            scene_def_id: Option<i64> = "sceneDefId", OptionalId;
            /// Scene name. Missing from some rows of `getTasks`. Vendor: `sceneDefName`.
            scene_def_name: Option<String> = "sceneDefName", OptionalText;
            /// The customer's note on the task. Vendor: `remark`.
            remark: Option<String> = "remark", OptionalText;
            /// Numbers in the task. `getTasks` sends no counts: they are in `getTaskDetail`. Vendor: `totalCount`.
            total_count: Option<i64> = "totalCount", Integer;
            /// Numbers whose calling is finished. Vendor: `doneCount`.
            done_count: Option<i64> = "doneCount", Integer;
            /// Numbers that answered. Vendor: `calledCount`.
            called_count: Option<i64> = "calledCount", Integer;
            /// Numbers that rejected the call. Vendor: `rejectedCount`.
            rejected_count: Option<i64> = "rejectedCount", Integer;
            /// Numbers that could not be reached. Vendor: `unavailableCount`.
            unavailable_count: Option<i64> = "unavailableCount", Integer;
            /// Numbers that failed because the caller's line was unavailable. Vendor: `fromUnavailableCount`.
            from_unavailable_count: Option<i64> = "fromUnavailableCount", Integer;
            /// The caller's lines. `getTasks` sends none. Vendor: `callPhones`.
            call_phones: Option<Vec<CallerPhone>> = "callPhones", OptionalList(&CALLER_PHONE);
        }
        later {
            /// The status in words, seen in a later front end.
            call_job_status_desc: String = "callJobStatusDesc", OptionalText;
        }
    }
}

model! {
    /// One task in full, the answer of `getTaskDetail`.
    ///
    /// The six documented counts do not add up to `doneCount`: the optional ones further down hold
    /// the other outcomes where the server sends them.
    pub struct TaskDetail as TASK_DETAIL: Task as TASK {
        known {
            /// Robot name. Vendor: `robotDefName`.
            robot_def_name: Option<String> = "robotDefName", OptionalText;
            /// Name of the recorded script. Vendor: `sceneRecordName`.
            scene_record_name: Option<String> = "sceneRecordName", OptionalText;
            /// Calls by talk time. The names are display text ("<10s", "小于10秒"). Vendor: `durationStat`.
            duration_stat: Vec<NamedCount> = "durationStat", Counts;
            /// Calls by chat rounds. The names are display text. Vendor: `chatRoundStat`.
            chat_round_stat: Vec<NamedCount> = "chatRoundStat", Counts;
            /// The results this task's script can give, each with its possible values. Vendor: `resultDefs`.
            result_defs: Vec<ResultDefinition> = "resultDefs", ResultDefinitions;
            /// Calls by result value, for each result name. Values of a multi-valued result do not
            /// add up to calls. A map in the vendor's example, a list in its table; both are read. Vendor: `extraStat`.
            #[tsify(type = "Record<string, NamedCount[]>")]
            extra_stat: () = "extraStat", Stats;
        }
        later {
            /// Numbers that were busy.
            busy_count: i64 = "busyCount", Integer;
            /// Numbers that did not answer.
            miss_count: i64 = "missCount", Integer;
            /// Numbers that do not exist (空号).
            blank_count: i64 = "blankCount", Integer;
            /// Numbers that were powered off.
            closed_count: i64 = "closedCount", Integer;
            /// Numbers that are suspended (停机).
            down_count: i64 = "downCount", Integer;
            /// Numbers that failed because the caller's line was in arrears.
            overdue_count: i64 = "overdueCount", Integer;
            /// Calls that the platform could not carry (呼损).
            lost_count: i64 = "lostCount", Integer;
            /// Numbers on the blacklist.
            blacklist_count: i64 = "blacklistCount", Integer;
            /// Calls that the compliance shield blocked (天盾拦截).
            tiandun_block_count: i64 = "tiandunBlockCount", Integer;
            /// Calls in a blind zone of the line (线路盲区).
            blind_count: i64 = "blindCount", Integer;
            /// Calls for which no line was available.
            no_available_line_count: i64 = "noAvailableLineCount", Integer;
            /// Calls that the customer ended.
            user_hang_up_count: i64 = "userHangUpCount", Integer;
            /// Calls that the robot ended.
            ai_hang_up_count: i64 = "aiHangUpCount", Integer;
            /// Calls transferred to a person.
            transfer_success: i64 = "transferSuccess", Integer;
            /// Calls for which a transfer was tried.
            transfer_total: i64 = "transferTotal", Integer;
            /// Customers in the task.
            customer_count: i64 = "customerCount", Integer;
            /// Calls made.
            call_count: i64 = "callCount", Integer;
            /// Talk time in all, as sent.
            total_time: i64 = "totalTime", Integer;
            /// Billing periods of the line.
            line_period_count: i64 = "linePeriodCount", Integer;
            /// Billing periods of the AI seats.
            ai_seat_bill_period_count: i64 = "aiSeatBillPeriodCount", Integer;
            /// Calls of more than two rounds.
            over_two_chat_round_count: i64 = "overTwoChatRoundCount", Integer;
            /// Calls by rounds, JSON text as sent.
            dialogue_rounds_json: String = "dialogueRoundsJson", OptionalText;
            /// Calls by talk time, JSON text as sent.
            call_duration_json: String = "callDurationJson", OptionalText;
            /// Caller lines of the task.
            phone_num: i64 = "phoneNum", Integer;
            /// Whether numbers may be called again.
            repeat_call: bool = "repeatCall", Flag;
            /// Type of calls, as sent; the vendor gave the number two meanings.
            call_type: i64 = "callType", Integer;
            /// AI seats of the task.
            seat_num: i64 = "seatNum", Integer;
            /// Least number of AI seats.
            seat_lower_limit: i64 = "seatLowerLimit", Integer;
            /// Greatest number of AI seats.
            seat_upper_limit: i64 = "seatUpperLimit", Integer;
            /// Greatest number of calls at once.
            concurrency_upper_limit: i64 = "concurrencyUpperLimit", Integer;
            /// Whether calls run at once.
            is_concurrent: bool = "isConcurrent", Flag;
            /// Company id.
            company_id: i64 = "companyId", OptionalId;
            /// Id of the user who made the task.
            user_id: i64 = "userId", OptionalId;
            /// Name of the user who made the task.
            user_name: String = "userName", OptionalText;
            /// Robot id.
            robot_def_id: i64 = "robotDefId", OptionalId;
            /// Id of the recorded script.
            scene_record_id: i64 = "sceneRecordId", OptionalId;
            /// When text messages are sent, as sent.
            sms_type: String = "smsType", OptionalText;
            /// Rule for intent levels, as sent.
            #[tsify(type = "unknown")]
            intention_rule: () = "intentionRule", Raw;
            /// Rule for intent levels in words.
            intention_rule_str: String = "intentionRuleStr", OptionalText;
            /// Rule for intent levels as an object.
            #[tsify(type = "unknown")]
            intention_rule_vo: () = "intentionRuleVO", Raw;
            /// When redialling starts, as sent.
            secondary_start_time: String = "secondaryStartTime", OptionalText;
            /// How results are analysed, as sent.
            analyze_type: String = "analyzeType", OptionalText;
            /// Version of the task.
            version: i64 = "version", Integer;
            /// Whether the task is marked deleted.
            job_is_delete: bool = "jobIsDelete", Flag;
            /// When the task was made.
            gmt_create: String = "gmtCreate", WallTime;
            /// When the task was last changed.
            gmt_modified: String = "gmtModified", WallTime;
        }
    }
}

model! {
    /// One of the caller's lines, an item of `callPhones`.
    pub struct CallerPhone as CALLER_PHONE {
        known {
            /// Id of the line within the task. Vendor: `jobPhoneId`.
            job_phone_id: Option<i64> = "jobPhoneId", OptionalId;
            /// Id of the line within the account. Vendor: `userPhoneId`.
            user_phone_id: Option<i64> = "userPhoneId", OptionalId;
            /// Task id. Vendor: `callJobId`.
            call_job_id: Option<i64> = "callJobId", OptionalId;
            /// The number; masked by some accounts. Vendor: `phone`.
            phone: String = "phone", Text;
            /// Name of the line. Vendor: `phoneName`.
            phone_name: Option<String> = "phoneName", OptionalText;
            /// When the line was added. Vendor: `gmtCreate`.
            gmt_create: Option<String> = "gmtCreate", WallTime;
            /// When the line was last changed. Vendor: `gmtModified`.
            gmt_modified: Option<String> = "gmtModified", WallTime;
        }
    }
}

/// A name with a count: a bar of `durationStat`, `chatRoundStat` or `extraStat`.
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
#[derive(Debug, tsify::Tsify)]
pub struct NamedCount {
    /// Display text of the vendor. Vendor: `name`.
    pub name: String,
    /// Calls. Vendor: `value`.
    pub value: i64,
}

/// A result that a script can give, an item of `resultDefs`.
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
#[derive(Debug, tsify::Tsify)]
pub struct ResultDefinition {
    /// Name of the result, 客户意向等级 for instance. Vendor: `name`.
    pub name: String,
    /// Its possible values. Vendor: `values`.
    pub values: Vec<String>,
}
