// Synchronisation of a list into a table: requests, restarts, aborts, modes. Not here: that no call is lost in any
// order of changes (tests/native/paging), stores (sync-store.test.mjs), several synchronisations at once
// (sync-sharing.test.mjs).
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { install } from "./installation.mjs";
import { assertByrobotError, errorOf, rejectionOf } from "./rejections.mjs";
import { contents, listed, memory } from "./stores.mjs";
import { call, calls, vendor } from "./vendor.mjs";

let project, ByrobotClient, CallTable, indexedDbStore;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable, indexedDbStore } = await project.import());
});
after(() => project?.remove());

const query = { callJobId: 62 };
const client = (server, options) =>
  new ByrobotClient({ fetch: server.fetch, retry: { minDelay: 0 }, ...options });

describe("a list that does not change", () => {
  test("is read once, with at most two requests more than pages", async () => {
    for (const count of [0, 1, 49, 50, 51, 100, 1234]) {
      const server = vendor(calls(count));
      const table = new CallTable();
      const report = await client(server).syncDoneCalls(table, query);
      assert.deepEqual(contents(table), listed(server));
      assert.ok(report.requests <= Math.ceil(count / 50) + 2, `${count}: ${report.requests}`);
      assert.deepEqual(report, {
        added: count,
        updated: 0,
        unchanged: report.unchanged,
        requests: server.asked.length,
        restarts: 0,
        complete: true,
        storeError: null,
      });
      server.asked.length = 0;
      const again = await client(server).syncDoneCalls(table, query);
      assert.ok(again.requests <= 3 && again.requests === server.asked.length);
      assert.deepEqual([again.added, again.updated, again.complete], [0, 0, true]);
    }
  });

  test("with prefetch needs no more requests, within the client's limit", async () => {
    const server = vendor(calls(1000), { delay: 2 });
    const table = new CallTable();
    const { requests, complete } = await client(server, { maxConcurrency: 4 }).syncDoneCalls(
      table,
      query,
      { prefetch: 10 },
    );
    assert.equal(complete, true);
    assert.deepEqual(contents(table), listed(server));
    assert.equal(server.mostInFlight, 4);
    assert.ok(requests <= 22, `${requests}`);
  });

  test("reports progress after every page", async () => {
    const told = [];
    await client(vendor(calls(120))).syncDoneCalls(new CallTable(), query, {
      onProgress: (progress) => told.push(progress),
    });
    const [last] = told.slice(-1);
    assert.deepEqual(
      told.slice(0, 3).map(({ phase, done, total, requests }) => [phase, done, total, requests]),
      [
        ["listing", 50, 120, 1],
        ["listing", 100, 120, 2],
        ["listing", 120, 120, 3],
      ],
    );
    assert.deepEqual([last.phase, last.done, last.total], ["verifying", 120, 120]);
  });
});

describe("a second synchronisation", () => {
  const synchronised = async (count) => {
    const server = vendor(calls(count));
    const table = new CallTable();
    const own = client(server);
    await own.syncDoneCalls(table, query);
    server.asked.length = 0;
    return { server, table, own };
  };

  test("reads new calls and no later pages", async () => {
    const { server, table, own } = await synchronised(1000);
    server.list.unshift(...calls(70, 5000));
    const report = await own.syncDoneCalls(table, query);
    assert.deepEqual(contents(table), listed(server));
    assert.deepEqual([report.added, report.complete], [70, true]);
    assert.ok(report.requests <= 4, `${report.requests}`);
  });

  test("replaces the row of a call that was dialled again", async () => {
    const { server, table, own } = await synchronised(1000);
    server.list.splice(600, 1);
    server.list.unshift(call(400, { duration: 77 }));
    const report = await own.syncDoneCalls(table, query);
    assert.deepEqual(contents(table), listed(server));
    assert.deepEqual([report.added, report.updated], [0, 1]);
    assert.ok(report.requests <= 3);
  });

  test("finds an edit on a late page only with `full`", async () => {
    const { server, table, own } = await synchronised(500);
    server.list[400] = { ...server.list[400], duration: 99 };
    await own.syncDoneCalls(table, query);
    assert.notDeepEqual(contents(table), listed(server));
    const { updated, complete, requests } = await own.syncDoneCalls(table, query, { full: true });
    assert.deepEqual(contents(table), listed(server));
    assert.deepEqual([updated, complete], [1, true]);
    assert.ok(requests <= 12);
  });

  test("with another query reads another list into the same table", async () => {
    const { server, table, own } = await synchronised(100);
    const other = vendor(calls(100, 1000));
    const more = await client(other).syncDoneCalls(table, { ...query, finishStatus: 0 });
    assert.equal(more.added, 100);
    assert.equal(table.length, 200);
    assert.ok((await own.syncDoneCalls(table, query)).requests <= 3);
    assert.ok(server.asked.length <= 3);
  });
});

