// A synchronisation with a store: loaded and saved values; slow, damaged and failing stores.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { install } from "./installation.mjs";
import { rejectionOf } from "./rejections.mjs";
import { contents, deferred, listed, memory } from "./stores.mjs";
import { calls, vendor } from "./vendor.mjs";

let project, ByrobotClient, CallTable, indexedDbStore;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable, indexedDbStore } = await project.import());
});
after(() => project?.remove());

const query = { callJobId: 62 };
const client = (server, options) =>
  new ByrobotClient({ fetch: server.fetch, retry: { minDelay: 0 }, ...options });

describe("a store", () => {
  test("keeps the table for the next visit, which reads only new calls", async () => {
    const server = vendor(calls(500));
    const store = memory();
    await client(server).syncDoneCalls(new CallTable(), query, { store });
    assert.equal(store.saved.size, 1);
    server.list.unshift(...calls(3, 5000));
    server.asked.length = 0;
    const table = new CallTable();
    const report = await client(server).syncDoneCalls(table, query, { store });
    assert.deepEqual(contents(table), listed(server));
    assert.deepEqual([report.added, report.complete], [3, true]);
    assert.ok(report.requests <= 3);
  });

  test("is saved during a synchronisation, and not if nothing has changed", async () => {
    const server = vendor(calls(10_000));
    const store = memory();
    const table = new CallTable();
    const phases = new Set();
    await client(server).syncDoneCalls(table, query, {
      store,
      onProgress: ({ phase }) => phases.add(phase),
    });
    assert.ok(store.saves >= 3 && store.saves <= 12, `${store.saves}`);
    assert.ok(phases.has("saving"));
    const { saves, loads } = store;
    await client(server).syncDoneCalls(table, query, { store });
    assert.equal(store.loads, loads, "what the table has is not loaded again");
    assert.ok(store.saves <= saves + 1);
  });

  for (const entry of ["syncDoneCalls", "syncTasks"]) {
    test(`that was saved with the last page has the end of the list, too: ${entry}`, async () => {
      const list = calls(2000);
      const task = { callJobId: 62, status: 1 };
      const server = vendor(list, {
        before: (_, { companyId }) =>
          companyId && Response.json({ code: 200, data: { total: 1, list: [task] } }),
      });
      const saved = new Map();
      const run = async () => {
        const options = { store: memory(saved) };
        const asked = entry === "syncTasks" ? { companyId: 1 } : query;
        return client(server)[entry](new CallTable(), asked, options);
      };
      await run();
      assert.ok((await run()).requests <= 2, "the second visit reads everything again");
    });
  }

  test("that has all calls but not the end of the list gets it", async () => {
    const server = vendor(calls(2000));
    const saved = new Map();
    const store = memory(saved);
    await client(server).syncDoneCalls(new CallTable(), query, {
      // As of a process that ended after its first save.
      store: {
        ...store,
        save: (...given) => (store.saves === 0 ? store.save(...given) : undefined),
      },
    });
    await client(server).syncDoneCalls(new CallTable(), query, { store: memory(saved) });
    const third = await client(server).syncDoneCalls(new CallTable(), query, { store });
    assert.equal(third.requests, 1);
  });

  test("holds the calls that arrived before an abort", async () => {
    const controller = new AbortController();
    const server = vendor(calls(5000), {
      before: (number) => void (number === 61 && controller.abort()),
    });
    const store = memory();
    const { signal } = controller;
    await rejectionOf(client(server).syncDoneCalls(new CallTable(), query, { store, signal }));
    await wait(10);
    server.asked.length = 0;
    const table = new CallTable();
    const { requests, complete } = await client(server).syncDoneCalls(table, query, { store });
    assert.deepEqual(contents(table), listed(server));
    assert.ok(complete && requests <= 40 + 3, `${requests}`);
  });

  test("keeps lists of other queries and other servers apart", async () => {
    const store = memory();
    const server = vendor(calls(10));
    const options = { store };
    await client(server).syncDoneCalls(new CallTable(), query, options);
    await client(server).syncDoneCalls(new CallTable(), { ...query, finishStatus: 0 }, options);
    const elsewhere = client(server, { baseUrl: "https://other.example/openapi" });
    await elsewhere.syncDoneCalls(new CallTable(), query, options);
    // Page sizes and limits are no part of what a list is.
    await client(server).syncDoneCalls(new CallTable(), { ...query, pageSize: 7 }, options);
    assert.equal(store.saved.size, 3);
  });

  for (const method of ["load", "save"]) {
    test(`that fails to ${method} is reported, and the table is up to date`, async () => {
      const server = vendor(calls(3000));
      const store = Object.assign(memory(), { fail: method });
      const table = new CallTable();
      const report = await client(server).syncDoneCalls(table, query, { store });
      assert.equal(report.complete, true);
      assert.equal(report.storeError?.message, `no ${method} today`);
      assert.deepEqual(contents(table), listed(server));
      assert.ok(store.saves <= 1, "it is left alone from then on");
    });
  }

  for (const method of ["load", "save"]) {
    test(`that rejects its ${method} with a value without a text is reported`, async () => {
      const reason = Object.create(null);
      const store = Object.assign(memory(), { [method]: () => Promise.reject(reason) });
      const table = new CallTable();
      const report = await client(vendor(calls(60))).syncDoneCalls(table, query, { store });
      assert.match(
        report.storeError.message,
        /the store rejected with a value that is not an Error/,
      );
      assert.equal(report.storeError.cause, reason);
      assert.equal(table.length, 60);
    });
  }

  test("with a damaged snapshot counts as empty and is overwritten", async () => {
    const server = vendor(calls(100));
    const store = memory();
    await client(server).syncDoneCalls(new CallTable(), query, { store });
    const [[key, snapshot]] = store.saved;
    for (const damaged of [snapshot.slice(0, 100), new Uint8Array(9), snapshot.map((b) => b ^ 1)]) {
      store.saved.set(key, damaged);
      const table = new CallTable();
      const report = await client(server).syncDoneCalls(table, query, { store });
      assert.deepEqual([report.storeError, report.added], [null, 100]);
      assert.deepEqual(contents(CallTable.restore(store.saved.get(key))), listed(server));
    }
  });

  test("that another tab has saved to meanwhile is merged, not overwritten", async () => {
    const server = vendor(calls(100));
    const store = memory();
    await client(server).syncDoneCalls(new CallTable(), query, { store });
    const [[key]] = store.saved;
    const other = new CallTable();
    other.ingest(calls(5, 90_000));
    const theirs = other.snapshot();
    const { save } = store;
    let conflicts = 2;
    store.save = async (...given) => {
      if (conflicts > 0) {
        conflicts -= 1;
        store.saved.set(key, theirs);
        throw Object.assign(new Error("meanwhile"), { name: "StoreConflict" });
      }
      return save(...given);
    };
    server.list.unshift(...calls(1, 5000));
    const table = new CallTable();
    const report = await client(server).syncDoneCalls(table, query, { store });
    assert.equal(report.storeError, null);
    assert.equal(CallTable.restore(store.saved.get(key)).length, 106);
    assert.equal(table.length, 106);
  });

  test("of the browser reports that IndexedDB is missing", async () => {
    const report = await client(vendor(calls(3))).syncDoneCalls(new CallTable(), query, {
      store: indexedDbStore(),
    });
    assert.match(report.storeError.message, /the calls are not kept: there is no IndexedDB here/);
    assert.equal(report.storeError.name, "StoreError");
    assert.equal(report.added, 3);
  });
});

