//! The code tables against the vendor's document.

use std::collections::BTreeSet;
use std::fs;

use byrobot_calls::schema::label;
use byrobot_calls::schema::{ANSWERED, Code, CodeTable, Effect, Language, Metric, Words};

fn file(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The codes and labels in the vendor's description of a field: "通话状态 0：未开始 1：进行中", or
/// "拨打类型，1-定时，2-手动".
fn documented(endpoint: &str, field: &str) -> Vec<(String, String)> {
    let table = file(&format!("tests/fixtures/{endpoint}/documented.fields.txt"));
    let rows = table.lines().map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let row = rows.into_iter().find(|row| row.first() == Some(&field)).unwrap();
    let description = row[2].replace(['：', '-'], ":").replace(": ", ":");
    let parts = description.split([',', '，', ' ']).filter_map(|part| part.split_once(':'));
    parts.map(|(code, word)| (code.to_owned(), word.to_owned())).collect()
}

#[test]
fn the_vendors_own_words_are_the_chinese_labels() {
    for (endpoint, field, table, count) in [
        ("getTasks", "status", CodeTable::JobStatus, 11),
        ("getTaskDetail", "status", CodeTable::JobStatus, 11),
        ("getTasks", "jobType", CodeTable::JobType, 2),
        ("queryDoneTaskPhones", "status", CodeTable::CallStatus, 4),
        ("queryDoneTaskPhones", "finishStatus", CodeTable::FinishStatus, 12),
        ("notDialedCustomerList", "status", CodeTable::CallStatus, 3),
        ("phoneLogInfo", "finishStatus", CodeTable::FinishStatus, 10),
        ("phoneLogInfo", "readStatus", CodeTable::ReadStatus, 2),
    ] {
        let words = documented(endpoint, field);
        assert_eq!(words.len(), count, "{endpoint} {field}: {words:?}");
        for (code, word) in words {
            assert_eq!(label(table, Some(&code), Language::Zh), word, "{endpoint} {field} {code}");
        }
    }
}

/// Codes of later documents and of other clients.
#[test]
fn later_codes_have_labels_too() {
    for (code, zh, en) in [
        ("12", "天盾拦截", "blocked by compliance"),
        ("22", "线路盲区", "line blind zone"),
        ("23", "呼出拦截", "outbound intercepted"),
        ("25", "无可用线路", "no line available"),
    ] {
        assert_eq!(label(CodeTable::FinishStatus, Some(code), Language::Zh), zh);
        assert_eq!(label(CodeTable::FinishStatus, Some(code), Language::En), en);
    }
    for (table, code, zh, en) in [
        (CodeTable::HangUp, "0", "AI挂机", "robot hung up"),
        (CodeTable::HangUp, "1", "客户挂机", "customer hung up"),
        (CodeTable::ReadStatus, "0", "未读", "unread"),
        (CodeTable::ReadStatus, "1", "已读", "read"),
        (CodeTable::Speaker, "AI", "机器人", "robot"),
        (CodeTable::Speaker, "ME", "客户", "customer"),
    ] {
        assert_eq!(label(table, Some(code), Language::Zh), zh);
        assert_eq!(label(table, Some(code), Language::En), en);
    }
}

#[test]
fn every_code_has_a_unique_constant_and_a_unique_label_in_both_languages() {
    for (name, table) in CodeTable::ALL {
        let codes = table.codes();
        let column = |column: fn(&Code) -> &'static str| -> BTreeSet<&str> {
            codes.iter().map(column).collect()
        };
        assert!(codes.len() >= 2, "{name}");
        for column in [
            column(|code| code.code),
            column(|code| code.constant),
            column(|code| code.label.zh),
            column(|code| code.label.en),
        ] {
            assert_eq!(column.len(), codes.len(), "{name}: {column:?}");
        }
        for Code { code, constant, label: Words { zh, en }, effect, .. } in codes {
            assert!(constant.starts_with(|first: char| first.is_ascii_uppercase()), "{constant}");
            assert!(!zh.is_ascii(), "{name} {code}: {zh}");
            assert!(!en.is_empty() && en.is_ascii(), "{name} {code}: {en}");
            assert_eq!(label(*table, Some(code), Language::Zh), *zh);
            assert_eq!(label(*table, Some(code), Language::En), *en);
            assert_eq!(effect.is_some(), *table == CodeTable::FinishStatus, "{name} {code}");
        }
    }
}

/// The vendor's report leaves out 空号, 关机, 停机 and 天盾拦截; the description of the metric names them.
#[test]
fn the_unusable_statuses_are_those_of_the_vendors_report() {
    let codes = CodeTable::FinishStatus.codes().iter();
    let unusable: Vec<&Code> =
        codes.filter(|code| code.effect.is_some_and(Effect::is_unusable)).collect();
    assert_eq!(unusable.iter().map(|code| code.code).collect::<Vec<_>>(), ["4", "5", "7", "12"]);
    let docs = Metric::EffectiveAnswerRate.docs();
    for code in unusable {
        assert!(docs.note.zh.contains(code.label.zh) && docs.about.contains(code.label.zh));
    }
    assert_eq!(ANSWERED, 0);
}

#[test]
fn a_code_of_no_table_is_shown_and_no_code_is_unknown() {
    for (_, table) in CodeTable::ALL {
        let table = *table;
        assert_eq!(label(table, Some("37"), Language::Zh), "未知(37)");
        assert_eq!(label(table, Some("37"), Language::En), "unknown (37)");
        assert_eq!(label(table, Some("-1"), Language::En), "unknown (-1)");
        assert_eq!(label(table, None, Language::Zh), "未知");
        assert_eq!(label(table, None, Language::En), "unknown");
    }
}

#[test]
fn a_table_is_found_by_its_public_name_only() {
    for (name, table) in CodeTable::ALL {
        assert_eq!(CodeTable::named(name), Some(*table));
    }
    for name in ["", "JobStatus", "jobstatus", "callType"] {
        assert_eq!(CodeTable::named(name), None, "{name}");
    }
}
