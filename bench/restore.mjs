// `node bench/restore.mjs [--rows 100000] [--visits 7] [--in Chromium,Firefox,WebKitGTK] [--tiers]`: the first
// `CallTable.restore` of a page, as a visit that continues from a snapshot does it, and the calls after it. Each visit is
// a browser of its own. `--tiers` also runs each engine with one of its compilers only, which shows what the first call
// waits for.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, root } from "../scripts/toolchain.mjs";
import { engineNames, openSession } from "../scripts/webdriver.mjs";
import { serve } from "../tests/package/servers.mjs";
import { makeCalls } from "./calls.mjs";
import { median } from "./measure.mjs";

/** Milliseconds until a page has done its work. */
const PATIENCE = 30_000;

/** Restores that a page makes one after the other. */
const REPEATS = 6;

const script = `
  import { CallTable, init } from "/inlined.js";
  const bytes = new Uint8Array(await (await fetch("/snapshot")).arrayBuffer());
  const rows = Number(location.search.slice(1));
  await init();
  const times = [];
  for (let turn = 0; turn < ${REPEATS}; turn += 1) {
    const start = performance.now();
    const table = CallTable.restore(bytes);
    times.push(performance.now() - start);
    if (table.length !== rows) throw new Error("the table has " + table.length + " rows");
    table.free();
  }
  document.title = JSON.stringify(times);
`;

/** By engine, the compilers of WebAssembly alone, and the options that leave only this one. */
const tiers = {
  Chromium: {
    "Liftoff alone": { args: ["--js-flags=--liftoff-only"] },
    "TurboFan alone": { args: ["--js-flags=--no-liftoff --no-wasm-lazy-compilation"] },
  },
  Firefox: {
    "baseline alone": { prefs: { "javascript.options.wasm_optimizingjit": false } },
    "Ion alone": { prefs: { "javascript.options.wasm_baselinejit": false } },
  },
  WebKitGTK: {
    "BBQ alone": { env: { JSC_useWasmIPInt: "0", JSC_useOMGJIT: "0" } },
    "BBQ, then OMG": { env: { JSC_useWasmIPInt: "0" } },
  },
};

await main(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: "string", default: "100000" },
      visits: { type: "string", default: "7" },
      in: { type: "string", default: engineNames.join() },
      tiers: { type: "boolean", default: false },
    },
  });
  const rows = Number(values.rows);
  const site = await serve(filesOf(await snapshotOf(rows)));
  const report = async (engine, name, options) => {
    const visits = [];
    let version;
    for (let visit = 0; visit < Number(values.visits); visit += 1) {
      const session = await openSession(engine, options);
      ({ version } = session);
      try {
        visits.push(await timesOf(session, `${site.url}/?${rows}`));
      } finally {
        await session.close();
      }
    }
    const medians = visits[0].map((_, turn) => median(visits.map((times) => times[turn])));
    const cells = medians.map((ms) => ms.toFixed(0).padStart(5)).join(" |");
    console.log(`| ${engine} ${version.match(/^\d{3}|^\d+\.\d+/)}, ${name} |${cells} |`);
  };
  console.log(`| ms for ${rows} calls | first | ${Array.from({ length: REPEATS - 1 }, (_, at) => at + 2).join(" | ")} |`); // prettier-ignore
  try {
    for (const engine of values.in.split(",")) {
      await report(engine, "as it is", {});
      if (!values.tiers) continue;
      for (const [name, options] of Object.entries(tiers[engine])) {
        await report(engine, name, options);
      }
    }
  } finally {
    await site.close();
  }
});

/** A snapshot of generated calls, made in Node. */
async function snapshotOf(rows) {
  const { CallTable } = await import("byrobot-calls");
  const table = new CallTable();
  const calls = makeCalls(rows);
  for (let from = 0; from < rows; from += 10_000) {
    table.ingest(calls.body(from, Math.min(from + 10_000, rows)));
  }
  const snapshot = table.snapshot();
  console.error(`· ${table.length} calls, a snapshot of ${(snapshot.length / 1e6).toFixed(1)} MB`);
  return snapshot;
}

/** The page, its script, the package and the snapshot. The page is isolated, so that its clock is the finest. */
function filesOf(snapshot) {
  const headers = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  };
  return async ({ url }) => {
    const of = (type, body) => ({ headers: { ...headers, "content-type": type }, body });
    if (url === "/snapshot") return of("application/octet-stream", snapshot);
    if (url === "/page.js") return of("text/javascript", script);
    if (url.startsWith("/?")) {
      return of("text/html", '<!doctype html><script type="module" src="/page.js"></script>');
    }
    const file = await readFile(join(root, "pkg/dist", url)).catch(() => null);
    return file === null ? { status: 404 } : of("text/javascript", file);
  };
}

async function timesOf(session, url) {
  await session.visit(url);
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    const title = await session.title();
    if (title.startsWith("[")) return JSON.parse(title);
    await new Promise((later) => setTimeout(later, 100));
  }
  return Array(REPEATS).fill(Infinity); // this engine does not run so
}
