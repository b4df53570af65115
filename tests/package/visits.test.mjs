// Calls kept between visits, in a browser: tabs that close or crash during a synchronisation, several tabs, a worker.
// Not here: storage that fails or is cleared (visits-storage.test.mjs).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { company, idsOf, task } from "./company.mjs";
import { root } from "./installation.mjs";
import { deferred } from "./stores.mjs";
import { calls, vendor } from "./vendor.mjs";
import {
  asked,
  keptIn,
  listed,
  openSite,
  openTab,
  script,
  sorted,
  sync,
  visit,
} from "./visits.mjs";

openSite();

describe("a visit that ends during a synchronisation", () => {
  for (const [how, end] of [
    ["the tab is closed", (tab) => tab.close()],
    ["the page is loaded anew", (tab) => tab.reload()],
    ["the tab is killed", async (tab) => {
      const session = await visit.context.newCDPSession(tab);
      const crashed = new Promise((resolve) => tab.once("crash", resolve));
      session.send("Page.crash").catch(() => {});
      await crashed;
    }], // prettier-ignore
  ]) {
    test(`${how}: the next one continues from the saved calls, and loses none`, async () => {
      visit.api = vendor(calls(12_000));
      for (const times of [70, 130, 171]) {
        const tab = await openTab();
        const stopped = sync(tab).catch(() => "stopped");
        await asked(times);
        await end(tab);
        assert.equal(await stopped, "stopped");
        // What comes in meanwhile is at the head then.
        visit.api.list.unshift(...calls(60, 20_000 + times * 100));
      }
      const before = visit.api.asked.length;
      const tab = await openTab();
      const report = await sync(tab);
      assert.deepEqual(sorted(report.contents), listed());
      assert.deepEqual([report.complete, report.storeError], [true, null]);
      // Something was saved at 2,000 calls at the latest, and at every quarter more from there.
      const requests = visit.api.asked.length - before;
      assert.ok(requests < 200, `${requests} requests although most was known`);
      await tab.close();

      const again = await openTab();
      const nothing = await sync(again);
      assert.deepEqual(sorted(nothing.contents), listed());
      assert.ok(nothing.requests <= 3);
    });
  }
});

describe("the tasks of a company", () => {
  const companyId = 1;
  const tasks = (count, each) =>
    Array.from({ length: count }, (_, at) => task(100 + at, calls(each, 1 + at * 100_000)));
  const ids = ({ contents }) => contents.map(([id]) => id).sort((a, b) => a - b);

  test("continue after a tab is loaded anew in mid-synchronisation, and none is lost", async () => {
    visit.api = company(tasks(12, 1000));
    for (const times of [90, 160]) {
      const tab = await openTab();
      const stopped = sync(tab, { companyId }).catch(() => "stopped");
      await asked(times);
      await tab.reload();
      assert.equal(await stopped, "stopped");
      visit.api.tasks[3].list.unshift(...calls(60, 2_000_000 + times * 100));
    }
    const before = visit.api.asked.length;
    const tab = await openTab();
    const report = await sync(tab, { companyId });
    assert.deepEqual(ids(report), idsOf(visit.api));
    assert.deepEqual([report.complete, report.storeError], [true, null]);
    assert.ok(visit.api.asked.length - before < 200);
    assert.equal((await keptIn(tab)).length, 1);
  });

  test("are read by one of two tabs, and the other continues from its calls", async () => {
    visit.api = company(tasks(6, 300));
    const tabs = [await openTab(), await openTab()];
    const reports = await Promise.all(tabs.map((tab) => sync(tab, { companyId })));
    for (const report of reports) {
      assert.deepEqual([report.complete, report.storeError], [true, null]);
      assert.deepEqual(ids(report), idsOf(visit.api));
    }
    assert.ok(visit.api.asked.length <= 1 + 6 * 7 + 1 + 6, `${visit.api.asked.length}`);
  });
});

describe("two tabs", () => {
  for (const locks of [true, false]) {
    test(`that synchronise one list ${locks ? "take turns" : "without locks merge their calls"}`, async () => {
      if (!locks) {
        await visit.context.addInitScript(() =>
          Object.defineProperty(navigator, "locks", { value: undefined }),
        );
      }
      visit.api = vendor(calls(5000));
      const tabs = [await openTab(), await openTab(), await openTab()];
      const reports = await Promise.all(tabs.map((tab) => sync(tab)));
      for (const report of reports) {
        assert.deepEqual([report.complete, report.storeError], [true, null]);
        assert.deepEqual(sorted(report.contents), listed());
      }
      if (locks) assert.ok(visit.api.asked.length <= 102 + 2 * 3, `${visit.api.asked.length}`);
      // One of them sees more, the other sees it too without asking for it.
      visit.api.list.unshift(...calls(40, 30_000));
      await sync(tabs[0]);
      visit.api.asked.length = 0;
      const late = await sync(tabs[1]);
      assert.deepEqual(sorted(late.contents), listed());
      assert.deepEqual([visit.api.asked.length <= 2, late.storeError], [true, null]);
      const next = await sync(await openTab());
      assert.deepEqual(sorted(next.contents), listed());
      assert.ok(next.requests <= 2);
    });
  }

  test("reject with the reason if one is aborted while it waits for its turn", async () => {
    visit.api = vendor(calls(3000), { delay: 3 });
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
    test(`reports the wait, and rejects after ${limit}`, async () => {
      const gate = deferred();
      visit.api = vendor(calls(300), {
        before: (number) => (number > 3 ? gate.promise : undefined),
      });
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

describe("in a worker", () => {
  test("the documented recipe synchronises and answers", async () => {
    visit.api = vendor(calls(3000));
    const guide = await readFile(`${root}/docs/worker.md`, "utf8");
    const [worker, page] = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
    await visit.project.write("calls.worker.ts", worker);
    await visit.project.write(
      "page.ts",
      `${page}\nworker.addEventListener("message", ({ data }) => said.push(data));
       const said: unknown[] = []; Object.assign(globalThis, { said, worker, isByrobotError });`,
    );
    // As a bundler does it: the worker is a file of its own.
    for (const name of ["calls.worker", "page"]) {
      await build({
        entryPoints: [visit.project.path(`${name}.ts`)],
        outfile: visit.project.path(`${name}.js`),
        bundle: true,
        format: "esm",
      });
    }
    const code = await readFile(visit.project.path("page.js"), "utf8");
    await visit.project.write("page.js", code.replace("calls.worker.ts", "calls.worker.js"));
    await visit.project.write(
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

  test("a million calls are restored there while the page keeps responding", async () => {
    await visit.project.write(
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
