// Measures the cost of reading one page of 50 finished calls, compared with JSON.parse on the same bytes. The answers
// come from memory, so the numbers contain no network and no sandbox.
import { performance } from "node:perf_hooks";
import { ByrobotClient } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";

const rounds = 500;

const sandbox = await createSandbox({ seed: 7, tasks: 12, callsPerTask: 400 });
const vendor = new ByrobotClient({ fetch: sandbox.fetch });
const { list } = await vendor.getTasks({ companyId: 1, pageSize: 100, status: 2 });
const query = { callJobId: list[0].callJobId, pageSize: 50 };
let page;
const recording = async (...request) => {
  const response = await sandbox.fetch(...request);
  page = await response.clone().arrayBuffer();
  return response;
};
await new ByrobotClient({ fetch: recording }).queryDoneTaskPhones(query);

/** A client whose `fetch` returns these bytes. */
const answering = (body) => {
  const headers = new Headers({ "content-type": "application/json" });
  const response = { status: 200, headers, arrayBuffer: async () => body };
  return new ByrobotClient({ fetch: async () => response });
};
const empty = new TextEncoder().encode('{"code":200,"data":[]}').buffer;
const clients = [answering(page), answering(empty)];
const work = {
  "a page of 50 calls": () => clients[0].queryDoneTaskPhones(query),
  "an empty page": () => clients[1].queryDoneTaskPhones(query),
  "JSON.parse of the page": () => JSON.parse(new TextDecoder().decode(page)),
};

const times = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
// All take turns in every round, so that other load on the machine affects all equally.
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of Object.entries(work)) {
    const start = performance.now();
    await run();
    times[name].push(performance.now() - start);
  }
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const base = median(times["JSON.parse of the page"]);
console.log(`${page.byteLength} bytes, medians of ${rounds} rounds, Node ${process.version}`);
for (const [name, list] of Object.entries(times)) {
  const ms = median(list);
  console.log(`${name.padEnd(24)} ${ms.toFixed(3)} ms  ${(ms / base).toFixed(1)} ×`);
}
