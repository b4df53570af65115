// Consistency of the documents: links have a target, tables have a row for each item, the two READMEs agree.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { after, before, describe, test } from "node:test";
import { CallTable, explain } from "byrobot-calls";
import ts from "typescript";
import { weights } from "../../scripts/size.mjs";
import { install, root } from "../package/installation.mjs";
import {
  blocksOf,
  declarations,
  documents,
  headingsOf,
  linksOf,
  namesIn,
  read,
  rowsOf,
} from "./documents.mjs";

const guides = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const all = [
  ...[...documents, "llms.txt", "DESIGN.md", "PROTOCOL.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...["bench/README.md", "tests/README.md", "tests/fixtures/README.md"],
  ...["docs/examples/vue/README.md", "docs/examples/react/README.md"],
];

describe("links", () => {
  /** As GitHub makes them of headings. */
  const anchorsOf = (text) =>
    headingsOf(text).map(({ title }) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replace(/\s/g, "-"),
    );
  /** The links of a document, named by its path in a folder, that lead nowhere in that folder. */
  function deadLinks(document, folder = root) {
    const textOf = (name) => readFileSync(join(folder, name), "utf8");
    return linksOf(textOf(document)).filter((link) => {
      if (/^https:/.test(link)) return false;
      const [path, anchor] = link.split("#");
      const target = path === "" ? document : normalize(join(dirname(document), path));
      if (target.startsWith("..") || !existsSync(join(folder, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
    });
  }

  for (const document of all) {
    test(`of ${document} lead somewhere`, () => assert.deepEqual(deadLinks(document), []));
  }

  describe("in the installed package", () => {
    let project;
    before(async () => (project = await install()));
    after(() => project?.remove());

    for (const document of [...documents, "llms.txt"]) {
      test(`of ${document} lead to files of the package`, () =>
        assert.deepEqual(deadLinks(document, project.path("node_modules/byrobot-calls")), []));
    }
  });

  test("lead from the index to every guide", () => {
    const linked = linksOf(read("docs/README.md"));
    const missing = guides.filter((name) => name !== "README.md" && !linked.includes(name));
    assert.deepEqual(missing, []);
  });
});

describe("the two READMEs", () => {
  const [english, chinese] = ["README.md", "README.zh-CN.md"].map(read);

  test("have the same blocks of code", () =>
    assert.deepEqual(
      blocksOf(chinese).map(({ code }) => code),
      blocksOf(english).map(({ code }) => code),
    ));

  test("have the same headings at the same depths", () => {
    const depths = (text) => headingsOf(text).map(({ depth }) => depth);
    assert.deepEqual(depths(chinese), depths(english));
  });

  test("have the same links", () => {
    const places = (text) =>
      [...new Set(linksOf(text))].filter((link) => !link.startsWith("README")).sort();
    assert.deepEqual(places(chinese), places(english));
  });

  test("have the same rows, with the same sizes", () => {
    const names = (text) => rowsOf(text).map(([name]) => name);
    assert.deepEqual(names(chinese), names(english));
    const sizes = (text) =>
      rowsOf(text).flatMap(([, ...cells]) => cells.filter((cell) => /^[\d.]+ (kB|ms)$/.test(cell)));
    assert.ok(sizes(english).length > 5);
    assert.deepEqual(sizes(chinese), sizes(english));
  });
});

test("the sizes in the READMEs are those that are measured: npm run size -- --write", async () => {
  const rows = rowsOf(read("README.md"));
  for (const { entry, gzip } of await weights()) {
    const [, , , told] = rows.find(([name]) => name === `\`${entry}\``);
    const bytes = Number.parseFloat(told) * 1000;
    assert.ok(Math.abs(bytes - gzip) < gzip / 20, `${entry}: ${told}, and ${gzip} bytes`);
  }
});

describe("the documents have a row for", () => {
  /** The texts of a union in the declarations. */
  function union(file, name) {
    const text = read(`pkg/dist/${file}.d.ts`);
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found = source.statements.find((node) => node.name?.text === name);
    return found.type.types.map(({ literal }) => literal.text);
  }

  test("every code of an error, with whether a retry may help", () => {
    const rows = rowsOf(read("docs/errors.md"));
    const rust = [...read("src/error.rs").matchAll(/=> \("(\w+)", (true|false)\)/g)];
    const passing = Object.fromEntries(rust.map(([, code, passes]) => [code, passes === "true"]));
    assert.deepEqual(
      rows.map(([code]) => namesIn(code)[0]),
      union("wasm/errors", "ErrorCode"),
    );
    for (const [code, , passes] of rows) {
      assert.equal(passes !== "no", passing[namesIn(code)[0]], code);
    }
  });

  test("every check of a diagnosis", () => {
    const checks = rowsOf(read("docs/diagnose.md")).flatMap(([check]) => namesIn(check));
    assert.deepEqual(checks, union("client/messages", "DiagnosisCheck"));
  });

  test("every fault of the sandbox", () => {
    const named = new Set(rowsOf(read("docs/sandbox.md")).flatMap(([fault]) => namesIn(fault)));
    const missing = union("sandbox/generated/faults", "SandboxFault").filter(
      (fault) => !named.has(fault),
    );
    assert.deepEqual(missing, []);
  });

  test("every option of the proxy", () => {
    const [, section] = read("docs/server.md").split("## Options");
    const rows = rowsOf(section.split("\n## ")[0]).map(([option]) => namesIn(option)[0]);
    const text = read("pkg/dist/server/options.d.ts");
    const source = ts.createSourceFile("options.d.ts", text, ts.ScriptTarget.Latest, true);
    const { members } = source.statements.find(({ name }) => name?.text === "ProxyOptions");
    assert.deepEqual(rows.toSorted(), members.map(({ name }) => name.text).toSorted());
  });

  test("every number of the statistics, with its formula and its null", () => {
    const [, section] = read("docs/analytics.md").split("## Every number");
    const rows = rowsOf(section.split("\n## ")[0]);
    const nothing = new CallTable().statistics();
    assert.deepEqual(
      rows.map(([metric]) => namesIn(metric)[0]),
      Object.keys(nothing),
    );
    const { metrics, codes } = JSON.parse(read("pkg/src/generated/schema.json"));
    for (const [cell, title, formula, unit, whenNull, note] of rows) {
      const [metric] = namesIn(cell);
      const said = metrics.find(({ id }) => id === metric);
      assert.equal(unit.replaceAll("`", ""), said.unit, metric);
      assert.equal(whenNull, said.nullFor || "–", metric);
      const explained = explain(metric, "en");
      assert.equal(title, explain(metric, "zh").title);
      assert.equal(formula, explained.formula);
      assert.equal(note, explained.note);
      assert.equal(whenNull !== "–", nothing[metric] === null, `${metric}: null`);
    }
    // The same in SQL: which statuses are unusable.
    const unusable = codes.finishStatus.filter((status) => status.unusable);
    const lists = [...read("docs/elsewhere.md").matchAll(/finishStatus not in \(([^)]*)\)/g)];
    assert.ok(lists.length > 1);
    for (const [, list] of lists) assert.equal(list, unusable.map(({ code }) => code).join(", "));
  });
});

describe("llms.txt", () => {
  const text = read("llms.txt");

  test("links every guide, and only files of the package", () => {
    const links = linksOf(text);
    const missing = guides.map((name) => `docs/${name}`).filter((name) => !links.includes(name));
    assert.deepEqual(missing, ["docs/README.md"]);
    assert.deepEqual(
      links.filter((link) => !existsSync(join(root, "pkg", link))),
      [],
    );
  });

  test("names every entry", () => {
    const { exports } = JSON.parse(read("pkg/package.json"));
    const entries = Object.keys(exports).filter((entry) => !entry.endsWith(".json"));
    const silent = entries
      .map((entry) => entry.replace(/^\./, "byrobot-calls"))
      .filter((entry) => !text.includes(`\n- \`${entry}\``));
    assert.deepEqual(silent, []);
  });

  test("calls only functions that exist", () => {
    const declared = declarations.map(read).join("\n");
    const called = [...text.matchAll(/(\w+)\(/g)].map(([, name]) => name);
    assert.ok(called.length > 10);
    assert.deepEqual(
      called.filter((name) => !new RegExp(`\\b${name}\\b`).test(declared)),
      [],
    );
  });
});

describe("the oldest engines", () => {
  const engines = Object.entries(JSON.parse(read("pkg/src/wasm/engines.json"))).map(
    ([name, version]) => [`${name[0].toUpperCase()}${name.slice(1)} ${version}`, name, version],
  );
  for (const document of ["README.md", "README.zh-CN.md", "docs/start.md", "docs/loading.md"]) {
    test(`are named by ${document}`, () => {
      const text = read(document).replace(/\s+/g, " ");
      const unnamed = engines.filter(([words]) => !new RegExp(`${words}(?![.\\d])`).test(text));
      assert.deepEqual(unnamed, []);
    });
  }

  test("are those of package.json", () => {
    const { engines: declared } = JSON.parse(read("pkg/package.json"));
    const [, , node] = engines.find(([, name]) => name === "node");
    assert.equal(declared.node, `>=${node}`);
  });
});
