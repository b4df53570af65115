// `follow` of a company in virtual time: a sandbox past midnight and with failures, failing tasks.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { virtualClock } from "./clock.mjs";
import { company, idsOf, task } from "./company.mjs";
import { install } from "./installation.mjs";
import { call, calls } from "./vendor.mjs";

let project, ByrobotClient, CallTable, createSandbox;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable } = await project.import());
  ({ createSandbox } = await project.import("byrobot-calls/sandbox"));
});
after(() => project?.remove());

const minute = 60_000;
const client = (server) => new ByrobotClient({ fetch: server.fetch, retry: { attempts: 1 } });

describe("a sandbox", () => {
  for (const [what, options, faults] of [
    ["over midnight", { now: new Date("2024-03-15T23:40:00+08:00") }, () => {}],
    ["over a working day", { now: new Date("2024-03-15T08:30:00+08:00") }, () => {}],
    [
      "through a restart of the vendor",
      {},
      (sandbox, at) => {
        if (at >= 20 && at < 40)
          for (const nth of [1, 2, 3, 4]) sandbox.inject({ fault: "http500", nth });
      },
    ],
  ]) {
    // prettier-ignore
    test(`is followed ${what}: no call is lost and none comes twice`, async (t) => {
      const clock = virtualClock(t);
      const sandbox = await createSandbox({ seed: 2, tasks: 12, callsPerTask: 120, ...options });
      const own = client(sandbox);
      const table = new CallTable();
      const follow = own.follow(table, { companyId: 1 }, { interval: minute, onError: () => {} });
      t.after(() => follow.stop());
      for (let at = 0; at < 90; at += 1) {
        faults(sandbox, at);
        sandbox.advance(60);
        await clock.advance(minute);
      }
      await clock.advance(10 * minute);
      follow.stop();
      const expected = [];
      for (const { callJobId } of await own.tasks({ companyId: 1 }).toArray()) {
        expected.push(...(await own.doneCalls({ callJobId }).toArray()));
      }
      const byId = (one, other) => one.callInstanceId - other.callInstanceId;
      assert.deepEqual(table.rows().sort(byId), expected.sort(byId));
      sandbox.free();
    });
  }
});

describe("a company", () => {
  const tasks = (counts) =>
    counts.map((count, index) => task(100 + index, calls(count, 1 + index * 100_000)));
  const start = async (t, server) => {
    const clock = virtualClock(t);
    const [table, errors] = [new CallTable(), []];
    const options = { interval: minute, jitter: 0, onError: (error) => errors.push(error.code) };
    const follow = client(server).follow(table, { companyId: 1 }, options);
    t.after(() => follow.stop());
    await clock.settle();
    return { clock, table, errors, follow };
  };

  test("with a failing task reports it each time, and keeps the interval", async (t) => {
    const server = company(tasks([60, 60]));
    server.before = (_, { callJobId }) => callJobId === 101 && new Response("", { status: 500 });
    const { clock, table, errors, follow } = await start(t, server);
    server.tasks[0].list.unshift(call(777));
    await clock.advance(3 * minute);
    assert.deepEqual([errors, table.length], [Array(4).fill("server"), 61]);
    assert.deepEqual([follow.syncedAt, follow.error.code], [Date.now(), "server"]);
    server.before = () => {};
    await clock.advance(minute);
    assert.equal(follow.error, null);
    assert.equal(table.length, idsOf(server).length);
  });

  test("of which every task fails waits longer", async (t) => {
    const server = company(tasks([60, 60]));
    server.before = (endpoint) => endpoint !== "getTasks" && new Response("", { status: 500 });
    const { clock, follow } = await start(t, server);
    server.asked.length = 0;
    await clock.advance(2 * minute - 1);
    assert.deepEqual([server.asked.length, follow.syncedAt], [0, null]);
  });
});
