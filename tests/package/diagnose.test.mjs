// `diagnose` with one defect of the environment per test: the failing check; all checks before it pass.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { openBrowser } from "../../scripts/browser.mjs";
import { install } from "./installation.mjs";
import { json, serve, serveSite, world } from "./servers.mjs";

let project, calls, createSandbox;
before(async () => {
  project = await install();
  calls = await project.import();
  ({ createSandbox } = await project.import("byrobot-calls/sandbox"));
});
after(() => project?.remove());

const inNode = ["wasm", "connection", "base-url", "sign-in", "clock", "signature", "answer"];
const inPage = [
  ...["wasm", "csp", "mixed-content", "connection", "cors"],
  ...["base-url", "sign-in", "clock", "signature", "answer"],
];

/** Checks what a diagnosis found: everything right up to `fault`, which is what `said` describes. */
function assertFound(found, order, fault, said) {
  const at = fault === null ? order.length : order.indexOf(fault) + 1;
  assert.deepEqual(
    found.map(({ check, ok }) => [check, ok]),
    order.slice(0, at).map((check) => [check, check !== fault]),
    JSON.stringify(found.at(-1)),
  );
  for (const { ok, detail, fix } of found) {
    assert.ok(detail.length > 1 && !/[{}]|undefined|null/.test(detail), detail);
    assert.ok(ok ? fix === null : fix === null || fix.length > 5);
  }
  if (said !== undefined) {
    const { detail, fix } = found.at(-1);
    assert.match(`${detail} ${fix}`, said);
  }
}

const signed = (appKey, appSecret) => () => {
  const datetime = new Date().toUTCString();
  const sign = createHmac("sha1", appSecret).update(`${appKey}\n${datetime}`).digest("base64");
  return { appkey: appKey, datetime, sign };
};

