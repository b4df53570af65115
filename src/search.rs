//! Substring search in short texts. The standard library's search is made for long texts and adds two
//! kilobytes. Not here: search in a column (`columns/substring.rs`).

/// The position of the first `pattern`, in bytes. `pattern` must not be empty.
fn find(text: &str, pattern: &str) -> Option<usize> {
    text.as_bytes().windows(pattern.len()).position(|part| part == pattern.as_bytes())
}

pub(crate) fn contains(text: &str, pattern: &str) -> bool {
    find(text, pattern).is_some()
}

/// The text before the first `pattern`, and the text after it.
pub(crate) fn split_once<'a>(text: &'a str, pattern: &str) -> Option<(&'a str, &'a str)> {
    let position = find(text, pattern)?;
    Some((text.get(..position)?, text.get(position + pattern.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::{contains, split_once};

    #[test]
    fn search_finds_what_the_standard_library_finds() {
        let texts = ["", "a", "aab", "a://b://c", "登录", "请登录！", "录", "://", "aaab"];
        for text in texts {
            for pattern in ["a", "ab", "://", "登录", "录", "aab", "b"] {
                assert_eq!(
                    split_once(text, pattern),
                    text.split_once(pattern),
                    "{pattern} in {text}"
                );
                assert_eq!(contains(text, pattern), text.contains(pattern), "{pattern} in {text}");
            }
        }
    }
}
