// Requests of a client: URLs, bodies and headers; durations and waits when the clock is changed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { install } from "./installation.mjs";
import { data, json } from "./servers.mjs";
import { stage } from "./stage.mjs";

let project, ByrobotClient;
before(async () => {
  project = await install();
  ({ ByrobotClient } = await project.import());
});
after(() => project?.remove());

const query = { companyId: 1 };
const page = data([]);

describe("a request", () => {
  test("a GET sends only the headers of the runtime", async (t) => {
    const { server, client } = await stage(t, ByrobotClient, () => page);
    await client.getTasks(query);
    await fetch(server.url, { cache: "no-store" });
    const [ours, bare] = server.requests;
    assert.equal(ours.method, "GET");
    assert.deepEqual(ours.names.toSorted(), bare.names.toSorted());
    assert.equal(ours.body, "");
  });

  test("a POST sends its Content-Type and no other header", async (t) => {
    const { server, client } = await stage(t, ByrobotClient, () => page);
    await client.notDialedCustomerList({ taskId: 1 });
    const headers = { "content-type": "application/json" };
    await fetch(server.url, { method: "POST", body: "{}", headers, cache: "no-store" });
    const [ours, bare] = server.requests;
    assert.equal(ours.method, "POST");
    assert.deepEqual(ours.names.toSorted(), bare.names.toSorted());
    assert.equal(ours.headers["content-type"], "application/json");
  });

  test("a request goes to its endpoint", async (t) => {
    const { server, client } = await stage(t, ByrobotClient, () => json({ code: 1001 }));
    await Promise.allSettled([
      client.getTasks(query),
      client.getTaskDetail({ companyId: 1, taskId: 2 }),
      client.queryDoneTaskPhones({ callJobId: 2 }),
      client.notDialedCustomerList({ taskId: 2 }),
      client.phoneLogInfo({ callInstanceId: 3 }),
    ]);
    assert.deepEqual(server.requests.map(({ method, url }) => `${method} ${url}`).toSorted(), [
      "GET /openapi/v1/task/getTaskDetail?companyId=1&taskId=2",
      "GET /openapi/v1/task/getTasks?companyId=1",
      "GET /openapi/v1/task/phoneLogInfo?callInstanceId=3",
      "POST /openapi/v1/task/notDialedCustomerList",
      "POST /openapi/v1/task/queryDoneTaskPhones",
    ]);
  });

  test("the global fetch is looked up for each request, unless the fetch option is set", async (t) => {
    const { fetch } = globalThis;
    t.after(() => (globalThis.fetch = fetch));
    const calls = [];
    const answering =
      (name) =>
      async (...given) => {
        calls.push([name, ...given.map((one) => one.constructor.name)]);
        return new Response(page.body);
      };
    const later = new ByrobotClient();
    const given = new ByrobotClient({ fetch: answering("given") });
    globalThis.fetch = answering("global");
    await later.getTasks(query);
    await given.getTasks(query);
    assert.deepEqual(calls, [
      ["global", "String", "Object"],
      ["given", "String", "Object"],
    ]);
  });

  test("a client works through a Proxy such as Vue's", async () => {
    const watched = (object) =>
      new Proxy(object, {
        get(target, name, receiver) {
          const value = Reflect.get(target, name, receiver);
          return typeof value === "object" && value !== null ? watched(value) : value;
        },
      });
    const fetch = async () => new Response(page.body);
    const { client } = watched({ client: new ByrobotClient({ fetch }) });
    assert.deepEqual((await client.getTasks(watched(query))).list, []);
  });

  test("the credentials option reaches fetch", async () => {
    for (const credentials of ["omit", "same-origin", "include"]) {
      let sent;
      const fetch = async (_, init) => {
        sent = init.credentials;
        return new Response(page.body);
      };
      await new ByrobotClient({ credentials, fetch }).getTasks(query);
      assert.equal(sent, credentials);
    }
  });
});

describe("the clock", () => {
  test("a clock that is set back after a 429 blocks no later request", async (t) => {
    const answer = (_, number) =>
      number === 1 ? { status: 429, headers: { "retry-after": "0.05" } } : page;
    const { client } = await stage(t, ByrobotClient, answer, { retry: { minDelay: 0 } });
    await client.getTasks(query);
    const { now } = Date;
    t.after(() => (Date.now = now));
    Date.now = () => now() - 3_600_000;
    assert.deepEqual((await client.getTasks(query, { totalTimeout: 5000 })).list, []);
  });

  test("a clock that is set back during a request gives no negative duration", async (t) => {
    const { now } = Date;
    t.after(() => (Date.now = now));
    const durations = [];
    const answer = () => {
      Date.now = () => now() - 3_600_000;
      return page;
    };
    const { client } = await stage(t, ByrobotClient, answer, {
      onResponse: (event) => durations.push(event.durationMs),
    });
    await client.getTasks(query);
    assert.ok(durations[0] >= 0 && durations[0] < 60_000, `${durations}`);
  });

  test("waits end also if performance is missing or stands still", async (t) => {
    const { performance } = globalThis;
    const define = (value) =>
      Object.defineProperty(globalThis, "performance", {
        value,
        configurable: true,
        writable: true,
      });
    t.after(() => define(performance));
    for (const broken of [
      undefined,
      { now: () => 5 },
      { now: () => Number.NaN },
      { now: () => "soon" },
    ]) {
      define(broken);
      const answer = (_, number) =>
        number === 1 ? { status: 429, headers: { "retry-after": "0.05" } } : page;
      const { client } = await stage(t, ByrobotClient, answer, { retry: { minDelay: 0 } });
      assert.deepEqual((await client.getTasks(query)).list, []);
      assert.deepEqual((await client.getTasks(query)).list, []);
    }
  });
});

describe("headers", () => {
  /** The headers the server sees, of those the client and the call were given. */
  async function seen(t, client, call) {
    const { server, client: asking } = await stage(t, ByrobotClient, () => page, {
      headers: client,
    });
    await asking.getTasks(query, { headers: call });
    const { appkey, sign, datetime } = server.requests[0].headers;
    return { appkey, sign, datetime };
  }

  const signed = { appkey: "key", sign: "a", datetime: "20240315103000" };
  for (const [form, headers] of [
    ["an object", signed],
    ["pairs", Object.entries(signed)],
    ["Headers", new Headers(signed)],
    ["a Map", new Map(Object.entries(signed))],
    ["a function", () => signed],
    ["an async function", async () => new Headers(signed)],
  ]) {
    test(`as ${form}`, async (t) => assert.deepEqual(await seen(t, headers), signed));
  }

  test("headers of the call replace headers of the client, in either case of the name", async (t) => {
    const both = await seen(t, { AppKey: "key", Sign: "a" }, async () => ({ sign: "b" }));
    assert.deepEqual(both, { appkey: "key", sign: "b", datetime: undefined });
  });

  test("an undefined value is no header", async (t) => {
    const some = await seen(t, { appkey: "key", sign: null, datetime: undefined }, () => null);
    assert.deepEqual(some, { appkey: "key", sign: undefined, datetime: undefined });
  });

  test("the headers function is called for every attempt", async (t) => {
    let calls = 0;
    const headers = async () => ({ sign: `signature ${(calls += 1)}` });
    const answer = (_, number) => (number < 3 ? { status: 503 } : page);
    const { server, client } = await stage(t, ByrobotClient, answer, { headers });
    await client.getTasks(query);
    const signs = server.requests.map((request) => request.headers.sign);
    assert.deepEqual(signs, ["signature 1", "signature 2", "signature 3"]);
  });
});
