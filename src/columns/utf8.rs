//! CallColumns of text: each row's own, or codes of a dictionary. Text is only ever appended.
//!
//! Not here: what a text means, or whether it may be stored (`record.rs` sees to its being UTF-8).

use std::ops::Range;

use super::CHUNK;
use super::bitmap::Word;
use super::bytes::{ByteReader, write_length};
use crate::columns::substring::Substring;

/// Marks the end of a row that has no text. A chunk's bytes stay below it.
const ABSENT: u32 = 1 << 31;

/// Bytes that a text may leave to the one before it when written down, below 2⁷. So what is read is not out
/// of proportion to what it is read from.
const MOST_ALIKE: usize = 100;

/// Text, or none, for each row. A chunk whose rows have none takes no room.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    chunks: Vec<TextChunk>,
    len: usize,
}

#[derive(Debug, Clone, Default)]
struct TextChunk {
    /// Where each row's text ends in `bytes`; shorter than the chunk while the first rows have none.
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

/// The forms in which a chunk is written down: without any text; all texts in a row; of each text the
/// number of bytes that it begins with like the one before, and the rest of it.
const NONE: u8 = 0;
const PLAIN: u8 = 1;
const ALIKE: u8 = 2;

impl TextChunk {
    fn read(reader: &mut ByteReader, rows: usize) -> Option<Self> {
        let mut read = Self::default();
        let form = u8::try_from(reader.number::<1>()?).ok()?;
        if form == NONE {
            return Some(read);
        }
        let mut end = 0_usize;
        reader.reserve(CHUNK * size_of::<u32>())?;
        read.ends.reserve_exact(CHUNK);
        for _ in 0..rows {
            let length = reader.length()?;
            end = end.checked_add(length.saturating_sub(1))?;
            let at = u32::try_from(end).ok().filter(|end| end & ABSENT == 0)?;
            read.ends.push(if length == 0 { at | ABSENT } else { at });
        }
        reader.reserve(end)?;
        read.bytes.reserve_exact(end);
        match form {
            PLAIN => read.bytes.extend_from_slice(reader.take(end)?),
            ALIKE => read.read_alike(reader)?,
            _ => return None,
        }
        let text = str::from_utf8(&read.bytes).ok()?;
        let whole = |end: &u32| text.is_char_boundary((end & !ABSENT) as usize);
        read.ends.iter().all(whole).then_some(read)
    }

    /// Appends texts, or none, behind `row` others.
    #[inline]
    fn extend<'a>(
        &mut self,
        row: usize,
        texts: impl Iterator<Item = Option<(&'a [u8], Range<usize>)>> + Clone,
    ) {
        let lengths = texts.clone().map(|text| text.map(|(_, part)| part.len()));
        if self.ends.is_empty() {
            if lengths.clone().all(|length| length.is_none()) {
                return;
            }
            self.ends.reserve_exact(CHUNK);
            self.ends.resize(row, ABSENT);
        }
        let mut end = self.bytes.len();
        // What is copied along behind the last text is taken off again.
        self.bytes.resize(end + lengths.flatten().sum::<usize>() + BLOCK, 0);
        for text in texts {
            let absent = if text.is_none() { ABSENT } else { 0 };
            if let Some((source, part)) = text {
                end += copy(&mut self.bytes, end, source, part);
            }
            self.ends.push(u32::try_from(end).unwrap_or(ABSENT - 1) | absent);
        }
        self.bytes.truncate(end);
    }

    /// Reads texts that begin like the one before each.
    fn read_alike(&mut self, reader: &mut ByteReader) -> Option<()> {
        let mut last = 0..0;
        for end in self.ends.iter().filter(|end| **end & ABSENT == 0) {
            let (start, end) = (self.bytes.len(), *end as usize);
            let alike = reader.length().filter(|alike| *alike <= last.len().min(MOST_ALIKE))?;
            let rest = reader.take((end - start).checked_sub(alike)?)?;
            self.bytes.extend_from_within(last.start..last.start + alike);
            self.bytes.extend_from_slice(rest);
            last = start..end;
        }
        Some(())
    }
}

impl Texts {
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push(&mut self, text: Option<&[u8]>) {
        self.extend(std::iter::once(text.map(|text| (text, 0..text.len()))));
    }

    /// Appends texts, each a part of another, or none.
    pub(crate) fn extend<'a>(
        &mut self,
        mut texts: impl ExactSizeIterator<Item = Option<(&'a [u8], Range<usize>)>> + Clone,
    ) {
        while texts.len() > 0 {
            let row = self.len % CHUNK;
            if row == 0 {
                if let Some(full) = self.chunks.last_mut() {
                    full.bytes.shrink_to_fit();
                }
                self.chunks.push(TextChunk::default());
            }
            let count = texts.len().min(CHUNK - row);
            self.len += count;
            if let Some(chunk) = self.chunks.last_mut() {
                chunk.extend(row, texts.clone().take(count));
            }
            texts.by_ref().take(count).for_each(drop);
        }
    }

    /// Appends no text until there are `len` rows.
    #[inline]
    pub(crate) fn pad(&mut self, len: usize) {
        while self.len < len {
            self.push(None);
        }
    }

