// Clients and tables of different entry points and of copies of the package: each pair does what client and table of
// "byrobot-calls" do. Not here: their failures (entries-failures.test.mjs), what bundlers make of them (bundlers.test.mjs).
import assert from "node:assert/strict";
import { mkdtemp, symlink } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { virtualClock } from "./clock.mjs";
import { entriesOf, noted, pairs, rowsOf } from "./entries.mjs";
import { install } from "./installation.mjs";
import { errorOf, rejectionOf } from "./rejections.mjs";
import { contents, deferred, listed, memory } from "./stores.mjs";
import { calls, vendor } from "./vendor.mjs";

let project, entries, createSandbox, fileStore;
before(async () => {
  project = await install();
  entries = await entriesOf(project);
  ({ createSandbox } = await project.import("byrobot-calls/sandbox"));
  ({ fileStore } = await project.import("byrobot-calls/node"));
});
after(() => project?.remove());

const hour = 3600;
const company = { companyId: 1 };
/** The answers of a table to some questions. */
const answersOf = (table) => [table.statistics(), table.groupBy("finishStatus"), table.toCSV()];

/** A sandbox with a running task, and what is asked of it; `one` and `other` name the entries of client and table. */
async function stage(t, [one, other], { before, ...options } = {}) {
  const sandbox = await createSandbox({ seed: 3, tasks: 12, callsPerTask: 300, ...options });
  t.after(() => sandbox.free());
  const { ByrobotClient } = entries[one];
  const { CallTable } = entries[other];
  const notes = noted(sandbox, { before });
  const client = new ByrobotClient({ fetch: notes.fetch, retry: { minDelay: 0 } });
  const calm = new ByrobotClient({ fetch: sandbox.fetch });
  const {
    list: [{ callJobId }],
  } = await calm.getTasks({ ...company, status: 1 });
  /** What the sandbox lists, read page by page without a table. */
  const all = async () => {
    const rows = await calm.doneCalls({ callJobId }).toArray();
    return rows.sort((a, b) => a.callInstanceId - b.callInstanceId);
  };
  const asked = () => notes.asked.splice(0);
  return { sandbox, client, calm, CallTable, query: { callJobId }, asked, all };
}

/** What happens in each pair is what happens with client and table of "byrobot-calls", at the same time of day. */
function alike(name, scenario, { virtual = false } = {}) {
  const same = ["byrobot-calls", "byrobot-calls"];
  for (const pair of pairs) {
    test(`${name}: ${pair.join(" fills ")}`, async (t) => {
      const { now } = Date;
      const clock = virtual ? virtualClock(t) : undefined;
      const moment = now();
      if (!virtual) Date.now = () => moment;
      try {
        const seen = await scenario(t, pair, clock);
        assert.deepEqual(seen, await scenario(t, same, clock));
      } finally {
        if (!virtual) Date.now = now;
      }
    });
  }
}

