// Measures the size that each entry point adds to a page, and the time from import to the first request. Compares the
// sizes with their budgets, as npm test does. `--write` puts the numbers into the READMEs.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { openBrowser } from "./browser.mjs";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { Failure, main, program, root, runNode } from "./toolchain.mjs";

/** What a page does that uses all of the client and of the call table, from one entry point or the other. */
const dashboard = (entry, ready) => `
  import { ByrobotClient, CallTable, init, isByrobotError, label } from "${entry}";
  ${ready}
  const client = new ByrobotClient({ baseUrl: "/" });
  try {
    const { list: [task] } = await client.getTasks({ companyId: 1 });
    const { callJobId } = task;
    console.log(await client.getTaskDetail({ companyId: 1, taskId: callJobId }));
    const { list: [call] } = await client.queryDoneTaskPhones({ callJobId });
    console.log(label("finishStatus", call.finishStatus, "en"));
    const table = new CallTable();
    table.ingest([call]);
    console.log(table.where({ finishStatus: 0 }).statistics(), table.linked({ a: { heatmap: true } }).read());
    console.log(await client.notDialedCustomerList({ taskId: callJobId }));
    console.log(await client.phoneLogInfo({ callInstanceId: call.callInstanceId }));
    console.log(await client.syncDoneCalls(table, { callJobId }));
  } catch (error) {
    if (isByrobotError(error)) console.error(error.code);
  }
`;

/** What is weighed: a page's program, and the files it loads beside its script. Budgets are gzipped bytes. */
const entries = {
  "byrobot-calls": { page: dashboard("byrobot-calls", ""), isVisited: true, budget: 166_500 },
  "byrobot-calls/streaming": {
    page: dashboard("byrobot-calls/streaming", "await init();"),
    files: ["byrobot_calls.wasm"],
    isVisited: true,
    budget: 219_500,
  },
  "byrobot-calls/server": {
    page: `
      import { createProxy, toNodeHandler } from "byrobot-calls/server";
      const proxy = createProxy({ appKey: "", appSecret: "", authorize: () => false });
      export default toNodeHandler(proxy);
    `,
    platform: "node",
    budget: 17_700,
  },
  "byrobot-calls/node": {
    page: `
      import { fileStore } from "byrobot-calls/node";
      await fileStore("calls").clear();
    `,
    platform: "node",
    budget: 2_700,
  },
  "byrobot-calls/sandbox": {
    page: `
      import { createSandbox } from "byrobot-calls/sandbox";
      const sandbox = await createSandbox();
      console.log(await sandbox.fetch("/openapi/v1/task/getTasks?companyId=1"));
    `,
    budget: 99_500,
  },
  "byrobot-calls/alerts": {
    page: `export * from "byrobot-calls/alerts";`,
    budget: 9_900,
  },
  "byrobot-calls/vue": {
    page: `export * from "byrobot-calls/vue";`,
    external: ["vue"],
    budget: 1_300,
  },
  "byrobot-calls/react": {
    page: `export * from "byrobot-calls/react";`,
    external: ["react"],
    budget: 1_300,
  },
};

/** The script of a page as esbuild makes it, and the files beside it. */
async function bundled({ page, files = [], platform, external }) {
  // Loaded late: on a bare clone `npm ci` has not run when this file is read.
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    stdin: { contents: page, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    ...(platform && { platform }),
    ...(external && { external }),
  });
  const beside = files.map((name) => [name, readFileSync(join(root, "pkg/dist", name))]);
  return new Map([["page.js", outputFiles[0].contents], ...beside]);
}

/** The bytes of each entry, as they are and compressed, and what they may be. */
export async function weights() {
  const weigh = async ([entry, { budget, ...what }]) => {
    const contents = [...(await bundled(what)).values()];
    const sum = (weight) => contents.reduce((all, bytes) => all + weight(bytes), 0);
    return {
      entry,
      budget,
      minified: sum((bytes) => bytes.length),
      gzip: sum((bytes) => gzipSync(bytes, { level: 9 }).length),
      brotli: sum((bytes) => brotliCompressSync(bytes).length),
    };
  };
  return Promise.all(Object.entries(entries).map(weigh));
}

/**
 * Milliseconds from the start of the import to the first request, in Chromium with nothing cached:
 * download from this machine, unpacking, compiling, the client. The median of some visits.
 */
async function firstRequest(browser, entry) {
  const files = await bundled(entries[entry]);
  const types = { js: "text/javascript", wasm: "application/wasm" };
  const server = createServer((request, response) => {
    const name = request.url.slice(1);
    const type = files.has(name) ? types[name.split(".").pop()] : "text/html";
    response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
    response.end(files.get(name) ?? "<!doctype html><link rel=icon href=data:,>");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const visit = async () => {
    const context = await browser.newContext();
    const tab = await context.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    const time = await tab.evaluate(
      () =>
        new Promise((requested) => {
          const fetch = globalThis.fetch;
          globalThis.fetch = (...request) => {
            const asked = request[0] instanceof Request ? request[0].url : String(request[0]);
            if (asked.includes("getTasks")) requested(performance.now() - start);
            return fetch(...request);
          };
          const start = performance.now();
          import("/page.js");
        }),
    );
    await context.close();
    return time;
  };
  const times = [];
  for (let visits = 0; visits < 11; visits += 1) times.push(await visit());
  server.close();
  return times.sort((one, other) => one - other)[5];
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

await main(import.meta.url, async (options) => {
  await setup({ testing: false });
  await build();
  const browser = await openBrowser();
  const rows = [];
  for (const { entry, minified, gzip, brotli } of await weights()) {
    const time = entries[entry].isVisited
      ? `${Math.round(await firstRequest(browser, entry))} ms`
      : "–";
    rows.push([`\`${entry}\``, ...[minified, gzip, brotli].map(kilobytes), time]);
  }
  await browser.close();
  for (const row of rows) console.log(row.map((cell, at) => cell.padEnd(at ? 10 : 28)).join(""));
  if (options.includes("--write")) await write(rows);
  const heavy = (await weights()).filter(({ gzip, budget }) => gzip > budget);
  const told = heavy.map(
    ({ entry, gzip, budget }) => `${entry}: ${gzip} bytes gzipped, ${budget} budgeted`,
  );
  if (told.length > 0) throw new Failure(told.join("\n"));
});

/** Puts the rows into the tables that have the mark. */
async function write(rows) {
  const files = ["README.md", "README.zh-CN.md"].map((name) => join(root, name));
  for (const file of files) {
    const table = /(<!-- npm run size -->\n+\|.*\n\|.*\n)(\|.*\n)*/;
    const lines = rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
    const readme = readFileSync(file, "utf8");
    writeFileSync(
      file,
      readme.replace(table, (_, head) => head + lines),
    );
  }
  await runNode(program("prettier"), ["--write", "--log-level", "warn", ...files]);
}
