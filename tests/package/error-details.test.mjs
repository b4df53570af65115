// The contents of an error: the answer before a timeout, headers, no private data; copies of errors.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import { install } from "./installation.mjs";
import { assertByrobotError, errorOf, rejectionOf } from "./rejections.mjs";
import { data, json, serve } from "./servers.mjs";

let project, ByrobotClient, isByrobotError;
before(async () => {
  project = await install();
  ({ ByrobotClient, isByrobotError } = await project.import());
});
after(() => project?.remove());

const tasks = (client, options) => client.getTasks({ companyId: 1 }, options);

/** Asks, once, a server that gives this answer. */
async function ask(answer, call = tasks, options = {}) {
  const server = await serve(() => answer);
  try {
    return await call(new ByrobotClient({ baseUrl: server.url, retry: false, ...options }));
  } finally {
    await server.close();
  }
}

const html = (body, status = 200) => ({
  status,
  headers: { "content-type": "text/html;charset=UTF-8" },
  body: `<!DOCTYPE html>\n<html><head><title>页面</title></head><body>${body}</body></html>`,
});
const text = (body, status = 200) => ({ status, headers: { "content-type": "text/plain" }, body });
const vendor = (code, status = 200) => json({ code, data: null, resultMsg: "不行" }, { status });

describe("an error of totalTimeout keeps the server's error", () => {
  const busy = (seconds) => ({ ...vendor(500, 503), headers: { "retry-after": seconds } });
  const limited = { ...vendor(429, 429), headers: { "retry-after": "30" } };
  const total = { retry: { attempts: 3 }, totalTimeout: 2000 };

  test("if a wait does not fit, the call rejects at once with the server's error", () =>
    errorOf(ask(limited, tasks, total), {
      code: "rate_limited",
      status: 429,
      vendorCode: 429,
      retryAfterMs: 30_000,
      attempts: 1,
    }));

  test("if an attempt is cut, the error before is the cause, with its fields", async () => {
    const server = await serve((_, number) => (number === 1 ? busy("0") : undefined));
    const client = new ByrobotClient({ baseUrl: server.url, totalTimeout: 1000 });
    const error = await errorOf(tasks(client), {
      code: "timeout",
      status: 503,
      vendorCode: 500,
      vendorMessage: "不行",
      retryAfterMs: 0,
      attempts: 2,
      message: /no answer within totalTimeout, 1000 ms.*the server failed/,
    });
    await server.close();
    assertByrobotError(error.cause);
    assert.deepEqual(
      [error.cause.code, error.cause.status, error.cause.attempts],
      ["server", 503, 1],
    );
  });

  test("a call that has to wait for Retry-After of another call rejects at once and sends nothing", async () => {
    const server = await serve(() => limited);
    const client = new ByrobotClient({ baseUrl: server.url, ...total });
    await errorOf(tasks(client), { code: "rate_limited", attempts: 1 });
    const error = await errorOf(client.getTaskDetail({ companyId: 1, taskId: 2 }), {
      code: "rate_limited",
      endpoint: "getTaskDetail",
      status: 429,
      attempts: 0,
      message: /^getTaskDetail: not sent.*too many requests/,
    });
    assert.ok(error.retryAfterMs > 20_000 && error.retryAfterMs <= 30_000);
    assert.equal(server.requests.length, 1);
    await server.close();
  });
});

