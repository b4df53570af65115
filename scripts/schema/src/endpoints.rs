//! What TypeScript needs of the endpoints: `pkg/src/client/generated/methods.ts`, the client's methods;
//! `pkg/src/client/generated/queries.ts`, queries for query libraries; `pkg/src/generated/parameters.ts`, what the
//! proxy lets through.

use std::collections::BTreeSet;

use byrobot_calls::schema::{
    AnswerShape, CALL_DETAIL, CALL_INSTANCE, COMPANY_ID, ENDPOINTS, Endpoint, Entity, FieldKind,
    GET_TASKS, PATH, ParameterKind, TASK_ID,
};

use crate::{comment, strings};

/// The type of an answer, and of its rows if it is a page.
fn answer(endpoint: &Endpoint) -> (String, Option<&'static str>) {
    match endpoint.answer {
        AnswerShape::One(model) => (model.name.to_owned(), None),
        AnswerShape::Page(model) => (format!("Page<{}>", model.name), Some(model.name)),
    }
}

/// Imports the types of queries and answers.
fn imports() -> String {
    let models = ENDPOINTS.iter().map(|endpoint| match endpoint.answer {
        AnswerShape::One(model) | AnswerShape::Page(model) => model.name,
    });
    let queries = ENDPOINTS.iter().map(|endpoint| endpoint.docs.query);
    // A set: two endpoints may answer with the same model.
    let names: BTreeSet<&str> = ["Page"].into_iter().chain(models).chain(queries).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    format!("import type {{ {names} }} from \"../../generated/models.js\";\n")
}

pub(crate) fn methods() -> String {
    let mut out = imports();
    out += "import type { CallOptions } from \"../options.js\";\n";
    out += "import type { Paginator, PaginatorOptions } from \"../paginator.js\";\n";
    out += "/** A method for each endpoint of the vendor, and one that reads all pages for each list. */\n";
    out += "export abstract class Endpoints {\n";
    out += "  /** Sends a query to an endpoint, by the endpoint's name. @internal */\n";
    out += "  protected abstract ask<T>(endpoint: string, query: object, options?: CallOptions): Promise<T>;\n";
    out += "  /** Reads all pages of a list, by the name of its endpoint. @internal */\n";
    out += "  protected abstract paginate<T>(endpoint: string, query: object, options?: PaginatorOptions): Paginator<T>;\n";
    for endpoint in ENDPOINTS {
        let (name, query, (answer, _)) = (endpoint.name, endpoint.docs.query, answer(endpoint));
        out += "\n";
        out += &comment("  ", &[endpoint.docs.method]);
        out += &format!("  {name}(query: {query}, options?: CallOptions): Promise<{answer}> {{\n");
        out += &format!("    return this.ask({name:?}, query, options);\n  }}\n");
    }
    for endpoint in ENDPOINTS {
        let (name, named, query) = (endpoint.name, endpoint.docs.named, endpoint.docs.query);
        let (Some(list), (_, Some(row))) = (&endpoint.docs.list, answer(endpoint)) else {
            continue;
        };
        let throws = "@throws {ByrobotError} `invalid_argument` for a wrong query or option.";
        out += "\n";
        out += &comment("  ", &[list.pagination, throws]);
        out += &format!(
            "  {named}(query: {query}, options?: PaginatorOptions): Paginator<{row}> {{\n"
        );
        out += &format!("    return this.paginate({name:?}, query, options);\n  }}\n");
    }
    out + "}\n"
}

pub(crate) fn queries() -> String {
    let mut out = imports();
    out += "import type { CallQuery, PagesQuery, Unpaged } from \"../query.js\";\n";
    out += "/** A query for each endpoint of the vendor, and one that reads page by page for each list. */\n";
    out += "export interface CallQueries {\n";
    for endpoint in ENDPOINTS {
        let (docs, (answer, _)) = (&endpoint.docs, answer(endpoint));
        let about =
            format!("{} Vendor: `{} {}`.", docs.once, endpoint.method.name(), endpoint.name);
        out += &comment("  ", &[&about]);
        out += &format!("  {0}(query: {1}): CallQuery<{1}, {answer}>;\n", docs.named, docs.query);
    }
    for endpoint in ENDPOINTS {
        let docs = &endpoint.docs;
        if let (Some(list), (_, Some(row))) = (&docs.list, answer(endpoint)) {
            let query = format!("Unpaged<{}>", docs.query);
            out += &comment("  ", &[list.pages]);
            out += &format!("  {}Pages(query: {query}): PagesQuery<{query}, {row}>;\n", docs.named);
        }
    }
    out += "}\n";
    out += "/** The endpoint of each query, and whether its answers are pages. @internal */\n";
    out += "export const queried = {\n";
    for endpoint in ENDPOINTS {
        let is_list = matches!(endpoint.answer, AnswerShape::Page(_));
        out += &format!("  {}: [{:?}, {is_list}],\n", endpoint.docs.named, endpoint.name);
    }
    out + "} as const;\n"
}

