//! A place in JSON text, and what it moves past. It knows plain spellings only, and says `None` of all
//! else. Not here: what the text means (`wire.rs`, `row.rs`).

use super::scan;
use super::{MAX_DEPTH, parse};

/// A place in JSON text.
pub(crate) struct JsonCursor<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

/// Whether a text is a JSON object and nothing else. Its bytes are UTF-8.
pub(crate) fn is_object(text: &[u8]) -> bool {
    let mut cursor = JsonCursor { bytes: text, at: 0 };
    text.first() == Some(&b'{') && cursor.skip(0).is_some() && cursor.at == text.len()
}

impl<'a> JsonCursor<'a> {
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    #[inline]
    pub(crate) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// After a member or an item: whether another follows. Takes what ends the list otherwise.
    #[inline]
    pub(crate) fn follows(&mut self, end: u8) -> Option<bool> {
        if self.peek()? <= b' ' {
            self.skip_space();
        }
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => {
                if self.peek()? <= b' ' {
                    self.skip_space();
                }
                Some(true)
            }
            byte if byte == end => Some(false),
            _ => None,
        }
    }

    /// The members of an object: calls `read` with each key.
    pub(crate) fn members(
        &mut self,
        mut read: impl FnMut(&mut Self, &'a [u8]) -> Option<()>,
    ) -> Option<()> {
        self.take(b'{')?;
        self.skip_space();
        if self.take(b'}').is_some() {
            return Some(());
        }
        loop {
            let key = self.key()?;
            read(self, key)?;
            if !self.follows(b'}')? {
                return Some(());
            }
        }
    }

    /// A key without escapes, and the colon after it.
    pub(crate) fn key(&mut self) -> Option<&'a [u8]> {
        self.take(b'"')?;
        let key = self.plain_text()?;
        self.colon()?;
        Some(key)
    }

    fn colon(&mut self) -> Option<()> {
        self.skip_space();
        self.take(b':')?;
        self.skip_space();
        Some(())
    }

    /// The rest of a string that has no escapes.
    fn plain_text(&mut self) -> Option<&'a [u8]> {
        let text = scan::text(self.bytes, self.at).filter(|text| !text.escaped)?;
        let bytes = self.bytes.get(self.at..text.end)?;
        self.at = text.end + 1;
        (!text.beyond_ascii || scan::is_utf8(bytes)).then_some(bytes)
    }

    /// An integer of up to fifteen digits, which every reader takes for the same number.
    #[inline]
    pub(crate) fn integer(&mut self) -> Option<i64> {
        let negative = self.take(b'-').is_some();
        let start = self.at;
        let mut value = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value.wrapping_mul(10) + i64::from(digit - b'0');
            self.at += 1;
        }
        let digits = self.at - start;
        let zero_first = digits > 1 && self.bytes.get(start) == Some(&b'0');
        let plain = (1..=15).contains(&digits)
            && !zero_first
            && !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        plain.then_some(if negative { -value } else { value })
    }

    pub(crate) fn word(&mut self, word: &[u8]) -> Option<()> {
        let found = self.bytes.get(self.at..)?.starts_with(word);
        found.then(|| self.at += word.len())
    }

    /// Moves past a value inside `depth` others, checking it as the slow way would.
    pub(crate) fn skip(&mut self, depth: u32) -> Option<()> {
        match self.peek()? {
            b'{' if depth < MAX_DEPTH => self.members_checked(depth),
            b'[' if depth < MAX_DEPTH => {
                self.at += 1;
                self.skip_space();
                if self.take(b']').is_some() {
                    return Some(());
                }
                loop {
                    self.skip(depth + 1)?;
                    if !self.follows(b']')? {
                        return Some(());
                    }
                }
            }
            b'"' => {
                self.at += 1;
                self.skip_text()
            }
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.skip_number(),
        }
    }

    fn members_checked(&mut self, depth: u32) -> Option<()> {
        self.at += 1;
        self.skip_space();
        if self.take(b'}').is_some() {
            return Some(());
        }
        loop {
            self.take(b'"')?;
            self.skip_text()?;
            self.colon()?;
            self.skip(depth + 1)?;
            if !self.follows(b'}')? {
                return Some(());
            }
        }
    }

    /// The rest of a string.
    fn skip_text(&mut self) -> Option<()> {
        let start = self.at;
        let text = scan::text(self.bytes, start)?;
        self.at = text.end + 1;
        if text.escaped {
            parse(self.bytes.get(start - 1..self.at)?).ok()?;
        }
        let utf8 = !text.beyond_ascii || scan::is_utf8(self.bytes.get(start..text.end)?);
        utf8.then_some(())
    }

    fn skip_number(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        parse(self.bytes.get(start..self.at)?).ok().map(drop)
    }
}
