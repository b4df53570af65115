// Calls that are kept between visits, in a real browser: tabs that are closed or killed in the middle,
// several of them at once, storage that is full or forbidden, and all of it in a worker.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { build } from "esbuild";
import { openBrowser } from "../../scripts/browser.mjs";
import { install, root } from "./installation.mjs";
import { serve } from "./servers.mjs";
import { deferred } from "./stores.mjs";
import { call, calls, vendor } from "./vendor.mjs";

const script = '<!doctype html><link rel="icon" href="data:," /><script type="module">';
const pages = {
  "/": `${script}
    import * as byrobot from "/node_modules/byrobot-calls/dist/inlined.js";
    globalThis.byrobot = byrobot;
    globalThis.table = new byrobot.CallTable();
    const store = byrobot.indexedDbStore();
    const contents = () => table.rows().map((row) => [row.callInstanceId, row.duration]);
    globalThis.sync = async ({ callJobId = 62, ...options } = {}) => {
      const client = new byrobot.ByrobotClient({ baseUrl: location.origin, retry: { minDelay: 1 } });
      const report = await client.syncDoneCalls(table, { callJobId }, { store, ...options });
      const error = report.storeError && \`\${report.storeError.name}: \${report.storeError.message}\`;
      return { ...report, storeError: error, contents: contents() };
    };
    globalThis.ready = true;
  </script>`,
  "/frame": '<!doctype html><iframe sandbox="allow-scripts" src="/"></iframe>',
};

let project, site, browser, context, api, folder;
before(async () => {
  project = await install();
  folder = project.folder;
  await project.write("worker.html", `${script}globalThis.ready = true;</script>`);
  site = await serve(answer);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
  await project?.remove();
});
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

async function answer({ method, url, body, headers }) {
  const { pathname } = new URL(url, "http://site");
  // The sandboxed frame is of no origin.
  const allowed = {
    "access-control-allow-origin": headers.origin ?? "*",
    "access-control-allow-headers": "content-type",
  };
  if (method === "OPTIONS") return { status: 204, headers: allowed };
  if (url.startsWith("/openapi/")) {
    const request = new Request(`http://vendor.test${url}`, { method, body: body || null });
    const reply = await api.fetch(request);
    return { headers: allowed, body: Buffer.from(await reply.arrayBuffer()) };
  }
  if (pages[pathname]) return html(pages[pathname]);
  const file = await readFile(folder + pathname).catch(() => null);
  if (file === null) return { status: 404 };
  if (pathname.endsWith(".html")) return html(file);
  return { headers: { "content-type": "text/javascript", ...allowed }, body: file };
}
const html = (body) => ({ headers: { "content-type": "text/html" }, body });

async function openTab(path = "/") {
  const tab = await context.newPage();
  await tab.goto(site.url + path);
  await tab.waitForFunction(() => globalThis.ready);
  return tab;
}

const sync = (tab, options) => tab.evaluate((given) => globalThis.sync(given), options);
const sorted = (contents) => contents.toSorted(([a], [b]) => b - a);
const listed = () =>
  sorted(api.list.map(({ callInstanceId, duration }) => [callInstanceId, duration]));

