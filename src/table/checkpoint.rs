//! How far a list of the vendor's has been read into a table, so that reading can go on from there.
//! Who reads, and what follows from a mark, is in `paging/plan.rs`.

use crate::json::{Value, parse, to_text};

/// What a table holds of a list, newest calls first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncCheckpoint {
    /// The length of the list when all of it was last known to be in the table; `None` for never.
    pub total: Option<u64>,
    /// Calls of the list as it was then, some of them, that have not changed since. Below any of them
    /// all is known.
    pub anchors: Vec<i64>,
    /// Stretches that have not been read yet, the one nearest to the head last.
    pub gaps: Vec<Gap>,
    /// The greatest `callIndex` up to which all calls are in the table; `None` where it was not used.
    pub index: Option<i64>,
}

/// A stretch of a list that has not been read yet: from `read` down to the first call that is known
/// from before, one of the next gap's calls or an anchor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gap {
    /// Rows above it.
    pub read: u64,
    /// The length of the list when these were read.
    pub total: Option<u64>,
    /// Calls of theirs, some, that have not changed since.
    pub calls: Vec<i64>,
    /// Different calls among them.
    pub seen: u64,
    /// Those that were new or had changed.
    pub changed: u64,
    /// The length that the list has if no call has left it since reading it began.
    pub expected: Option<u64>,
    /// Whether pages were read one after the other, so that none can have been missed.
    pub certain: bool,
}

/// In place of a number that there is none.
const NONE: i64 = -2;

/// Marks as bytes: JSON, because there are few of them.
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
    let mark = |(query, mark): &(String, SyncCheckpoint)| {
        object(vec![
            ("query", Value::Text(query.clone())),
            ("total", count(mark.total)),
            ("anchors", list(&mark.anchors)),
            ("gaps", Value::List(mark.gaps.iter().map(gap).collect())),
            ("index", Value::Int(mark.index.unwrap_or(NONE))),
        ])
    };
    to_text(&Value::List(checkpoints.iter().map(mark).collect())).into_bytes()
}

/// The checkpoints of which these are the bytes; `None` for what is none.
pub(crate) fn read_checkpoints(bytes: &[u8]) -> Option<Vec<(String, SyncCheckpoint)>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    list_of(&parse(bytes).ok()?, |mark| {
        let Some(Value::Text(query)) = mark.get("query") else { return None };
        Some((
            query.clone(),
            SyncCheckpoint {
                total: u64::try_from(number_of(mark, "total")?).ok(),
                anchors: list_of(mark.get("anchors")?, id_of)?,
                gaps: list_of(mark.get("gaps")?, gap_of)?,
                index: Some(number_of(mark, "index")?).filter(|index| *index != NONE),
            },
        ))
    })
}

fn gap_of(gap: &Value) -> Option<Gap> {
    Some(Gap {
        read: u64::try_from(number_of(gap, "read")?).ok()?,
        total: u64::try_from(number_of(gap, "total")?).ok(),
        calls: list_of(gap.get("calls")?, id_of)?,
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
    id_of(object.get(name)?)
}

fn id_of(id: &Value) -> Option<i64> {
    let Value::Int(id) = id else { return None };
    Some(*id)
}
