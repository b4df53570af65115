// Arguments of a caller: base URLs, options, queries. The client refuses wrong and hostile ones before it sends
// anything.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { install } from "./installation.mjs";
import { assertByrobotError, errorOf } from "./rejections.mjs";
import { data, serve } from "./servers.mjs";

let project, ByrobotClient, label;
before(async () => {
  project = await install();
  ({ ByrobotClient, label } = await project.import());
});
after(() => project?.remove());

/** A client that is never to send anything, and how often it did. */
function silent(options = {}) {
  const client = new ByrobotClient({
    ...options,
    fetch: () => {
      silent.sent += 1;
      return Promise.reject(new Error("this should not have been sent"));
    },
  });
  silent.sent = 0;
  return client;
}

/** The error that a function throws at once. */
function thrownBy(action) {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

function refused(action, path, message = /./) {
  const error = thrownBy(action);
  assertByrobotError(error);
  assert.equal(error.code, "invalid_argument", error.message);
  assert.equal(error.path, path);
  assert.match(error.message, message);
  return error;
}

const throws = () => {
  throw new Error("boo");
};
const traps = { get: throws, has: throws, ownKeys: throws, getOwnPropertyDescriptor: throws };
const hostile = (target) => new Proxy(target, traps);
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

describe("baseUrl", () => {
  let server;
  before(async () => {
    server = await serve(() => data([]));
  });
  after(() => server?.close());

  const path = "/openapi/v1/task/getTasks?companyId=1";
  for (const [end, asked] of [
    ["", path],
    ["/", path],
    ["///", path],
    ["/openapi/v1/task", path],
    ["/openapi/v1/task/", path],
    ["/openapi//v1", path],
    ["/proxy", `/proxy${path}`],
    ["/proxy/", `/proxy${path}`],
    ["//proxy//deep/", `/proxy/deep${path}`],
    ["/proxy/openapi/v1/task/", `/proxy${path}`],
    ["  ", path],
  ]) {
    test(`http://host${end}`, async () => {
      await new ByrobotClient({ baseUrl: server.url + end }).getTasks({ companyId: 1 });
      assert.equal(server.requests.at(-1).url, asked);
    });
  }

  test("without a baseUrl the vendor's address is used", async () => {
    let url;
    const fetch = async (asked) => {
      url = asked;
      return new Response('{"code":200,"data":[]}');
    };
    await new ByrobotClient({ fetch }).getTasks({ companyId: 1 });
    assert.equal(url, `https://api.byrobot.cn${path}`);
  });

  for (const baseUrl of [
    "api.byrobot.cn",
    "ftp://host",
    "https://",
    "https://user:s3cr3t@host",
    "https://host?x=1",
    "https://host#x",
    "javascript:alert(1)",
    "data:,",
    5,
    {},
    Symbol("url"),
    () => "https://host",
  ]) {
    test(`refused: ${String(baseUrl)}`, () => {
      const error = refused(() => new ByrobotClient({ baseUrl }), "baseUrl");
      assert.ok(!error.message.includes("s3cr3t"));
    });
  }

  test("a path is an error where there is no page", async () => {
    for (const baseUrl of ["", "/", "/proxy", "./proxy"]) {
      const call = silent({ baseUrl }).getTasks({ companyId: 1 });
      await errorOf(call, { code: "invalid_argument", path: "baseUrl", message: /https:\/\// });
      assert.equal(silent.sent, 0);
    }
  });
});

describe("options", () => {
  for (const name of ["appSecret", "AppSecret", "app_secret", "secret", "clientSecret"]) {
    test(`${name} is refused with the reason`, () => {
      const secret = "s3cr3t-of-the-account";
      const error = refused(() => new ByrobotClient({ [name]: secret }), name, /must not reach/);
      assert.ok(!error.message.includes(secret));
    });
  }

  for (const [path, options] of [
    ["baseURL", { baseURL: "https://host" }],
    ["retries", { retries: 3 }],
    ["timeout", { timeout: 0 }],
    ["timeout", { timeout: -1 }],
    ["timeout", { timeout: 1.5 }],
    ["timeout", { timeout: NaN }],
    ["timeout", { timeout: "60s" }],
    ["timeout", { timeout: 2 ** 31 }],
    ["timeout", { timeout: -Infinity }],
    ["totalTimeout", { totalTimeout: 0 }],
    ["maxConcurrency", { maxConcurrency: 0 }],
    ["maxConcurrency", { maxConcurrency: Infinity }],
    ["maxConcurrency", { maxConcurrency: 6n }],
    ["retry", { retry: true }],
    ["retry", { retry: 3 }],
    ["retry.attempts", { retry: { attempts: 0 } }],
    ["retry.attempts", { retry: { attempts: 2.5 } }],
    ["retry.minDelay", { retry: { minDelay: -1 } }],
    ["retry.maxDelay", { retry: { maxDelay: "1s" } }],
    ["retry.maxRetryAfter", { retry: { maxRetryAfter: NaN } }],
    ["credentials", { credentials: "always" }],
    ["credentials", { credentials: true }],
    ["fetch", { fetch: "https://host" }],
    ["onRequest", { onRequest: {} }],
    ["onResponse", { onResponse: "log" }],
    ["onRetry", { onRetry: 1 }],
    ["headers", { headers: "sign" }],
    ["headers", { headers: 5 }],
    ["signal", { signal: "abort" }],
  ]) {
    const value = Object.values(options)[0];
    const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
    test(`refused: ${path}, ${shown}`, () => refused(() => new ByrobotClient(options), path));
  }

  for (const [name, options] of [
    ["a word", "https://host"],
    ["a number", 1],
    ["a function", () => {}],
    ["a list", []],
    ["a symbol", Symbol("options")],
  ]) {
    test(`refused: ${name}`, async () => {
      refused(() => new ByrobotClient(options), "options");
      await errorOf(silent().getTasks({ companyId: 1 }, options), {
        code: "invalid_argument",
        path: "options",
      });
      assert.equal(silent.sent, 0);
    });
  }

  for (const [name, make, path] of [
    ["a getter that throws", () => ({ get timeout() { return throws(); } }), "timeout"], // prettier-ignore
    ["a getter in retry", () => ({ retry: { get attempts() { return throws(); } } }), "retry.attempts"], // prettier-ignore
    ["a signal that is none", () => ({ signal: {} }), "signal"],
    ["a hostile signal", () => ({ signal: hostile({}) }), "signal"],
    ["a hostile object", () => hostile({})],
    ["a revoked object", () => revoked({})],
    ["a revoked list", () => revoked([])],
  ]) {
    test(`refused: ${name}`, async () => {
      const expected = { code: "invalid_argument", ...(path && { path }) };
      const error = await errorOf(silent().getTasks({ companyId: 1 }, make()), expected);
      assert.ok(!error.message.includes("boo"));
      assert.equal(silent.sent, 0);
      // A signal is listened to when there is a call.
      if (path !== "signal") {
        const thrown = thrownBy(() => new ByrobotClient(make()));
        assertByrobotError(thrown);
        assert.equal(thrown.code, "invalid_argument");
      }
    });
  }

  test("undefined and null count as absent, in options of the client and of the call", async () => {
    const nothing = (value) =>
      Object.fromEntries(
        ["signal", "timeout", "totalTimeout", "retry", "headers"].map((name) => [name, value]),
      );
    const fetch = async () => new Response('{"code":200,"data":[]}');
    for (const value of [undefined, null]) {
      const client = new ByrobotClient({ ...nothing(value), baseUrl: value, fetch });
      const page = await client.getTasks({ companyId: 1, taskName: value }, nothing(value));
      assert.deepEqual(page.list, []);
    }
    new ByrobotClient(undefined);
    new ByrobotClient(null);
    new ByrobotClient();
  });

  test("options that a query library adds to a call are accepted", async () => {
    const fetch = async () => new Response('{"code":200,"data":[]}');
    const { signal } = new AbortController();
    const context = { queryKey: ["tasks"], client: {}, meta: undefined, signal };
    await new ByrobotClient({ fetch }).getTasks({ companyId: 1 }, context);
  });
});

describe("queries that are refused", () => {
  const tasks = (query) => silent().getTasks(query);
  const done = (query) => silent().queryDoneTaskPhones(query);
  const waiting = (query) => silent().notDialedCustomerList(query);
  const detail = (query) => silent().getTaskDetail(query);
  const log = (query) => silent().phoneLogInfo(query);

  for (const [path, call, query] of [
    ["query", tasks, undefined],
    ["query", tasks, null],
    ["query", tasks, 1],
    ["query", tasks, "1"],
    ["query", tasks, [1]],
    ["query", tasks, () => ({ companyId: 1 })],
    ["query", tasks, Symbol("query")],
    ["query", tasks, 1n],
    ["companyId", tasks, {}],
    ["companyId", tasks, { companyId: null }],
    ["companyId", tasks, { companyId: "1" }],
    ["companyId", tasks, { companyId: NaN }],
    ["companyId", tasks, { companyId: Infinity }],
    ["companyId", tasks, { companyId: 1.5 }],
    ["companyId", tasks, { companyId: -1 }],
    ["companyId", tasks, { companyId: 2 ** 53 }],
    ["companyId", tasks, { companyId: true }],
    ["companyId", tasks, { companyId: [1] }],
    ["companyId", tasks, { companyId: new Number(1) }],
    ["companyid", tasks, { companyId: 1, companyid: 1 }],
    ["taskName", tasks, { companyId: 1, taskName: 5 }],
    ["createDate", tasks, { companyId: 1, createDate: "29.2.2024" }],
    ["createDate", tasks, { companyId: 1, createDate: "2023-02-29" }],
    ["createDate", tasks, { companyId: 1, createDate: new Date() }],
    ["status", tasks, { companyId: 1, status: "1" }],
    ["needAll", tasks, { companyId: 1, needAll: 1 }],
    ["pageNum", tasks, { companyId: 1, pageNum: 0 }],
    ["pageSize", tasks, { companyId: 1, pageSize: 0 }],
    ["pageSize", tasks, { companyId: 1, pageSize: 101 }],
    ["taskId", detail, { companyId: 1 }],
    ["companyId", detail, { taskId: 1 }],
    ["callJobId", done, {}],
    ["taskId", done, { callJobId: 1, taskId: 1 }],
    ["durationLeft", done, { callJobId: 1, durationLeft: -1 }],
    ["durationLeft", done, { callJobId: 1, durationLeft: 9, durationRight: 3 }],
    ["chatRoundLeft", done, { callJobId: 1, chatRoundLeft: 9, chatRoundRight: 3 }],
    ["index", done, { callJobId: 1, index: -2 }],
    ["pageSize", done, { callJobId: 1, pageSize: 51 }],
    ["resultQueryList", done, { callJobId: 1, resultQueryList: {} }],
    ["resultQueryList[1].value", done, { callJobId: 1, resultQueryList: [{ name: "a", value: "b" }, { name: "a" }] }], // prettier-ignore
    ["resultQueryList[0]", done, { callJobId: 1, resultQueryList: ["A级(较强)"] }],
    ["taskId", waiting, { callJobId: 1 }],
    ["pageSize", waiting, { taskId: 1, pageSize: 51 }],
    ["callInstanceId", log, {}],
    ["callInstanceId", log, { callInstanceId: 0.1 }],
  ]) {
    const show = (_, value) => (typeof value === "number" ? String(value) : value);
    const shown = typeof query === "object" ? JSON.stringify(query, show) : String(query);
    test(`${path}: ${call.name} of ${shown}`, async () => {
      await errorOf(call(query), { code: "invalid_argument", path, attempts: 0, status: null });
      assert.equal(silent.sent, 0, "something was sent");
    });
  }

  const cyclic = { companyId: 1 };
  cyclic.taskName = cyclic;
  const knot = [];
  knot.push(knot, knot, knot);
  let deep = { companyId: 1 };
  for (let depth = 0; depth < 100_000; depth += 1) deep = { taskName: deep };
  for (const [name, call, query] of [
    ["an object that contains itself", tasks, cyclic],
    ["a list that contains itself thrice", done, { callJobId: 1, resultQueryList: knot }],
    ["an object a hundred thousand deep", tasks, deep],
    ["a list of four thousand million", done, { callJobId: 1, resultQueryList: Object.assign([], { length: 4e9 }) }], // prettier-ignore
    ["a getter that throws", tasks, { get companyId() { return throws(); } }], // prettier-ignore
    ["a function", tasks, { companyId: 1, taskName: () => "x" }],
    ["a symbol", tasks, { companyId: 1, taskName: Symbol("x") }],
    ["a bigint", tasks, { companyId: 1n }],
    ["a hostile object", tasks, hostile({})],
    ["a hostile list", done, { callJobId: 1, resultQueryList: hostile([]) }],
    ["a revoked object", tasks, revoked({})],
    ["a revoked list", done, { callJobId: 1, resultQueryList: revoked([]) }],
    ["a Map", tasks, new Map([["companyId", 1]])],
    ["a window of bytes", tasks, new Uint8Array(8)],
    ["another object's fields", tasks, Object.create({ companyId: 1 })],
  ]) {
    test(name, async () => {
      const error = await errorOf(call(query), { code: "invalid_argument", attempts: 0 });
      assert.ok(!error.message.includes("boo"));
      assert.equal(silent.sent, 0, "something was sent");
    });
  }

  test("a client works after a refused query", async () => {
    const fetch = async () => new Response('{"code":200,"data":[]}');
    const client = new ByrobotClient({ fetch });
    const lists = [knot, hostile([]), Object.assign([], { length: 4e9 })];
    for (const resultQueryList of lists) {
      await errorOf(client.queryDoneTaskPhones({ callJobId: 1, resultQueryList }), {});
    }
    assert.deepEqual((await client.getTasks({ companyId: 1 })).list, []);
  });
});

describe("queries are sent unchanged", () => {
  let server, client;
  before(async () => {
    server = await serve(() => data([]));
    client = new ByrobotClient({ baseUrl: server.url });
  });
  after(() => server?.close());
  const sent = () => server.requests.at(-1);

  test("Chinese and special characters", async () => {
    const taskName = "回访 &=?#+%/\"'<>\u{1F600}";
    await client.getTasks({ companyId: 1, taskName, createDate: "2024-02-29", needAll: true });
    const url = new URL(sent().url, server.url);
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      companyId: "1",
      taskName,
      createDate: "2024-02-29",
      needAll: "true",
    });
    assert.match(sent().url, /^[\x21-\x7e]+$/, "encoded");
  });

  test("a body holds the given fields and no others", async () => {
    const query = {
      callJobId: Number.MAX_SAFE_INTEGER,
      durationLeft: 0,
      durationRight: 60,
      chatRoundLeft: 1,
      chatRoundRight: 1,
      finishStatus: 0,
      index: -1,
      pageNum: 2,
      pageSize: 50,
      resultQueryList: [{ name: "客户意向等级", value: "A级(较强)" }],
    };
    await client.queryDoneTaskPhones(query);
    assert.deepEqual(JSON.parse(sent().body), query);
    await client.notDialedCustomerList({ taskId: 0, pageNum: undefined });
    assert.deepEqual(JSON.parse(sent().body), { taskId: 0 });
  });

  test("a later change of the caller's object has no effect", async () => {
    const query = { taskId: 1 };
    const call = client.notDialedCustomerList(query);
    query.taskId = 2;
    await call;
    assert.deepEqual(JSON.parse(sent().body), { taskId: 1 });
  });
});

describe("label", () => {
  for (const [path, ...given] of [
    ["table", "colour", 0],
    ["table", "constructor", 0],
    ["table", undefined, 0],
    ["code", "finishStatus", 1.5],
    ["code", "finishStatus", NaN],
    ["code", "finishStatus", 3n],
    ["code", "finishStatus", {}],
    ["code", "finishStatus", Symbol("code")],
    ["code", "finishStatus", hostile({})],
    ["code", "finishStatus", revoked({})],
    ["language", "finishStatus", 0, "fr"],
    ["language", "finishStatus", 0, null],
  ]) {
    const shown = given.map((value) => (typeof value === "object" ? "{}" : String(value)));
    test(`refused: ${shown.join(", ")}`, () => refused(() => label(...given), path));
  }

  test("known and unknown codes, in both languages", () => {
    assert.equal(label("finishStatus", 0), "已接");
    assert.equal(label("finishStatus", 0, "en"), "answered");
    assert.equal(label("finishStatus", "0", "zh"), "已接");
    assert.equal(label("finishStatus", 37), "未知(37)");
    assert.equal(label("finishStatus", 37, "en"), "unknown (37)");
    assert.equal(label("finishStatus", null), "未知");
    assert.equal(label("finishStatus", null, "en"), "unknown");
  });
});
