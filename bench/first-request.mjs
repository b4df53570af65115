// `node bench/first-request.mjs [--visits 7] [--only client] [--write]`: the time from navigation to the first answer, in
// Chromium with nothing cached, for each entry point, each way in which its WebAssembly module can arrive, and for other
// clients. `--write` puts the tables into README.md.
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, deflateRawSync, gzipSync } from "node:zlib";
import { build as bundle } from "esbuild";
import { build, ofModule } from "../scripts/build.mjs";
import { openBrowser } from "../scripts/browser.mjs";
import { packed } from "../scripts/pack.mjs";
import { loadedFirst } from "../scripts/size.mjs";
import { main, program, root, runNode } from "../scripts/toolchain.mjs";
import { packages } from "./packages.mjs";

/** Where and on what a page is opened. Speeds in bits per second, latency of a request in milliseconds. */
const profiles = {
  "slow phone": { cpu: 4, speed: 1.6e6, latency: 150 },
  "10 Mbit/s": { cpu: 1, speed: 10e6, latency: 40 },
  unthrottled: { cpu: 1 },
};

const encodings = {
  gzip: (bytes) => gzipSync(bytes, { level: 9 }),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
};

const task = { callJobId: 1, jobName: "一", status: 2, jobType: 2 };
const page = { list: [task], pageNum: 1, pageSize: 50, pages: 1, total: 1 };
const calls = Array.from({ length: 50 }, (_, at) => ({
  callInstanceId: at + 1,
  callJobId: 1,
  customerTelephone: "13900001234",
  status: 2,
  finishStatus: at % 9,
  duration: `${at}秒`,
  chatRound: at % 7,
  startTime: "2024-03-15 10:00:00",
}));
const success = (data) => JSON.stringify({ code: 200, resultMsg: "success", data });
const answers = {
  "/openapi/v1/task/getTasks": success(page),
  "/openapi/v1/task/queryDoneTaskPhones": success({ ...page, list: calls, total: 50 }),
  "/models": JSON.stringify({ object: "list", data: [{ id: "a", object: "model" }] }),
};

/** What a page does until it has its first answer, in an async function. */
const uses = {
  client: `const client = new ByrobotClient({ baseUrl: "/" });
    return client.getTasks({ companyId: 1 });`,
  table: `const response = await fetch("/openapi/v1/task/queryDoneTaskPhones?callJobId=1");
    const table = new CallTable();
    table.ingest(await response.arrayBuffer());
    return table.statistics();`,
};

/** How the module arrives: the source of the entry, by the bytes of the module. */
const provided = (bytes, unpack) => `
  import { provide } from "./wasm/instance.js";
  ${unpack}
  const text = atob("${Buffer.from(bytes).toString("base64")}");
  provide(() => unpacked(Uint8Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))));
  export * from "#names";`;
const ways = {
  "not packed": { entry: ({ wasm }) => provided(wasm, "const unpacked = (bytes) => bytes;") },
  "deflate, fflate": {
    entry: ({ wasm }) =>
      provided(
        deflateRawSync(wasm, { level: 9 }),
        `import { inflateSync as unpacked } from "${join(import.meta.dirname, "node_modules/fflate")}";`,
      ),
  },
  "deflate, by the browser": {
    awaited: true,
    entry: ({ wasm }) => `
      import { provideLater } from "./wasm/instance.js";
      const text = atob("${deflateRawSync(wasm, { level: 9 }).toString("base64")}");
      const bytes = new Uint8Array(text.length);
      for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
      provideLater(() => new Response(
        new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")),
      ).arrayBuffer());
      export * from "#names";`,
  },
  LZMA: { entry: () => `export * from "./entry/inlined.js";`, packing: "whole" },
  "LZMA of streams": { entry: () => `export * from "./entry/inlined.js";` },
  "LZMA of streams, `await init()`": {
    awaited: true,
    entry: () => `export * from "./entry/inlined.js";`,
  },
  "a file": { awaited: true, file: true, entry: () => `export * from "./entry/streaming.js";` },
  "a file, preloaded": {
    awaited: true,
    file: true,
    preloaded: true,
    entry: () => `export * from "./entry/streaming.js";`,
  },
};

