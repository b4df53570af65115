// Visits in Chromium: one page synchronises 10⁵ calls into a table and stores them; the next page loads them. The
// vendor is a sandbox without latency, in a worker of the page or behind HTTP. Prints the time of the page's main
// thread, and its time for the same requests when it ignores the answers.
import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { createSandbox } from "byrobot-calls/sandbox";
import { build } from "esbuild";
import { openBrowser } from "../scripts/browser.mjs";

const calls = 100_000;
const rounds = 5;
const world = { tasks: 9, callsPerTask: calls };

const worker = `
  import { createSandbox } from "byrobot-calls/sandbox";
  const sandbox = createSandbox(${JSON.stringify(world)});
  addEventListener("message", async ({ data: { number, url, method, body } }) => {
    const headers = { "content-type": "application/json" };
    const answer = await (await sandbox).fetch(url, { method, body, headers });
    const bytes = await answer.arrayBuffer();
    postMessage({ number, status: answer.status, bytes }, [bytes]);
  });
  sandbox.then(() => postMessage("ready"));
`;

const page = `
  import { ByrobotClient, CallTable, indexedDbStore } from "byrobot-calls";

  /** A fetch function that sends requests to the sandbox in a worker. */
  async function beside() {
    const worker = new Worker("/worker.js", { type: "module" });
    await new Promise((resolve) => worker.addEventListener("message", resolve, { once: true }));
    const waiting = new Map();
    let asked = 0;
    worker.onmessage = ({ data: { number, status, bytes } }) => {
      waiting.get(number)(new Response(bytes, { status }));
      waiting.delete(number);
    };
    return async (...given) => {
      const request = new Request(...given);
      const body = await request.text();
      const number = (asked += 1);
      return new Promise((resolve) => {
        waiting.set(number, resolve);
        worker.postMessage({ number, url: request.url, method: request.method, body });
      });
    };
  }

  let longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: "longtask" });

  let fetcher;
  globalThis.prepare = async (where) => {
    fetcher = where === "worker" ? await beside() : (...request) => fetch(...request);
  };
  globalThis.alone = async (callJobId, pages) => {
    for (let pageNum = 1; pageNum <= pages; pageNum += 1) {
      const body = JSON.stringify({ callJobId, pageNum, pageSize: 50 });
      const headers = { "content-type": "application/json" };
      const url = location.origin + "/openapi/v1/task/queryDoneTaskPhones";
      await (await fetcher(new Request(url, { method: "POST", headers, body }))).arrayBuffer();
    }
    return {};
  };
  globalThis.visit = async (callJobId) => {
    const client = new ByrobotClient({ baseUrl: location.origin, fetch: fetcher });
    const table = new CallTable();
    const began = performance.now();
    let shown = null;
    const report = await client.syncDoneCalls(table, { callJobId }, {
      store: indexedDbStore(),
      onProgress({ requests }) {
        if (requests > 0) return;
        document.body.textContent = JSON.stringify(table.statistics());
        requestAnimationFrame(() => setTimeout(() => (shown = performance.now() - began)));
      },
    });
    const ms = performance.now() - began;
    while (longest === 0 && performance.now() < began + ms + 100) {
      await new Promise((resolve) => setTimeout(resolve, 20)); // observers get their entries late
    }
    return { ...report, ms, shown, longest, length: table.length };
  };
`;

const sandbox = await createSandbox(world);
const api = "http://vendor.test/openapi/v1/task";
const tasks = await (await sandbox.fetch(`${api}/getTasks?companyId=1&status=2`)).json();
const { callJobId } = tasks.data.list[0];

const { outputFiles } = await build({
  entryPoints: ["page", "worker"],
  plugins: [
    {
      name: "given",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^(page|worker)$/ }, ({ path }) => ({ path, namespace: "given" }));
        onLoad({ filter: /./, namespace: "given" }, ({ path }) => ({
          contents: path === "page" ? page : worker,
          resolveDir: import.meta.dirname,
        }));
      },
    },
  ],
  outdir: "/",
  bundle: true,
  format: "esm",
  minify: true,
  write: false,
});
const files = Object.fromEntries(outputFiles.map(({ path, contents }) => [path, contents]));
const html =
  '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/page.js"></script>';
const server = createServer(async (message, reply) => {
  const { method, headers, url } = message;
  if (url === "/") return reply.writeHead(200, { "content-type": "text/html" }).end(html);
  if (files[url]) {
    return reply.writeHead(200, { "content-type": "text/javascript" }).end(files[url]);
  }
  const request = { method, headers: { "content-type": headers["content-type"] } };
  if (method === "POST") request.body = await buffer(message);
  const answer = await sandbox.fetch(`http://vendor.test${url}`, request);
  reply.writeHead(answer.status, Object.fromEntries(answer.headers));
  reply.end(Buffer.from(await answer.arrayBuffer()));
});
await once(server.listen(0, "127.0.0.1"), "listening");
const browser = await openBrowser();

/** The report of one page, and the milliseconds that its main thread was busy. */
async function tab(context, where, what, ...given) {
  const opened = await context.newPage();
  const session = await context.newCDPSession(opened);
  await session.send("Performance.enable");
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
  await opened.goto(`http://127.0.0.1:${server.address().port}/`);
  await opened.waitForFunction(() => globalThis.prepare);
  await opened.evaluate((place) => globalThis.prepare(place), where);
  const before = await busy();
  const said = await opened.evaluate(([name, args]) => globalThis[name](...args), [what, given]);
  const spent = (await busy()) - before;
  await opened.close();
  return { ...said, busy: spent };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1].toFixed(0);
const columns = [];
for (const where of ["worker", "http"]) {
  const all = [];
  for (let round = 0; round < rounds; round += 1) {
    const context = await browser.newContext();
    const first = await tab(context, where, "visit", callJobId);
    const alone = await tab(context, where, "alone", callJobId, first.requests);
    const next = await tab(context, where, "visit", callJobId);
    if (!first.complete || first.length !== calls || next.added !== 0 || next.length !== calls) {
      throw new Error(JSON.stringify([first, next]));
    }
    all.push({ first, alone, next });
    await context.close();
  }
  const of = (pick) => median(all.map(pick));
  columns.push([
    of(({ first }) => first.busy),
    of(({ alone }) => alone.busy),
    of(({ first }) => first.longest),
    of(({ first }) => first.ms),
    of(({ first }) => first.requests),
    of(({ next }) => next.shown),
    of(({ next }) => next.longest),
    of(({ next }) => next.requests),
  ]);
}
const titles = [
  "first visit: time that the page's thread was busy, ms",
  "… the same requests alone, ms",
  "… longest task, ms (0: none of 50)",
  "… in all, ms",
  "… requests",
  "next visit: from the store to statistics on screen, ms",
  "… longest task, ms (0: none of 50)",
  "… requests",
];
const [beside, http] = columns;
const lines = titles.map((title, row) => `| ${title} | ${beside[row]} | ${http[row]} |`);
console.log(`Chromium ${browser.version().split(".")[0]}, ${calls} calls, medians of ${rounds}\n`);
console.log(`| | sandbox in a worker | behind HTTP |\n| --- | --: | --: |\n${lines.join("\n")}`);
await browser.close();
server.close();
sandbox.free();
