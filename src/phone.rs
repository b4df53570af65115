//! Telephone numbers in text: where they stand, and what is left of them, `139****1234`. One recogniser for the
//! CSV (`export/mask.rs`), our messages (`redact.rs`) and the page; the proxy's is the same in TypeScript
//! (`pkg/src/server/phone.ts`), with the tables of this file, and a table of cases holds the two together.
//! Not here: which texts are masked.
//!
//! A number is seven digits or more. Digits count in every script and every form that is a digit by NFKC; what people
//! and programs write between groups, spaces, dashes, dots, brackets, invisible characters, is ignored. Dates stay.

use std::ops::Range;

use crate::time::month_length;

/// Digits from which on a number is a telephone number. What is shorter, like 10086, is a service's.
pub const TELEPHONE: usize = 7;

/// Digits that no telephone number has: what is longer is masked, and not looked through.
const TOO_LONG: usize = 64;

/// The zeros of the scripts whose ten digits follow one another, and of other forms of our own. ASCII is not among them.
#[rustfmt::skip]
pub static ZEROS: [u32; 78] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6,
    0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090,
    0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0x2080, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
    0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0,
    0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950,
    0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0,
    0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140,
    0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1F101, 0x1FBF0,
];

/// Other forms of numbers up to 50, superscripts and numbers in circles: the first character, the last, its value.
#[rustfmt::skip]
pub static OTHER_NUMBERS: [(u32, u32, u8); 11] = [
    (0xB2, 0xB3, 3), (0xB9, 0xB9, 1), (0x2070, 0x2070, 0), (0x2074, 0x2079, 9),
    (0x2460, 0x2473, 20), (0x2474, 0x2487, 20), (0x2488, 0x249B, 20), (0x24EA, 0x24EA, 0),
    (0x3251, 0x325F, 35), (0x32B1, 0x32BF, 50), (0x1F100, 0x1F100, 0),
];

/// What may stand between the digits of a number, first and last character: blanks and dashes of all kinds, brackets,
/// dots, slashes, underscores, accents, and what is not to be seen.
#[rustfmt::skip]
pub static BETWEEN: [(u32, u32); 60] = [
    (0x9, 0x9), (0x20, 0x20), (0x28, 0x29), (0x2D, 0x2F), (0x5F, 0x5F), (0xA0, 0xA0),
    (0xAD, 0xAD), (0xB7, 0xB7), (0x300, 0x36F), (0x387, 0x387), (0x58A, 0x58A), (0x5BE, 0x5BE),
    (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2),
    (0x115F, 0x1160), (0x1400, 0x1400), (0x1680, 0x1680), (0x17B4, 0x17B5), (0x1806, 0x1806), (0x180B, 0x180F),
    (0x2000, 0x206F), (0x207B, 0x207E), (0x208B, 0x208E), (0x20D0, 0x20F0), (0x2212, 0x2212), (0x2E17, 0x2E17),
    (0x2E1A, 0x2E1A), (0x2E3A, 0x2E3B), (0x2E40, 0x2E40), (0x2E5D, 0x2E5D), (0x3000, 0x3000), (0x301C, 0x301C),
    (0x3030, 0x3030), (0x30A0, 0x30A0), (0x30FB, 0x30FB), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFE19, 0xFE19),
    (0xFE20, 0xFE4F), (0xFE52, 0xFE52), (0xFE58, 0xFE5A), (0xFE63, 0xFE63), (0xFEFF, 0xFEFF), (0xFF08, 0xFF09),
    (0xFF0D, 0xFF0F), (0xFF3F, 0xFF3F), (0xFF65, 0xFF65), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x10EAD, 0x10EAD),
    (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
];

/// A digit of a text, or a character in the place of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Digit {
    /// Where its character begins and ends, in bytes. A number in a circle may have two digits.
    at: usize,
    end: usize,
    /// `0` to `9`, or `*`.
    value: u8,
    /// No digit stands directly before it.
    starts: bool,
}

/// What is looked for in a text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search<'a> {
    /// The customer's number, as [`own_digits`] has it.
    pub own: &'a [u8],
    /// The digits of the call's id, which is no telephone number.
    pub id: &'a [u8],
    /// Whatever looks like a number, not the customer's own alone.
    pub all: bool,
}

/// The digits of a customer's number as it is sent; none where it is short.
#[must_use]
pub fn own_digits(telephone: &str) -> Vec<u8> {
    let digits = digits_of(telephone);
    let mut own: Vec<u8> = digits.iter().map(|digit| digit.value).collect();
    own.retain(|value| *value != b'*');
    if own.len() == 13 && own.starts_with(b"86") {
        own.drain(..2);
    }
    if !(TELEPHONE..TOO_LONG).contains(&own.len()) {
        own.clear();
    }
    own
}

