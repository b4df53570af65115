//! Random spellings of JSON: white space, numerals, escapes, and for some tests changes of the value.

use serde_json::Value as Json;

/// A random number generator (xorshift).
struct Rng(u64);

impl Rng {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// Writes values as JSON in random spellings.
struct Writer {
    rng: Rng,
    /// Whether it may change the value: bytes that are not UTF-8, repeated members, another order.
    may_change: bool,
    /// The parts with unusual spellings: 1 white space, 2 numerals, 4 texts.
    unusual: u64,
    out: Vec<u8>,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn space(&mut self) {
        if self.unusual & 1 != 0 && self.rng.one_in(6) {
            let spaces = [" ", "\n", "\t", "\r\n  "];
            let space = spaces[usize::try_from(self.rng.below(4)).unwrap()];
            self.put(space);
        }
    }

    fn value(&mut self, value: &Json) {
        self.space();
        match value {
            Json::Null => self.put("null"),
            Json::Bool(flag) => self.put(&flag.to_string()),
            Json::Number(number) => self.number(&number.to_string()),
            Json::String(text) => self.text(text),
            Json::Array(items) => {
                self.put("[");
                for (index, item) in items.iter().enumerate() {
                    self.put(if index > 0 { "," } else { "" });
                    self.value(item);
                }
                self.space();
                self.put("]");
            }
            Json::Object(fields) => self.object(fields.iter()),
        }
        self.space();
    }

    fn object<'a>(&mut self, fields: impl Iterator<Item = (&'a String, &'a Json)>) {
        let mut fields: Vec<_> = fields.collect();
        if self.may_change && self.rng.one_in(4) && fields.len() > 1 {
            let at = usize::try_from(self.rng.below(fields.len() as u64)).unwrap();
            fields.rotate_left(at);
        }
        if self.may_change && self.rng.one_in(8) && !fields.is_empty() {
            let at = usize::try_from(self.rng.below(fields.len() as u64)).unwrap();
            fields.push((fields[at].0, &Json::Null));
            fields.rotate_right(1);
        }
        self.put("{");
        for (index, (name, value)) in fields.into_iter().enumerate() {
            self.put(if index > 0 { "," } else { "" });
            self.space();
            self.text(name);
            self.space();
            self.put(":");
            self.value(value);
        }
        self.space();
        self.put("}");
    }

    /// Writes an integer in one of its spellings, and any other numeral as it is.
    fn number(&mut self, numeral: &str) {
        let safe = self.unusual & 2 != 0
            && numeral.bytes().all(|byte| byte.is_ascii_digit())
            && numeral.len() < 16;
        let spelling = match self.rng.below(if safe { 16 } else { 1 }) {
            1 => format!("{numeral}.0"),
            2 => format!("{numeral}e0"),
            3 if numeral != "0" => format!("{numeral}00E-2"),
            4 => {
                let (first, rest) = numeral.split_at(1);
                format!("{first}.{rest}0E+{}", rest.len())
            }
            _ => numeral.to_owned(),
        };
        self.put(&spelling);
    }

    fn text(&mut self, text: &str) {
        self.put("\"");
        let escapes = self.unusual & 4 != 0 && self.rng.one_in(8);
        for character in text.chars() {
            let mut units = [0; 2];
            let escape = match character {
                '"' | '\\' | '\0'..='\u{1f}' => true,
                _ => escapes && self.rng.one_in(3),
            };
            if !escape {
                let start = self.out.len();
                self.put(character.encode_utf8(&mut [0; 4]));
                if self.may_change && character as u32 > 0x7F && self.rng.one_in(100) {
                    self.out.truncate(start + 1);
                }
            } else if matches!(character, '"' | '\\' | '/') && self.rng.one_in(2) {
                self.put("\\");
                self.put(character.encode_utf8(&mut [0; 4]));
            } else {
                for unit in character.encode_utf16(&mut units) {
                    self.put(&format!("\\u{unit:04x}"));
                }
            }
        }
        self.put("\"");
    }
}

/// Writes a body in a random spelling. The envelope is mostly canonical, and so are some rows.
pub(super) fn spell(body: &Json, seed: u64, may_change: bool) -> Vec<u8> {
    let mut writer = Writer { rng: Rng(seed | 1), may_change, unusual: 7, out: Vec::new() };
    if writer.rng.one_in(4) {
        writer.value(body);
        return writer.out;
    }
    let rows = body["data"].get("list").unwrap_or(&body["data"]);
    let list = body["data"].is_object();
    let [before, after] = if list { [r#"{"total":7,"list":["#, "]}}"] } else { ["[", "]}"] };
    writer.put(r#"{"code":200,"data":"#);
    for (index, row) in rows.as_array().unwrap().iter().enumerate() {
        writer.put(if index > 0 { "," } else { before });
        writer.unusual = writer.rng.below(8);
        writer.value(row);
    }
    writer.put(if rows.as_array().unwrap().is_empty() { before } else { "" });
    writer.put(after);
    writer.out
}
