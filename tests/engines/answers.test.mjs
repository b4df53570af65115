// Answers that break off, and what `diagnose` finds, in every engine of the system, in pages and in workers: here the
// engines differ in what they tell a page. A real server breaks the connection.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { engineNames } from "../../scripts/webdriver.mjs";
import { root } from "../package/installation.mjs";
import { serve } from "../package/servers.mjs";
import { engines } from "./engines.mjs";

const whole = JSON.stringify({ code: 200, data: { list: [], total: 0 } });
const half = whole.slice(0, 20);
const head = "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\nconnection: close\r\n";
const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
const chunked = `${head}transfer-encoding: chunked\r\n\r\n`;

/** Answers that end early, by the path of their server. The connection is ended in order, or reset. */
const broken = {
  "a chunked answer": [chunked + chunk(half), "end"],
  "a chunked answer with a reset": [chunked + chunk(half), "resetAndDestroy"],
  "a length that is too great": [`${head}content-length: ${whole.length}\r\n\r\n${half}`, "end"],
  "a length that fits the half": [`${head}content-length: ${half.length}\r\n\r\n${half}`, "end"],
};

/** A server whose first answers at a path end early, `failures` of them; then it answers. */
async function breaking(failures) {
  const asked = {};
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      const [, path] = String(data).split(" ");
      const kind = decodeURIComponent(path.split("/")[1]);
      asked[path] = (asked[path] ?? 0) + 1;
      if (asked[path] > failures) {
        return socket.end(`${head}content-length: ${whole.length}\r\n\r\n${whole}`);
      }
      const [answer, end] = broken[kind];
      socket.write(answer, () => setTimeout(() => socket[end](), 50));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** By file, what runs in a page and in a worker; the query has an action's name and its argument. */
const scripts = {
  "program.js": `
    import { ByrobotClient } from "./inlined.js";
    const actions = {
      async asking(baseUrl) {
        const retries = [];
        const onRetry = ({ error: { code, status } }) => retries.push([code, status]);
        const client = new ByrobotClient({ baseUrl, retry: { minDelay: 0 }, onRetry });
        const { total } = await client.getTasks({ companyId: 1 });
        return { retries, total };
      },
      async diagnosing(baseUrl) {
        const found = await ByrobotClient.diagnose({ baseUrl }, { language: "en" });
        const { check, detail, fix } = found.find(({ ok }) => !ok) ?? {};
        return [check, detail + " " + fix];
      },
    };
    export const outcome = (query) => {
      const [action, argument] = JSON.parse(decodeURIComponent(query.slice(1)));
      return actions[action](argument).catch(({ code, message }) => [code, message]);
    };`,
  "page.js": `
    import { outcome } from "./program.js";
    document.title = JSON.stringify(await outcome(location.search));`,
  "worker.js": `
    import { outcome } from "./program.js";
    postMessage(await outcome(location.search));`,
  "starter.js": `
    const worker = new Worker("worker.js" + location.search, { type: "module" });
    worker.onmessage = ({ data }) => (document.title = JSON.stringify(data));`,
};

/** `/strict/page`, `/open/starter`: a page with its script, with a policy or without one; else a script. */
async function site({ url }) {
  const [, policy, name = ""] = new URL(url, "http://site").pathname.split("/");
  const headers =
    policy === "strict"
      ? { "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" }
      : {};
  const typed = (type, body) => ({ headers: { "content-type": type, ...headers }, body });
  if (["page", "starter"].includes(name)) {
    return typed("text/html", `<!doctype html><script type="module" src="${name}.js"></script>`);
  }
  const body = scripts[name] ?? (await readFile(join(root, "pkg/dist", name)).catch(() => null));
  return body === null ? { status: 404 } : typed("text/javascript", body);
}

let pages;
before(async () => (pages = await serve(site)));
after(() => pages?.close());

for (const name of engineNames) {
  describe(name, () => {
    let engine;
    before(async () => (engine = await engines[name]()));
    after(() => engine?.close());
    const run = (page, ...call) =>
      engine.visit(`${pages.url}/${page}?${encodeURIComponent(JSON.stringify(call))}`);

    for (const kind of Object.keys(broken)) {
      test(`${kind} is tried again`, async (t) => {
        const server = await breaking(2);
        t.after(() => server.close());
        assert.deepEqual(
          await run("open/page", "asking", `${server.url}/${encodeURIComponent(kind)}`),
          {
            retries: [
              ["network", 200],
              ["network", 200],
            ],
            total: 0,
          },
        );
      });
    }

    for (const [where, page] of [
      ["a page", "page"],
      ["a worker", "starter"],
    ]) {
      const diagnosed = async (policy, url, check, said) => {
        const [found, text] = await run(`${policy}/${page}`, "diagnosing", url);
        assert.equal(found, check, text);
        assert.match(text, said);
      };

      test(`in ${where}, diagnose finds that the policy forbids the request`, async (t) => {
        const api = await serve(() => ({ body: "never asked" }));
        t.after(() => api.close());
        await diagnosed("strict", api.url, "csp", new RegExp(`Add ${api.url} to connect-src`));
        assert.deepEqual(api.requests, []);
      });

      test(`in ${where}, diagnose finds that nobody answers`, async () => {
        const closed = await serve(() => undefined);
        await closed.close();
        await diagnosed("open", closed.url, "connection", /Nothing answers.*proxy running/);
      });

      test(`in ${where}, diagnose finds a server without CORS, and asks it twice`, async (t) => {
        const api = await serve(() => ({ body: "{}" }));
        t.after(() => api.close());
        await diagnosed("open", api.url, "cors", /does not allow this page/);
        assert.equal(api.requests.length, 2);
      });

      test(`in ${where}, diagnose finds answers that end early`, async (t) => {
        const server = await breaking(Infinity);
        t.after(() => server.close());
        for (const kind of Object.keys(broken)) {
          const said = /connection breaks before the end.*limits/;
          await diagnosed("open", `${server.url}/${encodeURIComponent(kind)}`, "connection", said);
        }
      });
    }
  });
}
