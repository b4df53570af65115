// Faults of the sandbox as a client sees them: through `fetch` of the sandbox and behind a socket. Not here: when a
// fault happens and what it changes (sandbox/tests/sandbox/faults.rs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ByrobotClient } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";
import { api, post, run } from "./command.mjs";

const recordingBase = "http://recordings.test";
const small = { seed: 5, tasks: 12, callsPerTask: 40, recordingBase };
const flags = ["--port", "0", "--no-live", "--now", "2024-03-15T10:30:00+08:00"];
flags.push("--seed", "5", "--tasks", "12", "--calls-per-task", "40");
flags.push("--recording-base", recordingBase);
const tasks = `${api}/getTasks?companyId=1&pageSize=100`;

const server = (...more) => run("sandbox", ...flags, ...more);
const stopped = async ({ stop, ended }) => (stop(), assert.equal((await ended).code, 0));

/** All faults but `timeout`, which has a test of its own: the error of a wrong name lists them. */
const { message } = await createSandbox({ script: [{ fault: "?" }] }).catch((error) => error);
const [, names] = message.match(/there are (.*)$/);
const answering = names.split(", ").filter((name) => name !== "timeout");

/** The outcome of a request: everything that is the same for `fetch` and for the server. */
async function outcome(request) {
  try {
    const response = await request;
    const { status, headers } = response;
    const kept = ["content-type", "content-length", "retry-after", "date"];
    const body = Buffer.from(await response.arrayBuffer()).toString();
    return { status, headers: kept.map((name) => headers.get(name)), body };
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return "lost";
  }
}

test("each fault is the same through fetch and through the server", async () => {
  const calm = await createSandbox(small);
  const whole = await outcome(calm.fetch(tasks));
  const list = JSON.parse(whole.body).data.list;
  const done = post({ callJobId: list.at(-1).callJobId, pageSize: 10, pageNum: 2, index: 5 });
  const right = await outcome(calm.fetch(`${api}/queryDoneTaskPhones`, done));
  const late = "Fri, 15 Mar 2024 02:35:00 GMT";
  const expected = {
    network: (first) => assert.equal(first, "lost"),
    http500: ({ status, body }) => assert.ok(status === 500 && /^<!doctype html>/.test(body)),
    http429: ({ status, headers }) => assert.ok(status === 429 && headers[2] === "1"),
    html200: ({ status, body }) => assert.ok(status === 200 && /<form/.test(body)),
    truncated({ status, headers, body }) {
      assert.ok(status === 200 && body !== whole.body && whole.body.startsWith(body.slice(0, -1)));
      assert.ok(Number(headers[1]) < Number(whole.headers[1]));
    },
    empty: ({ status, body }) => assert.ok(status === 200 && body === ""),
    vendor500: ({ status, body }) => assert.ok(status === 200 && JSON.parse(body).code === 500),
    clockSkew: ({ status, headers, body }) =>
      assert.ok(status === 200 && headers[3] === late && JSON.parse(body).code === 408),
    shiftRows: (first, second) => assert.ok(first.body === whole.body && second.status === 200),
    duplicateRows: ({ body }) => assert.ok(JSON.parse(body).data.list.length > list.length),
    oddFields: ({ body }) => assert.ok(body !== whole.body && JSON.parse(body).data.list),
    ignoreIndex(first, second) {
      assert.equal(first.body, whole.body);
      assert.notEqual(second.body, right.body);
    },
  };
  assert.deepEqual(Object.keys(expected).sort(), [...answering].sort());
  for (const [fault, check] of Object.entries(expected)) {
    const sandbox = await createSandbox({ ...small, faults: { [fault]: 1 } });
    const behind = await server("--fault", `${fault}=1`);
    const [answers, served] = [[], []];
    for (const [path, init] of [[tasks], [`${api}/queryDoneTaskPhones`, done]]) {
      answers.push(await outcome(sandbox.fetch(path, init)));
      served.push(await outcome(fetch(behind.url + path, init)));
    }
    // Before the checks: a server that runs keeps the test from ending.
    await stopped(behind);
    sandbox.free();
    assert.deepEqual(served, answers, fault);
    check(...answers);
  }
});

