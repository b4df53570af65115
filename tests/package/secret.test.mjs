// No file that a browser can download accepts, stores or uses an AppSecret: the tests search every file that the entry
// points for pages load, the WebAssembly included. Not here: the secret in the proxy (proxy.test.mjs).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { build as buildWithVite } from "vite";
import { install, wasmIn } from "./installation.mjs";

let project, home, exports;
before(async () => {
  project = await install();
  home = project.path("node_modules/byrobot-calls");
  ({ exports } = JSON.parse(await readFile(join(home, "package.json"), "utf8")));
});
after(() => project?.remove());

/**
 * What signing cannot do without: an option or variable for the secret, the signature's headers, the algorithm.
 * Sentences speak of "the AppSecret", to say where it belongs.
 */
const signing =
  /app[_-]?[sS]ecret|APP_SECRET|hmac|sha-?1\b|subtle|["'`]sign["'`]|["'`]appkey["'`]|importKey/;

/** The files that conditions of an entry lead to, and all that these import. */
async function filesOf(target, conditions) {
  const found = new Set();
  const waiting = [];
  const choose = (target) => {
    if (typeof target === "string") return target;
    const name = Object.keys(target).find((name) => conditions.includes(name));
    return name && choose(target[name]);
  };
  waiting.push(join(home, choose(target)));
  while (waiting.length > 0) {
    const file = waiting.pop();
    if (found.has(file)) continue;
    found.add(file);
    if (!file.endsWith(".js")) continue;
    const text = await readFile(file, "utf8");
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?["'](\.[^"']+)["']/g)) {
      waiting.push(join(dirname(file), specifier));
    }
    for (const [, name] of text.matchAll(/new URL\(["'`](\.\/?[^"'`]+)["'`]/g)) {
      waiting.push(join(dirname(file), name));
    }
  }
  return [...found];
}

describe("what a page loads", () => {
  const inPages = ["browser", "import", "module", "default"];
  for (const entry of [".", "./streaming", "./server", "./byrobot_calls.wasm"]) {
    test(`of ${entry} cannot sign`, async () => {
      const names = await filesOf(exports[entry], inPages);
      const files = await Promise.all(names.map(async (name) => [name, await readFile(name)]));
      const carried = wasmIn(files.filter(([name]) => name.endsWith(".js")));
      let looked = 0;
      for (const [name, bytes] of [...files, ...carried]) {
        looked += bytes.length;
        const text = bytes.toString("latin1");
        const [told] = text.match(signing) ?? [];
        assert.equal(told, undefined, `${name}: ${told}`);
      }
      if (entry !== "./server") assert.ok(looked > 300_000, `${looked} bytes are not all of it`);
    });
  }

  test("of the server is a stand-in that says where it belongs, and nothing of the proxy", async () => {
    await project.write(
      "page.js",
      `import * as server from "byrobot-calls/server"; globalThis.server = server;`,
    );
    const { outputFiles } = await build({
      entryPoints: [project.path("page.js")],
      bundle: true,
      format: "esm",
      write: false,
    });
    const [{ text }] = outputFiles;
    assert.doesNotMatch(text, /hmac|subtle|importKey|openapi/i);
    await import(`data:text/javascript,${encodeURIComponent(text)}`);
    const names = Object.keys(await project.import("byrobot-calls/server"));
    assert.deepEqual(Object.keys(globalThis.server).sort(), names.sort());
    for (const name of names) assert.throws(globalThis.server[name], /is for servers/);
    delete globalThis.server;
  });

  test("of Vite's build neither; on its server it is the proxy", async () => {
    await project.write("index.html", `<script type="module" src="/page.js"></script>`);
    const settings = { root: project.folder, configFile: false, logLevel: "error" };
    const page = await buildWithVite({ ...settings, build: { write: false } });
    const code = (built) =>
      [built].flat().flatMap(({ output }) => output.map(({ code }) => code ?? ""));
    assert.doesNotMatch(code(page).join("\n"), /hmac|subtle|importKey/i);
    const rendered = await buildWithVite({
      ...settings,
      build: { write: false, ssr: project.path("page.js") },
      ssr: { noExternal: true },
    });
    assert.match(code(rendered).join("\n"), /importKey/);
  });
});

test("only the sandbox has a secret, to check signatures", async () => {
  const files = await filesOf(exports["./sandbox"], ["import", "default"]);
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  assert.match(texts.join("\n"), /appSecret/);
  assert.doesNotMatch(texts.join("\n"), /importKey|subtle/);
});

test("a client refuses a secret and says where to sign", async () => {
  const { ByrobotClient } = await project.import();
  for (const name of ["appSecret", "secret", "app_secret", "AppSecret"]) {
    assert.throws(
      () => new ByrobotClient({ baseUrl: "/", [name]: "TopSecret-7" }),
      ({ code, message }) =>
        code === "invalid_argument" && /server/.test(message) && !/TopSecret-7/.test(message),
    );
  }
});
