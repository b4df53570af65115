//! Writes `pkg/src/sandbox/generated/faults.ts`: the faults and the endpoints of the sandbox, from its own tables.

use byrobot_sandbox::{Endpoint, Fault};

use crate::comment;

pub(crate) fn faults() -> String {
    let about = format!(
        "A simulated fault of the network or of the vendor.

At most one of these applies to a request. It replaces or truncates the answer:
{}

The others change an answer and can be combined:
{}

A fault applies to one request only: a retry gets the correct answer, unless a fault applies again.",
        items(true),
        items(false)
    );
    let mut out = comment("", &[&about]);
    out += &union("SandboxFault", Fault::ALL.iter().map(|fault| fault.name()));
    out += "/** An endpoint of the vendor. */\n";
    out += &union("SandboxEndpoint", Endpoint::ALL.iter().map(|endpoint| endpoint.name()));
    out += "/** Each fault, and whether it fails a request. @internal */\n";
    out += "export const sandboxFaults: Record<SandboxFault, boolean> = {\n";
    for fault in Fault::ALL {
        out += &format!("  {}: {},\n", fault.name(), fault.fails());
    }
    out += "};\n/** Each endpoint. @internal */\n";
    out += "export const sandboxEndpoints: Record<SandboxEndpoint, true> = {\n";
    for endpoint in Endpoint::ALL {
        out += &format!("  {}: true,\n", endpoint.name());
    }
    out + "};\n"
}

/// A list of the faults that fail a request, or of the others, with their documentation.
fn items(fails: bool) -> String {
    let faults = Fault::ALL.iter().filter(|fault| fault.fails() == fails);
    let item = |fault: &Fault| {
        let about: Vec<&str> = fault.about().iter().map(|line| line.trim()).collect();
        format!("- `{:?}`: {}", fault.name(), about.join("\n   "))
    };
    faults.map(item).collect::<Vec<_>>().join("\n")
}

fn union<'a>(name: &str, texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.map(|text| format!("{text:?}")).collect();
    format!("export type {name} = {};\n", texts.join(" | "))
}
