//! The frame of a chunk of integers: how its codes become values. The two lowest codes are not values: 0 is an absent
//! value, 1 an unreadable one. Not here: the codes (`integer_chunk.rs`).

/// The lowest code of a value.
pub(crate) const FIRST_VALUE: u64 = 2;

/// The cell of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IntegerCell {
    /// The server sent no value.
    Absent,
    /// The server sent a value that could not be read.
    Unreadable,
    /// A value.
    Integer(i64),
}

impl IntegerCell {
    /// The value; `None` if it is absent or unreadable.
    pub(crate) const fn integer(self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// How codes become values: `base + (code − FIRST_VALUE) × step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(super) base: i64,
    pub(super) step: i64,
}

impl Frame {
    /// The frame of a chunk without values.
    pub(super) const EMPTY: Self = Self { base: 0, step: 1 };

    /// The cell of a code.
    #[inline]
    pub(crate) const fn cell(self, code: u64) -> IntegerCell {
        match code {
            0 => IntegerCell::Absent,
            1 => IntegerCell::Unreadable,
            _ => IntegerCell::Integer(self.value(code)),
        }
    }

    /// The value of a code from [`FIRST_VALUE`] on.
    #[inline]
    #[expect(clippy::cast_possible_wrap, reason = "a code is a distance below 2^55")]
    pub(crate) const fn value(self, code: u64) -> i64 {
        let distance = code.wrapping_sub(FIRST_VALUE) as i64;
        self.base.wrapping_add(distance.wrapping_mul(self.step))
    }

    /// The number to which a code is added for its value, if the step is 1 and values and codes have 32 bits. The sum
    /// wraps.
    #[inline]
    pub(crate) fn shift(self, least: i64, most: i64) -> Option<u32> {
        let first = i64::try_from(FIRST_VALUE).ok().filter(|_| self.step == 1)?;
        let (_, most, code) = (
            u32::try_from(least).ok()?,
            u32::try_from(most).ok()?,
            u32::try_from(most.wrapping_sub(self.base).wrapping_add(first)).ok()?,
        );
        Some(most.wrapping_sub(code))
    }

    /// The code of a cell; `None` if the frame cannot represent it.
    #[inline]
    pub(crate) fn code(self, cell: IntegerCell) -> Option<u64> {
        let value = match cell {
            IntegerCell::Absent => return Some(0),
            IntegerCell::Unreadable => return Some(1),
            IntegerCell::Integer(value) => value,
        };
        let distance = u64::try_from(value.wrapping_sub(self.base)).ok()?;
        if self.step == 1 {
            return Some(distance + FIRST_VALUE);
        }
        let step = self.step.unsigned_abs();
        (distance % step == 0).then(|| distance / step + FIRST_VALUE)
    }

    /// Writes the codes of values to `out` and returns the greatest; `None` if the frame cannot represent one
    /// of the values.
    pub(super) fn encode(self, values: &[i64], out: &mut [u64]) -> Option<u64> {
        let step = self.step.unsigned_abs();
        let (mut most, mut fit) = (0, true);
        for (value, out) in values.iter().zip(out) {
            let distance = value.wrapping_sub(self.base);
            fit &= distance >= 0;
            let distance = distance.cast_unsigned();
            let mut steps = distance;
            if step != 1 {
                // A division of doubles is faster, and exact for multiples of the step.
                #[expect(
                    clippy::cast_precision_loss,
                    clippy::cast_sign_loss,
                    clippy::cast_possible_truncation,
                    reason = "the product below detects an inexact quotient"
                )]
                let quotient = (distance as f64 / step as f64) as u64;
                steps = quotient;
                fit &= steps.wrapping_mul(step) == distance;
            }
            *out = steps.wrapping_add(FIRST_VALUE);
            most = most.max(*out);
        }
        fit.then_some(most)
    }

    /// The lowest and the highest code of the values from `least` to `most`; `None` if there are none.
    pub(crate) fn codes(self, least: i64, most: i64) -> Option<(u64, u64)> {
        let step = self.step.unsigned_abs();
        let above = u64::try_from(least.saturating_sub(self.base)).unwrap_or(0).div_ceil(step);
        let below = u64::try_from(most.saturating_sub(self.base)).ok()? / step;
        (above <= below).then_some((above + FIRST_VALUE, below + FIRST_VALUE))
    }
}

/// The lower 32 bits of a code.
#[expect(clippy::cast_possible_truncation, reason = "the other bits are not wanted")]
#[inline]
pub(crate) const fn low_half(code: u64) -> u32 {
    code as u32
}
