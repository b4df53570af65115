// `follow` in virtual time: intervals, errors, hidden and offline pages, sleep, changed clocks, ends. Not here:
// companies (follow-company.test.mjs), one synchronisation (sync.test.mjs, tasks-sync.test.mjs).
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, describe, test } from "node:test";
import { virtualClock } from "./clock.mjs";
import { company, task } from "./company.mjs";
import { install } from "./installation.mjs";
import { page } from "./page.mjs";
import { refusal } from "./rejections.mjs";
import { contents, listed, memory } from "./stores.mjs";
import { call, calls, vendor } from "./vendor.mjs";

let project, ByrobotClient, CallTable;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable } = await project.import());
});
after(() => project?.remove());

const query = { callJobId: 62 };
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const client = (server, options) =>
  new ByrobotClient({ fetch: server.fetch, retry: { attempts: 1 }, ...options });

/** A task that is followed every minute, in virtual time. `log` has what the hooks were told. */
async function followed(t, { server = vendor(calls(120)), ...options } = {}) {
  const clock = virtualClock(t);
  const table = new CallTable();
  const log = { states: [], errors: [], reports: [], changes: [] };
  const follow = client(server).follow(table, query, {
    interval: minute,
    jitter: 0,
    onState: (state) => log.states.push(state),
    onError: (error) => log.errors.push(error.code),
    onReport: (report) => log.reports.push(report),
    onChange: ({ added, updated }) => log.changes.push([added, updated]),
    ...options,
  });
  t.after(() => follow.stop());
  await clock.settle();
  /** The number of requests since the last time. */
  const requests = () => server.asked.splice(0).length;
  return { clock, table, log, follow, server, requests };
}

describe("a task", () => {
  test("is synchronised at once, and again at the interval", async (t) => {
    const { clock, table, log, follow, server, requests } = await followed(t);
    assert.deepEqual([table.length, follow.state, log.states], [120, "waiting", ["syncing", "waiting"]]); // prettier-ignore
    requests();
    server.list.unshift(call(500));
    await clock.advance(minute - 1);
    assert.equal(requests(), 0);
    await clock.advance(1);
    assert.equal(requests(), 1);
    assert.deepEqual(contents(table), listed(server));
    await clock.advance(10 * minute);
    assert.equal(requests(), 10);
    assert.deepEqual([log.reports.length, log.errors], [12, []]);
    assert.deepEqual(log.changes, [[50, 0], [50, 0], [20, 0], [1, 0]]); // prettier-ignore
  });

  test("is known as of the beginning of the last synchronisation that succeeded", async (t) => {
    let answer = () => {};
    const server = vendor(calls(120), { before: () => answer() });
    const { clock, follow } = await followed(t, { server });
    const first = follow.syncedAt;
    assert.equal(first, Date.now());
    answer = () => Response.error();
    await clock.advance(minute);
    assert.equal(follow.syncedAt, first);
  });

  test("with jitter is synchronised earlier by up to that part of the interval", async (t) => {
    const { clock, server } = await followed(t, { jitter: 0.5 });
    const [times, { random }] = [[], Math];
    t.after(() => (Math.random = random));
    let last = Date.now();
    for (const part of [0, 0.5, 0.8]) {
      Math.random = () => part;
      const before = server.asked.length;
      // The wait that was chosen before ends; the next one has this part.
      while (server.asked.length === before) await clock.advance(second);
      last = Date.now();
      const at = server.asked.length;
      while (server.asked.length === at) await clock.advance(second);
      times.push((Date.now() - last) / second);
    }
    assert.deepEqual(times, [60, 45, 36]);
  });

  test("is synchronised by refresh() at once, and then after the interval", async (t) => {
    const { clock, follow, requests } = await followed(t);
    await clock.advance(minute / 2);
    requests();
    follow.refresh();
    follow.refresh();
    await clock.settle();
    assert.equal(requests(), 1);
    await clock.advance(minute - 1);
    assert.equal(requests(), 0);
    await clock.advance(1);
    assert.equal(requests(), 1);
  });
});