describe("a store that does not answer", () => {
  const never = () => new Promise(() => {});

  for (const method of ["load", "version", "save"]) {
    test(`whose ${method} never settles is not used any more, and the table is up to date`, async () => {
      const server = vendor(calls(3000));
      const store = Object.assign(memory(), { version: async () => null, [method]: never });
      const table = new CallTable();
      const report = await client(server).syncDoneCalls(table, query, { store, storeTimeout: 30 });
      assert.deepEqual([report.complete, report.added], [true, 3000]);
      assert.equal(report.storeError.name, "StoreError");
      assert.match(report.storeError.message, new RegExp(`${method}\\(\\).* 30 ms .storeTimeout`));
      assert.deepEqual(contents(table), listed(server));
    });
  }

  test("an abort ends the synchronisation at once", async () => {
    const server = vendor(calls(300));
    for (const method of ["load", "version", "save"]) {
      const controller = new AbortController();
      const reason = new Error("enough");
      const asked = deferred();
      const store = Object.assign(memory(), {
        [method]: () => {
          asked.resolve();
          return never();
        },
      });
      const { signal } = controller;
      const options = { store, signal, storeTimeout: Infinity };
      const stopped = client(server).syncDoneCalls(new CallTable(), query, options);
      await asked.promise;
      controller.abort(reason);
      assert.equal(await rejectionOf(stopped), reason, method);
      assert.equal(getEventListeners(signal, "abort").length, 0);
    }
  });

  test("an abort of the client's own signal does, too", async () => {
    const controller = new AbortController();
    const reason = new Error("signed out");
    const own = client(vendor(calls(3)), { signal: controller.signal });
    const store = Object.assign(memory(), { load: never });
    const stopped = own.syncDoneCalls(new CallTable(), query, { store });
    await wait(5);
    controller.abort(reason);
    assert.equal(await rejectionOf(stopped), reason);
  });

  test("a late answer has no effect", async () => {
    const late = deferred();
    const other = new CallTable();
    other.ingest(calls(5, 90_000));
    const server = vendor(calls(100));
    const store = Object.assign(memory(), { load: () => late.promise });
    const table = new CallTable();
    const report = await client(server).syncDoneCalls(table, query, { store, storeTimeout: 20 });
    assert.equal(report.storeError.name, "StoreError");
    late.resolve(other.snapshot());
    await wait(5);
    assert.equal(table.length, 100);
    assert.equal(store.saves, 0, "what was not loaded is not overwritten");
  });

  test("an abort during load overwrites nothing", async () => {
    const controller = new AbortController();
    const loading = deferred();
    const store = Object.assign(memory(), { load: () => loading.promise });
    const table = new CallTable();
    const { signal } = controller;
    const stopped = client(vendor(calls(3))).syncDoneCalls(table, query, { store, signal });
    await wait(5);
    table.ingest(calls(5));
    controller.abort();
    await rejectionOf(stopped);
    await wait(5);
    assert.equal(store.saves, 0);
    loading.resolve(null);
  });
});

