// The load run, `npm run load`: the throughput, memory and fairness of the proxy on loopback, compared with a plain
// node:http proxy and http-proxy-middleware in the same run. It takes some minutes. `--quick` runs a tenth; `--write`
// puts the tables into docs/server.md.
import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { parseArgs } from "node:util";
import { Failure, main, program, root, runNode } from "../scripts/toolchain.mjs";
import { packages } from "./packages.mjs";

const here = import.meta.dirname;
const children = new Set();

/** Starts a module in a process; `ask` sends it a message and returns its answer. */
async function start(file, options) {
  const args = options === undefined ? [] : [JSON.stringify(options)];
  const child = fork(join(here, file), args, { execArgv: ["--expose-gc"] });
  children.add(child);
  const answers = [];
  let arrived = () => {};
  let ended;
  child.on("message", (message) => (answers.push(message), arrived()));
  child.once("exit", (code) => ((ended = new Failure(`${file} ended with ${code}`)), arrived()));
  const next = async () => {
    while (answers.length === 0) {
      if (ended) throw ended;
      await new Promise((resolve) => (arrived = resolve));
    }
    return answers.shift();
  };
  return {
    said: await next(),
    ask: (message) => (child.send(message), next()),
    tell: (message) => child.send(message),
    stop() {
      children.delete(child);
      child.kill();
    },
  };
}

/** The number of turns of each contestant. */
const rounds = 8;

const task = 21752;
const page = {
  path: "/openapi/v1/task/queryDoneTaskPhones",
  method: "POST",
  body: JSON.stringify({ callJobId: task, pageSize: 50 }),
};
const as = (user) => ({ "content-type": "application/json", cookie: `user=${user}` });

const percentile = (times, share) => {
  const sorted = Float64Array.from(times).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
};

/** Throws if there are other statuses than the allowed ones. */
function only(statuses, ...allowed) {
  const others = Object.keys(statuses).filter((status) => !allowed.includes(status));
  if (others.length > 0) throw new Failure(`answers with ${JSON.stringify(statuses)}`);
}

/** Repeated requests for a page of 50 calls: requests per second, and CPU time of the server's process. */
async function throughput(upstream, client, count) {
  const masked = { maskPhones: true };
  const links = { ...masked, recordingHosts: [upstream] };
  const contestants = {
    "`node:http`, bare": { kind: "bare node:http" },
    "http-proxy-middleware": { kind: "http-proxy-middleware" },
    "byrobot-calls": { kind: "proxy" },
    "… with `tenant`": { kind: "proxy", tenant: true },
    "… and `maskPhones`": { kind: "proxy", tenant: true, options: masked },
    "… and links to recordings": { kind: "proxy", tenant: true, options: links },
  };
  const running = [];
  for (const [name, options] of Object.entries(contestants)) {
    const server = await start("load-server.mjs", { ...options, upstream });
    running.push({ name, server, seconds: 0, cpu: 0, times: [] });
  }
  // The contestants take turns, so that other load on the machine affects all equally. The first round is a warm-up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of running) {
      const before = await one.server.ask("usage");
      const started = performance.now();
      const requests = { ...page, url: one.server.said.url, headers: as("one"), inFlight: 8 };
      const { times, statuses } = await client.ask({
        ...requests,
        count: Math.ceil(count / rounds),
      });
      const seconds = (performance.now() - started) / 1000;
      only(statuses, "200");
      const after = await one.server.ask("usage");
      if (round === 0) continue;
      one.seconds += seconds;
      one.cpu += after.cpu - before.cpu;
      one.times.push(...times);
    }
  }
  const rows = running.map(({ name, server, seconds, cpu, times }) => {
    server.stop();
    const shares = [0.5, 0.99].map((share) => percentile(times, share).toFixed(1));
    const row = [
      name,
      Math.round(times.length / seconds),
      (cpu / times.length).toFixed(2),
      ...shares,
    ];
    console.error(`· ${row.join(", ")}`);
    return row;
  });
  return [
    ["a page of 50 calls, 8 in flight", "requests/s", "CPU, ms each", "p50, ms", "p99, ms"],
    ...rows,
  ];
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** The memory of one proxy while it passes on requests and recordings. */
async function memory(upstream, client, requests, recordings) {
  const options = { maskPhones: true, recordingHosts: [upstream] };
  const server = await start("load-server.mjs", { kind: "proxy", tenant: true, upstream, options });
  const { url } = server.said;
  const rows = [];
  const note = async (what) => {
    const { heap, rss } = await server.ask("usage");
    rows.push([what, megabytes(heap), megabytes(rss)]);
    console.error(`· ${rows.at(-1).join(", ")}`);
  };
  const asked = { ...page, url, headers: as("one"), inFlight: 16 };
  const go = async (count) => only((await client.ask({ ...asked, count })).statuses, "200");
  await go(requests / 10);
  await note(`${requests / 10} requests`);
  await go(requests * 0.4);
  await note(`${requests / 2} requests`);
  await go(requests / 2);
  await note(`${requests} requests`);
  const answer = await fetch(url + page.path, { ...page, headers: asked.headers });
  const { data } = await answer.json();
  const { luyinOssUrl: path } = data.list.find(({ luyinOssUrl }) => luyinOssUrl !== null);
  const sounds = { url, path, headers: as("one"), inFlight: 8 };
  for (const [count, total] of [
    [recordings / 2, recordings / 2],
    [recordings / 2, recordings],
  ]) {
    only((await client.ask({ ...sounds, count })).statuses, "200");
    await note(`and ${total} recordings of 256 KiB`);
  }
  server.stop();
  return [["after", "heap, MB", "resident, MB"], ...rows];
}