describe("errors", () => {
  const failing = (init) => async () => new Response("", { status: 500, ...init });

  test("double the wait up to five minutes, and the first success ends that", async (t) => {
    let answer = failing();
    const { clock, log, requests } = await followed(t, { server: vendor(calls(10), { before: () => answer() }) }); // prettier-ignore
    assert.equal(requests(), 1);
    const waits = [];
    for (let last = 0, now = 1; now < 40; now += 1) {
      await clock.advance(minute);
      if (requests() > 0) [last] = [now, waits.push(now - last)];
    }
    assert.deepEqual(waits, [2, 4, 5, 5, 5, 5, 5, 5]);
    assert.deepEqual(log.errors, Array(9).fill("server"));
    answer = () => {};
    await clock.advance(5 * minute);
    requests();
    await clock.advance(10 * minute);
    assert.equal(requests(), 10);
  });

  test("are in `error` until a synchronisation succeeds; a listener of the state sees both", async (t) => {
    let answer = failing();
    const { clock, follow } = await followed(t, { server: vendor(calls(10), { before: () => answer() }) }); // prettier-ignore
    assert.equal(follow.error.code, "server");
    const seen = [];
    const see = () => seen.push([follow.state, follow.error?.code]);
    const unsubscribe = follow.subscribe(see);
    answer = () => {};
    await clock.advance(2 * minute);
    assert.deepEqual(seen, [["syncing", "server"], ["waiting", undefined]]); // prettier-ignore
    assert.equal(follow.error, null);
    unsubscribe();
    await clock.advance(minute);
    assert.equal(seen.length, 2);
  });

  test("with Retry-After wait as long as the server wants", async (t) => {
    const before = failing({ status: 429, headers: { "retry-after": "1800" } });
    const { clock, requests } = await followed(t, { server: vendor([], { before }) });
    requests();
    await clock.advance(30 * minute - 1);
    assert.equal(requests(), 0);
    await clock.advance(1);
    assert.equal(requests(), 1);
  });

  test("without a hook are shown by the console", async (t) => {
    const shown = t.mock.method(console, "error", () => {});
    const { follow } = await followed(t, { server: vendor([], { before: failing() }), onError: undefined }); // prettier-ignore
    assert.equal(shown.mock.callCount(), 1);
    assert.equal(follow.state, "waiting");
  });

  test("of hooks are shown by the console, and it continues", async (t) => {
    const shown = t.mock.method(console, "error", () => {});
    const broken = () => {
      throw new Error("mine");
    };
    const { clock, requests } = await followed(t, { onReport: broken, onState: broken, onChange: broken }); // prettier-ignore
    requests();
    await clock.advance(minute);
    assert.equal(requests(), 1);
    assert.ok(shown.mock.callCount() >= 4);
  });
});