describe("invalid headers", () => {
  const boo = new Error("boo");
  const throws = () => {
    throw boo;
  };
  const revoked = (target) => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };
  const hostile = { get: throws, ownKeys: throws };
  const headersError = { code: "headers", status: null, endpoint: "getTasks" };

  /** What is wrong with these headers; nothing must have been sent. */
  async function refusal(headers, expected = {}) {
    const server = await serve(() => data([]));
    const client = new ByrobotClient({ baseUrl: server.url, headers });
    try {
      const error = await errorOf(tasks(client), { ...headersError, ...expected });
      assert.equal(server.requests.length, 0, "something was sent");
      return error;
    } finally {
      await server.close();
    }
  }

  for (const [name, source] of [
    ["throws", throws],
    ["rejects", () => Promise.reject(boo)],
    ["gives a thenable that throws", () => ({ then: throws })],
  ]) {
    test(`a headers function that ${name}`, async () => {
      assert.equal((await refusal(source)).cause, boo);
    });
  }

  for (const [name, path, headers] of [
    ["a line break in a value", "sign", { sign: "a\nx-other: b" }],
    ["a line break in a name", "si\ngn", { "si\ngn": "a" }],
    ["a space in a name", "si gn", { "si gn": "a" }],
    ["an empty name", "", { "": "a" }],
    ["letters beyond Latin-1", "sign", { sign: "签名" }],
    ["a number", "sign", { sign: 5 }],
    ["a symbol", "sign", { sign: Symbol("a") }],
    ["an object", "sign", { sign: {} }],
  ]) {
    test(name, () => refusal(headers, { path }));
  }

  for (const [name, headers] of [
    ["a word", () => "sign"],
    ["a number", () => 5],
    ["a list of words", () => ["sign"]],
    ["a list of numbers", () => [1, 2]],
    ["a getter that throws", { get sign() { return throws(); } }], // prettier-ignore
    ["a hostile object", new Proxy({}, hostile)],
    ["a hostile pair", [new Proxy(["sign", "a"], hostile)]],
    ["a revoked object", revoked({})],
    ["a revoked pair", () => [revoked([])]],
    ["an iterator that throws", { [Symbol.iterator]: throws }],
    ["a hostile promise", () => Object.defineProperty(Promise.resolve(), "then", { get: throws })],
  ]) {
    test(name, () => refusal(headers));
  }
});

describe("an error holds nothing private", () => {
  const secrets = {
    appkey: "Kq7zDemoKey",
    sign: "Zm9vYmFyc2lnbmF0dXJl+/8=",
    authorization: "Bearer tok-4711",
    phone: "13900001234",
    dashed: "139-0000-1234",
    masked: "1390000xxxx",
    trace: "Secret.java:42",
    wanted: "王小明的回访",
    asked: encodeURIComponent("王小明"),
  };
  /** What a server repeats of a request and of its own, here and there. */
  const { appkey, sign, authorization, phone, dashed, masked, trace } = secrets;
  const all = [appkey, sign, authorization, phone, dashed, masked].join(" ");
  const headers = { appkey, sign, authorization };
  const telling = { resultMsg: all, errorStackTrace: trace, data: null };

  /** All that a program may come to print of an error. */
  const printed = (error) =>
    [
      String(error),
      error.stack,
      JSON.stringify(error),
      inspect(error, { depth: null, showHidden: true, getters: true }),
    ].join("\n");

  /** What is printed on the console in the meantime. */
  async function listening(action) {
    const said = [];
    const originals = ["log", "info", "warn", "error", "debug"].map((name) => [
      name,
      console[name],
    ]);
    for (const [name] of originals) console[name] = (...words) => said.push(inspect(words));
    try {
      await action();
    } finally {
      for (const [name, original] of originals) console[name] = original;
    }
    return said.join("\n");
  }

  for (const [name, answer] of [
    ["a vendor's refusal", json({ ...telling, code: 401 })],
    ["an unknown refusal", json({ ...telling, code: 1001, msg: all })],
    ["a gateway's refusal", json({ message: all }, { status: 502 })],
    ["a refusal in HTML", html(all, 403)],
    ["a page", html(all)],
    ["words", text(all)],
    ["JSON that is cut off", text(JSON.stringify({ ...telling, code: 500 }).slice(0, -2))],
    ["JSON that begins with the trace", text(`{"errorStackTrace":"${trace}`)],
    ["another JSON", json({ errorStackTrace: trace, all })],
    ["data that is none", data(all)],
    ["rows that are none", data({ list: [all] })],
    ["a field that is none", data({ list: [{ callJobId: all, jobName: all }] })],
    ["a connection that breaks", "hang up"],
  ]) {
    test(name, async () => {
      let error;
      const server = await serve(() => answer);
      const retry = { attempts: 2, minDelay: 0, maxRetryAfter: 0 };
      const onRetry = (event) => assertSecret(printed(event.error) + JSON.stringify(event));
      const client = new ByrobotClient({ baseUrl: server.url, headers, retry, onRetry });
      const said = await listening(async () => {
        error = await rejectionOf(client.getTasks({ companyId: 1, taskName: secrets.wanted }));
      });
      await server.close();
      assertByrobotError(error);
      assertSecret(printed(error));
      assert.equal(said, "", "nothing is printed");
    });
  }

  test("invalid headers", async () => {
    const bad = { ...headers, sign: `${sign}\n.`, other: phone };
    const error = await rejectionOf(tasks(new ByrobotClient({ headers: bad })));
    assert.equal(error.code, "headers");
    assertSecret(printed(error));
  });

  test("with an excerpt that ends anywhere", async () => {
    let blanks = 0;
    const fetch = async () => new Response(" ".repeat(blanks) + authorization);
    const client = new ByrobotClient({ fetch, headers });
    for (; blanks < 1000; blanks += 1) {
      const { message } = await rejectionOf(tasks(client));
      assert.doesNotMatch(message, /tok-/, `${blanks} blanks before it`);
    }
  });

  function assertSecret(text) {
    const told = Object.entries(secrets).filter(([, value]) => text.includes(value));
    assert.deepEqual(told, [], text);
  }
});

