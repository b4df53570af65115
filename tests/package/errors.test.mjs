// Each kind of failure, caused through the public API: the error that it becomes. Not here: the contents of errors
// (error-details.test.mjs).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { install } from "./installation.mjs";
import { errorOf, rejectionOf } from "./rejections.mjs";
import { data, json, serve } from "./servers.mjs";

let project, ByrobotClient;
before(async () => {
  project = await install();
  ({ ByrobotClient } = await project.import());
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

describe("an answer without data", () => {
  const login = html('<form><input type="password" /></form>');
  const whole = JSON.stringify({ code: 200, data: { list: [] } });
  for (const [name, answer, expected] of [
    ["a login page", login, { code: "not_json", status: 200, message: /login page/ }],
    ["another page", html("维护中"), { code: "not_json", status: 200, message: /web page/ }],
    ["a page that claims to be JSON", { ...json(), body: "<html>" }, { code: "not_json" }],
    ["an empty body", text(""), { code: "not_json", status: 200, message: /empty/ }],
    ["204", { status: 204 }, { code: "not_json", status: 204, message: /empty/ }],
    [
      "an envelope cut off",
      text(whole.slice(0, -5)),
      { code: "network", status: 200, retryable: true, message: /cut off after 26 bytes/ },
    ],
    ["a list cut off", text("[1,"), { code: "not_json", message: /cut off/ }],
    ["words", text("upstream connect error"), { code: "not_json", message: /upstream connect/ }],
    ["bytes", { body: Buffer.from([0, 255, 254, 128]) }, { code: "not_json" }],
    ["null", text("null"), { code: "unexpected_shape", path: "code" }],
    ["a list", json([]), { code: "unexpected_shape", path: "code" }],
    [
      "another API",
      json({ ok: true }),
      { code: "unexpected_shape", path: "code", vendorCode: null },
    ],
    ["data null", data(null), { code: "unexpected_shape", path: "data", vendorCode: 200 }],
    ["no data", json({ code: 200 }), { code: "unexpected_shape", path: "data" }],
    ["data a word", data("ok"), { code: "unexpected_shape", path: "data" }],
    ["a list that is none", data({ list: {} }), { code: "unexpected_shape", path: "data.list" }],
  ]) {
    test(name, () => errorOf(ask(answer), { attempts: 1, ...expected }));
  }

  test('"200" and 200 are the same', async () => {
    const page = await ask(json({ code: "200", data: { list: [], total: 0 } }));
    assert.deepEqual(page.list, []);
  });
});

describe("a row that is not an object is named by its path", () => {
  const row = { callJobId: 1, jobName: "回访" };
  const done = (client) => client.queryDoneTaskPhones({ callJobId: 1 });
  const waiting = (client) => client.notDialedCustomerList({ taskId: 1 });
  const detail = (client) => client.getTaskDetail({ companyId: 1, taskId: 1 });
  const log = (client) => client.phoneLogInfo({ callInstanceId: 1 });
  const beyond = '{"code":200,"data":{"list":[{"callJobId":9007199254740993,"jobName":"x"}]}}';
  for (const [path, answer, call] of [
    ["data.list[1]", data({ list: [row, 5] }), tasks],
    ["data.list[1].callJobId", data({ list: [row, { jobName: "x" }] }), tasks],
    ["data.list[0].callJobId", text(beyond), tasks],
    ["data[1].callJobId", data([row, {}]), tasks],
    ["data.list[0].callInstanceId", data({ list: [{ callInstanceId: "x" }] }), done],
    ["data.list[0].callInstanceId", data({ list: [{}] }), waiting],
    ["data.callJobId", data({ jobName: "x" }), detail],
    ["data.sceneInstance", data({ phoneLog: { phoneLogs: [] } }), log],
  ]) {
    test(path, () => errorOf(ask(answer, call), { code: "unexpected_shape", status: 200, path }));
  }
});

describe("an error of the server", () => {
  const byVendor = {
    400: "rejected_parameters",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    408: "clock_skew",
    412: "rejected_parameters",
    429: "rate_limited",
    500: "server",
    503: "server",
    1001: "vendor",
    "-1": "vendor",
  };
  for (const [number, code] of Object.entries(byVendor)) {
    const vendorCode = Number(number);
    const expected = { code, vendorCode, vendorMessage: "不行", endpoint: "getTasks", attempts: 1 };
    test(`vendor code ${number} under HTTP 200`, () =>
      errorOf(ask(vendor(vendorCode)), { ...expected, status: 200, message: /不行/ }));
  }

  const byStatus = {
    400: "rejected_parameters",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    418: "http",
    429: "rate_limited",
    500: "server",
    502: "server",
    599: "server",
  };
  for (const [number, code] of Object.entries(byStatus)) {
    const status = Number(number);
    const expected = { code, status, vendorCode: null, vendorMessage: null };
    test(`HTTP ${number} without JSON`, async () => {
      await errorOf(ask(html("Bad Gateway", status)), expected);
      await errorOf(ask(text("", status)), expected);
    });
  }

  for (const [status, vendorCode, code] of [
    [500, 401, "unauthorized"],
    [400, 408, "clock_skew"],
    [401, 401, "unauthorized"],
    [503, 1001, "server"],
    [418, 1001, "http"],
    [403, 200, "forbidden"],
  ]) {
    test(`HTTP ${status} with vendor code ${vendorCode}`, () =>
      errorOf(ask(vendor(vendorCode, status)), {
        code,
        status,
        vendorCode,
        vendorMessage: "不行",
      }));
  }

  test("a vendor code sent as a text becomes a number", () =>
    errorOf(ask(vendor("401")), { code: "unauthorized", vendorCode: 401 }));

  test("the request id is kept", () =>
    errorOf(ask(json({ code: 500, requestId: "r-17" })), { code: "server", requestId: "r-17" }));

  test("Retry-After is in the error", async () => {
    const later = (retryAfter, date) =>
      json({ code: 429 }, { status: 429, headers: { "retry-after": retryAfter, date } });
    const now = "Fri, 15 Mar 2024 02:30:00 GMT";
    const expected = { code: "rate_limited", retryAfterMs: 7000 };
    await errorOf(ask(later("7", now)), expected);
    await errorOf(ask(later("Fri, 15 Mar 2024 02:30:07 GMT", now)), expected);
    await errorOf(ask(later("soon", now)), { ...expected, retryAfterMs: null });
  });
});

describe("no answer", () => {
  /** A call whose `fetch` is this. */
  const by = (fetch) => tasks(new ByrobotClient({ fetch, retry: false }));
  const network = { code: "network", status: null, endpoint: "getTasks", attempts: 1 };

  test("a closed port", async () => {
    const server = await serve(() => undefined);
    await server.close();
    const error = await errorOf(tasks(new ByrobotClient({ baseUrl: server.url, retry: false })), {
      ...network,
      url: `${server.url}/openapi/v1/task/getTasks`,
    });
    assert.ok(error.cause instanceof TypeError, "the runtime's own error is the cause");
  });

  test("the server hangs up", () => errorOf(ask("hang up"), network));

  test("the connection breaks in the body", async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"code":200,'));
        controller.error(new Error("reset"));
      },
    });
    await errorOf(
      by(async () => new Response(stream)),
      { ...network, status: 200 },
    );
  });

  const lost = (code) => Object.assign(new Error("request failed"), { code });
  for (const [thrown, code] of [
    [new TypeError("Failed to fetch"), "network"],
    [new TypeError("fetch failed", { cause: lost("ECONNRESET") }), "network"],
    [lost("ETIMEDOUT"), "network"],
    [new DOMException("lost", "NetworkError"), "network"],
    [new TypeError("fetch failed", { cause: lost("UND_ERR_INVALID_ARG") }), "fetch"],
    [new TypeError("token is not a function"), "fetch"],
    [new DOMException("too late", "TimeoutError"), "fetch"],
    [new Error("offline"), "fetch"],
    ["offline", "fetch"],
    [undefined, "fetch"],
    [null, "fetch"],
    [{ offline: true }, "fetch"],
    [7, "fetch"],
  ]) {
    test(`fetch rejects with, or throws, ${inspect(thrown, { compact: true }).split("\n")[0]}: ${code}`, async () => {
      const fetches = [
        () => Promise.reject(thrown),
        () => {
          throw thrown;
        },
      ];
      for (const fetch of fetches) {
        const error = await errorOf(by(fetch), { ...network, code });
        assert.ok(Object.is(error.cause, thrown), "the cause is what was thrown");
      }
    });
  }

  const bodied = (arrayBuffer) => ({ status: 200, headers: new Headers(), arrayBuffer });
  for (const [name, given] of [
    ["nothing", undefined],
    ["null", null],
    ["a number", 5],
    ["a word", "ok"],
    ["an empty object", {}],
    ["a body without status", { arrayBuffer: async () => new ArrayBuffer() }],
    ["a status without body", { status: 200 }],
    ["a body of -1 bytes", bodied(async () => -1)],
    ["a body that is a symbol", bodied(async () => Symbol("body"))],
    ["a body that is a bigint", bodied(async () => 10n)],
    ["a body of a hostile length", bodied(async () => ({ length: 2 ** 40 }))],
  ]) {
    test(`fetch returns ${name}`, () =>
      errorOf(
        by(async () => given),
        { ...network, code: "fetch" },
      ));
  }

  for (const [name, given, status] of [
    ["Response.error()", Response.error(), null],
    ["a body that throws", bodied(() => Promise.reject("broken")), 200],
  ]) {
    test(`fetch returns ${name}`, () =>
      errorOf(
        by(async () => given),
        { ...network, status },
      ));
  }

  test("an error of the page's own fetch is a network error", async (t) => {
    const { fetch } = globalThis;
    t.after(() => (globalThis.fetch = fetch));
    // Older WebKit says it in the language of the system.
    globalThis.fetch = () => Promise.reject(new TypeError("网络连接已中断。"));
    await errorOf(tasks(new ByrobotClient({ retry: false })), network);
  });

  test("a promise whose methods throw", async () => {
    const hostile = (property, descriptor) => () =>
      Object.defineProperty(Promise.resolve(new Response()), property, descriptor);
    const boo = () => {
      throw new Error("boo");
    };
    await errorOf(by(hostile("constructor", { get: boo })), { ...network, code: "fetch" });
    await errorOf(by(hostile("then", { value: boo })), { ...network, code: "fetch" });
  });

  test("without a global fetch", async (t) => {
    const { fetch } = globalThis;
    t.after(() => (globalThis.fetch = fetch));
    delete globalThis.fetch;
    await errorOf(tasks(new ByrobotClient()), { ...network, code: "fetch", message: /fetch/ });
  });

  test("after the timeout", async () => {
    const late = { code: "timeout", status: null, attempts: 1 };
    await errorOf(ask(undefined, tasks, { timeout: 20 }), { ...late, message: /timeout, 20 ms/ });
    const total = { totalTimeout: 20 };
    await errorOf(ask(undefined, tasks, total), { ...late, message: /totalTimeout, 20 ms/ });
  });

  test("not sent in time, because other requests take every slot", async () => {
    const server = await serve(() => undefined);
    const client = new ByrobotClient({ baseUrl: server.url, maxConcurrency: 1, timeout: Infinity });
    const leaving = new AbortController();
    const slot = rejectionOf(tasks(client, { signal: leaving.signal }));
    await errorOf(tasks(client, { totalTimeout: 20 }), {
      code: "timeout",
      status: null,
      attempts: 0,
      message: /not sent within totalTimeout, 20 ms.*maxConcurrency/,
    });
    leaving.abort("done");
    assert.equal(await slot, "done");
    await server.close();
  });

  test("not sent in time, because the headers function does not answer", () =>
    errorOf(
      tasks(new ByrobotClient({ headers: () => new Promise(() => {}), timeout: 20, retry: false })),
      {
        code: "timeout",
        message: /not sent within timeout, 20 ms.*headers function/,
      },
    ));
});
