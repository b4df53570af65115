// What is freed, ended, aborted or failed leaves nothing behind, however often; a week of `follow`. Not here: too little
// memory (memory.test.mjs).
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { virtualClock } from "./clock.mjs";
import { install } from "./installation.mjs";
import { contents, listed } from "./stores.mjs";
import { call, calls, vendor } from "./vendor.mjs";

const program = join(import.meta.dirname, "lifetimes.mjs");

async function growth(kind) {
  const args = ["--expose-gc", program, kind];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
}

describe("memory stays the same after thousands of lives", () => {
  for (const kind of [
    "client",
    "table",
    "view",
    "view of a view",
    "linked",
    "pagination",
    "synchronisation",
    "aborted call",
    "failed call",
    "follow",
    "listener",
  ]) {
    test(`of a ${kind}`, async () => {
      const { times, all, wasm } = await growth(kind);
      assert.equal(wasm, 0, `${wasm} bytes of WebAssembly after ${times} lives`);
      // The engine's own tables for code and for timers.
      assert.ok(all < 600_000, `${all} bytes after ${times} lives`);
    });
  }

  test("and the measurement sees views that are kept", async () => {
    const { times, all, wasm } = await growth("view that is kept");
    assert.ok(wasm > 0 && all > 100 * times, `${wasm} and ${all} bytes after ${times} lives`);
  });
});

describe("a week", () => {
  let project, ByrobotClient, CallTable;
  before(async () => {
    project = await install();
    ({ ByrobotClient, CallTable } = await project.import());
  });
  after(() => project?.remove());

  test("of follow ends with all calls, through restarts of the vendor, sleep, and changes of the clock", async (t) => {
    const clock = virtualClock(t, 60);
    const [second, minute, hour] = [1000, 60_000, 3_600_000];
    let isDown = false;
    const server = vendor(calls(100), {
      before: () => (isDown ? new Response("restarting", { status: 503 }) : undefined),
    });
    const client = new ByrobotClient({ fetch: server.fetch, retry: false });
    const table = new CallTable();
    const reports = [];
    const follow = client.follow(
      table,
      { callJobId: 62 },
      {
        interval: 10 * minute,
        onReport: (report) => reports.push(report),
        onError: ({ code }) => assert.equal(code, "server"),
      },
    );
    let id = 1000;
    let requests = 0;
    for (let day = 0; day < 7; day += 1) {
      for (let at = 0; at < 24; at += 1) {
        // By day calls are made, and some numbers are called again: their rows change and move to the front.
        if (at >= 9 && at < 18) {
          server.list.unshift(...Array.from({ length: 30 }, () => call((id += 1))));
          const [again] = server.list.splice(40, 1);
          server.list.unshift({ ...again, duration: again.duration + 1 });
        }
        isDown = at === 3;
        if (at === 12 && day === 2) clock.set(hour);
        if (at === 12 && day === 3) clock.set(-hour);
        // The machine sleeps: the time of day passes, timers do not.
        if (at === 20 && day === 5) clock.set(3 * hour);
        await clock.advance(hour);
        assert.ok(clock.timers <= 1, `${clock.timers} timers`);
        requests += server.asked.splice(0).length;
        server.signals.length = 0;
      }
      assert.deepEqual(contents(table), listed(server), `day ${day}`);
    }
    isDown = false;
    await clock.advance(10 * minute + second);
    assert.equal(follow.state, "waiting");
    assert.equal(follow.error, null);
    // A synchronisation each ten minutes. One without news is a request; one with thirty new calls is two or three.
    assert.ok(reports.length > 900 && reports.length < 1050, `${reports.length} synchronisations`);
    assert.ok(requests < 2 * reports.length, `${requests} requests`);
    follow.stop();
    assert.equal(clock.timers, 0);
  });
});
