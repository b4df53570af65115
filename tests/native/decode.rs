//! Answers are read as the client reads them: bytes, envelope, endpoint.
//!
//! Every file of `tests/fixtures` that is an answer has a [`Case`] here with its complete result.
//! `tests/fixtures/README.md` has the source of each file.
//!
//! - `blank.rs`: results for rows without optional fields
//! - `tasks.rs`, `calls.rs`, `detail.rs`, `envelope.rs`: the cases
//! - `tables.rs`: the models against the vendor's document
//! - `properties.rs`: generated answers

mod blank;
mod calls;
mod detail;
mod envelope;
mod properties;
mod tables;
mod tasks;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use byrobot_calls::decode::Envelope;
use byrobot_calls::error::{Error, ErrorKind, Result};
use byrobot_calls::json::{Flaw, Value, parse};
use byrobot_calls::request::Query;
use byrobot_calls::schema::ENDPOINTS;
use serde_json::{Value as Json, json};

/// A fixture, without `.json`, and the expected outcome.
struct Case(&'static str, fn() -> Outcome);

/// The outcome of reading an answer.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// The value that JavaScript gets.
    Reads(Json),
    /// An error: the path, and the message after it.
    Refused(&'static str, &'static str),
    /// Not JSON: the offset of the wrong byte.
    Malformed(usize),
}

use Outcome::{Malformed, Reads, Refused};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

fn bytes(fixture: &str) -> Vec<u8> {
    let path = format!("{FIXTURES}/{fixture}.json");
    fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A query of an endpoint with only the required parameters.
fn endpoint(name: &str) -> Query {
    let ids = json!({ "companyId": 1, "taskId": 1, "callJobId": 1, "callInstanceId": 1 });
    let known = ENDPOINTS.iter().find(|known| known.name == name).unwrap();
    let required = known.parameters.iter().filter(|parameter| parameter.required);
    let query: Json = required.map(|known| (known.name, ids[known.name].clone())).collect();
    crate::query(name, &query).unwrap()
}

/// `data` as the endpoint reads it, in the form that JavaScript gets.
fn read(name: &str, data: &Value) -> Result<Json> {
    endpoint(name).read(data).map(|read| crate::plain(&read))
}

/// Compares the outcome of a fixture with the expected one.
fn check(&Case(fixture, expected): &Case) -> std::result::Result<(), String> {
    let expected = expected();
    let bytes = bytes(fixture);
    let body = match (parse(&bytes), &expected) {
        (Err(found), Malformed(offset))
            if found.offset == *offset && found.flaw == Flaw::Syntax =>
        {
            return Ok(());
        }
        (Err(found), _) => return Err(format!("{fixture}: {found:?}, not {expected:?}")),
        (Ok(body), _) => body,
    };
    let envelope = Envelope::open(body).unwrap_or_else(|| panic!("{fixture}: no envelope"));
    assert_eq!(envelope.code, Some(200), "{fixture}");
    let (name, _) = fixture.split_once('/').unwrap();
    match (read(name, &envelope.data), expected) {
        (Ok(found), Reads(expected)) if found == expected => Ok(()),
        (Ok(found), Reads(expected)) => {
            let [found, expected] =
                [found, expected].map(|value| serde_json::to_string_pretty(&value).unwrap());
            Err(format!("{fixture}: found\n{found}\nexpected\n{expected}"))
        }
        (Err(error), Refused(path, message)) if is_refusal(&error, path, message) => Ok(()),
        (found, expected) => Err(format!("{fixture}: {found:?}, not {expected:?}")),
    }
}

fn is_refusal(error: &Error, path: &str, message: &str) -> bool {
    error.kind == ErrorKind::UnexpectedShape
        && error.path.as_deref() == Some(path)
        && error.message == format!("unexpected answer at {path}: {message}")
}

fn check_all(cases: &[Case]) {
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// `row` with some fields changed.
fn with(mut row: Json, changes: Json) -> Json {
    let Json::Object(changes) = changes else { panic!("changes are an object") };
    row.as_object_mut().unwrap().extend(changes);
    row
}

/// The outcome of the only page of a list, with page size `size`.
fn page(size: u8, list: &[Json]) -> Outcome {
    let total = list.len();
    Reads(json!({ "pageNum": 1, "pageSize": size, "total": total, "pages": 1, "list": list }))
}

const BEYOND: &str =
    "this id is beyond ±(2^53 − 1), the integers a JavaScript number holds exactly";

#[test]
fn every_fixture_of_a_task_is_read_as_its_case_expects() {
    check_all(tasks::CASES);
}

#[test]
fn every_fixture_of_a_call_is_read_as_its_case_expects() {
    check_all(calls::CASES);
}

#[test]
fn every_fixture_of_a_call_detail_is_read_as_its_case_expects() {
    check_all(detail::CASES);
}

/// The names of all fixtures in a folder and below.
fn fixtures(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let names = |path: std::path::PathBuf| {
        if path.is_dir() {
            return fixtures(&path);
        }
        let name = path.strip_prefix(FIXTURES).unwrap().to_str().unwrap().replace('\\', "/");
        name.strip_suffix(".json").map(str::to_owned).into_iter().collect()
    };
    entries.flat_map(names).collect()
}

#[test]
fn every_fixture_has_a_case_and_a_line_in_the_documents() {
    let files: BTreeSet<String> = fixtures(Path::new(FIXTURES)).into_iter().collect();
    let cases = [tasks::CASES, calls::CASES, detail::CASES];
    let cases = cases.into_iter().flatten().map(|Case(file, _)| (*file).to_owned());
    let envelopes = envelope::FILES.iter().map(|file| format!("envelope/{file}"));
    let tested: BTreeSet<String> = cases.chain(envelopes).collect();
    // Requests are compared by `requests.rs`, bodies of callbacks by `tests/package/own-rows.test.mjs`.
    let is_answer = |file: &&String| !file.ends_with(".request") && !file.starts_with("callback/");
    let answers = files.iter().filter(is_answer).cloned().collect();
    assert_eq!(tested, answers);

    for document in ["tests/fixtures/README.md", "PROTOCOL.md"] {
        let text = read_text(document);
        for file in &files {
            assert!(text.contains(&format!("`{file}`")), "{document} does not mention {file}");
        }
    }
}

fn read_text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn every_test_and_every_fixture_that_the_protocol_page_names_exists() {
    let text = read_text("PROTOCOL.md");
    let folders = ["envelope/", "callback/", "getTask", "queryDone", "notDialed", "phoneLog"];
    let mut tests = 0;
    for name in text.split('`').skip(1).step_by(2) {
        if let Some((file, test)) = name.rsplit_once("::").filter(|(_, test)| *test != "…") {
            let file = match file.strip_prefix("web::") {
                Some(file) => format!("tests/web/suite/{file}.rs"),
                None => format!("tests/native/{}.rs", file.replace("::", "/")),
            };
            assert!(read_text(&file).contains(&format!("fn {test}(")), "no {name}");
            tests += 1;
        } else if name.contains('/') && folders.iter().any(|folder| name.starts_with(folder)) {
            bytes(name);
        }
    }
    assert!(tests > 30, "{tests}");
}
