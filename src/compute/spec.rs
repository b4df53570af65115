//! The spec of a chart as the caller gave it: a subject and options. Not here: what a kind of chart reads of it.

use crate::error::{Error, Result};
use crate::json::Value;

/// Parses a number as JavaScript writes it. The edge uses `parseFloat`, because Rust's parser has many kilobytes.
pub type ParseNumber = fn(&str) -> f64;

/// The spec of a chart of one kind: `{ groupBy: "date", top: 10 }` has the subject `"date"` and the option `top`.
#[derive(Clone, Copy)]
pub(super) struct Spec<'a> {
    /// The key that names the kind.
    pub(super) key: &'static str,
    /// The value of this key.
    pub(super) subject: &'a Value,
    /// The path of the subject in errors.
    pub(super) subject_path: &'a str,
    /// The options, and in linked charts also the key of the kind.
    pub(super) fields: &'a [(String, Value)],
    /// The path of the spec in errors; empty for a question about one set of calls.
    pub(super) path: &'a str,
    pub(super) parse: ParseNumber,
}

impl Spec<'_> {
    /// Whether the chart is one of linked charts.
    pub(super) const fn is_linked(&self) -> bool {
        !self.path.is_empty()
    }

    /// The options with these names; `null` if absent. All other options are refused.
    pub(super) fn options<const N: usize>(&self, names: [&str; N]) -> Result<[&Value; N]> {
        let is_unknown =
            |(name, _): &&(String, Value)| name != self.key && !names.contains(&name.as_str());
        if let Some((unknown, _)) = self.fields.iter().find(is_unknown) {
            return Err(no_such_option(&join(self.path, unknown), &names));
        }
        Ok(names.map(|name| named(self.fields, name)))
    }

    /// The options in the subject itself: an object, or `true` for none.
    pub(super) fn options_of_subject(&self) -> Result<Self> {
        let (fields, path) = match self.subject {
            Value::Null | Value::Bool(true) => (&[][..], self.path),
            Value::Object(fields) if self.is_linked() => (&fields[..], self.subject_path),
            Value::Object(fields) => (&fields[..], ""),
            _ => return Err(Error::invalid_argument(self.subject_path, "expected an object")),
        };
        Ok(Self { fields, path, ..*self })
    }

    /// The error of an option.
    pub(super) fn refuse(&self, name: &str, message: &str) -> Box<Error> {
        Error::invalid_argument(join(self.path, name), message)
    }

    /// The error of the subject.
    pub(super) fn refuse_subject(&self, message: &str) -> Box<Error> {
        Error::invalid_argument(self.subject_path, message)
    }

    /// A flag; `false` if absent.
    pub(super) fn flag(&self, name: &str, value: &Value) -> Result<bool> {
        match value {
            Value::Null => Ok(false),
            Value::Bool(flag) => Ok(*flag),
            _ => Err(self.refuse(name, "expected true or false")),
        }
    }

    /// A whole number from 1 to `max`; `None` if absent.
    pub(super) fn count(&self, name: &str, value: &Value, max: usize) -> Result<Option<usize>> {
        let number = match value {
            Value::Null => return Ok(None),
            Value::Int(number) => usize::try_from(*number).ok(),
            _ => None,
        };
        let number = number.filter(|number| (1..=max).contains(number));
        let message = || format!("expected an integer, 1 to {max}");
        number.map(Some).ok_or_else(|| self.refuse(name, &message()))
    }

    /// A number; `None` for a value of another type.
    pub(super) fn number(&self, value: &Value) -> Option<f64> {
        number(value, self.parse)
    }

    /// A list of numbers that are all `valid`.
    pub(super) fn numbers(
        &self,
        name: &str,
        value: &Value,
        message: &str,
        valid: impl Fn(f64) -> bool,
    ) -> Result<Vec<f64>> {
        let refuse = || self.refuse(name, message);
        let Value::List(items) = value else { return Err(refuse()) };
        let valid_number = |item: &Value| self.number(item).filter(|number| valid(*number));
        items.iter().map(|item| valid_number(item).ok_or_else(refuse)).collect()
    }
}

/// A number as JavaScript has it; `None` for a value of another type.
pub(super) fn number(value: &Value, parse: ParseNumber) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "a safe integer")]
        Value::Int(number) => Some(*number as f64),
        Value::Numeral(numeral) => Some(parse(numeral)).filter(|number| !number.is_nan()),
        _ => None,
    }
}

/// The path of a member; `path` may be empty.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The value of a field; `null` if absent.
pub(super) fn named<'a>(fields: &'a [(String, Value)], name: &str) -> &'a Value {
    fields.iter().find(|(field, _)| field == name).map_or(&Value::Null, |(_, value)| value)
}

/// The error of an unknown option.
#[must_use]
pub fn no_such_option(path: &str, known: &[&str]) -> Box<Error> {
    Error::invalid_argument(path, &format!("no such option; there are {}", known.join(", ")))
}
