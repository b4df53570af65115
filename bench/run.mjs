// The command of the benchmarks: `npm run bench`, or `node bench/run.mjs` with any of
//   --rows 10000,100000   --only read,overview,brush,sort,pages,memory   --in node,chromium   --write
// `--write` puts the tables into README.md; it needs a complete run.
import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, main, run } from "../scripts/toolchain.mjs";
import { packages } from "./packages.mjs";

const here = import.meta.dirname;

await main(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: "string", default: "10000,100000,1000000" },
      only: { type: "string" },
      in: { type: "string", default: "node,chromium" },
      write: { type: "boolean", default: false },
    },
  });
  await packages();
  const allRows = values.rows.split(",").map(Number);
  const { works } = await import("./work.mjs");
  const only = values.only?.split(",") ?? works;
  const unknown = only.filter((work) => !works.includes(work));
  if (unknown.length > 0) throw new Failure(`no work ${unknown}; there are ${works.join(", ")}`);
  const partial =
    values.only || values.rows !== "10000,100000,1000000" || values.in !== "node,chromium";
  if (values.write && partial) throw new Failure("--write wants a whole run");

  if (!values.only) {
    for (const name of ["page", "visits"]) await run(process.execPath, [join(here, `${name}.mjs`)]);
  }
  // The cost of reading does not depend on the number of rows.
  const runs = allRows.map((rows, at) => ({
    rows,
    only: at === 0 ? only : only.filter((work) => work !== "read"),
  }));
  const say = (where) => (rows, text) => console.error(`· ${where}, ${rows} rows: ${text}`);
  const versions = [`Node ${process.versions.node}`];
  const all = [];
  if (values.in.includes("node")) {
    const results = {};
    for (const options of runs) results[options.rows] = await inNode(options, say("Node"));
    all.push({ environment: "Node", results });
  }
  if (values.in.includes("chromium")) {
    const { inChromium } = await import("./chromium.mjs");
    const { version, results } = await inChromium(runs, say("Chromium"));
    versions.push(`Chromium ${version.split(".")[0]}`);
    all.push({ environment: "Chromium", results });
  }
  const { report } = await import("./report.mjs");
  const text = report(all, `${availableParallelism()} cores, ${versions.join(", ")}`);
  console.log(`\n${text}`);
  if (values.write) await write(text);
});

/** Runs one number of rows in its own process, so that no garbage of other runs is collected in it. */
function inNode(options, say) {
  const execArgv = ["--expose-gc", "--max-old-space-size=8192"];
  return new Promise((resolve, reject) => {
    const child = fork(join(here, "node.mjs"), [JSON.stringify(options)], { execArgv });
    let results;
    child.on("message", (message) => {
      if (message.progress) say(options.rows, message.progress);
      else ({ results } = message);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0 && results) resolve(results);
      else
        reject(new Failure(`the benchmark of ${options.rows} rows ended with ${signal ?? code}`));
    });
  });
}

/** Replaces the tables between two marks in README.md, formatted by prettier. */
async function write(text) {
  const prettier = await import("prettier");
  const file = join(here, "README.md");
  const readme = readFileSync(file, "utf8");
  const marks = /(<!-- measured -->)[^]*(<!-- end -->)/;
  if (!marks.test(readme)) throw new Failure("bench/README.md has no place for the tables");
  const written = readme.replace(marks, (_, start, end) => `${start}\n\n${text}\n\n${end}`);
  const config = await prettier.resolveConfig(file);
  writeFileSync(file, await prettier.format(written, { ...config, filepath: file }));
}
