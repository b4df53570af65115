// What one module does when another one, or its caller, lets it down: handles of tables after a failure of the client, a table
// that fails, sources of the module, rows of a program. Not here: hostile values in general (abuse.test.mjs).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createRequire } from "node:module";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { install, successful } from "./installation.mjs";
import { errorOf, refusal, rejectionOf } from "./rejections.mjs";
import { call, vendor } from "./vendor.mjs";

let project, tables;
before(async () => {
  project = await install();
  tables = await project.import("byrobot-calls/table");
});
after(() => project?.remove());

const query = { callJobId: 62 };

/** The class of a table's part in its module, whose methods a client of another module calls. */
function partOf(table) {
  const inside = table[Symbol.for("byrobot-calls.table.1")].second();
  const prototype = Object.getPrototypeOf(inside());
  inside.free();
  return prototype;
}

/** Replaces a method until the end of the test. */
function replace(t, object, name, make) {
  const original = object[name];
  object[name] = make(original);
  t.after(() => (object[name] = original));
}

test("a client whose module fails during a synchronisation frees its handle of the table", async (t) => {
  const { ByrobotClient } = createRequire(project.path("here.js"))("byrobot-calls/client");
  const table = new tables.CallTable();
  const handles = [];
  replace(t, partOf(table), "share", (share) => {
    return function shared() {
      const handle = share.call(this);
      handles.push(handle);
      return handle;
    };
  });
  // A GET fails, and the wait before its next attempt needs a random number; a POST has no answer.
  const fetch = async (_, { method }) =>
    method === "GET" ? new Response("", { status: 503 }) : new Promise(() => {});
  const client = new ByrobotClient({ fetch });
  const run = rejectionOf(client.syncDoneCalls(table, query));
  await wait(5);
  assert.ok(handles.some(({ __wbg_ptr }) => __wbg_ptr !== 0));
  // What the module calls outside fails: it cannot continue.
  replace(t, Math, "random", () => () => {
    throw new Error("no numbers");
  });
  await errorOf(client.getTasks({ companyId: 1 }), { code: "internal" });
  assert.equal((await run).code, "internal");
  await wait(5);
  assert.deepEqual(
    handles.map(({ __wbg_ptr }) => __wbg_ptr),
    handles.map(() => 0),
  );
  table.ingest([{ callInstanceId: 1 }]);
  assert.equal(table.length, 1);
});

test("a table that fails while a client reads its indices rejects the synchronisation", async (t) => {
  const { ByrobotClient } = await project.import("byrobot-calls/client");
  const table = new tables.CallTable();
  const failure = new Error("the other module has failed");
  replace(t, partOf(table), "callIndex", () => () => {
    throw failure;
  });
  const server = vendor([{ ...call(1), callIndex: 3 }]);
  server.byIndex = true;
  const run = new ByrobotClient({ fetch: server.fetch }).syncDoneCalls(table, query, { mode: "cursor" }); // prettier-ignore
  const error = await errorOf(run, { code: "internal" });
  assert.equal(error.cause, failure);
});

/** What `init` rejects with in a process of its own: code, path, message. */
async function refusedSource(source) {
  const code = `import { init } from "byrobot-calls/client/streaming";
    const { code, path, message } = await init(${JSON.stringify(source)}).catch((error) => error);
    console.log(JSON.stringify([code, path, message]));`;
  return JSON.parse((await successful(project.evaluate(code))).stdout);
}

describe("a source of the module that is no whole URL", () => {
  for (const source of ["./byrobot_client.wasm", "/byrobot_client.wasm", "http://", ""]) {
    test(`is an argument, not a lost connection: “${source}”`, async () => {
      const [code, path, message] = await refusedSource(source);
      assert.deepEqual([code, path], ["invalid_argument", "source"]);
      assert.match(message, /https:\/\/… or file:\/\/\/…/);
    });
  }
});

test("a file of another entry point is refused with this version", async () => {
  const other = pathToFileURL(project.path("node_modules/byrobot-calls/dist/byrobot_table.wasm"));
  const [code, , message] = await refusedSource(other.href);
  assert.equal(code, "internal");
  assert.match(message, /of this version, 0\.1\.0,/);
});

test("rows of a program are arguments: their errors speak of no answer", () => {
  const table = new tables.CallTable();
  for (const [rows, message] of [
    [[{ callInstanceId: "x" }], /^calls\[0\]\.callInstanceId: /],
    [[{ callInstanceId: 1 }, {}], /^calls\[1\]\.callInstanceId: it is missing/],
    [[{ callInstanceId: 1 }, 7], /^calls\[1\]: expected a call/],
  ]) {
    const error = refusal(() => table.ingest(rows));
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, message);
  }
  assert.equal(table.length, 0);
});
