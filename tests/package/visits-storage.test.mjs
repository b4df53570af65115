// The storage of calls in a browser: lost, full, forbidden, damaged, and cleared.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { company, task } from "./company.mjs";
import { deferred } from "./stores.mjs";
import { call, calls, vendor } from "./vendor.mjs";
import {
  asked,
  keptIn,
  listed,
  makeDatabase,
  openSite,
  openTab,
  sorted,
  sync,
  visit,
} from "./visits.mjs";

openSite();

describe("storage", () => {
  test("is opened again if its connection is lost without an event", async () => {
    visit.api = vendor(calls(500));
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
      visit.api.list.unshift(call(9000 + round));
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
    test(`with a database of ${what} under its name is reported, and another name works`, async () => {
      visit.api = vendor(calls(120));
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
    test(`that is ${what} is reported`, async () => {
      visit.api = vendor(calls(120));
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

  test("behind a blocked deletion is not used any more, and an abort does not wait", async () => {
    visit.api = vendor(calls(120));
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

  test("that is full is reported, and the table is up to date", async () => {
    visit.api = vendor(calls(5000));
    const tab = await openTab();
    const session = await visit.context.newCDPSession(tab);
    await session.send("Storage.overrideQuotaForOrigin", {
      origin: visit.site.url,
      quotaSize: 20_000,
    });
    const report = await sync(tab);
    assert.match(report.storeError, /^StoreError: the calls are not kept: .*storage.* is full/);
    assert.equal(report.complete, true);
    assert.deepEqual(sorted(report.contents), listed());
  });

  test("that the page may not use is reported, and the table is up to date", async () => {
    visit.api = vendor(calls(120));
    const tab = await visit.context.newPage();
    await tab.goto(`${visit.site.url}/frame`);
    const frame = tab.frames()[1];
    await frame.waitForFunction(() => globalThis.ready);
    const report = await sync(frame);
    assert.match(report.storeError, /^StoreError: .* does not let this page store anything/);
    assert.equal(report.complete, true);
    assert.deepEqual(sorted(report.contents), listed());
  });

  test("that another tab deletes is created again", async () => {
    visit.api = vendor(calls(500));
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
    visit.api.list.unshift(call(9000));
    const report = await sync(tab);
    assert.deepEqual([report.storeError, report.added], [null, 1]);
    assert.equal((await sync(await openTab())).added, 0);
  });

  test("with damaged bytes counts as empty", async () => {
    visit.api = vendor(calls(200));
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

describe("clear()", () => {
  const clear = (tab, of) =>
    tab.evaluate((given) => globalThis.byrobot.indexedDbStore().clear(given), of);

  test("removes the calls of one task, or all", async () => {
    visit.api = vendor(calls(120));
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

  test("of one task removes the snapshots of companies, which may have its calls", async () => {
    visit.api = company([task(62, calls(120)), task(63, calls(120, 1000))]);
    const tab = await openTab();
    await sync(tab, { callJobId: 63 });
    await sync(tab, { companyId: 1 });
    assert.equal((await keptIn(tab)).length, 2);
    await clear(tab, { callJobId: 62 });
    assert.match((await keptIn(tab)).join(), /^[^,]*"callJobId":63}$/);
  });

  test("of one task is final while a company's synchronisation continues", async () => {
    const gate = deferred();
    visit.api = company([task(62, calls(300))], {
      before: (_endpoint, _asked, number) => (number > 3 ? gate.promise : undefined),
    });
    const [tab, other] = [await openTab(), await openTab()];
    const running = sync(tab, { companyId: 1 });
    await asked(4);
    await clear(other, { callJobId: 62 });
    gate.resolve();
    const report = await running;
    assert.equal(report.complete, true);
    assert.match(report.storeError, /^StoreError: .* have been removed since/);
    assert.deepEqual(await keptIn(other), []);
  });

  test("is final while another tab's synchronisation continues", async () => {
    const gate = deferred();
    visit.api = vendor(calls(300), { before: (number) => (number > 3 ? gate.promise : undefined) });
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

  test("is final if the synchronisation is aborted at the same moment", async () => {
    visit.api = vendor(calls(3000), { delay: 1 });
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

  test("refuses a value that is not a task", async () => {
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
