//! `pkg/src/generated/fields.ts`: which names hold what, for the proxy's masks.

use std::collections::{BTreeMap, BTreeSet};

use byrobot_calls::schema::{Field, FieldKind, Holds, MODELS, envelope};

use crate::strings;

/// What the proxy tells apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    CustomerNumber,
    LineNumber,
    Inside,
    Number,
    Recording,
    /// What may have a number in it, and is looked at.
    Private,
}

pub(crate) fn classes() -> String {
    let mut all: BTreeMap<Class, BTreeSet<&str>> = BTreeMap::new();
    for field in MODELS.iter().flat_map(|model| model.fields) {
        all.entry(class(field)).or_default().insert(field.wire);
    }
    let mut out = String::new();
    for (name, about, class) in [
        ("customerNumbers", "The number of a customer.", Class::CustomerNumber),
        ("lineNumbers", "The number, or the name, of a line.", Class::LineNumber),
        ("inside", "Texts in which the vendor's own machines may stand.", Class::Inside),
        ("numbers", "Counts, codes, amounts: no telephone numbers, however long.", Class::Number),
        ("recordings", "Addresses of recordings.", Class::Recording),
    ] {
        let names = all.remove(&class).unwrap_or_default();
        // A name that holds something else elsewhere is not to be trusted.
        let elsewhere = all.get(&Class::Private).cloned().unwrap_or_default();
        let names = strings(names.difference(&elsewhere).copied());
        out += &format!("/** {about} */\nexport const {name}: readonly string[] = [{names}];\n");
    }
    out += "/** Where the vendor's program failed. */\n";
    out + &format!("export const stackTrace = {:?};\n", envelope::STACK_TRACE)
}

fn class(field: &Field) -> Class {
    let is_text = matches!(field.kind, FieldKind::Text | FieldKind::OptionalText);
    match field.holds {
        Holds::Phone => Class::CustomerNumber,
        Holds::Line if is_text => Class::LineNumber,
        Holds::Internal if is_text => Class::Inside,
        Holds::Count | Holds::Code(_) | Holds::Money => match field.kind {
            FieldKind::Integer | FieldKind::Seconds | FieldKind::Flag => Class::Number,
            FieldKind::Id
            | FieldKind::OptionalId
            | FieldKind::Text
            | FieldKind::OptionalText
            | FieldKind::WallTime
            | FieldKind::EpochMs
            | FieldKind::Raw
            | FieldKind::Counts
            | FieldKind::ResultDefinitions
            | FieldKind::Stats
            | FieldKind::NamedValues
            | FieldKind::List(_)
            | FieldKind::OptionalList(_)
            | FieldKind::Object(_)
            | FieldKind::ObjectOrEmpty(_) => Class::Private,
        },
        Holds::Link => Class::Recording,
        Holds::Id
        | Holds::Instant
        | Holds::Name
        | Holds::Line
        | Holds::Person
        | Holds::Speech
        | Holds::Internal => Class::Private,
    }
}
