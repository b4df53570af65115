//! `pkg/src/generated/fields.ts`: which names hold what, for the proxy's masks; `pkg/src/generated/digits.ts`: what is a
//! digit, and what stands between digits.

use std::collections::BTreeSet;

use byrobot_calls::phone::{BETWEEN, OTHER_NUMBERS, ZEROS};
use byrobot_calls::schema::{Field, FieldKind, Holds, envelope, models, page};

use crate::strings;

/// Names around models that hold numbers of no person.
const AROUND: [&str; 6] =
    [envelope::CODE, envelope::REQUEST_ID, page::NUMBER, page::SIZE, page::TOTAL, page::PAGES];

pub(crate) fn classes() -> String {
    let names = |is: fn(&Field) -> bool| -> BTreeSet<&'static str> {
        let fields = models().into_iter().flat_map(|model| model.fields).filter(|field| is(field));
        fields.flat_map(|field| [Some(field.wire), field.alias]).flatten().collect()
    };
    // A name that holds something else elsewhere is not to be trusted.
    let others = names(|field| !is_number(field));
    let numbers = names(is_number).into_iter().filter(|name| !others.contains(name)).chain(AROUND);
    let containers = names(is_container).into_iter().chain([page::ROWS]);
    let mut out = format!(
        "/** Where an answer is. */\nexport const data = {:?};\n\
         /** Where the vendor's program failed. */\nexport const stackTrace = {:?};\n",
        envelope::DATA,
        envelope::STACK_TRACE,
    );
    for (name, about, names) in [
        (
            "customerNumbers",
            "The number of a customer.",
            names(|field| field.holds == Holds::Phone),
        ),
        ("phones", "Telephone numbers, and lines, of which some have a name.", names(is_phone)),
        ("recordings", "Addresses of recordings.", names(|field| field.holds == Holds::Link)),
        ("inside", "Texts in which the vendor's own machines may stand.", names(is_internal)),
        ("containers", "What a model has a model in.", containers.collect()),
        ("counts", "Counts by names.", names(is_tally)),
        ("ids", "Numbers that the vendor gave to things.", names(|field| field.holds == Holds::Id)),
        (
            "documented",
            "Ids, counts, codes, amounts, instants: no telephone numbers.",
            numbers.collect(),
        ),
    ] {
        out += &format!(
            "/** {about} */\nexport const {name}: readonly string[] = [{}];\n",
            strings(names.into_iter())
        );
    }
    out
}

const fn is_text(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Text | FieldKind::OptionalText)
}

fn is_phone(field: &Field) -> bool {
    field.holds == Holds::Phone || field.holds == Holds::Line && is_text(field)
}

fn is_internal(field: &Field) -> bool {
    field.holds == Holds::Internal && is_text(field)
}

const fn is_container(field: &Field) -> bool {
    matches!(
        field.kind,
        FieldKind::List(_)
            | FieldKind::OptionalList(_)
            | FieldKind::Object(_)
            | FieldKind::ObjectOrEmpty(_)
    )
}

const fn is_tally(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Counts | FieldKind::Stats)
}

fn is_number(field: &Field) -> bool {
    let is_scalar =
        !is_container(field) && !is_tally(field) && !matches!(field.kind, FieldKind::Raw);
    match field.holds {
        Holds::Id | Holds::Count | Holds::Instant | Holds::Code(_) | Holds::Money => is_scalar,
        Holds::Name
        | Holds::Line
        | Holds::Phone
        | Holds::Person
        | Holds::Speech
        | Holds::Link
        | Holds::Internal => false,
    }
}

pub(crate) fn digits() -> String {
    let numbers = |list: Vec<u32>| {
        list.iter().map(|number| format!("{number:#x}")).collect::<Vec<_>>().join(", ")
    };
    let others =
        OTHER_NUMBERS.iter().flat_map(|(first, last, value)| [*first, *last, u32::from(*value)]);
    let between = BETWEEN.iter().flat_map(|(first, last)| [*first, *last]);
    format!(
        "/** Zeros of the scripts beyond ASCII; the other nine digits follow each. */\n\
         export const zeros: readonly number[] = [{}];\n\
         /** Other forms of numbers: first character, last character, the last one's number. */\n\
         export const otherNumbers: readonly number[] = [{}];\n\
         /** What may stand between digits: first character, last character. */\n\
         export const between: readonly number[] = [{}];\n",
        numbers(ZEROS.to_vec()),
        numbers(others.collect()),
        numbers(between.collect()),
    )
}
