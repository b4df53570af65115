//! The exact integer value of a decimal numeral, without floating point.
//! Not here: which texts are JSON numerals (`read.rs`).

/// The exact integer value of a decimal numeral: 27 for `27`, `27.0`, `2.7E1`, `2700e-2`.
///
/// `None` for a fraction and for a text that is not a numeral. An integer beyond 64 bits becomes the greatest or
/// least one within them, which is not safe either. The numeral may have the sign `+` and leading zeros.
#[must_use]
pub fn exact_integer(numeral: &str) -> Option<i64> {
    let (mantissa, exponent) = numeral.split_once(['e', 'E']).unwrap_or((numeral, "0"));
    let (negative, mantissa) = sign(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // `value` has the digits up to the last that is not 0; the numeral is `value` × 10^`scale`.
    let (mut value, mut zeros) = (0_i64, 0_u32);
    for digit in whole.bytes().chain(fraction.bytes()) {
        zeros += 1;
        match digit {
            b'0' => {}
            b'1'..=b'9' => {
                value = times_ten(value, zeros).saturating_add(i64::from(digit - b'0'));
                zeros = 0;
            }
            _ => return None,
        }
    }
    let scale = exponent_of(exponent)? + i64::from(zeros) - i64::try_from(fraction.len()).ok()?;
    if whole.is_empty() || (value != 0 && scale < 0) {
        return None;
    }
    let value = times_ten(value, u32::try_from(scale).unwrap_or(0));
    Some(if negative { -value } else { value })
}

fn sign(numeral: &str) -> (bool, &str) {
    match numeral.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, numeral.strip_prefix('+').unwrap_or(numeral)),
    }
}

/// `value` × 10^`times`, saturating. 10^19 is beyond 64 bits.
fn times_ten(value: i64, times: u32) -> i64 {
    (0..times.min(19)).fold(value, |value, _| value.saturating_mul(10))
}

/// The value of an exponent, limited to 2³² − 1: no numeral has so many digits.
fn exponent_of(exponent: &str) -> Option<i64> {
    let (negative, digits) = sign(exponent);
    if digits.is_empty() {
        return None;
    }
    let mut value = 0;
    for digit in digits.bytes() {
        let digit = char::from(digit).to_digit(10)?;
        value = (value * 10 + i64::from(digit)).min(u32::MAX.into());
    }
    Some(if negative { -value } else { value })
}
