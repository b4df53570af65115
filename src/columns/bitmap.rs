//! A set of rows, one bit for each. Not here: how a filter selects rows (`compute/selection.rs`).

use super::CHUNK;

/// The unit of storage.
pub(crate) type Word = u64;

const BITS: usize = Word::BITS as usize;

/// The bits of a chunk's rows.
pub(crate) type ChunkRows = [Word; CHUNK / BITS];

/// Whether no row of a chunk is in the set.
pub(crate) fn is_empty(rows: &ChunkRows) -> bool {
    rows.iter().all(|word| *word == 0)
}

/// A set of row numbers below a length. Bits beyond the length are 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Bitmap {
    words: Vec<Word>,
    len: usize,
}

impl Bitmap {
    /// The set of all of `len` rows.
    pub(crate) fn all(len: usize) -> Self {
        let mut bits = Self { words: vec![Word::MAX; len.div_ceil(BITS)], len };
        bits.trim();
        bits
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn words(&self) -> &[Word] {
        &self.words
    }

    /// The words of a chunk.
    pub(crate) fn chunk(&self, chunk: usize) -> ChunkRows {
        let mut rows = [0; CHUNK / BITS];
        let words = self.words.iter().skip(chunk * CHUNK / BITS);
        rows.iter_mut().zip(words).for_each(|(row, word)| *row = *word);
        rows
    }

    /// The chunks with rows in the set: the number of each, and its words.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = (usize, ChunkRows)> {
        let chunks = (0..self.len.div_ceil(CHUNK)).map(|chunk| (chunk, self.chunk(chunk)));
        chunks.filter(|(_, rows)| !is_empty(rows))
    }

    /// The words, for changes that may set bits beyond the length. The caller then calls [`Bitmap::trim`].
    pub(crate) fn words_mut(&mut self) -> &mut [Word] {
        &mut self.words
    }

    /// Clears the bits beyond the length.
    pub(crate) fn trim(&mut self) {
        let used = self.len % BITS;
        if let Some(last) = self.words.last_mut().filter(|_| used > 0) {
            *last &= (1 << used) - 1;
        }
    }

    /// Changes the length to `len` rows. Added rows are not in the set.
    pub(crate) fn resize(&mut self, len: usize) {
        self.words.resize(len.div_ceil(BITS), 0);
        self.len = len;
        self.trim();
    }

    #[inline]
    pub(crate) fn push(&mut self, value: bool) {
        if self.len.is_multiple_of(BITS) {
            self.words.push(0);
        }
        self.len += 1;
        self.set(self.len - 1, value);
    }

    /// Appends `more` rows, which are all in the set.
    pub(crate) fn push_all(&mut self, more: usize) {
        let used = self.len % BITS;
        if let Some(last) = self.words.last_mut().filter(|_| used > 0) {
            *last |= Word::MAX << used;
        }
        self.len += more;
        self.words.resize(self.len.div_ceil(BITS), Word::MAX);
        self.trim();
    }

    #[inline]
    pub(crate) fn get(&self, row: usize) -> bool {
        self.words.get(row / BITS).is_some_and(|word| word >> (row % BITS) & 1 == 1)
    }

    /// Puts a row into the set or takes it out. Does nothing beyond the length.
    #[inline]
    pub(crate) fn set(&mut self, row: usize, value: bool) {
        if row >= self.len {
            return;
        }
        if let Some(word) = self.words.get_mut(row / BITS) {
            let bit = 1 << (row % BITS);
            if value { *word |= bit } else { *word &= !bit }
        }
    }

    /// The number of rows in the set.
    pub(crate) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Keeps only the rows that are also in `other`.
    pub(crate) fn and(&mut self, other: &Self) {
        let others = other.words.iter().chain(std::iter::repeat(&0));
        for (word, other) in self.words.iter_mut().zip(others) {
            *word &= other;
        }
    }

    /// Adds the rows that are in `other`, which has the same length.
    pub(crate) fn add_all(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Removes the rows that are in `other`.
    #[inline(never)]
    pub(crate) fn remove_all(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Removes the rows before `first`.
    pub(crate) fn remove_before(&mut self, first: usize) {
        self.words.iter_mut().take(first / BITS).for_each(|word| *word = 0);
        if let Some(word) = self.words.get_mut(first / BITS) {
            *word &= Word::MAX << (first % BITS);
        }
    }

    /// The rows in the set, lowest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| ones(index * BITS, *word))
    }

    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        self.words.capacity() * size_of::<Word>()
    }
}

/// The positions of a word's set bits, counted from `first`.
#[inline]
pub(crate) fn ones(first: usize, mut word: Word) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            first + bit
        })
    })
}
