// DuckDB, ClickHouse and Spark load the bytes of `toArrowIPC` with the programs of docs/elsewhere.md, and find the numbers
// of the package with its statements: npm run test:elsewhere.
import assert from "node:assert/strict";
import { copyFile, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { body, chance, oddRow, row } from "../package/calls.mjs";
import {
  closeAll,
  compareNumbers,
  dimensions,
  engines,
  statement,
  viewOf,
} from "../package/elsewhere.mjs";
import { install } from "../package/installation.mjs";
import { startSandbox } from "../package/servers.mjs";
import { openEngine } from "./engine.mjs";
import { askClickHouse, exportCalls, makeParquet, manyCalls } from "./many.mjs";

let project, byrobot;
before(async () => {
  project = await install();
  byrobot = await project.import();
});
after(() => project?.remove());

/** A table of rows, each of a random number generator and an id. */
function tableOf(seed, count, make) {
  const random = chance(seed);
  const table = new byrobot.CallTable();
  table.ingest(body(Array.from({ length: count }, (_, id) => make(random, id))));
  return table;
}

const withProperties = (random, id) => {
  const city = random.pick(['{"city":"杭州"}', '{"city":"Xi\'an","age":3}', "{}", '{"city":""}']);
  return { ...row(random, id), ...(random.happens(0.8) ? { properties: city } : {}) };
};
const unanswered = (random, id) => ({ ...row(random, id), finishStatus: random.pick([4, 8]) });
const withoutStart = (random, id) => ({ ...row(random, id), startTime: null });

const tables = [
  ["5000 odd rows", () => tableOf(1, 5000, oddRow)],
  ["700 rows with properties", () => tableOf(2, 700, withProperties)],
  ["one row", () => tableOf(3, 1, row)],
  ["no call", () => tableOf(4, 0, row)],
  ["no answered call", () => tableOf(5, 300, unanswered)],
  ["no call with a start", () => tableOf(6, 50, withoutStart)],
];

for (const name of engines) {
  describe(name, () => {
    let engine;
    before(async () => (engine = await openEngine(name)));
    after(() => engine?.close());

    for (const [title, make] of tables) {
      test(`finds the numbers of the package in a table with ${title}`, async () => {
        const table = make();
        await engine.load(table.toArrowIPC());
        const all = [...dimensions, { property: "city" }];
        await compareNumbers(engine.query, table, name, all);
        table.free();
      });
    }

    test("finds the same difference of two rates", async () => {
      const sql = statement("rateDifference of 56 of 70 and 48 of 80", name);
      const { difference, interval } = byrobot.rateDifference(
        { part: 56, whole: 70 },
        { part: 48, whole: 80 },
      );
      const [low, high] = interval;
      closeAll(await engine.query(sql), [{ difference, low, high }], "rateDifference");
    });
  });
}

describe("many tasks, exported by the programs of the page", () => {
  let sandbox, table;
  before(async () => {
    const flags = ["--tasks", "6", "--calls-per-task", "400"];
    sandbox = await startSandbox(project, flags);
    table = new byrobot.CallTable();
    const client = new byrobot.ByrobotClient({ baseUrl: sandbox.url });
    await client.syncTasks(table, { companyId: 1 });
    await exportCalls(project, { url: sandbox.url, bound: 200 });
    // The same calls once more, as an export of another day leaves them.
    const folder = project.path("arrows");
    const files = await readdir(folder, { recursive: true });
    const [large] = files.filter((file) => /2024.*\.arrows$/.test(file));
    assert.ok(large, "a task above the bound has a file for each day");
    await copyFile(join(folder, large), join(folder, large.replace("2024", "again-2024")));
    await makeParquet(project);
  });
  after(() => sandbox?.stop());

  for (const name of engines) {
    test(`${name} finds the numbers of the package in the Parquet files`, async () => {
      const engine = await openEngine(name);
      try {
        await symlink(project.path("parquet"), join(engine.folder, "parquet"));
        await engine.load(new byrobot.CallTable().toArrowIPC());
        if (name === "ClickHouse") await engine.query("drop table calls");
        await engine.query(viewOf(name));
        await compareNumbers(engine.query, table, name);
        const { key, calls } = table.groupBy("callJobId")[0];
        const [{ n }] = await engine.query(`select count(*) as n from calls where task = ${key}`);
        assert.equal(n, calls);
      } finally {
        await engine.close();
      }
    });
  }
});

test("the company of the measurement has the calls that it says it has", async () => {
  const own = await install();
  try {
    const { weights } = manyCalls(3, 7000);
    await exportCalls(own, { many: [3, 7000] });
    await makeParquet(own);
    const sql = statement("statistics", "ClickHouse");
    const { answers } = await askClickHouse(own, { statistics: sql });
    const [{ calls, answered }] = answers.statistics.rows;
    const sum = (list) => list.reduce((total, [, times]) => total + times, 0);
    const wanted = [sum(weights), sum(weights.filter(([one]) => one.finishStatus === 0))];
    assert.deepEqual([calls, answered, calls], [...wanted, 21_000]);
  } finally {
    await own.remove();
  }
});
