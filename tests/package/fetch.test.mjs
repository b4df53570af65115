// The `fetch` option of a client: functions of libraries, wrappers, and the arguments that each gets. Not here: how a
// call fails (errors.test.mjs).
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { Window } from "happy-dom";
import { JSDOM } from "jsdom";
import nodeFetch from "node-fetch";
import { Agent, MockAgent, ProxyAgent, fetch as undici } from "undici";
import { build } from "esbuild";
import { openBrowser } from "../../scripts/browser.mjs";
import { install } from "./installation.mjs";
import { errorOf } from "./rejections.mjs";
import { lost } from "../matrix/program.mjs";
import { data, json, serve, serveSite, unreachable } from "./servers.mjs";

let project, ByrobotClient;
before(async () => {
  project = await install();
  ({ ByrobotClient } = await project.import());
});
after(() => project?.remove());

const page = data([{ callJobId: 1, callInstanceId: 2 }]);
const get = (client) => client.getTasks({ companyId: 1 });
const post = (client) => client.queryDoneTaskPhones({ callJobId: 62 });
const retry = { attempts: 2, minDelay: 0 };

async function serving(t, answer) {
  const server = await serve(answer);
  t.after(() => server.close());
  return server;
}

test('a lost connection is "network", and tried again, wherever it breaks', async (t) => {
  const { urls, close } = await unreachable();
  t.after(close);
  for (const baseUrl of urls) {
    for (const fetch of [undefined, undici, nodeFetch]) {
      const client = new ByrobotClient({ baseUrl, fetch, retry });
      await errorOf(get(client), { code: "network", attempts: 2 });
    }
  }
});

test("the fetch option is called with an absolute URL and plain options", async () => {
  const calls = [];
  const fetch = async (...given) => {
    calls.push(given);
    return new Response('{"code":200,"data":[]}');
  };
  const headers = { AppKey: "key", "Content-Type": "application/json;charset=UTF-8" };
  const client = new ByrobotClient({
    baseUrl: "http://h/byrobot",
    fetch,
    headers,
    credentials: "omit",
  });
  await get(client);
  await post(client);
  const [asked, posted] = calls.map(([url, { signal, ...init }]) => {
    assert.ok(signal instanceof AbortSignal);
    return [url, init];
  });
  const both = { credentials: "omit", cache: "no-store" };
  const given = { appkey: "key", "content-type": "application/json;charset=UTF-8" };
  const base = "http://h/byrobot/openapi/v1/task";
  assert.deepEqual(asked, [
    `${base}/getTasks?companyId=1`,
    { method: "GET", headers: given, ...both },
  ]);
  assert.deepEqual(posted, [
    `${base}/queryDoneTaskPhones`,
    { method: "POST", headers: given, body: '{"callJobId":62}', ...both },
  ]);
});

