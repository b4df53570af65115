//! Masks of telephone numbers in exported data: `139****1234`.
//! Not here: errors and logs (`redact.rs`), which hide the whole number.

use crate::json::{Value, parse, to_text};
use crate::search::contains;
use crate::time::is_date;

/// The fewest digits of a telephone number of a person. A shorter number, such as 10086, belongs to a service.
const TELEPHONE: usize = 7;

/// The mask for the texts of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct Mask {
    /// The digits of the customer's number; empty if it is short.
    customer: String,
}

impl Mask {
    /// The mask for a row whose customer has this number.
    pub(super) fn of(telephone: &str) -> Self {
        let mut customer: String = telephone.chars().filter_map(digit).collect();
        if customer.len() == 13 && customer.starts_with("86") {
            customer = customer.split_off(2);
        }
        if customer.len() < TELEPHONE {
            customer.clear();
        }
        Self { customer }
    }

    /// Masks the customer's number itself: all digits are one number, with any characters between them.
    pub(super) fn telephone(text: &str) -> String {
        let digits = text.chars().filter(|character| is_digit(*character, 3)).count();
        let mut out = String::with_capacity(text.len());
        if digits >= TELEPHONE {
            write_masked(text, digits, &mut out);
        } else {
            out.push_str(text);
        }
        out
    }

    /// Masks every telephone number in a text: the customer's number, and every run of seven or more digits, also
    /// with stars among the digits and with spaces, dashes or brackets between them. Dates stay. In JSON text,
    /// every string, number and key is masked.
    pub(super) fn text(&self, text: &str) -> String {
        if text.trim_start().starts_with(['{', '['])
            && let Ok(value) = parse(text.as_bytes())
        {
            let masked = self.value(&value);
            return if masked == value { text.to_owned() } else { to_text(&masked) };
        }
        self.mask_runs(text, true)
    }

    /// Masks only the customer's number: the number or name of a line stays.
    pub(super) fn line(&self, text: &str) -> String {
        self.mask_runs(text, false)
    }

    /// Masks strings, numbers and keys of JSON. A masked number becomes a string.
    pub(super) fn value(&self, value: &Value) -> Value {
        let number = |digits: &str| {
            let masked = self.mask_runs(digits, true);
            if masked == digits { value.clone() } else { Value::Text(masked) }
        };
        match value {
            Value::Null | Value::Bool(_) | Value::TooDeep => value.clone(),
            Value::Int(int) => number(&int.to_string()),
            Value::Numeral(numeral) => number(numeral),
            Value::Text(text) => Value::Text(self.text(text)),
            Value::List(items) => Value::List(items.iter().map(|item| self.value(item)).collect()),
            Value::Object(fields) => {
                let field =
                    |(key, item): &(String, Value)| (self.mask_runs(key, true), self.value(item));
                Value::Object(fields.iter().map(field).collect())
            }
        }
    }

