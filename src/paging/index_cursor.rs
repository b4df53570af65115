//! Reading of the calls after the greatest known `callIndex`, by the parameter `index`. The vendor's later servers
//! ignore the parameter, and the documents contradict each other. So each answer is checked.
//! Not here: the requests (`sync.rs`).

/// The step after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexStep {
    /// There are more calls: send the next request.
    Next,
    /// All calls up to the greatest index are known.
    End,
    /// The server ignores `index`.
    Ignored,
}

/// The position in a list that is read by `index`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexCursor {
    index: i64,
    size: usize,
}

impl IndexCursor {
    /// A cursor after `index`, with answers of `size` rows. The `index` of the beginning is −1.
    #[must_use]
    pub const fn new(index: i64, size: usize) -> Self {
        Self { index, size }
    }

    /// The value of the parameter `index` for the next request.
    #[must_use]
    pub const fn index(&self) -> i64 {
        self.index
    }

    /// Takes the `callIndex` of each row of an answer, and the answer's `total`.
    ///
    /// A server that uses `index` returns rows after it, with rising indices. It is not documented whether the
    /// row of `index` itself is among them. Both are accepted.
    pub fn take(&mut self, indices: &[Option<i64>], total: Option<i64>) -> IndexStep {
        let mut last = self.index - 1;
        for index in indices {
            match index {
                Some(index) if *index > last => last = *index,
                _ => return IndexStep::Ignored,
            }
        }
        let rows = i64::try_from(indices.len()).unwrap_or(i64::MAX);
        let more = indices.len() >= self.size && total.is_none_or(|total| total > rows);
        if last <= self.index {
            return IndexStep::End;
        }
        self.index = last;
        if more { IndexStep::Next } else { IndexStep::End }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_rising_indices_is_accepted_and_any_other_is_ignored() {
        let step = |from, indices: &[Option<i64>], total| {
            let mut cursor = IndexCursor::new(from, 3);
            (cursor.take(indices, total), cursor.index())
        };
        let some = |indices: [i64; 3]| indices.map(Some);
        assert_eq!(step(-1, &some([0, 4, 9]), Some(7)), (IndexStep::Next, 9));
        assert_eq!(step(-1, &some([0, 4, 9]), Some(3)), (IndexStep::End, 9));
        assert_eq!(step(4, &some([4, 5, 9]), None), (IndexStep::Next, 9));
        assert_eq!(step(4, &[Some(4)], Some(1)), (IndexStep::End, 4));
        assert_eq!(step(4, &[], Some(0)), (IndexStep::End, 4));
        assert_eq!(step(4, &[Some(7)], None), (IndexStep::End, 7));
        for ignored in [
            &[None, Some(5)][..],
            &some([9, 8, 7]),
            &some([0, 0, 0]),
            &some([3, 4, 5]),
            &[Some(7), None],
        ] {
            assert_eq!(step(4, ignored, Some(9)), (IndexStep::Ignored, 4), "{ignored:?}");
        }
    }
}
