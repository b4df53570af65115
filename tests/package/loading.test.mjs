// How each entry point loads the WebAssembly module, and the errors when that fails. Not here: what each
// bundler makes of the entry points (tests/matrix).
import assert from "node:assert/strict";
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { openBrowser } from "../../scripts/browser.mjs";
import { install, successful } from "./installation.mjs";
import { serve } from "./servers.mjs";

let project, wasm, site;
/** What the site answers for the module, by path. */
let answers;

before(async () => {
  project = await install();
  const dist = project.path("node_modules/byrobot-calls/dist");
  wasm = await readFile(`${dist}/byrobot_calls.wasm`);
  const typed = (type, body, status = 200) => ({ status, headers: { "content-type": type }, body });
  answers = {
    "/right.wasm": () => typed("application/wasm", wasm),
    "/parameters.wasm": () => typed("application/wasm; charset=binary", wasm),
    "/octets.wasm": () => typed("application/octet-stream", wasm),
    "/untyped.wasm": () => ({ body: wasm }),
    "/missing.wasm": () => typed("text/html", "<h1>nothing here</h1>", 404),
    "/fallback.wasm": () => typed("text/html", "<!doctype html><title>the app</title>"),
    "/lying.wasm": () => typed("application/wasm", "<!doctype html><title>the app</title>"),
    "/damaged.wasm": () => typed("application/wasm", wasm.subarray(0, wasm.length >> 1)),
    "/gone.wasm": () => "hang up",
  };
  site = await serve(async ({ url }) => {
    const { pathname } = new URL(url, "http://site");
    if (pathname in answers) return answers[pathname]();
    if (pathname === "/page.html") return typed("text/html", "<!doctype html><title>page</title>");
    if (pathname === "/strict.html") {
      const policy = "script-src 'self'; connect-src 'self'";
      const page = typed("text/html", "<!doctype html><title>page</title>");
      return { ...page, headers: { ...page.headers, "content-security-policy": policy } };
    }
    const body = await readFile(dist + pathname).catch(() => undefined);
    return body === undefined ? typed("text/plain", "", 404) : typed("text/javascript", body);
  });
});
after(async () => {
  await site?.close();
  await project?.remove();
});

/** Runs code in an own process of Node; `told` says how a promise ended. */
async function node(code, ...flags) {
  const told = `const told = (promise) => promise.then(
    () => "loaded", (error) => [isByrobotError(error), error.code, error.path, error.message]);`;
  const { stdout } = await successful(
    project.evaluate(`${code.replace("/*told*/", told)}`, ...flags),
  );
  return JSON.parse(stdout);
}

const streaming =
  'import { ByrobotClient, init, isByrobotError, label } from "byrobot-calls/streaming"; /*told*/';

