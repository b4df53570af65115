//! Keeps keys, signatures and phone numbers out of what we print: messages, excerpts, vendor texts.
//! Not here: masking in data and exports, which the caller asks for.

use crate::search::split_once;

const HIDDEN: &str = "***";

/// Digits in a row from which on a number is taken for a phone number (or an id: both are private).
const PHONE_DIGITS: usize = 7;

/// Letters and digits in a row from which on a word is taken for a key or a signature.
const KEY_LENGTH: usize = 16;

/// `text` without phone numbers, without words that look like keys, and without any of `secrets`.
///
/// A phone number is seven or more digits, also with `x` or `*` in their midst and with single
/// spaces or dashes between groups. A key is sixteen or more letters and digits, both among them
/// or not: a long number is a phone number anyhow.
#[must_use]
pub fn redact(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        text = without(&text, secret);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    let mut inside_word = false;
    while let Some(first) = rest.chars().next() {
        let key = if inside_word { 0 } else { key_length(rest) };
        let hidden = key.max(phone_length(rest));
        if hidden > 0 {
            out.push_str(HIDDEN);
        } else {
            out.push(first);
        }
        inside_word = hidden == 0 && is_key_character(first);
        rest = rest.get(hidden.max(first.len_utf8())..).unwrap_or_default();
    }
    out
}

fn without(text: &str, secret: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = split_once(rest, secret) {
        out.push_str(before);
        out.push_str(HIDDEN);
        rest = after;
    }
    out.push_str(rest);
    out
}

const fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '_')
}

/// How many bytes at the beginning of `text` look like a key, 0 when they do not.
fn key_length(text: &str) -> usize {
    let word = text.find(|character| !is_key_character(character)).unwrap_or(text.len());
    let digit = text.bytes().take(word).any(|byte| byte.is_ascii_digit());
    if word >= KEY_LENGTH && digit { word } else { 0 }
}

/// How many bytes at the beginning of `text` are a phone number, 0 when it is none.
fn phone_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut digits, mut end) = (0, 0);
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'x' | b'X' | b'*' if digits >= 3 => digits += 1,
            b'-' | b' ' if index > 0 && bytes.get(index + 1).is_some_and(u8::is_ascii_digit) => {
                continue;
            }
            _ => break,
        }
        end = index + 1;
    }
    if digits >= PHONE_DIGITS { end } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn phone_numbers_go() {
        for number in [
            "13900001234",
            "+8613900001234",
            "139 0000 1234",
            "139-0000-1234",
            "1590000xxxx",
            "159****1234",
            "0571-88880000",
        ] {
            let said = redact(&format!("号码{number}不存在, tel{number}!"), &[]);
            assert!(!said.contains("1234") && !said.contains("0000"), "{said}");
            assert!(said.starts_with("号码") && said.ends_with('!'), "{said}");
        }
        assert!(!redact("20181214-180300_13900001234.wav", &[]).contains("1390"));
    }

    #[test]
    fn keys_and_signatures_go() {
        assert_eq!(redact("sign=OKetYT8T43OLLPeUHRnNLmy8A2Y= bad", &[]), "sign=***= bad");
        assert_eq!(redact("key DemoAppKey000000 unknown", &[]), "key *** unknown");
        assert_eq!(redact("you sent s3cr, yes", &["s3cr".to_owned()]), "you sent ***, yes");
    }

    #[test]
    fn ordinary_words_stay() {
        for text in [
            "参数错误: pageSize 51",
            "HTTP 502 Bad Gateway",
            "internationalisation",
            "<title>登录</title>",
            "",
            "/openapi/v1/task/getTasks",
        ] {
            assert_eq!(redact(text, &[]), text);
        }
    }
}
