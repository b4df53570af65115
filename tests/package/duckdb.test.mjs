// The Arrow stream in other libraries: apache-arrow reads every row, and DuckDB computes the package's numbers with the
// statements of docs/elsewhere.md.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tableFromIPC } from "apache-arrow";
import { body, chance, oddRow, row } from "./calls.mjs";
import { openDuckDB, plain } from "./duckdb.mjs";
import { closeAll, compareNumbers, dimensions, keyOf, statement } from "./elsewhere.mjs";
import { install } from "./installation.mjs";

let project, CallTable, database;
before(async () => {
  project = await install();
  ({ CallTable } = await project.import());
  database = await openDuckDB();
});
after(async () => {
  database?.close();
  await project?.remove();
});

const query = (sql) => database.query(sql);

/** Milliseconds of the spans of time. */
const lengths = { quarterHour: 900_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

/** Odd rows; durations beyond what a column of seconds is likely to hold stay out of sums. */
function oddTable(seed, count) {
  const random = chance(seed);
  const table = new CallTable();
  table.ingest(body(Array.from({ length: count }, (_, id) => oddRow(random, id))));
  return table;
}

test("apache-arrow reads every row unchanged", () => {
  const table = oddTable(1, 3000);
  const rows = table.rows();
  const arrow = tableFromIPC(table.where({}).toArrowIPC());
  assert.equal(arrow.numRows, rows.length);
  const types = Object.fromEntries(arrow.schema.fields.map(({ name, type }) => [name, `${type}`]));
  assert.equal(types.startTime, "Timestamp<MILLISECOND, Asia/Shanghai>");
  assert.equal(types.callerPhone, "Dictionary<Int32, Utf8>");
  for (const [index, row] of rows.entries()) {
    const read = arrow.get(index).toJSON();
    for (const name of [
      "callInstanceId",
      "callJobId",
      "status",
      "finishStatus",
      "duration",
      "chatRound",
    ]) {
      assert.equal(plain(read[name]), row[name], name);
    }
    for (const name of [
      "customerTelephone",
      "customerName",
      "jobName",
      "callerPhone",
      "luyinOssUrl",
    ]) {
      assert.equal(read[name], row[name], name);
    }
    assert.equal(plain(read.startTime), row.startTimeMs);
    assert.deepEqual(
      [...read.resultList].map((item) => item.toJSON()),
      row.resultList,
    );
    assert.deepEqual(JSON.parse(read.extra), row.extra ?? null);
    const { startTime = null } = JSON.parse(read.rest) ?? {};
    if (startTime !== null) assert.equal(startTime, row.startTime);
  }
});

test("an empty table is a stream with a schema", () => {
  const arrow = tableFromIPC(new CallTable().toArrowIPC());
  assert.equal(arrow.numRows, 0);
  assert.equal(arrow.schema.fields.length, 29);
});

for (const [seed, count] of [
  [1, 5000],
  [2, 700],
  [3, 1],
  [4, 70_000],
  [5, 0],
]) {
  test(`DuckDB finds the same numbers in ${count} odd rows`, async () => {
    const table = oddTable(seed, count);
    database.load("calls", table.toArrowIPC());
    await compareNumbers(query, table, "DuckDB");
    for (const dimension of dimensions) {
      for (const { key, calls } of table.groupBy(dimension)) {
        const literal = typeof key === "string" ? `'${key.replaceAll("'", "''")}'` : key;
        const where = `(${keyOf(dimension)}) is not distinct from ${literal}`;
        const [{ n }] = query(`select count(*) as n from calls where ${where}`);
        const filter =
          typeof dimension === "string"
            ? { [dimension]: key }
            : dimension.result
              ? { results: [{ name: dimension.result, values: [key] }] }
              : {
                  startTime: key === null ? null : { from: key, to: key + lengths[dimension.time] },
                };
        assert.deepEqual([table.where(filter).length, calls], [n, n], where);
      }
    }
    table.free();
  });
}

test("DuckDB finds the same numbers without an answered call", async () => {
  const table = new CallTable();
  const random = chance(6);
  const rows = Array.from({ length: 300 }, (_, id) => ({ ...row(random, id), finishStatus: 8 }));
  table.ingest(body(rows));
  database.load("calls", table.toArrowIPC());
  const { answered, talkSeconds, meanDuration } = table.statistics();
  assert.deepEqual([answered, talkSeconds, meanDuration], [0, 0, null]);
  await compareNumbers(query, table, "DuckDB");
  table.free();
});

test("DuckDB finds the same difference of two rates", async () => {
  const { rateDifference } = await project.import();
  const [found] = query(statement("rateDifference of 56 of 70 and 48 of 80"));
  const { difference, interval } = rateDifference({ part: 56, whole: 70 }, { part: 48, whole: 80 });
  closeAll([found], [{ difference, low: interval[0], high: interval[1] }], "rateDifference");
  // The example of Newcombe (1998), table II, (a), method 10.
  assert.deepEqual(
    [found.difference, found.low, found.high].map((number) => number.toFixed(4)),
    ["0.2000", "0.0524", "0.3339"],
  );
});
