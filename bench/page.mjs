// The cost of reading a page of 50 finished calls: through the client, and with what else a page of calls is fetched with.
// First without a network: the answers come from memory. Then over loopback, from a server in a process of its own, by
// the processor time of this process: user and system, all threads.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { ByrobotClient } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";
import { packages } from "./packages.mjs";

const query = { callJobId: 21752, pageSize: 50 };

/** Answers every request with the bytes that the parent sends. */
async function serve() {
  const [text] = await once(process, "message");
  const page = Buffer.from(text);
  const headers = { "content-type": "application/json", "content-length": page.length };
  const server = createServer(async (message, reply) => {
    for await (const part of message) void part;
    reply.writeHead(200, headers).end(page);
  });
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
}

/** The bytes of an answer of the sandbox. */
async function pageOf() {
  const sandbox = await createSandbox({ seed: 7 });
  let page;
  const fetch = async (...request) => {
    const response = await sandbox.fetch(...request);
    page = await response.clone().arrayBuffer();
    return response;
  };
  const { list } = await new ByrobotClient({ fetch }).queryDoneTaskPhones(query);
  assert.equal(list.length, 50);
  return page;
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/** Prints the medians, as multiples of `base` too. */
function print(title, times, base) {
  console.log(`\n${title}, Node ${process.version}`);
  for (const [name, list] of Object.entries(times)) {
    const ratio = median(list) / median(times[base]);
    console.log(`${name.padEnd(32)} ${median(list).toFixed(3)} ms  ${ratio.toFixed(2)} ×`);
  }
}

/** Runs each piece of work in turn, round after round, so that other load on the machine affects all equally. */
async function inTurn(works, rounds, measure) {
  const times = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
  for (let round = -rounds / 4; round < rounds; round += 1) {
    for (const [name, work] of Object.entries(works)) {
      const spent = await measure(work);
      if (round >= 0) times[name].push(spent);
    }
  }
  return times;
}

async function withoutNetwork(page) {
  /** A client whose `fetch` returns these bytes. */
  const answering = (body) => {
    const headers = new Headers({ "content-type": "application/json" });
    const response = { status: 200, headers, arrayBuffer: async () => body };
    return new ByrobotClient({ fetch: async () => response });
  };
  const client = answering(page);
  const empty = answering(new TextEncoder().encode('{"code":200,"data":[]}').buffer);
  const works = {
    "a page of 50 calls": () => client.queryDoneTaskPhones(query),
    "an empty page": () => empty.queryDoneTaskPhones(query),
    "JSON.parse of the page": () => JSON.parse(new TextDecoder().decode(page)),
  };
  const times = await inTurn(works, 1000, async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  });
  print(
    `${page.byteLength} bytes without network, time of a call`,
    times,
    "JSON.parse of the page",
  );
}

async function overLoopback(page) {
  const calls = 20;
  await packages();
  const [{ default: axios }, { default: ky }] = await Promise.all([import("axios"), import("ky")]);
  const server = fork(import.meta.filename, ["serve"]);
  server.send(new TextDecoder().decode(page));
  const [port] = await once(server, "message");
  const baseUrl = `http://127.0.0.1:${port}`;
  const url = `${baseUrl}/openapi/v1/task/queryDoneTaskPhones`;
  const headers = { "content-type": "application/json" };
  const client = new ByrobotClient({ baseUrl });
  const works = {
    "client.queryDoneTaskPhones": async () => (await client.queryDoneTaskPhones(query)).list,
    "fetch and JSON.parse": async () => {
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(query) });
      return JSON.parse(await response.text()).data.list;
    },
    axios: async () => (await axios.post(url, query)).data.data.list,
    ky: async () => (await ky.post(url, { json: query }).json()).data.list,
  };
  const times = await inTurn(works, 60, async (work) => {
    const start = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) assert.equal((await work()).length, 50);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / calls;
  });
  server.kill();
  print("over loopback, processor time of a call", times, "fetch and JSON.parse");
}

if (process.argv[2] === "serve") {
  await serve();
} else {
  const page = await pageOf();
  await withoutNetwork(page);
  await overLoopback(page);
}
