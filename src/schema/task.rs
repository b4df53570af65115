//! Models of tasks: the rows of `getTasks` and the answer of `getTaskDetail`.

use super::model;

model! {
    /// An outbound-call task (任务), a row of `getTasks`.
    TASK: "Task" {
        /// Task id. Called `taskId` in requests. Vendor: `callJobId`.
        Required "callJobId": Id, Id;
        /// Task name. Called `taskName` in requests. Vendor: `jobName`.
        Known "jobName": Text, Name;
        /// 1 scheduled (定时), 2 manual (手动). Vendor: `jobType`.
        Known "jobType": Integer, Code(JobType);
        /// First day of calling, `yyyy-MM-dd`. Vendor: `startDate`.
        Known "startDate": OptionalText, Instant;
        /// Earliest time of day for calls, `HH:mm:ss` in Shanghai. Vendor: `workingStartTime`.
        Known "workingStartTime": OptionalText, Instant;
        /// Latest time of day for calls, `HH:mm:ss` in Shanghai. Vendor: `workingEndTime`.
        Known "workingEndTime": OptionalText, Instant;
        /// Start of the daily break, `HH:mm:ss` in Shanghai. Vendor: `breakStartTime`.
        Known "breakStartTime": OptionalText, Instant;
        /// End of the daily break, `HH:mm:ss` in Shanghai. Vendor: `breakEndTime`.
        Known "breakEndTime": OptionalText, Instant;
        /// State of the task, see `label("jobStatus", …)`. Vendor: `status`.
        Known "status": Integer, Code(JobStatus);
        /// Scene id (场景). Vendor: `sceneDefId`.
        Known "sceneDefId": OptionalId, Id;
        /// Scene name. Missing from some rows of `getTasks`. Vendor: `sceneDefName`.
        Known "sceneDefName": OptionalText, Name;
        /// The customer's note on the task. Vendor: `remark`.
        Known "remark": OptionalText, Name;
        /// Numbers in the task. `getTasks` sends no counts; `getTaskDetail` does. Vendor: `totalCount`.
        Known "totalCount": Integer, Count;
        /// Numbers whose calling is finished. Vendor: `doneCount`.
        Known "doneCount": Integer, Count;
        /// Numbers that answered. Vendor: `calledCount`.
        Known "calledCount": Integer, Count;
        /// Numbers that rejected the call. Vendor: `rejectedCount`.
        Known "rejectedCount": Integer, Count;
        /// Numbers that could not be reached. Vendor: `unavailableCount`.
        Known "unavailableCount": Integer, Count;
        /// Numbers that failed because the caller's line was unavailable. Vendor: `fromUnavailableCount`.
        Known "fromUnavailableCount": Integer, Count;
        /// The caller's lines. `getTasks` does not send them. Vendor: `callPhones`.
        Known "callPhones": OptionalList(CALLER_PHONE), Line;
        /// The status in words.
        Later "callJobStatusDesc": OptionalText, Code;
    }
}

