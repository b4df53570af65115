// Limits of memory: an operation without enough memory is refused and changes nothing; many rows are processed in
// parts. Not here: failures of the module (panic.test.mjs).
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { install, root, successful } from "./installation.mjs";
import { limited } from "./limited.mjs";

let project, wasm;
before(async () => {
  project = await install();
  const dist = project.path("node_modules/byrobot-calls/dist");
  wasm = await readFile(`${dist}/byrobot_calls.wasm`);
});
after(() => project?.remove());

/** Pages, of which about half are left when the module has what it keeps free. */
const few = 256;

/** Runs a program with so many pages of memory, in a process of its own, and gives what it prints as JSON. */
async function run(pages, code) {
  await writeFile(project.path("limited.wasm"), limited(wasm, pages));
  const calls = pathToFileURL(`${root}/tests/package/calls.mjs`);
  const { stdout } = await successful(
    project.evaluate(`
      import { readFileSync } from "node:fs";
      import { ByrobotClient, CallTable, callStatistics, filterCalls, init, isByrobotError } from "byrobot-calls";
      import { body, chance, row } from "${calls}";
      await init(readFileSync("limited.wasm"));
      const random = chance(1);
      const rows = (first, count) => Array.from({ length: count }, (_, id) => row(random, first + id));
      const outcome = (action) => {
        try { action(); return "done"; }
        catch (error) { return isByrobotError(error) ? error.code : String(error); }
      };
      /** Fills a table until it refuses, and gives how it did. */
      const fill = (table, count, ingest = (rows) => table.ingest(body(rows))) => {
        for (;;) {
          const given = rows(table.length, count);
          const refused = outcome(() => ingest(given));
          if (refused !== "done") return refused;
        }
      };
      ${code}`),
  );
  return JSON.parse(stdout);
}

