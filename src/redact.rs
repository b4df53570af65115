//! Removes keys, signatures and phone numbers from messages, excerpts and vendor texts.
//! Not here: masks of exported data, an option of the caller (`export/mask.rs`).

use crate::phone::{covered, places};
use crate::search::split_once;

const HIDDEN: &str = "***";

/// A word with at least this many letters and digits counts as a key or a signature.
const KEY_LENGTH: usize = 16;

/// `text` without phone numbers, without words that look like keys, and without any of `secrets`.
///
/// `phone.rs` finds the phone numbers. A key has sixteen or more letters and digits, at least one digit among them.
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
        if key > 0 {
            out.push_str(HIDDEN);
        } else {
            out.push(first);
        }
        inside_word = key == 0 && is_key_character(first);
        rest = rest.get(key.max(first.len_utf8())..).unwrap_or_default();
    }
    covered(&out, &places(&out), HIDDEN)
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
