//! FlatBuffers writer, with the part of the format that Arrow's messages need.
//!
//! A buffer is written from its end to its start, so that an object exists before a pointer to it. Positions
//! count from the end. Not here: the meaning of the tables (`schema.rs`, `mod.rs`).

/// The value of a field in a table.
#[derive(Debug, Clone, Copy)]
pub(super) enum FieldValue {
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    /// A pointer to the object at this position.
    Pointer(usize),
}

impl FieldValue {
    /// Size in bytes.
    const fn size(self) -> usize {
        match self {
            Self::U8(_) => 1,
            Self::U16(_) => 2,
            Self::U32(_) | Self::Pointer(_) => 4,
            Self::U64(_) => 8,
        }
    }
}

/// A buffer that grows towards its start.
#[derive(Debug, Default)]
pub(super) struct Builder {
    /// The bytes in reverse order.
    reversed: Vec<u8>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Writes bytes before all others.
    fn put(&mut self, bytes: &[u8]) {
        self.reversed.extend(bytes.iter().rev());
    }

    /// Pads, so that after `length` further bytes the position is a multiple of `alignment`.
    fn align(&mut self, alignment: usize, length: usize) {
        let end = (self.reversed.len() + length).next_multiple_of(alignment) - length;
        self.reversed.resize(end, 0);
    }

    /// Writes the length of a vector, and returns the vector's position.
    fn count(&mut self, count: usize) -> usize {
        self.put(&u32::try_from(count).unwrap_or_default().to_le_bytes());
        self.reversed.len()
    }

    /// Writes a pointer to a position, as the distance from here.
    fn offset(&mut self, at: usize) {
        let here = self.reversed.len() + 4;
        self.put(&u32::try_from(here - at).unwrap_or_default().to_le_bytes());
    }

    /// Writes a string, and returns its position.
    pub(super) fn text(&mut self, text: &str) -> usize {
        self.align(4, text.len() + 1);
        self.put(&[0]);
        self.put(text.as_bytes());
        self.count(text.len())
    }

    /// Writes a vector of pointers to objects, and returns its position.
    pub(super) fn offsets(&mut self, positions: &[usize]) -> usize {
        self.align(4, positions.len() * 4);
        for at in positions.iter().rev() {
            self.offset(*at);
        }
        self.count(positions.len())
    }

    /// Writes a vector of structs with `NUMBERS` numbers each, and returns its position.
    pub(super) fn structs<const NUMBERS: usize>(&mut self, structs: &[[u64; NUMBERS]]) -> usize {
        self.align(8, size_of_val(structs));
        for number in structs.as_flattened().iter().rev() {
            self.put(&number.to_le_bytes());
        }
        self.count(structs.len())
    }

    /// Writes a table of fields, each with its number in the FlatBuffers schema, and returns its position.
    pub(super) fn table(&mut self, fields: &[(usize, FieldValue)]) -> usize {
        let start = self.reversed.len();
        let mut ends = Vec::with_capacity(fields.len());
        for size in [8, 4, 2, 1] {
            for (number, value) in fields.iter().filter(|(_, value)| value.size() == size) {
                self.align(size, size);
                match *value {
                    FieldValue::U8(value) => self.put(&[value]),
                    FieldValue::U16(value) => self.put(&value.to_le_bytes()),
                    FieldValue::U32(value) => self.put(&value.to_le_bytes()),
                    FieldValue::U64(value) => self.put(&value.to_le_bytes()),
                    FieldValue::Pointer(at) => self.offset(at),
                }
                ends.push((*number, self.reversed.len()));
            }
        }
        self.align(4, 0);
        // The distance to the vtable, which is directly before the table.
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

    /// The bytes of the buffer; `root` is the position of the root table.
    pub(super) fn finish(mut self, root: usize) -> Vec<u8> {
        self.align(8, 4);
        self.offset(root);
        self.reversed.reverse();
        self.reversed
    }
}
