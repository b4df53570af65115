// The servers of the load run, each in its own process: the vendor, and the proxies between it and a page. Each reports
// its address, and on request its use of CPU and memory. Not here: the clients (load-client.mjs).
import { once } from "node:events";
import { createServer } from "node:http";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { proxies } from "./contestants/proxies.mjs";

/** The keys of the sandbox. */
const [appKey, appSecret] = ["DemoAppKey000000", "DemoAppSecret0000000000000000"];

/** The size of a recording, in bytes. */
const recording = Buffer.alloc(256 * 1024, 1);

/** Request listeners for `node:http`, by name. Other names are in contestants/proxies.mjs. */
const kinds = {
  /** The vendor: answers with one fixed page of 50 finished calls of the sandbox, after `delay` milliseconds. */
  async vendor({ delay }) {
    const { createSandbox } = await import("byrobot-calls/sandbox");
    const sandbox = await createSandbox();
    const api = "http://vendor.test/openapi/v1/task";
    const read = async (url, init) =>
      Buffer.from(await (await sandbox.fetch(url, init)).arrayBuffer());
    const tasks = await read(`${api}/getTasks?companyId=1&pageSize=100`);
    const callJobId = 21752; // the completed task of the guides
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ callJobId, pageSize: 50 });
    const calls = String(
      await read(`${api}/queryDoneTaskPhones`, { method: "POST", headers, body }),
    );
    return async (message, reply) => {
      for await (const part of message) void part;
      if (delay > 0) await wait(delay);
      if (message.url.startsWith("/recordings/")) {
        const length = { "content-type": "audio/wav", "content-length": recording.length };
        return reply.writeHead(200, length).end(recording);
      }
      const isTasks = message.url.includes("getTasks");
      const json = isTasks
        ? tasks
        : calls.replaceAll("http://vendor.test", `http://${message.headers.host}`);
      return reply.writeHead(200, headers).end(json);
    };
  },

  /** The proxy of this package, with tenants and limits as in production. */
  async proxy({ upstream, options = {}, tenant = false }) {
    const { createProxy, toNodeHandler } = await import("byrobot-calls/server");
    const authorize = ({ headers }) => {
      const limitKey = headers.get("cookie") ?? "";
      if (limitKey === "") return false;
      return tenant
        ? { allow: true, limitKey, tenant: { companyIds: [1] } }
        : { allow: true, limitKey };
    };
    return toNodeHandler(createProxy({ appKey, appSecret, upstream, authorize, ...options }));
  },
};

const { kind, ...options } = JSON.parse(process.argv[2]);
const server = kinds[kind]
  ? createServer(await kinds[kind](options))
  : await proxies[kind](options.upstream);
server.keepAliveTimeout = 60_000;
await once(server.listen(0, "127.0.0.1"), "listening");
process.on("message", () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send({ heap: heapUsed, rss, cpu: (user + system) / 1000 });
});
process.send({ url: `http://127.0.0.1:${server.address().port}` });
