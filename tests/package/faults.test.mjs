// What goes wrong on purpose, as a client meets it: in this process and behind a socket alike.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { before, describe, test } from "node:test";
import { ByrobotClient, CallTable } from "byrobot-calls";
import { createSandbox, sandboxFaults } from "byrobot-calls/sandbox";
import { errorOf, rejectionOf } from "./rejections.mjs";

const require = createRequire(import.meta.url);
const cli = join(dirname(require.resolve("byrobot-calls/package.json")), "dist/cli.js");
const world = { seed: 3, tasks: 12, callsPerTask: 260 };
/** What a client makes of each fault that takes the answer's place. */
const codes = {
  network: "network",
  timeout: "timeout",
  http500: "server",
  http429: "rate_limited",
  html200: "not_json",
  truncated: "not_json",
  empty: "not_json",
  vendor500: "server",
  clockSkew: "clock_skew",
};
const quick = { timeout: 300, retry: false };

let callJobId, plain;
before(async () => {
  plain = await createSandbox(world);
  const completed = await clientOf(plain).getTasks({ companyId: 1, status: 2 });
  callJobId = completed.list[0].callJobId;
});

const clientOf = (sandbox, options) => new ByrobotClient({ fetch: sandbox.fetch, ...options });

/** The command line's sandbox with these faults, while `work` asks it. */
async function served(faults, work) {
  const flags = Object.entries({ ...world, now: "2024-03-15T10:30:00+08:00" });
  const names = { callsPerTask: "calls-per-task" };
  const args = flags.flatMap(([name, value]) => [`--${names[name] ?? name}`, String(value)]);
  const more = faults.flatMap((fault) => ["--fault", fault]);
  const child = spawn(
    process.execPath,
    [cli, "sandbox", "--port", "0", "--no-live", ...args, ...more],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const [line] = await once(child.stdout, "data");
    return await work(/http:\/\/\S+/.exec(line)[0]);
  } finally {
    child.kill();
    await once(child, "exit");
  }
}

describe("each fault", () => {
  for (const [fault, code] of Object.entries(codes)) {
    test(`${fault} is ${code} to a client, in this process and behind a socket`, async () => {
      const sandbox = await createSandbox({ ...world, faults: { [fault]: 1 } });
      const here = clientOf(sandbox, quick).getTasks({ companyId: 1 });
      const error = await errorOf(here, { code, endpoint: "getTasks" });
      await served([fault], async (baseUrl) => {
        const there = new ByrobotClient({ baseUrl, ...quick }).getTasks({ companyId: 1 });
        const other = await errorOf(there, { code, endpoint: "getTasks" });
        assert.equal(other.retryAfterMs, error.retryAfterMs);
        if (code === "not_json") assert.equal(other.message, error.message);
      });
      sandbox.free();
    });
  }

  test("a request without an answer ends with its signal", async () => {
    const sandbox = await createSandbox({ ...world, faults: { timeout: 1 } });
    const controller = new AbortController();
    const waiting = sandbox.fetch("/openapi/v1/task/getTasks", { signal: controller.signal });
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 20);
    assert.equal(await rejectionOf(waiting), reason);
  });

  test("a broken connection is a TypeError to fetch, and Response.error() to a service worker", async () => {
    const sandbox = await createSandbox({ ...world, faults: { network: 1 } });
    const url = "http://vendor.test/openapi/v1/task/getTasks";
    assert.ok((await rejectionOf(sandbox.fetch(url))) instanceof TypeError);
    assert.equal((await sandbox.handle(new Request(url))).type, "error");
  });

  test("oddFields says the same in other words, to the client and to a table", async () => {
    const sandbox = await createSandbox({ ...world, faults: { oddFields: 1 } });
    const [odd, even] = [clientOf(sandbox), clientOf(plain)];
    // What nobody documented goes to `extra`; a map has its results in another order.
    const said = ({ extra, ...row }) => ({
      ...row,
      resultList: row.resultList?.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    });
    const query = { callJobId, pageSize: 50 };
    const [rows, expected] = await Promise.all(
      [odd, even].map((own) => own.queryDoneTaskPhones(query)),
    );
    assert.deepEqual(rows.list.map(said), expected.list.map(said));
    assert.ok(rows.list.some(({ extra }) => extra && "bugType" in extra));
    const [detail, plainDetail] = await Promise.all(
      [odd, even].map((own) => own.getTaskDetail({ companyId: 1, taskId: callJobId })),
    );
    assert.deepEqual(detail.extraStat, plainDetail.extraStat);
    const [table, truth] = [new CallTable(), new CallTable()];
    const report = await odd.syncDoneCalls(table, { callJobId });
    await even.syncDoneCalls(truth, { callJobId });
    assert.equal(report.complete, true);
    assert.deepEqual(table.statistics(), truth.statistics());
  });

  test("ignoreIndex is noticed by a synchronisation that follows the index", async () => {
    for (const faults of [{}, { ignoreIndex: 1 }]) {
      const sandbox = await createSandbox({ ...world, faults });
      const table = new CallTable();
      const { complete } = await clientOf(sandbox).syncDoneCalls(
        table,
        { callJobId },
        { mode: "cursor" },
      );
      assert.equal(complete, true);
      assert.equal(table.length, 260);
    }
  });
});