describe("a store whose load returns another type than Uint8Array", () => {
  for (const [kind, of] of [
    ["an ArrayBuffer", (bytes) => bytes.slice().buffer],
    ["a Blob", (bytes) => new Blob([bytes])],
    ["a Buffer of Node's", (bytes) => Buffer.from(bytes)],
    ["a DataView", (bytes) => new DataView(bytes.slice().buffer)],
  ]) {
    test(`${kind} is read`, async () => {
      const server = vendor(calls(500));
      const store = memory();
      await client(server).syncDoneCalls(new CallTable(), query, { store });
      const { load } = store;
      store.load = async (key) => of(await load(key));
      const table = new CallTable();
      const report = await client(server).syncDoneCalls(table, query, { store });
      assert.deepEqual([report.storeError, report.added, table.length], [null, 0, 500]);
      assert.equal(report.requests, 1, "nothing is read anew");
    });
  }

  for (const given of ["text", 7, {}, [1, 2], new Map()]) {
    const kind = Object.prototype.toString.call(given).slice(8, -1);
    test(`${kind}: is reported, and nothing is overwritten`, async () => {
      const store = Object.assign(memory(), { load: async () => given });
      const report = await client(vendor(calls(100))).syncDoneCalls(new CallTable(), query, {
        store,
      });
      assert.match(
        report.storeError.message,
        new RegExp(`load\\(\\) gave ${kind}, not a Uint8Array`),
      );
      assert.deepEqual([report.added, store.saves], [100, 0]);
    });
  }

  test("the error is in the report's JSON", async () => {
    const store = Object.assign(memory(), { load: async () => "text" });
    const report = await client(vendor(calls(1))).syncDoneCalls(new CallTable(), query, { store });
    const { name, message } = JSON.parse(JSON.stringify(report)).storeError;
    assert.equal(`${name}: ${message}`, String(report.storeError));
  });
});

test("calls that a store failed to save are saved by the next synchronisation", async () => {
  const server = vendor(calls(300));
  const store = Object.assign(memory(), { fail: "save" });
  const table = new CallTable();
  const own = client(server);
  const first = await own.syncDoneCalls(table, query, { store });
  assert.equal(first.storeError.message, "no save today");
  store.fail = undefined;
  const second = await own.syncDoneCalls(table, query, { store });
  assert.deepEqual([second.storeError, second.added], [null, 0]);
  assert.equal(CallTable.restore([...store.saved.values()][0]).length, 300);
});

test("a synchronisation continues after its table is freed, and the store has the calls", async () => {
  const table = new CallTable();
  const server = vendor(calls(5000), { before: (number) => void (number === 50 && table.free()) });
  const store = memory();
  const report = await client(server).syncDoneCalls(table, query, { store });
  assert.deepEqual([report.complete, report.added, report.storeError], [true, 5000, null]);
  const [snapshot] = store.saved.values();
  assert.equal(CallTable.restore(snapshot).length, 5000);
  assert.throws(() => table.length, /freed/);
  table.free();
});
