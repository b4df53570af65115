//! Writes `pkg/src/generated/statistics.ts`: the type of the statistics, and the order in which they cross the edge;
//! and `pkg/src/generated/explanations.ts`: their meaning in words.

use byrobot_calls::schema::{GroupNumber, Measure, Metric, TERMS, UNREADABLE};

use crate::{comment, strings};

pub(crate) fn statistics() -> String {
    let mut out = "import type { FinishStatus } from \"./codes.js\";\n".to_owned();
    out += "/** Intent level of a customer; A is the strongest interest. Both vocabularies of the vendor have these letters. */\n";
    let levels = byrobot_calls::schema::LEVELS.map(|level| format!("{level:?}"));
    out += &format!("export type IntentLevel = {};\n", levels.join(" | "));
    out += &comment(
        "",
        &[
            "Statistics of a set of calls. Every rate is a fraction from 0 to 1, `null` when its denominator is 0.",
            "Calls whose field is absent or unreadable count neither in its numerator nor in its denominator.",
            "`explain` says what each number means.",
        ],
    );
    out += "export interface CallStatistics {\n";
    for metric in Metric::ALL {
        out += &comment("  ", &[metric.docs().about]);
        out += &format!("  {}: {};\n", metric.docs().id, type_of(metric.measure()));
    }
    out += "}\n";
    let levels = levels.join(", ");
    out += &format!("const levels = [null, {levels}] as const;\n");
    out += DECODING;
    for metric in Metric::ALL {
        out += &format!("    {}: {},\n", metric.docs().id, decoding(metric.measure()));
    }
    out += "  };\n}\n";
    out += "/** Where each number of a group stands among its numbers. @internal */\n";
    let positions = GroupNumber::ALL.iter().enumerate();
    let positions = positions.map(|(at, number)| format!("{}: {at}", number.name()));
    out += &format!(
        "export const groupNumbers = {{ {} }} as const;\n",
        positions.collect::<Vec<_>>().join(", ")
    );
    out += "/** Numbers of a group. @internal */\n";
    out + &format!("export const groupWidth = {};\n", GroupNumber::ALL.len())
}

/// Reads the numbers one after the other. An object literal evaluates its members in their order.
const DECODING: &str = "/** `NaN` crosses the edge for a number that is not there. @internal */
export const orNull = (number: number): number | null => (Number.isNaN(number) ? null : number);

/** The statistics, from their numbers in the order in which they cross the edge. @internal */
export function statisticsOf(numbers: Float64Array): CallStatistics {
  let at = 0;
  const next = (): number => numbers[at++] ?? NaN;
  const pairs = <T>(make: (one: number, other: number) => T): T[] =>
    Array.from({ length: next() }, () => make(next(), next()));
  return {
";

/// The expression that reads a measure.
fn decoding(measure: Measure) -> String {
    match measure {
        Measure::Number => "next()".to_owned(),
        Measure::NumberOrNull => "orNull(next())".to_owned(),
        Measure::ByCode => "pairs((code, calls) => ({ code: orNull(code), calls }))".to_owned(),
        Measure::Quantiles => "pairs((q, seconds) => ({ q, seconds }))".to_owned(),
        Measure::ByLevel => {
            "pairs((level, calls) => ({ level: levels[level] ?? null, calls }))".to_owned()
        }
        Measure::ByField => {
            let fields = UNREADABLE.map(|field| format!("{field}: next()"));
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

fn type_of(measure: Measure) -> String {
    match measure {
        Measure::Number => "number".to_owned(),
        Measure::NumberOrNull => "number | null".to_owned(),
        Measure::ByCode => "{
    /** The vendor's code; `null`: absent or unreadable. */
    code: FinishStatus | null;
    /** Calls with this code. */
    calls: number;
  }[]"
        .to_owned(),
        Measure::Quantiles => "{
    /** The requested quantile, from 0 to 1. */
    q: number;
    /** The share `q` of the calls is not longer than this. */
    seconds: number;
  }[]"
        .to_owned(),
        Measure::ByLevel => "{
    /** The letter; `null`: calls without a level. */
    level: IntentLevel | null;
    /** Answered calls with this level. */
    calls: number;
  }[]"
        .to_owned(),
        Measure::ByField => {
            let fields = UNREADABLE.map(|field| {
                let about = format!("Calls whose `{field}` could not be read.");
                format!("{}    {field}: number;\n", comment("    ", &[&about]))
            });
            format!("{{\n{}  }}", fields.concat())
        }
    }
}

pub(crate) fn explanations() -> String {
    let mut out = "import type { Language } from \"./codes.js\";\n".to_owned();
    out += "import type { CallStatistics } from \"./statistics.js\";\n";
    let terms = TERMS.map(|term| format!("{:?}", term.id));
    out += "/** A number that `explain` explains: of the statistics, of groups, rounds and comparisons. */\n";
    out +=
        &format!("export type ExplainedNumber = keyof CallStatistics | {};\n", terms.join(" | "));
    out += "/** Title, formula and note of each number. */\n";
    out += "export const explanations: Record<\n  ExplainedNumber,\n  Record<Language, readonly [title: string, formula: string, note: string]>\n> = {\n";
    let metrics = Metric::ALL.iter().map(|metric| {
        let docs = metric.docs();
        (docs.id, [docs.title, docs.formula, docs.note])
    });
    let terms = TERMS.iter().map(|term| (term.id, [term.title, term.formula, term.note]));
    for (id, words) in metrics.chain(terms) {
        out += &format!("  {id}: {{\n");
        for (name, language) in byrobot_calls::schema::Language::ALL {
            let words = words.map(|words| words.of(*language));
            out += &format!("    {name}: [{}],\n", strings(words));
        }
        out += "  },\n";
    }
    out + "};\n"
}
