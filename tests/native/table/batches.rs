//! Batches of rows: the table does not depend on which rows are in one batch.

use byrobot_calls::decode::Path;
use byrobot_calls::ingest::IngestReport;
use byrobot_calls::json::{Value, parse};
use byrobot_calls::schema::DONE_CALL;
use byrobot_calls::table::{Table, Upsert};

use crate::plain;

/// A body of rows.
fn body(rows: &[String]) -> Vec<u8> {
    format!(r#"{{"code":200,"data":[{}]}}"#, rows.join(",")).into_bytes()
}

/// A row in the vendor's form; its values depend on `number`.
fn row(id: i64, number: i64) -> String {
    let index = usize::try_from(number).unwrap();
    let second = number % 60;
    let day = 1 + number / 700 % 28;
    let name = ["张娟", "Ann", "", "欧阳建国", "Zoë"][index % 5];
    let url = match index % 3 {
        0 => "null".to_owned(),
        other => format!(r#""https://calls.example.com/{}.wav""#, "r".repeat(other * 20)),
    };
    let level = ["A级(较强)", "D级", "x"][index % 3];
    format!(
        r#"{{"callInstanceId":{id},"callJobId":62,"jobName":"回访 {}","customerTelephone":"1560000{number}","customerName":"{name}","status":2,"finishStatus":{},"duration":"{}秒","startTime":"2024-01-{day:02} 09:{second:02}:07","luyinOssUrl":{url},"callIndex":{},"resultList":[{{"name":"客户意向等级","value":"{level}"}},{{"name":"n","value":"{}"}}]}}"#,
        number / 100,
        number % 26,
        number % 500,
        // Chunks of several widths.
        if number < 3000 { number % 10 } else { number * 70_000 },
        number % 40,
    )
}

/// A table of rows that the model reads, one row at a time.
fn reference(rows: &[String]) -> Table {
    let mut table = Table::default();
    for row in rows {
        let read = DONE_CALL.read(&parse(row.as_bytes()).unwrap(), &Path::root("row")).unwrap();
        table.ingest_rows(crate::call_rows(vec![read]).unwrap()).unwrap();
    }
    table
}

fn assert_same(one: &Table, other: &Table, ids: impl Iterator<Item = i64>) {
    assert_eq!(one.len(), other.len());
    for id in ids {
        assert_eq!(one.get(id).as_ref().map(plain), other.get(id).as_ref().map(plain), "{id}");
    }
}

#[test]
fn rows_across_several_chunks_are_equal_to_those_of_the_model() {
    let id = |number: i64| 5_402_000_000 + (number ^ 5) + number / 6000 * 1_000_000_000;
    let rows: Vec<String> = (0..9000).map(|number| row(id(number), number)).collect();
    let expected = reference(&rows);
    for size in [50, 64, 65, 9000] {
        let mut table = Table::default();
        for page in rows.chunks(size) {
            let report = table.ingest_body(&body(page)).unwrap();
            assert_eq!(report.added as usize, page.len());
            assert_eq!(report.rows.len(), page.len());
        }
        assert_same(&table, &expected, (0..9000).map(id));
    }
}

#[test]
fn when_calls_are_known_or_repeated_in_a_body_they_are_upserted_in_order() {
    for before in [0, 3, 60, 63, 64, 127] {
        let first: Vec<String> = (0..before).map(|id| row(1000 + id, id)).collect();
        let again = [row(1, 10), row(2, 20), row(1, 11), row(2, 20), row(3, 30), row(1, 11)];
        let start = first.len();
        let rows = [first, again.to_vec()].concat();
        let mut table = Table::default();
        let report = table.ingest_body(&body(&rows)).unwrap();
        let upserts = report.rows.get(start..).unwrap();
        let expected = [
            (1, Upsert::Added),
            (2, Upsert::Added),
            (1, Upsert::Updated),
            (2, Upsert::Unchanged),
            (3, Upsert::Added),
            (1, Upsert::Unchanged),
        ];
        assert_eq!(upserts, expected);
        assert_eq!((report.updated, report.unchanged), (1, 2));
        let all = || (1..4).chain(1000..1000 + before);
        assert_same(&table, &reference(&rows), all());
        // Known and new calls alternate.
        let mixed: Vec<String> =
            (0..90).map(|id| row(if id % 2 == 0 { 1 + id % 4 } else { 5000 + id }, id)).collect();
        table.ingest_body(&body(&mixed)).unwrap();
        let expected = reference(&[rows, mixed].concat());
        assert_same(&table, &expected, all().chain(5000..5090));
    }
}

#[test]
fn when_a_body_fails_after_many_rows_the_table_is_unchanged() {
    let known: Vec<String> = (0..70).map(|id| row(id + 1, id)).collect();
    let mut table = reference(&known);
    // New calls, changed calls, and finally an invalid row.
    let mut rows: Vec<String> = (0..150).map(|id| row(id + 1, id + 7)).collect();
    let whole = body(&rows);
    rows.push(r#"{"callInstanceId":"x"}"#.to_owned());
    for damaged in [body(&rows), whole[..whole.len() - 40].to_vec()] {
        table.ingest_body(&damaged).unwrap_err();
        assert_same(&table, &reference(&known), 1..200);
    }
    let report = table.ingest_body(&whole).unwrap();
    assert_eq!((report.added, report.updated + report.unchanged), (80, 70));
    assert_same(&table, &reference(&rows[..150]), 1..152);
}

#[test]
fn bytes_that_are_not_utf8_are_read_as_the_model_reads_them() {
    let rows: Vec<String> = (0..80).map(|id| row(id + 1, id)).collect();
    let mut sent = body(&rows);
    let name = sent.windows(3).rposition(|three| three == "张".as_bytes()).unwrap();
    sent[name + 2] = b'x';
    let parsed = parse(&sent).unwrap();
    let Some(Value::List(rows)) = parsed.get("data") else { panic!("no rows") };
    let read = rows.iter().map(|row| DONE_CALL.read(row, &Path::root("row")).unwrap()).collect();
    let (mut table, mut expected) = (Table::default(), Table::default());
    table.ingest_body(&sent).unwrap();
    expected.ingest_rows(crate::call_rows(read).unwrap()).unwrap();
    assert_same(&table, &expected, 1..81);
}

#[test]
fn texts_of_every_length_near_the_end_of_a_body_are_read_completely() {
    for length in 0..40 {
        for name in ["x".repeat(length), "汉".repeat(length), "a\\n".repeat(length)] {
            let rows = [
                format!(r#"{{"callInstanceId":1,"customerName":"{name}"}}"#),
                format!(r#"{{"callInstanceId":2,"luyinOssUrl":"u","customerName":"{name}"}}"#),
            ];
            let mut table = Table::default();
            table.ingest_body(&body(&rows)).unwrap();
            assert_same(&table, &reference(&rows), 1..3);
        }
    }
}

#[test]
fn the_overflow_of_each_row_stays_with_its_row() {
    // Escapes, unknown fields and rows that only the general path reads, between canonical rows.
    let rows: Vec<String> = (0..200)
        .map(|id| match id % 4 {
            0 => row(id + 1, id),
            1 => row(id + 1, id).replacen('{', &format!(r#"{{"new":[{id}],"#), 1),
            2 => row(id + 1, id).replacen("回访", &format!(r"\u56de\n{id}"), 1),
            _ => row(id + 1, id).replacen("2024-01", "2024/01", 1),
        })
        .collect();
    let mut table = Table::default();
    let report = table.ingest_body(&body(&rows)).unwrap();
    let unknown = report.oddities.iter().find(|oddity| oddity.field == "new").unwrap();
    assert_eq!((unknown.count, unknown.first), (50, 1));
    assert_same(&table, &reference(&rows), 1..201);
}

#[test]
fn a_link_with_another_query_is_kept_and_leaves_the_call_unchanged() {
    let call = |link: &str, duration: u32| {
        let row = format!(
            r#"{{"callInstanceId":1,"callJobId":62,"customerTelephone":"1","status":2,"finishStatus":0,"duration":{duration},"luyinOssUrl":"{link}"}}"#
        );
        body(&[row])
    };
    let link = |table: &Table| plain(&table.get(1).unwrap()).get("luyinOssUrl").cloned();
    let mut table = Table::default();
    table.ingest_body(&call("/recordings/a.wav?until=2024-03-15&proof=x", 7)).unwrap();
    let before = table.revision();
    let report = table.ingest_body(&call("/recordings/a.wav?until=2024-03-16&proof=y", 7)).unwrap();
    assert_eq!((report.updated, report.unchanged), (0, 1));
    assert_eq!(report.rows, [(1, Upsert::Unchanged)]);
    assert_eq!(table.len(), 1);
    let renewed = serde_json::json!("/recordings/a.wav?until=2024-03-16&proof=y");
    assert_eq!(link(&table), Some(renewed));
    // It is saved and shown like every other new row.
    assert_ne!(table.revision(), before);
    // Without a query it is the same link, too; another file or another value is a change.
    for (next, duration, updated) in
        [("/recordings/a.wav", 7, 0), ("/recordings/b.wav", 7, 1), ("/recordings/b.wav?x", 8, 1)]
    {
        let report = table.ingest_body(&call(next, duration)).unwrap();
        assert_eq!((report.updated, report.unchanged), (updated, 1 - updated), "{next}");
    }
}

#[test]
fn the_report_of_a_page_is_the_same_after_it_has_crossed_to_another_module_as_numbers() {
    let mut table = Table::default();
    let rows: Vec<String> = (0..60).map(|number| row(number % 50, number % 55)).collect();
    for (rows, more) in [(&rows[..], ""), (&rows[20..], r#","total":7,"pageSize":50"#), (&[], "")] {
        let data = format!(r#"{{"list":[{}]{more}}}"#, rows.join(","));
        let report = table.ingest_body(format!(r#"{{"code":200,"data":{data}}}"#).as_bytes());
        let report = report.unwrap();
        let crossed = IngestReport::of_numbers(&report.to_numbers()).unwrap();
        assert_eq!(crossed.rows, report.rows);
        assert_eq!((crossed.total, crossed.page_size), (report.total, report.page_size));
        let counts = |report: &IngestReport| (report.added, report.updated, report.unchanged);
        assert_eq!(counts(&crossed), counts(&report));
    }
    for damaged in [&[][..], &[1.0, 50.0, 0.0, 0.0], &[1.0, 50.0, 1.0, 0.0, 0.0, 7.0]] {
        assert_eq!(IngestReport::of_numbers(damaged), None);
    }
}