const entries = {
  "byrobot-calls/client": { module: "byrobot_client", use: "client" },
  "byrobot-calls/table": { module: "byrobot_table", use: "table" },
  "byrobot-calls": { module: "byrobot_calls", use: "client" },
};

/** Other clients for the same page, as a scale. */
const rivals = {
  fetch: `return (await fetch("/openapi/v1/task/getTasks?companyId=1")).json();`,
  ky: `return ky("/openapi/v1/task/getTasks?companyId=1").json();`,
  openai: `const client = new OpenAI({ apiKey: "-", baseURL: location.origin, dangerouslyAllowBrowser: true });
    return client.models.list();`,
};

/** The files of a page, by their names, and the names of those that it loads until it has its answer. */
async function pageOf(source, resolveDir, { beside = [], preload = "", ...options } = {}) {
  const { outputFiles, metafile } = await bundle({
    stdin: { contents: source, resolveDir },
    outdir: root,
    metafile: true,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "error",
    // "sideEffects" in package.json speaks of what is built, not of these sources.
    ignoreAnnotations: true,
    ...options,
  });
  const named = (path) => basename(path).replace("stdin", "page");
  const scripts = outputFiles.map(({ path, contents }) => [named(path), contents]);
  const first = [...loadedFirst(metafile, "stdin.js")].map(named);
  const html = `<!doctype html><link rel=icon href=data:,>${preload}<script type=module src=/page.js></script>`;
  return {
    files: new Map([...scripts, ...beside, ["", Buffer.from(html)]]),
    first: ["", ...first, ...beside.map(([name]) => name)],
  };
}

const told = (use, ready = "") => `
  async function use() { ${ready} ${use} }
  use().then((answer) => globalThis.done(performance.now(), answer));`;

/** Every page that is measured: its place in the tables, and its files. */
async function pages(only) {
  const all = [];
  for (const [entry, { module, use }] of Object.entries(entries)) {
    if (only !== undefined && !entry.endsWith(only)) continue;
    const file = join(root, "target/wasm-bindgen", module, `${module}.wasm`);
    const wasm = readFileSync(file);
    const base64 = (await packed(file, "whole")).toString("base64");
    const whole = `export const size = ${wasm.length}; export const base64 = "${base64}";`;
    for (const [way, { entry: source, awaited, file, preloaded, packing }] of Object.entries(
      ways,
    )) {
      const own = ofModule(module);
      const name = use === "client" ? "ByrobotClient" : "CallTable";
      const wayPlugin = {
        name: "way",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^#way$/ }, () => ({ path: "way", namespace: "way" }));
          onLoad({ filter: /.*/, namespace: "way" }, () => ({
            contents: source({ wasm }),
            resolveDir: join(root, "pkg/src"),
            loader: "ts",
          }));
          if (packing === undefined) return;
          onResolve({ filter: /^#inline$/ }, () => ({ path: "whole", namespace: "whole" }));
          onLoad({ filter: /.*/, namespace: "whole" }, () => ({ contents: whole }));
        },
      };
      const page = await pageOf(
        `import { ${name}, init } from "#way"; ${told(uses[use], awaited && "await init();")}`,
        join(root, "pkg/src"),
        {
          ...own,
          plugins: [wayPlugin, ...own.plugins],
          tsconfig: join(root, "pkg/tsconfig.json"),
          beside: file ? [[`${module}.wasm`, wasm]] : [],
          preload: preloaded
            ? `<link rel=preload as=fetch crossorigin type=application/wasm href=/${module}.wasm>`
            : "",
        },
      );
      all.push({ table: entry, row: way, ...page });
    }
  }
  const imports = { ky: `import ky from "ky";`, openai: `import OpenAI from "openai";` };
  for (const [name, use] of Object.entries(rivals)) {
    const source = (imports[name] ?? "") + told(use);
    const page = await pageOf(source, import.meta.dirname);
    all.push({ table: "other clients", row: name, ...page });
  }
  return all;
}

/** Serves one page after the other, and the answers of the API. */
async function serve() {
  let files = new Map();
  const types = { js: "text/javascript", wasm: "application/wasm" };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const answer = answers[pathname];
    const file = files.get(pathname.slice(1));
    if (answer === undefined && file === undefined) return response.writeHead(404).end();
    const type = answer ? "application/json" : (types[pathname.split(".").pop()] ?? "text/html");
    response.writeHead(200, {
      "content-type": type,
      "cache-control": "no-store",
      ...(file && { "content-encoding": file.encoding }),
    });
    response.end(answer ?? file.bytes);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    show: (next) => (files = next),
    close: () => server.close(),
  };
}

