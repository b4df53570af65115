// The sandbox of the package: as a `fetch` function, behind a socket, on the command line. Not here: its answers
// (sandbox/tests/sandbox).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import process from "node:process";
import { test } from "node:test";
import { createSandbox } from "byrobot-calls/sandbox";
import { api, post, run } from "./command.mjs";
import { everything, small } from "./everything.mjs";

test("the sandbox sends the same bytes through fetch and through the server", async () => {
  const base = "http://recordings.test";
  const sandbox = await createSandbox({ ...small, recordingBase: base });
  const here = await everything(sandbox.fetch, "http://anywhere.test");
  const flags = ["--seed", "5", "--tasks", "12", "--calls-per-task", "40"];
  const fixed = ["--no-live", "--now", "2024-03-15T10:30:00+08:00", "--recording-base", base];
  const server = await run("sandbox", "--port", "0", ...flags, ...fixed);
  const there = await everything(fetch, server.url);
  server.stop();
  assert.deepEqual(there, here);
  assert.equal((await server.ended).code, 0);
  sandbox.free();
});

test("the sandbox sends the same bytes as the native one", async () => {
  const sandbox = await createSandbox({ tasks: 12, callsPerTask: 60 });
  const tasks = await sandbox.fetch(`${api}/getTasks?companyId=1&pageSize=100`);
  const hash = createHash("sha1");
  for (const { callJobId } of (await tasks.json()).data.list) {
    const query = post({ callJobId, pageSize: 50 });
    const done = await sandbox.fetch(`http://host.test${api}/queryDoneTaskPhones`, query);
    hash.update(new Uint8Array(await done.arrayBuffer()));
  }
  // The digest that the test `native_answers_have_the_digest_of_the_wasm_test` has of the native answers.
  assert.equal(hash.digest("base64"), "FGk6G2i2nt3mPoTkUXZlzD7M7zU=");
});

test("sandbox.fetch accepts the arguments of fetch", async () => {
  const sandbox = await createSandbox(small);
  const { fetch } = sandbox;
  const absolute = `http://host.test${api}/getTasks?companyId=1`;
  for (const input of [absolute, new URL(absolute), new Request(absolute)]) {
    const response = await fetch(input);
    assert.ok(response instanceof Response);
    assert.equal(response.url, absolute);
    assert.equal((await response.json()).data.total, 12);
  }
  const { data } = await (await fetch(`${api}/getTasks?companyId=1&status=2`)).json();
  const query = post({ callJobId: data.list[0].callJobId });
  const sent = await fetch(new Request(`http://host.test${api}/queryDoneTaskPhones`, query));
  assert.equal((await sent.json()).code, 200);
  const handled = await sandbox.handle(new Request(absolute));
  assert.equal((await handled.json()).data.total, 12);
});

test("an abort rejects with its reason and leaves no listener", async () => {
  const { fetch } = await createSandbox({ ...small, latency: 10_000 });
  const reasons = ["a string", undefined, new Error("mine")];
  for (const reason of reasons) {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    for (const [name, change] of [
      ["addEventListener", 1],
      ["removeEventListener", -1],
    ]) {
      const original = signal[name].bind(signal);
      signal[name] = (...args) => ((listeners += change), original(...args));
    }
    const promise = fetch("/x", { signal });
    setTimeout(() => controller.abort(reason), 5);
    await assert.rejects(promise, (error) => error === signal.reason);
    await assert.rejects(fetch("/x", { signal }), (error) => error === signal.reason);
    assert.ok(listeners <= 1, "once it has fired, the listener is gone");
  }
  const quick = await createSandbox({ ...small, latency: 1 });
  const { signal } = new AbortController();
  const before = process.listenerCount("warning");
  for (let n = 0; n < 50; n += 1) await quick.fetch("/x", { signal });
  assert.equal(process.listenerCount("warning"), before);
});

test("the clock of the sandbox moves by advance(), or with the real one", async () => {
  const done = async ({ fetch }) => {
    const { data } = await (await fetch(`${api}/getTasks?companyId=1&pageSize=100`)).json();
    let calls = 0;
    for (const { callJobId } of data.list) {
      const detail = await fetch(`${api}/getTaskDetail?companyId=1&taskId=${callJobId}`);
      calls += (await detail.json()).data.doneCount;
    }
    return calls;
  };
  const still = await createSandbox({ ...small, callsPerTask: 5000 });
  const before = await done(still);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(await done(still), before);
  still.advance(600);
  assert.ok((await done(still)) > before);
  still.reset();
  assert.equal(await done(still), before);
  const live = await createSandbox({ ...small, tasks: 1, callsPerTask: 100_000, live: true });
  const first = await done(live);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.ok((await done(live)) > first);
});

