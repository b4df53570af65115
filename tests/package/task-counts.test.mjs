// `taskCounts`: the number of its requests.
import assert from "node:assert/strict";
import { after, before, mock, test } from "node:test";
import { company, task } from "./company.mjs";
import { install } from "./installation.mjs";
import { errorOf, rejectionOf } from "./rejections.mjs";
import { until } from "./stage.mjs";
import { calls } from "./vendor.mjs";

let project, ByrobotClient;
before(async () => {
  project = await install();
  ({ ByrobotClient } = await project.import());
});
after(() => project?.remove());

const client = (server) => new ByrobotClient({ fetch: server.fetch, retry: { attempts: 1 } });
const tasks = (count) => Array.from({ length: count }, (_, at) => task(100 + at, calls(at)));

test("a task has its counts after a request, and without one if its row has them", async () => {
  const server = company(tasks(8));
  const own = client(server);
  const { list } = await own.getTasks({ companyId: 1 });
  server.asked.length = 0;
  const { callJobId, totalCount, doneCount } = await own.taskCounts(1, list[7]);
  assert.deepEqual([callJobId, totalCount, doneCount], [107, 12, 7]);
  assert.deepEqual(server.asked, [["getTaskDetail", { companyId: "1", taskId: "107" }]]);
  const counted = { ...list[3], totalCount: 9, doneCount: 0 };
  assert.equal(await own.taskCounts(1, counted), counted);
  assert.equal(server.asked.length, 1);
});

test("callers of the same task share a request, and later ones its answer", async () => {
  const server = company(tasks(3), { delay: 2 });
  const own = client(server);
  const asked = [0, 1, 0, 1, 0].map((at) => own.taskCounts(1, { callJobId: 100 + at }));
  const counts = await Promise.all(asked);
  assert.deepEqual(counts.map(({ doneCount }) => doneCount), [0, 1, 0, 1, 0]); // prettier-ignore
  await own.taskCounts(1, { callJobId: 100 });
  assert.equal(server.asked.length, 2);
  // Another company, another client.
  await own.taskCounts(2, { callJobId: 100 });
  await client(server).taskCounts(1, { callJobId: 100 });
  assert.equal(server.asked.length, 4);
});

test("answers are kept for maxAge, also if the clock is set back", async (t) => {
  mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
  t.after(() => mock.timers.reset());
  const server = company(tasks(1));
  const own = client(server);
  const ask = async (ms, options) => {
    mock.timers.setTime(1_700_000_000_000 + ms);
    server.asked.length = 0;
    await own.taskCounts(1, { callJobId: 100 }, options);
    return server.asked.length;
  };
  assert.equal(await ask(0), 1);
  assert.equal(await ask(59_999), 0);
  assert.equal(await ask(60_000), 1);
  assert.equal(await ask(65_000, { maxAge: 5000 }), 1);
  assert.equal(await ask(65_000, { maxAge: 0 }), 1);
  assert.equal(await ask(600_000, { maxAge: Infinity }), 0);
  assert.equal(await ask(-1), 1);
});

test("two requests run at a time, however many tasks are asked for", async () => {
  const server = company(tasks(20), { delay: 1 });
  const own = client(server);
  await Promise.all(tasks(20).map(({ row }) => own.taskCounts(1, { callJobId: row.callJobId })));
  assert.deepEqual([server.asked.length, server.mostInFlight], [20, 2]);
});

test("a failure is not kept, and does not stop the others", async () => {
  const server = company(tasks(6));
  server.before = (_, { taskId }) => taskId === "100" && new Response("", { status: 500 });
  const own = client(server);
  const asked = tasks(6).map(({ row }) => own.taskCounts(1, { callJobId: row.callJobId }));
  const outcomes = await Promise.allSettled(asked);
  assert.deepEqual(outcomes.map(({ status }) => status === "fulfilled"), [false, true, true, true, true, true]); // prettier-ignore
  server.before = () => {};
  assert.equal((await own.taskCounts(1, { callJobId: 100 })).doneCount, 0);
});

test("a request that nobody waits for any more is not sent, or cancelled", async () => {
  const server = company(tasks(9), { delay: 20 });
  const own = client(server);
  const controller = new AbortController();
  const { signal } = controller;
  const asked = tasks(9).map(({ row }) =>
    own.taskCounts(1, { callJobId: row.callJobId }, { signal }),
  );
  const stays = own.taskCounts(1, { callJobId: 101 });
  await until(() => server.inFlight === 2);
  controller.abort("scrolled");
  for (const one of asked) assert.equal(await rejectionOf(one), "scrolled");
  assert.equal((await stays).doneCount, 1);
  assert.equal((await own.taskCounts(1, { callJobId: 108 })).doneCount, 8);
  assert.deepEqual(
    server.asked.map(([, { taskId }]) => taskId),
    ["100", "101", "108"],
  );
});

test("wrong arguments are refused, and nothing is sent", async () => {
  const server = company(tasks(1));
  const own = client(server);
  for (const [path, ...given] of [
    ["companyId", "1", { callJobId: 1 }],
    ["taskId", 1, {}],
    ["taskId", 1, undefined],
    ["maxAge", 1, { callJobId: 1 }, { maxAge: -1 }],
    ["maxAge", 1, { callJobId: 1 }, { maxAge: "5" }],
    ["timeout", 1, { callJobId: 1 }, { timeout: "5" }],
  ]) {
    await errorOf(own.taskCounts(...given), { code: "invalid_argument", path });
  }
  assert.equal(server.asked.length, 0);
});