describe("fetch functions of libraries", () => {
  const libraries = { undici, "node-fetch": nodeFetch };
  for (const [name, fetch] of Object.entries(libraries)) {
    test(`${name} sends both kinds of requests, with headers`, async (t) => {
      const server = await serving(t, () => page);
      const client = new ByrobotClient({ baseUrl: server.url, fetch, headers: { sign: "a" } });
      await get(client);
      await post(client);
      assert.deepEqual(
        server.requests.map(({ method, headers, body }) => [method, headers.sign, body]),
        [
          ["GET", "a", ""],
          ["POST", "a", '{"callJobId":62}'],
        ],
      );
      assert.equal(server.requests[1].headers["content-type"], "application/json");
    });

    test(`${name}: an abort of the call aborts the request`, async (t) => {
      const asked = deferred();
      const server = await serving(t, () => void asked.resolve());
      const leaving = new AbortController();
      const client = new ByrobotClient({ baseUrl: server.url, fetch });
      const call = client.getTasks({ companyId: 1 }, { signal: leaving.signal });
      await asked.promise;
      leaving.abort("left");
      await assert.rejects(call, (reason) => reason === "left");
      while (!server.requests[0].cancelled) await new Promise((later) => setTimeout(later, 2));
    });
  }

  test("undici sends through its ProxyAgent", async (t) => {
    const tunnels = [];
    const proxy = createServer((_, reply) => reply.writeHead(405).end());
    proxy.on("connect", ({ url }, socket, head) => {
      tunnels.push(url);
      const [host, port] = url.split(":");
      const server = connect(port, host, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        server.write(head);
        server.pipe(socket);
        socket.pipe(server);
      });
      server.on("error", () => socket.destroy());
      socket.on("error", () => server.destroy());
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
    const { port } = proxy.address();
    const dispatcher = new ProxyAgent({ uri: `http://127.0.0.1:${port}`, proxyTunnel: true });
    t.after(async () => {
      await dispatcher.destroy();
      proxy.closeAllConnections();
      proxy.close();
    });
    const server = await serving(t, () => page);
    const fetch = (url, init) => undici(url, { ...init, dispatcher });
    assert.equal((await get(new ByrobotClient({ baseUrl: server.url, fetch }))).list.length, 1);
    assert.deepEqual(tunnels, [server.url.replace("http://", "")]);
  });

  test("an error for misuse of undici is passed on at once", async () => {
    const mock = new MockAgent();
    mock.disableNetConnect();
    const closed = new Agent();
    await closed.close();
    for (const dispatcher of [mock, closed]) {
      const fetch = (url, init) => undici(url, { ...init, dispatcher });
      const client = new ByrobotClient({ baseUrl: "http://127.0.0.1:9199", fetch, retry });
      const { cause } = await errorOf(get(client), { code: "fetch", attempts: 1 });
      assert.match(cause.cause.code, /^UND_/);
    }
  });
});

describe("a fetch option that wraps another function", () => {
  test("may refresh a token and repeat the request, also a POST", async (t) => {
    let token = "old";
    const server = await serving(t, ({ headers }) =>
      headers.authorization === "new" ? page : json({}, { status: 401 }),
    );
    const fetch = async (url, init) => {
      const send = () =>
        globalThis.fetch(url, { ...init, headers: { ...init.headers, authorization: token } });
      const response = await send();
      if (response.status !== 401) return response;
      token = "new";
      return send();
    };
    const client = new ByrobotClient({ baseUrl: server.url, fetch, retry: false });
    assert.equal((await post(client)).list.length, 1);
    const bodies = server.requests.map(({ body, headers }) => [headers.authorization, body]);
    assert.deepEqual(bodies, [
      ["old", '{"callJobId":62}'],
      ["new", '{"callJobId":62}'],
    ]);
  });

  test("if it fails by itself, its error is the cause, and there is no retry", async () => {
    let calls = 0;
    const boo = new RangeError("the token has run out");
    const fetch = async () => {
      calls += 1;
      throw boo;
    };
    const { cause } = await errorOf(get(new ByrobotClient({ fetch, retry })), { code: "fetch" });
    assert.equal(cause, boo);
    assert.equal(calls, 1);
  });

  test("if it has read the body, the error says so, and there is no retry", async () => {
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      const response = new Response("{}");
      await response.text();
      return response;
    };
    const { message } = await errorOf(get(new ByrobotClient({ fetch, retry })), { code: "fetch" });
    assert.match(message, /the body of this Response has been read/);
    assert.equal(calls, 1);
  });

  test("may throw the network error of the runtime, which is retried", async (t) => {
    const server = await serving(t, (_, number) => (number === 1 ? "hang up" : page));
    const fetch = async (...request) => globalThis.fetch(...request);
    const client = new ByrobotClient({ baseUrl: server.url, fetch, retry });
    assert.equal((await get(client)).list.length, 1);
  });
});