/** Resolves when the vendor has been asked so often. */
async function asked(times) {
  while (api.asked.length < times) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("a visit that ends in the middle", () => {
  for (const [how, end] of [
    ["the tab is closed", (tab) => tab.close()],
    ["the page is loaded anew", (tab) => tab.reload()],
    ["the tab is killed", async (tab) => {
      const session = await context.newCDPSession(tab);
      const crashed = new Promise((resolve) => tab.once("crash", resolve));
      session.send("Page.crash").catch(() => {});
      await crashed;
    }], // prettier-ignore
  ]) {
    test(`${how}: the next goes on from what was saved, and loses nothing`, async () => {
      api = vendor(calls(12_000));
      for (const times of [70, 130, 171]) {
        const tab = await openTab();
        const stopped = sync(tab).catch(() => "stopped");
        await asked(times);
        await end(tab);
        assert.equal(await stopped, "stopped");
        // What comes in meanwhile is at the head then.
        api.list.unshift(...calls(60, 20_000 + times * 100));
      }
      const before = api.asked.length;
      const tab = await openTab();
      const report = await sync(tab);
      assert.deepEqual(sorted(report.contents), listed());
      assert.deepEqual([report.complete, report.storeError], [true, null]);
      // Something was saved at 2,000 calls at the latest, and at every quarter more from there.
      const requests = api.asked.length - before;
      assert.ok(requests < 200, `${requests} requests although most was known`);
      await tab.close();

      const again = await openTab();
      const nothing = await sync(again);
      assert.deepEqual(sorted(nothing.contents), listed());
      assert.ok(nothing.requests <= 3);
    });
  }
});

describe("two tabs", () => {
  for (const locks of [true, false]) {
    test(`that synchronise one list ${locks ? "take turns" : "without locks put together what they have"}`, async () => {
      if (!locks) {
        await context.addInitScript(() =>
          Object.defineProperty(navigator, "locks", { value: undefined }),
        );
      }
      api = vendor(calls(5000));
      const tabs = [await openTab(), await openTab(), await openTab()];
      const reports = await Promise.all(tabs.map((tab) => sync(tab)));
      for (const report of reports) {
        assert.deepEqual([report.complete, report.storeError], [true, null]);
        assert.deepEqual(sorted(report.contents), listed());
      }
      if (locks) assert.ok(api.asked.length <= 102 + 2 * 3, `${api.asked.length}`);
      // One of them sees more, the other sees it too without asking for it.
      api.list.unshift(...calls(40, 30_000));
      await sync(tabs[0]);
      api.asked.length = 0;
      const late = await sync(tabs[1]);
      assert.deepEqual(sorted(late.contents), listed());
      assert.deepEqual([api.asked.length <= 2, late.storeError], [true, null]);
      const next = await sync(await openTab());
      assert.deepEqual(sorted(next.contents), listed());
      assert.ok(next.requests <= 2);
    });
  }

  test("of which one is aborted while it waits for its turn: it rejects with the reason", async () => {
    api = vendor(calls(3000), { delay: 3 });
    const [first, second] = [await openTab(), await openTab()];
    const running = sync(first);
    await asked(5);
    const reason = await second.evaluate(async () => {
      const controller = new AbortController();
      const waiting = globalThis.sync({ signal: controller.signal });
      setTimeout(() => controller.abort(new Error("no patience")), 50);
      return waiting.catch((error) => error.message);
    });
    assert.equal(reason, "no patience");
    assert.equal((await running).complete, true);
  });
});

describe("a tab that waits for another", () => {
  for (const limit of ["timeout", "totalTimeout"]) {
    test(`is told so, and gives up after ${limit}`, async () => {
      const gate = deferred();
      api = vendor(calls(300), { before: (number) => (number > 3 ? gate.promise : undefined) });
      const [first, second] = [await openTab(), await openTab()];
      const running = sync(first);
      await asked(4);
      const [code, phases] = await second.evaluate(async (name) => {
        const phases = [];
        const onProgress = ({ phase }) => phases.push(phase);
        const stopped = globalThis.sync({ [name]: 500, onProgress });
        return [await stopped.catch((error) => error.code), phases];
      }, limit);
      assert.deepEqual([code, phases], ["timeout", ["waiting"]]);
      gate.resolve();
      assert.equal((await running).complete, true);
      // Its turn was given back, and it goes on with what the first has saved.
      const report = await sync(second);
      assert.deepEqual([report.added, report.requests], [0, 1]);
      assert.deepEqual(sorted(report.contents), listed());
    });
  }
});

/** Makes a database that is not the package's. */
const makeDatabase = (tab, version, stores) =>
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

/** The lists that are kept. */
const keptIn = (tab) =>
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

describe("storage", () => {
  test("whose connection is lost without an event is opened once more", async () => {
    api = vendor(calls(500));
    const tab = await openTab();
    await tab.evaluate(() => {
      const { open } = IDBFactory.prototype;
      globalThis.databases = [];
      IDBFactory.prototype.open = function (...given) {
        const request = open.apply(this, given);
        request.addEventListener("success", () => globalThis.databases.push(request.result));
        return request;
      };
    });
    await sync(tab);
    for (const round of [1, 2]) {
      await tab.evaluate(() => globalThis.databases.at(-1).close());
      api.list.unshift(call(9000 + round));
      const report = await sync(tab);
      assert.deepEqual([report.storeError, report.added], [null, 1]);
      assert.equal(await tab.evaluate(() => globalThis.databases.length), 1 + round);
    }
    assert.equal((await sync(await openTab())).added, 0);
  });

  for (const [what, version, stores] of [
    ["a later version", 7, ["snapshots", "versions"]],
    ["other contents", 1, ["books"]],
  ]) {
    test(`under whose name there is a database of ${what} says so, and another name helps`, async () => {
      api = vendor(calls(120));
      const tab = await openTab();
      await makeDatabase(tab, version, stores);
      const report = await sync(tab);
      assert.match(report.storeError, /^StoreError: .* give indexedDbStore\(\) another name/);
      assert.equal(report.complete, true);
      assert.deepEqual(sorted(report.contents), listed());
      const other = await tab.evaluate(async () => {
        const { storeError } = await globalThis.sync({
          store: globalThis.byrobot.indexedDbStore("calls of mine"),
        });
        return storeError;
      });
      assert.equal(other, null);
    });
  }

  for (const [what, property] of [
    ["null", "value: null"],
    ["undefined", "value: undefined"],
    ["forbidden", "get() { throw new DOMException('denied', 'SecurityError'); }"],
  ]) {
    test(`that is ${what} is reported in words`, async () => {
      api = vendor(calls(120));
      const tab = await openTab();
      await tab.evaluate(`
        globalThis.own = Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
        Object.defineProperty(globalThis, "indexedDB", { configurable: true, ${property} });
      `);
      const report = await sync(tab);
      assert.match(
        report.storeError,
        what === "forbidden" ? /does not let this page store/ : /there is no IndexedDB here/,
      );
      assert.equal(report.complete, true);
      // Once it is there again it is used.
      await tab.evaluate(() => Object.defineProperty(globalThis, "indexedDB", globalThis.own));
      assert.equal((await sync(tab)).storeError, null);
      assert.equal((await sync(await openTab())).added, 0);
    });
  }

  test("behind a deletion that another tab blocks is given up, and an abort does not wait", async () => {
    api = vendor(calls(120));
    const [tab, holding] = [await openTab(), await openTab()];
    await sync(holding);
    await holding.evaluate(
      () =>
        new Promise((resolve) => {
          // A connection that does not make way.
          indexedDB.open("byrobot-calls").onsuccess = ({ target }) => {
            globalThis.open = target.result;
            indexedDB.deleteDatabase("byrobot-calls").onblocked = resolve;
          };
        }),
    );
    const reason = await tab.evaluate(async () => {
      const controller = new AbortController();
      const stopped = globalThis.sync({ signal: controller.signal, storeTimeout: Infinity });
      setTimeout(() => controller.abort("no patience"), 50);
      return stopped.catch((reason) => reason);
    });
    assert.equal(reason, "no patience");
    const report = await sync(tab, { storeTimeout: 200 });
    assert.match(report.storeError, /\(\) has not answered within 200 ms \(storeTimeout\)/);
    assert.deepEqual([report.complete, sorted(report.contents)], [true, listed()]);
    // When it gives way at last, the store is used again.
    await holding.evaluate(() => globalThis.open.close());
    assert.equal((await sync(tab)).storeError, null);
    assert.equal((await sync(await openTab())).added, 0);
  });

  test("that is full is reported, and the calls come all the same", async () => {
    api = vendor(calls(5000));
    const tab = await openTab();
    const session = await context.newCDPSession(tab);
    await session.send("Storage.overrideQuotaForOrigin", { origin: site.url, quotaSize: 20_000 });
    const report = await sync(tab);
    assert.match(report.storeError, /^StoreError: the calls are not kept: .*storage.* is full/);
    assert.equal(report.complete, true);
    assert.deepEqual(sorted(report.contents), listed());
  });

  test("that the page may not use is reported, and the calls come all the same", async () => {
    api = vendor(calls(120));
    const tab = await context.newPage();
    await tab.goto(`${site.url}/frame`);
    const frame = tab.frames()[1];
    await frame.waitForFunction(() => globalThis.ready);
    const report = await sync(frame);
    assert.match(report.storeError, /^StoreError: .* does not let this page store anything/);
    assert.equal(report.complete, true);
    assert.deepEqual(sorted(report.contents), listed());
  });

  test("that another tab deletes is begun anew", async () => {
    api = vendor(calls(500));
    const [tab, other] = [await openTab(), await openTab()];
    await sync(tab);
    const deleted = await other.evaluate(
      () =>
        new Promise((resolve) => {
          const request = indexedDB.deleteDatabase("byrobot-calls");
          request.onsuccess = () => resolve("deleted");
          request.onblocked = () => resolve("blocked");
        }),
    );
    assert.equal(deleted, "deleted");
    api.list.unshift(call(9000));
    const report = await sync(tab);
    assert.deepEqual([report.storeError, report.added], [null, 1]);
    assert.equal((await sync(await openTab())).added, 0);
  });

  test("with another's damaged bytes is as good as empty", async () => {
    api = vendor(calls(200));
    await sync(await openTab());
    const tab = await openTab();
    await tab.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const request = indexedDB.open("byrobot-calls");
          request.onsuccess = () => {
            const transaction = request.result.transaction("snapshots", "readwrite");
            const store = transaction.objectStore("snapshots");
            const keys = store.getAllKeys();
            keys.onsuccess = () => store.put(new Uint8Array(77), keys.result[0]);
            transaction.oncomplete = resolve;
            transaction.onerror = reject;
          };
        }),
    );
    const report = await sync(tab);
    assert.deepEqual([report.storeError, report.added], [null, 200]);
    assert.equal((await sync(await openTab())).added, 0);
  });
});

