//! Reads a body by the fast path and by the general path, and compares all results: into a table, and as the answer
//! of a call. Shared with the fuzz target, `fuzz/`.

use byrobot_calls::compute::View;
use byrobot_calls::decode::Envelope;
use byrobot_calls::ingest::{IngestReport, Oddity};
use byrobot_calls::json::{parse, to_text};
use byrobot_calls::request::Query;
use byrobot_calls::schema::QUERY_DONE_TASK_PHONES;
use byrobot_calls::table::Table;

/// A first member that makes the general path read a body. Of two members with one name the last counts.
const FIRST_MEMBER: &[u8] = br#"{"data":null,"#;

/// The body with [`FIRST_MEMBER`], for the general path.
pub(crate) fn general_body(body: &[u8]) -> Vec<u8> {
    let start = body.iter().position(|byte| *byte == b'{').unwrap();
    [&body[..start], FIRST_MEMBER, &body[start + 1..]].concat()
}

/// The rows of a table as the JSON text that JavaScript gets.
pub(crate) fn rows(table: &Table) -> Vec<String> {
    View::of(table).rows(0, usize::MAX, None).iter().map(to_text).collect()
}

/// The report of an ingest, or its error. `moved` is the number of bytes before the body's own bytes; an error
/// without a path is compared by its code, because its message may contain a position.
fn outcome(table: &mut Table, body: &[u8], moved: usize) -> Result<IngestReport, String> {
    let mut report = table.ingest_body(body).map_err(|error| match &error.path {
        Some(_) => format!("{error:?}"),
        None => error.kind.code().to_owned(),
    })?;
    for oddity in report.oddities.iter_mut().filter(|oddity| oddity.kind == Oddity::NotUtf8) {
        oddity.first -= moved;
    }
    Ok(report)
}

/// Reads a body into one table by each path, and compares reports, errors, rows and snapshots.
pub(crate) fn read_both(
    fast: &mut Table,
    general: &mut Table,
    body: &[u8],
) -> Result<IngestReport, String> {
    let shown = String::from_utf8_lossy(body);
    let result = outcome(fast, body, 0);
    let moved = FIRST_MEMBER.len() - 1;
    assert_eq!(result, outcome(general, &general_body(body), moved), "{shown}");
    assert_eq!(rows(fast), rows(general), "{shown}");
    for table in [fast, general] {
        let snapshot = table.snapshot().unwrap();
        let restored = Table::restore(&snapshot).unwrap_or_else(|error| panic!("{error}: {shown}"));
        assert_eq!(rows(&restored), rows(table), "{shown}");
        assert_eq!(restored.snapshot().unwrap(), snapshot, "{shown}");
    }
    result
}

/// A query of finished calls.
fn calls() -> Query {
    Query::of(&QUERY_DONE_TASK_PHONES, &parse(br#"{"callJobId":1}"#).unwrap()).unwrap()
}

/// The data of a successful answer as the general path reads it.
fn general_page(body: &[u8]) -> Option<String> {
    let envelope = parse(body).ok().and_then(Envelope::open)?;
    let data = Some(envelope.data).filter(|_| envelope.code == Some(200))?;
    calls().read(&data).ok().as_ref().map(to_text)
}

/// Reads a page of finished calls by each path, and compares the texts. Returns the text of the fast path.
pub(crate) fn page_of_both(body: &[u8]) -> Option<String> {
    let shown = String::from_utf8_lossy(body);
    let rows = calls().read_rows(body)?;
    let text = rows.join(&general_page(&rows.rest)?)?;
    let read = parse(text.as_bytes()).unwrap_or_else(|_| panic!("{text} of {shown}"));
    assert_eq!(Some(to_text(&read)), general_page(body), "{shown}");
    Some(text)
}
