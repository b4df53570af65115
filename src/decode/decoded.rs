//! A decoded value, and whether it holds everything that was sent.

use crate::json::Value;

/// A value that was read.
pub(super) struct Decoded {
    pub(super) value: Value,
    /// Whether nothing of the sent value is lost.
    pub(super) complete: bool,
}

impl Decoded {
    /// A value that was read completely.
    pub(super) const fn complete(value: Value) -> Self {
        Self { value, complete: true }
    }

    /// A value that could not be read: null.
    pub(super) const fn unreadable() -> Self {
        Self { value: Value::Null, complete: false }
    }

    /// `value`, or unreadable without one.
    pub(super) fn of(value: Option<Value>) -> Self {
        value.map_or_else(Self::unreadable, Self::complete)
    }

    /// The items that could be read, of `sent` items.
    pub(super) fn list(items: Vec<Value>, sent: usize) -> Self {
        Self { complete: items.len() == sent, value: Value::List(items) }
    }

    /// The same with `default` in place of null.
    pub(super) fn or(self, default: Value) -> Self {
        if self.value == Value::Null { Self { value: default, ..self } } else { self }
    }
}
