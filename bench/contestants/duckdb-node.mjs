// Starts DuckDB in this process, by its blocking build for Node.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export async function connect() {
  const duckdb = require("@duckdb/duckdb-wasm/blocking");
  const bundle = (name) => ({
    mainModule: require.resolve(`@duckdb/duckdb-wasm/dist/duckdb-${name}.wasm`),
    mainWorker: "",
  });
  const bundles = { mvp: bundle("mvp"), eh: bundle("eh") };
  const db = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await db.instantiate(() => {});
  const connection = db.connect();
  return {
    query: (sql) => connection.query(sql),
    insert: (bytes, options) => connection.insertArrowFromIPCStream(bytes, options),
    close() {
      connection.close();
      db.reset();
    },
  };
}
