//! JSON reader: bytes → [`Value`]. It reads any input without a panic: depth is limited, positions are checked,
//! bytes that are not UTF-8 become U+FFFD. Not here: tolerance for spellings of a field (`decode/`).

use super::{MAX_DEPTH, Value, exact_integer, is_safe, scan};

/// Why bytes were not read as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// Index of the byte at which reading stopped.
    pub offset: usize,
    /// The kind of error.
    pub flaw: Flaw,
}

/// The kind of error in bytes that were not read as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// JSON does not allow the byte at this position.
    Syntax,
    /// The input ends inside a value.
    CutOff,
    /// The input is JSON, but an array or an object begins there inside [`MAX_DEPTH`] others.
    TooDeep,
}

/// Reads one JSON value, with white space around it and a byte order mark before it.
///
/// # Errors
/// [`Malformed`] if the bytes are not exactly one JSON value by RFC 8259, or if it is nested more than
/// [`MAX_DEPTH`] deep.
pub fn parse(bytes: &[u8]) -> Result<Value, Malformed> {
    let mut reader = JsonReader::new(bytes);
    let value = reader.whole()?;
    match reader.too_deep {
        Some(offset) => Err(Malformed { offset, flaw: Flaw::TooDeep }),
        None => Ok(value),
    }
}

/// A JSON reader that reports what it could not keep.
#[derive(Debug)]
pub struct JsonReader<'a> {
    bytes: &'a [u8],
    position: usize,
    depth: u32,
    /// The position of the first value that became [`Value::TooDeep`]; `None` without one.
    pub too_deep: Option<usize>,
    /// The position of the first bytes that are not UTF-8; `None` without such bytes.
    pub not_utf8: Option<usize>,
}

impl<'a> JsonReader<'a> {
    /// A reader of a text, after its byte order mark if it has one.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::at(bytes, if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }, 0)
    }

    /// A reader of the value at a position, inside `depth` others.
    #[must_use]
    pub const fn at(bytes: &'a [u8], position: usize, depth: u32) -> Self {
        Self { bytes, position, depth, too_deep: None, not_utf8: None }
    }

    /// Index of the next byte.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Reads the only value of the text. Values nested too deep become [`Value::TooDeep`].
    ///
    /// # Errors
    /// [`Malformed`] if the bytes are not exactly one JSON value.
    pub fn whole(&mut self) -> Result<Value, Malformed> {
        self.skip_white_space();
        let value = self.value()?;
        self.skip_white_space();
        if self.peek().is_some() { Err(self.malformed()) } else { Ok(value) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn malformed(&self) -> Malformed {
        let flaw = if self.peek().is_some() { Flaw::Syntax } else { Flaw::CutOff };
        Malformed { offset: self.position, flaw }
    }

    /// Moves past `byte` if it is the next byte; returns whether it is.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.take(byte) { Ok(()) } else { Err(self.malformed()) }
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.position += 1;
        }
    }

    /// Reads the value at the position. Values nested too deep become [`Value::TooDeep`].
    ///
    /// # Errors
    /// [`Malformed`] if there is no value.
    pub fn value(&mut self) -> Result<Value, Malformed> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => self.string().map(Value::Text),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.malformed()),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value, Malformed>,
    ) -> Result<Value, Malformed> {
        if self.depth == MAX_DEPTH {
            self.too_deep = self.too_deep.or(Some(self.position));
            self.skip()?;
            return Ok(Value::TooDeep);
        }
        self.depth += 1;
        self.position += 1;
        self.skip_white_space();
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, Malformed> {
        let mut fields = Vec::new();
        if self.take(b'}') {
            return Ok(Value::Object(fields));
        }
        loop {
            let key = self.key()?;
            fields.push((key, self.value()?));
            self.skip_white_space();
            if self.take(b'}') {
                return Ok(Value::Object(fields));
            }
            self.expect(b',')?;
            self.skip_white_space();
        }
    }

    fn list(&mut self) -> Result<Value, Malformed> {
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_white_space();
            if self.take(b']') {
                return Ok(Value::List(items));
            }
            self.expect(b',')?;
            self.skip_white_space();
        }
    }

    /// Reads the key of a member, and moves to the value.
    fn key(&mut self) -> Result<String, Malformed> {
        let key = self.string()?;
        self.skip_white_space();
        self.expect(b':')?;
        self.skip_white_space();
        Ok(key)
    }

    /// Moves past a value without recursion, at any depth.
    fn skip(&mut self) -> Result<(), Malformed> {
        // The closing brackets of the open arrays and objects.
        let mut open = Vec::new();
        loop {
            let close = match self.peek() {
                Some(b'{') => b'}',
                Some(b'[') => b']',
                _ => b' ',
            };
            let mut complete = close == b' ';
            if complete {
                self.value()?;
            } else {
                self.position += 1;
                self.skip_white_space();
                open.push(close);
                complete = self.peek() == Some(close);
            }
            while complete {
                self.skip_white_space();
                match open.last() {
                    None => return Ok(()),
                    Some(close) if self.take(*close) => drop(open.pop()),
                    Some(_) => {
                        self.expect(b',')?;
                        self.skip_white_space();
                        complete = false;
                    }
                }
            }
            if open.last() == Some(&b'}') {
                self.key()?;
            }
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Malformed> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(value)
    }

    /// Moves past one or more digits.
    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.position;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.position += 1;
        }
        if start == self.position { Err(self.malformed()) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Value, Malformed> {
        let start = self.position;
        self.take(b'-');
        // A digit after a leading zero is left to the caller, which refuses it.
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        let numeral = self.bytes.get(start..self.position).unwrap_or_default();
        let numeral = String::from_utf8_lossy(numeral);
        let integer = numeral.parse().ok();
        let integer = integer.or_else(|| exact_integer(&numeral).filter(|value| is_safe(*value)));
        Ok(integer.map_or_else(|| Value::Numeral(numeral.into_owned()), Value::Int))
    }

    fn string(&mut self) -> Result<String, Malformed> {
        self.expect(b'"')?;
        let mut text = String::new();
        loop {
            let start = self.position;
            let rest = self.bytes.get(start..).unwrap_or_default();
            self.position += scan::special(rest);
            let run = self.bytes.get(start..self.position).unwrap_or_default();
            match str::from_utf8(run) {
                Ok(run) => text.push_str(run),
                Err(error) => {
                    self.not_utf8 = self.not_utf8.or(Some(start + error.valid_up_to()));
                    text.push_str(&String::from_utf8_lossy(run));
                }
            }
            if self.take(b'"') {
                return Ok(text);
            }
            self.expect(b'\\')?;
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.position += 1;
                return self.unicode_escape();
            }
            _ => return Err(self.malformed()),
        };
        self.position += 1;
        Ok(character)
    }

    /// Reads the digits after `\u`. A lone surrogate becomes U+FFFD, because a Rust string cannot hold it.
    fn unicode_escape(&mut self) -> Result<char, Malformed> {
        let unit = self.hexadecimal()?;
        if !(0xD800..0xDC00).contains(&unit) {
            return Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let after_first = self.position;
        if self.take(b'\\') && self.take(b'u') {
            let low = self.hexadecimal()?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.position = after_first;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hexadecimal(&mut self) -> Result<u32, Malformed> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or_else(|| self.malformed())?;
            self.position += 1;
        }
        Ok(unit)
    }
}
