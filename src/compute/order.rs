//! Sorts rows by a field. The sort is stable, and rows without a value are last in both directions.
//! Not here: sorting of short lists (`sort.rs`).

use crate::columns::bitmap::{Bitmap, ones};
use crate::columns::dictionary::Dictionary;
use crate::columns::utf8::{Texts, same};
use crate::error::{Error, Result};
use crate::schema::DONE_CALL;
use crate::schema::field;
use crate::sort::sorted;
use crate::table::CallColumns;

/// The order of rows: a field and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    field: usize,
    descending: bool,
}

impl Order {
    /// The order by the field with this name. Times are sorted by their instant, texts by code point, `resultList`
    /// by its JSON text. Absent and unreadable values are last. Rows cannot be sorted by `extra`.
    ///
    /// # Errors
    /// `invalid_argument` for a name that is not a field of a finished call.
    pub fn by(name: &str, descending: bool) -> Result<Self> {
        let known = DONE_CALL.fields.iter().find(|field| field.name == name);
        // A derived field is sorted by its source field.
        let source = known.map(|known| known.wire);
        let position = DONE_CALL.fields.iter().position(|field| Some(field.name) == source);
        let Some(field) = position else {
            return Err(Error::invalid_argument(
                "sortBy",
                "expected the name of a field of a finished call, other than extra",
            ));
        };
        Ok(Self { field, descending })
    }
}

/// The rows of a window, in the order of their positions.
pub(super) fn window(rows: &Bitmap, offset: usize, limit: usize) -> Vec<u32> {
    let mut before = 0;
    let mut chosen = Vec::with_capacity(limit.min(rows.len()));
    for (index, word) in rows.words().iter().enumerate() {
        let count = word.count_ones() as usize;
        if before + count > offset {
            let skipped = offset.saturating_sub(before);
            let remaining = limit - chosen.len();
            let found = ones(index * 64, *word).skip(skipped).take(remaining);
            chosen.extend(found.filter_map(|row| u32::try_from(row).ok()));
        }
        before += count;
        if chosen.len() >= limit {
            break;
        }
    }
    chosen
}

/// The rows in an order. Ties keep their order.
pub(super) fn in_order(
    columns: &CallColumns,
    rows: Vec<u32>,
    Order { field, descending }: Order,
) -> Vec<u32> {
    let texts = columns.texts(field);
    let integers = columns.integers(field);
    let ranks = columns.dictionary(field).map(ranks);
    let key = |row: u32| match (texts, &ranks) {
        // The telephone number is a text that may be empty, but is never absent.
        (Some(_), _) if field == field::TELEPHONE => Some(0),
        (Some(texts), _) => texts.get(row as usize).map(|_| 0),
        (_, Some(ranks)) => {
            let code = usize::try_from(integers.value(row as usize)?).ok()?;
            ranks.get(code).map(|rank| u64::from(*rank))
        }
        // Negative numbers before positive ones.
        _ => integers.value(row as usize).map(|value| value.cast_unsigned() ^ (1 << 63)),
    };
    let mut keyed = Vec::with_capacity(rows.len());
    let mut without_value = Vec::new();
    for row in rows {
        match key(row) {
            Some(key) => keyed.push((if descending { !key } else { key }, row)),
            None => without_value.push(row),
        }
    }
    match texts {
        Some(texts) => sort_by_text(texts, &mut keyed, descending),
        None => sort_by_key(&mut keyed, &mut Vec::new()),
    }
    keyed.into_iter().map(|(_, row)| row).chain(without_value).collect()
}

/// The rank of each text of a dictionary in the sorted order.
fn ranks(dictionary: &Dictionary) -> Vec<u32> {
    let mut codes: Vec<Keyed> = (0..).take(dictionary.len()).map(|code| (0, code)).collect();
    sort_by_text(dictionary.texts(), &mut codes, false);
    let mut ranks = vec![0; codes.len()];
    for (rank, (_, code)) in (0..).zip(codes) {
        if let Some(slot) = ranks.get_mut(code as usize) {
            *slot = rank;
        }
    }
    ranks
}

