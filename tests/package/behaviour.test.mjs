// How a call goes: what is sent, when it is sent again, how it ends early, and what it leaves behind.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { install, successful } from "./installation.mjs";
import { assertByrobotError, errorOf, rejectionOf } from "./rejections.mjs";
import { data, json, serve } from "./servers.mjs";

let project, ByrobotClient;
before(async () => {
  project = await install();
  ({ ByrobotClient } = await project.import());
});
after(() => project?.remove());

const query = { companyId: 1 };
const page = data([]);
const never = () => new Promise(() => {});
/** Options of a client whose requests are never answered, and keep no process alive. */
const unanswered = { fetch: never, timeout: Infinity };

/** A server for one test, and a client of it that does not wait between attempts. */
async function stage(t, answer, options = {}) {
  const server = await serve(answer);
  t.after(server.close);
  const retry = { minDelay: 0, maxRetryAfter: 0 };
  return { server, client: new ByrobotClient({ baseUrl: server.url, retry, ...options }) };
}

/** Waits for what comes soon, though not when. */
async function until(condition) {
  for (let turn = 0; !condition(); turn += 1) {
    assert.ok(turn < 2000, `in vain: ${condition}`);
    await wait(2);
  }
}

describe("a request", () => {
  test("a GET brings no header but those of the runtime", async (t) => {
    const { server, client } = await stage(t, () => page);
    await client.getTasks(query);
    await fetch(server.url, { cache: "no-store" });
    const [ours, bare] = server.requests;
    assert.equal(ours.method, "GET");
    assert.deepEqual(ours.names.toSorted(), bare.names.toSorted());
    assert.equal(ours.body, "");
  });

  test("a POST brings its type and no more", async (t) => {
    const { server, client } = await stage(t, () => page);
    await client.notDialedCustomerList({ taskId: 1 });
    const headers = { "content-type": "application/json" };
    await fetch(server.url, { method: "POST", body: "{}", headers, cache: "no-store" });
    const [ours, bare] = server.requests;
    assert.equal(ours.method, "POST");
    assert.deepEqual(ours.names.toSorted(), bare.names.toSorted());
    assert.equal(ours.headers["content-type"], "application/json");
  });

  test("goes to its endpoint", async (t) => {
    const { server, client } = await stage(t, () => json({ code: 1001 }));
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
    const { client } = await stage(t, answer, { retry: { minDelay: 0 } });
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
    const { client } = await stage(t, answer, {
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
      const { client } = await stage(t, answer, { retry: { minDelay: 0 } });
      assert.deepEqual((await client.getTasks(query)).list, []);
      assert.deepEqual((await client.getTasks(query)).list, []);
    }
  });
});

describe("headers", () => {
  /** The headers the server sees, of those the client and the call were given. */
  async function seen(t, client, call) {
    const { server, client: asking } = await stage(t, () => page, { headers: client });
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
    const { server, client } = await stage(t, answer, { headers });
    await client.getTasks(query);
    const signs = server.requests.map((request) => request.headers.sign);
    assert.deepEqual(signs, ["signature 1", "signature 2", "signature 3"]);
  });
});

