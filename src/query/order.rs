//! Rows in an order. Sorting is stable, and rows without a value come last either way.

use crate::error::{Error, Result};
use crate::model::{DONE_CALL, Kind};
use crate::sort::{sorted, sorted_positions};
use crate::table::bits::{Bits, ones};
use crate::table::texts::Dictionary;
use crate::table::{Columns, field};

/// By what rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    field: usize,
    descending: bool,
}

impl Order {
    /// By the field of that name. Times by their instant, texts by code point, results by their text.
    ///
    /// # Errors
    /// `invalid_argument` for a name that is no field of a finished call.
    pub fn by(name: &str, descending: bool) -> Result<Self> {
        let known = DONE_CALL.fields.iter().find(|field| field.name == name);
        // A derived field is sorted by what it is derived from.
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

/// The rows of a window, lowest first.
pub(super) fn window(rows: &Bits, offset: usize, limit: usize) -> Vec<u32> {
    let mut before = 0;
    let mut chosen = Vec::with_capacity(limit.min(rows.len()));
    for (at, word) in rows.words().iter().enumerate() {
        let count = word.count_ones() as usize;
        if before + count > offset {
            let skipped = offset.saturating_sub(before);
            let left = limit - chosen.len();
            let found = ones(at * 64, *word).skip(skipped).take(left);
            chosen.extend(found.filter_map(|row| u32::try_from(row).ok()));
        }
        before += count;
        if chosen.len() >= limit {
            break;
        }
    }
    chosen
}

/// Rows in an order, ties as they came.
pub(super) fn in_order(columns: &Columns, rows: Vec<u32>, order: Order) -> Vec<u32> {
    let is_text = DONE_CALL.fields.get(order.field).is_some_and(|field| {
        matches!(field.kind, Kind::Text | Kind::OptionalText | Kind::NamedValues)
    });
    let ranks = columns.dictionary(order.field).map(ranks);
    let mut keyed = Vec::with_capacity(rows.len());
    let mut without = Vec::new();
    for row in rows {
        match key(columns, order.field, row as usize, is_text, ranks.as_deref()) {
            Some(key) => keyed.push((if order.descending { !key } else { key }, row)),
            None => without.push(row),
        }
    }
    radix_sort(&mut keyed);
    if is_text && ranks.is_none() {
        settle_ties(columns, &mut keyed, order);
    }
    keyed.into_iter().map(|(_, row)| row).chain(without).collect()
}

/// What a row is sorted by, as a number; of a text its first eight bytes.
fn key(
    columns: &Columns,
    field: usize,
    row: usize,
    is_text: bool,
    ranks: Option<&[u32]>,
) -> Option<u64> {
    if let Some(ranks) = ranks {
        let code = usize::try_from(columns.integers(field).value(row)?).ok()?;
        return ranks.get(code).map(|rank| u64::from(*rank));
    }
    if is_text {
        let text = columns.bytes(field, row).or((field == field::TELEPHONE).then_some(b""))?;
        let byte = |at| text.get(at).copied().unwrap_or_default();
        return Some(u64::from_be_bytes(std::array::from_fn(byte)));
    }
    // Negative numbers before positive ones.
    columns.integers(field).value(row).map(|value| value.cast_unsigned() ^ (1 << 63))
}

/// The place of each text of a dictionary among all of them in order.
fn ranks(dictionary: &Dictionary) -> Vec<u32> {
    let by_text = |one, other| dictionary.get(one).cmp(dictionary.get(other));
    let codes = sorted_positions(dictionary.len(), &by_text);
    let mut ranks = vec![0; codes.len()];
    for (rank, code) in (0..).zip(codes) {
        if let Some(place) = ranks.get_mut(code) {
            *place = rank;
        }
    }
    ranks
}

/// Sorts texts whose first eight bytes are the same.
fn settle_ties(columns: &Columns, keyed: &mut [(u64, u32)], order: Order) {
    let text = |row: u32| columns.bytes(order.field, row as usize);
    for tied in keyed.chunk_by_mut(|(one, _), (other, _)| one == other) {
        if let [_] = tied {
            continue;
        }
        let settled = sorted(tied, |(_, one), (_, other)| {
            let rising = text(*one).cmp(&text(*other));
            if order.descending { rising.reverse() } else { rising }
        });
        tied.copy_from_slice(&settled);
    }
}

/// A stable sort by the key, eleven bits at a time from the lowest. Bits in which no key differs
/// are passed over.
fn radix_sort(keyed: &mut Vec<(u64, u32)>) {
    const BITS: u32 = 11;
    const DIGITS: usize = 1 << BITS;
    const LOWEST: u64 = (1 << BITS) - 1;
    let first = keyed.first().map_or(0, |(key, _)| *key);
    let differing = keyed.iter().fold(0, |differing, (key, _)| differing | (key ^ first));
    let mut other = vec![(0, 0); keyed.len()];
    for shift in (0..u64::BITS).step_by(BITS as usize) {
        if differing >> shift & LOWEST == 0 {
            continue;
        }
        let digit = |key: u64| usize::try_from(key >> shift & LOWEST).unwrap_or_default();
        let mut places = [0_usize; DIGITS];
        for (key, _) in keyed.iter() {
            if let Some(count) = places.get_mut(digit(*key)) {
                *count += 1;
            }
        }
        let mut next = 0;
        for place in &mut places {
            next += std::mem::replace(place, next);
        }
        for item in keyed.iter() {
            if let Some(place) = places.get_mut(digit(item.0)) {
                if let Some(target) = other.get_mut(*place) {
                    *target = *item;
                }
                *place += 1;
            }
        }
        std::mem::swap(keyed, &mut other);
    }
}
