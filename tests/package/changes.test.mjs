// `revision` and `subscribe` of a table: when listeners are called, and with what. Not here: that the changes are the
// differences of all calls (tests/native/table/changes.rs).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { install } from "./installation.mjs";
import { refusal } from "./rejections.mjs";
import { memory } from "./stores.mjs";
import { call, calls, vendor } from "./vendor.mjs";

let project, ByrobotClient, CallTable;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable } = await project.import());
});
after(() => project?.remove());

const query = { callJobId: 62 };
const client = (server) => new ByrobotClient({ fetch: server.fetch, retry: { attempts: 1 } });
const counts = ({ added, updated, removed }) => [added, updated, removed];

/** A table with a listener, and what it was told. */
function subscribed(table = new CallTable()) {
  const told = [];
  const unsubscribe = table.subscribe((change) =>
    told.push({ counts: counts(change), ids: change.addedIds(), updates: change.updates(), revision: change.revision }),
  ); // prettier-ignore
  return { table, told, unsubscribe };
}

describe("a listener", () => {
  test("is told after each ingest which calls came and which changed from what", () => {
    const { table, told } = subscribed();
    table.ingest([call(1, { finishStatus: 8 }), call(2, { finishStatus: 0 })]);
    table.ingest([
      call(1, { finishStatus: 0, duration: 33 }),
      call(2, { finishStatus: 0 }),
      call(3),
    ]);
    assert.deepEqual(told[0].counts, [2, 0, 0]);
    assert.deepEqual([...told[0].ids].sort(), [1, 2]);
    assert.deepEqual(told[1].counts, [1, 1, 0]);
    assert.deepEqual(told[1].ids, [3]);
    const changed = { finishStatus: [8, 0], duration: [5, 33] };
    assert.deepEqual(told[1].updates, [{ callInstanceId: 1, changed }]);
    assert.deepEqual(
      told.map(({ revision }) => revision > 0),
      [true, true],
    );
    assert.equal(told[1].revision, table.revision);
  });

  test("is told of a field that came or went with null", () => {
    const { table, told } = subscribed();
    table.ingest([call(1, { luyinOssUrl: null, foo: 7 })]);
    // An answer of the vendor replaces the whole call; a row of a program would keep `foo`.
    const list = [call(1, { luyinOssUrl: "https://calls.example.com/a.wav" })];
    table.ingest(JSON.stringify({ code: 200, data: { total: 1, list } }));
    assert.deepEqual(told[1].updates[0].changed, {
      luyinOssUrl: [null, "https://calls.example.com/a.wav"],
      extra: [{ foo: 7 }, null],
    });
  });

  test("is not told of an ingest that changes nothing, nor of a renewed signature", () => {
    const table = new CallTable();
    const link = (signature) => call(1, { luyinOssUrl: `https://a.example/b.wav?s=${signature}` });
    table.ingest([link(1)]);
    const { told } = subscribed(table);
    const { revision } = table;
    table.ingest([link(1)]);
    assert.equal(table.revision, revision);
    table.ingest([link(2)]);
    assert.notEqual(table.revision, revision);
    assert.deepEqual(told, []);
  });

  test("is not told of what was there before it subscribed, nor after it has unsubscribed", () => {
    const table = new CallTable();
    table.ingest(calls(5));
    const { told, unsubscribe } = subscribed(table);
    table.ingest(calls(1, 100));
    unsubscribe();
    unsubscribe();
    table.ingest(calls(1, 200));
    assert.deepEqual(told.map((one) => one.counts), [[1, 0, 0]]); // prettier-ignore
    // A later subscription begins anew.
    const later = subscribed(table);
    table.ingest(calls(1, 300));
    assert.deepEqual(later.told.map((one) => one.ids), [[300]]); // prettier-ignore
  });

  test("is told of clear", () => {
    const { table, told } = subscribed();
    table.ingest(calls(7));
    table.clear();
    assert.deepEqual(told.at(-1).counts, [0, 0, 7]);
  });

  test("that throws does not keep others from being told", async (t) => {
    const shown = t.mock.method(console, "error", () => {});
    const table = new CallTable();
    table.subscribe(() => {
      throw new Error("mine");
    });
    const { told } = subscribed(table);
    table.ingest(calls(1));
    assert.equal(told.length, 1);
    await Promise.resolve();
    assert.equal(shown.mock.callCount(), 1);
  });

  test("that changes the table is told of that next, as are the others", () => {
    const table = new CallTable();
    table.subscribe(({ added }) => added === 2 && table.ingest(calls(1, 100)));
    const { told } = subscribed(table);
    table.ingest(calls(2));
    assert.deepEqual(told.map(({ ids }) => [...ids].sort()), [[1, 2], [100]]); // prettier-ignore
  });

  test("that unsubscribes another while it is told: the other is not told any more", () => {
    const table = new CallTable();
    const rest = [];
    table.subscribe(() => rest.forEach((unsubscribe) => unsubscribe()));
    const other = subscribed(table);
    rest.push(other.unsubscribe);
    table.ingest(calls(1));
    assert.deepEqual(other.told, []);
  });

  test("may free the table", () => {
    const table = new CallTable();
    table.subscribe(() => table.free());
    table.ingest(calls(1));
    assert.throws(() => table.length, /freed/);
  });

  test("that asks for updates later is refused", () => {
    const table = new CallTable();
    let change;
    table.subscribe((one) => (change = one));
    table.ingest(calls(2));
    assert.deepEqual(counts(change), [2, 0, 0]);
    assert.equal(refusal(() => change.updates()).code, "invalid_argument");
  });

  test("must be a function", () => {
    assert.equal(refusal(() => new CallTable().subscribe(1)).path, "listener");
  });
});

describe("a synchronisation", () => {
  test("tells after each page, and a redial with its outcomes", async () => {
    const server = vendor(calls(120).map((row) => ({ ...row, finishStatus: 8 })));
    const { table, told } = subscribed();
    await client(server).syncDoneCalls(table, query);
    assert.deepEqual(told.map((one) => one.counts), [[50, 0, 0], [50, 0, 0], [20, 0, 0]]); // prettier-ignore
    const [row] = server.list.splice(60, 1);
    server.list.unshift(call(500), { ...row, finishStatus: 0 });
    await client(server).syncDoneCalls(table, query);
    const { counts: last, ids, updates } = told.at(-1);
    assert.deepEqual([last, ids], [[1, 1, 0], [500]]);
    const { callInstanceId } = row;
    assert.deepEqual(updates, [{ callInstanceId, changed: { finishStatus: [8, 0] } }]);
  });

  test("tells what a store had", async () => {
    const store = memory();
    const server = vendor(calls(60));
    await client(server).syncDoneCalls(new CallTable(), query, { store });
    const { table, told } = subscribed();
    await client(server).syncDoneCalls(table, query, { store });
    assert.deepEqual(told.map((one) => one.counts), [[60, 0, 0]]); // prettier-ignore
  });

  test("ends when its table is freed, and tells nobody", async () => {
    const { table, told } = subscribed();
    const server = vendor(calls(300), { before: (number) => void (number === 3 && table.free()) });
    const { code, path } = await client(server)
      .syncDoneCalls(table, query)
      .catch((error) => error);
    assert.deepEqual([code, path, told.length], ["invalid_argument", "table", 2]);
    assert.ok(server.asked.length < 6, `${server.asked.length} requests`);
  });
});
