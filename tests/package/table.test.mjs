// The call table: ingest by the fast and the general path, snapshots, memory. Not here: questions
// (table-questions.test.mjs), linked charts (linked.test.mjs).
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { body, chance, oddRow, row } from "./calls.mjs";
import { install, root } from "./installation.mjs";
import { refusal } from "./rejections.mjs";
import { clientRows, oddTable } from "./tables.mjs";

let project, byrobot, CallTable;
before(async () => {
  project = await install();
  byrobot = await project.import();
  ({ CallTable } = byrobot);
});
after(() => project?.remove());

/** The same answer, in a form that only the general path reads: of two members the last counts. */
const slowly = (text) => text.replace("{", '{"data":null,');

/** The same of bytes, which need not be text. */
const slowlyBytes = (bytes) => Buffer.concat([Buffer.from('{"data":null,'), bytes.subarray(1)]);

/** A report without the place of bytes in the body, which the form above moves. */
const comparable = (report) => ({
  ...report,
  oddities: report.oddities.map((odd) => (odd.kind === "not_utf8" ? { kind: odd.kind } : odd)),
});

describe("ingest", () => {
  test("every fixture gives the rows of the client, by both paths", async () => {
    const folder = join(root, "tests/fixtures/queryDoneTaskPhones");
    const files = readdirSync(folder).filter((name) => /^[^.]+\.json$/.test(name));
    assert.ok(files.length > 10);
    for (const file of files) {
      const text = readFileSync(join(folder, file), "utf8");
      const pretty = (() => {
        try {
          return [JSON.stringify(JSON.parse(text)), JSON.stringify(JSON.parse(text), null, "\t")];
        } catch {
          return [];
        }
      })();
      // JSON.stringify would round ids that JavaScript cannot hold.
      for (const variant of /\d{16}/.test(text) ? [text] : [text, ...pretty]) {
        const rows = await clientRows(byrobot, variant).catch((error) => error);
        for (const way of [variant, slowly(variant), new TextEncoder().encode(variant).buffer]) {
          const table = new CallTable();
          if (rows instanceof Error) {
            const error = refusal(() => table.ingest(way));
            assert.deepEqual([error.code, error.path], [rows.code, rows.path], file);
            assert.equal(table.length, 0);
          } else {
            table.ingest(way);
            assert.deepEqual(table.rows(), rows, file);
            for (const call of rows) assert.deepEqual(table.get(call.callInstanceId), call);
          }
          table.free();
        }
      }
    }
  });

  test("odd rows give the same rows and report by both paths", async () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const random = chance(seed);
      const rows = Array.from({ length: 1 + random.below(20) }, (_, id) => oddRow(random, id));
      let text = body(rows);
      if (random.happens(0.2)) text = JSON.stringify(JSON.parse(text), null, 1);
      if (random.happens(0.2)) text = text.replaceAll("/", "\\/").replaceAll("磊", "\\u78ca");
      const [quick, slow] = [new CallTable(), new CallTable()];
      const report = quick.ingest(text);
      assert.deepEqual(comparable(report), comparable(slow.ingest(slowly(text))), `seed ${seed}`);
      const calls = await clientRows(byrobot, text);
      assert.deepEqual(quick.rows(), calls, `seed ${seed}`);
      assert.deepEqual(slow.rows(), calls, `seed ${seed}`);
      const fromRows = new CallTable();
      fromRows.ingest(calls);
      assert.deepEqual(fromRows.rows(), calls, `seed ${seed}`);
      assert.deepEqual(fromRows.statistics(), quick.statistics());
      for (const table of [quick, slow, fromRows]) table.free();
    }
  });

  test("damaged bodies are refused by both paths and change nothing", () => {
    const random = chance(7);
    const table = new CallTable();
    table.ingest(body([row(random, 1), row(random, 2)]));
    const known = JSON.stringify(table.rows());
    const whole = new TextEncoder().encode(
      body([row(random, 2), oddRow(random, 3), row(random, 4)]),
    );
    const tried = [];
    for (let cut = 0; cut < whole.length; cut += 3) tried.push(whole.slice(0, cut));
    for (let times = 0; times < 3000; times += 1) {
      const bytes = whole.slice();
      bytes[random.below(bytes.length)] = random.pick([
        0, 34, 44, 58, 91, 93, 123, 125, 200, 92, 48,
      ]);
      tried.push(bytes);
    }
    let refused = 0;
    for (const bytes of tried) {
      const [one, other] = [new CallTable(), new CallTable()];
      const text = new TextDecoder().decode(bytes);
      if (!text.startsWith("{")) continue;
      const read = (into, source) => {
        try {
          return comparable(into.ingest(source));
        } catch (error) {
          return [error.code, error.path];
        }
      };
      const outcome = read(one, bytes);
      assert.deepEqual(outcome, read(other, slowlyBytes(bytes)), text);
      assert.deepEqual(one.rows(), other.rows(), text);
      if (Array.isArray(outcome)) {
        refused += 1;
        assert.equal(one.length, 0);
        refusal(() => table.ingest(bytes));
        assert.equal(JSON.stringify(table.rows()), known);
      }
      one.free();
      other.free();
    }
    assert.ok(refused > 1000, String(refused));
    // What was refused has left no trace: the same calls can still come.
    table.ingest(whole);
    assert.equal(table.length, 4);
  });

  test("a known call replaces its row; an equal row changes nothing", () => {
    const random = chance(3);
    const rows = Array.from({ length: 30 }, (_, id) => row(random, id));
    const table = new CallTable();
    assert.deepEqual(table.ingest(body(rows, 99)), {
      added: 30,
      updated: 0,
      unchanged: 0,
      total: 99,
      oddities: [],
    });
    rows[4].finishStatus = 11;
    rows[9].customerName = "改";
    const again = table.ingest(body([rows[9], rows[4], rows[1]]));
    assert.deepEqual([again.added, again.updated, again.unchanged], [0, 2, 1]);
    assert.equal(table.length, 30);
    assert.equal(table.get(4).finishStatus, 11);
    // In the order in which they were first seen.
    assert.deepEqual(
      table.rows().map(({ callInstanceId }) => callInstanceId),
      rows.map(({ callInstanceId }) => callInstanceId),
    );
    // Often enough that the table has to tidy up.
    for (let round = 0; round < 400; round += 1) {
      for (const one of rows) one.callIndex = 1000 + round;
      table.ingest(body(rows));
    }
    assert.equal(table.length, 30);
    assert.equal(table.get(7).callIndex, 1399);
    assert.deepEqual(
      table.rows().map(({ callInstanceId }) => callInstanceId),
      rows.map(({ callInstanceId }) => callInstanceId),
    );
  });

  test("the report counts deviations from the document, with an example", () => {
    const rows = Array.from({ length: 3 }, (_, id) => row(chance(1), id));
    rows[1].chatRound = "5";
    rows[1].duration = "约3秒";
    delete rows[2].callIndex;
    rows[2].novel = 1;
    const { oddities } = new CallTable().ingest(body(rows));
    assert.deepEqual(
      oddities.map(({ field, kind, count, example }) => [field, kind, count, example]).sort(),
      [
        ["callIndex", "missing", 1, "data.list[2].callIndex"],
        ["chatRound", "text_for_number", 1, "data.list[1].chatRound"],
        ["duration", "unreadable", 1, "data.list[1].duration"],
        ["novel", "unknown_field", 1, "data.list[2].novel"],
      ],
    );
  });

  test("a value that is not a source is refused", () => {
    const table = new CallTable();
    for (const source of [null, undefined, 5, {}, { byteLength: 3 }, new Date(), Symbol("x")]) {
      assert.equal(refusal(() => table.ingest(source)).code, "invalid_argument");
    }
    const cyclic = [{ callInstanceId: 1 }];
    cyclic[0].self = cyclic;
    for (const rows of [[5], [{}], [{ callInstanceId: 2 ** 60 }], [null], cyclic, [1n]]) {
      const error = refusal(() => table.ingest(rows));
      assert.equal(error.code, "invalid_argument", error.message);
    }
    assert.equal(
      refusal(() => table.ingest([{ callInstanceId: 1 }, {}])).path,
      "calls[1].callInstanceId",
    );
    assert.equal(refusal(() => table.ingest('{"code":401,"data":null}')).code, "unauthorized");
    assert.equal(refusal(() => table.ingest("<html>")).code, "not_json");
    assert.equal(refusal(() => table.ingest("")).code, "not_json");
    assert.equal(table.length, 0);
  });
});

