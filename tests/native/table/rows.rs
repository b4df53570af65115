//! A row that was ingested is the row the model reads.

use byrobot_calls::json::{Value, parse};
use byrobot_calls::model::{DONE_CALL, Path};
use byrobot_calls::table::Table;

use crate::plain;

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
fn every_row_of_every_fixture_comes_out_as_the_model_reads_it() {
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
                other.ingest_rows(&crate::call_rows(read.clone()).unwrap()).unwrap();
                for row in &read {
                    let Some(Value::Int(id)) = row.get("callInstanceId") else { panic!("{name}") };
                    assert_eq!(plain(&other.get(*id).unwrap()), plain(row), "{name} {id}");
                }
            }
        }
    }
    assert!(rows_seen > 40, "{rows_seen}");
}
