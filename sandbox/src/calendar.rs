//! Formats of instants: Shanghai wall-clock time (UTC+8, no daylight saving) in
//! bodies, GMT in the `datetime` and `Date` headers. Instants are seconds since 1970-01-01 UTC.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
const SHANGHAI: i64 = 8 * 3600;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// Days since 1970-01-01 of the Shanghai date at an instant.
pub(crate) fn shanghai_day(instant: i64) -> i64 {
    (instant + SHANGHAI).div_euclid(DAY)
}

/// Seconds since Shanghai midnight at an instant.
pub(crate) fn shanghai_seconds(instant: i64) -> i64 {
    (instant + SHANGHAI).rem_euclid(DAY)
}

/// The instant of Shanghai midnight on a day.
pub(crate) fn shanghai_midnight(day: i64) -> i64 {
    day * DAY - SHANGHAI
}

/// `2024-03-15 10:30:00`, in Shanghai.
pub(crate) fn date_time(instant: i64) -> String {
    let mut text = date(shanghai_day(instant));
    text.push(' ');
    push_time(&mut text, shanghai_seconds(instant));
    text
}

/// `2024-03-15`.
pub(crate) fn date(day: i64) -> String {
    let (year, month, day) = civil(day);
    let mut text = String::with_capacity("2024-03-15 10:30:00".len());
    push_digits(&mut text, year, 4);
    text.push('-');
    push_digits(&mut text, month, 2);
    text.push('-');
    push_digits(&mut text, day, 2);
    text
}

/// `10:30:00`.
pub(crate) fn time_of_day(seconds: i64) -> String {
    let mut text = String::with_capacity("10:30:00".len());
    push_time(&mut text, seconds);
    text
}

fn push_time(text: &mut String, seconds: i64) {
    push_digits(text, seconds / 3600, 2);
    text.push(':');
    push_digits(text, seconds / 60 % 60, 2);
    text.push(':');
    push_digits(text, seconds % 60, 2);
}

/// Six instants of a row are most of its cost, and `format!` is many times slower than this.
fn push_digits(text: &mut String, value: i64, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10_i64.pow(place) % 10;
        text.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
    }
}

/// Parses `2024-03-15`; `None` for every other format and for dates that do not exist.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let mut part = |width: usize| number(parts.next()?, width);
    let day = day_of(part(4)?, part(2)?, part(2)?);
    (date(day) == text).then_some(day)
}

/// RFC 7231 IMF-fixdate: `Thu, 13 Dec 2018 01:27:17 GMT`.
pub(crate) fn http_date(instant: i64) -> String {
    let (year, month, day) = civil(instant.div_euclid(DAY));
    let weekday = name(&WEEKDAYS, instant.div_euclid(DAY).rem_euclid(7));
    let month = name(&MONTHS, month - 1);
    format!("{weekday}, {day:02} {month} {year:04} {} GMT", time_of_day(instant.rem_euclid(DAY)))
}

/// Parses an IMF-fixdate. The weekday is not checked against the date.
pub(crate) fn parse_http_date(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day = number(words.next()?, 2)?;
    let month = words.next()?;
    let month = MONTHS.iter().zip(1..).find(|(known, _)| **known == month)?.1;
    let year = number(words.next()?, 4)?;
    let mut clock = words.next()?.splitn(3, ':');
    let mut part = || number(clock.next()?, 2);
    let seconds = part()? * 3600 + part()? * 60 + part()?;
    let complete = words.next() == Some("GMT") && words.next().is_none();
    complete.then_some(day_of(year, month, day) * DAY + seconds)
}

fn number(text: &str, width: usize) -> Option<i64> {
    let digits = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn name(names: &[&'static str], at: i64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}

/// Howard Hinnant's `civil_from_days`: proleptic Gregorian (year, month, day).
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day_of_month)
}

/// Howard Hinnant's `days_from_civil`; a day beyond the end of the month continues in the next month.
fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_have_the_vendors_formats() {
        assert_eq!(date_time(1_710_469_800), "2024-03-15 10:30:00");
        assert_eq!(http_date(1_544_664_437), "Thu, 13 Dec 2018 01:27:17 GMT");
        assert_eq!(date(shanghai_day(1_709_136_000)), "2024-02-29");
    }

    #[test]
    fn malformed_dates_are_rejected() {
        for text in ["2024-2-29", "2023-02-29", "2024-13-01", "\"2024-01-01\"", "20240101", ""] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        for text in ["Thu, 13 Dec 2018 01:27:17 UTC", "Thu, 3 Dec 2018 01:27:17 GMT", "now", ""] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn formatted_instants_parse_to_the_same_instant(instant in -62_000_000_000_i64..250_000_000_000) {
            prop_assert_eq!(parse_http_date(&http_date(instant)), Some(instant));
            let day = shanghai_day(instant);
            prop_assert_eq!(parse_date(&date(day)), Some(day));
            prop_assert_eq!(shanghai_midnight(day) + shanghai_seconds(instant), instant);
        }
    }
}
