//! What spreadsheets do to the cells of a CSV file, and the spellings that keep a text as it is.
//! Not here: the file itself (`export/csv.rs`, `ingest/csv_rows.rs`).

/// Digits that a spreadsheet shows in full. A longer number it rounds, or shows and saves as `8.61E+12`.
const SHOWN_DIGITS: usize = 11;

/// Whether a spreadsheet may compute a text as a formula, perhaps after it removes invisible characters.
fn is_formula(text: &str) -> bool {
    // U+FFFD stands for a control character in the file.
    let is_visible = |character: &char| {
        let zero_width =
            matches!(character, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FFFD}');
        !(zero_width || character.is_whitespace() || character.is_control())
    };
    let operators = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];
    matches!(text.bytes().next(), Some(b'\t' | b'\r' | b'\n'))
        || text.chars().find(is_visible).is_some_and(|first| operators.contains(&first))
}

/// Whether a text needs an apostrophe in front: a formula, and a formula that has apostrophes already.
pub(crate) fn needs_apostrophe(text: &str) -> bool {
    is_formula(text.trim_start_matches('\''))
}

/// Whether a spreadsheet changes the digits of a text: those of a landline (0571…), of an international number (+86…),
/// and of a long id.
pub(crate) fn changes_digits(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let changed = digits.len() < text.len()
        || digits.len() > SHOWN_DIGITS
        || digits.starts_with('0') && digits.len() > 1;
    changed && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text of a cell, without the apostrophe in front of a formula and without the formula round digits.
pub(crate) fn text_of_cell(cell: &str) -> &str {
    let text = cell.strip_prefix('\'').filter(|text| needs_apostrophe(text));
    let digits = || cell.strip_prefix("=\"")?.strip_suffix('"').filter(|text| changes_digits(text));
    text.or_else(digits).unwrap_or(cell)
}
