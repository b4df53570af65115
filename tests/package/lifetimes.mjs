// Makes and frees objects of one kind again and again, and prints how the memories have grown. Needs --expose-gc.
// `lifetimes.test.mjs` starts it, once for each kind.
import { bytesInUse, wasmBytes, watchWasm } from "../../bench/measure.mjs";
import { call, calls, vendor } from "./vendor.mjs";

watchWasm();
const { ByrobotClient, CallTable, init } = await import("byrobot-calls");
await init();

const query = { callJobId: 62 };
const server = vendor(calls(120));
const clientOf = (options) =>
  new ByrobotClient({ fetch: server.fetch, retry: { attempts: 1 }, ...options });
const client = clientOf();
const table = new CallTable();
table.ingest(server.list.map((row) => ({ ...row, finishStatus: row.callInstanceId % 5 })));
const charts = {
  durations: { histogram: "duration", edges: [0, 10, 60] },
  states: { groupBy: "finishStatus" },
  all: { statistics: true },
};
const kept = [];

/** What happens to an object of each kind in its whole life, and how often. */
const lives = {
  client: [2000, async () => void (await clientOf().queryDoneTaskPhones(query))],
  table: [
    2000,
    () => {
      const one = new CallTable();
      one.ingest(server.list);
      one.statistics();
      one.free();
    },
  ],
  view: [
    20_000,
    () => {
      const view = table.where({ finishStatus: 0 });
      view.statistics();
      view.free();
    },
  ],
  "view of a view": [
    20_000,
    () => {
      const view = table.where({ finishStatus: [0, 1] });
      const below = view.where({ duration: { min: 1 } });
      view.free();
      below.rows({ limit: 1 });
      below.free();
    },
  ],
  linked: [
    4000,
    () => {
      const linked = table.linked(charts);
      linked.filter("durations", { duration: { min: 1, max: 60 } });
      linked.read();
      linked.filter("durations", null);
      linked.free();
    },
  ],
  pagination: [
    800,
    async () => {
      for await (const row of client.doneCalls(query)) if (row.callInstanceId === 60) break;
    },
  ],
  synchronisation: [
    500,
    async () => {
      const one = new CallTable();
      await client.syncDoneCalls(one, query);
      one.free();
    },
  ],
  "aborted call": [
    4000,
    async () => {
      const aborting = new AbortController();
      const work = client.queryDoneTaskPhones(query, { signal: aborting.signal });
      aborting.abort();
      await work.catch(() => {});
    },
  ],
  "failed call": [
    2000,
    async () => {
      const fetch = async () => new Response("{", { status: 502 });
      await clientOf({ fetch })
        .queryDoneTaskPhones(query)
        .catch(() => {});
    },
  ],
  follow: [
    600,
    async () => {
      const one = new CallTable();
      const first = await new Promise((resolve) => {
        const follow = client.follow(one, query, { onReport: () => resolve(follow) });
      });
      first.stop();
      one.free();
    },
  ],
  listener: [
    20_000,
    () => {
      const stop = table.subscribe(() => {});
      table.ingest([call(1, { duration: Math.trunc(Math.random() * 1e6) })]);
      stop();
    },
  ],
  // Proves that the measurement sees what is not given back.
  "view that is kept": [80_000, () => void kept.push(table.where({ finishStatus: 0 }))],
};

const [times, live] = lives[process.argv[2]];
/** The bytes in use after the engine has collected what nobody holds, and the package has freed its memory of it. */
async function measured() {
  for (let time = 0; time < 5; time += 1) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { all: bytesInUse(), wasm: wasmBytes() };
}
async function repeat(count) {
  for (let time = 0; time < count; time += 1) {
    await live();
    server.asked.length = 0;
    server.signals.length = 0;
  }
}
await repeat(times);
const before = await measured();
await repeat(times);
const after = await measured();
console.log(JSON.stringify({ times, all: after.all - before.all, wasm: after.wasm - before.wasm }));
process.exit();
