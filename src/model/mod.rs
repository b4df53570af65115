//! What the server says: one type per thing the vendor names, read tolerantly.
//! Not here: what one may ask (`api/`), how it is sent (`client/`).
//!
//! - `wire.rs`: the kinds of fields with the spellings each may have, and the path to a field
//! - `envelope.rs`: `{ code, data, resultMsg }`
//! - `codes.rs`: code tables with labels in two languages
//! - `page.rs`, `task.rs`, `call.rs` (finished and waiting calls), `detail.rs` (one call)
//!
//! A model is a table of fields. Reading goes by the table, so that one short function reads every
//! answer; the struct of the same name exists for its TypeScript declaration, and its documentation
//! speaks to the TypeScript reader.

mod call;
mod codes;
mod detail;
mod envelope;
mod page;
mod task;
mod wire;

pub use call::{DONE_CALL, UNDIALED_CUSTOMER};
pub use codes::{CodeTable, Language, Row, label};
pub use detail::{CALL_DETAIL, CALL_INSTANCE, PHONE_LOG, TASK_RESULT, TRANSCRIPT_LINE};
pub use envelope::Envelope;
pub use page::{Asked, read_page};
pub use task::{CALLER_PHONE, TASK, TASK_DETAIL};
pub use wire::{Kind, Path};
pub(crate) use wire::{Plain, Scalar, instant, integer_of};

/// The structs that stand for the models in TypeScript.
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
pub mod declared {
    pub use super::call::{DoneCall, NamedValue, UndialedCustomer};
    pub use super::codes::{CallStatus, FinishStatus, JobStatus, JobType};
    pub use super::detail::{CallDetail, CallInstance, PhoneLog, TaskResult, TranscriptLine};
    pub use super::page::Page;
    pub use super::task::{CallerPhone, NamedCount, ResultDefinition, Task, TaskDetail};
}

use crate::error::{Error, Result};
use crate::json::Value;

/// How an object of the vendor's is read.
#[derive(Debug)]
pub struct Model {
    /// The shorter form whose fields it has, too.
    pub base: Option<&'static Self>,
    /// Its own fields.
    pub fields: &'static [Field],
}

/// A field of a model.
#[derive(Debug)]
pub struct Field {
    /// Its name in our answer.
    pub name: &'static str,
    /// The vendor's name, which differs for fields derived from another.
    pub wire: &'static str,
    /// A second name of the vendor's.
    pub alias: Option<&'static str>,
    /// What it holds.
    pub kind: Kind,
    /// What it means that the server did not send it.
    pub presence: Presence,
}

/// What it means that the server did not send a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The row means nothing without it: an error.
    Required,
    /// It is in the vendor's document: `null` then, or an empty list.
    Known,
    /// It was seen in later documents or in clients: absent then.
    Later,
}

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

/// Defines a model: its table of fields, and the struct that is its TypeScript declaration.
///
/// `a from b` is a field `a` of ours, derived from the vendor's `b`; `a or b` has two names.
macro_rules! model {
    (
        $(#[$about:meta])*
        pub struct $name:ident as $table:ident $(: $base:ident as $base_table:ident)? {
            $( required {
                $( $(#[$id_doc:meta])* $id:ident: $id_type:ty = $id_wire:literal, $id_kind:expr; )*
            } )?
            known {
                $( $(#[$doc:meta])* $field:ident: $type:ty = $wire:literal $(from $source:literal)? $(or $alias:literal)?, $kind:expr; )*
            }
            $( later {
                $( $(#[$later_doc:meta])* $later:ident: $later_type:ty = $later_wire:literal, $later_kind:expr; )*
            } )?
        }
    ) => {
        $(#[$about])*
        #[cfg(any(target_arch = "wasm32", byrobot_edge))]
        #[derive(Debug, tsify::Tsify)]
        #[tsify(missing_as_null)]
        pub struct $name {
            $(
                /// What it shares with the shorter form.
                #[serde(flatten)]
                pub base: $base,
            )?
            $( $( $(#[$id_doc])* #[serde(rename = $id_wire)] pub $id: $id_type, )* )?
            $( $(#[$doc])* #[serde(rename = $wire)] pub $field: $type, )*
            $( $(
                $(#[$later_doc])*
                #[serde(rename = $later_wire)]
                #[tsify(optional)]
                pub $later: $later_type,
            )* )?
            /// What the server sent beyond the fields above, and fields it sent in a form that cannot be read.
            #[tsify(optional, type = "Record<string, unknown>")]
            pub extra: (),
        }

        $(#[$about])*
        pub static $table: $crate::model::Model = {
            use $crate::model::{Field, Model, Presence, model};
            #[allow(unused_imports)]
            use $crate::model::Kind::*;
            Model {
                base: model!(@option $(&$base_table)?),
                fields: &[
                    $( $( Field {
                        name: $id_wire,
                        wire: $id_wire,
                        alias: None,
                        kind: $id_kind,
                        presence: Presence::Required,
                    }, )* )?
                    $( Field {
                        name: $wire,
                        wire: model!(@last $wire $($source)?),
                        alias: model!(@option $($alias)?),
                        kind: $kind,
                        presence: Presence::Known,
                    }, )*
                    $( $( Field {
                        name: $later_wire,
                        wire: $later_wire,
                        alias: None,
                        kind: $later_kind,
                        presence: Presence::Later,
                    }, )* )?
                ],
            }
        };
    };
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
    (@last $first:literal) => { $first };
    (@last $first:literal $second:literal) => { $second };
}
pub(crate) use model;
