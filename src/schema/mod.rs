//! The vendor's models, endpoints and codes, and the metrics, as tables: the only folder that knows the vendor's
//! names. Columns, CSV, Arrow, snapshots, requests, masks and the TypeScript side follow from it.
//! Not here: reading values (`decode/`), building requests (`request/`), computing metrics (`compute/`).
//!
//! - `mod.rs`: the structure of a model, the macro that defines models, the list of all models
//! - `task.rs`, `call.rs` (finished and waiting calls), `detail.rs` (one call): the models
//! - `page.rs`, `envelope.rs`: names in pages and envelopes; small objects in models
//! - `field.rs`: positions of fields of a finished call
//! - `codes.rs`: code tables with labels; `label.rs`: the label of a code
//! - `endpoints.rs`: endpoints with their parameters
//! - `metrics.rs`: the metrics of the statistics
//!
//! Tables that only documentation and TypeScript need are left out of the WebAssembly module.

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

pub use call::{DONE_CALL, EXTRA, INTENT_LEVEL, NO_DATE, UNDIALED_CUSTOMER};
pub use codes::{ANSWERED, Code, CodeTable, Effect, INTENT_RESULTS, LEVELS, Language, Words};
#[cfg(not(target_arch = "wasm32"))]
pub use codes::{TableDocs, Tone};
pub use detail::{CALL_DETAIL, CALL_INSTANCE, PHONE_LOG, TASK_RESULT, TRANSCRIPT_LINE};
pub use endpoints::*;
pub use label::label;
pub use metrics::{GroupNumber, Measure, Metric, UNREADABLE};
#[cfg(not(target_arch = "wasm32"))]
pub use metrics::{MetricDocs, TERMS, Term};
#[cfg(not(target_arch = "wasm32"))]
pub use page::SHAPES;
pub use task::{CALLER_PHONE, TASK, TASK_DETAIL};

/// A model: the fields of one kind of object of the vendor.
#[derive(Debug)]
pub struct Model {
    /// The model whose fields it has as well; `None` without one.
    pub base: Option<&'static Self>,
    /// The fields, without those of `base`.
    pub fields: &'static [Field],
    /// Name of the type in TypeScript.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// Documentation of the type, by line.
    #[cfg(not(target_arch = "wasm32"))]
    pub about: &'static [&'static str],
}

/// All models: those of the endpoints, and those that they are made of.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn models() -> Vec<&'static Model> {
    fn add(model: &'static Model, found: &mut Vec<&'static Model>) {
        if found.iter().any(|known| std::ptr::eq(*known, model)) {
            return;
        }
        found.push(model);
        if let Some(base) = model.base {
            add(base, found);
        }
        for field in model.fields {
            if let FieldKind::List(below)
            | FieldKind::OptionalList(below)
            | FieldKind::Object(below)
            | FieldKind::ObjectOrEmpty(below) = field.kind
            {
                add(below, found);
            }
        }
    }
    let mut found = Vec::new();
    for endpoint in ENDPOINTS {
        match endpoint.answer {
            AnswerShape::One(model) | AnswerShape::Page(model) => add(model, &mut found),
        }
    }
    found
}

/// A field of a model.
#[derive(Debug)]
pub struct Field {
    /// The name in our answers.
    pub name: &'static str,
    /// The vendor's name. It differs only for a derived field, where it is the name of the source.
    pub wire: &'static str,
    /// A second name of the vendor; `None` without one.
    pub alias: Option<&'static str>,
    /// The kind of the value, and so its type and spellings.
    pub kind: FieldKind,
    /// What its absence means.
    pub presence: Presence,
    /// What the value holds: its privacy class.
    pub holds: Holds,
    /// Title of its column; `None` for models that are not exported as tables, and for derived fields.
    pub title: Option<&'static Words>,
    /// Documentation of the field, by line.
    #[cfg(not(target_arch = "wasm32"))]
    pub about: &'static [&'static str],
}

/// The kind of a field's value: its spellings and its type.
#[derive(Debug, Clone, Copy)]
pub enum FieldKind {
    /// An id that a row must have: an integer within ±(2⁵³−1), as a number or as digits.
    Id,
    /// An id that may be absent. An id that JavaScript would round is an error, because it would name another row.
    OptionalId,
    /// A count or a code: `27`, `"27"`, `27.0`, `2.7E1`, `true`; `""` is absent.
    Integer,
    /// `true`, `1`, `"1"`, `"true"` and their opposites.
    Flag,
    /// A string; empty if absent.
    Text,
    /// A string that may be absent; a number or a boolean becomes its text.
    OptionalText,
    /// Seconds: `27`, `"27"`, `"27秒"`, `"1分27秒"`, `"1小时2分3秒"`.
    Seconds,
    /// A time as sent. A time with an offset from UTC, and epoch milliseconds between the years 2000 and 2100, become
    /// the vendor's form.
    WallTime,
    /// The instant of a [`FieldKind::WallTime`], a derived field.
    EpochMs,
    /// Any value, as sent.
    Raw,
    /// `[{ name, value: count }]`.
    Counts,
    /// `[{ name, values: [text] }]`.
    ResultDefinitions,
    /// A map from names to counts, or a list of `{ name, … }` whose one array holds the counts.
    Stats,
    /// `[{ name, value }]` or `{ name: value }`.
    NamedValues,
    /// An array of objects; empty if absent.
    List(&'static Model),
    /// An array of objects that may be absent.
    OptionalList(&'static Model),
    /// An object that must be present, or a list of one object, as the vendor's later page says.
    Object(&'static Model),
    /// An object; without fields if absent.
    ObjectOrEmpty(&'static Model),
}

/// What the absence of a field means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// An error: the row has no meaning without the field.
    Required,
    /// The vendor's document has the field; an absent one becomes `null`, an empty text or an empty list.
    Known,
    /// The field was seen in later documents or in clients; an absent one stays absent.
    Later,
}

/// What a field holds. It decides about masks and about the storage of the column. An unknown field counts as private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// An id that the vendor assigned.
    Id,
    /// A count or a length of time.
    Count,
    /// An instant, a day or a time of day.
    Instant,
    /// One of a few values, with their code table if there is one.
    Code(Option<CodeTable>),
    /// An amount of money.
    Money,
    /// A name or a note that the account gave to its own objects.
    Name,
    /// A line of the account: its number or its name.
    Line,
    /// A customer's telephone number.
    Phone,
    /// Other data of a person.
    Person,
    /// Speech of a call, and results of its analysis.
    Speech,
    /// A URL, which may contain a customer's number.
    Link,
    /// Internals of the vendor's servers.
    Internal,
}

/// Defines a model.
///
/// `"a" from "b"` is our field `a`, derived from the vendor's `b`. `"a" or "b"` is a field with two names.
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
