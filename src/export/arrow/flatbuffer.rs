//! Flatbuffers, as far as Arrow's messages need them.
//!
//! A buffer is written from its end to its beginning, so that what is pointed to exists already.
//! Positions count from the end. Not here: what the tables mean (`schema.rs`, `mod.rs`).

/// A value in a table.
#[derive(Debug, Clone, Copy)]
pub(super) enum Object {
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    /// Something written before, at this position.
    At(usize),
}

impl Object {
    const fn size(self) -> usize {
        match self {
            Self::U8(_) => 1,
            Self::U16(_) => 2,
            Self::U32(_) | Self::At(_) => 4,
            Self::U64(_) => 8,
        }
    }
}

/// Bytes in reverse order.
#[derive(Debug, Default)]
pub(super) struct Builder {
    reversed: Vec<u8>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    fn put(&mut self, bytes: &[u8]) {
        self.reversed.extend(bytes.iter().rev());
    }

    /// Fills up, so that what is put after `length` more bytes ends at a multiple of `alignment`.
    fn align(&mut self, alignment: usize, length: usize) {
        let end = (self.reversed.len() + length).next_multiple_of(alignment) - length;
        self.reversed.resize(end, 0);
    }

    fn count(&mut self, count: usize) -> usize {
        self.put(&u32::try_from(count).unwrap_or_default().to_le_bytes());
        self.reversed.len()
    }

    /// Puts the distance from here to a position.
    fn offset(&mut self, at: usize) {
        let here = self.reversed.len() + 4;
        self.put(&u32::try_from(here - at).unwrap_or_default().to_le_bytes());
    }

    pub(super) fn text(&mut self, text: &str) -> usize {
        self.align(4, text.len() + 1);
        self.put(&[0]);
        self.put(text.as_bytes());
        self.count(text.len())
    }

    /// A vector of things written before.
    pub(super) fn offsets(&mut self, positions: &[usize]) -> usize {
        self.align(4, positions.len() * 4);
        for at in positions.iter().rev() {
            self.offset(*at);
        }
        self.count(positions.len())
    }

    /// A vector of structs of so many numbers.
    pub(super) fn structs<const NUMBERS: usize>(&mut self, structs: &[[u64; NUMBERS]]) -> usize {
        self.align(8, size_of_val(structs));
        for number in structs.as_flattened().iter().rev() {
            self.put(&number.to_le_bytes());
        }
        self.count(structs.len())
    }

    /// A table of the fields given, each by its number in the schema.
    pub(super) fn table(&mut self, fields: &[(usize, Object)]) -> usize {
        let start = self.reversed.len();
        let mut ends = Vec::with_capacity(fields.len());
        for size in [8, 4, 2, 1] {
            for (number, object) in fields.iter().filter(|(_, object)| object.size() == size) {
                self.align(size, size);
                match *object {
                    Object::U8(value) => self.put(&[value]),
                    Object::U16(value) => self.put(&value.to_le_bytes()),
                    Object::U32(value) => self.put(&value.to_le_bytes()),
                    Object::U64(value) => self.put(&value.to_le_bytes()),
                    Object::At(at) => self.offset(at),
                }
                ends.push((*number, self.reversed.len()));
            }
        }
        self.align(4, 0);
        // The distance to the table of positions, which is put right before it.
        let slots = fields.iter().map(|(number, _)| number + 1).max().unwrap_or(0);
        let before = 4 + slots * 2;
        self.put(&u32::try_from(before).unwrap_or_default().to_le_bytes());
        let table = self.reversed.len();
        for slot in (0..slots).rev() {
            let end = ends.iter().find(|(number, _)| *number == slot).map(|(_, end)| *end);
            let position = end.map_or(0, |end| table - end);
            self.put(&u16::try_from(position).unwrap_or_default().to_le_bytes());
        }
        self.put(&u16::try_from(table - start).unwrap_or_default().to_le_bytes());
        self.put(&u16::try_from(before).unwrap_or_default().to_le_bytes());
        table
    }

    /// The buffer, whose root is a table.
    pub(super) fn finish(mut self, root: usize) -> Vec<u8> {
        self.align(8, 4);
        self.offset(root);
        self.reversed.reverse();
        self.reversed
    }
}
