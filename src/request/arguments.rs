//! Checks the type of each parameter of a query from JavaScript. An error names the parameter and the expected
//! type. Not here: limits of values (`query.rs`).

use crate::error::{Error, Result};
use crate::json::{Value, is_safe};
use crate::schema::{Parameter, ParameterKind};

/// The value of a parameter; `null` for an absent one.
pub(super) fn argument(parameter: &Parameter, given: &Value) -> Result<Value> {
    let name = parameter.name;
    if *given == Value::Null {
        return if parameter.required {
            Err(Error::invalid_argument(name, "it is required"))
        } else {
            Ok(Value::Null)
        };
    }
    match parameter.kind {
        ParameterKind::Id(_)
        | ParameterKind::Code(_)
        | ParameterKind::Least(_)
        | ParameterKind::Greatest
        | ParameterKind::Index
        | ParameterKind::Page
        | ParameterKind::PageSize(_) => match given {
            Value::Int(number) if is_safe(*number) => Ok(given.clone()),
            Value::Int(_) | Value::Numeral(_) => {
                Err(Error::invalid_argument(name, "expected an integer within ±(2^53 − 1)"))
            }
            _ => Err(expected(name, "an integer", given)),
        },
        ParameterKind::Text | ParameterKind::Day => match given {
            Value::Text(_) => Ok(given.clone()),
            _ => Err(expected(name, "a string", given)),
        },
        ParameterKind::Flag => match given {
            Value::Bool(_) => Ok(given.clone()),
            _ => Err(expected(name, "true or false", given)),
        },
        ParameterKind::NamedValues => match given {
            Value::List(items) => {
                let item = |(index, item)| named_value(&format!("{name}[{index}]"), item);
                items.iter().enumerate().map(item).collect::<Result<_>>().map(Value::List)
            }
            _ => Err(expected(name, "an array of { name, value }", given)),
        },
    }
}

/// Checks `{ name, value }`.
fn named_value(path: &str, item: &Value) -> Result<Value> {
    const KEYS: [&str; 2] = ["name", "value"];
    let Value::Object(fields) = item else {
        return Err(expected(path, "{ name, value }", item));
    };
    if let Some((unknown, _)) = fields.iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
        let message = "no such field; there are name, value";
        return Err(Error::invalid_argument(format!("{path}.{unknown}"), message));
    }
    let text = |key: &str| match item.get(key).unwrap_or(&Value::Null) {
        text @ Value::Text(_) => Ok((key.to_owned(), text.clone())),
        other => Err(expected(&format!("{path}.{key}"), "a string", other)),
    };
    KEYS.into_iter().map(text).collect::<Result<_>>().map(Value::Object)
}

/// The error of a value of another type.
fn expected(path: &str, wanted: &str, found: &Value) -> Box<Error> {
    Error::invalid_argument(path, &format!("expected {wanted}, found {}", found.kind()))
}