    /// Forgets the rows from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.chunks.truncate(self.len.div_ceil(CHUNK));
        let last = self.len - self.chunks.len().saturating_sub(1) * CHUNK;
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.ends.truncate(last);
            let end = chunk.ends.last().map_or(0, |end| end & !ABSENT);
            chunk.bytes.truncate(end as usize);
        }
    }

    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<&[u8]> {
        let chunk = self.chunks.get(row / CHUNK)?;
        let row = row % CHUNK;
        let end = *chunk.ends.get(row).filter(|end| **end & ABSENT == 0)?;
        let start = match row.checked_sub(1) {
            Some(before) => chunk.ends.get(before)? & !ABSENT,
            None => 0,
        };
        chunk.bytes.get(start as usize..end as usize)
    }

    /// The text of a row as a string. What is stored is UTF-8.
    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        str::from_utf8(self.get(row)?).ok()
    }

    /// Writes the column down, chunk by chunk: its form, of each row the length + 1 of its text, and the
    /// texts.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for (at, chunk) in self.chunks.iter().enumerate() {
            let rows = at * CHUNK..self.len.min((at + 1) * CHUNK);
            if chunk.ends.is_empty() {
                out.push(NONE);
                continue;
            }
            let saved: usize = self.alike(rows.clone()).map(|(_, alike)| alike).sum();
            let form = if saved > chunk.bytes.len() / 4 { ALIKE } else { PLAIN };
            out.push(form);
            for row in rows.clone() {
                write_length(out, self.get(row).map_or(0, |text| text.len() + 1));
            }
            if form == PLAIN {
                out.extend_from_slice(&chunk.bytes);
                continue;
            }
            for (text, alike) in self.alike(rows) {
                write_length(out, alike);
                out.extend_from_slice(text.get(alike..).unwrap_or_default());
            }
        }
    }

    /// The texts of a chunk, each with the number of bytes that it begins with like the one before.
    fn alike(&self, rows: Range<usize>) -> impl Iterator<Item = (&[u8], usize)> {
        let mut last: &[u8] = &[];
        rows.filter_map(|row| self.get(row)).map(move |text| {
            let pairs = last.iter().zip(text).take(MOST_ALIKE);
            last = text;
            (text, pairs.take_while(|(a, b)| a == b).count())
        })
    }

    /// Reads a column of `rows` rows.
    pub(crate) fn read(reader: &mut ByteReader, rows: usize) -> Option<Self> {
        let mut column = Self { chunks: Vec::new(), len: rows };
        for chunk in 0..rows.div_ceil(CHUNK) {
            let rows = CHUNK.min(rows - chunk * CHUNK);
            column.chunks.push(TextChunk::read(reader, rows)?);
        }
        Some(column)
    }

    /// Sets the bits of a chunk's rows, from the row `from` of it on, whose text has a part. The
    /// texts lie one after the other, so they are looked through as one.
    pub(crate) fn mark_containing(
        &self,
        chunk: usize,
        from: usize,
        part: &Substring,
        out: &mut [Word],
    ) {
        let Some(chunk) = self.chunks.get(chunk) else { return };
        let end = |row: usize| chunk.ends.get(row).map(|end| (end & !ABSENT) as usize);
        let mut row = from;
        let mut start = from.checked_sub(1).and_then(end).unwrap_or(0);
        let mut at = start;
        while let Some(place) = part.find(&chunk.bytes, at) {
            while let Some(end) = end(row).filter(|end| *end <= place) {
                (start, row) = (end, row + 1);
            }
            let Some(end) = end(row) else { return };
            if start <= place && place + part.len() <= end {
                if let Some(word) = out.get_mut(row / Word::BITS as usize) {
                    *word |= 1 << (row % Word::BITS as usize);
                }
                at = end;
            } else {
                // It begins in one text and ends in another.
                at = place + 1;
            }
        }
    }

    /// The bytes of the chunk that still grows.
    pub(crate) fn growing(&self) -> usize {
        self.chunks.last().map_or(0, |chunk| chunk.bytes.capacity())
    }

    /// The bytes taken up.
    pub(crate) fn size(&self) -> usize {
        let chunk = |chunk: &TextChunk| chunk.ends.capacity() * 4 + chunk.bytes.capacity();
        let chunks = self.chunks.capacity() * size_of::<TextChunk>();
        chunks + self.chunks.iter().map(chunk).sum::<usize>()
    }
}

/// Bytes that are copied at once.
const BLOCK: usize = 16;

/// Copies a part of a text to a place behind which there is room for another block, and says how many
/// bytes it has. Copying a few bytes by a call costs more than copying whole blocks by hand.
#[inline]
fn copy(to: &mut [u8], place: usize, source: &[u8], part: Range<usize>) -> usize {
    let mut done = 0;
    while done < part.len() {
        let from = source.get(part.start + done..).and_then(<[u8]>::first_chunk::<BLOCK>);
        let to = to.get_mut(place + done..).unwrap_or_default();
        if let (Some(from), Some(to)) = (from, to.first_chunk_mut()) {
            *to = *from;
        } else {
            let rest = source.get(part.start + done..part.end).unwrap_or_default();
            to.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        }
        done += BLOCK;
    }
    part.len()
}

/// Whether two texts are the same: eight bytes at a time, because comparing by a call compares
/// single bytes in WebAssembly.
#[inline]
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let (words, rest) = one.as_chunks::<8>();
    let (other_words, other_rest) = other.as_chunks::<8>();
    let word = |word: &[u8; 8]| u64::from_le_bytes(*word);
    // The last eight are compared once more, perhaps, instead of those that are left over.
    words.iter().zip(other_words).all(|(one, other)| word(one) == word(other))
        && match (one.last_chunk(), other.last_chunk()) {
            (Some(one), Some(other)) => word(one) == word(other),
            _ => rest.iter().zip(other_rest).all(|(one, other)| one == other),
        }
}