describe("a path as baseUrl", () => {
  const paths = ["/byrobot", "", "./byrobot"];
  const windows = {
    jsdom: (url) => new JSDOM("", { url }).window,
    "happy-dom": (url) => new Window({ url }),
  };
  for (const [name, open] of Object.entries(windows)) {
    test(`is requested in ${name}, by Node's fetch and by a given one`, async (t) => {
      const server = await serving(t, () => page);
      const window = open(`${server.url}/app/index.html`);
      const { document, location } = window;
      Object.assign(globalThis, { document, location });
      t.after(() => {
        delete globalThis.document;
        delete globalThis.location;
        window.close();
      });
      for (const fetch of [undefined, undici]) {
        for (const baseUrl of paths) await get(new ByrobotClient({ baseUrl, fetch }));
      }
      const asked = ["/byrobot", "", "/app/byrobot"].map(
        (at) => `${at}/openapi/v1/task/getTasks?companyId=1`,
      );
      assert.deepEqual(
        server.requests.map(({ url }) => url),
        [...asked, ...asked],
      );
      const found = await new ByrobotClient({ baseUrl: "/byrobot" }).diagnose();
      assert.deepEqual(
        found.filter(({ ok }) => !ok),
        [],
      );
    });
  }

  test("is refused without a page, also by diagnose, and in a page without an address", async (t) => {
    await errorOf(get(new ByrobotClient({ baseUrl: "/byrobot" })), {
      code: "invalid_argument",
      path: "baseUrl",
    });
    const { document, location } = new JSDOM("").window;
    Object.assign(globalThis, { document, location });
    t.after(() => {
      delete globalThis.document;
      delete globalThis.location;
    });
    const lost = new ByrobotClient({ baseUrl: "/byrobot" });
    await errorOf(get(lost), { code: "invalid_argument", path: "baseUrl" });
    await errorOf(lost.diagnose(), { code: "invalid_argument", path: "baseUrl" });
  });
});

describe("in a browser", () => {
  let browser;
  before(async () => {
    await project.write(
      "page.js",
      `import { ByrobotClient } from "byrobot-calls";
       globalThis.names = async (options) => {
         const ask = async (fetch) => {
           const client = new ByrobotClient({ ...options, fetch });
           const names = [];
           for (let turn = 0; turn < 2; turn += 1) {
             names.push((await client.getTasks({ companyId: 1 })).list[0].jobName);
           }
           return names;
         };
         return [...(await ask()), ...(await ask((...request) => fetch(...request)))];
       };
       ${lost.replace("export ", "")}
       globalThis.lost = lost;
       globalThis.stored = async (url) => (await fetch(url, { cache: "only-if-cached", mode: "same-origin" })).status;`,
    );
    await project.write(
      "page.html",
      '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/page.bundle.js"></script>',
    );
    const entry = { entryPoints: [project.path("page.js")], bundle: true, format: "esm" };
    await build({ ...entry, outfile: project.path("page.bundle.js") });
    browser = await openBrowser();
  });
  after(() => browser?.close());

  test('a lost connection is "network", and tried again', async (t) => {
    const { urls, close } = await unreachable();
    t.after(close);
    const site = await serveSite(project.folder);
    t.after(() => site.close());
    const tab = await browser.newPage();
    t.after(() => tab.close());
    await tab.goto(`${site.url}/page.html`);
    await tab.waitForFunction(() => globalThis.lost !== undefined);
    await tab.evaluate((urls) => globalThis.lost(urls), urls);
  });

  test("the browser's cache answers no request and keeps no answer", async (t) => {
    let number = 0;
    const files = await serveSite(project.folder);
    t.after(() => files.close());
    const site = await serving(t, async ({ url, method }) => {
      if (!url.startsWith("/openapi/")) {
        const file = await fetch(files.url + url, { method });
        return {
          headers: { "content-type": file.headers.get("content-type") },
          body: await file.text(),
        };
      }
      number += 1;
      const answer = data([{ callJobId: 1, jobName: `answer ${number}` }]);
      return { ...answer, headers: { ...answer.headers, "cache-control": "public, max-age=600" } };
    });
    const tab = await browser.newPage();
    t.after(() => tab.close());
    await tab.goto(`${site.url}/page.html`);
    await tab.waitForFunction(() => globalThis.names !== undefined);
    const names = await tab.evaluate(() => globalThis.names({ baseUrl: "" }));
    assert.deepEqual(names, ["answer 1", "answer 2", "answer 3", "answer 4"]);
    const stored = tab.evaluate(
      (url) => globalThis.stored(url),
      "/openapi/v1/task/getTasks?companyId=1",
    );
    await assert.rejects(stored, /Failed to fetch/);
  });
});

function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}
