//! Writes `pkg/src/generated/models.ts`: the types of answers and queries.

use byrobot_calls::schema::{
    CodeTable, ENDPOINTS, Field, FieldKind, Holds, ParameterKind, Presence, SHAPES, models,
};

use crate::comment;

const EXTRA: &str = " Unknown fields, and fields in a form that cannot be read, as sent.";

pub(crate) fn types() -> String {
    let codes = CodeTable::ALL.iter().filter_map(|(_, table)| declared(*table));
    let codes = codes.collect::<Vec<_>>().join(", ");
    let mut out = format!("import type {{ {codes} }} from \"./codes.js\";\n");
    for model in models() {
        let base = model.base.map(|base| format!(" extends {}", base.name)).unwrap_or_default();
        out += &comment("", model.about);
        out += &format!("export interface {}{base} {{\n", model.name);
        for field in model.fields {
            let mark = if field.presence == Presence::Later { "?" } else { "" };
            out += &comment("  ", field.about);
            out += &format!("  {}{mark}: {};\n", field.name, type_of(field));
        }
        out += &extra(EXTRA);
        out += "}\n";
    }
    for shape in SHAPES {
        out += &format!("{shape}\n");
    }
    for endpoint in ENDPOINTS {
        out += &comment("", &[endpoint.docs.about]);
        out += &format!("export interface {} {{\n", endpoint.docs.query);
        let (required, optional): (Vec<_>, Vec<_>) =
            endpoint.parameters.iter().partition(|parameter| parameter.required);
        for parameter in required.into_iter().chain(optional) {
            let kind = parameter_type(parameter.kind);
            let (mark, or) = if parameter.required { ("", "") } else { ("?", " | undefined") };
            out += &comment("  ", &[parameter.about]);
            out += &format!("  {}{mark}: {kind}{or};\n", parameter.name);
        }
        out += "}\n";
    }
    out
}

/// The declaration of `extra`.
fn extra(about: &str) -> String {
    format!("{}  extra?: Record<string, unknown>;\n", comment("  ", &[about]))
}

/// A union of the codes of a table and any other code; `open` is `string` or `number`.
pub(crate) fn union(table: CodeTable, open: &str) -> String {
    let quoted = |code: &str| if open == "string" { format!("{code:?}") } else { code.to_owned() };
    let codes = table.codes().iter().map(|code| quoted(code.code));
    format!("{} | ({open} & {{}})", codes.collect::<Vec<_>>().join(" | "))
}

/// The name of the type of a table's codes; `None` for a table without a declaration.
pub(crate) fn declared(table: CodeTable) -> Option<&'static str> {
    let docs = table.docs();
    (!docs.about.is_empty()).then_some(docs.name)
}

/// The TypeScript type of a field.
fn type_of(field: &Field) -> String {
    let (kind, nullable) = match (field.kind, field.holds) {
        (FieldKind::Id, _) => ("number".to_owned(), false),
        (FieldKind::Integer, Holds::Code(Some(table))) => {
            (declared(table).unwrap_or("number").to_owned(), true)
        }
        (
            FieldKind::OptionalId | FieldKind::Integer | FieldKind::Seconds | FieldKind::EpochMs,
            _,
        ) => ("number".to_owned(), true),
        (FieldKind::Flag, _) => ("boolean".to_owned(), true),
        (FieldKind::Text, Holds::Code(Some(table))) => (union(table, "string"), false),
        (FieldKind::Text, _) => ("string".to_owned(), false),
        (FieldKind::OptionalText | FieldKind::WallTime, _) => ("string".to_owned(), true),
        (FieldKind::Raw, _) => ("unknown".to_owned(), false),
        (FieldKind::Counts, _) => ("NamedCount[]".to_owned(), false),
        (FieldKind::ResultDefinitions, _) => ("ResultDefinition[]".to_owned(), false),
        (FieldKind::Stats, _) => ("Record<string, NamedCount[]>".to_owned(), false),
        (FieldKind::NamedValues, _) => ("NamedValue[]".to_owned(), false),
        (FieldKind::List(model), _) => (format!("{}[]", model.name), false),
        (FieldKind::OptionalList(model), _) => (format!("{}[]", model.name), true),
        (FieldKind::Object(model) | FieldKind::ObjectOrEmpty(model), _) => {
            (model.name.to_owned(), false)
        }
    };
    match field.presence {
        Presence::Known if nullable => format!("{kind} | null"),
        Presence::Required | Presence::Known | Presence::Later => kind,
    }
}

/// The TypeScript type of a parameter.
fn parameter_type(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Id(_)
        | ParameterKind::Least(_)
        | ParameterKind::Greatest
        | ParameterKind::Index
        | ParameterKind::Page
        | ParameterKind::PageSize(_) => "number",
        ParameterKind::Code(table) => declared(table).unwrap_or("number"),
        ParameterKind::Text | ParameterKind::Day => "string",
        ParameterKind::Flag => "boolean",
        ParameterKind::NamedValues => "NamedValue[]",
    }
}
