//! Dates and times as text: Shanghai time (+08:00) and the dates of HTTP headers. Instants are epoch milliseconds.
//! Not here: clocks (`client/transport.rs`, `Clock`).

use std::ops::{Range, RangeInclusive};

/// The offset of Asia/Shanghai from UTC, without daylight saving since 1991.
const SHANGHAI_OFFSET_MS: i64 = 8 * HOUR_MS;
/// The milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// The milliseconds of a calendar day in Shanghai.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// The instants of the years 0000 to 9999 in Shanghai. A text cannot express any other instant.
pub(crate) const INSTANTS: RangeInclusive<i64> = -62_167_248_000_000..=253_402_271_999_999;

/// The instants of the years 2000 to 2099. A number or a compact time outside of this range is not read as a time.
const PLAUSIBLE_INSTANTS: Range<i64> = 946_656_000_000..4_102_416_000_000;

/// A number as epoch milliseconds, if it is in the years 2000 to 2099. Any other number may be seconds, a
/// count or a compact time, and is `None`.
#[must_use]
pub fn epoch_ms(number: i64) -> Option<i64> {
    Some(number).filter(|ms| PLAUSIBLE_INSTANTS.contains(ms))
}

/// Epoch milliseconds of a vendor time, `yyyy-MM-dd HH:mm:ss` in Shanghai.
///
/// Also accepted: a `T` between date and time, a time without seconds, a fraction of a second, an offset from UTC
/// (`Z`, `+08:00`, `+0800`, `+08`), a date alone (its midnight), `yyyyMMddHHmmss` in the years 2000 to
/// 2099. `None` for any other text and for a day that is not in the calendar.
#[must_use]
pub fn shanghai_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(ms) = text.as_bytes().try_into().ok().and_then(compact_ms) {
        return Some(ms);
    }
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
    let (time, offset) = match time.find(['Z', '+', '-']) {
        None => (time, SHANGHAI_OFFSET_MS),
        Some(sign) => (time.get(..sign)?.trim_end(), offset_ms(time.get(sign..)?)?),
    };
    let local = day_number(date)? * DAY_MS + time_ms(time)?;
    Some(local - offset).filter(|ms| INSTANTS.contains(ms))
}

/// Milliseconds since midnight of `HH:mm`, `HH:mm:ss` or `HH:mm:ss.SSS`.
fn time_ms(time: &str) -> Option<i64> {
    let mut parts = time.split(':');
    let hour = digits(parts.next()?, 1, 2)?;
    let minute = digits(parts.next()?, 2, 2)?;
    let (second, milli) = match parts.next() {
        None => (0, 0),
        Some(second) => match second.split_once('.') {
            None => (digits(second, 2, 2)?, 0),
            Some((second, fraction)) => (digits(second, 2, 2)?, milliseconds(fraction)?),
        },
    };
    let exists = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    exists.then_some((hour * 3600 + minute * 60 + second) * 1000 + milli)
}

/// Milliseconds of an offset from UTC: `Z`, `+08:00`, `+0800`, `+08`.
fn offset_ms(offset: &str) -> Option<i64> {
    let sign = match offset.as_bytes().first()? {
        b'Z' => return (offset.len() == 1).then_some(0),
        b'-' => -1,
        _ => 1,
    };
    let hour = digits(offset.get(1..3)?, 2, 2)?;
    let minute = match offset.get(3..)? {
        "" => 0,
        minute => digits(minute.strip_prefix(':').unwrap_or(minute), 2, 2)?,
    };
    (hour < 24 && minute < 60).then_some(sign * (hour * 60 + minute) * 60_000)
}

/// Epoch milliseconds of `yyyyMMddHHmmss` in Shanghai.
fn compact_ms(digits: &[u8; 14]) -> Option<i64> {
    let [y1, y2, y3, y4, mo1, mo2, d1, d2, h1, h2, mi1, mi2, s1, s2] = *digits;
    let date = [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b' '];
    let time = [h1, h2, b':', mi1, mi2, b':', s1, s2];
    canonical_ms(&[&date[..], &time].concat()).and_then(epoch_ms)
}

