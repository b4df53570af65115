// The measurement of "Many calls" in docs/elsewhere.md, `npm run bench:elsewhere`: a hundred tasks with ten million calls
// in all are exported by the programs of that page and counted by ClickHouse. It takes some minutes and 6 GB of disk.
// With a number as argument: so many calls.
import assert from "node:assert/strict";
import { statSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setupEngines } from "../scripts/engines.mjs";
import { main } from "../scripts/toolchain.mjs";
import { askClickHouse, exportCalls, makeParquet, manyCalls } from "../tests/elsewhere/many.mjs";
import { keyOf, statement, statementNames } from "../tests/package/elsewhere.mjs";
import { install } from "../tests/package/installation.mjs";

const tasks = 100;

/** The bytes of all files below a folder, in MB. */
function megabytesIn(folder) {
  const files = readdirSync(folder, { recursive: true }).map((file) =>
    statSync(join(folder, file)),
  );
  return Math.round(files.reduce((sum, { size }) => sum + size, 0) / 1e6);
}

/** Every statement of the page for ClickHouse, the groups by line and by date. */
function statements() {
  const engine = "ClickHouse";
  const names = statementNames(engine).filter((name) => !/^(groupBy|rateDifference)/.test(name));
  const grouped = ["callerPhone", "date"].map((dimension) => {
    const sql = statement("groupBy", engine).replace("/* key */", keyOf(dimension, engine));
    return [`groupBy ${dimension}`, sql];
  });
  return Object.fromEntries([...names.map((name) => [name, statement(name, engine)]), ...grouped]);
}

async function measure([given]) {
  await setupEngines();
  const each = Math.ceil(Number(given ?? 10_000_000) / tasks);
  const { weights } = manyCalls(tasks, each);
  const project = await install();
  const print = (what, { seconds, cpu, megabytes }, more = "") =>
    console.log(
      `${what.padEnd(44)} ${seconds.toFixed(1).padStart(7)} s ${cpu.toFixed(1).padStart(7)} s of processor ${String(megabytes).padStart(5)} MB of memory ${more}`,
    );
  try {
    console.log(`${tasks} tasks of ${each} calls; ${cpus().length} × ${cpus()[0]?.model}`);
    const exported = await exportCalls(project, { many: [tasks, each] });
    print("export.js", exported, `${megabytesIn(project.path("arrows"))} MB of files`);
    print(
      "Parquet",
      await makeParquet(project),
      `${megabytesIn(project.path("parquet"))} MB of files`,
    );
    const asked = await askClickHouse(project, statements());
    print("all statements in ClickHouse", asked);
    for (const [name, { seconds }] of Object.entries(asked.answers)) {
      console.log(`  ${name.padEnd(42)} ${seconds.toFixed(2).padStart(7)} s`);
    }
    const [{ calls, answered }] = asked.answers.statistics.rows;
    const sum = (list) => list.reduce((total, [, times]) => total + times, 0);
    assert.equal(calls, sum(weights));
    assert.equal(answered, sum(weights.filter(([one]) => one.finishStatus === 0)));
    console.log(`${calls} calls, ${answered} answered, as generated`);
  } finally {
    await project.remove();
  }
}

await main(import.meta.url, measure);