describe("all of them at once", () => {
  const faults = Object.fromEntries(sandboxFaults.map((fault) => [fault, 0.03]));
  const patient = {
    timeout: 100,
    retry: { attempts: 30, minDelay: 0, maxDelay: 5, maxRetryAfter: 5 },
  };

  test("lose no call and double none", async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const sandbox = await createSandbox({
        ...world,
        seed,
        faults: { ...faults, truncated: 0, html200: 0, empty: 0 },
      });
      const own = clientOf(sandbox, patient);
      const [{ callJobId }] = (await own.getTasks({ companyId: 1, status: 2 })).list;
      const table = new CallTable();
      const { complete } = await own.syncDoneCalls(table, { callJobId }, { prefetch: seed % 4 });
      assert.equal(complete, true, `seed ${seed}`);
      assert.equal(table.length, 260, `seed ${seed}`);
      const walked = await own.doneCalls({ callJobId }).toArray();
      assert.equal(new Set(walked.map((row) => row.callInstanceId)).size, 260);
      assert.equal(walked.length, 260);
      sandbox.free();
    }
  });
});

test("a script says which request goes wrong, the same on every door", async () => {
  const script = [{ fault: "http500", endpoint: "queryDoneTaskPhones", pageNum: 2, nth: 3 }];
  const asked = async (client) => {
    const outcomes = [];
    for (let round = 0; round < 4; round += 1) {
      for (const pageNum of [1, 2]) {
        const page = client.queryDoneTaskPhones({ callJobId, pageNum });
        outcomes.push(await page.then(() => "well", (error) => error.code)); // prettier-ignore
      }
    }
    return outcomes;
  };
  const expected = ["well", "well", "well", "well", "well", "server", "well", "well"];
  const sandbox = await createSandbox({ ...world, script });
  assert.deepEqual(await asked(clientOf(sandbox, quick)), expected);
  sandbox.reset();
  assert.deepEqual(await asked(clientOf(sandbox, quick)), expected);
  await served(["http500@queryDoneTaskPhones?pageNum=2#3"], async (baseUrl) => {
    assert.deepEqual(await asked(new ByrobotClient({ baseUrl, ...quick })), expected);
  });
});

test("chance is the same on every door", async () => {
  const asked = async (client) => {
    const outcomes = [];
    for (let round = 0; round < 60; round += 1) {
      const page = client.getTasks({ companyId: 1, pageNum: 1 + (round % 2) });
      outcomes.push(await page.then(() => "well", (error) => error.code)); // prettier-ignore
    }
    return outcomes;
  };
  const sandbox = await createSandbox({ ...world, faults: { vendor500: 0.2, html200: 0.1 } });
  const here = await asked(clientOf(sandbox, quick));
  assert.ok(new Set(here).size === 3, "some of each");
  await served(["vendor500=0.2", "html200=.1"], async (baseUrl) => {
    assert.deepEqual(await asked(new ByrobotClient({ baseUrl, ...quick })), here);
  });
});

test("wrong faults are refused by name", async () => {
  for (const [options, kind, words] of [
    [{ faults: 1 }, TypeError, /faults must be an object/],
    [{ faults: { tiemout: 0.1 } }, TypeError, /faults\.tiemout is no fault; there are network,/],
    [{ faults: { timeout: "5%" } }, TypeError, /faults\.timeout must be a number/],
    [{ faults: { timeout: 5 } }, RangeError, /faults\.timeout must be from 0 to 1/],
    [{ faults: { timeout: Number.NaN } }, RangeError, /faults\.timeout/],
    [{ script: {} }, TypeError, /script must be a list/],
    [{ script: [1] }, TypeError, /script\[0\] must be an object/],
    [{ script: [{}] }, TypeError, /script\[0\]\.fault is missing/],
    [{ script: [{ fault: "boom" }] }, TypeError, /script\[0\]\.fault is no fault/],
    [{ script: [{ fault: "empty", page: 2 }] }, TypeError, /script\[0\] can have no page/],
    [{ script: [{ fault: "empty", nth: "2" }] }, TypeError, /script\[0\]\.nth must be a number/],
    [{ script: [{ fault: "empty", nth: 0 }] }, RangeError, /count from 1/],
    [{ script: [{ fault: "empty", endpoint: "getCalls" }] }, RangeError, /no endpoint getCalls/],
  ]) {
    await assert.rejects(createSandbox(options), (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, words);
      return true;
    });
  }
});
