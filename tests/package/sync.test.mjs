// Synchronisation: what it asks for, where it goes on, and what the store is to it. That it loses
// nothing in any world is tried natively (tests/native/paging).
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { install } from "./installation.mjs";
import { assertByrobotError, errorOf, rejectionOf } from "./rejections.mjs";
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
const pagesOf = (server) => server.asked.map((asked) => asked.pageNum);

/** What a table holds, by id, as far as the vendor said it. */
const contents = (table) =>
  table
    .rows()
    .map(({ callInstanceId, duration }) => [callInstanceId, duration])
    .toSorted(([a], [b]) => b - a);
const listed = (server) =>
  server.list
    .map(({ callInstanceId, duration }) => [callInstanceId, duration])
    .toSorted(([a], [b]) => b - a);

/** A promise that the test resolves. */
function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A store in memory. `fail` may name a method that rejects. */
function memory(saved = new Map()) {
  const store = { saved, loads: 0, saves: 0, fail: undefined };
  const failing = (method) => {
    if (store.fail === method) throw new Error(`no ${method} today`);
  };
  store.load = async (key) => {
    store.loads += 1;
    failing("load");
    return saved.get(key) ?? null;
  };
  store.save = async (key, snapshot) => {
    store.saves += 1;
    failing("save");
    saved.set(key, snapshot);
  };
  store.remove = async (key) => void saved.delete(key);
  return store;
}

describe("a list that stands still", () => {
  test("is read once, in no more requests than it has pages and two", async () => {
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

  test("with several pages at a time it takes no more requests, within the client's limit", async () => {
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

  test("tells of every page", async () => {
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

describe("what has changed since", () => {
  const synchronised = async (count) => {
    const server = vendor(calls(count));
    const table = new CallTable();
    const own = client(server);
    await own.syncDoneCalls(table, query);
    server.asked.length = 0;
    return { server, table, own };
  };

  test("new calls are read, and nothing below them", async () => {
    const { server, table, own } = await synchronised(1000);
    server.list.unshift(...calls(70, 5000));
    const report = await own.syncDoneCalls(table, query);
    assert.deepEqual(contents(table), listed(server));
    assert.deepEqual([report.added, report.complete], [70, true]);
    assert.ok(report.requests <= 4, `${report.requests}`);
  });

  test("a call that is dialled again and comes to the head replaces its row", async () => {
    const { server, table, own } = await synchronised(1000);
    server.list.splice(600, 1);
    server.list.unshift(call(400, { duration: 77 }));
    const report = await own.syncDoneCalls(table, query);
    assert.deepEqual(contents(table), listed(server));
    assert.deepEqual([report.added, report.updated], [0, 1]);
    assert.ok(report.requests <= 3);
  });

  test("an edit far below is found by `full`, which reads everything", async () => {
    const { server, table, own } = await synchronised(500);
    server.list[400] = { ...server.list[400], duration: 99 };
    await own.syncDoneCalls(table, query);
    assert.notDeepEqual(contents(table), listed(server));
    const { updated, complete, requests } = await own.syncDoneCalls(table, query, { full: true });
    assert.deepEqual(contents(table), listed(server));
    assert.deepEqual([updated, complete], [1, true]);
    assert.ok(requests <= 12);
  });

  test("another query is another list in the same table", async () => {
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
    test(`${what}: all that is listed in the end is in the table`, async () => {
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

  test("a server that repeats its first page is told from a list", async () => {
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

describe("stopping and going on", () => {
  test("an abort rejects at once with its reason, and the next goes on from there", async () => {
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

  test("an abort during a back-off does not wait for it", async () => {
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

  test("a snapshot taken in the middle goes on elsewhere", async () => {
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

  test("a request that fails is tried again; one that fails for good leaves what there is", async () => {
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

  test("requests of one synchronisation wait together", async () => {
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

  test("a thousand synchronisations on one signal leave no listener", async () => {
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

  test("asks for what comes after the greatest index, where the server can", async () => {
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

  test("a server that ignores it is noticed, and read page by page", async () => {
    const server = vendor(indexed(120));
    const table = new CallTable();
    const report = await client(server).syncDoneCalls(table, query, { mode: "cursor" });
    assert.deepEqual([report.added, report.complete], [120, true]);
    assert.deepEqual(contents(table), listed(server));
    assert.ok(report.requests <= 1 + 3 + 2);
  });
});

describe("a store", () => {
  test("holds the table for the next visit, which reads only what is new", async () => {
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

  test("is written as the synchronisation goes, and not when nothing has changed", async () => {
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

  test("is full of what was there before an abort", async () => {
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
    test(`that fails to ${method} is reported, and the calls come all the same`, async () => {
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
    test(`that rejects its ${method} with something that has no text is reported`, async () => {
      const reason = Object.create(null);
      const store = Object.assign(memory(), { [method]: () => Promise.reject(reason) });
      const table = new CallTable();
      const report = await client(vendor(calls(60))).syncDoneCalls(table, query, { store });
      assert.match(report.storeError.message, /the store rejected with something that is no Error/);
      assert.equal(report.storeError.cause, reason);
      assert.equal(table.length, 60);
    });
  }

  test("with a damaged snapshot is as good as an empty one, and mended", async () => {
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

  test("that another has written to meanwhile is merged, not overwritten", async () => {
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

  test("of the browser says what is missing where there is none", async () => {
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
    test(`whose ${method} never settles is given up, and the calls come all the same`, async () => {
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

  test("what it answers after it was given up changes nothing", async () => {
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

  test("an abort while it loads overwrites nothing", async () => {
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

describe("a store that gives something else than a Uint8Array", () => {
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
    test(`${kind}: the report says so, and nothing is overwritten`, async () => {
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

  test("its error is in the report's JSON", async () => {
    const store = Object.assign(memory(), { load: async () => "text" });
    const report = await client(vendor(calls(1))).syncDoneCalls(new CallTable(), query, { store });
    const { name, message } = JSON.parse(JSON.stringify(report)).storeError;
    assert.equal(`${name}: ${message}`, String(report.storeError));
  });
});

test("what a store refused to save is saved by the next synchronisation", async () => {
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

  test("ends with an abort, and the turn that comes later is given back", async () => {
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

  test("is told, and what was kept is shown meanwhile", async () => {
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

  test("is not told where there is nothing to wait for", async () => {
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
    test(`a store whose exclusive() ${what} is reported, and the calls come all the same`, async () => {
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

  test("a call that comes later is told how far it is", async () => {
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

  test("when both are aborted the requests are cancelled, and the next begins anew", async () => {
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

  test("a failure is that of both", async () => {
    const server = vendor(calls(500), {
      before: (number) => (number === 3 ? new Response("{}") : undefined),
    });
    const own = client(server);
    const table = new CallTable();
    const both = [own.syncDoneCalls(table, query), own.syncDoneCalls(table, query)];
    for (const one of both) await errorOf(one, { code: "unexpected_shape" });
  });

  test("what asks for something else does not join", async () => {
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

  test("a hook that fails is reported, whether it throws or rejects, and stops nothing", async (t) => {
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

test("what is wrong is refused before anything is sent or loaded", async () => {
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

test("a table that is freed meanwhile stops nothing, and is in the store", async () => {
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
