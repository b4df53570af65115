// Nothing private gets out: keys, signatures, telephone numbers, names and transcripts are planted in what the package is
// given, and searched for in errors, events, logs, addresses, printed objects, snapshots and files. Not here: the words in
// which vendors' messages are redacted (error-details.test.mjs), masks of answers (masks.test.mjs).
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ByrobotClient, CallTable, indexedDbStore, queries } from "byrobot-calls";
import { describeAlert, evaluateAlerts, updateIncidents } from "byrobot-calls/alerts";
import { fileStore } from "byrobot-calls/node";
import { createSandbox } from "byrobot-calls/sandbox";
import { canaries, canariesIn, headers, keys, listening, people, planting, printed } from "./canaries.mjs"; // prettier-ignore
import { root } from "./installation.mjs";
import { rejectionOf } from "./rejections.mjs";

/**
 * The only places where canaries may be, and the words that say so. Everything else that a test looks at is searched for
 * all of them.
 */
const allowed = {
  "the cause of an error": {
    kinds: [...keys, ...people],
    file: "docs/errors.md",
    words: "`cause` is an exception: it is the error that `fetch` or your own function threw",
  },
  "the data of an answer": {
    kinds: people,
    file: "README.md",
    words: "reads calls and transcripts",
  },
  "the address and the body that `fetch` gets": {
    kinds: ["name"],
    file: "docs/errors.md",
    words: "`url` (without the query)",
  },
  "a snapshot": {
    kinds: people,
    file: "docs/paging-and-sync.md",
    words: "A store holds customers' numbers.",
  },
  "the key of a store": {
    kinds: ["name"],
    file: "docs/paging-and-sync.md",
    words: "The first line of each file names its list",
  },
  "a CSV": {
    kinds: people,
    file: "docs/analytics.md",
    words: "maskPhones",
  },
  "an alert about a task": {
    kinds: ["name"],
    file: "pkg/src/alerts/types.ts",
    words: "The task's name; its id if the name is not known.",
  },
  "what the vendor says in words": {
    kinds: ["name", "speech"],
    file: "docs/errors.md",
    words: "the message contains the server's reason",
  },
};

/** Fails if a text has a canary that its place does not allow. */
function assertQuiet(given, what, place) {
  const permitted = place === undefined ? [] : allowed[place].kinds;
  const found = canariesIn(given).filter((kind) => !permitted.includes(kind));
  assert.deepEqual(found, [], `${what}: ${String(given).slice(0, 2000)}`);
}

/** Fails if an error says a canary, except by its cause. */
function assertQuietError(error, what) {
  const { stack, message } = error;
  const own = Object.assign(new Error(message), error, { stack });
  assertQuiet(printed(own), what);
  assertQuiet(printed(error.cause), `the cause of ${what}`, "the cause of an error");
}

test("the documents say what is allowed", async () => {
  for (const [place, { file, words }] of Object.entries(allowed)) {
    const text = (await readFile(join(root, file), "utf8")).replace(/[\s*]+/g, " ");
    assert.ok(text.includes(words.replace(/[\s*]+/g, " ")), `${place}: ${file} does not say ${words}`);
  } // prettier-ignore
  const security = (await readFile(join(root, "SECURITY.md"), "utf8")).replace(/\s+/g, " ");
  assert.match(security, /No private data in errors, events and logs:\*\* no key, no signature, no telephone number, no content of calls/); // prettier-ignore
});

test("the canaries are found in every spelling", () => {
  for (const [kind, value] of Object.entries(canaries)) {
    for (const text of [
      value,
      encodeURIComponent(value),
      JSON.stringify({ value }),
      `x${Buffer.from(value).toString("hex")}`,
    ]) {
      // prettier-ignore
      assert.deepEqual(canariesIn(text), [kind]);
    }
    assert.deepEqual(canariesIn(new TextEncoder().encode(`a ${value}`)), [kind]);
  }
  assert.deepEqual(canariesIn("139-8706-4321"), ["phone"]);
  assert.deepEqual(canariesIn(printed(new Error("x", { cause: new Error(canaries.name) }))), ["name"]); // prettier-ignore
});