test("the fault timeout never answers; the caller has to abort", async () => {
  const script = [{ fault: "timeout", nth: 1 }];
  const sandbox = await createSandbox({ ...small, script });
  const behind = await server("--fault", "timeout#1");
  for (const [ask, base] of [
    [sandbox.fetch, "http://anywhere.test"],
    [fetch, behind.url],
  ]) {
    const controller = new AbortController();
    const { signal } = controller;
    const two = [ask(base + tasks, { signal }), ask(base + tasks, { signal })];
    // Sockets keep no order: either may be the first to come, but only one is answered.
    const answered = await Promise.race(two);
    assert.equal((await answered.json()).code, 200);
    const reason = new Error("mine");
    controller.abort(reason);
    const ends = await Promise.allSettled(two);
    assert.equal(ends.filter((end) => end.reason === reason).length, 1);
    assert.equal(
      (await (await ask(base + tasks)).json()).code,
      200,
      "the server answers other requests",
    );
  }
  await stopped(behind);
});

test("a server closes while a request waits for the fault timeout", async () => {
  const behind = await server("--fault", "timeout");
  const lost = assert.rejects(fetch(behind.url + tasks), TypeError);
  // Not a request of the API: it is answered, and by then the other one waits.
  await fetch(`${behind.url}/elsewhere`);
  await stopped(behind);
  await lost;
});

test("the same requests get the same faults from fetch and from the server", async () => {
  const faults = Object.fromEntries(answering.map((fault) => [fault, 0.08]));
  const rule = "http500@queryDoneTaskPhones?pageNum=2#3";
  const script = [{ fault: "http500", endpoint: "queryDoneTaskPhones", pageNum: 2, nth: 3 }];
  const sandbox = await createSandbox({ ...small, faults, script });
  const { data } = await (await (await createSandbox(small)).fetch(tasks)).json();
  const ask = async (fetch, base) => {
    const outcomes = [];
    for (let n = 0; n < 60; n += 1) {
      const { callJobId } = data.list[n % data.list.length];
      const query = post({ callJobId, pageNum: 1 + (n % 3), pageSize: 10 });
      outcomes.push(await outcome(fetch(base + tasks)));
      outcomes.push(await outcome(fetch(`${base}${api}/queryDoneTaskPhones`, query)));
    }
    return outcomes;
  };
  const here = await ask(sandbox.fetch, "http://anywhere.test");
  const behind = await server(
    ...answering.flatMap((fault) => ["--fault", `${fault}=0.08`]),
    "--fault",
    rule,
  );
  assert.deepEqual(await ask(fetch, behind.url), here);
  await stopped(behind);
  assert.equal(here[2 * 7 + 1].status, 500, "the third of page 2");
  sandbox.reset();
  assert.deepEqual(await ask(sandbox.fetch, "http://elsewhere.test"), here);
  assert.ok(new Set(here.map((each) => each.status ?? each)).size >= 4, "many kinds of outcome");
});

test("the client has an error code for each failure, and reads odd fields", async () => {
  const codes = {
    network: "network",
    timeout: "timeout",
    http500: "server",
    http429: "rate_limited",
    html200: "not_json",
    truncated: "network",
    empty: "not_json",
    vendor500: "server",
    clockSkew: "clock_skew",
  };
  for (const [fault, code] of Object.entries(codes)) {
    const { fetch } = await createSandbox({ ...small, script: [{ fault, nth: 1 }] });
    const client = new ByrobotClient({ fetch, retry: false, timeout: 200 });
    await assert.rejects(client.getTasks({ companyId: 1 }), { code }, fault);
    assert.equal((await client.getTasks({ companyId: 1 })).total, 12);
  }
  const everything = async (faults) => {
    const { fetch } = await createSandbox({ ...small, faults });
    const client = new ByrobotClient({ fetch });
    const answers = [await client.getTasks({ companyId: 1, pageSize: 100 })];
    for (const { callJobId } of answers[0].list) {
      answers.push(await client.getTaskDetail({ companyId: 1, taskId: callJobId }));
      answers.push(await client.notDialedCustomerList({ taskId: callJobId, pageSize: 10 }));
      const done = await client.queryDoneTaskPhones({ callJobId, pageSize: 20 });
      answers.push(done);
      for (const { callInstanceId } of done.list.slice(0, 2)) {
        answers.push(await client.phoneLogInfo({ callInstanceId }));
      }
    }
    // What nobody knows is kept as it came.
    return JSON.parse(
      JSON.stringify(answers, (name, value) => (name === "extra" ? undefined : value)),
    );
  };
  assert.deepEqual(await everything({ oddFields: 1 }), await everything({}));
});