describe("syncDoneCalls", () => {
  for (const options of [{}, { prefetch: 4 }]) {
    alike(
      `with ${JSON.stringify(options)} reads the whole list once, then its head, and with full all again`,
      async (t, pair) => {
        const { sandbox, client, CallTable, query, asked, all } = await stage(t, pair);
        const table = new CallTable();
        const seen = [];
        for (const more of [{}, {}, { full: true }]) {
          const progress = [];
          const onProgress = (now) => progress.push(now);
          const report = await client.syncDoneCalls(table, query, { ...options, ...more, onProgress }); // prettier-ignore
          assert.deepEqual(rowsOf(table), await all());
          assert.deepEqual([report.complete, progress.length > 0], [true, true]);
          seen.push([report, progress, asked(), ...answersOf(table)]);
          sandbox.advance(300);
        }
        const requests = seen.map(([report]) => report.requests);
        assert.ok(requests[0] >= 5 && requests[1] < requests[0], `${requests}`);
        return seen;
      },
    );
  }

  alike(
    "falls back to pages where the server ignores the index, and keeps that",
    async (t, pair) => {
      const { client, CallTable, query, asked, all } = await stage(t, pair, {
        faults: { ignoreIndex: 1 },
      });
      const table = new CallTable();
      const options = { mode: "cursor" };
      const reports = [await client.syncDoneCalls(table, query, options)];
      reports.push(await client.syncDoneCalls(table, query, options));
      assert.deepEqual(rowsOf(table), await all());
      return [reports, asked()];
    },
  );

  alike("counts odd, doubled and shifted rows", async (t, pair) => {
    const faults = { oddFields: 0.7, duplicateRows: 0.5, shiftRows: 0.3 };
    const { client, CallTable, query, asked } = await stage(t, pair, { faults });
    const table = new CallTable();
    const report = await client.syncDoneCalls(table, query);
    assert.ok(table.length > 200, `${table.length} calls`);
    return [report, rowsOf(table), asked()];
  });

  alike(
    "reads by index where the server knows it, and after a stop from there",
    async (t, pair) => {
      const [{ ByrobotClient }, { CallTable }] = pair.map((name) => entries[name]);
      const indexed = (count, from) =>
        calls(count, from).map((row) => ({ ...row, callIndex: row.callInstanceId * 3 }));
      const stop = new AbortController();
      const before = (number) => void (number === 3 && stop.abort());
      const server = Object.assign(vendor(indexed(170, 1), { before }), { byIndex: true });
      const client = new ByrobotClient({ fetch: server.fetch });
      const table = new CallTable();
      const query = { callJobId: 62 };
      const { signal } = stop;
      await rejectionOf(client.syncDoneCalls(table, query, { mode: "cursor", signal }));
      const stopped = table.length;
      const reports = [await client.syncDoneCalls(table, query, { mode: "cursor" })];
      server.list.unshift(...indexed(3, 500));
      reports.push(await client.syncDoneCalls(table, query, { mode: "cursor" }));
      const indices = server.asked.map(({ index }) => index);
      assert.deepEqual(indices, [-1, 150, 300, 300, 450, 510]);
      assert.deepEqual(contents(table), listed(server));
      return [stopped, reports];
    },
  );

  alike("that was stopped continues where it was", async (t, pair) => {
    const stop = new AbortController();
    const reason = new Error("the page was left");
    const before = (number) => void (number === 4 && stop.abort(reason));
    const { client, CallTable, query, asked, all } = await stage(t, pair, { before });
    const table = new CallTable();
    const { signal } = stop;
    assert.equal(await rejectionOf(client.syncDoneCalls(table, query, { signal })), reason);
    const { length } = table;
    assert.ok(length > 100 && length < (await all()).length, `${length}`);
    asked();
    const report = await client.syncDoneCalls(table, query);
    assert.deepEqual(rowsOf(table), await all());
    assert.ok(report.requests <= 4, `${report.requests} requests`);
    return [length, report, asked()];
  });

  alike("continues when the table is freed meanwhile, and its store is full", async (t, pair) => {
    const freed = deferred();
    const before = (number) => (number === 2 ? freed.promise : undefined);
    const { client, CallTable, query, all } = await stage(t, pair, { before });
    const store = memory();
    const table = new CallTable();
    const run = client.syncDoneCalls(table, query, { store });
    table.free();
    freed.resolve();
    const report = await run;
    const [snapshot] = store.saved.values();
    const restored = CallTable.restore(snapshot);
    assert.deepEqual(rowsOf(restored), await all());
    const refused = await errorOf(client.syncDoneCalls(table, query), {
      code: "invalid_argument",
      message: /freed/,
    });
    return [report, refused.message];
  });
});

