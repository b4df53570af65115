//! Index from ids to rows.

use super::hash::{HashIndex, hash_of_integer};
use super::integers::Integers;

/// Hash table from ids to rows. The ids stay in their column.
#[derive(Debug, Clone, Default)]
pub(crate) struct IdMap {
    rows: HashIndex,
}

impl IdMap {
    /// An index with room for `ids` ids.
    pub(crate) fn with_capacity(ids: usize) -> Self {
        let mut rows = HashIndex::default();
        rows.make_room(ids, &|_| 0);
        Self { rows }
    }

    /// The number of distinct ids.
    pub(crate) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row of an id.
    #[inline]
    pub(crate) fn find(&self, id: i64, ids: &Integers) -> Option<usize> {
        self.rows.find(hash_of_integer(id), |row| ids.value(row) == Some(id))
    }

    /// Stores `row` as the row of `id`, and replaces an earlier row.
    pub(crate) fn insert(&mut self, id: i64, row: usize, ids: &Integers) {
        self.make_room(1, ids);
        self.rows.replace(hash_of_integer(id), row, |row| ids.value(row) == Some(id));
    }

    /// Stores the rows from `first` on for the ids in `new`, up to the first id that is known. Returns the
    /// number of ids stored. The ids are not in their column yet.
    pub(crate) fn extend(&mut self, new: &[i64], first: usize, ids: &Integers) -> usize {
        self.make_room(new.len(), ids);
        let id_of = |row: usize| match row.checked_sub(first) {
            Some(offset) => new.get(offset).copied(),
            None => ids.value(row),
        };
        let is_new = |(offset, id): (usize, &i64)| {
            let is_id = |row| id_of(row) == Some(*id);
            self.rows.insert(hash_of_integer(*id), first + offset, is_id).is_none()
        };
        new.iter().enumerate().map(is_new).take_while(|is_new| *is_new).count()
    }

    #[inline]
    fn make_room(&mut self, more: usize, ids: &Integers) {
        self.rows.make_room(more, &|row| hash_of_integer(ids.value(row).unwrap_or_default()));
    }

    /// Bytes that the index allocates for `more` further ids.
    pub(crate) fn growth(&self, more: usize) -> usize {
        self.rows.growth(more)
    }

    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        self.rows.size()
    }
}
