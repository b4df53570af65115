//! A body read by the fast path and by the general path, and all that they say compared. Shared with
//! the fuzz target, `fuzz/`.

use byrobot_calls::compute::View;
use byrobot_calls::ingest::{IngestReport, Oddity};
use byrobot_calls::json::to_text;
use byrobot_calls::table::Table;

/// What makes the general path read a body: of two members of one name the last counts.
const GENERAL: &[u8] = br#"{"data":null,"#;

/// The same body, for the general path.
pub(crate) fn general(body: &[u8]) -> Vec<u8> {
    let start = body.iter().position(|byte| *byte == b'{').unwrap();
    [&body[..start], GENERAL, &body[start + 1..]].concat()
}

/// The rows of a table as JavaScript gets them, to the last digit.
pub(crate) fn rows(table: &Table) -> Vec<String> {
    View::of(table).rows(0, usize::MAX, None).iter().map(to_text).collect()
}

/// What came of an ingest, with the place of an error left out where the path moves it.
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

/// Reads a body into both tables, by the one path and by the other, and compares all that they say.
pub(crate) fn read_both(
    fast: &mut Table,
    slow: &mut Table,
    body: &[u8],
) -> Result<IngestReport, String> {
    let shown = String::from_utf8_lossy(body);
    let ours = outcome(fast, body, 0);
    assert_eq!(ours, outcome(slow, &general(body), GENERAL.len() - 1), "{shown}");
    assert_eq!(rows(fast), rows(slow), "{shown}");
    for table in [fast, slow] {
        let snapshot = table.snapshot().unwrap();
        let restored = Table::restore(&snapshot).unwrap_or_else(|error| panic!("{error}: {shown}"));
        assert_eq!(rows(&restored), rows(table), "{shown}");
        assert_eq!(restored.snapshot().unwrap(), snapshot, "{shown}");
    }
    ours
}
