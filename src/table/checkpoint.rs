//! Checkpoints: how far a list of the vendor's has been read into a table, so that a synchronisation can resume.
//! Not here: what a synchronisation reads next (`paging/plan.rs`).

use crate::json::{Value, parse, to_text};

/// How much of a list is in a table. The list has the newest calls first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncCheckpoint {
    /// The length of the list when the table last held all of it; `None` if it never did.
    pub total: Option<u64>,
    /// Ids of some calls of the list at that time that have not changed since. All calls below an anchor are in the
    /// table.
    pub anchors: Vec<i64>,
    /// Parts of the list that have not been read, the part nearest to the head last.
    pub gaps: Vec<Gap>,
    /// The greatest `callIndex` up to which all calls are in the table; `None` if it was not used.
    pub index: Option<i64>,
    /// A text that the caller of synchronisations keeps about the list. It has no meaning here.
    pub note: String,
}

/// A part of a list that has not been read: from position `read` down to the first call that was known before, which
/// is a call of the next gap or an anchor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gap {
    /// Rows above the gap.
    pub read: u64,
    /// The length of the list when those rows were read; `None` if unknown.
    pub total: Option<u64>,
    /// Ids of some of those rows that have not changed since.
    pub calls: Vec<i64>,
    /// Distinct calls among those rows.
    pub seen: u64,
    /// Calls among them that were new or changed.
    pub changed: u64,
    /// The length of the list if no call has left it since reading began; `None` if unknown.
    pub expected: Option<u64>,
    /// Whether pages were read one after the other, so that no row can be missing.
    pub certain: bool,
}

/// Stands for an absent number.
const NONE: i64 = -2;

/// Checkpoints as JSON text; empty for none.
pub(crate) fn write_checkpoints(checkpoints: &[(String, SyncCheckpoint)]) -> Vec<u8> {
    if checkpoints.is_empty() {
        return Vec::new();
    }
    let object = |fields: Vec<(&str, Value)>| {
        Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    let list = |ids: &[i64]| Value::List(ids.iter().copied().map(Value::Int).collect());
    let count = |number: Option<u64>| {
        Value::Int(number.and_then(|number| i64::try_from(number).ok()).unwrap_or(NONE))
    };
    let gap = |gap: &Gap| {
        object(vec![
            ("read", count(Some(gap.read))),
            ("total", count(gap.total)),
            ("calls", list(&gap.calls)),
            ("seen", count(Some(gap.seen))),
            ("changed", count(Some(gap.changed))),
            ("expected", count(gap.expected)),
            ("certain", Value::Bool(gap.certain)),
        ])
    };
    let checkpoint = |(query, checkpoint): &(String, SyncCheckpoint)| {
        object(vec![
            ("query", Value::Text(query.clone())),
            ("total", count(checkpoint.total)),
            ("anchors", list(&checkpoint.anchors)),
            ("gaps", Value::List(checkpoint.gaps.iter().map(gap).collect())),
            ("index", Value::Int(checkpoint.index.unwrap_or(NONE))),
            ("note", Value::Text(checkpoint.note.clone())),
        ])
    };
    to_text(&Value::List(checkpoints.iter().map(checkpoint).collect())).into_bytes()
}

/// Reads checkpoints; `None` if the bytes are damaged.
pub(crate) fn read_checkpoints(bytes: &[u8]) -> Option<Vec<(String, SyncCheckpoint)>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    list_of(&parse(bytes).ok()?, |checkpoint| {
        let Some(Value::Text(query)) = checkpoint.get("query") else { return None };
        Some((
            query.clone(),
            SyncCheckpoint {
                total: u64::try_from(number_of(checkpoint, "total")?).ok(),
                anchors: list_of(checkpoint.get("anchors")?, integer_of)?,
                gaps: list_of(checkpoint.get("gaps")?, gap_of)?,
                index: Some(number_of(checkpoint, "index")?).filter(|index| *index != NONE),
                // Absent from older snapshots.
                note: match checkpoint.get("note") {
                    Some(Value::Text(note)) => note.clone(),
                    _ => String::new(),
                },
            },
        ))
    })
}

fn gap_of(gap: &Value) -> Option<Gap> {
    Some(Gap {
        read: u64::try_from(number_of(gap, "read")?).ok()?,
        total: u64::try_from(number_of(gap, "total")?).ok(),
        calls: list_of(gap.get("calls")?, integer_of)?,
        seen: u64::try_from(number_of(gap, "seen")?).ok()?,
        changed: u64::try_from(number_of(gap, "changed")?).ok()?,
        expected: u64::try_from(number_of(gap, "expected")?).ok(),
        certain: *gap.get("certain")? == Value::Bool(true),
    })
}

fn list_of<T>(list: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let Value::List(items) = list else { return None };
    items.iter().map(read).collect()
}

fn number_of(object: &Value, name: &str) -> Option<i64> {
    integer_of(object.get(name)?)
}

fn integer_of(value: &Value) -> Option<i64> {
    let Value::Int(integer) = value else { return None };
    Some(*integer)
}
