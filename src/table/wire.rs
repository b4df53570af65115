//! The quick way from a response body into the columns: no values are made in between.
//!
//! It knows plain spellings only. A row that has any other is read by the model, and a body whose
//! envelope has a surprise, or that is not JSON, is given up: the slow way reads it, and gives the
//! error. So the quick way can only do what the slow one would; a test compares the two.

use std::ops::Range;

use super::ingest::Ingest;
use super::oddities::Oddity;
use super::record::{Cell, FIELDS, Span, field};
use super::scan;
use super::texts::same;
use crate::json::{MAX_DEPTH, Value, parse};
use crate::model::{DONE_CALL, Kind, Path, Plain, Presence, Scalar};
use crate::time::{plain_ms, plain_time_ms};

/// How deep a row lies in the body: envelope, page, list.
const ROW_DEPTH: u32 = 3;

/// Reads a body into the columns. `None` where it is not plain: rows may have been put in by then.
pub(super) fn read(ingest: &mut Ingest, body: &[u8]) -> Option<()> {
    let bytes = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let mut reader = Reader::new(bytes);
    reader.envelope(ingest)?;
    for (counts, kind) in
        [(&reader.missing, Oddity::Missing), (&reader.as_text, Oddity::TextForNumber)]
    {
        for ((count, first), field) in counts.iter().zip(DONE_CALL.fields) {
            ingest.oddities.add(field.wire, kind, *count, *first);
        }
    }
    Some(())
}

/// Whether a text is a JSON object and nothing else. Its bytes are UTF-8.
pub(super) fn is_object(text: &[u8]) -> bool {
    let mut reader = Reader::new(text);
    text.first() == Some(&b'{') && reader.skip(0).is_some() && reader.at == text.len()
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The keys of the last row, in their order; the next one will have the same.
    order: Vec<Expected>,
    /// The last date, with the blank after it, and its midnight.
    date: ([u8; 11], i64),
    /// Unknown fields of a row, as they were sent.
    extra: Vec<u8>,
    /// Where their names lie.
    unknown: Vec<Range<usize>>,
    /// For each field, rows without it, and the first of them.
    missing: [(u32, usize); FIELDS],
    /// For each field, rows in which its number was a text, and the first of them.
    as_text: [(u32, usize); FIELDS],
}

/// A key as it is written, with its quotes and the colon.
#[derive(Clone, Copy)]
struct Expected {
    words: [u64; 4],
    /// The bits of `words` that belong to the key.
    mask: [u64; 4],
    len: usize,
    key: Key,
    /// Where the last row has the field, from its key to the next one.
    last: (usize, usize),
    /// What the last row says of it.
    cell: Cell,
    /// Whether that was the same in the row before, so that it may well be so again.
    repeats: bool,
}

/// What a key means.
#[derive(Clone, Copy)]
enum Key {
    /// The field at that position of the model's table, and its kind.
    Field(usize, Kind),
    Unknown,
}

impl Expected {
    /// `None` for a key that is too long to be worth it.
    fn new(written: &[u8], key: Key) -> Option<Self> {
        let (mut words, mut mask) = ([0; 32], [0; 32]);
        words.get_mut(..written.len())?.copy_from_slice(written);
        mask.get_mut(..written.len())?.fill(0xFF);
        Some(Self {
            words: four(&words),
            mask: four(&mask),
            len: written.len(),
            key,
            last: (0, 0),
            cell: Cell::Unreadable,
            repeats: false,
        })
    }

    #[inline]
    fn is_at(&self, block: &[u8; 32]) -> bool {
        let parts = four(block).into_iter().zip(self.words).zip(self.mask);
        parts.fold(0, |differing, ((here, key), mask)| differing | (here ^ key) & mask) == 0
    }
}

