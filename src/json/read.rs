//! Bytes → [`Value`]. Reads any input without panicking: depth is limited, positions are checked,
//! bytes that are not UTF-8 become U+FFFD. Not here: tolerance about the meaning.

use super::{MAX_DEPTH, Value};

/// Why bytes are not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// Index of the byte at which reading stopped.
    pub offset: usize,
    /// The input ended in the middle of a value.
    pub cut_off: bool,
}

/// Reads one JSON value with nothing but white space (and a byte order mark) around it.
///
/// # Errors
/// [`Malformed`] when the bytes are not exactly one JSON value as RFC 8259 has it.
pub fn parse(bytes: &[u8]) -> Result<Value, Malformed> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = Reader { bytes, position: 0, depth: 0 };
    reader.skip_white_space();
    let value = reader.value()?;
    reader.skip_white_space();
    if reader.peek().is_some() { Err(reader.malformed()) } else { Ok(value) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    depth: u32,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn malformed(&self) -> Malformed {
        Malformed { offset: self.position, cut_off: self.position >= self.bytes.len() }
    }

    /// Moves past `byte` if it is the next one.
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

    fn value(&mut self) -> Result<Value, Malformed> {
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
            return Err(self.malformed());
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
            let key = self.string()?;
            self.skip_white_space();
            self.expect(b':')?;
            self.skip_white_space();
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

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Malformed> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(value)
    }

    /// Moves past the digits at the position, at least one.
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
        // No digit may follow a leading zero: what comes next is then found to be out of place.
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
        Ok(numeral.parse().map_or_else(|_| Value::Numeral(numeral.into_owned()), Value::Int))
    }

    fn string(&mut self) -> Result<String, Malformed> {
        self.expect(b'"')?;
        let mut text = String::new();
        loop {
            let start = self.position;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1F)) {
                self.position += 1;
            }
            let run = self.bytes.get(start..self.position).unwrap_or_default();
            text.push_str(&String::from_utf8_lossy(run));
            if self.take(b'"') {
                return Ok(text);
            }
            self.expect(b'\\')?;
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let plain = match self.peek() {
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
        Ok(plain)
    }

    /// After `\u`. A surrogate without its other half becomes U+FFFD: a Rust string cannot hold it.
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
