// Starts DuckDB in a worker, as pages do. The server of the page serves its files.
import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";

export async function connect() {
  const worker = new Worker("/duckdb/duckdb-browser-eh.worker.js");
  const db = new AsyncDuckDB(new VoidLogger(), worker);
  await db.instantiate("/duckdb/duckdb-eh.wasm");
  const connection = await db.connect();
  return {
    query: (sql) => connection.query(sql),
    insert: (bytes, options) => connection.insertArrowFromIPCStream(bytes, options),
    async close() {
      await connection.close();
      await db.terminate();
    },
  };
}
