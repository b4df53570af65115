// Measures the size that each entry point adds to a page, and what each feature costs. Compares the sizes with their
// budgets, as npm test does. `--write` puts the numbers into the READMEs. Not here: times (bench/first-request.mjs).
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { Failure, main, program, root, runNode } from "./toolchain.mjs";

/** What a page does that asks the five endpoints, with the client of an entry. `ready` comes first. */
const fiveCalls = (entry, ready = "") => `
  import { ByrobotClient, init, isByrobotError } from "${entry}";
  ${ready}
  const client = new ByrobotClient({ baseUrl: "/" });
  try {
    const { list: [task] } = await client.getTasks({ companyId: 1 });
    const { callJobId } = task;
    console.log(await client.getTaskDetail({ companyId: 1, taskId: callJobId }));
    const { list: [call] } = await client.queryDoneTaskPhones({ callJobId });
    console.log(await client.notDialedCustomerList({ taskId: callJobId }));
    console.log(await client.phoneLogInfo({ callInstanceId: call.callInstanceId }));
  } catch (error) {
    if (isByrobotError(error)) console.error(error.code);
  }
`;

/** What a page does that asks a table of an entry. `ready` comes first. */
const questions = (entry, ready = "") => `
  import { CallTable, init } from "${entry}";
  ${ready}
  const table = new CallTable();
  table.ingest(await (await fetch("/calls")).arrayBuffer());
  const answered = table.where({ finishStatus: 0 });
  console.log(answered.statistics(), answered.groupBy("date"), answered.histogram("duration"));
  console.log(table.linked({ a: { heatmap: true } }).read(), table.rows({ limit: 50 }), table.toCSV());
`;

/** What a page does that uses all of the client and of the call table, from one entry point or the other. */
const dashboard = (entry, ready) => `
  import { ByrobotClient, CallTable, indexedDbStore, init, isByrobotError, label } from "${entry}";
  ${ready}
  const client = new ByrobotClient({ baseUrl: "/" });
  try {
    const { list: [task] } = await client.getTasks({ companyId: 1 });
    const { callJobId } = task;
    console.log(await client.getTaskDetail({ companyId: 1, taskId: callJobId }));
    console.log(await client.notDialedCustomerList({ taskId: callJobId }));
    const table = new CallTable();
    console.log(await client.syncDoneCalls(table, { callJobId }, { store: indexedDbStore() }));
    for (const call of table.rows({ limit: 50 })) {
      console.log(label("finishStatus", call.finishStatus, "en"));
      console.log(await client.phoneLogInfo({ callInstanceId: call.callInstanceId }));
    }
    console.log(table.where({ finishStatus: 0 }).statistics(), table.linked({ a: { heatmap: true } }).read());
  } catch (error) {
    if (isByrobotError(error)) console.error(error.code);
  }
`;

/**
 * What is weighed: a page's program, what it does, and the files it loads beside its script. Budgets are gzipped bytes of
 * what the page loads at first.
 */
const entries = {
  "byrobot-calls": {
    does: { en: "everything", zh: "全部功能" },
    page: dashboard("byrobot-calls", ""),
    budget: 172_000,
  },
  "byrobot-calls/client": {
    does: { en: "the five calls", zh: "五个接口" },
    page: fiveCalls("byrobot-calls/client"),
    budget: 91_200,
  },
  "byrobot-calls/table": {
    does: { en: "a table and its questions", zh: "通话表及其查询" },
    page: questions("byrobot-calls/table"),
    budget: 120_700,
  },
  "byrobot-calls/streaming": {
    does: { en: "everything", zh: "全部功能" },
    page: dashboard("byrobot-calls/streaming", "await init();"),
    files: ["byrobot_calls.wasm"],
    budget: 228_600,
  },
  "byrobot-calls/client/streaming": {
    does: { en: "the five calls", zh: "五个接口" },
    page: fiveCalls("byrobot-calls/client/streaming", "await init();"),
    files: ["byrobot_client.wasm"],
    budget: 114_500,
  },
  "byrobot-calls/table/streaming": {
    does: { en: "a table and its questions", zh: "通话表及其查询" },
    page: questions("byrobot-calls/table/streaming", "await init();"),
    files: ["byrobot_table.wasm"],
    budget: 160_600,
  },
  "byrobot-calls/server": {
    does: { en: "a proxy", zh: "代理" },
    page: `
      import { createProxy, toNodeHandler } from "byrobot-calls/server";
      const proxy = createProxy({ appKey: "", appSecret: "", authorize: () => false });
      export default toNodeHandler(proxy);
    `,
    platform: "node",
    budget: 17_700,
  },
  "byrobot-calls/node": {
    does: { en: "the store in files", zh: "文件存储" },
    page: `
      import { fileStore } from "byrobot-calls/node";
      await fileStore("calls").clear();
    `,
    platform: "node",
    budget: 2_700,
  },
  "byrobot-calls/sandbox": {
    does: { en: "the sandbox in a page", zh: "页面内的沙箱" },
    page: `
      import { createSandbox } from "byrobot-calls/sandbox";
      const sandbox = await createSandbox();
      console.log(await sandbox.fetch("/openapi/v1/task/getTasks?companyId=1"));
    `,
    budget: 99_700,
  },
  "byrobot-calls/alerts": {
    does: { en: "all of it", zh: "全部导出" },
    page: `export * from "byrobot-calls/alerts";`,
    budget: 10_300,
  },
  "byrobot-calls/vue": {
    does: { en: "all of it", zh: "全部导出" },
    page: `export * from "byrobot-calls/vue";`,
    external: ["vue"],
    budget: 1_300,
  },
  "byrobot-calls/react": {
    does: { en: "all of it", zh: "全部导出" },
    page: `export * from "byrobot-calls/react";`,
    external: ["react"],
    budget: 1_300,
  },
};