/// Epoch milliseconds of a vendor time in its canonical form, exactly as [`shanghai_text`] writes it.
#[must_use]
pub fn canonical_ms(text: &[u8]) -> Option<i64> {
    let (date, time) = text.split_first_chunk::<11>()?;
    let [c1, c2, y1, y2, b'-', m1, m2, b'-', d1, d2, b' '] = *date else { return None };
    let (year, month, day) =
        (two_digits(c1, c2)? * 100 + two_digits(y1, y2)?, two_digits(m1, m2)?, two_digits(d1, d2)?);
    let exists = (1..=12).contains(&month) && day >= 1 && day <= month_length(year, month);
    let midnight = days_from_epoch(year, month, day) * DAY_MS - SHANGHAI_OFFSET_MS;
    exists.then_some(midnight + canonical_time_ms(time.try_into().ok()?)?)
}

/// Milliseconds since midnight of exactly `HH:mm:ss`.
#[inline]
#[must_use]
pub fn canonical_time_ms(text: &[u8; 8]) -> Option<i64> {
    // All eight bytes at once: the difference of each from `00:00:00`, at most 9, or 0 for a colon.
    let above = u64::from_le_bytes(*text) ^ u64::from_le_bytes(*b"00:00:00");
    let beyond =
        above.wrapping_add(u64::from_le_bytes(*b"\x76\x76\x7F\x76\x76\x7F\x76\x76")) | above;
    let pairs = above.wrapping_mul(10).wrapping_add(above >> 8);
    let [hour, _, _, minute, _, _, second, _] = pairs.to_le_bytes().map(i64::from);
    let exists = beyond & 0x8080_8080_8080_8080 == 0 && hour < 24 && minute < 60 && second < 60;
    exists.then_some((hour * 3600 + minute * 60 + second) * 1000)
}

/// The number that two digits make.
#[inline]
fn two_digits(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}

/// An instant as `yyyy-MM-dd HH:mm:ss` in Shanghai.
#[must_use]
pub fn shanghai_text(epoch_ms: i64) -> String {
    let local = epoch_ms + SHANGHAI_OFFSET_MS;
    let date = date_text(local.div_euclid(DAY_MS));
    let second = local.rem_euclid(DAY_MS) / 1000;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

/// A time with an offset from UTC as `yyyy-MM-dd HH:mm:ss` in Shanghai; `None` for any other text.
#[must_use]
pub fn shanghai_text_of(text: &str) -> Option<String> {
    // A date is at most ten characters long.
    let mut after_date = text.trim().bytes().skip(10);
    after_date.find(|byte| matches!(byte, b'Z' | b'+' | b'-'))?;
    shanghai_ms(text).map(shanghai_text)
}

/// Hours from 1970-01-01 00:00 in Shanghai to an instant, rounded down.
#[inline]
#[must_use]
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "below 2^53")]
pub fn local_hour(epoch_ms: i64) -> i32 {
    // WebAssembly divides 64-bit integers slowly, so floats are divided. The added half millisecond keeps the
    // quotient further from a whole number than the rounding error.
    (((epoch_ms + SHANGHAI_OFFSET_MS) as f64 + 0.5) / HOUR_MS as f64).floor() as i32
}

/// The instant at which an hour begins. The inverse of [`local_hour`].
#[must_use]
pub fn hour_start_ms(local_hour: i32) -> i64 {
    i64::from(local_hour) * HOUR_MS - SHANGHAI_OFFSET_MS
}

/// A day, counted from 1970-01-01, as `yyyy-MM-dd`.
#[must_use]
pub fn date_text(day: i64) -> String {
    let (year, month, day) = civil_date(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Whether `text` is a calendar day, written `yyyy-MM-dd`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && day_number(text).is_some()
}

/// Epoch milliseconds of an HTTP date in one of the three forms of RFC 9110:
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
#[must_use]
pub fn http_date_ms(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<&str> = text.split([' ', ',', '-']).filter(|part| !part.is_empty()).collect();
    let ([_, day, month, year, time, "GMT" | "UTC"] | [_, month, day, time, year]) = *parts else {
        return None;
    };
    let day = digits(day, 1, 2)?;
    let month =
        MONTHS.iter().zip(1..).find_map(|(name, number)| (*name == month).then_some(number))?;
    let year = match digits(year, 4, 4) {
        Some(year) => year,
        // 70 to 99 mean 1970 to 1999.
        None => (digits(year, 2, 2)? + 30) % 100 + 1970,
    };
    let exists = (1..=month_length(year, month)).contains(&day);
    let midnight = days_from_epoch(year, month, day) * DAY_MS;
    exists.then_some(midnight + canonical_time_ms(time.as_bytes().try_into().ok()?)?)
}

/// Days since 1970-01-01 of `yyyy-MM-dd`.
fn day_number(date: &str) -> Option<i64> {
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4, 4)?;
    let month = digits(parts.next()?, 1, 2)?;
    let day = digits(parts.next()?, 1, 2)?;
    let exists = (1..=12).contains(&month) && day >= 1 && day <= month_length(year, month);
    (exists && parts.next().is_none()).then(|| days_from_epoch(year, month, day))
}