describe("what is removed", () => {
  const clear = (tab, of) =>
    tab.evaluate((given) => globalThis.byrobot.indexedDbStore().clear(given), of);

  test("is one task's calls, or all", async () => {
    api = vendor(calls(120));
    const tab = await openTab();
    for (const callJobId of [62, 621, 63]) await sync(tab, { callJobId });
    const tasks = async () =>
      (await keptIn(tab)).map((key) => Number(/"callJobId":(\d+)/.exec(key)[1]));
    assert.deepEqual((await tasks()).sort(), [62, 621, 63]);
    await clear(tab, { callJobId: 62 });
    assert.deepEqual((await tasks()).sort(), [621, 63]);
    await clear(tab);
    assert.deepEqual(await tasks(), []);
    // The page goes on, and so does what it keeps.
    const report = await sync(tab);
    assert.deepEqual([report.storeError, report.added], [null, 0]);
    assert.equal((await sync(await openTab())).added, 0);
  });

  test("stays removed although another tab's synchronisation goes on", async () => {
    const gate = deferred();
    api = vendor(calls(300), { before: (number) => (number > 3 ? gate.promise : undefined) });
    const [tab, other] = [await openTab(), await openTab()];
    const running = sync(tab);
    await asked(4);
    await clear(other);
    gate.resolve();
    const report = await running;
    assert.equal(report.complete, true);
    assert.match(report.storeError, /^StoreError: .* have been removed since/);
    assert.deepEqual(await keptIn(other), []);
    const next = await sync(tab);
    assert.deepEqual([next.storeError, next.added], [null, 0]);
    assert.equal((await keptIn(other)).length, 1);
  });

  test("stays removed when the synchronisation is aborted in the same moment", async () => {
    api = vendor(calls(3000), { delay: 1 });
    const tab = await openTab();
    const stopped = tab.evaluate(async () => {
      const controller = new AbortController();
      let removed;
      const onProgress = ({ done }) => {
        if (done < 1000 || removed) return;
        controller.abort("signed out");
        removed = globalThis.byrobot.indexedDbStore().clear();
      };
      const outcome = await globalThis
        .sync({ signal: controller.signal, onProgress })
        .catch((reason) => reason);
      await removed;
      return outcome;
    });
    assert.equal(await stopped, "signed out");
    // What was about to be saved would be by now: a store answers in turn.
    await tab.evaluate(() => globalThis.byrobot.indexedDbStore().version("any"));
    assert.deepEqual(await keptIn(tab), []);
  });

  test("has to be named", async () => {
    const tab = await openTab();
    for (const of of [null, {}, { callJobId: "62" }, 62]) {
      const code = await tab.evaluate(
        (given) =>
          globalThis.byrobot
            .indexedDbStore()
            .clear(given)
            .catch((error) => error.code),
        of,
      );
      assert.equal(code, "invalid_argument", JSON.stringify(of));
    }
  });
});

