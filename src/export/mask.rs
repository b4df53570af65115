//! Telephone numbers without their middle, `139****1234`, in data that leave the page: which values of a row are
//! masked. Not here: what a telephone number is (`phone.rs`), what our own messages hide (`redact.rs`).

use crate::json::{Value, parse, to_text};
use crate::phone::{Search, mask_text, own_digits};

/// The mask for the texts of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct Mask {
    /// The digits of the customer's number.
    own: Vec<u8>,
    /// The call's id, which stands in links to recordings.
    id: String,
}

impl Mask {
    /// The mask of a row whose customer has this number, and whose call has this id.
    pub(super) fn of(telephone: &str, id: i64) -> Self {
        Self { own: own_digits(telephone), id: id.to_string() }
    }

    fn mask(&self, text: &str, id: &str, all: bool) -> String {
        mask_text(text, Search { own: &self.own, id: id.as_bytes(), all })
    }

    /// A text that may have numbers in it. Of JSON text every string, number and key is such a text.
    pub(super) fn text(&self, text: &str) -> String {
        if text.trim_start().starts_with(['{', '['])
            && let Ok(value) = parse(text.as_bytes())
        {
            let masked = self.value(&value);
            return if masked == value { text.to_owned() } else { to_text(&masked) };
        }
        self.mask(text, "", true)
    }

    /// Masks only the customer's number: the number or name of a line stays.
    pub(super) fn line(&self, text: &str) -> String {
        self.mask(text, "", false)
    }

    /// An address, in which the call's id is no telephone number.
    pub(super) fn link(&self, text: &str) -> String {
        self.mask(text, &self.id, true)
    }

    /// Masks strings, numbers and keys of JSON. A masked number becomes a string.
    pub(super) fn value(&self, value: &Value) -> Value {
        let number = |digits: &str, masked: String| {
            if masked == digits { value.clone() } else { Value::Text(masked) }
        };
        match value {
            Value::Null | Value::Bool(_) | Value::TooDeep => value.clone(),
            Value::Int(int) => {
                let digits = int.to_string();
                number(&digits, self.mask(&digits, "", true))
            }
            Value::Numeral(numeral) => number(numeral, self.numeral(numeral)),
            Value::Text(text) => Value::Text(self.text(text)),
            Value::List(items) => Value::List(items.iter().map(|item| self.value(item)).collect()),
            Value::Object(fields) => {
                let field =
                    |(key, item): &(String, Value)| (self.mask(key, "", true), self.value(item));
                Value::Object(fields.iter().map(field).collect())
            }
        }
    }

    /// A numeral that is no integer, or a very long one: its fraction is no part of a telephone number.
    fn numeral(&self, numeral: &str) -> String {
        let own = self.mask(numeral, "", false);
        if own != numeral || numeral.contains("e-") || numeral.contains("E-") {
            return own;
        }
        if numeral.contains(['e', 'E']) {
            return self.mask(numeral, "", true);
        }
        let whole = numeral.split('.').next().unwrap_or_default();
        let masked = self.mask(whole, "", true);
        if masked == whole { numeral.to_owned() } else { masked }
    }
}