describe("in Node it finds", () => {
  const sandboxed = async (t, options = {}) => {
    const sandbox = await createSandbox({ ...world, ...options });
    t.after(() => sandbox.free());
    return { baseUrl: "https://sandbox.test", fetch: sandbox.fetch };
  };
  const answering = async (t, answer) => {
    const server = await serve(async () => answer);
    t.after(() => server.close());
    return { baseUrl: `${server.url}/byrobot` };
  };
  const page = (title) => ({
    headers: { "content-type": "text/html" },
    body: `<!doctype html><title>${title}</title>`,
  });
  const envelope = (code, resultMsg) => ({ code, resultMsg, data: null });
  const keys = { appKey: "DemoAppKey000000", appSecret: "DemoAppSecret0000000000000000" };

  const worlds = {
    "nothing wrong": [null, (t) => sandboxed(t)],
    "nothing wrong with keys": [
      null,
      async (t) => ({
        ...(await sandboxed(t, { requireSignature: true, ...keys, now: new Date() })),
        headers: signed(keys.appKey, keys.appSecret),
      }),
    ],
    "nothing wrong with a company it made up": [
      null,
      (t) => answering(t, json(envelope(404, "资源未找到"))),
    ],
    "a closed port": [
      "connection",
      async () => {
        const server = await serve(() => undefined);
        await server.close();
        return { baseUrl: server.url };
      },
      /127\.0\.0\.1:\d+ \(ECONNREFUSED\).*proxy running/,
    ],
    "a server that keeps silent": ["connection", (t) => answering(t, undefined), /10 seconds/],
    "a proxy without its server": [
      "connection",
      (t) => answering(t, { status: 502, body: "Bad Gateway" }),
      /HTTP 502.*upstream/,
    ],
    "no such path": [
      "base-url",
      (t) => answering(t, { status: 404, body: "no" }),
      /byrobot\/openapi\/v1\/task\/getTasks \(HTTP 404\).*baseUrl/,
    ],
    "the page of an app": ["base-url", (t) => answering(t, page("Our shop")), /web page/],
    "another API": ["base-url", (t) => answering(t, json({ hello: "world" })), /not the vendor/],
    "a login page": [
      "sign-in",
      (t) => sandboxed(t, { faults: { html200: 1 } }),
      /login page.*Sign in/,
    ],
    "a session that has ended": [
      "sign-in",
      (t) => answering(t, { ...json(envelope(401, "please sign in")), status: 401 }),
      /Not signed in \(HTTP 401\)/,
    ],
    "a clock that is wrong": ["clock", (t) => sandboxed(t, { faults: { clockSkew: 1 } }), /NTP/],
    "a wrong secret": [
      "signature",
      async (t) => ({
        ...(await sandboxed(t, { requireSignature: true, ...keys, now: new Date() })),
        headers: signed(keys.appKey, "another secret"),
      }),
      /signature.*AppSecret/,
    ],
    "an unknown key": [
      "signature",
      async (t) => ({
        ...(await sandboxed(t, { requireSignature: true, ...keys, now: new Date() })),
        headers: signed("AnotherKey", keys.appSecret),
      }),
      /AppKey is unknown/,
    ],
    "a headers function that fails": [
      "signature",
      async (t) => ({
        ...(await sandboxed(t)),
        headers: () => {
          throw new Error("no token");
        },
      }),
      /headers/,
    ],
    "a headers function that does not answer": [
      "signature",
      async (t) => ({ ...(await sandboxed(t)), headers: () => new Promise(() => {}) }),
      /headers function.*function that returns them/,
    ],
    "a fetch function with a mistake": [
      "connection",
      async () => ({
        fetch: async () => {
          throw new RangeError("mine");
        },
      }),
      /fetch function.*fetch option/,
    ],
    "a list that is none": [
      "answer",
      (t) => answering(t, json({ code: 200, data: { list: 5 } })),
      /data/,
    ],
    "a server that fails": ["answer", (t) => answering(t, json(envelope(500, "未知错误"))), /500/],
  };
  for (const [name, [fault, options, said]] of Object.entries(worlds)) {
    test(name, { concurrency: true }, async (t) => {
      const client = new calls.ByrobotClient(await options(t));
      assertFound(await client.diagnose({ language: "en" }), inNode, fault, said);
      if (
        !["a server that keeps silent", "a headers function that does not answer"].includes(name)
      ) {
        const [zh] = (await client.diagnose({ language: "zh" })).slice(-1);
        assert.match(
          zh.fix ?? zh.detail,
          name === "a list that is none" || name === "a server that fails"
            ? /./
            : /\p{Script=Han}/u,
        );
      }
    });
  }

  test("that other requests take every slot, not that the server does not answer", async (t) => {
    const { baseUrl } = await answering(t, undefined);
    const client = new calls.ByrobotClient({ baseUrl, maxConcurrency: 1, timeout: Infinity });
    const leaving = new AbortController();
    const hanging = client.getTasks({ companyId: 1 }, { signal: leaving.signal });
    const found = await client.diagnose({ language: "en" });
    assertFound(found, inNode, "connection", /not asked in time.*maxConcurrency/);
    leaving.abort("done");
    await hanging.catch(() => {});
  });

  test("the same with any time limits of the client", async (t) => {
    const server = await serve(async () => {
      await new Promise((later) => setTimeout(later, 100));
      return json(envelope(404, "资源未找到"));
    });
    t.after(() => server.close());
    const client = new calls.ByrobotClient({ baseUrl: server.url, timeout: 20, totalTimeout: 20 });
    assertFound(await client.diagnose(), inNode, null);
  });

  test("that a given company is refused", async (t) => {
    const client = new calls.ByrobotClient(await answering(t, json(envelope(403, "权限不足"))));
    assertFound(await client.diagnose({ companyId: 5 }), inNode, "signature", /companyId/);
  });

  test("and its messages hold nothing private", async (t) => {
    const secrets = { appKey: "PrivateKey", appSecret: "PrivateSecret" };
    const echo = async ({ url, headers }) =>
      json({ code: 500, resultMsg: `${url} ${JSON.stringify(headers)} 13812345678`, data: null });
    const server = await serve(echo);
    t.after(() => server.close());
    const headers = signed(secrets.appKey, secrets.appSecret);
    const client = new calls.ByrobotClient({ baseUrl: server.url, headers });
    const said = JSON.stringify(await client.diagnose({ companyId: 4711 }));
    for (const secret of ["PrivateKey", "PrivateSecret", headers().sign, "13812345678"]) {
      assert.ok(!said.includes(secret), secret);
    }
  });

  test("and rejects for an abort and for a wrong argument", async (t) => {
    const client = new calls.ByrobotClient(await answering(t, undefined));
    const reason = new Error("enough");
    await assert.rejects(client.diagnose({ signal: AbortSignal.abort(reason) }), reason);
    await assert.rejects(client.diagnose({ companyId: "x" }), { code: "invalid_argument" });
    await assert.rejects(calls.ByrobotClient.diagnose({ baseUrl: "ftp://x" }), {
      code: "invalid_argument",
    });
  });

  test("that WebAssembly is missing", async () => {
    const { stdout } = await project.evaluate(`
      import { ByrobotClient } from "byrobot-calls";
      delete globalThis.WebAssembly;
      console.log(JSON.stringify(await ByrobotClient.diagnose({}, { language: "en" })));
    `);
    assertFound(JSON.parse(stdout), inNode, "wasm", /no WebAssembly/);
  });
});