const failing = ["network", "timeout", "http500", "http429", "html200", "truncated", "empty", "vendor500", "clockSkew"]; // prettier-ignore
const changing = ["shiftRows", "duplicateRows", "oddFields", "ignoreIndex"];
const world = { seed: 5, tasks: 3, callsPerTask: 60, appKey: canaries.appKey, appSecret: canaries.secret }; // prettier-ignore

/** A client of a sandbox with canaries everywhere, and what its hooks have been told. */
async function stage(options) {
  const sandbox = await createSandbox({ ...world, ...options });
  const events = [];
  const sent = [];
  const note = (event) => void events.push(printed(event));
  const fetch = planting(async (url, init) => {
    sent.push([url, init.body]);
    // The sandbox knows no such result, and would list no call.
    const { resultQueryList: _, ...query } = JSON.parse(init.body ?? "{}");
    return sandbox.fetch(url, init.body ? { ...init, body: JSON.stringify(query) } : init);
  });
  const client = new ByrobotClient({
    ...{ baseUrl: "https://vendor.example", fetch, headers, timeout: 20 },
    retry: { attempts: 2, minDelay: 0, maxRetryAfter: 0 },
    ...{ onRequest: note, onResponse: note, onRetry: note },
  });
  return { sandbox, client, events, sent };
}

/** A call of each endpoint, with a name in each parameter that is a text. */
const asked = {
  getTasks: (client) => client.getTasks({ companyId: 1, taskName: canaries.name }),
  getTaskDetail: (client) => client.getTaskDetail({ companyId: 1, taskId: 1 }),
  queryDoneTaskPhones: (client) =>
    client.queryDoneTaskPhones({
      callJobId: 1,
      resultQueryList: [{ name: "结果", value: canaries.name }],
    }),
  notDialedCustomerList: (client) => client.notDialedCustomerList({ taskId: 1 }),
  phoneLogInfo: (client) => client.phoneLogInfo({ callInstanceId: 1 }),
};

describe("a fault of the sandbox", () => {
  for (const fault of [...failing, ...changing]) {
    test(`${fault}: errors, events, console and addresses are quiet`, async () => {
      const { sandbox, client, events, sent } = await stage({ script: [{ fault }] });
      let refused = 0;
      const said = await listening(async () => {
        for (const [name, ask] of Object.entries(asked)) {
          const error = await ask(client).then(() => null, (error) => error); // prettier-ignore
          if (error === null) continue;
          refused += 1;
          assertQuietError(error, `${fault} of ${name}`);
        }
        const table = new CallTable();
        const { callJobId } = { callJobId: 1 };
        await client.syncDoneCalls(table, { callJobId }).catch((error) => assertQuietError(error, `a synchronisation with ${fault}`)); // prettier-ignore
        assertQuiet(printed(await client.diagnose()), "a diagnosis");
      });
      if (failing.includes(fault)) assert.equal(refused, Object.keys(asked).length);
      assert.ok(events.length > 0);
      assertQuiet(said, "the console");
      assertQuiet(events.join("\n"), "events");
      const place = "the address and the body that `fetch` gets";
      assertQuiet(printed(sent), "requests", place);
      assertQuiet(printed(sandbox) + printed(client), "objects");
      sandbox.free();
    });
  }
});

