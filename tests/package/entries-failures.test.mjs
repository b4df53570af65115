// Failures of a client and a table of different entry points: errors of answers, a table that cannot take them, values
// that are no table. Not here: what works (entries.test.mjs), one module alone (errors.test.mjs, memory.test.mjs, panic.test.mjs).
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { entriesOf, noted, pairs, rowsOf } from "./entries.mjs";
import { install, root, successful } from "./installation.mjs";
import { limited } from "./limited.mjs";
import { assertByrobotError, errorOf, refusal, rejectionOf } from "./rejections.mjs";
import { memory } from "./stores.mjs";
import { call, calls, vendor } from "./vendor.mjs";

let project, entries, createSandbox;
before(async () => {
  project = await install();
  entries = await entriesOf(project);
  ({ createSandbox } = await project.import("byrobot-calls/sandbox"));
});
after(() => project?.remove());

const same = ["byrobot-calls", "byrobot-calls"];
const query = { callJobId: 62 };
const partsOf = ([one, other]) => ({
  ByrobotClient: entries[one].ByrobotClient,
  CallTable: entries[other].CallTable,
});

/** Everything that an error says, with its causes. */
function told(error) {
  assertByrobotError(error);
  const { cause } = error;
  const inner = cause?.name === "ByrobotError" ? told(cause) : String(cause);
  return { ...error, cause: inner };
}

describe("a fault of the vendor", () => {
  const faults = ["network", "timeout", "http500", "http429", "html200", "truncated", "empty", "vendor500", "clockSkew"]; // prettier-ignore

  /** A synchronisation whose second page has the fault: always, or at the first attempt. */
  async function outcome(t, pair, fault, { always, mode }) {
    const { ByrobotClient, CallTable } = partsOf(pair);
    const rule = { fault, endpoint: "queryDoneTaskPhones", pageNum: mode === "cursor" ? 1 : 2 };
    const script = always ? [rule] : [{ ...rule, nth: 1 }];
    const sandbox = await createSandbox({ seed: 3, tasks: 12, callsPerTask: 300, script });
    t.after(() => sandbox.free());
    const notes = noted(sandbox);
    const retry = { attempts: 3, minDelay: 0, maxRetryAfter: 0 };
    const client = new ByrobotClient({ fetch: notes.fetch, retry, timeout: 30 });
    const { list } = await client.getTasks({ companyId: 1, status: 1 });
    const table = new CallTable();
    const { callJobId } = list[0];
    const run = client.syncDoneCalls(table, { callJobId }, { mode });
    const how = await run.then((report) => ({ report }), (error) => ({ error: told(error) })); // prettier-ignore
    return [how, notes.asked, rowsOf(table)];
  }

  for (const fault of faults) {
    for (const pair of pairs) {
      test(`${fault} has the outcome that it has in byrobot-calls: ${pair.join(" fills ")}`, async (t) => {
        for (const options of [{ always: true }, { always: false }, { always: true, mode: "cursor" }]) {
          const [how, asked, rows] = await outcome(t, pair, fault, options);
          assert.deepEqual([how, asked, rows], await outcome(t, same, fault, options));
          if (options.always) assert.equal(how.error.endpoint, "queryDoneTaskPhones");
          assert.equal(rows.length > 0, options.mode !== "cursor", "the pages before are kept");
        }
      }); // prettier-ignore
    }
  }
});

describe("an answer that is refused", () => {
  const page = (list, more) =>
    JSON.stringify({ code: 200, data: { total: 3, list }, resultMsg: "成功", ...more });
  const whole = page([call(3), call(2), call(1)]);
  const bodies = {
    "is empty": "",
    "is cut off in a row": whole.slice(0, -40),
    "is cut off at its end": whole.slice(0, -1),
    "is a web page": "<!doctype html><title>sign in</title>",
    "is no envelope": "[1, 2]",
    "has no data": JSON.stringify({ code: 200, resultMsg: "成功" }),
    "has a list that is none": page("none"),
    "has a row that is none": page([call(3), 7]),
    "has a row without an id": page([call(3), { duration: 5 }]),
    "has a row with an id that is none": page([call(3), call("x")]),
    "has an id that is too large": whole.replace(/"callInstanceId":2/, '"callInstanceId":90071992547409930'), // prettier-ignore
    "is not UTF-8": Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    "says 412 with the words of the vendor": JSON.stringify({ code: 412, data: null, resultMsg: "参数错误 13800001234", requestId: "r-1" }), // prettier-ignore
    "says 401": JSON.stringify({ code: 401, resultMsg: "签名校验失败" }),
    "says 777": JSON.stringify({ code: 777, resultMsg: "未知" }),
  };
  for (const [what, body] of Object.entries(bodies)) {
    test(`since it ${what} says the same to each pair, and changes no table`, async () => {
      const outcome = async (pair, status) => {
        const { ByrobotClient, CallTable } = partsOf(pair);
        let asked = 0;
        const headers = { "content-type": "application/json", "retry-after": "0" };
        const fetch = async () => ((asked += 1), new Response(body, { status, headers }));
        const retry = { attempts: 2, minDelay: 0 };
        const table = new CallTable();
        table.ingest([call(9)]);
        const client = new ByrobotClient({ fetch, retry });
        const error = told(await rejectionOf(client.syncDoneCalls(table, query)));
        return [error, asked, rowsOf(table)];
      };
      for (const status of [200, 503]) {
        const expected = await outcome(same, status);
        const [error, asked, rows] = expected;
        assert.deepEqual([error.attempts, error.status, rows.length], [asked, status, 1]);
        for (const pair of pairs) {
          assert.deepEqual(await outcome(pair, status), expected, pair.join(" fills "));
        }
      }
    });
  }
});

