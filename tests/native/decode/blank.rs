//! Results for rows that have only the required fields: `null`, an empty text or an empty list for every field of
//! the vendor's document, and no later field.

use serde_json::{Value as Json, json};

use super::with;

/// A row of `getTasks`.
pub(super) fn task(id: i64) -> Json {
    json!({
        "callJobId": id,
        "jobName": "",
        "jobType": null,
        "startDate": null,
        "workingStartTime": null,
        "workingEndTime": null,
        "breakStartTime": null,
        "breakEndTime": null,
        "status": null,
        "sceneDefId": null,
        "sceneDefName": null,
        "remark": null,
        "totalCount": null,
        "doneCount": null,
        "calledCount": null,
        "rejectedCount": null,
        "unavailableCount": null,
        "fromUnavailableCount": null,
        "callPhones": null,
    })
}

/// The answer of `getTaskDetail`.
pub(super) fn task_detail(id: i64) -> Json {
    let own = json!({
        "robotDefName": null,
        "sceneRecordName": null,
        "durationStat": [],
        "chatRoundStat": [],
        "resultDefs": [],
        "extraStat": {},
    });
    with(task(id), own)
}

/// An item of `callPhones`.
pub(super) fn caller_phone() -> Json {
    json!({
        "jobPhoneId": null,
        "userPhoneId": null,
        "callJobId": null,
        "phone": "",
        "phoneName": null,
        "gmtCreate": null,
        "gmtModified": null,
    })
}

/// A row of `queryDoneTaskPhones`.
pub(super) fn done_call(id: i64) -> Json {
    json!({
        "callInstanceId": id,
        "callJobId": null,
        "sceneDefId": null,
        "jobName": null,
        "customerTelephone": "",
        "customerName": null,
        "status": null,
        "finishStatus": null,
        "duration": null,
        "chatRound": null,
        "startTime": null,
        "endTime": null,
        "startTimeMs": null,
        "endTimeMs": null,
        "callerPhone": null,
        "callIndex": null,
        "luyinOssUrl": null,
        "secondaryCallTime": null,
        "secondaryCallTimes": null,
        "gmtCreate": null,
        "gmtModified": null,
        "resultList": [],
    })
}

/// A row of `notDialedCustomerList`.
pub(super) fn undialed_customer(id: i64) -> Json {
    json!({
        "callInstanceId": id,
        "customerName": null,
        "customerTelephone": "",
        "status": null,
        "startTime": null,
        "startTimeMs": null,
        "callerPhone": null,
        "corpName": null,
        "calledTimes": null,
    })
}

/// The answer of `phoneLogInfo`.
pub(super) fn call_detail(id: i64) -> Json {
    json!({ "phoneLog": phone_log(), "sceneInstance": call_instance(id), "taskResult": [] })
}

/// The conversation of `phoneLogInfo`.
pub(super) fn phone_log() -> Json {
    json!({ "phoneLogs": [], "luyinOssUrl": null })
}

/// An item of `phoneLogs`.
pub(super) fn line() -> Json {
    json!({
        "sceneInstanceLogId": null,
        "sceneInstanceId": null,
        "speaker": "",
        "content": "",
        "userMean": null,
        "userMeanDetail": null,
        "aiUnknown": null,
        "startTime": null,
        "endTime": null,
        "gmtCreate": null,
        "gmtModified": null,
    })
}

/// The call of `phoneLogInfo`.
pub(super) fn call_instance(id: i64) -> Json {
    json!({
        "callInstanceId": id,
        "companyId": null,
        "callJobId": null,
        "customerId": null,
        "customerTelephone": "",
        "customerName": null,
        "status": null,
        "finishStatus": null,
        "duration": null,
        "chatRound": null,
        "startTime": null,
        "endTime": null,
        "startTimeMs": null,
        "endTimeMs": null,
        "callerPhone": null,
        "luyinOssUrl": null,
        "userLuyinOssUrl": null,
        "properties": null,
        "handlePerson": null,
        "callType": null,
        "readStatus": null,
        "jobName": null,
        "robotDefId": null,
        "sceneDefId": null,
        "sceneRecordId": null,
        "trackResult": null,
        "hangUp": null,
        "secondaryCallTime": null,
        "secondaryCallTimes": null,
        "gmtCreate": null,
        "gmtModified": null,
    })
}

/// An item of `taskResult`.
pub(super) fn task_result() -> Json {
    json!({
        "sceneInstanceResultId": null,
        "companyId": null,
        "sceneInstanceId": null,
        "resultName": "",
        "resultValue": null,
        "resultDesc": null,
        "analyzeType": null,
        "gmtCreate": null,
        "gmtModified": null,
    })
}
