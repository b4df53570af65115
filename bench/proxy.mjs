// Compares the proxy with others: CPU time of its process and requests per second, for a page of 50 finished calls and
// for refusals of too many requests, and megabytes per second of recordings. Run `node bench/proxy.mjs` after
// `npm run build` and `npm ci` in this folder. The vendor, the proxy and the page are processes of one machine. The
// proxies take turns of a second, so that other load on the machine affects all equally.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request as send } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { createSandbox } from "byrobot-calls/sandbox";
import { median } from "./measure.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "1" },
    inFlight: { type: "string", default: "8" },
    only: { type: "string" },
  },
});
const [rounds, seconds, usual] = [values.rounds, values.seconds, values.inFlight].map(Number);
const body = JSON.stringify({ callJobId: 1, pageSize: 50 });
const asked = { method: "POST", path: "/openapi/v1/task/queryDoneTaskPhones", body };

/** A page of 50 finished calls from the sandbox, with recordings at `host`. */
async function page(host) {
  const sandbox = await createSandbox({ seed: 7, tasks: 12, callsPerTask: 300 });
  const ask = async (path, init) =>
    (await sandbox.fetch(`${host}/openapi/v1/task/${path}`, init)).json();
  const { data } = await ask("getTasks?companyId=1&pageSize=100&status=2");
  const headers = { "content-type": "application/json" };
  const query = JSON.stringify({ callJobId: data.list[0].callJobId, pageSize: 50 });
  const answer = await ask("queryDoneTaskPhones", { method: "POST", headers, body: query });
  assert.equal(answer.data.list.length, 50);
  // Cold answers replace the last digits of each link by a different number.
  for (const call of answer.data.list) {
    if (call.luyinOssUrl)
      call.luyinOssUrl = `${host}/recordings/${call.callInstanceId}-00000000.wav`;
  }
  sandbox.free();
  return JSON.stringify(answer);
}

const sound = Buffer.alloc(4 * 1024 * 1024, 7);

/** The vendor: always the same page, or (cold) with new links in each answer; recordings of 4 MB. */
async function vendor() {
  let text;
  let cold = false;
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    if (incoming.url.endsWith(".wav")) {
      outgoing.writeHead(200, { "content-type": "audio/wav", "content-length": sound.length });
      return outgoing.end(sound);
    }
    count += 1;
    const said = cold
      ? text.replaceAll("-00000000.wav", `-${String(count).padStart(8, "0")}.wav`)
      : text;
    const bytes = Buffer.from(said);
    outgoing.writeHead(200, { "content-type": "application/json", "content-length": bytes.length });
    return outgoing.end(bytes);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  text = await page(url);
  return { url, close: () => server.close(), setCold: (is) => (cold = is) };
}