model! {
    /// One task in full, the answer of `getTaskDetail`.
    ///
    /// The six documented counts do not add up to `doneCount`. The optional counts below hold the other outcomes, if
    /// the server sends them.
    TASK_DETAIL: "TaskDetail" extends TASK {
        /// Robot name. Vendor: `robotDefName`.
        Known "robotDefName": OptionalText, Name;
        /// Name of the recorded script. Vendor: `sceneRecordName`.
        Known "sceneRecordName": OptionalText, Name;
        /// Calls by talk time. The names are display text ("<10s", "小于10秒"). Vendor: `durationStat`.
        Known "durationStat": Counts, Count;
        /// Calls by chat rounds. The names are display text. Vendor: `chatRoundStat`.
        Known "chatRoundStat": Counts, Count;
        /// The results this task's script can give, each with its possible values. Vendor: `resultDefs`.
        Known "resultDefs": ResultDefinitions, Name;
        /// Calls by result value, for each result name. The values of a multi-valued result do not
        /// add up to calls. The vendor's example has a map, its table a list; both are read. Vendor: `extraStat`.
        Known "extraStat": Stats, Count;
        /// Numbers that were busy.
        Later "busyCount": Integer, Count;
        /// Numbers that did not answer.
        Later "missCount": Integer, Count;
        /// Numbers that do not exist (空号).
        Later "blankCount": Integer, Count;
        /// Numbers that were powered off.
        Later "closedCount": Integer, Count;
        /// Numbers that are suspended (停机).
        Later "downCount": Integer, Count;
        /// Numbers that failed because the caller's line was in arrears.
        Later "overdueCount": Integer, Count;
        /// Calls that the platform could not carry (呼损).
        Later "lostCount": Integer, Count;
        /// Numbers on the blacklist.
        Later "blacklistCount": Integer, Count;
        /// Calls that the compliance shield blocked (天盾拦截).
        Later "tiandunBlockCount": Integer, Count;
        /// Calls in a blind zone of the line (线路盲区).
        Later "blindCount": Integer, Count;
        /// Calls for which no line was available.
        Later "noAvailableLineCount": Integer, Count;
        /// Calls that the customer ended.
        Later "userHangUpCount": Integer, Count;
        /// Calls that the robot ended.
        Later "aiHangUpCount": Integer, Count;
        /// Calls transferred to a person.
        Later "transferSuccess": Integer, Count;
        /// Calls for which a transfer was tried.
        Later "transferTotal": Integer, Count;
        /// Customers in the task.
        Later "customerCount": Integer, Count;
        /// Calls made.
        Later "callCount": Integer, Count;
        /// Talk time in all, as sent.
        Later "totalTime": Integer, Count;
        /// Billing periods of the line.
        Later "linePeriodCount": Integer, Count;
        /// Billing periods of the AI seats.
        Later "aiSeatBillPeriodCount": Integer, Count;
        /// Calls of more than two rounds.
        Later "overTwoChatRoundCount": Integer, Count;
        /// Calls by rounds, JSON text as sent.
        Later "dialogueRoundsJson": OptionalText, Count;
        /// Calls by talk time, JSON text as sent.
        Later "callDurationJson": OptionalText, Count;
        /// Caller lines of the task.
        Later "phoneNum": Integer, Line;
        /// Whether numbers may be called again.
        Later "repeatCall": Flag, Code;
        /// Type of calls, as sent; the vendor's documents give the number two meanings.
        Later "callType": Integer, Code;
        /// AI seats of the task.
        Later "seatNum": Integer, Count;
        /// Least number of AI seats.
        Later "seatLowerLimit": Integer, Count;
        /// Greatest number of AI seats.
        Later "seatUpperLimit": Integer, Count;
        /// Greatest number of calls at once.
        Later "concurrencyUpperLimit": Integer, Count;
        /// Whether calls run at once.
        Later "isConcurrent": Flag, Code;
        /// Company id.
        Later "companyId": OptionalId, Id;
        /// Id of the user who made the task.
        Later "userId": OptionalId, Id;
        /// Name of the user who made the task.
        Later "userName": OptionalText, Person;
        /// Robot id.
        Later "robotDefId": OptionalId, Id;
        /// Id of the recorded script.
        Later "sceneRecordId": OptionalId, Id;
        /// When text messages are sent, as sent.
        Later "smsType": OptionalText, Code;
        /// Rule for intent levels, as sent.
        Later "intentionRule": Raw, Name;
        /// Rule for intent levels in words.
        Later "intentionRuleStr": OptionalText, Name;
        /// Rule for intent levels as an object.
        Later "intentionRuleVO": Raw, Name;
        /// When redialling starts, as sent.
        Later "secondaryStartTime": OptionalText, Instant;
        /// How results are analysed, as sent.
        Later "analyzeType": OptionalText, Code;
        /// Version of the task.
        Later "version": Integer, Count;
        /// Whether the task is marked deleted.
        Later "jobIsDelete": Flag, Code;
        /// When the task was made.
        Later "gmtCreate": WallTime, Instant;
        /// When the task was last changed.
        Later "gmtModified": WallTime, Instant;
    }
}

model! {
    /// One of the caller's lines, an item of `callPhones`.
    CALLER_PHONE: "CallerPhone" {
        /// Id of the line within the task. Vendor: `jobPhoneId`.
        Known "jobPhoneId": OptionalId, Id;
        /// Id of the line within the account. Vendor: `userPhoneId`.
        Known "userPhoneId": OptionalId, Id;
        /// Task id. Vendor: `callJobId`.
        Known "callJobId": OptionalId, Id;
        /// The number; some accounts mask it. Vendor: `phone`.
        Known "phone": Text, Line;
        /// Name of the line. Vendor: `phoneName`.
        Known "phoneName": OptionalText, Name;
        /// When the line was added. Vendor: `gmtCreate`.
        Known "gmtCreate": WallTime, Instant;
        /// When the line was last changed. Vendor: `gmtModified`.
        Known "gmtModified": WallTime, Instant;
    }
}
