//! Removes keys, signatures and phone numbers from messages, excerpts and vendor texts.
//! Not here: masks of exported data, an option of the caller (`export/mask.rs`).

use crate::search::split_once;

const HIDDEN: &str = "***";

/// A number with at least this many digits counts as a phone number. It may be an id: both are private.
const PHONE_DIGITS: usize = 7;

/// A word with at least this many letters and digits counts as a key or a signature.
const KEY_LENGTH: usize = 16;

/// `text` without phone numbers, without words that look like keys, and without any of `secrets`.
///
/// A phone number has seven or more digits. After the third digit, `x` and `*` count as digits; single spaces or
/// dashes may separate groups. A key has sixteen or more letters and digits, at least one digit among them.
#[must_use]
pub fn redact(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        text = without_secret(&text, secret);
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

fn without_secret(text: &str, secret: &str) -> String {
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

/// The length in bytes of the key at the beginning of `text`; 0 if there is none.
fn key_length(text: &str) -> usize {
    let word = text.find(|character| !is_key_character(character)).unwrap_or(text.len());
    let digit = text.bytes().take(word).any(|byte| byte.is_ascii_digit());
    if word >= KEY_LENGTH && digit { word } else { 0 }
}

/// The length in bytes of the phone number at the beginning of `text`; 0 if there is none.
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
    fn phone_numbers_are_removed() {
        for number in [
            "13900001234",
            "+8613900001234",
            "139 0000 1234",
            "139-0000-1234",
            "1590000xxxx",
            "159****1234",
            "0571-88880000",
        ] {
            let redacted = redact(&format!("号码{number}不存在, tel{number}!"), &[]);
            assert!(!redacted.contains("1234") && !redacted.contains("0000"), "{redacted}");
            assert!(redacted.starts_with("号码") && redacted.ends_with('!'), "{redacted}");
        }
        assert!(!redact("20181214-180300_13900001234.wav", &[]).contains("1390"));
    }

    #[test]
    fn keys_signatures_and_given_secrets_are_removed() {
        assert_eq!(redact("sign=OKetYT8T43OLLPeUHRnNLmy8A2Y= bad", &[]), "sign=***= bad");
        assert_eq!(redact("key DemoAppKey000000 unknown", &[]), "key *** unknown");
        assert_eq!(redact("you sent s3cr, yes", &["s3cr".to_owned()]), "you sent ***, yes");
    }

    #[test]
    fn ordinary_words_are_kept() {
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
