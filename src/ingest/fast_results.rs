//! Lists of results, `[{"name":"…","value":"…"}]`, on the fast path: from the bytes of a body to dictionary codes.

use super::oddities::oddity;
use crate::columns::utf8::same;
use crate::decode::named_values_end;
use crate::json::parse;
use crate::schema::{FieldKind, field};
use crate::table::CallColumns;
use crate::table::intent_level::level_of;

/// The code of a list in canonical spelling, and the position after the list.
#[inline]
pub(super) fn canonical(
    bytes: &[u8],
    start: usize,
    columns: &mut CallColumns,
) -> Option<(Option<i64>, usize)> {
    let dictionary = columns.dictionary_mut(field::RESULTS)?;
    // A list ends at its closing bracket, so no other list has it as a prefix.
    if let Some((last, code)) = dictionary.last()
        && let end = start + last.len()
        && bytes.get(start..end).is_some_and(|found| same(found, last))
    {
        return Some((Some(i64::from(code)), end));
    }
    let end = named_values_end(bytes, start)?;
    let sent = bytes.get(start..end)?;
    let code = match dictionary.find_recent(sent) {
        Some(code) => i64::from(code),
        None => add(str::from_utf8(sent).ok()?, columns),
    };
    Some((Some(code), end))
}

/// Adds a list to the dictionary and returns its code.
#[cold]
fn add(sent: &str, columns: &mut CallColumns) -> i64 {
    // Names and values have no quotes, so every fourth part is a name or a value.
    let parts: Vec<&str> = sent.split('"').skip(3).step_by(4).collect();
    let (pairs, _) = parts.as_chunks();
    columns.add_code(
        field::RESULTS,
        sent,
        level_of(&pairs.iter().map(|[name, value]| (*name, *value))),
    )
}

/// The code of a list in any other spelling without oddities; no code for an empty list. The flag says whether
/// the value was a text for a number, which a list is not.
pub(super) fn noncanonical(sent: &[u8], columns: &mut CallColumns) -> Option<(Option<i64>, bool)> {
    let list = parse(sent).ok()?;
    if oddity(FieldKind::NamedValues, &list).is_some() {
        return None;
    }
    let text = FieldKind::NamedValues.canonical_list(&list)?;
    Some(((text != "[]").then(|| columns.code(field::RESULTS, &text)), false))
}