describe("each kind of error", () => {
  const told = Object.values(canaries).join(" ");
  const wire = (value, init) => async () => new Response(JSON.stringify(value), init);
  const text = (body, init) => async () => new Response(body, init);
  const ask = (options) => () => asked.getTasks(new ByrobotClient({ headers, retry: false, ...options })); // prettier-ignore
  const answering = (fetch) => ask({ fetch });
  const vendor = (code, status = 200) =>
    answering(wire({ code, data: null, resultMsg: `no ${canaries.phone} ${canaries.signature} ${canaries.token} ${canaries.appKey} ${canaries.secret}`, errorStackTrace: told }, { status })); // prettier-ignore
  const throwing = () => {
    throw new Error(told);
  };
  const row = { customerTelephone: canaries.phone, customerName: canaries.name, chatRecord: canaries.speech }; // prettier-ignore
  const kinds = {
    network: ask({ fetch: () => Promise.reject(Object.assign(new TypeError("Failed to fetch"), { url: told })) }), // prettier-ignore
    timeout: ask({ fetch: () => new Promise(() => {}), timeout: 5 }),
    unauthorized: vendor(401),
    forbidden: vendor(403),
    not_found: vendor(404),
    rate_limited: vendor(429),
    clock_skew: vendor(408),
    rejected_parameters: vendor(412),
    server: vendor(500),
    vendor: vendor(1001),
    http: vendor(200, 418),
    not_json: answering(text(`{"code":200,"data":{"list":[${JSON.stringify(row)};`)),
    unexpected_shape: answering(wire({ code: 200, data: { list: [{ ...row, callJobId: told }] } })),
    headers: ask({ headers: throwing }),
    fetch: ask({ fetch: throwing }),
    invalid_argument: () => new ByrobotClient({ headers }).getTasks({ companyId: canaries.phone, taskName: { told } }), // prettier-ignore
    paging_unstable: () =>
      new ByrobotClient({
        headers,
        fetch: async (_, { body }) => {
          const { pageNum } = JSON.parse(body ?? "{}");
          const list = [{ ...row, callInstanceId: pageNum * 100 + Math.random() }];
          return Response.json({ code: 200, data: { list, total: 1e9, pageNum, pageSize: 1 } });
        },
      })
        .doneCalls({ callJobId: 1 })
        .toArray(),
    snapshot: async () => {
      const table = new CallTable();
      table.ingest([{ callInstanceId: 1, ...row }]);
      const bytes = table.snapshot();
      bytes[bytes.length >> 1] ^= 255;
      return CallTable.restore(bytes);
    },
  };
  for (const [code, fail] of Object.entries(kinds)) {
    test(`${code} is quiet`, async () => {
      let error;
      const said = await listening(async () => (error = await rejectionOf(fail())));
      if (code !== "paging_unstable") assert.equal(error.code, code, error.message);
      assertQuietError(error, code);
      assertQuiet(said, "the console");
    });
  }

  for (const [what, body] of [
    ["an answer that is text", `upstream failed: ${told}`],
    ["a page", `<!doctype html><title>${told}</title><p>${told}`],
    ["a row that is cut off", `{"code":200,"data":{"list":[{"customerTelephone":"${canaries.phone}"`],
    ["rows without an envelope", JSON.stringify([row])],
  ]) {
    test(`${what} is not repeated`, async () => {
      const error = await rejectionOf(answering(text(body))());
      const isJson = /^[{[]/.test(body);
      assertQuiet(printed(error), what, isJson ? undefined : "what the vendor says in words");
    });
  } // prettier-ignore

  test("internal is quiet, and so is the console after a crash of the module", async (t) => {
    // A module of its own: it cannot be used afterwards.
    const copy = createRequire(import.meta.url)("byrobot-calls");
    const table = new copy.CallTable();
    table.ingest([{ callInstanceId: 1, ...row }]);
    const client = new copy.ByrobotClient({ headers, fetch: () => new Promise(() => {}) });
    const { parseFloat } = globalThis;
    t.after(() => (globalThis.parseFloat = parseFloat));
    const said = await listening(async () => {
      const waiting = rejectionOf(client.getTasks({ companyId: 1, taskName: canaries.name }));
      // What the module calls outside fails: the module cannot continue.
      globalThis.parseFloat = () => {
        throw new Error("no numbers");
      };
      assert.throws(() => table.statistics({ quantiles: [0.25] }), { code: "internal" });
      globalThis.parseFloat = parseFloat;
      assertQuietError(await waiting, "a crash");
      for (const use of [() => table.rows(), () => client.tasks({ companyId: 1 })]) {
        assert.throws(use, (error) => (assertQuietError(error, "after a crash"), true));
      }
    });
    assertQuiet(said, "the console");
  });
});

describe("objects, tables and files", () => {
  let folder, sandbox, client, table, query;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "byrobot-canaries-"));
    ({ sandbox, client } = await stage({}));
    const { list } = await client.getTasks({ companyId: 1 });
    query = { callJobId: list[0].callJobId, resultQueryList: [{ name: "结果", value: canaries.name }] }; // prettier-ignore
    table = new CallTable();
    await client.syncDoneCalls(table, { callJobId: list[0].callJobId });
    assert.deepEqual(canariesIn(JSON.stringify(table.rows())), ["phone", "name"]);
  });
  after(async () => {
    sandbox.free();
    await rm(folder, { recursive: true });
  });

  test("printed objects say nothing", async () => {
    const charts = table.linked({ all: { statistics: true } });
    const follow = client.follow(table, { callJobId: query.callJobId });
    follow.stop();
    const changes = [];
    const watched = new CallTable();
    watched.subscribe((change) => changes.push(printed(change)));
    watched.ingest(table.rows());
    const objects = [table, table.where({}), charts, client, client.tasks({ companyId: 1 }), follow, queries(client), indexedDbStore(), fileStore(folder), sandbox]; // prettier-ignore
    for (const object of objects) assertQuiet(printed(object), String(object?.constructor?.name));
    assertQuiet(changes.join("\n"), "a change");
    assertQuiet(printed([table.statistics(), table.histogram("duration"), table.repeats(), table.memory()]), "statistics"); // prettier-ignore
  });

  test("a filter or a row that is refused is not repeated", () => {
    const { phone, name, speech } = canaries;
    for (const refused of [
      () => table.where({ text: { phone, name } }),
      () => table.where({ duration: phone }),
      () => table.where({ startTime: { from: name } }),
      () => table.ingest([{ callInstanceId: phone + name }]),
      () => table.ingest([{ callInstanceId: 1, customerTelephone: { speech } }, name]),
      () => table.ingest(`callInstanceId\n${phone},${name}`, { format: "csv" }),
      () => table.ingest(`{"code":500,"resultMsg":"${phone}"}`),
      () => table.rows({ limit: phone }),
      () => table.get(name),
    ]) {
      assert.throws(refused, (error) => (assertQuietError(error, String(refused)), true));
    }
    const { oddities } = new CallTable().ingest([{ callInstanceId: 1, duration: phone + name, own: speech }]); // prettier-ignore
    assert.ok(oddities.length > 0);
    assertQuiet(printed(oddities), "oddities");
  });

  test("alerts and incidents name tasks, and no customers", async () => {
    const { list: tasks } = await client.getTasks({ companyId: 1 });
    const now = Math.max(...table.rows().map(({ startTimeMs }) => startTimeMs ?? 0));
    const report = evaluateAlerts(table, { now, tasks, syncedAt: 0 });
    assert.ok(report.alerts.length > 0);
    const words = report.alerts.flatMap((alert) => [describeAlert(alert, "zh"), describeAlert(alert, "en")]); // prettier-ignore
    const incidents = updateIncidents([], report, now);
    assertQuiet(printed([report, words, incidents]), "alerts", "an alert about a task");
  });

  test("snapshots, files and CSV have calls, and no key; file names have nothing", async () => {
    assertQuiet(table.snapshot(), "a snapshot", "a snapshot");
    assertQuiet(table.snapshot().subarray(0, 32), "the head of a snapshot");
    assertQuiet(table.toCSV(), "a CSV", "a CSV");
    assert.deepEqual(canariesIn(table.toCSV({ maskPhones: true })), ["name"]);
    const report = await client.syncDoneCalls(new CallTable(), query, { store: fileStore(folder) });
    assert.equal(report.storeError, null);
    const names = await readdir(folder);
    assert.ok(names.some((name) => name.endsWith(".calls")));
    assertQuiet(names.join("\n"), "names of files");
    for (const name of names) {
      const bytes = await readFile(join(folder, name));
      assertQuiet(bytes, name, "a snapshot");
      const [first] = bytes.toString("latin1").split("\n");
      assertQuiet(Buffer.from(first, "latin1"), "the first line", "the key of a store");
    }
  });

  test("a store that fails tells nothing but its own error", async () => {
    const store = { load: async () => null, save: () => Promise.reject(new Error("full")), remove() {} }; // prettier-ignore
    const { storeError } = await client.syncDoneCalls(new CallTable(), query, { store });
    assertQuiet(printed(storeError), "storeError");
  });
});