describe("trying again", () => {
  /** Asks a server that gives these answers one after the other, and remembers the waits. */
  async function asked(t, answers, options = {}) {
    const waits = [];
    const { server, client } = await stage(t, (_, number) => answers[number - 1], {
      onRetry: ({ error, delayMs, attempt }) => waits.push([attempt, error.code, delayMs]),
      ...options,
    });
    const outcome = await client.getTasks(query).catch((error) => error);
    return { outcome, waits, requests: server.requests };
  }

  const busy = { status: 503 };
  for (const [name, ...answers] of [
    ["server", busy, { status: 500 }, page],
    ["server", json({ code: 500 }), page],
    ["rate_limited", { status: 429 }, page],
    ["rate_limited", json({ code: 429 }), page],
    ["network", "hang up", "hang up", page],
  ]) {
    test(`after ${name}, ${answers.length - 1}`, async (t) => {
      const { outcome, waits, requests } = await asked(t, answers);
      assert.deepEqual(outcome.list, []);
      const expected = answers.slice(1).map((_, index) => [index + 1, name, 0]);
      assert.deepEqual(waits, expected);
      assert.equal(requests.length, answers.length);
    });
  }

  test("three times in all, and then the last error", async (t) => {
    const answers = ["hang up", { status: 429 }, busy, page];
    const { outcome, waits, requests } = await asked(t, answers);
    assertByrobotError(outcome);
    assert.deepEqual([outcome.code, outcome.attempts, requests.length], ["server", 3, 3]);
    assert.deepEqual(
      waits.map(([, code]) => code),
      ["network", "rate_limited"],
    );
  });

  for (const [name, answer] of [
    ["unauthorized", { status: 401 }],
    ["unauthorized", json({ code: 401 })],
    ["forbidden", json({ code: 403 })],
    ["not_found", { status: 404 }],
    ["rejected_parameters", json({ code: 412 })],
    ["vendor", json({ code: 1001 })],
    ["http", { status: 418 }],
    ["not_json", { body: "<html>" }],
    ["unexpected_shape", data(null)],
  ]) {
    test(`not after ${name}`, async (t) => {
      const { outcome, waits, requests } = await asked(t, [answer, page]);
      assert.deepEqual([outcome.code, outcome.attempts, requests.length], [name, 1, 1]);
      assert.deepEqual(waits, []);
    });
  }

  test("retry: false, of the client or of the call", async (t) => {
    const once = await asked(t, [busy, page], { retry: false });
    assert.deepEqual([once.outcome.code, once.requests.length], ["server", 1]);
    const { server, client } = await stage(t, () => busy);
    await errorOf(client.getTasks(query, { retry: false }), { code: "server", attempts: 1 });
    assert.equal(server.requests.length, 1);
  });

  test("as often as is asked for", async (t) => {
    const retry = { attempts: 5, minDelay: 0 };
    const { outcome, requests } = await asked(t, [busy, busy, busy, busy, page], { retry });
    assert.deepEqual(outcome.list, []);
    assert.equal(requests.length, 5);
  });

  test("a clock that is off gets one more chance, with fresh headers", async (t) => {
    const skewed = json({ code: 408 });
    let signed = 0;
    const headers = () => ({ datetime: String((signed += 1)) });
    const mended = await asked(t, [skewed, page], { headers });
    assert.deepEqual(mended.outcome.list, []);
    assert.deepEqual(mended.waits, [[1, "clock_skew", 0]]);
    assert.deepEqual(
      mended.requests.map((request) => request.headers.datetime),
      ["1", "2"],
    );
    const off = await asked(t, [skewed, skewed, page], { headers });
    assert.deepEqual([off.outcome.code, off.outcome.attempts], ["clock_skew", 2]);
  });

  const later = (after) => {
    const headers = { "retry-after": after, date: "Fri, 15 Mar 2024 02:30:00 GMT" };
    return json({ code: 429 }, { status: 429, headers });
  };
  test("Retry-After in seconds is waited for", async (t) => {
    const started = performance.now();
    const retry = { minDelay: 0, maxDelay: 0 };
    const { outcome, waits } = await asked(t, [later("1"), page], { retry });
    assert.deepEqual(outcome.list, []);
    assert.deepEqual(waits, [[1, "rate_limited", 1000]]);
    assert.ok(performance.now() - started > 990);
  });

  test("Retry-After as a date counts from the server's own, up to a limit", async (t) => {
    const retry = { maxRetryAfter: 30 };
    const dated = await asked(t, [later("Fri, 15 Mar 2024 02:31:00 GMT"), page], { retry });
    assert.deepEqual(dated.waits, [[1, "rate_limited", 30]]);
    const long = await asked(t, [later("86400"), page], { retry });
    assert.deepEqual(long.waits, [[1, "rate_limited", 30]]);
    const past = await asked(t, [later("Fri, 15 Mar 2024 02:00:00 GMT"), page], { retry });
    assert.deepEqual(past.waits, [[1, "rate_limited", 0]]);
  });

  test("waits lie below a bound that doubles", async (t) => {
    const retry = { attempts: 4, minDelay: 10, maxDelay: 20 };
    const { waits } = await asked(t, [busy, busy, busy, page], { retry });
    waits.forEach(([, , delay], index) => assert.ok(delay <= [10, 20, 20][index], `${delay}`));
  });
});