/// The telephone number itself: all its digits are one number, whatever stands between them.
#[must_use]
pub fn mask_number(text: &str) -> String {
    let digits = digits_of(text);
    if digits.len() >= TOO_LONG {
        return mask_text(text, Search { all: true, ..Search::default() });
    }
    let mut hidden = Vec::new();
    if digits.len() >= TELEPHONE {
        hide(&digits, &mut hidden);
    }
    covered(text, &hidden, "*")
}

/// A text that may have numbers in it, also with stars among their digits.
#[must_use]
pub fn mask_text(text: &str, search: Search<'_>) -> String {
    let mut hidden = Vec::new();
    if may_hold_number(text) {
        each_number(text, search, &mut |number| hide(number, &mut hidden));
    }
    covered(text, &hidden, "*")
}

/// Where telephone numbers stand in a text, in bytes.
#[must_use]
pub fn places(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    each_number(text, Search { all: true, ..Search::default() }, &mut |number| {
        if let [first, .., last] = number {
            places.push(first.at..last.end);
        }
    });
    places
}

/// Whether there can be enough digits in a text. Most texts have none.
fn may_hold_number(text: &str) -> bool {
    let weight = |byte: u8| match byte {
        b'0'..=b'9' | b'*' | b'x' | b'X' => 1,
        // The first bytes of usual Chinese characters, and bytes that are no first ones.
        0..=0xBF | 0xE4..=0xE9 => 0,
        // A number in a circle has two digits.
        _ => 2,
    };
    text.bytes().map(weight).sum::<usize>() >= TELEPHONE
}

/// A number of up to two digits that a character is by itself.
fn number(character: char) -> Option<u8> {
    if character.is_ascii() {
        return character.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
    }
    let code = u32::from(character);
    // Most of what is no digit is Chinese.
    if (0x3400..0xA000).contains(&code) {
        return None;
    }
    let after = ZEROS.partition_point(|zero| *zero <= code);
    if let Some(value) = after.checked_sub(1).and_then(|at| code.checked_sub(*ZEROS.get(at)?))
        && value < 10
    {
        return u8::try_from(value).ok();
    }
    let (_, last, value) =
        OTHER_NUMBERS.iter().find(|(first, last, _)| (*first..=*last).contains(&code))?;
    value.checked_sub(u8::try_from(last - code).ok()?)
}

fn is_between(character: char) -> bool {
    let code = u32::from(character);
    if character.is_ascii_alphanumeric() {
        return false;
    }
    let after = BETWEEN.partition_point(|(first, _)| *first <= code);
    after.checked_sub(1).and_then(|at| BETWEEN.get(at)).is_some_and(|(_, last)| code <= *last)
}

/// Adds the digits of a character; gives whether it has any. Stars and crosses are digits from the fourth on.
fn push(digits: &mut Vec<Digit>, at: usize, character: char, starts: bool) -> bool {
    let stands_for_one = digits.len() >= 3 && matches!(character, '*' | 'x' | 'X' | '＊');
    let end = at + character.len_utf8();
    let mut push = |value, starts| digits.push(Digit { at, end, value, starts });
    match number(character) {
        Some(value @ ..10) => push(b'0' + value, starts),
        Some(value) => {
            push(b'0' + value / 10, starts);
            push(b'0' + value % 10, false);
        }
        None if stands_for_one => push(b'*', starts),
        None => return false,
    }
    true
}

/// All digits of a text.
fn digits_of(text: &str) -> Vec<Digit> {
    let mut digits = Vec::with_capacity(16);
    for (at, character) in text.char_indices() {
        push(&mut digits, at, character, false);
    }
    digits
}

/// Finds the telephone numbers in a text, run by run: nothing parts the digits of a run but what may stand between
/// digits.
fn each_number(text: &str, search: Search<'_>, found: &mut dyn FnMut(&[Digit])) {
    let mut run = Vec::with_capacity(TOO_LONG);
    let mut starts = true;
    for (at, character) in text.char_indices() {
        if run.is_empty() && character.is_ascii() && !character.is_ascii_digit() {
            continue;
        }
        if push(&mut run, at, character, starts) {
            starts = false;
            continue;
        }
        starts = true;
        if !run.is_empty() && !is_between(character) {
            numbers_in(text, &run, search, found);
            run.clear();
        }
    }
    numbers_in(text, &run, search, found);
}