describe("a page", () => {
  test("that is hidden asks nothing, and catches up at once when it is shown", async (t) => {
    const { show } = page(t);
    const { clock, table, follow, server, requests } = await followed(t);
    show("hidden");
    assert.equal(follow.state, "paused");
    requests();
    server.list.unshift(call(500));
    await clock.advance(3 * hour);
    assert.deepEqual([requests(), clock.timers], [0, 0]);
    show("visible");
    await clock.settle();
    assert.deepEqual(contents(table), listed(server));
    assert.equal(requests(), 1);
  });

  test("that is hidden for a moment asks nothing before the interval has passed", async (t) => {
    const { show } = page(t);
    const { clock, requests } = await followed(t);
    requests();
    for (let times = 0; times < 5; times += 1) {
      show("hidden");
      await clock.advance(2 * second);
      show("visible");
      await clock.advance(2 * second);
    }
    assert.equal(requests(), 0);
    await clock.advance(40 * second);
    assert.equal(requests(), 1);
  });

  test("that is hidden from the beginning begins when it is shown", async (t) => {
    const { show } = page(t);
    show("hidden");
    const { clock, follow, requests } = await followed(t);
    assert.deepEqual([requests(), follow.state], [0, "paused"]);
    show("visible");
    await clock.settle();
    assert.equal(requests(), 4);
  });

  test("that loses the network ends its requests, and continues when it is back", async (t) => {
    const { connect } = page(t);
    let lost = false;
    const before = (number) => {
      if (lost || number < 8) return undefined;
      lost = true;
      return new Promise(() => {});
    };
    const server = vendor(calls(1000), { before });
    const { clock, table, log, follow, requests } = await followed(t, { server });
    assert.deepEqual([follow.state, table.length], ["syncing", 350]);
    connect(false);
    await clock.settle();
    assert.deepEqual([follow.state, log.errors], ["paused", []]);
    await clock.advance(hour);
    requests();
    connect(true);
    await clock.settle();
    assert.deepEqual(contents(table), listed(server));
    assert.ok(requests() <= (1000 - 350) / 50 + 3);
  });
});

test("requests that a short loss of the network ended are sent again when it is back", async (t) => {
  const { connect } = page(t);
  let hangs = false;
  const before = () => (hangs ? new Promise(() => {}) : undefined);
  const server = vendor(calls(60), { before });
  const { clock, table } = await followed(t, { server });
  server.list.unshift(call(900));
  hangs = true;
  await clock.advance(minute);
  connect(false);
  hangs = false;
  await clock.advance(2 * second);
  connect(true);
  await clock.settle();
  assert.deepEqual(contents(table), listed(server));
});

describe("the machine", () => {
  test("that slept for hours catches up within seconds, also if its timers did not pass", async (t) => {
    const { clock, table, server, requests } = await followed(t);
    await clock.advance(20 * second);
    requests();
    server.list.unshift(...calls(70, 5000));
    clock.set(8 * hour);
    await clock.advance(15 * second);
    assert.deepEqual(contents(table), listed(server));
    requests();
    await clock.advance(minute);
    assert.equal(requests(), 1);
  });

  for (const [what, ms] of [
    ["back by a day", -24 * hour],
    ["back by seconds", -10 * second],
    ["forward by a day", 24 * hour],
  ]) {
    test(`whose clock is set ${what} continues at the interval`, async (t) => {
      const { clock, table, server, requests } = await followed(t);
      await clock.advance(40 * second);
      clock.set(ms);
      server.list.unshift(call(900));
      await clock.advance(35 * second);
      assert.deepEqual(contents(table), listed(server));
      requests();
      await clock.advance(10 * minute);
      assert.ok([10, 9].includes(requests()));
    });
  }
});