describe("time limits", () => {
  test("timeout is for an attempt: the next one has its own", async (t) => {
    const codes = [];
    const onRetry = ({ error }) => codes.push(error.code);
    const answer = (_, number) => (number === 1 ? never() : page);
    const { server, client } = await stage(t, answer, { onRetry });
    assert.deepEqual((await client.getTasks(query, { timeout: 100 })).list, []);
    assert.deepEqual(codes, ["timeout"]);
    await until(() => server.requests[0].cancelled);
  });

  test("totalTimeout is for all of them, and for the waits between", async (t) => {
    const retry = { attempts: 100, minDelay: 0 };
    const { client } = await stage(t, never, { retry, timeout: 60 });
    const silence = await errorOf(client.getTasks(query, { totalTimeout: 150 }), {
      code: "timeout",
      message: /totalTimeout, 150 ms/,
    });
    assert.ok(silence.attempts >= 2, `${silence.attempts} attempts`);

    const busy = (_, number) => ({
      status: 503,
      headers: { "retry-after": number === 1 ? "0" : "60" },
    });
    const { server, client: waiting } = await stage(t, busy, { retry: {} });
    const error = { code: "server", retryAfterMs: 60_000, attempts: 2 };
    await errorOf(waiting.getTasks(query, { totalTimeout: 30_000 }), error);
    assert.equal(server.requests.length, 2);
  });

  test("a source of headers that never comes, and a body that never ends, are limited, too", async () => {
    const slow = new ReadableStream({ start: (body) => body.enqueue(new Uint8Array([123])) });
    for (const options of [{ headers: never }, { fetch: async () => new Response(slow) }]) {
      const client = new ByrobotClient({ fetch: never, retry: false, timeout: 30, ...options });
      await errorOf(client.getTasks(query), { code: "timeout" });
    }
  });

  test("Infinity is no limit", async (t) => {
    const { client } = await stage(t, () => page);
    const unlimited = { timeout: Infinity, totalTimeout: Infinity };
    assert.deepEqual((await client.getTasks(query, unlimited)).list, []);
  });
});

