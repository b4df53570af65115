// The tasks of a company in one table: the tasks that are read, failures, aborts, stores. Not here: one task
// (sync.test.mjs), several tabs (visits.test.mjs).
import assert from "node:assert/strict";
import { after, before, describe, mock, test } from "node:test";
import { company, idsOf, task } from "./company.mjs";
import { install } from "./installation.mjs";
import { errorOf, rejectionOf } from "./rejections.mjs";
import { memory } from "./stores.mjs";
import { call, calls } from "./vendor.mjs";

let project, ByrobotClient, CallTable, createSandbox;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable } = await project.import());
  ({ createSandbox } = await project.import("byrobot-calls/sandbox"));
});
after(() => project?.remove());

const query = { companyId: 1 };
const client = (server, options) =>
  new ByrobotClient({ fetch: server.fetch, retry: { attempts: 1 }, ...options });
const idsIn = (table) =>
  table
    .rows()
    .map(({ callInstanceId }) => callInstanceId)
    .sort((a, b) => a - b);
/** So many calls of each task, with ids that no other task has. */
const tasks = (counts, fields) =>
  counts.map((count, index) => task(100 + index, calls(count, 1 + index * 100_000), fields));

describe("a company of the sandbox", () => {
  test("is read into one table: no call is missing and none comes twice", async () => {
    const sandbox = await createSandbox({ seed: 3, tasks: 12, callsPerTask: 150 });
    const own = client(sandbox);
    const table = new CallTable();
    for (const hours of [0, 1, 5, 30]) {
      sandbox.advance(hours * 3600);
      const report = await own.syncTasks(table, query);
      assert.deepEqual([report.complete, report.failed, report.tasks], [true, [], 12]);
      const expected = [];
      for (const { callJobId } of await own.tasks(query).toArray()) {
        for await (const row of own.doneCalls({ callJobId })) expected.push(row);
      }
      expected.sort((a, b) => a.callInstanceId - b.callInstanceId);
      const rows = table.rows().sort((a, b) => a.callInstanceId - b.callInstanceId);
      assert.deepEqual(rows, expected);
    }
    sandbox.free();
  });
});

describe("simulated companies", () => {
  /** Numbers below a bound, from a seed. */
  function random(seed) {
    let state = seed * 2 + 1;
    return (bound) => {
      state = Math.imul(state, 1664525) + 1013904223;
      return ((state >>> 8) * bound) >>> 24;
    };
  }

  for (let seed = 0; seed < 40; seed += 1) {
    test(`with moves, failures, aborts and reloads lose no call, seed ${seed}`, async () => {
      const draw = random(seed);
      let fresh = 10_000_000;
      const server = company(tasks(Array.from({ length: 2 + draw(6) }, () => draw(170))));
      const move = () => {
        const moved = server.tasks[draw(server.tasks.length)];
        if (moved.row.status !== 1) return;
        const { list } = moved;
        if (draw(3) > 0) list.unshift(call(fresh++, { callJobId: moved.row.callJobId }));
        else if (list.length > 0) {
          const [row] = list.splice(draw(list.length), 1);
          list.unshift({ ...row, duration: (row.duration ?? 0) + 1 });
        }
        if (draw(12) === 0) moved.row = { ...moved.row, status: 2 };
      };
      server.before = () => {
        if (draw(2) === 0) move();
        if (draw(15) === 0) return new Response("", { status: 500 });
      };
      const store = memory();
      let table = new CallTable();
      for (let round = 0; round < 6; round += 1) {
        const controller = new AbortController();
        let left = draw(30);
        await client(server)
          .syncTasks(table, query, {
            store,
            concurrency: 1 + draw(4),
            signal: controller.signal,
            onProgress: () => (left -= 1) === 0 && controller.abort(),
          })
          .catch((error) => assert.ok(error.name === "AbortError" || error.code === "server"));
        if (draw(2) === 0) table = new CallTable();
        if (draw(4) === 0) {
          server.tasks.push(task(500 + round, calls(draw(90), fresh)));
          fresh += 100;
        }
      }
      // At rest everything has to arrive.
      server.before = () => {};
      const { complete, failed } = await client(server).syncTasks(table, query, { store });
      assert.deepEqual([complete, failed], [true, []]);
      assert.deepEqual(idsIn(table), idsOf(server));
      const listed = server.tasks.flatMap(({ list }) => list);
      assert.equal(secondsOf(table.rows()), secondsOf(listed));
    });
  }
  const secondsOf = (rows) => rows.reduce((sum, { duration }) => sum + duration, 0);
});

