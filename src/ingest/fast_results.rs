//! Lists of results, `[{"name":"…","value":"…"}]`, as they lie in a body: their codes.

use super::oddities::oddity;
use crate::columns::utf8::same;
use crate::json::parse;
use crate::json::scan;
use crate::schema::FieldKind;
use crate::schema::field;
use crate::table::CallColumns;
use crate::table::intent_level::level_of;

/// The code of a list in its plain form, and where it ends.
#[inline]
pub(super) fn plain(
    bytes: &[u8],
    start: usize,
    columns: &mut CallColumns,
) -> Option<(Option<i64>, usize)> {
    let dictionary = columns.dictionary_mut(field::RESULTS)?;
    // A list ends where its brackets match, so no other can begin with it.
    if let Some((last, code)) = dictionary.last()
        && let end = start + last.len()
        && bytes.get(start..end).is_some_and(|ahead| same(ahead, last))
    {
        return Some((Some(i64::from(code)), end));
    }
    let end = end(bytes, start)?;
    let sent = bytes.get(start..end)?;
    let code = match dictionary.find_recent(sent) {
        Some(code) => i64::from(code),
        None => new(str::from_utf8(sent).ok()?, columns),
    };
    Some((Some(code), end))
}

/// The code of a list that is not known.
#[cold]
fn new(sent: &str, columns: &mut CallColumns) -> i64 {
    // Its texts have no quotes in them: every fourth part is a name or the value of one.
    let parts: Vec<&str> = sent.split('"').skip(3).step_by(4).collect();
    let (pairs, _) = parts.as_chunks();
    columns.add_code(
        field::RESULTS,
        sent,
        level_of(&pairs.iter().map(|[name, value]| (*name, *value))),
    )
}

/// The value of a list that is written in another way, if there is nothing odd about it. An empty one
/// has none.
pub(super) fn other(sent: &[u8], columns: &mut CallColumns) -> Option<(Option<i64>, bool)> {
    let list = parse(sent).ok()?;
    if oddity(FieldKind::NamedValues, &list).is_some() {
        return None;
    }
    let text = FieldKind::NamedValues.canonical_list(&list)?;
    Some(((text != "[]").then(|| columns.code(field::RESULTS, &text)), false))
}

/// Where a list ends that is written as [`crate::json::to_text`] writes it.
fn end(bytes: &[u8], start: usize) -> Option<usize> {
    const FIRST: Mark = Mark::new(br#"[{"name":""#);
    const VALUE: Mark = Mark::new(br#"","value":""#);
    const NEXT: Mark = Mark::new(br#""},{"name":""#);
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

/// Eight to sixteen bytes to be found at a place, as two words that may overlap.
struct Mark {
    words: [u64; 2],
    len: usize,
}

impl Mark {
    const fn new<const LEN: usize>(text: &[u8; LEN]) -> Self {
        let words = match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
            _ => [0; 2],
        };
        Self { words, len: LEN }
    }

    /// The position after it, if it is at `at`.
    #[inline]
    fn end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let words = [scan::word(bytes, at)?, scan::word(bytes, at + self.len - 8)?];
        (words == self.words).then_some(at + self.len)
    }
}