describe("aborting", () => {
  const reasons = { "an Error": new Error("left"), "a word": "left", nothing: undefined, zero: 0 };
  /** Each begins a call that is not over, and says when to abort it. */
  const moments = {
    before: async () => ({ client: new ByrobotClient(unanswered) }),
    "while headers are awaited": async () => {
      let asked = false;
      const headers = () => ((asked = true), never());
      return { client: new ByrobotClient({ ...unanswered, headers }), ready: () => asked };
    },
    during: async (t) => {
      const { server, client } = await stage(t, never);
      const gone = () => server.requests[0].cancelled;
      return { client, ready: () => server.requests.length === 1, gone };
    },
    "while the body arrives": async () => {
      let arriving = false;
      const start = (body) => (body.enqueue(new Uint8Array([123])), (arriving = true));
      const fetch = async () => new Response(new ReadableStream({ start }));
      return { client: new ByrobotClient({ fetch }), ready: () => arriving };
    },
    "while waiting to try again": async (t) => {
      let failed = false;
      const onRetry = () => (failed = true);
      const retry = { minDelay: 60_000, maxRetryAfter: 60_000 };
      const answer = () => ({ status: 503, headers: { "retry-after": "60" } });
      const { client } = await stage(t, answer, { onRetry, retry });
      return { client, ready: () => failed };
    },
    "in the queue": async () => {
      const client = new ByrobotClient({ ...unanswered, maxConcurrency: 1 });
      client.getTasks(query);
      return { client, ready: () => true };
    },
  };

  for (const [when, begin] of Object.entries(moments)) {
    for (const [name, reason] of Object.entries(reasons)) {
      test(`${when}, with ${name}: the reason itself comes out`, async (t) => {
        const { client, ready, gone } = await begin(t);
        const controller = new AbortController();
        const { signal } = controller;
        if (!ready) controller.abort(reason);
        const call = client.getTasks(query, { signal });
        if (ready) {
          await until(ready);
          controller.abort(reason);
        }
        assert.equal(await rejectionOf(call), signal.reason);
        if (reason !== undefined) assert.equal(signal.reason, reason);
        if (gone) await until(gone);
      });
    }
  }

  test("an aborted call sends nothing, and calls nobody", async () => {
    const called = [];
    const note = (name) => () => called.push(name);
    const client = new ByrobotClient({
      fetch: note("fetch"),
      headers: note("headers"),
      onRequest: note("onRequest"),
    });
    const reason = new Error("left");
    const call = client.getTasks(query, { signal: AbortSignal.abort(reason) });
    assert.equal(await rejectionOf(call), reason);
    await wait(10);
    assert.deepEqual(called, []);
  });

  test("by the client's signal or by the call's", async (t) => {
    const ofClient = new AbortController();
    const ofCall = new AbortController();
    const { client } = await stage(t, never, { signal: ofClient.signal });
    const [one, other] = [{ signal: ofCall.signal }, {}].map((options) =>
      rejectionOf(client.getTasks(query, options)),
    );
    ofCall.abort("the call's");
    assert.equal(await one, "the call's");
    ofClient.abort("the client's");
    assert.equal(await other, "the client's");
    assert.equal(await rejectionOf(client.getTasks(query)), "the client's");
  });

  test("by AbortSignal.timeout", async (t) => {
    const { client } = await stage(t, never);
    const signal = AbortSignal.timeout(20);
    const reason = await rejectionOf(client.getTasks(query, { signal }));
    assert.equal(reason, signal.reason);
    assert.equal(reason.name, "TimeoutError");
  });

  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    test(`who leaves the place or the queue makes room, ${order}`, async () => {
      const answers = [];
      const fetch = () =>
        new Promise((resolve) => answers.push(() => resolve(new Response(page.body))));
      const client = new ByrobotClient({ fetch, timeout: Infinity, maxConcurrency: 1 });
      const leaving = [new AbortController(), new AbortController()];
      const left = leaving.map(({ signal }) => rejectionOf(client.getTasks(query, { signal })));
      const last = client.getTasks(query);
      await until(() => answers.length === 1);
      for (const index of order) leaving[index].abort(index);
      assert.deepEqual(await Promise.all(left), [0, 1]);
      await until(() => answers.length === 2);
      answers[1]();
      assert.deepEqual((await last).list, []);
    });
  }
});

