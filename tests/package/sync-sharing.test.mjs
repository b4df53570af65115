// Several synchronisations of one list: in two tabs, and by two calls with one table.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { install } from "./installation.mjs";
import { errorOf, rejectionOf } from "./rejections.mjs";
import { contents, deferred, listed, memory } from "./stores.mjs";
import { calls, vendor } from "./vendor.mjs";

let project, ByrobotClient, CallTable;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable } = await project.import());
});
after(() => project?.remove());

const query = { callJobId: 62 };
const client = (server, options) =>
  new ByrobotClient({ fetch: server.fetch, retry: { minDelay: 0 }, ...options });

describe("waiting for another tab", () => {
  /** A store whose turn is another's. */
  function taken() {
    const turns = [];
    const exclusive = (key, work) => new Promise((resolve) => turns.push(() => resolve(work())));
    return Object.assign(memory(), { exclusive, turns });
  }

  for (const limit of ["timeout", "totalTimeout"]) {
    test(`ends with ${limit}`, async () => {
      const server = vendor(calls(3));
      const store = taken();
      await errorOf(client(server).syncDoneCalls(new CallTable(), query, { store, [limit]: 30 }), {
        code: "timeout",
        message: /another tab or call .* 30 ms/,
      });
      assert.deepEqual([server.asked.length, store.turns.length], [0, 1]);
    });
  }

  test("ends with an abort, and a later turn is released", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const store = memory();
    const granted = deferred();
    let held;
    store.exclusive = (key, work) => granted.promise.then(() => (held = work()));
    const server = vendor(calls(3));
    const stopped = client(server).syncDoneCalls(new CallTable(), query, { store, signal });
    await wait(5);
    controller.abort("left");
    assert.equal(await rejectionOf(stopped), "left");
    granted.resolve();
    await granted.promise;
    await held;
    assert.equal(server.asked.length, 0);
  });

  test("is reported, and the stored calls are shown meanwhile", async () => {
    const store = memory();
    const server = vendor(calls(60));
    await client(server).syncDoneCalls(new CallTable(), query, { store });
    const granted = deferred();
    store.exclusive = (key, work) => granted.promise.then(work);
    const told = [];
    const table = new CallTable();
    const report = await client(server).syncDoneCalls(table, query, {
      store,
      onProgress(progress) {
        told.push({ ...progress, length: table.length });
        if (progress.phase === "waiting") granted.resolve();
      },
    });
    assert.equal(report.storeError, null);
    assert.deepEqual(told.slice(0, 2), [
      { phase: "listing", done: 60, total: null, requests: 0, length: 60 },
      { phase: "waiting", done: 60, total: null, requests: 0, length: 60 },
    ]);
    assert.equal(told.filter(({ phase }) => phase === "waiting").length, 1);
  });

  test("is not reported if there is nothing to wait for", async () => {
    const store = Object.assign(memory(), { exclusive: (key, work) => work() });
    const phases = [];
    await client(vendor(calls(60))).syncDoneCalls(new CallTable(), query, {
      store,
      onProgress: ({ phase }) => phases.push(phase),
    });
    assert.ok(!phases.includes("waiting"), phases.join());
  });

  for (const [what, exclusive] of [
    ["rejects", async () => Promise.reject(new Error("no locks today"))],
    ["throws", () => {
      throw new Error("no locks today");
    }], // prettier-ignore
    ["ends without having run its work", async () => {}],
  ]) {
    test(`a store whose exclusive() ${what} is reported, and the table is up to date`, async () => {
      const store = Object.assign(memory(), { exclusive });
      const table = new CallTable();
      const report = await client(vendor(calls(60))).syncDoneCalls(table, query, { store });
      assert.match(report.storeError.message, /no locks today|exclusive\(\) has not run its work/);
      assert.equal(table.length, 60);
    });
  }
});

