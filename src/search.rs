//! A piece of text in another one. The standard library's search is made for long texts and weighs
//! two kilobytes; ours are short. Not here: looking through a column (`table/scan.rs`).

/// The place of the first `piece`, in bytes. It must not be empty.
fn place(text: &str, piece: &str) -> Option<usize> {
    text.as_bytes().windows(piece.len()).position(|part| part == piece.as_bytes())
}

pub(crate) fn contains(text: &str, piece: &str) -> bool {
    place(text, piece).is_some()
}

/// What stands before and after the first `piece`.
pub(crate) fn split_once<'a>(text: &'a str, piece: &str) -> Option<(&'a str, &'a str)> {
    let place = place(text, piece)?;
    Some((text.get(..place)?, text.get(place + piece.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::{contains, split_once};

    #[test]
    fn finds_what_the_standard_library_finds() {
        let texts = ["", "a", "aab", "a://b://c", "登录", "请登录！", "录", "://", "aaab"];
        for text in texts {
            for piece in ["a", "ab", "://", "登录", "录", "aab", "b"] {
                assert_eq!(split_once(text, piece), text.split_once(piece), "{piece} in {text}");
                assert_eq!(contains(text, piece), text.contains(piece), "{piece} in {text}");
            }
        }
    }
}