describe("a checkpoint", () => {
  for (const pair of pairs) {
    test(`of one pair is understood by every other: ${pair.join(" fills ")}`, async (t) => {
      const { client, calm, CallTable, query, asked } = await stage(t, pair);
      const table = new CallTable();
      await client.syncDoneCalls(table, query);
      asked();
      const again = await client.syncDoneCalls(table, query);
      assert.equal(again.requests, 1);
      for (const [name, { CallTable: Restoring }] of Object.entries(entries)) {
        if (Restoring === undefined) continue;
        const restored = Restoring.restore(table.snapshot());
        assert.deepEqual(rowsOf(restored), rowsOf(table), name);
        assert.deepEqual(await calm.syncDoneCalls(restored, query), again, name);
        const back = CallTable.restore(restored.snapshot());
        assert.deepEqual(answersOf(back), answersOf(table), name);
        assert.deepEqual(await client.syncDoneCalls(back, query), again, name);
      }
    });
  }
});

describe("syncTasks", () => {
  alike("reads a company once, then what is new, and skips quiet tasks", async (t, pair) => {
    const { sandbox, client, calm, CallTable, asked } = await stage(t, pair, { callsPerTask: 120 });
    const table = new CallTable();
    const seen = [];
    for (const hours of [0, 1, 30]) {
      sandbox.advance(hours * hour);
      const progress = [];
      const report = await client.syncTasks(table, company, {
        onProgress: ({ phase, done, calls }) => progress.push([phase, done, calls]),
      });
      const expected = [];
      for (const { callJobId } of await calm.tasks(company).toArray()) {
        expected.push(...(await calm.doneCalls({ callJobId }).toArray()));
      }
      expected.sort((a, b) => a.callInstanceId - b.callInstanceId);
      assert.deepEqual(rowsOf(table), expected);
      assert.deepEqual([report.complete, report.failed], [true, []]);
      seen.push([report, progress, asked()]);
    }
    return seen;
  });

  alike("names the tasks that failed, with their errors", async (t, pair) => {
    const script = [3, 4, 5].map((nth) => ({ fault: "truncated", endpoint: "queryDoneTaskPhones", nth })); // prettier-ignore
    const { client, CallTable } = await stage(t, pair, { script, callsPerTask: 120 });
    const table = new CallTable();
    const { failed, ...report } = await client.syncTasks(table, company, {
      concurrency: 1,
      retry: false,
    });
    assert.ok(failed.length > 0 && report.complete === false);
    return [report, failed.map(({ callJobId, error }) => [callJobId, { ...error }]), table.length];
  });
});

describe("follow", () => {
  for (const of of ["a task", "a company"]) {
    const upToDate = async (t, pair, clock) => {
      const { sandbox, client, CallTable, query, asked, all } = await stage(t, pair, {
        callsPerTask: 120,
      });
      const table = new CallTable();
      const log = [];
      const follow = client.follow(table, of === "a task" ? query : company, {
        interval: 60_000,
        jitter: 0,
        onReport: ({ added, updated }) => log.push(["report", added, updated]),
        onChange: ({ added, updated, removed }) => log.push(["change", added, updated, removed]),
        onState: (state) => log.push(state),
      });
      for (let minute = 0; minute < 5; minute += 1) {
        sandbox.advance(600);
        await clock.advance(60_000);
      }
      const ids = new Set(rowsOf(table).map(({ callInstanceId }) => callInstanceId));
      for (const { callInstanceId } of await all()) assert.ok(ids.has(callInstanceId));
      assert.ok(log.filter(([kind]) => kind === "change").length > 1);
      // A table that is freed has nothing to follow.
      table.free();
      await clock.advance(60_000);
      assert.deepEqual([follow.state, follow.error.code], ["stopped", "invalid_argument"]);
      return [log, follow.error.message, asked()];
    };
    alike(`keeps the table up to date, of ${of}`, upToDate, { virtual: true });
  }
});