describe("in a worker", () => {
  test("the documented recipe synchronises and answers", async () => {
    api = vendor(calls(3000));
    const guide = await readFile(`${root}/docs/worker.md`, "utf8");
    const [worker, page] = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
    await project.write("calls.worker.ts", worker);
    await project.write(
      "page.ts",
      `${page}\nworker.addEventListener("message", ({ data }) => said.push(data));
       const said: unknown[] = []; Object.assign(globalThis, { said, worker, isByrobotError });`,
    );
    // As a bundler does it: the worker is a file of its own.
    for (const name of ["calls.worker", "page"]) {
      await build({
        entryPoints: [project.path(`${name}.ts`)],
        outfile: project.path(`${name}.js`),
        bundle: true,
        format: "esm",
      });
    }
    const code = await readFile(project.path("page.js"), "utf8");
    await project.write("page.js", code.replace("calls.worker.ts", "calls.worker.js"));
    await project.write(
      "recipe.html",
      `${script}import "/page.js"; globalThis.ready = true</script>`,
    );
    const tab = await openTab("/recipe.html");
    await tab.waitForFunction(() => globalThis.said.some(({ statistics }) => statistics));
    const said = await tab.evaluate(() => globalThis.said);
    const { statistics } = said.at(-1);
    assert.equal(statistics.calls, 3000);
    assert.ok(said.filter(({ progress }) => progress).length >= 60, "every page is told");
    // What fails there arrives with its code.
    await tab.evaluate(() => globalThis.worker.postMessage({ durations: {} }));
    await tab.waitForFunction(() => globalThis.said.some(({ error }) => error));
    const [known, error] = await tab.evaluate(() => {
      const { error } = globalThis.said.at(-1);
      return [globalThis.isByrobotError(error), JSON.parse(JSON.stringify(error))];
    });
    assert.deepEqual([known, error.code, error.path], [true, "invalid_argument", "durations"]);
    assert.match(error.message, /^durations: no such key/);
  });

  test("a million calls are taken in and restored there while the page goes on", async () => {
    await project.write(
      "million.js",
      `import { CallTable } from "/node_modules/byrobot-calls/dist/inlined.js";
       const table = new CallTable();
       for (let page = 0; page < 100; page += 1) {
         const list = Array.from({ length: 10_000 }, (_, row) => ({
           callInstanceId: page * 10_000 + row, callJobId: 62, duration: row % 300, finishStatus: 0,
         }));
         table.ingest(JSON.stringify({ code: 200, data: { list } }));
       }
       const snapshot = table.snapshot();
       postMessage("begins");
       onmessage = () => {
         const restored = CallTable.restore(snapshot);
         postMessage({ calls: restored.statistics().calls });
       };`,
    );
    const tab = await openTab("/worker.html");
    const { calls: restored, turns } = await tab.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker("/million.js", { type: "module" });
          worker.onerror = reject;
          let turns = 0;
          const turn = new MessageChannel();
          turn.port1.onmessage = () => {
            turns += 1;
            turn.port2.postMessage(null);
          };
          worker.onmessage = ({ data }) => {
            if (data === "begins") {
              turn.port2.postMessage(null);
              worker.postMessage("restore");
            } else {
              turn.port1.close();
              resolve({ ...data, turns });
            }
          };
        }),
    );
    assert.equal(restored, 1_000_000);
    assert.ok(turns > 50, `the page had ${turns} turns meanwhile`);
  });
});
