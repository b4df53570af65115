//! Generates TypeScript from the tables of `src/schema` and of the sandbox, and JSON for tests and checks:
//! `byrobot-schema <folder of the repository>`. `scripts/build.mjs` runs it.
//!
//! - `models.rs`: the types of answers and queries
//! - `codes.rs`: types of codes, constants, tones for the dashboard
//! - `metrics.rs`: the statistics, their order across the edge, their words
//! - `endpoints.rs`: the client's methods, queries for query libraries, the parameters that the proxy allows
//! - `faults.rs`: the faults and endpoints of the sandbox
//! - `fields.rs`: the privacy classes of fields, and what a digit is, for the proxy's masks
//! - `json.rs`: names and words of all tables

#![expect(
    clippy::format_push_string,
    reason = "a build step; readable code matters more than speed"
)]

mod codes;
mod endpoints;
mod faults;
mod fields;
mod json;
mod metrics;
mod models;

use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let root = std::env::args().nth(1).ok_or_else(|| io::Error::other("expected a folder"))?;
    let root = Path::new(&root);
    for (file, content) in [
        ("pkg/src/generated/models.ts", models::types()),
        ("pkg/src/generated/codes.ts", codes::constants()),
        ("pkg/src/generated/statistics.ts", metrics::statistics()),
        ("pkg/src/generated/explanations.ts", metrics::explanations()),
        ("pkg/src/client/generated/methods.ts", endpoints::methods()),
        ("pkg/src/client/generated/queries.ts", endpoints::queries()),
        ("pkg/src/generated/parameters.ts", endpoints::parameters()),
        ("pkg/src/generated/fields.ts", fields::classes()),
        ("pkg/src/generated/digits.ts", fields::digits()),
        ("www/src/generated/codes.ts", codes::dashboard()),
        ("pkg/src/sandbox/generated/faults.ts", faults::faults()),
        ("pkg/src/generated/schema.json", json::all()),
    ] {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        // JSON has no comments.
        let head = match path.extension() {
            Some(extension) if extension == "ts" => {
                "// Made by scripts/schema from tables in Rust. Do not edit.\n"
            }
            _ => "",
        };
        fs::write(path, format!("{head}{content}"))?;
    }
    Ok(())
}

/// A documentation comment. A leading blank of each line, as in Rust's documentation, is removed.
fn comment(indent: &str, lines: &[&str]) -> String {
    let lines: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.split('\n'))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let body = lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned());
            format!("{indent}/**\n{}\n{indent} */\n", body.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// String literals, separated by commas.
fn strings<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| format!("{item:?}")).collect();
    items.join(", ")
}