/// Days of a month, from 1.
pub(crate) const fn month_length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar. The computation begins years in March, so
/// that the leap day is the last day of its year.
const fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - 719_468
}

/// Year, month and day. The inverse of [`days_from_epoch`].
const fn civil_date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

/// The number of a text that consists of `least` to `most` ASCII digits.
fn digits(text: &str, least: usize, most: usize) -> Option<i64> {
    let fits =
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Milliseconds of the digits of a fraction of a second; further digits are cut off.
fn milliseconds(fraction: &str) -> Option<i64> {
    digits(fraction, 1, 9)?;
    let mut padded = fraction.bytes().chain(std::iter::repeat(b'0'));
    let mut digit = || padded.next().map_or(0, |byte| i64::from(byte - b'0'));
    Some(digit() * 100 + digit() * 10 + digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_time_is_read_as_shanghai_time() {
        // From a recorded answer of the vendor: 15:28:09 local is 07:28:09 GMT.
        assert_eq!(
            shanghai_ms("2018-12-13 15:28:09"),
            http_date_ms("Thu, 13 Dec 2018 07:28:09 GMT")
        );
        assert_eq!(shanghai_ms("1970-01-01 08:00:00"), Some(0));
        assert_eq!(shanghai_ms("1970-01-01T08:00:00.250"), Some(250));
        assert_eq!(shanghai_ms("2024-02-29"), shanghai_ms("2024-02-29 00:00:00"));
        assert_eq!(shanghai_ms("2024-02-29 9:05"), shanghai_ms("2024-02-29 09:05:00"));
        // As long as a compact time, but not a compact time.
        assert_eq!(shanghai_ms("2024-2-9 09:05"), shanghai_ms("2024-02-09 09:05:00"));
    }

    #[test]
    fn a_time_with_an_offset_is_read_with_its_offset() {
        let expected = shanghai_ms("2024-01-05 09:05:00");
        for text in [
            "2024-01-05T01:05:00Z",
            "2024-01-05T01:05:00.000Z",
            "2024-01-05T01:05Z",
            "2024-01-05 01:05:00Z",
            "2024-01-05T09:05:00+08:00",
            "2024-01-05T09:05:00.000+0800",
            "2024-01-05T09:05:00+08",
            "2024-01-05 09:05:00 +0800",
            "2024-01-04T22:05:00-03:00",
            "2024-01-05T06:35:00+0530",
            "2024-01-05T01:05:00-00:00",
        ] {
            assert_eq!(shanghai_ms(text), expected, "{text}");
        }
    }

    #[test]
    fn digits_alone_are_a_time_only_in_the_years_2000_to_2099() {
        for (text, canonical) in [
            ("20240105090500", "2024-01-05 09:05:00"),
            ("20000101000000", "2000-01-01 00:00:00"),
            ("20991231235959", "2099-12-31 23:59:59"),
        ] {
            assert_eq!(shanghai_ms(text), shanghai_ms(canonical), "{text}");
            let ms = shanghai_ms(canonical).unwrap();
            assert_eq!(epoch_ms(ms), Some(ms));
        }
        for number in [946_656_000_000 - 1, 4_102_416_000_000, 20_240_105_090_500, 1_704_416_700] {
            assert_eq!(epoch_ms(number), None);
        }
    }

    #[test]
    fn instants_outside_of_the_years_0000_to_9999_are_refused() {
        let [first, last] = ["0000-01-01 00:00:00", "9999-12-31 23:59:59.999"].map(shanghai_ms);
        assert_eq!((first, last), (Some(*INSTANTS.start()), Some(*INSTANTS.end())));
        for ms in [*INSTANTS.start(), *INSTANTS.end()] {
            assert_eq!(hour_start_ms(local_hour(ms)).div_euclid(HOUR_MS), ms.div_euclid(HOUR_MS));
        }
        assert_eq!(shanghai_text(*INSTANTS.start()), "0000-01-01 00:00:00");
        assert_eq!(shanghai_text(*INSTANTS.end()), "9999-12-31 23:59:59");
        for beyond in ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+14:00"] {
            assert_eq!(shanghai_ms(beyond), None);
        }
    }

    #[test]
    fn a_time_of_day_is_read_like_a_byte_by_byte_reference() {
        let reference = |text: &[u8; 8]| {
            let [h1, h2, b':', m1, m2, b':', s1, s2] = *text else { return None };
            let [hour, minute, second] =
                [two_digits(h1, h2)?, two_digits(m1, m2)?, two_digits(s1, s2)?];
            let exists = hour < 24 && minute < 60 && second < 60;
            exists.then_some((hour * 3600 + minute * 60 + second) * 1000)
        };
        for text in [b"00:00:00", b"23:59:59", b"19:09:50", b"24:00:00", b"00:60:00", b"00:00:60"] {
            for position in 0..8 {
                for byte in 0..=0xFF {
                    for (other, other_byte) in [(position, byte), (7, b'9'), (7, 0xFF), (0, 0)] {
                        let mut text = *text;
                        text[other] = other_byte;
                        text[position] = byte;
                        assert_eq!(canonical_time_ms(&text), reference(&text), "{text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_text_that_is_not_a_time_is_none() {
        for text in [
            "",
            "-",
            "2023-02-29 10:00:00",
            "2024-13-01 10:00:00",
            "2024-00-10",
            "2024-01-32",
            "2024-01-01 24:00:00",
            "2024-01-01 10:60:00",
            "2024-01-01 10:00:60",
            "24-01-01",
            "2024-01-01 10:00:00:00",
            "2024-01-01 10",
            "2024-01-01 1a:00",
            "２０２４-01-01",
            "2024-01-01 10:00:00.",
            "2024-01-01-01",
            "+024-01-01",
            "20240105",
            "20240230090500",
            "20240105240000",
            "19991231235959",
            "21000101000000",
            "20240105T090500",
            "1704416700",
            "1704416700000",
            "2024-01-05Z",
            "2024-01-05T09:05:00z",
            "2024-01-05T09:05:00ZZ",
            "2024-01-05T09:05:00+8",
            "2024-01-05T09:05:00+24:00",
            "2024-01-05T09:05:00+08:60",
            "2024-01-05T09:05:00+08:0",
            "2024-01-05T09:05:00+08:000",
            "2024-01-05T09:05:00+",
            "2024-01-05T09:05:00+汉字",
            "2024-01-05TZ",
        ] {
            assert_eq!(shanghai_ms(text), None, "{text}");
        }
        assert!(is_date("2024-02-29") && !is_date("2024-2-29") && !is_date("2023-02-29"));
    }

    #[test]
    fn an_http_date_is_read_in_each_of_its_three_forms() {
        let expected = http_date_ms("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(expected, Some(784_111_777_000));
        for same in [
            "Sun, 6 Nov 1994 08:49:37 GMT",
            " Sun, 06 Nov 1994 08:49:37 UTC ",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(http_date_ms(same), expected, "{same}");
        }
        assert_eq!(
            http_date_ms("Friday, 15-Mar-24 00:00:00 GMT"),
            http_date_ms("Fri, 15 Mar 2024 00:00:00 GMT"),
        );
        for invalid in [
            "",
            "13 Dec 2018",
            "Thu, 32 Dec 2018 07:28:09 GMT",
            "Thu, 00 Dec 2018 07:28:09 GMT",
            "Thu, 13 Dez 2018 07:28:09 GMT",
            "Thu, 13 Dec 2018 08:98:37 GMT",
            "Thu, 13 Dec 2018 24:00:00 GMT",
            "Thu, 13 Dec 2018 07:28:60 GMT",
            "Thu, 13 Dec 2018 07:28 GMT",
            "Thu, 13 Dec 2018 7:28:09 GMT",
            "Thu, 13 Dec 2018 07:28:09 +0800",
            "Thu, 13 Dec 2018 07:28:09 CST",
            "Thu, 13 Dec 018 07:28:09 GMT",
            "Thu Dec 13 07:28:98 2018",
        ] {
            assert_eq!(http_date_ms(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn text_and_instant_convert_back_and_forth_over_eight_centuries() {
        let mut ms = shanghai_ms("1601-01-01 00:00:00").unwrap();
        let end = shanghai_ms("2401-01-01 00:00:00").unwrap();
        while ms < end {
            assert_eq!(shanghai_ms(&shanghai_text(ms)), Some(ms));
            ms += 29 * HOUR_MS + 61_000;
        }
    }
}
