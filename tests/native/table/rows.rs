//! An ingested row is equal to the row that the model reads.

use byrobot_calls::decode::Path;
use byrobot_calls::json::{Value, parse};
use byrobot_calls::schema::DONE_CALL;
use byrobot_calls::table::Table;

use crate::{call_rows, plain};

use super::generators::calls;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/queryDoneTaskPhones");

/// The bodies of all fixtures, with their names.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(FIXTURES).unwrap().map(|file| file.unwrap().path());
    let bodies = files.filter(|path| {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        path.extension().is_some_and(|extension| extension == "json") && !stem.ends_with(".request")
    });
    bodies.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

#[test]
fn every_row_of_every_fixture_is_in_the_table_as_the_model_reads_it() {
    let mut rows_seen = 0;
    for (name, body) in fixtures() {
        let sent = parse(&body).unwrap();
        let rows = match sent.get("data").and_then(|data| data.get("list")) {
            Some(Value::List(rows)) => rows.clone(),
            _ => panic!("{name} has no list"),
        };
        let read: Result<Vec<Value>, _> =
            rows.iter().map(|row| DONE_CALL.read(row, &Path::root("row"))).collect();
        let mut table = Table::default();
        match read {
            Err(_) => {
                table.ingest_body(&body).unwrap_err();
                assert!(table.is_empty(), "{name}");
            }
            Ok(read) => {
                let report = table.ingest_body(&body).unwrap();
                assert_eq!(report.added as usize, read.len(), "{name}");
                for row in &read {
                    let Some(Value::Int(id)) = row.get("callInstanceId") else { panic!("{name}") };
                    assert_eq!(plain(&table.get(*id).unwrap()), plain(row), "{name} {id}");
                    rows_seen += 1;
                }
                let again = table.ingest_body(&body).unwrap();
                assert_eq!((again.added, again.updated), (0, 0), "{name}");
                let mut other = Table::default();
                other.ingest_rows(crate::call_rows(read.clone()).unwrap()).unwrap();
                for row in &read {
                    let Some(Value::Int(id)) = row.get("callInstanceId") else { panic!("{name}") };
                    assert_eq!(plain(&other.get(*id).unwrap()), plain(row), "{name} {id}");
                }
            }
        }
    }
    assert!(rows_seen > 40, "{rows_seen}");
}

#[test]
fn an_instant_outside_of_the_years_0_to_9999_is_refused_with_its_path() {
    let rows = |row: &str| {
        let Value::List(rows) = parse(format!("[{row}]").as_bytes()).unwrap() else { panic!() };
        call_rows(rows)
    };
    for ms in ["9007199254740991", "253402272000000", "-62167248000001", "-9007199254740991", "1.5"]
    {
        for name in ["startTimeMs", "endTimeMs"] {
            let row = format!(r#"{{"callInstanceId":1,"{name}":{ms}}}"#);
            let error = rows(&row).unwrap_err();
            assert_eq!(error.kind.code(), "invalid_argument");
            assert_eq!(error.path, Some(format!("calls[0].{name}")));
            assert!(error.message.contains("epoch milliseconds of the years 0 to 9999"), "{error}");
        }
    }
    for (ms, text) in [
        (253_402_271_999_000_i64, "9999-12-31 23:59:59"),
        (-62_167_248_000_000, "0000-01-01 00:00:00"),
    ] {
        let mut table = Table::default();
        let row = format!(r#"{{"callInstanceId":1,"startTime":"{text}","startTimeMs":{ms}}}"#);
        table.ingest_rows(rows(&row).unwrap()).unwrap();
        let restored = Table::restore(&table.snapshot().unwrap()).unwrap();
        assert_eq!(calls(&restored)[0]["startTime"], text);
        assert_eq!(calls(&restored)[0]["startTimeMs"], ms);
    }
}