describe("a table without enough memory", () => {
  test("refuses a page with out_of_memory, which is not tried again, and keeps its calls", async () => {
    for (const [one, other] of pairs.slice(0, 3)) {
      const file = `${other === "byrobot-calls" ? "byrobot_calls" : "byrobot_table"}.wasm`;
      const wasm = await readFile(project.path("node_modules/byrobot-calls/dist", file));
      await writeFile(project.path("limited.wasm"), limited(wasm, 256));
      const rows = pathToFileURL(`${root}/tests/package/calls.mjs`);
      const { stdout } = await successful(
        project.evaluate(`
          import { readFileSync } from "node:fs";
          import { ByrobotClient } from "${one}";
          import { CallTable, init, isByrobotError } from "${other}";
          import { chance, row } from "${rows}";
          await init(readFileSync("limited.wasm"));
          const random = chance(1);
          let asked = 0;
          const fetch = async (...given) => {
            asked += 1;
            const { pageNum, pageSize } = await new Request(...given).json();
            const list = Array.from({ length: pageSize }, (_, at) => row(random, 1_000_000 - pageNum * pageSize - at));
            // Texts that no other row has fill the memory soon.
            for (const one of list) one.customerName = one.callInstanceId + "n".repeat(5_000);
            return Response.json({ code: 200, data: { pageNum, pageSize, total: 1_000_000, list } });
          };
          const client = new ByrobotClient({ fetch, retry: { attempts: 3, minDelay: 0 } });
          const table = new CallTable();
          const error = await client.syncDoneCalls(table, { callJobId: 1 }).catch((error) => error);
          const { code, attempts, endpoint, status, retryable } = error;
          const { length } = table;
          const { calls } = table.statistics();
          const [first] = table.rows({ limit: 1 });
          table.free();
          const next = new CallTable();
          next.ingest([{ callInstanceId: 1 }]);
          console.log(JSON.stringify({ ours: isByrobotError(error), code, attempts, endpoint, status, retryable,
            length, asked, calls, first: first.customerName.length > 5_000, next: next.length }));`),
      );
      const { length, asked, calls, ...seen } = JSON.parse(stdout);
      assert.deepEqual(seen, {
        ours: true,
        code: "out_of_memory",
        attempts: 1,
        endpoint: "queryDoneTaskPhones",
        status: 200,
        retryable: false,
        first: true,
        next: 1,
      });
      assert.deepEqual([length, calls], [(asked - 1) * 50, length], `${one} fills ${other}`);
      assert.ok(length > 100, `${length} calls`);
    }
  });
});

