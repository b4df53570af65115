// Lines beside their peers over days and tasks. Not here: the alert of a line (alerts.test.mjs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSandbox } from "byrobot-calls/sandbox";
import { ByrobotClient, CallTable } from "byrobot-calls";
import { compareLines } from "byrobot-calls/alerts";
import { day, now, Rows } from "./alert-rows.mjs";

const [one, other] = ["057100000126", "057100000118"];

test("the expected rate is that of the peers on the same tasks and days", () => {
  const rows = new Rows()
    // Today and yesterday have different rates; the line calls mostly on the poor day.
    .add(20, { callerPhone: one, finishStatus: 0 })
    .add(180, { callerPhone: one })
    .add(50, { callerPhone: other, finishStatus: 0 })
    .add(50, { callerPhone: other })
    .add(1, { callerPhone: one, finishStatus: 0, at: now - day })
    .add(99, { callerPhone: one, at: now - day })
    .add(20, { callerPhone: other, finishStatus: 0, at: now - day })
    .add(180, { callerPhone: other, at: now - day })
    // Nobody else calls on this task.
    .add(500, { callerPhone: one, callJobId: 8 });
  const table = new CallTable();
  table.ingest(rows.list);
  const lines = compareLines(table);
  const [found, peer] = [one, other].map((line) =>
    lines.find(({ callerPhone }) => callerPhone === line),
  );
  assert.deepEqual([found.part, found.whole, found.peers], [21, 300, 300]);
  assert.ok(Math.abs(found.expected - (200 * 0.5 + 100 * 0.1) / 300) < 1e-12);
  assert.equal(found.level, "critical");
  assert.equal(peer.level, null);
  table.free();
});

test("few calls have no level, thresholds are checked", () => {
  const rows = new Rows()
    .add(99, { callerPhone: one })
    .add(900, { callerPhone: other, finishStatus: 0 });
  const table = new CallTable();
  table.ingest(rows.list);
  const of = (thresholds) =>
    compareLines(table, thresholds).find(({ callerPhone }) => callerPhone === one);
  assert.equal(of().level, null);
  assert.equal(of({ fewestCalls: 99 }).level, "critical");
  assert.throws(() => compareLines(table, { flaggedRate: 2 }), { code: "invalid_argument" });
  table.free();
});

test("a line without peers is left out", () => {
  const table = new CallTable();
  table.ingest(new Rows().add(200, { callerPhone: one }).list);
  assert.deepEqual(compareLines(table), []);
  table.free();
});

test("the flagged line of a scenario is the only one with a level, since its first day", async () => {
  for (const seed of [3, 5, 8]) {
    const at = new Date("2024-03-15T18:00:00+08:00");
    const sandbox = await createSandbox({ scenario: { flaggedLine: true }, seed, now: at });
    const client = new ByrobotClient({ baseUrl: "http://sandbox", fetch: sandbox.fetch });
    const table = new CallTable();
    await client.syncTasks(table, { companyId: 1 });
    const { callerPhone, since } = sandbox.truth[0].flaggedLine;
    const after = table.where({ startTime: { from: new Date(`${since}T00:00:00+08:00`) } });
    const before = table.where({ startTime: { to: new Date(`${since}T00:00:00+08:00`) } });
    const levels = (calls) =>
      compareLines(calls)
        .filter(({ level }) => level)
        .map((line) => line.callerPhone);
    assert.deepEqual(levels(after), [callerPhone], `seed ${seed}`);
    assert.deepEqual(levels(before), [], `seed ${seed}`);
    table.free();
  }
});