test("a rule can be added, and reset removes it", async () => {
  const sandbox = await createSandbox(small);
  const status = async () => (await sandbox.fetch(tasks)).status;
  sandbox.inject({ fault: "http500", endpoint: "getTasks", nth: 2 });
  assert.deepEqual([await status(), await status(), await status()], [200, 500, 200]);
  sandbox.inject({ fault: "http500" });
  sandbox.reset();
  assert.equal(await status(), 200);
  const lost = await createSandbox({ ...small, faults: { network: 1 } });
  assert.equal((await lost.handle(new Request(`http://host.test${tasks}`))).type, "error");
});

test("wrong faults are refused with their names", async () => {
  const rule = (more) => ({ script: [{ fault: "empty" }, { fault: "empty", ...more }] });
  for (const [options, kind, words] of [
    [{ faults: 1 }, TypeError, /^faults must/],
    [{ faults: ["empty"] }, TypeError, /^faults must/],
    [{ faults: { timout: 1 } }, TypeError, /^faults .*"timout".*timeout/],
    [{ faults: { timeout: "1" } }, TypeError, /^faults\.timeout/],
    [{ faults: { timeout: 1.1 } }, RangeError, /^faults\.timeout/],
    [{ faults: { clockSkew: -0.1 } }, RangeError, /^faults\.clockSkew/],
    [{ faults: { oddFields: NaN } }, RangeError, /^faults\.oddFields/],
    [{ faults: { timeout: 0.6, empty: 0.6 } }, RangeError, /^faults must add up/],
    [{ script: { fault: "empty" } }, TypeError, /^script must/],
    [{ script: ["empty"] }, TypeError, /^script\[0\]/],
    [{ script: [{}] }, TypeError, /^script\[0\]\.fault/],
    [rule({ fault: "emtpy" }), TypeError, /^script\[1\]\.fault .*"emtpy"/],
    [rule({ endpoint: "getNothing" }), TypeError, /^script\[1\]\.endpoint .*"getNothing"/],
    [rule({ pageNum: 0 }), RangeError, /^script\[1\]\.pageNum/],
    [rule({ pageNum: "2" }), TypeError, /^script\[1\]\.pageNum/],
    [rule({ endpoint: "phoneLogInfo", pageNum: 1 }), RangeError, /^script\[1\]\.pageNum/],
    [rule({ nth: 1.5 }), RangeError, /^script\[1\]\.nth/],
    [rule({ nht: 1 }), TypeError, /script\[1\]\.nht/],
  ]) {
    const refused = (error) => error instanceof kind && words.test(error.message);
    await assert.rejects(createSandbox(options), refused, JSON.stringify(options));
  }
  const sandbox = await createSandbox(small);
  assert.throws(() => sandbox.inject({ fault: "empty", nth: 0 }), /^RangeError: rule\.nth/);
  assert.throws(() => sandbox.inject({ fault: "nothing" }), /^TypeError: rule\.fault/);
  sandbox.inject({ fault: "empty", endpoint: undefined, pageNum: undefined, nth: 1 });
});

test("the command line names a wrong fault", async () => {
  for (const [flag, words] of [
    ["timout=0.1", /"timout"; there are network, timeout/],
    ["timeout=2", /timeout=2: a probability is a number from 0 to 1/],
    ["timeout=", /from 0 to 1/],
    ["timeout=-0.1", /from 0 to 1/],
    ["http500@getNothing", /"getNothing"; there are getTasks/],
    ["http500?page=2", /neither a probability nor a rule/],
    ["http500#0", /nth must be a whole number from 1/],
    ["http500@phoneLogInfo?pageNum=2", /pageNum fits no request/],
    ["", /--fault/],
  ]) {
    const { code, errors } = await (await run("sandbox", "--fault", flag)).ended;
    assert.equal(code, 2, flag);
    assert.match(errors, words);
    assert.match(errors, /^byrobot-calls: /);
  }
  const twice = await run("sandbox", "--fault", "empty=0.1", "--fault", "empty=0.2");
  assert.match((await twice.ended).errors, /empty is given twice/);
  const help = await run("sandbox", "--help");
  assert.match((await help.ended).output, /--fault .*\n.*\n.*http500@queryDoneTaskPhones|--fault/);
});
