//! Numerals with a fraction or an exponent, as doubles.
//!
//! The standard library's parser carries ten kilobytes of tables. A numeral of up to nineteen
//! digits needs none: 128-bit integers divide it exactly. Longer ones are not read here, and the
//! caller keeps their digits.

/// The double nearest to `digits · 10^exponent`, ties to even, or `None` out of reach:
/// exponents below −19, and products that do not fit 128 bits.
pub(super) fn to_double(digits: u64, exponent: i32) -> Option<f64> {
    let scale = 10_u128.checked_pow(exponent.unsigned_abs())?;
    let digits = u128::from(digits);
    if exponent >= 0 {
        return Some(nearest(digits.checked_mul(scale)?));
    }
    if digits == 0 {
        return Some(0.0);
    }
    if exponent < -19 {
        return None;
    }
    // The quotient has at least 64 significant bits, more than the 54 that decide the rounding;
    // what is below them only has to be seen to be there, in the lowest bit.
    let shift = digits.leading_zeros();
    let shifted = digits << shift;
    let quotient = (shifted / scale) | u128::from(shifted % scale != 0);
    Some(nearest(quotient) * power_of_two(-i64::from(shift)))
}

#[expect(clippy::cast_precision_loss, reason = "rounding to nearest, ties to even, is the purpose")]
const fn nearest(number: u128) -> f64 {
    number as f64
}

/// 2^exponent, for exponents of normal doubles.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(u64::try_from(exponent + 1023).unwrap_or(0) << 52)
}