describe("a table whose module fails while it is filled", () => {
  test("rejects the synchronisation with internal; the client and new tables work", async () => {
    for (const [one, other] of pairs.slice(0, 3)) {
      const { stdout, stderr } = await project.evaluate(`
        import { ByrobotClient, isByrobotError } from "${one}";
        import { CallTable } from "${other}";
        import { createSandbox } from "byrobot-calls/sandbox";
        const uncaught = [];
        for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => uncaught.push(String(error)));
        const { fetch } = await createSandbox({ seed: 3, tasks: 12, callsPerTask: 300 });
        let open, begun, wait = false;
        const gate = new Promise((resolve) => (open = resolve));
        const waiting = new Promise((resolve) => (begun = resolve));
        const client = new ByrobotClient({
          fetch: async (...given) => {
            if (wait) (begun(), await gate);
            return fetch(...given);
          },
        });
        const { list: [{ callJobId }] } = await client.getTasks({ companyId: 1, status: 1 });
        wait = true;
        const table = new CallTable();
        const run = client.syncDoneCalls(table, { callJobId }).catch((error) => error);
        await waiting;
        // A full stack inside of the module is a failure from which it cannot continue.
        let failed;
        const body = JSON.stringify({ code: 200, data: [{ callInstanceId: 1 }] });
        const descend = () => {
          try { descend(); } catch {}
          if (failed) return;
          try { table.ingest(body); } catch ({ code }) { failed = code; }
        };
        while (failed !== "internal") ((failed = undefined), descend());
        // The next instance, with a table in the place of the old one.
        const next = Array.from({ length: 5 }, () => new CallTable());
        for (const one of next) one.ingest(body);
        open();
        wait = false;
        const error = await run;
        const told = [isByrobotError(error) && error instanceof Error, error.code, error.message.length > 0];
        const again = await client.syncDoneCalls(table, { callJobId }).catch(({ code, message }) => [code, message]);
        const report = await client.syncDoneCalls(next[0], { callJobId });
        const { length } = await client.doneCalls({ callJobId }).toArray();
        next[1].ingest([{ callInstanceId: 2 }]);
        console.log(JSON.stringify({ told, again, complete: report.complete, missing: length + 1 - next[0].length,
          lengths: next.slice(1).map((one) => one.length), uncaught }));`);
      const { again, ...seen } = JSON.parse(stdout || JSON.stringify({ stderr }));
      assert.deepEqual(
        seen,
        {
          told: [true, "internal", true],
          complete: true,
          missing: 0,
          lengths: [2, 1, 1, 1],
          uncaught: [],
        },
        `${one} fills ${other}`,
      );
      assert.equal(again?.[0], "internal");
      assert.match(again[1], /make a new one/);
    }
  });
});

describe("what is no table of this version", () => {
  const clients = ["byrobot-calls", "byrobot-calls/client", "byrobot-calls/client, required"];
  const another =
    "it is of another version of byrobot-calls, and the client of version 0.1.0: use one version";
  const newer = another.replace("another version", "version 9.1.0");
  const later = (fields) =>
    Object.assign(Object.create({ length: 0 }), { [Symbol.for("byrobot-calls.table.2")]: fields });
  const values = {
    nothing: [undefined, "expected a CallTable"],
    null: [null, "expected a CallTable"],
    "a number": [7, "expected a CallTable"],
    "a text": ["table", "expected a CallTable"],
    "an object": [{}, "expected a CallTable"],
    "an array of rows": [[call(1)], "expected a CallTable"],
    "the class itself": [class CallTable {}, "expected a CallTable"],
    "a foreign symbol": [{ [Symbol("byrobot-calls.table.1")]: {} }, "expected a CallTable"],
    "a table of a later protocol": [later({ second() {}, tell() {} }), another],
    "a table of a later protocol that says its version": [later({ version: "9.1.0" }), newer],
    "a table of a later protocol in a Proxy": [new Proxy(later({}), {}), another],
  };
  for (const [what, [value, message]] of Object.entries(values)) {
    test(`is refused before anything is sent or loaded: ${what}`, async () => {
      for (const name of clients) {
        const server = vendor(calls(3));
        const client = new entries[name].ByrobotClient({ fetch: server.fetch });
        const store = memory();
        const expected = { code: "invalid_argument", path: "table", attempts: 0 };
        for (const run of [
          () => client.syncDoneCalls(value, query, { store }),
          () => client.syncTasks(value, { companyId: 1 }, { store }),
        ]) {
          const error = await errorOf(run(), expected);
          assert.equal(error.message, `table: ${message}`);
        }
        for (const asked of [query, { companyId: 1 }]) {
          const error = refusal(() => client.follow(value, asked, { store }));
          assert.deepEqual([error.code, error.message], ["invalid_argument", `table: ${message}`]);
        }
        assert.deepEqual([server.asked.length, store.loads], [0, 0]);
      }
    });
  }

  test("is a view or a set of linked charts of each entry, too", async () => {
    const { ByrobotClient } = entries["byrobot-calls/client"];
    const server = vendor(calls(3));
    for (const name of ["byrobot-calls", "byrobot-calls/table"]) {
      const table = new entries[name].CallTable();
      for (const value of [table.where({}), table.linked({ all: { statistics: true } })]) {
        const run = new ByrobotClient({ fetch: server.fetch }).syncDoneCalls(value, query);
        await errorOf(run, { code: "invalid_argument", path: "table" });
      }
    }
    assert.equal(server.asked.length, 0);
  });
});
