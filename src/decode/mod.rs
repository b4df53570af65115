//! Reads what the server says, tolerantly, by the tables of `schema/`.
//! Not here: what one may ask (`api/`), how it is sent (`client/`).
//!
//! - `wire.rs`: the spellings that each kind of field may have, and the path to a field
//! - `envelope.rs`: `{ code, data, resultMsg }`
//! - `label.rs`: the label of a code
//! - `page.rs`: a page of rows

mod canonical;
mod envelope;
mod kinds;
mod lists;
mod page;
mod path;
mod scalars;

pub(crate) use canonical::{Canonical, Scalar};
pub use envelope::Envelope;
pub use page::{Asked, read_page};
pub use path::Path;
pub(crate) use scalars::{instant, integer_of};

use crate::error::{Error, Result};
use crate::json::Value;
use crate::schema::{Model, Presence};

impl Model {
    /// Reads an object: its fields, and under `extra` what they did not take over as a whole.
    ///
    /// # Errors
    /// `unexpected_shape` for anything but an object, for a row without its id, for an unsafe id.
    pub fn read(&self, value: &Value, at: &Path) -> Result<Value> {
        let Value::Object(sent) = value else { return Err(at.expected("an object", value)) };
        let mut taken = vec![false; sent.len()];
        let mut fields = Vec::new();
        self.read_fields(sent, &mut taken, &mut fields, at)?;
        let left = sent.iter().zip(&taken).filter(|(_, taken)| !**taken);
        let extra: Vec<(String, Value)> = left.map(|(field, _)| field.clone()).collect();
        if !extra.is_empty() {
            fields.push(("extra".to_owned(), Value::Object(extra)));
        }
        Ok(Value::Object(fields))
    }

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
            let named = |(name, _): &(String, Value)| {
                name == field.wire || Some(name.as_str()) == field.alias
            };
            // The last of several, as `JSON.parse` has it.
            let found = sent.iter().zip(taken.iter_mut()).rev().find(|(sent, _)| named(sent));
            let value = match (found, field.presence) {
                (Some(((_, value), taken)), presence) => {
                    let reading = field.kind.read(value, &at)?;
                    *taken |= reading.whole;
                    if presence == Presence::Later && reading.value == Value::Null {
                        continue;
                    }
                    reading.value
                }
                (None, Presence::Known) => field.kind.nothing(&at)?,
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
