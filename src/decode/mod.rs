//! Tolerant reading of the vendor's answers by the tables of `schema/`.
//! Not here: queries and requests (`request/`), sending them (`client/`).
//!
//! - `mod.rs`: an object of a model
//! - `kinds.rs`: the value of one field, by its kind; `scalars.rs` and `lists.rs`: the spellings of values
//! - `canonical.rs`: canonical spellings only, for the fast path
//! - `envelope.rs`: `{ code, data, resultMsg }`; `page.rs`: a page of rows
//! - `page_rows.rs`, `row_text.rs`: the fast path of the rows of a page, from the body to JSON text
//! - `path.rs`: the path to a value, for errors

mod canonical;
mod decoded;
mod envelope;
mod kinds;
mod lists;
mod page;
mod page_rows;
mod path;
mod row_text;
mod scalars;

pub(crate) use canonical::{Canonical, Scalar, named_values_end};
pub use envelope::Envelope;
pub use page::{RequestedPage, read_page};
pub use page_rows::PageRows;
pub use path::Path;
pub(crate) use scalars::{instant, integer_of};

use crate::error::{Error, Result};
use crate::json::Value;
use crate::schema::{Holds, Model, Presence};
use crate::time::shanghai_text_of;

impl Model {
    /// Reads an object: its fields, and under `extra` unknown fields and values that could not be read
    /// completely.
    ///
    /// # Errors
    /// `unexpected_shape` for a value that is not an object, for a row without its id, for an unsafe id.
    pub fn read(&self, value: &Value, at: &Path) -> Result<Value> {
        let Value::Object(sent) = value else { return Err(at.expected("an object", value)) };
        let mut taken = vec![false; sent.len()];
        let mut fields = Vec::new();
        self.read_fields(sent, &mut taken, &mut fields, at)?;
        let remaining = sent.iter().zip(&taken).filter(|(_, taken)| !**taken);
        let extra: Vec<(String, Value)> = remaining.map(|(field, _)| field.clone()).collect();
        if !extra.is_empty() {
            fields.push(("extra".to_owned(), Value::Object(extra)));
        }
        Ok(Value::Object(fields))
    }

    /// Reads the fields of the model and of its base, and flags in `taken` the members that were read completely.
    fn read_fields(
        &self,
        sent: &[(String, Value)],
        taken: &mut [bool],
        fields: &mut Vec<(String, Value)>,
        at: &Path,
    ) -> Result<()> {
        if let Some(base) = self.base {
            base.read_fields(sent, taken, fields, at)?;
        }
        fields.reserve(self.fields.len());
        for field in self.fields {
            let at = at.field(field.wire);
            let is_named = |(name, _): &(String, Value)| {
                name == field.wire || Some(name.as_str()) == field.alias
            };
            // Of several members with one name the last counts, as with `JSON.parse`.
            let found = sent.iter().zip(taken.iter_mut()).rev().find(|(sent, _)| is_named(sent));
            let value = match (found, field.presence) {
                (Some(((_, value), taken)), presence) => {
                    let decoded = field.kind.read(value, &at)?;
                    *taken |= decoded.complete;
                    if presence == Presence::Later && decoded.value == Value::Null {
                        continue;
                    }
                    match decoded.value {
                        // The text of a time is a time in Shanghai.
                        Value::Text(text) if field.holds == Holds::Instant => {
                            Value::Text(shanghai_text_of(&text).unwrap_or(text))
                        }
                        value => value,
                    }
                }
                (None, Presence::Known) => field.kind.absent(&at)?,
                (None, Presence::Later) => continue,
                (None, Presence::Required) => {
                    return Err(Error::unexpected_shape(at.to_string(), "it is missing"));
                }
            };
            fields.push((field.name.to_owned(), value));
        }
        Ok(())
    }
}