describe("which tasks are read", () => {
  test("those that `where` chooses", async () => {
    const server = company(tasks([3, 3, 3]));
    const table = new CallTable();
    const where = ({ callJobId }) => callJobId !== 101;
    const report = await client(server).syncTasks(table, query, { where });
    assert.deepEqual([report.tasks, table.length], [2, 6]);
    assert.deepEqual(server.read().sort(), [100, 102]);
  });

  test("an error of `where` rejects, and no call is asked for", async () => {
    const server = company(tasks([3]));
    const reason = new Error("mine");
    const where = () => {
      throw reason;
    };
    const error = await rejectionOf(client(server).syncTasks(new CallTable(), query, { where }));
    assert.deepEqual([error.code, error.path, error.cause], ["invalid_argument", "where", reason]);
    assert.deepEqual(server.read(), []);
  });

  test("so many at the same time, within the client's limit", async () => {
    for (const [options, own, most] of [
      [{}, {}, 3],
      [{ concurrency: 5 }, {}, 5],
      [{ concurrency: 5 }, { maxConcurrency: 2 }, 2],
    ]) {
      const server = company(tasks(Array(9).fill(60)), { delay: 3 });
      const report = await client(server, own).syncTasks(new CallTable(), query, options);
      assert.deepEqual([server.mostInFlight, report.added], [most, 540]);
    }
  });

  test("a task that leaves the list by its status is read to its end, once", async () => {
    const server = company(tasks([10, 10]));
    const table = new CallTable();
    const own = client(server);
    const running = { ...query, status: 1 };
    await own.syncTasks(table, running);
    server.tasks[1].list.unshift(call(900_000, { callJobId: 101 }));
    server.tasks[1].row.status = 2;
    server.read();
    const { tasks: found, added } = await own.syncTasks(table, running);
    assert.deepEqual([found, added, server.read().sort()], [2, 1, [100, 101]]);
    await own.syncTasks(table, running);
    assert.deepEqual(server.read(), [100]);
  });

  test("a task that failed when it left the list is read again if that can succeed", async () => {
    for (const [status, again] of [
      [500, [100, 101]],
      [404, [100]],
    ]) {
      const server = company(tasks([10, 10]));
      const table = new CallTable();
      const own = client(server);
      await own.syncTasks(table, { ...query, status: 1 });
      server.tasks[1].row.status = 2;
      server.before = (_, { callJobId }) => callJobId === 101 && new Response("", { status });
      const { failed } = await own.syncTasks(table, { ...query, status: 1 });
      assert.deepEqual(failed.map(({ callJobId }) => callJobId), [101]); // prettier-ignore
      server.before = () => {};
      server.read();
      await own.syncTasks(table, { ...query, status: 1 });
      assert.deepEqual(server.read().sort(), again);
    }
  });
});

