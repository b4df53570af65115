//! What follows the opcode of an instruction.

/// A byte in front of a load or a store whose alignment is not the natural one. No instruction of today has this opcode.
pub const UNNATURAL: u8 = 0x06;

/// What follows an opcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Immediates {
    /// So many numbers in LEB128.
    Numbers(u8),
    /// So many bytes.
    Bytes(u8),
    /// A count, and as many numbers in LEB128.
    List,
    /// The number of a local.
    Local,
    /// The type of a block, which begins here.
    Block,
    /// Nothing: a block ends.
    End,
    /// A label.
    Label,
    /// A count, as many labels, and another one.
    Labels,
    /// Alignment, offset, and so many bytes.
    Memory(u8),
}

impl Immediates {
    /// Those of an instruction; `second` is the second part of an opcode that has two. `None`: the opcode is unknown.
    #[must_use]
    pub const fn of(opcode: u8, second: usize) -> Option<Self> {
        Some(match (opcode, second) {
            (0x02..=0x04, _) => Self::Block,
            (0x0B, _) => Self::End,
            (0x0C | 0x0D, _) => Self::Label,
            (0x0E, _) => Self::Labels,
            (0x20..=0x22, _) => Self::Local,
            (0x1C, _) => Self::List,
            (0x28..=0x3E, _) | (0xFD, 0..=11 | 92 | 93) => Self::Memory(0),
            (0xFD, 84..=91) => Self::Memory(1),
            (0xFD, 12 | 13) => Self::Bytes(16),
            (0x43, _) => Self::Bytes(4),
            (0x44, _) => Self::Bytes(8),
            (0xFD, 21..=34) => Self::Bytes(1),
            (0x11 | 0x13, _) | (0xFC, 8 | 10 | 12 | 14) => Self::Numbers(2),
            (0x10 | 0x12 | 0x23..=0x26 | 0x3F..=0x42 | 0xD0 | 0xD2, _)
            | (0xFC, 9 | 11 | 13 | 15..=17) => Self::Numbers(1),
            (0x00 | 0x01 | 0x05 | 0x0F | 0x1A | 0x1B | 0x45..=0xC4 | 0xD1 | 0xFD, _)
            | (0xFC, 0..=7) => Self::Numbers(0),
            _ => return None,
        })
    }
}

/// The usual alignment of a load or a store; `None` for other instructions, and for vectors.
#[must_use]
pub const fn natural_alignment(opcode: u8) -> Option<u8> {
    // Two bits for each opcode from 0x28 on, the first in the lowest ones.
    const ALIGNMENTS: u64 = 0b10_01_00_01_00_11_10_11_10_10_10_01_01_00_00_01_01_00_00_11_10_11_10;
    match opcode {
        0x28..=0x3E => Some((ALIGNMENTS >> (2 * (opcode - 0x28)) & 3) as u8),
        _ => None,
    }
}
