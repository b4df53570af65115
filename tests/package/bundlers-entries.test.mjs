// What bundlers make of byrobot-calls/client and byrobot-calls/table: the WebAssembly modules in a page, and the script of
// `diagnose`. Not here: "byrobot-calls" in a page (bundlers.test.mjs), other tools (tests/matrix).
import assert from "node:assert/strict";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { build as viteBuild } from "vite";
import { openBrowser } from "../../scripts/browser.mjs";
import { install, root, successful, wasmIn } from "./installation.mjs";
import { serveSite, startSandbox } from "./servers.mjs";

let project;
before(async () => (project = await install()));
after(() => project?.remove());

const options = {
  bundle: true,
  minify: true,
  format: "esm",
  write: false,
  nodePaths: [join(root, "node_modules")],
  define: { "process.env.NODE_ENV": '"production"' },
};
const bundled = async (contents, more) => {
  const stdin = { contents, resolveDir: project.folder };
  const { outputFiles } = await build({ ...options, stdin, ...more });
  return outputFiles.map(({ path, contents, text }) => ({ path, contents, text }));
};

/** The modules of the package that a script carries, by the names of their files. */
async function modulesIn(files) {
  const names = ["byrobot_calls.wasm", "byrobot_client.wasm", "byrobot_table.wasm"];
  const known = await Promise.all(
    names.map((name) => readFile(project.path("node_modules/byrobot-calls/dist", name))),
  );
  const carried = wasmIn(files.map(({ path, contents }) => [path, Buffer.from(contents)]));
  const found = carried.map(([, bytes]) =>
    known.findIndex((file) => file.equals(bytes.subarray(0, file.length))),
  );
  // The others unpack.
  return found.filter((at) => at >= 0).map((at) => names[at]);
}