describe("in a browser it finds", () => {
  let browser, sandbox, api;
  before(async () => {
    await project.write(
      "diagnosis.js",
      `import { ByrobotClient } from "byrobot-calls";
       globalThis.diagnose = (options, ask) => ByrobotClient.diagnose(options, ask);`,
    );
    const entry = { entryPoints: [project.path("diagnosis.js")], bundle: true, format: "esm" };
    await build({ ...entry, outfile: project.path("diagnosis.bundle.js") });
    await project.write(
      "diagnosis.html",
      '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/diagnosis.bundle.js"></script>',
    );
    sandbox = await createSandbox(world);
    api = await serve(async ({ method, url, body }) => {
      const asked = new Request(
        `https://sandbox.test${url}`,
        method === "GET" ? {} : { method, body },
      );
      const answer = await sandbox.fetch(asked);
      return json(await answer.json());
    });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    sandbox?.free();
  });

  /** What a page finds that is served under a policy. */
  async function visit(t, options, policy, context = {}) {
    const headers = policy === undefined ? {} : { "content-security-policy": policy };
    const site = await serveSite(project.folder, api.url, headers);
    t.after(() => site.close());
    const tab = await browser.newPage(context);
    t.after(() => tab.close());
    await tab.goto(`${site.url}/diagnosis.html`);
    await tab.waitForFunction(() => globalThis.diagnose !== undefined);
    return tab.evaluate(([given, ask]) => globalThis.diagnose(given, ask), [options, {}]);
  }
  const strict = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

  test("no failure, also under a strict policy", async (t) => {
    assertFound(await visit(t, { baseUrl: "" }), inPage, null);
    assertFound(await visit(t, { baseUrl: "" }, strict), inPage, null);
  });

  test("a policy that forbids WebAssembly", async (t) => {
    const [wasm, csp, ...others] = await visit(t, { baseUrl: "" }, "script-src 'self'");
    assert.deepEqual([wasm.check, wasm.ok, csp.check, csp.ok], ["wasm", false, "csp", false]);
    assert.match(csp.fix, /'wasm-unsafe-eval'/);
    assert.deepEqual(others, []);
  });

  test("a policy that forbids the request", async (t) => {
    const found = await visit(t, { baseUrl: api.url }, strict);
    assertFound(found, inPage, "csp", new RegExp(`Add ${api.url} to connect-src`));
  });

  test("a server without CORS", async (t) => {
    assertFound(
      await visit(t, { baseUrl: api.url }),
      inPage,
      "cors",
      /CORS.*byrobot-calls\/server/,
    );
  });

  test("a closed port, on the page's own server and elsewhere", async (t) => {
    const closed = await serve(() => undefined);
    await closed.close();
    assertFound(await visit(t, { baseUrl: closed.url }), inPage, "connection", /proxy running/);
  });

  test("an https page that asks an http server", async (t) => {
    const tab = await browser.newPage();
    t.after(() => tab.close());
    const { readFile } = await import("node:fs/promises");
    await tab.route("https://page.test/**", async (route) => {
      const script = route.request().url().endsWith(".js");
      const body = await readFile(
        project.path(script ? "diagnosis.bundle.js" : "diagnosis.html"),
        "utf8",
      );
      await route.fulfill({ contentType: script ? "text/javascript" : "text/html", body });
    });
    await tab.goto("https://page.test/");
    await tab.waitForFunction(() => globalThis.diagnose !== undefined);
    const found = await tab.evaluate(() => globalThis.diagnose({ baseUrl: "http://api.test" }, {}));
    assertFound(found, inPage, "mixed-content", /http:\/\/api\.test is http/);
  });

  test("that the device is offline", async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    const site = await serveSite(project.folder, api.url);
    t.after(() => site.close());
    const tab = await context.newPage();
    await tab.goto(`${site.url}/diagnosis.html`);
    await tab.waitForFunction(() => globalThis.diagnose !== undefined);
    await context.setOffline(true);
    const found = await tab.evaluate(() => globalThis.diagnose({ baseUrl: "" }, {}));
    assertFound(found, inPage, "connection", /offline/);
  });

  test("and reports in the browser's language", async (t) => {
    const [csp] = (await visit(t, { baseUrl: api.url }, strict, { locale: "zh-CN" })).slice(-1);
    assert.match(csp.detail, /内容安全策略/);
    const [cors] = (await visit(t, { baseUrl: api.url }, undefined, { locale: "fr" })).slice(-1);
    assert.match(cors.detail, /does not allow/);
  });
});