pub(crate) fn parameters() -> String {
    let queries = ENDPOINTS.iter().map(|endpoint| endpoint.docs.query);
    let mut out = format!(
        "import type {{ {} }} from \"./models.js\";\n",
        queries.collect::<Vec<_>>().join(", ")
    );
    out += "/** The query of each endpoint. */\nexport interface Queries {\n";
    for endpoint in ENDPOINTS {
        out += &format!("  {}: {};\n", endpoint.name, endpoint.docs.query);
    }
    out += "}\n/** Path below the base URL under which all endpoints lie. */\n";
    out += &format!("export const path = {PATH:?};\n");
    out +=
        "/** What a parameter may be: the least and the greatest integer, or a kind of text. */\n";
    out += "export type Parameter = readonly [least: number, most: number] | \"text\" | \"day\" | \"flag\" | \"namedValues\";\n";
    out += "/** What each endpoint takes; which of it is the id of a company, a task, a call. */\n";
    out += "export const endpoints: Record<\n  string,\n  {\n    method: \"GET\" | \"POST\";\n    required: string[];\n    ids: { company?: string; task?: string; call?: string };\n    fields: Record<string, Parameter>;\n  }\n> = {\n";
    for endpoint in ENDPOINTS {
        let required = endpoint.parameters.iter().filter(|parameter| parameter.required);
        let required = strings(required.map(|parameter| parameter.name));
        let ids = endpoint.parameters.iter().filter_map(|parameter| match parameter.kind {
            ParameterKind::Id(entity) => Some(format!("{}: {:?}", name(entity), parameter.name)),
            _ => None,
        });
        let ids = ids.collect::<Vec<_>>().join(", ");
        out += &format!("  {}: {{\n    method: {:?},\n", endpoint.name, endpoint.method.name());
        out += &format!("    required: [{required}],\n    ids: {{ {ids} }},\n    fields: {{\n");
        for parameter in endpoint.parameters {
            out += &format!("      {}: {},\n", parameter.name, takes(parameter.kind));
        }
        out += "    },\n  },\n";
    }
    out + "};\n" + &tenants()
}

/// How to find out whose a task and a call are.
fn tenants() -> String {
    let parameter = |endpoint: &Endpoint, is: fn(ParameterKind) -> bool| {
        let mut found = endpoint.parameters.iter().filter(|parameter| is(parameter.kind));
        found.next().map_or("", |parameter| parameter.name)
    };
    let most = GET_TASKS.parameters.iter().find_map(|parameter| match parameter.kind {
        ParameterKind::PageSize(most) => Some(most),
        _ => None,
    });
    let mut out = "/** The endpoint that lists the tasks of a company, also deleted ones, and the id in its rows. */\n".to_owned();
    out += &format!(
        "export const taskList = {{\n  endpoint: {:?},\n  company: {:?},\n  deleted: {:?},\n  page: {:?},\n  size: {:?},\n  most: {},\n  id: {:?},\n}} as const;\n",
        GET_TASKS.name,
        parameter(&GET_TASKS, |kind| kind == ParameterKind::Id(Entity::Company)),
        parameter(&GET_TASKS, |kind| kind == ParameterKind::Flag),
        parameter(&GET_TASKS, |kind| kind == ParameterKind::Page),
        parameter(&GET_TASKS, |kind| matches!(kind, ParameterKind::PageSize(_))),
        most.unwrap_or_default(),
        TASK_ID,
    );
    out += "/** Where the answer about one call names the company and the task. */\n";
    let call = CALL_DETAIL.fields.iter().find(|field| match field.kind {
        FieldKind::Object(model) => std::ptr::eq(model, &raw const CALL_INSTANCE),
        _ => false,
    });
    out + &format!(
        "export const callDetail = {{ call: {:?}, company: {COMPANY_ID:?}, task: {TASK_ID:?} }} as const;\n",
        call.map_or("", |field| field.wire),
    )
}

const fn name(entity: Entity) -> &'static str {
    match entity {
        Entity::Company => "company",
        Entity::Task => "task",
        Entity::Call => "call",
    }
}

/// What a parameter takes, in TypeScript.
fn takes(kind: ParameterKind) -> String {
    const MOST: i64 = (1 << 53) - 1;
    let (least, most) = match kind {
        ParameterKind::Id(_) | ParameterKind::Least(_) | ParameterKind::Greatest => (0, MOST),
        ParameterKind::Code(_) => (-MOST, MOST),
        ParameterKind::Index => (-1, MOST),
        ParameterKind::Page => (1, MOST),
        ParameterKind::PageSize(most) => (1, most),
        ParameterKind::Text => return "\"text\"".to_owned(),
        ParameterKind::Day => return "\"day\"".to_owned(),
        ParameterKind::Flag => return "\"flag\"".to_owned(),
        ParameterKind::NamedValues => return "\"namedValues\"".to_owned(),
    };
    format!("[{least}, {most}]")
}