describe("a store", () => {
  const stores = {
    "in memory": () => memory(),
    "of files": async () => fileStore(await mkdtemp(project.path("store-"))),
  };
  for (const [kind, make] of Object.entries(stores)) {
    alike(`${kind} keeps the table, and the next visit asks for what is new`, async (t, pair) => {
      const { sandbox, client, CallTable, query, asked, all } = await stage(t, pair);
      const store = await make();
      const seen = [];
      for (const run of [
        (table) => client.syncDoneCalls(table, query, { store }),
        (table) => client.syncTasks(table, company, { store }),
      ]) {
        for (let visit = 0; visit < 2; visit += 1) {
          const table = new CallTable();
          const progress = [];
          table.subscribe(({ added }) => progress.push(added));
          const { storeError, ...report } = await run(table);
          assert.equal(storeError, null);
          seen.push([report, progress, rowsOf(table), asked()]);
          if ("tasks" in report) continue;
          assert.deepEqual(rowsOf(table), await all());
          sandbox.advance(600);
        }
      }
      const [first, second] = seen.map(([{ requests }]) => requests);
      assert.ok(second < first, `${second} requests after ${first}`);
      return seen;
    });

    alike(`${kind} is merged with calls that the table has`, async (t, pair) => {
      const { client, CallTable, query, all } = await stage(t, pair);
      const store = await make();
      const own = { callInstanceId: 5, duration: 9 };
      const first = new CallTable();
      first.ingest([own]);
      await client.syncDoneCalls(first, query, { store });
      const second = new CallTable();
      second.ingest([{ callInstanceId: 6, duration: 4 }]);
      const report = await client.syncDoneCalls(second, query, { store });
      assert.deepEqual(second.get(5), first.get(5));
      assert.equal(second.length, (await all()).length + 2);
      return [report, rowsOf(second)];
    });
  }

  alike("of files into which another process saves meanwhile has the calls of both", async (t, pair) => {
    const folder = await mkdtemp(project.path("store-"));
    await symlink(folder, `${folder}-link`);
    // A second store of the folder, as another process has it.
    const [store, elsewhere] = [fileStore(folder), fileStore(`${folder}-link`)];
    const { CallTable: Other } = entries["byrobot-calls"];
    let key;
    const before = async (number) => {
      if (number !== 3) return;
      const other = new Other();
      other.ingest([{ callInstanceId: 7 }]);
      await elsewhere.load(key);
      await elsewhere.save(key, other.snapshot());
    };
    const { client, CallTable, query, all } = await stage(t, pair, { before });
    const table = new CallTable();
    const watched = new Proxy(store, {
      get: (target, name) =>
        name === "load" ? (given) => target.load((key = given)) : Reflect.get(target, name).bind?.(target), // prettier-ignore
    });
    const { storeError, ...report } = await client.syncDoneCalls(table, query, { store: watched });
    assert.equal(storeError, null);
    const kept = Other.restore(await elsewhere.load(key));
    assert.equal(kept.length, (await all()).length + 1);
    assert.deepEqual(rowsOf(kept), rowsOf(table));
    return [report, rowsOf(table)];
  }); // prettier-ignore
});

describe("a table", () => {
  alike("tells its listeners of each page", async (t, pair) => {
    const { sandbox, client, CallTable, query } = await stage(t, pair);
    const table = new CallTable();
    const told = [];
    const unsubscribe = table.subscribe((change) => {
      const { revision, added, updated, removed } = change;
      told.push([revision, added, updated, removed, change.addedIds(), change.updates()]);
    });
    await client.syncDoneCalls(table, query);
    assert.ok(told.length >= 5, `told ${told.length} times`);
    sandbox.advance(hour);
    await client.syncDoneCalls(table, query);
    const { length } = told;
    unsubscribe();
    sandbox.advance(hour);
    await client.syncDoneCalls(table, query);
    assert.equal(told.length, length);
    return told;
  });

  alike("has linked charts and views that follow it", async (t, pair) => {
    const { client, CallTable, query } = await stage(t, pair);
    const table = new CallTable();
    const charts = table.linked({ all: { statistics: true }, ends: { groupBy: "finishStatus" } });
    const view = table.where({ finishStatus: 0 });
    await client.syncDoneCalls(table, query);
    assert.equal(view.length, 0, "a view keeps its calls");
    return charts.read();
  });

  for (const other of ["byrobot-calls/table", "byrobot-calls", "a copy of byrobot-calls"]) {
    test(`of ${other} may be filled by clients of every entry at once`, async (t) => {
      const clients = Object.keys(entries).filter((name) => entries[name].ByrobotClient);
      const { CallTable, query, all } = await stage(t, [clients[0], other]);
      const table = new CallTable();
      const stages = await Promise.all(clients.map((name) => stage(t, [name, other])));
      const reports = await Promise.all(stages.map(({ client }) => client.syncDoneCalls(table, query))); // prettier-ignore
      assert.ok(clients.length >= 4);
      assert.deepEqual(reports.map(({ complete }) => complete), clients.map(() => true)); // prettier-ignore
      assert.deepEqual(rowsOf(table), await all());
      for (const { client } of stages) {
        assert.equal((await client.syncDoneCalls(table, query)).requests, 1);
      }
    });
  }
});