describe("the end", () => {
  test("by stop() cancels the request, and leaves no timer and no listener", async (t) => {
    const { listeners } = page(t);
    const server = vendor(calls(500), {
      before: (number) => number === 3 && new Promise(() => {}),
    });
    const { clock, table, log, follow } = await followed(t, { server });
    assert.deepEqual([follow.state, listeners()], ["syncing", 3]);
    follow.stop();
    follow.stop();
    follow.refresh();
    assert.equal(follow.state, "stopped");
    await clock.settle();
    assert.deepEqual([clock.timers, listeners(), log.errors], [0, 0, []]);
    assert.equal(log.states.at(-1), "stopped");
    assert.equal(table.length, 100);
    const before = log.changes.length;
    table.ingest(calls(1, 9000));
    assert.equal(log.changes.length, before);
  });

  test("by a signal is the same", async (t) => {
    const controller = new AbortController();
    const { clock, follow, requests } = await followed(t, { signal: controller.signal });
    controller.abort();
    assert.equal(follow.state, "stopped");
    requests();
    await clock.advance(hour);
    assert.equal(requests(), 0);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("comes when the table is freed", async (t) => {
    const { clock, table, log, follow } = await followed(t);
    table.free();
    await clock.advance(minute);
    assert.deepEqual(
      [follow.state, log.errors, clock.timers],
      ["stopped", ["invalid_argument"], 0],
    );
  });

  test("comes with the client's own signal", async (t) => {
    const clock = virtualClock(t);
    const controller = new AbortController();
    const server = vendor(calls(60));
    const reasons = [];
    const own = client(server, { signal: controller.signal });
    const follow = own.follow(new CallTable(), query, {
      onError: (reason) => reasons.push(reason),
    });
    await clock.settle();
    follow.subscribe(() => follow.state === "stopped" && reasons.push(follow.error));
    controller.abort("signed out");
    await clock.advance(hour);
    const twice = ["signed out", "signed out"];
    assert.deepEqual([follow.state, reasons, clock.timers], ["stopped", twice, 0]);
  });

  test("comes with an error of `where`", async (t) => {
    const clock = virtualClock(t);
    const reason = new Error("mine");
    const errors = [];
    const where = () => {
      throw reason;
    };
    const onError = (error) => errors.push(error);
    const server = company([task(1, [])]);
    const follow = client(server).follow(new CallTable(), { companyId: 1 }, { where, onError });
    await clock.advance(hour);
    const [{ code, cause }, ...more] = errors;
    assert.deepEqual([follow.state, code, more.length], ["stopped", "invalid_argument", 0]);
    assert.equal(cause, reason);
  });

  test("of one of two that follow the same task leaves the other", async (t) => {
    const server = vendor(calls(60));
    const { clock, table, follow } = await followed(t, { server });
    const other = client(server).follow(table, query, { interval: minute });
    t.after(() => other.stop());
    await clock.settle();
    follow.stop();
    server.list.unshift(call(800));
    await clock.advance(minute);
    assert.deepEqual(contents(table), listed(server));
  });
});

test("two tables with one store are both up to date", async (t) => {
  const store = memory();
  store.version = async () => (store.saves > 0 ? `${store.saves}` : null);
  let turn = Promise.resolve();
  store.exclusive = (key, work) => (turn = turn.then(work, work));
  const { clock, table, server } = await followed(t, { store });
  const other = new CallTable();
  const second = client(server).follow(other, query, { interval: minute, store });
  t.after(() => second.stop());
  for (let at = 0; at < 5; at += 1) {
    server.list.unshift(...calls(3, 1000 + at * 10));
    await clock.advance(minute);
  }
  assert.deepEqual([contents(table), contents(other)], [listed(server), listed(server)]);
});

test("wrong arguments are refused, and nothing is sent", async (t) => {
  const server = vendor([]);
  const own = client(server);
  const table = new CallTable();
  for (const [path, ...given] of [
    ["table", {}, query],
    ["callJobId", table, {}],
    ["query", table, undefined],
    ["pageNum", table, { ...query, pageNum: 1 }],
    ["status", table, { companyId: 1, status: "running" }],
    ["concurrency", table, { companyId: 1 }, { concurrency: 0 }],
    ["interval", table, query, { interval: 999 }],
    ["interval", table, query, { interval: "1 minute" }],
    ["interval", table, query, { interval: Infinity }],
    ["jitter", table, query, { jitter: 2 }],
    ["jitter", table, query, { jitter: NaN }],
    ["onChange", table, query, { onChange: 1 }],
    ["onError", table, query, { onError: "log" }],
    ["mode", table, query, { mode: "fast" }],
  ]) {
    const { code, path: found } = refusal(() => own.follow(...given));
    assert.deepEqual([code, found], ["invalid_argument", path]);
  }
  const signal = AbortSignal.abort("left");
  assert.throws(() => own.follow(table, query, { signal }), (reason) => reason === "left"); // prettier-ignore
  await virtualClock(t).advance(hour);
  assert.equal(server.asked.length, 0);
});