/** What a page imports beside the client or the table, and what it pays for that: by the entry, what is imported. */
const features = {
  "byrobot-calls/client": {
    "another method of the client": "",
    "`indexedDbStore`": "export { indexedDbStore } from",
    "`queries`": "export { queries } from",
    "`label`": "export { label } from",
    "`maskPhone`": "export { maskPhone } from",
    "`transcript`": "export { transcript } from",
  },
  "byrobot-calls/table": {
    "another method of the table": "",
    "`callStatistics`, `filterCalls`": "export { callStatistics, filterCalls } from",
    "`rateInterval`, `rateDifference`": "export { rateInterval, rateDifference } from",
    "`label`": "export { label } from",
    "`explain`": "export { explain } from",
    "`transcript`": "export { transcript } from",
  },
};

/** The files that a page loads at first, as esbuild makes them, and the scripts that it loads later. */
async function bundled({ page, files = [], platform, external }) {
  // Loaded late: on a bare clone `npm ci` has not run when this file is read.
  const esbuild = await import("esbuild");
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents: page, resolveDir: root },
    outdir: root,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    write: false,
    metafile: true,
    ...(platform && { platform }),
    ...(external && { external }),
  });
  const isFirst = loadedFirst(metafile, "stdin.js");
  const first = new Map();
  const later = new Map();
  for (const { path, contents } of outputFiles) {
    const name = relative(root, path);
    (isFirst.has(name) ? first : later).set(name, contents);
  }
  for (const name of files) first.set(name, readFileSync(join(root, "pkg/dist", name)));
  return { first, later };
}

/** The scripts that a page loads at first: one, and what it imports, but not by `import()`. */
export function loadedFirst({ outputs }, script) {
  const found = new Set([script]);
  for (const name of found) {
    for (const { path, kind, external } of outputs[name].imports) {
      if (kind === "import-statement" && !external) found.add(path);
    }
  }
  return found;
}

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

const sum = (files, weight) => [...files.values()].reduce((all, bytes) => all + weight(bytes), 0);

/** The bytes of each entry, as they are and compressed, and what they may be. */
export async function weights() {
  const weigh = async ([entry, { budget, does, ...what }]) => {
    const { first, later } = await bundled(what);
    return {
      entry,
      does,
      budget,
      minified: sum(first, (bytes) => bytes.length),
      gzip: sum(first, gzipped),
      brotli: sum(first, (bytes) => brotliCompressSync(bytes).length),
      later: sum(later, gzipped),
    };
  };
  return Promise.all(Object.entries(entries).map(weigh));
}

/** What each feature adds to a page with the program of its entry, whose weights these are: bytes, gzipped. */
async function costs(weights) {
  const of = (entry) => weights.find((known) => known.entry === entry);
  const weigh = async ([entry, feature, imported]) => {
    const page = `${entries[entry].page}\n${imported && `${imported} "${entry}";`}`;
    const { first } = await bundled({ page });
    return { entry, feature, gzip: sum(first, gzipped) - of(entry).gzip };
  };
  const all = Object.entries(features).flatMap(([entry, imports]) =>
    Object.entries(imports).map(([feature, imported]) => [entry, feature, imported]),
  );
  const found = await Promise.all(all.map(weigh));
  const entry = "byrobot-calls/client";
  found.push({ entry, feature: "`diagnose`, when it is called", gzip: of(entry).later });
  return found;
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

await main(import.meta.url, async (options) => {
  await setup({ testing: false });
  await build();
  const all = await weights();
  const rows = (language) =>
    all.map(({ entry, does, minified, gzip, brotli }) => [
      `\`${entry}\``,
      does[language],
      ...[minified, gzip, brotli].map(kilobytes),
    ]);
  const paid = (await costs(all)).map(({ entry, feature, gzip }) => [
    `\`${entry}\``,
    feature,
    kilobytes(gzip),
  ]);
  for (const row of [...rows("en"), [], ...paid]) {
    console.log(row.map((cell, at) => cell.padEnd(at > 1 ? 10 : 34)).join(""));
  }
  if (options.includes("--write")) {
    await write("npm run size", rows("en"), "README.md");
    await write("npm run size", rows("zh"), "README.zh-CN.md");
    await write("npm run size: features", paid, "docs/loading.md");
  }
  const heavy = all.filter(({ gzip, budget }) => gzip > budget);
  const told = heavy.map(
    ({ entry, gzip, budget }) => `${entry}: ${gzip} bytes gzipped, ${budget} budgeted`,
  );
  if (told.length > 0) throw new Failure(told.join("\n"));
});

/** Puts rows into the table of a document that has a mark. */
async function write(mark, rows, name) {
  const file = join(root, name);
  const table = new RegExp(`(<!-- ${mark} -->\\n+\\|.*\\n\\|.*\\n)(\\|.*\\n)*`);
  const lines = rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
  const readme = readFileSync(file, "utf8");
  if (!table.test(readme)) throw new Failure(`${file} has no table with the mark ${mark}`);
  writeFileSync(
    file,
    readme.replace(table, (_, head) => head + lines),
  );
  await runNode(program("prettier"), ["--write", "--log-level", "warn", file]);
}
