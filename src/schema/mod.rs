//! The vendor's models, endpoints and codes, and the metrics, as tables: the only folder that knows the vendor's
//! names. CallColumns, CSV, Arrow, snapshots, requests, masks and the TypeScript side follow from it.
//! Not here: behaviour of any kind.
//!
//! - `mod.rs`: what a model says of a field
//! - `task.rs`, `call.rs` (finished and waiting calls), `detail.rs` (one call): the models
//! - `page.rs`, `envelope.rs`: what stands around rows and answers; the small objects in models
//! - `field.rs`: where a finished call has the fields that questions are asked of
//! - `codes.rs`: code tables with labels
//! - `endpoints.rs`: endpoints with their parameters
//! - `metrics.rs`: what the statistics hold
//!
//! What only documentation and TypeScript need is left out of the WebAssembly module.

mod call;
mod codes;
mod detail;
mod endpoints;
pub mod envelope;
pub mod field;
mod label;
mod metrics;
pub mod page;
mod task;

pub use call::{DONE_CALL, EXTRA, INTENT_LEVEL, UNDIALED_CUSTOMER};
pub use codes::{ANSWERED, Code, CodeTable, Effect, INTENT_RESULTS, LEVELS, Language, Words};
#[cfg(not(target_arch = "wasm32"))]
pub use codes::{INTENT_LEVELS, TableDocs, Tone};
pub use detail::{CALL_DETAIL, CALL_INSTANCE, PHONE_LOG, TASK_RESULT, TRANSCRIPT_LINE};
pub use endpoints::*;
pub use label::label;
#[cfg(not(target_arch = "wasm32"))]
pub use metrics::MetricDocs;
pub use metrics::{GroupNumber, Measure, Metric, UNREADABLE};
#[cfg(not(target_arch = "wasm32"))]
pub use page::SHAPES;
pub use task::{CALLER_PHONE, TASK, TASK_DETAIL};

/// An object of the vendor's.
#[derive(Debug)]
pub struct Model {
    /// The shorter form whose fields it has, too.
    pub base: Option<&'static Self>,
    /// Its own fields.
    pub fields: &'static [Field],
    /// Its name in TypeScript.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// What it is, for the TypeScript reader.
    #[cfg(not(target_arch = "wasm32"))]
    pub about: &'static [&'static str],
}

/// All models.
#[cfg(not(target_arch = "wasm32"))]
pub static MODELS: [&Model; 10] = [
    &TASK,
    &TASK_DETAIL,
    &CALLER_PHONE,
    &DONE_CALL,
    &UNDIALED_CUSTOMER,
    &CALL_DETAIL,
    &CALL_INSTANCE,
    &PHONE_LOG,
    &TRANSCRIPT_LINE,
    &TASK_RESULT,
];

/// A field of a model.
#[derive(Debug)]
pub struct Field {
    /// Its name in our answer.
    pub name: &'static str,
    /// The vendor's name, which differs for fields derived from another.
    pub wire: &'static str,
    /// A second name of the vendor's.
    pub alias: Option<&'static str>,
    /// How it is spelt.
    pub kind: FieldKind,
    /// What it means that the server did not send it.
    pub presence: Presence,
    /// What it holds.
    pub holds: Holds,
    /// Its title, for models that people read as tables.
    pub title: Option<&'static Words>,
    /// What it says, for the TypeScript reader.
    #[cfg(not(target_arch = "wasm32"))]
    pub about: &'static [&'static str],
}

