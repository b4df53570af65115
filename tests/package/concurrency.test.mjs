// Many calls at once: the concurrency limit, hooks, and memory after the calls.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { install, successful } from "./installation.mjs";
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

describe("after a call", () => {
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

  test("1,000 calls aborted by one signal leave no listener, no promise and no request", async () => {
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

  test("1,000 calls that end in every way leave no listener on the client's signal and on the call's", async () => {
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

  test("the heap and the module's memory do not grow", async (t) => {
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

describe("the concurrency limit", () => {
  test("at most maxConcurrency requests are in flight, in the order of the calls", async (t) => {
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
    const { client } = await stage(t, ByrobotClient, answer, { maxConcurrency: 3 });
    const pages = Array.from({ length: 12 }, (_, index) => index + 1);
    await Promise.all(pages.map((pageNum) => client.getTasks({ ...query, pageNum })));
    assert.equal(most, 3);
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      pages,
    );
    assert.deepEqual(new Set(order.slice(0, 3)), new Set([1, 2, 3]));
  });

  test("the default is six, for each client", async () => {
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

  test("a call that waits for its next attempt holds no slot", async (t) => {
    const busy = { status: 503, headers: { "retry-after": "60" } };
    const { client } = await stage(t, ByrobotClient, (_, number) => (number === 1 ? busy : page), {
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
  test("are called for every attempt", async (t) => {
    const events = [];
    const hook = (name) => (event) => events.push([name, event]);
    const { server, client } = await stage(
      t,
      ByrobotClient,
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
    test(`that ${how} are reported, and the call continues`, async (t) => {
      const { error: original } = console;
      t.after(() => (console.error = original));
      const reported = [];
      console.error = (...words) => reported.push(words);
      const answer = (_, number) => (number === 1 ? { status: 503 } : page);
      const hooks = { onRequest: hook, onResponse: hook, onRetry: hook };
      const { client } = await stage(t, ByrobotClient, answer, hooks);
      assert.deepEqual((await client.getTasks(query)).list, []);
      await wait(0);
      assert.deepEqual(reported, Array(5).fill([boo]));
    });
  }

  test("may make calls", async (t) => {
    let inner;
    const options = { onRequest: () => (inner ??= client.phoneLogInfo({ callInstanceId: 1 })) };
    const answer = ({ url }) => (url.includes("getTasks") ? page : json({ code: 404 }));
    const { client } = await stage(t, ByrobotClient, answer, options);
    assert.deepEqual((await client.getTasks(query)).list, []);
    await errorOf(inner, { code: "not_found" });
  });
});
