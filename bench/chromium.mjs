// Runs the work in Chromium: bundles it, serves it with the files of DuckDB, and opens the page. The page is isolated
// from other origins, because browsers give such pages the finest clock.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { openBrowser } from "../scripts/browser.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);

const script = `
  import { run } from "./work.mjs";
  import { connect } from "./contestants/duckdb-chromium.mjs";
  globalThis.bench = (options) => run({ ...options, connect, say: (text) => console.log(text) });
`;

/** Performs each run, `{ rows, only }`, in a fresh page. */
export async function inChromium(runs, say) {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: here },
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "error",
  });
  const duckdb = (name) => readFile(require.resolve(`@duckdb/duckdb-wasm/dist/${name}`));
  const files = {
    "/": [
      "text/html",
      '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/bench.js"></script>',
    ],
    "/bench.js": ["text/javascript", outputFiles[0].contents],
    "/duckdb/duckdb-eh.wasm": ["application/wasm", await duckdb("duckdb-eh.wasm")],
    "/duckdb/duckdb-browser-eh.worker.js": [
      "text/javascript",
      await duckdb("duckdb-browser-eh.worker.js"),
    ],
  };
  const server = createServer((request, reply) => {
    const [type, content] = files[request.url] ?? [];
    const headers = {
      "content-type": type ?? "text/plain",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    };
    reply.writeHead(type ? 200 : 404, headers).end(content);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const results = {};
  const browser = await openBrowser("--js-flags=--expose-gc --max-old-space-size=4096");
  try {
    for (const run of runs) {
      const { rows } = run;
      const page = await browser.newPage();
      page.on("console", (message) => say(rows, message.text()));
      const failed = new Promise((_, reject) => {
        page.once("crash", () => reject(new Error("the page crashed")));
        page.once("pageerror", reject);
      });
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      await page.waitForFunction(() => globalThis.bench);
      results[rows] = await Promise.race([
        page.evaluate((options) => globalThis.bench(options), run),
        failed,
      ]);
      await page.close();
    }
    return { version: browser.version(), results };
  } finally {
    await browser.close();
    server.close();
  }
}