describe("what a call leaves behind", () => {
  /** A signal that counts its listeners. */
  function counting() {
    const controller = new AbortController();
    const { signal } = controller;
    let added = 0;
    const { addEventListener, removeEventListener } = signal;
    const listeners = new Set();
    signal.addEventListener = (...args) => {
      added += 1;
      listeners.add(args[1]);
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args) => {
      listeners.delete(args[1]);
      removeEventListener.apply(signal, args);
    };
    return { controller, signal, added: () => added, left: () => listeners.size };
  }

  test("1,000 calls aborted by one signal: no listener, no promise, no request", async () => {
    const { controller, signal, left } = counting();
    const requests = [];
    const fetch = (_, init) => (requests.push(init), never());
    const client = new ByrobotClient({ fetch, maxConcurrency: 1000 });
    const calls = Array.from({ length: 1000 }, () => client.getTasks(query, { signal }));
    const outcomes = Promise.allSettled(calls);
    await until(() => requests.length === 1000);
    assert.ok(left() > 0, "the signal is heard");
    controller.abort("left");
    for (const { status, reason } of await outcomes) {
      assert.deepEqual([status, reason], ["rejected", "left"]);
    }
    assert.equal(left(), 0);
    assert.ok(
      requests.every((request) => request.signal.aborted),
      "requests go on",
    );
  });

  test("1,000 calls that end in every way: no listener on the client's signal, nor on the call's", async () => {
    const ofClient = counting();
    const ofCall = counting();
    const answers = [
      async () => new Response(page.body),
      async () => new Response("", { status: 401 }),
      () => Promise.reject(new TypeError("fetch failed")),
      never,
    ];
    let turn = 0;
    const client = new ByrobotClient({
      fetch: () => answers[turn++ % answers.length](),
      signal: ofClient.signal,
      retry: false,
    });
    for (let call = 0; call < 250; call += 1) {
      const { signal } = ofCall;
      const three = answers.slice(1).map(() => client.getTasks(query, { signal }));
      const own = new AbortController();
      const fourth = client.getTasks(query, { signal: own.signal });
      await Promise.allSettled(three);
      own.abort();
      await rejectionOf(fourth);
    }
    assert.ok(ofClient.added() > 0 && ofCall.added() > 0, "the signals are heard");
    assert.deepEqual([ofClient.left(), ofCall.left()], [0, 0]);
  });

  test("the heap and the module's memory stay as they were", async (t) => {
    // In a process of its own: nobody else's garbage is weighed.
    const code = `
      import { setTimeout as wait } from "node:timers/promises";
      import { ByrobotClient } from "byrobot-calls";
      const fetch = (_, { signal }) =>
        new Promise((_, reject) => (signal.onabort = () => reject(new Error("aborted"))));
      const client = new ByrobotClient({ fetch, maxConcurrency: 10 });
      async function afterAThousand() {
        for (let round = 0; round < 100; round += 1) {
          const controller = new AbortController();
          const { signal } = controller;
          const calls = Array.from({ length: 10 }, () => client.getTasks({ companyId: 1 }, { signal }));
          await wait(1);
          controller.abort();
          await Promise.allSettled(calls);
        }
        await wait(10);
        gc();
        const { heapUsed, external } = process.memoryUsage();
        return heapUsed + external;
      }
      await afterAThousand();
      const before = await afterAThousand();
      for (let more = 0; more < 3; more += 1) await afterAThousand();
      console.log(await afterAThousand() - before);
    `;
    const growth = Number((await successful(project.evaluate(code, "--expose-gc"))).stdout);
    t.diagnostic(`${growth} bytes more after 4,000 calls`);
    assert.ok(growth < 300_000, `${growth} bytes more after 4,000 calls`);
  });
});

