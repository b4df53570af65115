// The sandbox behind Mock Service Worker in Node and in a page, and alone in a page: the bytes are those of this
// process. Not here: behind a socket and on the command line (sandbox.test.mjs).
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createSandbox } from "byrobot-calls/sandbox";
import { ByrobotClient } from "byrobot-calls";
import { build } from "esbuild";
import { http } from "msw";
import { setupServer } from "msw/node";
import { openBrowser } from "../../scripts/browser.mjs";
import { everything, small } from "./everything.mjs";
import { install, root } from "./installation.mjs";
import { serveSite } from "./servers.mjs";

const recordingBase = "http://recordings.test";
let sandbox, expected;
before(async () => {
  sandbox = await createSandbox({ ...small, recordingBase });
  expected = await everything(sandbox.fetch, "http://anywhere.test");
  assert.ok(expected.length > 50);
  sandbox.reset();
});
after(() => sandbox?.free());

test("msw in Node: the global fetch, and the client that uses it", async (t) => {
  const server = setupServer(
    http.all("https://api.byrobot.cn/*", ({ request }) => sandbox.fetch(request)),
  );
  server.listen({ onUnhandledRequest: "error" });
  t.after(() => server.close());
  assert.deepEqual(await everything(fetch, "https://api.byrobot.cn"), expected);
  const { total } = await new ByrobotClient().getTasks({ companyId: 1 });
  assert.equal(total, small.tasks);
});

describe("in a page", () => {
  let project, site, browser;
  before(async () => {
    project = await install();
    const page = `
      import { createSandbox } from "byrobot-calls/sandbox";
      import { http } from "msw";
      import { setupWorker } from "msw/browser";
      import { everything } from "./tests/package/everything.mjs";
      const options = ${JSON.stringify({ ...small, recordingBase })};
      globalThis.alone = async () => everything((await createSandbox(options)).fetch, "http://anywhere.test");
      globalThis.worked = async () => {
        const sandbox = await createSandbox(options);
        const answer = ({ request }) => sandbox.fetch(request);
        const worker = setupWorker(http.all("/openapi/*", answer), http.all("/recordings/*", answer));
        await worker.start({ quiet: true });
        return everything(fetch, location.origin);
      };`;
    const stdin = { contents: page, resolveDir: root };
    const outfile = project.path("msw.bundle.js");
    await build({ stdin, bundle: true, format: "esm", outfile });
    await project.write(
      "msw.html",
      '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/msw.bundle.js"></script>',
    );
    const worker = "mockServiceWorker.js";
    await copyFile(join(root, "node_modules/msw/lib", worker), project.path(worker));
    // Whatever the service worker lets through finds nobody.
    [site, browser] = await Promise.all([
      serveSite(project.folder, "http://127.0.0.1:1"),
      openBrowser(),
    ]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await project?.remove();
  });

  for (const [name, how] of [
    ["the sandbox's own fetch", "alone"],
    ["msw's service worker", "worked"],
  ]) {
    test(name, async (t) => {
      const tab = await browser.newPage();
      t.after(() => tab.close());
      await tab.goto(`${site.url}/msw.html`);
      await tab.waitForFunction(() => globalThis.alone !== undefined);
      assert.deepEqual(await tab.evaluate((how) => globalThis[how](), how), expected);
    });
  }
});
