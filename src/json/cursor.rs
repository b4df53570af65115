//! Cursor over JSON bytes, for the fast path; canonical spellings only. Its methods return `None` for any other
//! spelling, and the general path then reads the text. Not here: the meaning of the text (`ingest/fast_*.rs`).

use super::scan;
use super::{MAX_DEPTH, parse};

/// A position in JSON text.
pub(crate) struct JsonCursor<'a> {
    pub(crate) bytes: &'a [u8],
    /// Index of the next byte.
    pub(crate) at: usize,
}

/// Whether a text is exactly one JSON object in canonical spelling. Its bytes are UTF-8.
pub(crate) fn is_object(text: &[u8]) -> bool {
    let mut cursor = JsonCursor { bytes: text, at: 0 };
    text.first() == Some(&b'{') && cursor.skip(0).is_some() && cursor.at == text.len()
}

impl<'a> JsonCursor<'a> {
    /// The next byte.
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Moves past `byte` if it is the next byte.
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

    /// After a member or an item: whether another follows. Moves past the comma or past `end`.
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

    /// Reads an object: calls `read` with each key, which moves past the value.
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

    /// Reads a key without escapes, and moves past the colon.
    pub(crate) fn key(&mut self) -> Option<&'a [u8]> {
        self.take(b'"')?;
        let key = self.unescaped_text()?;
        self.colon()?;
        Some(key)
    }

    fn colon(&mut self) -> Option<()> {
        self.skip_space();
        self.take(b':')?;
        self.skip_space();
        Some(())
    }

    /// The rest of a string without escapes, after its opening quote.
    fn unescaped_text(&mut self) -> Option<&'a [u8]> {
        let text = scan::string(self.bytes, self.at).filter(|text| !text.escaped)?;
        let bytes = self.bytes.get(self.at..text.end)?;
        self.at = text.end + 1;
        (!text.beyond_ascii || scan::is_utf8(bytes)).then_some(bytes)
    }

    /// Reads an integer of up to fifteen digits, which is the same number for every reader.
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
        let leading_zero = digits > 1 && self.bytes.get(start) == Some(&b'0');
        let canonical = (1..=15).contains(&digits)
            && !leading_zero
            && !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        canonical.then_some(if negative { -value } else { value })
    }

    /// Moves past `word` if it is next.
    pub(crate) fn word(&mut self, word: &[u8]) -> Option<()> {
        let found = self.bytes.get(self.at..)?.starts_with(word);
        found.then(|| self.at += word.len())
    }

    /// Moves past a value inside `depth` others, with the checks of the general path.
    pub(crate) fn skip(&mut self, depth: u32) -> Option<()> {
        match self.peek()? {
            b'{' if depth < MAX_DEPTH => self.skip_members(depth),
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
                self.skip_text().map(drop)
            }
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.skip_number(),
        }
    }

    fn skip_members(&mut self, depth: u32) -> Option<()> {
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

    /// Moves past the rest of a string, after its opening quote. Returns whether the string has escapes.
    pub(crate) fn skip_text(&mut self) -> Option<bool> {
        let start = self.at;
        let text = scan::string(self.bytes, start)?;
        self.at = text.end + 1;
        if text.escaped {
            parse(self.bytes.get(start - 1..self.at)?).ok()?;
        }
        let utf8 = !text.beyond_ascii || scan::is_utf8(self.bytes.get(start..text.end)?);
        utf8.then_some(text.escaped)
    }

    fn skip_number(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        parse(self.bytes.get(start..self.at)?).ok().map(drop)
    }
}
