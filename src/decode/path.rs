//! The path to a value in an answer, for errors: `data.list[3].callInstanceId`.

use std::fmt;

use crate::error::Error;
use crate::json::Value;

/// The path to a value in an answer.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// A path of one name.
    #[must_use]
    pub const fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Field(name) }
    }

    /// The path to a field of this object.
    #[must_use]
    pub const fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    /// The path to an item of this array.
    #[must_use]
    pub const fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }

    /// The error for a value of another type than `what`.
    #[must_use]
    pub fn expected(&self, what: &str, found: &Value) -> Box<Error> {
        Error::unexpected_shape(
            self.to_string(),
            &format!("expected {what}, found {}", found.kind()),
        )
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(formatter)?;
        }
        match self.step {
            Step::Field(name) if self.parent.is_some() => write!(formatter, ".{name}"),
            Step::Field(name) => formatter.write_str(name),
            Step::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}