describe("a task that has ended", () => {
  const minute = 60_000;
  const day = 24 * 60 * minute;
  /** A company with one running and two ended tasks that was synchronised before; `at` sets the clock and reads. */
  async function ended(t, options) {
    mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
    t.after(() => mock.timers.reset());
    const server = company([
      ...tasks([60]),
      ...[2, 6].map((status) => task(200 + status, calls(60, status * 1_000_000), { status })),
    ]);
    const table = new CallTable();
    const own = client(server);
    const start = Date.now();
    const at = async (ms, more) => {
      mock.timers.setTime(start + ms);
      server.read();
      const report = await own.syncTasks(table, query, { ...options, ...more });
      assert.equal(report.complete, true);
      return [...new Set(server.read())].sort();
    };
    assert.deepEqual(await at(0), [100, 202, 206]);
    return { server, table, at, own };
  }

  test("is read after waits that grow with the time that it has been quiet", async (t) => {
    const { at } = await ended(t);
    const everyMinute = [];
    for (let now = 1; now <= 64; now += 1) {
      if ((await at(now * minute)).length === 3) everyMinute.push(now);
    }
    assert.deepEqual(everyMinute, [1, 2, 4, 8, 16, 32, 64]);
  });

  test("is read once a day at least", async (t) => {
    const { at } = await ended(t);
    for (let hours = 1; hours < 24 * 20; hours *= 2) await at(hours * 60 * minute);
    await at(30 * day);
    assert.deepEqual(await at(31 * day - minute), [100]);
    assert.deepEqual(await at(31 * day + minute), [100, 202, 206]);
  });

  for (const [what, change] of [
    ["its row differs", ({ row }) => Object.assign(row, { remark: "more numbers" })],
    ["its counts differ", ({ row }) => Object.assign(row, { doneCount: 61 })],
    ["it runs again", ({ row }) => Object.assign(row, { status: 1 })],
  ]) {
    test(`is read when ${what}`, async (t) => {
      const { server, at, table } = await ended(t);
      await at(10 * minute);
      assert.deepEqual(await at(11 * minute), [100]);
      change(server.tasks[1]);
      server.tasks[1].list.unshift(call(77, { callJobId: 202 }));
      assert.deepEqual(await at(12 * minute), [100, 202]);
      assert.ok(table.get(77));
    });
  }

  test("is read with `full`, and when the clock was set back", async (t) => {
    const { at } = await ended(t);
    await at(10 * minute);
    assert.deepEqual(await at(11 * minute, { full: true }), [100, 202, 206]);
    assert.deepEqual(await at(-day), [100, 202, 206]);
    assert.deepEqual(await at(-day + minute), [100, 202, 206]);
    assert.deepEqual(await at(-day + minute + 1), [100]);
  });

  test("needs no request in the next visit, if it was quiet in the last one", async (t) => {
    const store = memory();
    const { server, at, own } = await ended(t, { store });
    await at(10 * minute);
    server.read();
    const table = new CallTable();
    const report = await own.syncTasks(table, query, { store });
    assert.deepEqual([report.skipped, table.length, server.read()], [2, 180, [100]]);
  });
});

describe("a failing task", () => {
  test("does not end the others, and the next synchronisation reads it", async () => {
    const server = company(tasks([120, 120, 120, 120]));
    server.before = (_, { callJobId }) =>
      callJobId === 101 && Response.json({ code: 403, data: null, resultMsg: "no" });
    const table = new CallTable();
    const told = [];
    const onProgress = (progress) => told.push(progress);
    const report = await client(server).syncTasks(table, query, { onProgress });
    assert.deepEqual([report.tasks, report.added, report.complete], [4, 360, false]);
    assert.deepEqual(
      report.failed.map(({ callJobId, error }) => [callJobId, error.code]),
      [[101, "forbidden"]],
    );
    const last = told.at(-1);
    assert.deepEqual([last.done, last.total, last.calls], [4, 4, 360]);
    server.before = () => {};
    const next = await client(server).syncTasks(table, query);
    assert.deepEqual([next.added, next.complete, next.failed], [120, true, []]);
  });

  test("all failing tasks are named", async () => {
    const server = company(tasks([1, 1, 1]));
    server.before = (endpoint) => endpoint !== "getTasks" && new Response("", { status: 500 });
    const { failed, complete } = await client(server).syncTasks(new CallTable(), query);
    assert.deepEqual(failed.map(({ callJobId }) => callJobId).sort(), [100, 101, 102]);
    assert.equal(complete, false);
  });

  test("a list of tasks that cannot be read rejects", async () => {
    const server = company(tasks([1]));
    server.before = () => new Response("", { status: 500 });
    await errorOf(client(server).syncTasks(new CallTable(), query), { code: "server" });
  });
});

describe("a synchronisation that ends early", () => {
  test("by an abort continues where it was, with one request for each task that was done", async () => {
    const server = company(tasks(Array(6).fill(400)));
    const controller = new AbortController();
    const table = new CallTable();
    const onProgress = ({ done }) => done === 3 && controller.abort("left");
    const options = { signal: controller.signal, onProgress, concurrency: 1 };
    assert.equal(await rejectionOf(client(server).syncTasks(table, query, options)), "left");
    assert.equal(table.length, 1200);
    server.read();
    const report = await client(server).syncTasks(table, query);
    assert.deepEqual([report.added, report.complete, table.length], [1200, true, 2400]);
    assert.deepEqual(
      server.read().filter((id) => id < 103),
      [100, 101, 102],
    );
  });

  test("by a reload continues from the store's one entry", async () => {
    const server = company(tasks(Array(8).fill(900)));
    const store = memory();
    const controller = new AbortController();
    const onProgress = ({ calls }) => calls >= 5000 && controller.abort();
    const options = { store, signal: controller.signal, onProgress };
    await rejectionOf(client(server).syncTasks(new CallTable(), query, options));
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(store.saved.size, 1);
    server.read();
    const table = new CallTable();
    const report = await client(server).syncTasks(table, query, { store });
    assert.deepEqual([report.complete, report.storeError, table.length], [true, null, 7200]);
    assert.ok(server.read().length <= (7200 - 5000) / 50 + 8 * 3);
    assert.equal(store.saved.size, 1);
    assert.equal(CallTable.restore([...store.saved.values()][0]).length, 7200);
  });
});