describe("a list that moves while it is read", () => {
  for (const [what, move] of [
    ["calls come in", (list) => list.unshift(...calls(30, 5000))],
    ["calls leave above", (list) => list.splice(10, 20)],
    ["calls come and as many leave", (list) => {
      list.splice(0, 20);
      list.unshift(...calls(20, 5000));
    }], // prettier-ignore
    [
      "a call moves to the head",
      (list) => list.unshift({ ...list.splice(150, 1)[0], duration: 9 }),
    ],
    ["calls leave that were to be read", (list) => list.splice(120, 60)],
  ]) {
    test(`${what}: the table has every call of the list at the end`, async () => {
      for (const at of [2, 3, 4, 5]) {
        for (const prefetch of [1, 4]) {
          const server = vendor(calls(200), {
            before: (number) => void (number === at && move(server.list)),
          });
          const table = new CallTable();
          const report = await client(server).syncDoneCalls(table, query, { prefetch });
          assert.equal(report.complete, true);
          const held = new Map(contents(table));
          for (const [id, duration] of listed(server)) {
            assert.equal(held.get(id), duration, `${id}, at ${at} with ${prefetch}`);
          }
          assert.equal(held.size, table.length);
        }
      }
    });
  }

  test("a server that repeats its first page is an error", async () => {
    const server = vendor(calls(1000), { paged: false });
    const table = new CallTable();
    await errorOf(client(server).syncDoneCalls(table, query), {
      code: "paging_unstable",
      endpoint: "queryDoneTaskPhones",
      message: /repeat/,
    });
    assert.equal(table.length, 50);
    assert.ok(server.asked.length <= 13);
  });
});