/** Starts a proxy in its own process. */
async function start(name, upstream) {
  const file = join(import.meta.dirname, "contestants/proxies.mjs");
  const child = fork(file, [name, upstream], { stdio: "inherit" });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${name} ended with ${code}: run npm ci in this folder`);
  });
  ended.catch(() => {});
  const [{ port }] = await Promise.race([once(child, "message"), ended]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1500 });
  return {
    name,
    port,
    agent,
    async cpu() {
      child.send("cpu");
      const [{ cpu }] = await once(child, "message");
      return (cpu.user + cpu.system) / 1000;
    },
    stop: () => child.kill(),
  };
}

/** Sends one request; returns the length of the answer. */
function ask({ port, agent }, { method = "GET", path, body }) {
  return new Promise((resolve, reject) => {
    const headers = body
      ? { "content-type": "application/json", "content-length": body.length }
      : {};
    const request = send({ port, host: "127.0.0.1", method, path, headers, agent }, (reply) => {
      let length = 0;
      const parts = [];
      reply.on("data", (part) => {
        length += part.length;
        if (length < 100_000) parts.push(part);
      });
      reply.on("end", () => resolve({ status: reply.statusCode, length, parts }));
      reply.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Keeps a number of requests in flight for a while. */
async function load(proxy, what, milliseconds, inFlight, expected) {
  const cpu = await proxy.cpu();
  const started = performance.now();
  let [count, bytes] = [0, 0];
  const until = started + milliseconds;
  const one = async () => {
    while (performance.now() < until) {
      const { status, length } = await ask(proxy, what);
      assert.equal(status, expected, proxy.name);
      count += 1;
      bytes += length;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  const elapsed = performance.now() - started;
  return {
    cpu: ((await proxy.cpu()) - cpu) / count,
    rate: (count / elapsed) * 1000,
    megabytes: bytes / 1e6 / (elapsed / 1000),
  };
}

/** Sends requests to a vendor that never answers: they fill a proxy with one permit and a queue of eight. */
function fill(proxy) {
  const agent = new Agent({ keepAlive: true });
  for (let slot = 0; slot < 9; slot += 1) ask({ ...proxy, agent }, asked).catch(() => {});
  return new Promise((resolve) => setTimeout(resolve, 500));
}

const silent = createServer(() => {});
await once(silent.listen(0, "127.0.0.1"), "listening");

const upstream = await vendor();
const { proxies } = await import("./contestants/proxies.mjs");
const works = [];
for (const name of Object.keys(proxies)) {
  if (values.only && !values.only.split(",").some((part) => name.includes(part))) continue;
  const isFull = name.endsWith("full");
  const to = isFull ? `http://127.0.0.1:${silent.address().port}` : upstream.url;
  const proxy = await start(name, to);
  if (isFull) {
    await fill(proxy);
    // The proxy delays a refusal by about a second, unless a thousand refusals are waiting.
    works.push({ name: "ours, refused", proxy, what: asked, inFlight: 1500, expected: 503 });
  } else if (name.endsWith("with links")) {
    works.push({ name: `${name}, warm`, proxy, what: asked });
    works.push({ name: `${name}, cold`, proxy, what: asked, isCold: true });
    const { parts } = await ask(proxy, asked);
    const [path] = /\/recordings\/[\w-]+\.wav/.exec(Buffer.concat(parts).toString());
    works.push({ name: "recordings: ours", proxy, what: { path } });
  } else {
    works.push({ name, proxy, what: asked });
    if (!name.startsWith("ours")) {
      works.push({ name: `recordings: ${name}`, proxy, what: { path: "/a.wav" } });
    }
  }
}
const results = works.map(() => []);
for (let round = -2; round < rounds; round += 1) {
  for (const [at, work] of works.entries()) {
    const { proxy, what, isCold = false, inFlight = usual, expected = 200 } = work;
    upstream.setCold(isCold);
    const result = await load(proxy, what, seconds * 1000, inFlight, expected);
    // The first rounds are a warm-up.
    if (round >= 0) results[at].push(result);
  }
}
const middle = (at, of) => median(results[at].map((result) => result[of]));
const reference = works.findIndex(({ name }) => name === "hono with fetch");
console.log(
  `\nNode ${process.versions.node}, a page of 50 calls, ${usual} in flight, medians of ${rounds}\n`,
);
console.log("| | CPU, ms | × hono with fetch | requests/s |\n|---|--:|--:|--:|");
for (const [at, { name }] of works.entries()) {
  if (name.startsWith("recordings")) continue;
  const ratio = reference < 0 ? "" : (middle(at, "cpu") / middle(reference, "cpu")).toFixed(3);
  console.log(
    `| ${name} | ${middle(at, "cpu").toFixed(3)} | ${ratio} | ${middle(at, "rate").toFixed(0)} |`,
  );
}
console.log("\n| recordings of 4 MB | MB/s | CPU, ms |\n|---|--:|--:|");
for (const [at, { name }] of works.entries()) {
  if (!name.startsWith("recordings")) continue;
  console.log(
    `| ${name.slice(12)} | ${middle(at, "megabytes").toFixed(0)} | ${middle(at, "cpu").toFixed(1)} |`,
  );
}
for (const { proxy } of works) proxy.stop();
upstream.close();
process.exit();
