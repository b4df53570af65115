// Retries, time limits and aborts of a call.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { install } from "./installation.mjs";
import { assertByrobotError, errorOf, rejectionOf } from "./rejections.mjs";
import { data, json } from "./servers.mjs";
import { stage, until } from "./stage.mjs";

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

describe("retries", () => {
  /** Asks a server that gives these answers one after the other, and remembers the waits. */
  async function asked(t, answers, options = {}) {
    const waits = [];
    const { server, client } = await stage(t, ByrobotClient, (_, number) => answers[number - 1], {
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
    test(`after ${name}: ${answers.length - 1}`, async (t) => {
      const { outcome, waits, requests } = await asked(t, answers);
      assert.deepEqual(outcome.list, []);
      const expected = answers.slice(1).map((_, index) => [index + 1, name, 0]);
      assert.deepEqual(waits, expected);
      assert.equal(requests.length, answers.length);
    });
  }

  test("three attempts, and then the last error", async (t) => {
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
    test(`no retry after ${name}`, async (t) => {
      const { outcome, waits, requests } = await asked(t, [answer, page]);
      assert.deepEqual([outcome.code, outcome.attempts, requests.length], [name, 1, 1]);
      assert.deepEqual(waits, []);
    });
  }

  test("retry: false allows one attempt, of the client and of the call", async (t) => {
    const once = await asked(t, [busy, page], { retry: false });
    assert.deepEqual([once.outcome.code, once.requests.length], ["server", 1]);
    const { server, client } = await stage(t, ByrobotClient, () => busy);
    await errorOf(client.getTasks(query, { retry: false }), { code: "server", attempts: 1 });
    assert.equal(server.requests.length, 1);
  });

  test("the attempts option limits the attempts", async (t) => {
    const retry = { attempts: 5, minDelay: 0 };
    const { outcome, requests } = await asked(t, [busy, busy, busy, busy, page], { retry });
    assert.deepEqual(outcome.list, []);
    assert.equal(requests.length, 5);
  });

  test("clock_skew is retried once, with new headers", async (t) => {
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
  test("the wait follows Retry-After in seconds", async (t) => {
    const started = performance.now();
    const retry = { minDelay: 0, maxDelay: 0 };
    const { outcome, waits } = await asked(t, [later("1"), page], { retry });
    assert.deepEqual(outcome.list, []);
    assert.deepEqual(waits, [[1, "rate_limited", 1000]]);
    assert.ok(performance.now() - started > 990);
  });

  test("Retry-After as a date counts from the server's date, up to a limit", async (t) => {
    const retry = { maxRetryAfter: 30 };
    const dated = await asked(t, [later("Fri, 15 Mar 2024 02:31:00 GMT"), page], { retry });
    assert.deepEqual(dated.waits, [[1, "rate_limited", 30]]);
    const long = await asked(t, [later("86400"), page], { retry });
    assert.deepEqual(long.waits, [[1, "rate_limited", 30]]);
    const past = await asked(t, [later("Fri, 15 Mar 2024 02:00:00 GMT"), page], { retry });
    assert.deepEqual(past.waits, [[1, "rate_limited", 0]]);
  });

  test("waits stay below a bound that doubles", async (t) => {
    const retry = { attempts: 4, minDelay: 10, maxDelay: 20 };
    const { waits } = await asked(t, [busy, busy, busy, page], { retry });
    waits.forEach(([, , delay], index) => assert.ok(delay <= [10, 20, 20][index], `${delay}`));
  });
});

describe("time limits", () => {
  test("timeout limits each attempt", async (t) => {
    const codes = [];
    const onRetry = ({ error }) => codes.push(error.code);
    const answer = (_, number) => (number === 1 ? never() : page);
    const { server, client } = await stage(t, ByrobotClient, answer, { onRetry });
    assert.deepEqual((await client.getTasks(query, { timeout: 100 })).list, []);
    assert.deepEqual(codes, ["timeout"]);
    await until(() => server.requests[0].cancelled);
  });

  test("totalTimeout limits all attempts and waits", async (t) => {
    const retry = { attempts: 100, minDelay: 0 };
    const { client } = await stage(t, ByrobotClient, never, { retry, timeout: 60 });
    const silence = await errorOf(client.getTasks(query, { totalTimeout: 150 }), {
      code: "timeout",
      message: /totalTimeout, 150 ms/,
    });
    assert.ok(silence.attempts >= 2, `${silence.attempts} attempts`);

    const busy = (_, number) => ({
      status: 503,
      headers: { "retry-after": number === 1 ? "0" : "60" },
    });
    const { server, client: waiting } = await stage(t, ByrobotClient, busy, { retry: {} });
    const error = { code: "server", retryAfterMs: 60_000, attempts: 2 };
    await errorOf(waiting.getTasks(query, { totalTimeout: 30_000 }), error);
    assert.equal(server.requests.length, 2);
  });

  test("timeout limits the headers function and the body, too", async () => {
    const slow = new ReadableStream({ start: (body) => body.enqueue(new Uint8Array([123])) });
    for (const options of [{ headers: never }, { fetch: async () => new Response(slow) }]) {
      const client = new ByrobotClient({ fetch: never, retry: false, timeout: 30, ...options });
      await errorOf(client.getTasks(query), { code: "timeout" });
    }
  });

  test("Infinity is no limit", async (t) => {
    const { client } = await stage(t, ByrobotClient, () => page);
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
      const { server, client } = await stage(t, ByrobotClient, never);
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
      const { client } = await stage(t, ByrobotClient, answer, { onRetry, retry });
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
      test(`${when}, with ${name}: the promise rejects with the reason itself`, async (t) => {
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

  test("a call with an aborted signal sends nothing and calls no function", async () => {
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

  test("the signal of the client and the signal of the call abort", async (t) => {
    const ofClient = new AbortController();
    const ofCall = new AbortController();
    const { client } = await stage(t, ByrobotClient, never, { signal: ofClient.signal });
    const [one, other] = [{ signal: ofCall.signal }, {}].map((options) =>
      rejectionOf(client.getTasks(query, options)),
    );
    ofCall.abort("the call's");
    assert.equal(await one, "the call's");
    ofClient.abort("the client's");
    assert.equal(await other, "the client's");
    assert.equal(await rejectionOf(client.getTasks(query)), "the client's");
  });

  test("AbortSignal.timeout aborts", async (t) => {
    const { client } = await stage(t, ByrobotClient, never);
    const signal = AbortSignal.timeout(20);
    const reason = await rejectionOf(client.getTasks(query, { signal }));
    assert.equal(reason, signal.reason);
    assert.equal(reason.name, "TimeoutError");
  });

  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    test(`an aborted call releases its slot or its place in the queue, ${order}`, async () => {
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