describe("aborts and failures", () => {
  test("an abort rejects at once with its reason, and the next synchronisation continues", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const server = vendor(calls(1000), {
      before: (number) => void (number === 11 && controller.abort(reason)),
    });
    const table = new CallTable();
    const own = client(server);
    const stopped = own.syncDoneCalls(table, query, { signal: controller.signal });
    assert.equal(await rejectionOf(stopped), reason);
    assert.equal(table.length, 500);
    server.asked.length = 0;
    const { complete, requests } = await own.syncDoneCalls(table, query);
    assert.deepEqual(contents(table), listed(server));
    assert.equal(complete, true);
    assert.ok(requests <= 10 + 3, `${requests}`);
  });

  test("an abort ends the wait before a retry", async () => {
    const controller = new AbortController();
    const reason = new Error("no patience");
    const busy = async () => new Response("", { status: 429, headers: { "Retry-After": "30" } });
    const own = new ByrobotClient({ fetch: busy });
    const stopped = own.syncDoneCalls(new CallTable(), query, { signal: controller.signal });
    await wait(20);
    controller.abort(reason);
    assert.equal(await rejectionOf(stopped), reason);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("a synchronisation continues from a snapshot of an interrupted one", async () => {
    const controller = new AbortController();
    const server = vendor(calls(1000), {
      before: (number) => void (number === 11 && controller.abort()),
    });
    const table = new CallTable();
    const own = client(server);
    await rejectionOf(own.syncDoneCalls(table, query, { signal: controller.signal }));
    const restored = CallTable.restore(table.snapshot());
    server.asked.length = 0;
    const { requests, complete } = await own.syncDoneCalls(restored, query);
    assert.deepEqual(contents(restored), listed(server));
    assert.ok(complete && requests <= 13);
  });

  test("a failed request is retried; after the last failure the table keeps its calls", async () => {
    let broken = true;
    const server = vendor(calls(300), {
      before: (number, { pageNum }) => {
        if (number === 2) return new Response("", { status: 503 });
        if (pageNum === 4 && broken) return new Response("{}", { status: 200 });
        return undefined;
      },
    });
    const table = new CallTable();
    const own = client(server);
    await errorOf(own.syncDoneCalls(table, query), { code: "unexpected_shape" });
    assert.equal(table.length, 150);
    broken = false;
    assert.equal((await own.syncDoneCalls(table, query)).complete, true);
    assert.deepEqual(contents(table), listed(server));
  });

  test("all requests of a synchronisation wait for Retry-After", async () => {
    const when = [];
    let refused = 0;
    const server = vendor(calls(2000), {
      before: (number, { pageNum }) => {
        when.push([performance.now(), pageNum]);
        if (number !== 3) return undefined;
        refused = performance.now();
        return new Response("", { status: 503, headers: { "Retry-After": "1" } });
      },
      delay: 1,
    });
    const own = client(server, { retry: {} });
    await own.syncDoneCalls(new CallTable(), query, { prefetch: 3 });
    // Two may have been on their way when the third was refused; none is sent before the second is over.
    const during = when.filter(([at]) => at > refused && at < refused + 900);
    assert.ok(
      during.length <= 2,
      `${during.length} were sent while the server had asked for quiet`,
    );
  });

  test("a thousand synchronisations with one signal leave no listener", async () => {
    const { signal } = new AbortController();
    const server = vendor(calls(3));
    const own = client(server);
    for (let round = 0; round < 1000; round += 1) {
      const table = new CallTable();
      await own.syncDoneCalls(table, query, { signal });
      table.free();
    }
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});

describe("mode: cursor", () => {
  const indexed = (count, from = 1) =>
    calls(count, from).map((row) => ({ ...row, callIndex: row.callInstanceId * 3 }));

  test("requests the calls after the greatest index", async () => {
    const server = vendor(indexed(120));
    server.byIndex = true;
    const table = new CallTable();
    const own = client(server);
    const options = { mode: "cursor" };
    const first = await own.syncDoneCalls(table, query, options);
    assert.deepEqual([first.added, first.complete], [120, true]);
    assert.deepEqual(
      server.asked.map((asked) => asked.index),
      [-1, 150, 300],
    );
    server.list.unshift(...indexed(3, 500));
    server.asked.length = 0;
    const next = await own.syncDoneCalls(table, query, options);
    assert.deepEqual([next.added, next.requests], [3, 1]);
    assert.deepEqual(contents(table), listed(server));
  });

  test("falls back to pages if the server ignores the index", async () => {
    const server = vendor(indexed(120));
    const table = new CallTable();
    const report = await client(server).syncDoneCalls(table, query, { mode: "cursor" });
    assert.deepEqual([report.added, report.complete], [120, true]);
    assert.deepEqual(contents(table), listed(server));
    assert.ok(report.requests <= 1 + 3 + 2);
  });
});

test("wrong arguments are refused before anything is sent or loaded", async () => {
  const server = vendor(calls(3));
  const own = client(server);
  const table = new CallTable();
  const store = memory();
  for (const [given, path] of [
    [[{}, query], "table"],
    [[null, query], "table"],
    [[table, {}], "callJobId"],
    [[table, { ...query, pageNum: 2 }], "pageNum"],
    [[table, { ...query, index: 3 }], "index"],
    [[table, { ...query, pageSize: 51 }], "pageSize"],
    [[table, query, { mode: "fast" }], "mode"],
    [[table, query, { full: "yes" }], "full"],
    [[table, query, { prefetch: -1 }], "prefetch"],
    [[table, query, { store: {} }], "store"],
    [[table, query, { storeTimeout: 0 }], "storeTimeout"],
    [[table, query, { storeTimeout: "10" }], "storeTimeout"],
    [[table, query, { storeTimeout: 2 ** 31 }], "storeTimeout"],
    [[table, query, { store: "indexeddb" }], "store"],
    [[table, query, { onProgress: 1 }], "onProgress"],
    [[table, query, { signal: {} }], "signal"],
    [[table, query, { store, signal: {} }], "signal"],
    [[table, query, 7], "options"],
  ]) {
    await errorOf(own.syncDoneCalls(...given), { code: "invalid_argument", path });
  }
  for (const name of ["", 7, null]) {
    assert.throws(() => indexedDbStore(name), (error) => {
      assertByrobotError(error);
      return error.code === "invalid_argument" && error.path === "name";
    }); // prettier-ignore
  }
  assert.deepEqual([server.asked.length, store.loads, table.length], [0, 0, 0]);
  table.free();
  await errorOf(own.syncDoneCalls(table, query), {
    code: "invalid_argument",
    message: /freed/,
  });
});
