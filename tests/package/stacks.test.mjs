// The terminal output of a failed call: the line of the caller, and little else. Not here: browsers (tests/engines).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { install, successful } from "./installation.mjs";

let project;
before(async () => (project = await install()));
after(() => project?.remove());

/** Calls of every kind that reject, each in a function of its own name. */
const program = `import { ByrobotClient, CallTable, init } from "byrobot-calls";
const client = new ByrobotClient({ baseUrl: "http://127.0.0.1:1", retry: false });
const calls = {
  async asking() { await client.getTasks({ companyId: 1 }); },
  async refused() { await client.getTasks({ companyId: "none" }); },
  async walking() { await client.tasks({ companyId: 1 }).toArray(); },
  async looping() { for await (const task of client.tasks({ companyId: 1 })) console.log(task); },
  async paging() { for await (const page of client.tasks({ companyId: 1 }).pages()) console.log(page); },
  async syncing() { await client.syncDoneCalls(new CallTable(), { callJobId: 1 }); },
  async diagnosing() { await client.diagnose({ companyId: "none" }); },
};`;

test("the stack of a rejection begins with its message and names the function that called", async () => {
  const { stdout } = await successful(
    project.evaluate(`${program}
      const stacks = {};
      for (const [name, call] of Object.entries(calls)) {
        const error = await call().then(() => undefined, (error) => error);
        stacks[name] = { stack: error.stack, message: error.message, keys: Object.keys(error) };
      }
      console.log(JSON.stringify(stacks));`),
  );
  for (const [name, { stack, message, keys }] of Object.entries(JSON.parse(stdout))) {
    assert.ok(stack.startsWith(`ByrobotError: ${message}\n    at `), stack);
    assert.match(stack, new RegExp(`at (async )?(Object\\.)?${name} `));
    assert.doesNotMatch(stack, /wasm-function/);
    assert.ok(!keys.includes("stack"));
  }
});

for (const name of ["asking", "looping", "syncing"]) {
  test(`an uncaught error of ${name} prints no line of minified code`, async () => {
    const { code, stderr } = await project.evaluate(`${program} await calls.${name}();`);
    assert.equal(code, 1);
    assert.match(stderr, /127\\.0\\.0\\.1:1|connection|network/);
    for (const line of stderr.split("\n")) assert.ok(line.length < 400, line.slice(0, 400));
  });
}

test("an error that is thrown synchronously prints no such line either", async () => {
  const { code, stderr } = await project.evaluate(
    'import { CallTable } from "byrobot-calls"; new CallTable().groupBy("nothing");',
  );
  assert.equal(code, 1);
  assert.match(stderr, /groupBy/);
  for (const line of stderr.split("\n")) assert.ok(line.length < 400, line.slice(0, 400));
});
