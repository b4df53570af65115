// DuckDB in this process, without a network. Not here: its statements (elsewhere.mjs), expectations.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

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
