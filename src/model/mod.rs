//! What the server says: one type per thing the vendor names, read tolerantly.
//! Not here: what one may ask (`api/`), how it is sent (`client/`).
//!
//! - `wire.rs`: the spellings a field may have, and the path to it
//! - `envelope.rs`: `{ code, data, resultMsg }`
//! - `codes.rs`: code tables with labels in two languages
//! - `page.rs`, `task.rs`, `call.rs` (finished and waiting calls), `detail.rs` (one call)
//!
//! The TypeScript declarations are generated from these types, so their documentation speaks to
//! the TypeScript reader.

mod call;
mod codes;
mod detail;
mod envelope;
mod page;
mod task;
mod wire;

use serde::{Serialize, Serializer};

use crate::json::{Value, serialize_fields};

pub use call::{DoneCall, NamedValue, UndialedCustomer};
pub use codes::{CallStatus, CodeTable, FinishStatus, JobStatus, JobType, Language, Row, label};
pub use detail::{CallDetail, CallInstance, PhoneLog, TaskResult, TranscriptLine};
pub use envelope::Envelope;
pub use page::{Asked, Page};
pub(crate) use page::read_page;
pub use task::{CallerPhone, NamedCount, ResultDefinition, Stats, Task, TaskDetail};
pub use wire::Path;
pub(crate) use wire::Model;

/// Defines a model: its fields, the vendor's names for them, and the reader of each.
///
/// A row without a `required` field is an error. `known` fields are in the vendor's document: always
/// present, `null` when the server sent nothing. `later` fields were seen in later documents or in
/// clients: absent when the server sent nothing. Whatever else the server sends, or what a reader
/// cannot read, goes to `extra`. `a from b` is a field `a` of ours, derived from the wire's `b`;
/// `a or b` reads a second wire name.
macro_rules! model {
    (
        $(#[$about:meta])*
        pub struct $name:ident $(: $base:ident)? {
            $( required {
                $( $(#[$id_doc:meta])* $id:ident: $id_type:ty = $id_wire:literal, $id_read:expr; )*
            } )?
            known {
                $( $(#[$doc:meta])* $field:ident: $type:ty = $wire:literal $(from $source:literal)? $(or $alias:literal)?, $read:expr; )*
            }
            $( later {
                $( $(#[$later_doc:meta])* $later:ident: $later_type:ty = $later_wire:literal, $later_read:expr; )*
            } )?
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
        #[cfg_attr(
            any(target_arch = "wasm32", byrobot_edge),
            derive(tsify::Tsify),
            tsify(missing_as_null)
        )]
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
                #[serde(rename = $later_wire, skip_serializing_if = "Option::is_none")]
                pub $later: Option<$later_type>,
            )* )?
            /// What the server sent beyond the fields above, and fields it sent in a form that cannot be read.
            #[serde(skip_serializing_if = "crate::model::Extra::is_empty")]
            pub extra: crate::model::Extra,
        }

        impl crate::model::wire::Model for $name {
            const REQUIRED: &'static [&'static str] =
                crate::model::required!($($base)? $( $($id_wire)* )?);

            fn set(
                &mut self,
                key: &str,
                value: &crate::json::Value,
                at: &crate::model::Path,
            ) -> Result<bool, crate::error::Error> {
                let mut whole = false;
                $( $( if key == $id_wire {
                    whole |= crate::model::wire::store(&mut self.$id, $id_read(value, at)?);
                } )* )?
                $( if key == crate::model::source!($wire $($source)?) $(|| key == $alias)? {
                    whole |= crate::model::wire::store(&mut self.$field, $read(value, at)?);
                } )*
                $( $( if key == $later_wire {
                    whole |= crate::model::wire::store(&mut self.$later, $later_read(value, at)?);
                } )* )?
                $(
                    let base: &mut $base = &mut self.base;
                    whole |= crate::model::wire::Model::set(base, key, value, at)?;
                )?
                Ok(whole)
            }

            fn keep(&mut self, key: &str, value: &crate::json::Value) {
                self.extra.keep(key, value);
            }
        }
    };
}

/// The wire name a field is read from.
macro_rules! source {
    ($wire:literal) => {
        $wire
    };
    ($wire:literal $source:literal) => {
        $source
    };
}

/// The fields a row must have: its own, or those of the form it extends.
macro_rules! required {
    ($base:ident) => {
        <$base as crate::model::wire::Model>::REQUIRED
    };
    ($($wire:literal)*) => {
        &[$($wire),*]
    };
}

pub(crate) use {model, required, source};

/// What a model keeps of an answer beyond its own fields, in the order it came.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(
    any(target_arch = "wasm32", byrobot_edge),
    derive(tsify::Tsify),
    tsify(type = "Record<string, unknown>")
)]
pub struct Extra(Vec<(String, Value)>);

impl Extra {
    /// Whether there is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was kept under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    fn keep(&mut self, key: &str, value: &Value) {
        self.0.push((key.to_owned(), value.clone()));
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_fields(&self.0, serializer)
    }
}