describe("two synchronisations of one list into one table", () => {
  for (const kept of [false, true]) {
    test(`share the requests, the progress and the report${kept ? ", with a store" : ""}`, async () => {
      const server = vendor(calls(500), { delay: 1 });
      const own = client(server);
      const table = new CallTable();
      const store = kept ? memory() : undefined;
      const told = [[], []];
      const run = (at) =>
        own.syncDoneCalls(
          table,
          { ...query },
          {
            store,
            onProgress: ({ phase, done }) => told[at].push([phase, done]),
          },
        );
      const reports = await Promise.all([run(0), run(1)]);
      assert.equal(server.asked.length, 11);
      for (const report of reports) {
        assert.deepEqual([report.added, report.complete, report.requests], [500, true, 11]);
      }
      assert.deepEqual(told[0], told[1]);
      // Later ones ask again.
      assert.equal((await run(0)).requests, 1);
    });
  }

  test("with other time limits or headers do not share", async () => {
    for (const [one, other] of [
      [{ timeout: 20_000 }, {}],
      [{}, { totalTimeout: 20_000 }],
      [{ headers: { a: "1" } }, { headers: { a: "2" } }],
    ]) {
      const server = vendor(calls(60), { delay: 1 });
      const own = client(server);
      const table = new CallTable();
      await Promise.all([one, other].map((given) => own.syncDoneCalls(table, query, given)));
      assert.ok(server.asked.length > 3, String(server.asked.length));
    }
  });

  test("a call that joins later learns the progress", async () => {
    const told = [];
    let second;
    const server = vendor(calls(500));
    const own = client(server);
    const table = new CallTable();
    await own.syncDoneCalls(table, query, {
      onProgress({ done }) {
        if (done !== 250) return;
        second = own.syncDoneCalls(table, query, { onProgress: (now) => told.push(now.done) });
      },
    });
    const { added, requests } = await second;
    assert.deepEqual([added, requests], [500, server.asked.length]);
    assert.ok(told[0] >= 250 && told[0] < 500, told.join());
  });

  for (const left of [0, 1]) {
    test(`an abort of the ${left === 0 ? "first" : "second"} does not end the other`, async () => {
      const controller = new AbortController();
      const server = vendor(calls(500), {
        before: (number) => void (number === 5 && controller.abort("left")),
      });
      const own = client(server);
      const table = new CallTable();
      const run = (at) =>
        own.syncDoneCalls(table, query, at === left ? { signal: controller.signal } : undefined);
      const both = [run(0), run(1)];
      assert.equal(await rejectionOf(both[left]), "left");
      const { complete, added } = await both[1 - left];
      assert.deepEqual([complete, added, server.asked.length], [true, 500, 11]);
      assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    });
  }

  test("if both are aborted, the requests are cancelled, and the next one begins again", async () => {
    const controller = new AbortController();
    const server = vendor(calls(500), {
      delay: 1,
      before: (number) => void (number === 5 && controller.abort("left")),
    });
    const own = client(server);
    const table = new CallTable();
    const run = () => own.syncDoneCalls(table, query, { signal: controller.signal });
    const both = [run(), run()];
    for (const one of both) assert.equal(await rejectionOf(one), "left");
    assert.equal(server.aborted, 1);
    assert.equal((await own.syncDoneCalls(table, query)).complete, true);
    assert.deepEqual(contents(table), listed(server));
  });

  test("a failure rejects both", async () => {
    const server = vendor(calls(500), {
      before: (number) => (number === 3 ? new Response("{}") : undefined),
    });
    const own = client(server);
    const table = new CallTable();
    const both = [own.syncDoneCalls(table, query), own.syncDoneCalls(table, query)];
    for (const one of both) await errorOf(one, { code: "unexpected_shape" });
  });

  test("a call with another query or mode does not join", async () => {
    const server = vendor(calls(100), { delay: 1 });
    const own = client(server);
    const table = new CallTable();
    await Promise.all([
      own.syncDoneCalls(table, query),
      own.syncDoneCalls(table, query, { full: true }),
      own.syncDoneCalls(table, { ...query, finishStatus: 0 }),
      own.syncDoneCalls(new CallTable(), query),
      client(server).syncDoneCalls(table, query),
    ]);
    assert.ok(server.asked.length >= 5 * 2, `${server.asked.length}`);
    assert.deepEqual(contents(table), listed(server));
  });

  test("a hook that throws or rejects is reported, and the run continues", async (t) => {
    const printed = t.mock.method(console, "error", () => {});
    const own = client(vendor(calls(60)));
    const table = new CallTable();
    const reports = await Promise.all(
      [
        () => {
          throw new Error("thrown");
        },
        () => Promise.reject(new Error("rejected")),
      ].map((onProgress) => own.syncDoneCalls(table, query, { onProgress })),
    );
    assert.ok(reports.every(({ complete }) => complete));
    const messages = new Set(printed.mock.calls.map(({ arguments: [error] }) => error.message));
    assert.deepEqual(messages, new Set(["thrown", "rejected"]));
  });
});