describe("snapshot", () => {
  test("a snapshot restores to the same table", async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { random, table, calls } = await oddTable(byrobot, seed, 60);
      if (random.happens(0.5)) table.ingest([{ ...calls[3], customerName: "改" }]);
      const bytes = table.snapshot();
      const restored = CallTable.restore(bytes);
      assert.deepEqual(restored.rows(), table.rows());
      assert.deepEqual(restored.statistics(), table.statistics());
      assert.deepEqual(restored.snapshot(), bytes);
      assert.deepEqual(restored.get(1005), table.get(1005));
      const more = oddRow(random, 5000);
      more.callInstanceId = 5000;
      restored.ingest(body([more]));
      assert.equal(restored.length, table.length + 1);
      restored.free();
      table.free();
    }
    assert.equal(CallTable.restore(new CallTable().snapshot()).length, 0);
  });

  test("a damaged or foreign snapshot is refused, for every byte", async () => {
    const { table } = await oddTable(byrobot, 2, 6);
    const bytes = table.snapshot();
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = bytes.slice();
      damaged[at] ^= 1 << (at % 8);
      assert.equal(refusal(() => CallTable.restore(damaged)).code, "snapshot", String(at));
      if (at % 5 === 0) refusal(() => CallTable.restore(bytes.slice(0, at)));
    }
    const newer = bytes.slice();
    newer[8] = 2;
    assert.match(refusal(() => CallTable.restore(newer)).message, /version 2.*update/);
    assert.equal(refusal(() => CallTable.restore("x")).code, "snapshot");
    assert.equal(refusal(() => CallTable.restore(5)).code, "invalid_argument");
  });
});

