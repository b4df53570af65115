// The file of an entry point that each runtime gets, by the conditions of its bundlers. Not here: what the file does
// there (tests/matrix, proxy.test.mjs).
import assert from "node:assert/strict";
import { basename } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { install } from "./installation.mjs";

let project;
before(async () => (project = await install()));
after(() => project?.remove());

/** The file of the package that an import leads to. */
async function resolved(entry, conditions) {
  const { metafile } = await build({
    stdin: { contents: `import "${entry}";`, resolveDir: project.folder },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    external: ["*.wasm", "node:*"],
    // What has no side effect would be left out.
    ignoreAnnotations: true,
    conditions,
  });
  const [{ imports }] = Object.entries(metafile.inputs)
    .filter(([name]) => name === "<stdin>")
    .map(([, input]) => input);
  return basename(imports[0].path);
}

describe("byrobot-calls/server", () => {
  for (const [runtime, conditions] of Object.entries({
    "Vercel's edge runtime": ["edge-light", "worker", "browser"],
    "Cloudflare Workers": ["workerd", "worker", "browser"],
    Deno: ["deno", "node"],
    Bun: ["bun", "node"],
    Node: ["node"],
  })) {
    test(`is the server under ${runtime}: ${conditions}`, async () =>
      assert.equal(await resolved("byrobot-calls/server", conditions), "server.js"));
  }

  for (const conditions of [["browser"], ["worker", "browser"], ["browser", "node", "electron"]]) {
    test(`in a page throws errors: ${conditions}`, async () =>
      assert.equal(await resolved("byrobot-calls/server", conditions), "server-browser.js"));
  }
});

describe("byrobot-calls/node", () => {
  for (const conditions of [["deno", "browser"], ["bun", "node"], ["node"]]) {
    test(`has files: ${conditions}`, async () =>
      assert.equal(await resolved("byrobot-calls/node", conditions), "node.js"));
  }
  for (const conditions of [["browser"], ["workerd", "worker", "browser"]]) {
    test(`throws errors where there are none: ${conditions}`, async () =>
      assert.equal(await resolved("byrobot-calls/node", conditions), "node-browser.js"));
  }
  test("says in a page which store is for pages", async () => {
    const code = `const { fileStore } = await import("./node_modules/byrobot-calls/dist/node-browser.js");
      try { fileStore("calls"); } catch ({ message }) { console.log(message); }`;
    assert.match((await project.evaluate(code)).stdout, /indexedDbStore\(\)/);
  });
});

describe("byrobot-calls", () => {
  test("is the module that workerd has compiled, also under the conditions of a page", async () =>
    assert.equal(await resolved("byrobot-calls", ["workerd", "browser"]), "workerd.js"));
  for (const conditions of [["browser"], ["worker", "browser"], ["node"], ["deno"]]) {
    test(`has its bytes in the script: ${conditions}`, async () =>
      assert.equal(await resolved("byrobot-calls", conditions), "inlined.js"));
  }
});

describe("an entry point without WebAssembly", () => {
  const frameworks = { vue: ["vue"], react: ["react"], alerts: [] };
  for (const [name, external] of Object.entries(frameworks)) {
    for (const file of [`${name}.js`, `cjs/${name}.js`]) {
      test(`${file} imports ${external.join() || "nothing"} and nothing else`, async () => {
        const { metafile } = await build({
          entryPoints: [project.path("node_modules/byrobot-calls/dist", file)],
          bundle: true,
          write: false,
          metafile: true,
          format: "esm",
          platform: "neutral",
          external,
        });
        const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
        assert.deepEqual([...new Set(imports.map(({ path }) => path))], external);
        assert.equal(Object.keys(metafile.inputs).length, 1);
      });
    }
  }

  test("alerts.js is the file of each runtime", async () => {
    for (const conditions of [["browser"], ["workerd", "worker", "browser"], ["node"], ["deno"]])
      assert.equal(await resolved("byrobot-calls/alerts", conditions), "alerts.js");
  });
});
