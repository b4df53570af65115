//! The label of a code. Not here: the code tables (`codes.rs`).

use super::{CodeTable, Language};

/// The label of `code` in `table`: "未知(37)" or "unknown (37)" for an unknown code, "未知" or "unknown" for `None`.
#[must_use]
pub fn label(table: CodeTable, code: Option<&str>, language: Language) -> String {
    let known = table.codes().iter().find(|known| Some(known.code) == code);
    match (known, code, language) {
        (Some(known), _, language) => known.label.of(language).to_owned(),
        (None, Some(code), Language::Zh) => format!("未知({code})"),
        (None, Some(code), Language::En) => format!("unknown ({code})"),
        (None, None, Language::Zh) => "未知".to_owned(),
        (None, None, Language::En) => "unknown".to_owned(),
    }
}
