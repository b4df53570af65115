//! Which row holds a call: `callInstanceId` → row.

use super::hash::{HashIndex, hash_of_integer};
use super::integers::Integers;

/// Rows by their ids, which stay in their column.
#[derive(Debug, Clone, Default)]
pub(crate) struct IdMap {
    rows: HashIndex,
}

impl IdMap {
    /// An index that takes so many ids without growing.
    pub(crate) fn with_room(ids: usize) -> Self {
        let mut rows = HashIndex::default();
        rows.make_room(ids, &|_| 0);
        Self { rows }
    }

    /// Different ids in it.
    pub(crate) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row of an id.
    #[inline]
    pub(crate) fn find(&self, id: i64, ids: &Integers) -> Option<usize> {
        self.rows.find(hash_of_integer(id), |row| ids.value(row) == Some(id))
    }

    /// Notes that `row` holds `id` from now on.
    pub(crate) fn insert(&mut self, id: i64, row: usize, ids: &Integers) {
        self.make_room(1, ids);
        self.rows.replace(hash_of_integer(id), row, |row| ids.value(row) == Some(id));
    }

    /// Notes that rows from `first` on hold `new` ids, as long as they are new: how many of them are.
    /// The ids are not in their column yet.
    pub(crate) fn extend(&mut self, new: &[i64], first: usize, ids: &Integers) -> usize {
        self.make_room(new.len(), ids);
        let id_of = |row: usize| match row.checked_sub(first) {
            Some(at) => new.get(at).copied(),
            None => ids.value(row),
        };
        let is_new = |(at, id): (usize, &i64)| {
            let is_id = |row| id_of(row) == Some(*id);
            self.rows.insert(hash_of_integer(*id), first + at, is_id).is_none()
        };
        new.iter().enumerate().map(is_new).take_while(|is_new| *is_new).count()
    }

    #[inline]
    fn make_room(&mut self, more: usize, ids: &Integers) {
        self.rows.make_room(more, &|row| hash_of_integer(ids.value(row).unwrap_or_default()));
    }

    /// The bytes that it takes to grow before it has so many ids more.
    pub(crate) fn growth(&self, more: usize) -> usize {
        self.rows.growth(more)
    }

    /// The bytes taken up.
    pub(crate) fn size(&self) -> usize {
        self.rows.size()
    }
}