describe("a table without enough memory", () => {
  test("a page that does not fit is refused as a whole, and questions are answered", async () => {
    const seen = await run(
      few,
      `const table = new CallTable();
      const refused = fill(table, 1000);
      const { length } = table;
      const again = outcome(() => table.ingest(body(rows(length, 1000))));
      const { calls } = table.statistics();
      const answered = table.where({ finishStatus: 0 });
      const groups = table.groupBy("finishStatus").reduce((sum, { calls }) => sum + calls, 0);
      const histogram = table.histogram("duration", { bins: 5 });
      const hours = table.heatmap().calls.reduce((sum, calls) => sum + calls);
      const last = table.rows({ offset: length - 10 }).map(({ callInstanceId }) => callInstanceId);
      const found = table.get(length - 1).callInstanceId;
      const lacking = table.get(length);
      table.free();
      const next = new CallTable();
      const fresh = next.ingest(body(rows(0, 1000))).added;
      console.log(JSON.stringify({ refused, again, length, calls, groups, hours, answered: answered.length,
        bins: histogram.counts.length, last, found, lacking, fresh }));`,
    );
    const { length } = seen;
    assert.deepEqual([seen.refused, seen.again], ["out_of_memory", "out_of_memory"]);
    assert.ok(length > 5000 && length % 1000 === 0, `${length} rows`);
    assert.deepEqual([seen.calls, seen.groups, seen.hours], [length, length, length]);
    assert.ok(seen.answered > 0 && seen.answered < length);
    assert.deepEqual([seen.bins, seen.last.length, seen.last[9]], [5, 10, length - 1]);
    assert.deepEqual([seen.found, seen.lacking, seen.fresh], [length - 1, null, 1000]);
  });

  test("keeps its calls, in whatever way it is filled", async () => {
    const seen = await run(
      few,
      `const ways = {
        objects: (table) => (rows) => table.ingest(rows),
        pretty: (table) => (rows) => table.ingest(JSON.stringify(JSON.parse(body(rows)), null, 2)),
        general: (table) => (rows) => table.ingest(body(rows).replace("{", '{"data":null,')),
        unknown: (table) => (rows) => table.ingest(body(rows.map((row) => ({ ...row, more: "m".repeat(200) })))),
        large: (table) => (rows) => table.ingest(body([{ ...rows[0], customerName: "n".repeat(300_000) }])),
        again: (table) => (rows) => {
          table.ingest(body(rows));
          table.ingest(body(rows.map((row) => ({ ...row, chatRound: 77 }))));
        },
        lists: (table) => (rows) =>
          table.ingest(body(rows.map((row) => ({ ...row, resultList: [{ name: "n", value: String(row.callInstanceId) }] })))),
      };
      const seen = {};
      for (const [way, ingest] of Object.entries(ways)) {
        const table = new CallTable();
        const view = table.where({});
        const client = ingest(table);
        const list = (given) => (way === "objects" ? given.map((row) => ({ ...row, duration: 1 })) : given);
        const refused = fill(table, way === "large" ? 1 : 300, (rows) => client(list(rows)));
        const { length } = table;
        const ids = new Set();
        // A row of that size takes more than is kept free.
        for (let at = 0; at < length && way !== "large"; at += 500) {
          for (const { callInstanceId } of table.rows({ offset: at, limit: 500 })) ids.add(callInstanceId);
        }
        seen[way] = [refused, length, table.statistics().calls, way === "large" ? length : ids.size];
        view.free();
        table.free();
      }
      console.log(JSON.stringify(seen));`,
    );
    assert.equal(Object.keys(seen).length, 7);
    for (const [way, [refused, length, calls, ids]] of Object.entries(seen)) {
      assert.equal(refused, "out_of_memory", way);
      assert.ok(length > (way === "large" ? 2 : 1000), `${way}: ${length}`);
      assert.deepEqual([calls, ids], [length, length], way);
    }
  });

  test("answers or refuses every question at any fill, and is unchanged", async () => {
    const seen = await run(
      few,
      `const table = new CallTable();
      const charts = table.linked({ all: { statistics: true }, day: { groupBy: "date" },
        length: { histogram: "duration", edges: [0, 10, 100] } });
      const asked = {
        sorted: () => void table.rows({ sortBy: "luyinOssUrl", limit: 5 }),
        byName: () => void table.rows({ sortBy: "customerName", descending: true, limit: 5 }),
        all: () => void table.rows(),
        snapshot: () => void CallTable.restore(table.snapshot()).free(),
        arrow: () => void table.toArrowIPC(),
        csv: () => void table.toCSV(),
        filter: () => {
          charts.filter("length", { duration: { min: 5, max: 50 } });
          charts.filter("length", { duration: { min: 5, max: 52 } });
          charts.filter("length", null);
        },
        read: () => void charts.read(),
        where: () => table.where({ text: "1380", not: { hourOfDay: [9] } }).free(),
        groups: () => void table.groupBy({ result: "客户意向等级" }),
        body: () => void table.ingest(new Uint8Array(30 << 20)),
        string: () => void table.ingest(" ".repeat(30 << 20)),
        restore: () => void CallTable.restore(new Uint8Array(30 << 20)),
      };
      const seen = Object.fromEntries(Object.keys(asked).map((name) => [name, []]));
      const askAll = () => {
        for (const [name, ask] of Object.entries(asked)) {
          const how = outcome(ask);
          if (!seen[name].includes(how)) seen[name].push(how);
        }
      };
      for (let refused = "done"; refused === "done"; ) {
        askAll();
        refused = outcome(() => table.ingest(body(rows(table.length, 1500))));
      }
      // What is restored may take what ingesting leaves to questions.
      const small = new CallTable();
      const restored = [small];
      while (outcome(() => restored.push(CallTable.restore(small.snapshot()))) === "done");
      askAll();
      for (const one of restored) one.free();
      const { length } = table;
      const ids = new Set(table.rows({ limit: 100 }).map(({ callInstanceId }) => callInstanceId));
      charts.free();
      console.log(JSON.stringify({ seen, length, calls: table.statistics().calls, ids: ids.size }));`,
    );
    const { seen: how, length, calls, ids } = seen;
    assert.deepEqual([calls, ids], [length, 100]);
    const large = ["body", "string", "restore"];
    for (const [name, outcomes] of Object.entries(how)) {
      if (large.includes(name)) assert.deepEqual(outcomes, ["out_of_memory"], name);
      else
        assert.ok(
          outcomes.every((how) => ["done", "out_of_memory"].includes(how)),
          `${name}: ${outcomes}`,
        );
    }
    assert.deepEqual(how.snapshot, ["done", "out_of_memory"]);
    for (const name of ["where", "read"]) assert.deepEqual(how[name][0], "done", name);
  });

  test("refuses a body of the client and an array of calls in the same way", async () => {
    const seen = await run(
      few,
      `const table = new CallTable();
      const large = '{"code":200,"data":[' + " ".repeat(1 << 20) + "]}";
      const fetch = async () => new Response(large);
      const client = new ByrobotClient({ fetch, retry: false });
      const code = (promise) => promise.then(() => "done", (error) => error.code);
      const calls = Array.from({ length: 30_000 }, (_, id) => ({ callInstanceId: id, customerName: "n".repeat(400) }));
      console.log(JSON.stringify({
        client: await code(client.getTasks({ companyId: 1 })),
        sync: await code(client.syncDoneCalls(table, { callJobId: 1 })),
        statistics: outcome(() => callStatistics(calls)),
        filter: outcome(() => filterCalls(calls, {})),
        few: callStatistics(calls.slice(0, 10)).calls,
      }));`,
    );
    const refused = "out_of_memory";
    const all = { client: refused, sync: refused, statistics: refused, filter: refused, few: 10 };
    assert.deepEqual(seen, all);
  });
});