describe("an error as JSON and in a worker's message", () => {
  const fields = [
    ...["name", "message", "code", "retryable", "endpoint", "url", "status", "vendorCode"],
    ...["vendorMessage", "requestId", "path", "attempts", "retryAfterMs"],
  ];
  const causes = {
    "an answer": () => rejectionOf(ask(vendor(403))),
    "a function of the caller's that throws a secret": () =>
      rejectionOf(
        new ByrobotClient({
          headers: () => Promise.reject(new Error("the token is tok-5ecret")),
        }).getTasks({ companyId: 1 }),
      ),
    "an argument": () => rejectionOf(ask(vendor(200), (client) => client.getTasks({ page: 1 }))),
    "an argument that stays outside WebAssembly": () =>
      rejectionOf(new ByrobotClient().syncDoneCalls({}, { callJobId: 1 })),
  };

  for (const [what, cause] of Object.entries(causes)) {
    test(`an error of ${what} keeps code and message, and adds nothing`, async () => {
      const error = await cause();
      const own = Object.fromEntries(fields.map((name) => [name, error[name]]));
      assert.ok(own.code && own.message);
      assert.deepEqual(JSON.parse(JSON.stringify(error)), own);
      assert.deepEqual({ ...error }, own);
      assert.deepEqual(structuredClone({ ...error }), own);
      assert.doesNotMatch(JSON.stringify(error), /5ecret/);
    });
  }

  test("an error of a retried attempt keeps them, too", async () => {
    const seen = [];
    const answers = [new Response("", { status: 503 }), Response.json({ code: 200, data: [] })];
    const own = new ByrobotClient({
      fetch: async () => answers.shift(),
      retry: { minDelay: 0 },
      onRetry: (event) => seen.push(JSON.parse(JSON.stringify(event))),
    });
    await own.getTasks({ companyId: 1 });
    assert.deepEqual([seen[0].error.code, seen[0].error.attempts], ["server", 1]);
    assert.match(seen[0].error.message, /503/);
  });

  test("a worker of Node", async () => {
    await project.write(
      "error.worker.mjs",
      `import { parentPort } from "node:worker_threads";
       import { ByrobotClient } from "byrobot-calls";
       const client = new ByrobotClient({ fetch: async () => new Response("", { status: 401 }) });
       const error = await client.getTasks({ companyId: 1 }).catch((error) => error);
       parentPort.postMessage({ copy: { ...error }, text: JSON.stringify(error) });`,
    );
    const worker = new Worker(project.path("error.worker.mjs"));
    const [{ copy, text }] = await once(worker, "message");
    assert.equal(isByrobotError(copy), true);
    assert.deepEqual([copy.code, copy.status, copy.endpoint], ["unauthorized", 401, "getTasks"]);
    assert.match(copy.message, /401/);
    assert.deepEqual(JSON.parse(text), copy);
  });
});

describe("isByrobotError", () => {
  test("recognises errors of the package, also of another copy", async () => {
    const error = await rejectionOf(ask(vendor(401)));
    assert.equal(isByrobotError(error), true);
    assert.equal(isByrobotError({ ...error, name: error.name }), true);
  });

  test("rejects other values", () => {
    for (const other of [null, undefined, 0, "network", {}, new Error("network"), () => {}]) {
      assert.equal(isByrobotError(other), false, inspect(other));
    }
    assert.equal(isByrobotError(Object.assign(new Error(), { code: "ECONNREFUSED" })), false);
  });
});
