//! Cells of CSV as a row of a program: titles and words of the package's own export become names and codes.
//! Not here: the text, which TypeScript splits into cells; writing CSV (`export/csv.rs`).

use crate::json::{Value, exact_integer, parse};
use crate::schema::{
    DONE_CALL, EXTRA, Field, FieldKind, Holds, INTENT_LEVEL, Language, NO_DATE, Words,
};
use crate::search::split_once;
use crate::spreadsheet::text_of_cell;
use crate::time::canonical_time_ms;

/// The fields of a line, from titles and cells. A title in any language is the name of its field; any other title is a
/// name.
pub(super) fn from_csv(cells: &[(String, Value)]) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    for (title, cell) in cells {
        let Value::Text(cell) = cell else { continue };
        let text = text_of_cell(cell);
        let is_named = |name: &str, words: Option<&Words>| {
            name == title || words.is_some_and(|words| has(words, title))
        };
        let is_level = is_named(INTENT_LEVEL.0, Some(&INTENT_LEVEL.1));
        let field = DONE_CALL.fields.iter().find(|field| is_named(field.name, field.title));
        let (name, value) = match field {
            Some(field) => (field.name, value_of(field, text)),
            None if is_named(EXTRA.0, Some(&EXTRA.1)) => (EXTRA.0, parse(text.as_bytes()).ok()),
            // It follows from the results.
            None if is_level => continue,
            None => (title.as_str(), None),
        };
        let value = value.unwrap_or_else(|| Value::Text(text.to_owned()));
        fields.push((name.to_owned(), value));
    }
    fields
}

/// Whether a text is one of the words in any language.
fn has(words: &Words, text: &str) -> bool {
    Language::ALL.iter().any(|(_, language)| words.of(*language) == text)
}

/// The value of a field; `None` for the text itself.
fn value_of(field: &Field, text: &str) -> Option<Value> {
    match (field.kind, field.holds) {
        (_, Holds::Code(Some(table))) => {
            let known = table.codes().iter().find(|known| has(&known.label, text));
            // An unknown code is in brackets: 未知(37).
            let unknown = || split_once(text, "(")?.1.strip_suffix(')');
            let text = known.map(|known| known.code).or_else(unknown).unwrap_or(text);
            exact_integer(text).map(Value::Int)
        }
        (FieldKind::NamedValues, _) => {
            let mut items = Vec::new();
            let mut rest = Some(text);
            while let Some(text) = rest {
                let split = split_once(text, "; ");
                let (name, value) = split_once(split.map_or(text, |(item, _)| item), ": ")?;
                let member = |key: &str, text: &str| (key.to_owned(), Value::Text(text.to_owned()));
                items.push(Value::Object(vec![member("name", name), member("value", value)]));
                rest = split.map(|(_, rest)| rest);
            }
            Some(Value::List(items))
        }
        (FieldKind::OptionalText, Holds::Instant) => {
            canonical_time_ms(text.as_bytes().try_into().ok()?)?;
            Some(Value::Text(format!("{NO_DATE}{text}")))
        }
        (FieldKind::Text | FieldKind::OptionalText | FieldKind::WallTime, _) => None,
        _ => exact_integer(text).map(Value::Int),
    }
}