describe("many rows", () => {
  test("are written and read in pieces, and stay equal", async () => {
    const seen = await run(
      // What 8000 rows take as one tree would not fit.
      few,
      `const table = new CallTable();
      for (let at = 0; at < 8000; at += 500) table.ingest(body(rows(at, 500)));
      const all = table.rows();
      const pieces = [];
      for (let offset = 0; offset < 8000; offset += 2500) pieces.push(...table.rows({ offset, limit: 2500 }));
      const sorted = table.rows({ sortBy: "duration", descending: true });
      const rising = sorted.every(({ duration }, at) => at === 0 || duration <= sorted[at - 1].duration);
      table.free();
      const other = new CallTable();
      const report = other.ingest(all);
      console.log(JSON.stringify({
        same: JSON.stringify(all) === JSON.stringify(pieces), rising, sorted: sorted.length, report,
        again: other.ingest(all).unchanged,
        out: JSON.stringify(other.rows()) === JSON.stringify(all),
        statistics: JSON.stringify(callStatistics(all)) === JSON.stringify(other.statistics()),
        positions: filterCalls(all, { finishStatus: 0 }).length === other.where({ finishStatus: 0 }).length,
      }));`,
    );
    const report = { added: 8000, updated: 0, unchanged: 0, total: null, oddities: [] };
    const expected = { same: true, rising: true, sorted: 8000, report, again: 8000 };
    assert.deepEqual(seen, { ...expected, out: true, statistics: true, positions: true });
  });

  test("with a wrong one are all refused, and the error names its index", async () => {
    const seen = await run(
      2000,
      `const table = new CallTable();
      table.ingest(body(rows(0, 10)));
      const { list } = await new ByrobotClient({ fetch: async () => new Response(body(rows(5, 7000))) })
        .queryDoneTaskPhones({ callJobId: 1 });
      delete list[6543].callInstanceId;
      const told = (action) => { try { action(); } catch (error) { return [error.code, error.path]; } };
      const seen = [() => table.ingest(list), () => callStatistics(list), () => filterCalls(list, {})].map(told);
      // What a program's own objects do meanwhile to the table does no harm.
      const own = rows(0, 2500).map((row) => ({ ...row, duration: 3 }));
      own[2400].toJSON = () => (table.clear(), own[0]);
      const { added } = table.ingest(own);
      console.log(JSON.stringify([...seen, added, table.length]));`,
    );
    const wrong = ["invalid_argument", "calls[6543].callInstanceId"];
    assert.deepEqual(seen, [wrong, wrong, wrong, 2499, 2499]);
  });

  test("more than a million are refused at once, with advice", async () => {
    const seen = await run(
      16_000,
      `const table = new CallTable();
      const few = (at) => '{"code":200,"data":[' + Array.from({ length: 50_000 }, (_, id) => '{"callInstanceId":' + (at + id) + "}").join(",") + "]}";
      for (let at = 0; at < 1_100_000; at += 50_000) table.ingest(few(at));
      const told = (options) => { try { return table.rows(options).length; } catch (error) { return [error.code, error.path, error.message]; } };
      console.log(JSON.stringify([told(), told({ sortBy: "callInstanceId" }), told({ limit: 2000, offset: 1_099_000 })]));`,
    );
    const [all, sorted, window] = seen;
    assert.deepEqual(all.slice(0, 2), ["invalid_argument", "limit"]);
    assert.match(all[2], /limit: at most 1048576 rows/);
    assert.deepEqual([sorted, window], [all, 1000]);
  });
});