describe("memory", () => {
  test("the heap does not grow with 10,000 tables, views and charts that are freed", async () => {
    const rows = Array.from({ length: 20 }, (_, id) => row(chance(id), id));
    const page = new TextEncoder().encode(body(rows));
    const cycle = () => {
      const table = new CallTable();
      table.ingest(page);
      const view = table.where({ finishStatus: 0 });
      const linked = table.linked({ a: { statistics: true }, b: { groupBy: "date" } });
      linked.filter("b", { weekday: [1, 2] });
      linked.read();
      view.statistics();
      for (const one of [linked, view, table]) one.free();
    };
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc");
    // The memory of a module counts as external. What JavaScript has let go of goes bit by bit.
    const taken = async () => {
      let least = Infinity;
      for (let times = 0; times < 5; times += 1) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 20));
        least = Math.min(least, process.memoryUsage().external);
      }
      return least;
    };
    for (let times = 0; times < 2000; times += 1) cycle();
    const before = await taken();
    for (let times = 0; times < 10_000; times += 1) cycle();
    const more = (await taken()) - before;
    // 200 bytes forgotten in each round would be twice as many.
    assert.ok(more < 1_000_000, `${more} bytes more`);
  });

  test("columns take few bytes per call", () => {
    const random = chance(1);
    const table = new CallTable();
    for (let at = 0; at < 40_000; at += 500) {
      const rows = Array.from({ length: 500 }, (_, id) => row(random, 9e9 - at - id));
      table.ingest(body(rows));
    }
    const { numbers, texts, index } = table.memory();
    const bytes = table.rows().reduce((sum, call) => {
      const own = [call.customerTelephone, call.customerName, call.luyinOssUrl];
      return sum + Buffer.byteLength(own.join(""));
    }, 0);
    assert.ok((numbers + index) / 40_000 <= 60, `${(numbers + index) / 40_000} bytes a row`);
    assert.ok(texts <= bytes + 40_000 * 3 * 8, `${texts} for ${bytes}`);
  });
});