/** A caller with few requests, alone and next to one with 500 requests in flight. The vendor takes 100 ms. */
async function fairness(client, count) {
  const vendor = await start("load-server.mjs", { kind: "vendor", delay: 100 });
  const upstream = vendor.said.url;
  const server = await start("load-server.mjs", { kind: "proxy", tenant: true, upstream });
  const { url } = server.said;
  const polite = { ...page, url, headers: as("polite"), inFlight: 2, count };
  const line = (name, { times, statuses }) => [
    name,
    ...[0.5, 0.99].map((share) => percentile(times, share).toFixed(1)),
    String(Object.values(statuses).reduce((sum, one) => sum + one, 0) - (statuses[200] ?? 0)),
  ];
  await client.ask({ ...polite, count: count / 4 });
  const alone = line("alone", await client.ask(polite));
  const greedy = await start("load-client.mjs");
  const flood = greedy.ask({ ...page, url, headers: as("greedy"), inFlight: 500 });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = await server.ask("usage");
  const started = performance.now();
  const beside = line("beside it", await client.ask(polite));
  const seconds = (performance.now() - started) / 1000;
  const after = await server.ask("usage");
  greedy.tell("stop");
  const { statuses } = await flood;
  for (const child of [greedy, server, vendor]) child.stop();
  only(statuses, "200", "503");
  const busy = (((after.cpu - before.cpu) / 1000 / seconds) * 100).toFixed(0);
  console.error(
    `· ${alone.join(", ")} · ${beside.join(", ")} · greedy ${JSON.stringify(statuses)}, ${busy} % busy`,
  );
  return [["a polite caller, 2 in flight", "p50, ms", "p99, ms", "refused"], alone, beside];
}

const table = ([header, ...rows]) =>
  [header, header.map((_, column) => (column === 0 ? "---" : "--:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** Writes the tables between their marks in docs/server.md. */
async function write(text) {
  const file = join(root, "docs/server.md");
  const marks = /(<!-- load -->\n)[^]*(<!-- \/load -->)/;
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(marks, (_, begin, end) => `${begin}\n${text}\n\n${end}`),
  );
  await runNode(program("prettier"), ["--write", "--log-level", "warn", file]);
}

await main(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  if (values.quick && values.write) throw new Failure("--write wants a whole run");
  const share = values.quick ? 0.1 : 1;
  await packages();
  try {
    const vendor = await start("load-server.mjs", { kind: "vendor", delay: 0 });
    const client = await start("load-client.mjs");
    const { url } = vendor.said;
    const tables = [
      await throughput(url, client, 4000 * share),
      await fairness(client, 1000 * share),
      await memory(url, client, 100_000 * share, 1000 * share),
    ];
    const machine = `${availableParallelism()} cores, Node ${process.versions.node}:`;
    const text = [machine, ...tables.map(table)].join("\n\n");
    console.log(`\n${text}`);
    if (values.write) await write(text);
  } finally {
    for (const child of children) child.kill();
  }
});
