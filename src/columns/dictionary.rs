//! A dictionary: distinct texts, each with a code. The code is the text's position in the order of first occurrence.

use super::hash::{HashIndex, hash_of_text};
use super::utf8::{Texts, same};

/// Distinct texts, numbered in the order of first occurrence.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dictionary {
    texts: Texts,
    /// The code of the last lookup. Consecutive rows often have the same text.
    last: u32,
    /// Hash table from texts to codes.
    codes: HashIndex,
}

impl Dictionary {
    pub(crate) const fn len(&self) -> usize {
        self.texts.len()
    }

    pub(crate) const fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The dictionary of these texts; `None` if a text is absent or occurs twice.
    pub(crate) fn of(texts: &Texts) -> Option<Self> {
        let mut dictionary = Self::default();
        for code in 0..texts.len() {
            let text = texts.text(code)?;
            if dictionary.find(text.as_bytes()).is_some() {
                return None;
            }
            dictionary.add(text);
        }
        Some(dictionary)
    }

    /// The text of a code; empty for an unknown code.
    pub(crate) fn get(&self, code: usize) -> &str {
        self.texts.text(code).unwrap_or_default()
    }

    /// The code of a known text.
    #[inline]
    pub(crate) fn find(&self, text: &[u8]) -> Option<u32> {
        let is_text = |code| self.texts.get(code).is_some_and(|known| same(known, text));
        u32::try_from(self.codes.find(hash_of_text(text), is_text)?).ok()
    }

    /// The code of a known text. Compares with the text of the last lookup first.
    #[inline]
    pub(crate) fn find_recent(&mut self, text: &[u8]) -> Option<u32> {
        if self.texts.get(self.last as usize).is_some_and(|last| same(last, text)) {
            return Some(self.last);
        }
        self.last = self.find(text)?;
        Some(self.last)
    }

    /// The text of the last lookup, with its code.
    #[inline]
    pub(crate) fn last(&self) -> Option<(&[u8], u32)> {
        Some((self.texts.get(self.last as usize)?, self.last))
    }

    /// Adds a text that is not known yet, and returns its code.
    pub(crate) fn add(&mut self, text: &str) -> u32 {
        let code = self.texts.len();
        let text_at = |code| self.texts.get(code).unwrap_or_default();
        self.codes.make_room(1, &|code| hash_of_text(text_at(code)));
        self.codes.insert(hash_of_text(text.as_bytes()), code, |_| false);
        self.texts.push(Some(text.as_bytes()));
        self.last = u32::try_from(code).unwrap_or(u32::MAX);
        self.last
    }

    /// Bytes of the buffers that still grow.
    pub(crate) fn growing_size(&self) -> usize {
        self.texts.growing_size() + self.codes.size()
    }

    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        self.texts.size() + self.codes.size()
    }
}