/// The telephone numbers in a run of digits.
///
/// The customer's own is one wherever its digits follow one another. The call's id and dates part a run. Of what is
/// left all that is long enough is one.
fn numbers_in(text: &str, run: &[Digit], search: Search<'_>, found: &mut dyn FnMut(&[Digit])) {
    let Search { own, all, .. } = search;
    if run.len() < TELEPHONE {
        return;
    }
    if all && run.len() >= TOO_LONG {
        return found(run);
    }
    let (mut from, mut at) = (0, 0);
    while at < run.len() {
        let rest = run.get(at..).unwrap_or_default();
        let owned = has_prefix(rest, own);
        let kept = if owned > 0 { 0 } else { kept(text, rest, at - from, run.len(), search) };
        if owned + kept == 0 {
            at += 1;
            continue;
        }
        if all && at - from >= TELEPHONE {
            found(run.get(from..at).unwrap_or_default());
        }
        if owned > 0 {
            found(rest.get(..owned).unwrap_or_default());
        }
        at += owned + kept;
        from = at;
    }
    if all && run.len() - from >= TELEPHONE {
        found(run.get(from..).unwrap_or_default());
    }
}

/// How many digits at the beginning of `rest` are the call's id or a date.
fn kept(text: &str, rest: &[Digit], before: usize, all: usize, search: Search<'_>) -> usize {
    if !rest.first().is_some_and(|first| first.starts) {
        return 0;
    }
    let group = group(rest);
    if group == search.id.len() && has_prefix(rest, search.id) > 0 {
        return group;
    }
    // A few digits before a date may be the beginning of a number that looks like one.
    let is_mobile = before > 0 && all == 11;
    if (3..TELEPHONE).contains(&before) || is_mobile {
        return 0;
    }
    let date = date_length(text, rest);
    let has_own =
        (1..date).any(|at| has_prefix(rest.get(at..).unwrap_or_default(), search.own) > 0);
    if has_own { 0 } else { date }
}

/// The length of the digits, if these begin with them; else 0.
fn has_prefix(digits: &[Digit], prefix: &[u8]) -> usize {
    let starts = digits.len() >= prefix.len()
        && digits.iter().zip(prefix).all(|(digit, value)| digit.value == *value);
    if starts { prefix.len() } else { 0 }
}

/// The number of digits that directly follow one another.
fn group(digits: &[Digit]) -> usize {
    digits.iter().skip(1).position(|digit| digit.starts).map_or(digits.len(), |at| at + 1)
}

/// The number of digits of the date at the beginning: `2024-02-29`, `2024/2/29`, `2024.02.29`, `20240229`, also with
/// a time of day as one group, `20240229-093000`. 0 where there is none.
fn date_length(text: &str, digits: &[Digit]) -> usize {
    let first = group(digits);
    let (parts, length) = match first {
        8 | 14 => ([4, 2, 2], 8),
        4 => {
            let month = group(digits.get(4..).unwrap_or_default());
            let day = group(digits.get(4 + month..).unwrap_or_default());
            let separator = |at: usize| {
                let between = digits.get(at - 1)?.at + 1..digits.get(at)?.at;
                text.get(between).filter(|between| matches!(*between, "-" | "/" | "."))
            };
            if !(1..=2).contains(&month) || !(1..=2).contains(&day) {
                return 0;
            }
            match (separator(4), separator(4 + month)) {
                (Some(one), Some(other)) if one == other => {}
                _ => return 0,
            }
            ([4, month, day], 4 + month + day)
        }
        _ => return 0,
    };
    let mut at = 0;
    let mut number = |length: usize| {
        let part = digits.get(at..at + length).unwrap_or_default();
        at += length;
        part.iter().fold(0, |number, digit| number * 10 + i64::from(digit.value - b'0'))
    };
    if digits.iter().take(14).any(|digit| digit.value == b'*') {
        return 0;
    }
    let [year, month, day] = parts.map(&mut number);
    let exists = (1..=12).contains(&month) && (1..=month_length(year, month)).contains(&day);
    if !(1900..2100).contains(&year) || !exists {
        return 0;
    }
    let rest = digits.get(length..).unwrap_or_default();
    let is_time = first == 14 || group(rest) == 6 && rest.first().is_some_and(|digit| digit.starts);
    match (is_time, rest.len().checked_sub(6), [2, 2, 2].map(&mut number)) {
        (true, Some(..=2 | TELEPHONE..), [..24, ..60, ..60]) => length + 6,
        _ if first == 14 => 0,
        _ => length,
    }
}

/// Adds where the middle of a number stands: at least four digits; of a long one the first three and the last four
/// stay, of one that is too long none.
fn hide(number: &[Digit], hidden: &mut Vec<Range<usize>>) {
    let most = if number.len() < TOO_LONG { 7 } else { 0 };
    let kept = number.len().saturating_sub(4).min(most);
    let (first, last) = (kept / 2, number.len() - kept.div_ceil(2));
    hidden.extend(
        number.get(first..last).unwrap_or_default().iter().map(|digit| digit.at..digit.end),
    );
}

/// The text with something else in these places, which follow one another or are the same.
pub(crate) fn covered(text: &str, places: &[Range<usize>], by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for place in places {
        if let Some(before) = text.get(copied..place.start) {
            out.push_str(before);
            out.push_str(by);
            copied = place.end;
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}