describe("in Node", () => {
  for (const entry of [
    "byrobot-calls/streaming",
    "byrobot-calls/client/streaming",
    "byrobot-calls/table/streaming",
  ]) {
    const early = `import { init, label } from "${entry}";
      let early;
      try { label("finishStatus", 0, "en"); } catch (error) { early = [error.code, error.message]; }
      await init();
      console.log(JSON.stringify({ early, late: label("finishStatus", 0, "en"), at: import.meta.resolve("${entry}") }));`;
    const notLoaded = [
      "internal",
      "byrobot-calls is not loaded yet: call init() and await it first",
    ];

    test(`${entry} reads the file beside it, after init()`, async () => {
      const { at, ...outcome } = await node(early);
      assert.deepEqual(outcome, { early: notLoaded, late: "answered" });
      assert.match(at, /streaming\.js$/);
      const script = await readFile(new URL(at), "utf8");
      assert.ok(script.length < 2000, "the script holds no module");
    });

    test(`${entry} under the condition development loads from the script`, async () => {
      const { at, ...outcome } = await node(early, "--conditions=development");
      assert.deepEqual(outcome, { early: notLoaded, late: "answered" });
      assert.match(at, /streaming-development\.js$/);
    });
  }

  for (const entry of ["byrobot-calls", "byrobot-calls/client", "byrobot-calls/streaming"]) {
    test(`require("${entry}") needs nothing awaited, and no newer Node`, async () => {
      await project.write(
        "required.cjs",
        `const { createSandbox } = require("byrobot-calls/sandbox");
         const { ByrobotClient, init, label } = require("${entry}");
         const early = label("finishStatus", 0, "en");
         (async () => {
           const { fetch } = await createSandbox({ seed: 7, tasks: 12 });
           await init();
           const { list } = await new ByrobotClient({ fetch }).getTasks({ companyId: 1 });
           console.log(JSON.stringify({ early, tasks: list.length }));
         })();`,
      );
      const flags = ["--no-experimental-require-module", "required.cjs"];
      const { stdout } = await successful(project.run(process.execPath, flags));
      assert.deepEqual(JSON.parse(stdout), { early: "answered", tasks: 10 });
    });
  }

  test('require("byrobot-calls/table") needs nothing awaited, and no newer Node', async () => {
    await project.write(
      "required.cjs",
      `const { CallTable, init, label } = require("byrobot-calls/table");
       const table = new CallTable();
       table.ingest([{ callInstanceId: 1, finishStatus: 0 }]);
       init().then(() => console.log(JSON.stringify([label("finishStatus", 0, "en"), table.statistics().answered])));`,
    );
    const flags = ["--no-experimental-require-module", "required.cjs"];
    const { stdout } = await successful(project.run(process.execPath, flags));
    assert.deepEqual(JSON.parse(stdout), ["answered", 1]);
  });

  /** The entry points with a module, and its file. */
  const files = {
    "byrobot-calls": "byrobot_calls.wasm",
    "byrobot-calls/client": "byrobot_client.wasm",
    "byrobot-calls/table": "byrobot_table.wasm",
  };
  for (const [entry, file] of Object.entries(files)) {
    test(`${entry} takes ${file} from init, and works after any other file of the package was refused`, async () => {
      const outcome = await node(`import { readFile } from "node:fs/promises";
        import { init, isByrobotError, label } from "${entry}"; /*told*/
        const outcomes = {};
        for (const name of ${JSON.stringify(Object.values(files).sort((one) => (one === file ? 1 : -1)))}) {
          outcomes[name] = await told(init(await readFile(new URL(import.meta.resolve("byrobot-calls/" + name)))));
        }
        console.log(JSON.stringify([outcomes, label("finishStatus", 0, "en")]));`);
      const [{ [file]: own, ...others }, said] = outcome;
      assert.deepEqual([own, said], ["loaded", "answered"]);
      assert.equal(Object.keys(others).length, 2);
      for (const [name, [ours, code, path, message]] of Object.entries(others)) {
        assert.deepEqual([ours, code, path], [true, "internal", null], name);
        assert.match(message, new RegExp(`this is not the ${file} of this version`));
      }
    });
  }

  test("each entry point says which file a runtime needs that compiles no bytes", async () => {
    for (const [entry, file] of Object.entries(files)) {
      const [ours, , , message] = await node(`import vm from "node:vm";
        import { init, isByrobotError } from "${entry}"; /*told*/
        const sealed = vm.createContext({}, { codeGeneration: { wasm: false } });
        globalThis.WebAssembly = vm.runInContext("WebAssembly", sealed);
        console.log(JSON.stringify(await told(init())));`);
      assert.ok(ours);
      assert.match(message, new RegExp(`compiles no bytes: import byrobot-calls/${file}`));
    }
  });

  /** What `init` makes of a source given as code, in a process of its own. */
  const initialised = (source) =>
    node(`${streaming}
      import { cp, readFile, readdir, writeFile } from "node:fs/promises";
      const file = new URL(import.meta.resolve("byrobot-calls/byrobot_calls.wasm"));
      const bytes = await readFile(file);
      const at = (name) => "${site.url}/" + name;
      console.log(JSON.stringify(await told(init(${source}))));`);

  for (const source of [
    "file",
    "file.href",
    "bytes",
    "bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)",
    "new DataView(bytes.buffer, bytes.byteOffset, bytes.length)",
    "await WebAssembly.compile(bytes)",
    "at('right.wasm')",
    "new URL(at('right.wasm'))",
    "new Request(at('right.wasm'))",
    "await fetch(at('right.wasm'))",
    "fetch(at('right.wasm'))",
    "at('parameters.wasm')",
    "at('octets.wasm')",
    "at('untyped.wasm')",
  ]) {
    test(`init(${source})`, async () => assert.equal(await initialised(source), "loaded"));
  }

  for (const source of [
    "42",
    "null",
    "true",
    "{}",
    "[]",
    "Promise.resolve(7)",
    "() => bytes",
    "'relative.wasm'",
  ]) {
    test(`init(${source}) is refused`, async () => {
      const [ours, code, path] = await initialised(source);
      assert.deepEqual([ours, code, path], [true, "invalid_argument", "source"]);
    });
  }

  for (const [source, ...words] of [
    ["at('missing.wasm?token=canary')", /no file at http:\S+\/missing\.wasm \(HTTP 404\)/, /serve/],
    ["at('fallback.wasm')", /fallback\.wasm is no WebAssembly \(its type is text\/html\)/, /serve/],
    ["at('lying.wasm')", /damaged/],
    ["at('damaged.wasm')", /damaged/],
    ["at('gone.wasm?token=canary')", /gone\.wasm cannot be fetched/],
    ["new URL('missing.wasm?token=canary', file)", /missing\.wasm cannot be read/],
    ["Promise.reject(new Error('canary'))", /the promise that init\(\) was given rejected/],
    ["new Uint8Array(9)", /what init\(\) was given is no WebAssembly/],
  ]) {
    test(`init(${source}) gives a readable error`, async () => {
      const [ours, code, path, message] = await initialised(source);
      assert.deepEqual([ours, code, path], [true, "internal", null]);
      for (const word of words) assert.match(message, word);
      assert.doesNotMatch(message, /canary/);
    });
  }

  test("init can be called again after a failure, twice at once, and after a success", async () => {
    let asked = 0;
    answers["/flaky.wasm"] = () => (++asked === 1 ? { status: 503 } : answers["/right.wasm"]());
    const outcome = await node(`${streaming}
      const source = "${site.url}/flaky.wasm";
      const first = await Promise.all([told(init(source)), told(init(source))]);
      const second = await Promise.all([told(init(source)), told(init(source)), told(init())]);
      const third = await told(init("${site.url}/missing.wasm"));
      console.log(JSON.stringify([first.map(([, code]) => code), second, third]));`);
    const done = ["loaded", "loaded", "loaded"];
    assert.deepEqual(outcome, [["internal", "internal"], done, "loaded"]);
    assert.equal(asked, 2);
  });

  test("a runtime that compiles no bytes", async () => {
    // V8's own refusal, which workerd gives for every module that is not imported.
    const outcome = await node(`import vm from "node:vm";
      import { createSandbox } from "byrobot-calls/sandbox";
      ${streaming}
      const sealed = vm.createContext({}, { codeGeneration: { wasm: false } });
      globalThis.WebAssembly = vm.runInContext("WebAssembly", sealed);
      const file = new URL(import.meta.resolve("byrobot-calls/byrobot_calls.wasm"));
      console.log(JSON.stringify([await told(init(file)), await told(createSandbox())]));`);
    const [client, sandbox] = outcome.map(([, , , message]) => message);
    assert.match(client, /compiles no bytes: import byrobot-calls\/byrobot_calls\.wasm/);
    assert.match(sandbox, /compiles no bytes: run it beside/);
  });

  test("damaged bytes in the script are reported", async () => {
    const damages = {
      half: (base64) => base64.slice(0, (base64.length >> 3) << 2),
      none: () => "",
      other: (base64) => base64.slice(0, 4000) + "A".repeat(base64.length - 4000),
    };
    for (const [name, damage] of Object.entries(damages)) {
      const folder = project.path(name);
      await cp(project.path("node_modules/byrobot-calls/dist"), folder, { recursive: true });
      for (const file of await readdir(folder)) {
        if (!/^(shared-.*|client|table)\.js$/.test(file)) continue;
        const script = await readFile(`${folder}/${file}`, "utf8");
        await writeFile(`${folder}/${file}`, script.replace(/(?<=")[\w+/=]{50000,}(?=")/, damage));
      }
      for (const entry of ["inlined", "client", "table"]) {
        const outcome =
          await node(`import { init, isByrobotError } from "./${name}/${entry}.js"; /*told*/
          console.log(JSON.stringify(await told(init())));`);
        assert.deepEqual(outcome.slice(0, 2), [true, "internal"], `${name} of ${entry}`);
        assert.match(outcome[3], /byrobot-calls cannot be loaded: the file may be damaged/);
      }
    }
  });

  test("a processor without vector instructions", async () => {
    const flags = ["--no-enable-sse4-1", "--no-enable-ssse3", "--no-enable-sse3"];
    const code = `import { ByrobotClient, init, isByrobotError } from "byrobot-calls"; /*told*/
      let thrown;
      try { new ByrobotClient(); } catch (error) { thrown = error.message; }
      console.log(JSON.stringify([thrown, await told(init())]));`;
    const [thrown, [ours, , , rejected]] = await node(code, ...flags);
    assert.ok(ours);
    assert.match(thrown, /no vector instructions \(SIMD\) here: Chrome 91/);
    // In brackets the engine names the function that was called.
    assert.equal(rejected.replace("instantiate()", "Module()"), thrown);
  });
});

