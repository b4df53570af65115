//! Lists of results, `[{"name":"…","value":"…"}]`, on the fast path: from the bytes of a body to dictionary codes.

use super::oddities::oddity;
use crate::columns::utf8::same;
use crate::json::{parse, scan};
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
    let end = end(bytes, start)?;
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

/// The position after a list that is spelt as [`crate::json::to_text`] spells it.
fn end(bytes: &[u8], start: usize) -> Option<usize> {
    const FIRST: ShortPattern = ShortPattern::new(br#"[{"name":""#);
    const VALUE: ShortPattern = ShortPattern::new(br#"","value":""#);
    const NEXT: ShortPattern = ShortPattern::new(br#""},{"name":""#);
    let mut at = FIRST.end(bytes, start)?;
    loop {
        let name = scan::string(bytes, at).filter(|name| !name.escaped)?;
        let value =
            scan::string(bytes, VALUE.end(bytes, name.end)?).filter(|value| !value.escaped)?;
        if let Some([b'"', b'}', b']']) = bytes.get(value.end..).and_then(<[u8]>::first_chunk) {
            return Some(value.end + 3);
        }
        at = NEXT.end(bytes, value.end)?;
    }
}

/// Eight to sixteen bytes to compare with the bytes at a position, as two words that may overlap.
struct ShortPattern {
    words: [u64; 2],
    len: usize,
}

impl ShortPattern {
    const fn new<const LEN: usize>(text: &[u8; LEN]) -> Self {
        let words = match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
            _ => [0; 2],
        };
        Self { words, len: LEN }
    }

    /// The position after the pattern, if the bytes at `at` match it.
    #[inline]
    fn end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let words = [scan::word(bytes, at)?, scan::word(bytes, at + self.len - 8)?];
        (words == self.words).then_some(at + self.len)
    }
}
