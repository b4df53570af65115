// Abuse that is more than a hostile argument: functions of the caller that misbehave, objects that are freed in the middle of
// their use, two copies of the package, structured clones. Not here: arguments (rows-*.mjs).
import { functionsOf, outcomeOf } from "./run.mjs";
import { boo, hostileValues } from "./values.mjs";

/** Fails with a message. */
function expect(holds, message) {
  if (!holds) throw new Error(message);
}

/** The code of the ByrobotError with which a call fails. */
async function codeOf(call) {
  const outcome = await outcomeOf(call);
  if ("value" in outcome) return "a value";
  if (!("error" in outcome)) return "nothing: it never settles";
  const { error } = outcome;
  if (!(error instanceof Error) || error.name !== "ByrobotError") return `not ours: ${describe(error)}`; // prettier-ignore
  return error.message.includes(boo) ? `repeats: ${error.message}` : error.code;
}

function describe(error) {
  try {
    return String(error);
  } catch {
    return typeof error;
  }
}

async function expectCode(call, codes, what) {
  const code = await codeOf(call);
  expect([codes].flat().includes(code), `${what}: ${code}`);
}

const clientOf = (w, options) =>
  new w.calls.ByrobotClient({ ...w.options, timeout: 60, retry: false, ...options });
const ask = (client, options) => client.getTasks({ companyId: 1 }, options);

const bodied = (more) => ({
  status: 200,
  headers: new Headers(),
  arrayBuffer: async () => new TextEncoder().encode('{"code":200,"data":[]}').buffer,
  ...more,
});

const thenable = (then) => ({ then });

/** A small table with listeners. */
function tableOf(w) {
  const table = new w.calls.CallTable();
  table.ingest(w.rows);
  return table;
}

const freedCodes = ["invalid_argument"];

/** The clone that `postMessage` makes. */
function cloned(value) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    port2.onmessage = ({ data }) => {
      port1.close();
      port2.close();
      resolve(data);
    };
    try {
      port1.postMessage(value);
    } catch (error) {
      port1.close();
      port2.close();
      reject(error);
    }
  });
}

