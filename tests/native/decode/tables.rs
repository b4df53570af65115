//! The models against the vendor's document, and against the fields that were seen later.

use std::collections::BTreeSet;
use std::fs;

use byrobot_calls::decode::Path;
use byrobot_calls::json::parse;
use byrobot_calls::schema::{
    CALL_DETAIL, CALL_INSTANCE, CALLER_PHONE, DONE_CALL, Field, FieldKind, Model, PHONE_LOG,
    Presence, TASK, TASK_DETAIL, TASK_RESULT, TRANSCRIPT_LINE, UNDIALED_CUSTOMER,
};
use serde_json::{Value as Json, json};

use super::{FIXTURES, bytes, endpoint};

/// The names in envelopes and pages.
const ENVELOPE_AND_PAGE: [&str; 12] = [
    "code",
    "data",
    "resultMsg",
    "errorStackTrace",
    "pageNum",
    "pageSize",
    "total",
    "pages",
    "size",
    "orderBy",
    "startRow",
    "endRow",
];

/// Each endpoint with the model of a row or of the answer.
static ENDPOINTS: [(&str, &Model); 5] = [
    ("getTasks", &TASK),
    ("getTaskDetail", &TASK_DETAIL),
    ("queryDoneTaskPhones", &DONE_CALL),
    ("notDialedCustomerList", &UNDIALED_CUSTOMER),
    ("phoneLogInfo", &CALL_DETAIL),
];

/// The fields of a model and of its base.
fn fields(model: &Model) -> Vec<&Field> {
    let inherited = model.base.map(fields).unwrap_or_default();
    inherited.into_iter().chain(model.fields).collect()
}