describe("what the entry points export", () => {
  const names = (name) => Object.keys(entries[name]).sort();

  test("is divided: byrobot-calls has the names of byrobot-calls/client and byrobot-calls/table", () => {
    const both = new Set([...names("byrobot-calls/client"), ...names("byrobot-calls/table")]);
    assert.deepEqual([...both].sort(), names("byrobot-calls"));
  });

  test("is divided so: the client and its stores, the table and its questions, words in both", () => {
    const both = ["FinishStatus", "JobStatus", "init", "isByrobotError", "label", "maskPhone", "transcript", "version"]; // prettier-ignore
    const client = ["ByrobotClient", "indexedDbStore", "queries"];
    const table = ["CallTable", "callStatistics", "explain", "filterCalls", "rateDifference", "rateInterval"]; // prettier-ignore
    assert.deepEqual(names("byrobot-calls/client"), [...both, ...client].sort());
    assert.deepEqual(names("byrobot-calls/table"), [...both, ...table].sort());
  });

  for (const name of ["byrobot-calls/client", "byrobot-calls/table"]) {
    test(`is the same by require: ${name}`, () => {
      const required = Object.keys(entries[`${name}, required`]).sort();
      assert.deepEqual(required, names(name));
    });
  }
});

describe("in each entry point", () => {
  const of = ["byrobot-calls", "byrobot-calls/client", "byrobot-calls/table"];
  for (const name of of) {
    test(`words and init work alone: ${name}`, async () => {
      // A process of its own: nothing else has loaded a module.
      const { stdout, stderr } = await project.evaluate(`
        import { FinishStatus, init, label, maskPhone, transcript, version } from "${name}";
        const words = [label("finishStatus", FinishStatus.Answered), label("jobStatus", 1, "en"), label("finishStatus", 37, "en"),
          maskPhone("13800001234")];
        const lines = [{ speaker: "AI", content: "您好", startTime: 0, endTime: 2000, aiUnknown: false }];
        const { at } = transcript({ phoneLog: { phoneLogs: lines, luyinOssUrl: null }, sceneInstance: { callInstanceId: 1, duration: 20 }, taskResult: [] });
        await Promise.all([init(), init()]);
        console.log(JSON.stringify([...words, at(1).content, version]));`);
      const { version } = entries["byrobot-calls"];
      const words = ["已接", "running", "unknown (37)", "138****1234", "您好", version];
      assert.deepEqual(JSON.parse(stdout || JSON.stringify(stderr)), words);
    });

    test(`an error of every other is recognised: ${name}`, async () => {
      for (const other of of) {
        const { label, isByrobotError } = entries[other];
        assert.throws(() => label("nothing", 1), entries[name].isByrobotError);
        assert.equal(isByrobotError(new Error("another")), false);
        const { CallTable, ByrobotClient } = entries[other];
        if (CallTable) assert.throws(() => CallTable.restore(new Uint8Array(9)), entries[name].isByrobotError); // prettier-ignore
        if (!ByrobotClient) continue;
        const fetch = async () => new Response("", { status: 403 });
        const error = await rejectionOf(new ByrobotClient({ fetch }).getTasks(company));
        assert.ok(entries[name].isByrobotError(error) && error.code === "forbidden");
      }
    });
  }
});
