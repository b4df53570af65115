// The package in browsers of several kinds and versions, by both entry points: what works in Node works there, and what
// does not work fails with advice.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../package/installation.mjs";
import { serve } from "../package/servers.mjs";
import { engines } from "./engines.mjs";
import { use } from "./use.mjs";

const dist = join(root, "pkg/dist");

/** Modules of pages; each leaves in the title what it came to. */
const report = `
  const told = ({ code, message, stack }) => [code, message, stack];
  const report = (promise) => promise.catch(told).then((outcome) => {
    document.title = JSON.stringify(outcome);
  });`;
const pages = {
  "at-once": `import { label } from "/inlined.js"; ${report}
    report((async () => label("finishStatus", 0, "en"))());`,
  "sandbox-alone": `import { createSandbox } from "/sandbox.js"; ${report}
    report(createSandbox().then(() => "made"));`,
  stack: `import { ByrobotClient, CallTable, init } from "/inlined.js"; ${report}
    await init();
    const client = new ByrobotClient({ baseUrl: "/nothing", retry: false });
    async function asking() { return client.getTasks({ companyId: 1 }); }
    async function walking() { return client.tasks({ companyId: 1 }).toArray(); }
    async function looping() { for await (const task of client.tasks({ companyId: 1 })); }
    async function syncing() { return client.syncDoneCalls(new CallTable(), { callJobId: 1 }); }
    const caught = (call) => call().catch((error) => [Object.keys(error).includes("stack"), error.stack]);
    report(Promise.all([caught(asking), caught(walking), caught(looping), caught(syncing)]));`,
};
for (const entry of ["inlined", "streaming"]) {
  pages[entry] = `import * as calls from "/${entry}.js"; import * as sandbox from "/sandbox.js";
    import { use } from "/use.mjs"; ${report}
    report(calls.init().then(() => use(calls, sandbox)));`;
}

const policies = {
  open: {},
  strict: { "content-security-policy": "script-src 'self'" },
  right: { "content-security-policy": "script-src 'self' 'wasm-unsafe-eval'" },
  old: { "content-security-policy": "script-src 'self' 'unsafe-eval'" },
};

/** `/strict/at-once.html`: a page under a policy, and its module; else a file of the package. */
async function answer({ url }) {
  const typed = (type, body, more) => ({ headers: { "content-type": type, ...more }, body });
  const [, policy, name, type] = url.match(/^\/(\w*)\/([\w-]+)\.(html|js)$/) ?? [];
  if (type === "html") {
    const page = `<!doctype html><script type="module" src="/${policy}/${name}.js"></script>`;
    return typed("text/html", page, policies[policy]);
  }
  if (type === "js") return typed("text/javascript", pages[name]);
  const file = url === "/use.mjs" ? join(import.meta.dirname, url) : join(dist, url);
  const body = await readFile(file).catch(() => undefined);
  if (body === undefined) return { status: 404 };
  return typed(url.endsWith(".wasm") ? "application/wasm" : "text/javascript", body);
}

let site, expected;
before(async () => {
  site = await serve(answer);
  const [calls, sandbox] = await Promise.all(
    ["inlined.js", "sandbox.js"].map((name) => import(pathToFileURL(join(dist, name)))),
  );
  expected = JSON.parse(JSON.stringify(await use(calls, sandbox)));
});
after(() => site?.close());

for (const [name, open] of Object.entries(engines)) {
  const version = Number(name.match(/\d+/)?.[0] ?? Infinity);
  describe(name, () => {
    let engine;
    before(async () => (engine = await open()));
    after(() => engine?.close());
    const visit = (path) => engine.visit(`${site.url}/${path}.html`);

    for (const entry of ["inlined", "streaming"]) {
      test(`after init, ${entry} does what it does in Node`, async () =>
        assert.deepEqual(await visit(`open/${entry}`), expected));
    }

    if (version < 115) {
      test("without init, the error says to call it", async () => {
        const [code, message] = await visit("open/at-once");
        assert.equal(code, "internal");
        assert.match(message, /call `await init\(\)` first, or use Chrome 115/);
      });
    } else {
      test("without init, it works at once", async () =>
        assert.equal(await visit("open/at-once"), "answered"));
    }

    for (const page of ["inlined", "streaming", "sandbox-alone"]) {
      test(`under a policy without WebAssembly, ${page} says what to add`, async () => {
        const [code, message] = await visit(`strict/${page}`);
        assert.equal(code, "internal");
        assert.match(message, /Content-Security-Policy.*'wasm-unsafe-eval'.*Chrome 97/);
      });
    }

    test("under the policy that the error names, it works", async () =>
      assert.deepEqual(await visit(`${version < 97 ? "old" : "right"}/inlined`), expected));

    test("a rejection's stack names the function that called", async () => {
      const stacks = await visit("open/stack");
      for (const [at, caller] of ["asking", "walking", "looping", "syncing"].entries()) {
        const [isEnumerable, stack] = stacks[at];
        assert.match(stack, new RegExp(`\\b${caller}\\b`));
        assert.equal(isEnumerable, false);
      }
    });
  });
}
