// Lists that are kept in two places name the same things: the sandbox's faults and endpoints, exported types, flags of
// the commands.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createSandbox } from "byrobot-calls/sandbox";
import { root } from "./installation.mjs";

const read = (file) => readFileSync(join(root, file), "utf8");
const help = (command) =>
  execFileSync(process.execPath, [join(root, "pkg/dist/cli.js"), command, "--help"], {
    encoding: "utf8",
  });

/** The variants of an enum in sandbox/src/fault.rs, as options name them. */
function variants(name) {
  const [, body] = read("sandbox/src/fault.rs").match(new RegExp(`pub enum ${name} \\{([^}]*)\\}`));
  return [...body.matchAll(/^ {4}(\w)(\w*)/gm)].map(
    ([, initial, rest]) => initial.toLowerCase() + rest,
  );
}

/** The names that the package accepts in a rule: the error of a wrong one lists them. */
async function accepted(rule) {
  const refused = await createSandbox({ script: [rule] }).then(
    () => assert.fail("accepted"),
    (error) => error,
  );
  return refused.message.match(/there are (.*)$/)[1].split(", ");
}

test("the package accepts every fault of the sandbox", async () =>
  assert.deepEqual(await accepted({ fault: "?" }), variants("Fault")));

test("the help of the sandbox names every fault", () => {
  const [, list] = help("sandbox").match(/Faults: ([^]*?)\n\n/);
  const missing = variants("Fault").filter((fault) => !new RegExp(`\\b${fault}\\b`).test(list));
  assert.deepEqual(missing, []);
});

test("the sandbox and its rules have every endpoint of the schema", async () => {
  const { endpoints } = JSON.parse(read("pkg/src/generated/schema.json"));
  assert.deepEqual(variants("Endpoint"), Object.keys(endpoints));
  assert.deepEqual(await accepted({ fault: "empty", endpoint: "?" }), Object.keys(endpoints));
});

test("the entry point exports every type of queries and answers", () => {
  const generated = read("pkg/src/generated/models.ts");
  const types = [...generated.matchAll(/^export (?:interface|type) (\w+)/gm)].map(
    ([, name]) => name,
  );
  assert.ok(types.length > 10);
  const entry = read("pkg/src/entry/index.ts");
  const missing = types.filter((name) => !new RegExp(`\\b${name}\\b`).test(entry));
  assert.deepEqual(missing, []);
});

for (const [command, file] of [
  ["sandbox", "pkg/src/cli/main.ts"],
  ["proxy", "pkg/src/cli/proxy-command.ts"],
]) {
  test(`the help of ${command} and its parser have the same flags`, () => {
    const parsed = [...read(file).matchAll(/^ +"?([\w-]+)"?: \{ type: "/gm)].map(
      ([, name]) => name,
    );
    const named = [...help(command).matchAll(/^ +--([\w-]+)/gm)].map(([, name]) => name);
    // `--live` is only the opposite of a flag; every command has `--help`.
    const own = parsed.filter((name) => name !== "help" && name !== "live");
    assert.deepEqual([...new Set(named)].sort(), own.sort());
  });
}