#[inline]
fn four(bytes: &[u8; 32]) -> [u64; 4] {
    let (words, _) = bytes.as_chunks::<8>();
    std::array::from_fn(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
}

impl<'a> Reader<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            order: Vec::new(),
            date: ([0; 11], 0),
            extra: Vec::new(),
            unknown: Vec::new(),
            missing: [(0, 0); FIELDS],
            as_text: [(0, 0); FIELDS],
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    #[inline]
    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// After a member or an item: whether another follows. Takes what ends the list otherwise.
    #[inline]
    fn follows(&mut self, end: u8) -> Option<bool> {
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
    fn members(&mut self, mut read: impl FnMut(&mut Self, &'a [u8]) -> Option<()>) -> Option<()> {
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
    fn key(&mut self) -> Option<&'a [u8]> {
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
        let bytes = self.bytes.get(self.at..text.end);
        self.at = text.end + 1;
        bytes
    }

    fn envelope(&mut self, ingest: &mut Ingest) -> Option<()> {
        self.skip_space();
        let (mut codes, mut datas) = (0, 0);
        self.members(|reader, key| match key {
            b"code" => {
                codes += 1;
                (reader.integer()? == 200).then_some(())
            }
            b"data" => {
                datas += 1;
                reader.data(ingest)
            }
            _ => reader.skip(1),
        })?;
        self.skip_space();
        (codes == 1 && datas == 1 && self.at == self.bytes.len()).then_some(())
    }

    fn data(&mut self, ingest: &mut Ingest) -> Option<()> {
        if self.peek() == Some(b'[') {
            return self.rows(ingest);
        }
        let (mut lists, mut totals, mut sizes) = (0, 0, 0);
        self.members(|reader, key| match key {
            b"list" => {
                lists += 1;
                reader.rows(ingest)
            }
            b"total" => {
                totals += 1;
                ingest.report.total = Some(reader.integer()?);
                Some(())
            }
            b"pageSize" => {
                sizes += 1;
                ingest.report.page_size = Some(reader.integer()?);
                Some(())
            }
            _ => reader.skip(2),
        })?;
        (lists == 1 && totals <= 1 && sizes <= 1).then_some(())
    }

    fn rows(&mut self, ingest: &mut Ingest) -> Option<()> {
        self.take(b'[')?;
        self.skip_space();
        if self.take(b']').is_some() {
            return Some(());
        }
        loop {
            let start = self.at;
            ingest.record.clear();
            self.extra.clear();
            self.unknown.clear();
            if self.row(ingest).is_some() {
                ingest.put(self.bytes).ok()?;
            } else {
                self.at = start;
                self.skip(ROW_DEPTH)?;
                let row = parse(self.bytes.get(start..self.at)?).ok()?;
                ingest.row(&row, &Path::root("row")).ok()?;
            }
            if !self.follows(b']')? {
                return Some(());
            }
        }
    }

    /// Reads a plain row into the record.
    #[inline]
    fn row(&mut self, ingest: &mut Ingest) -> Option<()> {
        self.take(b'{')?;
        self.skip_space();
        let mut seen = 0_u32;
        let mut as_text = 0_u32;
        let mut position = 0;
        loop {
            let start = self.at;
            if let Some((index, cell)) = self.repeated(position) {
                let bit = 1 << index;
                if seen & bit != 0 {
                    return None;
                }
                seen |= bit;
                ingest.record.set(index, cell);
                position += 1;
                continue;
            }
            match self.field(position)? {
                Key::Field(index, kind) => {
                    let bit = 1 << index;
                    if seen & bit != 0 {
                        return None;
                    }
                    seen |= bit;
                    let (cell, odd) = self.cell(ingest, index, kind)?;
                    ingest.record.set(index, cell);
                    as_text |= u32::from(odd) << index;
                    let goes_on = self.follows(b'}')?;
                    if let Some(expected) = self.order.get_mut(position) {
                        let keeps = !odd && goes_on && !cell.is_in_scratch();
                        expected.repeats = keeps && expected.cell == cell;
                        expected.last = (start, self.at);
                        expected.cell = cell;
                    }
                    position += 1;
                    if goes_on {
                        continue;
                    }
                    break;
                }
                Key::Unknown => self.unknown(start)?,
            }
            position += 1;
            if !self.follows(b'}')? {
                break;
            }
        }
        if seen >> field::ID & 1 == 0 {
            return None;
        }
        if !self.extra.is_empty() {
            let extra = str::from_utf8(&self.extra).ok()?;
            ingest.record.rest = ingest.record.keep(&format!("{{\"extra\":{{{extra}}}}}"));
            for name in &self.unknown {
                let name = str::from_utf8(self.bytes.get(name.clone())?).ok()?;
                ingest.oddities.count(name, Oddity::UnknownField, ingest.rows);
            }
        }
        let missing = DOCUMENTED & !seen;
        count(&mut self.missing, missing, ingest.rows);
        count(&mut self.as_text, as_text, ingest.rows);
        Some(())
    }

    /// The field at this position, if it is spelt as in the last row.
    #[inline]
    fn repeated(&mut self, position: usize) -> Option<(usize, Cell)> {
        let expected = self.order.get(position).filter(|expected| expected.repeats)?;
        let (start, end) = expected.last;
        let ahead = self.bytes.get(self.at..self.at + (end - start))?;
        if !same(ahead, self.bytes.get(start..end)?) {
            return None;
        }
        let Key::Field(index, _) = expected.key else { return None };
        self.at += end - start;
        Some((index, expected.cell))
    }

    /// The field of the key at this position of a row, or none where nobody knows the key.
    #[inline]
    fn field(&mut self, position: usize) -> Option<Key> {
        if let Some(expected) = self.order.get(position)
            && let Some(block) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk)
            && expected.is_at(block)
        {
            self.at += expected.len;
            let key = expected.key;
            if self.peek()? <= b' ' {
                self.skip_space();
            }
            return Some(key);
        }
        self.new_field(position)
    }

    #[cold]
    fn new_field(&mut self, position: usize) -> Option<Key> {
        let start = self.at;
        let key = self.key()?;
        let mut known = DONE_CALL.fields.iter().enumerate();
        let found = known.find(|(_, field)| field.wire.as_bytes() == key);
        let meaning = found.map_or(Key::Unknown, |(index, field)| Key::Field(index, field.kind));
        self.order.truncate(position);
        let colon = start + key.len() + 2;
        if let Some(b'"') = self.bytes.get(start)
            && let Some(written) = self.bytes.get(start..=colon).filter(|key| key.ends_with(b":"))
            && self.order.len() == position
            && let Some(expected) = Expected::new(written, meaning)
        {
            self.order.push(expected);
        }
        Some(meaning)
    }

    /// An unknown field: kept as it was sent.
    fn unknown(&mut self, start: usize) -> Option<()> {
        let name = scan::text(self.bytes, start + 1)?;
        self.skip(ROW_DEPTH + 1)?;
        let sent = self.bytes.get(start..self.at)?;
        self.unknown.push(start + 1..name.end);
        if !self.extra.is_empty() {
            self.extra.push(b',');
        }
        self.extra.extend_from_slice(sent);
        Some(())
    }

    /// The cell of a field's plain value, and whether it was a text for a number.
    #[inline]
    fn cell(&mut self, ingest: &mut Ingest, index: usize, kind: Kind) -> Option<(Cell, bool)> {
        let scalar = match self.peek()? {
            b'"' => {
                self.at += 1;
                let start = self.at;
                let text = scan::text(self.bytes, start)?;
                self.at = text.end + 1;
                if text.escaped {
                    let quoted = self.bytes.get(start - 1..self.at)?;
                    let Ok(Value::Text(text)) = parse(quoted) else { return None };
                    let Plain::Text = kind.plain(Scalar::Text(text.as_bytes()))? else {
                        return None;
                    };
                    return Some((ingest.record.keep(&text), false));
                }
                let bytes = self.bytes.get(start..text.end)?;
                if let Some(ms) = self.time(kind, bytes) {
                    return Some((Cell::Integer(ms), false));
                }
                return Some(match kind.plain(Scalar::Text(bytes))? {
                    Plain::Text => {
                        let dictionary = ingest.columns.dictionary_mut(index);
                        if let Some(code) = dictionary.and_then(|known| known.recall(bytes)) {
                            return Some((Cell::Integer(i64::from(code)), false));
                        }
                        if text.beyond_ascii {
                            str::from_utf8(bytes).ok()?;
                        }
                        (Cell::Text(Span { start, end: text.end, in_scratch: false }), false)
                    }
                    Plain::Nothing => (Cell::Nothing, false),
                    Plain::Integer(value) => (Cell::Integer(value), false),
                    Plain::IntegerAsText(value) => (Cell::Integer(value), true),
                });
            }
            b'n' => {
                self.word(b"null")?;
                Scalar::Null
            }
            b'[' if index == field::RESULTS => return Some((self.results(ingest)?, false)),
            _ => Scalar::Int(self.integer()?),
        };
        match kind.plain(scalar)? {
            Plain::Integer(value) => Some((Cell::Integer(value), false)),
            Plain::Nothing => Some((Cell::Nothing, false)),
            Plain::Text | Plain::IntegerAsText(_) => None,
        }
    }

    /// The instant of a time in its plain form on the day of the last one.
    #[inline]
    fn time(&mut self, kind: Kind, text: &[u8]) -> Option<i64> {
        let (Kind::WallTime, Ok(text)) = (kind, <&[u8; 19]>::try_from(text)) else { return None };
        let (date, time) = text.split_first_chunk::<11>()?;
        let time = time.first_chunk()?;
        if *date != self.date.0 {
            let ms = plain_ms(text)?;
            self.date = (*date, ms - plain_time_ms(time)?);
            return Some(ms);
        }
        Some(self.date.1 + plain_time_ms(time)?)
    }

    /// A list of results: its code is found by its text, and only a new one is read.
    fn results(&mut self, ingest: &mut Ingest) -> Option<Cell> {
        let start = self.at;
        let dictionary = ingest.columns.dictionary_mut(field::RESULTS)?;
        let ahead = |len: usize| self.bytes.get(start..start + len);
        // A list ends where its brackets match, so no other can begin with it.
        if let Some((last, code)) = dictionary.last()
            && ahead(last.len()).is_some_and(|ahead| same(ahead, last))
        {
            self.at += last.len();
            return Some(Cell::Integer(i64::from(code)));
        }
        self.skip(ROW_DEPTH + 1)?;
        let sent = self.bytes.get(start..self.at)?;
        if sent == b"[]" {
            return Some(Cell::Nothing);
        }
        if let Some(code) = dictionary.recall(sent) {
            return Some(Cell::Integer(i64::from(code)));
        }
        let text = Kind::NamedValues.plain_list(&parse(sent).ok()?)?;
        Some(Cell::Integer(ingest.columns.code(field::RESULTS, &text)))
    }

    /// An integer of up to fifteen digits, which every reader takes for the same number.
    #[inline]
    fn integer(&mut self) -> Option<i64> {
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

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let found = self.bytes.get(self.at..)?.starts_with(word);
        found.then(|| self.at += word.len())
    }

    /// Moves past a value inside `depth` others, checking it as the slow way would.
    fn skip(&mut self, depth: u32) -> Option<()> {
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
        Some(())
    }

    fn skip_number(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        parse(self.bytes.get(start..self.at)?).ok().map(drop)
    }
}

/// The fields of the vendor's document, a bit each.
const DOCUMENTED: u32 = {
    let mut bits = 0;
    let mut at = 0;
    while at < FIELDS {
        bits |= documented(at) << at;
        at += 1;
    }
    bits
};

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn documented(at: usize) -> u32 {
    let field = &DONE_CALL.fields[at];
    (matches!(field.presence, Presence::Known) && !matches!(field.kind, Kind::EpochMs)) as u32
}

/// Counts a row for each field whose bit is set.
#[inline]
fn count(counts: &mut [(u32, usize); FIELDS], mut fields: u32, row: usize) {
    while fields != 0 {
        if let Some((count, first)) = counts.get_mut(fields.trailing_zeros() as usize) {
            if *count == 0 {
                *first = row;
            }
            *count += 1;
        }
        fields &= fields - 1;
    }
}