describe("in a page", () => {
  let browser;
  before(async () => (browser = await openBrowser()));
  after(() => browser?.close());

  /** The error of byrobot-calls/streaming in a page. */
  async function visit(page, source) {
    const tab = await browser.newPage();
    try {
      await tab.goto(`${site.url}/${page}`);
      return await tab.evaluate(async (source) => {
        const { init, isByrobotError, label } = await import("/streaming.js");
        try {
          await init(source);
          return label("finishStatus", 0, "en");
        } catch (error) {
          return [isByrobotError(error), error.code, error.message];
        }
      }, source);
    } finally {
      await tab.close();
    }
  }

  for (const name of ["right", "parameters", "octets", "untyped"]) {
    test(`${name}.wasm`, async () =>
      assert.equal(await visit("page.html", `/${name}.wasm`), "answered"));
  }

  test("the file beside the script", async () => {
    answers["/byrobot_calls.wasm"] = answers["/right.wasm"];
    assert.equal(await visit("page.html"), "answered");
  });

  test("the sandbox under a strict policy says what to add", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${site.url}/strict.html`);
    const [code, message] = await tab.evaluate(async () => {
      const { createSandbox } = await import("/sandbox.js");
      return createSandbox().catch((error) => [error.code, error.message]);
    });
    await tab.close();
    assert.equal(code, "internal");
    assert.match(message, /^byrobot-calls\/sandbox cannot be loaded: .*'wasm-unsafe-eval'/);
  });

  for (const [page, source, ...words] of [
    ["page.html", "/missing.wasm", /no file at http:\S+\/missing\.wasm \(HTTP 404\)/],
    ["page.html", "/fallback.wasm", /is no WebAssembly \(its type is text\/html\)/],
    ["page.html", "/gone.wasm", /cannot be fetched/, /connect-src/],
    ["page.html", "/damaged.wasm", /damaged/],
    ["strict.html", "/right.wasm", /'wasm-unsafe-eval'/],
    ["strict.html", "http://other.invalid/right.wasm", /cannot be fetched/, /connect-src/],
  ]) {
    test(`${source} in ${page} gives a readable error`, async () => {
      const [ours, code, message] = await visit(page, source);
      assert.deepEqual([ours, code], [true, "internal"]);
      for (const word of words) assert.match(message, word);
    });
  }
});
