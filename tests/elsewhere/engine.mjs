// DuckDB, ClickHouse and Spark as Python programs, each in a folder of its own. Not here: expectations.
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { python } from "../../scripts/engines.mjs";
import { start } from "../package/installation.mjs";
import { blockOf } from "../package/elsewhere.mjs";

/** Spark on this machine alone, with as few tasks as small tables need. */
const spark = [
  ...["--master", "local[2]"],
  ...["--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=2"],
  "pyspark-shell",
];

/** Starts an engine. It loads calls with the program of docs/elsewhere.md. */
export async function openEngine(name) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `byrobot-${name}-`)));
  const program = join(folder, "program.py");
  await writeFile(program, blockOf("python", name));
  const child = start(folder, python, [join(import.meta.dirname, "engines.py"), name, program], {
    env: { PYSPARK_SUBMIT_ARGS: spark.join(" "), SPARK_LOCAL_IP: "127.0.0.1" },
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaints = (complaints + text).slice(-4000);
  });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** One request at a time. */
  const ask = async (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`${name} has ended:\n${complaints}`);
    const { rows, error } = JSON.parse(value);
    if (error !== undefined) throw new Error(`${name}: ${error}\n${request.query ?? ""}`);
    return rows;
  };
  return {
    folder,
    /** Makes the table `calls` of the bytes of `toArrowIPC`. */
    async load(bytes) {
      await writeFile(join(folder, "calls.arrows"), bytes);
      await ask({ load: true });
    },
    /** The rows of a statement's answer. */
    query: (sql) => ask({ query: sql }),
    async close() {
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
