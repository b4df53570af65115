//! A column of texts in chunks. Texts are only appended, and they are UTF-8.
//!
//! Not here: codes of repeated texts (`dictionary.rs`), the check that bytes are UTF-8 (`ingest/`).

use std::ops::Range;

use super::CHUNK;
use super::bitmap::Word;
use super::bytes::{ByteReader, write_length};
use super::substring::Substring;

/// The flag in the end of a row without text. A chunk has fewer bytes than this.
const ABSENT: u32 = 1 << 31;

/// The longest prefix that a text shares with the text before it in a snapshot, below 2⁷. It limits the memory
/// that a short snapshot can claim.
const LONGEST_PREFIX: usize = 100;

/// A text or none for each row. A chunk without texts has no bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    chunks: Vec<TextChunk>,
    len: usize,
}

#[derive(Debug, Clone, Default)]
struct TextChunk {
    /// The end of each row's text in `bytes`; empty while no row of the chunk has a text.
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

/// The encodings of a chunk: no texts; the texts one after the other; for each text the length of the prefix
/// that it shares with the text before it, and the rest.
const EMPTY: u8 = 0;
const PLAIN: u8 = 1;
const SHARED_PREFIX: u8 = 2;

impl TextChunk {
    /// Reads a chunk of `rows` rows; `None` if the bytes are damaged.
    fn read(reader: &mut ByteReader, rows: usize) -> Option<Self> {
        let mut read = Self::default();
        let encoding = u8::try_from(reader.number::<1>()?).ok()?;
        if encoding == EMPTY {
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
        match encoding {
            PLAIN => read.bytes.extend_from_slice(reader.take(end)?),
            SHARED_PREFIX => read.read_shared(reader)?,
            _ => return None,
        }
        let text = str::from_utf8(&read.bytes).ok()?;
        let is_boundary = |end: &u32| text.is_char_boundary((end & !ABSENT) as usize);
        read.ends.iter().all(is_boundary).then_some(read)
    }

    /// Appends a text or none for each row after the first `row` rows.
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
        // Whole blocks are copied; the bytes after the last text are cut below.
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

    /// Reads texts that share a prefix with the text before them.
    fn read_shared(&mut self, reader: &mut ByteReader) -> Option<()> {
        let mut last = 0..0;
        for end in self.ends.iter().filter(|end| **end & ABSENT == 0) {
            let (start, end) = (self.bytes.len(), *end as usize);
            let longest = last.len().min(LONGEST_PREFIX);
            let prefix = reader.length().filter(|prefix| *prefix <= longest)?;
            let rest = reader.take((end - start).checked_sub(prefix)?)?;
            self.bytes.extend_from_within(last.start..last.start + prefix);
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

    /// Appends a text or none for each row; a text is a range of its source.
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

    /// Appends rows without text until there are `len` rows.
    #[inline]
    pub(crate) fn pad(&mut self, len: usize) {
        while self.len < len {
            self.push(None);
        }
    }

    /// Removes the rows from `len` on.
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

    /// The bytes of a row's text, UTF-8.
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

    /// The text of a row.
    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        str::from_utf8(self.get(row)?).ok()
    }

    /// Writes the column as bytes, chunk by chunk: the encoding, for each row the length of its text + 1 (0
    /// without text), and the texts.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for (index, chunk) in self.chunks.iter().enumerate() {
            let rows = index * CHUNK..self.len.min((index + 1) * CHUNK);
            if chunk.ends.is_empty() {
                out.push(EMPTY);
                continue;
            }
            let saved: usize = self.prefixes(rows.clone()).map(|(_, prefix)| prefix).sum();
            let encoding = if saved > chunk.bytes.len() / 4 { SHARED_PREFIX } else { PLAIN };
            out.push(encoding);
            for row in rows.clone() {
                write_length(out, self.get(row).map_or(0, |text| text.len() + 1));
            }
            if encoding == PLAIN {
                out.extend_from_slice(&chunk.bytes);
                continue;
            }
            for (text, prefix) in self.prefixes(rows) {
                write_length(out, prefix);
                out.extend_from_slice(text.get(prefix..).unwrap_or_default());
            }
        }
    }

    /// The texts of a chunk, each with the length of the prefix that it shares with the text before it.
    fn prefixes(&self, rows: Range<usize>) -> impl Iterator<Item = (&[u8], usize)> {
        let mut last: &[u8] = &[];
        rows.filter_map(|row| self.get(row)).map(move |text| {
            let pairs = last.iter().zip(text).take(LONGEST_PREFIX);
            last = text;
            (text, pairs.take_while(|(a, b)| a == b).count())
        })
    }

    /// Reads a column of `rows` rows; `None` if the bytes are damaged.
    pub(crate) fn read(reader: &mut ByteReader, rows: usize) -> Option<Self> {
        let mut column = Self { chunks: Vec::new(), len: rows };
        for chunk in 0..rows.div_ceil(CHUNK) {
            let rows = CHUNK.min(rows - chunk * CHUNK);
            column.chunks.push(TextChunk::read(reader, rows)?);
        }
        Some(column)
    }

    /// Sets the bits of the rows of a chunk whose text contains `part`, from the row `from` of the chunk on.
    /// The texts are contiguous, so one search covers all of them.
    pub(crate) fn select_containing(
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
        while let Some(found) = part.find(&chunk.bytes, at) {
            while let Some(end) = end(row).filter(|end| *end <= found) {
                (start, row) = (end, row + 1);
            }
            let Some(end) = end(row) else { return };
            if start <= found && found + part.len() <= end {
                if let Some(word) = out.get_mut(row / Word::BITS as usize) {
                    *word |= 1 << (row % Word::BITS as usize);
                }
                at = end;
            } else {
                // The match crosses the end of a text.
                at = found + 1;
            }
        }
    }

    /// Bytes of the chunk that still grows.
    pub(crate) fn growing_size(&self) -> usize {
        self.chunks.last().map_or(0, |chunk| chunk.bytes.capacity())
    }

    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        let chunk = |chunk: &TextChunk| chunk.ends.capacity() * 4 + chunk.bytes.capacity();
        let chunks = self.chunks.capacity() * size_of::<TextChunk>();
        chunks + self.chunks.iter().map(chunk).sum::<usize>()
    }
}

/// Bytes of one copy.
const BLOCK: usize = 16;

/// Copies `part` of `source` to `position` in blocks, and returns its length. After the part, `to` has room for
/// another block. A call that copies a few bytes costs more than whole blocks do.
#[inline]
fn copy(to: &mut [u8], position: usize, source: &[u8], part: Range<usize>) -> usize {
    let mut done = 0;
    while done < part.len() {
        let from = source.get(part.start + done..).and_then(<[u8]>::first_chunk::<BLOCK>);
        let to = to.get_mut(position + done..).unwrap_or_default();
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

/// Whether two texts are equal. Compares eight bytes at a time; in WebAssembly the comparison of slices
/// compares single bytes.
#[inline]
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let (words, rest) = one.as_chunks::<8>();
    let (other_words, other_rest) = other.as_chunks::<8>();
    let word = |word: &[u8; 8]| u64::from_le_bytes(*word);
    // The last eight bytes cover the rest; some of them are compared twice.
    words.iter().zip(other_words).all(|(one, other)| word(one) == word(other))
        && match (one.last_chunk(), other.last_chunk()) {
            (Some(one), Some(other)) => word(one) == word(other),
            _ => rest.iter().zip(other_rest).all(|(one, other)| one == other),
        }
}