/// How a field may be spelt, and so what type it has.
#[derive(Debug, Clone, Copy)]
pub enum FieldKind {
    /// An id that a row must have: an integer within ±(2⁵³−1), as a number or as digits.
    Id,
    /// An id that may be absent. One that JavaScript would round is an error: it would name another row.
    OptionalId,
    /// A count or a code: `27`, `"27"`, `27.0`, `2.7E1`, `true`; `""` is nothing.
    Integer,
    /// `true`, `1`, `"1"`, `"true"` and their opposites.
    Flag,
    /// A string that is always there; nothing is the empty string.
    Text,
    /// A string; a number or a boolean is taken as its text.
    OptionalText,
    /// Seconds: `27`, `"27"`, `"27秒"`, `"1分27秒"`, `"1小时2分3秒"`.
    Seconds,
    /// A time as sent; epoch milliseconds between the years 2000 and 2100 become the vendor's form.
    WallTime,
    /// The instant of a [`FieldKind::WallTime`], for the derived field beside it.
    EpochMs,
    /// Anything, as it came.
    Raw,
    /// `[{ name, value: count }]`.
    Counts,
    /// `[{ name, values: [text] }]`.
    ResultDefinitions,
    /// A map from names to counts, or a list of `{ name, … }` whose one array holds the counts.
    Stats,
    /// `[{ name, value }]` or `{ name: value }`.
    NamedValues,
    /// An array of objects; `null` is an empty one.
    List(&'static Model),
    /// An array of objects, or nothing.
    OptionalList(&'static Model),
    /// An object that has to be there; the vendor's later page calls it a list.
    Object(&'static Model),
    /// An object, or one with nothing in it.
    ObjectOrEmpty(&'static Model),
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

/// What a field holds: who may see it, and how it is kept. A field of no model counts as private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A number that the vendor gave to a thing.
    Id,
    /// A count, a length of time.
    Count,
    /// A moment, a day, a time of day.
    Instant,
    /// One of a few values, those of a table if there is one.
    Code(Option<CodeTable>),
    /// An amount of money.
    Money,
    /// A name or a note that the account gave to a thing of its own.
    Name,
    /// A line of the account: its number or its name.
    Line,
    /// A customer's telephone number.
    Phone,
    /// What else is known of a person.
    Person,
    /// What was said, and what was made of it.
    Speech,
    /// An address, which may contain a customer's number.
    Link,
    /// How the vendor's servers are made inside.
    Internal,
}

/// Defines a model.
///
/// `"a" from "b"` is a field `a` of ours, derived from the vendor's `b`; `"a" or "b"` has two names.
macro_rules! model {
    (
        $( #[doc = $about:literal] )+
        $table:ident: $name:literal $(extends $base:ident)? {
            $(
                $( #[doc = $doc:literal] )+
                $presence:ident $field:literal $(from $source:literal)? $(or $alias:literal)?:
                    $kind:ident $(($below:ident))?,
                    $holds:ident $(($codes:ident))?
                    $(, $zh:literal $en:literal)?;
            )+
        }
    ) => {
        $( #[doc = $about] )+
        pub static $table: $crate::schema::Model = {
            #[allow(unused_imports)]
            use $crate::schema::{CodeTable, Field, Holds, FieldKind, Model, Presence, Words, model};
            Model {
                base: model!(@option $(&$base)?),
                fields: &[ $( Field {
                    name: $field,
                    wire: model!(@last $field $($source)?),
                    alias: model!(@option $($alias)?),
                    kind: FieldKind::$kind $((&$below))?,
                    presence: Presence::$presence,
                    holds: model!(@holds $holds $($codes)?),
                    title: model!(@option $(&Words { zh: $zh, en: $en })?),
                    #[cfg(not(target_arch = "wasm32"))]
                    about: &[ $( $doc ),+ ],
                }, )+ ],
                #[cfg(not(target_arch = "wasm32"))]
                name: $name,
                #[cfg(not(target_arch = "wasm32"))]
                about: &[ $( $about ),+ ],
            }
        };
    };
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
    (@last $first:literal) => { $first };
    (@last $first:literal $second:literal) => { $second };
    (@holds Code) => { Holds::Code(None) };
    (@holds Code $codes:ident) => { Holds::Code(Some(CodeTable::$codes)) };
    (@holds $holds:ident) => { Holds::$holds };
}
use model;