/// The vendor's names in a model and in its nested models.
fn names(model: &'static Model) -> BTreeSet<&'static str> {
    let mut all = BTreeSet::new();
    for field in fields(model) {
        all.insert(field.wire);
        all.extend(field.alias);
        if let FieldKind::List(below)
        | FieldKind::OptionalList(below)
        | FieldKind::Object(below)
        | FieldKind::ObjectOrEmpty(below) = field.kind
        {
            all.extend(names(below));
        }
    }
    all
}

/// The names in the vendor's table of an endpoint.
fn documented(endpoint: &str) -> Vec<String> {
    let table = fs::read_to_string(format!("{FIXTURES}/{endpoint}/documented.fields.txt")).unwrap();
    let names = table.lines().skip(2).filter_map(|row| row.split('|').next());
    names.map(|name| name.trim().to_owned()).collect()
}

#[test]
fn every_name_in_the_vendors_tables_is_a_field_of_a_model() {
    for (endpoint, model) in ENDPOINTS {
        let known = names(model);
        let documented = documented(endpoint);
        assert!(documented.len() > 10, "{endpoint}: {documented:?}");
        for name in documented {
            let found = known.contains(name.as_str()) || ENVELOPE_AND_PAGE.contains(&name.as_str());
            assert!(found, "{endpoint}: {name}");
        }
    }
}

/// Collects every `extra` of a value, with its path.
fn extras(value: &Json, at: &str, found: &mut Vec<(String, Json)>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| extras(item, at, found)),
        Json::Object(fields) => {
            for (name, value) in fields {
                if name == "extra" {
                    found.push((at.to_owned(), value.clone()));
                } else {
                    extras(value, &format!("{at}.{name}"), found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_vendors_examples_have_no_extra_fields_except_those_of_pages() {
    for (name, _) in ENDPOINTS {
        let body = parse(&bytes(&format!("{name}/documented"))).unwrap();
        let read = endpoint(name).read(body.get("data").unwrap()).unwrap();
        let mut found = Vec::new();
        extras(&crate::plain(&read), "data", &mut found);
        for (at, extra) in found {
            assert_eq!(at, "data", "{name}: {extra}");
            let keys: Vec<&String> = extra.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["size", "orderBy", "startRow", "endRow"], "{name}");
        }
    }
}

/// Fields of no vendor document of 2019-03, seen in later documents, in answers or in clients.
static LATER: [(&Model, &str); 6] = [
    (&TASK, "callJobStatusDesc"),
    (
        &TASK_DETAIL,
        "busyCount missCount blankCount closedCount downCount overdueCount lostCount \
         blacklistCount phoneNum repeatCall callType seatNum seatLowerLimit seatUpperLimit \
         concurrencyUpperLimit isConcurrent companyId userId userName robotDefId sceneRecordId \
         smsType intentionRule intentionRuleStr intentionRuleVO secondaryStartTime analyzeType \
         version jobIsDelete gmtCreate gmtModified tiandunBlockCount blindCount \
         noAvailableLineCount userHangUpCount aiHangUpCount transferSuccess transferTotal \
         customerCount callCount totalTime linePeriodCount aiSeatBillPeriodCount \
         overTwoChatRoundCount dialogueRoundsJson callDurationJson",
    ),
    (&DONE_CALL, "callInstanceStatus calledTimes userLuyinOssUrl properties userProperties"),
    (
        &TRANSCRIPT_LINE,
        "companyId robotDefId decisionId answerStatus studyStatus knowledgeBaseId \
         correctionContent",
    ),
    (
        &CALL_INSTANCE,
        "callUserId callIndex industry corpName bugType cost callbacked csStaffId customerStatus \
         userProperties propertiesMap perceptionResult collectProperties calledTimes transferred \
         lineIn takeover callRepeat jobPhoneInfos",
    ),
    // The vendor's field `extra` of this model is kept under our `extra`, because the names are equal.
    (
        &TASK_RESULT,
        "callJobId artificialResultValue artificialChanged resultValueAlias resultValueNew \
         resultLabels",
    ),
];

#[test]
fn the_later_fields_of_each_model_are_those_that_were_seen_later() {
    let mut expected: Vec<(&Model, BTreeSet<&str>)> =
        LATER.iter().map(|(model, names)| (*model, names.split_whitespace().collect())).collect();
    expected
        .push((&CALL_DETAIL, "jobFinished sign dateTime voipCallerAccount".split(' ').collect()));
    for model in [&UNDIALED_CUSTOMER, &PHONE_LOG, &CALLER_PHONE] {
        expected.push((model, BTreeSet::new()));
    }
    for (model, names) in expected {
        let later = model.fields.iter().filter(|field| field.presence == Presence::Later);
        assert_eq!(later.map(|field| field.wire).collect::<BTreeSet<_>>(), names);
    }
}

#[test]
fn no_model_has_two_fields_of_one_name() {
    for (_, model) in ENDPOINTS {
        let all = fields(model);
        let distinct: BTreeSet<&str> = all.iter().map(|field| field.name).collect();
        assert_eq!(distinct.len(), all.len());
        assert!(!distinct.contains("extra"));
    }
}

/// Each model with an object of only the required fields, and the expected result.
fn blanks() -> Vec<(&'static Model, Json, Json)> {
    use super::blank::{
        call_detail, call_instance, caller_phone, done_call, line, phone_log, task, task_detail,
        task_result, undialed_customer,
    };
    vec![
        (&TASK, json!({ "callJobId": 7 }), task(7)),
        (&TASK_DETAIL, json!({ "callJobId": 7 }), task_detail(7)),
        (&CALLER_PHONE, json!({}), caller_phone()),
        (&DONE_CALL, json!({ "callInstanceId": 7 }), done_call(7)),
        (&UNDIALED_CUSTOMER, json!({ "callInstanceId": 7 }), undialed_customer(7)),
        (&CALL_DETAIL, json!({ "sceneInstance": { "callInstanceId": 7 } }), call_detail(7)),
        (&PHONE_LOG, json!({}), phone_log()),
        (&TRANSCRIPT_LINE, json!({}), line()),
        (&CALL_INSTANCE, json!({ "callInstanceId": 7 }), call_instance(7)),
        (&TASK_RESULT, json!({}), task_result()),
    ]
}

fn read(model: &Model, sent: &Json) -> Json {
    let sent = parse(sent.to_string().as_bytes()).unwrap();
    crate::plain(&model.read(&sent, &Path::root("row")).unwrap())
}

#[test]
fn a_documented_field_that_is_absent_is_null_and_a_later_one_is_absent() {
    for (model, sent, expected) in blanks() {
        assert_eq!(read(model, &sent), expected);
    }
}

#[test]
fn a_field_that_is_null_is_read_as_an_absent_field() {
    for (model, sent, expected) in blanks() {
        let mut nulls = sent.clone();
        for field in fields(model) {
            let required = field.presence == Presence::Required;
            nulls[field.wire] = if required { sent[field.wire].clone() } else { Json::Null };
        }
        assert_eq!(read(model, &nulls), expected);
    }
}

#[test]
fn a_later_field_is_present_when_it_is_sent() {
    for (model, sent, expected) in blanks() {
        for field in model.fields.iter().filter(|field| field.presence == Presence::Later) {
            let mut sent = sent.clone();
            sent[field.wire] = json!(1);
            let mut read = read(model, &sent);
            let row = read.as_object_mut().unwrap();
            assert!(row.shift_remove(field.name).is_some_and(|value| value != Json::Null));
            assert_eq!(read, expected, "{}", field.name);
        }
    }
}
