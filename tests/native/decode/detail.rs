//! Expected outcomes for the fixtures of `phoneLogInfo`.

use serde_json::{Value as Json, json};

use super::blank::{call_detail, call_instance, line, phone_log, task_result};
use super::{BEYOND, Case, Outcome, Reads, Refused, with};

/// The outcome for call 540 with only required fields, and some fields of the call changed.
fn call(changes: Json) -> Outcome {
    Reads(with(call_detail(540), json!({ "sceneInstance": with(call_instance(540), changes) })))
}

pub(super) const CASES: &[Case] = &[
    Case("phoneLogInfo/documented", || {
        let bucket = "https://byrobot-test.oss-cn-hangzhou.aliyuncs.com/RobotPhoneCommunicate/";
        let recording = format!("{bucket}540/JYSYDCCHVFYYTMGJKKHJAMHARNNBWEJQ.wav");
        let line_of = |id, speaker: &str, content: &str, [start, end]: [i64; 2], at: &str| {
            let robot = speaker == "AI";
            json!({
                "sceneInstanceLogId": id,
                "sceneInstanceId": 540,
                "speaker": speaker,
                "content": content,
                "userMean": if robot { None } else { Some("~") },
                "userMeanDetail": null,
                "aiUnknown": robot,
                "startTime": start,
                "endTime": end,
                "gmtCreate": format!("2018-01-24 20:51:{at}"),
                "gmtModified": format!("2018-01-24 20:51:{at}"),
            })
        };
        let opening =
            "哎，您好，等待2s 哎，您好，拱墅区 中大银泰城边上有个首付50万左右的精装公寓你考虑吗？";
        let reason = "该客户在通话过程中主动询问了产品细节，有进一步了解产品的意愿。";
        Reads(json!({
            "phoneLog": {
                "phoneLogs": [
                    line_of(1321, "AI", opening, [0, 0], "53"),
                    line_of(1322, "ME", "喂你好", [300, 1145], "55"),
                    line_of(1323, "ME", "哦你好", [2330, 3565], "57"),
                ],
                "luyinOssUrl": recording,
            },
            "sceneInstance": {
                "callInstanceId": 540,
                "companyId": 1,
                "callJobId": 31,
                "customerId": 55,
                "customerTelephone": "17751279857",
                "customerName": "不弃",
                "status": 2,
                "finishStatus": 0,
                "duration": 87,
                "chatRound": 18,
                "startTime": "2018-01-24 20:51:53",
                "endTime": "2018-01-24 20:53:28",
                "startTimeMs": 1_516_798_313_000_i64,
                "endTimeMs": 1_516_798_408_000_i64,
                "callerPhone": "18072749353",
                "luyinOssUrl": recording,
                "userLuyinOssUrl": format!("{bucket}540_user.wav"),
                "properties": "{}",
                "handlePerson": "房产电销优化版",
                "callType": 1,
                "readStatus": 1,
                "jobName": "buqi新的测试任务",
                "robotDefId": 6,
                "sceneDefId": 11,
                "sceneRecordId": 1,
                "trackResult": null,
                "hangUp": 0,
                "secondaryCallTime": "1970-01-01 13:00:00",
                "secondaryCallTimes": 2,
                "gmtCreate": "2018-01-24 20:51:31",
                "gmtModified": "2018-02-03 18:27:19",
            },
            "taskResult": [
                {
                    "sceneInstanceResultId": 188,
                    "companyId": 1,
                    "sceneInstanceId": 540,
                    "resultName": "预约时间",
                    "resultValue": "2018-01-25 08:00",
                    "resultDesc": null,
                    "analyzeType": null,
                    "gmtCreate": "2018-01-24 20:53:01",
                    "gmtModified": "2018-01-24 20:53:01",
                },
                {
                    "sceneInstanceResultId": 189,
                    "companyId": 1,
                    "sceneInstanceId": 540,
                    "resultName": "客户意向等级",
                    "resultValue": "A级(较强)",
                    "resultDesc": reason,
                    "analyzeType": "BY_ANALYZE_USER_LEVEL",
                    "gmtCreate": "2018-01-24 20:53:28",
                    "gmtModified": "2018-01-31 10:34:55",
                },
            ],
        }))
    }),
    Case("phoneLogInfo/ai-unknown-forms", || {
        let line_of = |speaker: &str, content: &str, changes: Json| {
            with(with(line(), json!({ "speaker": speaker, "content": content })), changes)
        };
        let times_as_text = json!({
            "userMean": "AI_UNKNOWN",
            "startTime": 300,
            "extra": { "endTime": "2018-01-24 20:51:53" },
        });
        let lines = [
            line_of("AI", "a", json!({ "aiUnknown": true })),
            line_of("ME", "b", json!({ "aiUnknown": false })),
            line_of("ME", "c", json!({ "aiUnknown": true })),
            line_of("ME", "d", json!({ "aiUnknown": false })),
            line_of("ME", "e", json!({})),
            line_of("ME", "f", json!({ "extra": { "aiUnknown": 2 } })),
            line_of("SYSTEM", "", times_as_text),
        ];
        let log = with(phone_log(), json!({ "phoneLogs": lines }));
        Reads(with(call_detail(540), json!({ "phoneLog": log })))
    }),
    Case("phoneLogInfo/scene-instance-as-list", || call(json!({ "duration": 87 }))),
    Case("phoneLogInfo/scene-instance-missing", || Refused("data.sceneInstance", "it is missing")),
    Case("phoneLogInfo/scene-instance-without-id", || {
        Refused("data.sceneInstance.callInstanceId", "it is missing")
    }),
    Case("phoneLogInfo/scene-instance-list-without-id", || {
        Refused("data.sceneInstance[0].callInstanceId", "expected an id, found null")
    }),
    Case("phoneLogInfo/task-result-as-text", || {
        let result = json!({
            "sceneInstanceResultId": 189,
            "resultName": "客户意向等级",
            "resultValue": "A级(较强)",
        });
        let results = [with(task_result(), result)];
        Reads(with(call_detail(540), json!({ "taskResult": results })))
    }),
    Case("phoneLogInfo/task-result-unreadable", || {
        Reads(with(call_detail(540), json!({ "extra": { "taskResult": "A级(较强)" } })))
    }),
    Case("phoneLogInfo/unanswered", || {
        let recording = json!({ "luyinOssUrl": "https://oss.example/540_early_media.wav" });
        let busy = json!({
            "status": 2,
            "finishStatus": 6,
            "duration": 0,
            "chatRound": 0,
            "startTime": "2019-06-27 09:00:00",
            "endTime": "2019-06-27 09:00:34",
            "startTimeMs": 1_561_597_200_000_i64,
            "endTimeMs": 1_561_597_234_000_i64,
            "trackResult": "D级(需筛选)",
            "hangUp": 1,
        });
        let changes = json!({
            "phoneLog": with(phone_log(), recording),
            "sceneInstance": with(call_instance(540), busy),
        });
        Reads(with(call_detail(540), changes))
    }),
    Case("phoneLogInfo/phone-log-null", || Reads(call_detail(540))),
    Case("phoneLogInfo/declared-types", || {
        call(json!({
            "customerId": 3_887_178_818_710_i64,
            "finishStatus": 9,
            "duration": 87,
            "luyinOssUrl": "0",
            "callType": 101,
            "robotDefId": 6,
            "sceneDefId": 11,
            "hangUp": 0,
            "startTime": "2018-01-24 20:51:53",
            "startTimeMs": 1_516_798_313_000_i64,
            "extra": { "trackResult": [], "properties": { "姓名": "张三" } },
        }))
    }),
    Case("phoneLogInfo/result-values", || {
        let labels = json!({
            "resultName": "客户标签",
            "resultValue": "[7,8,9]",
            "resultLabels": [{ "key": 7, "value": "已婚" }],
            "artificialResultValue": "[7]",
            "artificialChanged": true,
            "resultValueAlias": "A",
            "resultValueNew": "A级(有明确意向)",
            "callJobId": 31,
            "extra": { "extra": "{\"score\":1}" },
        });
        let results = [
            json!({ "resultName": "预约时间", "resultValue": "2018-01-25 08:00" }),
            labels,
            json!({ "resultName": "轮次", "resultValue": "3" }),
        ];
        let results = results.map(|changes| with(task_result(), changes));
        Reads(with(call_detail(540), json!({ "taskResult": results })))
    }),
    Case("phoneLogInfo/later-fields", || {
        let spoken = json!({
            "sceneInstanceLogId": 1,
            "speaker": "ME",
            "content": "你好",
            "companyId": 1,
            "robotDefId": 6,
            "decisionId": 2,
            "answerStatus": 1,
            "studyStatus": 0,
            "knowledgeBaseId": 3_887_178_818_710_i64,
            "correctionContent": "您好",
        });
        let called = json!({
            "callUserId": 3,
            "callIndex": 0,
            "industry": "540_1_0",
            "corpName": "",
            "cost": 12,
            "callbacked": 1,
            "csStaffId": 4,
            "customerStatus": 0,
            "userProperties": "{}",
            "propertiesMap": { "姓名": "张三" },
            "perceptionResult": "好",
            "collectProperties": [],
            "calledTimes": 2,
            "transferred": false,
            "lineIn": 0,
            "takeover": true,
            "callRepeat": [{ "repeatIndex": 0, "finishStatus": 6, "sipErrorCode": "486" }],
            "jobPhoneInfos": [],
        });
        Reads(json!({
            "phoneLog": with(phone_log(), json!({ "phoneLogs": [with(line(), spoken)] })),
            "sceneInstance": with(call_instance(540), called),
            "taskResult": [],
            "jobFinished": false,
            "sign": "c2lnbg==",
            "dateTime": "Thu, 13 Dec 2018 07:28:09 GMT",
            "voipCallerAccount": { "account": "demo" },
        }))
    }),
    Case("phoneLogInfo/line-id-beyond-2-53", || {
        Refused("data.phoneLog.phoneLogs[1].sceneInstanceId", BEYOND)
    }),
];
