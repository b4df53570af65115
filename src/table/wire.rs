//! The quick way from a response body into the columns: no values are made in between.
//!
//! It knows plain spellings only. A row that has any other is read by the model, and a body whose
//! envelope has a surprise, or that is not JSON, is given up: the slow way reads it, and gives the
//! error. So the quick way can only do what the slow one would; a test compares the two.

use std::ops::Range;

use super::batch::Batch;
use super::ingest::Ingest;
use super::oddities::Oddity;
use super::record::{FIELDS, field};
use super::texts::same;
use super::{Columns, level_of, scan};
use crate::json::{MAX_DEPTH, Value, parse};
use crate::model::{DONE_CALL, Kind, Path, Plain, Presence, Scalar};
use crate::time::{plain_ms, plain_time_ms};

/// How deep a row lies in the body: envelope, page, list.
const ROW_DEPTH: u32 = 3;

/// Reads a body into the columns. `None` where it is not plain: rows may have been put in by then.
pub(super) fn read(ingest: &mut Ingest, body: &[u8]) -> Option<()> {
    let bytes = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if !Batch::fits(bytes.len()) {
        return None;
    }
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
    /// Rows that are read and not yet put in.
    batch: Batch,
    /// The keys of the last row, in their order; the next one will have the same.
    order: Vec<Expected>,
    /// The last date, with the blank after it, and its midnight.
    date: ([u64; 2], i64),
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
    value: Option<i64>,
    /// Whether that was the same in the row before, so that it may well be so again.
    repeats: bool,
}

/// What a key means.
#[derive(Clone, Copy)]
enum Key {
    Field(Place),
    Unknown,
}

/// A field of the model's table.
#[derive(Clone, Copy)]
struct Place {
    index: usize,
    kind: Kind,
    spelling: Spelling,
}

/// How a field's value is mostly written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Number,
    /// `"27秒"`
    Seconds,
    /// `"2024-01-15 09:30:00"`
    Time,
    /// A text that repeats.
    Coded,
    /// A text of the row's own.
    Text,
    Results,
}

