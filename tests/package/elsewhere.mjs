// The statements and expressions of docs/elsewhere.md, and the comparison of what an engine makes of them with the
// numbers of the package. Not here: the engines (duckdb.mjs, tests/elsewhere).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { root } from "./installation.mjs";

/** The page with the statements. */
const page = readFileSync(join(root, "docs/elsewhere.md"), "utf8");

/** The engines, in the order of the columns of the page's tables. */
export const engines = ["DuckDB", "ClickHouse", "Spark"];

/** The blocks of code of the page with their language and the heading above. */
const blocks = [...page.matchAll(/^#+ ([^\n]+)$|^```(\w+)\n(.*?)^```$/gms)].reduce(
  ({ found, heading }, [, title, language, code]) => {
    if (title !== undefined) return { found, heading: title };
    return { found: [...found, { heading, language, code }], heading };
  },
  { found: [], heading: "" },
).found;

/** A block of code of the page, by its language and the name in the comment it begins with. */
export function blockOf(language, name) {
  const begins = new RegExp(`^(#|//|--) ${name}\\n`);
  const found = blocks.filter((block) => block.language === language && begins.test(block.code));
  assert.equal(found.length, 1, `the page has one block named ${name}`);
  return found[0].code;
}

/** The statements for an engine by name; those below a heading that names no engine are for every engine. */
const statementsOf = (engine) =>
  new Map(
    blocks
      .filter(({ language }) => language === "sql")
      .filter(({ heading }) => heading === engine || !engines.includes(heading))
      .flatMap(({ code }) => [...code.matchAll(/^-- (.+)\n([^;]+);$/gm)])
      .map(([, name, sql]) => [name, sql]),
  );

const statements = new Map(engines.map((engine) => [engine, statementsOf(engine)]));

/** A statement of the page for an engine, by the comment it begins with. */
export function statement(name, engine = "DuckDB") {
  const found = statements.get(engine).get(name);
  assert.ok(found, `the page has no statement named ${name} for ${engine}`);
  return found;
}

/** The rows of the table below a heading: the code in each cell, or the text of a cell without code. */
function tableBelow(heading) {
  const [, below] = page.split(`\n## ${heading}\n`);
  assert.ok(below, `the page has no section ${heading}`);
  const [section] = below.split("\n## ");
  const rows = section.split("\n").filter((line) => /^\| `/.test(line));
  return rows.map((row) => row.match(/`[^`]+`/g).map((code) => code.slice(1, -1)));
}

/** The names of all statements for an engine. */
export const statementNames = (engine) => [...statements.get(engine).keys()];

/** The statement that makes a table `calls` of the page's Parquet files. */
export function viewOf(engine) {
  const row = page.match(new RegExp(`^\\| ${engine} +\\| \`(create .*)\` *\\|$`, "m"));
  assert.ok(row, `the page has no view for ${engine}`);
  return row[1];
}

/** The expression of a dimension, from the page's table. */
export function keyOf(dimension, engine = "DuckDB") {
  const [key, value] = typeof dimension === "string" ? [] : Object.entries(dimension)[0];
  const name = key === undefined ? dimension : `{ ${key}: "${value}" }`;
  const row = tableBelow("Groups").find(([first]) => first === name);
  assert.ok(row, `the page has no dimension ${name}`);
  return row[1 + engines.indexOf(engine)];
}

/** The filters of the page's table, each with its condition in SQL. */
export function filtersOfPage(engine = "DuckDB") {
  const rows = tableBelow("Filters").slice(1);
  assert.ok(rows.length > 8);
  return rows.map(([filter, ...conditions]) => {
    assert.equal(conditions.length, engines.length, filter);
    return [conditions[engines.indexOf(engine)], runInNewContext(`(${filter})`)];
  });
}

/** The dimensions of the page. The one for a property needs an extension of duckdb-wasm that cannot be had offline. */
export const dimensions = [
  ...["callJobId", "finishStatus", "callerPhone", "hourOfDay", "weekday", "date", "intentLevel"],
  ...["chatRound", "jobName", "sceneDefId"],
  { result: "客户关注点" },
  ...["quarterHour", "hour", "day", "week"].map((time) => ({ time })),
];

/** The dimensions whose groups are ordered by their calls. */
const byCalls = ["callerPhone", "jobName"];

function close(actual, wanted, what) {
  if (typeof wanted !== "number") return assert.deepEqual(actual, wanted, what);
  assert.equal(typeof actual, "number", `${what}: ${actual}, not ${wanted}`);
  const off = Math.abs(actual - wanted);
  return assert.ok(
    off <= 1e-12 * Math.max(1, Math.abs(wanted)),
    `${what}: ${actual}, not ${wanted}`,
  );
}

/** Compares rows field by field; numbers may differ in the last digits. */
export function closeAll(actual, wanted, what) {
  assert.equal(actual.length, wanted.length, what);
  for (const [index, fields] of wanted.entries()) {
    for (const [name, value] of Object.entries(fields)) {
      close(actual[index][name], value, `${what}[${index}].${name}`);
    }
  }
}

/**
 * Compares every number of the page with the table's own. `query` gives a promise of the rows of a statement's answer,
 * about a table `calls` with the bytes of `toArrowIPC`.
 */
export async function compareNumbers(query, table, engine, asked = dimensions) {
  const ask = (name) => query(statement(name, engine));
  const own = table.statistics();
  const [found] = await ask("statistics");
  closeAll(
    [found],
    [Object.fromEntries(Object.keys(found).map((name) => [name, own[name]]))],
    "statistics",
  );
  const wholes = ["byFinishStatus", "intent", "durationQuantiles", "unreadable"];
  assert.deepEqual(
    new Set([...Object.keys(found), ...wholes]),
    new Set(Object.keys(own)),
    "every statistic has its SQL",
  );
  for (const name of wholes) closeAll(await ask(name), [own[name]].flat(), name);
  for (const dimension of asked) await compareGroups(query, table, engine, dimension);
  closeAll(await ask("roundSurvival"), table.roundSurvival(), "roundSurvival");
  closeAll(await ask("repeats"), table.repeats().numbers, "repeats");
  const rates = table.expectedRates("callerPhone", ["callJobId", "date"]);
  const expected = await ask("expectedRates: lines, over tasks and dates");
  assert.equal(expected.length, rates.length);
  for (const rate of rates) {
    closeAll([expected.find(({ key }) => key === rate.key)], [rate], "expectedRates");
  }
  const filters = filtersOfPage(engine);
  const sums = filters.map(([where], at) => `count(case when ${where} then 1 end) as f${at}`);
  const [counted] = await query(`select ${sums.join(", ")} from calls`);
  for (const [at, [where, filter]] of filters.entries()) {
    assert.equal(counted[`f${at}`], table.where(filter).length, where);
  }
  const { counts, outside } = table.histogram("duration", { edges: [0, 10, 60, 600] });
  const [bins] = await ask("histogram");
  assert.deepEqual(Object.values(bins), [...counts, outside]);
  const heatmap = table.heatmap();
  const cells = await ask("heatmap");
  for (const { cell, calls, answered } of cells) {
    assert.deepEqual([heatmap.calls[cell], heatmap.answered[cell]], [calls, answered]);
  }
  const sum = (list) => list.reduce((total, count) => total + count, 0);
  assert.equal(sum(cells.map(({ calls }) => calls)), sum(heatmap.calls));
}

/** Compares the groups of a dimension. */
async function compareGroups(query, table, engine, dimension) {
  const groups = table.groupBy(dimension).map(({ interval: [low, high], ...group }) => ({
    ...group,
    low,
    high,
  }));
  const key = keyOf(dimension, engine);
  const sql = await query(statement("groupBy", engine).replace("/* key */", key));
  const byKey = new Map(sql.map((group) => [group.key, group]));
  const what = `groupBy ${JSON.stringify(dimension)}`;
  assert.equal(byKey.size, groups.length, what);
  for (const group of groups) closeAll([byKey.get(group.key) ?? {}], [group], what);
  const isByKey = typeof dimension === "string" ? !byCalls.includes(dimension) : dimension.time;
  if (isByKey) closeAll(sql, groups, what);
}
