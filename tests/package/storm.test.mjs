// Pagination and synchronisation while every answer has faults. Not here: each fault by itself (faults.test.mjs).
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ByrobotClient, CallTable } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";

const world = { seed: 3, tasks: 12, callsPerTask: 260 };

let callJobId, plain;
before(async () => {
  plain = await createSandbox(world);
  const completed = await clientOf(plain).getTasks({ companyId: 1, status: 2 });
  callJobId = completed.list[0].callJobId;
});

const clientOf = (sandbox, options) => new ByrobotClient({ fetch: sandbox.fetch, ...options });

describe("with one fault in every answer", () => {
  test("oddFields gives the same values, to the client and to a table", async () => {
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
    assert.ok(rows.list.some(({ extra }) => extra));
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

  test("a synchronisation by index notices ignoreIndex", async () => {
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

describe("with all faults at once", () => {
  // Not asked for again are bodies that are no JSON, which may be a login page, and clocks that are off
  // twice in a row.
  const recoverable = [
    ...["network", "timeout", "http500", "http429", "vendor500"],
    ...["shiftRows", "duplicateRows", "oddFields", "ignoreIndex"],
  ];
  const faults = Object.fromEntries(recoverable.map((fault) => [fault, 0.03]));
  const patient = {
    timeout: 100,
    retry: { attempts: 30, minDelay: 0, maxDelay: 5, maxRetryAfter: 5 },
  };

  test("no call is lost or duplicated", async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const sandbox = await createSandbox({ ...world, seed, faults });
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
