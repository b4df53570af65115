// The file of an entry point that each runtime gets, by the conditions of its bundlers. Not here: what the file does
// there (tests/matrix, proxy.test.mjs).
import assert from "node:assert/strict";
import { basename, parse } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { install } from "./installation.mjs";

let project;
before(async () => (project = await install()));
after(() => project?.remove());

/** The file of the package that an import leads to, or a `require`. */
async function resolved(entry, conditions, by = "import") {
  const { metafile } = await build({
    stdin: {
      contents: by === "import" ? `import "${entry}";` : `require("${entry}");`,
      resolveDir: project.folder,
    },
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
  const { dir, base } = parse(imports[0].path);
  return basename(dir) === "cjs" ? `cjs/${base}` : base;
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

const withModule = {
  "byrobot-calls": ["inlined.js", "workerd.js", "cjs/index.js", "byrobot_calls.wasm"],
  "byrobot-calls/client": [
    "client.js",
    "client-workerd.js",
    "cjs/client.js",
    "byrobot_client.wasm",
  ],
  "byrobot-calls/table": ["table.js", "table-workerd.js", "cjs/table.js", "byrobot_table.wasm"],
};
for (const [entry, [inlined, workerd, required, wasm]] of Object.entries(withModule)) {
  describe(entry, () => {
    test("is the module that workerd has compiled, also under the conditions of a page", async () =>
      assert.equal(await resolved(entry, ["workerd", "browser"]), workerd));
    for (const conditions of [["browser"], ["worker", "browser"], ["node"], ["deno"]]) {
      test(`has its bytes in the script: ${conditions}`, async () =>
        assert.equal(await resolved(entry, conditions), inlined));
    }

    for (const conditions of [["node"], ["browser"], ["node", "browser"]]) {
      test(`is a file for require that reads its module, as in Node and in Jest's jsdom: ${conditions}`, async () =>
        assert.equal(await resolved(entry, conditions, "require"), required));
    }
    test("has its bytes in the script where a bundler finds require", async () =>
      assert.equal(await resolved(entry, ["module", "browser"], "require"), inlined));

    test("imports its own WebAssembly file in workerd, and nothing else from outside", async () => {
      const { metafile } = await build({
        entryPoints: [project.path("node_modules/byrobot-calls/dist", workerd)],
        bundle: true,
        write: false,
        metafile: true,
        format: "esm",
        platform: "neutral",
        external: ["*.wasm"],
      });
      const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
      const outside = imports.filter(({ external }) => external).map(({ path }) => path);
      assert.deepEqual(outside, [`./${wasm}`]);
    });
  });
}

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