describe("a page has the modules that it imports and no other", () => {
  const client = `import { ByrobotClient } from "byrobot-calls/client"; export const client = new ByrobotClient();`;
  const table = `import { CallTable } from "byrobot-calls/table"; export const table = new CallTable();`;
  const pages = {
    "byrobot-calls/client": [client, ["byrobot_client.wasm"], [/syncDoneCalls/], [/CallTable\.restore|linked\(/]], // prettier-ignore
    "byrobot-calls/table": [table, ["byrobot_table.wasm"], [/linked\(/], [/syncDoneCalls/]],
    "byrobot-calls/client and byrobot-calls/table": [client + table, ["byrobot_client.wasm", "byrobot_table.wasm"], [/syncDoneCalls/, /linked\(/], []], // prettier-ignore
    "byrobot-calls/vue and byrobot-calls/table": [`import { useTable } from "byrobot-calls/vue"; export { useTable }; ${table}`, ["byrobot_table.wasm"], [/linked\(/], [/syncDoneCalls/]], // prettier-ignore
    "byrobot-calls/react and byrobot-calls/table": [`import { useTable } from "byrobot-calls/react"; export { useTable }; ${table}`, ["byrobot_table.wasm"], [/linked\(/], [/syncDoneCalls/]], // prettier-ignore
    "byrobot-calls/alerts and byrobot-calls/table": [`import { evaluateAlerts } from "byrobot-calls/alerts"; export { evaluateAlerts }; ${table}`, ["byrobot_table.wasm"], [/linked\(/], [/syncDoneCalls/]], // prettier-ignore
    "byrobot-calls/client/streaming": [client.replace("/client", "/client/streaming"), [], [/syncDoneCalls/, /byrobot_client\.wasm/], [/byrobot_calls\.wasm|byrobot_table\.wasm/]], // prettier-ignore
    "byrobot-calls/table/streaming": [table.replace("/table", "/table/streaming"), [], [/linked\(/, /byrobot_table\.wasm/], [/byrobot_calls\.wasm|byrobot_client\.wasm/]], // prettier-ignore
    "byrobot-calls/alerts alone": [`export * from "byrobot-calls/alerts";`, [], [], [/WebAssembly/]], // prettier-ignore
  };
  for (const [name, [code, modules, words, others]] of Object.entries(pages)) {
    test(name, async () => {
      const files = await bundled(code);
      assert.deepEqual((await modulesIn(files)).sort(), modules);
      for (const word of words) assert.match(files[0].text, word);
      for (const word of others) assert.doesNotMatch(files[0].text, word);
    });
  }

  for (const [entry, some] of [
    ["byrobot-calls/client", "ByrobotClient"],
    ["byrobot-calls/table", "CallTable"],
  ]) {
    test(`without what it does not use: ${entry}`, async () => {
      const weigh = async (code) => (await bundled(code))[0].contents.length;
      const all = await weigh(`export * from "${entry}";`);
      const part = await weigh(`export { ${some} } from "${entry}";`);
      assert.ok(part < all - 1500, `${part} of ${all} bytes`);
    });
  }
});

describe("the script of diagnose", () => {
  const entries = ["byrobot-calls", "byrobot-calls/client"];
  /** Words of its messages, which no other script has. */
  const words = /WebAssembly does not run/;
  const program = (entry, fetch = "") => `
    import { ByrobotClient } from "${entry}";
    const options = { baseUrl: "https://calls.example.com"${fetch} };
    globalThis.client = () => new ByrobotClient(options);
    globalThis.found = () => ByrobotClient.diagnose(options, { language: "en" });
  `;

  for (const entry of entries) {
    test(`is a file of its own in a bundle that splits: ${entry}`, async () => {
      const files = await bundled(program(entry), { splitting: true, outdir: "/out" });
      const having = files.filter(({ text }) => words.test(text));
      const main = files.find(({ path }) => path.endsWith("stdin.js"));
      assert.equal(having.length, 1);
      assert.notEqual(having[0], main);
      assert.doesNotMatch(having[0].text, /[\w+/]{1000}/, "it has no module");
      assert.ok(having[0].contents.length < 20_000, `${having[0].contents.length} bytes`);
    });

    for (const splitting of [false, true]) {
      test(`works in a bundle that ${splitting ? "splits" : "does not split"}: ${entry}`, async () => {
        const fetch = ", fetch: async () => new Response('', { status: 403 })";
        const code = `${program(entry, fetch)}
          const [by, of] = await Promise.all([client().diagnose({ language: "en" }), found()]);
          console.log(JSON.stringify([by.at(-1), of.at(-1)]));`;
        const folder = `diagnose-${entry.replace("/", "-")}-${splitting}`;
        const outdir = project.path(folder);
        const files = await bundled(code, { splitting, outdir, write: true, platform: "node" }).catch(() => []); // prettier-ignore
        assert.deepEqual(files, []);
        const run = project.run(process.execPath, [join(outdir, "stdin.js")]);
        const [by, of] = JSON.parse((await successful(run)).stdout);
        assert.deepEqual([by.check, by.ok, of], ["signature", false, by]);
      });
    }

    test(`is missing: diagnose rejects with network, and works once it is there: ${entry}`, async () => {
      const outdir = project.path(`missing-${entry.replace("/", "-")}`);
      const code = `${program(entry, ", fetch: async () => new Response('', { status: 403 })")}
        import { isByrobotError } from "${entry}";
        const told = (promise) => promise.then(
          () => "found",
          (error) => [isByrobotError(error), error instanceof Error, error.code, error.retryable, error.attempts, error.message, error.cause instanceof Error],
        );
        console.log(JSON.stringify([await told(client().diagnose()), await told(found())]));`;
      const files = await bundled(code, { splitting: true, outdir, platform: "node" });
      await successful(project.run("mkdir", ["-p", outdir]));
      const missing = files.find(({ text }) => words.test(text));
      for (const { path, contents } of files) await writeFile(path, contents);
      const run = async () => {
        const { stdout } = await successful(project.run(process.execPath, [join(outdir, "stdin.js")])); // prettier-ignore
        return JSON.parse(stdout);
      };
      assert.deepEqual(await run(), ["found", "found"]);
      await rm(missing.path);
      const message = "the script of diagnose, a part of this page, cannot be loaded: see cause";
      const expected = [true, true, "network", true, 0, message, true];
      assert.deepEqual(await run(), [expected, expected]);
    });
  }

  test("in a page that Vite has built is loaded with the first call, and its loss is a network error", async (t) => {
    const sandbox = await startSandbox(project);
    t.after(() => sandbox.stop());
    const entry = "byrobot-calls/client";
    await writeFile(
      project.path("main.js"),
      `import { ByrobotClient } from "${entry}";
       const client = new ByrobotClient({ baseUrl: location.origin });
       globalThis.diagnose = () => client.diagnose({ language: "en" }).then(
         (found) => found.filter(({ ok }) => !ok), ({ name, code }) => [name, code]);
       globalThis.asked = client.getTasks({ companyId: 1 }).then(({ list }) => list.length);`,
    );
    await writeFile(
      project.path("index.html"),
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
    );
    await viteBuild({ root: project.folder, configFile: false, logLevel: "error" });
    const site = await serveSite(project.path("dist"), sandbox.url);
    t.after(site.close);
    const assets = project.path("dist/assets");
    const scripts = await readdir(assets);
    const texts = await Promise.all(scripts.map((name) => readFile(join(assets, name), "utf8")));
    const [chunk] = scripts.filter((_, at) => words.test(texts[at]));
    assert.ok(scripts.length >= 2 && chunk, scripts.join());
    const browser = await openBrowser();
    t.after(() => browser.close());
    const visit = async () => {
      const page = await browser.newPage();
      await page.goto(`${site.url}/index.html`);
      const length = await page.waitForFunction(() => globalThis.asked);
      const asked = () => site.requests.some(({ url }) => url.endsWith(chunk));
      const before = asked();
      const found = await page.evaluate(() => globalThis.diagnose());
      const seen = [await length.jsonValue(), before, asked(), found];
      site.requests.length = 0;
      await page.close();
      return seen;
    };
    assert.deepEqual(await visit(), [10, false, true, []]);
    await rm(join(assets, chunk));
    assert.deepEqual(await visit(), [10, false, true, ["ByrobotError", "network"]]);
  });
});
