// The package in a browser: bundled by esbuild, built and served by Vite, and as plain files under a strict
// Content-Security-Policy.
import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build as bundle } from "esbuild";
import { build, createServer, preview } from "vite";
import { openBrowser } from "../../scripts/browser.mjs";
import { install, successful } from "./installation.mjs";
import { serveSite, startSandbox } from "./servers.mjs";

let project, sandbox, browser;
/** What the program says in Node, and so has to say everywhere. */
let expected;

before(async () => {
  project = await install([{ file: join(import.meta.dirname, "program.mjs"), as: "program.mjs" }]);
  [sandbox, browser] = await Promise.all([startSandbox(project), openBrowser()]);
  const { stdout } = await successful(project.run("node", ["program.mjs", sandbox.url]));
  expected = JSON.parse(stdout);
});
after(async () => {
  await browser?.close();
  await sandbox?.stop();
  await project?.remove();
});

/** The script of a page that runs the program and shows how it went. */
const pageScript = (program, baseUrl) => `
  import { fiveCalls } from "${program}";
  globalThis.outcome = fiveCalls({ baseUrl: "${baseUrl}", retry: false }).catch((error) => ({
    error: error instanceof Error,
    name: error.name,
    code: error.code,
    message: error.message,
    url: error.url,
  }));
`;

const page = (script) =>
  `<!doctype html><link rel="icon" href="data:," /><script type="module" src="${script}"></script>`;

/** How the program went in a page, and what the browser complained about meanwhile. */
async function visit(url) {
  const tab = await browser.newPage();
  const complaints = [];
  tab.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  tab.on("pageerror", (error) => complaints.push(String(error)));
  try {
    await tab.goto(url);
    // Vite's development server may load the page once more when it has met a package: waiting outlasts that.
    const outcome = await tab.waitForFunction(() => globalThis.outcome, null, { timeout: 60_000 });
    return { outcome: await outcome.jsonValue(), complaints };
  } finally {
    await tab.close();
  }
}

async function worksAt(url) {
  assert.deepEqual(await visit(url), { outcome: expected, complaints: [] });
}

/** The program with byrobot-calls/streaming, which has to be awaited. */
async function writeStreamingProgram() {
  const program = await readFile(project.path("program.mjs"), "utf8");
  const streaming = program
    .replace('"byrobot-calls"', '"byrobot-calls/streaming"')
    .replace("import {", "import { init,")
    .replace(/(function fiveCalls.*\n)/, "$1  await init();\n");
  await project.write("streaming-program.mjs", streaming);
}

describe("esbuild", () => {
  test("a bundle for Node", async () => {
    const outfile = project.path("bundled.mjs");
    const entry = { entryPoints: [project.path("program.mjs")], bundle: true, minify: true };
    await bundle({ ...entry, outfile, format: "esm", platform: "node" });
    const { stdout } = await successful(project.run("node", [outfile, sandbox.url]));
    assert.deepEqual(JSON.parse(stdout), expected);
  });

  for (const entry of ["byrobot-calls", "byrobot-calls/streaming"]) {
    test(`a bundle of ${entry} leaves out what the program does not use`, async () => {
      const stdin = (code) => ({ contents: code, resolveDir: project.folder });
      const options = { bundle: true, minify: true, format: "esm", write: false };
      const weigh = async (code) =>
        (await bundle({ ...options, stdin: stdin(code) })).outputFiles[0].contents.length;
      const all = await weigh(`export * from "${entry}";`);
      const some = await weigh(`export { init, ByrobotClient } from "${entry}";`);
      assert.ok(some < all - 3000, `${some} of ${all} bytes`);
      if (entry.endsWith("/streaming")) assert.ok(all < 100_000, `${all} bytes hold the module`);
    });
  }

  test("a bundle for browsers, from byrobot-calls/streaming: the file is copied beside it", async (t) => {
    await writeStreamingProgram();
    await project.write("entry.js", pageScript("./streaming-program.mjs", "/"));
    await bundle({
      entryPoints: [project.path("entry.js")],
      outfile: project.path("streamed.js"),
      bundle: true,
      format: "esm",
    });
    const file = "node_modules/byrobot-calls/dist/byrobot_calls.wasm";
    await copyFile(project.path(file), project.path("byrobot_calls.wasm"));
    await project.write("streamed.html", page("/streamed.js"));
    const site = await serveSite(project.folder, sandbox.url);
    t.after(site.close);
    await worksAt(`${site.url}/streamed.html`);
  });

  test("a bundle for browsers", async (t) => {
    await project.write("entry.js", pageScript("./program.mjs", "/"));
    await bundle({
      entryPoints: [project.path("entry.js")],
      outfile: project.path("bundled.js"),
      bundle: true,
      minify: true,
      format: "esm",
    });
    await project.write("bundled.html", page("/bundled.js"));
    const site = await serveSite(project.folder, sandbox.url);
    t.after(site.close);
    await worksAt(`${site.url}/bundled.html`);
  });
});

