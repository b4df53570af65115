//! Models of one call, the answer of `phoneLogInfo`: transcript, call and results.

use super::model;

model! {
    /// One call with its transcript and results, the answer of `phoneLogInfo`.
    CALL_DETAIL: "CallDetail" {
        /// The call. Vendor: `sceneInstance`.
        Required "sceneInstance": Object(CALL_INSTANCE), Person;
        /// The conversation; empty for a call that was not answered. Vendor: `phoneLog`.
        Known "phoneLog": ObjectOrEmpty(PHONE_LOG), Speech;
        /// Results of the script. Vendor: `taskResult`.
        Known "taskResult": List(TASK_RESULT), Speech;
        /// Whether the task is finished.
        Later "jobFinished": Flag, Code;
        /// Time of the vendor's signature, as sent.
        Later "dateTime": OptionalText, Instant;
        /// The vendor's signature, as sent. It proves nothing here and is not checked.
        Later "sign": OptionalText, Internal;
        /// Details of an internet-telephony line, as sent.
        Later "voipCallerAccount": Raw, Internal;
    }
}

model! {
    /// A conversation and its recording.
    PHONE_LOG: "PhoneLog" {
        /// The lines in the order of speech. Vendor: `phoneLogs`.
        Known "phoneLogs": List(TRANSCRIPT_LINE), Speech;
        /// Recording of both sides. The URL may contain the full phone number. Vendor: `luyinOssUrl`.
        Known "luyinOssUrl": OptionalText, Link;
    }
}

model! {
    /// One line of a conversation, an item of `phoneLogs`.
    TRANSCRIPT_LINE: "TranscriptLine" {
        /// Id of the line. Vendor: `sceneInstanceLogId`.
        Known "sceneInstanceLogId": OptionalId, Id;
        /// Id of the call. Vendor: `sceneInstanceId`.
        Known "sceneInstanceId": OptionalId, Id;
        /// "AI" is the robot, "ME" the customer. Vendor: `speaker`.
        Known "speaker": Text, Code(Speaker);
        /// What was said; may contain pause marks such as "等待2s". Vendor: `content`.
        Known "content": Text, Speech;
        /// The robot's interpretation: free text, "~", `AI_UNKNOWN`. Vendor: `userMean`.
        Known "userMean": OptionalText, Speech;
        /// Details of the interpretation, JSON text as sent. Vendor: `userMeanDetail`.
        Known "userMeanDetail": OptionalText, Speech;
        /// Whether the robot had no answer. Vendor: `aiUnknown`, 1/0 or true/false.
        Known "aiUnknown": Flag, Code;
        /// Start within the recording, milliseconds. The robot's lines are often 0/0. Vendor: `startTime`.
        Known "startTime": Integer, Count;
        /// End within the recording, milliseconds. Vendor: `endTime`.
        Known "endTime": Integer, Count;
        /// When it was spoken. Vendor: `gmtCreate`.
        Known "gmtCreate": WallTime, Instant;
        /// When the line was last changed. Vendor: `gmtModified`.
        Known "gmtModified": WallTime, Instant;
        /// Company id.
        Later "companyId": OptionalId, Id;
        /// Robot id.
        Later "robotDefId": OptionalId, Id;
        /// Id of the step of the script.
        Later "decisionId": OptionalId, Id;
        /// 0 step of the script, 1 question, 2 ignored.
        Later "answerStatus": Integer, Code;
        /// Whether the line was taken for training.
        Later "studyStatus": Integer, Code;
        /// Id of the knowledge-base entry.
        Later "knowledgeBaseId": OptionalId, Id;
        /// The line as corrected by hand.
        Later "correctionContent": OptionalText, Speech;
    }
}

