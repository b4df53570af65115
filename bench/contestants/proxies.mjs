// The proxies of the comparison: each passes a page's requests on to one upstream. As a process,
// `node proxies.mjs NAME UPSTREAM` reports its port, and after each message the CPU time that it has used.
import { once } from "node:events";
import { createServer, request as send } from "node:http";
import { Agent } from "node:http";
import process from "node:process";

const key = { appKey: "BenchAppKey00000", appSecret: "BenchAppSecret00000000000000000" };

/** The proxy of this package behind `node:http`. */
const ours = (options) => async (upstream) => {
  const { createProxy, toNodeHandler } = await import("byrobot-calls/server");
  const proxy = createProxy({
    ...key,
    upstream,
    authorize: () => true,
    maxConcurrency: 64,
    ...options(upstream),
  });
  return createServer(toNodeHandler(proxy));
};

/** The servers by name, not listening yet. */
export const proxies = {
  "bare node:http": async (upstream) => {
    const agent = new Agent({ keepAlive: true });
    return createServer((incoming, outgoing) => {
      const { method, headers, url } = incoming;
      const request = send(upstream + url, { method, headers, agent }, (reply) => {
        outgoing.writeHead(reply.statusCode, reply.headers);
        reply.pipe(outgoing);
      });
      request.on("error", () => outgoing.destroy());
      incoming.pipe(request);
    });
  },
  "fastify http-proxy": async (upstream) => {
    const { default: fastify } = await import("fastify");
    const { default: proxy } = await import("@fastify/http-proxy");
    const app = fastify();
    app.register(proxy, { upstream });
    await app.ready();
    return app.server;
  },
  "http-proxy-middleware": async (target) => {
    const { default: express } = await import("express");
    const { createProxyMiddleware } = await import("http-proxy-middleware");
    const app = express();
    app.use(createProxyMiddleware({ target, agent: new Agent({ keepAlive: true }) }));
    return createServer(app);
  },
  "hono with fetch": async (upstream) => {
    const { Hono } = await import("hono");
    const { proxy } = await import("hono/proxy");
    const { createAdaptorServer } = await import("@hono/node-server");
    const app = new Hono();
    app.all("*", (context) => {
      const { pathname, search } = new URL(context.req.url);
      return proxy(upstream + pathname + search, { raw: context.req.raw });
    });
    return createAdaptorServer({ fetch: app.fetch });
  },
  ours: ours(() => ({})),
  "ours, masked": ours(() => ({ maskPhones: true })),
  "ours, masked, with links": ours((upstream) => ({
    maskPhones: true,
    recordingHosts: [upstream],
  })),
  // The time limit is longer than the run, so that requests keep their slots.
  "ours, full": ours(() => ({ maxConcurrency: 1, timeout: 3_600_000 })),
};

if (process.argv[1] === import.meta.filename) {
  const [name, upstream] = process.argv.slice(2);
  const server = await proxies[name](upstream);
  if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
  process.on("message", () => process.send({ cpu: process.cpuUsage() }));
  process.send({ port: server.address().port });
}
