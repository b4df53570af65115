//! Small consecutive codes for the values of a field, so that a list can hold their counts.

use crate::columns::hash::Interner;
use crate::sort::sorted;

/// The code of each distinct integer. A code never changes; a new value gets a new code. A value below `DENSE` is its own
/// code: most seconds, rounds and status codes.
#[derive(Debug, Clone, Default)]
pub(super) struct ValueCodes<const DENSE: usize = 4096> {
    /// The values of the codes from `DENSE` on.
    others: Interner,
}

impl<const DENSE: usize> ValueCodes<DENSE> {
    /// Whether each value from `least` to `most` is its own code.
    pub(super) fn are_values(least: i64, most: i64) -> bool {
        least >= 0 && usize::try_from(most).is_ok_and(|most| most < DENSE)
    }

    /// A number above all codes so far.
    pub(super) fn len(&self) -> usize {
        DENSE + self.others.len()
    }

    /// The code of a value.
    #[inline]
    pub(super) fn code(&mut self, value: i64) -> u32 {
        match u32::try_from(value) {
            Ok(code) if (code as usize) < DENSE => code,
            _ => u32::try_from(DENSE + self.others.position(value)).unwrap_or(u32::MAX),
        }
    }

    /// The value of a code.
    #[inline]
    pub(super) fn value(&self, code: usize) -> i64 {
        match code.checked_sub(DENSE) {
            None => i64::try_from(code).unwrap_or_default(),
            Some(position) => self.others.value(position).unwrap_or_default(),
        }
    }

    /// The values with a count, lowest first, from the counts of their codes.
    pub(super) fn counted(&self, counts: &[i64]) -> Vec<(i64, u32)> {
        let counts = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let counted: Vec<(i64, u32)> =
            counts.map(|(code, count)| (self.value(code), whole(*count))).collect();
        if counted.is_sorted() { counted } else { sorted(&counted, Ord::cmp) }
    }
}

/// A count of rows.
pub(super) fn whole(count: i64) -> u32 {
    u32::try_from(count).unwrap_or_default()
}
