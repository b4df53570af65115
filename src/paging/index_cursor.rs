//! Reading on from the greatest `callIndex` that is known, by the parameter `index`. The vendor's later
//! servers ignore it, and no two documents agree on what it does; so every answer has to prove itself.

/// What an answer makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// There is more: ask again.
    Next,
    /// All calls up to the greatest index are known.
    End,
    /// The server does not answer by `index`.
    Ignored,
}

/// A list read by `index`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexCursor {
    index: i64,
    size: usize,
}

impl IndexCursor {
    /// Reads on after `index`, −1 for the beginning, in answers of `size` rows.
    #[must_use]
    pub const fn new(index: i64, size: usize) -> Self {
        Self { index, size }
    }

    /// What to ask for.
    #[must_use]
    pub const fn index(&self) -> i64 {
        self.index
    }

    /// Takes the `callIndex` of each row of an answer, and the answer's `total`.
    ///
    /// A server that answers by `index` gives rows after it, with rising indices of their own. Whether
    /// the row of the index itself is among them is not documented; it may be.
    pub fn take(&mut self, indices: &[Option<i64>], total: Option<i64>) -> Turn {
        let mut last = self.index - 1;
        for index in indices {
            match index {
                Some(index) if *index > last => last = *index,
                _ => return Turn::Ignored,
            }
        }
        let rows = i64::try_from(indices.len()).unwrap_or(i64::MAX);
        let more = indices.len() >= self.size && total.is_none_or(|total| total > rows);
        if last <= self.index {
            return Turn::End;
        }
        self.index = last;
        if more { Turn::Next } else { Turn::End }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_by_index_is_taken_and_any_other_is_not() {
        let turn = |from, indices: &[Option<i64>], total| {
            let mut cursor = IndexCursor::new(from, 3);
            (cursor.take(indices, total), cursor.index())
        };
        let some = |indices: [i64; 3]| indices.map(Some);
        assert_eq!(turn(-1, &some([0, 4, 9]), Some(7)), (Turn::Next, 9));
        assert_eq!(turn(-1, &some([0, 4, 9]), Some(3)), (Turn::End, 9));
        assert_eq!(turn(4, &some([4, 5, 9]), None), (Turn::Next, 9));
        assert_eq!(turn(4, &[Some(4)], Some(1)), (Turn::End, 4));
        assert_eq!(turn(4, &[], Some(0)), (Turn::End, 4));
        assert_eq!(turn(4, &[Some(7)], None), (Turn::End, 7));
        for ignored in [
            &[None, Some(5)][..],
            &some([9, 8, 7]),
            &some([0, 0, 0]),
            &some([3, 4, 5]),
            &[Some(7), None],
        ] {
            assert_eq!(turn(4, ignored, Some(9)), (Turn::Ignored, 4), "{ignored:?}");
        }
    }
}