/** By name; each throws if something came to what it must not. `foreign` is another realm. */
export const specialCases = {
  async "fetch throws, or rejects with, each hostile value"(w, foreign) {
    for (const [name, make] of Object.entries(hostileValues(foreign))) {
      const throwing = () => {
        throw make();
      };
      const codes = ["fetch", "network"];
      await expectCode(() => ask(clientOf(w, { fetch: throwing })), codes, `throws ${name}`);
      const fetch = () => Promise.reject(make());
      await expectCode(() => ask(clientOf(w, { fetch })), codes, `rejects with ${name}`);
    }
  },

  async "fetch returns each hostile value"(w, foreign) {
    for (const [name, make] of Object.entries(hostileValues(foreign))) {
      const codes = ["fetch", "network", "timeout"];
      await expectCode(() => ask(clientOf(w, { fetch: () => make() })), codes, name);
      await expectCode(() => ask(clientOf(w, { fetch: async () => [make()] })), codes, name);
    }
  },

  async "fetch returns a Response with a hostile part"(w, foreign) {
    const codes = ["fetch", "network", "timeout", "not_json", "a value", "out_of_memory"];
    for (const [name, make] of Object.entries(hostileValues(foreign))) {
      const parts = {
        status: make,
        headers: make,
        type: make,
        bodyUsed: make,
        arrayBuffer: make,
        "the bytes": () => async () => make(),
        "a header": () => ({ get: () => make() }),
      };
      for (const [part, hostile] of Object.entries(parts)) {
        const field = { "the bytes": "arrayBuffer", "a header": "headers" }[part] ?? part;
        const fetch = async () => bodied({ [field]: hostile() });
        await expectCode(() => ask(clientOf(w, { fetch })), codes, `${part}: ${name}`);
      }
    }
  },

  async "fetch never settles: a time limit and a signal end the call"(w) {
    const fetch = () => new Promise(() => {});
    await expectCode(() => ask(clientOf(w, { fetch })), "timeout", "timeout");
    const never = clientOf(w, { fetch, timeout: Infinity });
    await expectCode(() => ask(never, { totalTimeout: 20 }), "timeout", "totalTimeout");
    const leaving = new AbortController();
    const { signal } = leaving;
    const call = ask(never, { signal });
    leaving.abort();
    const { error } = await outcomeOf(() => call);
    expect(error?.name === "AbortError", `aborted: ${error}`);
  },

  async "fetch settles twice"(w) {
    const answer = () => bodied();
    const ways = {
      "resolves twice": (resolve) => (resolve(answer()), resolve("rubbish")),
      "resolves and rejects": (resolve, reject) => (resolve(answer()), reject(new Error(boo))),
      "resolves and throws": (resolve) => {
        resolve(answer());
        throw new Error(boo);
      },
    };
    for (const [name, way] of Object.entries(ways)) {
      await expectCode(() => ask(clientOf(w, { fetch: () => thenable(way) })), "a value", name);
    }
    const late = (resolve, reject) => (reject(new TypeError("Failed to fetch")), resolve(answer()));
    await expectCode(() => ask(clientOf(w, { fetch: () => thenable(late) })), "network", "rejects");
  },

  async "fetch calls back into the client and the table"(w) {
    const { options, callJobId } = w;
    const table = new w.calls.CallTable();
    let client;
    let depth = 0;
    const fetch = async (...given) => {
      depth += 1;
      if (depth < 4) {
        await ask(client);
        await client.syncDoneCalls(new w.calls.CallTable(), { callJobId });
        table.statistics();
        table.where({ finishStatus: 0 }).free();
      }
      return options.fetch(...given);
    };
    client = clientOf(w, { fetch, timeout: 2000 });
    await expectCode(() => client.syncDoneCalls(table, { callJobId }), "a value", "sync");
    expect(table.length === w.rows.length, `${table.length} calls`);
    table.free();
  },

  async "headers returns each hostile value, throws it, never answers"(w, foreign) {
    const codes = ["headers", "a value", "timeout"];
    for (const [name, make] of Object.entries(hostileValues(foreign))) {
      await expectCode(() => ask(clientOf(w, { headers: () => make() })), codes, name);
      await expectCode(() => ask(clientOf(w, { headers: async () => ({ "x-own": make() }) })), codes, name); // prettier-ignore
      const headers = () => {
        throw make();
      };
      await expectCode(() => ask(clientOf(w, { headers })), "headers", `throws ${name}`);
    }
    await expectCode(() => ask(clientOf(w, { headers: () => new Promise(() => {}) })), "timeout", "never"); // prettier-ignore
  },

  async "hooks throw, reject, and call back"(w, foreign) {
    const hook = (make) => () => {
      throw make();
    };
    for (const make of Object.values(hostileValues(foreign))) {
      const [onRequest, onResponse, onRetry] = [hook(make), () => make(), () => Promise.reject(make())]; // prettier-ignore
      const client = clientOf(w, { onRequest, onResponse, onRetry });
      await expectCode(() => ask(client), "a value", "hooks");
    }
    let again = 0;
    const onRequest = () => {
      if ((again += 1) < 4) void ask(client);
    };
    const client = clientOf(w, { onRequest, timeout: 2000 });
    await expectCode(() => ask(client), "a value", "re-entrant");
  },

  async "onProgress and listeners change, clear and free the table"(w) {
    const { client, callJobId, calls } = w;
    const changes = {
      ingest: (table) => table.ingest([{ callInstanceId: 1 }]),
      clear: (table) => table.clear(),
      snapshot: (table) => table.snapshot(),
      subscribe: (table) => table.subscribe(() => {}),
    };
    for (const [name, change] of Object.entries(changes)) {
      const table = new calls.CallTable();
      let turns = 0;
      table.subscribe(() => (turns += 1) < 4 && change(table));
      const onProgress = () => change(table);
      await expectCode(() => client.syncDoneCalls(table, { callJobId }, { onProgress }), "a value", name); // prettier-ignore
      expect(turns > 0 && turns < 20, `${name}: ${turns} turns`);
      table.free();
    }
  },

  async "a table that is freed during a synchronisation rejects it"(w) {
    const { calls, callJobId, options } = w;
    for (const when of ["at once", "in fetch", "in onProgress", "in a listener"]) {
      const table = new calls.CallTable();
      const fetch = (...given) => {
        if (when === "in fetch") table.free();
        return options.fetch(...given);
      };
      const onProgress = () => when === "in onProgress" && table.free();
      if (when === "in a listener") table.subscribe(() => table.free());
      const client = clientOf(w, { fetch, timeout: 2000 });
      for (const run of [
        () => client.syncDoneCalls(table, { callJobId }, { onProgress }),
        () => client.syncTasks(table, { companyId: 1 }, { onProgress }),
      ]) {
        const pending = run();
        if (when === "at once") table.free();
        await expectCode(() => pending, freedCodes, when);
      }
    }
  },

  async "everything of a freed table, view and charts is refused"(w) {
    const table = tableOf(w);
    const view = table.where({});
    const charts = table.linked({ all: { statistics: true } });
    const stream = table.toCSVStream();
    for (const object of [view, charts, table]) {
      object.free();
      for (const name of functionsOf(object)) {
        if (["free", "Symbol(Symbol.dispose)", "subscribe"].includes(name)) continue;
        const args = { where: [{}], filter: ["all", {}], brush: ["all", []], get: [1], linked: [{}], expectedRates: ["date", "date"] }; // prettier-ignore
        args.groupBy = ["date"];
        args.histogram = ["duration"];
        args.ingest = [[]];
        const codes = name === "brush" ? ["invalid_argument"] : freedCodes;
        await expectCode(() => typeof object[name] === "function" ? object[name](...(args[name] ?? [])) : object[name], codes, name); // prettier-ignore
      }
      object.free();
    }
    await expectCode(() => table.subscribe(() => {}), freedCodes, "subscribe");
    // A stream has a view of its own.
    const text = await new Response(stream).text();
    expect(text.split("\n").length > w.rows.length, "the stream ended early");
  },

  async "getters and iterators of arguments free, clear and fill the table"(w) {
    const ways = {
      free: (table) => table.free(),
      clear: (table) => table.clear(),
      fill: (table) => table.ingest([{ callInstanceId: 2 }]),
    };
    for (const [name, way] of Object.entries(ways)) {
      const codes = ["a value", "invalid_argument"];
      const trap = (table, key, value) => ({
        get [key]() {
          way(table);
          return value;
        },
      });
      const calls = {
        ingest: (table) => table.ingest([{ callInstanceId: 1, ...{} }, trap(table, "callInstanceId", 3)]), // prettier-ignore
        columns: (table) => table.ingest([{ id: 1 }], { columns: trap(table, "callInstanceId", "id") }), // prettier-ignore
        where: (table) => table.where(trap(table, "finishStatus", 0)),
        rows: (table) => table.rows(trap(table, "limit", 1)),
        statistics: (table) => table.statistics(trap(table, "quantiles", [0.5])),
        toCSV: (table) => table.toCSV(trap(table, "language", "en")),
        linked: (table) => table.linked(trap(table, "all", { statistics: true })),
        get: (table) => table.get(trap(table, "valueOf", 1)),
      };
      for (const [call, run] of Object.entries(calls)) {
        const table = tableOf(w);
        await expectCode(() => run(table), codes, `${call} and ${name}`);
        table.free();
      }
    }
  },

  async "errors, responses, signals and bytes of another realm"(w, foreign) {
    const lost = new foreign.TypeError("Failed to fetch");
    await expectCode(() => ask(clientOf(w, { fetch: () => Promise.reject(lost) })), "network", "a lost connection"); // prettier-ignore
    if (foreign.Response) {
      const fetch = async () => new foreign.Response('{"code":200,"data":[]}');
      await expectCode(() => ask(clientOf(w, { fetch })), "a value", "a response");
      await expectCode(() => ask(clientOf(w, { fetch: async () => foreign.Response.error() })), "network", "Response.error()"); // prettier-ignore
    }
    if (foreign.AbortController) {
      const leaving = new foreign.AbortController();
      const call = ask(clientOf(w, { fetch: () => new Promise(() => {}) }), { signal: leaving.signal }); // prettier-ignore
      leaving.abort();
      const { error } = await outcomeOf(() => call);
      expect(error?.name === "AbortError", `a signal: ${describe(error)}`);
    }
    const snapshot = w.table.snapshot();
    const bytes = new foreign.Uint8Array(snapshot.length);
    bytes.set(snapshot);
    for (const given of [bytes, bytes.buffer]) {
      const table = w.calls.CallTable.restore(given);
      expect(table.length === w.rows.length, "a snapshot");
      table.free();
    }
    // A Date of another realm is no Date; epoch milliseconds are the same everywhere.
    await expectCode(() => w.table.where({ startTime: { from: new foreign.Date(0) } }), "invalid_argument", "a Date"); // prettier-ignore
    const { alerts } = w;
    if (alerts) await expectCode(() => alerts.evaluateAlerts(w.table, { now: new foreign.Date(1.7e12), tasks: w.tasks }), "invalid_argument", "alerts"); // prettier-ignore
  },

  async "two copies of the package work together"(w) {
    const { copy, callJobId, options } = w;
    const other = new copy.ByrobotClient(options);
    const table = new w.calls.CallTable();
    await expectCode(() => other.syncDoneCalls(table, { callJobId }), "a value", "a table of the other"); // prettier-ignore
    expect(table.length === w.rows.length, `${table.length} calls`);
    const theirs = new copy.CallTable();
    await expectCode(() => w.client.syncDoneCalls(theirs, { callJobId }), "a value", "the other's");
    const error = await other.getTasks({ companyId: -1 }).catch((caught) => caught);
    expect(w.calls.isByrobotError(error), "an error of the other copy");
    await expectCode(() => new w.calls.CallTable(theirs), "invalid_argument", "new CallTable");
    theirs.free();
    await expectCode(() => w.client.syncDoneCalls(theirs, { callJobId }), freedCodes, "freed");
    await expectCode(() => other.syncDoneCalls(table.where({}), { callJobId }), "invalid_argument", "a view"); // prettier-ignore
    table.free();
  },

  async "plain data can be cloned, and objects of the package become nothing that works"(w) {
    const { client, table, calls, charts, callJobId, alerts } = w;
    const found = alerts?.evaluateAlerts(table, { now: 1.7e12, tasks: w.tasks });
    const refused = await client.getTasks({ companyId: -1 }).catch((caught) => caught);
    const data = {
      page: await client.getTasks({ companyId: 1 }),
      detail: w.detail,
      rows: table.rows(),
      call: table.get(w.callInstanceId),
      statistics: table.statistics(),
      groups: table.groupBy(["date", "callerPhone"]),
      histogram: table.histogram("duration"),
      heatmap: table.heatmap(),
      rounds: table.roundSurvival(),
      repeats: table.repeats(),
      rates: table.expectedRates("callerPhone", "date"),
      charts: charts.read(),
      csv: table.toCSV(),
      arrow: table.toArrowIPC(),
      snapshot: table.snapshot(),
      memory: table.memory(),
      report: await client.syncDoneCalls(tableOf(w), { callJobId }),
      tasks: await client.syncTasks(new calls.CallTable(), { companyId: 1 }),
      ingest: new calls.CallTable().ingest(w.rows),
      explanation: calls.explain("answerRate"),
      interval: calls.rateInterval({ part: 1, whole: 2 }),
      diagnosis: await client.diagnose(),
      error: { ...refused },
      key: calls.queries(client).tasks({ companyId: 1 }).queryKey,
      alerts: found,
      incidents: alerts?.updateIncidents([], found, 1.7e12),
    };
    for (const [name, value] of Object.entries(data)) {
      const copy = await cloned(value);
      expect(JSON.stringify(copy) === JSON.stringify(value), `${name} is another after a clone`);
    }
    expect(calls.isByrobotError(await cloned({ ...refused })), "a copy of an error");
    for (const object of [table, table.where({}), charts, client, client.tasks({ companyId: 1 })]) {
      const copy = await cloned(object).catch((error) => error.name);
      if (copy === "DataCloneError") continue;
      expect(JSON.stringify(copy) === "{}", `a clone has ${JSON.stringify(copy)}`);
      await expectCode(() => client.syncDoneCalls(copy, { callJobId }), "invalid_argument", "a clone"); // prettier-ignore
    }
  },
};

/** Runs the cases; a line for each that failed. */
export async function runSpecialCases(world, foreign) {
  const findings = [];
  for (const [name, run] of Object.entries(specialCases)) {
    try {
      await run(world, foreign);
    } catch (error) {
      findings.push(`${name}: ${describe(error)}`);
    }
    const changed = await world.check();
    if (changed) findings.push(`${name}: ${changed}`);
  }
  return findings;
}
