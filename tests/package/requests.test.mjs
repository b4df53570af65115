// What a client sends: requests and headers; durations and waits if the clock is changed.
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
  test("a GET brings no header but those of the runtime", async (t) => {
    const { server, client } = await stage(t, ByrobotClient, () => page);
    await client.getTasks(query);
    await fetch(server.url, { cache: "no-store" });
    const [ours, bare] = server.requests;
    assert.equal(ours.method, "GET");
    assert.deepEqual(ours.names.toSorted(), bare.names.toSorted());
    assert.equal(ours.body, "");
  });

  test("a POST brings its type and no more", async (t) => {
    const { server, client } = await stage(t, ByrobotClient, () => page);
    await client.notDialedCustomerList({ taskId: 1 });
    const headers = { "content-type": "application/json" };
    await fetch(server.url, { method: "POST", body: "{}", headers, cache: "no-store" });
    const [ours, bare] = server.requests;
    assert.equal(ours.method, "POST");
    assert.deepEqual(ours.names.toSorted(), bare.names.toSorted());
    assert.equal(ours.headers["content-type"], "application/json");
  });

  test("goes to its endpoint", async (t) => {
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

  test("the page's fetch is looked up for each request, a given one is used instead", async (t) => {
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
      ["global", "Request"],
      ["given", "String", "Object"],
    ]);
  });

  test("through a proxy of the client, such as Vue makes of what it watches", async () => {
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

  test("credentials are passed on", async () => {
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
  test("when it is set back after a 429, later requests are sent", async (t) => {
    const answer = (_, number) =>
      number === 1 ? { status: 429, headers: { "retry-after": "0.05" } } : page;
    const { client } = await stage(t, ByrobotClient, answer, { retry: { minDelay: 0 } });
    await client.getTasks(query);
    const { now } = Date;
    t.after(() => (Date.now = now));
    Date.now = () => now() - 3_600_000;
    assert.deepEqual((await client.getTasks(query, { totalTimeout: 5000 })).list, []);
  });

  test("when it is set back during a request, its duration is none below zero", async (t) => {
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

  test("where performance is missing or stands still, waits end all the same", async (t) => {
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

  test("the call's replace the client's of the same name, whatever its case", async (t) => {
    const both = await seen(t, { AppKey: "key", Sign: "a" }, async () => ({ sign: "b" }));
    assert.deepEqual(both, { appkey: "key", sign: "b", datetime: undefined });
  });

  test("nothing for a value is no header", async (t) => {
    const some = await seen(t, { appkey: "key", sign: null, datetime: undefined }, () => null);
    assert.deepEqual(some, { appkey: "key", sign: undefined, datetime: undefined });
  });

  test("the function is called for every attempt", async (t) => {
    let calls = 0;
    const headers = async () => ({ sign: `signature ${(calls += 1)}` });
    const answer = (_, number) => (number < 3 ? { status: 503 } : page);
    const { server, client } = await stage(t, ByrobotClient, answer, { headers });
    await client.getTasks(query);
    const signs = server.requests.map((request) => request.headers.sign);
    assert.deepEqual(signs, ["signature 1", "signature 2", "signature 3"]);
  });
});