describe("Vite", () => {
  const address = { host: "127.0.0.1", port: 0 };
  let settings;
  before(async () => {
    // What the vendor allows: no other origin may read its answers, so a proxy of the page's own.
    const rewrite = (path) => path.replace(/^\/byrobot/, "");
    const proxy = { "/byrobot": { target: sandbox.url, rewrite } };
    settings = {
      root: project.folder,
      configFile: false,
      logLevel: "error",
      server: { ...address, proxy },
      preview: { ...address, proxy },
    };
    await project.write("main.js", pageScript("./program.mjs", "/byrobot"));
    await project.write("index.html", page("/main.js"));
  });

  test("built and served", async (t) => {
    await build(settings);
    const server = await preview(settings);
    t.after(() => server.close());
    await worksAt(server.resolvedUrls.local[0]);
  });

  test("in development", async (t) => {
    const server = await (await createServer(settings)).listen();
    t.after(() => server.close());
    await worksAt(server.resolvedUrls.local[0]);
  });

  test("from byrobot-calls/streaming, built and in development", async (t) => {
    await writeStreamingProgram();
    await project.write("main.js", pageScript("./streaming-program.mjs", "/byrobot"));
    await build(settings);
    const built = await preview(settings);
    t.after(() => built.close());
    await worksAt(built.resolvedUrls.local[0]);
    const server = await (await createServer(settings)).listen();
    t.after(() => server.close());
    await worksAt(server.resolvedUrls.local[0]);
  });

  test("without the proxy the browser's refusal is a network error that says what it can be", async (t) => {
    await project.write("direct.js", pageScript("./program.mjs", sandbox.url));
    await project.write("direct.html", page("/direct.js"));
    const server = await (await createServer(settings)).listen();
    t.after(() => server.close());
    const { outcome } = await visit(`${server.resolvedUrls.local[0]}direct.html`);
    const { message, ...error } = outcome;
    assert.deepEqual(error, {
      error: true,
      name: "ByrobotError",
      code: "network",
      url: `${sandbox.url}/openapi/v1/task/getTasks`,
    });
    assert.match(message, /CORS/);
  });
});

describe("the WebAssembly file", () => {
  before(async () => {
    // A page knows no bare names, and an import map would be an inline script.
    const module = "/node_modules/byrobot-calls/dist/inlined.js";
    await project.write("plain.js", pageScript("/plain-program.mjs", "/"));
    await project.write("plain.html", page("/plain.js"));
    const program = await readFile(project.path("program.mjs"), "utf8");
    await project.write("plain-program.mjs", program.replace('"byrobot-calls"', `"${module}"`));
  });

  const underPolicy = async (t, scripts) => {
    const policy = `default-src 'none'; script-src ${scripts}; connect-src 'self'; img-src data:`;
    const headers = { "content-security-policy": policy };
    const site = await serveSite(project.folder, sandbox.url, headers);
    t.after(site.close);
    return `${site.url}/plain.html`;
  };

  test("under a strict policy", async (t) => {
    await worksAt(await underPolicy(t, "'self' 'wasm-unsafe-eval'"));
  });

  test("under a policy that forbids WebAssembly the error says what to add", async (t) => {
    const { outcome } = await visit(await underPolicy(t, "'self'"));
    const { message, ...error } = outcome;
    assert.deepEqual(error, { error: true, name: "ByrobotError", code: "internal", url: null });
    assert.match(message, /Content-Security-Policy/);
    assert.match(message, /'wasm-unsafe-eval'/);
  });
});