test("wrong options are refused with their names", async () => {
  for (const [options, kind, name] of [
    [{ seed: "1" }, TypeError, "seed"],
    [{ seed: -1 }, RangeError, "seed"],
    [{ tasks: 1.5 }, RangeError, "tasks"],
    [{ tasks: 501 }, RangeError, "tasks"],
    [{ callsPerTask: 0 }, RangeError, "callsPerTask"],
    [{ now: "2024" }, TypeError, "now"],
    [{ now: new Date("never") }, RangeError, "now"],
    [{ latency: [5] }, TypeError, "latency"],
    [{ latency: [5, 1] }, RangeError, "latency"],
    [{ live: 1 }, TypeError, "live"],
    [{ seeed: 1 }, TypeError, "seeed"],
    [{ companies: 1 }, TypeError, "companies"],
    [{ companies: [1, "2"] }, TypeError, "companies\\[1\\]"],
    [{ companies: [-1] }, RangeError, "companies\\[0\\]"],
    [{ companies: [] }, RangeError, "companies"],
    [{ companies: [1], companyId: 1 }, TypeError, "companyId"],
    [null, TypeError, "options"],
  ]) {
    await assert.rejects(createSandbox(options), (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, new RegExp(name));
      return true;
    });
  }
  const sandbox = await createSandbox(small);
  assert.throws(() => sandbox.advance(-1), RangeError);
  assert.throws(() => sandbox.advance("1"), TypeError);
  sandbox.free();
  sandbox.free();
  await assert.rejects(sandbox.fetch("/x"), /freed/);
});

test("the server answers ranges of a recording", async () => {
  const server = await run("sandbox", "--port", "0", "--tasks", "2", "--calls-per-task", "50");
  const tasks = await (await fetch(`${server.url}${api}/getTasks?companyId=1&status=2`)).json();
  const { callJobId } = tasks.data.list[0];
  const query = post({ callJobId, finishStatus: 0 });
  const done = await (await fetch(`${server.url}${api}/queryDoneTaskPhones`, query)).json();
  const { luyinOssUrl } = done.data.list[0];
  assert.ok(luyinOssUrl.startsWith(`${server.url}/recordings/`));
  const whole = new Uint8Array(await (await fetch(luyinOssUrl)).arrayBuffer());
  const part = await fetch(luyinOssUrl, { headers: { range: "bytes=100-199" } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-length"), "100");
  assert.deepEqual(new Uint8Array(await part.arrayBuffer()), whole.slice(100, 200));
  const head = await fetch(luyinOssUrl, { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), String(whole.length));
  server.stop();
  await server.ended;
});

test("the command warns when other machines can reach it, and gives several companies the tasks in turn", async () => {
  const flags = ["--port", "0", "--tasks", "4", "--calls-per-task", "5"];
  const inner = await run("sandbox", ...flags, "--company", "1", "--company", "2");
  for (const company of [1, 2]) {
    const answer = await fetch(`${inner.url}${api}/getTasks?companyId=${company}`);
    assert.equal((await answer.json()).data.total, 2);
  }
  inner.stop();
  assert.equal((await inner.ended).errors, "");
  const outer = await run("sandbox", ...flags, "--host", "0.0.0.0");
  outer.stop();
  assert.match((await outer.ended).errors, /warning: 0\.0\.0\.0 can be reached by other machines/);
});

test("the command serves a scenario", async () => {
  const fixed = ["--no-live", "--now", "2024-03-15T10:30:00+08:00"];
  const server = await run("sandbox", "--port", "0", "--scenario", "campaign", ...fixed);
  const answer = await fetch(`${server.url}${api}/getTasks?companyId=1`);
  const sandbox = await createSandbox({ scenario: "campaign" });
  const here = await sandbox.fetch(`${api}/getTasks?companyId=1`);
  assert.deepEqual(await answer.json(), await here.json());
  server.stop();
  await server.ended;
  sandbox.free();
});

test("the command line reports a wrong command or flag", async (t) => {
  const taken = createServer().listen(0, "127.0.0.1");
  t.after(() => taken.close());
  await once(taken, "listening");
  for (const [args, code, words] of [
    [["--help"], 0, /sandbox/],
    [["--version"], 0, /^\d+\.\d+\.\d+/],
    [["sandbox", "--help"], 0, /--calls-per-task/],
    [[], 2, /command/],
    [["sandbx"], 2, /sandbx/],
    [["sandbox", "--sed", "1"], 2, /--sed/],
    [["sandbox", "--port", "http"], 2, /--port/],
    [["sandbox", "--tasks", "501"], 2, /tasks/],
    [["sandbox", "--latency", "9-2"], 2, /--latency/],
    [["sandbox", "--scenario", "busy"], 2, /--scenario must be quiet or campaign/],
    [["sandbox", "--scenario", "quiet", "--tasks", "3"], 2, /takes the place of --tasks/],
    [["sandbox", "--now", "soon"], 2, /--now/],
    [["sandbox", "--port", String(taken.address().port)], 2, /is in use/],
  ]) {
    const { ended } = await run(...args);
    const { code: ended_with, output, errors } = await ended;
    assert.equal(ended_with, code, `${args}: ${errors}`);
    assert.match(code === 0 ? output : errors, words);
  }
});