/// Sorts rows by their texts, eight bytes at a time. The byte order of UTF-8 is the order of the code points.
fn sort_by_text(texts: &Texts, keyed: &mut [Keyed], descending: bool) {
    let text = |row: u32| texts.get(row as usize).unwrap_or_default();
    let suffix = |row: u32, depth: usize| text(row).get(depth..).unwrap_or_default();
    let directed = |key: u64| if descending { !key } else { key };
    let mut scratch = Vec::new();
    // Start, end and depth of runs of rows whose texts agree in the first `depth` bytes. A text counts as if zeros
    // followed its end.
    let mut runs = vec![(0, keyed.len(), 0)];
    while let Some((start, end, depth)) = runs.pop() {
        let Some(run) = keyed.get_mut(start..end) else { return };
        let Some((_, first)) = run.first() else { return };
        let first = suffix(*first, depth);
        let shared =
            run.iter().fold(first, |shared, (_, row)| common_prefix(shared, suffix(*row, depth)));
        let depth = depth + shared.len();
        for (key, row) in run.iter_mut() {
            let suffix = suffix(*row, depth);
            let byte = |index| suffix.get(index).copied().unwrap_or_default();
            *key = directed(u64::from_be_bytes(std::array::from_fn(byte)));
        }
        sort_by_key(run, &mut scratch);
        let mut start = start;
        for tied in run.chunk_by_mut(|(one, _), (other, _)| one == other) {
            let (from, several) = (start, tied.len() > 1);
            start += tied.len();
            if several && tied.iter().any(|(_, row)| suffix(*row, depth).len() > 8) {
                runs.push((from, start, depth + 8));
            } else if several {
                // The texts differ at most in the zeros at their ends.
                for (key, row) in tied.iter_mut() {
                    *key = directed(text(*row).len() as u64);
                }
                sort_by_key(tied, &mut scratch);
            }
        }
    }
}

/// The common prefix of two texts.
fn common_prefix<'a>(one: &'a [u8], other: &[u8]) -> &'a [u8] {
    if other.get(..one.len()).is_some_and(|other| same(one, other)) {
        return one;
    }
    let length = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    one.get(..length).unwrap_or_default()
}

/// A sort key and its row.
type Keyed = (u64, u32);

/// A stable radix sort by the key, with digits of eleven bits from the lowest. Digits in which no key differs are
/// skipped.
#[expect(clippy::cast_possible_truncation, reason = "a digit has eleven bits")]
fn sort_by_key(keyed: &mut [Keyed], scratch: &mut Vec<Keyed>) {
    const BITS: u32 = 11;
    const DIGITS: usize = 1 << BITS;
    const MERGE_SORT_LIMIT: usize = DIGITS / 2;
    let first = keyed.first().map_or(0, |(key, _)| *key);
    let differing = keyed.iter().fold(0, |differing, (key, _)| differing | (key ^ first));
    if differing == 0 {
        return;
    }
    if keyed.len() <= MERGE_SORT_LIMIT {
        keyed.copy_from_slice(&sorted(keyed, |(one, _), (other, _)| one.cmp(other)));
        return;
    }
    scratch.resize(keyed.len(), (0, 0));
    let (mut from, mut to) = (keyed, scratch.as_mut_slice());
    let mut moved = false;
    for shift in (0..u64::BITS).step_by(BITS as usize) {
        if differing >> shift & (DIGITS as u64 - 1) == 0 {
            continue;
        }
        let digit = |key: u64| (key >> shift) as usize & (DIGITS - 1);
        // First the count of each digit, then the position of its next item.
        let mut positions = [0_usize; DIGITS];
        for (key, _) in from.iter() {
            if let Some(count) = positions.get_mut(digit(*key)) {
                *count += 1;
            }
        }
        let mut next = 0;
        for position in &mut positions {
            next += std::mem::replace(position, next);
        }
        for item in from.iter() {
            if let Some(position) = positions.get_mut(digit(item.0)) {
                if let Some(target) = to.get_mut(*position) {
                    *target = *item;
                }
                *position += 1;
            }
        }
        std::mem::swap(&mut from, &mut to);
        moved = !moved;
    }
    if moved {
        to.copy_from_slice(from);
    }
}
