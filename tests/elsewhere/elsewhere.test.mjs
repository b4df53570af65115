// DuckDB, ClickHouse and Spark load the bytes of `toArrowIPC` with the programs of docs/elsewhere.md, and find the numbers
// of the package with its statements: npm run test:elsewhere.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { body, chance, oddRow, row } from "../package/calls.mjs";
import { closeAll, compareNumbers, dimensions, engines, statement } from "../package/elsewhere.mjs";
import { install } from "../package/installation.mjs";
import { openEngine } from "./engine.mjs";

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

/** Rows with properties of every kind. */
const withProperties = (random, id) => {
  const city = random.pick(['{"city":"杭州"}', '{"city":"Xi\'an","age":3}', "{}", '{"city":""}']);
  return { ...row(random, id), ...(random.happens(0.8) ? { properties: city } : {}) };
};

const unanswered = (random, id) => ({ ...row(random, id), finishStatus: random.pick([4, 8]) });

const tables = [
  ["5000 odd rows", () => tableOf(1, 5000, oddRow)],
  ["700 rows with properties", () => tableOf(2, 700, withProperties)],
  ["one row", () => tableOf(3, 1, row)],
  ["no call at all", () => tableOf(4, 0, row)],
  ["no answered call", () => tableOf(5, 300, unanswered)],
  [
    "no call with a start",
    () => tableOf(6, 50, (...given) => ({ ...row(...given), startTime: null })),
  ],
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
      const [found] = await engine.query(
        statement("rateDifference of 56 of 70 and 48 of 80", name),
      );
      const rates = [
        { part: 56, whole: 70 },
        { part: 48, whole: 80 },
      ];
      const { difference, interval } = byrobot.rateDifference(...rates);
      closeAll([found], [{ difference, low: interval[0], high: interval[1] }], "rateDifference");
    });
  });
}
