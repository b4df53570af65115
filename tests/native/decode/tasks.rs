//! Expected outcomes for the fixtures of `getTasks` and `getTaskDetail`.

use serde_json::{Value as Json, json};

use super::blank::{caller_phone, task, task_detail};
use super::{BEYOND, Case, Malformed, Outcome, Reads, Refused, page, with};

const LEVEL: &str = "客户意向等级";

fn level(calls: u8) -> Json {
    json!([{ "name": "A级(较强)", "value": calls }])
}

/// The outcome for a task whose `extraStat` was read only in part.
fn stat_read_in_part(calls: u8, sent: &Json) -> Outcome {
    let changes = json!({
        "jobName": "testJob",
        "extraStat": { LEVEL: level(calls) },
        "extra": { "extraStat": sent },
    });
    Reads(with(task_detail(19), changes))
}

pub(super) const CASES: &[Case] = &[
    Case("getTasks/documented", || {
        let common = json!({
            "jobType": 2,
            "startDate": "2017-10-25",
            "workingStartTime": "09:00:00",
            "workingEndTime": "21:00:00",
            "status": 2,
            "sceneDefId": 1,
            "remark": "",
        });
        Reads(json!({
            "pageNum": 2,
            "pageSize": 2,
            "total": 46,
            "pages": 23,
            "list": [
                with(with(task(66), common.clone()), json!({ "jobName": "测试任务" })),
                with(with(task(64), common), json!({ "jobName": "测试任务2" })),
            ],
            "extra": { "size": 2, "orderBy": null, "startRow": 3, "endRow": 4 },
        }))
    }),
    Case("getTasks/numbers-as-text", || {
        let row = json!({
            "jobName": "测试任务",
            "jobType": 2,
            "status": 10,
            "sceneDefId": 1,
            "totalCount": 100,
            "doneCount": 40,
            "rejectedCount": 7,
        });
        let list = [with(task(66), row)];
        Reads(json!({ "pageNum": 2, "pageSize": 20, "total": 46, "pages": 3, "list": list }))
    }),
    Case("getTasks/texts-as-numbers", || {
        let row = json!({
            "jobName": "20171025",
            "remark": "true",
            "startDate": "20171025",
            "workingStartTime": "9.30",
            "sceneDefName": "12345678901234567890",
        });
        page(10, &[with(task(66), row)])
    }),
    Case("getTasks/unreadable-values", || {
        let sent = json!({
            "jobName": ["测试任务"],
            "jobType": "手动",
            "status": 1.5,
            "sceneDefId": "none",
            "remark": { "text": "-" },
            "totalCount": [],
            "doneCount": "12 of 40",
            "callPhones": "13900000001",
        });
        Reads(json!({
            "pageNum": 1,
            "pageSize": 10,
            "total": null,
            "pages": null,
            "list": [with(task(66), json!({ "extra": sent }))],
            "extra": { "pageNum": "first", "total": "many", "pages": {} },
        }))
    }),
    Case("getTasks/later-and-unknown-fields", || {
        let row = json!({
            "jobName": "测试任务",
            "startDate": "2019-06-27",
            "workingStartTime": "09:00",
            "workingEndTime": "21:00",
            "breakStartTime": "12:00:00",
            "breakEndTime": "14:00:00",
            "status": 1,
            "callJobStatusDesc": "进行中",
            "extra": {
                "colour": "green",
                "owner": { "id": 3_887_178_818_710_i64, "tags": ["a", null, 1.5] },
            },
        });
        let list = [with(task(66), row), with(task(67), json!({ "extra": { "colour": null } }))];
        Reads(json!({
            "pageNum": 1,
            "pageSize": 10,
            "total": 2,
            "pages": 1,
            "list": list,
            "extra": { "hasNextPage": false },
        }))
    }),
    Case("getTasks/unknown-codes", || {
        let row = |id, name, job_type, status| {
            with(task(id), json!({ "jobName": name, "jobType": job_type, "status": status }))
        };
        page(10, &[row(1, "甲", 9, 10), row(2, "乙", 0, 37), row(3, "丙", 3, -1)])
    }),
    Case("getTasks/caller-lines", || {
        let line = json!({ "jobPhoneId": 26, "phone": "13900000001", "phoneName": "sim1" });
        let lines = json!([with(caller_phone(), line)]);
        let row =
            |id, name, lines: Json| with(task(id), json!({ "jobName": name, "callPhones": lines }));
        page(10, &[row(1, "甲", lines), row(2, "乙", json!([]))])
    }),
    Case("getTasks/empty-page-zero", || {
        Reads(json!({ "pageNum": 0, "pageSize": 10, "total": 0, "pages": 0, "list": [] }))
    }),
    Case("getTasks/empty-list-null", || {
        Reads(json!({ "pageNum": 1, "pageSize": 10, "total": 0, "pages": 0, "list": [] }))
    }),
    Case("getTasks/list-missing", || Refused("data.list", "expected an array, found null")),
    Case("getTasks/row-without-id", || Refused("data.list[1].callJobId", "it is missing")),
    Case("getTasks/row-with-null-id", || {
        Refused("data.list[0].callJobId", "expected an id, found null")
    }),
    Case("getTasks/row-that-is-no-object", || {
        Refused("data.list[1]", "expected an object, found a number")
    }),
    Case("getTaskDetail/documented", || {
        let line = |job_phone_id, user_phone_id, phone, name| {
            json!({
                "jobPhoneId": job_phone_id,
                "userPhoneId": user_phone_id,
                "callJobId": 19,
                "phone": phone,
                "phoneName": name,
                "gmtCreate": "2017-10-19 17:33:06",
                "gmtModified": "2017-10-19 17:33:06",
            })
        };
        let points = ["位置", "其他楼盘", "商业配套", "户型", "环境", "能否贷款", "询问价格"];
        let points = points.map(|name| json!({ "name": name, "value": 1 }));
        Reads(json!({
            "callJobId": 19,
            "jobName": "testJob",
            "jobType": 2,
            "startDate": "2017-10-19",
            "workingStartTime": "08:00:00",
            "workingEndTime": "22:00:00",
            "breakStartTime": null,
            "breakEndTime": null,
            "status": 2,
            "sceneDefId": 1,
            "sceneDefName": "金融催缴",
            "remark": "testJobx",
            "totalCount": 2,
            "doneCount": 2,
            "calledCount": 0,
            "rejectedCount": 0,
            "unavailableCount": 0,
            "fromUnavailableCount": 2,
            "callPhones": [
                line(26, 1, "13333333333", "sim1"),
                line(27, 2, "18888888888", "sim2"),
            ],
            "robotDefName": "产品电销",
            "sceneRecordName": "房产电销优化版(张飞)",
            "durationStat": [{ "name": "<10s", "value": 22 }],
            "chatRoundStat": [{ "name": "0-9次", "value": 22 }],
            "resultDefs": [{ "name": "催缴结果", "values": ["成功", "不成功"] }],
            "extraStat": {
                "客户意向等级": [{ "name": "较强", "value": 1 }],
                "客户关注点": points,
            },
        }))
    }),
    Case("getTaskDetail/extra-stat-as-list", || {
        let stat = json!({
            "客户意向等级": [{ "name": "A级(较强)", "value": 3 }],
            "客户关注点": [{ "name": "位置", "value": 1 }, { "name": "户型", "value": 2 }],
        });
        Reads(with(task_detail(19), json!({ "jobName": "testJob", "extraStat": stat })))
    }),
    Case("getTaskDetail/extra-stat-list-says-more", || {
        stat_read_in_part(3, &json!([{ "name": LEVEL, "values": level(3), "total": 3 }]))
    }),
    Case("getTaskDetail/extra-stat-list-repeats", || {
        let again = json!({ "name": LEVEL, "values": level(4) });
        stat_read_in_part(4, &json!([{ "name": LEVEL, "values": level(3) }, again]))
    }),
    Case("getTaskDetail/extra-stat-list-of-names", || {
        stat_read_in_part(3, &json!([{ "name": LEVEL, "values": level(3) }, "客户关注点"]))
    }),
    Case("getTaskDetail/values-as-text", || {
        let changes = json!({
            "jobName": "testJob",
            "durationStat": [
                { "name": "小于10秒", "value": 22 },
                { "name": "1分钟-1分59秒", "value": 3 },
            ],
            "chatRoundStat": [{ "name": "2", "value": 4 }],
            "resultDefs": [{ "name": "催缴结果", "values": ["成功", "2", "true"] }],
            "extraStat": { "客户意向等级": [{ "name": "较强", "value": 1 }] },
        });
        Reads(with(task_detail(19), changes))
    }),
    Case("getTaskDetail/nulls", || Reads(task_detail(19))),
    Case("getTaskDetail/unreadable-statistics", || {
        let duration = json!([
            { "name": "<10s", "value": 22 },
            { "name": ">10s", "value": "many" },
            { "value": 1 },
            null,
        ]);
        let definitions = json!([
            { "name": "催缴结果", "values": "成功" },
            { "name": "客户意向等级", "values": ["A级(较强)"] },
        ]);
        let stat = json!({
            "客户意向等级": [{ "name": "较强", "value": 1, "percent": 0.5 }],
            "客户关注点": 3,
        });
        let lines = json!([{ "jobPhoneId": 26, "phone": "13900000001" }, "13900000002"]);
        let line = with(caller_phone(), json!({ "jobPhoneId": 26, "phone": "13900000001" }));
        let changes = json!({
            "jobName": "testJob",
            "durationStat": [{ "name": "<10s", "value": 22 }],
            "resultDefs": [{ "name": "客户意向等级", "values": ["A级(较强)"] }],
            "extraStat": {
                "客户意向等级": [{ "name": "较强", "value": 1 }],
                "客户关注点": [],
            },
            "callPhones": [line],
            "extra": {
                "durationStat": duration,
                "chatRoundStat": { "0-9次": 22 },
                "resultDefs": definitions,
                "extraStat": stat,
                "callPhones": lines,
            },
        });
        Reads(with(task_detail(19), changes))
    }),
    Case("getTaskDetail/lines-as-get-phones", || {
        let line = json!({
            "userPhoneId": 1,
            "phone": "13900000001",
            "phoneName": "sim1",
            "extra": { "callerAccountId": 7, "account": "demo", "phoneType": 0, "available": true },
        });
        let lines = [with(caller_phone(), line)];
        Reads(with(task_detail(19), json!({ "jobName": "testJob", "callPhones": lines })))
    }),
    Case("getTaskDetail/later-fields", || {
        let outcomes = json!({
            "jobName": "testJob",
            "callJobStatusDesc": "已完成",
            "busyCount": 1,
            "missCount": 2,
            "blankCount": 3,
            "closedCount": 4,
            "downCount": 5,
            "overdueCount": 6,
            "lostCount": 7,
            "blacklistCount": 8,
            "tiandunBlockCount": 9,
            "blindCount": 10,
            "noAvailableLineCount": 11,
            "userHangUpCount": 12,
            "aiHangUpCount": 13,
            "transferSuccess": 14,
            "transferTotal": 15,
            "customerCount": 16,
            "callCount": 17,
            "totalTime": 18,
            "linePeriodCount": 19,
            "aiSeatBillPeriodCount": 20,
            "overTwoChatRoundCount": 21,
            "dialogueRoundsJson": "{\"0-2\":1}",
            "callDurationJson": "{\"<10\":1}",
        });
        let settings = json!({
            "phoneNum": 2,
            "repeatCall": true,
            "callType": 1,
            "seatNum": 3,
            "seatLowerLimit": 1,
            "seatUpperLimit": 9,
            "concurrencyUpperLimit": 10,
            "isConcurrent": true,
            "companyId": 1,
            "userId": 70_258_002_706_i64,
            "userName": "demo",
            "robotDefId": 6,
            "sceneRecordId": 1,
            "smsType": "0",
            "intentionRule": { "a": 1 },
            "intentionRuleStr": "A",
            "intentionRuleVO": { "aLevelOption": "x", "aLevelAssign": [], "wechatPush": false },
            "secondaryStartTime": "13:00:00",
            "analyzeType": "BY_ANALYZE_USER_LEVEL",
            "version": 3,
            "jobIsDelete": false,
            "gmtCreate": "2019-06-27 09:00:00",
            "gmtModified": "2019-06-27 10:00:00",
        });
        Reads(with(with(task_detail(19), outcomes), settings))
    }),
    Case("getTaskDetail/trailing-commas", || Malformed(92)),
    Case("getTaskDetail/line-id-beyond-2-53", || Refused("data.callPhones[1].jobPhoneId", BEYOND)),
];
