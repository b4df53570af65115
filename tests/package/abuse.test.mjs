// Every public function with hostile values in each argument and option, in Node: always a typed error or a documented
// result, never a hang, a failure of the module or a changed table. In browsers: tests/engines/abuse.test.mjs. Not here: the
// cases (tests/engines/abuse/).
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import process from "node:process";
import { after, before, test } from "node:test";
import vm from "node:vm";
import * as calls from "byrobot-calls";
import * as alerts from "byrobot-calls/alerts";
import * as sandboxes from "byrobot-calls/sandbox";
import * as server from "byrobot-calls/server";
import { abuseAll } from "../engines/abuse/all.mjs";

const foreign = vm.runInNewContext("globalThis");
// The entry point for `require` has a module of its own.
const copy = createRequire(import.meta.url)("byrobot-calls");
const modules = { calls, alerts, sandboxes, server, copy };

const uncaught = [];
const note = (error) => void uncaught.push(error);
const { error: consoleError, warn } = console;
before(() => {
  process.on("unhandledRejection", note);
  // Errors of the caller's hooks are shown there.
  console.error = () => {};
  console.warn = () => {};
});
after(() => {
  process.off("unhandledRejection", note);
  Object.assign(console, { error: consoleError, warn });
});

test("every public function has a row", async () => {
  const { missing } = await abuseAll(modules, foreign, () => false);
  assert.deepEqual(missing, []);
});

for (const part of ["calls", "alerts", "sandboxes", "server", "special"]) {
  test(`hostile values: ${part}`, async () => {
    const { findings, calls } = await abuseAll(modules, foreign, (one) => one === part);
    assert.deepEqual(findings, []);
    assert.ok(part === "special" || calls > 500, `${calls} calls`);
    assert.deepEqual(uncaught, [], "a rejection without a handler");
  });
}
