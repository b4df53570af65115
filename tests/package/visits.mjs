// A site with the package in a browser, and a vendor behind it, for tests of data that is kept between visits.
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach } from "node:test";
import { openBrowser } from "../../scripts/browser.mjs";
import { install } from "./installation.mjs";
import { serve } from "./servers.mjs";

export const script = '<!doctype html><link rel="icon" href="data:," /><script type="module">';
const pages = {
  "/": `${script}
    import * as byrobot from "/node_modules/byrobot-calls/dist/inlined.js";
    globalThis.byrobot = byrobot;
    globalThis.table = new byrobot.CallTable();
    const store = byrobot.indexedDbStore();
    const contents = () => table.rows().map((row) => [row.callInstanceId, row.duration]);
    globalThis.sync = async ({ callJobId = 62, companyId, ...options } = {}) => {
      const client = new byrobot.ByrobotClient({ baseUrl: location.origin, retry: { minDelay: 1 } });
      const all = { store, ...options };
      const report = await (companyId === undefined
        ? client.syncDoneCalls(table, { callJobId }, all)
        : client.syncTasks(table, { companyId }, all));
      const error = report.storeError && \`\${report.storeError.name}: \${report.storeError.message}\`;
      return { ...report, storeError: error, contents: contents() };
    };
    globalThis.ready = true;
  </script>`,
  "/frame": '<!doctype html><iframe sandbox="allow-scripts" src="/"></iframe>',
};

/** The site: its project, server and vendor (`api`), the browser, and its context, a new one for each test. */
export const visit = {};

/** Opens the site for the tests of a file. */
export function openSite() {
  before(async () => {
    visit.project = await install();
    await visit.project.write("worker.html", `${script}globalThis.ready = true;</script>`);
    visit.site = await serve(answer);
    visit.browser = await openBrowser();
  });
  after(async () => {
    await visit.browser?.close();
    await visit.site?.close();
    await visit.project?.remove();
  });
  beforeEach(async () => {
    visit.context = await visit.browser.newContext();
  });
  afterEach(() => visit.context.close());
}

async function answer({ method, url, body, headers }) {
  const { pathname } = new URL(url, "http://site");
  // The sandboxed frame has no origin.
  const allowed = {
    "access-control-allow-origin": headers.origin ?? "*",
    "access-control-allow-headers": "content-type",
  };
  if (method === "OPTIONS") return { status: 204, headers: allowed };
  if (url.startsWith("/openapi/")) {
    const request = new Request(`http://vendor.test${url}`, { method, body: body || null });
    const reply = await visit.api.fetch(request);
    return { headers: allowed, body: Buffer.from(await reply.arrayBuffer()) };
  }
  if (pages[pathname]) return html(pages[pathname]);
  const file = await readFile(visit.project.folder + pathname).catch(() => null);
  if (file === null) return { status: 404 };
  if (pathname.endsWith(".html")) return html(file);
  return { headers: { "content-type": "text/javascript", ...allowed }, body: file };
}
const html = (body) => ({ headers: { "content-type": "text/html" }, body });

/** A page of the site, when it is ready. */
export async function openTab(path = "/") {
  const tab = await visit.context.newPage();
  await tab.goto(visit.site.url + path);
  await tab.waitForFunction(() => globalThis.ready);
  return tab;
}

/** Synchronises the table of a page; the report, and the contents of the table. */
export const sync = (tab, options) => tab.evaluate((given) => globalThis.sync(given), options);
export const sorted = (contents) => contents.toSorted(([a], [b]) => b - a);
/** The calls that the vendor lists. */
export const listed = () =>
  sorted(visit.api.list.map(({ callInstanceId, duration }) => [callInstanceId, duration]));

/** Resolves after so many requests to the vendor. */
export async function asked(times) {
  while (visit.api.asked.length < times) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Makes a database of another program. */
export const makeDatabase = (tab, version, stores) =>
  tab.evaluate(
    ([version, stores]) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open("byrobot-calls", version);
        request.onupgradeneeded = () =>
          stores.forEach((name) => request.result.createObjectStore(name));
        request.onerror = () => reject(request.error);
        request.onsuccess = () => resolve(request.result.close());
      }),
    [version, stores],
  );

/** The keys of the kept lists. */
export const keptIn = (tab) =>
  tab.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open("byrobot-calls");
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const keys = request.result
            .transaction("snapshots")
            .objectStore("snapshots")
            .getAllKeys();
          keys.onsuccess = () => resolve(keys.result);
          request.result.close();
        };
      }),
  );
