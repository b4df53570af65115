// A page controls its sandbox: what the option `control` answers, and whom it refuses.
import assert from "node:assert/strict";
import { request as ask } from "node:http";
import { describe, test } from "node:test";
import { ByrobotClient } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";
import { run } from "./command.mjs";

const page = "https://page.example";
const control = `${page}/byrobot/sandbox/control`;
const start = new Date("2024-03-15T10:30:00+08:00");

const change = (value, headers = {}) =>
  new Request(control, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  });
const read = async (response) => ({ status: response.status, body: await response.json() });

describe("a sandbox with control", () => {
  test("says what it is", async () => {
    const sandbox = await createSandbox({ control: true, scenario: "quiet", seed: 3 });
    sandbox.advance(60);
    const { status, body } = await read(await sandbox.handle(new Request(control)));
    assert.equal(status, 200);
    const { faults, ...state } = body;
    assert.deepEqual(state, {
      seed: 3,
      scenario: "quiet",
      callsPerTask: null,
      now: start.getTime() + 60_000,
      live: false,
    });
    assert.equal(faults.http500, true);
    assert.equal(faults.oddFields, false);
    sandbox.free();
  });

  test("begins anew with a change, and keeps the rest", async () => {
    const sandbox = await createSandbox({
      control: true,
      scenario: "quiet",
      seed: 3,
      companyId: 5,
    });
    const client = new ByrobotClient({ fetch: sandbox.fetch });
    const names = async () =>
      (await client.getTasks({ companyId: 5 })).list.map(({ jobName }) => jobName);
    const before = await names();
    const now = Date.parse("2024-04-01T12:00:00+08:00");
    const { body } = await read(await sandbox.handle(change({ seed: 4, now, live: true })));
    assert.deepEqual([body.seed, body.scenario, body.live], [4, "quiet", true]);
    assert.ok(body.now >= now);
    assert.notDeepEqual(await names(), before);
    const [truth] = sandbox.truth;
    assert.deepEqual([truth.companyId, truth.from], [5, "2024-03-22"]);
    // A number of calls in place of the scenario, and back.
    const { body: plain } = await read(await sandbox.handle(change({ callsPerTask: 20 })));
    assert.deepEqual([plain.scenario, plain.callsPerTask], [null, 20]);
    assert.deepEqual(sandbox.truth, []);
    const { body: again } = await read(await sandbox.handle(change({ scenario: "campaign" })));
    assert.deepEqual([again.scenario, again.callsPerTask], ["campaign", null]);
    sandbox.free();
  });

  test("refuses a wrong change and goes on as it was", async () => {
    const sandbox = await createSandbox({ control: true, seed: 3 });
    for (const [value, words] of [
      [{ seed: -1 }, /seed must be a whole number/],
      [{ scenario: "storm" }, /scenario must be/],
      [{ now: "no time" }, /now must be a valid Date/],
      [{ appSecret: "other" }, /there is no appSecret/],
      [{ callsPerTask: 0 }, /callsPerTask/],
      [null, /an object/],
    ]) {
      const { status, body } = await read(await sandbox.handle(change(value)));
      assert.equal(status, 400, JSON.stringify(value));
      assert.match(body.error, words);
    }
    const { body } = await read(await sandbox.handle(new Request(control)));
    assert.equal(body.seed, 3);
    const client = new ByrobotClient({ fetch: sandbox.fetch });
    assert.equal((await client.getTasks({ companyId: 1 })).list.length, 10);
    sandbox.free();
  });

  test("gives one request the fault of its header, and no other request", async () => {
    const sandbox = await createSandbox({ control: true });
    const asked = (fault) =>
      new ByrobotClient({
        fetch: sandbox.fetch,
        headers: fault ? { "x-sandbox-fault": fault } : {},
        retry: false,
      }).getTasks({ companyId: 1 });
    await assert.rejects(asked("http500"), { code: "server", status: 500 });
    await asked(null);
    await assert.rejects(asked("html200"), { code: "not_json" });
    await assert.rejects(asked("rain"), { status: 400 });
    await asked(null);
    // No endpoint, no fault: the next request gets none, either.
    await sandbox.handle(
      new Request(`${page}/recordings/1.wav`, { headers: { "x-sandbox-fault": "http500" } }),
    );
    await asked(null);
    sandbox.free();
  });

  test("without the option has neither", async () => {
    const sandbox = await createSandbox();
    assert.equal((await sandbox.handle(new Request(control))).status, 404);
    const client = new ByrobotClient({
      fetch: sandbox.fetch,
      headers: { "x-sandbox-fault": "http500" },
      retry: false,
    });
    assert.equal((await client.getTasks({ companyId: 1 })).list.length, 10);
    await assert.rejects(createSandbox({ control: "yes" }), TypeError);
    sandbox.free();
  });
});

describe("the command with --control", () => {
  /** The status of a request with headers that `fetch` does not let pass. */
  const statusOf = (url, { body, ...options }) =>
    new Promise((resolve, reject) => {
      const sent = ask(url, options, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on("error", reject).end(body);
    });

  test("answers pages of its own origin on this machine", async () => {
    const command = await run("sandbox", "--port", "0", "--no-live", "--control");
    try {
      const url = `${command.url}/sandbox/control`;
      const { host, port, origin } = new URL(url);
      const json = { method: "POST", body: '{"seed":9}' };
      const type = { "content-type": "application/json" };
      for (const [headers, status] of [
        [{ ...type, origin }, 200],
        [{ ...type, origin: "https://elsewhere.example" }, 403],
        [{ ...type, origin: "null" }, 403],
        [{ "content-type": "text/plain", origin }, 415],
        [
          {
            ...type,
            host: `elsewhere.example:${port}`,
            origin: `http://elsewhere.example:${port}`,
          },
          403,
        ],
      ]) {
        assert.equal(
          await statusOf(url, { ...json, headers: { host, ...headers } }),
          status,
          JSON.stringify(headers),
        );
      }
      assert.equal(await statusOf(url, { method: "DELETE" }), 405);
      assert.equal((await (await fetch(url)).json()).seed, 9);
    } finally {
      command.stop();
      await command.ended;
    }
  });

  test("is refused where other machines could ask, and absent unless asked for", async () => {
    const open = await run("sandbox", "--port", "0", "--host", "0.0.0.0", "--control");
    const { code, errors } = await open.ended;
    assert.equal(code, 2);
    assert.match(errors, /--control is for this machine only/);
    const plain = await run("sandbox", "--port", "0");
    assert.equal((await fetch(`${plain.url}/sandbox/control`)).status, 404);
    plain.stop();
    await plain.ended;
  });
});