    /// Masks runs of digits that contain the customer's number; with `all`, also every other telephone number.
    fn mask_runs(&self, text: &str, all: bool) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|character| digit(character).is_some()) {
            let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
            out.push_str(before);
            let date = date_length(from);
            let (run, digits) =
                run(if date > 0 { from.get(..date).unwrap_or_default() } else { from });
            let (run, after) = from.split_at_checked(run).unwrap_or((from, ""));
            let is_customer = !self.customer.is_empty() && contains(&digits, &self.customer);
            if is_customer || all && date == 0 && digits.len() >= TELEPHONE {
                write_masked(run, digits.len(), &mut out);
            } else {
                out.push_str(run);
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// A digit as ASCII; also reads full-width digits.
fn digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        '０'..='９' => char::from_u32(u32::from(character) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

/// Whether a character is a digit, or masks a digit after `before` digits.
fn is_digit(character: char, before: usize) -> bool {
    digit(character).is_some() || before >= 3 && matches!(character, '*' | 'x' | 'X')
}

/// The length in bytes of the date at the start of a text, `2024-02-29` or `20240229`; 0 without one.
fn date_length(text: &str) -> usize {
    let ends =
        |end| !text.get(end..).is_some_and(|rest| rest.starts_with(|next| is_digit(next, 3)));
    let dashed = text.get(..10).filter(|date| is_date(date) && ends(10));
    let compact = || {
        let (year, day) = text.get(..8)?.split_at_checked(4)?;
        let (month, day) = day.split_at_checked(2)?;
        let plausible = year.starts_with("19") || year.starts_with("20");
        (plausible && ends(8) && is_date(&format!("{year}-{month}-{day}"))).then_some(8)
    };
    dashed.map_or_else(|| compact().unwrap_or(0), str::len)
}

/// The length in bytes of the run of digits at the start of a text, and the digits; masked digits are stars.
fn run(text: &str) -> (usize, String) {
    let (mut digits, mut end, mut between) = (String::new(), 0, 0);
    for (at, character) in text.char_indices() {
        if is_digit(character, digits.len()) {
            digits.push(digit(character).unwrap_or('*'));
            end = at + character.len_utf8();
            between = 0;
        } else if between < 2 && is_separator(character) {
            between += 1;
        } else {
            break;
        }
    }
    (end, digits)
}

/// Whether a character may be between the digits of a number.
const fn is_separator(character: char) -> bool {
    let dash = matches!(character, '-' | '－' | '\u{2010}'..='\u{2015}');
    dash || matches!(character, ' ' | '\u{A0}' | '\u{3000}' | '(' | ')' | '（' | '）')
}

/// Writes a number of `digits` digits with its middle masked: at least four digits become stars; a long number
/// keeps the first three and the last four.
fn write_masked(number: &str, digits: usize, out: &mut String) {
    let kept = digits.saturating_sub(4).min(7);
    let (first, last) = (kept / 2, digits - kept.div_ceil(2));
    let mut position = 0;
    for character in number.chars() {
        if !is_digit(character, 3) {
            out.push(character);
            continue;
        }
        out.push(if position < first || position >= last { character } else { '*' });
        position += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Mask;

    #[test]
    fn a_masked_customer_number_keeps_its_first_and_last_digits() {
        for (number, masked) in [
            ("13900001234", "139****1234"),
            ("139 0000 1234", "139 **** 1234"),
            ("+8613900001234", "+861******1234"),
            ("139****1234", "139****1234"),
            ("1590000xxxx", "159****xxxx"),
            ("0571-88880000", "057*-****0000"),
            ("１３９００００１２３４", "１３９****１２３４"),
            ("88880000", "88****00"),
            ("1234567", "1****67"),
            ("10086", "10086"),
            ("", ""),
        ] {
            assert_eq!(Mask::telephone(number), masked);
        }
    }

    #[test]
    fn when_a_text_is_masked_every_telephone_number_in_it_is_masked() {
        let mask = Mask::of("+86 139 0000 1234");
        for (text, masked) in [
            (
                "https://x/20181214-180300_13900001234.wav",
                "https://x/20181214-180300_139****1234.wav",
            ),
            ("打13911112222或(0571) 8888-0000", "打139****2222或(057*) ****-0000"),
            ("预约 2018-01-25 08:00", "预约 2018-01-25 08:00"),
            ("20240229回访", "20240229回访"),
            ("20240230回访", "20****30回访"),
            ("第123456单", "第123456单"),
            (r#"{"mobile":13911112222,"n":3}"#, r#"{"mobile":"139****2222","n":3}"#),
            (r#"["\u0031\u0033911112222"]"#, r#"["139****2222"]"#),
            (
                r#"{"in":"{\"tel\":\"\\u00313911112222\"}"}"#,
                r#"{"in":"{\"tel\":\"139****2222\"}"}"#,
            ),
            (r#"{ "a" : 1 }"#, r#"{ "a" : 1 }"#),
        ] {
            assert_eq!(mask.text(text), masked);
        }
        assert_eq!(mask.line("057188880000"), "057188880000");
        assert_eq!(mask.line("专线013900001234"), "专线013*****1234");
    }

    #[test]
    fn the_customer_number_is_masked_even_when_it_looks_like_a_date() {
        assert_eq!(Mask::of("19991231").text("x19991231"), "x19****31");
        assert_eq!(Mask::of("10086").text("客户10086"), "客户10086");
    }
}