model! {
    /// The call itself, `sceneInstance` of `phoneLogInfo`.
    CALL_INSTANCE: "CallInstance" {
        /// Id of the call. Vendor: `callInstanceId`.
        Required "callInstanceId": Id, Id;
        /// Company id. Vendor: `companyId`.
        Known "companyId": OptionalId, Id;
        /// Task id. Vendor: `callJobId`.
        Known "callJobId": OptionalId, Id;
        /// Customer id. Vendor: `customerId`.
        Known "customerId": OptionalId, Id;
        /// The customer's number; some accounts mask it. Vendor: `customerTelephone`.
        Known "customerTelephone": Text, Phone;
        /// The customer's name. Vendor: `customerName`.
        Known "customerName": OptionalText, Person;
        /// State of the call, see `label("callStatus", …)`. Vendor: `status`.
        Known "status": Integer, Code(CallStatus);
        /// How the call ended, see `label("finishStatus", …)`. Vendor: `finishStatus`.
        Known "finishStatus": Integer, Code(FinishStatus);
        /// Talk time in seconds. Vendor: `duration`.
        Known "duration": Seconds, Count;
        /// How often the robot spoke. Vendor: `chatRound`.
        Known "chatRound": Integer, Count;
        /// As sent, "yyyy-MM-dd HH:mm:ss" in Shanghai. For answered calls the moment of answer. Vendor: `startTime`.
        Known "startTime": WallTime, Instant;
        /// As sent. It is after the processing that follows a call. Vendor: `endTime`.
        Known "endTime": WallTime, Instant;
        /// `startTime` as epoch milliseconds; `null` where it is absent or not a time.
        Known "startTimeMs" from "startTime": EpochMs, Instant;
        /// `endTime` as epoch milliseconds; `null` where it is absent or not a time.
        Known "endTimeMs" from "endTime": EpochMs, Instant;
        /// Number or name of the caller's line. Vendor: `callerPhone`.
        Known "callerPhone": OptionalText, Line;
        /// Recording of both sides. Vendor: `luyinOssUrl`.
        Known "luyinOssUrl": OptionalText, Link;
        /// Recording of the customer's side. Vendor: `userLuyinOssUrl`.
        Known "userLuyinOssUrl": OptionalText, Link;
        /// Variables of the script, JSON text as sent. Vendor: `properties`.
        Known "properties": OptionalText, Person;
        /// Name of the script. Vendor: `handlePerson`.
        Known "handlePerson": OptionalText, Name;
        /// As sent: first the kind of call, in later documents the kind of line. Vendor: `callType`.
        Known "callType": Integer, Code;
        /// 0 unread, 1 read. Vendor: `readStatus`.
        Known "readStatus": Integer, Code(ReadStatus);
        /// Task name. Vendor: `jobName`.
        Known "jobName": OptionalText, Name;
        /// Robot id. Vendor: `robotDefId`.
        Known "robotDefId": OptionalId, Id;
        /// Scene id. Vendor: `sceneDefId`.
        Known "sceneDefId": OptionalId, Id;
        /// Id of the recorded script. Vendor: `sceneRecordId`.
        Known "sceneRecordId": OptionalId, Id;
        /// In practice the intent level, "C级(很少)". Vendor: `trackResult`.
        Known "trackResult": OptionalText, Speech;
        /// The side that ended the call: 0 the robot, 1 the customer. Vendor: `hangUp`.
        Known "hangUp": Integer, Code(HangUp);
        /// Time of day of a redial, on 1970-01-01. Vendor: `secondaryCallTime`.
        Known "secondaryCallTime": OptionalText, Instant;
        /// Redials, made or remaining: the vendor's pages disagree. Vendor: `secondaryCallTimes`.
        Known "secondaryCallTimes": Integer, Count;
        /// When the number was imported. Vendor: `gmtCreate`.
        Known "gmtCreate": WallTime, Instant;
        /// When the call was last changed. Vendor: `gmtModified`.
        Known "gmtModified": WallTime, Instant;
        /// Id of the user who called by hand.
        Later "callUserId": OptionalId, Id;
        /// Position in the order in which the task's calls ended.
        Later "callIndex": Integer, Count;
        /// `<callInstanceId>_<companyId>_n`, as sent.
        Later "industry": OptionalText, Id;
        /// Company name, or JSON text with internal data; do not show it unread.
        Later "corpName": OptionalText, Internal;
        /// Kind of fault, as sent.
        Later "bugType": OptionalText, Code;
        /// Cost in fen.
        Later "cost": Integer, Money;
        /// Whether the vendor's callback was delivered.
        Later "callbacked": Integer, Code;
        /// Id of the person to whom the call was transferred.
        Later "csStaffId": OptionalId, Id;
        /// State of the customer, as sent.
        Later "customerStatus": Integer, Code;
        /// Variables of the customer, JSON text as sent.
        Later "userProperties": OptionalText, Person;
        /// Variables of the script as an object.
        Later "propertiesMap": Raw, Person;
        /// How the line sounded, as sent.
        Later "perceptionResult": Raw, Speech;
        /// Collected data, as sent.
        Later "collectProperties": Raw, Person;
        /// Attempts made.
        Later "calledTimes": Integer, Count;
        /// Whether the call was transferred to a person.
        Later "transferred": Raw, Code;
        /// The line of an incoming call, as sent.
        Later "lineIn": Raw, Line;
        /// Whether a person took over.
        Later "takeover": Raw, Code;
        /// The attempts one by one, as sent.
        Later "callRepeat": Raw, Person;
        /// Lines of the task, as sent.
        Later "jobPhoneInfos": Raw, Line;
    }
}

model! {
    /// One finding of the script, an item of `taskResult`.
    TASK_RESULT: "TaskResult" {
        /// Id of the finding. Vendor: `sceneInstanceResultId`.
        Known "sceneInstanceResultId": OptionalId, Id;
        /// Company id. Vendor: `companyId`.
        Known "companyId": OptionalId, Id;
        /// Id of the call. Vendor: `sceneInstanceId`.
        Known "sceneInstanceId": OptionalId, Id;
        /// Name of the result, for instance 客户意向等级. Vendor: `resultName`.
        Known "resultName": Text, Name;
        /// Its value: a label, a time, or JSON text. Vendor: `resultValue`.
        Known "resultValue": OptionalText, Speech;
        /// The reason in words. Vendor: `resultDesc`.
        Known "resultDesc": OptionalText, Speech;
        /// How the result was found, for instance `BY_ANALYZE_USER_LEVEL`. Vendor: `analyzeType`.
        Known "analyzeType": OptionalText, Code;
        /// When the result was found. Vendor: `gmtCreate`.
        Known "gmtCreate": WallTime, Instant;
        /// When the result was last changed. Vendor: `gmtModified`.
        Known "gmtModified": WallTime, Instant;
        /// Task id.
        Later "callJobId": OptionalId, Id;
        /// The value as corrected by hand.
        Later "artificialResultValue": OptionalText, Speech;
        /// Whether it was corrected by hand.
        Later "artificialChanged": Flag, Code;
        /// "A" to "F".
        Later "resultValueAlias": OptionalText, Code;
        /// The value in the newer wording.
        Later "resultValueNew": OptionalText, Speech;
        /// Labels of a multi-valued result, `[{ key, value }]` as sent.
        Later "resultLabels": Raw, Speech;
    }
}