const compressed = (files, encoding) =>
  new Map(
    [...files].map(([name, bytes]) => [name, { bytes: encodings[encoding](bytes), encoding }]),
  );

/** Milliseconds from navigation to the first answer. */
async function visit(browser, url, { cpu, speed, latency }) {
  const context = await browser.newContext();
  const tab = await context.newPage();
  const session = await context.newCDPSession(tab);
  if (speed !== undefined) {
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency,
      downloadThroughput: speed / 8,
      uploadThroughput: speed / 8,
    });
  }
  if (cpu > 1) await session.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  const answered = new Promise((resolve, reject) => {
    tab.on("pageerror", reject);
    void tab.exposeFunction("done", (time) => resolve(time)).then(() => tab.goto(url));
  });
  const time = await answered;
  await context.close();
  return time;
}

const median = (times) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)];

await main(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      visits: { type: "string", default: "7" },
      only: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  await packages();
  await build();
  const all = await pages(values.only);
  const [server, browser] = await Promise.all([serve(), openBrowser()]);
  const cells = [];
  try {
    for (const encoding of Object.keys(encodings)) {
      const served = all.map(({ files }) => compressed(files, encoding));
      for (const [profile, limits] of Object.entries(profiles)) {
        const times = all.map(() => []);
        // In turns, so that what else the machine does falls on all alike.
        for (let round = 0; round < Number(values.visits); round += 1) {
          for (const [at, files] of served.entries()) {
            server.show(files);
            times[at].push(await visit(browser, server.url, limits));
          }
        }
        for (const [at, { table, row, first }] of all.entries()) {
          const bytes = first.reduce((sum, name) => sum + served[at].get(name).bytes.length, 0);
          cells.push({ table, row, profile, encoding, bytes, time: median(times[at]) });
        }
        console.error(`· ${profile}, ${encoding}`);
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  const text = report(cells, browser.version());
  console.log(text);
  if (values.write) await write(text);
});

/** The tables: a row for each way, and for each server the bytes and the times. */
function report(cells, version) {
  const tables = [...new Set(cells.map(({ table }) => table))];
  const head = ["kB, gzip", "kB, brotli"];
  for (const profile of Object.keys(profiles))
    for (const encoding of Object.keys(encodings)) head.push(`${profile}, ${encoding}`);
  const texts = tables.map((table) => {
    const rows = [...new Set(cells.filter((cell) => cell.table === table).map(({ row }) => row))];
    const lines = rows.map((row) => {
      const of = (profile, encoding) =>
        cells.find(
          (cell) =>
            cell.table === table &&
            cell.row === row &&
            cell.profile === profile &&
            cell.encoding === encoding,
        );
      const kilobytes = Object.keys(encodings).map((encoding) =>
        (of("unthrottled", encoding).bytes / 1000).toFixed(1),
      );
      const times = Object.keys(profiles).flatMap((profile) =>
        Object.keys(encodings).map((encoding) => Math.round(of(profile, encoding).time)),
      );
      return `| ${[row, ...kilobytes, ...times].join(" | ")} |`;
    });
    const title = table === "other clients" ? table : `\`${table}\``;
    return [
      `| ${[title, ...head].join(" | ")} |`,
      `| --- |${" ---: |".repeat(head.length)}`,
      ...lines,
    ].join("\n");
  });
  return `${availableParallelism()} cores, Chromium ${version.split(".")[0]}; milliseconds, medians\n\n${texts.join("\n\n")}\n`;
}

async function write(text) {
  const file = join(import.meta.dirname, "README.md");
  const place = /(<!-- first-request -->\n)[^]*?(\n<!-- \/first-request -->)/;
  const readme = readFileSync(file, "utf8");
  writeFileSync(
    file,
    readme.replace(place, (_, open, close) => `${open}\n${text}${close}`),
  );
  await runNode(program("prettier"), ["--write", "--log-level", "warn", file]);
}
