// Abuse of the public functions in pages of the current browsers, each part in a page of its own. Not here: the cases (abuse/), the
// same in Node (tests/package/abuse.test.mjs), the server side, which is not for pages.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../package/installation.mjs";
import { serve } from "../package/servers.mjs";
import { engines } from "./engines.mjs";
import { engineNames } from "../../scripts/webdriver.mjs";

const dist = join(root, "pkg/dist");
const parts = ["calls", "alerts", "sandboxes", "special"];

/** The module of a page: abuses one part, and leaves what it came to in the title. */
const program = (part) => `
  import * as calls from "/inlined.js";
  import * as copy from "/copy/inlined.js";
  import * as alerts from "/alerts.js";
  import * as sandboxes from "/sandbox.js";
  import { abuseAll } from "/abuse/all.mjs";
  const uncaught = [];
  const note = (text) => uncaught.push(text);
  addEventListener("unhandledrejection", ({ reason }) => note("rejection: " + (reason && reason.stack)));
  addEventListener("error", ({ message }) => note("error: " + message));
  console.error = console.warn = () => {};
  const frame = document.createElement("iframe");
  document.body.append(frame);
  (async () => {
    await Promise.all([calls.init(), copy.init()]);
    const modules = { calls, copy, alerts, sandboxes };
    const outcome = await abuseAll(modules, frame.contentWindow, (one) => one === "${part}");
    document.title = JSON.stringify({ ...outcome, uncaught });
  })().catch((error) => {
    document.title = JSON.stringify({ missing: [], findings: ["the page: " + error + error.stack], uncaught });
  });`;

async function answer({ url }) {
  const typed = (type, body) => ({ headers: { "content-type": type }, body });
  const [, part, type] = url.match(/^\/(\w+)\.(html|page\.js)$/) ?? [];
  if (type === "html") {
    return typed("text/html", `<!doctype html><body><script type="module" src="/${part}.page.js"></script>`); // prettier-ignore
  }
  if (type === "page.js") return typed("text/javascript", program(part));
  // A second copy of the package has other addresses.
  const file = url.startsWith("/abuse/")
    ? join(import.meta.dirname, url)
    : join(dist, url.replace(/^\/copy/, ""));
  const body = await readFile(file).catch(() => undefined);
  return body === undefined ? { status: 404 } : typed("text/javascript", body);
}

let site;
before(async () => {
  site = await serve(answer);
});
after(() => site?.close());

// WebKitGTK needs five minutes for a part, in which its driver does not answer.
for (const name of engineNames.filter((name) => name !== "WebKitGTK")) {
  const open = engines[name];
  describe(name, () => {
    let engine;
    before(async () => (engine = await open()));
    after(() => engine?.close());

    for (const part of parts) {
      test(`hostile values: ${part}`, async () => {
        const { missing, findings, uncaught } = await engine.visit(`${site.url}/${part}.html`, 500);
        assert.deepEqual(missing, [], "every public function has a row");
        assert.deepEqual(findings, []);
        assert.deepEqual(uncaught, []);
      });
    }
  });
}