describe("requests at once", () => {
  test("no more than maxConcurrency, and in order", async (t) => {
    let flying = 0;
    let most = 0;
    const order = [];
    const answer = async ({ url }) => {
      order.push(Number(new URL(url, "http://host").searchParams.get("pageNum")));
      most = Math.max(most, (flying += 1));
      await wait(20);
      flying -= 1;
      return page;
    };
    const { client } = await stage(t, answer, { maxConcurrency: 3 });
    const pages = Array.from({ length: 12 }, (_, index) => index + 1);
    await Promise.all(pages.map((pageNum) => client.getTasks({ ...query, pageNum })));
    assert.equal(most, 3);
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      pages,
    );
    assert.deepEqual(new Set(order.slice(0, 3)), new Set([1, 2, 3]));
  });

  test("six where nothing is said; clients do not share", async () => {
    let flying = 0;
    const fetch = () => ((flying += 1), never());
    const options = { ...unanswered, fetch };
    for (const client of [new ByrobotClient(options), new ByrobotClient(options)]) {
      for (let call = 0; call < 10; call += 1) client.getTasks(query);
    }
    await until(() => flying >= 12);
    await wait(20);
    assert.equal(flying, 12);
  });

  test("who waits to try again holds no place", async (t) => {
    const busy = { status: 503, headers: { "retry-after": "60" } };
    const { client } = await stage(t, (_, number) => (number === 1 ? busy : page), {
      maxConcurrency: 1,
      retry: {},
    });
    const controller = new AbortController();
    const waiting = rejectionOf(client.getTasks(query, { signal: controller.signal }));
    assert.deepEqual((await client.getTasks(query)).list, []);
    controller.abort("enough");
    assert.equal(await waiting, "enough");
  });
});

describe("hooks", () => {
  test("are told of every attempt", async (t) => {
    const events = [];
    const hook = (name) => (event) => events.push([name, event]);
    const { server, client } = await stage(
      t,
      (_, number) => (number === 1 ? { status: 503 } : page),
      {
        onRequest: hook("request"),
        onResponse: hook("response"),
        onRetry: hook("retry"),
      },
    );
    await client.getTasks({ companyId: 1, taskName: "回访" });
    const names = events.map(([name]) => name);
    assert.deepEqual(names, ["request", "response", "retry", "request", "response"]);
    const [request, response, retry, , last] = events.map(([, event]) => event);
    const { id } = request;
    const url = `${server.url}/openapi/v1/task/getTasks`;
    const first = { id, endpoint: "getTasks", method: "GET", url, attempt: 1 };
    assert.equal(typeof id, "string");
    assert.deepEqual(request, first);
    const { durationMs, ...answered } = response;
    assert.deepEqual(answered, { ...first, status: 503 });
    assert.ok(Number.isFinite(durationMs) && durationMs >= 0);
    const { error, ...again } = retry;
    assert.deepEqual(again, { ...first, delayMs: 0 });
    assertByrobotError(error);
    assert.deepEqual(
      [error.code, error.status, error.attempts, error.url],
      ["server", 503, 1, url],
    );
    assert.deepEqual([last.id, last.attempt, last.status], [id, 2, 200]);

    await client.notDialedCustomerList({ taskId: 1 });
    const other = events.at(-1)[1];
    assert.deepEqual([other.endpoint, other.method], ["notDialedCustomerList", "POST"]);
    assert.notEqual(other.id, id);
  });

  const boo = new Error("boo");
  for (const [how, hook] of [
    ["throw", () => { throw boo; }], // prettier-ignore
    ["reject", () => Promise.reject(boo)],
  ]) {
    test(`that ${how} break nothing, and are reported`, async (t) => {
      const { error: original } = console;
      t.after(() => (console.error = original));
      const reported = [];
      console.error = (...words) => reported.push(words);
      const answer = (_, number) => (number === 1 ? { status: 503 } : page);
      const hooks = { onRequest: hook, onResponse: hook, onRetry: hook };
      const { client } = await stage(t, answer, hooks);
      assert.deepEqual((await client.getTasks(query)).list, []);
      await wait(0);
      assert.deepEqual(reported, Array(5).fill([boo]));
    });
  }

  test("may make calls of their own", async (t) => {
    let inner;
    const options = { onRequest: () => (inner ??= client.phoneLogInfo({ callInstanceId: 1 })) };
    const answer = ({ url }) => (url.includes("getTasks") ? page : json({ code: 404 }));
    const { client } = await stage(t, answer, options);
    assert.deepEqual((await client.getTasks(query)).list, []);
    await errorOf(inner, { code: "not_found" });
  });
});
