//! The code tables against the vendor's document, and against what the package says of them in
//! TypeScript.

use std::collections::BTreeSet;
use std::fs;

use byrobot_calls::model::{CodeTable, Language, Row, label};

fn file(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn codes(table: CodeTable) -> Vec<&'static str> {
    table.rows().iter().map(|(code, ..)| *code).collect()
}

/// The codes and words in the vendor's description of a field: "通话状态 0：未开始 1：进行中", or
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
fn every_code_has_a_constant_and_a_label_of_its_own_in_both_languages() {
    for (name, table) in CodeTable::ALL {
        let rows = table.rows();
        let column = |column: fn(&Row) -> &'static str| -> BTreeSet<&str> {
            rows.iter().map(column).collect()
        };
        assert!(rows.len() >= 2, "{name}");
        for column in
            [column(|row| row.0), column(|row| row.1), column(|row| row.2), column(|row| row.3)]
        {
            assert_eq!(column.len(), rows.len(), "{name}: {column:?}");
        }
        for (code, constant, zh, en) in rows {
            assert!(constant.starts_with(|first: char| first.is_ascii_uppercase()), "{constant}");
            assert!(!zh.is_ascii(), "{name} {code}: {zh}");
            assert!(!en.is_empty() && en.is_ascii(), "{name} {code}: {en}");
            assert_eq!(label(table, Some(code), Language::Zh), *zh);
            assert_eq!(label(table, Some(code), Language::En), *en);
        }
    }
}

#[test]
fn a_code_of_no_table_is_shown_and_no_code_is_unknown() {
    for (_, table) in CodeTable::ALL {
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
        assert_eq!(CodeTable::named(name), Some(table));
    }
    for name in ["", "JobStatus", "jobstatus", "callType"] {
        assert_eq!(CodeTable::named(name), None, "{name}");
    }
}

/// `export const JobStatus = { NotStarted: 0, … } as const;` as rows of code and constant.
fn constants(source: &str, name: &str) -> Vec<(String, String)> {
    let (_, after) = source.split_once(&format!("export const {name} = {{")).unwrap();
    let (body, _) = after.split_once("} as const;").unwrap();
    let lines = body.lines().map(str::trim).filter(|line| !line.starts_with("/**"));
    let fields = lines.flat_map(|line| line.split(',').map(str::trim));
    let fields = fields.filter(|field| !field.is_empty());
    let pair = |field: &str| {
        let (constant, code) = field.split_once(':').unwrap();
        (code.trim().to_owned(), constant.trim().to_owned())
    };
    fields.map(pair).collect()
}

#[test]
fn the_packages_constants_are_the_tables() {
    let source = file("pkg/src/codes.ts");
    for (name, table) in
        [("JobStatus", CodeTable::JobStatus), ("FinishStatus", CodeTable::FinishStatus)]
    {
        let rows = table.rows().iter();
        let expected: Vec<(String, String)> =
            rows.map(|(code, constant, ..)| ((*code).to_owned(), (*constant).to_owned())).collect();
        assert_eq!(constants(&source, name), expected, "{name}");
    }
    assert_eq!(source.matches("} as const;").count(), 2, "constants that nobody compares");
}

#[test]
fn the_packages_table_names_are_the_tables() {
    let source = file("pkg/src/codes.ts");
    let (_, after) = source.split_once("export type CodeTable =").unwrap();
    let (union, _) = after.split_once(';').unwrap();
    let names: Vec<&str> = union.split('|').map(|name| name.trim().trim_matches('"')).collect();
    assert_eq!(names, CodeTable::ALL.map(|(name, _)| name));
}

#[test]
fn the_declared_unions_list_the_codes_of_the_tables() {
    let source = file("src/model/codes.rs");
    let (_, after) = source.split_once("\ncodes! {").unwrap();
    let (declarations, _) = after.split_once("\n}").unwrap();
    let lines = declarations.lines().map(str::trim).filter(|line| line.ends_with('"'));
    let declared: Vec<(&str, Vec<&str>)> = lines
        .map(|line| {
            let (name, union) = line.split_once(": ").unwrap();
            (name, union.trim_matches('"').split(" | ").collect())
        })
        .collect();
    let expected = [
        ("JobStatus", CodeTable::JobStatus),
        ("JobType", CodeTable::JobType),
        ("CallStatus", CodeTable::CallStatus),
        ("FinishStatus", CodeTable::FinishStatus),
    ]
    .map(|(name, table)| (name, [codes(table), vec!["(number & {})"]].concat()));
    assert_eq!(declared, expected);
}

#[test]
fn the_speakers_declared_are_those_of_the_table() {
    let speakers = codes(CodeTable::Speaker).into_iter();
    let union: Vec<String> = speakers.map(|code| format!("\\\"{code}\\\"")).collect();
    let source = file("src/model/detail.rs");
    assert!(source.contains(&format!("type = \"{} | (string & {{}})\"", union.join(" | "))));
}
