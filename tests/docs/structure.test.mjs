// The structure check (scripts/structure.mjs) on checkouts with one defect each: it finds the defect, names the file
// and gives advice. Not here: the structure of the project itself, which lint checks.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { structure } from "../../scripts/structure.mjs";

/** What the check says of a checkout with these files. */
async function faultsOf(files) {
  const folder = mkdtempSync(join(tmpdir(), "byrobot-structure-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    await structure(folder);
    return [];
  } catch (error) {
    return error.message.split("\n").slice(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A test for each checkout: the only fault that is found begins with these words. */
function finds(cases) {
  for (const [name, files, ...beginnings] of cases) {
    test(name, async () => {
      const faults = await faultsOf(files);
      assert.equal(faults.length, beginnings.length, faults.join("\n"));
      for (const [index, beginning] of beginnings.entries()) {
        assert.ok(faults[index].startsWith(beginning), faults[index]);
        assert.match(faults[index], /: (move|split|rename|name|say) /);
      }
    });
  }
}

describe("in TypeScript it finds", () => {
  const type = (from) => `import type { A } from "${from}";\nexport const b = 0 as unknown as A;\n`;
  finds([
    [
      "a circle of type-only imports",
      { "pkg/src/client/a.ts": type("./b.js"), "pkg/src/client/b.ts": 'export * from "./a.js";\n' },
      "circle: pkg/src/client/a.ts → pkg/src/client/b.ts → pkg/src/client/a.ts",
    ],
    [
      "a circle through the script of a Vue component",
      {
        "www/src/A.vue": '<script setup lang="ts">\nimport "./a";\n</script>\n',
        "www/src/a.ts": 'import "./A.vue";\n',
      },
      "circle: www/src/A.vue → www/src/a.ts → www/src/A.vue",
    ],
    [
      "a room that uses one above it",
      {
        "pkg/src/wasm/a.ts": type("../client/b.js"),
        "pkg/src/client/b.ts": "export type A = 1;\n",
      },
      "arrow: pkg/src/wasm/a.ts uses pkg/src/client/b.ts: wasm may use generated",
    ],
    [
      "a file outside of the rooms",
      { "pkg/src/a.ts": "export {};\n" },
      "room: pkg/src/a.ts is in none of generated, ",
    ],
    [
      "a name that two files export",
      {
        "pkg/src/client/a.ts": "export interface Answer {}\n",
        "pkg/src/table/b.ts": "export type Answer = 1;\n",
      },
      "name: Answer is defined in pkg/src/client/a.ts and pkg/src/table/b.ts",
    ],
  ]);
});

describe("in Rust it finds", () => {
  finds([
    [
      "a circle of use declarations",
      {
        "src/json/mod.rs": "mod a;\nmod b;\npub use a::A;\n",
        "src/json/a.rs": "use super::b::{B, C};\npub struct A(B);\n",
        "src/json/b.rs": "pub struct B;\npub struct C;\nfn f() { crate::json::a::g(); }\n",
      },
      "circle: src/json/a.rs → src/json/b.rs → src/json/a.rs",
    ],
    [
      "a circle through a re-export, which it follows",
      {
        "src/json/mod.rs": "mod a;\nmod b;\npub use a::A;\npub use b::B as Renamed;\n",
        "src/json/a.rs": "use crate::json::Renamed;\npub struct A;\n",
        "src/json/b.rs": "use crate::json::{A, self};\npub struct B;\n",
      },
      "circle: src/json/a.rs → src/json/b.rs → src/json/a.rs",
    ],
    [
      "a room that uses one above it",
      { "src/json/mod.rs": "use crate::wasm::W;\n", "src/wasm/mod.rs": "pub struct W;\n" },
      "arrow: src/json/mod.rs uses src/wasm/mod.rs: json may use ",
    ],
    [
      "a type that two files make public",
      { "src/json/a.rs": "pub(crate) struct Key;\n", "src/table/b.rs": "pub enum Key {}\n" },
      "name: Key is defined in src/json/a.rs and src/table/b.rs",
    ],
  ]);

  test("nothing in tests of a module, and nothing in re-exports alone", async () => {
    const faults = await faultsOf({
      "src/json/mod.rs": "mod a;\npub use a::A;\npub struct M;\n",
      "src/json/a.rs":
        "pub struct A;\n#[cfg(test)]\nmod tests {\n    use crate::json::M;\n    use crate::wasm::W;\n}\n",
      "src/wasm/mod.rs": "pub struct W;\n",
    });
    assert.deepEqual(faults, []);
  });
});

describe("in any file it finds", () => {
  const lines = (count) => "// A line.\n".repeat(count);
  finds([
    [
      "a second module in the page",
      {
        "www/src/a.ts": 'import { label } from "byrobot-calls/streaming";\n',
        "www/src/b.ts": 'import { label } from "byrobot-calls/client";\n',
      },
      'entry: www/src/b.ts imports a second module: name "byrobot-calls/streaming" instead',
    ],
    [
      "more than 450 lines",
      { "tests/a.mjs": lines(451), "tests/b.mjs": lines(450) },
      "length: tests/a.mjs has 451 lines",
    ],
    [
      "a comment that names a file there is not",
      { "src/json/a.rs": "//! Not here: reading (`b.rs`), a.rs, src/json.\n" },
      "pointer: src/json/a.rs:1: b.rs does not exist",
    ],
    [
      "a document that names a folder there is not",
      { "DESIGN.md": "In `src/json` and\n`src/none`.\n", "src/json/a.rs": "\n" },
      "pointer: DESIGN.md:2: src/none does not exist",
    ],
    [
      "a retired term, but not where the renamed ones are listed",
      { "DESIGN.md": "# A\n\nA door.\n\n## Renamed\n\nA door.\n", "CHANGELOG.md": "A door.\n" },
      'term: DESIGN.md:3: "door"',
    ],
  ]);
});
