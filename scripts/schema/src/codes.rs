//! Writes `pkg/src/generated/codes.ts`: codes as types and constants, and the names of the tables and languages;
//! and `www/src/generated/codes.ts`: tones and intent levels for the dashboard.

use byrobot_calls::schema::{CodeTable, INTENT_RESULTS, Language, Tone};

use crate::models::{declared, union as codes_of};
use crate::{comment, strings};

pub(crate) fn constants() -> String {
    let mut out = String::new();
    for (_, table) in CodeTable::ALL {
        let docs = table.docs();
        if let Some(name) = declared(*table) {
            out += &comment("", docs.about);
            out += &format!("export type {name} = {};\n", codes_of(*table, "number"));
        }
        if docs.constants.is_empty() {
            continue;
        }
        out += &comment("", docs.constants);
        out += &format!("export const {} = {{\n", docs.name);
        for code in table.codes() {
            out += &comment("  ", &[&format!("{}: {}.", code.label.zh, code.label.en)]);
            out += &format!("  {}: {},\n", code.constant, code.code);
        }
        out += "} as const;\n";
    }
    out += "/** The speakers of a transcript. @internal */\nexport const speakers = {\n";
    for code in CodeTable::Speaker.codes() {
        out += &format!("  {}: {:?},\n", code.constant, code.code);
    }
    out += "} as const;\n/** Names of the speakers at the start of a line. @internal */\n";
    out += "export const speakerNames: Record<string, Record<Language, string>> = {\n";
    for code in CodeTable::Speaker.codes() {
        let names = Language::ALL.iter().map(|(name, language)| {
            let mut label = code.label.of(*language).chars();
            let first: String = label.by_ref().take(1).flat_map(char::to_uppercase).collect();
            format!("{name}: \"{first}{}\"", label.as_str())
        });
        out += &format!("  {}: {{ {} }},\n", code.code, names.collect::<Vec<_>>().join(", "));
    }
    out += "};\n/** Labels of the states of a task. @internal */\n";
    out += "export const jobStatusLabels: Record<number, Record<Language, string>> = {\n";
    for code in CodeTable::JobStatus.codes() {
        let labels = Language::ALL
            .iter()
            .map(|(name, language)| format!("{name}: {:?}", code.label.of(*language)));
        out += &format!("  {}: {{ {} }},\n", code.code, labels.collect::<Vec<_>>().join(", "));
    }
    out += "};\n";
    out += "/** The vendor's code tables: of tasks (`jobStatus`, `jobType`), of calls, and `speaker` of a line. */\n";
    out += &format!(
        "export type CodeTable = {};\n",
        union(CodeTable::ALL.iter().map(|table| table.0))
    );
    out += "/** A language of labels, titles and explanations. */\n";
    out += &format!(
        "export type Language = {};\n",
        union(Language::ALL.iter().map(|language| language.0))
    );
    out += "/** All languages, the default first. @internal */\n";
    let names = strings(Language::ALL.iter().map(|language| language.0));
    out + &format!("export const languages: readonly Language[] = [{names}];\n")
}

/// A union of string literals.
fn union(names: impl Iterator<Item = &'static str>) -> String {
    names.map(|name| format!("{name:?}")).collect::<Vec<_>>().join(" | ")
}

pub(crate) fn dashboard() -> String {
    let tone = |tone: Tone| match tone {
        Tone::Good => "good",
        Tone::Busy => "busy",
        Tone::Warning => "warn",
        Tone::Bad => "bad",
        Tone::Neutral => "mute",
    };
    let mut out = "export const tones = {\n".to_owned();
    for (name, table) in CodeTable::ALL {
        let codes =
            table.codes().iter().map(|code| format!("{}: {:?}", code.code, tone(code.tone)));
        out += &format!("  {name}: {{ {} }},\n", codes.collect::<Vec<_>>().join(", "));
    }
    out += "} as const;\n";
    let [intent, ..] = INTENT_RESULTS;
    out + &format!("export const intentResult = {intent:?};\n")
}
