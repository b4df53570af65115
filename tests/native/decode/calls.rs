//! Expected outcomes for the fixtures of `queryDoneTaskPhones` and `notDialedCustomerList`.

use serde_json::{Value as Json, json};

use super::blank::{done_call, undialed_customer};
use super::{BEYOND, Case, Malformed, Reads, Refused, page, with};

/// 2018-12-13 15:28:09 in Shanghai.
const THEN: i64 = 1_544_686_089_000;

pub(super) const CASES: &[Case] = &[
    Case("queryDoneTaskPhones/documented", || {
        let common = json!({
            "callJobId": 62,
            "sceneDefId": 1,
            "jobName": "电话任务",
            "status": 2,
            "finishStatus": 0,
            "chatRound": 0,
            "callerPhone": "15868457106",
            "gmtCreate": "2017-10-25 09:45:32",
            "resultList": [{ "name": "催缴结果", "value": "成功" }],
        });
        let recording = "https://jingrobot-dev.oss-cn-hangzhou.aliyuncs.com/RobotPhoneCommunicate/";
        let first = json!({
            "customerTelephone": "1008",
            "customerName": "测试02",
            "duration": 27,
            "startTime": "2017-10-25 11:32:54",
            "endTime": "2017-10-25 11:33:22",
            "startTimeMs": 1_508_902_374_000_i64,
            "endTimeMs": 1_508_902_402_000_i64,
            "callIndex": 10,
            "luyinOssUrl": format!("{recording}493.mp3"),
            "secondaryCallTime": "1970-01-01 11:18:13",
            "secondaryCallTimes": 0,
            "gmtModified": "2017-10-25 11:33:22",
        });
        let second = json!({
            "customerTelephone": "17751279857",
            "customerName": "不弃",
            "duration": 11,
            "startTime": "2017-10-25 11:17:06",
            "endTime": "2017-10-25 11:17:18",
            "startTimeMs": 1_508_901_426_000_i64,
            "endTimeMs": 1_508_901_438_000_i64,
            "callIndex": null,
            "luyinOssUrl": format!("{recording}489.mp3"),
            "secondaryCallTime": "1970-01-01 10:59:23",
            "secondaryCallTimes": 1,
            "gmtModified": "2017-10-25 11:17:17",
        });
        Reads(json!({
            "pageNum": 1,
            "pageSize": 2,
            "total": 2,
            "pages": 1,
            "list": [
                with(with(done_call(493), common.clone()), first),
                with(with(done_call(489), common), second),
            ],
            "extra": { "size": 2, "orderBy": null, "startRow": 0, "endRow": 1 },
        }))
    }),
    Case("queryDoneTaskPhones/durations", || {
        let read = [27, 27, 27, 27, 87, 119, 3723, 0].map(|seconds| json!({ "duration": seconds }));
        let nothing = [(); 3].map(|()| json!({}));
        let kept = ["约27秒", "-"].map(|sent| json!({ "extra": { "duration": sent } }));
        let impossible =
            [json!(-1), json!(27.5)].map(|sent| json!({ "extra": { "duration": sent } }));
        let all = read.into_iter().chain(nothing).chain(kept).chain(impossible);
        let rows = (1..).zip(all).map(|(id, changes)| with(done_call(id), changes));
        page(20, &rows.collect::<Vec<_>>())
    }),
    Case("queryDoneTaskPhones/codes", || {
        let codes = [
            (json!(2), json!(0)),
            (json!(3), json!(11)),
            (json!(2), json!(22)),
            (json!(100), json!(37)),
            (json!(-1), json!(37)),
            (json!(null), json!(null)),
        ];
        let row = |(id, (status, finish_status))| {
            with(done_call(id), json!({ "status": status, "finishStatus": finish_status }))
        };
        let mut rows: Vec<Json> = (1..).zip(codes).map(row).collect();
        let words = json!({ "status": "已完成", "finishStatus": "已接" });
        rows.push(with(done_call(7), json!({ "extra": words })));
        page(10, &rows)
    }),
    Case("queryDoneTaskPhones/redials", || {
        let row = |id, index: Json, time: Json, times: Json| {
            let changes = json!({
                "callIndex": index,
                "secondaryCallTime": time,
                "secondaryCallTimes": times,
            });
            with(done_call(id), changes)
        };
        let empty = json!({ "secondaryCallTime": [], "secondaryCallTimes": [] });
        let rows = [
            row(1, json!(10), json!("1970-01-01 11:18:13"), json!(2)),
            row(2, json!(0), json!("13:00:00"), json!(2)),
            done_call(3),
            with(done_call(4), json!({ "extra": empty })),
        ];
        page(10, &rows)
    }),
    Case("queryDoneTaskPhones/times", || {
        let row = |id, [start, end]: [&str; 2], [start_ms, end_ms]: [Option<i64>; 2]| {
            let changes = json!({
                "startTime": start,
                "endTime": end,
                "startTimeMs": start_ms,
                "endTimeMs": end_ms,
            });
            with(done_call(id), changes)
        };
        let said = "2018-12-13 15:28:09";
        let midnight = 1_544_630_400_000;
        let rows = [
            row(1, [said, "2018-12-13 15:28:48"], [Some(THEN), Some(THEN + 39_000)]),
            row(2, [said, "2018-12-13 15:28:48"], [Some(THEN), Some(THEN + 39_250)]),
            row(3, ["2018-12-13T15:28:09.250", "2018-12-13"], [Some(THEN + 250), Some(midnight)]),
            row(4, ["0000-00-00 00:00:00", "-"], [None, None]),
            with(done_call(5), json!({ "endTime": "" })),
            with(done_call(6), json!({ "endTime": "0", "extra": { "startTime": [2018, 12, 13] } })),
            with(done_call(7), json!({ "gmtCreate": said, "gmtModified": said })),
        ];
        page(10, &rows)
    }),
    Case("queryDoneTaskPhones/result-lists", || {
        let level = |value: &str| json!({ "name": "客户意向等级", "value": value });
        let rounds = json!({ "name": "轮次", "value": "3" });
        let raw = json!([{ "name": "预约时间", "value": null }, level("F级(无需跟进)")]);
        let alias = json!([{ "name": "客户意向等级", "value": "B级(一般)", "alias": "B" }]);
        let changes = [
            json!({}),
            json!({ "resultList": [level("A级(较强)"), rounds] }),
            json!({ "resultList": [rounds, { "name": "已约", "value": "true" }] }),
            json!({ "resultList": [level("F级(无需跟进)")], "extra": { "resultList": raw } }),
            json!({ "resultList": [level("B级(一般)")], "extra": { "resultList": alias } }),
            json!({ "extra": { "resultList": "客户意向等级" } }),
        ];
        let rows = (1..).zip(changes).map(|(id, changes)| with(done_call(id), changes));
        page(10, &rows.collect::<Vec<_>>())
    }),
    Case("queryDoneTaskPhones/phone-numbers", || {
        let row = |id, customer: &str, caller: Option<&str>| {
            let changes = json!({ "customerTelephone": customer, "callerPhone": caller });
            with(done_call(id), changes)
        };
        let rows = [
            row(1, "13900000001", Some("057100000000")),
            row(2, "139xxxxxxxx", Some("测试主叫")),
            row(3, "+8613900000003", Some("1008")),
            row(4, "1008", None),
            with(done_call(5), json!({ "customerName": "5" })),
            done_call(6),
        ];
        page(10, &rows)
    }),
    Case("queryDoneTaskPhones/later-fields", || {
        let first = json!({
            "callInstanceStatus": 2,
            "calledTimes": 2,
            "userLuyinOssUrl": "/ftp/1_user.wav",
            "properties": "{\"姓名\":\"张三\"}",
            "userProperties": "{}",
        });
        let second = json!({ "extra": { "properties": { "姓名": "李四" } } });
        page(10, &[with(done_call(1), first), with(done_call(2), second)])
    }),
    Case("queryDoneTaskPhones/large-ids", || {
        let row = |id, job: i64| with(done_call(id), json!({ "callJobId": job }));
        let rows = [
            row(2_147_483_648, 70_258_002_706),
            row(3_887_178_818_710, 70_258_002_706),
            row(9_007_199_254_740_991, -9_007_199_254_740_991),
            with(done_call(5), json!({ "extra": { "trace": "9007199254740993" } })),
        ];
        page(10, &rows)
    }),
    Case("queryDoneTaskPhones/id-beyond-2-53", || Refused("data.list[1].callInstanceId", BEYOND)),
    Case("queryDoneTaskPhones/id-text-beyond-2-53", || Refused("data.list[0].callJobId", BEYOND)),
    Case("queryDoneTaskPhones/id-beyond-2-64", || Refused("data.list[0].callInstanceId", BEYOND)),
    Case("notDialedCustomerList/documented.printed", || Malformed(192)),
    Case("notDialedCustomerList/documented", || {
        let row = |id, name: &str, telephone: &str, status: i64, called_times: i64| {
            json!({
                "callInstanceId": id,
                "customerName": name,
                "customerTelephone": telephone,
                "status": status,
                "startTime": "2018-01-01 15:34:20",
                "startTimeMs": 1_514_792_060_000_i64,
                "callerPhone": "测试主叫",
                "corpName": "测试公司",
                "calledTimes": called_times,
            })
        };
        Reads(json!({
            "pageNum": 1,
            "pageSize": 50,
            "total": null,
            "pages": null,
            "list": [
                row(493, "测试公司客户1", "1590000xxxx", 0, 1),
                row(494, "测试公司客户2", "15900000xxxx", 1, 2),
            ],
        }))
    }),
    Case("notDialedCustomerList/bare-array", || {
        let row = json!({
            "customerTelephone": "13900000001",
            "customerName": "测试公司客户1",
            "status": 0,
        });
        Reads(json!({
            "pageNum": 1,
            "pageSize": 10,
            "total": null,
            "pages": null,
            "list": [with(undialed_customer(493), row)],
        }))
    }),
    Case("notDialedCustomerList/bare-array-row-without-id", || {
        Refused("data[1].callInstanceId", "it is missing")
    }),
    Case("notDialedCustomerList/declared-types", || {
        let first = json!({
            "customerName": "1",
            "customerTelephone": "13900000001",
            "status": 0,
            "calledTimes": 1,
        });
        let second = json!({ "status": 3 });
        page(10, &[with(undialed_customer(493), first), with(undialed_customer(494), second)])
    }),
    Case("notDialedCustomerList/called-times-misspelt", || {
        page(10, &[with(undialed_customer(493), json!({ "calledTimes": 2 }))])
    }),
    Case("notDialedCustomerList/corp-name-as-json", || {
        let text = r#"{"calledTimes":1,"host":"call-1.example","province":"浙江","city":"杭州"}"#;
        let row = |id, name: &str| with(undialed_customer(id), json!({ "corpName": name }));
        page(10, &[row(493, text), row(494, "")])
    }),
];
