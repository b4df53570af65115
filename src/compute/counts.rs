//! The numbers that a chart counts. Not here: which rows are counted (`rows.rs`), what the numbers mean (`kinds/`).

/// The factor that adds rows.
pub(super) const ADD: i64 = 1;

/// The factor that removes rows.
pub(super) const REMOVE: i64 = -1;

/// Lists of numbers. Rows and other counts are added to them and removed again. Each kind of chart says what its lists
/// hold.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    pub(super) lists: [Vec<i64>; 5],
}

impl Counts {
    /// Adds the numbers of other counts (`ADD`), or subtracts them (`REMOVE`).
    pub(super) fn merge(&mut self, other: &Self, by: i64) {
        for (list, others) in self.lists.iter_mut().zip(&other.lists) {
            extend(list, others.len());
            for (number, other) in list.iter_mut().zip(others) {
                *number = number.wrapping_add(other.wrapping_mul(by));
            }
        }
    }

    /// Sets all numbers to 0.
    pub(super) fn clear(&mut self) {
        self.lists.iter_mut().for_each(|list| list.fill(0));
    }

    /// Gives back the memory of zeros at the ends of long lists.
    pub(super) fn trim(&mut self) {
        // Shorter lists, and the groups of numbers in longer ones, stay whole.
        const WHOLE: usize = 16;
        for list in &mut self.lists {
            let len = list.iter().rposition(|number| *number != 0).map_or(0, |last| last + 1);
            list.truncate(len.max(1).next_multiple_of(WHOLE));
            list.shrink_to_fit();
        }
    }

    /// Bytes of memory.
    pub(super) fn size(&self) -> usize {
        size_of::<Self>()
            + self.lists.iter().map(|list| size_of_val(list.as_slice())).sum::<usize>()
    }
}

/// Extends a list to at least `len` numbers.
#[inline]
pub(super) fn extend(list: &mut Vec<i64>, len: usize) {
    if list.len() < len {
        list.resize(len, 0);
    }
}

/// Adds `by` to a number of a list.
#[inline]
pub(super) fn count(list: &mut [i64], index: usize, by: i64) {
    if let Some(number) = list.get_mut(index) {
        *number = number.wrapping_add(by);
    }
}
