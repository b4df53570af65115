//! Arrays of values as Arrow lays them out: bitmaps of what is there, offsets, values, each buffer at
//! a multiple of eight bytes. Not here: whose values they are (`mod.rs`).

use super::flatbuffer::{Builder, Object};

/// One array on its way into a body.
#[derive(Debug, Default)]
pub(super) struct Array {
    len: usize,
    nulls: usize,
    /// A bit for each value that is there.
    valid: Vec<u8>,
    /// Numbers, or where texts and lists end.
    numbers: Option<Vec<u8>>,
    /// Numbers of 64 bits.
    wide: bool,
    /// The texts themselves.
    texts: Option<Vec<u8>>,
    /// The greatest offset.
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

    /// An array of lists, whose items are the next array.
    pub(super) fn of_lists() -> Self {
        Self { numbers: Some(vec![0; 4]), ..Self::default() }
    }

    /// An array of so many structs, whose parts are the next arrays.
    pub(super) fn of_structs(len: usize) -> Self {
        Self { len, ..Self::default() }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    fn mark(&mut self, is_there: bool) {
        if self.len.is_multiple_of(8) {
            self.valid.push(0);
        }
        if let Some(last) = self.valid.last_mut() {
            *last |= u8::from(is_there) << (self.len % 8);
        }
        self.nulls += usize::from(!is_there);
        self.len += 1;
    }

    #[inline]
    pub(super) fn number(&mut self, number: Option<i64>) {
        self.mark(number.is_some());
        let [a, b, c, d, high @ ..] = number.unwrap_or_default().to_le_bytes();
        if let Some(numbers) = &mut self.numbers {
            numbers.extend_from_slice(&[a, b, c, d]);
            if self.wide {
                numbers.extend_from_slice(&high);
            }
        }
    }

    pub(super) fn text(&mut self, text: Option<&[u8]>) {
        self.mark(text.is_some());
        if let (Some(texts), Some(text)) = (&mut self.texts, text) {
            texts.extend_from_slice(text);
            self.end = texts.len();
        }
        self.offset();
    }

    /// A list that ends before this item.
    pub(super) fn list(&mut self, end: usize) {
        self.mark(true);
        self.end = end;
        self.offset();
    }

    /// Beyond 2³² an offset is nonsense; such an array is not used.
    fn offset(&mut self) {
        let end = u32::try_from(self.end).unwrap_or(u32::MAX);
        if let Some(numbers) = &mut self.numbers {
            numbers.extend_from_slice(&end.to_le_bytes());
        }
    }
}

/// The arrays of a message.
#[derive(Debug)]
pub(super) struct Body {
    rows: usize,
    /// Length and nulls of each array.
    nodes: Vec<[u64; 2]>,
    /// Position and length of each buffer in `bytes`.
    buffers: Vec<[u64; 2]>,
    pub(super) bytes: Vec<u8>,
    /// The greatest offset of all.
    pub(super) greatest: usize,
}

impl Body {
    pub(super) const fn new(rows: usize) -> Self {
        Self { rows, nodes: Vec::new(), buffers: Vec::new(), bytes: Vec::new(), greatest: 0 }
    }

    /// A body of nothing but texts, as a dictionary is.
    pub(super) fn of_texts(texts: &[&str]) -> Self {
        let mut array = Array::of_texts();
        for text in texts {
            array.text(Some(text.as_bytes()));
        }
        let mut body = Self::new(texts.len());
        body.array(array);
        body
    }

    pub(super) fn array(&mut self, array: Array) {
        self.nodes.push([array.len as u64, array.nulls as u64]);
        self.greatest = self.greatest.max(array.end);
        // Where nothing is null, there is no bitmap.
        self.buffer(if array.nulls > 0 { &array.valid } else { &[] });
        for buffer in [array.numbers, array.texts].into_iter().flatten() {
            self.buffer(&buffer);
        }
    }

    fn buffer(&mut self, buffer: &[u8]) {
        self.buffers.push([self.bytes.len() as u64, buffer.len() as u64]);
        self.bytes.extend_from_slice(buffer);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    /// `RecordBatch`.
    pub(super) fn table(&self, builder: &mut Builder) -> usize {
        let buffers = builder.structs(&self.buffers);
        let nodes = builder.structs(&self.nodes);
        let rows = Object::U64(self.rows as u64);
        builder.table(&[(0, rows), (1, Object::At(nodes)), (2, Object::At(buffers))])
    }
}