describe("several synchronisations of a company", () => {
  test("two equal calls share the requests, and both hear the progress", async () => {
    const server = company(tasks([60, 60]), { delay: 1 });
    const table = new CallTable();
    const own = client(server);
    const heard = [[], []];
    const reports = await Promise.all(
      heard.map((list) =>
        own.syncTasks(table, query, { onProgress: (progress) => list.push(progress) }),
      ),
    );
    assert.deepEqual(reports[0], reports[1]);
    assert.equal(reports[0].requests, server.asked.length);
    assert.deepEqual(heard[0].at(-1), heard[1].at(-1));
  });

  test("two tables with one store take turns, and the second continues from the first", async () => {
    const server = company(tasks([160, 160]), { delay: 1 });
    const store = memory();
    store.version = async () => (store.saves > 0 ? `${store.saves}` : null);
    let turn = Promise.resolve();
    store.exclusive = (key, work) => (turn = turn.then(work));
    const own = client(server);
    const tables = [new CallTable(), new CallTable()];
    const reports = await Promise.all(
      tables.map((table) => own.syncTasks(table, query, { store })),
    );
    assert.deepEqual(tables.map(idsIn), [idsOf(server), idsOf(server)]);
    assert.deepEqual(
      reports.map(({ added, requests }) => [added, requests]),
      [
        [320, 11],
        [0, 3],
      ],
    );
  });

  test("the list of one task shares the table", async () => {
    const server = company(tasks([60, 60]));
    const table = new CallTable();
    await client(server).syncDoneCalls(table, { callJobId: 100 });
    const { added, requests } = await client(server).syncTasks(table, query);
    assert.deepEqual([added, requests], [60, 1 + 1 + 3]);
  });
});

test("progress begins with the stored calls, and ends with all tasks", async () => {
  const server = company(tasks([60, 60]));
  const store = memory();
  await client(server).syncTasks(new CallTable(), query, { store });
  server.tasks[0].list.unshift(call(5_000_000));
  const told = [];
  const onProgress = (progress) => told.push(progress);
  await client(server).syncTasks(new CallTable(), query, { store, onProgress });
  const [first, last] = [told[0], told.at(-1)].map(({ found, ...rest }) => [
    rest,
    found?.map(({ callJobId }) => callJobId),
  ]);
  const before = { phase: "listing", done: 0, total: null, calls: 120, requests: 0 };
  const after = { phase: "saving", done: 2, total: 2, calls: 121, requests: 3 };
  assert.deepEqual(
    [first, last],
    [
      [before, undefined],
      [after, [100, 101]],
    ],
  );
});

test("the tasks that `where` chose are in the progress before their calls, and in the report", async () => {
  const server = company(tasks([60, 60, 60]));
  const told = [];
  const { found } = await client(server).syncTasks(new CallTable(), query, {
    where: ({ callJobId }) => callJobId !== 101,
    onProgress: (progress) => told.push(progress),
  });
  assert.deepEqual(
    found.map(({ callJobId }) => callJobId),
    [100, 102],
  );
  assert.ok(told.some((progress) => progress.found === found && progress.done === 0));
});

test("wrong arguments are refused, and nothing is sent", async () => {
  const server = company(tasks([1]));
  const own = client(server);
  const table = new CallTable();
  for (const [path, ...given] of [
    ["table", {}, query],
    ["companyId", table, {}],
    ["status", table, { ...query, status: "running" }],
    ["pageNum", table, { ...query, pageNum: 1 }],
    ["callJobId", table, { ...query, callJobId: 1 }],
    ["where", table, query, { where: 1 }],
    ["concurrency", table, query, { concurrency: 0 }],
    ["concurrency", table, query, { concurrency: 1.5 }],
    ["mode", table, query, { mode: "fast" }],
    ["onProgress", table, query, { onProgress: 1 }],
    ["store", table, query, { store: {} }],
  ]) {
    await errorOf(own.syncTasks(...given), { code: "invalid_argument", path });
  }
  assert.equal(server.asked.length, 0);
});
