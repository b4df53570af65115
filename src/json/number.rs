//! The exact value of a numeral, without rounding and without floating point.
//! Not here: which texts are numerals of JSON (`read.rs`).

/// The integer that a decimal numeral is exactly: 27 for `27`, `27.0`, `2.7E1`, `2700e-2`.
///
/// `None` for a fraction and for what is no numeral. An integer beyond 64 bits is the last one within
/// them, so that it is not safe either. A sign may be `+`, and zeros may lead, as texts have them.
#[must_use]
pub fn exact_integer(numeral: &str) -> Option<i64> {
    let (mantissa, exponent) = numeral.split_once(['e', 'E']).unwrap_or((numeral, "0"));
    let (negative, mantissa) = sign(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // The value is that of the digits up to the last that is not 0, times ten to the power of `scale`.
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

/// The number times ten, so many times. Nineteen times is beyond 64 bits.
fn times_ten(value: i64, times: u32) -> i64 {
    (0..times.min(19)).fold(value, |value, _| value.saturating_mul(10))
}

/// An exponent, cut to a number beyond all that a numeral of this world has digits for.
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
