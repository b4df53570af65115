// DuckDB in this process, without a network, and the statements of docs/elsewhere.md. Not here: expectations.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./installation.mjs";

/** The page with the statements. */
export const page = readFileSync(join(root, "docs/elsewhere.md"), "utf8");

/** Opens a database in memory. */
export async function openDuckDB() {
  const require = createRequire(import.meta.url);
  const duckdb = require("@duckdb/duckdb-wasm/blocking");
  const dist = dirname(require.resolve("@duckdb/duckdb-wasm"));
  const bundles = { mvp: { mainModule: join(dist, "duckdb-mvp.wasm") } };
  bundles.eh = { mainModule: join(dist, "duckdb-eh.wasm") };
  const database = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await database.instantiate(() => {});
  const connection = database.connect();
  return {
    /** Makes a table of the bytes of `toArrowIPC`. */
    load(name, bytes) {
      connection.query(`drop table if exists ${name}`);
      connection.insertArrowFromIPCStream(bytes, { name, create: true });
    },
    /** The rows of a statement's answer, without big integers. */
    query: (sql) =>
      connection
        .query(sql)
        .toArray()
        .map((row) =>
          Object.fromEntries(Object.entries(row.toJSON()).map(([k, v]) => [k, plain(v)])),
        ),
    close: () => connection.close(),
  };
}

export const plain = (value) => (typeof value === "bigint" ? Number(value) : value);

/** A statement of the page, by the comment it begins with. */
export function statement(name) {
  const found = page.match(new RegExp(`-- ${name}\\n([^;]+);`));
  assert.ok(found, `the page has no statement named ${name}`);
  return found[1];
}

/** The expression of a dimension, from the page's table. */
export function keyOf(dimension) {
  const [key, value] = typeof dimension === "string" ? [] : Object.entries(dimension)[0];
  const name = key === undefined ? `\`${dimension}\`` : `\`{ ${key}: "${value}" }\``;
  const [, groups] = page.split("## Groups");
  const line = groups.split("\n").find((text) => text.startsWith(`| ${name}`));
  assert.ok(line, `the page has no dimension ${name}`);
  return line.split(" | ")[1].trim().replaceAll("`", "");
}
