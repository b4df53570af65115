//! Arrays in Arrow's layout: validity bitmaps, offsets, values, with each buffer at a multiple of eight bytes.
//! Not here: the values of the columns (`mod.rs`).

use super::flatbuffer::{Builder, FieldValue};

/// An array that grows value by value.
#[derive(Debug, Default)]
pub(super) struct Array {
    len: usize,
    nulls: usize,
    /// The validity bitmap: a bit for each value, 1 unless it is null.
    valid: Vec<u8>,
    /// Numbers, or the offsets of texts and lists.
    numbers: Option<Vec<u8>>,
    /// Whether numbers have 64 bits; they have 32 otherwise.
    wide: bool,
    /// The bytes of texts.
    texts: Option<Vec<u8>>,
    /// The last offset, which is the greatest.
    end: usize,
}

impl Array {
    /// An array of numbers, of 32 or of 64 bits.
    pub(super) fn of_numbers(wide: bool) -> Self {
        Self { numbers: Some(Vec::new()), wide, ..Self::default() }
    }

    /// An array of texts.
    pub(super) fn of_texts() -> Self {
        Self { texts: Some(Vec::new()), ..Self::of_lists() }
    }

    /// An array of lists. Its items are the next array.
    pub(super) fn of_lists() -> Self {
        Self { numbers: Some(vec![0; 4]), ..Self::default() }
    }

    /// An array of `len` structs. Their members are the next arrays.
    pub(super) fn of_structs(len: usize) -> Self {
        Self { len, ..Self::default() }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Appends a bit to the validity bitmap.
    fn push_validity(&mut self, is_valid: bool) {
        if self.len.is_multiple_of(8) {
            self.valid.push(0);
        }
        if let Some(last) = self.valid.last_mut() {
            *last |= u8::from(is_valid) << (self.len % 8);
        }
        self.nulls += usize::from(!is_valid);
        self.len += 1;
    }

    /// Appends a number or null.
    #[inline]
    pub(super) fn number(&mut self, number: Option<i64>) {
        self.push_validity(number.is_some());
        let [a, b, c, d, high @ ..] = number.unwrap_or_default().to_le_bytes();
        if let Some(numbers) = &mut self.numbers {
            numbers.extend_from_slice(&[a, b, c, d]);
            if self.wide {
                numbers.extend_from_slice(&high);
            }
        }
    }

    /// Appends a text or null.
    pub(super) fn text(&mut self, text: Option<&[u8]>) {
        self.push_validity(text.is_some());
        if let (Some(texts), Some(text)) = (&mut self.texts, text) {
            texts.extend_from_slice(text);
            self.end = texts.len();
        }
        self.push_offset();
    }

    /// Appends a list that ends before item `end`.
    pub(super) fn list(&mut self, end: usize) {
        self.push_validity(true);
        self.end = end;
        self.push_offset();
    }

    /// Appends the last offset. An offset beyond 2³² is wrong; an array with one is not used.
    fn push_offset(&mut self) {
        let end = u32::try_from(self.end).unwrap_or(u32::MAX);
        if let Some(numbers) = &mut self.numbers {
            numbers.extend_from_slice(&end.to_le_bytes());
        }
    }
}

/// The body of a message: its arrays.
#[derive(Debug)]
pub(super) struct Body {
    rows: usize,
    /// Length and number of nulls of each array.
    nodes: Vec<[u64; 2]>,
    /// Position and length of each buffer in `bytes`.
    buffers: Vec<[u64; 2]>,
    pub(super) bytes: Vec<u8>,
    /// The greatest offset of all arrays.
    pub(super) greatest: usize,
}

impl Body {
    pub(super) const fn new(rows: usize) -> Self {
        Self { rows, nodes: Vec::new(), buffers: Vec::new(), bytes: Vec::new(), greatest: 0 }
    }

    /// The body of a dictionary: one array of texts.
    pub(super) fn of_texts(texts: &[&str]) -> Self {
        let mut array = Array::of_texts();
        for text in texts {
            array.text(Some(text.as_bytes()));
        }
        let mut body = Self::new(texts.len());
        body.array(array);
        body
    }

    /// Appends an array.
    pub(super) fn array(&mut self, array: Array) {
        self.nodes.push([array.len as u64, array.nulls as u64]);
        self.greatest = self.greatest.max(array.end);
        // An array without nulls has an empty validity bitmap.
        self.buffer(if array.nulls > 0 { &array.valid } else { &[] });
        for buffer in [array.numbers, array.texts].into_iter().flatten() {
            self.buffer(&buffer);
        }
    }

    /// Appends a buffer, padded to a multiple of eight bytes.
    fn buffer(&mut self, buffer: &[u8]) {
        self.buffers.push([self.bytes.len() as u64, buffer.len() as u64]);
        self.bytes.extend_from_slice(buffer);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    /// Writes the table `RecordBatch`.
    pub(super) fn table(&self, builder: &mut Builder) -> usize {
        let buffers = builder.structs(&self.buffers);
        let nodes = builder.structs(&self.nodes);
        let rows = FieldValue::U64(self.rows as u64);
        builder.table(&[
            (0, rows),
            (1, FieldValue::Pointer(nodes)),
            (2, FieldValue::Pointer(buffers)),
        ])
    }
}
