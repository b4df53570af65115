//! What TypeScript needs of the endpoints: `pkg/src/client/generated/methods.ts`, the client's methods;
//! `pkg/src/client/generated/queries.ts`, queries for query libraries; `pkg/src/generated/parameters.ts`, what the
//! proxy lets through.

use byrobot_calls::schema::{AnswerShape, ENDPOINTS, Endpoint, PATH, ParameterKind};

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
    let names: Vec<&str> = ["Page"].into_iter().chain(models).chain(queries).collect();
    format!("import type {{ {} }} from \"../../generated/models.js\";\n", names.join(", "))
}

pub(crate) fn methods() -> String {
    let mut out = imports();
    out += "import type { CallOptions } from \"../options.js\";\n";
    out += "import type { Paginator, PaginatorOptions } from \"../paginator.js\";\n";
    out += "/** A method for each endpoint of the vendor. */\n";
    out += "export abstract class Endpoints {\n";
    out += "  /** Sends a query to an endpoint, by the endpoint's name. @internal */\n";
    out += "  protected abstract ask<T>(endpoint: string, query: object, options?: CallOptions): Promise<T>;\n";
    for endpoint in ENDPOINTS {
        let (name, query, (answer, _)) = (endpoint.name, endpoint.docs.query, answer(endpoint));
        out += "\n";
        out += &comment("  ", &[endpoint.docs.method]);
        out += &format!("  {name}(query: {query}, options?: CallOptions): Promise<{answer}> {{\n");
        out += &format!("    return this.ask({name:?}, query, options);\n  }}\n");
    }
    out += "}\n";
    out += "/** The vendor's lists, each with the method that reads all its pages. */\n";
    out += "export interface Lists {\n";
    for endpoint in ENDPOINTS {
        if let (_, Some(row)) = answer(endpoint) {
            let (name, query) = (endpoint.docs.named, endpoint.docs.query);
            out += &format!(
                "  {name}(query: {query}, options?: PaginatorOptions): Paginator<{row}>;\n"
            );
        }
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
        if let (_, Some(row)) = answer(endpoint) {
            let (docs, query) = (&endpoint.docs, format!("Unpaged<{}>", endpoint.docs.query));
            out += &comment("  ", &[docs.pages]);
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
    let mut out = "/** The type of a parameter. */\n".to_owned();
    out += "export type ParameterKind = \"integer\" | \"text\" | \"day\" | \"flag\" | \"namedValues\";\n";
    out += "/** Path below the base URL under which all endpoints lie. */\n";
    out += &format!("export const path = {PATH:?};\n");
    out += "/** HTTP method and parameters of each endpoint. */\n";
    out += "export const endpoints: Record<\n  string,\n  { method: \"GET\" | \"POST\"; required: string[]; fields: Record<string, ParameterKind> }\n> = {\n";
    for endpoint in ENDPOINTS {
        let required = endpoint.parameters.iter().filter(|parameter| parameter.required);
        let required = strings(required.map(|parameter| parameter.name));
        out += &format!("  {}: {{\n", endpoint.name);
        out += &format!(
            "    method: {:?},\n    required: [{required}],\n    fields: {{\n",
            endpoint.method.name()
        );
        for parameter in endpoint.parameters {
            out += &format!("      {}: {:?},\n", parameter.name, kind(parameter.kind));
        }
        out += "    },\n  },\n";
    }
    out + "};\n"
}

/// The name of a parameter's type in TypeScript.
const fn kind(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Id
        | ParameterKind::Code(_)
        | ParameterKind::Least(_)
        | ParameterKind::Greatest
        | ParameterKind::Index
        | ParameterKind::Page
        | ParameterKind::PageSize(_) => "integer",
        ParameterKind::Text => "text",
        ParameterKind::Day => "day",
        ParameterKind::Flag => "flag",
        ParameterKind::NamedValues => "namedValues",
    }
}