impl Spelling {
    fn of(kind: Kind, index: usize, columns: &Columns) -> Self {
        match kind {
            Kind::Seconds => Self::Seconds,
            Kind::WallTime => Self::Time,
            Kind::NamedValues => Self::Results,
            Kind::Text | Kind::OptionalText if columns.dictionary(index).is_some() => Self::Coded,
            Kind::Text | Kind::OptionalText => Self::Text,
            _ => Self::Number,
        }
    }
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
            value: None,
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
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            batch: Batch::new(),
            order: Vec::new(),
            date: ([0; 2], 0),
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
            if self.row(ingest).is_some() {
                self.batch.close();
                ingest.rows += 1;
                if self.batch.is_full() {
                    ingest.put_all(&mut self.batch, self.bytes)?;
                }
            } else {
                self.at = start;
                self.skip(ROW_DEPTH)?;
                let row = parse(self.bytes.get(start..self.at)?).ok()?;
                ingest.put_all(&mut self.batch, self.bytes)?;
                ingest.row(&row, &Path::root("row")).ok()?;
            }
            if !self.follows(b']')? {
                return ingest.put_all(&mut self.batch, self.bytes);
            }
        }
    }

    /// Reads a plain row into the batch.
    #[inline]
    fn row(&mut self, ingest: &mut Ingest) -> Option<()> {
        self.take(b'{')?;
        self.skip_space();
        self.batch.open();
        self.extra.clear();
        self.unknown.clear();
        let mut seen = 0_u32;
        let mut as_text = 0_u32;
        let mut position = 0;
        loop {
            let start = self.at;
            if let Some((index, value)) = self.repeated(position) {
                self.take_in(&mut seen, index, value)?;
                position += 1;
                continue;
            }
            match self.field(position, ingest.columns)? {
                Key::Field(place) => {
                    let (value, odd) = match self.quick_value(ingest.columns, place) {
                        Some(value) => (Some(value), false),
                        None => self.value(ingest.columns, place)?,
                    };
                    self.take_in(&mut seen, place.index, value)?;
                    as_text |= u32::from(odd) << place.index;
                    let goes_on = self.follows(b'}')?;
                    if let Some(expected) = self.order.get_mut(position) {
                        // The place of a text is another one in each row.
                        let keeps = place.spelling != Spelling::Text || value.is_none();
                        expected.repeats = keeps && !odd && goes_on && expected.value == value;
                        expected.last = (start, self.at);
                        expected.value = value;
                    }
                    position += 1;
                    if !goes_on {
                        break;
                    }
                }
                Key::Unknown => {
                    self.unknown(start)?;
                    position += 1;
                    if !self.follows(b'}')? {
                        break;
                    }
                }
            }
        }
        if seen >> field::ID & 1 == 0 {
            return None;
        }
        if !self.extra.is_empty() {
            let extra = str::from_utf8(&self.extra).ok()?;
            self.batch.set_rest(&format!("{{\"extra\":{{{extra}}}}}"));
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

    /// Takes in what a row says of a field; `None` where it has said something before.
    #[inline]
    fn take_in(&mut self, seen: &mut u32, index: usize, value: Option<i64>) -> Option<()> {
        let bit = 1 << index;
        if *seen & bit != 0 {
            return None;
        }
        *seen |= bit;
        if let Some(value) = value {
            self.batch.set(index, value);
        }
        Some(())
    }

    /// The field at this position, if it is spelt as in the last row.
    #[inline]
    fn repeated(&mut self, position: usize) -> Option<(usize, Option<i64>)> {
        let expected = self.order.get(position).filter(|expected| expected.repeats)?;
        let (start, end) = expected.last;
        let ahead = self.bytes.get(self.at..self.at + (end - start))?;
        if !same(ahead, self.bytes.get(start..end)?) {
            return None;
        }
        let Key::Field(place) = expected.key else { return None };
        let value = expected.value;
        self.at += end - start;
        Some((place.index, value))
    }

    /// The field of the key at this position of a row, or none where nobody knows the key.
    #[inline]
    fn field(&mut self, position: usize, columns: &Columns) -> Option<Key> {
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
        self.new_field(position, columns)
    }

    #[cold]
    #[inline(never)]
    fn new_field(&mut self, position: usize, columns: &Columns) -> Option<Key> {
        let start = self.at;
        let key = self.key()?;
        let mut known = DONE_CALL.fields.iter().enumerate();
        let found = known.find(|(_, field)| field.wire.as_bytes() == key);
        let meaning = found.map_or(Key::Unknown, |(index, field)| {
            let spelling = Spelling::of(field.kind, index, columns);
            Key::Field(Place { index, kind: field.kind, spelling })
        });
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

    /// A field's value where it is spelt as mostly; `None` for all else, and then nothing was read.
    #[inline]
    fn quick_value(&mut self, columns: &mut Columns, place: Place) -> Option<i64> {
        let start = self.at;
        if place.spelling == Spelling::Number {
            let (value, digits) = self.digits(start)?;
            let zero_first = digits > 1 && self.bytes.get(start) == Some(&b'0');
            let end = start + digits;
            let ends = matches!(self.bytes.get(end), Some(b',' | b'}'));
            return (ends && !zero_first).then(|| {
                self.at = end;
                value
            });
        }
        if place.spelling == Spelling::Results {
            return self.results(columns);
        }
        let text = start + 1;
        if self.bytes.get(start) != Some(&b'"') {
            return None;
        }
        match place.spelling {
            Spelling::Time => {
                let end = text + 19;
                let value = (self.bytes.get(end) == Some(&b'"')).then(|| self.time(text))??;
                self.at = end + 1;
                Some(value)
            }
            Spelling::Seconds => {
                const SECONDS: u64 = u64::from_le_bytes(*b"\xE7\xA7\x92\"\0\0\0\0");
                let (value, digits) = self.digits(text)?;
                let end = text + digits;
                let ends = scan::word(self.bytes, end)? & 0xFFFF_FFFF == SECONDS;
                ends.then(|| {
                    self.at = end + 4;
                    value
                })
            }
            _ => {
                let found = scan::text(self.bytes, text).filter(|found| !found.escaped)?;
                let bytes = self.bytes.get(text..found.end).filter(|text| !text.is_empty())?;
                let value = if place.spelling == Spelling::Coded {
                    i64::from(columns.dictionary_mut(place.index)?.recall(bytes)?)
                } else {
                    if found.beyond_ascii && !scan::is_utf8(bytes) {
                        return None;
                    }
                    Batch::text(text, found.end)
                };
                self.at = found.end + 1;
                Some(value)
            }
        }
    }

    /// The number that the digits at `at` make, one to fifteen, and how many they are.
    #[inline]
    fn digits(&self, at: usize) -> Option<(i64, usize)> {
        let (value, count) = scan::digits(self.bytes, at)?;
        if count < 8 {
            return (count > 0).then_some((value, count));
        }
        const POWERS: [i64; 8] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
        let (rest, more) = scan::digits(self.bytes, at + 8)?;
        Some((value * POWERS.get(more)? + rest, 8 + more))
    }

    /// The instant of the time at `at` in its plain form, nineteen bytes.
    #[inline]
    fn time(&mut self, at: usize) -> Option<i64> {
        // The two words share five bytes.
        let date = [scan::word(self.bytes, at)?, scan::word(self.bytes, at + 3)?];
        let time = plain_time_ms(self.bytes.get(at + 11..)?.first_chunk()?)?;
        if date != self.date.0 {
            let ms = plain_ms(self.bytes.get(at..at + 19)?)?;
            self.date = (date, ms - time);
        }
        Some(self.date.1 + time)
    }

    /// The value of a plainly spelt field, and whether it was a text for a number.
    #[inline(never)]
    fn value(&mut self, columns: &mut Columns, place: Place) -> Option<(Option<i64>, bool)> {
        let Place { index, kind, .. } = place;
        let scalar = match self.peek()? {
            b'"' => {
                let quote = self.at;
                self.at += 1;
                let found = scan::text(self.bytes, self.at)?;
                self.at = found.end + 1;
                let parsed;
                let text = if found.escaped {
                    parsed = parse(self.bytes.get(quote..self.at)?).ok()?;
                    let Value::Text(text) = &parsed else { return None };
                    text
                } else {
                    str::from_utf8(self.bytes.get(quote + 1..found.end)?).ok()?
                };
                let plain = kind.plain(Scalar::Text(text.as_bytes()))?;
                return match plain {
                    Plain::Text if columns.dictionary(index).is_some() => {
                        Some((Some(columns.code(index, text)), false))
                    }
                    Plain::Text if found.escaped => Some((Some(self.batch.keep(text)), false)),
                    Plain::Text => Some((Some(Batch::text(quote + 1, found.end)), false)),
                    // Digits are not plain where they are written with escapes.
                    _ if found.escaped => None,
                    Plain::Nothing => Some((None, false)),
                    Plain::Integer(value) => Some((Some(value), false)),
                    Plain::IntegerAsText(value) => Some((Some(value), true)),
                };
            }
            b'n' => {
                self.word(b"null")?;
                Scalar::Null
            }
            b'[' if index == field::RESULTS => return Some((self.new_results(columns)?, false)),
            _ => Scalar::Int(self.integer()?),
        };
        match kind.plain(scalar)? {
            Plain::Integer(value) => Some((Some(value), false)),
            Plain::Nothing => Some((None, false)),
            Plain::Text | Plain::IntegerAsText(_) => None,
        }
    }

    /// A list of results in its plain form: its code is found by its text.
    #[inline]
    fn results(&mut self, columns: &mut Columns) -> Option<i64> {
        let start = self.at;
        let dictionary = columns.dictionary_mut(field::RESULTS)?;
        let ahead = |len: usize| self.bytes.get(start..start + len);
        // A list ends where its brackets match, so no other can begin with it.
        if let Some((last, code)) = dictionary.last()
            && ahead(last.len()).is_some_and(|ahead| same(ahead, last))
        {
            self.at += last.len();
            return Some(i64::from(code));
        }
        let end = plain_results(self.bytes, start, |_| ())?;
        let sent = self.bytes.get(start..end)?;
        let code = match dictionary.recall(sent) {
            Some(code) => i64::from(code),
            None => {
                let sent = str::from_utf8(sent).ok()?;
                let mut pairs = Vec::new();
                plain_results(self.bytes, start, |pair| pairs.push(pair));
                let part = |part: &Range<usize>| {
                    sent.get(part.start - start..part.end - start).unwrap_or_default()
                };
                let level = level_of(pairs.iter().map(|[name, value]| (part(name), part(value))));
                columns.new_code(field::RESULTS, sent, level)
            }
        };
        self.at = end;
        Some(code)
    }

    /// A list of results that is written in another way.
    fn new_results(&mut self, columns: &mut Columns) -> Option<Option<i64>> {
        let start = self.at;
        self.skip(ROW_DEPTH + 1)?;
        let sent = self.bytes.get(start..self.at)?;
        if sent == b"[]" {
            return Some(None);
        }
        let text = Kind::NamedValues.plain_list(&parse(sent).ok()?)?;
        Some(Some(columns.code(field::RESULTS, &text)))
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

/// Where a list of results ends that is written as [`crate::json::to_text`] writes it; `take` is given
/// where each name and its value lie.
#[inline]
fn plain_results(
    bytes: &[u8],
    start: usize,
    mut take: impl FnMut([Range<usize>; 2]),
) -> Option<usize> {
    const FIRST: Mark = Mark::new(br#"[{"name":""#);
    const VALUE: Mark = Mark::new(br#"","value":""#);
    const NEXT: Mark = Mark::new(br#""},{"name":""#);
    let plain = |at| scan::text(bytes, at).filter(|text| !text.escaped).map(|text| at..text.end);
    let mut name = plain(FIRST.end(bytes, start)?)?;
    loop {
        let value = plain(VALUE.end(bytes, name.end)?)?;
        let end = value.end;
        take([name, value]);
        if let Some([b'"', b'}', b']']) = bytes.get(end..).and_then(<[u8]>::first_chunk) {
            return Some(end + 3);
        }
        name = plain(NEXT.end(bytes, end)?)?;
    }
}

/// Eight to sixteen bytes to be found at a place, as two words that may overlap.
struct Mark {
    words: [u64; 2],
    len: usize,
}

impl Mark {
    const fn new<const LEN: usize>(text: &[u8; LEN]) -> Self {
        let words = match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
            _ => [0; 2],
        };
        Self { words, len: LEN }
    }

    /// The position after it, if it is at `at`.
    #[inline]
    fn end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let words = [scan::word(bytes, at)?, scan::word(bytes, at + self.len - 8)?];
        (words == self.words).then_some(at + self.len)
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
